"""The daily meeting's sheet: who stands on it and why, who sees what, and what taking it leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from booklets.records import Record
from sync_server.audit import entries_of, verify_audit
from sync_server.console.meeting import HOURS, hours_in
from sync_server.db.owed import task
from sync_server.db.tables import audit
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of
from tests.support.builders import (
    NIGHT,
    PEOPLE,
    a_person,
    a_return,
    a_task,
    an_interview,
)
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.every_desk import every_desk, read_back, takes
from tests.support.meetings import ELSEWHERE, FILE, SHEET, WHY, a_desk_with, a_report, about
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import rows_in, words_of

# Amy is in danger and Noor's return was decided on, here; Zed is elsewhere, Leo is missing since Friday.
SEES: Mapping[str, set[str]] = {
    "mhet": {"Amy", "Noor", "Zed", "Leo"},
    "fim": {"Amy", "Noor", "Zed", "Leo"},
    "vat": {"Amy"},
    "sergeant": {"Amy", "Noor", "Leo"},
    "sergeant elsewhere": {"Zed"},
    "mhet of another force": set(),
}
CHILDREN = ("Amy", "Noor", "Zed", "Leo", "Ida")


@dataclass
class Morning:
    """The server in the morning, what arrived in the night, and who sits at which desk."""

    server: LiveServer
    officer: Colleague
    sergeant: Colleague
    records: Mapping[str, Record]
    desks: Mapping[str, Browser]

    def reads(self, who: str = "mhet", hours: str = "") -> str:
        """The words of the sheet."""
        return words_of(self.desks[who].open(f"{SHEET}?hours={hours}" if hours else SHEET).text)

    def takes(self, who: str = "mhet", purpose: str = WHY, **fields: str) -> httpx.Response:
        """Ask for the file."""
        return takes(self.desks[who], SHEET, FILE, purpose, **fields)

    def noted(self, what: str) -> dict[str, Any]:
        """The newest entry of this kind in the audit."""
        query = select(audit).where(audit.c.what == what).order_by(audit.c.id.desc())
        with self.server.context.store.read() as db:
            return dict(db.execute(query).mappings().first() or {})


def everything_is_over(server: LiveServer) -> None:
    """Whatever was to be done so far has been done."""
    server.context.store.write(lambda db: db.execute(update(task).values(status="done")).rowcount)


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    """Two days ago Ida came back and Leo went missing; tonight there were Amy, Noor and Zed."""
    with a_server(tmp_path_factory.mktemp("meeting"), no_hurry()) as server:
        officer = a_colleague(server.context, "pc.okoro")
        sergeant = a_colleague(server.context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
        there = a_colleague(server.context, "pc.there", unit=ELSEWHERE)
        server.clock.at = NIGHT - timedelta(days=2)
        old = officer.sent(a_return(**about("Ida")))
        leo = officer.sent(a_report("Leo"))
        sergeant.decided(old, answers={"sup.directions": ()})
        sergeant.decided(leo, answers={"sup.directions": ()})
        everything_is_over(server)
        server.clock.at = NIGHT
        late = a_task("tell_child", owner="author", due_at=NIGHT - timedelta(minutes=70))
        records = {
            "Ida": old,
            "Leo": leo,
            "Noor": officer.sent(a_return(tasks=(late,), **about("Noor"))),
            "Zed": there.sent(a_return(unit=ELSEWHERE, **about("Zed"))),
            "Amy": officer.sent(an_interview({"pi.danger_now": "yes"}, **about("Amy"))),
        }
        sergeant.decided(records["Noor"])
        with every_desk(server) as desks:
            yield Morning(server, officer, sergeant, records, desks)


# -- who stands on it ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", SEES)
def test_everybody_sees_the_children_whose_records_are_theirs_to_read(morning: Morning, who: str) -> None:
    """As in the register: the own unit, what the team assesses, the force; never another force's."""
    sheet = morning.reads(who)

    assert {name for name in CHILDREN if f" {name} Brook-Test" in sheet} == SEES[who]
    assert rows_in(morning.desks[who].open(SHEET).text) == len(SEES[who])


@pytest.mark.parametrize("who", SEES)
def test_the_file_has_no_child_that_the_page_does_not_show(morning: Morning, who: str) -> None:
    """What cannot be read cannot be taken."""
    taken = read_back(morning.takes(who))

    assert {row["Child"].split()[0] for row in taken} == SEES[who]


def test_an_administrator_has_neither_the_page_nor_the_file(morning: Morning) -> None:
    """Whoever watches over looking learns nothing about a child."""
    assert morning.desks["admin"].open(SHEET).status_code == 403
    assert morning.desks["admin"].http.post(FILE, data={"purpose": WHY}).status_code == 403
    assert (
        "Daily meeting" not in words_of(morning.desks["admin"].open("/looked").text).split("Who looked")[0]
    )


def test_the_gravest_stands_on_top(morning: Morning) -> None:
    """Danger first; among the others whoever came last."""
    sheet = morning.reads()
    order = sorted(SEES["mhet"], key=lambda name: sheet.index(f" {name} Brook-Test"))

    assert order[0] == "Amy"
    assert order[-1] == "Leo"


def test_a_child_about_whom_all_is_done_stands_there_only_while_it_is_news(morning: Morning) -> None:
    """Ida came back two days ago, was decided on, and nothing is open."""
    assert "Ida" not in morning.reads()
    assert "Ida" in morning.reads(hours="72")


def test_a_child_who_is_still_missing_stands_there_whatever_is_decided(morning: Morning) -> None:
    """Nobody has to have a task for that."""
    sheet = morning.reads(hours="1")

    assert "Missing since Fri 13 Mar, 18:00 27 h 04: no return is recorded" in sheet


def test_what_was_found_decided_and_is_to_be_done_stand_beside_the_child(morning: Morning) -> None:
    """With whose it is, by when, and what is late."""
    sheet = morning.reads()
    noor = sheet[sheet.index("Noor Brook-Test") :]

    assert "Danger, or harm likely" in sheet[sheet.index("Amy Brook-Test") : sheet.index("Noor Brook-Test")]
    assert "Missing, back Sat 14 Mar, 20:24 Since when is not recorded" in noor
    assert "Management of return , Sat 14 Mar, 21:04 , Harrogate response: Approved" in noor
    assert "Approved by PC sgt.marsh, supervisor, Sat 14 Mar, 21:04" in noor
    assert "Tell the child what happens Author 1 h 10 late since Sat 14 Mar, 19:54" in noor
    assert "Ring the duty team about the bruise on his arm PC Okoro By Sun 15 Mar, 00:04" in noor


def test_a_child_with_an_open_task_stands_there_however_old_it_is(morning: Morning) -> None:
    """A week later nothing is news, and what was not done is."""
    morning.server.clock.later(days=3)
    try:
        with Browser(morning.server.url) as later:
            later.sign_in("mhet")
            sheet = words_of(later.open(SHEET).text)
    finally:
        morning.server.clock.at = NIGHT

    assert "Noor Brook-Test" in sheet
    assert "Ida Brook-Test" not in sheet


# -- how far back -----------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["", "0", "-1", "169", "999999", "1.5", "x", "٢", "24 "])
def test_hours_that_make_no_sense_are_a_day(given: str) -> None:
    """Whatever is typed into the address."""
    assert hours_in(given) == HOURS


@pytest.mark.parametrize("given", ["1", "24", "36", "168"])
def test_from_an_hour_to_a_week_may_be_asked_for(given: str) -> None:
    """The meeting after a weekend looks further back."""
    assert hours_in(given) == int(given)


def test_the_page_says_how_far_back_it_looks_and_keeps_it(morning: Morning) -> None:
    """Also where it is none of those on offer."""
    page = morning.desks["mhet"].open(f"{SHEET}?hours=36").text

    assert "with something in the last 36 hours" in words_of(page)
    assert '<option value="36" selected>36 hours</option>' in page
    assert 'name="hours" value="36"' in page


# -- what looking and taking leave behind -----------------------------------------------------------


def test_whoever_reads_the_sheet_leaves_behind_which_records_stood_on_it(morning: Morning) -> None:
    """As every list does."""
    morning.reads("sergeant")
    noted = morning.noted("meeting read")

    shown = {str(morning.records[name].header.record) for name in SEES["sergeant"]}
    assert shown <= set(noted["detail"]["records"])
    assert str(morning.records["Zed"].header.record) not in noted["detail"]["records"]
    assert noted["detail"]["asked"] == ["hours=24"]


def test_whoever_takes_the_file_leaves_behind_what_for_and_which_records(morning: Morning) -> None:
    """In one line of their own, which a record's reference finds, and at each of the records."""
    morning.takes(hours="48")
    noted = morning.noted("file taken")
    reference = reference_of(morning.records["Noor"].header.record)
    looks = words_of(morning.desks["admin"].open(f"/looked?what=file+taken&record={reference}").text)
    of_record = words_of(
        morning.desks["mhet"].open(f"/records/{morning.records['Noor'].header.record}").text
    )

    assert noted["detail"]["purpose"] == WHY
    assert noted["detail"]["asked"] == ["hours=48"]
    assert "Took the daily meeting’s sheet as a file" in looks
    assert f"for “{WHY}”" in looks
    assert "Brook-Test" not in looks
    assert f"PC Hannah Wells Taken from the console in a file for “{WHY}”" in of_record
    assert verify_audit(morning.server.context).broken == ()


def test_a_file_that_was_refused_is_not_noted_as_taken(morning: Morning) -> None:
    """Nobody has it."""
    record = str(morning.records["Noor"].header.record)
    with morning.server.context.store.read() as db:
        before = len(entries_of(db, record))
    refused = morning.takes(purpose="  \n ")

    with morning.server.context.store.read() as db:
        assert len(entries_of(db, record)) == before
    assert refused.status_code == 422
    assert "Say what you take the file for" in words_of(refused.text)
    assert "attachment" not in refused.headers.get("content-disposition", "")


@pytest.mark.parametrize(
    "said", ["About Noor, for her school", "noor's social worker", "Who was with NOOR?"]
)
def test_what_it_is_for_names_no_child(morning: Morning, said: str) -> None:
    """An administrator reads that line, and it stays for ever."""
    refused = morning.takes(purpose=said)

    assert refused.status_code == 422
    assert "Say it without the name of a child" in words_of(refused.text)
    assert said in unescape(refused.text), "what was typed is kept"


def test_what_a_child_is_called_in_several_words_forbids_no_small_word(tmp_path: Path) -> None:
    """Of "Jo from the flats" the name counts, and everybody may still write of the meeting."""
    with a_desk_with(tmp_path) as (_, officer, desk):
        ids = about("Ida")
        called = a_person(ids["subject"], given_names="Ida", known_as="Jo from the flats")
        officer.sent(a_return(**{**ids, "entities": (called, *PEOPLE[1:])}))
        hidden = desk.hidden_in(desk.open(SHEET).text)
        named = desk.http.post(FILE, data={**hidden, "purpose": "What Jo said"})
        taken = desk.http.post(FILE, data={**hidden, "purpose": "For the meeting, from our desk"})

    assert named.status_code == 422
    assert taken.status_code == 200, words_of(taken.text)


def test_what_it_is_for_is_one_short_line(morning: Morning) -> None:
    """Line ends and signs that cannot be seen are a space; more than a line is too much."""
    assert morning.takes(purpose="x" * 201).status_code == 422

    morning.takes(purpose="For the council\r\n\x00 at nine")
    assert morning.noted("file taken")["detail"]["purpose"] == "For the council at nine"


def test_a_form_that_we_did_not_give_takes_nothing(morning: Morning) -> None:
    """A page of somebody else's cannot make a browser take it."""
    answer = morning.desks["mhet"].http.post(FILE, data={"purpose": WHY})

    assert answer.status_code == 403
    assert "Brook-Test" not in answer.text


def test_the_file_is_read_by_spreadsheets_and_its_name_tells_nothing(morning: Morning) -> None:
    """The day alone; and it may lie in no cache."""
    answer = morning.takes()

    assert answer.headers["content-disposition"] == 'attachment; filename="daily-meeting-2026-03-14.csv"'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    [noor] = [row for row in read_back(answer) if row["Child"].startswith("Noor")]
    assert noor["Late tasks"] == "1"
    assert "Tell the child what happens, Author, 1 h 10 late (since Sat 14 Mar, 19:54)" in noor["Open tasks"]
    assert noor["Marking"] == "OFFICIAL-SENSITIVE"


def test_a_name_that_would_be_a_formula_is_a_name(tmp_path: Path) -> None:
    """Whatever a child was called by whoever typed it."""
    with a_desk_with(tmp_path) as (_, officer, desk):
        officer.sent(a_return(**about("=HYPERLINK(1)")))
        hidden = desk.hidden_in(desk.open(SHEET).text)
        [row] = read_back(desk.http.post(FILE, data={**hidden, "purpose": WHY}))

    assert row["Child"] == "'=HYPERLINK(1) Brook-Test"
