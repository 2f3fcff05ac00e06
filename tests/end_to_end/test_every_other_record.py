"""Every record that no longer walk writes, in a real browser: opened, completed, reviewed, sent, received.

What is begun by an officer is begun here by the team, which may begin it as well; what only a team begins
leads its list. It acts by role, name and identifier on the screen and by nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from booklets import definitions
from tests.support.filling_in import FillsIn
from tests.support.in_the_browser import InTheBrowser, done
from tests.support.night import THE_PHONE, Night, a_night
from tests.support.people import Officer, a_phone

pytestmark = pytest.mark.journey

WALKED_ELSEWHERE: Final = frozenset(
    {
        *("return_check", "missing", "search"),  # test_journey.py, test_missing_booklet.py
        *("ppn", "encompass", "police_protection", "designated_officer"),  # test_situations.py
    }
)
OF_A_SHIFT: Final = ("enquiries", "evidence_card", "handover", "protection_end", "risk_again")
OF_A_DESK: Final = ("strategy", "thrive", "trigger_plan", "exploiter", "mhet_review")
OF_THE_TEAMS: Final = ("place_of_concern", "return_interview")
OF_THE_INSPECTOR: Final = ("protection_review",)
ANSWERS: Final = {"person.ethnicity_sde": "W1", "person.sex": "F", "ra.level": "medium"}


class AtADesk(Officer):
    """Somebody of a team, with the app."""

    home = "start_other"


def test_every_record_is_walked_in_a_browser_here_or_elsewhere() -> None:
    """One that is new fails until somebody walks it."""
    offered = {id_ for id_ in definitions.guide_ids() if definitions.guide(id_).offered}

    here = [*OF_A_SHIFT, *OF_A_DESK, *OF_THE_TEAMS, *OF_THE_INSPECTOR]
    assert len(here) == len(set(here))
    assert offered == {*here, *WALKED_ELSEWHERE}


@pytest.mark.timeout(590)
@pytest.mark.parametrize(
    ("role", "guides"),
    [("mhet", OF_A_SHIFT), ("mhet", OF_A_DESK), ("mhet", OF_THE_TEAMS), ("vat", OF_THE_INSPECTOR)],
    ids=["shift", "desk", "teams", "inspector"],
)
def test_a_record_is_opened_completed_reviewed_and_received(
    role: str, guides: tuple[str, ...], tmp_path: Path, browser: Browser
) -> None:
    """Led by what the review asks for; the force has it at the end."""
    with a_night(tmp_path) as night, a_phone(browser, night) as window:
        somebody = _somebody(window, night, role)
        somebody.sets_up_the_handheld()
        for guide in guides:
            _writes(somebody, guide)


def _somebody(window: Officer, night: Night, role: str) -> AtADesk:
    somebody = AtADesk(window.screen, night, THE_PHONE)
    somebody.role = role
    return somebody


def _writes(somebody: AtADesk, guide: str) -> None:
    somebody.screen.tap("start_other")
    somebody.screen.sees(f"begin.{guide}")
    hand = InTheBrowser(somebody.screen)
    done(hand.tap(f"begin.{guide}", lambda seen: "next" in seen and f"begin.{guide}" not in seen))
    done(FillsIn(hand, dict(ANSWERS)).page_by_page(guide))
    somebody.sends()
    somebody.reads("sent.state", r"Received \d\d:\d\d")
    somebody.goes_home()
