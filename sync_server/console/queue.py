"""The vulnerability team's queue: danger as it arrives, and notices that no partner has seen yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select
from starlette.responses import Response

from sync_server import evidence
from sync_server.console import danger, decided, records, scopes, triage, waiting, words
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.listed import DangerRow, QueuePage, QueueRow
from sync_server.console.marks import child_of, flag_marks, person_in, rows_by
from sync_server.console.pages import RefusedPage
from sync_server.console.register import note_list
from sync_server.db.identity import account
from sync_server.db.owed import delivery
from sync_server.db.tables import State, person, record
from sync_server.notices import reference_of

AT_ONCE = 100
SAID = {
    "passed": "Passed on.",
    "passed_unsaid": "Passed on. It stays on this page until you write down what you did about the danger.",
    "returned": "Sent back to the officer.",
    "acted": "Written down: what you did about the danger.",
}
TOO_OLD = "That page was too old to send. Open the notice again and decide on what it says now."
ACTED_BEFORE = "Somebody of your team has written down already what was done about this danger."


def show(seen: Seen) -> Response:
    """What waits: danger first, then the notices, the gravest first and of those the longest waiting."""
    with seen.context.store.read() as db:
        in_danger = tuple(_in_danger(seen, db))
        rows = tuple(_rows(seen, db))
    hrefs = [*(one.href for one in in_danger), *(one.href for one in rows)]
    shown = [href.rpartition("/")[2] for href in hrefs]
    note_list(seen, "queue read", len(shown), shown)
    return page(
        QueuePage(
            **seen.frame("queue"),
            asked_at=words.day_and_time(seen.now),
            danger=tuple(one for one in in_danger if not one.passed),
            unsaid=tuple(one for one in in_danger if one.passed),
            rows=rows,
            said=SAID.get(seen.request.query_params.get("done", ""), ""),
        )
    )


def send(seen: Seen) -> Response:
    """Pass a notice on, or send it back: on the revision that was on the page, or not at all."""
    id_ = seen.request.path_params["record"]
    with seen.context.store.read() as db:
        row = scopes.opened(db, id_, seen.account.person)
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
    return go_to(f"/queue?done={_done(seen, id_)}")


def _done(seen: Seen, record_id: str) -> str:
    """What became of a notice; where it told of danger, that passing it on has not said what was done."""
    if seen.form.get("act") != triage.PASS:
        return "returned"
    with seen.context.store.read() as db:
        return "passed_unsaid" if danger.is_open(db, record_id) else "passed"


def act(seen: Seen) -> Response:
    """What the team did about danger: written down, and the task closed, or asked for what is missing."""
    id_ = seen.request.path_params["record"]
    with seen.context.store.read() as db:
        row = scopes.opened(db, id_, seen.account.person)
        known = evidence.record_of(db, seen.context.keys.safe, id_, row["rev"]) if row else None
        form = danger.form_for(db, seen, row) if row else None
    if row is None or known is None:
        return page(RefusedPage(**seen.frame("queue"), says=records.NOT_THERE), 404)
    had = triage.shown_in(seen, id_, what=danger.SLIP)
    if had is None:
        return page(RefusedPage(**seen.frame("queue"), says=TOO_OLD, back=f"/records/{id_}"), 409)
    if form is not None:
        names = triage.known_in(seen, known)
        form = danger.filled_in(form, seen.form, names, moved_on=had.rev != row["rev"])
        if form.problems:
            return records.shown(seen, acting=form, status=422)
        if danger.act(seen, row, form):
            return go_to("/queue?done=acted")
    refused = RefusedPage(**seen.frame("queue"), says=ACTED_BEFORE, back=f"/records/{id_}")
    return page(refused, 409)


def _in_danger(seen: Seen, db: Connection) -> Iterator[DangerRow]:
    found = danger.waiting(db, seen, AT_ONCE)
    children = rows_by(db, person, "id", (row["subject"] for row in found))
    people = rows_by(db, account, "id", (row["author"] for row in found))
    hidden = scopes.restrictions_on(db, [row["record"] for row in found], seen.account.person)
    for row in found:
        child, about = _whose(row, children, hidden)
        officer = next(iter(people[row["author"]]), None)
        called = f"{officer['rank']} {officer['name']}" if officer else row["author"]
        yield danger.row_of(row, seen, child=child, about=about, officer=called)


def _rows(seen: Seen, db: Connection) -> Iterator[QueueRow]:
    query = (
        select(record)
        .where(scopes.assessed_by(seen.account.person), record.c.state == State.SPECIALIST.value)
        .order_by(record.c.risk, record.c.decided_at, record.c.record)
        .limit(AT_ONCE)
    )
    found = db.execute(query).mappings().all()
    children = rows_by(db, person, "id", (row["subject"] for row in found))
    people = rows_by(db, account, "id", (row["author"] for row in found))
    owed = rows_by(db, delivery, "record", (row["record"] for row in found))
    policy = seen.context.policy(seen.account.person.force)
    hidden = scopes.restrictions_on(db, [row["record"] for row in found], seen.account.person)
    for row in found:
        child, about = _whose(row, children, hidden)
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


def _whose(
    row: RowMapping, children: Mapping[str, Sequence[RowMapping]], hidden: Mapping[str, int]
) -> tuple[str, str]:
    """Whom a row is about. That a danger waits is seen by all of the team; whose, by those on the list."""
    if row["record"] in hidden:
        return scopes.RESTRICTED, ""
    return child_of(person_in(next(iter(children[row["subject"]]), None)), row["received_at"])
