"""The parts of ``bench/`` and ``faults/``: which there are, which were asked for, one process each.

A part is a module ``<name>_bench`` or ``<name>_faults`` with a function
``run(full)`` that yields one mapping per line of the report. Each part runs in a
process of its own, so that one part's memory and threads do not colour the next.
``ONLY=store,server`` picks parts and ``FULL=1`` asks for the large amounts.
"""

# ruff: noqa: T201, S603 - it speaks to a person at a terminal and starts fixed programs
from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

AT_ONCE = 2
ROOT = Path(__file__).parents[1]
Row = Mapping[str, Any]


class NoSuchPart(Exception):
    """``ONLY`` names a part that does not exist. The message lists those that do."""


def parts_of(folder: str) -> list[str]:
    """The names of the parts in a folder, in the order in which they run."""
    ending = f"_{folder}.py"
    return sorted(path.name.removesuffix(ending) for path in (ROOT / folder).glob(f"*{ending}"))


def chosen(folder: str, only: str) -> list[str]:
    """The parts asked for: all of them when ``only`` is empty."""
    there = parts_of(folder)
    wanted = [name.strip() for name in only.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in there]
    if unknown:
        raise NoSuchPart(f"no part {', '.join(unknown)} in {folder}/: there is {', '.join(there)}")
    return wanted or there


def rows_of(folder: str, part: str, *, full: bool) -> Iterator[Row]:
    """Run one part in this process."""
    module = importlib.import_module(f"{folder}.{part}_{folder}")
    rows: Iterator[Row] = module.run(full)
    yield from rows


def main(
    folder: str,
    arguments: list[str],
    show: Callable[[Row], bool],
    *,
    beside: Callable[[str], bool] = lambda _part: False,
) -> int:
    """Run the parts asked for, or the one named in the arguments; 1 when any line is not well.

    ``show`` prints one line and says whether it is well. ``beside`` says which parts may run while another
    does: nothing in them hangs on how fast anything is.
    """
    if arguments:
        shown = [show(row) for row in rows_of(folder, arguments[0], full=bool(os.environ.get("FULL")))]
        return 0 if shown and all(shown) else 1
    try:
        names = chosen(folder, os.environ.get("ONLY", ""))
    except NoSuchPart as unknown:
        print(f"make {folder}: {unknown}", file=sys.stderr)
        return 2
    together = [name for name in names if beside(name)]
    ended = {name: _in_own_process(folder, name) for name in names if name not in together}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended |= dict(zip(together, pool.map(partial(_whole, folder), together), strict=True))
    failed = [name for name in names if ended[name] != 0]
    if failed or not names:
        print(f"make {folder}: not well: {', '.join(failed) or 'nothing was run'}", file=sys.stderr)
    return 1 if failed or not names else 0


def _in_own_process(folder: str, part: str) -> int:
    return subprocess.run(_command(folder, part), cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


def _whole(folder: str, part: str) -> int:
    """The same beside another: what it says is shown when it has ended, so that no line is torn."""
    done = subprocess.run(
        _command(folder, part), cwd=ROOT, stdin=subprocess.DEVNULL, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    print(done.stdout, end="", flush=True)
    return done.returncode


def _command(folder: str, part: str) -> list[str]:
    return [sys.executable, "-m", folder, part]
