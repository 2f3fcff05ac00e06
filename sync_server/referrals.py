"""What a council is asked because of a PPN, and what it is told at once when a child is in danger.

A referral leaves once the specialists have passed the PPN; what says that a child is in danger now
leaves when it arrives, and says that nobody has reviewed it yet (R-61). Both respect who must not know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from booklets.answers import codes_of
from booklets.form_names import PROTECTION_USED
from booklets.records import Record
from sync_server.not_to_contact import restrictions
from sync_server.notices import (
    MISSING,
    RETURN,
    Notice,
    attachments_of,
    authority_of,
    marking,
    officer,
    other_children,
    reference_of,
    responsible,
)
from sync_server.settings import ForcePolicy
from sync_server.wording import NOT_SAID, Words, council, explained, when

PPN = "PPN"
REFERRAL, DANGER, SCHOOL_NOTICE = "referral", "danger", "school_notice"
PARTNER_TARGET, DANGER_TARGET, COUNCIL_TARGET = "partner:", "danger:", "local_authority:"
SCHOOL_TARGET, MISSING_TARGET = "school:", "missing:"
# Which kind of notice goes to which kind of target.
KINDS: Mapping[str, str] = {
    PARTNER_TARGET: REFERRAL,
    DANGER_TARGET: DANGER,
    COUNCIL_TARGET: RETURN,
    MISSING_TARGET: MISSING,
    SCHOOL_TARGET: SCHOOL_NOTICE,
}

AWARE: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "appearance": (
        "A",
        "Appearance",
        ("ppn.aware_appearance", "ppn.appearance_not_observed", "ppn.injured"),
    ),
    "words": ("W", "Words", ("ppn.aware_words", "ppn.words_not_observed", "ppn.worries", "ppn.wants")),
    "activity": ("A", "Activity", ("ppn.aware_activity", "ppn.activity_not_observed")),
    "relationships": (
        "R",
        "Relationships and dynamics",
        ("ppn.aware_relationships", "ppn.relationships_not_observed"),
    ),
    "environment": ("E", "Environment", ("ppn.aware_environment", "ppn.environment_not_observed")),
}
PROTECTOR = (
    *("ppn.protector_told", "ppn.protector", "ppn.protector_told_by", "ppn.protector_told_at"),
    *("ppn.protector_tell_by", "ppn.protector_told_because"),
)
TOLD_OF_PROTECTION = (
    *("pp.la_told", "pp.la_address_given", "pp.parents_informed", "pp.parents_informed_because"),
    *("pp.parents_told", "pp.pr_informed", "pp.pr_informed_because", "pp.pr_told"),
    *("pp.lived_with_informed", "pp.lived_with_informed_because", "pp.lived_with_told"),
)
NOT_REVIEWED = "No supervisor has read this yet. It was sent at once because a child may be in danger now."
UNDECIDED = (
    "Nobody has decided on this yet. It was sent because the force's time for deciding is over; "
    "what a later decision changes follows as a correction."
)
ACT = (
    "Act now: a strategy discussion today, and a decision who sees the child. "
    "Ring the officer, or the police control room, and say that you have read this."
)


def kind_for(target: str) -> str:
    """How the kind of notice begins that goes to a target."""
    return next((kind for prefix, kind in KINDS.items() if target.startswith(prefix)), RETURN)


def told_of_danger(record: Record, policy: ForcePolicy) -> tuple[str, ...]:
    """Which councils are told at once: the one responsible for the child.

    Of police protection also the one in whose area the child was found (s46(3)(a), R-39), where that is
    another; only the councils of the force's file are known here.
    """
    found = record.answers.get("pp.la_found") if record.header.record_type == PROTECTION_USED else None
    here = (one for one in codes_of(found) if one in policy.councils)
    return tuple(dict.fromkeys((authority_of(record, policy), *here)))


def referral(
    record: Record,
    *,
    policy: ForcePolicy,
    rules: Collection[str],
    prepared: datetime,
    known: bool = False,
    beside: Sequence[Record] = (),
) -> Notice:
    """A PPN as the council gets it: the child, why, the five AWARE sections, and what is asked of it.

    Where the council may have had an earlier revision (``known``), it is a correction. Whom nobody must ring
    may stand in the records ``beside`` it too.
    """
    reference, about = reference_of(record.header.record), Words([record])
    changed = "Correction: " if known else ""
    return Notice(
        kind=REFERRAL,
        authority=authority_of(record, policy),
        reference=reference,
        subject=f"{changed}Referral, reference {reference}",
        fields=explained(_referral_fields([record, *beside], about, policy, rules, prepared)),
        data=_data(record, about),
    )


def danger(
    record: Record,
    *,
    authority: str,
    policy: ForcePolicy,
    rules: Collection[str],
    prepared: datetime,
    known: bool = False,
    beside: Sequence[Record] = (),
) -> Notice:
    """What one council is told at once, from whichever record says that a child is in danger.

    Whom nobody must ring may stand in the records ``beside`` it too, which are about the same child.
    Where the council may have been told so by an earlier revision (``known``), it is a correction.
    """
    reference = reference_of(record.header.record)
    urgent = "URGENT, correction" if known else "URGENT"
    what = (
        "child in police protection" if record.header.record_type == PROTECTION_USED else "child in danger"
    )
    return Notice(
        kind=DANGER,
        authority=authority,
        reference=reference,
        subject=f"{urgent}: {what}, reference {reference}",
        fields=explained(_danger_fields([record, *beside], policy, rules, prepared)),
        data={"level": "immediate_danger", "reviewed": False},
    )


def _referral_fields(
    records: Sequence[Record], about: Words, policy: ForcePolicy, rules: Collection[str], prepared: datetime
) -> Iterator[tuple[str, str]]:
    yield from _head(records, about, policy, rules)
    yield "Why", about.lines("ppn.incident_type", "ppn.incident_at", "ppn.incident_place", "ppn.summary")
    yield "Concerns", about.lines("ppn.concerns", "ppn.concerns_other", "ppn.concerns_detail")
    yield "How serious", about.lines("ppn.risk_opinion", "ppn.risk_opinion_because", "ppn.immediate_danger")
    yield (
        "Seen and spoken to",
        about.lines(
            *("ppn.child_present", "ppn.child_present_because", "ppn.child_seen", "ppn.child_seen_because"),
            *("ppn.child_spoken_to", "ppn.child_spoken_to_because", "ppn.child_awake"),
            *("ppn.seen_alone", "ppn.seen_alone_because"),
        ),
    )
    for letter, title, names in AWARE.values():
        yield f"{letter}: {title}", about.lines(*names)
    yield "Day to day", about.lines("ppn.impact", "ppn.strengths")
    yield "Parent's or carer's view", about.lines("ppn.parent_views")
    yield (
        "Exploitation and harm online",
        about.lines("ppn.exploitation_types", "ppn.indicators", "ppn.online_abuse", "ppn.online_detail"),
    )
    yield (
        "Abuse in the home or family",
        about.lines(
            *("ppn.da", "ppn.da_adults", "ppn.da_victims", "ppn.da_abusers", "ppn.hbv_fm_fgm_traff")
        ),
    )
    yield "Other children", other_children(about, "ppn")
    yield "Family told", about.lines("ppn.family_told", "ppn.family_told_because")
    yield "An adult who can protect", about.lines(*PROTECTOR)
    yield (
        "Done so far",
        about.lines("ppn.immediate_action", "ppn.immediate_action_detail", "ppn.support_given"),
    )
    yield "Who has been told", about.lines("ppn.agencies_now")
    yield "Asked of you", about.lines("ppn.requested")
    yield "Attachments", attachments_of(records[0])
    yield "Receipt", f"Please confirm that this was read. Prepared {when(prepared)}."


def _danger_fields(
    records: Sequence[Record], policy: ForcePolicy, rules: Collection[str], prepared: datetime
) -> Iterator[tuple[str, str]]:
    about = Words(records[:1])
    protection = records[0].header.record_type == PROTECTION_USED
    yield from _head(records, about, policy, rules)
    if protection:
        yield "Local authority where found", about.lines("pp.la_found", "pp.la_found_other")
    yield "Review", NOT_REVIEWED
    yield (
        "The danger",
        about.lines(
            *("ppn.immediate_danger", "ppn.immediate_danger_detail", "ppn.risk_opinion"),
            *("ppn.risk_opinion_because", "pi.danger_now", "pi.danger_now_detail"),
            *("pi.stop_danger", "pi.stop_danger_detail", "pi.home_safe", "pi.home_safe_because"),
            *("pp.power", "pp.started_at", "pp.found_place", "pp.grounds", "pp.init_officer"),
        ),
    )
    yield "What the child said", about.lines("ppn.aware_words", "pi.child_words", "pp.child_words")
    yield (
        "Done so far",
        about.lines(
            *("ppn.immediate_action", "ppn.immediate_action_detail"),
            *("pi.immediate_action", "pi.immediate_action_detail", "ppn.agencies_now"),
            *("pp.accommodation", "pp.accommodation_place", "pp.accommodation_with", "pp.medical_detail"),
        ),
    )
    yield "Other children", other_children(about, "ppn", "pi", "pp")
    if protection:
        yield "Who has been told", about.lines(*TOLD_OF_PROTECTION)
        yield "Sent to", "\n".join(map(council, told_of_danger(records[0], policy)))
    yield "Asked of you", ACT
    yield "Receipt", f"Prepared {when(prepared)}."


def _head(
    records: Sequence[Record], about: Words, policy: ForcePolicy, rules: Collection[str]
) -> Iterator[tuple[str, str]]:
    record, header = records[0], records[0].header
    yield "Marking", marking(record)
    yield "Contact restrictions", restrictions(records, rules)
    yield "Police reference", f"{reference_of(header.record)}, revision {header.revision}"
    yield "Officer", officer(record, policy)
    yield "Child", about.child()
    yield "Responsible local authority", responsible(about)


def _data(record: Record, about: Words) -> dict[str, Any]:
    """The same for a system that sorts: codes, and the five sections apart."""
    answers = record.answers
    return {
        "record": str(record.header.record),
        "revision": record.header.revision,
        "level": next(iter(codes_of(answers.get("ppn.risk_opinion"))), ""),
        "concerns": list(codes_of(answers.get("ppn.concerns"))),
        "requested": list(codes_of(answers.get("ppn.requested"))),
        "covert": record.header.covert or "yes" in codes_of(answers.get("ppn.covert")),
        "family_told": next(iter(codes_of(answers.get("ppn.family_told"))), ""),
        "aware": {
            name: words
            for name, (_, _, names) in AWARE.items()
            if (words := about.lines(*names)) != NOT_SAID
        },
    }
