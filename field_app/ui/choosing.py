"""Where a photograph comes from: the chooser of the device, which on a phone offers its camera as well."""

from __future__ import annotations

import flet as ft

from field_app.capture.pictures import MOST_FILE, TOO_LARGE, NoPicture


class ChosenFile:
    """A photograph as this device offers it: its own chooser, which on a phone has the camera as well."""

    async def pick(self) -> bytes | None:
        """The bytes of what was chosen; ``None`` where nobody chose anything. Raises NoPicture in words."""
        found = await ft.FilePicker().pick_files(file_type=ft.FilePickerFileType.IMAGE, with_data=True)
        if not found:
            return None
        if found[0].size > MOST_FILE:
            raise NoPicture(TOO_LARGE)
        return found[0].bytes
