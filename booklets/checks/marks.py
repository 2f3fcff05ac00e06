"""Marks that a text describes, where the question about marks was answered with no.

The words stand in ``definitions/marks.toml``. A mark that is denied ("no cuts, bruises or burns",
"bruises: none seen") is none; whose body it is on cannot be told, and the rule asks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from booklets.checks.phrase_book import group
from booklets.checks.registry import Spot, record_check
from booklets.checks.stems import language, stem
from booklets.facts import Facts

PARTS = re.compile(r"[.;!?\n]+|\b(?:but|except|apart from|although|though|however)\b", re.IGNORECASE)
"""What ends the part of a sentence that a denial reaches over."""
TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|,")
JOINS = frozenset({",", "and", "or", "nor", "other", "visible"})
THERE = frozenset({"the", "this", "that", "these", "those", "his", "her", "their"})
"""A mark of which this is said is there: "did not say how the bruise came"."""
DENIED_WITHIN = 5
DENIED_AFTER = re.compile(
    r"[^,]{0,40}?(?::|-|–)\s*(?:none|nil|no)\b|[^,]{0,40}?\bnot (?:seen|visible|observed|found)\b",
    re.IGNORECASE,
)


@record_check
def no_marks_described(facts: Facts, *, denied: str, fields: Sequence[str]) -> Sequence[Spot]:
    """Where marks are answered with no, none of these texts describes one."""
    if facts.answers.get(denied) != "no":
        return []
    texts = ((name, facts.answers.get(name)) for name in fields)
    return [
        Spot((denied, name), words=found)
        for name, text in texts
        if isinstance(text, str) and (found := mark_in(text))
    ][:1]


def mark_in(text: str) -> str:
    """The first mark that a text describes and does not deny, as it stands there, or nothing."""
    marks = group("marks")
    if not marks.may_be_in(text):
        return ""
    for part in PARTS.split(text):
        read = marks.passes.sub(lambda one: "·" * len(one.group()), part) if marks.passes else part
        for match in marks.find.finditer(read):
            before, after = read[: match.start()], read[match.end() :]
            if not _denied_before(before) and not DENIED_AFTER.match(after):
                return match.group()
    return ""


def _denied_before(before: str) -> bool:
    """Whether a denial leads to what comes next, over other marks alone."""
    words: list[str] = TOKEN.findall(before.lower())
    last = ""
    while words and (words[-1] in JOINS or group("marks").find.fullmatch(words[-1])):
        last = words.pop()
    if last == "," or (words and words[-1] in THERE):
        return False
    for word in words[: -DENIED_WITHIN - 1 : -1]:
        if word == "," or _denies(word):
            return word != ","
    return False


def _denies(word: str) -> bool:
    denials: str = language()["counter"]["denials"]
    return word == "nil" or word.endswith(("n't", "n’t")) or stem(word) in denials.split()
