"""What a supervisor decided, read at the console: all of it, beside the record and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from booklets.answers import frozen
from booklets.decisions import Ask, Outcome
from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.identity.accounts import Role
from tests.support.builders import UNIT, a_ppn, a_return, an_id, an_interview
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import href_of, words_of

DIRECTED = "Ring the duty team about the bruise on his arm"
WELL = "You wrote down what you asked just before."


@dataclass
class Unit:
    """A return and a notice that a sergeant has decided on, and a desk of each team."""

    server: LiveServer
    sergeant: Colleague
    returned: Record
    sent_back: Record
    notice: Record
    of_notice: Record
    mhet: Browser
    vat: Browser


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """The return went back with a question, the notice was approved with a direction and a good word."""
    with a_server(tmp_path_factory.mktemp("decided"), no_hurry()) as server:
        officer = a_colleague(server.context, "pc.okoro")
        sergeant = a_colleague(server.context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
        returned = officer.sent(a_return(episode=an_id("another episode"), incident=an_id("another")))
        asks = [Ask(returned.header.record, "ret.found_how", "Who rang whom?")]
        sent_back = sergeant.decided(returned, outcome=Outcome.RETURN, asks=asks)
        notice = officer.sent(a_ppn())
        of_notice = sergeant.decided(notice, answers={"sup.feedback_good": WELL})
        server.add_account("mhet", Role.MHET, unit="mhet")
        server.add_account("vat", Role.VAT, unit="vat")
        server.add_account("sgt.elsewhere", Role.SUPERVISOR, unit="filey_response")
        with Browser(server.url) as mhet, Browser(server.url) as vat:
            mhet.sign_in("mhet")
            vat.sign_in("vat")
            yield Unit(server, sergeant, returned, sent_back, notice, of_notice, mhet, vat)


def test_what_happens_next_and_what_was_done_well_stand_beside_the_record(unit: Unit) -> None:
    """Not only why: whoever reads on sees who does what, and by when."""
    words = words_of(unit.mhet.open(f"/records/{unit.notice.header.record}").text)

    assert f"{DIRECTED} PC Okoro, by Sun 15 March 2026, 00:04" in words
    assert f"What was done well {WELL}" in words


@pytest.mark.parametrize("who", ["mhet", "vat"])
def test_the_whole_decision_is_a_document_behind_a_link(unit: Unit, who: str) -> None:
    """Every answer of the form, under its question: whoever reads a record reads what was decided on it."""
    desk: Browser = getattr(unit, who)
    shown = desk.open(f"/records/{unit.notice.header.record}").text

    decision = desk.open(href_of(shown, "Read the whole decision"))

    words = words_of(decision.text)
    assert decision.status_code == 200
    assert "Are offences found and recorded? None found: looked for" in words
    assert f"What was done well? {WELL}" in words
    assert "Decides on: PPN" in words
    assert href_of(decision.text, "PPN") == f"/records/{unit.notice.header.record}"


def test_a_question_stands_in_the_decision_under_the_question_that_it_is_about(unit: Unit) -> None:
    """It is kept with the ids of both, which nobody can read."""
    words = words_of(unit.mhet.open(f"/records/{unit.sent_back.header.record}").text)

    assert "How did Kit come back? Who rang whom?" in words
    assert "ret.found_how" not in words
    assert str(unit.returned.header.record) not in words


def test_reading_a_decision_is_written_down(unit: Unit) -> None:
    """As reading any record is (Data Protection Act 2018, section 62)."""
    record = str(unit.sent_back.header.record)
    unit.mhet.open(f"/records/{record}")

    with unit.server.context.store.read() as db:
        assert entries_of(db, record)[-1]["what"] == "viewed"


def test_a_decision_is_not_there_for_those_who_may_not_read_the_record(unit: Unit) -> None:
    """A sergeant elsewhere, whatever the address says."""
    with Browser(unit.server.url) as other:
        other.sign_in("sgt.elsewhere")
        for decision in (unit.sent_back, unit.of_notice):
            assert other.open(f"/records/{decision.header.record}").status_code == 404


def test_a_direction_has_to_be_done_by_its_time(unit: Unit) -> None:
    """B.12: what is directed stands among what has to be done, in the supervisor's words."""
    words = words_of(unit.mhet.open(f"/records/{unit.notice.header.record}").text)

    assert f"{DIRECTED} PC Okoro Sun 15 March 2026, 00:04 – Open" in words


def test_an_approval_without_directions_says_why_nothing_more_is_needed(unit: Unit) -> None:
    """Else nobody can tell forgotten from not needed."""
    officer = a_colleague(unit.server.context, "pc.hale", unit=UNIT)
    ids = {part: an_id(f"{part} of nothing more") for part in ("record", "encounter", "episode", "incident")}
    record = officer.sent(a_return(**ids))  # type: ignore[arg-type]
    decision = unit.sergeant.decides([record])
    left = {name: one for name, one in decision.answers.items() if name != "sup.directions"}
    said = left | {"sup.no_directions_because": "The aunt has him till Monday."}
    unit.sergeant.sent(replace(decision, answers=frozen(said)))

    words = words_of(unit.mhet.open(f"/records/{record.header.record}").text)

    assert "Why nothing more is needed The aunt has him till Monday." in words


def test_wording_that_stands_is_seen_by_whoever_opens_the_record(unit: Unit) -> None:
    """It goes through no queue and holds up nothing; it is judged for whoever reads."""
    officer = a_colleague(unit.server.context, "pc.amin")
    blames = "A streetwise girl who is putting herself at risk."
    sent = officer.sent(
        an_interview({"pi.demeanour": blames}, episode=an_id("a third"), incident=an_id("third"))
    )

    seen = words_of(unit.mhet.open(f"/records/{sent.header.record}").text)

    assert "What the rules still see “streetwise”" in seen
