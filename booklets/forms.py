"""A form: its sections, fields, codes and rules. What is asked, of whom, and when it is needed.

Forms are data (see ``definitions``); nothing here knows a particular one. A
field's ``id`` is its full name, prefix and all (``ret.found_at``), because one
encounter fills several forms at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from booklets.answers import NOTHING, Answer, Answers, Why
from booklets.conditions import ALWAYS, NEVER, Condition
from booklets.errors import UnknownForm
from booklets.fixed_words import FixedWord


class Kind(FixedWord):
    """What sort of answer a field takes; every kind has one widget."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    SPEECH = "speech"
    ONE_OF = "one_of"
    MANY_OF = "many_of"
    YES_NO = "yes_no"
    MOMENT = "moment"
    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    PEOPLE = "people"
    PLACE = "place"
    PLACES = "places"
    OBJECT = "object"
    OBJECTS = "objects"
    REFERENCE = "reference"
    CONTACTS = "contacts"
    ROWS = "rows"
    DECISION = "decision"
    BODY_MAP = "body_map"
    STAFF = "staff"
    PHOTO = "photo"
    POSITION = "position"
    SIGNATURE = "signature"


NOT_ASKED = {"asked": False}
"""Marks a setting that changes nothing an officer is asked or told, so that no checksum covers it."""
MENTIONS: Mapping[Kind, str] = {
    Kind.PERSON: "person",
    Kind.PEOPLE: "person",
    Kind.PLACE: "place",
    Kind.PLACES: "place",
    Kind.OBJECT: "object",
    Kind.OBJECTS: "object",
}
CHOSEN = frozenset({Kind.ONE_OF, Kind.MANY_OF, Kind.YES_NO, Kind.DECISION})
SEVERAL = frozenset({Kind.MANY_OF, Kind.BODY_MAP, Kind.PEOPLE, Kind.PLACES, Kind.OBJECTS})
IN_ROWS = frozenset({Kind.SPEECH, Kind.CONTACTS, Kind.ROWS, Kind.PHOTO, Kind.POSITION, Kind.SIGNATURE})


class Stage(FixedWord):
    """By when a field is needed; a record can be sent at any stage and grow by revisions."""

    FOUND = "found"
    CAPTURE = "capture"
    COMPLETE = "complete"
    APPROVE = "approve"
    CLOSE = "close"

    @property
    def rank(self) -> int:
        """Its place in the order above."""
        return _RANKS[self]

    def reached_by(self, stage: Stage) -> bool:
        """Whether a field of this stage is due once the record stands at ``stage``."""
        return _RANKS[self] <= _RANKS[stage]


_RANKS = {stage: place for place, stage in enumerate(Stage)}


class Effect(FixedWord):
    """What follows when a rule finds something."""

    BLOCK = "block"  # cannot be sent, except as an emergency with a reason
    ASK = "ask"  # must be put right, or kept with a reason
    WARN = "warn"  # worth another look; the officer may go on
    TASK = "task"  # somebody has to do something, by a time
    SEND = "send"  # an output is prepared
    SHOW = "show"  # something to know, at once


class Whom(FixedWord):
    """Of whom a question about a person, place or object needs its answer."""

    EVERYONE = "everyone"
    CHILD = "child"  # the child the record is about
    OTHERS = "others"  # whoever else the answers mention


class AfterStop(FixedWord):
    """What becomes of a question once a child has begun to describe a crime (R-53)."""

    ASKED = "asked"  # still asked: it is not about what happened
    NEEDED_NOW = "needed_now"  # danger, injuries, who, where, when: asked at once, and only then
    NOT_ASKED = "not_asked"  # left to a specialist interview


ASKS_FOR_MORE = re.compile(r":(?: say| note| safe because\b).*")


@dataclass(frozen=True, slots=True)
class Code:
    """One choice. ``code`` is stored and sent and never changes; ``label`` is only ever shown."""

    code: str
    label: str
    withdrawn: bool = False
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The answer as it is read afterwards: without what it asks whoever chooses it to add."""
        return ASKS_FOR_MORE.sub("", self.label) if ":" in self.label else self.label


@dataclass(frozen=True, slots=True)
class Column:
    """One cell of a row.

    Where the question starts with rows of another form, ``starts_from`` names the cells that this one is
    filled from, as ``form.question.column``, and ``starts_as`` the choice that it has in each such row.
    """

    id: str
    kind: Kind
    label: str
    codes: tuple[Code, ...] = ()
    required: bool = False
    help: str = ""
    starts_from: tuple[str, ...] = ()
    starts_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. Words are for people; ``source`` and ``unverified`` are for the handbook.

    ``starts_from``, ``starts_as`` and ``shared_from`` say what is already known where one
    encounter follows from another; ``prefill`` explains them. Where ``unless`` holds nobody is
    asked any more, and an answer that was given before stays an answer. A ``system`` question is
    never asked; ``awaits`` says what will one day fill in one that nothing here can know. With
    ``day_alone`` the day of a moment is an answer without its hour. ``link`` is what the register calls
    the tie to whom or what its answer mentions. ``most`` is how many photographs it takes. Where a place is
    asked for that an officer may be standing at, ``here`` lets the device say where that is: a way to
    answer, which belongs to no edition. So does ``series``:
    what is a reference of the same series elsewhere in the encounter is offered again.
    """

    id: str
    kind: Kind
    label: str
    help: str = ""
    why: str = ""
    codes: tuple[Code, ...] = ()
    likely: tuple[str, ...] = ()
    limit: str = ""
    columns: tuple[Column, ...] = ()
    required: Condition = NEVER
    needed_of: Whom = Whom.EVERYONE
    shown: Condition = ALWAYS
    unless: Condition = NEVER
    stage: Stage = Stage.CAPTURE
    same_as: str = ""
    gaps: frozenset[Why] = frozenset(Why)
    role: str = ""
    verbatim: bool = False
    sensitive: str = ""
    after_stop: AfterStop = AfterStop.ASKED
    system: bool = False
    awaits: str = ""
    day_alone: bool = False
    most: int = 0
    starts_from: tuple[str, ...] = ()
    starts_as: Mapping[str, Condition] = field(default_factory=dict)
    shared_from: tuple[str, ...] = ()
    source: str = ""
    unverified: bool = False
    link: str = field(default="", metadata=NOT_ASKED)
    here: bool = field(default=False, compare=False, metadata=NOT_ASKED)
    series: str = field(default="", compare=False, metadata=NOT_ASKED)

    def mentions(self) -> bool:
        """Whether its answer, or a cell of it, names persons, places or objects."""
        return self.kind in MENTIONS or any(column.kind in MENTIONS for column in self.columns)

    def is_shown(self, answers: Answers) -> bool:
        """Whether the question is asked, given the answers above it, or was while it still was one."""
        return self.shown.holds(answers) and (self.id in answers or not self.unless.holds(answers))

    def is_required(self, answers: Answers) -> bool:
        """Whether an answer (or a gap with its reason) is needed."""
        return self.required.holds(answers) and not self.unless.holds(answers)

    def goes_at(self, stage: Stage) -> bool:
        """Whether an answer is sent when the record is sent as far as ``stage``.

        "Found" goes at once and alone; later everything goes that has been said.
        """
        return stage is not Stage.FOUND or self.stage is Stage.FOUND

    def offered(self, force: Mapping[str, object]) -> tuple[Code, ...]:
        """The choices to show: not withdrawn, and within what the force allows."""
        allowed = force.get(self.limit) if self.limit else None
        return tuple(
            code
            for code in self.codes
            if not code.withdrawn and (not isinstance(allowed, (list, tuple)) or code.code in allowed)
        )

    def label_of(self, code: str) -> str:
        """A code as it is read in an answer, or the code itself when it is not one of ours."""
        return next((choice.said for choice in self.codes if choice.code == code), code)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlan:
    """What a rule asks somebody to do: ``within_minutes`` is a number or ``@setting``."""

    kind: str
    owner: str
    within_minutes: int | str = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A named check and what follows from it. ``args`` may name force settings as ``@name``.

    It looks where ``when`` holds, and not where ``unless`` does.
    """

    id: str
    check: str
    fields: tuple[str, ...]
    says: str
    effect: Effect
    because: str = ""
    source: str = ""
    unverified: bool = False
    args: Mapping[str, object] = field(default_factory=dict)
    when: Condition = ALWAYS
    unless: Condition = NEVER
    of: str = ""
    roles: tuple[str, ...] = ()
    task: TaskPlan | None = None
    output: str = ""
    override: bool = True
    group: str = ""
    stage: Stage = Stage.CAPTURE


class Sign(FixedWord):
    """What answers may show, that whoever reads a record must see at once."""

    DANGER = "danger"
    DISCLOSURE = "disclosure"
    HARM = "harm"
    EXPLOITATION = "exploitation"
    NOT_SEEN = "not_seen"
    INTERVIEW_URGENT = "interview_urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """How the register files a record of this form.

    ``event`` is what the register calls it, and ``began`` the questions that say when it began. One about
    a ``missing`` child is part of an episode, which began and ended when those questions say.
    ``specialists`` is the role that decides once the supervisor has, if any does.
    """

    event: str = ""
    began: tuple[str, ...] = ()
    missing: bool = False
    episode_began: tuple[str, ...] = ()
    episode_ended: tuple[str, ...] = ()
    specialists: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together."""

    id: str
    title: str
    fields: tuple[Field, ...]
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One kind of record, or one kind of entity. ``checksum`` names exactly these words and rules.

    ``shows`` has the answers that are a sign of danger, harm and the like; an answer that is not given
    is never a sign.
    """

    id: str
    prefix: str
    version: str
    title: str
    record_type: str
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    checksum: str = ""
    about: str = ""
    filing: Filing = field(default=Filing(), metadata=NOT_ASKED)
    shows: Mapping[Sign, Condition] = field(default_factory=dict, metadata=NOT_ASKED)
    _fields: tuple[Field, ...] = field(init=False, repr=False, compare=False)
    _named: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fields = tuple(one for section in self.sections for one in section.fields)
        object.__setattr__(self, "_fields", fields)  # worked out once: it is looked at with every key
        object.__setattr__(self, "_named", {one.id: one for one in fields})

    @property
    def names(self) -> Set[str]:
        """The full names of all its fields."""
        return self._named.keys()

    @property
    def edition(self) -> str:
        """The name under which its checksum is published: ``id@version``."""
        return f"{self.id}@{self.version}"

    def fields(self) -> Iterator[Field]:
        """Every field, in the order of the form."""
        return iter(self._fields)

    def signs_in(self, answers: Answers) -> frozenset[Sign]:
        """What these answers show."""
        return frozenset(sign for sign, when in self.shows.items() if when.holds(answers))

    def field(self, id_: str) -> Field:
        """The field of this full name."""
        if id_ not in self._named:
            raise UnknownForm(f"{self.id} has no field {id_!r}")
        return self._named[id_]

    def has(self, id_: str) -> bool:
        """Whether a field of this full name exists."""
        return id_ in self._named

    def asked(self, answers: Answers) -> dict[str, Answer]:
        """The answers that count: those of fields that are shown. One pass, top to bottom."""
        return asked_among(self.fields(), answers)


def asked_among(fields: Iterator[Field], answers: Answers, given: Answers = NOTHING) -> dict[str, Answer]:
    """The answers of those ``fields`` that are shown, given the ones above them.

    ``given`` is known before the first question, such as what is known of the child.

    Conditions look upwards only, so one pass decides everything, and an answer
    to a question that is no longer asked counts for nothing and is not sent.
    """
    counted: dict[str, Answer] = {}
    seen: dict[str, Answer] = dict(given)
    for one in fields:
        if one.id in answers and one.shown.holds(seen):
            seen[one.id] = counted[one.id] = answers[one.id]
    return counted
