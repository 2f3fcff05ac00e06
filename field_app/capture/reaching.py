"""Whom a case reaches, and when: by itself as it arrives, or once somebody has decided. Pure functions.

What the force found when the record arrived travels with it as flags; what leaves at which moment is the
force's own setting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from booklets import definitions
from booklets.answers import Answers
from booklets.definitions.leaving import Leaving, Output, Release, Then
from booklets.errors import BookletError
from booklets.form_names import INTERVIEW, NOTICE, RETURN
from booklets.signs import councils_hear_of, in_danger
from field_app.capture.cases import Case
from field_app.capture.heard import LeftUndecided

T = TypeVar("T")
RETURNS: Final = frozenset({RETURN, INTERVIEW})
FAMILY_ASKED: Final = (
    "parents_informed",
    "family_told",
    "pr_informed",
    "lived_with_informed",
    "reporter_informed",
    "protector_told",
)
"""What the forms ask, by the end of its id, of whether somebody near the child was told."""
ASKED_FIRST: Final = "mis.returned_before_report"
"""What every report of a missing child says."""
_WHY_NO_SCHOOL: Final = "enc.blocked"
_SCHOOL_IS_TOLD: Final = "is_told"
_NOT_TOLD: Final = "not_told"
_WHO_MUST_NOT: Final = ("handling", "do_not_disclose")


@dataclass(frozen=True, slots=True)
class Untold:
    """Somebody near the child who was not told: by which question, and why in the officer's own words."""

    asked: str
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaches:
    """``warned``: a record shows danger, which the vulnerability team has had since it arrived.

    ``missing``: councils are told by the system that the child is missing.

    ``tells_school``: a school is to be told of what happened at home (R-46).

    ``covert``: somebody near the child must not know, and ``must_not`` is what was written about who and
    why. ``untold``: who of them was not told. ``died``: nothing leaves by itself, neither as it
    arrives nor because nobody decides. ``goes_on``: specialists decide after the supervisor. ``undecided``:
    what nobody decided on in time, which leaves or is stopped by itself.
    """

    warned: bool
    missing: bool
    tells_school: bool
    covert: bool
    must_not: tuple[str, ...] = field(repr=False)
    untold: tuple[Untold, ...]
    died: bool
    goes_on: bool
    forms: Collection[str]
    leaving: Mapping[Output, Leaving]
    undecided: Mapping[Output, LeftUndecided]
    now: datetime

    @property
    def returned(self) -> bool:
        """Whether it tells of a child who is back."""
        return not RETURNS.isdisjoint(self.forms)

    @property
    def asks_partners(self) -> bool:
        """Whether partners are asked for something because of it."""
        return NOTICE in self.forms

    def when(self, output: Output) -> Release:
        """When it leaves: what waits for specialists waits for the supervisor where none of them decide.

        After a death nothing leaves as it arrives: it waits for everybody who decides.
        """
        when = Release.SPECIALIST if self.held_by_death(output) else self.leaving[output].when
        return Release.SUPERVISOR if when is Release.SPECIALIST and not self.goes_on else when

    def held_by_death(self, output: Output) -> bool:
        """Whether it would have left as it arrived, had the child not died (R-50)."""
        return self.died and self.leaving[output].when is Release.SUBMISSION

    def has_left(self, output: Output) -> bool:
        """Whether it did not wait for anybody to decide, or waits no longer."""
        late = self.undecided.get(output)
        gone = late is not None and late.then is Then.RELEASE and self.is_over(late)
        return gone or self.when(output) is Release.SUBMISSION

    def is_over(self, late: LeftUndecided) -> bool:
        """Whether the time is over by which somebody was to decide."""
        return late.by is not None and late.by <= self.now

    @property
    def council_warned(self) -> bool:
        """Whether danger was sent to the council before anybody decided."""
        return self.warned and self.has_left(Output.DANGER)


def reaches(case: Case, force: Mapping[str, object], now: datetime) -> Reaches:
    """Whom this case reaches, as the force has set it."""
    died = any(one.died for one in case.papers)
    forms = frozenset(one.record.header.form for one in case.papers)
    said = [one.record.answers for one in case.papers]
    return Reaches(
        warned=not died and any(in_danger(one.flags) for one in case.papers),
        missing=any(councils_hear_of(one, force) for one in said if ASKED_FIRST in one),
        tells_school=any(one.get(_WHY_NO_SCHOOL) == _SCHOOL_IS_TOLD for one in said),
        covert=is_covert(case),
        must_not=_each_once(why for one in said for why in _must_not_know(one)),
        untold=_each_once(who for one in said for who in _untold(one)),
        died=died,
        goes_on=any(map(_has_specialists, forms)),
        forms=forms,
        leaving=definitions.leaving(force),
        undecided={} if died else _undecided(case),
        now=now,
    )


def is_covert(case: Case) -> bool:
    """Whether somebody near the child must not know of it."""
    return any(one.record.header.covert for one in case.papers)


def _must_not_know(said: Answers) -> Iterator[str]:
    """Who must not know, and why, as it was written."""
    for name, answer in said.items():
        if name.partition(".")[2] in _WHO_MUST_NOT and isinstance(answer, str):
            yield answer


def _untold(said: Answers) -> Iterator[Untold]:
    """Who near the child was not told, in the order of the forms."""
    for name, answer in said.items():
        if name.partition(".")[2] in FAMILY_ASKED and answer == _NOT_TOLD:
            why = said.get(f"{name}_because")
            yield Untold(name, why if isinstance(why, str) else "")


def _each_once(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))


def _undecided(case: Case) -> Mapping[Output, LeftUndecided]:
    """What nobody decided on in time, by output; of several records the one whose time is over first."""
    found: dict[Output, LeftUndecided] = {}
    for paper in case.papers:
        for name, late in paper.undecided.items():
            if name not in set(Output) or late.by is None:
                continue
            known = found.get(Output(name))
            if known is None or known.by is None or late.by < known.by:
                found[Output(name)] = late
    return found


def _has_specialists(form: str) -> bool:
    try:
        return bool(definitions.form(form).filing.specialists)
    except BookletError:
        return False
