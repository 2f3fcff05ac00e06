"""Closing a missing episode, opening it again, and what the records refuse: each kept as a row of its own.

Whoever closes says as what and why. What is still open asks for a reason besides. Of two who close at once
the second is told; a record that arrives meanwhile is either seen before the closing or opens the episode
again. The words lie sealed under the key of the episode's return, or of its report: they end with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select

from booklets.decisions import RECORD_TYPE as DECISION
from booklets.form_names import RETURN
from booklets.records import Record
from sync_server import audit, evidence
from sync_server.across.seen import MISSING
from sync_server.context import Context
from sync_server.db.closings import episode_act
from sync_server.db.later import later
from sync_server.db.tables import happening
from sync_server.deciding import heads
from sync_server.episodes.categories import denied
from sync_server.episodes.standing import MOVES, Kind, acts_of, closed_by
from sync_server.episodes.still_open import records_of, still_open, tasks_on, with_two_versions
from sync_server.identity.accounts import Account, Role
from sync_server.keys import BodyBroken
from sync_server.shift_pack import known

SYSTEM = "server"
CLOSERS = (Role.MHET, Role.FIM, Role.SUPERVISOR)
"""Who closes an episode. A supervisor only where all of it is their own unit's."""
SEES_ALL = frozenset({Role.MHET, Role.FIM})
WORDS = "episode words"
AUDITED: Mapping[Kind, str] = {
    Kind.CLOSED: "episode_closed",
    Kind.REFUSED: "episode_closing_refused",
    Kind.REOPENED: "episode_reopened",
}
STILL_OPEN = "still_open"
"""Why a closing was refused, where something is open and nobody said why it is closed all the same."""
ALTHOUGH_OPEN = "although_open"
"""Of a closing that was made: something was open, and its reason is kept."""


class NotDone(StrEnum):
    """Why nothing was done, and nothing kept: what somebody had before them is not what there is."""

    NOT_MISSING = "not_missing"
    NOT_THEIRS = "not_theirs"
    CLOSED_ALREADY = "closed_already"
    OPEN_ALREADY = "open_already"
    MOVED_ON = "moved_on"
    OTHER_UNITS = "other_units"
    OWN_RECORD = "own_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks for. ``seen`` is the ``mark_of`` the records that they had before them."""

    by: Account
    episode: str
    seen: str
    words: str = field(repr=False)
    category: str = ""
    despite: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it. ``refused`` is the code of a refusal that was kept: see ``categories.Denied``."""

    not_done: NotDone | None = None
    refused: str = ""

    @property
    def stands(self) -> bool:
        """Whether it was done."""
        return self.not_done is None and not self.refused


def mark_of(rows: Sequence[RowMapping]) -> str:
    """What stands for exactly these revisions of an episode's records."""
    named = " ".join(sorted(f"{row['record']}@{row['rev']}" for row in rows))
    return hashlib.sha256(named.encode()).hexdigest()


def why_not_theirs(connection: Connection, by: Account, rows: Sequence[RowMapping]) -> NotDone | None:
    """Why this person does not close an episode of these records, or None where they may."""
    if not by.may(frozenset(CLOSERS)):
        return NotDone.NOT_THEIRS
    if not by.may(SEES_ALL) and any(
        row["unit"] != by.person.unit and row["record_type"] != DECISION for row in rows
    ):
        return NotDone.OTHER_UNITS
    told = [row["record"] for row in rows if row["record_type"] in MISSING]
    if any(by.id in heads.authors_of(connection, one) for one in told):
        return NotDone.OWN_RECORD
    return None


def close(context: Context, connection: Connection, asked: Asked) -> Answer:
    """Close it; or keep that it was refused, and why; or say why there was nothing to do."""
    doing = _Doing.of(context, connection, asked)
    not_done = NotDone.CLOSED_ALREADY if doing.closed else doing.objection()
    if not_done is not None:
        return Answer(not_done)
    beside = with_two_versions(connection, asked.by.person.force, doing.rows)
    open_ = still_open(doing.rows, tasks_on(connection, doing.rows), beside)
    refused = denied(asked.category, doing.rows, beside)
    why = refused.value if refused else STILL_OPEN if open_ and not asked.despite else ""
    kept_as = ALTHOUGH_OPEN if open_ and not why else why
    doing.keep(Kind.REFUSED if why else Kind.CLOSED, kept_as, [one.what.value for one in open_])
    return Answer(refused=why)


def reopen(context: Context, connection: Connection, asked: Asked) -> Answer:
    """Open a closed episode again, with the reason in somebody's own words."""
    doing = _Doing.of(context, connection, asked)
    not_done = doing.objection() if doing.closed else NotDone.OPEN_ALREADY
    if not_done is not None:
        return Answer(not_done)
    doing.keep(Kind.REOPENED, "", [])
    return Answer()


def came(connection: Connection, record: Record, at: datetime) -> None:
    """Open the episode of a record again that has just been kept, where somebody had closed it.

    Its row was written with the record (``register.write``), so that nobody else closes it just now.
    """
    header = record.header
    force, episode = header.force, str(header.episode)
    acts = acts_of(connection, force, episode)
    if closed_by(acts) is None:
        return
    _add(
        connection,
        acts,
        force=force,
        episode=episode,
        kind=Kind.REOPENED,
        record=str(header.record),
        rev=header.revision,
        by=SYSTEM,
        at=at,
    )


def hold_still(connection: Connection, record: Record) -> None:
    """Let whoever closes the episode finish before anything of this record is written.

    Both write to the history of a record. Whoever wrote there first and waited for the episode then would
    wait for somebody who waits for them. An episode that is new is held once it is written.
    """
    if connection.dialect.name != "sqlite":  # which has one writer
        later(connection, _HELD, {"force": record.header.force, "episode": str(record.header.episode)})


def words_of(context: Context, connection: Connection, act: RowMapping) -> Mapping[str, str]:
    """What somebody wrote: ``words``, and ``despite``. Nothing once the record's key is destroyed."""
    if not act["words_sealed"]:
        return {}
    try:
        return evidence.open_beside(
            connection,
            context.keys.safe,
            record=act["record"],
            rev=act["rev"],
            what=_sealed_as(act["episode"], act["n"]),
            sealed=act["words_sealed"],
        )
    except BodyBroken:
        return {}


def _sealed_as(episode: str, number: int) -> str:
    return f"{WORDS} {episode} {number}"


_HELD = (
    select(happening.c.id)
    .where(happening.c.force == bindparam("force"), happening.c.id == bindparam("episode"))
    .with_for_update()
)


def _hold(connection: Connection, force: str, episode: str) -> None:
    """Whoever closes an episode and whoever brings a record of it wait for each other here."""
    connection.execute(_HELD, {"force": force, "episode": episode}).first()


@dataclass(frozen=True, slots=True)
class _Doing:
    """An episode held still, with somebody who asks for something."""

    context: Context
    connection: Connection
    asked: Asked
    rows: Sequence[RowMapping]
    acts: Sequence[RowMapping]

    @classmethod
    def of(cls, context: Context, connection: Connection, asked: Asked) -> _Doing:
        """Held first and read then: what was closed or came meanwhile is seen."""
        force = asked.by.person.force
        _hold(connection, force, asked.episode)
        rows = records_of(connection, force, asked.episode)
        return cls(context, connection, asked, rows, acts_of(connection, force, asked.episode))

    @property
    def closed(self) -> bool:
        """Whether somebody has closed it."""
        return closed_by(self.acts) is not None

    def objection(self) -> NotDone | None:
        """Why nothing is done, whatever was asked."""
        if not any(row["record_type"] in MISSING for row in self.rows):
            return NotDone.NOT_MISSING
        if mark_of(self.rows) != self.asked.seen:
            return NotDone.MOVED_ON
        return why_not_theirs(self.connection, self.asked.by, self.rows)

    def keep(self, kind: Kind, why: str, open_: Sequence[str]) -> None:
        """Keep it, its words sealed. The same refusal, heard twice in a row, is kept once."""
        asked, by = self.asked, self.asked.by
        last = self.acts[-1] if self.acts else None
        same = ("kind", "category", "why", "by")
        now = (Kind.REFUSED.value, asked.category, why, by.id)
        if kind is Kind.REFUSED and last is not None and tuple(last[one] for one in same) == now:
            return
        told = [row for row in self.rows if row["record_type"] in MISSING]
        on = max(told, key=lambda row: (row["form"] == RETURN, row["received_at"], row["record"]))
        said = {"words": asked.words, "despite": asked.despite if open_ else ""}
        sealed = evidence.seal_beside(
            self.connection,
            self.context.keys.safe,
            force=by.person.force,
            record=on["record"],
            rev=on["rev"],
            what=_sealed_as(asked.episode, len(self.acts) + 1),
            content=said,
        )
        _add(
            self.connection,
            self.acts,
            force=by.person.force,
            episode=asked.episode,
            kind=kind,
            record=on["record"],
            rev=on["rev"],
            by=by.id,
            at=self.context.now(),
            role=next(one.value for one in CLOSERS if one in by.person.roles),
            category=asked.category,
            why=why,
            still_open=list(open_),
            words_sealed=sealed,
        )


def _add(
    connection: Connection,
    acts: Sequence[RowMapping],
    *,
    force: str,
    episode: str,
    kind: Kind,
    record: str,
    rev: int,
    by: str,
    at: datetime,
    **more: Any,
) -> None:
    """One more act of an episode, and the same in the history of the record it is kept with."""
    nothing = {"role": "", "category": "", "why": "", "still_open": [], "words_sealed": b""}
    values: dict[str, Any] = {
        **nothing,
        **more,
        "force": force,
        "episode": episode,
        "n": len(acts) + 1,
        "kind": kind.value,
        "record": record,
        "rev": rev,
        "by": by,
        "at": at,
    }
    connection.execute(insert(episode_act), values)
    if kind in MOVES:
        known.episode_changed(connection, force, episode)
    codes = {name: values[name] for name in ("category", "why", "still_open") if values[name]}
    audit.note(
        connection,
        force=force,
        record=record,
        who=by,
        what=AUDITED[kind],
        at=at,
        detail={"rev": rev, "episode": episode, **codes},
    )
