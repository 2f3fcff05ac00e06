"""Two versions of one record that build on the same revision: read side by side, and one of them chosen.

The form carries a slip that says which revision stood at the left. What is chosen is chosen between those
two, and nothing is done once the record has moved on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, RowMapping
from starlette.responses import Response

from booklets import comparing
from booklets.records import Record
from sync_server import evidence
from sync_server.console import records, scopes, words
from sync_server.console.changes import view_of
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.listed import BesideRow, TwoVersionsPage
from sync_server.console.marks import child_of, title_of
from sync_server.console.pages import BesidePage, RefusedPage
from sync_server.console.register import note_list
from sync_server.deciding.unsettled import Unsettled, unsettled
from sync_server.intake import aside
from sync_server.intake.aside import Apart
from sync_server.intake.settling import Choice, Counts, NotSettled, settle
from sync_server.notices import reference_of

HERE, SLIP = "two-versions", "beside"
TOO_OLD = "That page was too old to send. Read both versions again as they stand now."
SETTLED = "It is settled. Both officers are told on their devices, and both versions stay in the file."
WHY_NOT: Mapping[NotSettled, str] = {
    NotSettled.SETTLED_ALREADY: "Somebody else has settled it already.",
    NotSettled.MOVED_ON: "The record has moved on to another revision. Read both as they stand now.",
    NotSettled.OWN_RECORD: "You wrote one of the versions of this record, so somebody else chooses.",
    NotSettled.OTHER_UNIT: "The other version is of another unit, so it cannot become this record.",
}


@dataclass(frozen=True, slots=True)
class Two:
    """A record as it stands, and what was kept beside it."""

    one: Unsettled
    row: RowMapping
    first: Record
    other: Apart

    @property
    def path(self) -> str:
        """Where both are read."""
        return records.beside_path(self.one)


def show(seen: Seen) -> Response:
    """Every record beside which another version waits for a person."""
    with seen.context.store.read() as db:
        there = tuple(_all(seen, db))
    rows = tuple(_row(two, seen) for two in there)
    note_list(seen, "conflicts read", len(rows), list(dict.fromkeys(two.one.record for two in there)))
    done = SETTLED if seen.request.query_params.get("done", "") else ""
    asked_at = words.day_and_time(seen.now)
    return page(TwoVersionsPage(**seen.frame(HERE), asked_at=asked_at, rows=rows, said=done))


def read(seen: Seen) -> Response:
    """Both versions, answer by answer. That they are read is written down first."""
    two = _found(seen)
    if two is None:
        return page(RefusedPage(**seen.frame(HERE), says=records.NOT_THERE), 404)
    records.note_view(seen, two.one.record, two.row["rev"])
    records.note_view(seen, two.one.record, two.other.arrived.rev)
    seen_now = f"{two.one.env_sha256} {two.row['rev']} {two.row['digest']}"
    child, _ = _child(two, seen)
    first, other = two.first.header, two.other.record.header
    return page(
        BesidePage(
            **seen.frame(HERE),
            title=f"Two versions: {child}",
            heading=child,
            under=f"Two versions of {title_of(first.form)}, {reference_of(first.record)}: what is different",
            changes=tuple(map(view_of, comparing.changes(two.first, two.other.record))),
            before=f"The record: {_by(two.first)}",
            after=f"Kept beside it: {_by(two.other.record)}",
            back=f"/records/{two.one.record}",
            action=two.path,
            seen=seen.slips.seal(seen_now, what=SLIP, whose=seen.account.id),
            withdraws=other.void_reason,
        )
    )


def choose(seen: Seen) -> Response:
    """Let the version count that was chosen: between the two that were on the page, or not at all."""
    two = _found(seen)
    if two is None:
        return page(RefusedPage(**seen.frame(HERE), says=WHY_NOT[NotSettled.SETTLED_ALREADY]), 409)
    slip = seen.slips.open(seen.form.get("seen", ""), what=SLIP, whose=seen.account.id)
    parts = slip.split(" ") if slip else []
    given = seen.form.get("counts", "")
    if (
        len(parts) != len(("sha", "rev", "digest"))
        or parts[0] != two.one.env_sha256
        or given not in set(Counts)
    ):
        return page(RefusedPage(**seen.frame(HERE), says=TOO_OLD, back=two.path), 409)
    choice = Choice(by=seen.account, one=two.one, rev=int(parts[1]), digest=parts[2], counts=Counts(given))
    why = seen.context.store.write(lambda db: settle(seen.context, db, choice))
    if why is not None:
        refused = RefusedPage(**seen.frame(HERE), says=f"Nothing was changed. {WHY_NOT[why]}", back=two.path)
        return page(refused, 409)
    return go_to(f"/{HERE}?done=settled")


def _all(seen: Seen, db: Connection) -> Iterator[Two]:
    for one in unsettled(db, seen.account.person.force):
        two = _two(seen, db, one)
        if two is not None:
            yield two


def _found(seen: Seen) -> Two | None:
    mark = seen.request.path_params["mark"]
    with seen.context.store.read() as db:
        waiting = unsettled(db, seen.account.person.force)
        one = next((one for one in waiting if one.env_sha256 == mark), None)
        if one is not None:
            scopes.opened(db, one.record, seen.account.person)
        return _two(seen, db, one) if one else None


def _two(seen: Seen, db: Connection, one: Unsettled) -> Two | None:
    """Both, for somebody whose record it is to read."""
    row = scopes.found(db, one.record, seen.account.person)
    safe = seen.context.keys.safe
    if row is None or row["record_type"] == scopes.DECISION:
        return None
    first, other = evidence.record_of(db, safe, one.record, row["rev"]), aside.the_other(db, safe, one)
    return Two(one, row, first, other) if first and other else None


def _row(two: Two, seen: Seen) -> BesideRow:
    child, about = _child(two, seen)
    return BesideRow(
        href=two.path,
        child=child,
        about=about,
        kind=title_of(two.row["form"]),
        reference=reference_of(UUID(two.one.record)),
        first=_by(two.first),
        other=_by(two.other.record),
        since=f"{words.how_long(seen.now - two.one.at)}, since {words.short(two.one.at)}",
    )


def _child(two: Two, seen: Seen) -> tuple[str, str]:
    entities = {one.id: one for one in two.first.entities}
    subject = two.first.header.subject
    return child_of(entities.get(subject) if subject else None, seen.now)


def _by(record: Record) -> str:
    author, sent = record.header.author, record.header.submitted.instant
    return f"{author.rank} {author.name}, sent {words.short(sent)}"
