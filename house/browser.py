"""Where a Chromium is, and how to get one.

The journeys walk through the app in a real browser. Any Chromium will do; on
Debian and Ubuntu the distribution's package is installed when we may.
"""

# ruff: noqa: T201, S603, S607 - it speaks to a person at a terminal and starts fixed programs
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
CHOSEN = "HOMEWARD_BROWSER"


class NoBrowser(Exception):
    """No Chromium is here, and none could be installed. The message says what to do."""


def find() -> str | None:
    """Return the path of a Chromium: the one chosen in the environment, else the first found."""
    chosen = os.environ.get(CHOSEN)
    if chosen:
        return shutil.which(chosen)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return str(MAC) if MAC.exists() else None


def find_or_install() -> str:
    """Return the path of a Chromium, installing Debian's where that is allowed."""
    found = find()
    if found is None and _may_install():
        _install()
        found = find()
    if found is None:
        chosen = os.environ.get(CHOSEN)
        named = f"{CHOSEN} names {chosen}, which is not there. " if chosen else ""
        raise NoBrowser(
            f"{named}The journeys need Chromium or Google Chrome, and none was found "
            f"(looked for {', '.join(NAMES)}). Install one (Debian, Ubuntu: apt-get install chromium), "
            f"or set {CHOSEN} to the path of one. Nothing else is missing."
        )
    return found


def _may_install() -> bool:
    """Whether this is a Debian or Ubuntu on which we are root."""
    return (
        CHOSEN not in os.environ
        and hasattr(os, "geteuid")
        and os.geteuid() == 0
        and shutil.which("apt-get") is not None
    )


def _install() -> None:
    """Fetch Debian's Chromium. A refusal by apt is reported in its own words by apt."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        print(f"apt-get {' '.join(step)}", flush=True)
        done = subprocess.run(["apt-get", *step], env=quiet, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise NoBrowser(
                f"apt-get {step[0]} ended with {done.returncode}: Chromium could not be installed. "
                f"Install one by hand, or set {CHOSEN} to the path of one."
            )
