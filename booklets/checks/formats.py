"""How numbers, postcodes and marks are written: what looks wrong about one, and its normal form.

Nothing is refused while it is typed, and what was typed is always what is kept. A
normal form is made from it where somebody has to match or to dial. An empty normal
form means that there is none: the text does not look like such a thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from booklets.answers import codes_of, rows_of, words_in
from booklets.checks.registry import Spot, record_check
from booklets.facts import Facts

NHS_DIGITS = 10
NHS_WEIGHTS = range(10, 1, -1)
INWARD = 3
SEPARATORS = re.compile(r"[\s\-./()]+")
APOSTROPHES = re.compile("['`\u00b4\u02bc\u2018\u2019]")
NO_LETTERS = re.compile(r"[^a-z]+")
NOT_IN_A_MARK = re.compile(r"[^A-Z0-9]+")
POSTCODE = re.compile(r"GIR0AA|[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
EXTENSION = re.compile(r"\s*(?:ext|extension|x)\.?\s*[0-9]+\s*$", re.IGNORECASE)
TRUNK_ZERO = re.compile(r"^((?:\+|00)44)\s*\(0\)")
UK_NUMBER = re.compile(r"[1-9][0-9]{8,9}")
ABROAD = re.compile(r"[1-9][0-9]{6,14}")
UPRN = re.compile(r"[0-9]{1,12}")
THREE_WORDS = re.compile(r"(?:///)?[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+")
UK_MARK = re.compile(
    r"[A-Z]{2}[0-9]{2}[A-Z]{3}"  # since 2001
    r"|[A-Z][0-9]{1,3}[A-Z]{3}|[A-Z]{3}[0-9]{1,3}[A-Z]"  # the letter of a year, in front or behind
    r"|[A-Z]{1,3}[0-9]{1,4}|[0-9]{1,4}[A-Z]{1,3}"  # without a year, and Northern Ireland
    r"|Q[0-9]{1,3}[A-Z]{3}|[0-9]{3}[DX][0-9]{3}"
)


def nhs_number(text: str) -> str:
    """Ten digits of which the last follows from the nine before it, by modulus 11."""
    return "" if _odd_nhs(text) else SEPARATORS.sub("", text)


def postcode(text: str) -> str:
    """Outward part, space, inward part, in capitals."""
    plain = SEPARATORS.sub("", text).upper()
    return f"{plain[:-INWARD]} {plain[-INWARD:]}" if POSTCODE.fullmatch(plain) else ""


def telephone(text: str) -> str:
    """E.164: a plus sign, the country, the number. A number without its country is one of the UK."""
    plain = SEPARATORS.sub("", EXTENSION.sub("", TRUNK_ZERO.sub(r"\1", text.strip())))
    international = plain.removeprefix("+") if plain.startswith("+") else plain.removeprefix("00")
    if international != plain:
        uk = international.removeprefix("44")
        shape = UK_NUMBER if uk != international else ABROAD
        return f"+{international}" if shape.fullmatch(uk) else ""
    number = plain.removeprefix("0")
    return f"+44{number}" if number != plain and UK_NUMBER.fullmatch(number) else ""


def vehicle_mark(text: str) -> str:
    """Capitals and figures without spaces, as marks are matched. Every country's mark has this form."""
    return NOT_IN_A_MARK.sub("", text.upper())


def _odd_nhs(text: str) -> str:
    digits = SEPARATORS.sub("", text)
    if not (digits.isascii() and digits.isdecimal()):
        return "there is something in it that is no digit"
    if len(digits) != NHS_DIGITS:
        return f"it has {len(digits)} digits and not ten"
    weighted = sum(weight * int(digit) for weight, digit in zip(NHS_WEIGHTS, digits, strict=False))
    fits = (11 - weighted % 11) % 11 == int(digits[-1])  # ten is no digit, so it never fits
    return "" if fits else "the last digit does not fit"


def _odd_postcode(text: str) -> str:
    return "" if postcode(text) else "one looks like YO11 1AA"


def _odd_telephone(text: str) -> str:
    return "" if telephone(text) else "a digit is missing, too many, or no digit"


def _odd_mark(text: str) -> str:
    return "" if UK_MARK.fullmatch(vehicle_mark(text)) else "a letter is missing, or it is from abroad"


def _odd_uprn(text: str) -> str:
    return "" if UPRN.fullmatch(text.strip()) else "it has up to twelve digits and nothing else"


def _odd_words(text: str) -> str:
    return "" if THREE_WORDS.fullmatch(text.strip()) else "it is three words with full stops between"


def _spots(facts: Facts, field: str, column: str, odd: Callable[[str], str]) -> list[Spot]:
    """What looks wrong about a text, or about each cell of a column."""
    return [Spot((field,), words=words) for text in _texts(facts, field, column) if (words := odd(text))]


def _texts(facts: Facts, field: str, column: str) -> Iterator[str]:
    answer = facts.answers.get(field)
    if not column:
        yield from codes_of(answer)
        return
    for row in rows_of(answer):
        yield from codes_of(row.get(column))


@record_check
def looks_like_nhs_number(facts: Facts, *, field: str) -> Sequence[Spot]:
    """Ten digits, and the last one follows from the others."""
    return _spots(facts, field, "", _odd_nhs)


@record_check
def looks_like_postcode(facts: Facts, *, field: str) -> Sequence[Spot]:
    """A postcode of the United Kingdom, however it is spaced."""
    return _spots(facts, field, "", _odd_postcode)


@record_check
def looks_like_phone_number(facts: Facts, *, field: str, column: str = "") -> Sequence[Spot]:
    """A number that can be dialled: of the United Kingdom, or with its country in front."""
    return _spots(facts, field, column, _odd_telephone)


@record_check
def looks_like_vehicle_mark(facts: Facts, *, field: str) -> Sequence[Spot]:
    """A mark as they are given out in the United Kingdom."""
    return _spots(facts, field, "", _odd_mark)


@record_check
def looks_like_uprn(facts: Facts, *, field: str) -> Sequence[Spot]:
    """Up to twelve digits; leading noughts stay."""
    return _spots(facts, field, "", _odd_uprn)


@record_check
def looks_like_three_words(facts: Facts, *, field: str) -> Sequence[Spot]:
    """Three words with full stops between. Whether they name a place is not known offline."""
    return _spots(facts, field, "", _odd_words)


@record_check
def names_within(facts: Facts, *, fields: Sequence[str], most: int, each: bool = False) -> Sequence[Spot]:
    """No name is longer than those who receive it can hold; given names are counted one by one."""
    return [
        Spot((field,), words=f"“{name}” has {len(name)}")
        for field in fields
        for text in codes_of(facts.answers.get(field))
        for name in (text.split() if each else [text.strip()])
        if len(name) > most
    ]


@record_check
def somewhere_is_said(facts: Facts, *, fields: Sequence[str]) -> Sequence[Spot]:
    """At least one of these says where a place is, or why that cannot be said."""
    return [] if any(name in facts.answers for name in fields) else [Spot()]


@record_check
def secret_is_not_pinpointed(facts: Facts, *, position: str, words: str) -> Sequence[Spot]:
    """A place that keeps somebody safe is not marked to the metre: one of these words says it is one.

    ``words`` in small letters and without apostrophes, with commas between.
    """
    if not rows_of(facts.answers.get(position)):
        return []
    everything = " ".join(word for answer in facts.answers.values() for word in words_in(answer))
    said = NO_LETTERS.sub(" ", APOSTROPHES.sub("", everything.casefold()))
    found = next((word for word in words.split(", ") if f" {word} " in f" {said} "), "")
    return [Spot((position,), words=found)] if found else []
