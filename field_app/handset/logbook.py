"""The handheld's own log (S-01): what was begun, opened, changed, read and read out here, chained.

It says which questions were changed and never what was written. Whoever looks waits for nothing: an entry is
written behind the screen, and one that cannot be written is said in the app's own log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import datetime
from uuid import UUID

from booklets.encounters import Encounter
from booklets.errors import BookletError
from booklets.handheld_log import MOST_QUESTIONS, Done
from field_app.store.keeper import Keeper
from field_app.store.log import Log, Stretch
from field_app.store.sealed_table import VaultDB

log = logging.getLogger(__name__)


class Logbook:
    """The log of one officer's open vault. A vault that can only be read notes nothing."""

    def __init__(self, db: VaultDB, *, keeper: Keeper, now: Callable[[], datetime]) -> None:
        self._db, self._keeper, self._now = db, keeper, now
        self._noted: Encounter | None = None
        self._newest: Encounter | None = None

    def opened(self, encounter: Encounter, *, begun: bool = False) -> None:
        """An encounter is in hand: what is changed from here on is noted once it is put down."""
        self._noted = self._newest = encounter
        self._add(Done.BEGUN if begun else Done.OPENED, str(encounter.id))

    def saved(self, encounter: Encounter) -> None:
        """It was saved in this state."""
        self._newest = encounter

    def put_down(self) -> None:
        """Note which answers differ from when it was noted last."""
        before, now = self._noted, self._newest
        if before is None or now is None or before.id != now.id or before is now:
            return
        self._noted = now
        changed = sorted(set(_changed(before, now)))[:MOST_QUESTIONS]
        if changed:
            self._add(Done.CHANGED, str(now.id), questions=tuple(changed))

    def unlocked(self, vault: str, *, by_finger: bool) -> None:
        """The vault was opened, and which way."""
        self._add(Done.UNLOCKED_BY_FINGER if by_finger else Done.UNLOCKED, str(UUID(vault)))

    def read(self, about: str, rev: int = 0) -> None:
        """A record, a draft or a child's card is shown."""
        self._add(Done.READ, about, rev=rev)

    def read_out(self, about: str) -> None:
        """The lookout card of a record is shown, to be read out."""
        self._add(Done.READ_OUT, about)

    def _add(self, done: Done, about: str, *, rev: int = 0, questions: tuple[str, ...] = ()) -> None:
        if not self._db.read_only:
            at = self._now()
            adding = self._keeper.call(
                lambda: Log(self._db).add(done, about, at=at, rev=rev, questions=questions)
            )
            adding.add_done_callback(_say_if_not)

    # -- what the courier does -------------------------------------------------------------------
    def waiting(self) -> Stretch | None:
        """What the force has not got yet."""
        if self._db.read_only:
            return None
        return self._keeper.call(lambda: Log(self._db).waiting()).result()

    def taken(self, some: Stretch) -> None:
        """The force has these."""
        self._keeper.call(lambda: Log(self._db).taken(some)).result()


def _say_if_not(adding: Future[None]) -> None:
    error = None if adding.cancelled() else adding.exception()
    if error is not None:
        log.warning(
            "not_noted why=%s", error.code if isinstance(error, BookletError) else type(error).__name__
        )


def _changed(before: Encounter, now: Encounter) -> Iterator[str]:
    """The questions whose answer is another, of the encounter and of whoever it mentions."""
    for name in before.answers.keys() | now.answers.keys():
        if before.answers.get(name) != now.answers.get(name):
            yield name
    for id_, entity in now.entities.items():
        was = before.entities.get(id_)
        earlier = was.facts if was else {}
        for name in earlier.keys() | entity.facts.keys():
            if earlier.get(name) != entity.facts.get(name):
                yield name
