"""Run what a phone is given on the newest Python that is here, with the versions that are built for phones.

Run by ``make test-device``. A phone has Python 3.14, and packages that are older than those of a desk: this
makes an environment of its own for that in ``.venv-device``, and runs the fast tests of ``booklets/`` and
``field_app/`` there. Which Python: the variable ``PYTHON_NEWEST``, else the newest of 3.12 and above that is
called so on the path, that pyenv has, or that Windows' ``py`` knows.

Exit status: 0 all passed, 1 something failed, 2 the packages could not be installed, and 3 where nothing was
run because no Python newer than the oldest one is here. That is never 0, for nothing was shown then.
"""

# ruff: noqa: T201, S603 - it speaks to a person at a terminal and starts fixed programs
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv-device"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
EXTRAS = "web,server,s3,dev"
TESTS = ("tests/booklets", "tests/field_app", "tests/test_packaging.py")
FAST = "not journey and not postgres and not thorough"
NEWER_THAN = (3, 11)
MINORS = range(30, NEWER_THAN[1], -1)
PASSED, FAILED, NOT_INSTALLED, NOT_RUN = 0, 1, 2, 3

BUILT_FOR_PHONES: Mapping[str, str] = MappingProxyType(
    {
        "argon2-cffi-bindings": "25.1.0",
        "cffi": "2.0.0",
        "cryptography": "48.0.0",
        "markupsafe": "3.0.3",
        "msgpack": "1.1.2",
        "pillow": "12.2.0",
        "rapidfuzz": "3.14.5",
    }
)
"""The versions that Flet builds for Android and iOS with its default Python, 3.14 (August 2026)."""


def main(arguments: list[str]) -> int:
    """Find a Python, make the environment, run the tests; ``arguments`` go to pytest."""
    found = newest(candidates(os.environ))
    if found is None:
        here = ".".join(map(str, sys.version_info[:2]))
        print(
            f"NOT RUN: only Python {here} is here, and phones have a newer one. Install 3.14 or 3.13, or "
            "say where one is: make test-device PYTHON_NEWEST=/path/to/python3.13",
            file=sys.stderr,
        )
        return NOT_RUN
    python, version = found
    if not _made(python, version):
        print("The packages for it could not be installed; pip's own words are above.", file=sys.stderr)
        return NOT_INSTALLED
    print(f"Python {version}, cryptography {BUILT_FOR_PHONES['cryptography']}", flush=True)
    asked = [str(BIN / "python"), "-m", "pytest", "-q", "-m", FAST, *(arguments or ["-n", "3"]), *TESTS]
    return PASSED if subprocess.run(asked, cwd=ROOT, check=False).returncode == 0 else FAILED


def candidates(environment: Mapping[str, str]) -> Iterator[list[str]]:
    """Commands that may start a newer Python: the one that was named, or all that may be here."""
    if named := environment.get("PYTHON_NEWEST"):
        yield [named]
        return
    for minor in MINORS:
        name = f"python3.{minor}"
        yield from ([found] for found in _on_path(name, environment))
    home = environment.get("HOME") or environment.get("USERPROFILE")
    roots = [environment.get("PYENV_ROOT"), f"{home}/.pyenv" if home else None]
    for root in filter(None, roots):
        yield from ([str(one)] for one in Path(root).glob("versions/3.*/bin/python"))
    if launcher := shutil.which("py", path=environment.get("PATH")):
        yield from ([launcher, f"-3.{minor}"] for minor in MINORS)


def _on_path(name: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Every program of that name on the path: the first may be a shim that starts nothing."""
    for folder in environment.get("PATH", "").split(os.pathsep):
        if folder and (found := shutil.which(name, path=folder)):
            yield found


def newest(commands: Iterable[list[str]]) -> tuple[list[str], str] | None:
    """The command that starts the newest Python above the oldest one, and its version."""
    found = [
        (version, command) for command in commands if (version := version_of(command)) > (*NEWER_THAN, 99)
    ]
    if not found:
        return None
    version, command = max(found, key=lambda one: one[0])
    return command, ".".join(map(str, version))


def version_of(command: list[str]) -> tuple[int, ...]:
    """The version of the Python that a command starts; nothing where it starts none."""
    try:
        said = subprocess.run(
            [*command, "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ()
    numbers = said.stdout.strip()
    fits = said.returncode == 0 and re.fullmatch(r"\d+\.\d+\.\d+", numbers)
    return tuple(map(int, numbers.split("."))) if fits else ()


def constraints(tested: str) -> str:
    """The tested versions, with those that phones have in the place of a desk's."""
    lines = [
        line
        for line in tested.splitlines()
        if line.partition("==")[0].strip().lower().replace("_", "-") not in BUILT_FOR_PHONES
    ]
    return "\n".join([*lines, *(f"{name}=={version}" for name, version in BUILT_FOR_PHONES.items()), ""])


def _made(python: list[str], version: str) -> bool:
    """Make the environment, unless the same stands there already."""
    asked = constraints((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    project, _, _ = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.")
    wanted, marker = f"{version}\n{asked}\n{project}", VENV / "ready"
    if marker.exists() and marker.read_text(encoding="utf-8") == wanted:
        return True
    print(
        f"Making {VENV.name} with Python {version} and the versions of phones (a minute or two) ...",
        flush=True,
    )
    held = VENV / "constraints.txt"
    made = subprocess.run([*python, "-m", "venv", "--clear", VENV], check=False)
    if made.returncode != 0:
        return False
    held.write_text(asked, encoding="utf-8")
    done = subprocess.run(
        [BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--constraint", held, "--editable", f".[{EXTRAS}]"],
        cwd=ROOT, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        marker.write_text(wanted, encoding="utf-8")
    return done.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
