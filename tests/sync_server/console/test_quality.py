"""The figures of quality: what counts where, that each number is its list, and of how few none is given."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from booklets.answers import Answer, Moment
from booklets.decisions import Outcome
from booklets.forms import Stage
from booklets.records import Override, Record
from sync_server.console.figures import FEWEST
from sync_server.console.month import Month, month_in
from sync_server.db.tables import audit
from sync_server.identity.accounts import Role
from tests.support.builders import NIGHT, RUNG, UNIT, a_ppn, a_return, a_task
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.every_desk import every_desk
from tests.support.meetings import ELSEWHERE, about
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

HOURS_AGO = NIGHT - timedelta(hours=5)
RANG_LATE: Mapping[str, Answer] = {"ret.found_at": Moment(HOURS_AGO), "ret.la_informed": (RUNG,)}
TOLD_WHY = {"R-59:ret.la_informed": "No signal on the moor until midnight."}
FIGURE = re.compile(r'<a class="govuk-link" href="([^"]+)" aria-label="([\d,]+), ([^"]+)">')


@dataclass
class Office:
    """The server, and who sits at which desk."""

    server: LiveServer
    desks: Mapping[str, Browser]

    def figures(self, who: str = "mhet", asked: str = "") -> dict[str, tuple[int, str]]:
        """Each number that leads to a list, by what it counts: the number, and the list's address."""
        page = self.desks[who].open(f"/quality{asked}").text
        return {
            html.unescape(what): (int(number.replace(",", "")), html.unescape(href))
            for href, number, what in FIGURE.findall(page)
        }

    def reads(self, who: str = "mhet", asked: str = "") -> str:
        """The words of the page."""
        return words_of(self.desks[who].open(f"/quality{asked}").text)


def a_month(server: LiveServer) -> None:
    """Seven records of one unit, one of them withdrawn; two of another; one of the month before."""
    officer = a_colleague(server.context, "pc.okoro")
    sergeant = a_colleague(server.context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
    there = a_colleague(server.context, "pc.there", unit=ELSEWHERE)
    server.clock.at = NIGHT - timedelta(days=31)
    officer.sent(back("Ida"))
    server.clock.at = NIGHT
    officer.sent(back("Amy", RANG_LATE, stage=Stage.CAPTURE))
    officer.sent(back("Ana", RANG_LATE, stage=Stage.CAPTURE, reasons=TOLD_WHY))
    officer.sent(replace(back("Noor"), overrides=(Override("needed", "He bleeds.", "NYP-2217", NIGHT),)))
    asked = a_task("ppn_submitted", due_at=NIGHT - timedelta(hours=1))
    officer.sent(back("Owed", tasks=(asked,)))
    officer.sent(a_ppn({"ppn.incident_at": Moment(NIGHT - timedelta(days=9))}, **about("Late")))
    _twice_sent_back(officer, sergeant, officer.sent(back("Zed")))
    officer.withdraws(officer.sent(back("Wrong child")))
    for name in ("Filey one", "Filey two"):
        there.sent(back(name, unit=ELSEWHERE))


def back(name: str, answers: Mapping[str, Answer] | None = None, **more: Any) -> Record:
    """The return of a child who has a night of their own."""
    return a_return(answers, **about(name), **more)


def _twice_sent_back(officer: Colleague, sergeant: Colleague, record: Record) -> None:
    for how in ("alone", "family"):
        sergeant.decided(record, outcome=Outcome.RETURN)
        record = officer.revises(record, {"ret.found_how": how})


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The server after a month's work, and everybody signed in."""
    with a_server(tmp_path_factory.mktemp("quality"), no_hurry()) as server:
        a_month(server)
        with every_desk(server) as desks:
            yield Office(server, desks)


# -- what counts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "number"),
    [
        ("Records", 6),
        ("Not answered, with reasons", 5),
        ("Sent back", 1),
        ("Sent as an emergency", 1),
        ("PPN late", 2),
        ("Council told late", 2),
        ("A rule asked, and got a reason", 1),
    ],
)
def test_each_thing_is_counted_once_a_record(office: Office, column: str, number: int) -> None:
    """What was withdrawn, what came in another month and what another unit wrote are none of them."""
    found, _ = office.figures()[f"{column}, Harrogate response"]

    assert found == number


def test_a_number_is_as_long_as_the_list_behind_it(office: Office) -> None:
    """Of every number on the page, whatever it counts: units, questions and rules."""
    figures = office.figures(asked=f"?unit={UNIT}")

    assert len(figures) > 10
    for what, (number, href) in figures.items():
        words = words_of(office.desks["mhet"].open(href).text)
        assert f" {number} record" in words, what


def test_how_often_it_was_sent_back_is_said_beside_how_many(office: Office) -> None:
    """One record twice is not two records."""
    assert "1 2 times in all" in office.reads()


def test_the_question_that_was_left_open_stands_by_its_words(office: Office) -> None:
    """Of every unit together where none is chosen; it leads to the records in which it is open."""
    number, href = office.figures()["Not answered, with reasons, Does the child need a doctor or nurse?"]

    assert number == 7
    assert "about=ret.medical_needed" in href


def test_a_rule_that_was_answered_is_told_from_one_that_was_not(office: Office) -> None:
    """Of the two late calls one says what held it up."""
    late = "Management of return, R-59: The council should have been told by …. What held it up?"

    assert office.figures()[f"It stayed as it was, {late}"][0] == 1
    assert office.figures()[f"A reason was given, {late}"][0] == 1


def test_only_the_kind_of_record_that_is_asked_for_counts(office: Office) -> None:
    """The number leads to a list of that kind."""
    number, href = office.figures(asked="?kind=RET")["Records, Harrogate response"]

    assert number == 5
    assert "kind=RET" in href


def test_a_unit_has_its_months_below_each_other(office: Office) -> None:
    """Six of them, also those in which nothing arrived."""
    words = office.reads(asked=f"?unit={UNIT}")

    assert office.figures(asked=f"?unit={UNIT}")["Records, March 2026"][0] == 6
    assert "February 2026 1 Fewer than 5" in words
    assert "October 2025 0 Nothing arrived." in words


# -- of how few nothing is said ------------------------------------------------------------------


def test_of_few_records_only_the_number_is_given(office: Office) -> None:
    """A unit with two records is one officer's night."""
    there = {what: one for what, one in office.figures().items() if what.endswith(", Filey response")}

    assert {what: number for what, (number, _) in there.items()} == {"Records, Filey response": 2}
    assert f"Fewer than {FEWEST}" in office.reads()


def test_where_all_are_few_no_question_and_no_rule_is_counted(office: Office) -> None:
    """Nor are they in a month that had one record."""
    assert "Questions without an answer" not in office.reads("sergeant elsewhere")
    assert "Questions without an answer" not in office.reads(asked="?month=2026-02")


def test_of_few_records_no_share_is_said(office: Office) -> None:
    """Two of six is not 33 in 100 of anything."""
    assert "in 100" not in office.reads()


def test_no_officer_stands_on_the_page(office: Office) -> None:
    """It is about units."""
    assert "okoro" not in office.reads().lower()


# -- who sees what -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "units"),
    [
        ("mhet", {"Harrogate response", "Filey response"}),
        ("fim", {"Harrogate response", "Filey response"}),
        ("vat", {"Harrogate response"}),
        ("sergeant", {"Harrogate response"}),
        ("sergeant elsewhere", {"Filey response"}),
        ("mhet of another force", set()),
    ],
)
def test_everybody_has_the_figures_of_what_they_may_read(office: Office, who: str, units: set[str]) -> None:
    """Whatever unit the address asks for."""
    table = office.reads(who).split("Units in")[1]

    assert {unit for unit in ("Harrogate response", "Filey response") if unit in table} == units
    asked = office.reads(who, f"?unit={ELSEWHERE}").split("Units in")[1]
    assert ("Filey response" in asked) == ("Filey response" in units)


def test_an_administrator_has_no_figures(office: Office) -> None:
    """Whoever may read no record may count none."""
    assert office.desks["admin"].open("/quality").status_code == 403


def test_that_somebody_read_the_figures_is_written_down(office: Office) -> None:
    """With what they asked for, and no record, because none is named there."""
    office.reads(asked=f"?unit={UNIT}&month=2026-03")
    query = select(audit.c.detail).where(audit.c.what == "quality read").order_by(audit.c.id.desc())
    with office.server.context.store.read() as db:
        noted = db.execute(query).scalars().first()

    assert noted is not None
    assert noted["asked"] == ["month=2026-03", f"unit={UNIT}"]
    assert noted["records"] == []
    assert "Read the figures of quality" in words_of(office.desks["admin"].open("/looked").text)


# -- the register behind it ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("shows=nonsense", 0),
        ("about=ret.medical_needed", 0),
        ("shows=", 0),
        ("shows=gaps&about=a b", 1),
        ("shows=gaps&about=ret.medical_needed", 2),
    ],
)
def test_what_cannot_be_understood_is_not_asked_for(office: Office, asked: str, shown: int) -> None:
    """A question without what is asked of it is no filter."""
    words = words_of(office.desks["mhet"].open(f"/register?{asked}").text)

    assert words.count("× , take away") == shown
    assert "records, as they stood" in words


def test_what_it_was_narrowed_by_stays_when_more_is_asked(office: Office) -> None:
    """The question goes along with the form, and can be taken away by itself."""
    desk = office.desks["mhet"]
    page = desk.open("/register?shows=gaps&about=ret.medical_needed").text
    again = desk.http.post("/find", data={**desk.hidden_in(page), "shows": "gaps", "unit": ELSEWHERE})
    words = words_of(again.text)

    assert " 2 records" in words
    assert "Does the child need a doctor or nurse? ×" in words
    assert "Something not answered, with its reason ×" in words


# -- months --------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["", "2026-04", "2025-02", "2026-3", "x", "2026-03-01", "٢٠٢٦-٠٣"])
def test_a_month_that_makes_no_sense_is_this_one(given: str) -> None:
    """Also one that has not begun, or lies too far back."""
    assert month_in(given, NIGHT).code == "2026-03"


def test_a_month_goes_from_midnight_to_midnight_in_the_united_kingdom() -> None:
    """In the one in which the clocks go forward, too; and January follows December."""
    march = month_in("2026-03", NIGHT)

    assert (march.begins.isoformat(), march.ends.isoformat()) == (
        "2026-03-01T00:00:00+00:00",
        "2026-04-01T00:00:00+01:00",
    )
    assert march.before(3) == Month(march.first.replace(year=2025, month=12))
    assert march.before(3).last.day == 31
