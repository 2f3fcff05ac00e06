"""Walks the three situations and the quiet return check, and writes what they took into docs/walks.md.

Run by ``make walks``. The pictures of the situations go to ``.run/walks``; what is written is exactly what
the walks counted.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

from tests.support.situated import SECONDS_A_TOUCH, WORDS_A_MINUTE
from tests.support.situations import IDS
from tests.support.walked import ASKED_FOR

HERE = Path(__file__).parents[2]
KEPT = HERE / ".run" / "walks"
QUIET = "quiet-return-check"
WALKS = ("tests/end_to_end/test_situations.py", "tests/field_app/screens/test_quiet_return_check.py")
PAGE = HERE / "tests" / "support" / "told" / "page.md"


def main(arguments: Sequence[str]) -> int:
    """Walk, and write the page. Where a walk fails nothing is written."""
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    for walk in WALKS:  # apart: whoever drives a browser has a loop of its own
        walked = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-rP", "-n", "3", "-k", "situation or takes", walk],
            cwd=HERE,
            env={**os.environ, ASKED_FOR: str(KEPT)},
            check=False,
        )
        if walked.returncode:
            sys.stdout.write("A walk failed: nothing was written.\n")
            return walked.returncode
    page = HERE / (arguments[0] if arguments else "docs/walks.md")
    page.write_text(written(KEPT), encoding="utf-8")
    sys.stdout.write(f"{page} says what they took; the pictures are in {KEPT}.\n")
    return 0


def written(folder: Path) -> str:
    """The page, of what the walks have kept in a folder."""
    parts = []
    for id_ in (*IDS, QUIET):
        said: dict[str, Any] = json.loads((folder / f"{id_}.json").read_text(encoding="utf-8"))
        parts.append(section(said))
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        words_a_minute=WORDS_A_MINUTE,
        seconds_a_touch=f"{SECONDS_A_TOUCH:g}",
        counts="\n".join(parts).strip(),
    )


def section(said: dict[str, Any]) -> str:
    """One situation: what it is, what each record took, all of it, and where its pictures are."""
    rows = said["records"]
    whole = {
        name: sum(one[name] for one in rows) for name in ("taps", "fields", "characters", "gaps", "minutes")
    }
    lines = [
        f"## {said['title']}",
        "",
        *re.split(r"(?<=\.) ", said["happened"]),
        "",
        "| record | taps | fields | characters | gaps | minutes |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_row(one["record"], one) for one in rows),
        *([_row("**all of it**", whole)] if len(rows) > 1 else []),
    ]
    if said["pictures"]:
        shown = ", ".join(f"`{one}.png`" for one in said["pictures"])
        lines += ["", f"Pictures, in `.run/walks` once it was walked: {shown}."]
    return "\n".join([*lines, ""])


def _row(name: str, counts: dict[str, Any]) -> str:
    cells = (
        counts["taps"],
        counts["fields"],
        counts["characters"],
        counts["gaps"],
        f"{counts['minutes']:.1f}",
    )
    return f"| {name} | {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
