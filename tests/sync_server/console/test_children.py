"""The register of children (B.13): one line for each child, and what stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from booklets.answers import Answer, Gap, Moment, Why
from booklets.duties import Act, Acted
from booklets.entities import new_id
from sync_server.across.seen import Episode
from sync_server.console.child_cells import COLUMNS
from sync_server.console.each_child import WITHIN, within
from sync_server.db.owed import task
from sync_server.duties import Actor, act
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of
from tests.support.again import a_night, closes
from tests.support.builders import NIGHT, a_task, an_id
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.episodes import DESPITE, NO_DIRECTIONS, of
from tests.support.known_children import interview_of, known_as, report_of, return_of, review_of
from tests.support.meetings import ELSEWHERE, parts
from tests.support.register_of_children import (
    CLOCK,
    PAGE,
    REVIEWED,
    Force,
    a_busy_force,
    a_force,
    a_home_interview,
    a_plan,
    with_task,
)
from tests.support.web_pages import link_to, rows_in

EVERYBODY = ["Amy", "Leo", "Noor", "Zed"]
NOT_RECORDED = "Not recorded"
BORN, COUNCIL, CARE, NOW, TIMES, RETURN, TALK, NOTICE, PLAN, LEVEL, MACE, OWNER, DUE = COLUMNS


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Force]:
    """A force to which nothing has come yet."""
    with a_force(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    """Amy has a notice, Noor everything, Leo is missing, and Zed is another unit's."""
    with a_busy_force(tmp_path_factory.mktemp("children")) as made:
        yield made


# -- one line for each child ----------------------------------------------------------------------


def test_a_child_of_whom_five_records_tell_is_one_line(force: Force) -> None:
    """Report, return, interview, plan and review: the three logs are one."""
    assert sorted(force.names()) == EVERYBODY
    assert rows_in(force.desks["mhet"].open(PAGE).text) == len(EVERYBODY)


def test_a_child_whom_another_handheld_typed_anew_is_one_line(empty: Force) -> None:
    """Another id and another night; the same names and day of birth."""
    for name in ("first", "second"):
        empty.officer.sent(a_night(name, NIGHT))

    [kit] = empty.lines()
    assert kit[TIMES] == "2 / 2 / 2"


def test_two_of_one_family_are_two_lines(empty: Force) -> None:
    """Twins have a surname and a day of birth in common, and are two children."""
    empty.officer.sent(report_of("Ola", dob="2011-05-02"))
    empty.officer.sent(report_of("Una", dob="2011-05-02"))

    assert sorted(empty.names()) == ["Ola", "Una"]


def test_the_name_leads_to_the_newest_record(empty: Force) -> None:
    """Where the reader goes on from."""
    empty.officer.sent(report_of("Ola"))
    empty.server.clock.later(minutes=5)
    newest = empty.officer.sent(return_of("Ola"))

    page = empty.desks["mhet"].open(PAGE).text
    assert link_to(page, "Ola Brook-Test, Management of return") == f"/records/{newest.header.record}"
    assert reference_of(newest.header.record) in empty.lines()[0]["Newest record"]


def test_a_child_of_whom_nothing_came_for_a_year_stands_there_no_more(empty: Force) -> None:
    """365 days still count, and one more does not."""
    empty.officer.sent(interview_of("Ola"))

    empty.server.clock.at = NIGHT + timedelta(days=365)
    assert _after_sign_in(empty) == 1
    empty.server.clock.at += timedelta(minutes=1)
    assert _after_sign_in(empty) == 0


def _after_sign_in(force: Force) -> int:
    with Browser(force.server.url) as later:
        later.sign_in("mhet")
        return rows_in(later.open(PAGE).text)


def test_a_child_who_has_died_is_asked_about_no_more(empty: Force) -> None:
    """R-50: nobody who has died stands on a list by which something is asked for; the page says so."""
    empty.officer.sent(report_of("Ola"))
    empty.officer.sent(return_of("Ola", {"ret.condition": ("deceased",)}))

    assert empty.names() == []
    assert "A child who has died stands here no more" in empty.reads()


def test_a_record_that_was_withdrawn_puts_nobody_there(empty: Force) -> None:
    """It was perhaps about the wrong child."""
    empty.officer.withdraws(empty.officer.sent(report_of("Ola")))

    assert empty.names() == []


# -- what each column says ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "says"),
    [
        (BORN, "2 May 2011"),
        (COUNCIL, "York"),
        (CARE, "Care order"),
        (NOW, "Back since Sat 14 Mar, 20:24"),
        (TIMES, "1 / 1 / 1"),
        (RETURN, "Sat 14 March 2026, 20:24"),
        (TALK, "Declined (Sat 14 Mar, 21:04)"),
        (NOTICE, NOT_RECORDED),
        (PLAN, "14 March 2026 (to be looked at again by 1 May 2026)"),
        (LEVEL, "Significant (Sat 14 Mar, 21:04)"),
        (MACE, "Declined (Sat 14 Mar, 21:04)"),
        (OWNER, "Author"),
        (DUE, "1 h 10 late (Tell the child what happens, since Sat 14 Mar, 19:54)"),
    ],
)
def test_each_column_says_what_a_record_says(force: Force, column: str, says: str) -> None:
    """In the words of the forms, on the page and in the file alike."""
    [noor] = [line for line in force.lines() if line["Child"].startswith("Noor")]

    assert says in noor[column]
    assert says.partition(" (")[0] in force.reads()


def test_what_no_record_says_is_said_not_to_be_recorded(empty: Force) -> None:
    """An empty cell would be read as "there is none"."""
    empty.officer.sent(
        known_as(interview_of("Ola"), care_status=Gap(Why.NOT_ASKED, ""), la_responsible=None, dob=None)
    )
    [ola] = empty.lines()

    said = {column: ola[column] for column in COLUMNS}
    always = {NOW: "No missing episode", TIMES: "0 / 0 / 0", OWNER: said[OWNER], DUE: said[DUE]}
    assert said == {**dict.fromkeys(COLUMNS, NOT_RECORDED), **always}
    assert "" not in ola.values()


def test_a_notice_stands_with_where_it_stands(force: Force) -> None:
    """It waits for the supervisor, and that is what is due next."""
    [amy] = [line for line in force.lines() if line["Child"].startswith("Amy")]

    assert amy[NOTICE].startswith("Awaiting supervisor")
    assert amy[OWNER] == "Supervisor"
    assert "Awaiting supervisor" in amy[DUE]


def test_nothing_is_due_about_a_child_of_whom_all_is_decided(empty: Force) -> None:
    """Then nobody owns it either, and the notice says how it stands."""
    sergeant = a_colleague(empty.server.context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
    sergeant.decided(empty.officer.sent(interview_of("Ola")), answers=NO_DIRECTIONS)
    [ola] = empty.lines()

    assert (ola[DUE], ola[OWNER]) == ("Nothing is open", NOT_RECORDED)


def test_the_newest_review_and_the_newest_plan_count(empty: Force) -> None:
    """A plan whose day has passed is late, until there is another."""
    first = empty.officer.sent(review_of("Ola", {"mh.mace": "on_list", "mh.exploitation_level": "moderate"}))
    empty.officer.sent(a_plan(first, "2026-03-01"))
    assert '<strong class="govuk-tag govuk-tag--red hw-tag hw-tag--late">14 March' in _page(empty)
    empty.server.clock.later(minutes=5)
    empty.officer.sent(review_of("Ola", REVIEWED, **parts("again")))
    empty.officer.sent(a_plan(first, "2026-06-01", record=an_id("second plan")))
    [ola] = empty.lines()

    assert (ola[MACE].split()[0], ola[LEVEL].split()[0]) == ("Declined", "Significant")
    assert "1 June 2026" in ola[PLAN]
    assert '<strong class="govuk-tag govuk-tag--red hw-tag hw-tag--late">14 March' not in _page(empty)


def _page(force: Force) -> str:
    return force.desks["mhet"].open(PAGE).text


def test_the_interview_is_owed_until_a_record_says_what_came_of_it(empty: Force) -> None:
    """The clock of R-28 by its day, "still to come" while it runs, and then the outcome."""
    due = a_task(CLOCK, rule=CLOCK, owner="mhet", due_at=NIGHT + timedelta(hours=72))
    back = empty.officer.sent(with_task(return_of("Ola"), due))
    owed = empty.lines()[0]
    held = empty.officer.sent(a_home_interview(back, "held", report=False))
    awaited = empty.lines()[0]
    empty.officer.revises(held, {"rhi.received_at": Moment(NIGHT)})

    assert owed[TALK] == "Owed: by Tue 17 Mar, 21:04"
    assert awaited[TALK] == "Held, report owed: by Tue 17 Mar, 21:04"
    assert empty.lines()[0][TALK] == "Held (Sat 14 Mar, 21:04)"


def test_an_interview_that_is_not_needed_is_said_to_be_so(empty: Force) -> None:
    """Somebody has said so at the task."""
    due = a_task(CLOCK, rule=CLOCK, owner="mhet", due_at=NIGHT + timedelta(hours=72))
    empty.officer.sent(with_task(return_of("Ola"), due))
    team = a_colleague(empty.server.context, "mhet.hale", Role.MHET, unit="mhet")
    closes(team, CLOCK, outcome="not_needed", words="His nan fetched him from the bus stop herself.")

    assert empty.lines()[0][TALK] == "Not needed"


def test_who_took_it_on_owns_what_is_due(empty: Force) -> None:
    """By their name, with the role; until then the team that has to do it."""
    context = empty.server.context
    due = a_task("chase_interview", owner="mhet", due_at=NIGHT - timedelta(hours=1))
    empty.officer.sent(with_task(return_of("Ola"), due))
    before = empty.lines()[0][OWNER]
    hale = a_colleague(context, "mhet.hale", Role.MHET, unit="mhet")
    with context.store.read() as db:
        number = db.execute(select(task.c.id).where(task.c.kind == "chase_interview")).scalar_one()
        account = accounts.by_id(db, hale.author.id)
    assert account is not None
    taken = Acted(id=new_id(), task=number, act=Act.ACCEPT, at=context.now())
    actor = Actor(account.id, account.person)
    assert context.store.write(lambda db: act(context, db, taken, actor)).stands

    assert before == "Missing-from-home team"
    assert empty.lines()[0][OWNER] == "PC mhet.hale (missing-from-home team)"


# -- missing now, and back --------------------------------------------------------------------------


def test_a_child_is_missing_until_a_record_brings_them_back(empty: Force) -> None:
    """Also one that another unit wrote, with the child typed anew."""
    known: dict[str, Answer] = {"given_names": "Una", "surname": "Brook-Test", "dob": "2011-05-02"}
    empty.officer.sent(known_as(report_of("Una"), dob="2011-05-02"))
    missing = empty.lines()[0][NOW]
    there = a_colleague(empty.server.context, "pc.there", unit=ELSEWHERE)
    there.sent(a_night("back", NIGHT, child=known, unit=ELSEWHERE))

    assert missing == "Missing since Fri 13 Mar, 18:00 (27 h 04: no return is recorded)"
    assert empty.lines()[0][NOW] == "Back since Sat 14 Mar, 20:24"
    assert empty.lines("sergeant")[0][NOW] == "Back since Sat 14 Mar, 20:24", "whichever unit wrote it"


def test_an_episode_that_somebody_closed_says_as_what(empty: Force) -> None:
    """Nobody waits for a return; as the same as another it is no episode at all."""
    team = a_colleague(empty.server.context, "mhet.closes", Role.MHET, unit="mhet")
    for name, category in (("Ola", "located_other_force"), ("Una", "duplicate")):
        night = of(empty.server.context, empty.officer.sent(report_of(name)))
        assert night.closes(team, category, despite=DESPITE).stands
    ola, una = sorted(empty.lines(), key=lambda line: line["Child"])

    assert ola[NOW].startswith("Closed: ")
    assert (ola[TIMES], una[TIMES]) == ("1 / 1 / 1", "0 / 0 / 0")
    assert una[NOW] == "No missing episode"


def test_who_is_missing_stands_on_top_then_what_is_overdue(force: Force) -> None:
    """Leo and Zed are missing, Noor's task is late, and Amy's notice has time."""
    assert set(force.names()[:2]) == {"Leo", "Zed"}
    assert force.names()[2:] == ["Noor", "Amy"]


# -- how often ----------------------------------------------------------------------------------------


def an_episode(at: datetime) -> Episode:
    """A time missing that began then."""
    return Episode(id="", child="", at=at, records=())


@pytest.mark.parametrize("days", WITHIN)
def test_an_episode_counts_to_the_last_minute_of_its_days(days: int) -> None:
    """On the border it does, a minute further back it does not, and one to come is none."""
    border = NIGHT - timedelta(days=days)
    times = [an_episode(one) for one in (border, border - timedelta(minutes=1), NIGHT + timedelta(hours=1))]

    assert within(times, NIGHT, days) == 1


def test_the_episodes_of_a_year_are_counted_in_three_lengths(empty: Force) -> None:
    """Two in thirty days, three in ninety, four in the year; who wrote them is no matter."""
    for number, days in enumerate((1, 29, 89, 300)):
        empty.server.clock.at = at = NIGHT - timedelta(days=days)
        empty.officer.sent(a_night(f"night {number}", at))
    empty.server.clock.at = NIGHT

    assert [line[TIMES] for line in empty.lines()] == ["2 / 3 / 4"]
