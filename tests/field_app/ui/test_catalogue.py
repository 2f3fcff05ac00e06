"""All sentences stand in one catalogue: none is in a screen, as a language of nobody shows."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from booklets import definitions
from field_app.ui import frame, words
from house.pseudo import bare, disguised

UI = Path(frame.__file__).parent
ROOT = UI.parents[1]
SENTENCE = re.compile(r"[A-Za-z’]{2,} [A-Za-z’]{2,}|^[A-Z][a-z]+")
"""Two words beside each other, or one that begins with a capital letter."""
HANDHELD = re.compile(r"\bhandhelds?\b")
NO_SCREEN = frozenset({"theme.py"})  # names fonts and looks
NOT_SAID = frozenset({"cast", "TypeVar"})
"""What is told to these is a name of the code's own."""


def written_in(source: str) -> Iterator[ast.Constant]:
    """The sentences that stand in the code itself: no docstrings, no refusals, nothing that is logged."""
    tree = ast.parse(source)
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _is_no_speech(node.func)):
            passed.update(ast.walk(node))
        elif isinstance(node, ast.Expr):
            passed.add(node.value)
        elif isinstance(node, ast.FormattedValue) and node.format_spec:
            passed.update(ast.walk(node.format_spec))
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            passed.update(ast.walk(node))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node in passed:
            continue
        if isinstance(node.value, str) and SENTENCE.search(node.value):
            yield node


def _is_no_speech(called: ast.expr) -> bool:
    name = ast.unparse(called)
    return name in NOT_SAID or name.startswith("log.")


def test_no_screen_and_no_widget_has_a_sentence_of_its_own() -> None:
    """They take every one from a catalogue, ``*words.py``, or from the forms."""
    found = [
        f"{path.relative_to(UI)}:{one.lineno} {one.value!r}"
        for path in sorted(UI.rglob("*.py"))
        if not path.stem.endswith("words") and path.name not in NO_SCREEN
        for one in written_in(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'k.text("Nothing is waiting for you.")',
        'k.row("x", f"{count} still wanted")',
        'tap("x", "Menu", icon, act)',
    ],
)
def test_a_sentence_in_a_screen_is_found(line: str) -> None:
    """The looking itself: a search that finds nothing proves nothing."""
    assert len(list(written_in(line))) == 1


def test_an_identifier_a_refusal_and_what_is_logged_are_no_sentences() -> None:
    """They are never shown."""
    source = (
        'k.tap("pi.child_words", words.MENU)\nlog.info("a screen stopped")\nraise KeyError("no such row")'
    )
    assert list(written_in(source)) == []


def test_the_language_of_nobody_marks_a_sentence_and_leaves_what_is_put_in_later() -> None:
    """Its letters have accents, it is longer, and the place of a name stays a place of a name."""
    said = disguised("Ring {name} now.")
    assert said.startswith("«")
    assert said.endswith("»")
    assert "{name}" in said
    assert len(said) > 1.2 * len("Ring {name} now.")
    assert disguised(said) == said, "once is enough"
    assert bare(f"{said} · Amy Brook") == " · Amy Brook"
    assert disguised("02:41") == "02:41"


def test_an_app_that_is_started_as_usual_is_not_disguised() -> None:
    """The switch is another way to start it; nothing of it is in the app."""
    assert words.MENU == "Menu"
    assert not [path for path in UI.parent.rglob("*.py") if "pseudo" in path.read_text()]


SAID_BY_THE_HANDSET = """
import importlib, json, pkgutil, re
from house import pseudo
pseudo.disguise()
found, seen = [], 0
for package in ("field_app.handset", "field_app.capture"):
    inside = pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}.")
    for module in [importlib.import_module(one.name) for one in inside]:
        for name, said in vars(module).items():
            if not name.isupper() or not isinstance(said, str):
                continue
            if re.search("[a-z]{2} [a-z]{2}.*[.?]", pseudo.bare(said)):
                found.append(f"{module.__name__}.{name}")
            seen += said.startswith(pseudo.OPEN)
access = importlib.import_module("field_app.handset.access")
photos = importlib.import_module("booklets.photos")
refused = [str(access.HandheldStopped()), str(access.HeardTooLongAgo()), photos.TOO_MANY]
found += [one for one in refused if pseudo.bare(one)]
print(json.dumps({"found": found, "seen": seen}))
"""


def test_what_the_handset_says_to_an_officer_is_disguised_too() -> None:
    """A sentence with which it refuses something is read on a screen like any other."""
    run = subprocess.run(
        [sys.executable, "-c", SAID_BY_THE_HANDSET],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=True,
    )
    told = json.loads(run.stdout)
    assert told["found"] == []
    assert told["seen"] > 10


@pytest.mark.timeout(300)
@pytest.mark.thorough
def test_in_the_language_of_nobody_no_word_on_any_screen_is_left_in_english() -> None:
    """What is read on the screens or said of them is a catalogue's, a form's, or an officer's own."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.every_word"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=True,
    )
    told = json.loads(run.stdout)
    assert told["escaped"] == []
    assert told["screens"] > 70


def test_no_page_is_called_as_the_way_back_is() -> None:
    """“Next: Back” led forwards, to the page about the return."""
    every = [page for guide in definitions.guide_ids() for page in definitions.guide(guide).pages]
    assert words.BACK not in {said for page in every for said in (page.title, page.next_words)}
    assert not [page.next_words for page in every if f"“{words.BACK}”" in page.next_words]


def test_what_is_in_the_hand_is_called_a_phone_on_every_screen() -> None:
    """It was a "handheld" here and a "phone" there. Where the screen is larger, `here` says "device"."""
    found = [
        f"{path.relative_to(ROOT)}:{one.lineno} {one.value!r}"
        for path in (*sorted(UI.parent.rglob("*.py")), ROOT / "booklets" / "duties.py")
        if path.name != "guessed_first.py"  # a list of what somebody would try
        for one in ast.walk(_without_docstrings(path))
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and HANDHELD.search(one.value)
    ]
    assert found == []


def _without_docstrings(path: Path) -> ast.Module:
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)
    return tree
