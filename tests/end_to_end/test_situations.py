"""Three situations as they really happen, written down in a real browser with real words, and counted.

Each walk stands alone: a server, a handheld and a browser of its own. It acts by identifier on the screen
and by nothing else, types what ``tests/support/told`` says, leaves open what is not known, and prints what
each record took. ``make walks`` has them write their counts and pictures (``tests/support/walked.py``), and
makes docs/walks.md of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.in_the_browser import InTheBrowser, done
from tests.support.kept import Kept
from tests.support.night import Night, a_night
from tests.support.people import Officer, a_phone
from tests.support.situated import walk
from tests.support.situations import IDS, situation
from tests.support.walked import Walked

pytestmark = pytest.mark.journey

FORMS = {"return_check": ["ret", "pvi"], "designated_officer": ["ppd"], "police_protection": ["ppr"]}


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A server and a handheld that nobody has used yet."""
    with a_night(tmp_path) as found:
        yield found


@pytest.mark.timeout(590)
@pytest.mark.parametrize("id_", IDS)
def test_a_situation_is_written_down_and_arrives(id_: str, night: Night, browser: Browser) -> None:
    """Every record of it reaches the force, each once, and nothing is answered that nobody said."""
    told, kept = situation(id_), Kept(night.server_folder)
    with a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        before = kept.last_seq()
        walked = Walked(told, officer.screen)
        done(writes_it_all_down(officer, walked))
    wanted = [form for one in told.records for form in FORMS.get(one.guide, [one.guide[:3]])]
    night.until_true(lambda: len(kept.evidence_after(before)) == len(wanted))
    came = kept.evidence_after(before)
    assert [(one["form"][:3], one["rev"], one["state"]) for one in came] == [
        (form, 1, "stored") for form in wanted
    ]


async def writes_it_all_down(officer: Officer, walked: Walked) -> None:
    """Record by record, and what that took is printed and kept."""
    arrives = partial(officer.reads, "sent.state", r"Received \d\d:\d\d")
    walked.took(await walk(walked.situation, InTheBrowser(officer.screen), walked.shoot, arrives))
