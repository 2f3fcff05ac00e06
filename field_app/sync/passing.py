"""One step of a round: drafts that are given to a colleague, taken over, or taken back."""

from __future__ import annotations

from field_app.sync.client import SyncClient
from field_app.sync.desk import Desk, Signed, Wish
from field_app.sync.failures import Refused, SyncFailed, TryLater
from field_app.sync.news import StatusChanged
from field_app.sync.sessions import Session

GIVE = "give"
NEVER_LEFT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout"})
"""There was no line at all, so the force cannot have heard of it."""


def pass_on(client: SyncClient, desk: Desk, officer: Signed) -> tuple[int, SyncFailed | None]:
    """Ask in order; how much was answered, and what stood in the way of one alone.

    One that fails on its own is tried again in the next round.
    """
    answered, trouble = 0, None
    for wish in desk.giving.waiting():
        if not desk.giving.begin(wish.id):
            continue
        try:
            why = officer.asks(lambda session, wish=wish: _asked(client, wish, session))  # type: ignore[misc]
        except Refused as refused:
            why = refused.code
        except TryLater as later:
            if later.why in NEVER_LEFT:
                desk.giving.never_left(wish.id)
            if later.whole_line:
                raise
            trouble = later
            continue
        desk.giving.answered(wish.id, why)
        desk.tell(StatusChanged("given", "", 0, "void" if why else "counted"))
        answered += 1
    return answered, trouble


def _asked(client: SyncClient, wish: Wish, session: Session) -> str:
    if wish.act == GIVE:
        return client.give(wish.sealed, session=session)
    return client.act_on_given(wish.given, wish.act, session=session)
