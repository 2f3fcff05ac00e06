"""The vulnerability team's queue: notices that a supervisor has approved and that no partner has seen."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection, select
from starlette.responses import Response

from sync_server import evidence
from sync_server.console import decided, records, scopes, triage, waiting, words
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.listed import QueuePage, QueueRow
from sync_server.console.marks import child_of, flag_marks, person_in, rows_by
from sync_server.console.pages import RefusedPage
from sync_server.console.register import note_list
from sync_server.db.identity import account
from sync_server.db.tables import State, delivery, person, record
from sync_server.notices import reference_of

AT_ONCE = 100
SAID = {"passed": "Passed on.", "returned": "Sent back to the officer."}
TOO_OLD = "That page was too old to send. Open the notice again and decide on what it says now."


def show(seen: Seen) -> Response:
    """What waits, the gravest first and of those the longest waiting."""
    with seen.context.store.read() as db:
        rows = tuple(_rows(seen, db))
    note_list(seen, "queue read", len(rows))
    return page(
        QueuePage(
            **seen.frame("queue"),
            asked_at=words.day_and_time(seen.now),
            rows=rows,
            said=SAID.get(seen.request.query_params.get("done", ""), ""),
        )
    )


def send(seen: Seen) -> Response:
    """Pass a notice on, or send it back: on the revision that was on the page, or not at all."""
    id_ = seen.request.path_params["record"]
    with seen.context.store.read() as db:
        row = scopes.found(db, id_, seen.account.person)
        notice = evidence.record_of(db, seen.context.keys.safe, id_, row["rev"]) if row else None
    if row is None or notice is None:
        return page(RefusedPage(**seen.frame("queue"), says=records.NOT_THERE), 404)
    had = triage.shown_in(seen, id_)
    if had is None:
        return page(RefusedPage(**seen.frame("queue"), says=TOO_OLD, back=f"/records/{id_}"), 409)
    known = triage.known_in(seen, notice)
    form = triage.filled_in(triage.form_for(seen, row), seen.form, known)
    if form.problems:
        return records.shown(seen, form=form, status=422)
    standing = triage.settle(seen, had, form)
    if not standing.stands:
        why = decided.WHY_VOID.get(standing.why_void, standing.why_void)
        refused = RefusedPage(
            **seen.frame("queue"),
            says=f"Nothing was passed on and nothing was sent back: {why}.",
            more="Your words were kept with the record. Read it as it stands now.",
            back=f"/records/{id_}",
        )
        return page(refused, 409)
    return go_to(f"/queue?done={'passed' if seen.form.get('act') == triage.PASS else 'returned'}")


def _rows(seen: Seen, db: Connection) -> Iterator[QueueRow]:
    query = (
        select(record)
        .where(scopes.seen_by(seen.account.person), record.c.state == State.SPECIALIST.value)
        .order_by(record.c.risk, record.c.decided_at, record.c.record)
        .limit(AT_ONCE)
    )
    found = db.execute(query).mappings().all()
    children = rows_by(db, person, "id", (row["subject"] for row in found))
    people = rows_by(db, account, "id", (row["author"] for row in found))
    owed = rows_by(db, delivery, "record", (row["record"] for row in found))
    policy = seen.context.policy(seen.account.person.force)
    for row in found:
        child, about = child_of(person_in(next(iter(children[row["subject"]]), None)), row["received_at"])
        officer = next(iter(people[row["author"]]), None)
        since = row["decided_at"] or row["received_at"]
        yield QueueRow(
            href=f"/records/{row['record']}",
            child=child,
            about=about,
            reference=reference_of(UUID(row["record"])),
            risk=words.risk_mark(row["risk"]),
            waiting=waiting.since(owed[row["record"]], since, seen.now, policy),
            officer=f"{officer['rank']} {officer['name']}" if officer else row["author"],
            unit=words.plain_code(row["unit"]),
            flags=tuple(flag_marks(row["flags"], covert=row["covert"])),
        )
