"""Which mentions seem to be the same person or the same place. Pure functions of the register's rows.

A handheld gives everybody it mentions an id of its own, so the same child has another id in the next
officer's record. Here two mentions count as one where they have the same id, or the same names and the
same full date of birth. That is enough to ask a person to look; it is no match, and nothing is joined.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any

WHOLE_NUMBER = 10
FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def people(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """For each person's id the id that stands for all mentions of the same person."""
    return groups({id_: [key] if (key := name_and_birth(row)) else [] for id_, row in rows.items()})


def places(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """For each place's id the id that stands for all mentions of the same place.

    Two are the same by id, or by postcode with building and street; a postcode alone is a whole street.
    """
    return groups({id_: [key] if (key := address(row)) else [] for id_, row in rows.items()})


def address(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Postcode, building and street in one form, or nothing where they do not make out one place."""
    postcode = plain(row["postcode"])
    parts = tuple(plain(word(row, f"place.{name}")) for name in ("building", "street"))
    return (postcode, *parts) if postcode and any(parts) else ()


def adults(rows: Mapping[str, Mapping[str, Any]], numbers: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The same for adults, whom children often know by a first name and a phone number alone."""
    keys: dict[str, list[Hashable]] = {}
    for id_, row in rows.items():
        name = name_and_birth(row)
        keys[id_] = [*([name] if name else []), *(one for one in numbers.get(id_, ()) if _is_whole(one))]
    return groups(keys)


def _is_whole(number: str) -> bool:
    return sum(one.isdigit() for one in number) >= WHOLE_NUMBER


def name_and_birth(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Names and date of birth in one form, or nothing where one of them is not known."""
    parts = (plain(row["given_names"]), plain(row["surname"]))
    born = str(row["born"])
    return (*parts, born) if all(parts) and day_in(born) else ()


def day_in(words: object) -> date | None:
    """A full date, or None for a month, a year, a gap or nonsense."""
    try:
        return date.fromisoformat(words) if isinstance(words, str) and FULL_DATE.fullmatch(words) else None
    except ValueError:
        return None


def word(row: Mapping[Any, Any], fact: str) -> str:
    """One fact of somebody or something, or nothing where it is a gap or more than one word."""
    found = row["facts"].get(fact)
    return found if isinstance(found, str) else ""


def plain(words: object) -> str:
    """Words without case, accents, hyphens and anything else that people write differently."""
    said = str(words or "")
    if said.isascii():  # most are, and every record of a force may be looked at
        return said.casefold() if said.isalnum() else "".join(filter(str.isalnum, said.casefold()))
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", said).casefold()))


def groups(keys: Mapping[str, Iterable[Hashable]]) -> dict[str, str]:
    """Put together all ids that share a key, also by way of others: to each its smallest id."""
    stands_for = {id_: id_ for id_ in keys}
    first: dict[Hashable, str] = {}
    for id_ in sorted(keys):
        for key in keys[id_]:
            one, other = _root(stands_for, first.setdefault(key, id_)), _root(stands_for, id_)
            stands_for[max(one, other)] = min(one, other)
    return {id_: _root(stands_for, id_) for id_ in keys}


def members(stands_for: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """All ids that one id stands for."""
    found: dict[str, set[str]] = {}
    for id_, one in stands_for.items():
        found.setdefault(one, set()).add(id_)
    return {one: frozenset(ids) for one, ids in found.items()}


def _root(stands_for: Mapping[str, str], id_: str) -> str:
    while stands_for[id_] != id_:
        id_ = stands_for[id_]
    return id_
