"""What was copied here does not stay on the device's clipboard once the vault is locked (S-05).

Whatever somebody else's app put there goes as well: which app it was nobody says without being asked for it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

import flet as ft

log = logging.getLogger(__name__)
WITHIN_S: Final = 5.0


async def empty() -> None:
    """Put nothing on the clipboard. Where the device does not let us, its own rules have to do."""
    try:
        await asyncio.wait_for(ft.Clipboard().set(""), WITHIN_S)
    except (TimeoutError, RuntimeError) as error:
        log.info("clipboard_not_emptied why=%s", type(error).__name__)
