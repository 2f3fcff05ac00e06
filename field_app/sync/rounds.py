"""One round of the courier: send what waits, in order, then fetch what is new. No thread, no clock ticking.

Two rules hold everything else up. A record leaves the outbox only with a verified receipt. News is
acknowledged only after it has been stored. Every step may be cut short, and then simply happens again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from field_app.sync.client import SyncClient
from field_app.sync.copies import look_after_copies
from field_app.sync.desk import Arrival, Desk, Halted, Leave, Place, Signed, Waiting
from field_app.sync.failures import Refused, SyncFailed, TryLater
from field_app.sync.hearing import fetch_news, run_errands
from field_app.sync.logged import send_log
from field_app.sync.looking import bring_wanted
from field_app.sync.news import StatusChanged
from field_app.sync.passing import pass_on
from field_app.sync.sending import in_turn, send_waiting
from field_app.sync.tally import Memory, Round
from field_app.sync.unsent import copy_unsent
from field_app.sync.uploads import send_enclosed

__all__ = [
    "Arrival",
    "Desk",
    "Halted",
    "Leave",
    "Memory",
    "Place",
    "Round",
    "Waiting",
    "in_turn",
    "make_round",
]

GREET_EVERY: Final = timedelta(hours=1)


def make_round(client: SyncClient, desk: Desk, memory: Memory) -> Round:
    """Send what waits, fetch what is new, say how this device is."""
    done = Round()
    directory = client.directory
    try:
        officer = Signed(client, desk)
        run_errands(client, desk, officer)
        send_waiting(client, desk, officer, memory, done)
        _say_waiting(client, desk, officer, done)
        passed, trouble = pass_on(client, desk, officer)
        done.sent += passed
        done.ended_by = trouble or done.ended_by
        bring_wanted(client, desk, officer)
        fetch_news(client, desk, officer, stored=done.note_arrivals)
        greeted = _greet(client, desk, memory)
        if greeted:
            done.sent += look_after_copies(client, desk, officer)
        send_enclosed(client, desk, officer, done)
        send_log(client, desk, officer)
        done.sent += copy_unsent(client, desk, officer, memory, again=greeted)
    except Refused as refused:  # not of a record: of a question that we should be allowed to ask
        done.ended_by = TryLater(f"refused_{refused.code}")
    except SyncFailed as failed:
        done.ended_by = failed
    if done.ended_by is not None:
        desk.errands.fail(done.ended_by)
    if client.directory != directory:
        desk.keep_directory(client.directory)
    return done


def _say_waiting(client: SyncClient, desk: Desk, officer: Signed, done: Round) -> None:
    """Say what was said of tasks, in order. One that fails on its own is tried again in the next round."""
    for message in desk.saying.waiting():
        try:
            why = officer.asks(lambda session, said=message: client.say(said, session=session))  # type: ignore[misc]
        except Refused as refused:
            why = refused.code
        except TryLater as trouble:
            if trouble.whole_line:
                raise
            done.ended_by = trouble
            continue
        desk.saying.answered(str(message["id"]), why)
        desk.tell(StatusChanged("task", "", 0, "void" if why else "counted"))
        done.sent += 1


def _greet(client: SyncClient, desk: Desk, memory: Memory) -> bool:
    """Say how this device is, if that has changed; now and then, and then True, ask how the server is."""
    if desk.leave.asked:
        raise Halted
    report = dict(desk.report())
    greet = memory.greeted is None or not timedelta() <= desk.now() - memory.greeted < GREET_EVERY
    if greet or report != memory.reported:
        policy = client.status(report).policy
        memory.reported = report
        if policy:
            desk.keep_policy(policy)
    if greet:
        if client.hello().directory_number > client.known_keys.number:
            client.keys()
        memory.together.taken = True  # it may have been brought up to date
        memory.greeted = desk.now()
    return greet
