"""Checks on what a supervisor writes: that it says something about this record, and that somebody acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from booklets.answers import Answer, Moment, Row, rows_of, words_in
from booklets.checks.registry import Spot, check, record_check
from booklets.checks.same_words import same_words
from booklets.checks.saying import Known, said_in, words_of_a_name
from booklets.facts import Facts

AN_OFFENCE_LEFT = ("to_record",)
"""What past editions of the decision meant, which name no choice."""
MARKERS = "person.warning_markers"
ENOUGH, MOST_NEEDED = 1.3, 2.3
PLAIN, SHARE = 1.0, 2.3
"""Enough of the plainest sort where no more than three words in seven are stock: "She has burns"."""
SOFTLY, SOFT_SHARE, BARELY, WHOLE = 1.1, 4, 0.8, 4
"""Enough of what stock phrases name too: one word in four is stock, or none in a whole sentence."""
PER_STOCK_WORD, FREE = 0.04, 4
"""After the first few: the more words could stand under any record, the more has to be named beside them."""
OWNED = 0.8
"""What it adds to a direction that it names who does it and by when: "Ring mum" is enough then."""
LIGHTLY = 0.7
SHOWN = 80


def says_enough(text: str, known: Known | None = None, *, owned: bool = False) -> bool:
    """Whether a text names something of this record, and is not a phrase that could stand under any."""
    said = said_in(text, known or Known())
    stock = PER_STOCK_WORD * max(0, said.stock - FREE)
    bare = not said.stock and said.words >= WHOLE
    softly = BARELY if bare else SOFTLY if said.stock * SOFT_SHARE <= said.words else ENOUGH
    plain = said.stock * SHARE <= said.words and said.hard + (OWNED if owned else 0) >= PLAIN
    needed = min(PLAIN, softly) if plain else min(softly + stock, MOST_NEEDED)
    return said.weight + (OWNED if owned else 0) >= needed


def says_anything(text: str, known: Known) -> bool:
    """Whether a text is more than stock phrases from end to end."""
    return said_in(text, known).weight >= LIGHTLY


@record_check
def says_something(facts: Facts, *, field: str, lightly: bool = False) -> Sequence[Spot]:
    """The text names something of this record: who, where, when, what is missing, who acts.

    ``lightly`` is for words that stand beside a reason: there, only what names nothing at all is refused.
    """
    known = known_to(facts)
    return [
        Spot((field,), words=f"“{shortened(text)}”")
        for text, owned in _texts(facts.answers.get(field))
        if text.strip()
        and not (says_anything(text, known) if lightly else says_enough(text, known, owned=owned))
    ]


@record_check
def unlike_earlier(facts: Facts, *, field: str, alike: float, decisions: int) -> Sequence[Spot]:
    """The text is not what the same author wrote in one of as many earlier records, with other names."""
    text = facts.answers.get(field)
    before = [one for answers in facts.decided if isinstance(one := answers.get(field), str)][:decisions]
    if not isinstance(text, str) or not any(same_words(text, one) > alike for one in before):
        return []
    return [Spot((field,), words=f"“{shortened(text)}”")]


@record_check
def markers_are_seen(facts: Facts, *, field: str, none: str) -> Sequence[Spot]:
    """Nobody says that there are no warning markers where the record itself names one of the child."""
    child = facts.child()
    markers = rows_of(child.facts.get(MARKERS)) if child else ()
    if facts.answers.get(field) != none or not markers:
        return []
    return [Spot((field,))]


@record_check
def nothing_stands_before_approval(facts: Facts, *, field: str) -> Sequence[Spot]:
    """The records that are approved have met what their own forms ask for by then (R-04)."""
    return [Spot((field,), words=one) for one in facts.unapproved]


def known_to(facts: Facts) -> Known:
    """The names and places of the records that are decided on, as far as they are at hand."""
    return facts.once("known to whoever decides", lambda: _known_to(facts))


def _known_to(facts: Facts) -> Known:
    child = facts.child()
    others = [one for one in facts.entities.values() if child is None or one.id != child.id]
    return Known(
        child=frozenset(words_of_a_name(child) if child else ()),
        people=frozenset(word for one in others if one.kind == "person" for word in words_of_a_name(one)),
        places=frozenset(word for one in others if one.kind == "place" for word in words_of_a_name(one)),
    )


def _texts(answer: Answer | None) -> Iterator[tuple[str, bool]]:
    """Each text of an answer, and whether it is a direction that says who does it and by when."""
    if isinstance(answer, str):
        yield answer, False
    for row in rows_of(answer):
        yield from ((text, not _lacks(row)) for text in words_in(row.get("what")))


def shortened(text: str) -> str:
    """The beginning of a text, to say which one is meant."""
    words = " ".join(text.split())
    return words if len(words) <= SHOWN else f"{words[:SHOWN].rpartition(' ')[0]}…"


@record_check
def directions_are_owned(facts: Facts, *, field: str) -> Sequence[Spot]:
    """Every direction says what is to be done, who does it, and by when."""
    rows = rows_of(facts.answers.get(field))
    return [
        Spot((field,), words=f"direction {number} does not say {' or '.join(lacks)}.")
        for number, row in enumerate(rows, 1)
        if (lacks := _lacks(row))
    ]


def _lacks(row: Row) -> list[str]:
    """What a direction does not say."""
    lacks = [name for name in ("what", "who") if not any(text.strip() for text in words_in(row.get(name)))]
    return lacks if isinstance(row.get("by"), Moment) else [*lacks, "by when"]


@check
def somebody_directed(
    found: Answer | None, directions: Answer | None, *, codes: Sequence[str] = AN_OFFENCE_LEFT
) -> bool:
    """Where something was found that is left to do, somebody has been directed to something."""
    return found not in codes or bool(rows_of(directions))
