"""The disclosure stop (R-53): a child begins to describe a crime, and the questions end.

A form that has it asks it as ``disclosure_stop``; ``after_stop`` of every question says what becomes of it.
What only the child could answer is left to a specialist interview, and the record says so: the gap "not
asked: specialist interview" stands where the answer would, also in a question that takes no other gap.
"""

from __future__ import annotations

from typing import Final

from booklets.answers import Answer, Answers, Gap, Why
from booklets.forms import AfterStop
from booklets.guides import Guide, Page

LEFT_TO_SPECIALISTS: Final = Gap(Why.NOT_ASKED, "specialist interview")
_STOP: Final = "disclosure_stop"


def stop_question(guide: Guide) -> str:
    """The question by which an officer stops, by its full name; "" where the guide has none."""
    names = (f"{form.prefix}.{_STOP}" for form in guide.forms if form.has(f"{form.prefix}.{_STOP}"))
    return next(names, "")


def is_stopped(guide: Guide, answers: Answers) -> bool:
    """Whether the officer has stopped asking."""
    return answers.get(stop_question(guide)) == "yes"


def page_of(guide: Guide, answers: Answers, name: str) -> Page | None:
    """The page where a question stands now: after a stop, what is needed now stands with the stop."""
    needed_now = guide.asks(name) and guide.field(name).after_stop is AfterStop.NEEDED_NOW
    moved = needed_now and is_stopped(guide, answers)
    return guide.page_of(stop_question(guide) if moved else name)


def left_to_specialists(guide: Guide, answers: Answers, child: Answers) -> dict[str, Answer]:
    """The gap for each question that is left to specialists and has no answer yet; none before a stop.

    One pass in the order of the pages, as far as the answers and what is known of the ``child`` ask for it.
    """
    left: dict[str, Answer] = {}
    if not is_stopped(guide, answers):
        return left
    seen: dict[str, Answer] = dict(child)
    for one in guide.fields():
        if not one.is_shown(seen):
            continue
        if one.id in answers:
            seen[one.id] = answers[one.id]
        elif one.after_stop is AfterStop.NOT_ASKED:
            left[one.id] = seen[one.id] = LEFT_TO_SPECIALISTS
    return left
