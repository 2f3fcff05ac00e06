"""What follows from a return: who is told, what is owed, and when nothing may happen by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from booklets.answers import Answer, Gap, Why
from booklets.decisions import Outcome
from booklets.records import Record
from sync_server import audit, feed, notices
from sync_server.context import Context
from sync_server.db.owed import delivery, feed_item, notice, task
from sync_server.forwarding.postman import deliver_due
from sync_server.identity.accounts import Role
from sync_server.intake import take_in
from tests.support.builders import (
    CHILD,
    NIGHT,
    PEOPLE,
    a_person,
    a_ppn,
    a_return,
    a_task,
    an_id,
    an_interview,
    next_revision,
)
from tests.support.colleagues import a_colleague
from tests.support.server_data import Clock, Handheld, a_server, at_supervisor, rows


def test_the_duty_team_is_told_of_a_return_in_the_order_it_reads(
    context: Context, handheld: Handheld
) -> None:
    """Councils were told late, or in no order. The notice is prepared when the record arrives."""
    _send(context, handheld, a_return())

    content = _notice(context, a_return())
    titles = [one["title"] for one in content["fields"]]
    words = {one["title"]: one["words"] for one in content["fields"]}
    assert titles[:6] == [
        "Marking",
        "Urgency",
        "Contact restrictions",
        "Police reference",
        "Officer",
        "Child",
    ]
    assert "Kit" in words["Child"]
    assert "02/05/2011" in words["Child"]
    assert "How did Kit come back? Found by police on patrol" in words["Returned"]
    assert words["Responsible local authority"] == "North Yorkshire"
    assert _owed(context) == [("force_records", "due"), ("local_authority:E06000065", "due")]


def test_the_subject_of_a_notice_names_nobody(context: Context, handheld: Handheld) -> None:
    """Subjects are shown on locked screens."""
    _send(context, handheld, a_return())

    [kept] = rows(context, notice)
    assert kept["subject"] == f"Return of a missing child, reference {kept['reference']}"
    assert "Kit" not in str(kept)


def test_a_later_revision_leaves_as_a_correction(context: Context, handheld: Handheld) -> None:
    """What was said to the council first was said; what is known better now is said as a correction."""
    first = a_return()
    _send(context, handheld, first)
    deliver_due(context)
    _send(context, handheld, next_revision(first, {"ret.found_how": "hospital"}))

    assert [row["kind"] for row in rows(context, notice)] == ["return", "return_correction"]
    assert "Found by" not in str(_notice(context, first, 2)["text"])
    assert "In hospital" in str(_notice(context, first, 2)["text"])


def test_an_interview_that_comes_later_reaches_the_council_too(context: Context, handheld: Handheld) -> None:
    """The child's own words are what the duty team needs most; two records may part ways."""
    _send(context, handheld, a_return(), an_interview())

    assert "has not been received yet" in _notice(context, a_return())["text"]
    assert "I went because it was loud." in _notice(context, an_interview())["text"]
    assert [row["kind"] for row in rows(context, notice)] == ["return", "return_addition"]


def test_a_return_that_comes_after_its_interview_says_everything_at_once(
    context: Context, handheld: Handheld
) -> None:
    """Whichever arrives first, the council ends with both."""
    _send(context, handheld, an_interview(), a_return())

    assert [row["kind"] for row in rows(context, notice)] == ["return"]
    assert "I went because it was loud." in _notice(context, a_return())["text"]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        pytest.param(
            {"ret.covert": "yes", "ret.handling": "Not the stepfather."}, "Not the stepfather.", id="covert"
        ),
        pytest.param({"ret.covert": Gap(Why.NOT_KNOWN)}, "has not been established", id="not known"),
        pytest.param({"ret.covert": "no"}, "None recorded", id="no"),
    ],
)
def test_a_notice_says_who_must_not_be_contacted(
    context: Context, handheld: Handheld, answers: dict[str, Answer], says: str
) -> None:
    """R-51: a call to the wrong number can cost a child's life. Not knowing counts as a risk."""
    _send(context, handheld, a_return(answers))

    restrictions = _words(context, "Contact restrictions")
    assert says in restrictions
    assert ("DO NOT CONTACT" in restrictions) == (answers["ret.covert"] == "yes")


@pytest.mark.parametrize("interview_first", [False, True])
def test_an_interview_that_must_not_be_known_restricts_the_notice_too(
    context: Context, handheld: Handheld, interview_first: bool
) -> None:
    """The first part went out before anybody knew; the second overtakes its correction on the way."""
    records = (a_return({"ret.covert": "no"}), an_interview(covert=True))

    _send(context, handheld, *(reversed(records) if interview_first else records))

    last = a_return() if interview_first else an_interview()
    fields = {one["title"]: one["words"] for one in _notice(context, last)["fields"]}
    assert "DO NOT CONTACT" in fields["Contact restrictions"]


@pytest.mark.parametrize("covert", ["no", "yes"])
def test_a_return_and_a_danger_of_one_moment_say_the_same_of_whom_to_ring(
    context: Context, handheld: Handheld, covert: str
) -> None:
    """Two notices lie before the duty team: whoever trusts the easier one rings the wrong door."""
    asked: dict[str, Answer] = {"pi.danger_now": "yes", "pi.other_children": Gap(Why.NOT_SAFE_TO_ASK)}
    _send(context, handheld, a_return({"ret.covert": covert}), an_interview(asked))

    returned, danger = (
        {one["title"]: one["words"] for one in _notice(context, an_interview(), kind=kind)["fields"]}
        for kind in ("return", "danger")
    )
    says = "DO NOT CONTACT" if covert == "yes" else "has not been established"
    assert says in returned["Contact restrictions"]
    assert returned["Contact restrictions"] == danger["Contact restrictions"]
    assert "Not safe to ask" in returned["Other children"]
    assert returned["Other children"] == danger["Other children"]


def test_no_safe_way_to_reach_the_child_is_a_restriction(context: Context, handheld: Handheld) -> None:
    """Somebody who rings the only number on file may reach the person the child ran from."""
    people = (a_person(safe_contact="none_found"), *PEOPLE[1:])

    _send(context, handheld, a_return(entities=people))

    assert "has not been established" in _words(context, "Contact restrictions")


def test_a_council_that_is_not_recorded_is_the_forces_own(context: Context, handheld: Handheld) -> None:
    """A code from a phone becomes part of an address, so only what can be a code is believed."""
    people = (a_person(la_responsible="../../elsewhere"), *PEOPLE[1:])

    _send(context, handheld, a_return(entities=people))

    assert [row["authority"] for row in rows(context, notice)] == ["E06000065"]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"ret.found_how": "dead"}, id="found dead"),
        pytest.param({"ret.condition": ("deceased",)}, id="died since"),
    ],
)
def test_when_a_child_has_died_nothing_happens_by_itself(
    context: Context, handheld: Handheld, answers: dict[str, Answer]
) -> None:
    """R-50: no family learns of a death from a machine, and no interview is set for a child who has died."""
    tasks = (a_task("retry_interview"), a_task("child_has_died", rule="R-50a", owner="fim"))

    _send(context, handheld, a_return(answers, tasks=tasks))

    assert rows(context, notice) == []
    assert [row["kind"] for row in rows(context, task)] == ["child_has_died"]
    assert _owed(context) == [("force_records", "held")]
    assert "automatic_steps_stopped" in _audited(context, a_return())


def test_a_death_learnt_later_stops_what_was_set_going(context: Context, handheld: Handheld) -> None:
    """The first record said the child was back; the correction an hour later must call everything off."""
    first = a_return(tasks=(a_task("retry_interview"),))
    interview = an_interview(tasks=(a_task("rhi"),))
    _send(context, handheld, first, interview)

    _send(context, handheld, next_revision(first, {"ret.found_how": "dead"}))

    assert {row["status"] for row in rows(context, task)} == {"stopped"}
    assert [state for target, state in _owed(context) if target.startswith("local")] == [
        "stopped",
        "stopped",
    ]
    assert len(rows(context, notice)) == 2


def test_an_interview_after_a_death_sets_nothing_going(context: Context, handheld: Handheld) -> None:
    """The other record of the same doorstep may arrive last, with its tasks and clocks."""
    _send(context, handheld, a_return({"ret.found_how": "dead"}), an_interview(tasks=(a_task("rhi"),)))

    assert rows(context, task) == []
    assert rows(context, notice) == []


def test_the_incident_manager_hears_of_a_death(context: Context, handheld: Handheld) -> None:
    """R-50 tells people, not machines."""
    _send(context, handheld, a_return({"ret.found_how": "dead"}))

    recipients = {row["recipient"] for row in rows(context, feed_item) if row["kind"] == feed.REVIEW}
    assert {one.split("/")[2] for one in map(str, recipients)} == {"supervisor", "fim"}


def test_a_death_that_comes_after_a_ppn_is_told_to_whoever_decides_on_the_ppn(
    context: Context, handheld: Handheld
) -> None:
    """Two encounters of one episode: the tablet says that the council has the danger already (R-50)."""
    notice_ = a_ppn(encounter=an_id("another doorstep"))
    _send(context, handheld, notice_)
    assert _reviews(context, notice_) == [("supervisor", None)]

    found = a_return({"ret.found_how": "dead"})
    _send(context, handheld, found)
    assert _reviews(context, notice_) == [("supervisor", None), ("supervisor", "R-50")]

    _send(context, handheld, next_revision(found, {"ret.condition": ("hospital_treatment",)}))
    assert len(_reviews(context, notice_)) == 2, "what is known already is not told again"


def test_a_death_that_was_a_mistake_is_told_as_well(context: Context, handheld: Handheld) -> None:
    """Whether the officer puts it right or withdraws the record."""
    notice_, found = a_ppn(encounter=an_id("another doorstep")), a_return({"ret.found_how": "dead"})
    _send(context, handheld, found, notice_)
    alive = next_revision(found, {"ret.found_how": "police_patrol"})
    _send(context, handheld, alive)
    assert [rule for _, rule in _reviews(context, notice_)][-2:] == ["R-50", None]

    dead_again = next_revision(alive, {"ret.found_how": "dead"})
    _send(context, handheld, dead_again)
    _send(context, handheld, _withdrawing(dead_again))
    assert [rule for _, rule in _reviews(context, notice_)][-2:] == ["R-50", None]


def test_a_death_that_was_withdrawn_and_comes_back_is_told_again(
    context: Context, handheld: Handheld
) -> None:
    """The wrong record was taken back: it was this child after all."""
    notice_, found = a_ppn(encounter=an_id("another doorstep")), a_return({"ret.found_how": "dead"})
    _send(context, handheld, notice_, found)
    gone = _withdrawing(found)
    _send(context, handheld, gone)

    back = next_revision(gone, {})
    _send(context, handheld, replace(back, header=replace(back.header, void_reason="")))

    assert [rule for _, rule in _reviews(context, notice_)] == [None, "R-50", None, "R-50"]


def test_news_of_a_death_comes_after_what_was_kept_while_it_arrived(
    context: Context, handheld: Handheld, clock: Clock
) -> None:
    """The tablet shows what was said last: told as of its arrival, the death would stand below the PPN."""
    notice_ = a_ppn(encounter=an_id("another doorstep"))

    def and_meanwhile() -> datetime:
        arrived = clock.at
        if not rows(context, feed_item):
            clock.at += timedelta(seconds=1)
            _send(context, handheld, notice_)
        return arrived

    _send(replace(context, now=and_meanwhile), handheld, a_return({"ret.found_how": "dead"}))

    asked: list[dict[str, Any]] = [
        one
        for one in rows(context, feed_item)
        if one["kind"] == feed.REVIEW and one["record"] == str(notice_.header.record)
    ]
    in_time = sorted(asked, key=lambda one: one["added_at"])
    assert [one["detail"].get("rule") for one in in_time] == [None, "R-50"]


def test_what_is_decided_already_is_not_put_before_anybody_again(
    context: Context, handheld: Handheld
) -> None:
    """Nobody can decide on it a second time."""
    notice_ = a_ppn(encounter=an_id("another doorstep"))
    _send(context, handheld, notice_)
    a_colleague(context, "sgt.marsh", Role.SUPERVISOR).decided(notice_)

    _send(context, handheld, a_return({"ret.found_how": "dead"}))

    assert _reviews(context, notice_) == [("supervisor", None)]


def test_whoever_is_asked_next_hears_of_the_death_as_well(context: Context, handheld: Handheld) -> None:
    """Passed upwards, it is read as what nothing leaves of by itself."""
    notice_ = a_ppn()
    a_colleague(context, "insp.hale", Role.FIM)
    _send(context, handheld, a_return({"ret.found_how": "dead"}), notice_)
    a_colleague(context, "sgt.marsh", Role.SUPERVISOR).decided(notice_, outcome=Outcome.ESCALATE)

    assert _reviews(context, notice_, "fim") == [("fim", "R-50"), ("fim", "R-50")]


def test_a_force_may_let_a_supervisor_look_first(tmp_path: Path) -> None:
    """The force's own system gets a record after the supervisor, unless the force has set otherwise."""
    with a_server(tmp_path, policy=at_supervisor) as context:
        handheld = Handheld(context)
        _send(context, handheld, a_return())

        assert _owed(context) == [("force_records", "held"), ("local_authority:E06000065", "due")]


def test_the_author_and_the_supervisor_hear_of_a_record(context: Context, handheld: Handheld) -> None:
    """To a role and a unit, never to a named sergeant who goes off at seven."""
    _send(context, handheld, a_return())

    assert [(row["recipient"], row["kind"]) for row in rows(context, feed_item)] == [
        ("north_yorkshire/officer/NYP-2217", "status"),
        ("north_yorkshire/role/supervisor/harrogate_response", "review"),
    ]


def test_a_task_is_set_once_however_often_the_record_is_revised(
    context: Context, handheld: Handheld
) -> None:
    """An open task keeps its own time; a second revision must not start the clock again."""
    first = a_return(tasks=(a_task("tell_la"),))
    later = a_task("tell_la", due_at=NIGHT + timedelta(hours=9))

    _send(context, handheld, first)
    _send(context, handheld, next_revision(a_return(tasks=(later,)), {}))

    [kept] = rows(context, task)
    assert (kept["subject"], kept["due_at"]) == (str(CHILD), a_task("tell_la").due_at)


def _send(context: Context, handheld: Handheld, *records: Record) -> None:
    for record in records:
        assert take_in(context, handheld.seal(record), sender=handheld.sender).result == "stored"


def _withdrawing(record: Record) -> Record:
    last = next_revision(record, {})
    return replace(last, header=replace(last.header, void_reason="The wrong child."))


def _reviews(context: Context, record: Record, role: str = "supervisor") -> list[tuple[str, str | None]]:
    """Who was asked to decide on a record, in order, and by which rule nothing leaves."""
    about: list[dict[str, Any]] = [
        one
        for one in rows(context, feed_item)
        if one["kind"] == feed.REVIEW and one["record"] == str(record.header.record)
    ]
    asked = [(str(one["recipient"]).split("/")[2], one["detail"].get("rule")) for one in about]
    return [one for one in asked if one[0] == role]


def _notice(context: Context, record: Record, rev: int = 1, kind: str = "return") -> dict[str, Any]:
    with context.store.read() as connection:
        found = notices.content_of(connection, context.keys.safe, str(record.header.record), rev, kind)
    assert found is not None
    return found


def _words(context: Context, title: str) -> str:
    fields = {one["title"]: one["words"] for one in _notice(context, a_return())["fields"]}
    return str(fields[title])


def _owed(context: Context) -> list[tuple[str, str]]:
    return [(str(row["target"]), str(row["state"])) for row in rows(context, delivery)]


def _audited(context: Context, record: Record) -> list[str]:
    with context.store.read() as connection:
        return [entry["what"] for entry in audit.entries_of(connection, str(record.header.record))]
