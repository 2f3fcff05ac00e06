"""The server's log can be gathered by a machine, and says nothing that anybody wrote."""

from __future__ import annotations

import ast
import json
import logging
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import sync_server
from sync_server.logs import OWN

CHILD = "Zebedee Marker"
SAYS = re.compile(r"(?:[a-z_]|%s)+(?: [a-z_]+=%[sd])*")
"""What happened, in a word, then values by name."""


def logged(what: str) -> list[dict[str, Any]]:
    """The lines that a process writes which logs as JSON while it does this."""
    script = "import logging\nfrom sync_server.logs import log_as\nlog_as('json')\n"
    done = subprocess.run(
        [sys.executable, "-c", script + textwrap.dedent(what)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_an_event_has_its_values_by_name() -> None:
    """Whoever counts refusals by their code need not read sentences."""
    [line] = logged(
        "logging.getLogger('sync_server.api.refusals').info('refused code=%s status=%d', 'too_old', 403)"
    )
    assert (line["event"], line["code"], line["status"], line["level"]) == (
        "refused",
        "too_old",
        "403",
        "info",
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line["at"])


def test_a_mistake_is_logged_by_its_kind_and_place_alone() -> None:
    """Also one that others quote, and one that ends the process: KeyError holds the key."""
    quoted, ended = logged(
        f"""
        try:
            {{}}['{CHILD}']
        except KeyError:
            logging.getLogger('asyncio').exception('could not find {CHILD}')
        raise ValueError('{CHILD}')
        """
    )
    assert (quoted["says"], ended["says"]) == ("a mistake", "ended by mistake")
    assert quoted["mistake"].startswith("KeyError at ")
    assert ended["mistake"].startswith("ValueError at ")
    assert CHILD not in json.dumps([quoted, ended])


def test_every_event_of_the_server_is_a_word_and_values_with_names() -> None:
    """Else it could not be gathered; and a sentence might quote somebody."""
    found = [
        (path.name, text)
        for path in Path(sync_server.__file__).parent.rglob("*.py")
        for text in events_in(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 10
    assert [one for one in found if not SAYS.fullmatch(one[1])] == []
    names = {name for _, text in found for name in re.findall(r" ([a-z_]+)=", text)}
    assert names.isdisjoint(OWN)


def events_in(source: str) -> list[str]:
    """The texts that a module logs; an empty one stands for one that is put together."""
    levels = {name.lower() for name in logging.getLevelNamesMapping()}
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in levels
        and ast.unparse(node.func.value) == "log"
    ]
    return [
        str(one.args[0].value) if one.args and isinstance(one.args[0], ast.Constant) else "" for one in calls
    ]
