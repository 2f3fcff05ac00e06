"""Whom a case reaches, and when: by itself as it arrives, or once somebody has decided. Pure functions.

What the force found when the record arrived travels with it as flags; what leaves at which moment is the
force's own setting.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from booklets import definitions
from booklets.definitions.leaving import Leaving, Output, Release
from booklets.errors import BookletError
from booklets.forms import Sign
from field_app.capture.cases import Case, Paper

RETURNS: Final = frozenset({"ret", "pvi"})
NOTICE: Final = "ppn"
DANGER_RULE: Final = "R-61"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaches:
    """``warned``: a record shows danger, which the vulnerability team has had since it arrived.

    ``covert``: somebody near the child must not know. ``died``: nothing leaves for a council by itself.
    ``goes_on``: specialists decide after the supervisor.
    """

    warned: bool
    covert: bool
    died: bool
    goes_on: bool
    forms: Collection[str]
    leaving: Mapping[Output, Leaving]

    @property
    def returned(self) -> bool:
        """Whether it tells of a child who is back."""
        return not RETURNS.isdisjoint(self.forms)

    @property
    def asks_partners(self) -> bool:
        """Whether partners are asked for something because of it."""
        return NOTICE in self.forms

    def when(self, output: Output) -> Release:
        """When it leaves: what waits for specialists waits for the supervisor where none of them decide."""
        when = self.leaving[output].when
        return Release.SUPERVISOR if when is Release.SPECIALIST and not self.goes_on else when

    def has_left(self, output: Output) -> bool:
        """Whether it did not wait for anybody to decide."""
        return self.when(output) is Release.SUBMISSION

    @property
    def council_warned(self) -> bool:
        """Whether danger was sent to the council before anybody decided."""
        return self.warned and self.has_left(Output.DANGER)


def reaches(case: Case, force: Mapping[str, object]) -> Reaches:
    """Whom this case reaches, as the force has set it."""
    died = any(one.flags.get("child_has_died") for one in case.papers)
    forms = frozenset(one.record.header.form for one in case.papers)
    return Reaches(
        warned=not died and any(map(shows_danger, case.papers)),
        covert=is_covert(case),
        died=died,
        goes_on=any(map(_has_specialists, forms)),
        forms=forms,
        leaving=definitions.leaving(force),
    )


def is_covert(case: Case) -> bool:
    """Whether somebody near the child must not know of it."""
    return any(one.record.header.covert for one in case.papers)


def shows_danger(paper: Paper) -> bool:
    """R-61: the force found danger in it when it arrived, which waits for nobody's decision."""
    return bool(paper.flags.get(Sign.DANGER.value)) or DANGER_RULE in paper.flags.get("rules", ())


def _has_specialists(form: str) -> bool:
    try:
        return bool(definitions.form(form).filing.specialists)
    except BookletError:
        return False
