"""A death that was a mistake: what it had stopped in the records of the episode, or kept from them, goes on.

Nobody else would: the supervisors read that what leaves by itself does so again, and a record that is
decided on already comes before nobody. So R-50 is undone as it was done: by the record that says so, in
its transaction. Doing it twice owes and asks nothing twice.
"""

from __future__ import annotations

from booklets.decisions import is_decision
from booklets.signs import DEATH_RULE, in_danger
from sync_server import audit, evidence, register
from sync_server.db.tables import State
from sync_server.deciding import heads
from sync_server.deciding.heads import Head
from sync_server.deciding.states import DECIDED_BY
from sync_server.encompass import ENC
from sync_server.forwarding import outbox
from sync_server.intake import tasking
from sync_server.intake.owing import SYSTEM, Owing


def take_up(owing: Owing) -> None:
    """What ``owing.record`` said of a death holds no longer: its neighbours go on, in order of arrival."""
    connection, header = owing.connection, owing.record.header
    names = sorted(one.record for one in owing.episode)
    others = heads.held(connection, header.force, set(names) - {str(header.record)}).values()
    tasking.take_up(connection, names, stopped_with=DEATH_RULE)
    for head in sorted(others, key=lambda one: (one.received_at, one.record)):
        _goes_on(owing, head)
    for name in names:
        register.keep_due(connection, name)
    audit.note(
        connection,
        force=header.force,
        record=str(header.record),
        who=SYSTEM,
        what="automatic_steps_taken_up",
        at=owing.at,
        detail={"rule": DEATH_RULE, "rev": header.revision, "records": names},
    )


def _goes_on(owing: Owing, head: Head) -> None:
    """What this record asks and owes, as if nobody had said that the child has died."""
    context, connection = owing.context, owing.connection
    record = evidence.readable(connection, context.keys.safe, head.record, head.rev)
    if record is None or is_decision(record):
        return
    policy = context.policy(head.force)
    tasking.set_tasks(connection, record.tasks, record, anew=False)
    tasking.ended_by(connection, record)
    if in_danger(head.flags):
        tasking.danger_came(connection, record, policy, owing.at, again=False)
    waits = State(head.state) in DECIDED_BY
    outbox.take_up(
        connection,
        head.record,
        head.rev,
        stopped_with=DEATH_RULE,
        policy=policy,
        waits=waits,
        at=owing.at,
    )
    mine = Owing(context, connection, record, owing.episode, owing.at, waits=waits)
    mine.to_force(died=False)
    mine.to_councils(head.flags)
    if head.record_type == ENC:
        mine.to_school()
    if head.state == State.RETURNED:  # no time lets go what an officer is asked about
        outbox.without_limit(connection, [head.record])
