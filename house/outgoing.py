"""Keeps the edition of a form that a raised version takes out of use. ``make forms`` runs it first.

By then the file says something else, so the outgoing edition is read as it was last committed: the newest
commit whose own code and own definitions give it writes it down, and what it writes is held against the
checksum in ``published.json`` before it is kept in ``booklets/definitions/past/``.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
DEFINITIONS = Path("booklets") / "definitions"
STILL_WANTED = "from booklets import definitions; print(*definitions.not_kept(), sep='\\n')"
AS_KEPT = "import sys; from booklets import definitions; sys.stdout.write(definitions.as_kept(sys.argv[1]))"


def keep_outgoing(root: Path = ROOT) -> list[str]:
    """Keep every published edition that is neither current nor kept yet; the names of those it found.

    What no commit gives is left to ``make forms``, which then says that it is missing.
    """
    checksums = json.loads((root / DEFINITIONS / "published.json").read_text(encoding="utf-8"))
    found: list[str] = []
    for name in (_said(root, STILL_WANTED) or "").split():
        kept = next((text for text in _as_committed(root, name) if _is(text, checksums[name])), None)
        if kept is not None:
            (root / DEFINITIONS / "past" / f"{name}.json").write_text(kept, encoding="utf-8")
            found.append(name)
    return found


def _is(text: str, checksum: str) -> bool:
    return hashlib.sha256(text.partition("\n")[0].encode()).hexdigest() == checksum


def _as_committed(root: Path, name: str) -> Iterator[str]:
    """The edition as each commit that changed a definition gives it, the newest first."""
    for commit in _git(root, "log", "--format=%H", "--", str(DEFINITIONS)).decode().split():
        with TemporaryDirectory() as folder:
            with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", commit, "booklets"))) as packed:
                packed.extractall(folder, filter="data")
            said = _said(Path(folder), AS_KEPT, name)
        if said is not None:
            yield said


def _git(root: Path, *words: str) -> bytes:
    """What git says; nothing where there is no history to ask."""
    try:
        done = subprocess.run(["git", *words], cwd=root, check=False, capture_output=True)  # noqa: S603, S607
    except FileNotFoundError:
        return b""
    return done.stdout if done.returncode == 0 else b""


def _said(root: Path, code: str, *words: str) -> str | None:
    """What the definitions of ``root`` say of themselves, by their own code; ``None`` where they cannot."""
    done = subprocess.run(  # noqa: S603 - this very Python, and code written above
        [sys.executable, "-c", code, *words], cwd=root, check=False, capture_output=True, text=True
    )
    return done.stdout if done.returncode == 0 else None


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name} is kept as a past edition\n" for name in keep_outgoing()))
