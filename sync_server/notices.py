"""What the local authority is told when a missing child is back: one notice, corrected when more is known.

Fields stand in the order that the receiving team reads them. The subject line
holds a reference and nothing else, because subjects are shown on locked screens.
What has not been said is written as not said; nothing is left out silently.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, select

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Precision, Row, codes_of, rows_of
from booklets.entities import Entity
from booklets.forms import MENTIONS, Column, Field, Kind
from booklets.records import Record
from booklets.wire import canonical
from sync_server import evidence
from sync_server.db.tables import notice
from sync_server.db.types import insert_if_new
from sync_server.keys import Safe
from sync_server.settings import ForcePolicy

RETURN, CORRECTION, ADDITION = "return", "return_correction", "return_addition"
TITLES = {
    RETURN: "Return of a missing child",
    CORRECTION: "Correction: return of a missing child",
    ADDITION: "Addition: return of a missing child",
}
WHAT = "notice"
NOT_SAID = "Not recorded"
NO_INTERVIEW = "The interview has not been received yet. It follows as an addition to this notice."
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
UNITED_KINGDOM = ZoneInfo("Europe/London")
URGENT = frozenset(
    {
        "injured_hospital",
        "self_harmed",
        "sexually_assaulted_told",
        "sexually_assaulted_suspected",
        "under_control",
    }
)
COVERT = (
    "DO NOT CONTACT the child, the family or the household about this notice. "
    "Speak to the officer first, or out of hours to the police control room."
)
NOT_ESTABLISHED = (
    "It has not been established that contact with the household is safe. "
    "Speak to the officer before you ring anyone there."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnNotice:
    """A notice as it is sent. ``fields`` are titles and words, in the order they are read."""

    kind: str
    authority: str
    reference: str
    subject: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)

    def text(self) -> str:
        """The notice as the body of a plain message."""
        return "\n\n".join(f"{title.upper()}\n{words}" for title, words in self.fields) + "\n"

    def to_json(self) -> dict[str, Any]:
        """The notice as JSON can hold it, with the plain text in it."""
        return {
            "kind": self.kind,
            "authority": self.authority,
            "reference": self.reference,
            "subject": self.subject,
            "fields": [{"title": title, "words": words} for title, words in self.fields],
            "text": self.text(),
        }


def compose(
    returned: Record,
    *,
    interview: Record | None,
    because_of: Record,
    policy: ForcePolicy,
    rules: Collection[str],
    prepared: datetime,
) -> ReturnNotice:
    """The notice that follows from a return record, and from the interview when that is there too.

    ``because_of`` is whichever of the two has just arrived: a later revision of
    the return makes a correction, an interview that comes after it an addition.
    ``rules`` are those that found something in any record of the episode.
    """
    kind = ADDITION if because_of is not returned else CORRECTION if returned.header.revision > 1 else RETURN
    reference = reference_of(returned.header.record)
    about = _Words(returned, interview)
    return ReturnNotice(
        kind=kind,
        authority=authority_of(returned, policy),
        reference=reference,
        subject=f"{TITLES[kind]}, reference {reference}",
        fields=tuple(_fields(returned, about, policy, rules, prepared)),
    )


def reference_of(record: UUID) -> str:
    """The short reference that two people can read to each other over the phone."""
    return f"HW-{record.hex[-8:-4].upper()}-{record.hex[-4:].upper()}"


def authority_of(record: Record, policy: ForcePolicy) -> str:
    """The council responsible for the child, or the force's own council when that is not recorded."""
    child = _child(record)
    code = child.word("la_responsible") if child else ""
    # The code becomes part of an address, so only what can be a code is believed.
    return code if _CODE.fullmatch(code) and code != "other" else policy.local_authority


def prepare(
    connection: Connection, safe: Safe, made: ReturnNotice, *, record: Record, at: datetime
) -> int | None:
    """Keep the notice, sealed under the record's key. Its number, or None when it was kept before."""
    header = record.header
    key = evidence.key_of(connection, safe, force=header.force, record=str(header.record))
    values = {
        "force": header.force,
        "record": str(header.record),
        "rev": header.revision,
        "kind": made.kind,
        "authority": made.authority,
        "reference": made.reference,
        "subject": made.subject,
        "content_sealed": key.seal(canonical(made.to_json()), what=WHAT, rev=header.revision),
        "prepared_at": at,
    }
    row = insert_if_new(connection, notice, values, [notice.c.id])
    return row.id if row else None


def notices_of(connection: Connection, record: str) -> list[RowMapping]:
    """Every notice prepared for one record, without its words."""
    columns = [
        notice.c[name] for name in ("id", "rev", "kind", "authority", "reference", "subject", "prepared_at")
    ]
    query = select(*columns).where(notice.c.record == record).order_by(notice.c.id)
    return list(connection.execute(query).mappings())


def content_of(connection: Connection, safe: Safe, record: str, rev: int) -> dict[str, Any] | None:
    """A notice's words, opened, or None when none was prepared."""
    query = select(notice.c.content_sealed).where(notice.c.record == record, notice.c.rev == rev)
    row = connection.execute(query).first()
    if row is None:
        return None
    content: dict[str, Any] = json.loads(
        evidence.known_key(connection, safe, record).open(row.content_sealed, what=WHAT, rev=rev)
    )
    return content


def _fields(
    record: Record, about: _Words, policy: ForcePolicy, rules: Collection[str], prepared: datetime
) -> Iterator[tuple[str, str]]:
    header = record.header
    author = header.author
    urgent = URGENT & set(codes_of(record.answers.get("ret.condition")))
    yield "Marking", header.gsc.replace("_", "-").upper()
    yield "Urgency", "Urgent: read now" if urgent else "For the duty team today"
    yield "Contact restrictions", restrictions(about.records, rules)
    yield "Police reference", f"{reference_of(header.record)}, revision {header.revision}"
    yield (
        "Officer",
        f"{author.rank} {author.name}, {author.shoulder_no}, {author.station}. {policy.phone}".strip(),
    )
    yield "Child", about.child()
    yield "Responsible local authority", about.fact("la_responsible")
    yield "Local authority where found", about.place("ret.found_place", "county")
    yield "Returned", about.lines("ret.found_at", "ret.found_how", "ret.found_place", "ret.condition")
    yield "Where and with whom now", about.lines("ret.return_place", "ret.left_with", "ret.returned_at")
    yield "With whom while away", about.lines("pi.who", "pi.where")
    yield "Risk", about.lines("ret.risk_while_missing", "pi.risk_now", "pi.risk_now_because")
    yield "What the child said", about.lines("pi.child_words", "pi.worries", "pi.wants")
    yield "Parent's or carer's view", about.lines("pi.carer_view")
    yield "What was seen", about.lines("pi.demeanour", "pi.physical", "pi.home_safe")
    yield "Other children", about.lines("pi.other_children")
    yield "Done so far", about.lines("pi.immediate_action", "ret.medical_detail", "ret.ppn")
    yield "Asked of you", "Offer the return home interview within 72 hours of the return. Tell us its date."
    yield "Who has been told", about.lines("ret.la_informed", "ret.parents_informed", "ret.sw_informed")
    yield "Attachments", f"{len(header.attachments)} held by police" if header.attachments else "None"
    yield "Receipt", f"Please confirm that this was read. Prepared {when(prepared)}."


def restrictions(records: Sequence[Record], rules: Collection[str]) -> str:
    """R-51: who must not be contacted, by the return and the interview. Not known counts as a risk.

    What one of them says must not be known holds for both, whichever arrives first.
    """
    returned = records[0].answers
    covert = returned.get("ret.covert")
    if "yes" in codes_of(covert) or any(one.header.covert for one in records):
        handling = returned.get("ret.handling")
        return f"{COVERT} {handling}" if isinstance(handling, str) else COVERT
    if "no" not in codes_of(covert) or "R-51" in rules or any(map(_no_safe_contact, records)):
        return NOT_ESTABLISHED
    return "None recorded"


def _no_safe_contact(record: Record) -> bool:
    child = _child(record)
    safe = child.facts.get("person.safe_contact") if child else None
    return isinstance(safe, Gap) or "none_found" in codes_of(safe)


def _child(record: Record) -> Entity | None:
    return next((one for one in record.entities if one.id == record.header.subject), None)


def when(moment: datetime) -> str:
    """An instant as people in the United Kingdom read it."""
    return local(moment).strftime("%d/%m/%Y %H:%M")


def local(moment: datetime) -> datetime:
    """An instant on the clocks of the United Kingdom."""
    try:
        return moment.astimezone(UNITED_KINGDOM)
    except OverflowError:  # at the very end of the calendar: nonsense, but it was said
        return moment


class _Words:
    """Answers of the return, and of the interview when it is there, in words."""

    def __init__(self, record: Record, interview: Record | None) -> None:
        records = self.records = (record, *((interview,) if interview else ()))
        self._answers: dict[str, Answer] = {}
        self._entities: dict[str, Entity] = {}
        for one in reversed(records):
            self._answers |= one.answers
            self._entities |= {str(entity.id): entity for entity in one.entities}
        self._questions = [_questions(one.header.form) for one in records]
        self._child = _child(record)
        self._complete = interview is not None

    def lines(self, *names: str) -> str:
        """The questions that were asked, each with its answer, one per line."""
        said = [
            (one, self._answers[one.id])
            for name in names
            if (one := self._field(name)) and name in self._answers
        ]
        lines = [f"{self._asked(one)} {self._say(one, answer)}" for one, answer in said]
        return "\n".join(lines) or (
            NOT_SAID if self._complete or not _all_of_interview(names) else NO_INTERVIEW
        )

    def _asked(self, one: Field) -> str:
        """The question as it was asked, with the name the child goes by."""
        name = (self._child.word("known_as") or self._child.word("given_names")) if self._child else ""
        return one.label.replace("{name}", name or "the child")

    def child(self) -> str:
        """Who the child is, in the order the duty team looks for it."""
        facts = ("given_names", "surname", "known_as", "dob", "sex", "ethnicity_sde", "first_language")
        needs = ("disability_needs", "addresses", "school", "care_status", "plan_status", "social_worker")
        lines = [
            f"{self._asked(one)}: {self._say(one, answer)}"
            for name in (*facts, *needs)
            if (one := _person_field(name)) and (answer := self._fact(name)) is not None
        ]
        return "\n".join(lines) or NOT_SAID

    def fact(self, name: str) -> str:
        """One thing known about the child."""
        one, answer = _person_field(name), self._fact(name)
        return self._say(one, answer) if one and answer is not None else NOT_SAID

    def place(self, name: str, fact: str) -> str:
        """One thing known about a place that was named."""
        found = [self._entities[id_] for id_ in codes_of(self._answers.get(name)) if id_ in self._entities]
        return next((word for one in found if (word := one.word(fact))), NOT_SAID)

    def _fact(self, name: str) -> Answer | None:
        return self._child.facts.get(f"person.{name}") if self._child else None

    def _field(self, name: str) -> Field | None:
        return next((known[name] for known in self._questions if name in known), None)

    def _say(self, one: Field, answer: Answer) -> str:
        match answer:
            case Gap(why, note, _):
                return f"{why.value.replace('_', ' ').capitalize()}{': ' + note if note else ''}"
            case Moment():
                return _moment(answer)
            case tuple() if rows_of(answer):
                return "; ".join(self._row(one, row) for row in rows_of(answer))
            case str() if one.kind is Kind.DATE:
                return "/".join(reversed(answer.split("-")))
            case _:
                return ", ".join(self._word(one, word) for word in codes_of(answer))

    def _row(self, one: Field, row: Row) -> str:
        """A row's cells in the order of its columns."""
        return ", ".join(
            self._cell(one, column, row[column.id]) for column in one.columns if column.id in row
        )

    def _cell(self, one: Field, column: Column, cell: Answer) -> str:
        labels = {code.code: code.label for code in column.codes}
        if isinstance(cell, (Gap, Moment)):
            return self._say(one, cell)
        return ", ".join(labels.get(word, self._named(word)) for word in codes_of(cell))

    def _word(self, one: Field, word: str) -> str:
        return self._named(word) if one.kind in MENTIONS else one.label_of(word)

    def _named(self, word: str) -> str:
        """A person's or place's name for its id; any other word is itself."""
        entity = self._entities.get(word)
        if entity is None:
            return word
        facts = (
            "given_names",
            "surname",
            "name",
            "building",
            "street",
            "town",
            "postcode",
            "description",
            "identifier",
        )
        return (
            " ".join(part for fact in facts if (part := entity.word(fact)))
            or "somebody whose name is not known"
        )


def _all_of_interview(names: tuple[str, ...]) -> bool:
    return all(name.startswith("pi.") for name in names)


@cache
def _questions(form: str) -> Mapping[str, Field]:
    return {one.id: one for one in definitions.form(form).fields()}


def _person_field(name: str) -> Field | None:
    return _facts().get(f"person.{name}")


@cache
def _facts() -> Mapping[str, Field]:
    return {one.id: one for one in definitions.entity_form("person").fields()}


def _moment(moment: Moment) -> str:
    at = when(moment.at)
    match moment.precision:
        case Precision.EXACT:
            return at
        case Precision.ABOUT:
            return f"about {at}"
        case Precision.DATE_ONLY:
            return at[:10]
        case Precision.RANGE:
            return f"between {at} and {when(moment.until)}" if moment.until else f"from {at}"
