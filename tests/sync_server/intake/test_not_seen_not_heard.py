"""A child who was not seen, did not talk, or is afraid at home: what the sergeant and the council read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets.answers import Answer
from booklets.records import Record
from sync_server import notices
from sync_server.console.marks import flag_marks
from sync_server.context import Context
from sync_server.db.tables import record
from sync_server.flags import Risk, flags_of, risk_of
from sync_server.intake import take_in
from tests.support.builders import NIGHT, a_return, an_interview
from tests.support.server_data import Handheld, rows


def send(context: Context, handheld: Handheld, *records: Record) -> None:
    """The records arrive, in this order."""
    for one in records:
        assert take_in(context, handheld.seal(one), sender=handheld.sender).result == "stored"


def told(context: Context, record: Record) -> Mapping[str, str]:
    """What the council reads because of this record, by title."""
    with context.store.read() as connection:
        found = notices.content_of(connection, context.keys.safe, str(record.header.record), 1)
    assert found is not None
    return {one["title"]: one["words"] for one in found["fields"]}


@pytest.mark.parametrize("engaged", ["no", "too_unwell", "asleep"])
def test_the_interview_of_a_child_who_did_not_talk_is_marked_urgent(
    context: Context, handheld: Handheld, engaged: str
) -> None:
    """R-45: a sleeping child has not said that all is well. The council reads that."""
    interview = an_interview({"pi.engaged": engaged})
    send(context, handheld, a_return(), interview)

    assert told(context, interview)["Urgency"] == "Return home interview: urgent"
    assert told(context, interview)["Asked of you"].startswith("URGENT: offer the return home interview")
    assert "URGENT" not in told(context, a_return())["Asked of you"], "nobody had said so yet"
    flags = flags_of(interview, context.policy(interview.header.force), NIGHT)
    assert "Return home interview: urgent" in [one.words for one in flag_marks(flags, covert=False)]


def test_the_interview_of_a_child_who_talked_is_offered_in_its_time(
    context: Context, handheld: Handheld
) -> None:
    """The control to it; and what is wrong with the child itself stays the graver urgency."""
    talked = an_interview({"pi.engaged": "yes"})
    send(context, handheld, a_return({"ret.condition": ("injured_hospital",)}), talked)

    assert "URGENT" not in told(context, talked)["Asked of you"]
    assert told(context, talked)["Urgency"] == "Urgent: read now"


def test_a_child_nobody_saw_is_read_before_what_can_wait(context: Context, handheld: Handheld) -> None:
    """R-44a: a voice on the phone shows no bruise. Only graver signs go before."""
    seen, unseen = an_interview({"pi.face_to_face": "yes"}), an_interview({"pi.face_to_face": "no"})
    policy = context.policy(seen.header.force)

    assert risk_of(flags_of(unseen, policy, NIGHT)) is Risk.HARM
    assert risk_of(flags_of(seen, policy, NIGHT)) is Risk.OTHER
    danger = an_interview({"pi.face_to_face": "no", "pi.danger_now": "yes"})
    assert risk_of(flags_of(danger, policy, NIGHT)) is Risk.DANGER
    send(context, handheld, unseen)
    assert [row["risk"] for row in rows(context, record)] == [int(Risk.HARM)]
    marks = [one.words for one in flag_marks(flags_of(unseen, policy, NIGHT), covert=False)]
    assert "Not seen in person" in marks


@pytest.mark.parametrize(
    ("said", "restriction"),
    [({"pi.home_afraid": "yes"}, "has not been established"), ({"pi.home_afraid": "no"}, "None recorded")],
)
def test_a_child_afraid_at_home_restricts_whom_the_council_may_ring(
    context: Context, handheld: Handheld, said: dict[str, Answer], restriction: str
) -> None:
    """R-51: the council rings the house in the morning; it must know before."""
    interview = an_interview({"pi.engaged": "yes", "pi.hbv_fm_fgm": "no", **said})
    send(context, handheld, a_return({"ret.covert": "no"}), interview)

    assert restriction in told(context, interview)["Contact restrictions"]
