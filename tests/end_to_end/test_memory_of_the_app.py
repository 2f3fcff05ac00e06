"""What lies in the memory of the app's own process after its officer has locked it, read from outside.

Without a screen nothing is left of keys and PIN (``make faults``, F15). Here Flet and its web server have
copied what was typed as well; how much of it is left is printed, and the screens are gone. Where a system
shows no process the memory of another, such as macOS, this cannot be tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from faults.memory_reader import hits
from tests.support.forgetful import locks
from tests.support.night import THE_PHONE, Night, a_night
from tests.support.people import PIN, a_phone

pytestmark = pytest.mark.journey

WORDS = tuple(f"quillfeather{letter}x" for letter in "abcdefgh")
NEEDLES = {"words": [one.encode() for one in WORDS], "PIN": [PIN.encode(), PIN.encode("utf-16-le")]}
HALF = 2


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A server and a handheld that nobody has used yet."""
    with a_night(tmp_path) as found:
        yield found


@pytest.mark.timeout(180)
def test_after_the_lock_the_screens_are_gone_from_the_apps_memory(night: Night, browser: Browser) -> None:
    """What was typed on two pages lay there while it was open; of most of it nothing is left."""
    with a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        officer.starts_a_return_check()
        officer.says_who_it_is()
        officer.opens_page("talk")
        officer.writes("pi.carer_view", " ".join(WORDS[:4]))
        officer.writes("pi.demeanour", " ".join(WORDS[4:]))
        officer.opens_page("close")
        officer.opens_page("talk")
        pid = night.apps[THE_PHONE].pid
        before = hits(pid, NEEDLES)
        locks(officer)
        after = hits(pid, NEEDLES)
    print(f"in the app's process: {before} while it was open, {after} after the lock")  # noqa: T201

    assert before["words"] > len(WORDS)
    assert after["words"] * HALF < before["words"]
