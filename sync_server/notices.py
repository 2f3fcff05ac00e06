"""What the council is told when a missing child is back (R-08): one notice, corrected when more is known.

Fields stand in the order that the receiving team reads them. The subject line
holds a reference and nothing else, because subjects are shown on locked screens.
What has not been said is written as not said; nothing is left out silently. Each begins with its
marking (S-11).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, RowMapping, Text, bindparam, func, select

from booklets.answers import codes_of
from booklets.records import Record, reference_of
from sync_server import evidence
from sync_server.db.later import first
from sync_server.db.owed import notice
from sync_server.db.types import insert_if_new
from sync_server.flags import interview_is_urgent
from sync_server.keys import Safe
from sync_server.not_to_contact import restrictions
from sync_server.settings import OTHER, ForcePolicy
from sync_server.wording import NOT_SAID, UNITED_KINGDOM, Words, child_of, explained, local, when

__all__ = [
    "UNITED_KINGDOM",
    "Notice",
    "authority_of",
    "compose",
    "content_of",
    "headed",
    "local",
    "marking",
    "no_longer_holds",
    "notices_of",
    "officer",
    "other_children",
    "prepare",
    "reference_of",
    "responsible",
    "withdrawal",
    "words_of",
]

RETURN, CORRECTION, ADDITION = "return", "return_correction", "return_addition"
MISSING, MISSING_CORRECTION, MISSING_ADDITION = "missing", "missing_correction", "missing_addition"
TITLES = {
    RETURN: "Return of a missing child",
    CORRECTION: "Correction: return of a missing child",
    ADDITION: "Addition: return of a missing child",
    MISSING: "A child is missing",
    MISSING_CORRECTION: "Correction: a child is missing",
    MISSING_ADDITION: "Addition: a child is missing",
}
WITHDRAWN, TAKEN_BACK = "_withdrawn", "_taken_back"
NOT_REVIEWED = "No supervisor has read this change yet."
NO_INTERVIEW = "The interview has not been received yet. It follows as an addition to this notice."
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
URGENT = frozenset(
    {
        "injured_hospital",
        "self_harmed",
        "sexually_assaulted_told",
        "sexually_assaulted_suspected",
        "under_control",
    }
)
TOLD = ("ret.la_informed", "ret.placing_la_informed", "ret.parents_informed", "ret.sw_informed")
SOON = "Return home interview: urgent"
OFFER = "Offer the return home interview within 72 hours of the return. Tell us its date."
OFFER_SOON = (
    "URGENT: offer the return home interview as soon as you can, and within 72 hours of the return. "
    "The child has not talked with us. Tell us its date."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice as it is sent. ``fields`` are titles and words, in the order they are read."""

    kind: str
    authority: str
    reference: str
    subject: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)  # the same for machines

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
            **({"data": dict(self.data)} if self.data else {}),
        }


def compose(
    returned: Record,
    *,
    interview: Record | None,
    because_of: Record,
    policy: ForcePolicy,
    rules: Collection[str],
    prepared: datetime,
    known: bool = False,
    beside: Sequence[Record] = (),
) -> Notice:
    """The notice that follows from a return record, and from the interview when that is there too.

    ``because_of`` is whichever of the two has just arrived: an interview that comes after the return makes
    an addition. Where the council may have had the return (``known``), it is corrected.
    ``rules`` are those that found something in any record of the episode; ``beside`` are those of the same
    child that say as well who must not know.
    """
    kind = ADDITION if because_of is not returned else CORRECTION if known else RETURN
    reference = reference_of(returned.header.record)
    about = Words([returned, *([interview] if interview else [])])
    return Notice(
        kind=kind,
        authority=authority_of(returned, policy),
        reference=reference,
        subject=f"{TITLES[kind]}, reference {reference}",
        fields=explained(
            _fields(returned, about, policy, restrictions([*about.records, *beside], rules), prepared)
        ),
    )


def headed(kind: str, reference: str) -> dict[str, str]:
    """What a notice of this kind is headed as, for people and for machines."""
    return {"kind": kind, "subject": f"{TITLES[kind]}, reference {reference}"}


def authority_of(record: Record, policy: ForcePolicy) -> str:
    """The council responsible for the child, or the force's own council when that is not recorded."""
    child = child_of(record)
    code = child.word("la_responsible") if child else ""
    # The code becomes part of an address, so only what can be a code is believed.
    return code if _CODE.fullmatch(code) and code != OTHER else policy.local_authority


def responsible(about: Words) -> str:
    """The council responsible for the child, in words; one that is in no list as it was written down."""
    child = child_of(about.records[0])
    named = child.word("la_responsible_other") if child and child.word("la_responsible") == OTHER else ""
    said = about.fact("la_responsible")
    return f"{said}: {named}" if named else said


def attachments_of(record: Record) -> str:
    """How many photographs police hold with it; none of them leaves with a notice."""
    listed = len(record.header.attachments)
    return f"{listed} held by police" if listed else "None"


def withdrawal(
    record: Record,
    *,
    kind: str,
    authority: str,
    policy: ForcePolicy,
    prepared: datetime,
    added_to: Record | None = None,
    why: bool = True,
) -> Notice:
    """What follows a notice of this kind once its record was taken back: do not rely on it, and why.

    ``added_to`` is the return under whose reference a council had this record. ``why``: whether whoever
    had it may read the officer's reason, which may say more than they were told.
    """
    what = "the interview that was added to what" if added_to else "what"
    told = f"The police have withdrawn {what} you were sent under this reference. Do not rely on it."
    said = [("Withdrawn", told), *([("Why", record.header.void_reason)] if why else [])]
    of = added_to or record
    made = _taking_back(record, said, of=of, policy=policy, prepared=prepared)
    return replace(
        made,
        kind=f"{kind}{WITHDRAWN}",
        authority=authority,
        subject=f"Withdrawn, reference {made.reference}",
    )


def no_longer_holds(
    record: Record,
    *,
    kind: str,
    authority: str,
    policy: ForcePolicy,
    prepared: datetime,
    says: str,
    asks: str,
    reviewed: bool,
) -> Notice:
    """What follows a notice of this kind once a later revision, or a decision on it, took it back.

    It says what holds no longer and what to do, and nothing of what the record says now.
    """
    said = [("No longer holds", says)]
    said += [] if reviewed else [("Review", NOT_REVIEWED)]
    said += [("Asked of you", asks)]
    made = _taking_back(record, said, of=record, policy=policy, prepared=prepared)
    subject = f"Correction: something you were told no longer holds, reference {made.reference}"
    return replace(made, kind=f"{kind}{TAKEN_BACK}", authority=authority, subject=subject)


def _taking_back(
    record: Record,
    said: Iterable[tuple[str, str]],
    *,
    of: Record,
    policy: ForcePolicy,
    prepared: datetime,
) -> Notice:
    """A notice that names nobody: under which reference something was told, and what holds no longer."""
    reference = reference_of(of.header.record)
    fields = (
        ("Marking", marking(record)),
        *said,
        ("Contact restrictions", restrictions([record], (), whom=False)),
        ("Police reference", f"{reference}, revision {record.header.revision}"),
        ("Officer", officer(record, policy)),
        ("Receipt", f"Please confirm that this was read. Prepared {when(prepared)}."),
    )
    return Notice(kind="", authority="", reference=reference, subject="", fields=explained(fields))


def marking(record: Record) -> str:
    """How the notice has to be handled, as its first line says it."""
    return record.header.gsc.replace("_", "-").upper()


def officer(record: Record, policy: ForcePolicy) -> str:
    """Whom to ask about it, and where to ring."""
    author = record.header.author
    return f"{author.rank} {author.name}, {author.shoulder_no}, {author.station}. {policy.phone}".strip()


def prepare(connection: Connection, safe: Safe, made: Notice, *, record: Record, at: datetime) -> int | None:
    """Keep the notice, sealed under the record's key. Its number, or None when it was kept before."""
    header = record.header
    sealed = evidence.seal_beside(
        connection,
        safe,
        force=header.force,
        record=str(header.record),
        rev=header.revision,
        what=_sealed_as(made.kind),
        content=made.to_json(),
    )
    values = {
        "force": header.force,
        "record": str(header.record),
        "rev": header.revision,
        "kind": made.kind,
        "authority": made.authority,
        "reference": made.reference,
        "subject": made.subject,
        "content_sealed": sealed,
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


def content_of(
    connection: Connection, safe: Safe, record: str, rev: int, kind: str = RETURN, *, authority: str = ""
) -> dict[str, Any] | None:
    """The words of a revision's notice, opened, or None when none was prepared.

    ``kind`` is how the kind begins: one revision has one notice of the return, and may have others. The
    newest counts, for what was prepared may be taken back before it leaves. ``authority`` is any, or one.
    """
    of = {"of": record, "rev": rev, "kind": kind, "letters": len(kind), "authority": authority}
    row = first(connection, _NEWEST, of)
    return None if row is None else _opened(connection, safe, row)


_NEWEST = (
    select(notice)
    .where(
        notice.c.record == bindparam("of"),
        notice.c.rev == bindparam("rev"),
        func.substr(notice.c.kind, 1, bindparam("letters", type_=Integer)) == bindparam("kind", type_=Text),
        (bindparam("authority", type_=Text) == "") | (notice.c.authority == bindparam("authority")),
    )
    .order_by(notice.c.id.desc())
    .limit(1)
)


def words_of(connection: Connection, safe: Safe, id_: int) -> dict[str, Any]:
    """The words of one notice by its number, opened."""
    return _opened(connection, safe, connection.execute(select(notice).where(notice.c.id == id_)).one())


def _opened(connection: Connection, safe: Safe, row: Any) -> dict[str, Any]:
    return evidence.open_beside(
        connection,
        safe,
        record=row.record,
        rev=row.rev,
        what=_sealed_as(row.kind),
        sealed=row.content_sealed,
    )


def _sealed_as(kind: str) -> str:
    """Under which name a notice is sealed, so that none can be put in the place of another kind."""
    return "notice" if kind.startswith(RETURN) else f"notice {kind}"


def _fields(
    record: Record, about: Words, policy: ForcePolicy, restricted: str, prepared: datetime
) -> Iterator[tuple[str, str]]:
    header = record.header
    later = NOT_SAID if len(about.records) > 1 else NO_INTERVIEW
    not_talked = any(map(interview_is_urgent, about.records))
    urgent = URGENT & set(codes_of(record.answers.get("ret.condition")))
    yield "Marking", marking(record)
    yield "Urgency", "Urgent: read now" if urgent else SOON if not_talked else "For the duty team today"
    yield "Contact restrictions", restricted
    yield "Police reference", f"{reference_of(header.record)}, revision {header.revision}"
    yield "Officer", officer(record, policy)
    yield "Child", about.child()
    yield "Responsible local authority", responsible(about)
    yield "Local authority where found", about.place("ret.found_place", "county")
    yield "Returned", about.lines("ret.found_at", "ret.found_how", "ret.found_place", "ret.condition")
    yield "Where and with whom now", about.lines("ret.return_place", "ret.left_with", "ret.returned_at")
    yield "With whom while away", about.lines("pi.who", "pi.where", otherwise=later)
    yield "Risk", about.lines("ret.risk_while_missing", "pi.risk_now", "pi.risk_now_because")
    yield "What the child said", about.lines("pi.child_words", "pi.worries", "pi.wants", otherwise=later)
    yield "Parent's or carer's view", about.lines("pi.carer_view", otherwise=later)
    yield "What was seen", about.lines("pi.demeanour", "pi.physical", "pi.home_safe", otherwise=later)
    yield "Other children", other_children(about, "pi", otherwise=later)
    yield "Done so far", about.lines("pi.immediate_action", "ret.medical_detail", "ret.ppn")
    yield "Asked of you", OFFER_SOON if not_talked else OFFER
    yield "Who has been told", about.lines(*TOLD)
    yield "Attachments", attachments_of(record)
    yield "Receipt", f"Please confirm that this was read. Prepared {when(prepared)}."


def other_children(about: Words, *forms: str, otherwise: str = NOT_SAID) -> str:
    """What was said of other children, and who they are: the same in every notice of one record."""
    asked = (f"{one}.{name}" for one in forms for name in ("other_children", "other_children_who"))
    return about.lines(*asked, otherwise=otherwise)
