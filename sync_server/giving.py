"""An officer gives a draft to a colleague: kept sealed, offered, taken over once, and never forgotten.

Until somebody has taken it over, the giver can take it back. Where nobody does for as long as the force has
set, the giver and the supervisors of the unit hear of it. Each step is a line in the audit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select, update

from booklets.answers import instant
from booklets.errors import WireError
from booklets.handing_on import KIND
from booklets.sealing import read_envelope
from sync_server import audit, feed, given
from sync_server.context import Context
from sync_server.db.giving import Giving, given_draft
from sync_server.db.identity import account
from sync_server.db.types import insert_if_new
from sync_server.identity import accounts
from sync_server.identity.accounts import Person, Role
from sync_server.identity.devices import Device

MINUTES, MINUTES_OTHERWISE = "minutes_to_take_over_a_draft", 60
KEPT_AFTER = timedelta(days=7)
"""So long what was taken over can be fetched again, by whoever has it: their handheld may have broken."""
OWN_LATE = timedelta(hours=24)
"""By then an officer has another handheld; the supervisors of the unit hear of what nobody goes on with."""
SYSTEM = "server"
OFFERED, TAKEN, BACK, LATE = "offered", "taken", "taken_back", "not_taken"


class Why(StrEnum):
    """Why giving, taking over or taking back does not count."""

    NOBODY = "no_such_colleague"
    NOT_TRAINED = "not_trained"
    GONE = "already_taken"
    WAS_BACK = "taken_back"
    NOT_YOURS = "not_theirs"


@dataclass(frozen=True, slots=True)
class By:
    """Who asks, on which handheld."""

    id: str
    person: Person
    device: Device


def give(context: Context, connection: Connection, sealed: bytes, by: By) -> Why | None:
    """Keep a draft and offer it; why not, where it cannot be offered. The same again changes nothing.

    Raises WireError for what is no draft of this officer from this handheld.
    """
    header = read_envelope(sealed).header
    if (header.kind, header.device, header.officer) != (KIND, by.device.id, by.id):
        raise WireError("not a draft of whoever gives it")
    said, now = given.opened(context, connection, sealed), context.now()
    to = ""
    if said.to:
        colleague = _colleague(connection, by.person, said.to)
        if colleague is None or colleague.id == by.id:
            return Why.NOBODY
        if not colleague.person.works_with_children:
            return Why.NOT_TRAINED
        to = colleague.id
    minutes = context.policy(by.person.force).settings.get(MINUTES, MINUTES_OTHERWISE)
    late = now + timedelta(minutes=minutes if isinstance(minutes, int) else MINUTES_OTHERWISE)
    row = {
        "id": str(said.id),
        "force": by.person.force,
        "unit": by.person.unit,
        "encounter": said.encounter,
        "giver": by.id,
        "to_officer": to,
        "envelope": sealed,
        "env_sha256": hashlib.sha256(sealed).hexdigest(),
        "state": Giving.WAITING.value,
        "given_at": now,
        "late_at": late,
        "told_late": False,
        "ended_by": "",
        "ended_at": None,
    }
    if insert_if_new(connection, given_draft, row, [given_draft.c.id]):
        _note(connection, row, by.id, "draft_given", now, device=by.device.id, to=to or by.person.unit)
        _tell(connection, row, OFFERED, _offered_to(row), now, by=by.id)
    return None


def give_back(connection: Connection, copy: Mapping[str, Any], *, now: datetime) -> None:
    """Offer an officer what they had not sent from a handheld that is lost, on whichever is theirs next."""
    row = {
        **{name: copy[name] for name in ("force", "unit", "encounter", "envelope", "env_sha256")},
        "id": copy["given"],
        "giver": copy["officer"],
        "to_officer": copy["officer"],
        "state": Giving.WAITING.value,
        "given_at": copy["kept_at"],
        "late_at": now + OWN_LATE,
        "told_late": False,
        "ended_by": "",
        "ended_at": None,
    }
    if insert_if_new(connection, given_draft, row, [given_draft.c.id]):
        _note(connection, row, SYSTEM, "draft_of_lost_handheld", now, device=copy["device"])
        _tell(connection, row, OFFERED, _offered_to(row), now, by=copy["officer"])


def take(context: Context, connection: Connection, id_: str, by: By) -> Why | None:
    """Give it into these hands; why not, where somebody was first. Asking again is answered alike."""
    row = given.row_of(connection, by.person.force, id_)
    if row is not None and given.is_own(row) and row["giver"] == by.id:
        return _end(connection, row, Giving.TAKEN, by, context.now())
    if row is None or by.person.unit != row["unit"] or row["to_officer"] not in ("", by.id):
        return Why.NOT_YOURS
    if Role.OFFICER not in by.person.asked_as or by.id == row["giver"]:
        return Why.NOT_TRAINED if by.id != row["giver"] else Why.NOT_YOURS
    return _end(connection, row, Giving.TAKEN, by, context.now())


def take_back(context: Context, connection: Connection, id_: str, by: By) -> Why | None:
    """The giver goes on with it after all; why not, where somebody has it."""
    row = given.row_of(connection, by.person.force, id_)
    if row is None or row["giver"] != by.id:
        return Why.NOT_YOURS
    return _end(connection, row, Giving.TAKEN_BACK, by, context.now())


def _end(connection: Connection, row: Mapping[str, Any], state: Giving, by: By, now: datetime) -> Why | None:
    """Whoever comes first ends it; the same officer asking the same again has been first."""
    c = given_draft.c
    ended: dict[str, Any] = {"state": state.value, "ended_by": by.id, "ended_at": now}
    if state is Giving.TAKEN_BACK:
        ended["envelope"] = b""
    first = update(given_draft).where(c.id == row["id"], c.state == Giving.WAITING.value).values(ended)
    if connection.execute(first.returning(c.id)).first() is None:
        stands = given.row_of(connection, row["force"], row["id"])
        if stands is None:
            return Why.NOT_YOURS
        if (stands["state"], stands["ended_by"]) == (state.value, by.id):
            return None
        return Why.GONE if stands["state"] == Giving.TAKEN else Why.WAS_BACK
    taken = state is Giving.TAKEN
    _note(connection, row, by.id, "draft_taken" if taken else "draft_taken_back", now, device=by.device.id)
    supervisors = (_supervisors(row),) if row["told_late"] else ()
    heard = (feed.to_officer(row["force"], row["giver"]), *_offered_to(row), *supervisors)
    _tell(connection, row, TAKEN if taken else BACK, heard, now, by=by.id)
    return None


def look(context: Context) -> int:
    """Tell the giver and the unit's supervisors what nobody has taken over in time; how many there were."""
    now, c = context.now(), given_draft.c
    late = (c.state == Giving.WAITING.value, c.told_late.is_(False), c.late_at <= now)
    with context.store.read() as connection:
        if connection.execute(select(c.id).where(*late).limit(1)).first() is None:
            return 0

    def work(connection: Connection) -> int:
        told = update(given_draft).where(*late).values(told_late=True).returning(given_draft)
        rows = [dict(row) for row in connection.execute(told).mappings()]
        for row in rows:
            _note(connection, row, SYSTEM, "draft_not_taken", now)
            heard = (feed.to_officer(row["force"], row["giver"]), _supervisors(row))
            _tell(connection, row, LATE, heard, now, by=row["giver"])
        return len(rows)

    return context.store.write(work)


def forget_old(context: Context, connection: Connection) -> None:
    """What was taken over some days ago is in its new hands: what lay here of it is erased."""
    c = given_draft.c
    old = update(given_draft).where(
        c.state != Giving.WAITING.value, c.ended_at <= context.now() - KEPT_AFTER
    )
    connection.execute(old.values(envelope=b""))


def _colleague(connection: Connection, giver: Person, number: str) -> accounts.Account | None:
    """The officer of the giver's unit who has this number."""
    c = account.c
    query = select(account).where(
        c.force == giver.force, c.unit == giver.unit, c.shoulder_no == number, c.state == "active"
    )
    found = [accounts.of_row(row) for row in connection.execute(query).mappings()]
    there = [one for one in found if Role.OFFICER in one.person.roles]
    return there[0] if len(there) == 1 else None


def _offered_to(row: Mapping[str, Any]) -> tuple[str, ...]:
    to = row["to_officer"]
    if to:
        return (feed.to_officer(row["force"], to),)
    return (feed.to_role(row["force"], Role.OFFICER, row["unit"]),)


def _supervisors(row: Mapping[str, Any]) -> str:
    return feed.to_role(row["force"], Role.SUPERVISOR, row["unit"])


def _tell(
    connection: Connection,
    row: Mapping[str, Any],
    state: str,
    heard: tuple[str, ...],
    at: datetime,
    *,
    by: str,
) -> None:
    """Whoever acted is named to the others, as records name an author. No word of the draft lies here."""
    who = accounts.by_id(connection, by)
    detail = {
        "state": state,
        "given": row["id"],
        "encounter": row["encounter"],
        "giver": row["giver"],
        "by": by,
        "by_name": f"{who.person.rank} {who.person.name} {who.person.shoulder_no}".strip() if who else "",
        "at": instant(at),
        "given_at": instant(row["given_at"]),
        "lost": given.is_own(row),
    }
    for recipient in dict.fromkeys(heard):
        feed.add(
            connection,
            force=row["force"],
            recipient=recipient,
            kind=feed.GIVEN,
            at=at,
            record=row["encounter"],
            detail=detail,
        )


def _note(
    connection: Connection, row: Mapping[str, Any], who: str, what: str, at: datetime, **more: str
) -> None:
    audit.note(
        connection,
        force=row["force"],
        record=row["encounter"],
        who=who,
        what=what,
        at=at,
        detail={"given": row["id"], **more},
    )
