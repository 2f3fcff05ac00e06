"""What is sent of one encounter: reviewed, sealed as far as it goes, and with what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from booklets import definitions
from booklets.encounters import Encounter, as_far_as_it_goes
from booklets.forms import Stage
from booklets.records import Author
from field_app.capture.enclosing import Enclosing
from field_app.capture.session import CaptureSession
from field_app.capture.submit import Sealed, Signature, following, own_texts, seal_encounter
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
