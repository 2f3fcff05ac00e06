"""What followed from a record: tasks, the notice, deliveries, and who did what with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, or_, select

from booklets import definitions
from booklets.decisions import decision_of
from sync_server import audit, evidence
from sync_server.console import danger, words
from sync_server.console.doors import WHY_HERE
from sync_server.console.marks import delivery_mark, target_of
from sync_server.console.pages import Mark, NoticeView, TableView
from sync_server.console.reading import Reader
from sync_server.context import Context
from sync_server.db.identity import account, device
from sync_server.db.tables import Owed, decision, task
from sync_server.flags import DANGER_TASK
from sync_server.forwarding.outbox import deliveries_of
from sync_server.intake.tasking import DIRECTION
from sync_server.notices import content_of, notices_of

AUDIT_WORDS = {
    "received": "Received from the handheld",
    "viewed": "Read at the console",
    "disclosed": "Given to a handheld",
    "delivered": "Delivered",
    "quarantined": "Kept apart for a person to look at",
    "notice_prepared": "Notice prepared",
    "noticed": "Notice prepared",
    "approved": "Approved",
    "returned": "Sent back",
    "escalated": "Passed to the incident manager",
    "specialist_review": "Approved, and passed to the vulnerability team",
    "closed": "Passed on to partners, and closed",
    "withdrawn": "Withdrawn",
    "decision_void": "Decided, and it did not count",
    "graded": "Graded by the vulnerability team",
    danger.WHAT: "Acted on the danger",
}


NARROWED = {"name": "a name", "page": "a later page", "late": "what is late"}


def tasks(
    context: Context, db: Connection, row: RowMapping, reader: Reader, names: Mapping[str, str]
) -> TableView:
    """What has to be done, and by when: because of the record, or because somebody directed it."""
    decisions = select(decision.c.decision_record).where(
        decision.c.record == row["record"], decision.c.stands, decision.c.decision_record != ""
    )
    of_record = or_(task.c.record == row["record"], task.c.record.in_(decisions))
    query = select(task).where(of_record).order_by(task.c.due_at, task.c.id)
    clocks = {clock.id: clock.title for clock in definitions.clocks()}
    rules = {rule.id: rule.says for rule in reader.form.rules}

    def what_and_who(one: RowMapping) -> tuple[str, str]:
        if one["kind"] == DIRECTION:
            return _directed(context, db, one)
        what = clocks.get(one["rule"]) or rules.get(one["rule"]) or words.plain_code(one["kind"])
        who = words.ROLES.get(one["owner_role"], words.plain_code(one["owner_role"]))
        return reader.label(what), f"{who[:1].upper()}{who[1:]}"

    rows = tuple(
        (
            *map(Mark, what_and_who(one)),
            Mark(words.day_and_time(one["due_at"]) if one["due_at"] else "No time set"),
            Mark(
                one["outcome"] or words.plain_code(one["status"]),
                under=danger.said_of(context, db, one, names) if one["kind"] == DANGER_TASK else "",
            ),
        )
        for one in db.execute(query).mappings().all()
    )
    return TableView("tasks", "What has to be done", ("What", "Who", "By", "State"), rows)


def _directed(context: Context, db: Connection, one: RowMapping) -> tuple[str, str]:
    """What the supervisor directed and who does it, out of the decision: a task itself holds no words."""
    made = evidence.record_of(db, context.keys.safe, one["record"], one["rev"])
    number = int(one["rule"].rpartition(".")[2])
    known = dict(enumerate(decision_of(made).directions)) if made else {}
    return (known[number].what, known[number].who) if number in known else ("A direction", "Supervisor")


def notices(context: Context, db: Connection, row: RowMapping) -> list[NoticeView]:
    """The notices that were prepared for the local authority, as they were prepared."""
    made = []
    for one in notices_of(db, row["record"]):
        content = content_of(db, context.keys.safe, row["record"], one["rev"], one["kind"])
        if content is not None:
            made.append(NoticeView(one["subject"], words.day_and_time(one["prepared_at"]), content["text"]))
    return made


def deliveries(db: Connection, row: RowMapping) -> TableView:
    """What is owed to other systems because of this record, and how it stands there."""
    rows = tuple(
        (
            Mark(target_of(one["target"])),
            Mark(f"Revision {one['rev']}"),
            Mark(words.OWED[Owed(one["state"])], delivery_mark(one).tone),
            Mark(words.day_and_time(one["delivered_at"] or one["due_at"])),
            Mark(str(one["tries"])),
            Mark(words.plain_code(one["last_error"]) or "–"),
        )
        for one in deliveries_of(db, row["record"])
    )
    columns = ("To", "What", "State", "When, or due", "Tries", "Last said")
    return TableView(
        "deliveries", "Deliveries", columns, rows, empty="Nothing is owed to anybody because of this."
    )


def history(db: Connection, row: RowMapping, names: Mapping[str, str]) -> TableView:
    """Who did what with this record, the newest first: views too."""
    rows = tuple(
        (
            Mark(words.day_and_time(one["at"])),
            Mark(names.get(one["who"], words.plain_code(one["who"]))),
            Mark(AUDIT_WORDS.get(one["what"], words.plain_code(one["what"]))),
            Mark(detail(one["detail"], names)),
            Mark(WHY_HERE.get(one["detail"].get("why", ""), "–")),
        )
        for one in reversed(audit.entries_of(db, row["record"]))
    )
    columns = ("When", "Who", "Did", "With", "What for")
    return TableView("audit", "Who read it, and what was done with it", columns, rows)


def detail(said: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What an entry of the audit says besides who and when."""
    found = []
    if "rev" in said:
        found.append(f"revision {said['rev']}")
    if "rows" in said:
        found.append(f"{said['rows']} rows")
    if said.get("asked"):
        found.append(f"narrowed by {', '.join(map(_narrowing, said['asked']))}")
    if "device" in said:
        found.append(f"handheld {names.get(said['device'], said['device'])}")
    if "target" in said:
        found.append(target_of(str(said["target"])))
    return ", ".join(found)


def _narrowing(one: str) -> str:
    """One filter of a list in words. Of a name it is only known that one was looked for."""
    name, _, value = one.partition("=")
    return NARROWED.get(name) or f"{name} {words.plain_code(value).lower()}"


def names_of(db: Connection, force: str) -> dict[str, str]:
    """Officers and handhelds of a force by their ids."""
    people = db.execute(select(account.c.id, account.c.rank, account.c.name).where(account.c.force == force))
    devices = db.execute(select(device.c.id, device.c.name).where(device.c.force == force))
    return {row.id: f"{row.rank} {row.name}" for row in people} | {row.id: row.name for row in devices}
