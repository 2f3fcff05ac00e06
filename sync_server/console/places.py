"""Places that come up, and who looks after them: for the exploitation team and its community officers.

No child stands here, and nothing that anybody wrote about one: how many there were, in how many episodes,
why a place is of concern as it was ticked, who owns it, and what the community officers are asked there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, select
from starlette.responses import Response

from booklets import definitions
from booklets.answers import codes_of
from booklets.duties import title_of
from booklets.records import Record
from sync_server import evidence
from sync_server.across import hotspots, same
from sync_server.across.seen import Episode, Filed, read
from sync_server.across.seen import Seen as Register
from sync_server.console import words
from sync_server.console.doors import Seen, page
from sync_server.console.overviews import PlaceRow, PlacesPage
from sync_server.console.pages import Mark
from sync_server.console.register import note_list
from sync_server.db.owed import TaskState, task
from sync_server.duties.passing import ASKERS, AT_PLACE
from sync_server.identity.accounts import Role

LEAST = 2
"""Times a place has come up before it stands here without a record of its own."""
WHY, OWNER, REVIEW = "hot.why", "hot.owner", "hot.review_due"
NO_OWNER = Mark("Nobody is named", "soon")


@dataclass(frozen=True)
class _Place:
    """One place: the episodes it came up in lately, and the newest record that is about it alone."""

    id: str
    episodes: Mapping[Episode, Filed] = field(repr=False)
    concern: Record | None = field(repr=False)

    @property
    def children(self) -> int:
        """How many different ones there were."""
        return len({episode.child for episode in self.episodes})


def show(seen: Seen) -> Response:
    """The places, the most children first. That they were read is written down first."""
    force = seen.account.person.force
    settings = seen.context.policy(force).settings
    with seen.context.store.read() as db:
        looked = read(db, force, settings, seen.now)
        found = _places(seen, looked, _concerns(seen, db, looked))
        asked = _asked(db, force)
    mentions = same.members(looked.place)
    rows = tuple(_row(seen, looked, one, asked, mentions[one.id]) for one in found)
    records = dict.fromkeys(filed.record for one in found for filed in one.episodes.values())
    note_list(seen, "places read", len(rows), list(records))
    days = looked.number("hotspot_days", 90)
    return page(
        PlacesPage(**seen.frame("places"), asked_at=words.day_and_time(seen.now), days=days, rows=rows)
    )


def _places(seen: Seen, looked: Register, concerns: Mapping[str, Record]) -> list[_Place]:
    since = seen.now - timedelta(days=looked.number("hotspot_days", 90))
    lately = {
        place: {episode: filed for episode, filed in episodes.items() if episode.at >= since}
        for place, episodes in hotspots.named(looked).items()
    }
    known = [
        _Place(place, lately.get(place, {}), concerns.get(place))
        for place in lately.keys() | concerns.keys()
        if len(lately.get(place, ())) >= LEAST or place in concerns
    ]
    return sorted(known, key=lambda one: (-one.children, -len(one.episodes), one.id))


def _concerns(seen: Seen, db: Connection, looked: Register) -> dict[str, Record]:
    """The newest record of each place that is about the place alone."""
    found: dict[str, Record] = {}
    for filed in looked.filed:  # in the order of arrival: a later one takes the place of an earlier
        if filed.type != hotspots.CONCERN:
            continue
        record = evidence.readable(db, seen.context.keys.safe, filed.record, filed.rev)
        for tie in looked.ties_of.get(filed.record, ()):
            place = looked.place.get(tie.to_id, "")
            if record and place and tie.type == hotspots.IS_OF_CONCERN and not record.header.covert:
                found[place] = record
    return found


def _asked(db: Connection, force: str) -> Sequence[RowMapping]:
    """What the community officers are asked to do at places."""
    query = select(task).where(
        task.c.force == force,
        task.c.owner_role == Role.COMMUNITY.value,
        task.c.status == TaskState.OPEN.value,
        task.c.rule.startswith(f"{AT_PLACE}/"),
    )
    return db.execute(query.order_by(task.c.due_at, task.c.id)).mappings().all()


def _row(
    seen: Seen, looked: Register, one: _Place, asked: Sequence[RowMapping], mentions: frozenset[str]
) -> PlaceRow:
    known, roles = looked.places[one.id], seen.account.person.roles
    times = len(one.episodes)
    latest = max(one.episodes.values(), key=lambda filed: (filed.arrived, filed.record), default=None)
    about = latest.record if latest else str(one.concern.header.record) if one.concern else ""
    return PlaceRow(
        place=hotspots.where(known) or "No address",
        kind=_kind(known),
        came_up="1 time" if times == 1 else f"{times} times",
        children="1 child" if one.children == 1 else f"{one.children} children",
        why=tuple(_why(one.concern)),
        owner=_owner(one.concern, seen.now.date()),
        asked=tuple(
            (title_of(row["kind"]), f"/tasks/{row['id']}" if Role.COMMUNITY in roles else "")
            for row in asked
            if row["rule"].split("/")[1] in mentions
        ),
        ask=f"/records/{about}/community" if about and set(ASKERS) & roles else "",
    )


def _kind(row: Mapping[str, Any]) -> str:
    code = same.word(row, "place.place_type")
    label = definitions.entity_form("place").field("place.place_type").label_of
    return label(code) if code else "Kind not known"


def _why(concern: Record | None) -> Iterator[str]:
    """What was ticked, and never what was written: that may name a child."""
    label = definitions.every_field()[WHY].label_of
    yield from (label(code) for code in codes_of(concern.answers.get(WHY) if concern else None))


def _owner(concern: Record | None, today: date) -> Mark:
    said = concern.answers.get(OWNER) if concern else None
    if concern is None or not isinstance(said, str):
        return NO_OWNER
    due = same.day_in(concern.answers.get(REVIEW))
    if due is None:
        return Mark(said)
    return Mark(said, "soon" if due < today else "", f"Looked at again by {words.day(due)}")
