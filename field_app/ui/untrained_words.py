"""What a supervisor reads where work with a child waits and nobody in the unit is trained for it (R-58)."""

from __future__ import annotations

from typing import Final

NOBODY_TRAINED: Final = "Sent back, and nobody in your unit may take it over"
NOBODY_TRAINED_HELP: Final = (
    "Its author is off shift, and nobody in the unit is trained for work with children. "
    "Find somebody who is, or take it back and decide on it as it is."
)
