"""The environment, read once at start, and what each force has decided about what leaves when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from booklets import definitions
from booklets.errors import UnknownForm

DEFAULT_PORT = 8700


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where one server keeps things and under which address phones know it."""

    data: Path
    database_url: str
    public_origin: str
    demo: bool = False
    min_app: str = "0.1.0"

    @classmethod
    def of(cls, data: Path, *, public_origin: str, database_url: str = "", demo: bool = False) -> Settings:
        """Settings for a data folder; without an address the database is a file in it."""
        return cls(
            data=data,
            database_url=database_url or f"sqlite:///{data / 'homeward.sqlite'}",
            public_origin=public_origin.rstrip("/"),
            demo=demo,
        )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """The settings in the environment, naming whatever is missing."""
        if not environ.get("HOMEWARD_DATA"):
            raise SystemExit(
                "Set HOMEWARD_DATA to the folder where the server keeps its data: see README.md"
            )
        return cls.of(
            Path(environ["HOMEWARD_DATA"]),
            public_origin=environ.get("HOMEWARD_PUBLIC_ORIGIN") or f"http://127.0.0.1:{DEFAULT_PORT}",
            database_url=environ.get("HOMEWARD_DATABASE_URL", ""),
        )

    @property
    def keys(self) -> Path:
        """The folder of the key files."""
        return self.data / "keys"

    @property
    def drop(self) -> Path:
        """The folder that stands for the systems we deliver to."""
        return self.data / "drop"


class Release(StrEnum):
    """When something may leave: as soon as it is submitted, or once a supervisor has looked."""

    SUBMISSION = "submission"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcePolicy:
    """What one force has decided about its outputs. ``settings`` is all it has decided, for the rules."""

    force: str
    settings: Mapping[str, object]
    force_records: Release = Release.SUPERVISOR
    local_authority: str = "not_known"
    phone: str = ""


def policy_of(force: str) -> ForcePolicy:
    """The decisions of one force. A force without a file of its own gets the careful defaults."""
    try:
        content = definitions.force(force)
    except UnknownForm:
        return ForcePolicy(force=force, settings={})
    return ForcePolicy(
        force=force,
        settings=content,
        force_records=Release(_word(content, "release.force_records", Release.SUPERVISOR)),
        local_authority=_word(content, "local_authority", "not_known"),
        phone=_word(content, "control_room_phone", ""),
    )


def _word(content: Mapping[str, object], name: str, otherwise: str) -> str:
    """A setting by its name, written flat (``"release.force_records"``) or as a table (``[release]``)."""
    found: object = content.get(name)
    if found is None:
        found = content
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else otherwise
