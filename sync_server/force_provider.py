"""Where a force's identity provider is, and what it is believed about its people.

Read once, at start, from ``force_accounts.toml`` in the data folder or from the file that
HOMEWARD_FORCE_ACCOUNTS names. What is wrong is refused by its name. Without the file there are local
accounts only.

    issuer = "https://login.force.example/tenant"   # exactly as the provider calls itself
    client_id = "homeward"
    client_secret_file = "force_accounts.secret"    # beside this file; or HOMEWARD_CLIENT_SECRET
    person_claim = "employee_number"                # which claim says who it is
    person_is = "shoulder_no"                       # and what it is here: shoulder_no, or user
    groups_claim = "groups"
    local_accounts = ["admin.frost"]                # who keeps a password; or "all"
    single_sign_on = false                          # true: a desk asks nobody who is signed in elsewhere
    scopes = ["openid", "profile"]
    ca_file = "authority.pem"                       # beside this file; left out: the machine's own
    timeout_s = 10

    [groups."Homeward supervisors Scarborough"]
    roles = ["supervisor"]
    unit = "scarborough"                            # left out: the unit of the account
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from sync_server.listening import demand_secret
from sync_server.roles import Role

FILE: Final = "force_accounts.toml"
NAMED: Final = "HOMEWARD_FORCE_ACCOUNTS"
SECRET: Final = "HOMEWARD_CLIENT_SECRET"  # noqa: S105 - the name of a setting
ALL: Final = "all"
SCOPES: Final = ("openid", "profile")
TIMEOUT_S: Final = 10.0
LONGEST_TIMEOUT_S: Final = 30.0
_BY_GROUP: Final = tuple(one for one in Role if one is not Role.LOCAL_AUTHORITY)
"""What a group of the force can stand for: nobody at a council is in its directory."""
_SAFE = re.compile(r"https://[^\s?#]+|http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?(/[^\s?#]*)?")


class PersonIs(StrEnum):
    """By what of an account its holder is found."""

    USER = "user"
    SHOULDER_NO = "shoulder_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What belonging to one of the provider's groups means here. Without ``unit`` the account's stays."""

    roles: frozenset[Role]
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceProvider:
    """What was set. ``local_accounts`` are the user names that keep a password; None is all of them."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    person_claim: str
    person_is: PersonIs
    groups_claim: str
    groups: Mapping[str, Group]
    local_accounts: frozenset[str] | None
    single_sign_on: bool = False
    scopes: tuple[str, ...] = SCOPES
    ca_file: Path | None = None
    timeout_s: float = TIMEOUT_S

    def takes_password(self, user: str) -> bool:
        """Whether this account still signs in with a password of its own."""
        return self.local_accounts is None or user.lower() in self.local_accounts

    def is_local_only(self, user: str) -> bool:
        """Whether no force account opens this one: it is there for when the provider is not."""
        return self.local_accounts is not None and user.lower() in self.local_accounts


def is_safe(url: object) -> bool:
    """Whether an address may be asked: by HTTPS, or on this machine."""
    return isinstance(url, str) and _SAFE.fullmatch(url) is not None


def from_environment(environ: Mapping[str, str], data: Path) -> ForceProvider | None:
    """The provider that was set, None where there is none, or SystemExit with what to do."""
    named = environ.get(NAMED, "")
    path = Path(named) if named else data / FILE
    if not path.is_file():
        if named:
            raise SystemExit(f"{NAMED} names a file that is not there: {named}")
        if environ.get(SECRET):
            raise SystemExit(f"{SECRET} is set, and there is no {FILE} in the data folder")
        return None
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path.name} cannot be read: {error}") from None
    return _Reader(path, content).provider(environ.get(SECRET, ""))


class _Reader:
    """Takes one setting after the other out of the file, and then nothing may be left."""

    def __init__(self, path: Path, content: dict[str, Any]) -> None:
        self._path, self._left = path, content

    def provider(self, secret: str) -> ForceProvider:
        provider = ForceProvider(
            issuer=self._issuer(),
            client_id=self._word("client_id"),
            client_secret=self._secret(secret),
            person_claim=self._word("person_claim"),
            person_is=self._person_is(),
            groups_claim=self._word("groups_claim"),
            groups=self._groups(),
            local_accounts=self._local_accounts(),
            single_sign_on=self._yes_or_no("single_sign_on"),
            scopes=self._scopes(),
            ca_file=self._file("ca_file"),
            timeout_s=self._timeout(),
        )
        if self._left:
            raise self._wrong(f"has {', '.join(sorted(self._left))}, which means nothing here")
        return provider

    def _wrong(self, words: str) -> SystemExit:
        return SystemExit(f"{self._path.name}: {words}")

    def _word(self, name: str) -> str:
        said = self._left.pop(name, None)
        if not isinstance(said, str) or not said.strip():
            raise self._wrong(f"{name} is missing: docs/operate.md says what it is")
        return said

    def _issuer(self) -> str:
        said = self._word("issuer")
        if not is_safe(said):
            raise self._wrong("issuer must be an address that begins with https://, without ? or #")
        return said

    def _secret(self, in_environment: str) -> str:
        path = self._file("client_secret_file")
        if (path is None) == (not in_environment):
            raise self._wrong(f"set either client_secret_file here or {SECRET} in the environment")
        if path is None:
            return in_environment
        demand_secret("client_secret_file", path)
        try:
            secret = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise self._wrong(f"client_secret_file cannot be read ({type(error).__name__})") from None
        if not secret:
            raise self._wrong("client_secret_file names a file with nothing in it")
        return secret

    def _file(self, name: str) -> Path | None:
        if name not in self._left:
            return None
        path = self._path.parent / self._word(name)
        if not path.is_file():
            raise self._wrong(f"{name} names a file that is not there")
        return path

    def _person_is(self) -> PersonIs:
        said = self._word("person_is")
        if said not in tuple(PersonIs):
            raise self._wrong(f"person_is must be one of {', '.join(PersonIs)}")
        return PersonIs(said)

    def _groups(self) -> dict[str, Group]:
        said = self._left.pop("groups", None)
        if not isinstance(said, dict) or not said:
            raise self._wrong('groups is missing: at least one table such as [groups."Homeward officers"]')
        return {name: self._group(name, content) for name, content in said.items()}

    def _group(self, name: str, content: object) -> Group:
        said = dict(content) if isinstance(content, dict) else {}
        roles, unit = said.pop("roles", None), said.pop("unit", "")
        if said or not isinstance(unit, str):
            raise self._wrong(f"group {name} may have roles and a unit, and nothing else")
        if not isinstance(roles, list) or not roles or not set(map(str, roles)) <= set(_BY_GROUP):
            raise self._wrong(f"group {name} needs roles, each one of {', '.join(_BY_GROUP)}")
        return Group(roles=frozenset(Role(role) for role in roles), unit=unit)

    def _local_accounts(self) -> frozenset[str] | None:
        said = self._left.pop("local_accounts", None)
        if said == ALL:
            return None
        if not isinstance(said, list) or not said or not all(isinstance(one, str) and one for one in said):
            raise self._wrong(
                f'local_accounts is missing: "{ALL}", or the user names that keep a password. Name an '
                "administrator at least, who gets in when the provider does not answer"
            )
        return frozenset(one.lower() for one in said)

    def _yes_or_no(self, name: str) -> bool:
        said = self._left.pop(name, False)
        if not isinstance(said, bool):
            raise self._wrong(f"{name} must be true or false")
        return said

    def _scopes(self) -> tuple[str, ...]:
        said = self._left.pop("scopes", list(SCOPES))
        if not isinstance(said, list) or "openid" not in said or not all(isinstance(s, str) for s in said):
            raise self._wrong("scopes must be a list of words with openid among them")
        return tuple(said)

    def _timeout(self) -> float:
        said = self._left.pop("timeout_s", TIMEOUT_S)
        if isinstance(said, bool) or not isinstance(said, int | float) or not 0 < said <= LONGEST_TIMEOUT_S:
            raise self._wrong(f"timeout_s must be above 0, and {LONGEST_TIMEOUT_S:.0f} at most")
        return float(said)
