"""Checks on words: blame, empty phrases, doubt, bare opinion, and names that nobody recorded.

Style rules never read exact words (Q-09), nor what stands in quotation marks: neither is ours to correct.
Rules that look for a child or a danger read everything. The words stand in ``definitions/wording.toml``;
how the like is said otherwise is judged in ``judging``. Nothing is rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from booklets.answers import Answer, rows_of, words_in
from booklets.checks.judging import FEW_WORDS, forget_judgements, remark_on, remarks_of_blame
from booklets.checks.likeness import forget_runs
from booklets.checks.people import forget_names, names_of
from booklets.checks.phrase_book import (
    READ_TEXTS,
    forget_beginnings,
    group,
    severities,
    single_words,
)
from booklets.checks.quoting import own_words, quotes_somebody
from booklets.checks.registry import Spot, check, record_check
from booklets.facts import Facts

FEWEST_WORDS = 5
ENOUGH_FACT = 8
MOST_NAMES = 3
HOW_IT_IS_WRITTEN = frozenset(
    {
        "no_blaming_words",
        "no_doubting_words",
        "no_bare_opinion",
        "more_than_no_concerns",
        "more_than_stock_phrases",
    }
)
"""The checks that judge wording alone: of help to whoever writes or reads, and no reason to act."""


IDENTITY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
IDENTITY_LENGTH = 36


def _texts(answer: Answer) -> Sequence[str]:
    """What is written in an answer: text, and the cells of rows; not choices of several, not ids."""
    if isinstance(answer, tuple) and not rows_of(answer):
        return ()
    return [one for one in words_in(answer) if len(one) != IDENTITY_LENGTH or not IDENTITY.fullmatch(one)]


def _own_texts(facts: Facts, prefix: str) -> Sequence[tuple[str, str]]:
    """Field and text of everything the officer wrote in own words."""
    return facts.once(("own texts", prefix), lambda: _found_texts(facts, f"{prefix}."))


def _found_texts(facts: Facts, within: str) -> Sequence[tuple[str, str]]:
    return [
        (name, text)
        for name, texts in _every_text(facts).items()
        if name.startswith(within) and name not in facts.verbatim
        for text in texts
    ]


@dataclass(frozen=True, slots=True)
class Style:
    """What there is to say of how one text is put: in most there is nothing.

    ``blames`` is how severe each blame is and what to say of it. ``listed`` and ``judged`` have the words
    that a remark of a sort points at: by a list, and by what all of the text weighs.
    """

    blames: tuple[tuple[str, str], ...]
    listed: Mapping[str, str]
    judged: Mapping[str, str]


@lru_cache(maxsize=READ_TEXTS)
def _style_of(text: str) -> Style | None:
    """How a text is put, or nothing, where there is nothing to say of it."""
    own = own_words(text)
    looked_for = {
        "doubt": group("doubt").found_in(own),
        "opinion": _opinion_listed(own),
        "empty": _all_empty(text) if text.strip() else "",
        "template": _all_stock(own),
    }
    remarks = {kind: remark_on(text, kind) for kind in ("opinion", "empty", "template")}
    style = Style(
        _blaming(text),
        {kind: words for kind, words in looked_for.items() if words},
        {kind: one.words for kind, one in remarks.items() if one is not None},
    )
    return style if style.blames or style.listed or style.judged else None


def _remarkable(facts: Facts, prefix: str) -> Sequence[tuple[str, str, Style]]:
    """Field, text and style of everything in the officer's own words that there is something to say of.

    Each text is looked at once for all the checks on wording, and mostly not again at the next keystroke.
    """
    return facts.once(("remarkable", prefix), lambda: [*_with_style(_own_texts(facts, prefix))])


def _with_style(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, Style]]:
    for name, text in texts:
        if (style := _style_of(text)) is not None:
            yield name, text, style


def _put_so(facts: Facts, prefix: str, kind: str) -> list[Spot]:
    """The words that a remark of a sort points at. What is in ``_cells`` is not judged, only looked up."""
    cells = _cells(facts, prefix)
    return [
        Spot((name,), words=words)
        for name, text, style in _remarkable(facts, prefix)
        if (words := style.listed.get(kind, "") or (style.judged.get(kind, "") if text not in cells else ""))
    ]


@record_check
def no_blaming_words(facts: Facts, *, prefix: str, severity: str) -> Sequence[Spot]:
    """The officer's own text puts no blame on the child; exact words are not read."""
    return [
        Spot((name,), words=words)
        for name, _, style in _remarkable(facts, prefix)
        for found_severity, words in style.blames
        if found_severity == severity
    ]


def _blaming(text: str) -> tuple[tuple[str, str], ...]:
    """Everything in a text that blames: how severe it is, and what to say of it.

    What no phrase list has is severe only where nearly nothing speaks against it.
    """
    return tuple(
        (
            severities().get(one.meaning, "high" if one.sure else "middle"),
            f"“{one.words}”: {_ended(one.ask)}",
        )
        for one in remarks_of_blame(text)
    )


def _ended(ask: str) -> str:
    return ask if ask.endswith(("?", ".")) else f"{ask}."


def forget_texts() -> None:
    """Forget every text that was read, so that none outlives the lock or the request."""
    forget_beginnings()
    for read in (_names_in, _style_of, _own_children):
        read.cache_clear()
    forget_names()
    forget_runs()
    forget_judgements()


@record_check
def no_doubting_words(facts: Facts, *, prefix: str) -> Sequence[Spot]:
    """The officer's own text does not doubt the child by its choice of verb."""
    return _put_so(facts, prefix, "doubt")


@record_check
def no_bare_opinion(facts: Facts, *, prefix: str) -> Sequence[Spot]:
    """A sentence with an opinion in it also says what was seen."""
    return _put_so(facts, prefix, "opinion")


def _opinion_listed(own: str) -> str:
    """A listed opinion in a sentence too short to say what was seen."""
    if not group("opinion").may_be_in(own):
        return ""
    short = (one for one in re.split(r"[.!?\n]+", own) if len(one.split()) < ENOUGH_FACT)
    return next((found for one in short if (found := group("opinion").found_in(one))), "")


def _cells(facts: Facts, prefix: str) -> frozenset[str]:
    """What stands in a row in a word or two, such as "Not there": what it is about stands beside it."""
    return facts.once(("cells", prefix), lambda: frozenset(_short_in_rows(facts, f"{prefix}.")))


def _short_in_rows(facts: Facts, within: str) -> Iterator[str]:
    for name, texts in _every_text(facts).items():
        if texts and name.startswith(within) and rows_of(facts.answers[name]):
            yield from (text for text in texts if len(text.split()) <= FEW_WORDS)


_SOMETHING_SAID = re.compile(r"\b(?!and\b)_*[^\W_]")


@record_check
def more_than_no_concerns(facts: Facts, *, prefix: str) -> Sequence[Spot]:
    """No text of the officer's own is made of empty phrases alone."""
    return _put_so(facts, prefix, "empty")


def _all_empty(text: str) -> str:
    """The text, where nothing is left of it without the listed empty phrases. A quotation is something."""
    own = own_words(text)
    something = quotes_somebody(own) or _SOMETHING_SAID.search(group("empty").taken_out_of(own))
    return "" if something else text.strip()


@record_check
def more_than_stock_phrases(facts: Facts, *, prefix: str) -> Sequence[Spot]:
    """No text of the officer's own is made of phrases that could be said of any child."""
    return _put_so(facts, prefix, "template")


def _all_stock(own: str) -> str:
    """A listed stock phrase, where little is left without such phrases."""
    stock, empty = group("stock"), group("empty")
    found = stock.found_in(own)
    left = empty.taken_out_of(stock.taken_out_of(own, " "), " ") if found else ""
    return found if not quotes_somebody(own) and len(WORD.findall(left)) < FEWEST_WORDS else ""


@check
def no_waiting_for_police_work(reason: Answer | None) -> bool:
    """The reason is not that police work is waited for, or that the matter is covert."""
    return not isinstance(reason, str) or not group("waiting").found_in(reason)


@record_check
def no_referral_waits_for_police_work(facts: Facts, *, prefix: str) -> Sequence[Spot]:
    """No sentence of the writer's own holds a referral back until a warrant, an arrest or a result."""
    return [
        Spot((name,), words=sentence.strip())
        for name, text in _own_texts(facts, prefix)
        for sentence in SENTENCE.split(text)
        if all(group(one).found_in(sentence) for one in ("referral", "holding", "waiting"))
    ]


@record_check
def no_word_of_own_children(facts: Facts, **settings: Sequence[str]) -> Sequence[Spot]:
    """Nothing written or said points to further children, such as "kids of his own". Reads exact words."""
    passed_over = settings.get("except", ())
    return [
        Spot((name,), words=found)
        for name, texts in _every_text(facts).items()
        if name not in passed_over
        for text in texts
        if (found := _own_children(text))
    ]


@lru_cache(maxsize=READ_TEXTS)
def _own_children(text: str) -> str:
    return group("own_children").alone_found_in(text)


def _every_text(facts: Facts) -> Mapping[str, Sequence[str]]:
    """Everything that is written, by field."""
    return facts.once("every text", lambda: {name: _texts(answer) for name, answer in facts.answers.items()})


WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
NEAR = 4
"""So many words before "to" say whether somebody comes after it."""
EACH_WEEK = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days")
OFFICERS = frozenset(
    {"PC", "DC", "PS", "DS", "DI", "DCI", "PCSO", "Sgt", "Insp", "Supt"} | {"Constable", "Sergeant"}
)
"""Whoever is named behind one of these is no child. As they are spelt: "Di" is a name."""
BESIDE = "'’-"
RUN_OF_LETTERS = re.compile(rf"[^\W\d_][\w{BESIDE}]*")
"""A word with whatever stands at its end: found in a third of the time."""
ENDS = re.compile(r"[.!?:;\n“”\"](?:(?<=[\n“”\"])|\s)\s*")
"""Where a sentence ends. It begins with what it looks for, so that the rest of a text is passed over."""
SENTENCE = re.compile(r"(?<=[.!?:;\n])\s+|[“”\"\n]+")
"""The same for sentences that are shown as they stand, with the sign at their end."""


@record_check
def everyone_is_recorded(facts: Facts, *, fields: Sequence[str]) -> Sequence[Spot]:
    """Every name in these texts belongs to somebody recorded. Reads exact words; guesses from capitals."""
    no_names, known = single_words("not_a_name"), facts.once("known names", lambda: _known_names(facts))
    spots: list[Spot] = []
    for field in fields:
        answer = facts.answers.get(field)
        if answer is None:
            continue
        said = [str(row["said"]) for row in rows_of(answer) if isinstance(row.get("said"), str)]
        texts = said or list(_texts(answer))
        names = dict.fromkeys(
            name
            for text in texts
            for name in _names_in(text)
            if name.lower() not in known and name.lower() not in no_names
        )
        spots += [Spot((field,), words=name) for name in list(names)[:MOST_NAMES]]
    return spots


def _known_names(facts: Facts) -> frozenset[str]:
    return frozenset[str]().union(*map(names_of, facts.entities.values()))


@lru_cache(maxsize=READ_TEXTS)
def _names_in(text: str) -> tuple[str, ...]:
    """Words with a capital in the middle of a sentence that are not said of a place."""
    return tuple(_names(text))


def _names(text: str) -> Iterator[str]:
    if text[1:].islower():
        return
    for sentence in ENDS.split(text):
        if sentence[1:].islower():
            continue
        words = [*RUN_OF_LETTERS.findall(sentence), ""]
        for at in [at for at, word in enumerate(words[:-1]) if at and word[0].isupper()]:
            before = [one.rstrip(BESIDE) for one in words[max(0, at - NEAR - 1) : at]]
            word, after = words[at].rstrip(BESIDE), words[at + 1].rstrip(BESIDE)
            if word.isupper() or len(word) <= 2:  # noqa: PLR2004 - initials
                continue
            of_place = _leads_to_a_place(before) or bool(
                {word.lower(), after.lower()} & single_words("in_a_place")
            )
            is_nobody = before[-1] in OFFICERS or EACH_WEEK.fullmatch(word)
            if not (of_place or is_nobody):
                yield re.sub(r"['’]s$", "", word)


def _leads_to_a_place(words: Sequence[str]) -> bool:
    """Whether a place comes next: after "in" or "to", but not where something is sent to somebody."""
    *before, last = (word.lower() for word in words)
    to_somebody = last == "to" and not single_words("to_somebody").isdisjoint(before[-NEAR:])
    return last in single_words("before_a_place") and not to_somebody


@check
def more_than_habit_or_age(reason: Answer | None) -> bool:
    """Without age, habit and stock phrases something is left of the reason, and it fits not every child."""
    if not isinstance(reason, str) or not reason.strip():
        return True
    left = len(WORD.findall(group("habit").find.sub(" ", reason)))
    return left >= FEWEST_WORDS and remark_on(reason, "template") is None
