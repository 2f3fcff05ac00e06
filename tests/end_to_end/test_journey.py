"""From the doorstep to the force system, once, for real.

One walk through the whole of Homeward as its people walk it: a real server and a
real app as processes, a real browser the size of a handheld, a server that is
really gone and comes back, an app that is really killed in the middle of a
sentence. It acts by role, name and identifier on the screen and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.desk import a_desk
from tests.support.kept import Kept, Row
from tests.support.night import Night, a_night
from tests.support.people import Words, a_phone

pytestmark = pytest.mark.journey

SENTENCE = "I went to see Jade and then we were just walking about by the sea front and I"


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A server and a handheld that nobody has used yet."""
    with a_night(tmp_path) as found:
        yield found


@pytest.mark.timeout(300)
def test_a_return_check_reaches_the_force_whatever_happens_on_the_way(
    night: Night, browser: Browser
) -> None:
    """No signal, a killed app, a server that comes back: one record, received once, delivered as data."""
    kept = Kept(night.server_folder)
    with a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        before = kept.last_seq()
        night.stop_server()
        officer.starts_a_return_check()
        officer.says_who_it_is()
        officer.says_how_amy_is_back()
        officer.begins_to_write("pi.why_left", SENTENCE)
        night.kill_app()
    night.start_app()

    with a_phone(browser, night) as officer:
        officer.unlocks()
        officer.goes_on_with_the_draft()
        officer.screen.expect_value("pi.why_left", SENTENCE)
        officer.looks_what_is_missing(
            "In Amy's own words", "Has anyone hurt, threatened, touched or filmed Amy?"
        )
        officer.opens_page("talk")
        officer.writes_down_the_talk(Words())
        officer.asks_the_eight_questions()
        officer.closes()
        officer.reviews()
        officer.sends()
        officer.reads("sent.state", "Waiting for signal.*Safe on this phone, waiting for signal")
        officer.reads("nobody_told", "Nobody has been told yet")
        night.start_server()
        officer.reads("sent.state", r"Received \d\d:\d\d")
        officer.reads("step.council", r"Notice of return with the council · \d\d:\d\d")

    returned, interview = the_two_records(kept, before)
    assert_it_stands_in_the_register(kept, returned, interview)
    assert_it_was_delivered(night, kept, returned)
    assert_the_console_shows_both(night, browser)
    more_is_added(night, browser, kept, before)


def more_is_added(night: Night, browser: Browser, kept: Kept, before: int) -> None:
    """Later the same shift: one answer more goes as the next revision of both records."""
    with a_phone(browser, night) as officer:
        officer.unlocks()
        officer.adds_to_what_was_sent("person.interpreter_needed.no")
        officer.reads("sent.state", r"Received \d\d:\d\d · Revision 2")
    came = kept.evidence_after(before)
    assert [(one["form"], one["rev"], one["state"]) for one in came[2:]] == [
        ("ret", 2, "stored"),
        ("pvi", 2, "stored"),
    ]


def assert_the_console_shows_both(night: Night, browser: Browser) -> None:
    """Somebody at a desk, without JavaScript, finds the child and reads her words."""
    with a_desk(browser, night, "mhet") as desk:
        desk.opens_the_record_of("Amy Brook", "Management of return")
        desk.reads("14 Saltern Row", "Came back alone")
        desk.goes_back()
        desk.opens_the_record_of("Amy Brook", "Prevention interview")
        desk.reads(Words().said, Words().demeanour)


def the_two_records(kept: Kept, before: int) -> tuple[Row, Row]:
    """The evidence: two records of one encounter, each kept once, with the envelope as it came."""
    came = kept.evidence_after(before)
    assert [(one["form"], one["rev"], one["state"]) for one in came] == [
        ("ret", 1, "stored"),
        ("pvi", 1, "stored"),
    ]
    assert all(bytes(one["envelope"]).startswith(b"HWD1") for one in came)
    return came[0], came[1]


def assert_it_stands_in_the_register(kept: Kept, returned: Row, interview: Row) -> None:
    """Person, object, location and event rows, with the links between them."""
    record = returned["record"]
    [child] = kept.rows(
        "select * from register_person where given_names = 'Amy Louise' and record in (?, ?)",
        record,
        interview["record"],
    )
    assert (child["surname"], child["born"]) == ("Brook", "2011-03-12")
    [place] = kept.rows("select * from register_location where record = ?", record)
    assert "14 Saltern Row" in place["address"]
    assert kept.rows("select type from register_event where record = ?", record)
    links = {row["type"] for row in kept.rows("select type from register_link where record = ?", record)}
    assert {"foundAt", "missing", "x-leftWith"} <= links
    [head] = kept.rows("select * from register_record where record = ?", record)
    assert (head["digest"], head["state"]) == (returned["digest"], "pending_supervisor")


def assert_it_was_delivered(night: Night, kept: Kept, returned: Row) -> None:
    """The notice names no child in its subject; the force system has one document, shaped as data."""
    record = returned["record"]
    [notice] = kept.rows("select * from notice where record = ?", record)
    assert "Brook" not in notice["subject"]
    assert "Amy" not in notice["subject"]
    night.until_true(lambda: bool(kept.delivered_to_force(record) and kept.delivered_to_council(record)))
    [document] = kept.delivered_to_force(record)
    people = [one["attributes"] for one in document["included"] if one["type"] == "person"]
    assert document["data"]["type"].startswith("x-")
    assert any(one.get("surname") == "Brook" and one.get("givenName") for one in people)
    [told] = kept.delivered_to_council(record)
    assert "14 Saltern Row" in told["text"]
    done = kept.rows("select target, state from outbox_delivery where record = ?", record)
    assert {one["state"] for one in done} == {"delivered"}


@pytest.mark.timeout(240)
def test_an_emergency_goes_with_what_is_missing_and_a_disclosure_stops_the_questions(
    night: Night, browser: Browser
) -> None:
    """A child begins to describe a crime: only what is needed now, and it goes at once, marked."""
    kept = Kept(night.server_folder)
    with a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        before = kept.last_seq()
        officer.starts_a_return_check()
        officer.says_who_it_is()
        officer.says_how_amy_is_back()
        officer.chooses("pi.face_to_face.yes", "pi.engaged.yes")
        officer.screen.tap("disclosure")
        officer.reads("stopped", "Stop here. Ask nothing more about it.")
        officer.screen.sees("pi.stop_danger.yes")
        officer.adds_exact_words(
            asked="What happened to your arm?",
            said="He held me down. It was in the car.",
            question="pi.offence",
        )
        officer.opens_page("close")
        officer.chooses("pi.danger_now.yes")
        officer.reviews()
        officer.screen.tap("emergency")
        officer.writes("emergency.reason", "She is with me in the car and we are driving to the hospital.")
        officer.screen.tap("emergency.send")
        officer.reads("sent.state", r"Received \d\d:\d\d")

    returned, _ = the_two_records(kept, before)
    [head] = kept.rows("select flags from register_record where record = ?", returned["record"])
    assert "override" in head["flags"]
