"""What a team asks of the community officers, from a record; and what they ask of a team, from a task."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select
from starlette.responses import Response

from booklets.duties import WITH_A_CHILD, WORK_OF_COMMUNITY, title_of
from booklets.entities import new_id, read_id
from booklets.errors import WireError
from sync_server import audit
from sync_server.console import scopes
from sync_server.console.asking import begins, day_in
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.overviews import PassPage
from sync_server.console.pages import Problem, RefusedPage
from sync_server.db.owed import task
from sync_server.duties import passing
from sync_server.duties.passing import ASKERS, Passing, Refused
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of

MOST_DIGITS = 9
NOT_THERE = "There is no such record, or it is not yours to pass on."
NO_TASK = "There is no such task, or it is not yours."
TEAMS = {Role.MHET: "The missing-from-home team", Role.VAT: "The vulnerability team"}
SAYS: dict[Refused, str] = {
    Refused.NOT_THERE: NOT_THERE,
    Refused.DANGER: "Somebody may be in danger, or a child has died: police officers see to this, and it is "
    "not passed to community officers.",
    Refused.COVERT: "Somebody near the child must not know of this record: it is not passed on.",
    Refused.RESTRICTED: "Only named people read about this child, and no community officer is one of them: "
    "it is not passed on.",
    Refused.NO_KIND: "Say what they are asked to do",
    Refused.NO_TEAM: "Say which team",
    Refused.NO_PLACE: "Say at which place",
    Refused.NO_CHILD: "No child stands in this record",
    Refused.NOBODY_TRAINED: "No community officer of the force is trained for work with children (R-58)",
    Refused.NO_DAY: "Say by which day to come",
    Refused.NO_WORDS: "Say it in your own words",
    Refused.TOO_LONG: f"Say it in at most {passing.MOST_WORDS} characters. All of it is here still",
}
FIELD: dict[Refused, str] = {
    Refused.NO_KIND: "kind",
    Refused.NO_PLACE: "place",
    Refused.NO_CHILD: "kind",
    Refused.NOBODY_TRAINED: "kind",
    Refused.NO_DAY: "due",
    Refused.NO_WORDS: "words",
    Refused.TOO_LONG: "words",
}
ASKED_TOO = "The team has been asked."
CALL = (
    "Where a child is in danger now, ring the control room at once: {phone}. What is written here is read "
    "later."
)


def show(seen: Seen) -> Response:
    """What can be asked of the community officers because of a record."""
    return _shown(seen)


def send(seen: Seen) -> Response:
    """Ask it."""
    form, row = seen.form, _record(seen)
    if row is None:
        return page(RefusedPage(**seen.frame("tasks"), says=NOT_THERE), 404)
    day = day_in(form.get("due", ""))
    asked = Passing(
        id=id_in(form.get("id", "")),
        force=seen.account.person.force,
        by=seen.account.id,
        team=next(one for one in ASKERS if one in seen.account.person.roles),
        record=row["record"],
        kind=form.get("kind", ""),
        place=form.get("place", ""),
        due=begins(day) + timedelta(days=1) if day else None,
        words=_words(seen),
    )
    refused = seen.context.store.write(partial(passing.pass_on, seen.context, asked=asked))
    if refused is None:
        return go_to(f"/records/{row['record']}#tasks")
    if refused not in FIELD:
        return page(RefusedPage(**seen.frame("tasks"), says=SAYS[refused]), 409)
    return _shown(seen, problems=(Problem(FIELD[refused], SAYS[refused]),), status=422)


def involve(seen: Seen) -> Response:
    """The community officers ask a team to look at something, from one of their own tasks."""
    with seen.context.store.read() as db:
        row = _own_task(seen, db)
    if row is None:
        return page(RefusedPage(**seen.frame("tasks"), says=NO_TASK), 404)
    chosen, here = seen.form.get("team", ""), f"/tasks/{row['id']}"
    ask = partial(
        passing.involve,
        seen.context,
        row=row,
        id_=id_in(seen.form.get("id", "")),
        by=seen.account.id,
        team=Role(chosen) if chosen in set(ASKERS) else None,
        words=_words(seen),
    )
    refused = seen.context.store.write(ask)
    if refused is None:
        return go_to(f"{here}?asked=yes")
    says = f"Nobody was asked. {SAYS[refused]}."
    return page(RefusedPage(**seen.frame("tasks"), says=says, back=here), 422)


def beside(seen: Seen, row: RowMapping) -> dict[str, Any]:
    """What stands on the page of a community officer's task besides the task."""
    if row["owner_role"] != Role.COMMUNITY:
        return {}
    return {
        "call": CALL.format(phone=seen.context.policy(row["force"]).phone),
        "involve": f"/tasks/{row['id']}/involve",
        "teams": tuple((role.value, said) for role, said in TEAMS.items()),
        "asked_too": ASKED_TOO if seen.request.query_params.get("asked") == "yes" else "",
    }


def note_opened(seen: Seen, row: RowMapping) -> None:
    """Write into the record's history who of the community officers reads a task about it."""
    detail: dict[str, str | int | list[str]] = {"task": row["id"], "kind": row["kind"], "why": seen.why}
    seen.context.store.write(
        lambda db: audit.note(
            db,
            force=row["force"],
            record=row["record"],
            who=seen.account.id,
            what="task_opened",
            at=seen.now,
            detail=detail,
        )
    )


def may_ask(seen: Seen, row: RowMapping) -> bool:
    """Whether this person may ask the community officers because of a record."""
    return bool(set(ASKERS) & seen.account.person.roles) and passing.forbidden(row) is None


def _words(seen: Seen) -> str:
    return seen.form.get("words", "").replace("\r\n", "\n").strip()


def _own_task(seen: Seen, db: Connection) -> RowMapping | None:
    asked, somebody = seen.request.path_params["task"], seen.account.person
    id_ = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS else 0
    query = select(task).where(
        task.c.id == id_, task.c.force == somebody.force, task.c.owner_role == Role.COMMUNITY.value
    )
    row = db.execute(query).mappings().first()
    with_child = row is not None and row["kind"] in WITH_A_CHILD
    return None if with_child and not somebody.works_with_children else row


def _record(seen: Seen) -> RowMapping | None:
    with seen.context.store.read() as db:
        return scopes.opened(db, seen.request.path_params["record"], seen.account.person)


def id_in(given: str) -> UUID:
    """The id that the page has made; another one where the form has none of ours."""
    try:
        return read_id(given)
    except WireError:
        return new_id()


def _shown(seen: Seen, *, problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    row = _record(seen)
    if row is None:
        return page(RefusedPage(**seen.frame("tasks"), says=NOT_THERE), 404)
    with seen.context.store.read() as db:
        of_restricted = scopes.restriction_of(db, row)
    forbidden = passing.forbidden(row) or (Refused.RESTRICTED if of_restricted else None)
    if forbidden is not None:
        return page(RefusedPage(**seen.frame("tasks"), says=SAYS[forbidden]), 409)
    with seen.context.store.read() as db:
        places = passing.places_of(db, row["force"], row["record"])
    fits = {kind: row["subject"] if kind in WITH_A_CHILD else places for kind in WORK_OF_COMMUNITY}
    title = "Ask the community officers"
    made = PassPage(
        **seen.frame("tasks"),
        title=f"Error: {title}" if problems else title,
        heading=title,
        under=f"Because of {reference_of(UUID(row['record']))}",
        action=f"/records/{row['record']}/community",
        back=f"/records/{row['record']}",
        id=str(new_id()),
        kinds=tuple((kind, title_of(kind)) for kind, there in fits.items() if there),
        places=tuple(places.items()),
        given={name: seen.form.get(name, "") for name in ("kind", "place", "due", "words")},
        problems=problems,
    )
    return page(made, status)
