"""What a sergeant does on the tablet, in-process: opens a case, writes, decides; what comes meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from booklets import wire
from booklets.records import Record
from booklets.sealing import read_envelope
from field_app.sync.news import StatusChanged
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.queues import Tablet
from tests.support.screens import Screens
from tests.support.standing import standing_at

TABLET = {"width": 1180, "height": 820}
RATIONALE = (
    "Kit told PC Wells it was loud and walked to the bus station; Robin was rung at 21:04 and "
    "the duty team has the address. He sleeps at the home tonight."
)
NOTHING_MORE = "PC Wells rang the duty team at 21:04 and Robin locked the side door; the home checks hourly."
PUT_RIGHT = "Nobody says who was in the kitchen with Kit when he said it was loud. Ask Robin who was there."
ASKED = "Who was with Kit at the bus station?"


@contextlib.asynccontextmanager
async def at_the_queue(officer: OnShift, **page: Any) -> AsyncIterator[tuple[Screens, Model, Tablet]]:
    """The sergeant's home screen with one return check waiting."""
    async with standing_at(At.QUEUE, officer, **(TABLET | page)) as (app, model):
        yield app, model, Tablet(officer)


@contextlib.asynccontextmanager
async def reading(officer: OnShift, **page: Any) -> AsyncIterator[tuple[Screens, Model, Tablet]]:
    """The same, with the return check open."""
    async with at_the_queue(officer, **page) as (app, model, tablet):
        await opens(app, model)
        yield app, model, tablet


async def opens(app: Screens, model: Model) -> None:
    """Touch the row of the first case."""
    await app.tap(f"case.{model.home.cases[0].encounter}")


async def hears(app: Screens, model: Model, tablet: Tablet) -> None:
    """The courier says that something has come."""
    record = model.home.cases[0].papers[0].record.header
    model._heard(StatusChanged("review", str(record.record), record.revision, ""))
    shift = tablet.officer.shift
    shift._keeper.call(lambda: None).result()
    await app.settle()
    while model.home.cases != shift.home().cases:
        await app.settle()
    await app.settle()  # the list is there; now it is drawn


async def answers_what_was_looked_at(app: Screens) -> None:
    """One tap each."""
    for name in (
        "read.yes",
        "voice.yes",
        "markers.none_there",
        "other_children.none_there",
        "offences.none_found",
        "language.yes",
    ):
        await app.tap(f"sup.{name}")


async def writes_an_approval(app: Screens, rationale: str = RATIONALE) -> None:
    """Everything that an approval needs."""
    await app.tap("approve")
    await answers_what_was_looked_at(app)
    await app.type("sup.rationale", rationale)
    await app.type("sup.no_directions_because", NOTHING_MORE)


def papers(model: Model) -> list[Record]:
    """The records of the first case."""
    return [one.record for one in model.home.cases[0].papers]


def newest_sealed(officer: OnShift) -> Record:
    """The decision sealed last, as the force's server reads it."""
    envelope = read_envelope(officer.envelope(officer.outbox()[-1]))
    envelope.check(officer.handset._device_keys.signing.public)
    return wire.unpack(envelope.open(officer.force.sealing))


def in_order(app: Screens, *identifiers: str) -> bool:
    """Whether these stand on screen in this order."""
    shown = app.identifiers()
    places = [shown.index(one) for one in identifiers]
    return places == sorted(places)


async def types(app: Screens, pin: str) -> None:
    """Digit by digit."""
    for digit in pin:
        await app.tap(f"digit.{digit}")
