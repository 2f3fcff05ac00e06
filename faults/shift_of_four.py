"""One shift of a unit: two officers and two sergeants, each with a handheld, and a register kept on paper.

Everything here is done as the app does it without a screen. What cannot be done at that moment, because the
app says so, is not done, and counts as refused.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import count
from typing import Any, Final, TypeVar

from booklets.decisions import Outcome
from booklets.drafts import encounter_to_json
from booklets.encounters import Encounter
from booklets.errors import BookletError
from booklets.forms import Stage
from faults.held_to_paper import (
    Differences,
    drafts_of,
    handheld_differs,
    news_differs,
    of_outbox,
    server_differs,
)
from faults.line_with_troubles import Died, Question, Trouble
from faults.paper_register import GivenDraft, PaperRegister, Sheet
from faults.station import Handheld, Station, somebody
from field_app.capture.cases import Case
from field_app.capture.session import CaptureSession
from field_app.capture.worklist import Parcel
from field_app.handset import returning
from field_app.store.outbox import Item, Outbox
from field_app.store.wishes import Wishes
from sync_server.deciding.waiting import look
from sync_server.identity.accounts import Role
from tests.support.builders import DECIDED
from tests.support.sent_back import SAME_AGAIN, honest_check

S = TypeVar("S")
T = TypeVar("T")
OFFICERS, SERGEANTS = ("first", "second"), ("sergeant", "relief")
ALIKE: Final = "Q-02"
"""The rule that asks why one child's words are another's."""
VIEW: Final = "pi.carer_view"
ROUNDS: Final = 12
"""After so many rounds of everybody nothing may be under way any more."""
UNITS = count(1)


@dataclass(frozen=True, slots=True)
class OnShift:
    """A handheld as the builders of checks know one."""

    handheld: Handheld

    @property
    def handset(self) -> object:
        """The app."""
        return self.handheld.handset

    @property
    def shift(self) -> object:
        """The open vault."""
        return self.handheld.shift


class Shift:
    """Four people of a unit that has nothing yet."""

    def __init__(self, station: Station, *, forgets: bool = False) -> None:
        self.station = station
        self.unit = f"unit_{next(UNITS)}"
        self.paper = PaperRegister()
        self.people: dict[str, Handheld] = {}
        self.written: dict[str, str] = {}
        self.sealed: list[str] = []
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.checks: list[str] = []
        self._marks = count(1)
        for number, name in enumerate((*OFFICERS, *SERGEANTS)):
            role = Role.OFFICER if name in OFFICERS else Role.SUPERVISOR
            person = somebody(number, role, self.unit)
            handheld = Handheld(station, person, partial(self._carried, name), forgets=forgets)
            self.people[name] = handheld
            self.paper.signed_in[handheld.officer] += 1
        self.paper.officers = frozenset(self.people[name].officer for name in OFFICERS)

    def _carried(self, name: str, asked: Question, status: int) -> None:
        self.paper.hears(self.people[name].officer, asked, status)

    def close(self) -> None:
        """Everybody goes home."""
        for one in self.people.values():
            one.close()

    # -- what lies there, by the number of its check ---------------------------------------------
    def open_cases(self, name: str) -> dict[int, Case]:
        """What a sergeant could decide on, or take back."""
        cases = self.people[name].shift.deciding.cases()[0]
        return self.by_number(one for one in cases if one.awaiting or one.to_take_back)

    def by_number(self, some: Iterable[S], name: str = "encounter") -> dict[int, S]:
        """These by the number of the check they are of, which ``name`` names."""
        found = [(self.checks.index(getattr(one, name)), one) for one in some]
        return dict(sorted(found, key=lambda pair: pair[0]))

    def newest(self, parcels: Iterable[Parcel]) -> dict[int, Parcel]:
        """What was sent last of each check: parcels stand with the newest first."""
        return self.by_number(list(parcels)[::-1])

    # -- what an officer does --------------------------------------------------------------------
    def begins(self, name: str) -> None:
        """A whole return check is written, and is a draft."""
        session = honest_check(OnShift(self.people[name]))  # type: ignore[arg-type]
        self.checks.append(str(session.encounter.id))
        self._marked(name, session)

    def _marked(self, name: str, session: CaptureSession) -> None:
        """Write something that can be looked for, and see it on the disk."""
        mark = f"No {next(self._marks)} of {self.unit}."
        said = session.value(VIEW)
        session.put(VIEW, f"{said} {mark}" if isinstance(said, str) else f"Karen says so. {mark}")
        self.people[name].shift.put_down()
        self.written[mark] = str(session.encounter.id)

    def changes(self, name: str, which: int) -> bool:
        """Go on with a draft."""
        session = self._resumed(name, which)
        if session is not None:
            self._marked(name, session)
        return session is not None

    def sends(self, name: str, which: int, *, found_alone: bool = False) -> bool:
        """Send a draft, or first what was found alone."""
        session = self._resumed(name, which)
        stage = Stage.FOUND if found_alone else Stage.CAPTURE
        return session is not None and self._sends(name, session, stage)

    def _resumed(self, name: str, which: int) -> CaptureSession | None:
        shift = self.people[name].shift
        return self._tried("resuming", lambda: shift.resume(self.checks[which]))

    def _sends(self, name: str, session: CaptureSession, stage: Stage) -> bool:
        for one in session.problems():
            if one.stands and one.code == ALIKE:
                session.keep_because(one.key, SAME_AGAIN)
        send = partial(self.people[name].shift.send, session, stage=stage)
        after = self._tried("sending", lambda: self._sealing(name, session, send))
        return after is not None

    def _sealing(self, name: str, session: CaptureSession, send: Callable[[], Encounter]) -> Encounter:
        """Seal something, and note on paper what was sealed."""
        before = {(one.record, one.rev) for one in of_outbox(self.people[name])}
        after = send()
        self._note(name, before, session.encounter)
        self.sealed.append(json.dumps(encounter_to_json(after)))
        return after

    def _note(self, name: str, before: set[tuple[str, int]], encounter: Encounter) -> None:
        handheld = self.people[name]
        for item in of_outbox(handheld):
            if (item.record, item.rev) not in before:
                sheet = self._sheet(handheld, item, encounter)
                self.paper.submitted[sheet.sha] = sheet

    def _sheet(self, handheld: Handheld, item: Item, encounter: Encounter) -> Sheet:
        shift, says = handheld.shift, item.summary
        sealed = shift._keeper.call(lambda: Outbox(shift._vault.db).envelope(item.id)).result()
        assert sealed is not None
        outcome = Outcome(says["outcome"]) if "outcome" in says else None
        return Sheet(
            sha=sha256(sealed).hexdigest(),
            record=item.record,
            rev=item.rev,
            digest=says["digest"],
            encounter=says["encounter"],
            officer=handheld.officer,
            device=handheld.device,
            withdraws=bool(says["withdrawn"]),
            outcome=outcome,
            saw=tuple((str(one.record), one.revision, one.digest) for one in encounter.linked)
            if outcome
            else (),
        )

    def adds(self, name: str, which: int) -> bool:
        """Open what was sent to say more."""
        shift = self.people[name].shift
        parcel = self.newest(shift.home().parcels)[which]
        session = self._tried("adding", lambda: returning.add(shift, parcel))
        if session is not None:
            self._marked(name, session)
        return session is not None

    def answers(self, name: str, which: int) -> bool:
        """Open what came back, say something, and send it."""
        shift = self.people[name].shift
        back = self.by_number(shift.home().returned)[which]
        session = self._tried("answering", lambda: returning.answer(shift, back))
        if session is None:
            return False
        self._marked(name, session)
        return self._sends(name, session, Stage.CAPTURE)

    def withdraws(self, name: str, which: int) -> bool:
        """Take back what was sent."""
        handheld = self.people[name]
        parcel = self.newest(handheld.shift.home().parcels)[which]
        before = {(one.record, one.rev) for one in of_outbox(handheld)}

        def work() -> bool:
            sent = handheld.shift.newest_sent(parcel.encounter)
            returning.withdraw(handheld.shift, parcel, "It was written about her brother.")
            assert sent is not None
            self._note(name, before, sent)
            return True

        return bool(self._tried("withdrawing", work))

    def gives(self, name: str, which: int, *, to_unit: bool) -> bool:
        """Give a draft to the other officer, or to whoever of the unit takes it over."""
        handheld = self.people[name]
        draft = self.checks[which]
        other = self.people[OFFICERS[1 - OFFICERS.index(name)]]
        before = {one["id"] for one in _wishes(handheld)}
        number = "" if to_unit else other.person.shoulder_no

        def work() -> bool:
            handheld.shift.give(draft, number)
            return True

        if not self._tried("giving", work):
            return False
        (wish,) = [one for one in _wishes(handheld) if one["id"] not in before]
        to = "" if to_unit else other.officer
        self.paper.sealed_drafts[wish["given"]] = GivenDraft(draft, handheld.officer, to)
        return True

    def takes(self, name: str, which: int) -> bool:
        """Take over what a colleague offers."""
        shift = self.people[name].shift
        shift.passing.take(self.by_number(shift.home().offers)[which])
        return True

    def takes_back(self, name: str, which: int) -> bool:
        """Go on with what was given after all."""
        shift = self.people[name].shift
        shift.passing.take_back(self.by_number(shift.home().out)[which])
        return True

    # -- what a sergeant does --------------------------------------------------------------------
    def decides(self, name: str, which: int, outcome: Outcome) -> bool:
        """Write a decision on a case and seal it, with or without signal."""
        case = self.open_cases(name)[which]
        return bool(self._tried("deciding", lambda: self._decided(name, case, outcome)))

    def _decided(self, name: str, case: Case, outcome: Outcome) -> bool:
        deciding = self.people[name].shift.deciding
        session = deciding.write(case)
        number = next(self._marks)
        own_words = {
            "sup.rationale": f"{number} things were looked at in {self.unit}, and number {number} twice.",
            "sup.return_words": f"Nobody asked where number {number} of {self.unit} slept, door {number}.",
        }
        for field_, said in DECIDED[outcome].items():
            if field_ not in {"sup.risk_right", "sup.risk_right_because"}:
                session.put(field_, own_words.get(field_, said))
        before = {(one.record, one.rev) for one in of_outbox(self.people[name])}
        seen = session.encounter
        deciding.decide(session, case)
        self._note(name, before, seen)
        return True

    # -- what happens to them --------------------------------------------------------------------
    def signs_out(self, name: str, troubles: Mapping[int, Trouble]) -> bool:
        """Go off shift, while there is signal."""
        handheld = self.people[name]

        def work() -> bool:
            with handheld.line.up(troubles):
                handheld.shift.sign_out()
            return True

        try:
            return bool(self._tried("going off shift", work))
        except Died:
            handheld.dies()
            return False

    def signs_in(self, name: str) -> bool:
        """Come on shift again."""
        handheld = self.people[name]
        if handheld.shift.signed_in:
            return False
        handheld.comes_on_shift()
        self.paper.signed_in[handheld.officer] += 1
        return True

    def _tried(self, what: str, work: Callable[[], T]) -> T | None:
        """Do it, unless the app says that it cannot be done now."""
        try:
            return work()
        except BookletError as why:
            self.refused[f"{what}: {why}"] += 1
            return None

    # -- the end ---------------------------------------------------------------------------------
    def differences(self) -> Differences:
        """Let everything arrive that is under way, and hold what is there against what should be."""
        self._drain()
        handhelds = list(self.people.values())
        found = Differences()
        with self.station.context.store.read() as connection:
            parts = [server_differs(connection, self.paper, handhelds, self.unit)]
            parts += [news_differs(connection, one) for one in handhelds]
        parts += [handheld_differs(one, self.paper) for one in handhelds]
        for one in parts:
            found.lost += one.lost
            found.wrong += one.wrong
        lie = [json.dumps(one) for handheld in handhelds for one in drafts_of(handheld)] + self.sealed
        found.lost += [
            f"what was written is nowhere: {mark} of {of}"
            for mark, of in self.written.items()
            if not any(mark in one for one in lie)
        ]
        return found

    def _drain(self) -> None:
        for one in self.people.values():
            one.line.bring_what_is_late()
        for _ in range(ROUNDS):
            for name in self.people:
                self.signs_in(name)
            look(self.station.context)
            rounds = [one.round() for one in self.people.values()]
            if not any(done is None or done.some_got_through or done.ended_by for done in rounds):
                return
        raise AssertionError(f"after {ROUNDS} rounds something is still under way: {rounds}")


def _wishes(handheld: Handheld) -> list[dict[str, Any]]:
    shift = handheld.shift
    return shift._keeper.call(lambda: Wishes(shift._vault.db).all()).result()
