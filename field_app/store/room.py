"""How much room there is where this device keeps its work: asked before it runs out, and not after."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MIB: Final = 1024 * 1024
NEARLY_FULL: Final = 200 * MIB
"""Below this, photos should wait. A long booklet is a fiftieth of one MiB."""
FULL: Final = 20 * MIB
"""Below this the system itself begins to fail, and a save may find no room."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is left, in bytes."""

    left: int

    @property
    def mib(self) -> int:
        """The same in MiB, as people count it."""
        return self.left // MIB

    @property
    def is_scarce(self) -> bool:
        """Whether it is time to say so: writing goes on, photographs should not."""
        return self.left < NEARLY_FULL

    @property
    def is_gone(self) -> bool:
        """Whether even a save may fail."""
        return self.left < FULL


PLENTY: Final = Room(NEARLY_FULL)


def room_in(folder: Path) -> Room:
    """What is left where this folder lies. What cannot be asked is not taken for full."""
    try:
        return Room(shutil.disk_usage(folder).free)
    except OSError:
        return PLENTY
