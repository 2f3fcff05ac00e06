"""What is sent of one encounter: reviewed, sealed as far as it goes, and with what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from booklets import definitions
from booklets.encounters import Encounter, as_far_as_it_goes
from booklets.forms import Stage
from booklets.records import Author
from field_app.capture.enclosing import Enclosing, enclosing
from field_app.capture.session import CaptureSession
from field_app.capture.submit import Sealed, Signature, following, hand_over, own_texts, seal_encounter
from field_app.store.sealed_table import VaultDB
from field_app.sync.clocks import ServerClock

PPN = "ppn"


def sealed_with_what_follows(
    encounter: Encounter,
    session: CaptureSession,
    *,
    stage: Stage,
    emergency: str,
    void_reason: str,
    force: Mapping[str, object],
    officer: Author,
    clock: ServerClock,
    signature: Signature,
    shift_ends_at: datetime | None,
    enclose: Enclosing = tuple,
) -> Sealed:
    """The session's encounter, as far as it was sent before, sealed for the outbox.

    What is wanted only later holds up nothing. Nothing follows from what is withdrawn.
    """
    guide, earlier = session.guide, session.earlier
    stage, problems = as_far_as_it_goes(session.problems(stage, of=encounter), guide, stage)
    sealed = seal_encounter(
        encounter,
        guide,
        stage=stage,
        problems=problems,
        emergency=emergency,
        force=force,
        clocks=definitions.clocks(),
        at=clock.stamp(),
        signature=signature,
        void_reason=void_reason,
        shift_ends_at=shift_ends_at,
        earlier=earlier,
        enclose=enclose,
    )
    if void_reason:
        return sealed
    next_ = following(sealed, guide, definitions.guide(PPN), officer=officer, at=clock.stamp())
    return replace(sealed, following=next_, own_texts=own_texts(sealed, guide))


class Sending:
    """What was sent from this vault since it was opened, and sending more. On the keeper's thread alone."""

    def __init__(self, db: VaultDB, *, readable_for: Callable[[], timedelta]) -> None:
        self._db = db
        self._readable_for = readable_for
        self._sent: dict[UUID, Encounter] = {}

    def seal_and_hand_over(
        self, encounter: Encounter, seal: Callable[..., Sealed], signature: Signature
    ) -> Sealed:
        """The photographs, the records and the end of the draft are one change."""
        encounter = self.as_sent(encounter)
        enclose = enclosing(self._db, encounter, to=signature.recipients, signer=signature.signer)
        with self._db.transaction():
            sealed = seal(encounter, enclose=enclose)
            hand_over(self._db, sealed, readable_for=self._readable_for())
        self._db.rows.remember()
        self._sent[sealed.encounter.id] = sealed.encounter
        return sealed

    def as_sent(self, encounter: Encounter) -> Encounter:
        """As far as it was sent from here, or further where a colleague's revision is being gone on with."""
        known = self._sent.get(encounter.id, encounter)
        ours = known.sent
        newer = {form: one for form, one in encounter.sent.items() if one.revision > ours[form].revision}
        attached = {one.attachment.id: one for one in (*known.attached, *encounter.attached)}
        sent = MappingProxyType({**ours, **newer})
        return replace(encounter, sent=sent, attached=tuple(attached.values()))
