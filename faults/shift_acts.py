"""What four people can do next, and what can happen to them: the likelier, the more often it stands there.

The list is the same for the same story, because checks go by their number and nothing by its id: those are
drawn anew each time. What cannot be done is not on it, so that few shifts are needed to meet much.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from booklets.decisions import Outcome
from faults.line_with_troubles import Trouble
from faults.shift_of_four import OFFICERS, Shift
from field_app.capture.giving import LOCKED


class Does(StrEnum):
    """What somebody does, or what happens to them."""

    BEGIN = "begins a check"
    SEND = "sends a draft"
    SEND_FOUND = "sends what was found of a draft"
    CHANGE = "goes on with a draft"
    ADD = "adds to what was sent"
    ANSWER = "answers what came back"
    WITHDRAW = "withdraws"
    GIVE = "gives a draft to the other"
    GIVE_UNIT = "gives a draft to the unit"
    TAKE = "takes a draft over"
    TAKE_BACK = "takes a draft back"
    APPROVE = "approves"
    SEND_BACK = "sends back"
    RECALL = "recalls"
    SYNC = "has signal"
    SYNC_BADLY = "has a bad line"
    SYNC_BACKWARDS = "has a bad line, and what waits goes from the end"
    SIGN_OUT = "goes off shift"
    SIGN_IN = "comes on shift"
    DIE = "dies"
    LATE = "what was late is there"
    SERVER_ANEW = "the server starts anew"


MOST_AT_ONCE: Final = 3
ALWAYS: Final = (*[Does.SYNC] * 3, Does.SYNC_BADLY, Does.SYNC_BACKWARDS, Does.DIE)
WITH_A_DRAFT: Final = (
    *[Does.SEND] * 8,
    Does.SEND_FOUND,
    Does.SEND_FOUND,
    Does.CHANGE,
    Does.GIVE,
    Does.GIVE_UNIT,
)
WITH_A_PARCEL: Final = (Does.ADD, Does.ADD, Does.WITHDRAW)
ON_A_CASE: Final = (Does.APPROVE, *[Does.SEND_BACK] * 4)
ON_A_BAD_LINE: Final = frozenset({Does.SYNC_BADLY, Does.SYNC_BACKWARDS, Does.SIGN_OUT})
LIKELY: Final = 5
"""How often a thing stands there that would come up too seldom."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is done or happens: whose, what, and with which of theirs."""

    who: str
    what: Does
    which: int = 0

    def __str__(self) -> str:
        return f"{self.who or 'nobody'} {self.what}, check {self.which}"


Way = Callable[[Shift, Act, Mapping[int, Trouble]], object]
WAYS: Final[Mapping[Does, Way]] = {
    Does.BEGIN: lambda on, act, _: on.begins(act.who),
    Does.SEND: lambda on, act, _: on.sends(act.who, act.which),
    Does.SEND_FOUND: lambda on, act, _: on.sends(act.who, act.which, found_alone=True),
    Does.CHANGE: lambda on, act, _: on.changes(act.who, act.which),
    Does.ADD: lambda on, act, _: on.adds(act.who, act.which),
    Does.ANSWER: lambda on, act, _: on.answers(act.who, act.which),
    Does.WITHDRAW: lambda on, act, _: on.withdraws(act.who, act.which),
    Does.GIVE: lambda on, act, _: on.gives(act.who, act.which, to_unit=False),
    Does.GIVE_UNIT: lambda on, act, _: on.gives(act.who, act.which, to_unit=True),
    Does.TAKE: lambda on, act, _: on.takes(act.who, act.which),
    Does.TAKE_BACK: lambda on, act, _: on.takes_back(act.who, act.which),
    Does.APPROVE: lambda on, act, _: on.decides(act.who, act.which, Outcome.APPROVE),
    Does.SEND_BACK: lambda on, act, _: on.decides(act.who, act.which, Outcome.RETURN),
    Does.RECALL: lambda on, act, _: on.decides(act.who, act.which, Outcome.RECALL),
    Does.SYNC: lambda on, act, _: on.people[act.who].round(),
    Does.SYNC_BADLY: lambda on, act, troubles: on.people[act.who].round(troubles),
    Does.SYNC_BACKWARDS: lambda on, act, troubles: on.people[act.who].round(troubles, backwards=True),
    Does.SIGN_OUT: lambda on, act, troubles: on.signs_out(act.who, troubles),
    Does.SIGN_IN: lambda on, act, _: on.signs_in(act.who),
    Does.DIE: lambda on, act, _: on.people[act.who].dies(),
    Does.LATE: lambda on, act, _: on.people[act.who].line.bring_what_is_late(),
    Does.SERVER_ANEW: lambda on, _, __: on.station.starts_anew(),
}


class Story:
    """One shift as it goes, step by step."""

    def __init__(self, shift: Shift) -> None:
        self.shift = shift
        self.told: list[str] = []
        self._open: dict[str, list[Act]] = {}

    def goes_on(self, chance: random.Random) -> None:
        """One of all the things that could be next, with troubles on the line where it needs one."""
        possible = self.possible()
        act = possible[int(chance.random() * len(possible))]
        troubles = _troubles(chance) if act.what in ON_A_BAD_LINE else {}
        said = [f"{what} (question {number})" for number, what in sorted(troubles.items())]
        self.told.append("; ".join([str(act), *said]))
        self._open.pop(act.who, None)
        if WAYS[act.what](self.shift, act, troubles) is not False:
            self.shift.done[act.what] += 1

    def possible(self) -> list[Act]:
        """What could be next."""
        people = self.shift.people
        late = [Act(name, Does.LATE) for name, one in people.items() if one.line.late for _ in range(LIKELY)]
        return [*(act for name in people for act in self._of(name)), *late, Act("", Does.SERVER_ANEW)]

    def _of(self, name: str) -> list[Act]:
        """What one of them could do. Only what they do themselves changes that, so it is looked up once."""
        if name not in self._open:
            found = _of_officer if name in OFFICERS else _of_sergeant
            self._open[name] = [*found(self.shift, name), *(Act(name, one) for one in ALWAYS)]
        return self._open[name]


def _troubles(chance: random.Random) -> dict[int, Trouble]:
    """What happens to one to three of the next questions."""
    some = list(Trouble)
    return {int(chance.random() * 6) + 1: some[int(chance.random() * len(some))] for _ in range(3)}


def _of_officer(on: Shift, name: str) -> Iterator[Act]:
    shift = on.people[name].shift
    home = shift.home()
    locked = shift._keeper.call(shift.passing.locked_here).result()
    if len(home.drafts) < MOST_AT_ONCE:
        yield from [Act(name, Does.BEGIN)] * (1 if home.drafts else LIKELY)
    for number, draft in on.by_number(home.drafts, "id").items():
        yield from (Act(name, one, number) for one in WITH_A_DRAFT if draft.id not in locked)
    for number, parcel in on.newest(home.parcels).items():
        yield from (Act(name, one, number) for one in WITH_A_PARCEL if not parcel.withdrawn)
    for number in on.by_number(home.returned):
        yield from [Act(name, Does.ANSWER, number)] * LIKELY
    for number, offer in on.by_number(home.offers).items():
        yield from [Act(name, Does.TAKE, number)] * (0 if offer.asked else LIKELY)
    for number, out in on.by_number(home.out).items():
        yield from [Act(name, Does.TAKE_BACK, number)] * (out.stands in LOCKED)
    if shift.signed_in:
        yield from [Act(name, Does.SIGN_OUT)] * (LIKELY if home.returned else 1)
    else:
        yield from [Act(name, Does.SIGN_IN)] * LIKELY


def _of_sergeant(on: Shift, name: str) -> Iterator[Act]:
    for number, case in on.open_cases(name).items():
        yield from (Act(name, one, number) for one in (ON_A_CASE if case.awaiting else (Does.RECALL,)))
