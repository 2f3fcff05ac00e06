"""The end of police protection ends the hours and reminders (R-20) of the parts that began it.

The three parts are begun apart, often on three handhelds, so the end is known by its child and by its time:
it belongs to the last beginning before it, and to whatever was begun no longer before that than the power
can last. An earlier use whose end nobody wrote down stays open. What does not end with the power stays
as well: the PPN, the council, what the child is told.

The review of a use knows it by when the power was used: it is of the first end after that, and ends what
asked for it there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from booklets.form_names import (
    PROTECTION_ENDED,
    PROTECTION_ENQUIRED,
    PROTECTION_REVIEWED,
    PROTECTION_USED,
)
from sync_server.across.asked import Over
from sync_server.across.seen import Filed, Seen, done_with
from sync_server.db.owed import TaskState

PARTS: Final = frozenset({PROTECTION_USED, PROTECTION_ENQUIRED})
ENDED_AT: Final = "ppe.ended_at"
_ORDER: Final = ("first", "second", "third", "last")
DONE_BY_IT: Final = frozenset({"police_protection", "designated_police_protection", "end_protection"})
"""What asked for the end itself."""
BEGUN_BY_ENQUIRY: Final = frozenset(
    {"accept_protection", "protection_enquiry_begun", "protection_end_unseen"}
)
"""What the constable's part asks for until the designated officer's is here, which asks for the rest."""
IDLE_AFTER_IT: Final = frozenset(
    {
        *(f"{whose}_{which}_alert" for whose in ("protection", "designated") for which in _ORDER),
        *("first_protection_review", "review_protection", "hand_over_protection"),
        *BEGUN_BY_ENQUIRY,
        *("end_of_protection_planned", "plan_end_of_protection"),
    }
)
"""What nobody has to do any more. It was not done, so it is stopped: a review that never was is none."""
DONE_BY_REVIEW: Final = frozenset({"use_of_protection_reviewed", "review_protection_over_time"})
KNOWN_BY: Final = {PROTECTION_ENDED: ENDED_AT, PROTECTION_REVIEWED: "ppv.started_at"}
"""By which time of its own a record finds what it is the end of, or the review of."""


def ended_protection(seen: Seen) -> Iterator[Over]:
    """What is over because the protection has ended."""
    for records in seen.of_child.values():
        parts = [one for one in records if one.type in PARTS]
        for end in (one for one in records if one.type == PROTECTION_ENDED and _has_ended(seen, one)):
            for part in _ended_by(seen, end, parts):
                yield from _over(seen, part, end)


def begun_enquiries(seen: Seen) -> Iterator[Over]:
    """What is over because a designated officer has begun to look into a use of the power."""
    longest = timedelta(minutes=seen.number("minutes_of_police_protection", 4320))
    for records in seen.of_child.values():
        used = [one for one in records if one.type == PROTECTION_USED and one.record in seen.happened]
        for enquiry in (one for one in records if one.type == PROTECTION_ENQUIRED):
            begun = seen.happened.get(enquiry.record, enquiry.arrived)
            for one in used:
                if timedelta() <= begun - seen.happened[one.record] <= longest:
                    asked = seen.still_asked(one.record, BEGUN_BY_ENQUIRY)
                    yield from (done_with(task, enquiry) for task in asked)


def reviewed_protection(seen: Seen) -> Iterator[Over]:
    """What is over because the vulnerability team's inspector has looked at a use of the power."""
    for records in seen.of_child.values():
        ends = [one for one in records if one.type == PROTECTION_ENDED and _has_ended(seen, one)]
        ends.sort(key=lambda one: seen.happened[one.record])
        for review in (one for one in records if one.type == PROTECTION_REVIEWED):
            used = seen.happened.get(review.record, seen.now)
            end = next((one.record for one in ends if seen.happened[one.record] >= used), "")
            yield from (done_with(task, review) for task in seen.still_asked(end, DONE_BY_REVIEW))


def _over(seen: Seen, part: Filed, end: Filed) -> Iterator[Over]:
    yield from (done_with(task, end) for task in seen.still_asked(part.record, DONE_BY_IT))
    for task in seen.still_asked(part.record, IDLE_AFTER_IT):
        yield Over(task=task, status=TaskState.STOPPED, outcome=end.named)


def _has_ended(seen: Seen, end: Filed) -> bool:
    """Whether the end has a time, and that has come: one that lies ahead is a slip, or a plan."""
    unsaid = {*end.flags.get("missing", ()), *end.flags.get("gaps", ())}
    return ENDED_AT not in unsaid and end.record in seen.happened and seen.happened[end.record] <= seen.now


def _ended_by(seen: Seen, end: Filed, parts: list[Filed]) -> list[Filed]:
    """The parts of the use of the power that this is the end of."""
    ended = seen.happened[end.record]
    before = [one for one in parts if one.record in seen.happened and seen.happened[one.record] <= ended]
    if not before:
        return []
    longest = timedelta(minutes=seen.number("minutes_of_police_protection", 4320))
    since = max(seen.happened[one.record] for one in before) - longest
    return [one for one in before if seen.happened[one.record] >= since]
