"""Danger, put before the vulnerability team as it arrives (R-61): what waits for them, and what they did.

A supervisor reviews afterwards. Until then the record is marked as awaiting one, and the team acts on it
all the same. An action closes only with an outcome (R-56); once its time is over, with the reason (R-59).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Select, and_, select

from booklets import definitions
from booklets.checks.saying import Known
from booklets.checks.supervising import says_anything
from booklets.duties import ACTED_ON_DANGER
from sync_server import audit, evidence
from sync_server.console import scopes, words
from sync_server.console.doors import Seen
from sync_server.console.listed import DangerRow
from sync_server.console.marks import brief_title_of, due_mark, flag_marks, state_mark
from sync_server.console.pages import DangerForm, Mark, Problem
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.db.tables import State, record
from sync_server.deciding import heads, telling
from sync_server.flags import DANGER_TASK
from sync_server.identity.accounts import Role
from sync_server.intake import tasking

SLIP = WHAT = "danger_acted"
LONGEST = 4000
NOTHING_DONE = "Say what has been done"
NO_WORDS = "Say in your own words whom you spoke to and what happens now"
NO_REASON = "The time is over: say why it took longer"
MOVED_ON = "The officer has sent another revision meanwhile. Read it, then send this again"


def waiting(db: Connection, seen: Seen, most: int) -> list[RowMapping]:
    """The records of danger that nobody of the team has acted on yet, the soonest due first."""
    query = (
        select(record, task.c.due_at.label("act_by"))
        .join(task, and_(task.c.record == record.c.record, task.c.kind == DANGER_TASK))
        .where(scopes.assessed_by(seen.account.person), task.c.status == tasking.OPEN)
        .order_by(task.c.due_at, record.c.received_at, record.c.record)
        .limit(most)
    )
    return list(db.execute(query).mappings())


def row_of(row: RowMapping, seen: Seen, *, child: str, about: str, officer: str) -> DangerRow:
    """One of them as it stands in the queue."""
    state = state_mark(row["state"])
    return DangerRow(
        href=f"/records/{row['record']}",
        child=child,
        about=about,
        kind=brief_title_of(row["form"]),
        state=Mark(state.words, "soon") if row["state"] == State.PENDING else state,
        due=due_mark(row["act_by"], State.PENDING, seen.now),
        received=words.short(row["received_at"]),
        officer=officer,
        unit=words.plain_code(row["unit"]),
        flags=tuple(flag_marks(row["flags"], covert=row["covert"])),
        passed=row["state"] == State.CLOSED,
    )


def is_open(db: Connection, record_id: str) -> bool:
    """Whether nobody of the team has written down yet what was done about a danger of this record."""
    return db.execute(_open_task(record_id)).first() is not None


def _open_task(record_id: str) -> Select[tuple[datetime | None]]:
    return select(task.c.due_at).where(
        task.c.record == record_id, task.c.kind == DANGER_TASK, task.c.status == tasking.OPEN
    )


def form_for(db: Connection, seen: Seen, row: RowMapping) -> DangerForm | None:
    """The form on a record's page: for the team, and only while something is to be done."""
    if Role.VAT not in seen.account.person.roles:
        return None
    there = db.execute(_open_task(row["record"])).first()
    if there is None:
        return None
    slip = seen.slips.seal(f"{row['record']} {row['rev']} {row['digest']}", what=SLIP, whose=seen.account.id)
    late = there.due_at is not None and there.due_at < seen.now
    return DangerForm(
        action=f"/records/{row['record']}/danger",
        seen=slip,
        act_by=due_mark(there.due_at, State.PENDING, seen.now),
        done=tuple(ACTED_ON_DANGER.items()),
        delays=_delays() if late else (),
    )


def filled_in(form: DangerForm, given: Mapping[str, str], known: Known, *, moved_on: bool) -> DangerForm:
    """The form as it came back, with what has to be put right."""
    one = replace(
        form,
        chosen=tuple(code for code, _ in form.done if f"done.{code}" in given),
        words=given.get("words", "").replace("\r\n", "\n").strip()[:LONGEST],
        delay=given.get("delay", "") if given.get("delay", "") in dict(form.delays) else "",
    )
    return replace(one, problems=tuple(_problems(one, known, moved_on=moved_on)))


def _problems(one: DangerForm, known: Known, *, moved_on: bool) -> Iterator[Problem]:
    if moved_on:
        yield Problem("danger", MOVED_ON)
    if not one.chosen:
        yield Problem("danger-done", NOTHING_DONE)
    if not says_anything(one.words, known):
        yield Problem("danger-words", NO_WORDS)
    if one.delays and not one.delay:
        yield Problem("danger-delay", NO_REASON)


def act(seen: Seen, row: RowMapping, form: DangerForm) -> bool:
    """Write down what was done, and close the task. False where somebody of the team was before."""
    done = "; ".join(dict(form.done)[code] for code in form.chosen)

    def work(db: Connection) -> bool:
        if not tasking.acted(db, row["record"], DANGER_TASK, outcome=done, delay=form.delay, at=seen.now):
            return False
        _note(db, seen, row, form)
        [head] = heads.held(db, row["force"], [row["record"]]).values()
        telling.acted_on_danger(db, head, form.chosen, seen.now)
        return True

    return seen.context.store.write(work)


def _note(db: Connection, seen: Seen, row: RowMapping, form: DangerForm) -> None:
    """Codes for counting; the words sealed under the record's own key, so that they end when it does."""
    sealed = evidence.seal_beside(
        db,
        seen.context.keys.safe,
        force=row["force"],
        record=row["record"],
        rev=row["rev"],
        what=WHAT,
        content={"words": form.words},
    )
    audit.note(
        db,
        force=row["force"],
        record=row["record"],
        who=seen.account.id,
        what=WHAT,
        at=seen.now,
        detail={
            "rev": row["rev"],
            "done": list(form.chosen),
            "delay": form.delay,
            "sealed": b64encode(sealed).decode(),
        },
    )


def said_of(context: Context, db: Connection, one: RowMapping, names: Mapping[str, str]) -> str:
    """Who of the team closed this task, when, in what words, and why it took longer; "" while it is open."""
    if one["kind"] != DANGER_TASK or one["status"] != tasking.DONE:
        return ""
    acts = [entry for entry in audit.entries_of(db, one["record"]) if entry["what"] == WHAT]
    if not acts:
        return ""
    act = next((entry for entry in acts if entry["at"] == one["accepted_at"]), acts[-1])
    opened = evidence.open_beside(
        db,
        context.keys.safe,
        record=one["record"],
        rev=act["detail"]["rev"],
        what=WHAT,
        sealed=b64decode(act["detail"]["sealed"]),
    )
    why = dict(_delays()).get(one["delay_reason"], "")
    late = f" Why it took longer: {why[:1].lower()}{why[1:]}." if why else ""
    return f"{names.get(act['who'], '')}, {words.day_and_time(act['at'])}: {opened['words']}{late}"


def _delays() -> tuple[tuple[str, str], ...]:
    """The reasons why something took longer (D.15 DELAY), without what a handheld adds to ask for words."""
    offered = definitions.lists().by_name["delay"]
    return tuple((code.code, code.said) for code in offered if not code.withdrawn)
