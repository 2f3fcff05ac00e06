"""The environment, read once at start, and what each force has decided about what leaves when."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from booklets import definitions
from booklets.definitions.leaving import DELIVERED, Leaving, Output
from booklets.errors import UnknownForm
from sync_server import force_provider
from sync_server.force_provider import ForceProvider
from sync_server.listening import Listening

DEMO_FORCE = "north_yorkshire"
DEFAULT_PORT = 8700
TARGETS_FILE = "targets.toml"
TIMEOUT_S = 10.0
LONGEST_TIMEOUT_S = 60.0
REGION = "eu-west-2"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:]+\](:[0-9]{1,5})?")
OTHER = "other"
"""The choice of a council that is in no list."""
_THIS_MACHINE = ("http://127.0.0.1:", "http://localhost:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a system is that we deliver to over HTTPS, whom we believe that it is, and how it knows us.

    ``ca_file`` names the authority that vouches for it, when that is not one of the machine's own.
    ``token_file`` holds the secret that we show; it is read anew for each delivery, so it can be changed.
    """

    url: str
    ca_file: Path | None = None
    token_file: Path | None = None
    timeout_s: float = TIMEOUT_S


# By force and target; a target's first word alone ("local_authority") stands for all of its kind.
# None is the folder, where a force has said that another system empties it.
Targets = Mapping[str, Mapping[str, Endpoint | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """An S3-compatible bucket for attachments. Without ``key`` (id and secret) the machine's own is used."""

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = REGION
    key: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where one server keeps things and under which address phones know it."""

    data: Path
    database_url: str
    public_origin: str
    force: str = DEMO_FORCE
    demo: bool = False
    min_app: str = "0.1.0"
    targets: Targets = field(default_factory=lambda: MappingProxyType({}))
    bucket: Bucket | None = None
    checkpoints_file: Path | None = None
    listening: Listening = field(default_factory=Listening)
    provider: ForceProvider | None = None

    @classmethod
    def of(
        cls,
        data: Path,
        *,
        public_origin: str,
        database_url: str = "",
        force: str = DEMO_FORCE,
        demo: bool = False,
        targets: Targets = MappingProxyType({}),
        bucket: Bucket | None = None,
        checkpoints_file: Path | None = None,
        listening: Listening | None = None,
        provider: ForceProvider | None = None,
    ) -> Settings:
        """Settings for a data folder; without an address the database is a file in it."""
        return cls(
            data=data,
            database_url=database_url or f"sqlite:///{data / 'homeward.sqlite'}",
            public_origin=public_origin.rstrip("/"),
            force=force,
            demo=demo,
            targets=targets,
            bucket=bucket,
            checkpoints_file=checkpoints_file,
            listening=listening or Listening(),
            provider=provider,
        )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """The settings in the environment, naming whatever is missing."""
        if not environ.get("HOMEWARD_DATA"):
            raise SystemExit(
                "Set HOMEWARD_DATA to the folder where the server keeps its data: see README.md"
            )
        data = Path(environ["HOMEWARD_DATA"])
        force = environ.get("HOMEWARD_FORCE") or DEMO_FORCE
        if force not in definitions.force_ids():
            raise SystemExit(
                f"HOMEWARD_FORCE names no force with a file here ({', '.join(definitions.force_ids())})"
            )
        return cls.of(
            data,
            public_origin=_origin(environ.get("HOMEWARD_PUBLIC_ORIGIN", "")),
            database_url=_database(environ.get("HOMEWARD_DATABASE_URL", "")),
            force=force,
            targets=read_targets(Path(environ.get("HOMEWARD_TARGETS") or data / TARGETS_FILE)),
            bucket=read_bucket(environ),
            checkpoints_file=_file_in("HOMEWARD_CHECKPOINTS", environ),
            listening=Listening.from_environment(environ),
            provider=force_provider.from_environment(environ, data),
        )

    def takes_password(self, user: str) -> bool:
        """Whether this account signs in with a password: all do, unless the force has its own sign-in."""
        return self.provider is None or self.provider.takes_password(user)

    @property
    def keys(self) -> Path:
        """The folder of the key files."""
        return self.data / "keys"

    @property
    def checkpoints(self) -> Path:
        """The file of what was signed of the audit: best on another disk than the database."""
        return self.checkpoints_file or self.data / "checkpoints.jsonl"

    @property
    def in_a_file(self) -> bool:
        """Whether the database is a file on this machine."""
        return self.database_url.startswith("sqlite")

    @property
    def attachments(self) -> Bucket | Path:
        """Where attachments lie: in a bucket, or in this folder."""
        return self.bucket or self.data / "attachments"

    @property
    def drop(self) -> Path:
        """The folder that stands for the systems we deliver to and have no address of."""
        return self.data / "drop"

    def endpoint(self, force: str, target: str) -> Endpoint | None:
        """Where this target of this force is, or None when it has no address."""
        known = self.targets.get(force, {})
        return known[target] if target in known else known.get(target.partition(":")[0])

    def reaches(self, force: str, target: str) -> bool:
        """Whether somebody has said where this target is. In a demonstration the folder is everybody's."""
        known = self.targets.get(force, {})
        return self.demo or target in known or target.partition(":")[0] in known


def _origin(said: str) -> str:
    """The address that handhelds know the server by. They sign it, so it has to be exactly that."""
    found = said.rstrip("/") or f"http://127.0.0.1:{DEFAULT_PORT}"
    if not _ORIGIN.fullmatch(found):
        raise SystemExit(
            "HOMEWARD_PUBLIC_ORIGIN must be an address without a path, such as https://homeward.example"
        )
    return found


def _database(said: str) -> str:
    """Where the database is, with the driver that we have."""
    if not said or said.startswith("sqlite:"):
        return said
    kind, found, rest = said.partition("://")
    if not found or kind not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise SystemExit("HOMEWARD_DATABASE_URL must begin with postgresql:// (or sqlite:///)")
    if find_spec("psycopg") is None:
        raise SystemExit(
            "HOMEWARD_DATABASE_URL names a PostgreSQL, and psycopg is not here. "
            "Run: pip install homeward[postgres]"
        )
    return f"postgresql+psycopg://{rest}"


def _file_in(name: str, environ: Mapping[str, str]) -> Path | None:
    """The file that a setting names, or None; its folder has to be there."""
    said = environ.get(name, "")
    if said and not Path(said).parent.is_dir():
        raise SystemExit(
            f"{name} names a file in a folder that is not there. Make the folder, then start again."
        )
    return Path(said) if said else None


def read_targets(path: Path) -> Targets:
    """The addresses of the systems that we deliver to, or none when there is no such file.

    [north_yorkshire.force_records]
    url = "https://records.example/deliveries"
    ca_file = "authority.pem"      # beside this file; left out: the machine's own authorities
    token_file = "records.token"   # beside this file, for the server's account only
    timeout_s = 10

    [north_yorkshire."local_authority:E06000065"]
    url = "https://council.example/notices"

    [north_yorkshire.school]       # all schools of the force; "school:900001" is one, by its number (URN)
    folder = true                  # no address: another system empties the folder
    """
    if not path.exists():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path.name} cannot be read: {error}") from None
    return {
        force: {
            target: _endpoint(path, f"{force}.{target}", said) for target, said in _table(path, force, kinds)
        }
        for force, kinds in content.items()
    }


def _table(path: Path, name: str, content: object) -> list[tuple[str, Any]]:
    if not isinstance(content, dict):
        raise SystemExit(f"{path.name}: {name} must be a table")
    return list(content.items())


def _endpoint(path: Path, name: str, content: object) -> Endpoint | None:
    said = dict(_table(path, name, content))
    if said == {"folder": True}:
        return None
    url, timeout_s = said.pop("url", None), said.pop("timeout_s", TIMEOUT_S)
    files = {key: said.pop(key, None) for key in ("ca_file", "token_file")}
    if said:
        raise SystemExit(f"{path.name}: {name} has {', '.join(sorted(said))}, which means nothing here")
    if not isinstance(url, str) or not url.startswith("https://"):
        raise SystemExit(f"{path.name}: {name} needs url, an address that begins with https://")
    if not isinstance(timeout_s, (int, float)) or not 0 < timeout_s <= LONGEST_TIMEOUT_S:
        raise SystemExit(f"{path.name}: {name} has a timeout_s that is not 1 to {LONGEST_TIMEOUT_S:.0f}")
    for key, file in files.items():
        if file is not None and not isinstance(file, str):
            raise SystemExit(f"{path.name}: {name} has a {key} that is not the name of a file")
    ca_file, token_file = (path.parent / file if file else None for file in files.values())
    return Endpoint(url=url, ca_file=ca_file, token_file=token_file, timeout_s=float(timeout_s))


def read_bucket(environ: Mapping[str, str]) -> Bucket | None:
    """The bucket for attachments, or None: then they lie in the data folder.

    HOMEWARD_S3_BUCKET    its name, or name/prefix; left out: no bucket
    HOMEWARD_S3_ENDPOINT  where it is, when it is not Amazon's; http:// only on this machine
    HOMEWARD_S3_REGION    its region
    HOMEWARD_S3_KEY_FILE  a file for the server's account only: the key's id in its first line, its secret
                          in the second; left out: the key that the machine itself has
    """
    name, _, prefix = environ.get("HOMEWARD_S3_BUCKET", "").partition("/")
    if not name:
        for other in ("ENDPOINT", "REGION", "KEY_FILE"):
            if environ.get(f"HOMEWARD_S3_{other}"):
                raise SystemExit(f"HOMEWARD_S3_{other} is set, and HOMEWARD_S3_BUCKET names no bucket")
        return None
    if not _BUCKET.fullmatch(name):
        raise SystemExit("HOMEWARD_S3_BUCKET begins with what could not be a bucket's name")
    endpoint = environ.get("HOMEWARD_S3_ENDPOINT", "").rstrip("/")
    if endpoint and not endpoint.startswith(("https://", *_THIS_MACHINE)):
        raise SystemExit("HOMEWARD_S3_ENDPOINT must begin with https://")
    key_file = environ.get("HOMEWARD_S3_KEY_FILE", "")
    return Bucket(
        name=name,
        prefix=prefix.strip("/"),
        endpoint=endpoint,
        region=environ.get("HOMEWARD_S3_REGION") or REGION,
        key=_bucket_key(Path(key_file)) if key_file else None,
    )


def _bucket_key(path: Path) -> tuple[str, str]:
    try:
        if path.stat().st_mode & 0o077:
            raise SystemExit(
                "Others can read the file that HOMEWARD_S3_KEY_FILE names. Run: chmod 600 on it"
            )
        lines = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"HOMEWARD_S3_KEY_FILE cannot be read ({type(error).__name__})") from None
    if len(lines) != len(("id", "secret")):
        raise SystemExit("HOMEWARD_S3_KEY_FILE must name a file of two lines: the key's id and its secret")
    return lines[0], lines[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcePolicy:
    """What one force has decided about its outputs. ``settings`` is all it has decided, for the rules."""

    force: str
    settings: Mapping[str, object]
    leaving: Mapping[Output, Leaving] = field(default_factory=lambda: DELIVERED)
    local_authority: str = "not_known"
    councils: frozenset[str] = frozenset()
    """Whose codes are known here: those of the force's file."""
    phone: str = ""


@cache
def policy_of(force: str) -> ForcePolicy:
    """The decisions of one force. A force without a file of its own gets the careful defaults."""
    try:
        content = definitions.force(force)
    except UnknownForm:
        return ForcePolicy(force=force, settings={})
    return ForcePolicy(
        force=force,
        settings=content,
        leaving=definitions.leaving(content),
        local_authority=_word(content, "local_authority", "not_known"),
        councils=_councils(content),
        phone=_word(content, "control_room_phone", ""),
    )


def _councils(content: Mapping[str, object]) -> frozenset[str]:
    """The councils that the force's file names. "other" is none: which one, an officer writes in words."""
    said = content.get("councils")
    return (
        frozenset(one for one in said if isinstance(one, str)) - {OTHER}
        if isinstance(said, list | tuple)
        else frozenset()
    )


def _word(content: Mapping[str, object], name: str, otherwise: str) -> str:
    """A setting that is a word."""
    found = content.get(name)
    return found if isinstance(found, str) else otherwise
