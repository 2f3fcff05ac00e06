"""What follows from each decision: who is told what, the family included."""

from __future__ import annotations

import flet as ft

from booklets.decisions import Outcome
from field_app.capture.cases import Case
from field_app.ui import kit as k
from field_app.ui import supervising
from field_app.ui import supervising_words as words
from field_app.ui import theme as t

Then = tuple[ft.IconData, str, str]


def happens(outcome: Outcome, shown: Case) -> list[ft.Control]:
    """Who is told what, the family included."""
    title, steps = THEN[outcome if outcome in THEN else outcome.way]
    if outcome is Outcome.APPROVE and supervising.what_of(shown) == words.A_NOTICE:
        steps = NOTICE_APPROVED
    heading = ft.Semantics(
        header=True, heading_level=2, content=ft.Container(k.text(title, t.STRONG), key=f"then.{outcome}")
    )
    return [heading, *(step(*one) for one in steps)]


def step(sign: ft.IconData, who: str, what: str) -> ft.Control:
    """One who is told, and what."""
    lines = k.column([k.text(who, t.NOTE_STRONG), k.text(what, t.NOTE, t.QUIET)], 0)
    return ft.Row(
        [k.icon(sign, t.ACTION, 24), ft.Container(lines, expand=True)],
        spacing=12,
        vertical_alignment=k.TOP,
        key=f"then.{who}",
    )


AUTHOR_READS: Then = (ft.Icons.BADGE_OUTLINED, words.THE_OFFICER, words.READS_WHY)
FILED: Then = (ft.Icons.FOLDER_OUTLINED, words.FORCE_SYSTEM, words.FILED)
FAMILY: Then = (ft.Icons.FAMILY_RESTROOM_ROUNDED, words.FAMILY, words.NOTHING_SENT)
CHECK_APPROVED: tuple[Then, ...] = (
    (ft.Icons.ACCOUNT_BALANCE_OUTLINED, words.COUNCIL, words.COUNCIL_TOLD),
    FILED,
    AUTHOR_READS,
    FAMILY,
)
NOTICE_APPROVED: tuple[Then, ...] = (
    (ft.Icons.FACT_CHECK_OUTLINED, words.SPECIALISTS, words.SPECIALISTS_NEXT),
    (ft.Icons.GROUPS_OUTLINED, words.PARTNERS, words.PARTNERS_AFTER),
    (ft.Icons.FOLDER_OUTLINED, words.FORCE_SYSTEM, words.FILED_AFTER),
    AUTHOR_READS,
    FAMILY,
)
THEN: dict[Outcome, tuple[str, tuple[Then, ...]]] = {
    Outcome.APPROVE: (words.WHEN_YOU_APPROVE, CHECK_APPROVED),
    Outcome.RETURN: (
        words.WHEN_YOU_SEND_BACK,
        (
            (ft.Icons.BADGE_OUTLINED, words.THE_OFFICER, words.READS_ASKS),
            (ft.Icons.GROUPS_OUTLINED, words.PARTNERS, words.NOBODY_ELSE),
            FAMILY,
        ),
    ),
    Outcome.ESCALATE_VAT: (
        words.WHEN_YOU_ESCALATE,
        (
            (ft.Icons.FACT_CHECK_OUTLINED, words.SPECIALISTS, words.SPECIALISTS_DECIDE),
            (ft.Icons.PERSON_SEARCH_OUTLINED, words.MISSING_TEAM, words.MISSING_TEAM_READS),
            (ft.Icons.GROUPS_OUTLINED, words.PARTNERS, words.NOBODY_ELSE),
            FAMILY,
        ),
    ),
    Outcome.ESCALATE: (
        words.WHEN_YOU_ESCALATE,
        (
            (ft.Icons.SUPERVISOR_ACCOUNT_OUTLINED, words.MANAGER, words.MANAGER_DECIDES),
            (ft.Icons.GROUPS_OUTLINED, words.PARTNERS, words.NOBODY_ELSE),
            FAMILY,
        ),
    ),
    Outcome.RECALL: (
        words.WHEN_YOU_TAKE_BACK,
        (
            (ft.Icons.UNDO_ROUNDED, words.YOU, words.YOU_DECIDE),
            (ft.Icons.GROUPS_OUTLINED, words.PARTNERS, words.NOBODY_ELSE),
            FAMILY,
        ),
    ),
}
