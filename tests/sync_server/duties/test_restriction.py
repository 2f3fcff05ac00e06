"""A restricted child: every mention of them, on console and handheld; opened in need, told, and ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from booklets.duties import Act, Acted
from booklets.entities import new_id
from sync_server import restricted as held
from sync_server.audit import entries_of
from sync_server.console import scopes
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.db.restrictions import restricted_word, restriction_reader
from sync_server.duties import Actor, act, look_once, restriction
from sync_server.identity.accounts import Account, Person, Role
from tests.support.builders import a_task, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.known_children import known_as, report_of, return_of
from tests.support.restrictions import account_of, restricted
from tests.support.server_data import Clock, Handheld, rows
from tests.support.shift_packs import Pack

BORN = {"given_names": "Rue", "surname": "Brook-Test", "dob": "2011-02-19"}
IN_NEED = "Front desk rang: she stands at the bus station with the man from the white van."


@pytest.fixture
def team(context: Context) -> dict[str, Colleague]:
    """One of each team, and one of the missing team who is on no list."""
    roles = {"mhet": Role.MHET, "vat": Role.VAT, "mhet.other": Role.MHET}
    return {user: a_colleague(context, user, role) for user, role in roles.items()}


@pytest.fixture
def pack_of(context: Context) -> Callable[..., Pack]:
    """A handheld of somebody with a role, and its shift pack."""

    def made(user: str = "", *roles: str) -> Pack:
        handheld = Handheld(context, device=f"tablet-of-{user or 'nobody'}".replace(".", "-"))
        handheld = replace(handheld, officer=account_of(context, user).id) if user else handheld
        return Pack(handheld, roles=roles or ("officer",))

    return made


def _reads(context: Context, user: str, *records: object) -> list[bool]:
    """Which of the records somebody may read at the console now."""
    found = account_of(context, user)
    with context.store.read() as db:
        out = held.held_out_of(db, found.person.force, found.id, context.now())
        person = replace(found.person, held_out_of=out)
        return [scopes.found(db, str(one), person) is not None for one in records]


def _opens(context: Context, user: str, number: int, words: str = IN_NEED) -> Account:
    found = account_of(context, user)
    with context.store.read() as db:
        row = restriction.one(db, found.person.force, number)
    assert row is not None
    context.store.write(lambda db: restriction.open_in_need(context, db, row, words, by=found, why="duty"))
    return found


def test_only_those_on_the_list_read_and_what_comes_later_of_the_same_mention_is_restricted_too(
    context: Context, officer: Colleague, team: dict[str, Colleague]
) -> None:
    """Nobody has to think of it when the child is missing again."""
    report = officer.sent(report_of("Rue"))
    before = _reads(context, "mhet.other", report.header.record)
    restricted(context, report, "mhet", "vat")
    back = officer.sent(return_of("Rue"))

    both = (report.header.record, back.header.record)
    assert before == [True]
    assert _reads(context, "mhet", *both) == [True, True]
    assert _reads(context, "mhet.other", *both) == [False, False]


def test_another_handhelds_mention_is_known_by_names_and_birthday(
    context: Context, officer: Colleague, team: dict[str, Colleague]
) -> None:
    """It has an id of its own, and is restricted in the moment in which it comes; a namesake is not."""
    restricted(context, officer.sent(known_as(report_of("Rue"), **BORN)), "mhet", "vat")

    again = officer.sent(known_as(report_of("typed anew"), **BORN))
    namesake = officer.sent(known_as(report_of("another"), **{**BORN, "dob": "2009-07-01"}))

    assert _reads(context, "mhet.other", again.header.record, namesake.header.record) == [False, True]


def test_a_name_that_is_learnt_later_restricts_the_records_of_before_under_it(
    context: Context, officer: Colleague, team: dict[str, Colleague]
) -> None:
    """A correction ties the child to an earlier mention: looked for every other second."""
    earlier = officer.sent(known_as(report_of("before"), **{**BORN, "given_names": "Ruth"}))
    report = officer.sent(known_as(report_of("Rue"), **BORN))
    restricted(context, report, "mhet", "vat")
    assert _reads(context, "mhet.other", earlier.header.record) == [True]

    officer.sent(known_as(next_revision(report, {}), **{**BORN, "given_names": "Ruth"}))
    look_once(context)

    assert _reads(context, "mhet.other", earlier.header.record) == [False]
    words = len(rows(context, restricted_word))
    look_once(context)
    assert len(rows(context, restricted_word)) == words


def test_a_supervisor_reads_what_waits_for_their_decision_and_no_longer(
    context: Context, officer: Colleague, sergeant: Colleague, team: dict[str, Colleague]
) -> None:
    """It cannot be decided on unread; afterwards, and in another unit, it is not there."""
    a_colleague(context, "sgt.elsewhere", Role.SUPERVISOR, unit="filey_response")
    report = officer.sent(report_of("Rue"))
    restricted(context, report, "mhet", "vat")
    waiting = _reads(context, "sgt.marsh", report.header.record)

    decision = sergeant.decided(report)

    assert (waiting, _reads(context, "sgt.elsewhere", report.header.record)) == ([True], [False])
    assert _reads(context, "sgt.marsh", report.header.record, decision.header.record) == [False, False]
    assert _reads(context, "mhet", report.header.record, decision.header.record) == [True, True]


def test_whoever_was_not_asked_about_is_held_out_of_every_restricted_child(
    context: Context, officer: Colleague, team: dict[str, Colleague]
) -> None:
    """A page that forgets to ask shows too little, and never too much."""
    report = officer.sent(report_of("Rue"))
    restricted(context, report, "mhet", "vat")
    person: Person = account_of(context, "mhet").person

    with context.store.read() as db:
        assert scopes.found(db, str(report.header.record), person) is None


def test_a_handheld_is_told_only_where_its_officer_is_on_the_list(
    context: Context, officer: Colleague, team: dict[str, Colleague], pack_of: Callable[..., Pack]
) -> None:
    """The unit that knew the child hears that it is gone; when it ends, it is told again."""
    report = officer.sent(report_of("Rue"))
    unit, other = pack_of(), pack_of("mhet.other", "mhet")
    assert [len(one.pulls()) for one in (unit, other)] == [1, 1]

    number = restricted(context, report, "mhet", "vat")

    assert [one["gone"] for pack in (unit, other) for one in pack.pulls()] == [True, True]
    assert [one["child"] for one in pack_of("mhet", "mhet").pulls()] == [str(report.header.subject)]
    _opens(context, "mhet.other", number)
    assert pack_of("mhet.other", "mhet").pulls() == []

    _ends(context, number)
    assert [one["child"] for one in unit.pulls()] == [str(report.header.subject)]


def _ends(context: Context, number: int) -> None:
    by = account_of(context, "mhet")
    with context.store.read() as db:
        row = restriction.one(db, by.person.force, number)
    assert row is not None
    context.store.write(lambda db: restriction.end(context, db, row, "Her uncle has left the force.", by=by))


def test_opening_in_need_is_over_after_the_forces_hours(
    context: Context, officer: Colleague, team: dict[str, Colleague], clock: Clock
) -> None:
    """12 hours here."""
    report = officer.sent(report_of("Rue"))
    number = restricted(context, report, "mhet", "vat")

    _opens(context, "mhet.other", number)

    assert _reads(context, "mhet.other", report.header.record) == [True]
    clock.at += timedelta(hours=12, minutes=1)
    assert _reads(context, "mhet.other", report.header.record) == [False]


def test_an_opening_stands_with_every_record_and_is_a_task_of_the_missing_team(
    context: Context, officer: Colleague, team: dict[str, Colleague]
) -> None:
    """With the words, sealed: the log holds none of them. Whoever opened it cannot close the task."""
    both = [officer.sent(one(name)) for one, name in ((report_of, "Rue"), (return_of, "Rue"))]
    number = restricted(context, both[0], "mhet", "vat")
    opener = _opens(context, "mhet.other", number)

    with context.store.read() as db:
        history = [entries_of(db, str(one.header.record))[-1] for one in both]
        mine = entries_of(db, f"account:{opener.id}")[-1]
        opening = mine["detail"]["opening"]
        why = restriction.why_opened(context, db, [opening])
    assert [(one["what"], one["who"]) for one in history] == [(restriction.OPENED, opener.id)] * 2
    assert sorted(mine["detail"]["records"]) == sorted(str(one.header.record) for one in both)
    assert why == {opening: IN_NEED}
    assert "bus station" not in str([*history, mine, rows(context, restriction_reader)])

    [alert] = [one for one in rows(context, task) if one["kind"] == held.OPENED_IN_NEED]
    assert (alert["owner_role"], alert["subject"], alert["status"]) == ("mhet", "", "open")
    assert _closes(context, int(str(alert["id"])), opener) == "own_opening"
    assert _closes(context, int(str(alert["id"])), account_of(context, "mhet")) == ""


def _closes(context: Context, number: int, by: Account) -> str:
    said = Acted(id=new_id(), task=number, act=Act.CLOSE, at=context.now(), outcome="done")
    actor = Actor(by.id, by.person)
    return context.store.write(lambda db: act(context, db, said, actor)).why_void


def test_notices_and_tasks_go_on(context: Context, officer: Colleague, team: dict[str, Colleague]) -> None:
    """The council has to hear of the return, and the officer what is asked of them."""
    restricted(context, officer.sent(report_of("Rue")), "mhet", "vat")
    back = officer.sent(replace(return_of("Rue"), tasks=(a_task("ring"),)))

    with context.store.read() as db:
        done = {one["what"] for one in entries_of(db, str(back.header.record))}
    look_once(context)
    assert "notice_prepared" in done
    told = {one["record"]: one["told"] for one in rows(context, task)}
    assert told[str(back.header.record)] == "open"


def test_one_who_is_restricted_already_is_not_restricted_once_more(
    context: Context, officer: Colleague, team: dict[str, Colleague]
) -> None:
    """Two of the team press at once."""
    report = officer.sent(report_of("Rue"))
    first = restricted(context, report, "mhet", "vat")

    assert restricted(context, report, "mhet.other", "vat") == first
    assert _reads(context, "mhet.other", report.header.record) == [False]


def test_whoever_is_taken_off_the_list_reads_no_longer(
    context: Context, officer: Colleague, team: dict[str, Colleague], pack_of: Callable[..., Pack]
) -> None:
    """And whoever is put on it does, on the handheld too."""
    report = officer.sent(report_of("Rue"))
    number = restricted(context, report, "mhet", "vat")
    by, now_on = (
        account_of(context, "mhet"),
        {account_of(context, user).id for user in ("mhet.other", "vat")},
    )
    pack = pack_of("mhet", "mhet")
    assert len(pack.pulls()) == 1
    with context.store.read() as db:
        row = restriction.one(db, by.person.force, number)
    assert row is not None

    context.store.write(lambda db: restriction.change_list(context, db, row, now_on, by=by))

    both = [_reads(context, user, report.header.record) for user in ("mhet", "mhet.other")]
    assert both == [[False], [True]]
    assert [one["gone"] for one in pack.pulls()] == [True]
