"""What councils are told when a child is missing (E.3, R-38): beside the officer's call, and never instead.

Whether the system tells them by itself is the force's own (``booklets.signs``). The report makes the notice,
and the assessment of the same doorstep adds to it when it comes later. Nothing is sent by itself of a child
who is back or was back before the report, and none where somebody may have taken the child: that is a crime
in action (R-36), and the control room decides who is told what. Who must not know stands above everything
else (R-51), as in every notice to a council.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from booklets.answers import codes_of
from booklets.records import Record, reference_of
from sync_server.not_to_contact import restrictions
from sync_server.notices import (
    MISSING,
    MISSING_ADDITION,
    MISSING_CORRECTION,
    TITLES,
    Notice,
    attachments_of,
    authority_of,
    marking,
    officer,
    responsible,
)
from sync_server.settings import ForcePolicy
from sync_server.wording import NOT_SAID, Words, child_of, council, explained, when

REPORT, ASSESSMENT = "MIS", "RSK"
LOOKED_AFTER: Final = frozenset(
    {
        *("s20", "short_breaks", "short_breaks_series", "ico", "co", "placement_order"),
        *("epo", "pp", "caso", "j1", "j2", "j3"),
    }
)
"""The legal statuses of a child whom a council looks after, as the report's own questions have them."""
TOLD = ("mis.la_informed", "mis.placing_la_informed", "mis.parents_informed", "mis.sw_informed")
NOT_ASSESSED = "The risk assessment has not been received yet. It follows as an addition to this notice."
ASKED = (
    "Ring the officer, or the police control room, and say that you have read this. Tell us what you know: "
    "where the child may be and with whom, who else looks for the child, and what the child is in danger of."
)


def councils_of(record: Record, policy: ForcePolicy) -> tuple[str, ...]:
    """The council responsible for the child, and the one here of a child whom another has placed (R-39)."""
    first, child = authority_of(record, policy), child_of(record)
    placed = child is not None and child.word("care_status") in LOOKED_AFTER
    here = [policy.local_authority] if placed and first not in policy.councils else []
    return tuple(dict.fromkeys((first, *here)))


def compose(
    report: Record,
    *,
    authority: str,
    assessment: Record | None,
    because_of: Record,
    policy: ForcePolicy,
    rules: Collection[str],
    prepared: datetime,
    known: bool = False,
    beside: Sequence[Record] = (),
) -> Notice:
    """The notice to one council: of the report, what the assessment adds to it, or a correction.

    ``because_of`` is whichever of the two has just arrived.
    """
    kind = MISSING_ADDITION if because_of is not report else MISSING_CORRECTION if known else MISSING
    reference = reference_of(report.header.record)
    about = Words([report, *([assessment] if assessment else [])])
    restricted = restrictions([report, *beside], rules)
    return Notice(
        kind=kind,
        authority=authority,
        reference=reference,
        subject=f"{TITLES[kind]}, reference {reference}",
        fields=explained(_fields(report, about, policy, restricted, prepared)),
    )


def _fields(
    report: Record, about: Words, policy: ForcePolicy, restricted: str, prepared: datetime
) -> Iterator[tuple[str, str]]:
    header = report.header
    assessed = len(about.records) > 1
    level = codes_of(about.records[-1].answers.get("ra.level")) if assessed else ()
    later = NOT_SAID if assessed else NOT_ASSESSED
    yield "Marking", marking(report)
    yield "Urgency", "URGENT, high risk: read now" if "high" in level else "A child is missing: read now"
    yield "Contact restrictions", restricted
    yield "Police reference", f"{reference_of(header.record)}, revision {header.revision}"
    yield "Officer", officer(report, policy)
    yield "Child", about.child()
    yield "Responsible local authority", responsible(about)
    yield "Sent to", "\n".join(map(council, councils_of(report, policy)))
    yield (
        "Missing since",
        about.lines(
            *("mis.last_seen_at", "mis.last_seen_place", "mis.missing_from", "mis.missing_from_other"),
            *("mis.noticed_at", "mis.reported_at", "mis.clothing", "mis.dangers"),
        ),
    )
    yield "What led up to it", about.lines("mis.circumstances", "mis.intentions")
    yield "With whom and where", about.lines("mis.seen_last_alone", "mis.associates", "mis.likely_places")
    yield "Risk", about.lines("ra.level", "ra.rationale", otherwise=later)
    yield (
        "Heard from since",
        about.lines("mis.last_contact", "mis.last_contact_at", "mis.last_contact_content"),
    )
    yield "Parent's or carer's view", about.lines("mis.reporter_concern")
    yield "Done so far", about.lines("mis.steps_taken", "ra.actions")
    yield "Asked of you", ASKED
    yield "Who has been told", about.lines(*TOLD)
    yield "Attachments", attachments_of(report)
    yield "Receipt", f"Please confirm that this was read. Prepared {when(prepared)}."
