"""Attachments sealed with the records that list them, on their way to the server.

    waiting → sent          the server has confirmed all of it, and the receipt is kept
            → attention     the server will not take it as it stands: somebody has to look

One goes only once its record has been received: the record is small, and what the server knows of it says
which attachments belong to it. The sealed bytes are the same at every try, so what was cut short goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, BinaryIO, Final

from tinydb.table import Document

from booklets.sealing import AttachmentRef
from field_app.store.outbox import KEPT_AFTER_ACCEPTANCE, Outbox, State
from field_app.store.sealed_table import VaultDB

ENCLOSURES: Final = "enclosures"
ONLY_REVISION: Final = 1  # an attachment never has another: a changed picture is another attachment


class Going(StrEnum):
    """Where an attachment is on its way to the server."""

    WAITING = "waiting"
    SENT = "sent"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One sealed attachment. ``upload`` is where the server takes it, once that was begun.

    ``rev`` is the revision of the record that listed it first; ``size`` is that of the sealed bytes.
    """

    id: int
    attachment: str
    record: str
    rev: int
    size: int
    sha256: str
    going: Going
    upload: str = ""
    reason: str = ""
    settled: datetime | None = field(default=None)


class Enclosures:
    """Every sealed attachment of one open vault."""

    def __init__(self, db: VaultDB) -> None:
        self._db = db
        self._table = db.sealed(ENCLOSURES)

    # ---- looking -------------------------------------------------------------------------------

    def all(self) -> list[Enclosure]:
        """Every one, in the order in which they were sealed."""
        return [_enclosure(found) for found in self._table]

    def waiting(self) -> list[Enclosure]:
        """What can be sent: the smallest first, of records that the server has received."""
        found = [one for one in self.all() if one.going is Going.WAITING]
        if not found:
            return []
        received = {
            (item.record, item.rev) for item in Outbox(self._db).all() if item.state is State.ACCEPTED
        }
        return sorted((one for one in found if (one.record, one.rev) in received), key=lambda one: one.size)

    def piece(self, id_: int, start: int, size: int) -> bytes | None:
        """Some of the sealed bytes; None when they have been erased."""
        return self._db.rows.envelope_piece(id_, start, size)

    def bytes_kept(self) -> int:
        """How many sealed bytes are kept here."""
        rows = self._db.rows
        return sum(one.size for one in self.all() if rows.envelope_piece(one.id, 0, 0) is not None)

    # ---- changing ------------------------------------------------------------------------------

    def put(
        self,
        attachment: str,
        *,
        record: str,
        rev: int,
        size: int,
        seal: Callable[[BinaryIO], AttachmentRef],
    ) -> AttachmentRef:
        """Keep an attachment of ``size`` bytes that ``seal`` writes; what the manifest says of it."""
        made: list[AttachmentRef] = []

        def write(target: BinaryIO) -> str:
            made.append(seal(target))
            return made[0].sha256

        with self._db.transaction():
            at = self._db.rows.write_envelope(record=attachment, rev=ONLY_REVISION, size=size, write=write)
            document = {
                "attachment": attachment,
                "record": record,
                "rev": rev,
                "size": made[0].size,
                "sha256": made[0].sha256,
                "going": Going.WAITING.value,
            }
            self._table.put(Document(document, at))
        return made[0]

    def begun(self, id_: int, upload: str) -> None:
        """Remember where the server takes it, so that it goes on there after a restart."""
        self._change(id_, upload=upload)

    def sent(self, id_: int, *, now: datetime, receipt: str) -> None:
        """The server has confirmed all of it by a receipt whose signature was checked."""
        self._change(id_, going=Going.SENT.value, settled=now.astimezone(UTC).isoformat(), receipt=receipt)

    def needs_attention(self, id_: int, *, now: datetime, reason: str) -> None:
        """The server will not take it as it stands. It is kept, and not sent again by itself."""
        settled = now.astimezone(UTC).isoformat()
        self._change(id_, going=Going.ATTENTION.value, settled=settled, reason=reason)

    def erase_due(self, *, now: datetime, kept: timedelta = KEPT_AFTER_ACCEPTANCE) -> int:
        """Erase the sealed bytes of what the server confirmed long ago; that it did is remembered."""
        if self._db.read_only:
            return 0
        old = [
            one.id
            for one in self.all()
            if one.going is Going.SENT and one.settled is not None and one.settled + kept <= now
        ]
        with self._db.transaction():
            return sum(self._db.rows.erase_envelope(id_) for id_ in old)

    def _change(self, id_: int, **said: Any) -> None:
        found = self._table.get(doc_id=id_)
        if found is None or found["going"] != Going.WAITING.value:
            return  # settled already: what is heard a second time changes nothing
        with self._db.transaction():
            self._table.put(Document({**found, **said}, id_))
            if said.get("going") == Going.SENT.value:
                self._db.rows.settle_envelope(id_)


def _enclosure(found: Document) -> Enclosure:
    settled = found.get("settled")
    return Enclosure(
        id=found.doc_id,
        attachment=found["attachment"],
        record=found["record"],
        rev=found["rev"],
        size=found["size"],
        sha256=found["sha256"],
        going=Going(found["going"]),
        upload=found.get("upload", ""),
        reason=found.get("reason", ""),
        settled=datetime.fromisoformat(settled) if settled else None,
    )
