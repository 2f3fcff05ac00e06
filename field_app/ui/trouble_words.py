"""What is said before something goes wrong, and while it does: what is so, what is kept, what to do."""

from __future__ import annotations

from datetime import timedelta

from field_app.ui.words import joined

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def nearly_full(mib: int) -> str:
    """There is little room left, and time to make some."""
    return (
        f"This phone is nearly full: {mib} MB are left. What you write is small and still fits. "
        "Delete photos, downloads or apps that nobody needs, and take no photographs until then."
    )


def full(mib: int) -> str:
    """A save may fail any moment."""
    return (
        f"This phone is full: {mib} MB are left. Everything saved is safe; what you write next may not be. "
        "Free some space now (photos, downloads, other apps), then go on."
    )


def clock_off(by: timedelta) -> str:
    """The wall clock is wrong; ``by`` is how far it is ahead, and below zero how far behind."""
    way = "ahead" if by > timedelta() else "behind"
    return (
        f"This phone’s clock is {_long(abs(by))} {way}. Every time here is the force’s, so nothing is late "
        "or early because of it. Set the clock by itself in the phone’s settings when you can."
    )


def too_old(waiting: int, drafts: int) -> str:
    """The force takes nothing from this version of the app."""
    kept = joined(
        "1 record that waits" if waiting == 1 else f"{waiting} records that wait" if waiting else "",
        "1 draft" if drafts == 1 else f"{drafts} drafts" if drafts else "",
    )
    return (
        "This app is too old for the force to take records from it. "
        f"{f'Kept here: {kept}. ' if kept else ''}You can go on writing. Update the app, or ask the "
        "support desk to; then everything goes by itself. What cannot wait, say by phone or radio."
    )


def _long(by: timedelta) -> str:
    """How long that is, roughly."""
    for unit, one, many in ((DAY, "1 day", "days"), (HOUR, "1 hour", "hours")):
        if by >= unit:
            count = round(by / unit)
            return one if count == 1 else f"{count} {many}"
    count = max(1, round(by / MINUTE))
    return "1 minute" if count == 1 else f"{count} minutes"
