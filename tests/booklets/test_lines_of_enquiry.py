"""Each line of enquiry of a missing child is somebody's, and an empty list is not taken for work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Why
from booklets.clocks import running
from booklets.forms import Effect
from tests.support.beside_the_report import looked_at, tasks_of
from tests.support.missing import BACK, HONEST, NOW, REPORTED, a_row, facts
from tests.support.walks import FORCE, found_by, needed

FIRST = [one.id for one in definitions.form("act").fields() if one.id.endswith("_words")]
STATES = [name.removesuffix("_words") for name in FIRST]
UNTOUCHED: Mapping[str, Answer] = dict.fromkeys(STATES, "not_started")
DONE: Mapping[str, Answer] = dict.fromkeys(STATES, "done")
OWNED: Mapping[str, Answer] = {
    "act.not_started_owner": "PC 2201 Amin",
    "act.not_started_by": Moment(NOW + timedelta(minutes=20)),
}


def test_there_are_eighteen_first_enquiries() -> None:
    """B.4: the default set, which the two rules below look at as a whole."""
    rules = {rule.id: rule for rule in definitions.form("act").rules}

    assert len(STATES) == 18
    assert rules["E-01"].args["fields"] == rules["E-01a"].args["fields"] == STATES


@pytest.mark.parametrize(("force", "minutes"), [(FORCE, 60), ("seaborough", 30)])
def test_a_report_asks_for_the_lines_of_enquiry_within_the_forces_time(force: str, minutes: int) -> None:
    """B.4: the set is created on report; how soon is the force's own number."""
    told = facts(HONEST).known()
    [due] = [
        one.due
        for one in running(definitions.clocks(), told, definitions.force(force))
        if one.clock.id == "lines_of_enquiry"
    ]

    assert due == REPORTED + timedelta(minutes=minutes)


def test_a_child_who_is_back_is_not_looked_for() -> None:
    """R-05: nobody is asked who rings the hospitals."""
    kinds = {one.clock.id for one in running(definitions.clocks(), BACK, definitions.force(FORCE))}

    assert "lines_of_enquiry" not in kinds


@pytest.mark.parametrize("waiting", STATES)
def test_an_enquiry_that_has_not_begun_is_somebodys_by_a_time(waiting: str) -> None:
    """B.4 act.owner and act.due_at: always, and not only of what is under way."""
    one_waits = {**DONE, waiting: "not_started"}

    assert {"act.not_started_owner", "act.not_started_by"} <= needed(looked_at("enquiries", one_waits))
    assert not {"act.not_started_owner", "act.not_started_by"} & needed(looked_at("enquiries", DONE))


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ("done", {"who", "at", "words"}),
        ("under_way", {"who"}),
        ("not_needed", {"words"}),
        ("not_started", set()),
    ],
)
@pytest.mark.parametrize("enquiry", STATES)
def test_each_enquiry_says_what_belongs_to_how_it_stands(enquiry: str, how: str, wanted: set[str]) -> None:
    """B.4: when and by whom it was done and what came of it, who has it, or why it is not needed."""
    parts = [f"{enquiry}_{one}" for one in ("who", "at", "by", "words")]
    found = needed(looked_at("enquiries", {**UNTOUCHED, **OWNED, enquiry: how}))

    assert found & set(parts) == {f"{enquiry}_{one}" for one in wanted}


@pytest.mark.parametrize("waiting", STATES)
def test_what_has_an_owner_and_a_time_of_its_own_is_not_asked_for_another(waiting: str) -> None:
    """The questions about all the others together are for those that name nobody, or no time."""
    alone: Mapping[str, Answer] = {**DONE, waiting: "not_started"}
    together = {"act.not_started_owner", "act.not_started_by"}

    named = looked_at("enquiries", {**alone, f"{waiting}_who": "PC Wells"})
    assert needed(named) & together == {"act.not_started_by"}
    timed = looked_at("enquiries", {**alone, f"{waiting}_by": Moment(NOW + timedelta(hours=1))})
    assert needed(timed) & together == {"act.not_started_owner"}
    both: Mapping[str, Answer] = {
        f"{waiting}_who": "PC Wells",
        f"{waiting}_by": Moment(NOW + timedelta(hours=1)),
    }
    assert not needed(looked_at("enquiries", {**alone, **both})) & together


def test_an_owner_who_is_not_known_is_no_owner() -> None:
    """Whoever begins the rest begins that too."""
    nobody = {**DONE, "act.cctv": "not_started", "act.cctv_who": Gap(Why.NOT_KNOWN)}

    assert "act.not_started_owner" in needed(looked_at("enquiries", nobody))


@pytest.mark.parametrize(("hours", "speaks"), [(1, True), (-1, False)])
def test_what_is_done_was_not_done_later_than_now(hours: int, speaks: bool) -> None:
    """A slip of the hour is pointed out, and what is still to begin may well lie ahead."""
    at = Moment(NOW + timedelta(hours=hours))
    done = looked_at("enquiries", {**DONE, "act.cctv_at": at})
    ahead = Moment(NOW + timedelta(hours=1))
    waits = looked_at("enquiries", {**UNTOUCHED, **OWNED, "act.cctv_by": ahead, "act.not_started_by": ahead})

    assert ("T-01" in found_by(done, Effect.WARN)) is speaks
    assert "T-01" not in found_by(waits)


def test_a_list_on_which_nothing_was_begun_goes_to_the_supervisor() -> None:
    """It may be sent with what holds it up; it is not taken for work."""
    untouched = looked_at("enquiries", {**UNTOUCHED, **OWNED})
    begun = looked_at("enquiries", {**UNTOUCHED, **OWNED, "act.hospital": "under_way"})

    assert "E-01" in found_by([one for one in untouched if one.stands], Effect.ASK)
    assert "Of the 18 first enquiries" in next(one.says for one in untouched if one.code == "E-01")
    assert tasks_of(untouched) == {"E-01a": ("begin_enquiries", "supervisor")}
    assert not {"E-01", "E-01a"} & found_by(begun)


def test_a_half_filled_list_is_not_judged_before_all_of_it_was_looked_at() -> None:
    """The first page says nothing about the third."""
    half = dict.fromkeys(STATES[:9], "not_started")

    assert not {"E-01", "E-01a"} & found_by(looked_at("enquiries", half))


def test_what_nobody_has_is_given_to_somebody() -> None:
    """An owner who is not known is an answer, and a task."""
    nobody = {**DONE, "act.cctv": "not_started", **OWNED, "act.not_started_owner": Gap(Why.NOT_KNOWN)}

    assert tasks_of(looked_at("enquiries", nobody)) == {"E-02": ("begin_enquiries", "supervisor")}
    assert not tasks_of(looked_at("enquiries", {**nobody, **OWNED}))


def test_what_is_to_begin_by_a_time_is_due_then() -> None:
    """The officer's own promise, as a task with its time."""
    waits: Mapping[str, Answer] = {**UNTOUCHED, **OWNED}
    [begins] = running(definitions.clocks(), waits, definitions.force(FORCE))

    assert (begins.clock.id, begins.due) == ("enquiries_begun", NOW + timedelta(minutes=20))


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ({"status": "done"}, True),
        ({"status": "done", "completed_at": Moment(NOW)}, False),
        ({"status": "done", "completed_at": Gap(Why.NOT_KNOWN, "By the night shift")}, False),
        ({"status": "to_do"}, False),
        ({"status": "cancelled"}, False),
    ],
)
def test_an_action_that_was_done_says_when(cells: Mapping[str, str | Moment | Gap], asked: bool) -> None:
    """B.4 act.completed_at: where a child was not at ten may be where the child was at eleven."""
    line = a_row(what="Search the bandstand in Valley Gardens", outcome="Nobody there", **cells)

    assert ("E-03" in found_by(looked_at("enquiries", {"act.lines": line}), Effect.ASK)) is asked
