"""Beginning something new: what happens most is at hand, everything else one tap further."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from booklets import definitions
from field_app.ui.places import At
from field_app.ui.screens.starting import offered
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import journey
from tests.support.standing import standing_at


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def test_what_happens_most_is_at_hand_and_the_rest_one_tap_further(officer: OnShift) -> None:
    """The worklist keeps its room however many records there are."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            assert app.has("start.return_check")
            assert app.has("start.ppn")
            assert not app.has("start.handover")
            await app.tap("start_other")
            assert [one.id for one in offered({"officer"}) if not app.has(f"begin.{one.id}")] == []
            await app.tap("begin.handover")
            assert model.open_session().guide.id == "handover"

    journey(walk)


def test_nobody_begins_what_is_not_offered(officer: OnShift) -> None:
    """A decision is written beside the record that it is about; the team's review is the team's."""

    async def walk() -> None:
        async with standing_at(At.START, officer) as (app, _):
            assert not app.has("begin.supervision")
            assert not app.has("begin.mhet_review")

    journey(walk)
    assert not definitions.guide("supervision").is_for({"supervisor"})
    assert definitions.guide("mhet_review").is_for({"officer", "mhet"})


def test_a_team_has_its_own_work_at_hand_and_a_patrol_what_happens_most() -> None:
    """At a desk the review leads, also for its supervisor; a sergeant of a patrol begins as officers do."""
    assert [one.id for one in offered({"mhet"})][:2] == ["mhet_review", "return_interview"]
    assert offered({"vat", "supervisor"})[0].id == "protection_review"
    assert offered({"supervisor"})[0].id == offered({"officer"})[0].id == "missing"
