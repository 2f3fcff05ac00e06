"""Whom a case reaches, and when: by itself as it arrives, or once somebody has decided. Pure functions.

What the force found when the record arrived travels with it as flags; what leaves at which moment is the
force's own setting.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from booklets import definitions
from booklets.definitions.leaving import Leaving, Output, Release, Then
from booklets.errors import BookletError
from booklets.form_names import INTERVIEW, NOTICE, RETURN
from booklets.signs import in_danger
from field_app.capture.cases import Case
from field_app.capture.heard import LeftUndecided

RETURNS: Final = frozenset({RETURN, INTERVIEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaches:
    """``warned``: a record shows danger, which the vulnerability team has had since it arrived.

    ``covert``: somebody near the child must not know. ``died``: nothing leaves by itself, neither as it
    arrives nor because nobody decides. ``goes_on``: specialists decide after the supervisor. ``undecided``:
    what nobody decided on in time, which leaves or is stopped by itself.
    """

    warned: bool
    covert: bool
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
    return Reaches(
        warned=not died and any(in_danger(one.flags) for one in case.papers),
        covert=is_covert(case),
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
