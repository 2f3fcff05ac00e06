"""Frozen words of a force: what was believed once is believed for ever, and what was refused stays refused.

``freeze_said.py`` tells how they were made: every format of a signed or sealed word to a handheld, with its
failures. A change that needs one of these files changed needs a new version of the format.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from booklets.errors import BookletError
from booklets.sealing import (
    KemKey,
    open_return,
    read_directory,
    read_order,
    read_policy,
    read_receipt,
)

SAID = sorted((Path(__file__).parent / "vectors").glob("said-*.json"))


def reader(frozen: dict[str, Any]) -> Callable[[bytes], object]:
    """How a handheld that has followed one order, and holds policy and directory 3, reads this format."""
    root = bytes.fromhex(frozen["root"])
    keys = read_directory(base64.b64decode(frozen["directory"]), root)
    mine = frozen["device"]
    key = KemKey.from_private(mine["suite"], bytes.fromhex(mine["private"]))
    readers: dict[str, Callable[[bytes], object]] = {
        "order": lambda data: read_order(data, root, device=mine["id"], after=1),
        "policy": lambda data: read_policy(data, root, force="north_yorkshire", after=3),
        "receipt": lambda data: read_receipt(data, keys),
        "directory": lambda data: read_directory(data, root, at_least=3),
        "return": lambda data: open_return(data, device=mine["id"], key=key, directory=keys),
    }
    return readers[frozen["format"]]


def test_every_format_has_its_failures_beside_it() -> None:
    """A folder that is empty by mistake would pass everything below."""
    kinds = Counter(json.loads(path.read_bytes())["format"] for path in SAID)
    assert kinds == {"order": 9, "policy": 5, "receipt": 6, "directory": 4, "return": 5}


@pytest.mark.parametrize("path", SAID, ids=lambda path: path.stem)
def test_a_frozen_word_meets_the_fate_it_always_met(path: Path) -> None:
    """Believed, or refused for the same reason."""
    frozen: dict[str, Any] = json.loads(path.read_bytes())
    try:
        reader(frozen)(base64.b64decode(frozen["bytes"], validate=True))
    except BookletError as refused:
        outcome = refused.code
    else:
        outcome = "accepted"
    assert outcome == frozen["expect"], frozen["purpose"]
