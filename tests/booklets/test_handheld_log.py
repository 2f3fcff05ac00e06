"""The log of a handheld: whatever is left out, changed or moved, the chain says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from booklets.entities import new_id
from booklets.errors import WireError
from booklets.handheld_log import FIRST, Done, Entry, link_of, links

AT = datetime(2026, 3, 14, 2, 40, tzinfo=UTC)


def some(count: int = 4) -> list[Entry]:
    """So many entries of one night."""
    return [
        Entry(number=number, at=AT + timedelta(minutes=number), done=Done.READ, about=str(new_id()), rev=1)
        for number in range(1, count + 1)
    ]


def test_each_link_follows_from_the_one_before() -> None:
    """As the handheld makes them one by one, and the server all at once."""
    entries, before, alone = some(), FIRST, []
    for one in entries:
        before = link_of(before, one)
        alone.append(before)

    assert links(FIRST, entries) == alone
    assert len(set(alone)) == len(entries)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda entries: entries[:1] + entries[2:],
        lambda entries: [entries[0], entries[2], entries[1], *entries[3:]],
        lambda entries: [entries[0], replace(entries[1], done=Done.OPENED), *entries[2:]],
        lambda entries: [entries[0], replace(entries[1], at=AT), *entries[2:]],
        lambda entries: [entries[0], replace(entries[1], questions=("ret.found_at",)), *entries[2:]],
    ],
    ids=["one left out", "two changed places", "done otherwise", "at another time", "more was changed"],
)
def test_what_is_not_as_it_was_written_ends_in_another_link(wrong) -> None:  # type: ignore[no-untyped-def]
    """So whoever has the last link knows all that came before."""
    entries = some()

    assert links(FIRST, wrong(entries))[-1] != links(FIRST, entries)[-1]


def test_an_entry_is_read_as_it_was_written() -> None:
    """Ids, times and codes, and nothing that anybody said."""
    entry = replace(some(1)[0], done=Done.CHANGED, questions=("pi.child_words", "ret.found_at"))

    assert Entry.from_json(entry.to_json()) == entry


def test_five_is_five_however_json_spells_it() -> None:
    """As everywhere else in what a handheld sends."""
    entry = some(1)[0]

    assert Entry.from_json({**entry.to_json(), "number": 1.0, "rev": 1.0}) == entry


@pytest.mark.parametrize(
    "said",
    [
        None,
        {},
        {"number": 0},
        {"number": True},
        {"done": "told"},
        {"about": "account:1"},
        {"questions": [7]},
        {"questions": ["x" * 81]},
        {"questions": ["x"] * 501},
        {"rev": -1},
        {"at": "yesterday"},
    ],
    ids=str,
)
def test_what_is_no_entry_is_refused_in_words(said: object) -> None:
    """Least of all may it name a chain of another kind."""
    whole = {**some(1)[0].to_json(), **said} if isinstance(said, dict) and said else said

    with pytest.raises(WireError):
        Entry.from_json(whole)
