"""What lies in a vault after a long time: drafts, and what was sent and acknowledged, as sealed rows.

Rows of the usual size are written as the app has them, without going through its screens 5,000 times.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tinydb.table import Document

from booklets.answers import instant
from booklets.drafts import encounter_to_json
from booklets.encounters import Encounter
from booklets.entities import new_id
from field_app.store.drafts import DraftStore
from field_app.store.outbox import OUTBOX, State
from field_app.store.sealed_table import VaultDB
from field_app.vault.secrets import DemoSecretStore
from field_app.vault.vaults import Vaults

ENVELOPE = b"\0" * 7_000
OLDEST = timedelta(hours=5)


def fill(db: VaultDB, like: Encounter, *, drafts: int, sent: int, now: datetime) -> None:
    """So many drafts like this one, and so much that was sent, in one transaction."""
    with db.transaction():
        for _ in range(drafts):
            DraftStore(db).save(encounter_to_json(replace(like, id=new_id(), incident=new_id())))
        for number in range(sent):
            _was_sent(db, like.guide, now - OLDEST - timedelta(minutes=number))


def fill_of_app(folder: Path, pin: str, like: Encounter, *, drafts: int, sent: int) -> None:
    """The same in the vault of an app in a browser that does not run just now."""
    vaults = Vaults(folder, DemoSecretStore(folder / "secrets"))
    try:
        [listed] = vaults.officers()
        opened = vaults.unlock(listed.vault, pin)
        fill(opened.db, like, drafts=drafts, sent=sent, now=datetime.now(UTC))
        opened.lock()
    finally:
        vaults.close()


def _was_sent(db: VaultDB, guide: str, at: datetime) -> None:
    """One record the force has, as it lies there. ``Outbox.put`` looks at all others first."""
    record, table = str(new_id()), db.sealed(OUTBOX)
    number = db.rows.put_envelope(record=record, rev=1, env=ENVELOPE)
    db.rows.settle_envelope(number)
    said = {
        "id": number,
        "record": record,
        "rev": 1,
        "priority": 0,
        "created": at.isoformat(),
        "state": State.ACCEPTED.value,
        "receipt": json.dumps({"receipt": {"received_at": instant(at)}}),
        "summary": {"encounter": str(new_id()), "guide": guide, "stage": "capture"},
    }
    table.put(Document(said, number))
