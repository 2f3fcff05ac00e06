"""As what an episode may be closed: R-05, and whatever else its own records deny."""

from __future__ import annotations

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why
from sync_server.context import Context
from sync_server.episodes.categories import BACK, CONCERN, DEAD, OF_A_CHILD_WHO_DIED, categories
from sync_server.intake import Result
from tests.support import episodes
from tests.support.builders import next_revision
from tests.support.colleagues import Colleague
from tests.support.episodes import DESPITE, a_back, a_talk, missing

BEFORE = {"ret.returned_before_report": "yes"}
KNOWN = {"ret.whereabouts_unknown_at_call": "no"}
NOT_KNOWN = Gap(Why.NOT_KNOWN, "the carer had gone to bed")


def test_the_categories_that_code_knows_are_those_of_the_form() -> None:
    """A code that is written another way here would let everything through."""
    offered = {one.code for one in definitions.form("ret").field("ret.closure_category").codes}

    assert set(categories()) == offered
    assert {CONCERN, DEAD, *BACK, *OF_A_CHILD_WHO_DIED} <= offered


@pytest.mark.parametrize(
    "said",
    [
        {},
        BEFORE,
        {**BEFORE, "ret.whereabouts_unknown_at_call": "yes"},
        {**BEFORE, "ret.whereabouts_unknown_at_call": NOT_KNOWN},
        {"ret.returned_before_report": "no", **KNOWN},
    ],
)
def test_a_child_who_came_home_is_never_closed_as_a_concern_for_safety(
    context: Context, officer: Colleague, mhet: Colleague, said: dict[str, Answer]
) -> None:
    """R-05: whatever reason is given, unless somebody said plainly that one always knew where they were."""
    episode = episodes.of(context, officer.sent(a_back("Kit", said)))
    officer.sent(a_talk("Kit"))

    assert episode.closes(mhet, "concern_for_safety", despite=DESPITE).refused == "whereabouts_unknown"
    assert not episode.is_closed
    assert [one["why"] for one in episode.acts] == ["whereabouts_unknown"]


def test_where_somebody_always_knew_it_was_a_concern(
    context: Context, officer: Colleague, mhet: Colleague
) -> None:
    """The one case in which that category is right."""
    episode = episodes.of(context, officer.sent(a_back("Kit", {**BEFORE, **KNOWN})))

    assert episode.closes(mhet, "concern_for_safety", despite=DESPITE).stands


def test_of_two_versions_somebody_first_says_which_counts(
    context: Context, officer: Colleague, mhet: Colleague
) -> None:
    """The one beside it may say that nobody knew where the child was."""
    back, _ = officer.sent(a_back("Kit", {**BEFORE, **KNOWN})), officer.sent(a_talk("Kit"))
    officer.revises(back, {"ret.found_how": "alone"})
    other = next_revision(back, {"ret.found_how": "hospital", "ret.whereabouts_unknown_at_call": "yes"})
    assert officer.sends(other).result is Result.CONFLICT
    episode = episodes.of(context, back)

    assert "two_versions" in episode.open
    assert episode.closes(mhet, "concern_for_safety", despite=DESPITE).refused == "two_versions"
    assert episode.closes(mhet).refused == "still_open"


@pytest.mark.parametrize(
    ("report", "refused"),
    [
        ({}, "whereabouts_unknown"),
        ({"mis.returned_before_report": "no"}, "whereabouts_unknown"),
        (
            {"mis.returned_before_report": "yes", "mis.whereabouts_unknown_at_call": "yes"},
            "whereabouts_unknown",
        ),
        ({"mis.returned_before_report": "yes", "mis.whereabouts_unknown_at_call": "no"}, ""),
    ],
)
def test_a_report_that_says_otherwise_outweighs_a_return_that_says_he_was_known_to_be_safe(
    context: Context, officer: Colleague, mhet: Colleague, report: dict[str, Answer], refused: str
) -> None:
    """Every report and every return has to say it."""
    episode = episodes.of(context, officer.sent(a_back("Kit", {**BEFORE, **KNOWN})))
    officer.sent(missing("Kit", report))

    assert episode.closes(mhet, "concern_for_safety", despite=DESPITE).refused == refused


def test_a_report_that_was_withdrawn_says_nothing(
    context: Context, officer: Colleague, mhet: Colleague
) -> None:
    """It was about another child."""
    episode = episodes.of(context, officer.sent(a_back("Kit", {**BEFORE, **KNOWN})))
    officer.withdraws(officer.sent(missing("Kit")))

    assert episode.closes(mhet, "concern_for_safety", despite=DESPITE).stands


@pytest.mark.parametrize("category", sorted(BACK))
def test_a_child_without_a_return_is_not_closed_as_back(
    context: Context, officer: Colleague, mhet: Colleague, category: str
) -> None:
    """Somebody records the return first."""
    episode = episodes.of(context, officer.sent(missing("Kit")))

    assert episode.closes(mhet, category, despite=DESPITE).refused == "no_return_recorded"


@pytest.mark.parametrize("category", ["duplicate", "located_other_force"])
def test_what_another_record_or_force_goes_on_with_is_closed_with_a_reason(
    context: Context, officer: Colleague, mhet: Colleague, category: str
) -> None:
    """No return will come here."""
    episode = episodes.of(context, officer.sent(missing("Kit")))

    assert episode.closes(mhet, category).refused == "still_open"
    assert episode.closes(mhet, category, despite=DESPITE).stands


def test_an_interview_that_is_not_there_is_not_done(
    context: Context, officer: Colleague, mhet: Colleague
) -> None:
    """There is a category that says so."""
    episode = episodes.of(context, officer.sent(a_back("Kit")))

    assert episode.closes(mhet, "returned_safe", despite=DESPITE).refused == "no_interview_recorded"
    assert episode.closes(mhet, "returned_interview_pending", despite=DESPITE).stands


def test_a_child_who_died_is_closed_as_that_and_no_other_child_is(
    context: Context, officer: Colleague, mhet: Colleague
) -> None:
    """In both directions, and R-05 is not what is said to somebody who closes a death."""
    dead = episodes.of(context, officer.sent(a_back("Kit", {"ret.found_how": "dead"})))
    alive = episodes.of(context, officer.sent(a_back("Ana")))

    assert dead.closes(mhet, "returned_protected", despite=DESPITE).refused == "child_has_died"
    assert dead.closes(mhet, "concern_for_safety", despite=DESPITE).refused == "child_has_died"
    assert alive.closes(mhet, "found_dead", despite=DESPITE).refused == "no_death_recorded"
    assert dead.closes(mhet, "found_dead", despite=DESPITE).stands
