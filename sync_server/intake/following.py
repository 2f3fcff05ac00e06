"""What follows from a record that was just stored, in the same transaction.

The author hears that it arrived, the supervisor that it waits; tasks are set;
the local authority and the force's records are owed what they are due. Unless the
child has died (R-50): then nothing happens by itself, and a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from booklets.answers import instant
from booklets.decisions import is_decision
from booklets.form_names import RETURNED
from booklets.records import Record
from booklets.signs import CHILD_HAS_DIED, DEATH_RULE, in_danger, only_rung, says_dead, telling_warns
from sync_server import attachments, audit, encompass, evidence, feed, register
from sync_server.across.protection import KNOWN_BY
from sync_server.context import Context
from sync_server.db.later import asked
from sync_server.db.tables import State
from sync_server.db.tables import record as record_table
from sync_server.deciding import heads, sealed, telling
from sync_server.deciding.heads import Head
from sync_server.deciding.withdrawing import withdraw
from sync_server.encompass import ENC
from sync_server.episodes import closing
from sync_server.episodes.standing import is_closed
from sync_server.flags import danger_since
from sync_server.forwarding import outbox
from sync_server.identity.accounts import Role
from sync_server.intake import answering, designating, enquired, level_owner, tasking
from sync_server.intake.owing import SYSTEM, Owing
from sync_server.intake.taking_up import take_up
from sync_server.referrals import KINDS

DEATH_TASK = CHILD_HAS_DIED
ENDINGS = frozenset({*KNOWN_BY, RETURNED})
"""What ends tasks of other records for as long as it holds."""


@dataclass(frozen=True, slots=True)
class Came:
    """A revision that was just stored: what it says, what it shows, and where the one before it stood."""

    record: Record
    flags: Mapping[str, Any]
    at: datetime
    before: Head | None = None


def follow(context: Context, connection: Connection, came: Came) -> None:
    """Set in motion what this record asks for."""
    record, at = came.record, came.at
    if is_decision(record):
        if sealed.take(context, connection, record, at).stands:
            tasking.set_tasks(connection, tasking.directed(record), record)
            register.keep_due(connection, str(record.header.record))
        _tell_author(connection, record, at)
        return
    episode = _of_episode(connection, record, at)
    attachments.list_those_of(connection, record, context.policy(record.header.force), at)
    if came.before is not None:
        header = record.header
        telling.answered(connection, came.before, header.revision, at, by=header.author.id)
    owing = Owing(context, connection, record, _that_count(episode), at)
    if record.header.void_reason:
        _take_back(connection, came, owing)
        return
    died = any(says_dead(one.flags) for one in owing.episode)
    if died:
        _stop_everything(connection, record, [one.record for one in owing.episode], at)
    _ask(context, connection, came, died=died, alone=not _others_at_the_door(record, episode))
    warned = in_danger(came.flags) and not died
    if warned:
        before = came.before.flags if came.before is not None else {}
        again = danger_since(came.flags, before)
        tasking.danger_came(connection, record, context.policy(record.header.force), at, again=again)
    owing.to_force(died=died)
    if not died:
        owing.to_councils(came.flags)
        _of_school(owing, came.flags)
    if record.tasks or warned or record.header.revision > 1:
        register.keep_due(connection, str(record.header.record))
    _tell_author(connection, record, at)
    _ask_for_decision(connection, record, at, died=died)
    _tell_others(came, owing)


def _ask(context: Context, connection: Connection, came: Came, *, died: bool, alone: bool) -> None:
    """What this record asks somebody to do, and what is over because of it.

    ``alone``: nothing else of its doorstep is here.
    """
    record = came.record
    asked = [one for one in record.tasks if not died or one.kind == DEATH_TASK]
    if not died:
        asked += [*tasking.agreed(record), *enquired.asked(record, context.policy(record.header.force))]
    tasking.set_tasks(connection, asked, record)
    tasking.ended_by(connection, record, alone=alone)
    if not died:
        enquired.bring_in_line(context, connection, record)
        level_owner.ask_owner(connection, record)
        designating.ask_to_accept(connection, record, context.policy(record.header.force), came.at)
    if _is_another_end(context, connection, came):
        tasking.end_holds_no_longer(connection, record)


def _of_school(owing: Owing, flags: Mapping[str, Any]) -> None:
    """What a school is told because of this record, or what another kind means for what one is told."""
    header = owing.record.header
    if header.record_type == ENC:
        owing.to_school()
        return
    if header.covert or telling_warns(flags):
        owing.school_waits()
    encompass.asked_beside(owing.connection, owing.record)


def _take_back(connection: Connection, came: Came, owing: Owing) -> None:
    """The author withdraws the record: everything stops, and what has left is corrected."""
    owing.withdrawn(withdraw(connection, came.record, came.before, came.at))
    answering.withdrawn(connection, came.record)
    enquired.bring_in_line(owing.context, connection, came.record)
    if came.record.header.record_type == ENC:
        encompass.bring_in_line(connection, str(came.record.header.record))
    if came.record.header.record_type in ENDINGS:
        tasking.end_holds_no_longer(connection, came.record)
    _tell_others(came, owing)
    register.keep_due(connection, str(came.record.header.record))


def _is_another_end(context: Context, connection: Connection, came: Came) -> bool:
    """Whether an end or a review is at another time than was said before, or about another child.

    A return is none any more where it says by now that the child has only rung (R-08b).
    """
    record, before = came.record, came.before
    if record.header.record_type == RETURNED and before is not None:
        return only_rung(came.flags) and not only_rung(before.flags)
    if record.header.record_type not in KNOWN_BY or before is None:
        return False
    earlier = evidence.readable(connection, context.keys.safe, before.record, before.rev)
    return earlier is None or _ends(earlier) != _ends(record)


def _ends(end: Record) -> tuple[Any, ...]:
    return end.answers.get(KNOWN_BY[end.header.record_type]), end.header.subject, end.entities


def _of_episode(connection: Connection, record: Record, at: datetime) -> list[Any]:
    """The records of the same episode, this one included: it stands in the register already.

    Where somebody had closed it, it is open again. Nobody closes it just now: its row was written with the
    record.
    """
    of = {"force": record.header.force, "episode": str(record.header.episode)}
    episode = asked(connection, _OF_EPISODE, of)
    if any(one.is_closed for one in episode):
        closing.came(connection, record, at)
    return episode


def _that_count(episode: list[Any]) -> list[Any]:
    return [one for one in episode if one.state != State.WITHDRAWN.value]


_OF_EPISODE = select(
    *(
        record_table.c[name]
        for name in ("record", "rev", "record_type", "encounter", "flags", "covert", "state")
    ),
    is_closed(record_table.c.force, record_table.c.episode).label("is_closed"),
).where(record_table.c.force == bindparam("force"), record_table.c.episode == bindparam("episode"))


def _others_at_the_door(record: Record, episode: list[Any]) -> bool:
    """Whether another record of the same doorstep is here, be it that it was withdrawn."""
    own, door = str(record.header.record), str(record.header.encounter)
    return any(one.encounter == door and one.record != own for one in episode)


def _stop_everything(connection: Connection, record: Record, episode: list[str], at: datetime) -> None:
    """R-50: no automatic notice, clock or interview, neither from this record nor from its neighbours."""
    for target in KINDS:
        outbox.stop(connection, records=episode, target=target, reason=DEATH_RULE)
    outbox.without_limit(connection, episode)
    tasking.stop(connection, episode, but=DEATH_TASK, reason=DEATH_RULE)
    audit.note(
        connection,
        force=record.header.force,
        record=str(record.header.record),
        who=SYSTEM,
        what="automatic_steps_stopped",
        at=at,
        detail={"rule": DEATH_RULE, "rev": record.header.revision, "records": sorted(episode)},
    )


def _tell_author(connection: Connection, record: Record, at: datetime) -> None:
    header = record.header
    name = str(header.record)
    listed = attachments.standing_of(connection, [name]) if header.attachments else {}
    more = {"attachments": listed[name].to_json()} if name in listed else {}
    feed.add(
        connection,
        force=header.force,
        recipient=feed.to_officer(header.force, header.author.id),
        kind=feed.STATUS,
        at=at,
        record=str(header.record),
        rev=header.revision,
        detail={"state": "received", "received_at": instant(at), **more},
    )


def _ask_for_decision(connection: Connection, record: Record, at: datetime, *, died: bool) -> None:
    """Put the record before the supervisors of its unit, and a death before the incident manager too.

    Where a record goes is never what the handheld says: a word in a header opens no other queue.
    """
    header = record.header
    head = heads.held(connection, header.force, [str(header.record)])[str(header.record)]
    telling.review(connection, feed.to_role(header.force, Role.SUPERVISOR, header.unit), head, at, died=died)
    if died:
        telling.review(connection, feed.to_role(header.force, Role.FIM, ""), head, at, died=died)


def _tell_others(came: Came, owing: Owing) -> None:
    """Where a death became known by this record, or is none any more, what stands beside it follows.

    What waits is put before its supervisors again: they have read that danger leaves by itself, or that
    nothing does; it is no longer so. Of a death that was a mistake what it had stopped goes on first.
    """
    header, connection = came.record.header, owing.connection
    others = [one for one in owing.episode if one.record != str(header.record)]
    by_others = any(says_dead(one.flags) for one in others)
    knew = by_others or _said_dead(came.before)
    died = by_others or (says_dead(came.flags) and not header.void_reason)
    if died == knew:
        return
    now = owing.context.now()  # and not its arrival: what was kept since has had its own news
    if not died:
        take_up(replace(owing, at=now))
    for head in heads.held(connection, header.force, [one.record for one in others]).values():
        telling.review_anew(connection, head, now, died=died)


def _said_dead(before: Head | None) -> bool:
    """Whether the revision before said so, and counted: what had been withdrawn was known to nobody."""
    return before is not None and before.state != State.WITHDRAWN.value and says_dead(before.flags)
