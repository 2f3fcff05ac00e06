"""R-58: work with a child is asked of somebody who is trained for it; whoever was there keeps the rest."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection

from booklets.duties import WORK_WITH_CHILDREN, Act, Acted
from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.context import Context
from sync_server.duties import Actor, Answer, act, children, look_once
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from tests.support.builders import FORCE, UNIT, a_return, a_task, an_id
from tests.support.colleagues import Colleague, a_colleague

WORK = "prevention_interview"


@pytest.fixture
def untrained(context: Context) -> Colleague:
    """An officer who found the child and is not trained for more than that."""
    return a_colleague(context, "pc.new", works_with_children=False)


def asked(by: Colleague, kind: str = WORK, owner: str = "author") -> Record:
    """Their return asks for this, and whoever has to know has been told; the duty team did not answer."""
    rang_out = {"ret.la_informed": ({"with": "edt_north_yorkshire", "outcome": "no_answer"},)}
    sent = by.sent(a_return(rang_out, tasks=(a_task(kind, owner=owner),)))
    look_once(by.handheld.context)
    return sent


def says(person: Colleague, kind: Act, **more: str) -> Answer:
    """Somebody says something of the first task."""
    context = person.handheld.context
    said = Acted(id=an_id(f"{person.author.id} {kind}"), task=1, act=kind, at=context.now(), **more)

    def work(db: Connection) -> Answer:
        account = accounts.by_id(db, person.handheld.officer)
        assert account is not None
        return act(context, db, said, Actor(account.id, account.person))

    answer = context.store.write(work)
    look_once(context)
    return answer


def heard(person: Colleague) -> list[tuple[str, str]]:
    """What somebody was told of tasks: how each stands, and to whom it goes instead of its author."""
    return [(one["status"], one.get("goes_to", "")) for one in person.heard("task")]


def trained(context: Context, user: str, *, yes: bool) -> None:
    """The force says so, or that it was a mistake."""
    said = partial(
        children.say_trained, user=user, works_with_children=yes, who="command line", at=context.now()
    )
    known = context.store.write(said)
    assert known


def test_an_author_who_is_trained_does_it(context: Context, officer: Colleague, sergeant: Colleague) -> None:
    """Nobody else is asked."""
    asked(officer)

    assert heard(officer) == [("open", "")]
    assert heard(sergeant) == []
    assert says(officer, Act.CLOSE, outcome="done") == Answer(True)


def test_what_its_author_is_not_trained_for_is_offered_to_those_of_the_unit_who_are(
    untrained: Colleague, officer: Colleague, context: Context
) -> None:
    """Not to the author, not to others who are not trained either, and not to another unit."""
    others = [
        a_colleague(context, "pc.too", works_with_children=False),
        a_colleague(context, "pc.york", unit="york_response"),
    ]
    asked(untrained)

    assert heard(officer) == [("open", "unit")]
    assert [heard(one) for one in (untrained, *others)] == [[], [], []]
    assert says(untrained, Act.ACCEPT) == Answer(False, "not_trained")
    assert [says(one, Act.ACCEPT) for one in others] == [Answer(False, "not_theirs")] * 2
    assert says(officer, Act.ACCEPT) == Answer(True)
    assert says(officer, Act.CLOSE, outcome="done") == Answer(True)
    assert heard(officer)[-1] == ("done", "unit")


def test_where_nobody_in_the_unit_is_trained_the_supervisor_is_told_so(
    untrained: Colleague, context: Context
) -> None:
    """A supervisor need not be trained to find somebody who is; whoever has gone counts for nobody."""
    sergeant = a_colleague(context, "sgt.only", Role.SUPERVISOR, works_with_children=False)
    a_colleague(context, "pc.york", unit="york_response")
    asked(untrained)

    assert heard(sergeant) == [("open", "supervisor")]
    assert heard(untrained) == []
    assert says(sergeant, Act.CLOSE, outcome="done") == Answer(True)


def test_whoever_was_offered_it_hears_how_it_ended_although_somebody_was_trained_since(
    untrained: Colleague, officer: Colleague, context: Context
) -> None:
    """A task must not stand open on a tablet for ever."""
    asked(untrained)
    assert heard(officer) == [("open", "unit")]
    trained(context, "pc.new", yes=True)

    assert says(untrained, Act.CLOSE, outcome="done") == Answer(True)

    assert [status for status, _ in heard(officer)] == ["open", "done"]


def test_whoever_is_not_trained_any_more_is_told_why_it_does_not_count(
    officer: Colleague, sergeant: Colleague, context: Context
) -> None:
    """It was theirs when it was asked."""
    asked(officer)
    trained(context, "pc.okoro", yes=False)

    assert says(officer, Act.CLOSE, outcome="done") == Answer(False, "not_trained")
    assert says(sergeant, Act.CLOSE, outcome="done") == Answer(True)


def test_what_was_asked_of_somebody_who_is_not_trained_any_more_is_asked_of_others(
    officer: Colleague, sergeant: Colleague, context: Context
) -> None:
    """It has no time to be late by, so that nobody would hear of it otherwise."""
    asked(officer)
    trained(context, "sgt.marsh", yes=False)
    trained(context, "pc.okoro", yes=False)
    look_once(context)
    assert heard(sergeant) == [("open", "supervisor")]
    assert heard(officer)[-1] == ("open", "supervisor")  # and stands among their own no more

    trained(context, "sgt.marsh", yes=True)
    look_once(context)
    assert heard(sergeant)[-1] == ("open", "unit")


@pytest.mark.parametrize("kind", ["council_told_of_return", "ppn_submitted", "home_search_high"])
def test_what_binds_whoever_was_there_stays_theirs(
    untrained: Colleague, officer: Colleague, kind: str
) -> None:
    """The council is rung by whoever stands beside the child, and not once a colleague has read of it."""
    assert kind not in WORK_WITH_CHILDREN
    asked(untrained, kind)

    assert heard(untrained) == [("open", "")]
    assert heard(officer) == []


def test_a_role_that_works_with_children_is_asked_as_before(untrained: Colleague, context: Context) -> None:
    """The teams and the supervisors are those roles: only what an author is asked depends on the author."""
    sergeant = a_colleague(context, "sgt.only", Role.SUPERVISOR)
    asked(untrained, owner="supervisor")

    assert heard(sergeant) == [("open", "")]


def test_the_trained_of_a_unit_are_its_officers_who_are_still_here(context: Context) -> None:
    """A trained sergeant who takes no records over is none of them."""
    a_colleague(context, "sgt.only", Role.SUPERVISOR)
    a_colleague(context, "pc.york", unit="york_response")
    with context.store.read() as db:
        assert not accounts.any_for_children(db, FORCE, UNIT)
        assert accounts.any_for_children(db, FORCE, "york_response")
        assert not accounts.any_for_children(db, "another_force", "york_response")


def test_since_when_somebody_is_trained_and_who_said_so_stands_in_the_audit(
    context: Context, untrained: Colleague
) -> None:
    """S-01, R-58: a line for each change, chained like every other; saying the same again adds none."""
    for yes in (True, True, False):
        trained(context, "pc.new", yes=yes)

    with context.store.read() as db:
        account = accounts.by_user(db, "pc.new")
        assert account is not None
        lines = [*entries_of(db, f"account:{account.id}")]

    said = [(one["who"], one["what"]) for one in lines if "trained" in one["what"]]
    assert said == [
        ("command line", "trained for work with children"),
        ("command line", "no longer trained for work with children"),
    ]
