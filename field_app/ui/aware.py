"""The five letters of AWARE: which pages they are, and how each stands, honestly and in one line.

A page with a letter asks its section first. Where nothing is written in it, the question that ends in
``_not_observed`` asks why; that reason is an answer too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from booklets.answers import Answer, codes_of, rows_of, said
from booklets.disclosure import LEFT_TO_SPECIALISTS
from booklets.forms import Effect
from booklets.guides import Guide, Page
from booklets.review import NEEDED, Problem
from field_app.capture.session import CaptureSession
from field_app.ui import aware_words as words
from field_app.ui.words import joined

NOT_OBSERVED = "_not_observed"


class Stand(Enum):
    """How a letter stands."""

    EMPTY = "empty"
    NOT_OBSERVED = "not_observed"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as the overview shows it. ``name`` tells the second A from the first."""

    page: Page
    name: str
    stand: Stand
    says: str


def lettered(guide: Guide) -> tuple[Page, ...]:
    """The pages that have a letter, in their order."""
    return tuple(page for page in guide.pages if page.letter)


def section_of(page: Page) -> str:
    """The question a lettered page is there for."""
    return page.fields()[0]


def reason_of(page: Page) -> str:
    """The question why a lettered page has no words, if it asks that."""
    return next((name for name in page.fields() if name.endswith(NOT_OBSERVED)), "")


def is_last_letter(guide: Guide, page: Page) -> bool:
    """Whether the letters end with this page."""
    return lettered(guide)[-1:] == (page,)


def letters(session: CaptureSession, problems: Sequence[Problem]) -> list[Letter]:
    """How each letter stands."""
    pages = lettered(session.guide)
    found: list[Letter] = []
    for page in pages:
        before = sum(one.page.letter == page.letter for one in found)
        name = f"{page.letter}{before + 1}" if before else page.letter
        found.append(_letter(session, problems, page, name))
    return found


def _letter(session: CaptureSession, problems: Sequence[Problem], page: Page, name: str) -> Letter:
    answer, reason = session.value(section_of(page)), reason_of(page)
    if said(answer):
        line = joined(_amount(answer), words.ANOTHER_LOOK if _commented_on(problems, page) else "")
        return Letter(page, name, Stand.WRITTEN, line)
    if reason and session.value(reason) == LEFT_TO_SPECIALISTS:
        return Letter(page, name, Stand.NOT_OBSERVED, words.LEFT_TO_SPECIALISTS)
    why = codes_of(session.value(reason)) if reason else ()
    if why:
        return Letter(
            page, name, Stand.NOT_OBSERVED, words.not_observed(session.field(reason).label_of(why[0]))
        )
    return Letter(page, name, Stand.EMPTY, words.NOTHING_YET)


def _amount(answer: Answer | None) -> str:
    rows = rows_of(answer)
    if rows:
        return words.spoken(len(rows))
    return words.written(len(answer.split())) if isinstance(answer, str) else ""


def _commented_on(problems: Sequence[Problem], page: Page) -> bool:
    """Whether a rule has something to say about the section that nobody has answered."""
    return any(
        problem.fields[:1] == (section_of(page),)
        and problem.code != NEEDED
        and problem.effect in {Effect.BLOCK, Effect.ASK, Effect.WARN}
        and not problem.kept
        for problem in problems
    )
