"""Once a child is back nobody is asked to look for them any more, whoever wrote the return and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from booklets.answers import Answer, Moment
from booklets.records import Record, reference_of
from sync_server.across import look
from sync_server.across.returned import WHILE_MISSING
from sync_server.context import Context
from sync_server.db.owed import task
from tests.support.again import ANA, KIT, a_night, of
from tests.support.builders import NIGHT, a_task, an_id, next_revision
from tests.support.colleagues import Colleague
from tests.support.people_again import a_record
from tests.support.server_data import rows

STAYS = ("council_told_of_missing", "ppn_after_missing", "review_risk", "assess_again")


def a_report(*kinds: str) -> Record:
    """A child is missing, and these are asked for."""
    like = a_night("tonight", NIGHT, child=KIT)
    tasks = tuple(a_task(kind, set_at=NIGHT, rule=f"of {kind}") for kind in kinds)
    return a_record("mis", like, {"mis.reported_at": Moment(NIGHT)}, tasks=tasks, record=an_id("report"))


def a_return_of(report: Record, **said: Answer) -> Record:
    """The same child and time, at another doorstep."""
    answers = {"ret.found_at": Moment(NIGHT + timedelta(hours=2))} | {
        f"ret.{name}": answer for name, answer in said.items()
    }
    return a_record("ret", report, answers)


def stand(context: Context, report: Record) -> dict[str, tuple[str, str]]:
    """How what the report asked for stands, and why."""
    return {
        str(one["kind"]): (str(one["status"]), str(one["outcome"]))
        for one in rows(context, task)
        if one["record"] == str(of(report))
    }


def withdrawn(record: Record) -> Record:
    """Its author takes it back."""
    gone = next_revision(record, {})
    return replace(gone, header=replace(gone.header, void_reason="Another child's."))


@pytest.mark.parametrize("kind", sorted(WHILE_MISSING))
def test_what_belongs_to_a_missing_child_is_stopped_by_the_return(
    context: Context, mhet: Colleague, kind: str
) -> None:
    """R-35, C.6: it was not done, and nobody has to do it; the task says which record is the return."""
    report = mhet.sent(a_report(kind))
    look(context)
    assert stand(context, report)[kind][0] == "open"

    back = mhet.sent(a_return_of(report))
    look(context)

    assert stand(context, report)[kind] == ("stopped", f"RET {reference_of(of(back))}")


@pytest.mark.parametrize("kind", STAYS)
def test_what_is_owed_about_a_child_who_is_back_stays(context: Context, mhet: Colleague, kind: str) -> None:
    """The council hears that the child was missing, and what is new about the risk is weighed."""
    report = mhet.sent(a_report(kind))
    mhet.sent(a_return_of(report))

    look(context)

    assert stand(context, report)[kind][0] == "open"


def test_a_child_who_has_only_rung_is_still_looked_for(context: Context, mhet: Colleague) -> None:
    """R-08b: nobody has seen them."""
    report = mhet.sent(a_report("still_missing", "risk_review_high"))
    mhet.sent(a_return_of(report, found_how=("phoned",)))

    look(context)

    assert {status for status, _ in stand(context, report).values()} == {"open"}


def test_a_return_of_another_time_ends_nothing(context: Context, mhet: Colleague) -> None:
    """The child is missing again tonight."""
    report = mhet.sent(a_report("still_missing"))
    mhet.sent(a_record("ret", report, {"ret.found_at": Moment(NIGHT)}, episode=an_id("last week")))

    look(context)

    assert stand(context, report)["still_missing"][0] == "open"


def test_a_child_whose_sister_is_back_is_still_looked_for(context: Context, mhet: Colleague) -> None:
    """Both were reported in one night, and one of them has come home."""
    report = mhet.sent(a_report("still_missing"))
    sister = a_night("with a sister", NIGHT, child=ANA)
    mhet.sent(a_record("ret", sister, {"ret.found_at": Moment(NIGHT)}, episode=report.header.episode))

    look(context)

    assert stand(context, report)["still_missing"][0] == "open"


def test_a_return_that_is_withdrawn_has_the_child_looked_for_again(
    context: Context, mhet: Colleague
) -> None:
    """Also what is open again stays so however often somebody looks."""
    report = mhet.sent(a_report("still_missing", "council_told_of_missing"))
    back = mhet.sent(a_return_of(report))
    look(context)

    mhet.sent(withdrawn(back))
    look(context)

    assert set(stand(context, report).values()) == {("open", "")}


def test_a_return_that_turns_out_to_be_a_call_has_the_child_looked_for_again(
    context: Context, mhet: Colleague
) -> None:
    """R-08b: what was taken for a return was none."""
    report = mhet.sent(a_report("home_search_high"))
    back = mhet.sent(a_return_of(report))
    look(context)
    assert stand(context, report)["home_search_high"][0] == "stopped"

    mhet.sent(next_revision(back, {**back.answers, "ret.found_how": ("phoned",)}))
    look(context)

    assert stand(context, report)["home_search_high"] == ("open", "")


def test_a_report_that_is_put_right_after_the_return_asks_for_nothing_anew(
    context: Context, mhet: Colleague
) -> None:
    """The child is back, whoever finishes the report later."""
    report = mhet.sent(a_report("circulated_nationally"))
    mhet.sent(a_return_of(report))
    look(context)

    mhet.sent(next_revision(report, {**report.answers, "mis.noticed_at": Moment(NIGHT)}))

    assert stand(context, report)["circulated_nationally"][0] == "stopped"
