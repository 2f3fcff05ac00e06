"""What became of an episode so far, and which are closed: read from the acts, which never change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, exists, select

from sync_server.db.closings import episode_act


class Kind(StrEnum):
    """What somebody did with an episode, or tried to do."""

    CLOSED = "closed"
    REFUSED = "refused"
    REOPENED = "reopened"


MOVES = frozenset({Kind.CLOSED, Kind.REOPENED})
"""After these it stands another way. What was refused changes nothing."""
_earlier, _later = episode_act.alias(), episode_act.alias()
_OF_ONE = (
    select(episode_act)
    .where(episode_act.c.force == bindparam("force"), episode_act.c.episode == bindparam("episode"))
    .order_by(episode_act.c.n)
)


def acts_of(connection: Connection, force: str, episode: str) -> list[RowMapping]:
    """Everything that became of an episode, the first first."""
    return list(connection.execute(_OF_ONE, {"force": force, "episode": episode}).mappings())


def acts_by_episode(
    connection: Connection, force: str, episodes: Iterable[str]
) -> Mapping[str, list[RowMapping]]:
    """The same of several; those of which nothing became are not among them."""
    query = (
        select(episode_act)
        .where(episode_act.c.force == force, episode_act.c.episode.in_(sorted(set(episodes))))
        .order_by(episode_act.c.n)
    )
    found: dict[str, list[RowMapping]] = {}
    for one in connection.execute(query).mappings():
        found.setdefault(one["episode"], []).append(one)
    return found


def standing_of(acts: Iterable[RowMapping]) -> RowMapping | None:
    """What it stands by: that it was closed, or that it is open again. None: nobody has closed it yet."""
    return max((one for one in acts if one["kind"] in MOVES), key=lambda one: one["n"], default=None)


def closed_by(acts: Iterable[RowMapping]) -> RowMapping | None:
    """The closing by which it is closed, or None where it is open."""
    last = standing_of(acts)
    return last if last is not None and last["kind"] == Kind.CLOSED else None


def closings(connection: Connection, force: str, episodes: Iterable[str]) -> Mapping[str, RowMapping]:
    """Of these episodes those that are closed, each with the closing by which it is."""
    acts = acts_by_episode(connection, force, episodes)
    return {id_: last for id_, own in acts.items() if (last := closed_by(own)) is not None}


def is_closed(force: ColumnElement[str], episode: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the episode of a row is closed, as a condition of a query, however deep it stands in it."""
    # What is open again is held against the closing alone: another table named here would be a second one.
    again = (
        exists()
        .where(
            _later.c.force == _earlier.c.force,
            _later.c.episode == _earlier.c.episode,
            _later.c.kind == Kind.REOPENED.value,
            _later.c.n > _earlier.c.n,
        )
        .correlate(_earlier)
    )
    return (
        exists()
        .where(
            _earlier.c.force == force,
            _earlier.c.episode == episode,
            _earlier.c.kind == Kind.CLOSED.value,
            ~again,
        )
        .correlate_except(_earlier)
    )
