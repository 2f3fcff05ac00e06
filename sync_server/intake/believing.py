"""Whose what arrived is: whether its author can have written it, for that unit, and may go on with it."""

from __future__ import annotations

from sqlalchemy import Connection

from booklets.decisions import is_decision
from booklets.records import Record
from sync_server import given
from sync_server.deciding import heads
from sync_server.identity import accounts, sessions
from sync_server.identity.accounts import Role
from sync_server.intake.opening import Sender

NOT_THEIRS = "not_theirs"
NEVER_HERE = "author_never_signed_in"
NOT_THEIR_UNIT = "not_their_unit"


def objection(connection: Connection, record: Record, head: heads.Head | None, *, by: Sender) -> str:
    """Why this is not believed to be what its author wrote, for a unit of theirs; "" when it is.

    Whose it is, is proven by the handheld's signature and by an account that was signed in there. A decision
    is believed to the same degree where it is made to count: one that does not is kept as a decision.
    """
    header = record.header
    if not is_decision(record):
        units = _proven(by, record) or sessions.units_on(connection, header.author.id, header.device)
        if not units:
            return NEVER_HERE
        if head is None and header.unit not in units:
            return NOT_THEIR_UNIT
    return NOT_THEIRS if head is not None and not _may_go_on(connection, record, head) else ""


def _proven(by: Sender, record: Record) -> frozenset[str]:
    """The unit of whoever sends it, where they sent what they wrote themselves, for that unit."""
    header = record.header
    own = (by.officer, by.device, by.unit) == (header.author.id, header.device, header.unit)
    return frozenset({by.unit}) if own and by.unit else frozenset()


def never_here(connection: Connection, record: Record) -> bool:
    """Whether its author never signed in where it came from: nobody chooses what they never wrote."""
    header = record.header
    return not is_decision(record) and not sessions.units_on(connection, header.author.id, header.device)


def _may_go_on(connection: Connection, record: Record, head: heads.Head) -> bool:
    """Who may add a revision: whoever wrote one or took it over, and once it was sent back, the unit's.

    It stays with its unit: nobody chooses by a word in a header which supervisors decide on it.
    """
    officer = record.header.author.id
    if record.header.unit != head.unit:
        return False
    if officer in heads.authors_of(connection, head.record):
        return True
    if given.was_taken_over(connection, head.force, head.encounter, officer):
        return True
    account = accounts.by_id(connection, officer)
    return (
        account is not None
        and account.may(frozenset({Role.OFFICER}))
        and (account.person.force, account.person.unit) == (head.force, head.unit)
        and heads.given_to_the_unit(connection, head)
    )
