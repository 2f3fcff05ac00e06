"""One vault, unlocked: the officer's work lies open until it is locked again."""

from __future__ import annotations

from collections.abc import Callable

from field_app.store.errors import StoreRolledBack
from field_app.store.sealed_table import VaultDB


class OpenVault:
    """An unlocked vault. Belongs to the thread that unlocked it: the keeper's.

    ``begins_anew``: an older copy of it was put back, and the force has said to go on with that.
    """

    def __init__(
        self,
        *,
        vault_id: str,
        officer: str,
        display_name: str,
        db: VaultDB,
        on_lock: Callable[[], None],
        begins_anew: bool = False,
    ) -> None:
        self.id = vault_id
        self.officer = officer
        self.display_name = display_name
        self.db = db
        self.begins_anew = begins_anew
        self._on_lock = on_lock
        self._locked = False

    def __repr__(self) -> str:
        return f"<OpenVault {self.id} {'locked' if self._locked else 'unlocked'}>"

    @property
    def locked(self) -> bool:
        """Whether it was locked since."""
        return self._locked

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
        if self._locked:
            return
        self._locked = True
        try:
            self.db.close()
        finally:
            self._on_lock()

    def __enter__(self) -> OpenVault:
        return self

    def __exit__(self, *exc: object) -> None:
        self.lock()
