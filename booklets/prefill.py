"""What follows from an encounter, such as a PPN: what is already known stands there, and says nothing new.

The form that follows declares where a question of it starts from (see the top of ``ppn.toml``):

* about the same child, each question starts with the answers it names under ``starts_from``, and
  with the choice of ``starts_as`` whose condition holds;
* about another child of the incident, only with those under ``shared_from``: what one child told
  is not written into another child's notice.

Facts are taken over, judgements are not: the form declares no start for those. No gap is taken
over, and nothing ever starts as "no" or as "none seen": silence in one record is no answer in
another. Exact words start only exact words. Rows that have other columns there are put into those of
this question, cell by cell, as its columns say (``Column.starts_from``).

Where the officer stopped asking because a child began to describe a crime, the PPN about that child begins
stopped, and leaves the same to specialists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from booklets.answers import (
    Answer,
    Answers,
    Gap,
    Moment,
    Row,
    Scalar,
    blank,
    codes_of,
    frozen,
    rows_of,
    said,
)
from booklets.checks.choices import child_has_died
from booklets.clocks import at_once, at_the_latest
from booklets.disclosure import left_to_specialists
from booklets.encounters import Encounter, Following, begin
from booklets.entities import Entity
from booklets.facts import ids_in, mentioned
from booklets.forms import CHOSEN, IN_ROWS, MENTIONS, SEVERAL, Column, Field, Form, Kind, Stage
from booklets.guides import Guide
from booklets.records import Author, Link
from booklets.review import has_shape
from booklets.stamps import Stamp

FOLLOWS_FROM = "follows_from"
NEEDED = ("pi.ppn_needed", "mis.ppn_needed")
"""Where an officer says that this child needs a PPN."""
DECIDED = "person.ppn_decision"
WRITTEN = "ppn_done"
OTHERS, OTHERS_WHO = "ppn.other_children", "ppn.other_children_who"
WEIGHED_UP = "ra.assessed_at"
"""From when it is counted how soon an assessment wants something done."""
NOTHING_SET: Mapping[str, object] = MappingProxyType({})
SAYING_NO = ("no", "none", "not")


def ppns_due(encounter: Encounter, guide: Guide) -> tuple[UUID, ...]:
    """The children for whom a PPN is to be written: first the child itself, then each other child.

    The child when the officer has decided so, and not once it has died; another child when that was
    decided about them.
    """
    answers = _counted(encounter, guide)
    due: list[UUID] = []
    decided = any(answers.get(name) == "yes" for name in NEEDED) and not child_has_died(answers)
    if encounter.subject is not None and decided:
        due.append(encounter.subject)
    named = dict.fromkeys(id_ for _, id_ in mentioned(guide.fields(), answers))
    for id_ in named:
        person = encounter.entities.get(id_)
        if id_ != encounter.subject and person is not None and person.facts.get(DECIDED) == WRITTEN:
            due.append(id_)
    return tuple(due)


def following_on(
    encounter: Encounter,
    guide: Guide,
    *,
    child: UUID,
    next_guide: Guide,
    officer: Author,
    at: Stamp,
    force: Mapping[str, object] = NOTHING_SET,
) -> Encounter:
    """A new encounter about ``child``, of the same incident and episode, with what is already known.

    By ``force`` what was to be done at once has its hour.

    Raises ValueError when the encounter does not know this child.
    """
    if child not in encounter.entities:
        raise ValueError("this encounter mentions no such child")
    following = Following(
        incident=encounter.incident, episode=encounter.episode, linked=tuple(_links(encounter, guide))
    )
    begun = begin(
        next_guide,
        officer=officer,
        force=encounter.force,
        unit=encounter.unit,
        at=at,
        subject=encounter.entities[child],
        following=following,
        shift_ends=encounter.shift_ends,
    )
    started = _start(encounter, guide, child, next_guide, at_once(force))
    left = left_to_specialists(next_guide, started, encounter.entities[child].facts)
    return replace(
        begun,
        entities=MappingProxyType(_people(encounter, guide, child, officer=officer, at=at)),
        answers=frozen({**started, **left}),
        attached=encounter.attached,
        begun_with=frozen(started),
    )


def told_of_newer(begun: Encounter, today: Encounter) -> Encounter:
    """What was begun some time ago, and which answers it would be begun with otherwise ``today``.

    Nothing in it changes: what the officer wrote or left is theirs. Of one that an older app began nothing
    can be said. What is known of persons and places is not compared.
    """
    before, now = begun.begun_with, today.begun_with
    if not before or before == now:
        return begun
    other = [name for name in dict.fromkeys((*now, *before)) if before.get(name) != now.get(name)]
    still = [name for name in (*begun.newer, *other) if begun.answers.get(name) != now.get(name)]
    return replace(begun, begun_with=now, newer=tuple(dict.fromkeys(still)))


def prefilled_count(encounter: Encounter, guide: Guide) -> tuple[int, int]:
    """How many answers are there before the first tap, of how many that sending will need."""
    child = encounter.child()
    known: Answers = {**(child.facts if child else {}), **encounter.answers}
    due = [name for page in guide.pages for name in page.fields() if _counts(guide.field(name), known)]
    return sum(1 for name in due if name in known), len(due)


def misfits(forms: Sequence[Form]) -> Iterator[str]:
    """What the forms say about starts and cannot be, each with the question and why. Must be empty."""
    known = {one.id: one for form in forms for one in form.fields()}
    for one in known.values():
        for name in (*one.starts_from, *one.shared_from):
            source = known[name]
            if source.verbatim != one.verbatim:
                yield f"{one.id} starts from {name}: exact words start only exact words"
            elif not _fits(one.kind, source.kind):
                yield f"{one.id} starts from {name}: a {one.kind} cannot start from a {source.kind}"
            elif one.codes and not {c.code for c in source.codes} & {c.code for c in one.codes}:
                yield f"{one.id} starts from {name}: they have no choice in common"
        yield from (
            f"{one.id} starts from {cell}: there is no such cell"
            for column in one.columns
            for cell in column.starts_from
            if cell not in known_cells(known, one.starts_from)
        )


def known_cells(known: Mapping[str, Field], names: Iterable[str]) -> set[str]:
    """The cells of the rows of these questions, as ``form.question.column``."""
    return {f"{name}.{column.id}" for name in names for column in known[name].columns}


def _counts(one: Field, known: Answers) -> bool:
    """Whether a question is needed before sending, or answered although it need not be."""
    due = one.stage.reached_by(Stage.CAPTURE) and one.is_shown(known)
    return due and (one.id in known or one.is_required(known))


def _counted(encounter: Encounter, guide: Guide) -> Mapping[str, Answer]:
    child = encounter.child()
    return guide.asked(encounter.answers, child.facts if child else {})


def _links(encounter: Encounter, guide: Guide) -> Iterator[Link]:
    """Each record of the encounter, at the revision it has been sent as; the first PPN is linked to too."""
    for form in guide.forms:
        sent = encounter.sent[form.id]
        yield Link(sent.record, FOLLOWS_FROM, sent.revision, sent.digest)


def _people(
    encounter: Encounter, guide: Guide, child: UUID, *, officer: Author, at: Stamp
) -> dict[UUID, Entity]:
    """Everybody and everything the encounter knows, with their ids.

    In another child's PPN, the child of the encounter is another child. Where a PPN for that one is
    being written, that is said of them already; where none is, it is asked again.
    """
    known = dict(encounter.entities)
    first = encounter.subject
    if first is not None and first != child and (first in ppns_due(encounter, guide) or _is_ppn(guide)):
        known[first] = known[first].changed(DECIDED, WRITTEN, at=at.instant, by=officer.id)
    return known


def _is_ppn(guide: Guide) -> bool:
    return any(form.has(OTHERS) for form in guide.forms)


def _start(
    encounter: Encounter, guide: Guide, child: UUID, next_guide: Guide, now: timedelta
) -> dict[str, Answer]:
    """What the PPN starts with. Whatever would be no answer of its question is left out."""
    told = _counted(encounter, guide)
    same = child == encounter.subject
    found: dict[str, Answer] = {}
    filled_in = [one for form in next_guide.forms for one in form.fields() if one.system]
    for one in (*filled_in, *next_guide.fields()):
        names = one.starts_from if same else one.shared_from
        sources = {name: told[name] for name in names if said(told.get(name))}
        if any(column.starts_from for column in one.columns):
            hour_of = _hour_of(told.get(WEIGHED_UP), encounter.shift_ends, now)
            sources = {name: _put_into(one, name, rows_of(rows), hour_of) for name, rows in sources.items()}
        answer = _carried(one, list(sources.values()), child)
        if answer is None and same:
            answer = next((code for code, when in one.starts_as.items() if when.holds(told)), None)
        if answer is not None and has_shape(one, answer):
            found[one.id] = answer
    if not same and encounter.subject is not None:
        found[OTHERS] = "yes"
        first = (str(encounter.subject),)
        found[OTHERS_WHO] = (*first, *(id_ for id_ in codes_of(found.get(OTHERS_WHO)) if id_ not in first))
    return found


def _hour_of(
    since: Answer | None, shift_ends: datetime | None, now: timedelta
) -> Callable[[str], Moment | None]:
    """How a choice of how soon becomes an hour; nothing where nobody said from when it counts."""

    def hour(soon: str) -> Moment | None:
        due = at_the_latest(soon, since.at, shift_ends, now=now) if isinstance(since, Moment) else None
        return Moment(due) if due is not None else None

    return hour


def _put_into(
    one: Field, source: str, rows: Sequence[Row], hour_of: Callable[[str], Moment | None]
) -> tuple[Row, ...]:
    """The rows of another question, each in the columns of this one. What it has no cell for stays there."""
    return tuple(
        MappingProxyType(
            {
                column.id: cell
                for column in one.columns
                if (cell := _cell(column, source, row, hour_of)) is not None
            }
        )
        for row in rows
    )


def _cell(column: Column, source: str, row: Row, hour_of: Callable[[str], Moment | None]) -> Scalar | None:
    """What a cell starts as; how soon something is to be done becomes the hour where one is asked for."""
    if column.starts_as:
        return column.starts_as
    cells = (
        row.get(name.rpartition(".")[2]) for name in column.starts_from if name.startswith(f"{source}.")
    )
    found = next((cell for cell in cells if not blank(cell) and not isinstance(cell, Gap)), None)
    if column.kind is not Kind.MOMENT or not isinstance(found, str):
        return found
    return hour_of(found)


def _carried(one: Field, sources: Sequence[Answer], child: UUID) -> Answer | None:
    """One answer made of those it starts from: several choices and rows are put together, else the first."""
    match one.kind:
        case kind if kind in IN_ROWS:
            return tuple(row for answer in sources for row in rows_of(answer)) or None
        case kind if kind in SEVERAL:
            return _together(one, [code for answer in sources for code in codes_of(answer)], child)
        case kind if kind in CHOSEN or kind in MENTIONS:
            codes = _together(one, [code for answer in sources for code in codes_of(answer)], child)
            return codes[0] if codes else None
        case Kind.LONG_TEXT:
            texts = dict.fromkeys(answer for answer in sources if isinstance(answer, str))
            return "\n".join(text for text in texts if text.strip()) or None
        case _:
            return next(iter(sources), None)


def _together(one: Field, codes: Sequence[str], child: UUID) -> tuple[str, ...] | None:
    """Each choice once: one this question offers, and no "no". Of people, everyone but the child itself."""
    if one.kind in MENTIONS:
        return tuple(dict.fromkeys(str(id_) for id_ in ids_in(tuple(codes)) if id_ != child)) or None
    offered = {choice.code for choice in one.codes if not choice.withdrawn}
    return tuple(dict.fromkeys(code for code in codes if code in offered and not says_no(code))) or None


def says_no(code: str) -> bool:
    """Whether a choice says that something is not so."""
    return code.partition("_")[0] in SAYING_NO


def _fits(kind: Kind, source: Kind) -> bool:
    """Whether an answer of one kind can be made of an answer of another."""
    return kind is source or {kind, source} <= {Kind.TEXT, Kind.LONG_TEXT, Kind.REFERENCE}
