"""The app on a device whose clock stands three hours ahead; everything else of it is the app's own.

``python -m tests.support.hours_ahead`` instead of ``python -m field_app``: only what the device's own clock
says is moved, where the app reads it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from field_app.app import main
from field_app.sync import clocks

AHEAD = timedelta(hours=3)


def wrong() -> datetime:
    """What this device takes for the time."""
    return clocks.wall_now() + AHEAD


if __name__ == "__main__":
    defaults = clocks.ServerClock.__init__.__kwdefaults__
    assert defaults is not None
    assert defaults["wall"] is clocks.wall_now
    defaults["wall"] = wrong
    main()
