"""Tasks: told to whoever has to do them, taken on, closed with an outcome, and late with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from booklets.duties import Act, Acted
from booklets.records import Record, Task
from sync_server import audit
from sync_server.context import Context, open_context
from sync_server.db.acts import task_act
from sync_server.db.owed import feed_item, task
from sync_server.db.tables import record as register
from sync_server.duties import Actor, Answer, act, look_once
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from tests.support.builders import NIGHT, a_ppn, a_return, a_task, an_id, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.racing import at_once
from tests.support.server_data import Clock, rows

DUE = NIGHT + timedelta(hours=1)


def asked(officer: Colleague, *tasks: Task) -> Record:
    """A return that asks for these, and everybody has been told."""
    sent = officer.sent(a_return(tasks=tasks or (a_task("tell_digital_forensics", owner="author"),)))
    look_once(officer.handheld.context)
    return sent


def says(person: Colleague, kind: Act, *, process: Context | None = None, **more: Any) -> Answer:
    """Somebody says something of the first task."""
    context = process or person.handheld.context
    at = more.pop("at", context.now())
    said = Acted(
        id=more.pop("id", an_id(f"{person.author.id} {kind}")), act=kind, at=at, **{"task": 1} | more
    )
    return context.store.write(lambda db: act(context, db, said, _actor(db, person)))


def _actor(db: Any, person: Colleague) -> Actor:
    account = accounts.by_id(db, person.handheld.officer)
    assert account is not None
    return Actor(account.id, account.person)


def test_the_officer_hears_of_their_own_task_once(context: Context, officer: Colleague) -> None:
    """What it is, since when and until when; no word of the record."""
    sent = asked(officer)
    look_once(context)

    [heard] = officer.heard("task")
    assert (heard["record"], heard["what"], heard["owner"]) == (
        str(sent.header.record),
        "tell_digital_forensics",
        "author",
    )
    assert (heard["status"], heard["due_at"], heard["accepted_at"]) == ("open", "2026-03-14T22:04:00Z", "")
    assert "content" not in heard


def test_whoever_has_to_do_it_hears_whom_it_is_about_as_long_as_it_is_open(
    context: Context, officer: Colleague
) -> None:
    """The phone's own copy is gone after an hour: a name and an age, and nothing else of the child."""
    asked(officer)
    says(officer, Act.CLOSE, outcome="done")
    look_once(context)

    opened, closed = officer.heard("task")
    assert opened["child"] == {
        "person.given_names": "Kit",
        "person.surname": "Marlowe-Test",
        "person.sex": "M",
        "person.dob": "2011-05-02",
    }
    assert "child" not in closed
    with context.store.read() as connection:
        details = connection.execute(select(feed_item.c.detail)).scalars().all()
    assert not any("Kit" in str(one) for one in details), "put together when it is asked for"


def test_that_a_name_was_given_is_noted(context: Context, officer: Colleague, sergeant: Colleague) -> None:
    """Section 62 asks who was given what; once a task has ended, nobody new to the unit hears of whom."""
    sent = asked(officer, a_task("strategy_discussion", owner="supervisor"))
    sergeant.hears()
    with context.store.read() as connection:
        before = audit.entries_of(connection, str(sent.header.record))
    says(sergeant, Act.CLOSE, outcome="done")
    look_once(context)
    new = a_colleague(context, "sgt.new", Role.SUPERVISOR)

    assert [one["who"] for one in before if one["what"] == "disclosed"] == [sergeant.author.id] * 2
    assert [(one["status"], "child" in one) for one in new.heard("task")] == [("done", False)]


def test_a_supervisors_task_goes_to_the_supervisors_of_the_unit(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """And one of the incident manager's to their desk; nobody else hears."""
    other = a_colleague(context, "sgt.york", Role.SUPERVISOR, unit="york_response")
    manager = a_colleague(context, "insp.varga", Role.FIM, unit="control_room")

    asked(officer, a_task("strategy_discussion", owner="supervisor"), a_task("review_risk", owner="fim"))

    assert [one["what"] for one in sergeant.heard("task")] == ["strategy_discussion"]
    assert [one["what"] for one in manager.heard("task")] == ["review_risk"]
    assert other.heard("task") == officer.heard("task") == []


def test_a_task_that_is_late_is_told_to_the_supervisor_once(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague
) -> None:
    """R-59: and on the second it was due it was not late yet."""
    asked(officer)
    clock.at = DUE
    assert look_once(context) == 0
    assert sergeant.heard("task") == []

    clock.at = DUE + timedelta(seconds=1)
    assert (look_once(context), look_once(context)) == (1, 0)

    [heard] = sergeant.heard("task")
    assert (heard["owner"], heard["status"], heard["due_at"]) == ("author", "open", "2026-03-14T22:04:00Z")
    assert len(officer.heard("task")) == 1  # their own clock shows it


def test_a_task_closes_with_its_outcome_and_everybody_who_knew_of_it_hears(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague
) -> None:
    """R-56. The words lie sealed with the record; its history has the codes."""
    sent = asked(officer)
    clock.at = DUE + timedelta(minutes=5)
    look_once(context)
    sergeant.hears()

    answer = says(
        officer, Act.CLOSE, outcome="done", delay_reason="demand", words="Rang DFU, spoke to Lena."
    )
    look_once(context)

    assert answer == Answer(True)
    [row] = rows(context, task)
    assert (row["status"], row["outcome"], row["delay_reason"]) == ("done", "done", "demand")
    assert row["accepted_at"] == clock.at
    assert [one["status"] for one in sergeant.heard("task")] == ["open", "done"]
    assert [one["status"] for one in officer.heard("task")] == ["open", "done"]
    assert "Lena" not in str(rows(context, task_act)) + str(rows(context, feed_item)) + _history(
        context, sent
    )
    assert "task_closed" in _history(context, sent)
    assert next(iter(rows(context, register)))["due_at"] is None  # nothing about this record is due any more
    assert audit.verify_audit(context).broken == ()


def test_the_same_said_again_does_it_once(context: Context, officer: Colleague) -> None:
    """A phone that lost the answer asks again, and is answered as before."""
    sent = asked(officer)

    answers = [says(officer, Act.CLOSE, outcome="done") for _ in range(3)]

    assert answers == [Answer(True)] * 3
    assert len(rows(context, task_act)) == 1
    assert _history(context, sent).count("task_closed") == 1


def test_what_was_said_offline_in_time_was_in_time(
    context: Context, clock: Clock, officer: Colleague
) -> None:
    """It arrives hours later and says when; no earlier than it was asked, no later than it was heard."""
    asked(officer)
    clock.at = NIGHT + timedelta(hours=5)

    says(officer, Act.ACCEPT, at=NIGHT - timedelta(days=1))
    says(officer, Act.CLOSE, outcome="done", at=DUE - timedelta(minutes=1))

    [first, second] = rows(context, task_act)
    assert {first["at"], second["at"]} == {NIGHT, DUE - timedelta(minutes=1)}


def test_a_delay_reason_closes_nothing(context: Context, clock: Clock, officer: Colleague) -> None:
    """It says why, and the task is as open as before."""
    asked(officer)
    clock.at = DUE + timedelta(minutes=5)

    assert says(officer, Act.DELAY, delay_reason="system_down") == Answer(True)

    [row] = rows(context, task)
    assert (row["status"], row["delay_reason"], row["accepted_at"]) == ("open", "system_down", None)


def test_of_two_who_take_it_on_the_second_hears_that_it_is_taken(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """So that two sergeants do not ring the same council."""
    other = a_colleague(context, "sgt.oyelaran", Role.SUPERVISOR)
    asked(officer, a_task("strategy_discussion", owner="supervisor"))

    assert says(sergeant, Act.ACCEPT) == Answer(True)
    assert says(other, Act.ACCEPT) == Answer(False, "already_accepted")
    assert says(other, Act.CLOSE, outcome="done") == Answer(True)  # whoever did it may say so
    look_once(context)
    assert other.heard("task")[-1]["status"] == "done"


@pytest.mark.parametrize(
    ("owner", "who", "may"),
    [
        ("author", ("pc.other", Role.OFFICER, "harrogate_response"), False),
        ("author", ("sgt.marsh", Role.SUPERVISOR, "harrogate_response"), True),
        ("author", ("sgt.york", Role.SUPERVISOR, "york_response"), False),
        ("supervisor", ("sgt.york", Role.SUPERVISOR, "york_response"), False),
        ("supervisor", ("insp.varga", Role.FIM, "control_room"), True),
        ("fim", ("sgt.marsh", Role.SUPERVISOR, "harrogate_response"), False),
        ("vat", ("vat.lind", Role.VAT, "vat"), True),
        ("vat", ("insp.varga", Role.FIM, "control_room"), False),
        ("mhet", ("mhet.hale", Role.MHET, "mhet"), True),
        ("mhet", ("vat.lind", Role.VAT, "vat"), False),
        ("control_room", ("insp.varga", Role.FIM, "control_room"), True),
    ],
)
def test_a_task_is_closed_by_whose_it_is(
    context: Context, officer: Colleague, owner: str, who: tuple[str, Role, str], *, may: bool
) -> None:
    """What somebody else says is kept, and does not count."""
    asked(officer, a_task("something", owner=owner))
    user, role, unit = who
    person = a_colleague(context, user, role, unit=unit)

    answer = says(person, Act.CLOSE, outcome="done")

    assert answer == (Answer(True) if may else Answer(False, "not_theirs"))
    assert [row["stands"] for row in rows(context, task_act)] == [may]


def test_another_forces_task_is_not_there(context: Context, officer: Colleague) -> None:
    """Its number is anybody's guess, and says nothing."""
    asked(officer)
    stranger = a_colleague(context, "sgt.elsewhere", Role.SUPERVISOR, force="another_force")

    assert says(stranger, Act.CLOSE, outcome="done") == Answer(False, "unknown_task")
    assert rows(context, task_act) == []


def test_a_ppn_that_arrives_closes_its_task_and_a_hand_that_comes_after_hears_so(
    context: Context, officer: Colleague
) -> None:
    """One truth: what closed it was the PPN."""
    asked(officer, a_task("ppn_submitted", rule="ppn_submitted", owner="author"))
    officer.sent(a_ppn())
    look_once(context)

    assert says(officer, Act.CLOSE, outcome="not_needed") == Answer(False, "already_closed")
    assert officer.heard("task")[-1]["status"] == "done"
    assert str(next(iter(rows(context, task)))["outcome"]).startswith("PPN ")


def test_what_is_withdrawn_takes_its_tasks_off_the_list(context: Context, officer: Colleague) -> None:
    """The officer's phone hears that it is over."""
    sent = asked(officer)
    officer.withdraws(sent)
    look_once(context)

    assert [one["status"] for one in officer.heard("task")] == ["open", "stopped"]


def test_a_record_that_comes_back_brings_its_tasks_with_it(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague
) -> None:
    """Withdrawn by mistake, and said again: what it asks for has to be done, and is told and late again."""
    sent = asked(officer)
    clock.at = DUE + timedelta(minutes=1)
    look_once(context)
    withdrawn = officer.withdraws(sent)
    look_once(context)

    officer.sent(replace(next_revision(withdrawn, {}), tasks=sent.tasks), void_reason="")
    look_once(context)

    [row] = rows(context, task)
    assert (row["status"], row["outcome"], row["due_at"]) == ("open", "", DUE)
    assert [one["status"] for one in officer.heard("task")] == ["open", "stopped", "open"]
    assert sergeant.heard("task")[-1]["status"] == "open"


def test_danger_that_comes_back_is_the_vulnerability_teams_again(
    context: Context, officer: Colleague
) -> None:
    """R-61: the record was taken back and says it again; what they have done already stays done."""
    ppn = officer.sent(a_ppn({"ppn.immediate_danger": "yes"}))
    withdrawn = officer.withdraws(ppn)
    assert [row["status"] for row in rows(context, task)] == ["stopped"]

    third = officer.revises(withdrawn, void_reason="")

    [row] = rows(context, task)
    assert (row["kind"], row["status"], row["outcome"]) == ("immediate_danger", "open", "")
    assert next(iter(rows(context, register)))["due_at"] == row["due_at"]
    context.store.write(lambda db: db.execute(update(task).values(status="done", outcome="done")))
    officer.revises(third, {"ppn.strengths": "He has an aunt."})
    assert [row["status"] for row in rows(context, task)] == ["done"]


def test_two_processes_tell_each_task_once(context: Context, officer: Colleague) -> None:
    """And close it once, when two say so at the same moment."""
    elsewhere = open_context(context.settings, now=context.now, policy=context.policy)
    try:
        for number in range(4):
            record = a_return(
                record=an_id(f"record {number}"),
                encounter=an_id(f"encounter {number}"),
                episode=an_id(f"episode {number}"),
                tasks=(a_task("tell_digital_forensics", owner="author", id=an_id(f"task {number}")),),
            )
            officer.sent(record)
            at_once([partial(look_once, context), partial(look_once, elsewhere)])
            look_once(context)
            mine: dict[str, Any] = {"id": an_id(f"mine {number}"), "task": number + 1, "outcome": "done"}
            theirs = {**mine, "id": an_id(f"theirs {number}")}

            answers = at_once(
                [
                    partial(says, officer, Act.CLOSE, **mine),
                    partial(says, officer, Act.CLOSE, process=elsewhere, **theirs),
                ]
            )

            assert sorted(str(one) for one in answers) == sorted(
                [str(Answer(False, "already_closed")), str(Answer(True))]
            )
    finally:
        elsewhere.close()
    heard = [one["task"] for one in officer.heard("task") if one["status"] == "open"]
    assert sorted(heard) == [1, 2, 3, 4]
    assert audit.verify_audit(context).broken == ()


def test_a_later_revision_tells_of_no_task_again(context: Context, officer: Colleague) -> None:
    """It keeps the time it was given first."""
    first = asked(officer)
    officer.sent(replace(next_revision(first, {"ret.found_how": "hospital"}), tasks=first.tasks))
    look_once(context)

    assert len(officer.heard("task")) == 1


def _history(context: Context, record: Record) -> str:
    with context.store.read() as connection:
        return str(
            [
                (entry["what"], dict(entry["detail"]))
                for entry in audit.entries_of(connection, str(record.header.record))
            ]
        )
