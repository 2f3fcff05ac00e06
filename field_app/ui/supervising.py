"""The supervisor's desk on the screen's side: the case that is open, and the decision being written on it.

What is open stays as it was read until the supervisor turns to something else: news changes the queue beside
it, never the page under the eyes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from booklets import definitions, form_names, reading
from booklets.alike import RULE, Alike
from booklets.answers import Row, rows_of
from booklets.comparing import Change, changes
from booklets.decisions import Ask, Outcome
from booklets.entities import read_id
from booklets.errors import UNREADABLE, BookletError
from booklets.margin import About, Note, margin, missing_in
from booklets.records import Record
from booklets.review import Problem
from field_app.capture.cases import Case, Paper, queue_of
from field_app.capture.reaching import is_covert
from field_app.capture.returned import called
from field_app.capture.session import CaptureSession
from field_app.capture.worklist import described
from field_app.ui import arriving, duty_words
from field_app.ui import supervising_words as words
from field_app.ui.adding_words import WENT_AS_EMERGENCY
from field_app.ui.alike_words import also_in
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.remarks import each_name_once
from field_app.ui.words import joined

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
class Laid:
    """One record laid out to be read: the document, what the checks see, and what changed in it."""

    document: reading.Document
    notes: tuple[Note, ...] = field(repr=False)
    changes: tuple[Change, ...] = field(repr=False)

    def spot(self, question: str, entity: UUID | None) -> Spot:
        """Where an answer of this record can be asked about."""
        return Spot(self.document.record, question, entity)


@dataclass(slots=True)
class Desk:
    """``shown`` is the case as it is being read; ``session`` the decision on it, once one is begun.

    ``needs`` is what stands above it where it was tried and something was lacking. ``at`` is the answer that
    was shown last of those worth the eyes, and ``leafed`` how often another one was.
    """

    shown: Case | None = None
    papers: tuple[Laid, ...] = field(default=(), repr=False)
    kind: str = "all"
    session: CaptureSession | None = None
    problems: list[Problem] = field(default_factory=list, repr=False)
    asking: Spot | None = None
    comparing: bool = False
    tried: bool = False
    needs: str = ""
    pin_wanted: bool = False
    due: str = ""
    due_typed: str = ""
    at: Spot | None = None
    leafed: int = 0

    @property
    def outcome(self) -> Outcome | None:
        """What is about to be decided."""
        said = self.session.value(DECISION) if self.session else None
        return Outcome(said) if isinstance(said, str) and said in set(Outcome) else None

    @property
    def notes(self) -> list[Note]:
        """What the checks see that is worth the eyes of whoever decides, each thing once."""
        return once([note for paper in self.papers for note in paper.notes if worth_a_look(note)])

    @property
    def changes(self) -> dict[Spot, Change]:
        """What changed since the version before, by its place."""
        return {paper.spot(one.question, one.entity): one for paper in self.papers for one in paper.changes}

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

    def told(self, notice: str) -> str:
        """What stands above the decision: what is needed now where that was said, or what stood there."""
        if not self.needs or notice != self.needs:
            return notice
        self.needs = words.needed(len(self.standing)) if self.standing else ""
        return self.needs

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


def as_known(model: Model, case: Case) -> Case:
    """The case that is being read with what has been heard of it since; of a newer version nothing."""
    return case if is_newer(model, case) else newest_of(model, case)


def author_of(case: Case) -> str:
    """Who wrote it, rank and surname."""
    return called(case.papers[0].record.header.author)


def what_of(case: Case) -> str:
    """What was written, in the words officers use for it."""
    forms = {one.record.header.form for one in case.papers}
    if form_names.NOTICE in forms:
        return words.A_NOTICE
    if form_names.INTERVIEW in forms:
        return words.A_CHECK
    if form_names.RETURN in forms:
        return words.FOUND_ONLY
    return title_of(case.papers[0].record)


def title_of(record: Record) -> str:
    """What one record is called."""
    form = record.header.form
    try:
        return definitions.form(form).title.partition(" (")[0]
    except BookletError:  # sent with a form that this app does not have
        return form


def name_of(case: Case, today: date) -> tuple[str, str]:
    """The child as a card shows them: the name they go by; sex and age."""
    name, about = described(case.child, today)
    return name or words.NO_NAME, about


# -- how grave ---------------------------------------------------------------------------------------
DANGER, HARM = 1, 4
"""Their places in the force's order of what is grave, which ``words.GRAVE`` puts into words."""
DANGER_WORDS: Sequence[tuple[Mapping[str, str], str]] = (
    (
        {
            "pi.danger_now": "yes",
            "pi.stop_danger": "yes",
            "ppn.immediate_danger": "yes",
            "ppn.risk_opinion": "immediate_danger",
        },
        words.GRAVE[DANGER],
    ),
    ({"ppn.risk_opinion": "significant_harm"}, words.HARM_LIKELY),
    ({"pi.home_safe": "no"}, words.HOME_NOT_SAFE),
)
"""Why a case is among those in danger, in the words of its own answers, the most pressing first."""


def grave_word(case: Case) -> str:
    """What makes a case grave, as its records say it; nothing where nothing does."""
    if case.risk >= len(words.GRAVE):
        return ""
    if case.risk == HARM and _is_only_not_seen([paper.flags for paper in case.papers]):
        return words.NOT_SEEN
    if case.risk != DANGER:
        return words.GRAVE[case.risk]
    answers = [paper.record.answers for paper in case.papers]
    return next(
        (
            word
            for signs, word in DANGER_WORDS
            if any(said.get(name) == code for said in answers for name, code in signs.items())
        ),
        words.DANGER,
    )


def _is_only_not_seen(flags: Sequence[Mapping[str, object]]) -> bool:
    """Whether nothing shows harm, but nobody has seen the child."""
    return any(one.get("not_seen") for one in flags) and not any(one.get("harm") for one in flags)


def handled_as(case: Case) -> str:
    """What has to be known of a case before it is opened: it is covert, it went as an emergency."""
    covert = words.COVERT_SHORT if is_covert(case) else ""
    rushed = any(paper.flags.get("overrides") for paper in case.papers)
    return joined(covert, WENT_AS_EMERGENCY if rushed else "")


# -- the queue ---------------------------------------------------------------------------------------
KINDS: Mapping[str, str] = {
    "all": words.ALL,
    "high": words.HIGH,
    form_names.NOTICE: words.NOTICES,
    form_names.RETURN: words.RETURNS,
}
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
    return of_kind(queue_of(model.listed.cases), desk_of(model).kind)


def decided(model: Model) -> list[Case]:
    """What was decided lately, the newest first."""
    over = [one for one in model.listed.cases if not one.waits]
    return sorted(over, key=lambda one: one.waiting_since, reverse=True)


def filter_by(model: Model, kind: str) -> None:
    """Show only some of what waits."""
    desk_of(model).kind = kind
    model.redraw()


# -- opening and closing -----------------------------------------------------------------------------
async def open_case(model: Model, encounter: str) -> None:
    """Read a case as it stands now; a decision begun on it is gone on with."""
    case = next((one for one in model.home.cases if one.encounter == encounter), None)
    if case is None:
        arriving.show(model, duty_words.OVER)
        return
    shift, before = model.shift, desk_of(model)
    shift.viewing.forget()
    for paper in case.papers:
        shift.logbook.read(str(paper.record.header.record), paper.record.header.revision)
    papers = await asyncio.to_thread(lay_out, case, shift.force, model.now)
    open_ = bool(case.awaiting or case.to_take_back)
    session = await asyncio.to_thread(shift.deciding.written, case) if open_ else None
    model.desk = Desk(shown=case, papers=papers, kind=before.kind, session=session)
    model.desk.comparing = bool(model.desk.changes and case.asks)
    model.desk.looked_again()
    model.go(At.CASE)


async def close_case(model: Model) -> None:
    """Back to the queue; what was written is kept, and no photograph."""
    model.shift.viewing.forget()
    await model.go_home()
    model.desk = Desk(kind=desk_of(model).kind)


def back_to_record(model: Model) -> None:
    """From the decision back to what it is about."""
    desk = desk_of(model)
    desk.pin_wanted = desk.tried = False
    model.go(At.CASE)


def lay_out(case: Case, force: Mapping[str, object], now: datetime) -> tuple[Laid, ...]:
    """A case as documents to read, what the checks see in them, and what changed since the last version."""
    records = [one.record for one in case.papers]
    return tuple(
        _laid(one, [other for other in records if other is not one.record], force, now)
        for one in case.papers
    )


def _laid(paper: Paper, beside: Sequence[Record], force: Mapping[str, object], now: datetime) -> Laid:
    record, before = paper.record, paper.before
    try:
        notes = margin(record, force, now, beside)
    except UNREADABLE:  # read without notes
        notes = ()
    document = reading.read(record, *missing_in(notes))
    notes += tuple(map(_as_note, paper.alike))
    return Laid(document, notes, changes(before[-1], record) if before else ())


def _as_note(one: Alike) -> Note:
    """What the force found in another record of the unit, beside the answer that is like it (Q-02)."""
    return Note(about=About.RULE, question=one.question, says=also_in(one), code=RULE)


def alike_here(model: Model, spot: Spot) -> list[tuple[Alike, str]]:
    """The other records that this answer is like and this tablet has, each with its encounter."""
    _, case = open_desk(model)
    papers = [one for one in case.papers if one.record.header.record == spot.record]
    found = [one for paper in papers for one in paper.alike if one.question == spot.question]
    at = {
        paper.record.header.record: other.encounter for other in model.home.cases for paper in other.papers
    }
    return [(one, at[one.record]) for one in found if one.record in at]


def once(notes: Sequence[Note]) -> list[Note]:
    """Without what several records say of one answer, and each name that is not recorded at one place."""
    found: dict[tuple[str, UUID | None, str], Note] = {}
    for note in each_name_once(notes, place=lambda one: not one.question):
        found.setdefault((note.question, note.entity, note.says), note)
    return list(found.values())


def worth_a_look(note: Note) -> bool:
    """What is only left open with a reason, or still to come, is in the document and needs no note."""
    return note.about is not About.LATER and not (note.about is About.GAP and not note.stands)
