"""What a team at the console has to do: its list, each task's page, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select
from starlette.responses import Response

from booklets.answers import instant
from booklets.duties import (
    BY_SYSTEM,
    MOST_WORDS,
    OUTCOMES,
    WITH_A_CHILD,
    Act,
    Acted,
    delays,
    is_late,
    still_missing,
    title_of,
)
from booklets.entities import new_id
from booklets.schools import SETTING as SCHOOLS
from booklets.schools import read_schools
from sync_server import encompass
from sync_server.console import across, followed, passed, scopes, words
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.listed import TaskPage, TaskRow, TasksPage
from sync_server.console.marks import NONE, child_of, due_mark, person_in, rows_by
from sync_server.console.pages import Mark, Problem, RefusedPage
from sync_server.console.records import note_view
from sync_server.console.register import note_list
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State, person, record
from sync_server.duties import Actor, Answer, act
from sync_server.duties.closing import OF_THE_AREA
from sync_server.flags import DANGER_TASK
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of
from sync_server.restricted import OPENED_IN_NEED

TEAMS = frozenset({Role.VAT, Role.MHET, Role.COMMUNITY, Role.CII})
AT_ONCE = 100
MOST_DIGITS = 9
RECORDS = "/records/"
NOT_THERE = "There is no such task, or it is not yours."
SAID = {"close": "Closed.", "accept": "Taken on.", "delay": "The reason is kept."}
WORDS_KEPT_BACK = "About a restricted child: what was written stands with the record, for those on the list."
MISSING = {
    "outcome": "Say how it ended",
    "delay_reason": "This is late: say why",
    "words": "Say it in your own words",
}
TOO_LONG = "Say it in at most {most} characters. This has {long}, and all of it is here still"
WHY_VOID = {
    "already_closed": "somebody has closed it already",
    "already_accepted": "somebody else has taken it on already",
    "not_theirs": "it is not yours",
    "only_on_the_record": "what was done about the danger is written down at the record",
    "own_opening": "you have opened it yourself, so that somebody else of the team reads why",
    "only_by_deciding": "it is over once somebody decides on the notice",
}


def show(seen: Seen) -> Response:
    """Every open task of this team, what is due first on top."""
    with seen.context.store.read() as db:
        found = _open(seen, db)
        rows = tuple(_listed(seen, db, found))
    told = (one for one, row in zip(found, rows, strict=True) if row.record or row.child or row.concerns)
    note_list(seen, "tasks read", len(rows), list(dict.fromkeys(one["record"] for one in told)))
    said = SAID.get(seen.request.query_params.get("done", ""), "")
    return page(
        TasksPage(**seen.frame("tasks"), asked_at=words.day_and_time(seen.now), rows=rows, said=said)
    )


def one(seen: Seen) -> Response:
    """One task, and what can be said of it. What was done about a danger is written at its record."""
    with seen.context.store.read() as db:
        row = _held_out(seen, db, _found(seen, db))
    if row is not None and row["kind"] == DANGER_TASK and row["status"] == TaskState.OPEN.value:
        return go_to(f"{RECORDS}{row['record']}#danger")
    return _shown(seen)


def send(seen: Seen) -> Response:
    """Take it on, close it, or say why it is late: once, however often the button was pressed."""
    with seen.context.store.read() as db:
        row = _held_out(seen, db, _found(seen, db))
    if row is None:
        return page(RefusedPage(**seen.frame("tasks"), says=NOT_THERE, back="/tasks"), 404)
    said = _said(seen, row)
    late = is_late(row["due_at"], seen.now)
    missing = still_missing(said, late=late, reason_known=bool(row["delay_reason"]), kind=row["kind"])
    problems = tuple(Problem(name, MISSING[name]) for name in missing)
    if len(_words(seen)) > MOST_WORDS:
        problems += (Problem("words", TOO_LONG.format(most=MOST_WORDS, long=len(_words(seen)))),)
    if problems:
        return _shown(seen, problems=problems, status=422)
    actor = Actor(seen.account.id, seen.account.person)

    def work(db: Connection) -> Answer:
        return act(seen.context, db, said, actor)

    answer = seen.context.store.write(work)
    if not answer.stands:
        why = WHY_VOID.get(answer.why_void, answer.why_void)
        says = f"Nothing was changed: {why}."
        return page(RefusedPage(**seen.frame("tasks"), says=says, back="/tasks"), 409)
    return go_to(f"/tasks?done={said.act.value}")


def _said(seen: Seen, row: RowMapping) -> Acted:
    """What was filled in. What is not a choice of ours is as if nothing had been chosen."""
    form, chosen = seen.form, seen.form.get("act", "")
    kind = Act(chosen) if chosen in set(Act) else Act.CLOSE
    delay = form.get("delay_reason", "") if form.get("delay_reason", "") in delays() else ""
    outcome = form.get("outcome", "") if form.get("outcome", "") in OUTCOMES else ""
    message = {
        "id": form.get("id", ""),
        "task": row["id"],
        "act": Act.ACCEPT.value,  # the strict reader asks of the others what is asked for below
        "at": instant(seen.now),
        "outcome": outcome if kind is Act.CLOSE else "",
        "delay_reason": "" if kind is Act.ACCEPT else delay,
        "words": "" if kind is Act.ACCEPT else _words(seen)[:MOST_WORDS],
    }
    read = Acted.from_json(message)
    return Acted(
        id=read.id,
        task=read.task,
        act=kind,
        at=read.at,
        outcome=read.outcome,
        delay_reason=read.delay_reason,
        words=read.words,
    )


def _words(seen: Seen) -> str:
    return seen.form.get("words", "").replace("\r\n", "\n").strip()


def _shown(seen: Seen, *, problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    with seen.context.store.read() as db:
        row = _found(seen, db)
        if row is None:
            return page(RefusedPage(**seen.frame("tasks"), says=NOT_THERE, back="/tasks"), 404)
        names = followed.names_of(db, row["force"])
        listed = next(_listed(seen, db, [row]))
        said = followed.said_of(seen.context, db, row, names)
        if row["kind"] != OPENED_IN_NEED and scopes.restrictions_on(
            db, [row["record"]], seen.account.person
        ):
            said = replace(said, rows=(), empty=WORDS_KEPT_BACK)
    if listed.record:
        note_view(seen, row["record"], row["rev"])
    elif row["owner_role"] == Role.COMMUNITY:
        passed.note_opened(seen, row)
    title = title_of(row["kind"])
    made = TaskPage(
        **seen.frame("tasks"),
        title=f"Error: {title}" if problems else title,
        heading=title,
        row=listed,
        set_at=words.day_and_time(row["set_at"]),
        action=f"/tasks/{row['id']}",
        id=str(new_id()),
        outcomes=tuple(OUTCOMES.items()),
        delays=tuple(delays().items()) if _asks_why(row, seen.now) else (),
        given={name: seen.form.get(name, "") for name in ("outcome", "delay_reason", "words")},
        is_open=row["status"] == TaskState.OPEN.value,
        may_accept=row["accepted_at"] is None,
        said=said,
        problems=problems,
        **passed.beside(seen, row),
    )
    return page(made, status)


def _asks_why(row: RowMapping, now: datetime) -> bool:
    return is_late(row["due_at"], now) and not row["delay_reason"]


def _mine(seen: Seen) -> Any:
    person = seen.account.person
    roles = [one.value for one in TEAMS & person.roles]
    of_area = task.c.kind.in_(OF_THE_AREA if Role.CII in person.roles else ())
    whose = task.c.owner_role.in_(roles) | of_area & (task.c.owner_role == Role.SUPERVISOR.value)
    mine = (task.c.force == person.force) & whose
    if person.works_with_children:
        return mine
    # of the community officers only those who are trained for it work with a child, and read whose.
    return mine & ~((task.c.owner_role == Role.COMMUNITY.value) & task.c.kind.in_(sorted(WITH_A_CHILD)))


def _found(seen: Seen, db: Connection) -> RowMapping | None:
    asked = seen.request.path_params["task"]
    id_ = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS else 0
    return db.execute(select(task).where(task.c.id == id_, _mine(seen))).mappings().first()


def _held_out(seen: Seen, db: Connection, row: RowMapping | None) -> RowMapping | None:
    """The task, unless it is about a restricted child: then that one is opened first, and it is seen why.

    Not so the task that tells of an opening, which names nobody; nor a task of the community officers, who
    have no register: they see what is asked, and not of whom.
    """
    if row is not None and row["owner_role"] != Role.COMMUNITY and row["kind"] != OPENED_IN_NEED:
        hidden = scopes.restrictions_on(db, [row["record"]], seen.account.person)
        if row["record"] in hidden:
            raise scopes.RestrictedChild(hidden[row["record"]])
    return row


def _open(seen: Seen, db: Connection) -> Sequence[RowMapping]:
    query = (
        select(task)
        .where(_mine(seen), task.c.status == TaskState.OPEN.value)
        .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.id)
        .limit(AT_ONCE)
    )
    return db.execute(query).mappings().all()


def _listed(seen: Seen, db: Connection, found: Sequence[RowMapping]) -> Iterator[TaskRow]:
    """Tasks with the child's name and the way to the record, where this person may read it.

    Of what was passed to the community officers they read the place, or the child whom they are to see.
    """
    names = {row["record"] for row in found}
    query = select(record).where(record.c.record.in_(sorted(names)), scopes.seen_by(seen.account.person))
    heads = {row["record"]: row for row in db.execute(query).mappings()}
    whose = {row["id"]: _whose(row, heads.get(row["record"])) for row in found}
    children = rows_by(db, person, "id", filter(None, whose.values()))
    told = [row for row in found if row["record"] in heads or row["owner_role"] == Role.COMMUNITY]
    hidden = scopes.restrictions_on(db, names, seen.account.person)
    concerned = {
        **across.names_of(db, told),
        **across.openings(seen.context, db, found),
        **_schools(seen, [row for row in found if row["record"] not in hidden]),
    }
    for row in found:
        head, subject = heads.get(row["record"]), whose[row["id"]]
        child, about = (scopes.RESTRICTED if row["record"] in hidden else ""), ""
        if not child and (subject or head is not None):
            known = person_in(next(iter(children.get(subject, ())), None))
            child, about = child_of(known, head["received_at"] if head is not None else seen.now)
        yield TaskRow(
            href=f"/tasks/{row['id']}",
            what=title_of(row["kind"]),
            record=f"{RECORDS}{row['record']}" if head is not None else "",
            child=child,
            about=about,
            concerns=concerned.get(row["id"], ""),
            reference=reference_of(UUID(row["record"])),
            due=due_mark(row["due_at"], State.PENDING, seen.now) if row["due_at"] else NONE,
            taken=Mark(words.short(row["accepted_at"])) if row["accepted_at"] else NONE,
            unit=words.plain_code(row["unit"]),
            by_system=BY_SYSTEM.get(row["by_system"], ""),
        )


def _schools(seen: Seen, told: Sequence[RowMapping]) -> dict[int, str]:
    """By task, the school that was wrongly told: by name, where the force's file still lists it."""
    known = read_schools(seen.context.policy(seen.account.person.force).settings.get(SCHOOLS))
    asked = {row["id"]: encompass.school_in(row["rule"]) for row in told if row["kind"] == encompass.CORRECT}
    return {
        id_: f"{known[urn].name}, {known[urn].town}" if urn in known else urn for id_, urn in asked.items()
    }


def _whose(row: RowMapping, head: RowMapping | None) -> str:
    """The child whom this person may read of: of a record they may open, or whom they are to see."""
    if row["owner_role"] == Role.COMMUNITY and head is None:
        return str(row["subject"]) if row["kind"] in WITH_A_CHILD else ""
    return str(head["subject"]) if head is not None else ""
