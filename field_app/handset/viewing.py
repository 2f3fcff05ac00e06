"""Photographs that the force has, looked at on this device: fetched when asked for, and never kept.

What was fetched lies in memory alone, until whoever looks turns to something else or the vault is locked,
and is overwritten then. It is not put into the vault, though it could be sealed there: the force has it, a
tablet that is lost holds none, and every fetching is a look that the force has noted.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from field_app.handset.reading_again import CannotReadNow
from field_app.sync.desk import Halted
from field_app.sync.errands import Wanted
from field_app.sync.failures import SignInAgain, SyncFailed, TryLater

PATIENCE_S: Final = 60.0
PICTURES: Final = frozenset({"image/jpeg", "image/png"})
Told = Callable[[int, int], None]

NO_WAY: Final = (
    "There is no connection to the force now, and the photo is there. What has come of it is kept until you "
    "leave this record: show it again, and it goes on from there."
)
SIGN_IN: Final = "Sign in again first; then the photo can be shown. The force has it."
NOT_DRAWN: Final = "This is a file that cannot be shown here. Look at it at the console."


class Viewing:
    """The photographs that are looked at during one shift, by their attachment."""

    def __init__(self, look: Callable[[Wanted], Future[None]], *, patience: float = PATIENCE_S) -> None:
        self._look = look
        self._patience = patience
        self._wanted: dict[str, Wanted] = {}

    def here(self, attachment: str) -> bytes | None:
        """A photograph that was fetched and is still looked at."""
        found = self._wanted.get(attachment)
        return bytes(found.got) if found and found.is_whole and found.media_type in PICTURES else None

    def see(self, record: str, attachment: str, told: Told) -> bytes:
        """Fetch a photograph of a record, on from what is here of it. ``told``: how many bytes, of how many.

        Raises CannotReadNow in words, and what the force refuses: it has not come there, it was withdrawn,
        it is not for this officer.
        """
        one = self._wanted.setdefault(attachment, Wanted(record, attachment))
        one.told = told
        waiting = self._look(one)
        while not waiting.done():
            before = len(one.got)
            try:
                waiting.exception(self._patience)
            except TimeoutError:
                if len(one.got) == before:
                    raise CannotReadNow(NO_WAY) from None
        self._demand(one, waiting)
        return bytes(one.got)

    def forget(self) -> None:
        """Nobody looks any more: overwrite what was fetched."""
        for one in self._wanted.values():
            one.forget()
        self._wanted.clear()

    @staticmethod
    def _demand(one: Wanted, waiting: Future[None]) -> None:
        if one.given_up:
            raise CannotReadNow(NO_WAY)
        match waiting.exception():
            case None:
                pass
            case SignInAgain():
                raise CannotReadNow(SIGN_IN)
            case TryLater() | Halted():
                raise CannotReadNow(NO_WAY)
            case SyncFailed() as refused:
                raise refused
            case _:
                raise CannotReadNow(NO_WAY)
        if one.media_type not in PICTURES:
            raise CannotReadNow(NOT_DRAWN)
