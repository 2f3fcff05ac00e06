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

PARTS = re.compile(
    r"[.;!?\n]+|\b(?:but|except|(?:apart|aside) from|other than|besides|although|though|however)\b",
    re.IGNORECASE,
)
"""What ends the part of a sentence that a denial reaches over."""
TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|,")
JOINS = frozenset({",", "and", "or", "nor", "other", "visible"})
THERE = frozenset({"the", "this", "that", "these", "those", "his", "her", "their"})
"""A mark of which this is said is there: "did not say how the bruise came"."""
TELLS = frozenset(
    {"say", "said", "explain", "explained", "tell", "told", "know", "knew", "how", "why", "where"}
)
"""A denial before one of these is of what was told, and no mark: "would not say how he got bruises"."""
DENIES = frozenset({"nil", "cannot", "cant", "denies", "denied", "denying", "free"})
"""What denies besides the words that deny in every text: "denied any injuries", "free from bruises"."""
SHORT_NOT = re.compile(r"(?:n['’]t|(?:is|was|are|were|do|does|did|could|has|have|had)nt)\Z")
SEEN = r"(?:visible|obvious|apparent|fresh|new|sign|evidence|concerns|marks?|injur|bruis|cut|scratch|burn)"
DENIED_WITHIN = 5
DENIED_AFTER = re.compile(
    r"[ -]free\b|\s(?:none|nil)\b"
    rf"|[^,]{{0,40}}?[:–-]\s*(?:(?:none|nil)\b|no(?=\s*(?:$|,)|\s+{SEEN}))"
    r"|[^,]{0,40}?\bnot (?:seen|visible|observed|found)\b(?!\s+(?:before|earlier|until|by|to)\b)",
    re.IGNORECASE,
)
"""A denial after a mark: "bruises: none seen"; neither "bruise: no other injuries" nor "not seen before"."""


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
        if word == "," or word in TELLS or _denies(word):
            return word != "," and word not in TELLS
    return False


def _denies(word: str) -> bool:
    denials: str = language()["counter"]["denials"]
    return word in DENIES or bool(SHORT_NOT.search(word)) or stem(word) in denials.split()
