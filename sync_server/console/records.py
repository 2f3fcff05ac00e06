"""One record's page: the document, and everything that followed from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select

from booklets import definitions
from booklets.forms import Stage
from booklets.records import Record
from sync_server import audit, evidence
from sync_server.console import words
from sync_server.console.arrived import child_of, delivery_mark, target_of, title_of
from sync_server.console.pages import Alert, Fact, Mark, NoticeView, RecordPage, TableView
from sync_server.console.reading import Reader
from sync_server.context import Context
from sync_server.db.identity import account, device
from sync_server.db.tables import Owed, task
from sync_server.db.tables import record as register
from sync_server.forwarding.outbox import deliveries_of
from sync_server.keys import BodyBroken
from sync_server.notices import content_of, notices_of, reference_of

EMERGENCY = {"needed": "although questions that are needed had no answer yet"}
AUDIT_WORDS = {
    "received": "Received from the handheld",
    "viewed": "Read at the console",
    "disclosed": "Given to a handheld",
    "delivered": "Delivered",
    "quarantined": "Kept apart for a person to look at",
    "notice_prepared": "Notice prepared",
    "noticed": "Notice prepared",
}


def found(db: Connection, id_: str, *, force: str) -> RowMapping | None:
    """The register's row of this record, or None for one that is not this force's."""
    query = select(register).where(register.c.record == id_, register.c.force == force)
    return db.execute(query).mappings().first()


def page(context: Context, db: Connection, row: RowMapping, *, who: str, form_token: str) -> RecordPage:
    """The page of one record."""
    safe = context.keys.safe
    record = evidence.record_of(db, safe, row["record"], row["rev"])
    if record is None:
        raise BodyBroken("The register names a revision that is not in the evidence. Rebuild it.")
    reader = Reader.of(record)
    names = {str(entity.id): entity for entity in record.entities}
    child, about = child_of(names.get(str(record.header.subject)), row["received_at"])
    missing = frozenset(row["flags"].get("missing", ()))
    title = title_of(row["form"])
    return RecordPage(
        title=f"{title}: {child}",
        who=who,
        form_token=form_token,
        marking=words.plain_code(record.header.gsc).upper().replace(" ", "-"),
        heading=child,
        under=f"{title} · {about}" if about else title,
        facts=tuple(_facts(record, row, _names(db))),
        alerts=tuple(_alerts(record, row, reader)),
        related=tuple(_related(db, row)),
        sections=tuple(reader.sections(record, missing)),
        mentions=tuple(reader.mentioned(entity) for entity in record.entities),
        tasks=_tasks(db, row, reader),
        notices=tuple(_notices(context, db, row)),
        deliveries=_deliveries(db, row),
        audit=_audit(db, row),
    )


def _facts(record: Record, row: RowMapping, names: Mapping[str, str]) -> list[Fact]:
    header = record.header
    author = header.author
    sent = header.submitted.instant
    return [
        Fact("Reference", f"{reference_of(header.record)}, revision {header.revision}"),
        Fact("Written by", f"{author.rank} {author.name} {author.shoulder_no}, {author.station}"),
        Fact("Begun", words.day_and_time(header.started.instant)),
        Fact("Sent from the handheld", words.day_and_time(sent)),
        Fact("Received here", words.day_and_time(row["received_at"])),
        Fact(
            "State", words.plain_code(row["state"]).replace("Pending supervisor", "Waits for the supervisor")
        ),
        Fact("Goes to", f"{words.plain_code(header.routing_role)}, {words.plain_code(header.unit)}"),
        Fact("Handheld", names.get(header.device, header.device)),
        Fact("Form", f"{title_of(header.form)} {header.form_version}"),
    ]


def _alerts(record: Record, row: RowMapping, reader: Reader) -> Iterator[Alert]:
    """What to know before reading on, the gravest first: in full here, briefly in the list."""
    flags = row["flags"]
    if flags.get("child_has_died"):
        yield Alert("The child has died. Nothing is sent to anybody by itself.", (), "late")
    if row["covert"]:
        yield Alert("Covert: somebody near the child must not know of this record.", (), "late")
    if "R-53" in flags.get("rules", ()):
        yield Alert(
            "The child began to tell of a crime, and the officer stopped for a specialist.", (), "late"
        )
    for one in record.overrides:
        stood = EMERGENCY.get(one.rule, f"although {one.rule} stood against it")
        yield Alert(f"Sent as an emergency, {stood}", (f"Reason: {one.reason}",), "late")
    if flags.get("stage") == Stage.FOUND:
        yield Alert("The first part only: that the child is back. The rest follows.", ())
    if flags.get("unreviewed"):
        yield Alert("The rules could not be run on this record. Read it with care.", ())
    open_ids = flags.get("missing", ())
    still = tuple(reader.label(one.label) for one in reader.form.fields() if one.id in open_ids)
    if still:
        yield Alert(f"Still needed: {len(still)}", still)
    rules = {rule.id: reader.label(rule.says) for rule in reader.form.rules}
    standing = tuple(rules.get(code, code) for code in flags.get("standing", ()))
    if standing:
        yield Alert("What the rules still see", standing)


def _related(db: Connection, row: RowMapping) -> list[Fact]:
    query = (
        select(register)
        .where(
            register.c.force == row["force"],
            register.c.incident == row["incident"],
            register.c.record != row["record"],
        )
        .order_by(register.c.received_at)
    )
    return [
        Fact(title_of(one["form"]), reference_of(UUID(one["record"])), f"/records/{one['record']}")
        for one in db.execute(query).mappings()
    ]


def _tasks(db: Connection, row: RowMapping, reader: Reader) -> TableView:
    query = select(task).where(task.c.record == row["record"]).order_by(task.c.due_at, task.c.id)
    clocks = {clock.id: clock.title for clock in definitions.clocks()}
    rules = {rule.id: rule.says for rule in reader.form.rules}
    rows = tuple(
        (
            Mark(
                reader.label(
                    clocks.get(one["rule"]) or rules.get(one["rule"]) or words.plain_code(one["kind"])
                )
            ),
            Mark(words.plain_code(one["owner_role"])),
            Mark(words.day_and_time(one["due_at"]) if one["due_at"] else "No time set"),
            Mark(one["outcome"] or words.plain_code(one["status"])),
        )
        for one in db.execute(query).mappings()
    )
    return TableView("tasks", "What has to be done", ("What", "Who", "By", "State"), rows)


def _notices(context: Context, db: Connection, row: RowMapping) -> list[NoticeView]:
    made = []
    for one in notices_of(db, row["record"]):
        content = content_of(db, context.keys.safe, row["record"], one["rev"])
        if content is not None:
            made.append(NoticeView(one["subject"], words.day_and_time(one["prepared_at"]), content["text"]))
    return made


def _deliveries(db: Connection, row: RowMapping) -> TableView:
    rows = tuple(
        (
            Mark(target_of(one["target"])),
            Mark(f"Revision {one['rev']}"),
            Mark(words.OWED[Owed(one["state"])], delivery_mark(one).tone),
            Mark(words.day_and_time(one["delivered_at"] or one["due_at"])),
            Mark(str(one["tries"])),
        )
        for one in deliveries_of(db, row["record"])
    )
    columns = ("To", "What", "State", "When, or due", "Tries")
    return TableView(
        "deliveries", "Deliveries", columns, rows, empty="Nothing is owed to anybody because of this."
    )


def _audit(db: Connection, row: RowMapping) -> TableView:
    names = _names(db)
    rows = tuple(
        (
            Mark(words.day_and_time(one["at"])),
            Mark(names.get(one["who"], words.plain_code(one["who"]))),
            Mark(AUDIT_WORDS.get(one["what"], words.plain_code(one["what"]))),
            Mark(_detail(one["detail"], names)),
        )
        for one in reversed(audit.entries_of(db, row["record"]))
    )
    return TableView("audit", "Who read it, and what was done with it", ("When", "Who", "Did", "With"), rows)


def _detail(detail: Mapping[str, Any], names: Mapping[str, str]) -> str:
    said = []
    if "rev" in detail:
        said.append(f"revision {detail['rev']}")
    if "device" in detail:
        said.append(f"handheld {names.get(detail['device'], detail['device'])}")
    if "target" in detail:
        said.append(target_of(str(detail["target"])))
    return ", ".join(said)


def _names(db: Connection) -> dict[str, str]:
    """Officers and handhelds by their ids."""
    people = db.execute(select(account.c.id, account.c.rank, account.c.name))
    devices = db.execute(select(device.c.id, device.c.name))
    return {row.id: f"{row.rank} {row.name}" for row in people} | {row.id: row.name for row in devices}
