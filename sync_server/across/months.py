"""R-30: what a month shows, as numbers: places, and sexual and criminal exploitation apart.

No child, no adult and no word that anybody wrote is in it: a place is its postcode and its kind. A number
below five is not given, and a place is named only where that many different children were there. The other
product of R-30, the restricted intelligence about adults, vehicles and accounts, is ``profile``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

from booklets import definitions
from booklets.checks import formats
from booklets.errors import BookletError
from booklets.school_days import LONDON
from sync_server.across import same
from sync_server.across.hotspots import COMES_UP
from sync_server.across.seen import HORIZON, Episode, Seen, Tied

SMALLEST = 5
COLUMNS = ("month", "what", "which", "episodes", "children")
APART = ("CSE", "CCE")
"""The two that stand in every month, also with nought: neither may hide behind the other."""
TYPES = tuple(f"{form}.exploitation_types" for form in ("mh", "mis", "pi", "ppn"))
ASSESSED = {"ra.f18_cse": "CSE", "ra.f19_cce": "CCE"}
NONE_SEEN = "none_seen"
NOT_KNOWN = "kind of place not known"


class NoSuchMonth(BookletError):
    """A month is written 2026-11, has begun, and lies no further back than the register is looked at."""

    code = "no_such_month"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: of what, which of them, and the episodes and children it is about."""

    what: str
    which: str
    episodes: int
    children: int


def month_of(text: str, now: datetime) -> date:
    """The first day of a month. Raises NoSuchMonth."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NoSuchMonth(f"{text!r} is no month: write it like 2026-11") from None
    today = now.astimezone(LONDON).date()
    if not (now - HORIZON).astimezone(LONDON).date() < first <= today:
        raise NoSuchMonth(f"{text} is not in the last {HORIZON.days} days")
    return first


def lines(seen: Seen, month: date) -> Iterator[Line]:
    """What the month shows."""
    episodes = [one for one in seen.episodes if _month(one) == month]
    yield _line("missing", "all", episodes)
    yield from _grouped(seen, "exploitation", episodes, _types, always=APART)
    yield from _grouped(seen, "kind of place", episodes, _kinds_of_place)
    for line in _grouped(seen, "place", episodes, _places):
        if line.children >= SMALLEST:
            yield line


def as_csv(found: Iterable[Line], month: date) -> str:
    """The lines as a file that any spreadsheet reads."""
    text = StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write(COLUMNS)
    for one in found:
        write((f"{month:%Y-%m}", one.what, one.which, shown(one.episodes), shown(one.children)))
    return text.getvalue()


def shown(number: int) -> str:
    """A small number could be a child somebody knows."""
    return f"fewer than {SMALLEST}" if 0 < number < SMALLEST else str(number)


def _month(one: Episode) -> date:
    return one.at.astimezone(LONDON).date().replace(day=1)


def _line(what: str, which: str, episodes: Iterable[Episode]) -> Line:
    rows = list(episodes)
    return Line(what, which, len(rows), len({one.child for one in rows}))


def _grouped(
    seen: Seen,
    what: str,
    episodes: Iterable[Episode],
    which: Callable[[Seen, Episode], Iterable[str]],
    *,
    always: Iterable[str] = (),
) -> Iterator[Line]:
    """A line for each of what is found in the episodes; an episode may be in several."""
    found: dict[str, list[Episode]] = {one: [] for one in always}
    for episode in episodes:
        for one in set(which(seen, episode)):
            found.setdefault(one, []).append(episode)
    first = {one: number for number, one in enumerate(always)}
    for one in sorted(found, key=lambda name: (first.get(name, len(first)), name)):
        yield _line(what, one, found[one])


def _types(_seen: Seen, episode: Episode) -> Iterator[str]:
    for one in episode.records:
        yield from (code for name in TYPES for code in one.said(name).split() if code != NONE_SEEN)
        yield from (code for name, code in ASSESSED.items() if one.said(name) == "yes")


def _ties(seen: Seen, episode: Episode) -> Iterator[Tied]:
    for one in episode.records:
        yield from (tie for tie in seen.ties_of.get(one.record, ()) if tie.type in COMES_UP)


def _kind(seen: Seen, tie: Tied) -> str:
    labels = {one.code: one.said for one in definitions.entity_form("place").field("place.place_type").codes}
    row = seen.places.get(tie.to_id)
    return labels.get(same.word(row, "place.place_type") if row else "", NOT_KNOWN)


def _kinds_of_place(seen: Seen, episode: Episode) -> Iterator[str]:
    yield from (_kind(seen, tie) for tie in _ties(seen, episode))


def _places(seen: Seen, episode: Episode) -> Iterator[str]:
    for tie in _ties(seen, episode):
        row = seen.places.get(tie.to_id)
        postcode = formats.postcode(str(row["postcode"])) if row else ""
        if postcode:
            yield f"{postcode}, {_kind(seen, tie)}"
