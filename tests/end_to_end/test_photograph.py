"""Photographs of a room, in a real browser: chosen, taken, there after a kill, sent, seen by the sergeant.

The file that is chosen says where and with what it was taken. No file of a handheld may hold it, or any
of that, or what is made of it, at any time: the data folders are searched after each step.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.handsets import files_under
from tests.support.kept import Kept
from tests.support.night import THE_PHONE, THE_TABLET, Night, a_night
from tests.support.people import Officer, Person, a_phone
from tests.support.pictures import MARKER, a_photo
from tests.support.sergeant import Sergeant, a_tablet

pytestmark = pytest.mark.journey

ROOM = "srch.room_photos"
SHOWS = "The bed, not slept in"
PHOTO = a_photo((3000, 2200))
SHOTS = os.environ.get("HOMEWARD_SHOTS", "")
"""Where pictures of the screens go, if anywhere."""


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    """A night whose programs put what they do not want to keep into a folder that can be searched."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with a_night(tmp_path, devices=(THE_PHONE, THE_TABLET)) as found:
        yield found


@pytest.mark.timeout(300)
def test_a_photograph_is_taken_kept_sealed_and_seen_by_the_sergeant(night: Night, browser: Browser) -> None:
    """The server has what the record lists, byte for byte sealed; the handheld has had nothing else."""
    with a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        begins_a_search(officer)
        chooses_a_photo(officer)
        pictured(officer, "photo-on-the-page")
        readable_nowhere(night)
    night.kill_app()
    night.start_app()
    with a_phone(browser, night) as officer:
        officer.unlocks()
        officer.goes_on_with_the_draft()
        officer.screen.sees(f"{ROOM}.0.see")
        looks_at_it(officer)
        officer.writes(f"{ROOM}.0.caption", SHOWS)  # what was typed in the last half second may be gone
        takes_another(officer)
        sends_it_at_once(officer)
        readable_nowhere(night)
        officer.screen.expect_reads("sent.photos", "all with the force")
        pictured(officer, "photo-sent")
    readable_nowhere(night)
    the_force_has_it(night)
    with a_tablet(browser, night) as sergeant:
        sergeant.sets_up_the_handheld()
        sergeant.sees_arrive("Amy", "Search")
        sergeant.opens_the_case_of("Amy", "Search")
        looks_on_the_tablet(sergeant)
    readable_nowhere(night)
    the_look_is_noted(night)


def begins_a_search(officer: Officer) -> None:
    """A search of a place, at the page that asks for photographs."""
    officer.screen.tap("start_other")
    officer.screen.tap("begin.search")
    officer.screen.sees("pages")
    officer.opens_page("child")
    officer.writes("person.known_as", "Amy")
    officer.opens_page("later")


def chooses_a_photo(officer: Officer) -> None:
    """From the device's own chooser."""
    officer.screen.sees(f"{ROOM}.add")
    with officer.screen.page.expect_file_chooser() as chooser:
        officer.screen.tap(f"{ROOM}.add")
    chooser.value.set_files({"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": PHOTO})
    officer.screen.sees(f"{ROOM}.0.see")
    officer.writes(f"{ROOM}.0.caption", SHOWS)


def looks_at_it(officer: Officer) -> None:
    """In full, and back."""
    officer.screen.tap(f"{ROOM}.0.see")
    officer.screen.sees(f"{ROOM}.0.close")
    pictured(officer, "photo-large")
    officer.screen.tap(f"{ROOM}.0.close")
    officer.screen.misses(f"{ROOM}.0.close")
    expect(officer.screen.editing(f"{ROOM}.0.caption")).to_be_attached()


def takes_another(officer: Officer) -> None:
    """By the app's own camera, which leaves no file anywhere: once more, then kept."""
    screen = officer.screen
    screen.tap(f"{ROOM}.take")
    screen.sees(f"{ROOM}.shoot")
    pictured(officer, "camera-live")
    screen.tap(f"{ROOM}.shoot")
    screen.sees(f"{ROOM}.keep")
    pictured(officer, "camera-taken")
    screen.tap(f"{ROOM}.again")
    screen.sees(f"{ROOM}.shoot")
    screen.tap(f"{ROOM}.shoot")
    screen.sees(f"{ROOM}.keep")
    screen.tap(f"{ROOM}.keep")
    screen.sees(f"{ROOM}.1.see")
    pictured(officer, "camera-kept")


def sends_it_at_once(officer: Officer) -> None:
    """With a reason why it cannot wait for the rest."""
    officer.reviews_from_the_pages()
    officer.screen.tap("emergency")
    officer.writes("emergency.reason", "He may come to harm before anyone looks.")
    officer.screen.tap("emergency.send")
    officer.screen.sees("sent.state")


def looks_on_the_tablet(sergeant: Sergeant) -> None:
    """It stands at its question with what it shows, is fetched when asked for, seen large and put away."""
    screen, photo = sergeant.screen, f"photo.{ROOM}.0"
    screen.sees(f"{photo}.show")
    screen.expect_says(SHOWS)
    pictured(sergeant, "tablet-before")
    screen.tap(f"{photo}.show")
    screen.sees(f"{photo}.close")
    pictured(sergeant, "tablet-large")
    screen.tap(f"{photo}.bigger")
    pictured(sergeant, "tablet-larger")
    screen.tap(f"{photo}.close")
    screen.misses(f"{photo}.close")
    screen.sees(f"{photo}.see")
    pictured(sergeant, "tablet-after")


def the_look_is_noted(night: Night) -> None:
    """Once, of one photograph of that record, by whoever asked: not by its author."""
    kept = Kept(night.server_folder)
    (look,) = kept.rows("select * from audit where what = 'photograph_viewed'")
    listed = kept.rows("select * from attachment_listed")
    assert {one["record"] for one in listed} == {look["record"]}
    assert sum(one["attachment"] in str(look["detail"]) for one in listed) == 1
    (author,) = kept.rows("select officer from evidence_submission where record = ?", look["record"])
    assert look["who"] != author["officer"]


def readable_nowhere(night: Night) -> None:
    """No file of a handheld holds a JPEG, or what the chosen one says."""
    folders = night.folder_of(THE_PHONE), night.folder_of(THE_TABLET), night.folder / "temporary"
    files = [one for folder in folders for one in files_under(folder).items()]
    assert any(len(held) > 50_000 for _, held in files), "there is something to be searched"
    marks = (MARKER, b"JFIF", b"Exif\0\0", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", PHOTO[9_000:9_040])
    assert [name for name, held in files for mark in marks if mark in held] == []


def the_force_has_it(night: Night) -> None:
    """Both photographs: sealed, under the sum and of the size that the record lists."""
    kept = Kept(night.server_folder)
    listed = kept.rows("select attachment, sha256, size from attachment_listed order by attachment")
    here = kept.rows("select attachment, sha256 from attachment_kept order by attachment")
    assert [(one["attachment"], one["sha256"]) for one in listed] == [tuple(one.values()) for one in here]
    assert len(here) == 2
    for one in listed:
        (file,) = [path for path in night.server_folder.rglob(str(one["sha256"])) if path.is_file()]
        sealed = file.read_bytes()
        assert len(sealed) == one["size"]
        assert sealed.startswith(b"HWD1")
        assert not re.search(rb"JFIF|Exif|" + re.escape(MARKER), sealed)


def pictured(officer: Person, name: str) -> None:
    """A picture for whoever looks at what was built."""
    if SHOTS:
        officer.screen.save_picture(Path(SHOTS) / f"{name}.png")
