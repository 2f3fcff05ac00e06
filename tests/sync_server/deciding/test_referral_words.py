"""What a council reads in a referral of what the PPN was asked: nothing of it is left at the force."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets.records import Attachment, Record
from sync_server import notices
from sync_server.context import Context
from tests.support.builders import a_ppn, an_id
from tests.support.colleagues import Colleague


def referred(context: Context, record: Record) -> Mapping[str, str]:
    """The referral's own lines, by their titles."""
    with context.store.read() as connection:
        safe, name = context.keys.safe, str(record.header.record)
        found = notices.content_of(connection, safe, name, 1, "referral")
    assert found is not None
    return {one["title"]: one["words"] for one in found["fields"]}


def test_a_referral_says_what_the_ppn_was_asked_of_seeing_and_of_exploitation(
    context: Context, officer: Colleague
) -> None:
    """Why nobody has spoken with the child is what the council has to do first."""
    ppn = officer.sent(
        a_ppn(
            {
                "ppn.child_present": "no",
                "ppn.child_present_because": "At his nan's in Filey.",
                "ppn.child_seen": "yes",
                "ppn.child_spoken_to": "yes",
                "ppn.seen_alone": "no",
                "ppn.seen_alone_because": "His nan would not leave the room.",
                "ppn.exploitation_types": ("CL",),
            }
        )
    )

    fields = referred(context, ppn)
    for said in ("At his nan's in Filey.", "His nan would not leave the room."):
        assert said in fields["Seen and spoken to"]
    assert "County lines" in fields["Exploitation and harm online"]
    assert fields["Attachments"] == "None"


@pytest.mark.parametrize("asked", ["child_seen", "child_spoken_to"])
def test_a_referral_says_why_nobody_has_seen_or_heard_the_child(
    context: Context, officer: Colleague, asked: str
) -> None:
    """Each with its own reason, and with nothing where there is none to give."""
    because = {f"ppn.{asked}": "no", f"ppn.{asked}_because": "Asleep upstairs; PC Reid goes at eight."}
    why = officer.sent(a_ppn(because))

    fields = referred(context, why)
    assert "Asleep upstairs; PC Reid goes at eight." in fields["Seen and spoken to"]


def test_a_referral_says_how_many_photographs_police_hold(context: Context, officer: Colleague) -> None:
    """The council asks for them; none is sent along."""
    photograph = Attachment(an_id("photograph"), "photograph", 9, "ab" * 32)
    ppn = officer.sent(a_ppn(attachments=(photograph,)))

    assert referred(context, ppn)["Attachments"] == "1 held by police"
