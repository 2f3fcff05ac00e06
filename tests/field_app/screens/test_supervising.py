"""A sergeant with the tablet: what waits, the record as a document, asking, sending back, approving."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from booklets.decisions import Outcome
from field_app.ui import supervising_words as words
from field_app.ui.model import At, Model
from tests.support.handsets import OnShift
from tests.support.queues import Tablet, a_check
from tests.support.screens import Screens, journey
from tests.support.standing import standing_at

TABLET = {"width": 1180, "height": 820}
RATIONALE = (
    "Kit told PC Wells it was loud and walked to the bus station; Robin was rung at 21:04 and "
    "the duty team has the address. He sleeps at the home tonight."
)
NOTHING_MORE = "PC Wells rang the duty team at 21:04 and Robin locked the side door; the home checks hourly."


@contextlib.asynccontextmanager
async def at_the_queue(officer: OnShift, **page: Any) -> AsyncIterator[tuple[Screens, Model]]:
    """The sergeant's home screen with one return check waiting."""
    async with standing_at(At.QUEUE, officer, **(TABLET | page)) as (app, model):
        yield app, model


def encounter_of(model: Model) -> str:
    """The one case there is."""
    return model.home.cases[0].encounter


async def answers_what_was_looked_at(app: Screens) -> None:
    """One tap each."""
    for name in ("read.yes", "voice.yes", "other_children.none_there", "offences.none_found"):
        await app.tap(f"sup.{name}")


def test_a_sergeant_reads_and_approves_in_own_words(officer: OnShift) -> None:
    """The thinnest way through: a row, the document, the reason, and a sealed decision in the outbox."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model):
            await app.tap(f"case.{encounter_of(model)}")
            assert app.says("“I went because it was loud.”")
            await app.tap("approve")
            await answers_what_was_looked_at(app)
            await app.type("sup.rationale", RATIONALE)
            await app.type("sup.no_directions_because", NOTHING_MORE)
            before = len(officer.outbox())
            await app.tap("decide")
            assert app.at("decided.state").label is None
            assert app.says(words.ON_ITS_WAY)
            [sealed] = officer.outbox()[before:]
            assert sealed.summary["outcome"] == Outcome.APPROVE
            decided = {(str(one.record.header.record), 1) for one in model.home.cases[0].papers}
            assert {tuple(one) for one in sealed.summary["decides"]} == decided

    journey(walk)


__all__ = ["Tablet", "a_check"]
