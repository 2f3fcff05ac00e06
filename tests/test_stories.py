"""The page of stories and the stories say the same: each failing has its story, or why it has none."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/stories.md"
STORIES = ROOT / "tests/stories"
NAMED = re.compile(r"`(test_\w+)\.py::(test_\w+)`")
ANSWERS = ("stopped", "asked about", "made visible")
COLUMNS = 4


def told() -> set[tuple[str, str]]:
    """Every story that is there: its module and its name."""
    return {
        (path.stem, one.name)
        for path in STORIES.glob("test_*.py")
        for one in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
    }


def lines() -> list[list[str]]:
    """The failings on the page: what was found, where, what Homeward does, its story or why none."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]
    return [one for one in cells if one[0] != "failing" and not one[0].startswith("---")]


def test_each_story_that_the_page_names_is_there_and_each_that_is_there_is_named() -> None:
    """Who renames one does so in both places."""
    assert set(NAMED.findall(PAGE.read_text(encoding="utf-8"))) == told()


@pytest.mark.parametrize("line", lines(), ids=lambda line: line[0][:60])
def test_a_failing_has_its_story_or_the_page_says_plainly_why_it_has_none(line: list[str]) -> None:
    """Stopped, asked about or made visible; or not built yet, or not ours, with the reason."""
    assert len(line) == COLUMNS
    _, where, does, story = line

    assert where
    if NAMED.search(story):
        assert does.lower().startswith(ANSWERS)
    else:
        assert story.startswith(("not built yet: ", "not ours: "))


def test_every_module_of_stories_says_what_was_found() -> None:
    """A story without its failing is only a test."""
    for path in STORIES.glob("test_*.py"):
        words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        assert "Found: " in words, path.name
        assert "The night again: " in words, path.name
