"""What somebody asks the register for. It all stands in the address: a view can be sent as a link.

A child's name does not belong into an address, which stands in histories and logs: it stands there sealed,
and only this server can open it, for somebody of the same force.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, or_, select

from booklets.answers import instant, read_instant
from booklets.errors import WireError
from sync_server.across.seen import MISSING
from sync_server.console.counted import Shows, condition, shows_in
from sync_server.console.marks import DONE
from sync_server.console.scopes import DECISION, seen_by
from sync_server.db.tables import State, record
from sync_server.db.tables import person as person_table
from sync_server.episodes.standing import is_closed
from sync_server.identity.accounts import Person
from sync_server.keys import Slips
from sync_server.notices import UNITED_KINGDOM

NAME = "name"
LONGEST_NAME = 80
MOST_WORDS = 4
MOST_DIGITS = 4
QUESTION = re.compile(r"[A-Za-z0-9_.-]+", re.ASCII)
NEWEST = "-received"
CLOSED = "closed"
EPISODES = frozenset({"open", CLOSED})
_other = record.alias()
SORTS: Mapping[str, str] = {"received": "received_at", "due": "due_at", "risk": "risk"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One view of the register. Empty words ask for everything.

    ``shows`` is what a record shows of how it was made, and ``about`` the question or rule it shows it of.
    """

    state: str = ""
    risk: str = ""
    unit: str = ""
    kind: str = ""
    grade: str = ""
    quality: str = ""
    episode: str = ""
    name: str = field(default="", repr=False)
    since: str = ""
    until: str = ""
    late: bool = False
    shows: Shows | None = None
    about: str = ""
    sort: str = NEWEST
    after: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str], slips: Slips, force: str) -> Asked:
        """What an address asks for. What cannot be understood is not asked for."""
        who = given.get("who", "")
        sort = given.get("sort", NEWEST)
        return cls(
            state=_code(given.get("state", "")),
            risk=_risk(given.get("risk", "")),
            unit=_code(given.get("unit", "")),
            kind=_code(given.get("kind", "")),
            grade=_code(given.get("grade", "")),
            quality=_code(given.get("quality", "")),
            episode=given.get("episode", "") if given.get("episode", "") in EPISODES else "",
            name=(slips.open(who, what=NAME, whose=force) or "") if who else "",
            since=day_in(given.get("from", "")),
            until=day_in(given.get("to", "")),
            late=given.get("late", "") == "yes",
            shows=shows_in(given.get("shows", "")),
            about=_question(given.get("about", "")),
            sort=sort if sort.removeprefix("-") in SORTS else NEWEST,
            after=given.get("after", ""),
        )

    def address(self, slips: Slips, force: str, **changes: Any) -> str:
        """The address of this view, or of one that differs in a few things. It begins at its first page."""
        one = replace(self, **{"after": "", **changes})
        named = slips.seal(one.name, what=NAME, whose=force) if one.name else ""
        said = {
            "state": one.state,
            "risk": one.risk,
            "unit": one.unit,
            "kind": one.kind,
            "grade": one.grade,
            "quality": one.quality,
            "episode": one.episode,
            "from": one.since,
            "to": one.until,
            "late": "yes" if one.late else "",
            "shows": one.shows or "",
            "about": one.about if one.shows else "",
            "who": named,
            "sort": "" if one.sort == NEWEST else one.sort,
            "after": one.after,
        }
        words = urlencode({name: word for name, word in said.items() if word})
        return f"/register?{words}" if words else "/register"

    def noted(self) -> dict[str, str]:
        """What the view was narrowed by, as the audit may keep it.

        Of a name only that one was looked for. The audit is never deleted from, and holds the name of no
        child; which records the search showed is written beside it.
        """
        said = {"state": self.state, "risk": self.risk, "unit": self.unit, "kind": self.kind}
        said |= {"episode": self.episode}
        said |= {"from": self.since, "to": self.until, "late": "yes" if self.late else ""}
        said |= {"shows": self.shows or "", "about": self.about if self.shows else ""}
        said |= {"name": "searched" if self.name else "", "page": "later" if self.after else ""}
        return {name: word for name, word in said.items() if word}

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out of what this person may see."""
        return bool(
            self.state
            or self.risk
            or self.unit
            or self.kind
            or self.grade
            or self.quality
            or self.episode
            or self.name
            or self.since
            or self.until
            or self.late
            or self.shows
        )

    def rows(self, person: Person, now: datetime) -> ColumnElement[bool]:
        """The rows asked for, of those that this person may see. A decision is read with what it decides."""
        c = record.c
        wanted = [seen_by(person), c.record_type != DECISION]
        wanted += [
            column == value
            for column, value in (
                (c.state, self.state),
                (c.unit, self.unit),
                (c.record_type, self.kind),
                (c.vat_grade, self.grade),
                (c.vat_quality, self.quality),
            )
            if value
        ]
        if self.episode:
            closed = is_closed(c.force, c.episode)
            wanted.append(closed if self.episode == CLOSED else and_(_of_missing(person.force), ~closed))
        if self.risk:
            wanted.append(c.risk == int(self.risk))
        if self.since:
            wanted.append(c.received_at >= begins(self.since))
        if self.until:
            wanted.append(c.received_at < begins(self.until) + timedelta(days=1))
        if self.late:
            wanted.append(and_(c.due_at < now, c.state.not_in([one.value for one in DONE])))
        if self.shows:
            wanted.append(condition(self.shows, self.about, person.force, now))
        if self.name:
            wanted.append(c.subject.in_(_of_name(person.force, self.name)))
        return and_(*wanted)

    def page(self, person: Person, now: datetime, most: int) -> Select[Any]:
        """One page's rows in their order, and one more if there is one.

        A page begins after the last row of the one before, wherever that row stands by now: what arrives
        meanwhile is neither shown twice nor leaves anything out.
        """
        column, down = record.c[SORTS[self.sort.removeprefix("-")]], self.sort.startswith("-")
        query = select(record).where(self.rows(person, now))
        word, _, id_ = self.after.partition("~")
        value = _read(column.name, word)
        if id_ and (value is not None or not word):
            query = query.where(_beyond(column, value, id_, down=down))
        value_first = column.desc() if down else column.asc()
        if column.nullable:
            value_first = value_first.nulls_last()
        by_id = record.c.record.desc() if down else record.c.record.asc()
        return query.order_by(value_first, by_id).limit(most + 1)

    def mark(self, row: RowMapping) -> str:
        """Where the next page begins, after this row."""
        value = row[SORTS[self.sort.removeprefix("-")]]
        word = instant(value) if isinstance(value, datetime) else "" if value is None else str(value)
        return f"{word}~{row['record']}"


def _beyond(column: Any, value: Any, id_: str, *, down: bool) -> ColumnElement[bool]:
    """The rows after this one. Rows without a value come last, in either direction."""
    further = record.c.record < id_ if down else record.c.record > id_
    if value is None:
        return and_(column.is_(None), further)
    later = column < value if down else column > value
    beyond = or_(later, and_(column == value, further))
    return or_(beyond, column.is_(None)) if column.nullable else beyond


def _read(name: str, value: str) -> Any:
    """The value in a page's address, or None for what is not one."""
    try:
        if name == "risk":
            return int(value) if len(value) <= MOST_DIGITS else None
        return read_instant(value)
    except (ValueError, WireError):
        return None


def _of_missing(force: str) -> ColumnElement[bool]:
    """The rows of missing episodes: of those of which there is a report or a return that counts."""
    counts = (_other.c.record_type.in_(sorted(MISSING)), _other.c.state != State.WITHDRAWN.value)
    return record.c.episode.in_(select(_other.c.episode).where(_other.c.force == force, *counts))


def _of_name(force: str, name: str) -> Select[Any]:
    """The persons whose names hold each of these words: known as, given or family name."""
    c = person_table.c
    known_as = func.coalesce(c.facts["person.known_as"].as_string(), "")
    whole = func.lower(c.given_names + " " + known_as + " " + c.surname)
    words = name.lower().split()[:MOST_WORDS]
    return select(c.id).where(c.force == force, *(whole.contains(word, autoescape=True) for word in words))


def begins(on: str) -> datetime:
    """The first moment of a day, in the United Kingdom."""
    return datetime.combine(date.fromisoformat(on), time(), UNITED_KINGDOM)


def _code(word: str) -> str:
    return word if word.isascii() and word.replace("_", "").isalnum() else ""


def _question(word: str) -> str:
    """The id of a question or a rule."""
    return word if len(word) <= LONGEST_NAME and QUESTION.fullmatch(word) else ""


def _risk(word: str) -> str:
    """A grade of risk, as its number."""
    return word if word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS else ""


def day_in(word: str) -> str:
    """A day as a date field gives it, or nothing. One without a day before or after it is none."""
    try:
        day = date.fromisoformat(word)
    except ValueError:
        return ""
    return day.isoformat() if date.min < day < date.max else ""
