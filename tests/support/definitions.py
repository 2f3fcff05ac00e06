"""A small form, right as it stands, for tests that put one mistake into it."""

from __future__ import annotations

import tomllib

from booklets.definitions.lists import Lists, read_lists
from booklets.definitions.reader import read_form
from booklets.definitions.tables import Table
from booklets.forms import Form

CODES = """
[risk]
high = "High"
low = "Low"
[person_role]
suspect = "Suspect"
"""
BLOCKS = """
[[block]]
id = "call"
[[block.column]]
id = "who"
kind = "text"
label = "Who"
"""
FORM = """
id = "f"
version = "1"
title = "F"

[[section]]
id = "one"
title = "One"

[[section.field]]
id = "risk"
kind = "one_of"
label = "Risk"
codes = "risk"

[[section.field]]
id = "why"
kind = "long_text"
label = "Why"
{field}

[[section.field]]
id = "at"
kind = "moment"
label = "When"

{rule}
"""
RULE = """
[[rule]]
id = "R-1"
check = "none_chosen"
fields = ["risk"]
args = { codes = ["high"] }
says = "Say why."
effect = "warn"
because = "A level without a reason is copied."
source = "R-06"
"""


NO_CODES: frozenset[str] = frozenset()


def table(text: str, name: str = "f.toml") -> Table:
    """A small file as the reader gets it."""
    return Table(name, tomllib.loads(text))


def the_lists(codes: str = CODES, blocks: str = BLOCKS) -> Lists:
    """The shared lists of the small form."""
    return read_lists(table(codes, "codes.toml"), table(blocks, "blocks.toml"))


def a_form(field: str = "", rule: str = RULE, text: str = FORM) -> Form:
    """The small form with something more about the field "why", or other rules."""
    written = text.replace("{field}", field).replace("{rule}", rule)
    return read_form(
        table(written),
        the_lists(),
        others={**dict.fromkeys(("f.risk", "f.why", "f.at"), NO_CODES), "g.harm": frozenset({"yes", "no"})},
    )


def rule(old: str, new: str) -> str:
    """The rule with a part changed."""
    assert old in RULE
    return RULE.replace(old, new)
