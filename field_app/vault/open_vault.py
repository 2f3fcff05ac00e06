"""One vault, unlocked: the officer's work lies open until it is locked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from field_app.store.errors import StoreRolledBack
from field_app.store.sealed_table import VaultDB


@dataclass(kw_only=True, eq=False, repr=False)
class OpenVault:
    """An unlocked vault. Belongs to the thread that unlocked it: the keeper's.

    ``begins_anew``: an older copy of it was put back, and the force has said to go on with that.
    ``by_finger``: no PIN was given for it this time.
    """

    id: str
    officer: str
    display_name: str
    db: VaultDB
    on_lock: Callable[[], None]
    begins_anew: bool = False
    by_finger: bool = False
    locked: bool = field(default=False, init=False)

    def __repr__(self) -> str:
        return f"<OpenVault {self.id} {'locked' if self.locked else 'unlocked'}>"

    @property
    def head(self) -> int:
        """How many changes this vault has seen: reported to the server, which never forgets it."""
        return self.db.rows.counter

    @property
    def rolled_back(self) -> StoreRolledBack | None:
        """Why this vault can only be read: an older copy of its file was put back. None when all is well."""
        return self.db.rows.rolled_back

    def lock(self) -> None:
        """Close the file and overwrite every key. Safe to call twice."""
        if self.locked:
            return
        self.locked = True
        try:
            self.db.close()
        finally:
            self.on_lock()

    def __enter__(self) -> OpenVault:
        return self

    def __exit__(self, *exc: object) -> None:
        self.lock()
