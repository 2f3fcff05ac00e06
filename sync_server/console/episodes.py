"""The missing episodes that nobody has closed, and the closings that the team looks at.

Those are the refused ones, those that were made although something was open, and what is open again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, exists, func, or_, select
from starlette.responses import Response

from sync_server.across.seen import MISSING
from sync_server.console import words
from sync_server.console.absences import Absence, Children, absences
from sync_server.console.doors import Seen, page
from sync_server.console.episode_pages import EpisodeRow, EpisodesPage, RefusedRow
from sync_server.console.episode_words import briefly, did, path_of
from sync_server.console.followed import names_of
from sync_server.console.marks import NONE, child_of, person_in
from sync_server.console.pages import Mark
from sync_server.console.register import note_list
from sync_server.console.scopes import DECISION, seen_by
from sync_server.db.closings import episode_act
from sync_server.db.tables import State, record
from sync_server.episodes.standing import Kind, acts_by_episode, is_closed, standing_of
from sync_server.episodes.still_open import of_episodes, still_open, tasks_on, with_two_versions

HERE = "episodes"
AT_ONCE = 50
MOST_DIGITS = 4
DONE: Mapping[str, str] = {
    "closed": "Closed. A record that still comes opens it again.",
    "reopened": "It is open again.",
}
NOTHING_OPEN = Mark("Nothing: it can be closed", "well")


def show(seen: Seen) -> Response:
    """One page of them, what came last on top. That they were read is written down first."""
    number = _page_in(seen)
    with seen.context.store.read() as db:
        found = db.execute(_not_closed(seen, number)).all()
        acts = db.execute(_to_look_at(seen)).mappings().all() if number == 1 else []
        ids = [one.episode for one in found[:AT_ONCE]]
        known = _Known.of(seen, db, [*ids, *(one["episode"] for one in acts)])
        rows = tuple(known.row(one) for one in ids)
        refused = tuple(known.refused(one) for one in acts)
    shown = [row["record"] for own in known.rows.values() for row in own]
    note_list(seen, "episodes read", len(rows), sorted(shown))
    return page(
        EpisodesPage(
            **seen.frame(HERE),
            asked_at=words.day_and_time(seen.now),
            number=f"Page {number}" if number > 1 else "Those with the newest records first",
            rows=rows,
            refused=refused,
            more=f"/episodes?page={number + 1}" if len(found) > AT_ONCE else "",
            first="/episodes" if number > 1 else "",
        )
    )


def _page_in(seen: Seen) -> int:
    given = seen.request.query_params.get("page", "")
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) <= MOST_DIGITS else 1


def _not_closed(seen: Seen, number: int) -> Select[tuple[str]]:
    newest = func.max(record.c.received_at)
    return (
        select(record.c.episode)
        .where(_of_missing(seen), ~is_closed(record.c.force, record.c.episode))
        .group_by(record.c.episode)
        .order_by(newest.desc(), record.c.episode)
        .limit(AT_ONCE + 1)
        .offset(max(0, number - 1) * AT_ONCE)
    )


def _of_missing(seen: Seen) -> ColumnElement[bool]:
    """The reports and returns that count and are this person's to read: their episodes have a page."""
    return and_(
        seen_by(seen.account.person),
        record.c.record_type.in_(sorted(MISSING)),
        record.c.state != State.WITHDRAWN.value,
    )


def _to_look_at(seen: Seen) -> Select[tuple[object, ...]]:
    """The newest acts that are no plain closing, of episodes whose page this person may open."""
    theirs = exists().where(_of_missing(seen), record.c.episode == episode_act.c.episode)
    return (
        select(episode_act)
        .where(
            episode_act.c.force == seen.account.person.force,
            theirs,
            or_(episode_act.c.why != "", episode_act.c.kind == Kind.REOPENED.value),
        )
        .order_by(episode_act.c.at.desc(), episode_act.c.id.desc())
        .limit(AT_ONCE)
    )


@dataclass(frozen=True)
class _Known:
    """What was read for the list, by episode: of what this person may read."""

    seen: Seen
    rows: Mapping[str, Sequence[RowMapping]] = field(repr=False)
    tasks: Sequence[RowMapping] = field(repr=False)
    beside: Collection[str]
    children: Children = field(repr=False)
    absent: Mapping[str, Absence] = field(repr=False)
    acts: Mapping[str, Sequence[RowMapping]] = field(repr=False)
    names: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, seen: Seen, db: Connection, episodes: Iterable[str]) -> _Known:
        """Everything about these episodes, read at once."""
        person = seen.account.person
        rows = of_episodes(db, person.force, episodes, seen_by(person))
        every = [row for own in rows.values() for row in own]
        children = Children.of(db, person.force, every)
        return cls(
            seen=seen,
            rows=rows,
            tasks=tasks_on(db, every),
            beside=with_two_versions(db, person.force, every),
            children=children,
            absent=absences(db, person.force, every, children),
            acts=acts_by_episode(db, person.force, rows),
            names=names_of(db, person.force),
        )

    def row(self, episode: str) -> EpisodeRow:
        """One line of the list."""
        own = self.rows[episode]
        child, about = self.child(own)
        open_ = [one.what.value for one in still_open(own, self.tasks, self.beside)]
        last = standing_of(self.acts.get(episode, ()))
        return EpisodeRow(
            href=path_of(episode),
            child=child,
            about=about,
            missing=self.absent[episode].mark(self.seen.now) if episode in self.absent else NONE,
            open=briefly(open_) or (NOTHING_OPEN,),
            again=Mark(did(last), "soon", words.short(last["at"])) if last is not None else NONE,
            unit=", ".join(dict.fromkeys(words.plain_code(row["unit"]) for row in own)),
        )

    def refused(self, act: RowMapping) -> RefusedRow:
        """One closing that somebody should look at."""
        return RefusedRow(
            href=path_of(act["episode"]),
            child=self.child(self.rows[act["episode"]])[0],
            at=words.short(act["at"]),
            who=self.names.get(act["by"], words.plain_code(act["by"])),
            did=did(act),
            open=briefly(act["still_open"]),
        )

    def child(self, own: Sequence[RowMapping]) -> tuple[str, str]:
        """Whom an episode is about, as mentioned in its newest record."""
        newest = newest_of(own)
        return child_of(person_in(self.children.people.get(newest["subject"])), newest["received_at"])


def newest_of(rows: Sequence[RowMapping]) -> RowMapping:
    """The newest record of an episode that is no decision: it says whom the episode is about."""
    return next(row for row in reversed(rows) if row["record_type"] != DECISION)
