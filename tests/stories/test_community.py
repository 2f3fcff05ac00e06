"""The community officers of the exploitation team, and the teams that they did not involve.

Found: the child exploitation team, "formed of police community support officers", that "doesn't routinely
involve the MHET or the VAT", where there should be "better communication and collaboration" (Investigation).

The night again: Amy was at the Old Grand, and somebody has to look in there on Friday.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync_server.identity.accounts import Role
from tests.stories.test_again import a_hotel, back_from
from tests.support.story_nights import StoryNight
from tests.support.walks import AMY

pytestmark = pytest.mark.thorough


def test_what_community_officers_find_at_the_hotel_reaches_the_team(night: StoryNight) -> None:
    """They are asked for one thing, and cannot close it without the team reading what they saw."""
    hotel = a_hotel()
    sent = back_from(night, AMY, hotel)
    day = (night.now + timedelta(days=3)).date().isoformat()
    found = (
        "The back door is chained since today. A white van waited twice; the night porter has its number."
    )
    with night.at_the_console("mhet.hale", Role.MHET, unit="mhet") as desk:
        desk.asks_community(
            sent["ret"], "visit_place", place=str(hotel.id), due=day, words="Friday after nine."
        )
    with night.at_the_console("pcso.reid", Role.COMMUNITY, unit="child_exploitation") as desk:
        page = desk.reads("/tasks")
        assert "Old Grand" in page
        assert "Amy" not in page, "they need the place, and not the child"
        desk.answers(int(str(night.tasks()["visit_place"]["id"])), found)
    read = night.tasks(status="open")["read_from_community"]
    with night.at_the_console("dc.lowe", Role.MHET, unit="mhet") as desk:
        assert found in desk.reads(f"/tasks/{read['id']}")


def test_community_officers_read_of_no_child_whom_they_are_not_to_see(night: StoryNight) -> None:
    """The other side: nothing was passed to them, and they have neither the record nor a name."""
    sent = back_from(night, AMY, a_hotel())
    with night.at_the_console("pcso.reid", Role.COMMUNITY, unit="child_exploitation") as desk:
        pages = [desk.reads(one) for one in ("/tasks", "/places", f"/records/{sent['ret'].header.record}")]
    assert not any("Amy" in page for page in pages)
