"""A child whom somebody has restricted to named people."""

from __future__ import annotations

from booklets.records import Record
from sync_server.context import Context
from sync_server.duties import restriction
from sync_server.duties.restriction import Asked
from sync_server.identity import accounts
from sync_server.identity.accounts import Account

WHY = "Her uncle is a sergeant in Filey, and asked two officers where she sleeps."


def account_of(context: Context, user: str) -> Account:
    """Somebody's account."""
    with context.store.read() as db:
        found = accounts.by_user(db, user)
    assert found is not None
    return found


def restricted(context: Context, record: Record, *users: str, words: str = WHY) -> int:
    """Restrict the child of a record to these people, as the first of them does at the console."""
    readers = [account_of(context, user) for user in users]
    asked = Asked(
        by=readers[0],
        record=str(record.header.record),
        rev=record.header.revision,
        words=words,
        readers=frozenset(one.id for one in readers),
    )
    return context.store.write(lambda db: restriction.restrict(context, db, asked))
