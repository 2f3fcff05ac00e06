"""What a school reads: what B.10 lets it have, and nothing else of the record or of what stands beside it.

Who the child is, what happened as it was written for the school, whether the child was there and what it
said, what each adult is to the child, and what keeps it safe. No address of a person, no name of an adult
unless the force has set so, and no word of who must not know: only that nobody near the child is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from booklets.records import Record
from booklets.schools import School
from sync_server.notices import Notice, marking, officer, reference_of
from sync_server.referrals import SCHOOL_NOTICE
from sync_server.settings import ForcePolicy
from sync_server.wording import NOT_SAID, Words, explained, when

NAMES_ADULTS = "school_notice_names_adults"
ADULTS: Mapping[str, str] = MappingProxyType(
    {
        "enc.adults": "",
        "enc.adult_victims": "Hurt, threatened or controlled: ",
        "enc.adult_abusers": "Said to have done it: ",
    }
)
"""Each list of adults, and what its people are in the incident; the first was one list for all of them."""
NOT_REVIEWED = "No supervisor has read this yet."
READER = (
    "The designated safeguarding lead (key adult) of {school}, and only staff whom the lead has to tell to "
    "keep the child safe. Whoever else opened this passes it on unread."
)
DO_NOT_ASK = (
    "Do not speak with the child’s parents, carers or household about this notice, and do not say that you "
    "have it. Speak to the officer first, or out of hours to the police control room."
)
ASKED = (
    "Be there for the child today, without asking what happened. What the child says by itself, write down "
    "in the child’s words and follow your safeguarding procedure; if the child may be in danger, ring 999."
)


def compose(
    record: Record,
    school: School,
    *,
    policy: ForcePolicy,
    prepared: datetime,
    reviewed: bool,
    known: bool,
) -> Notice:
    """The notice to the one school of the one child that the record is about.

    ``reviewed``: it leaves only after a supervisor. Where the school may have had an earlier revision
    (``known``), it is a correction.
    """
    reference = reference_of(record.header.record)
    changed = "Correction: " if known else ""
    fields = _fields(record, school, policy, prepared, reviewed=reviewed)
    return Notice(
        kind=SCHOOL_NOTICE,
        authority=school.urn,
        reference=reference,
        subject=f"{changed}Operation Encompass, reference {reference}",
        fields=explained(fields),
        data={
            "record": str(record.header.record),
            "revision": record.header.revision,
            "urn": school.urn,
            "reviewed": reviewed,
        },
    )


def _fields(
    record: Record, school: School, policy: ForcePolicy, prepared: datetime, *, reviewed: bool
) -> Iterator[tuple[str, str]]:
    header, about = record.header, Words([record])
    yield "Marking", marking(record)
    yield "For", READER.format(school=school.name)
    yield "Contact restrictions", DO_NOT_ASK
    yield "Police reference", f"{reference_of(header.record)}, revision {header.revision}"
    yield "Incident", about.lines("enc.police_ref")
    yield "Officer", officer(record, policy)
    if not reviewed:
        yield "Review", NOT_REVIEWED
    yield "Child", about.child("given_names", "surname", "known_as", "dob")
    yield "When", about.lines("enc.incident_at")
    yield "Where", _each(about.of_mentioned("enc.place", "name", "building", "street", "town", "postcode"))
    yield "What happened", about.lines("enc.circumstances")
    yield "The child then", about.lines("enc.child_present", "enc.child_where")
    yield "What the child said", about.lines("enc.child_spoken", "enc.child_words", "enc.with_whom")
    yield "Adults involved", _adults(about, names=policy.settings.get(NAMES_ADULTS) is True)
    yield "To keep the child safe", about.lines("enc.outcome")
    yield "Safe way to reach the child", about.fact("safe_contact")
    yield "Asked of you", ASKED
    yield "Receipt", f"Please confirm that this was read. Prepared {when(prepared)}."


def _adults(about: Words, *, names: bool) -> str:
    """What each adult is to the child, and who they are only where the force lets a school know."""
    if names:
        return about.lines(*ADULTS)
    lines = [
        f"{part}{one or NOT_SAID}"
        for question, part in ADULTS.items()
        for one in about.of_mentioned(question, "relationship")
    ]
    return "\n".join(lines) or NOT_SAID


def _each(found: Iterable[str]) -> str:
    """One per line; whom or what nobody described is counted too."""
    return "\n".join(one or NOT_SAID for one in found) or NOT_SAID
