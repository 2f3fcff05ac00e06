"""Ten wrong PINs at three in the morning, two administrators, and the draft that is still there.

A real server, a real app and a real browser. Only the waiting between two tries is not waited for: what the
key store says of the last one is put back, as if the time had passed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.desk import a_desk
from tests.support.forgetful import asks_the_force, chooses_a_new_pin, locks, tries_ten_wrong_pins
from tests.support.night import THE_PHONE, Night, a_night
from tests.support.people import AMY, a_phone

pytestmark = pytest.mark.journey

AN_HOUR_AND_MORE = 4000.0
NEW_PIN = "710583"


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A server and a handheld that nobody has used yet."""
    with a_night(tmp_path) as found:
        yield found


def time_passes(night: Night) -> None:
    """An hour and more goes by since the last try, on both clocks of the handheld."""
    for kept in (night.folder_of(THE_PHONE) / "secrets").glob("vault.*.tries.secret"):
        said = json.loads(kept.read_text())
        for clock in ("wall", "since_boot"):
            said[clock] -= AN_HOUR_AND_MORE
        kept.write_text(json.dumps(said))


@pytest.mark.timeout(180)
def test_a_draft_is_still_there_after_ten_wrong_pins_and_two_administrators(
    night: Night, browser: Browser
) -> None:
    """Locked, asked for, agreed by one, agreed by another, opened with a new PIN."""
    with a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        officer.starts_a_return_check()
        officer.says_who_it_is()
        locks(officer)
        tries_ten_wrong_pins(officer, lambda: time_passes(night))
        code = asks_the_force(officer)

        with a_desk(browser, night, "admin") as first:
            first.finds_who_has_forgotten_a_pin("PC Hannah Wells")
            first.agrees(code)
            first.reads("Another administrator has to agree as well")
        with a_desk(browser, night, "admin", 1) as second:
            second.finds_who_has_forgotten_a_pin("PC Hannah Wells")
            second.reads("I rang them back on a number that we already had")
            second.agrees()
            second.reads("the device can collect it")

        chooses_a_new_pin(officer, NEW_PIN)
        expect(officer.screen.at("notice")).to_contain_text("Everything you saved is here")
        officer.goes_on_with_the_draft()
        officer.screen.sees("ret.found_at.now")
        officer.screen.expect_says(AMY.known_as)
