"""The rules of the house that a machine can check, beyond the import contracts of pyproject.toml."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("booklets", "field_app", "sync_server")
FOLDERS = (*PACKAGES, "tests", "bench", "faults", "house")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
DRAWERS = {
    "util", "utils", "helper", "helpers", "manager", "managers", "handler", "handlers",
    "service", "services", "common", "misc", "constants", "base", "core", "tools",
}  # fmt: skip
BROAD = {"Exception", "BaseException"}
GUARD = "field_app/ui/guard.py"
WATCH = "field_app/handset/watch.py"


def modules(*folders: str) -> Iterator[Path]:
    """Every Python file of these folders."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def modules_to_read() -> Iterator[Path]:
    """Every module that holds logic: a migration never changes, and an invented child is one long story."""
    stories = ("migrations/versions", "demo/children")
    return (path for path in modules(*FOLDERS) if not any(part in path.as_posix() for part in stories))


def name_of(path: Path) -> str:
    """A file as it is named in a message."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def outside(graph: grimp.ImportGraph, package: str, *, except_below: str = "") -> set[str]:
    """The top-level names that a package imports from outside itself."""
    inside = graph.find_descendants(package) | {package}
    if except_below:
        inside -= graph.find_descendants(except_below) | {except_below}
    imported = {name for module in inside for name in graph.find_modules_directly_imported_by(module)}
    return {name.partition(".")[0] for name in imported} - {package.partition(".")[0]}


def test_booklets_need_nothing_but_python(graph: grimp.ImportGraph) -> None:
    """So that they run the same on any phone and any server, whatever else is installed."""
    assert outside(graph, "booklets", except_below="booklets.sealing") <= sys.stdlib_module_names


def test_only_the_seals_need_more_and_only_for_cryptography(graph: grimp.ImportGraph) -> None:
    """Seals are the one part of the core that may stand on somebody else's code."""
    allowed = {"cryptography", "http_message_signatures"}

    assert outside(graph, "booklets.sealing") - sys.stdlib_module_names <= allowed


def test_the_phone_needs_nothing_that_only_a_server_has(graph: grimp.ImportGraph) -> None:
    """What a phone imports must be there on a phone: the server's packages have no build for one."""
    servers_own = {"fastapi", "starlette", "pydantic", "sqlalchemy", "alembic", "jinja2", "psycopg"}

    assert outside(graph, "field_app") & servers_own == set()


def test_no_module_is_too_long_to_read_in_one_sitting() -> None:
    """Four hundred lines. Past that, a module is two modules."""
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules_to_read()
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


@pytest.mark.thorough
def test_no_function_is_too_long_to_hold_in_the_head() -> None:
    """Forty lines, its docstring not counted. Past that, a function has a part with a name."""
    long = {
        f"{name_of(path)}:{node.lineno} {node.name}": lines
        for path in modules_to_read()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := _lines_of(node)) > LONGEST_FUNCTION
    }

    assert long == {}


@pytest.mark.thorough
def test_a_broad_except_stands_in_two_places() -> None:
    """The guard keeps the officer's screen, the watch stays for the force's orders; else it hides a fault.

    Tidying up and raising again hides nothing, and is allowed.
    """
    broad = [
        name_of(path)
        for path in modules(*FOLDERS)
        if name_of(path) != GUARD
        for handler in ast.walk(tree_of(path))
        if isinstance(handler, ast.ExceptHandler) and _is_broad(handler) and not _raises_again(handler)
    ]

    assert broad == [WATCH]


def test_no_module_is_a_drawer() -> None:
    """A module is named for what it knows, so that a reader finds it and a writer knows what fits."""
    drawers = [
        name_of(path)
        for path in modules(*FOLDERS)
        if {path.stem.lower(), path.parent.name.lower()} & DRAWERS
    ]

    assert drawers == []


@pytest.mark.thorough
def test_tests_use_the_real_thing_or_a_written_fake() -> None:
    """A mock agrees with whatever it is asked; a skipped test agrees with everything."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules("tests")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Attribute)
        and (_is_mock(node) or _is_excuse(node))
    ]

    assert found == []


@pytest.mark.thorough
def test_a_test_says_why_it_is_there() -> None:
    """A test's name is the promise, and its docstring is the reason for it."""
    silent = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in modules("tests")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and ast.get_docstring(node) is None
    ]

    assert silent == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_what_it_is(package: str) -> None:
    """The docstring of a package is the first thing a newcomer reads in it."""
    silent = [
        name_of(path)
        for path in modules(package)
        if path.name == "__init__.py" and ast.get_docstring(tree_of(path)) is None
    ]

    assert silent == []


def _lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def _is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in BROAD) for kind in kinds)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _is_mock(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        named = {alias.name for alias in node.names}
        return (node.module or "").startswith("unittest.mock") or (
            node.module == "unittest" and "mock" in named
        )
    return isinstance(node, ast.Import) and any(
        alias.name.startswith("unittest.mock") for alias in node.names
    )


def _is_excuse(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in {"skip", "skipif", "xfail", "importorskip"}
