"""The supervisor's desk on the screen's side: the case that is open, and the decision being written on it.

What is open stays as it was read until the supervisor turns to something else: news changes the queue beside
it, never the page under the eyes.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher
from uuid import UUID

from booklets import definitions, reading
from booklets.answers import Row, rows_of
from booklets.decisions import Ask, Outcome
from booklets.entities import read_id
from booklets.errors import BookletError
from booklets.forms import Effect
from booklets.received import facts_of_record
from booklets.records import Record
from booklets.review import NEEDED, Problem, problems_in
from field_app.capture.cases import Case, Standing, queue_of
from field_app.capture.returned import called
from field_app.capture.session import CaptureSession
from field_app.capture.worklist import described
from field_app.ui import supervising_words as words
from field_app.ui.model import At, Model

SUBJECT_ROLE = "missing_child"
ASKS, DECISION = "sup.asks", "sup.decision"


@dataclass(frozen=True, slots=True)
class Spot:
    """An answer that can be asked about. ``entity`` is set for a fact about a person, place or object."""

    record: UUID
    question: str
    entity: UUID | None = None

    @property
    def name(self) -> str:
        """How tests and screen readers name it."""
        return f"{self.entity}.{self.question}" if self.entity else self.question


@dataclass(frozen=True, slots=True)
class Note:
    """What a check sees, beside the answer it is about."""

    spot: Spot
    says: str = field(repr=False)
    needed: bool
    reason: str = field(default="", repr=False)


@dataclass(slots=True)
class Desk:
    """``shown`` is the case as it is being read; ``session`` the decision on it, once one is begun."""

    shown: Case | None = None
    documents: tuple[reading.Document, ...] = field(default=(), repr=False)
    notes: tuple[Note, ...] = field(default=(), repr=False)
    changes: Mapping[Spot, tuple[str, ...]] = field(default_factory=dict, repr=False)
    kind: str = "all"
    session: CaptureSession | None = None
    problems: list[Problem] = field(default_factory=list, repr=False)
    asking: Spot | None = None
    comparing: bool = False
    tried: bool = False
    pin_wanted: bool = False
    due: str = ""

    @property
    def outcome(self) -> Outcome | None:
        """What is about to be decided."""
        said = self.session.value(DECISION) if self.session else None
        return Outcome(said) if isinstance(said, str) and said in set(Outcome) else None

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The questions pinned so far."""
        rows = rows_of(self.session.value(ASKS)) if self.session else ()
        return tuple(_ask(row) for row in rows)

    def ask_at(self, spot: Spot) -> Ask | None:
        """The question pinned to an answer."""
        return next(
            (one for one in self.asks if (one.question, one.entity) == (spot.question, spot.entity)), None
        )

    def looked_again(self) -> bool:
        """Work out what stands before deciding; whether that is other than before."""
        before = self.problems
        self.problems = self.session.problems() if self.session else []
        return before != self.problems

    @property
    def standing(self) -> list[Problem]:
        """What stands against deciding."""
        return [one for one in self.problems if one.stands]


def _ask(row: Row) -> Ask:
    entity = row.get("entity")
    return Ask(
        read_id(row["record"]),
        str(row["question"]),
        str(row.get("asks", "")),
        read_id(entity) if entity else None,
    )


def desk_of(model: Model) -> Desk:
    """This window's desk."""
    if model.desk is None:
        model.desk = Desk()
    return model.desk


def open_desk(model: Model) -> tuple[Desk, Case]:
    """The desk with the case that is open on it."""
    desk = desk_of(model)
    if desk.shown is None:
        raise BookletError("no case is open")
    return desk, desk.shown


def newest_of(model: Model, case: Case) -> Case:
    """The same case as it stands by the newest news."""
    return next((one for one in model.home.cases if one.encounter == case.encounter), case)


def is_newer(model: Model, case: Case) -> bool:
    """Whether a newer version has come than the one that is being read."""
    newest = newest_of(model, case)
    return {one.record.key for one in newest.papers} != {one.record.key for one in case.papers}


def author_of(case: Case) -> str:
    """Who wrote it, rank and surname."""
    return called(case.papers[0].record.header.author)


def what_of(case: Case) -> str:
    """What was written, in the words officers use for it."""
    forms = {one.record.header.form for one in case.papers}
    if "ppn" in forms:
        return words.A_NOTICE
    return words.A_CHECK if "pvi" in forms else words.FOUND_ONLY


def name_of(case: Case, today: date) -> tuple[str, str]:
    """The child as a card shows them: the name they go by; sex and age."""
    name, about = described(case.child, today)
    return name or words.NO_NAME, about


# -- the queue ---------------------------------------------------------------------------------------
KINDS: Mapping[str, str] = {"all": words.ALL, "high": words.HIGH, "ppn": words.NOTICES, "ret": words.RETURNS}
HARM_AT_LEAST = len(words.GRAVE) - 1


def of_kind(cases: Sequence[Case], kind: str) -> list[Case]:
    """The cases that a filter lets through."""
    match kind:
        case "high":
            return [one for one in cases if one.risk <= HARM_AT_LEAST]
        case "all":
            return list(cases)
        case form:
            return [one for one in cases if any(paper.record.header.form == form for paper in one.papers)]


def waiting(model: Model) -> list[Case]:
    """What waits for this supervisor, as the filter has it."""
    return of_kind(queue_of(model.home.cases), desk_of(model).kind)


def decided(model: Model) -> list[Case]:
    """What was decided lately, the newest first."""
    over = [one for one in model.home.cases if one.standing is not Standing.UNDECIDED]
    return sorted(over, key=lambda one: one.waiting_since, reverse=True)


def filter_by(model: Model, kind: str) -> None:
    """Show only some of what waits."""
    desk_of(model).kind = kind
    model.redraw()


# -- opening and closing -----------------------------------------------------------------------------
async def open_case(model: Model, encounter: str) -> None:
    """Read a case as it stands now; a decision begun on it is gone on with."""
    case = next(one for one in model.home.cases if one.encounter == encounter)
    shift, before = model.shift, desk_of(model)
    laid = await asyncio.to_thread(lay_out, case, shift.force, model.now)
    session = await asyncio.to_thread(shift.deciding.written, case) if case.awaiting else None
    changes = await asyncio.to_thread(changes_of, case, laid[0])
    model.desk = Desk(
        shown=case,
        documents=laid[0],
        notes=laid[1],
        changes=changes,
        kind=before.kind,
        session=session,
        comparing=bool(changes and case.asks),
    )
    model.desk.looked_again()
    model.go(At.CASE)


async def close_case(model: Model) -> None:
    """Back to the queue; what was written is kept."""
    model.desk = Desk(kind=desk_of(model).kind)
    await model.go_home()


def back_to_record(model: Model) -> None:
    """From the decision back to what it is about."""
    desk = desk_of(model)
    desk.pin_wanted = desk.tried = False
    model.go(At.CASE)


def lay_out(
    case: Case, force: Mapping[str, object], now: datetime
) -> tuple[tuple[reading.Document, ...], tuple[Note, ...]]:
    """A case as documents to read, and what the checks see in them."""
    documents: list[reading.Document] = []
    notes: list[Note] = []
    for paper in case.papers:
        problems = problems_of(paper.record, force, now)
        missing = {name for one in problems if one.code == NEEDED for name in one.fields}
        documents.append(reading.read(paper.record, missing))
        notes += _notes(paper.record, problems)
    return tuple(documents), tuple(notes)


def changes_of(case: Case, documents: Sequence[reading.Document]) -> dict[Spot, tuple[str, ...]]:
    """Which answers are other than in the version before, with what stood there."""
    before: dict[Spot, tuple[str, ...]] = {}
    for paper in case.papers:
        if paper.before:
            old = reading.read(paper.before[-1])
            before |= {Spot(old.record, one.question, one.entity): tuple(one.flat()) for one in old.lines()}
    compared = {one.record.header.record for one in case.papers if one.before}
    return {
        spot: before.get(spot, ())
        for one in documents
        if one.record in compared
        for line in one.lines()
        if before.get(spot := Spot(one.record, line.question, line.entity), ()) != tuple(line.flat())
    }


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of two versions of a text woven into one."""

    words: str = field(repr=False)
    taken: bool = False
    added: bool = False


def woven(before: str, after: str) -> list[Piece]:
    """Both versions in one, word by word: what was taken away, what was added, what stayed."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece("".join(old[a:b]), taken=True))
        if d > c:
            found.append(Piece("".join(new[c:d]), added=True))
    return found


_WORDS = re.compile(r"\s*\S+|\s+$")


def problems_of(record: Record, force: Mapping[str, object], now: datetime) -> list[Problem]:
    """What the rules say about a record, read on its own."""
    try:
        form = definitions.form(record.header.form)
        facts = facts_of_record(record, form, force, now, SUBJECT_ROLE)
        return problems_in(form.fields(), form.rules, facts, record.stage)
    except (BookletError, ValueError, LookupError, TypeError):  # of another version: read without notes
        return []


def _notes(record: Record, problems: Sequence[Problem]) -> list[Note]:
    child = next((one for one in record.entities if one.id == record.header.subject), None)
    name = (child.word("known_as") or child.word("given_names")) if child else ""
    return [
        Note(
            Spot(record.header.record, one.fields[0], one.entity),
            one.says.replace("{name}", name or "the child"),
            one.stands,
            one.kept,
        )
        for one in problems
        if one.fields and one.effect in {Effect.BLOCK, Effect.ASK, Effect.WARN}
    ]
