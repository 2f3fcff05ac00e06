"""What stands, mostly word for word, in another record of the unit too (Q-02): said to whoever reads either.

The share, the answer and the other record, to be read side by side by those who may. Nobody is named, and
nothing waits for it: which of the two was seen, and whether both were, is for a person to find out.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, RowMapping

from booklets.alike import ASKS, Alike
from booklets.records import reference_of
from sync_server import team_texts
from sync_server.console import scopes, words
from sync_server.console.doors import Seen
from sync_server.console.marks import title_of
from sync_server.console.pages import Alert, Fact
from sync_server.console.reading import Reader

TITLE = f"The same words stand in another record of the unit. {ASKS}"
ANOTHER = "another record of the unit"


def to_others(seen: Seen, db: Connection, row: RowMapping, reader: Reader) -> Iterator[Alert]:
    """One alert for all answers of this revision that are mostly another record's."""
    settings = seen.context.policy(row["force"]).settings
    found = team_texts.alike(db, row["record"], row["rev"], settings, seen.now)
    if found:
        yield Alert(TITLE, (), beside=tuple(_one(seen, db, one, reader) for one in found))


def _one(seen: Seen, db: Connection, one: Alike, reader: Reader) -> Fact:
    asked = reader.label(reader.form.field(one.question).label)
    says = f"“{asked}”: {one.says}"
    other = scopes.found(db, str(one.record), seen.account.person)
    if other is None:
        return Fact(says, f"{ANOTHER}.")
    at = words.day_and_time(one.received_at)
    named = f"{title_of(other['form'])} {reference_of(one.record)}, received {at}"
    return Fact(says, named, f"/records/{one.record}")
