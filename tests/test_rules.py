"""The page of rules is complete and true: every rule has its row, and what is named is there."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from booklets import definitions

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/rules.md"
LETTERED = ("R-27a", "R-27b", "R-27c", "R-27d")
RULES = (
    *(f"R-{number:02}" for number in range(1, 62)),
    *LETTERED,
    *(f"Q-{number:02}" for number in range(1, 11)),
    *(f"S-{number:02}" for number in range(1, 13)),
)
# What a form brings that is still being written: its rules, whose rows say so, and its id. Whoever merges
# such a form completes the rows and empties both sets; then the page has to say all.
AWAITED_ROWS: frozenset[str] = frozenset()
AWAITED_FORMS: frozenset[str] = frozenset()
AWAITED = "To come with the"

ROW = re.compile(r"^\| ([RQS]-\d\d[a-z]?) \| (.+?) \| (.+) \|$", re.MULTILINE)
ID = re.compile(r"\b[RQS]-\d\d[a-z]?\b")
NAMED = re.compile(r"`([^`]+)`")
FORM_RULES = re.compile(r"([a-z ]+): ((?:[A-Z]+-\w+ ?)+)")
PATH = re.compile(r"(booklets|field_app|sync_server|tests|docs)/[\w./]+")
SAYS_WHY = re.compile(r"^(Not there|Elsewhere|To come with)", re.MULTILINE)


@cache
def rows() -> list[tuple[str, str, str]]:
    """The table: id, what it is, where it is."""
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def named_in(where: str) -> list[str]:
    """What stands in the third column between backticks."""
    return NAMED.findall(where)


def form_rules(named: str) -> set[tuple[str, str]]:
    """Each form and rule that one name stands for."""
    found = FORM_RULES.fullmatch(named)
    return {(form, rule) for form in found[1].split() for rule in found[2].split()} if found else set()


@cache
def rules_of_forms() -> frozenset[tuple[str, str]]:
    """Every rule of every form."""
    return frozenset((form.id, rule.id) for form in definitions.every_form() for rule in form.rules)


def remarks_of(path: Path) -> str:
    """The docstrings and comments of a module."""
    source = path.read_text(encoding="utf-8")
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = [ast.get_docstring(one) or "" for one in ast.walk(ast.parse(source)) if isinstance(one, kinds)]
    # A constant's docstring is a string of its own below it.
    docs += [
        one.value.value
        for one in ast.walk(ast.parse(source))
        if isinstance(one, ast.Expr)
        and isinstance(one.value, ast.Constant)
        and isinstance(one.value.value, str)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return "\n".join([*docs, *(one.string for one in tokens if one.type == tokenize.COMMENT)])


def base(rule: str) -> str:
    """The rule of the domain that one of ours belongs to: R-53a is a part of R-53."""
    return rule if rule in LETTERED else rule[:4]


def test_every_rule_has_one_row() -> None:
    """Nobody has to ask where a rule is: the page says it, or why it is nowhere."""
    found = [id_ for id_, _, _ in rows()]

    assert sorted(found) == sorted(RULES)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_what_a_row_names_is_there(row: tuple[str, str, str]) -> None:
    """A form's rule, a question, a clock, a setting, or a module that names the rule itself."""
    id_, _, where = row
    for named in named_in(where):
        if pairs := form_rules(named):
            assert pairs <= rules_of_forms(), f"{id_}: {sorted(pairs - rules_of_forms())}"
        elif PATH.fullmatch(named):
            path = ROOT / named
            assert path.exists(), f"{id_}: no {named}"
            if path.suffix == ".py" and not named.startswith("tests/"):
                assert re.search(rf"\b{id_}", remarks_of(path)), f"{named} does not name {id_}"
        else:
            assert is_known(named), f"{id_}: what is {named}?"


def is_known(name: str) -> bool:
    """A question, a clock or a force's setting; or a command of the server."""
    clocks = {f"clock {one.id}" for one in definitions.clocks()}
    settings = {name for force in definitions.force_ids() for name in definitions.force(force)}
    return name in definitions.every_field() or name in clocks | settings or name.startswith("sync-server ")


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_says_where_or_why_not(row: tuple[str, str, str]) -> None:
    """A rule is never silently nowhere."""
    id_, _, where = row

    assert named_in(where) or SAYS_WHY.match(where), f"{id_} says neither where it is nor why it is not"


def test_no_rule_of_a_form_is_missing_here() -> None:
    """Whoever adds a rule to a form adds it to its row."""
    numbered = {(form, rule) for form, rule in rules_of_forms() if ID.fullmatch(rule)}
    named = {pair for _, _, where in rows() for one in named_in(where) for pair in form_rules(one)}

    assert {pair for pair in numbered - named if pair[0] not in AWAITED_FORMS} == set()


def test_no_rule_that_the_code_names_is_missing_here() -> None:
    """A number in the code leads to this page and from here to its other places."""
    files = [
        path
        for package in ("booklets", "field_app", "sync_server")
        for kind in ("*.py", "*.toml", "*.html")
        for path in (ROOT / package).rglob(kind)
    ]
    found = {base(one) for path in files for one in ID.findall(path.read_text(encoding="utf-8"))}

    assert found <= set(RULES)


def test_what_is_awaited_is_said_and_no_more() -> None:
    """Once a form is there its rows say where, and these sets are emptied."""
    awaited = {id_ for id_, _, where in rows() if where.startswith(AWAITED) and not named_in(where)}

    assert awaited == AWAITED_ROWS
