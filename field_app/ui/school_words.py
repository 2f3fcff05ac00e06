"""What is said of a child's school, which is told of what happened at home (Operation Encompass)."""

from __future__ import annotations

from typing import Final

from booklets.definitions.leaving import Release

SCHOOL: Final = "School"
SCHOOL_WAITS: Final = (
    "Is not told by itself: somebody near the child must not know. The vulnerability team decides."
)
SCHOOL_TOLD: Final = {
    Release.SUBMISSION: "Was told when this arrived, if the system knows the school. "
    "Otherwise somebody rings.",
    Release.SUPERVISOR: "Is told now, if the system knows the school. Otherwise somebody rings.",
    Release.SPECIALIST: "Is told once the vulnerability team has passed it, if the system knows the school. "
    "Otherwise somebody rings.",
}
