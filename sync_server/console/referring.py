"""The child exploitation team asks another team to look at a record that it reads.

It writes no record of its own: what it sees goes, with its words, to whoever acts, as a task beside the
record. That it was passed stands in the record's history.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from sqlalchemy import RowMapping
from starlette.responses import Response

from booklets.entities import new_id
from sync_server.console import passed, scopes
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.marks import title_of
from sync_server.console.overviews import ReferPage
from sync_server.console.pages import Problem, RefusedPage
from sync_server.duties import passing
from sync_server.duties.passing import ASKERS, Refused
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of

NOT_THERE = "There is no such record, or it is not yours to read."
FIELD = {Refused.NO_TEAM: "team", Refused.NO_WORDS: "words", Refused.TOO_LONG: "words"}


def may_refer(seen: Seen, row: RowMapping) -> bool:
    """Whether this person may ask a team to look at a record that they read."""
    return Role.CET in seen.account.person.roles and passing.stands(row)


def show(seen: Seen) -> Response:
    """What is asked of whoever refers a record."""
    return _shown(seen)


def send(seen: Seen) -> Response:
    """Ask the team."""
    row, chosen = _record(seen), seen.form.get("team", "")
    if row is None:
        return _not_there(seen)
    ask = partial(
        passing.refer,
        seen.context,
        row=row,
        id_=passed.id_in(seen.form.get("id", "")),
        by=seen.account.id,
        team=Role(chosen) if chosen in set(ASKERS) else None,
        words=_words(seen),
    )
    refused = seen.context.store.write(ask)
    if refused is None:
        return go_to(f"/records/{row['record']}#tasks")
    if refused not in FIELD:
        return _not_there(seen)
    return _shown(seen, problems=(Problem(FIELD[refused], passed.SAYS[refused]),), status=422)


def _record(seen: Seen) -> RowMapping | None:
    with seen.context.store.read() as db:
        row = scopes.opened(db, seen.request.path_params["record"], seen.account.person)
    return row if row is not None and passing.stands(row) else None


def _not_there(seen: Seen) -> Response:
    return page(RefusedPage(**seen.frame("register"), says=NOT_THERE), 404)


def _words(seen: Seen) -> str:
    return seen.form.get("words", "").replace("\r\n", "\n").strip()


def _shown(seen: Seen, *, problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    row = _record(seen)
    if row is None:
        return _not_there(seen)
    back = f"/records/{row['record']}"
    title = "Ask a team to look at this record"
    made = ReferPage(
        **seen.frame("register"),
        title=f"Error: {title}" if problems else title,
        heading=title,
        under=f"{title_of(row['form'])}, {reference_of(UUID(row['record']))}",
        call=passed.CALL.format(phone=seen.context.policy(row["force"]).phone),
        action=f"{back}/refer",
        back=back,
        id=str(new_id()),
        teams=tuple((role.value, said) for role, said in passed.TEAMS.items()),
        given={name: seen.form.get(name, "") for name in ("team", "words")},
        problems=problems,
    )
    return page(made, status)
