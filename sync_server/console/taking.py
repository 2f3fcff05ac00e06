"""Taking a list as a file: what for is said first, and written down with every record before the file goes.

The line names none of the children, because whoever watches over looking reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, RowMapping

from booklets.checks.vocabulary import listed
from sync_server import audit
from sync_server.across.same import plain
from sync_server.console.doors import Seen
from sync_server.console.marks import person_in
from sync_server.console.pages import Problem

LONGEST = 200
MARKING = "OFFICIAL-SENSITIVE"
SHORTEST_NAME = 2
NO_PURPOSE = "Say what you take the file for"
TOO_LONG = f"Say it in at most {LONGEST} characters"
NAMES_A_CHILD = "Say it without the name of a child: “{name}” is one of this list"
Detail = Mapping[str, str | int | list[str]]


def purpose_in(form: Mapping[str, str]) -> str:
    """What the file is for, as one line: what cannot be printed is a space."""
    typed = form.get("purpose", "")
    return " ".join("".join(one if one.isprintable() else " " for one in typed).split())


def problems_with(purpose: str, names: Iterable[str]) -> Iterator[Problem]:
    """What has to be put right before the file goes. ``names`` are those of the children in it."""
    if not purpose:
        yield Problem("purpose", NO_PURPOSE)
    if len(purpose) > LONGEST:
        yield Problem("purpose", TOO_LONG)
    named = name_in(purpose, names)
    if named:
        yield Problem("purpose", NAMES_A_CHILD.format(name=named))


def name_in(said: str, names: Iterable[str]) -> str:
    """The first word of a text that is part of one of these names, or nothing."""
    known = {plain(one) for name in names for one in _words(name)}
    return next((one for one in _words(said) if plain(one) in known), "")


def names_of(children: Iterable[RowMapping | None]) -> Iterator[str]:
    """The names of these children, as they are and as they are called."""
    for row in children:
        child = person_in(row)
        if child is not None:
            yield from (child.word(fact) for fact in ("given_names", "surname"))
            yield _telling(child.word("known_as"))


def note_taken(
    db: Connection,
    seen: Seen,
    what: str,
    *,
    purpose: str,
    rows: int,
    records: Sequence[str],
    asked: Sequence[str],
) -> None:
    """In the chain of whoever takes it, with all records; and in the chain of each record."""
    somebody = seen.account
    said: Detail = {"why": seen.why, "purpose": purpose}
    stood: Detail = {"rows": rows, "records": list(records), "asked": list(asked)}
    for chain, did, detail in (
        (f"account:{somebody.id}", what, {**said, **stood}),
        *((one, "taken_in_a_file", said) for one in sorted(records)),
    ):
        audit.note(
            db,
            force=somebody.person.force,
            record=chain,
            who=somebody.id,
            what=did,
            at=seen.now,
            detail=detail,
        )


def _words(said: str) -> Sequence[str]:
    return [one for one in re.findall(r"\w+", said) if len(one) >= SHORTEST_NAME]


def _telling(known_as: str) -> str:
    """What tells somebody in what they are called: of "Jo from the flats" neither "from" nor "the"."""
    parts = known_as.split()
    small = listed("small") if len(parts) > 1 else frozenset()
    return " ".join(one for one in parts if one.casefold() not in small)
