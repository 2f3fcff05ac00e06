"""What a supervisor does on an open shift: see what waits, write a decision, and decide.

A decision is an encounter like any other, with the guide ``supervision``: kept at every keystroke, sealed
and sent the same way, without signal as well. Whoever decides has given the PIN within a quarter of an hour.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Protocol

from booklets import definitions
from booklets.answers import Answers, frozen
from booklets.decisions import deciding
from booklets.drafts import encounter_from_json
from booklets.encounters import Encounter
from booklets.errors import UNREADABLE, BookletError, NotAllowedNow, WireError
from booklets.forms import Stage
from booklets.margin import before_approval
from booklets.records import Author, Link
from booklets.stamps import Stamp
from field_app.capture.cases import SUPERVISION, Case, Standing, cases_from, under_way_from
from field_app.capture.earlier import decided_before
from field_app.capture.forgetting import forgettable, told_since
from field_app.capture.session import CaptureSession
from field_app.handset.ports import NEWS
from field_app.store.drafts import DraftStore
from field_app.store.keeper import Keeper
from field_app.store.outbox import Outbox
from field_app.store.sealed_table import VaultDB
from field_app.vault.attempts import Clock

PIN_LASTS: Final = timedelta(minutes=15)
SUPERVISOR: Final = "supervisor"
SUPERVISORS: Final = frozenset({SUPERVISOR, "fim"})
"""The roles that decide on records from a tablet: the unit's supervisor, and the force incident manager."""
READ: Final = "sup.read"
MOVED_ON: Final = (
    "A newer version has come in the meantime. What you wrote is kept: look at the newer version, "
    "then decide."
)


class PinNeeded(BookletError):
    """The PIN was given too long ago for what weighs this much."""

    code = "pin_needed"

    def __init__(self) -> None:
        super().__init__("Your PIN again, because this is your decision. What you wrote is kept.")


class LastPin:
    """When the PIN was last given, on a clock that nobody can change. A finger or face is no PIN."""

    def __init__(
        self,
        confirm: Callable[[str], None],
        *,
        since_boot: Callable[[], float] | None = None,
        given: bool = True,
    ) -> None:
        self._confirm = confirm
        self._since_boot = since_boot or Clock().since_boot
        self._given = self._since_boot() if given else math.inf

    @property
    def is_old(self) -> bool:
        """Whether it has to be given again before a decision. A clock that went back is no clock."""
        return not 0 <= self._since_boot() - self._given < PIN_LASTS.total_seconds()

    def give(self, pin: str) -> None:
        """Give it again. Wrong tries count as on the lock screen, and raise what they raise there."""
        self._confirm(pin)
        self._given = self._since_boot()


class Hands(Protocol):
    """What deciding needs of the shift it belongs to."""

    @property
    def author(self) -> Author:
        """Who decides, as a record names its author."""
        ...

    @property
    def is_supervisor(self) -> bool:
        """Whether whoever decides is a supervisor of the unit, and no incident manager alone."""
        ...

    def stamp(self) -> Stamp:
        """This instant."""
        ...

    def go_on_with(self, encounter: Encounter) -> CaptureSession:
        """Keep an encounter and take it in hand."""
        ...

    def resume(self, draft_id: str) -> CaptureSession | None:
        """Go on with a draft."""
        ...

    def send(self, session: CaptureSession, *, stage: Stage) -> Encounter:
        """Seal it and put it in the outbox."""
        ...


class Deciding:
    """A supervisor's acts. Only the screen's side calls; what touches the vault waits for the keeper."""

    def __init__(self, db: VaultDB, *, keeper: Keeper, pin: LastPin, hands: Hands) -> None:
        self._db = db
        self._keeper = keeper
        self._hands = hands
        self.pin = pin

    # -- looking ---------------------------------------------------------------------------------
    def cases(self) -> tuple[tuple[Case, ...], int]:
        """Every case this officer has been sent, and how many records cannot be read here."""
        return self._keeper.call(self.cases_here).result()

    def cases_here(self) -> tuple[tuple[Case, ...], int]:
        """The same, for whoever is on the keeper's thread already."""
        return cases_from(self._db.sealed(NEWS), under_way_from(Outbox(self._db).all()), self._begun_here())

    def _begun_here(self) -> set[str]:
        """The records on which a decision is being written."""
        return {
            str(link.record)
            for document in DraftStore(self._db).all()
            if is_decision(document)
            for link in _linked(document)
        }

    def forget_here(self, *, now: datetime, kept: timedelta) -> None:
        """Erase what was decided longer ago than that, and what is said anew; on the keeper's thread."""
        if self._db.read_only:  # it keeps everything, for whoever finds out what happened to it
            return
        news = self._db.sealed(NEWS)
        over = forgettable(news, now=now, kept=kept, begun=self._begun_here()) | told_since(news)
        if over:
            with self._db.transaction():
                news.remove(doc_ids=[news.rid_for(f"{stream}/{seq}") for stream, seq in over])

    def is_own(self, case: Case) -> bool:
        """Whether this officer wrote any of it: nobody decides on what they wrote themselves."""
        return any(one.record.header.author.id == self._hands.author.id for one in case.papers)

    def may_decide(self, case: Case) -> bool:
        """Whether this officer may: a supervisor of the unit, or the incident manager once it is theirs."""
        return not self.is_own(case) and (self._hands.is_supervisor or case.is_for_manager)

    # -- writing ---------------------------------------------------------------------------------
    def written(self, case: Case) -> CaptureSession | None:
        """The decision on this case that is being written, if one is; it is about what is newest now.

        Having read an earlier version is not having read this one: that has to be said anew.
        """
        found = self._keeper.call(self._draft_here, case).result()
        session = self._hands.resume(found) if found else None
        if session is None or session.encounter.linked == links_of(case):
            return self._knowing(session, case) if session else None
        begun = self._begun(case)
        kept = session.encounter
        unread = not set(begun.linked) <= set(kept.linked)
        said = {name: one for name, one in kept.answers.items() if not (unread and name == READ)}
        answers = frozen({**begun.answers, **said})
        entities = MappingProxyType({**kept.entities, **begun.entities})
        newer = replace(kept, linked=begun.linked, answers=answers, entities=entities)
        return self._knowing(self._hands.go_on_with(newer), case)

    def _knowing(self, session: CaptureSession, case: Case) -> CaptureSession:
        """The same, knowing what stands before approval, and what this officer decided before.

        One text under all records supervises none.
        """
        session.unapproved = held_against(case, session.force, self._hands.stamp().instant)
        session.decided = self._keeper.call(self._earlier_here, session.encounter).result()
        return session

    def _earlier_here(self, writing: Encounter) -> tuple[Answers, ...]:
        outbox, now = Outbox(self._db), self._hands.stamp().instant
        copies = (outbox.readable(one.record, one.rev, now=now) for one in outbox.all())
        return decided_before(
            self._db.sealed(NEWS),
            (copy for copy in copies if copy is not None),
            by=self._hands.author.id,
            writing=writing,
        )

    def _draft_here(self, case: Case) -> str | None:
        records = {one.record.header.record for one in case.papers}
        for document in DraftStore(self._db).all():
            if is_decision(document) and records & {one.record for one in _linked(document)}:
                return str(document["id"])
        return None

    def write(self, case: Case) -> CaptureSession:
        """Begin to write a decision on this case, or go on with it."""
        return self.written(case) or self._knowing(self._hands.go_on_with(self._begun(case)), case)

    def _begun(self, case: Case) -> Encounter:
        records = [one.record for one in case.awaiting or case.to_take_back or case.papers]
        guide = definitions.guide(SUPERVISION)
        return deciding(records, guide, officer=self._hands.author, at=self._hands.stamp())

    # -- deciding --------------------------------------------------------------------------------
    def decide(self, session: CaptureSession, case: Case) -> Encounter:
        """Seal the decision. It stands once the force says so; until then it is on its way.

        Raises PinNeeded when the PIN is old, NotAllowedNow when the case is not what was read any more.
        """
        if self.pin.is_old:
            raise PinNeeded
        if not links_of(case) or session.encounter.linked != links_of(case):
            raise NotAllowedNow(MOVED_ON)
        return self._hands.send(session, stage=Stage.CAPTURE)


def held_against(case: Case, force: Mapping[str, object], now: datetime) -> tuple[str, ...]:
    """What the records that are decided on lack to be approved: the others of the case are read beside them.

    What cannot be judged here holds nothing up, and what was withdrawn says nothing.
    """
    there = [one.record for one in case.papers if one.standing is not Standing.WITHDRAWN]
    found: list[str] = []
    for one in case.awaiting or case.to_take_back:
        with suppress(*UNREADABLE):
            beside = [other for other in there if other is not one.record]
            found += before_approval(one.record, force, now, beside)
    return tuple(dict.fromkeys(found))


def links_of(case: Case) -> tuple[Link, ...]:
    """What a decision on this case names: each record that awaits one, or may be taken back, as seen."""
    return tuple(one.link for one in case.awaiting or case.to_take_back)


def is_decision(document: Mapping[str, Any]) -> bool:
    """Whether a draft is a decision being written; the officer's own list leaves those out."""
    return document.get("guide") == SUPERVISION


def _linked(document: Mapping[str, Any]) -> tuple[Link, ...]:
    try:
        return encounter_from_json(document).linked
    except WireError:
        return ()
