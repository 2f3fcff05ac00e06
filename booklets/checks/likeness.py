"""How much of a text stands word for word in another (Q-02), names, figures and dates taken out.

Compared are runs of five words. What is kept of an earlier text is the numbers that
stand for its runs and never its words: nobody can read a child out of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from zlib import crc32

from booklets.checks.dates import in_words
from booklets.checks.registry import Spot, record_check
from booklets.facts import Facts

RUN = 5
FEWEST_RUNS = 8
"""A text of fewer runs is too short to be like another: "At home with her mum" is said of many children."""
MOST_READ = 8_000
READ_TEXTS = 64
EXAMPLE = "the example that the app shows"
TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def likeness(text: str, other: str) -> float:
    """How much of ``text`` stands word for word in ``other``: 0 nothing, 1 all of it."""
    return share(runs_of(text), runs_of(other))


def share(runs: frozenset[int], others: frozenset[int]) -> float:
    """How many of the first runs are among the others, as a share."""
    return len(runs & others) / len(runs) if len(runs) >= FEWEST_RUNS else 0.0


@lru_cache(maxsize=READ_TEXTS)
def runs_of(text: str) -> frozenset[int]:
    """One number for each run of five words. A name, a figure or a date is no word here."""
    return runs_read_once(text)


def runs_read_once(text: str) -> frozenset[int]:
    """The same of a text that is not read again soon: nothing of it is remembered."""
    words = [word.encode() for word in _words(text[:MOST_READ])]
    return frozenset([crc32(b" ".join(words[at : at + RUN])) for at in range(len(words) - RUN + 1)])


def _words(text: str) -> list[str]:
    """The words without names: whatever has a capital may be one. All in capitals, nothing can tell."""
    plain = text.lower() if text.isupper() else text
    return [word.lower() for word in TOKEN.findall(plain) if not word[0].isupper()]


def forget_runs() -> None:
    """Forget every text that was read, so that none outlives the lock or the request."""
    runs_of.cache_clear()


@record_check
def unlike_own_texts(facts: Facts, *, fields: Sequence[str], percent: int) -> Sequence[Spot]:
    """No text is mostly what this author wrote lately about another child, or an example that is shown."""
    spots: list[Spot] = []
    if not facts.earlier and not facts.examples:
        return spots
    for name in fields:
        text = facts.answers.get(name)
        if not isinstance(text, str) or name in facts.verbatim:
            continue
        runs = runs_of(text)
        found = [(share(runs, one.runs), _said_when(one.at)) for one in facts.earlier.get(name, ())]
        found += [(share(runs, runs_of(example)), EXAMPLE) for example in facts.examples]
        alike, what = max(found, default=(0.0, ""))
        if alike * 100 >= percent:
            spots.append(Spot((name,), words=f"{alike:.0%} of it, word for word, is {what}"))
    return spots


def _said_when(at: datetime) -> str:
    return f"what you wrote at {in_words(at)}"
