"""What follows from each decision: who is told what, who has been told already, the family included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import flet as ft

from booklets.decisions import Outcome
from booklets.definitions.leaving import Output, Release
from field_app.capture.cases import Case
from field_app.capture.reaching import Reaches, reaches
from field_app.ui import kit as k
from field_app.ui import school_words, undecided_words, untold_words
from field_app.ui import supervising_words as words
from field_app.ui import theme as t

Then = tuple[ft.IconData, str, str]


def happens(outcome: Outcome, shown: Case, force: Mapping[str, object], now: datetime) -> list[ft.Control]:
    """Who is told what, the family included."""
    heading = ft.Semantics(
        header=True,
        heading_level=2,
        content=ft.Container(k.text(HEADINGS[outcome.way], t.STRONG), key=f"then.{outcome}"),
    )
    return [heading, *(step(*one) for one in follows(outcome, reaches(shown, force, now)))]


def step(sign: ft.IconData, who: str, what: str) -> ft.Control:
    """One who is told, and what."""
    lines = k.column([k.text(who, t.NOTE_STRONG), k.text(what, t.NOTE, t.QUIET)], 0)
    return ft.Row(
        [k.icon(sign, t.ACTION, 24), ft.Container(lines, expand=True)],
        spacing=12,
        vertical_alignment=k.TOP,
        key=f"then.{who}",
    )


HEADINGS: Mapping[Outcome, str] = {
    Outcome.APPROVE: words.WHEN_YOU_APPROVE,
    Outcome.RETURN: words.WHEN_YOU_SEND_BACK,
    Outcome.ESCALATE: words.WHEN_YOU_ESCALATE,
    Outcome.RECALL: words.WHEN_YOU_TAKE_BACK,
}
AUTHOR_READS: Then = (ft.Icons.BADGE_OUTLINED, words.THE_OFFICER, words.READS_WHY)
FIRST: Mapping[Outcome, Sequence[Then]] = {
    Outcome.RETURN: ((ft.Icons.BADGE_OUTLINED, words.THE_OFFICER, words.READS_ASKS),),
    Outcome.ESCALATE_VAT: (
        (ft.Icons.FACT_CHECK_OUTLINED, words.SPECIALISTS, words.SPECIALISTS_DECIDE),
        (ft.Icons.PERSON_SEARCH_OUTLINED, words.MISSING_TEAM, words.MISSING_TEAM_READS),
    ),
    Outcome.ESCALATE: ((ft.Icons.SUPERVISOR_ACCOUNT_OUTLINED, words.MANAGER, words.MANAGER_DECIDES),),
    Outcome.RECALL: ((ft.Icons.UNDO_ROUNDED, words.YOU, words.YOU_DECIDE),),
}
"""Who has it in hand after a decision that does not approve."""


def follows(outcome: Outcome, to: Reaches) -> list[Then]:
    """Each who is told, in the order in which it matters; the family last."""
    if outcome is Outcome.APPROVE:
        steps = [
            *council(to),
            *specialists(to),
            *partners(to),
            *school(to),
            (ft.Icons.FOLDER_OUTLINED, words.FORCE_SYSTEM, filed(to)),
            AUTHOR_READS,
        ]
    else:
        steps = [*FIRST[outcome if outcome in FIRST else outcome.way], nobody_else(to)]
    family = untold_words.family(to.must_not, to.untold, covert=to.covert)
    return [*steps, (ft.Icons.FAMILY_RESTROOM_ROUNDED, words.FAMILY, family)]


def nobody_else(to: Reaches) -> Then:
    """That nobody hears anything new; where danger is known already, that it stays so."""
    warned = words.WARNED_ALREADY[to.council_warned] if to.warned else ""
    return ft.Icons.GROUPS_OUTLINED, words.PARTNERS, " ".join(filter(None, (words.NOBODY_ELSE, warned)))


def council(to: Reaches) -> list[Then]:
    """What the council has of the child and of danger already, and what it gets now."""
    said: list[str] = []
    if to.died and (to.returned or to.missing or to.asks_partners):
        said.append(words.NOTHING_AFTER_DEATH)
    elif to.returned:
        said.append(or_by_itself(to, Output.RETURN_NOTICE, words.COUNCIL_TOLD))
    elif to.missing:
        said.append(or_by_itself(to, Output.MISSING_NOTICE, words.COUNCIL_TOLD_OF_MISSING))
    if to.warned:
        said.append(or_by_itself(to, Output.DANGER, words.DANGER_LEAVES))
    return [(ft.Icons.ACCOUNT_BALANCE_OUTLINED, words.COUNCIL, " ".join(said))] if said else []


def specialists(to: Reaches) -> list[Then]:
    """Whether the vulnerability team knows of danger already, and whether it decides next."""
    said = [words.TEAM_WARNED] if to.warned else []
    if to.goes_on:
        said.append(words.SPECIALISTS_NEXT)
    return [(ft.Icons.FACT_CHECK_OUTLINED, words.SPECIALISTS, " ".join(said))] if said else []


def partners(to: Reaches) -> list[Then]:
    """What partners are asked because of a PPN; of a danger, that this is all the rest."""
    if not to.asks_partners or to.died:
        return []
    ahead = to.council_warned and to.when(Output.REFERRAL) is not Release.SUBMISSION
    what = or_by_itself(to, Output.REFERRAL, words.PARTNERS_THE_REST if ahead else words.PARTNERS_TOLD)
    return [(ft.Icons.GROUPS_OUTLINED, words.PARTNERS, what)]


def school(to: Reaches) -> list[Then]:
    """When the child's school is told of what happened at home, where it is to be told."""
    if not to.tells_school or to.died:
        return []
    told = (
        school_words.SCHOOL_WAITS
        if to.covert
        else or_by_itself(to, Output.SCHOOL_NOTICE, school_words.SCHOOL_TOLD)
    )
    return [(ft.Icons.SCHOOL_OUTLINED, school_words.SCHOOL, told)]


def filed(to: Reaches) -> str:
    """When the record is filed; after a death it was held, whatever the force has set."""
    said = or_by_itself(to, Output.FORCE_RECORDS, words.FILED)
    return f"{said} {words.HELD_BY_DEATH}" if to.held_by_death(Output.FORCE_RECORDS) else said


def or_by_itself(to: Reaches, output: Output, said: Mapping[Release, str]) -> str:
    """When it leaves; of what nobody decided on in time, that it leaves or is stopped by itself, or was."""
    when, late = said[to.when(output)], to.undecided.get(output)
    if late is None or late.by is None or late.then is None:
        return when
    if to.is_over(late):
        return undecided_words.was_to(late.then, late.by)
    return f"{when} {undecided_words.will(late.then, late.by)}"
