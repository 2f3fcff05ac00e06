"""When the children of a sheet were missing, and whether they are back.

That a child is back counts whichever unit wrote it, as on the lookout card. It counts also where the return
was typed anew, with another child's id and another episode: then by the same names and date of birth.
Of an episode that somebody has closed nobody waits for a return.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, and_, or_, select

from booklets.form_names import RETURN
from booklets.signs import only_rung, says_dead
from sync_server.across import same
from sync_server.across.seen import MISSING
from sync_server.console import words
from sync_server.console.episode_words import closed_as
from sync_server.console.marks import rows_by
from sync_server.console.pages import Mark
from sync_server.db.tables import State, happening, person, record
from sync_server.episodes.standing import closings
from sync_server.flags import SAID

BEFORE = "mis.returned_before_report"
BEGINNING = datetime.min.replace(tzinfo=UTC)
NAMES = ("id", "given_names", "surname", "born")


@dataclass(frozen=True, slots=True)
class Absence:
    """One time a child was missing. ``over`` says why nobody waits for a return that is not recorded.

    ``closed`` says as what somebody has closed the episode, or nothing; ``rang``, that the child has
    rung and was seen by nobody.
    """

    began: datetime | None
    back: datetime | None = None
    over: str = ""
    closed: str = ""
    rang: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether no record says that the child is back, or that nobody will come back."""
        return self.back is None and not self.over and not self.closed

    def mark(self, now: datetime) -> Mark:
        """It in words."""
        one = self._mark(now)
        closed = f"Closed: {self.closed}" if self.closed else ""
        return replace(one, under=". ".join(filter(None, (one.under, closed))))

    def _mark(self, now: datetime) -> Mark:
        since = f"Missing since {words.short(self.began)}" if self.began else "Missing"
        under = "" if self.began else "Since when is not recorded"
        if self.back:
            return Mark(f"{since}, back {words.short(self.back)}", "", under)
        if self.over:
            return Mark(f"{since}: {self.over}", "", under)
        began = self.began if self.goes_on else None
        how_long = f"{words.how_long(now - began)}: " if began and began <= now else ""
        heard = "has rung, seen by nobody: still missing" if self.rang else "no return is recorded"
        return Mark(since, "", f"{how_long}{heard}")


@dataclass(frozen=True)
class Children:
    """The children whom some records are about: each as mentioned, and the one word for all mentions."""

    people: Mapping[str, RowMapping] = field(repr=False)
    stands_for: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, db: Connection, force: str, rows: Sequence[RowMapping]) -> Children:
        """Whoever these records are about, and everybody of the force who seems to be one of them."""
        return cls.called(db, force, {row["subject"] for row in rows})

    @classmethod
    def called(cls, db: Connection, force: str, ids: Collection[str]) -> Children:
        """The same of those whom the records mention by these ids.

        Names and dates of birth are compared first: what else is known is read of those who count, for it
        is most of the work.
        """
        names = select(*(person.c[name] for name in NAMES)).where(person.c.force == force)
        own = db.execute(names.where(person.c.id.in_(sorted(ids)))).mappings().all()
        born = sorted({row["born"] for row in own if same.day_in(row["born"])})
        namesakes = db.execute(names.where(person.c.born.in_(born))).mappings()
        stands_for = same.people({row["id"]: dict(row) for row in (*own, *namesakes)})
        these = {stands_for[row["id"]] for row in own}
        members = [id_ for id_, one in stands_for.items() if one in these]
        found = rows_by(db, person, "id", members)
        people = {id_: row for id_ in members for row in found[id_] if row["force"] == force}
        return cls(people, stands_for)

    def who(self, row: RowMapping) -> str:
        """The word for the child of a record; a record about nobody stands for itself."""
        return self.stands_for.get(row["subject"], row["subject"]) or f"nobody {row['episode']}"


def absences(
    db: Connection, force: str, rows: Sequence[RowMapping], children: Children
) -> Mapping[str, Absence]:
    """The times missing that these records are about, by their episodes."""
    episodes = sorted({row["episode"] for row in rows})
    query = (
        select(record, happening.c.began_at, happening.c.ended_at.label("back_at"))
        .outerjoin(happening, and_(happening.c.force == record.c.force, happening.c.id == record.c.episode))
        .where(
            record.c.force == force,
            record.c.record_type.in_(sorted(MISSING)),
            record.c.state != State.WITHDRAWN.value,
            or_(record.c.episode.in_(episodes), record.c.subject.in_(sorted(children.people))),
        )
        .order_by(record.c.received_at, record.c.record)
    )
    reports = db.execute(query).mappings().all()
    known = set(episodes)
    of_episode: dict[str, list[RowMapping]] = {}
    for one in reports:
        of_episode.setdefault(one["episode"], []).append(one)
    closed = {id_: closed_as(one) for id_, one in closings(db, force, known).items()}
    return {
        id_: replace(_absence(own, reports, children), closed=closed.get(id_, ""))
        for id_, own in of_episode.items()
        if id_ in known
    }


def _absence(own: Sequence[RowMapping], reports: Sequence[RowMapping], children: Children) -> Absence:
    first = own[0]
    since = first["began_at"] or first["received_at"]
    child = children.who(first)
    returns = [one for one in own if _says_back(one)]
    if returns:
        return Absence(first["began_at"], returns[0]["back_at"] or returns[0]["received_at"])
    # One that was typed anew counts only by its time: it may have come late, of an earlier night.
    later = [
        one["back_at"]
        for one in reports
        if _says_back(one) and children.who(one) == child and (one["back_at"] or BEGINNING) >= since
    ]
    rang = any(only_rung(one["flags"]) for one in own)
    return Absence(first["began_at"], min(later, default=None), _over(own), rang=rang)


def _says_back(row: RowMapping) -> bool:
    """Whether it is the return of a child who is back: whoever has only rung is not (R-08b)."""
    return row["form"] == RETURN and not only_rung(row["flags"])


def _over(own: Sequence[RowMapping]) -> str:
    if any(says_dead(one["flags"]) for one in own):
        return "the child has died"
    early = any(one["flags"].get(SAID, {}).get(BEFORE) == "yes" for one in own)
    return "back before the report" if early else ""
