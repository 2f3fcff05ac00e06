"""The app's own camera: what is taken is looked at, kept sealed or taken again, and lies in no folder."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from booklets.answers import rows_of
from booklets.photos import attachment_of
from field_app.ui import entering, photo_words
from field_app.ui.camera import remove_left_behind
from field_app.ui.places import At
from tests.field_app.screens.test_photos import ROOM, on_page_with
from tests.support.handsets import OnShift
from tests.support.pictures import MARKER, a_photo
from tests.support.screens import journey
from tests.support.standing import standing_at

TAKEN = a_photo((400, 300), seed=3)
BACK = {"name": "0", "lens_direction": "back", "sensor_orientation": 90, "lens_type": "wide"}
FRONT = BACK | {"name": "1", "lens_direction": "front"}


def a_phone_with_a_camera(folder: Path, **otherwise: Any) -> Mapping[str, Any]:
    """What the phone answers; its camera leaves each photograph in a folder, as the library does."""
    (folder / "camera" / "pictures").mkdir(parents=True, exist_ok=True)

    def take(_args: object) -> bytes:
        (folder / "CAP81234.jpg").write_bytes(TAKEN)
        (folder / "camera" / "pictures" / "CAP_5.jpg").write_bytes(TAKEN)
        return TAKEN

    return {
        "get_temporary_directory": str(folder),
        "get_application_cache_directory": str(folder),
        "get_application_documents_directory": str(folder),
        "get_available_cameras": [FRONT, BACK],
        "take_picture": take,
        **otherwise,
    }


def test_a_photograph_is_taken_again_and_kept_and_its_file_is_gone(officer: OnShift, tmp_path: Path) -> None:
    """By the camera at the back, without sound; what the library left in the app's folder is removed."""
    (tmp_path / "CAP00001.jpg").write_bytes(MARKER)  # from a kill between the two
    (tmp_path / "kept.jpg").write_bytes(b"something else's")

    async def walk() -> None:
        replies = a_phone_with_a_camera(tmp_path)
        state = on_page_with(ROOM, "search")
        async with standing_at(At.PAGE, officer, state=state, replies=replies) as (app, model):
            assert app.says(photo_words.NEVER)
            await app.tap(f"{ROOM}.take")
            await app.until(lambda: app.has(f"{ROOM}.shoot"))
            (begun,) = [args for name, args in app.client.calls if name == "initialize"]
            assert (begun["description"]["name"], begun["enable_audio"]) == ("0", False)
            await app.tap(f"{ROOM}.shoot")
            await app.until(lambda: app.has(f"{ROOM}.keep"))
            assert TAKEN in [one.src for one in app.all(ft.Image)]
            assert rows_of(model.open_session().value(ROOM)) == ()
            assert [one.name for one in tmp_path.rglob("*.jpg")] == ["kept.jpg"]

            await app.tap(f"{ROOM}.again")
            await app.until(lambda: app.has(f"{ROOM}.shoot"))
            await app.tap(f"{ROOM}.shoot")
            await app.until(lambda: app.has(f"{ROOM}.keep"))
            await app.tap(f"{ROOM}.keep")
            await app.until(lambda: app.has(f"{ROOM}.0.see"))
            (row,) = rows_of(model.open_session().value(ROOM))
            photo = attachment_of(row)
            assert photo is not None
            kept = officer.shift.photos.whole(photo)
            assert kept
            assert MARKER not in kept
            assert [one.name for one in tmp_path.rglob("*.jpg")] == ["kept.jpg"]
            assert not app.dialogs

    journey(walk)


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ({"initialize": RuntimeError("CameraException(CameraAccessDenied, x)")}, photo_words.NOT_ALLOWED),
        ({"get_available_cameras": []}, photo_words.NO_CAMERA),
        ({"initialize": RuntimeError("CameraException(cameraNotReadable, x)")}, photo_words.CAMERA_BUSY),
        ({"take_picture": RuntimeError("IOError")}, photo_words.CAMERA_SILENT),
    ],
    ids=["not allowed", "none", "busy", "silent"],
)
def test_where_the_camera_cannot_be_used_it_says_why_and_a_file_is_the_way_out(
    officer: OnShift, tmp_path: Path, refusal: dict[str, Any], said: str
) -> None:
    """In words of ours: what the library says names devices."""

    async def walk() -> None:
        replies = a_phone_with_a_camera(tmp_path, **refusal)
        state = on_page_with(ROOM, "search", TAKEN)
        async with standing_at(At.PAGE, officer, state=state, replies=replies) as (app, model):
            await app.tap(f"{ROOM}.take")
            await app.until(lambda: app.has(f"{ROOM}.shoot") or app.has(f"{ROOM}.no_camera"))
            if app.has(f"{ROOM}.shoot"):
                await app.tap(f"{ROOM}.shoot")
                await app.until(lambda: app.has(f"{ROOM}.no_camera"))
            assert app.says(said)
            await app.tap(f"{ROOM}.instead")
            await app.until(lambda: app.has(f"{ROOM}.0.see"))
            assert len(rows_of(model.open_session().value(ROOM))) == 1

    journey(walk)


def test_a_light_that_is_not_there_is_said_and_the_camera_goes_on(officer: OnShift, tmp_path: Path) -> None:
    """Most cameras of desks have none."""

    async def walk() -> None:
        replies = a_phone_with_a_camera(tmp_path, set_flash_mode=RuntimeError("torchModeNotSupported"))
        async with standing_at(At.PAGE, officer, state=on_page_with(ROOM, "search"), replies=replies) as (
            app,
            _,
        ):
            await app.tap(f"{ROOM}.take")
            await app.until(lambda: app.has(f"{ROOM}.torch"))
            await app.tap(f"{ROOM}.torch")
            await app.until(lambda: not app.has(f"{ROOM}.torch"))
            assert app.says(photo_words.NO_TORCH)
            assert app.has(f"{ROOM}.shoot")

    journey(walk)


def test_the_camera_is_closed_when_the_vault_is_locked(officer: OnShift, tmp_path: Path) -> None:
    """Also with a photograph that nobody has kept yet: it is nowhere."""

    async def walk() -> None:
        replies = a_phone_with_a_camera(tmp_path)
        async with standing_at(At.PAGE, officer, state=on_page_with(ROOM, "search"), replies=replies) as (
            app,
            model,
        ):
            await app.tap(f"{ROOM}.take")
            await app.until(lambda: app.has(f"{ROOM}.shoot"))
            await app.tap(f"{ROOM}.shoot")
            await app.until(lambda: app.has(f"{ROOM}.keep"))
            await entering.lock(model)
            await app.settle()
            assert model.handset.shift is None
            assert not app.dialogs
            assert not app.all(ft.Image)
        officer.opens_again()

    journey(walk)


def test_a_picture_that_is_being_taken_while_the_vault_is_locked_is_in_no_folder_afterwards(
    officer: OnShift, tmp_path: Path
) -> None:
    """The camera has left the screen when it is handed over; what comes later goes at the next lock."""

    async def walk() -> None:
        comes: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        replies = a_phone_with_a_camera(tmp_path, take_picture=lambda _args: comes)
        async with standing_at(At.PAGE, officer, state=on_page_with(ROOM, "search"), replies=replies) as (
            app,
            model,
        ):
            await app.tap(f"{ROOM}.take")
            await app.until(lambda: app.has(f"{ROOM}.shoot"))
            shot = asyncio.create_task(app.tap(f"{ROOM}.shoot"))
            await app.until(lambda: "take_picture" in [name for name, _ in app.client.calls])
            await app.settle()
            assert app.says(photo_words.TAKING)
            assert not app.says(photo_words.STARTING), "it has long started"
            await entering.lock(model)
            await app.settle()
            (tmp_path / "CAP81234.jpg").write_bytes(TAKEN)
            comes.set_result(TAKEN)
            await shot
            await app.until(lambda: not list(tmp_path.rglob("*.jpg")))

            (tmp_path / "CAP81235.jpg").write_bytes(TAKEN)
            await entering.lock(model)
            await app.until(lambda: not list(tmp_path.rglob("*.jpg")))
        officer.opens_again()

    journey(walk)


def test_on_a_desk_without_a_camera_of_ours_only_a_file_is_offered(officer: OnShift) -> None:
    """The library has none for Windows, macOS and Linux, and would end the screen there."""

    async def walk() -> None:
        state = on_page_with(ROOM, "search")
        async with standing_at(At.PAGE, officer, state=state, platform="windows") as (app, _):
            assert not app.has(f"{ROOM}.take")
            assert app.at(f"{ROOM}.add").label == photo_words.ADD

    journey(walk)


def test_what_is_removed_is_what_the_camera_left_and_it_is_overwritten_first(tmp_path: Path) -> None:
    """Nothing else of these folders is touched, and a folder that is not there is no mistake."""
    left, other = tmp_path / "CAP1.jpg", tmp_path / "IMG1.jpg"
    for one in (left, other):
        one.write_bytes(MARKER)
    with left.open("rb") as still_open:
        assert remove_left_behind([tmp_path, tmp_path / "gone"]) == 1
        assert still_open.read() == bytes(len(MARKER))
    assert not left.exists()
    assert other.read_bytes() == MARKER
