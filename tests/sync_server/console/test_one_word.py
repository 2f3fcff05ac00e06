"""What officers hold has one name where they and the desks read of it: at the console, and in a refusal."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import sync_server

SERVER = Path(sync_server.__file__).parent
SAID = re.compile(r"(?<![.\w/])handhelds?\b(?!\.html)", re.IGNORECASE)
OF_AN_AUDIT = frozenset({"signed in on a handheld", "handheld stopped", "handheld "})
"""What the lines of an audit are called, which never change."""
FOR_OTHERS = (
    "api/document.py",
    "api/promises.py",
    "demo",
    "cli.py",
    "_commands.py",
    "db/",
    "logs.py",
)


def said_in(path: Path) -> Iterator[str]:
    """The sentences that stand in a module: no docstrings, and no names of the code's own."""
    tree = ast.parse(path.read_text())
    explained = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node in explained or not isinstance(node.value, str):
            continue
        if " " in node.value and node.value not in OF_AN_AUDIT:
            yield node.value


def test_no_page_and_no_refusal_calls_a_device_otherwise_than_the_app_does() -> None:
    """It was a phone in the app, and a handheld on the page where its officer signs in."""
    pages = {path: [path.read_text()] for path in SERVER.rglob("*.html")}
    modules = {
        path: list(said_in(path))
        for path in SERVER.rglob("*.py")
        if not any(part in path.as_posix() for part in FOR_OTHERS)
    }
    found = [
        f"{path.relative_to(SERVER)}: {said[:80]!r}"
        for path, every in {**pages, **modules}.items()
        for said in every
        if SAID.search(said)
    ]
    assert found == []
