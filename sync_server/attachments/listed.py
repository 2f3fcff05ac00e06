"""Which attachments a record lists, by its own manifest, and which of those are here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, select

from booklets.records import Record
from booklets.signatures import SIGNATURE
from sync_server.db.attachments import kept, listed
from sync_server.db.tables import record as register
from sync_server.db.types import HIGHEST, insert_if_new
from sync_server.settings import ForcePolicy

MINUTES = 24 * 60
"""How long attachments may take where the force has set no time of its own."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many attachments the newest revision of a record lists, and how many of them are here.

    ``signed_here`` of ``signed_of`` among them are drawn signatures.
    """

    here: int
    of: int
    signed_here: int = 0
    signed_of: int = 0

    @property
    def awaited(self) -> int:
        """How many are still to come."""
        return self.of - self.here

    def to_json(self) -> dict[str, int]:
        """As news to the handheld has it."""
        return {"here": self.here, "of": self.of}


def list_those_of(connection: Connection, record: Record, policy: ForcePolicy, at: datetime) -> None:
    """Write down what a revision lists, and by when it should have come.

    What an earlier revision listed as well belongs to the handheld it was made on, whoever goes on with it.
    """
    header = record.header
    for one in header.attachments:
        same = and_(
            listed.c.record == str(header.record),
            listed.c.attachment == str(one.id),
            listed.c.sha256 == one.sha256,
        )
        first = connection.execute(select(listed).where(same).order_by(listed.c.rev)).first()
        values = {
            "force": header.force,
            "record": str(header.record),
            "rev": header.revision,
            "attachment": str(one.id),
            "kind": one.kind,
            "size": min(one.size, HIGHEST),  # what is larger never comes: no server takes it
            "sha256": one.sha256,
            "device": first.device if first else header.device,
            "listed_at": at,
            "due_at": first.due_at if first else at + _patience(policy),
        }
        insert_if_new(connection, listed, values, [listed.c.record])


def _patience(policy: ForcePolicy) -> timedelta:
    minutes = policy.settings.get("minutes_to_send_attachments")
    return timedelta(minutes=minutes if isinstance(minutes, int) else MINUTES)


def is_here() -> ColumnElement[bool]:
    """Of a row of what is listed: whether it is kept."""
    return exists().where(
        kept.c.record == listed.c.record,
        kept.c.attachment == listed.c.attachment,
        kept.c.sha256 == listed.c.sha256,
    )


def of_the_newest() -> ColumnElement[bool]:
    """Of rows of what is listed, joined with the register: those that the newest revision lists."""
    return and_(register.c.record == listed.c.record, register.c.rev == listed.c.rev)


def standing_of(connection: Connection, records: Iterable[str]) -> Mapping[str, Standing]:
    """How it stands with each of these records. One that lists none is not among them."""
    names = list(records)
    if not names:
        return {}
    signed = listed.c.kind == SIGNATURE
    query = (
        select(
            listed.c.record,
            func.count().filter(is_here()).label("here"),
            func.count().label("of"),
            func.count().filter(is_here(), signed).label("signed_here"),
            func.count().filter(signed).label("signed_of"),
        )
        .join(register, of_the_newest())
        .where(listed.c.record.in_(names))
        .group_by(listed.c.record)
    )
    return {
        row.record: Standing(row.here, row.of, row.signed_here, row.signed_of)
        for row in connection.execute(query)
    }


def listings(connection: Connection, record: str, attachment: str) -> list[Row[tuple[object, ...]]]:
    """Every row that lists this attachment of this record, whatever its sum, the oldest first."""
    own = (listed.c.record == record, listed.c.attachment == attachment)
    return list(connection.execute(select(listed).where(*own).order_by(listed.c.rev)).all())


def listed_in(connection: Connection, record: str, attachment: str) -> int:
    """The newest revision of a record that lists this attachment; 0 where none does."""
    own = (listed.c.record == record, listed.c.attachment == attachment)
    return connection.execute(select(func.max(listed.c.rev)).where(*own)).scalar() or 0


def here_of(connection: Connection, record: str, rev: int) -> frozenset[str]:
    """Which of the attachments that a revision lists are here."""
    own = (listed.c.record == record, listed.c.rev == rev, is_here())
    return frozenset(connection.execute(select(listed.c.attachment).where(*own)).scalars())
