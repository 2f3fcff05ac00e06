"""Going off shift: the force hears that this officer is not there, so that a colleague is asked instead."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from booklets.errors import NotAllowedNow
from field_app.sync.client import SyncClient
from field_app.sync.desk import Sessions
from field_app.sync.failures import SignInAgain

STILL_WAITING = (
    "Something you sent has not gone yet, and it can go only while you are signed in. Wait for signal, or "
    "just lock: your shift ends by itself."
)


def sign_out(
    sessions: Sessions,
    waits: Callable[[], bool],
    connect: Callable[[], SyncClient],
    put_finger_away: Callable[[], None],
) -> None:
    """End the session with the force, then forget it here. Everything in the vault stays, for its PIN alone.

    Refused while something ``waits`` to be sent, be it what was said of a task, a photograph, or a draft for
    a colleague. Without a way to the force it raises what stands in the way, and nothing is changed.
    """
    if waits():
        raise NotAllowedNow(STILL_WAITING)
    session = sessions.current()
    if session is None:
        put_finger_away()
        return
    with closing(connect()) as client:
        try:
            client.sign_out(session)
        except SignInAgain:  # these tokens are over; the session may not be
            _sign_out_renewed(sessions, client)
    sessions.ended()
    put_finger_away()


def _sign_out_renewed(sessions: Sessions, client: SyncClient) -> None:
    session = sessions.current()  # the courier may have renewed it meanwhile
    try:
        if session is not None:
            renewed = client.refresh(session)
            sessions.keep(renewed)
            client.sign_out(renewed)
    except SignInAgain:
        return  # it has ended already
