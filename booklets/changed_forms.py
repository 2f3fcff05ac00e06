"""What is different between two editions of a form, for an officer who began in one and goes on in another.

What nobody is asked is left out: what the app fills in, and what is stored once in another form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from booklets.forms import Field, Form


class Became(StrEnum):
    """What became of a question."""

    GONE = "gone"  # nobody is asked it any more
    CHOICES_GONE = "choices_gone"  # it is asked, and some of its choices are no longer offered
    REWORDED = "reworded"  # it is asked in other words, or takes another sort of answer
    NEW = "new"  # it was not asked before


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One question that is other than it was. ``label`` is how it is asked now, or was when it went.

    ``before`` is how it was asked, where that is different; ``choices`` are those that have gone, in words.
    """

    became: Became
    question: str
    label: str
    before: str = ""
    choices: tuple[str, ...] = ()


def changes_between(before: Form, after: Form) -> tuple[Change, ...]:
    """Everything that changed for whoever is asked, each question once, in the order of ``Became``."""
    found = [*_of_what_was(before, after), *_new(before, after)]
    return tuple(sorted(found, key=lambda one: list(Became).index(one.became)))


def choices_gone(before: Field, after: Field) -> tuple[str, ...]:
    """The stored words of choices that were offered and are no longer, in a question or in its rows."""
    return tuple(code for code in _offered(before) if code not in _offered(after))


def _of_what_was(before: Form, after: Form) -> Iterator[Change]:
    for one in before.fields():
        if not _is_asked(one):
            continue
        now = after.field(one.id) if after.has(one.id) else None
        if now is None or not _is_asked(now):
            yield Change(became=Became.GONE, question=one.id, label=one.label)
        elif gone := choices_gone(one, now):
            said = tuple(_offered(one)[code] for code in gone)
            yield Change(became=Became.CHOICES_GONE, question=one.id, label=now.label, choices=said)
        elif _words(one) != _words(now):
            before_ = one.label if one.label != now.label else ""
            yield Change(became=Became.REWORDED, question=one.id, label=now.label, before=before_)


def _new(before: Form, after: Form) -> Iterator[Change]:
    for one in after.fields():
        if _is_asked(one) and not (before.has(one.id) and _is_asked(before.field(one.id))):
            yield Change(became=Became.NEW, question=one.id, label=one.label)


def _is_asked(one: Field) -> bool:
    return not one.system and not one.same_as


def _offered(one: Field) -> dict[str, str]:
    """The choices that an officer was offered, by their stored words."""
    cells = (code for column in one.columns for code in column.codes)
    return {code.code: code.said for code in (*one.codes, *cells) if not code.withdrawn}


def _words(one: Field) -> tuple[object, ...]:
    """What an officer reads of a question, and what sort of answer it takes."""
    rows = tuple((column.id, column.kind, column.label) for column in one.columns)
    return one.kind, one.label, one.help, rows, *_offered(one).values()
