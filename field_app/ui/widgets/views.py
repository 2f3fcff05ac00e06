"""What a widget is given: one question as it is shown, and what it may do. Forms are read elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TypeAlias

import flet as ft

from booklets.answers import Answer, Scalar, Why
from booklets.forms import Kind
from field_app.capture.signatures import Stroke

Choice: TypeAlias = tuple[str, str]
"""A code and its words."""


class Tone(Enum):
    """How a line under a field is meant. Red is not among them: it means late or danger."""

    NEEDED = "needed"
    SAY_WHY = "say_why"
    LOOK = "another_look"
    KNOW = "to_know"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One quiet line under a field. `use` is wording offered instead of the officer's own.

    `alone`: nothing stands there yet. `keep`: one tap keeps it as it stands; `undo`: wording was taken, and
    can be given back.
    """

    says: str
    tone: Tone = Tone.NEEDED
    rule: str = ""
    use: str = ""
    keep: bool = False
    undo: bool = False
    alone: bool = False
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody asks about this answer, shown above it: a sergeant, by name and rank, and since when."""

    by: str
    says: str = field(repr=False)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A person, place, object or officer already known here: picked instead of typed again."""

    id: str
    words: str = field(repr=False)
    under: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One question as the officer sees it.

    `likely` are codes to put first; `sought` are further words by which a code is found, never shown;
    `alone` are codes that exclude all others; `gaps` the reasons
    offered when there is no answer (none: no way out); `prompts` remind and insert nothing; `because` is
    the text of a decision's sibling; `start` the cells a new row begins with; `source` says where a
    filled-in fact comes from; `others_word` names what "someone else" is here; `tall` is the number of
    lines an account starts with; `care` is what to mind before the question is read out; `opened` is the row
    that is gone on with; with `day_alone` a day without a time is an answer; `by` is when a clock ends that
    this answer stops, so that "later" is not after it; `me` is what others call whoever writes; `most` is
    how many photographs it takes; `here` marks a place at which the officer may be standing; what is
    `needed` stands open at once: a first row, or the boxes of `named_by`, the facts by which somebody or
    something new is named; `earlier` are references of the same sort that were given already, and `hint`
    says what one looks like.
    """

    id: str
    kind: Kind
    label: str
    help: str = ""
    care: str = ""
    choices: tuple[Choice, ...] = ()
    likely: tuple[str, ...] = ()
    sought: tuple[Choice, ...] = ()
    alone: tuple[str, ...] = ()
    required: bool = False
    gaps: tuple[Why, ...] = tuple(Why)
    lines: tuple[Line, ...] = ()
    remark: Remark | None = None
    known: tuple[Known, ...] = ()
    columns: tuple[FieldView, ...] = ()
    start: tuple[tuple[str, Scalar], ...] = field(default=(), repr=False)
    prompts: tuple[str, ...] = ()
    because: str = field(default="", repr=False)
    source: str = ""
    unit: str = ""
    tall: int = 0
    opened: int | None = None
    day_alone: bool = False
    most: int = 0
    by: datetime | None = None
    others_word: str = ""
    me: str = ""
    here: bool = False
    needed: bool = False
    named_by: tuple[Choice, ...] = ()
    earlier: tuple[str, ...] = field(default=(), repr=False)
    hint: str = ""

    def words_of(self, code: str) -> str:
        """The words of a code or of something known; what was typed, if it is neither."""
        for known in self.known:
            if known.id == code:
                return known.words
        return next((words for own, words in self.choices if own == code), code)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldActs:
    """What a field may do. Make it once per screen: widgets are drawn again when it is a different one.

    `put` takes the full field id and the answer (`None` takes it away). `open_entity` opens one that is
    known, or with `None` a new one. `here` finds where the phone is and answers a question about a place
    with it, `position` says it of the place that is open: each puts it itself and returns what to say;
    leave them out where there is no receiver; `seeking` says whether it is asked already. `use_wording`
    takes the field and the wording, `keep_wording` the field and the rule. `add_photo` has one chosen,
    calls back once it is there and has to be made small, puts it itself, and returns what to say;
    `take_photo` does the same with one that our own camera took, where there is one; `photo` gives one
    to show, small or whole; `sign` makes a picture of what was drawn on a pad of this size, puts it
    itself, and returns what to say. `name` takes the field, whoever is being named ("" for somebody
    new), the fact and its words, and returns whose they are now, or "" where nothing is left of them.
    `unread` gives what was typed in the boxes of a field and is no answer yet, by box, and `keep_unread`
    keeps it.
    """

    put: Callable[[str, Answer | None], None]
    now: Callable[[], datetime]
    open_entity: Callable[[str, str | None], object]
    here: Callable[[str], Awaitable[str]] | None = None
    position: Callable[[str], Awaitable[str]] | None = None
    seeking: Callable[[str], bool] = lambda _: False
    name: Callable[[str, str, str, str], str] | None = None
    give_reason: Callable[[str, str], None] | None = None
    use_wording: Callable[[str, str], None] | None = None
    keep_wording: Callable[[str, str], None] | None = None
    undo_wording: Callable[[], None] | None = None
    add_photo: Callable[[str, Callable[[], None]], Awaitable[str]] | None = None
    take_photo: Callable[[str, Callable[[], None], bytes], Awaitable[str]] | None = None
    photo: Callable[[str, bool], Awaitable[bytes | None]] | None = None
    sign: Callable[[str, Sequence[Stroke], tuple[int, int]], Awaitable[str]] | None = None
    unread: Callable[[str], Mapping[str, str]] = lambda _: {}
    keep_unread: Callable[[str, Mapping[str, str]], None] = lambda _field, _parts: None


Widget: TypeAlias = Callable[[FieldView, Answer | None, FieldActs], ft.Control]


def most_likely_first(choices: Sequence[Choice], likely: Sequence[str]) -> tuple[Choice, ...]:
    """The choices with the likely ones first, in the order given; the rest keep theirs."""
    rank = {code: i for i, code in enumerate(likely)}
    return tuple(sorted(choices, key=lambda choice: rank.get(choice[0], len(rank))))


def found_in(choices: Sequence[Choice], typed: str, sought: Sequence[Choice] = ()) -> tuple[Choice, ...]:
    """The choices that contain every word typed; those that begin with it come first.

    `sought` are further words of some of them, which are looked through and not shown.
    """
    parts, further = typed.casefold().split(), dict(sought)

    def fits(choice: Choice) -> bool:
        words = f"{choice[1]} {further.get(choice[0], '')}".casefold()
        return all(part in words for part in parts)

    fitting = [choice for choice in choices if fits(choice)]
    start = typed.strip().casefold()
    return tuple(sorted(fitting, key=lambda choice: not choice[1].casefold().startswith(start)))
