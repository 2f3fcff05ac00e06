"""What happens to a phone while somebody writes on it: it is turned, it runs full, its clock is wrong.

Killed, without signal, cut off: ``test_journey.py`` and ``test_way_back.py``. Every screen at 200 %, lying,
with either hand: ``test_every_screen.py``. docs/walks.md lists which is where. Each walk stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from field_app.store.room import room_in
from field_app.ui.words import clock
from house.run import app_program, free_port
from tests.support.kept import Kept
from tests.support.night import THE_PHONE, Night, a_night
from tests.support.people import Officer, a_phone

pytestmark = pytest.mark.journey

BEGUN = "She walked along the sea front with Jade and "
WENT_ON = "sat in the shelter until it got cold."
WHY = "pi.why_left"
LYING = {"width": 844, "height": 390}
UPRIGHT = {"width": 390, "height": 844}
SMALL_DISK = "40m"


@contextmanager
def a_night_with(
    folder: Path, *, module: str = "field_app", before: tuple[str, ...] = ()
) -> Iterator[Night]:
    """A server, and a handheld whose app is started in another way."""
    with a_night(folder, devices=()) as night:
        url = f"http://127.0.0.1:{free_port(0)}"
        own = app_program(
            url,
            folder,
            server_url=night.said["url"],
            root_key=night.said["root_key"],
            device=THE_PHONE,
            module=module,
        )
        night.urls[THE_PHONE] = url
        night.apps[THE_PHONE] = replace(own, command=[*before, *own.command])
        night.start_app()
        yield night


def begins_to_write(officer: Officer) -> None:
    """A check with half a sentence in it."""
    officer.starts_a_return_check()
    officer.writes("person.known_as", "Amy")
    officer.opens_page("talk")
    officer.chooses("pi.face_to_face.yes", "pi.engaged.yes")
    officer.screen.type(WHY, BEGUN)


def goes_on_writing(officer: Officer) -> None:
    """The next words, at the end of what stands there: the hand has not left the question."""
    box = officer.screen.editing(WHY)
    box.press("End")
    box.press_sequentially(WENT_ON)


@pytest.mark.timeout(240)
def test_a_phone_that_is_turned_in_the_middle_of_a_sentence_loses_nothing(
    tmp_path: Path, browser: Browser
) -> None:
    """Lying, upright, with letters twice as large, in the left hand: the same question, the same words."""
    with a_night(tmp_path) as night, a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        begins_to_write(officer)
        page = officer.screen.page
        page.set_viewport_size(LYING)  # type: ignore[arg-type]  # a plain dictionary of two numbers
        officer.screen.expect_value(WHY, BEGUN)
        goes_on_writing(officer)
        page.set_viewport_size(UPRIGHT)  # type: ignore[arg-type]  # the same
        officer.screen.expect_value(WHY, BEGUN + WENT_ON)
        officer.screen.text_size(2.0)
        officer.screen.expect_value(WHY, BEGUN + WENT_ON)
        officer.screen.text_size(1.0)
        takes_it_into_the_left_hand(officer)
        officer.screen.expect_value(WHY, BEGUN + WENT_ON)
        night.kill_app()
        officer.screen.page.close()
        night.start_app()
        with a_phone(browser, night) as again:
            again.unlocks()
            again.goes_on_with_the_draft()
            again.screen.expect_value(WHY, BEGUN + WENT_ON)


def takes_it_into_the_left_hand(officer: Officer) -> None:
    """Chosen on "This phone", in the middle of the check: the menu is then at the other side."""
    screen = officer.screen
    screen.tap("back")
    screen.sees("start.return_check")
    before = screen.middle_of("menu")[0]
    screen.tap("menu")
    screen.tap("this_phone")
    officer.chooses("hand.left")
    screen.tap("done")
    screen.sees("start.return_check")
    assert screen.middle_of("menu")[0] < UPRIGHT["width"] / 2 < before
    officer.goes_on_with_the_draft()


@pytest.mark.timeout(240)
def test_a_phone_that_runs_full_says_so_and_saves_once_there_is_room_again(
    tmp_path: Path, browser: Browser
) -> None:
    """On a small file system of its own, really filled to the last byte in the middle of a sentence."""
    (tmp_path / THE_PHONE).mkdir()
    mounts = f'mount -t tmpfs -o size={SMALL_DISK} phone "{tmp_path / THE_PHONE}" && exec "$@"'
    own = ("unshare", "--map-root-user", "--mount", "sh", "-c", mounts, "sh")
    with a_night_with(tmp_path, before=own) as night, a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        begins_to_write(officer)
        officer.reads("status", "Saved")
        disk = Path(f"/proc/{night.apps[THE_PHONE].pid}/root{tmp_path / THE_PHONE}")
        photo = disk / "photo"
        with suppress(OSError):  # to the last byte that there is
            photo.write_bytes(b"\0" * (room_in(disk).left + 4096))
        officer.screen.fill(WHY, LONG)
        officer.reads("status", "so the last change was not saved.*Free some space")
        officer.screen.expect_value(WHY, LONG)
        photo.unlink()
        officer.screen.fill(WHY, LONG + WENT_ON)
        officer.reads("status", "Saved")
        officer.screen.tap("lock")
        officer.unlocks()
        officer.goes_on_with_the_draft()
        officer.screen.expect_value(WHY, LONG + WENT_ON)


LONG = BEGUN + "it was cold, and she said so, and they went on. " * 300


@pytest.mark.timeout(240)
def test_a_phone_with_a_wrong_clock_says_so_and_moves_no_time(tmp_path: Path, browser: Browser) -> None:
    """The device is three hours ahead: what is written down is the force's time all the same."""
    ahead = "tests.support.hours_ahead"
    with a_night_with(tmp_path, module=ahead) as night, a_phone(browser, night) as officer:
        kept = Kept(night.server_folder)
        officer.sets_up_the_handheld()
        officer.reads("warning.clock", "clock is 3 hours ahead.*the force")
        before = kept.last_seq()
        officer.starts_a_return_check()
        officer.says_who_it_is()
        began = datetime.now(UTC)
        officer.chooses("ret.found_at.now")
        assert_it_says_the_time(officer, r"Recorded: (\d\d:\d\d)", since=began)
        officer.reviews_from_the_pages()
        officer.screen.tap("emergency")
        officer.writes(
            "emergency.reason", "She is in the car with me and we are on our way to the hospital."
        )
        officer.screen.tap("emergency.send")
        officer.reads("sent.state", r"Received \d\d:\d\d")
        assert_it_says_the_time(officer, r"Received (\d\d:\d\d)", since=began)
        found = kept.rows(
            "select began_at from register_event where record = ? and began_at is not null",
            kept.evidence_after(before)[0]["record"],
        )
        assert found
        assert all(
            began - timedelta(minutes=1) < as_utc(one["began_at"]) < datetime.now(UTC) for one in found
        )


def as_utc(kept: object) -> datetime:
    """A moment as the database has it."""
    return datetime.fromisoformat(str(kept)).replace(tzinfo=UTC)


def assert_it_says_the_time(officer: Officer, said: str, *, since: datetime) -> None:
    """That a time on the screen is the force's, which passes while somebody waits for a slow machine."""
    officer.screen.expect_says(re.compile(said))
    found = re.search(said, officer.screen.said())
    assert found
    minutes = int((datetime.now(UTC) - since).total_seconds() // 60) + 2
    assert found[1] in {clock(since + timedelta(minutes=one)) for one in range(minutes)}


@pytest.mark.timeout(240)
def test_what_was_copied_is_not_on_the_clipboard_of_a_locked_phone(tmp_path: Path, browser: Browser) -> None:
    """S-05: whoever is handed the phone next pastes nothing of a child."""
    with a_night(tmp_path) as night, a_phone(browser, night) as officer:
        page = officer.screen.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        officer.sets_up_the_handheld()
        begins_to_write(officer)
        box = officer.screen.editing(WHY)
        box.press("ControlOrMeta+a")
        box.press("ControlOrMeta+c")
        assert page.evaluate("() => navigator.clipboard.readText()") == BEGUN

        officer.screen.tap("lock")
        officer.screen.sees("unlock")

        page.wait_for_function("async () => (await navigator.clipboard.readText()) === ''")
