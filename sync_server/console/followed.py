"""What followed from a record: tasks, the notice, deliveries, and who did what with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, or_, select

from booklets import definitions
from booklets.answers import rows_of
from booklets.decisions import decision_of
from booklets.duties import BY_SYSTEM, OUTCOMES, Act, delays, is_late, title_of
from sync_server import audit, evidence
from sync_server.console import danger, waiting, words
from sync_server.console.doors import WHY_HERE
from sync_server.console.marks import target_of
from sync_server.console.pages import Mark, NoticeView, TableView
from sync_server.console.reading import Reader
from sync_server.context import Context
from sync_server.db.acts import task_act
from sync_server.db.identity import account, device
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import decision
from sync_server.duties import passing, restriction
from sync_server.duties.closing import words_of
from sync_server.duties.passing import ASKED
from sync_server.episodes.categories import categories
from sync_server.forwarding.standing import deliveries_of
from sync_server.intake import enquired
from sync_server.intake.tasking import AGREED, DIRECTION
from sync_server.notices import notices_of
from sync_server.notices import words_of as words_of_notice
from sync_server.restricted import reference_of

IN_OWN_WORDS = frozenset({DIRECTION, AGREED, enquired.ACTION, enquired.NOT_KNOWN, enquired.BEGIN})
"""Tasks whose words stand in the record that set them."""
AUDIT_WORDS = {
    "received": "Received from the device",
    "viewed": "Read at the console",
    "photograph_viewed": "Looked at a photograph at the console",
    "attachment_arrived": "Photograph received from the device",
    "taken_in_a_file": "Taken from the console in a file",
    "dip_feedback": "Feedback written, in a dip sample",
    "disclosed": "Given to a device",
    "delivered": "Delivered",
    "quarantined": "Kept apart for a person to look at",
    "notice_prepared": "Notice prepared",
    "noticed": "Notice prepared",
    "correction_owed": "Correction prepared for whoever had it",
    "read_again": "Read again on the author's device",
    "approved": "Approved",
    "returned": "Sent back",
    "escalated": "Passed to the incident manager",
    "specialist_review": "Passed to the vulnerability team",
    "closed": "Passed on to partners, and closed",
    "taken_back": "Taken back, to be decided on here",
    "offered_to_unit": "Offered to the officers of the unit: its officer is off shift",
    "answer_late": "No answer in time: the supervisors were told",
    "conflict_settled": "Two versions read, and settled which counts",
    "withdrawn": "Withdrawn",
    "decision_void": "Decided, and it did not count",
    "graded": "Graded by the vulnerability team",
    "limit_over": "Nobody had decided in time: put before the incident manager",
    "left_undecided": "Left without a decision, by the force’s setting",
    "stopped_undecided": "Stopped, because nobody had decided, by the force’s setting",
    "asked_across_records": "Set something to do, because of what several records show together",
    "stopped_across_records": "Stopped what was to be done, because of what several records show together",
    "came_across_records": "What was to be done has come with another record",
    "task_accepted": "Took on what has to be done",
    "task_closed": "Closed what had to be done",
    "task_late_because": "Said why something is late",
    "task_passed": "Something was passed between a team and the community officers",
    "handheld_begun": "Begun on a device",
    "handheld_opened": "Opened on a device, as a draft",
    "handheld_changed": "Changed on a device, as a draft",
    "handheld_read": "Read on a device",
    "handheld_read_out": "Its lookout card read out",
    "task_opened": "A task about it was read by a community officer",
    "task_void": "Said something of a task, and it did not count",
    "episode_closed": "Closed the missing episode",
    "episode_closing_refused": "Tried to close the missing episode: refused",
    "episode_reopened": "Opened the missing episode again",
    "read_in_profile": "Read for the restricted problem profile",
    "retention_kept": "Read before it was due to go, and kept",
    "retention_to_destroy": "Read, and to be destroyed",
    "retention_taken_back": "Not to be destroyed after all",
    "retention_held": "Held: nobody can have it destroyed",
    "retention_hold_lifted": "A hold lifted",
    "destroyed": "Destroyed, because the force keeps it no longer",
    restriction.SET: "Restricted the child to named people",
    restriction.CHANGED: "Changed who may read about the child",
    restriction.ENDED: "Ended the restriction",
    restriction.OPENED: "Opened the restricted child in need",
    "council_read": "Read at the council it was delivered to",
    "council_confirmed": "Confirmed at the council that it was read",
    "council_decided": "The council said what it does",
    danger.WHAT: "Acted on the danger",
}
SAID_OF: Mapping[str, str] = {
    Act.ACCEPT: "Took it on",
    Act.CLOSE: "Closed it",
    Act.DELAY: "Said why it is late",
    ASKED: "Asked for it",
}
SET_ASIDE = {
    "author_never_signed_in": "its author never signed in on that device",
    "not_their_unit": "it names a unit that was not its author's",
    "not_theirs": "it goes on with somebody else's record",
    "other_force": "the record is another force's",
    "rev_conflict": "something newer was there already",
    "unknown_form_version": "a form that is not known here",
}
NARROWED = {
    "name": "a name",
    "page": "a later page",
    "late": "what is late",
    "missing": "who is missing now",
}


def tasks(
    context: Context, db: Connection, row: RowMapping, reader: Reader, names: Mapping[str, str]
) -> TableView:
    """What has to be done and by when, who has taken it on, how it ended, and what was late about it.

    Because of the record, or because somebody directed it.
    """
    decisions = select(decision.c.decision_record).where(
        decision.c.record == row["record"], decision.c.stands, decision.c.decision_record != ""
    )
    of_record = or_(task.c.record == row["record"], task.c.record.in_(decisions))
    query = select(task).where(of_record).order_by(task.c.due_at, task.c.id)
    now = context.now()
    clocks = {clock.id: clock.title for clock in definitions.clocks()}
    rules = {rule.id: rule.says for rule in reader.form.rules}

    def what_and_who(one: RowMapping) -> tuple[str, str]:
        if one["kind"] in IN_OWN_WORDS:
            return in_own_words(context, db, one)
        what = clocks.get(one["rule"]) or rules.get(one["rule"]) or title_of(one["kind"])
        who = words.ROLES.get(one["owner_role"], words.plain_code(one["owner_role"]))
        return reader.label(what), f"{who[:1].upper()}{who[1:]}"

    rows = tuple(
        (
            *map(Mark, what_and_who(one)),
            Mark(words.day_and_time(one["due_at"]) if one["due_at"] else "No time set"),
            taken(db, one, names),
            _how_it_stands(one, now, danger.said_of(context, db, one, names)),
        )
        for one in db.execute(query).mappings().all()
    )
    return TableView("tasks", "What has to be done", ("What", "Who", "By", "Taken on", "State"), rows)


def _how_it_stands(one: RowMapping, now: datetime, said: str) -> Mark:
    """Open, late or over; what was ``said`` of it at a desk, and the reason where it came late."""
    why = delays().get(one["delay_reason"], "")
    by_system = BY_SYSTEM.get(one["by_system"], "") if one["status"] == TaskState.OPEN.value else ""
    under = said or (f"Late because: {why}" if why else "") or by_system
    if one["status"] != TaskState.OPEN.value:
        ended = OUTCOMES.get(one["outcome"]) or words.STATES.get(one["outcome"]) or one["outcome"]
        return Mark(ended or words.plain_code(one["status"]), "well", under)
    if is_late(one["due_at"], now):
        return Mark(f"{words.how_long(now - one['due_at'])} late", "late", under or "No reason given yet")
    return Mark("Open", "", by_system)


def taken(db: Connection, one: RowMapping, names: Mapping[str, str]) -> Mark:
    """Who took it on, or did it, and when."""
    if one["accepted_at"] is None:
        return Mark("–")
    first = (
        select(task_act.c.by).where(task_act.c.task == one["id"], task_act.c.stands).order_by(task_act.c.at)
    )
    by = db.execute(first.where(task_act.c.act.not_in([Act.DELAY.value, ASKED]))).scalars().first()
    return Mark(names.get(by or "", "–"), "", words.day_and_time(one["accepted_at"]))


def said_of(context: Context, db: Connection, row: RowMapping, names: Mapping[str, str]) -> TableView:
    """Everything that was said of one task, in the words of whoever said it."""
    behind = passing.task_behind(row["rule"])
    query = (
        select(task_act)
        .where(task_act.c.task.in_([row["id"], behind]))
        .order_by(task_act.c.received_at, task_act.c.id)
    )
    both = select(task).where(task.c.id.in_([row["id"], behind]))
    of = {one["id"]: one for one in db.execute(both).mappings()}
    rows = tuple(
        (
            Mark(words.day_and_time(one.at)),
            Mark(names.get(one.by, one.by)),
            Mark(SAID_OF[one.act], "", "" if one.stands else "Does not count"),
            Mark(OUTCOMES.get(one.outcome, "") or delays().get(one.delay_reason, "–")),
            Mark(words_of(context, db, of[one.task], one) or "–"),
        )
        for one in db.execute(query).all()
    )
    return TableView("said", "What was said of it", ("When", "Who", "Said", "How, or why", "Words"), rows)


def in_own_words(context: Context, db: Connection, one: RowMapping) -> tuple[str, str]:
    """What was directed, agreed or assessed as needed, and who does it, out of the record.

    A task itself holds no words.
    """
    made = evidence.record_of(db, context.keys.safe, one["record"], one["rev"])
    question, _, number = one["rule"].rpartition(".")
    whose = words.ROLES.get(one["owner_role"], one["owner_role"])
    if one["kind"] not in {DIRECTION, AGREED}:
        what, who = enquired.words_of(made, one["kind"], one["rule"]) or (title_of(one["kind"]), "")
        return what, who or whose
    if made is None:
        said: list[tuple[str, str]] = []
    elif one["kind"] == DIRECTION:
        said = [(each.what, each.who) for each in decision_of(made).directions]
    else:
        rows = rows_of(made.answers.get(question))
        said = [(str(row.get("what", "")), str(row.get("who", ""))) for row in rows]
    found = dict(enumerate(said)).get(int(number))
    return found or (title_of(one["kind"]), whose)


def notices(context: Context, db: Connection, row: RowMapping) -> list[NoticeView]:
    """The notices that were prepared for councils and for a school, as they were prepared."""
    return [
        NoticeView(
            one["subject"],
            words.day_and_time(one["prepared_at"]),
            words_of_notice(db, context.keys.safe, one["id"])["text"],
        )
        for one in notices_of(db, row["record"])
    ]


def deliveries(context: Context, db: Connection, row: RowMapping) -> TableView:
    """What is owed to other systems because of this record, and how it stands there."""
    rows = tuple(
        (
            Mark(target_of(one["target"])),
            Mark(f"Revision {one['rev']}"),
            waiting.state_of(one, context.policy(row["force"])),
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
    if said.get("purpose"):
        found.append(f"for “{said['purpose']}”")
    if "device" in said:
        found.append(names.get(said["device"], f"device {said['device']}"))
    if said.get("reason") in SET_ASIDE:
        found.append(SET_ASIDE[said["reason"]])
    if "target" in said:
        found.append(target_of(str(said["target"])))
    if "kind" in said and "task" in said:
        found.append(title_of(str(said["kind"])))
        found += [known for code in ("outcome", "delay") if (known := _code(said.get(code)))]
    if said.get("category"):
        found.append(categories().get(str(said["category"]), ""))
    if "restriction" in said:
        found.append(reference_of(int(said["restriction"])))
    found += [
        f"{did} {', '.join(names.get(one, one) for one in said[did])}"
        for did in ("readers", "added", "removed")
        if said.get(did)
    ]
    if said.get("lacks"):
        found.append(f"without {waiting.WHOSE.get(str(said['lacks']), 'a')} decision")
    return ", ".join(found)


def _code(code: object) -> str:
    return OUTCOMES.get(str(code), "") or delays().get(str(code), "")


def _narrowing(one: str) -> str:
    """One filter of a list in words. Of a name it is only known that one was looked for."""
    name, _, value = one.partition("=")
    return NARROWED.get(name) or f"{name} {words.plain_code(value).lower()}"


def names_of(db: Connection, force: str) -> dict[str, str]:
    """Officers and handhelds of a force by their ids."""
    people = db.execute(select(account.c.id, account.c.rank, account.c.name).where(account.c.force == force))
    devices = db.execute(select(device.c.id, device.c.name).where(device.c.force == force))
    return {row.id: f"{row.rank} {row.name}" for row in people} | {row.id: row.name for row in devices}
