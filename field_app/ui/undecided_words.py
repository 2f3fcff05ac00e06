"""What is said of something that nobody decided on in time, and that leaves or is stopped by itself."""

from __future__ import annotations

from datetime import datetime

from booklets.definitions.leaving import Then
from field_app.ui.words import clock_and_day


def will(then: Then, by: datetime) -> str:
    """What becomes of it by itself, while somebody may still decide."""
    ends = "leaves by itself" if then is Then.RELEASE else "is stopped"
    return f"Nobody decided in time: it {ends} at {clock_and_day(by)}."


def was_to(then: Then, by: datetime) -> str:
    """The same once that time is over. No news comes of it, so no more is said than was to be."""
    if then is Then.RELEASE:
        return f"Nobody decided in time: it was to leave by itself at {clock_and_day(by)}. Take it as gone."
    return (
        f"Nobody decided in time: it was to be stopped at {clock_and_day(by)}. "
        "Take it that a decision sends nothing any more."
    )
