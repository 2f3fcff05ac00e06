"""What is wrong with the phone is said before it costs anything: what is so, what is kept, what to do."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from field_app.store.room import MIB, PLENTY, Room, room_in
from field_app.sync.news import UpdateNeeded
from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.screens import journey
from tests.support.standing import standing_at


@pytest.mark.thorough
def test_a_phone_that_really_runs_full_says_so_first_and_loses_nothing(tmp_path: Path) -> None:
    """On a file system of its own of four MiB, which ends with the process that made it."""
    folder = tmp_path / "phone"
    folder.mkdir()
    command = [sys.executable, "-m", "tests.support.full_phone", str(folder)]
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", *command], check=False, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout.strip()) == (0, "nothing lost"), done.stderr[-2000:]


def test_a_folder_that_cannot_be_asked_is_not_taken_for_full(tmp_path: Path) -> None:
    """Nobody is told to delete photos because of a mistake of ours."""
    assert room_in(tmp_path / "nowhere") is PLENTY
    assert Room(199 * MIB).is_scarce
    assert not Room(199 * MIB).is_gone


def test_a_phone_with_little_room_is_warned_early_and_again_while_writing(officer: OnShift) -> None:
    """On the worklist while photos should wait, on every page once a save may fail."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            model.line.room = Room(150 * MIB)
            model.redraw()
            await app.settle()
            assert app.says("nearly full: 150 MB are left")
            await model.resume(model.home.drafts[0].id)
            await app.settle()
            assert not app.has("warning.room")
            model.line.room = Room(5 * MIB)
            model.redraw()
            await app.settle()
            assert app.says("Everything saved is safe; what you write next may not be")

    journey(walk)


def test_a_wrong_clock_is_shown_and_moves_nothing(officer: OnShift) -> None:
    """The force said so; the times on the screen were right all along."""
    clock = officer.handset.clock

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            assert not app.has("warning.clock")
            before = model.home.drafts[0].due
            clock.hear(datetime.now(UTC) - timedelta(minutes=12), asked=clock.mark())
            model.redraw()
            await app.settle()
            assert app.says("clock is 12 minutes ahead")
            await model.read_home()
            assert model.home.drafts[0].due == before
            clock.hear(datetime.now(UTC), asked=clock.mark())

    journey(walk)


def test_an_app_that_is_too_old_says_what_is_kept_and_what_to_do(officer: OnShift) -> None:
    """And writing goes on."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            model._heard(UpdateNeeded("9.0.0"))
            await app.settle()
            assert app.says("too old for the force to take records")
            assert app.says("Kept here: 1 record that waits · 1 draft")
            assert app.has(f"draft.{model.home.drafts[0].id}")

    journey(walk)
