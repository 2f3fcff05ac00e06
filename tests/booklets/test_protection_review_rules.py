"""What the review of a use of police protection asks and sets; what a force decides about its officers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from booklets.answers import Answer, Gap, Moment, Row, Why
from booklets.forms import Effect, Stage
from tests.support.builders import NIGHT, a_person
from tests.support.protection import OFFICER, PANEL_SAYS, REVIEW, USED, said_of
from tests.support.walks import found_by

UNSAFE: Mapping[str, Answer | None] = {
    "ppv.safe_now": "no",
    "ppv.safe_now_because": "Robin is back at the address.",
}
UNRECORDED: Mapping[str, Answer | None] = {
    "ppv.offences_recorded": "no",
    "ppv.offences_missing": "Neglect: DC Lowe.",
}
TURNED_ON: list[tuple[Mapping[str, Answer | None], str, Effect]] = [
    ({"ppv.inspector": "Insp 88 Farrow"}, "PV-01", Effect.ASK),
    (UNRECORDED, "PV-02", Effect.TASK),
    (UNSAFE, "PV-03", Effect.SHOW),
    (UNSAFE, "PV-04", Effect.TASK),
    ({"ppv.actions": ({"what": "Brief the night shift"},)}, "PV-05", Effect.ASK),
    ({"ppv.not_recorded": ("nothing", "end")}, "PV-07", Effect.ASK),
    ({"ppv.safe_now": Gap(Why.NOT_KNOWN)}, "R-03", Effect.TASK),
    ({"ppv.review": "Reviewed. All in order."}, "Q-03", Effect.ASK),
    ({"ppv.reviewed_at": Moment(NIGHT + timedelta(hours=1))}, "T-01", Effect.WARN),
    ({"ppv.reviewed_at": Moment(USED - timedelta(hours=1))}, "T-02", Effect.WARN),
    ({"ppv.not_recorded_words": "Kit is streetwise and goes home."}, "Q-01", Effect.ASK),
    ({"ppv.not_recorded_words": "Kit refused to engage with the ward."}, "Q-01a", Effect.WARN),
    ({"ppv.not_recorded_words": "House clean and tidy, plenty of food."}, "Q-02", Effect.ASK),
    ({"ppv.not_recorded_words": "House dirty."}, "Q-07", Effect.WARN),
    ({"ppv.not_recorded_words": "No concerns."}, "Q-04", Effect.ASK),
    ({"ppv.not_recorded_words": "Kit claims that he was hit on the arm."}, "Q-06", Effect.WARN),
    ({"ppv.not_recorded_words": "There is nobody but Tyrone at nine."}, "Q-10", Effect.WARN),
]


def test_a_whole_review_with_nothing_alarming_is_silent() -> None:
    """The control to every rule below."""
    assert found_by(said_of(REVIEW, {})) == set()


@pytest.mark.parametrize(("changed", "rule", "effect"), TURNED_ON)
def test_what_the_inspector_writes_leads_to_what_follows(
    changed: Mapping[str, Answer | None], rule: str, effect: Effect
) -> None:
    """The whole review is silent, so this answer alone made the rule speak."""
    assert rule in found_by(said_of(REVIEW, changed), effect)


def test_what_the_panel_says_is_added_later_and_then_whole() -> None:
    """Nothing of it is asked before the panel has met; then who was there and what it said are."""
    assert not said_of(REVIEW, {}, stage=Stage.COMPLETE)

    met = {"ppv.panel_on": PANEL_SAYS["ppv.panel_on"]}
    asked = {name for one in said_of(REVIEW, met, stage=Stage.COMPLETE) for name in one.fields}
    assert asked == {"ppv.panel_attendees", "ppv.panel_view"}
    assert not said_of(REVIEW, PANEL_SAYS, stage=Stage.COMPLETE)


def test_what_the_panel_asks_for_has_an_owner_and_a_time() -> None:
    """A direction that nobody owns is asked about; one that somebody owns lies ahead and may."""
    unowned: Row = {"what": "Agree one number to ring at night"}
    owned: Row = {**unowned, "who": "Supt Vale-Test", "by": Moment(NIGHT + timedelta(days=14))}
    found = {
        "unowned": found_by(
            said_of(REVIEW, {**PANEL_SAYS, "ppv.panel_actions": (unowned,)}, stage=Stage.COMPLETE)
        ),
        "owned": found_by(
            said_of(REVIEW, {**PANEL_SAYS, "ppv.panel_actions": (owned,)}, stage=Stage.COMPLETE)
        ),
    }
    assert found == {"unowned": {"PV-06", "cell_needed"}, "owned": set()}


def test_whoever_ended_it_is_known_by_number_or_nobody_is_accused() -> None:
    """Without a name of the designated officer nothing is said."""
    assert "PV-01" not in found_by(said_of(REVIEW, {"ppv.end_decider": Gap(Why.NOT_KNOWN)}))


def test_a_grown_up_by_date_of_birth_is_worth_another_look() -> None:
    """By name and date of birth a review is found under its child."""
    assert "T-03" in found_by(said_of(REVIEW, {}, child=a_person(known_as="Kit", dob="1999-05-02")))
    assert "T-03" not in found_by(said_of(REVIEW, {}))


@pytest.mark.parametrize(
    ("says", "warned", "blocked"),
    [
        ({"ppd.officer_rank": "below_inspector"}, "R-22", "R-22b"),
        ({"ppd.officer_listed": "no"}, "R-22a", "R-22c"),
    ],
)
def test_a_force_decides_whether_a_lower_rank_is_stopped_or_pointed_out(
    says: Mapping[str, Answer | None], warned: str, blocked: str
) -> None:
    """R-22: one force warns, the other stops, each but for an emergency; a fit officer meets neither."""
    for force, expected in (("north_yorkshire", warned), ("seaborough", blocked)):
        found = [one for one in said_of(OFFICER, says, force=force) if one.code.startswith("R-22")]
        assert [one.code for one in found] == [expected], force
        assert all(one.override for one in found)
        assert not [one for one in said_of(OFFICER, {}, force=force) if one.code.startswith("R-22")]
