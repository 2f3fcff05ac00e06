"""The app's own camera, so that what is taken for a record never lies in the phone's gallery.

The library writes each photograph into a folder of the app's own before it hands it over, and leaves it
there: on a phone that file is overwritten and removed at once; what a kill or a lock in between left behind,
at the next start, after each lock and when the camera is opened next. In a browser there is no such file.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import flet as ft
from flet_camera import (  # type: ignore[import-untyped]  # it ships no types
    Camera,
    CameraDescription,
    CameraLensDirection,
    FlashMode,
    ResolutionPreset,
)

from booklets.errors import BookletError
from field_app.store.plain_files import write_over
from field_app.ui import photo_words

__all__ = [
    "Camera",
    "JustTaken",
    "NoCamera",
    "begin",
    "clean_up",
    "is_there",
    "light",
    "remove_left_behind",
    "take",
    "why_not",
]

log = logging.getLogger(__name__)

PHONES: Final = frozenset({ft.PagePlatform.ANDROID, ft.PagePlatform.IOS})
ANSWERS_WITHIN_S: Final = 20.0
ALLOWED_WITHIN_S: Final = 90.0
"""Whoever is asked for the first time whether the app may use the camera has to read that first."""
LEFT_BEHIND: Final = ("CAP*.jpg", "camera/pictures/CAP*.jpg", "pictures/CAP*.jpg")
"""What the library calls its files, below the folders for what is passing and for documents."""
_REFUSED: Final = ("denied", "restricted", "notallowed", "permission", "security")
_NONE: Final = ("notfound", "nocamera")
_BUSY: Final = ("notreadable", "inuse", "busy", "cameraabort", "disconnected")


class NoCamera(BookletError):
    """The camera cannot be used; the message says why, and that a photo can be chosen instead."""

    code = "no_camera"


@dataclass(frozen=True, slots=True)
class JustTaken:
    """A photograph that was just taken, as a source of pictures."""

    file: bytes = field(repr=False)

    async def pick(self) -> bytes | None:
        """It."""
        return self.file


def is_there() -> bool:
    """Whether this device can have a camera of ours: a phone, or a browser. Nothing is asked for yet."""
    page = ft.context.page
    return page.web or page.platform in PHONES


async def begin(camera: Camera) -> list[Path]:
    """Start the camera at the back, without sound; where it leaves its files. Raises NoCamera in words."""
    try:
        folders = await _folders(camera.page)
        await asyncio.to_thread(remove_left_behind, folders)
        found = await asyncio.wait_for(camera.get_available_cameras(), ANSWERS_WITHIN_S)
        if not found:
            raise NoCamera(photo_words.NO_CAMERA)
        await asyncio.wait_for(
            camera.initialize(_best(found), ResolutionPreset.VERY_HIGH, enable_audio=False), ALLOWED_WITHIN_S
        )
    except (RuntimeError, TimeoutError) as why:
        raise NoCamera(why_not(why)) from None
    return folders


async def take(camera: Camera, folders: list[Path]) -> bytes:
    """Take a photograph. Raises NoCamera in words; then nothing of it is anywhere.

    ``folders`` are known before: a camera that has left the screen meanwhile can say nothing any more.
    """
    try:
        return await asyncio.wait_for(camera.take_picture(), ANSWERS_WITHIN_S)
    except (RuntimeError, TimeoutError) as why:
        raise NoCamera(why_not(why)) from None
    finally:
        await asyncio.to_thread(remove_left_behind, folders)


async def light(camera: Camera, *, on: bool) -> bool:
    """Switch the torch on or off; whether there is one."""
    try:
        await asyncio.wait_for(
            camera.set_flash_mode(FlashMode.TORCH if on else FlashMode.OFF), ANSWERS_WITHIN_S
        )
    except (RuntimeError, TimeoutError):
        return False
    return True


def why_not(failure: Exception) -> str:
    """What the library's refusal means, and the way out. Its own text names devices and stays out."""
    said = str(failure).lower().replace(" ", "")
    log.info("no_camera why=%s", type(failure).__name__)
    for words, marks in (
        (photo_words.NOT_ALLOWED, _REFUSED),
        (photo_words.NO_CAMERA, _NONE),
        (photo_words.CAMERA_BUSY, _BUSY),
    ):
        if any(mark in said for mark in marks):
            return words
    return photo_words.CAMERA_SILENT


def _best(found: list[CameraDescription]) -> CameraDescription:
    """The one that looks away from whoever holds it."""
    back = (one for one in found if one.lens_direction is CameraLensDirection.BACK)
    return next(back, found[0])


async def clean_up() -> None:
    """Write over and remove what the library left in the app's own folders, whoever is at this window.

    A device that does not say where they are is asked again at the next lock or start.
    """
    with contextlib.suppress(TimeoutError):
        await asyncio.to_thread(remove_left_behind, await _folders(ft.context.page))


async def _folders(page: ft.Page) -> list[Path]:
    """Where the library leaves its files: the app's own folders, on a phone."""
    if page.platform not in PHONES or page.web:
        return []
    paths, folders = ft.StoragePaths(), []
    for asked in (
        paths.get_temporary_directory,
        paths.get_application_cache_directory,
        paths.get_application_documents_directory,
    ):
        with contextlib.suppress(RuntimeError, ft.FletUnsupportedPlatformException):
            folders.append(await asked())
    return [Path(one) for one in folders if one]


def remove_left_behind(folders: list[Path]) -> int:
    """Overwrite and remove every photograph that the camera's library left in these folders; how many."""
    found = {path for folder in folders for pattern in LEFT_BEHIND for path in folder.glob(pattern)}
    for path in found:
        with contextlib.suppress(OSError):
            write_over(path)
    return len(found)
