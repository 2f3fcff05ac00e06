"""While a signature is sealed the page goes on: what is written there meanwhile stands."""

from __future__ import annotations

import asyncio

from booklets.answers import rows_of
from booklets.signatures import stands_instead
from field_app.ui import signing, signing_words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.asking import asks
from tests.support.handsets import OnShift
from tests.support.screens import journey
from tests.support.standing import standing_at

SIGNED = "ppe.now_signed"
STROKES, PAD = [[(20, 30), (120, 90), (220, 40)]], (320, 190)


def asks_who_signs(model: Model, _: OnShift) -> None:
    """The page of the end of police protection on which whoever takes over the child's care may sign."""
    asks(model, "protection_end", SIGNED)


def test_what_is_answered_while_a_signature_is_sealed_stands(officer: OnShift) -> None:
    """A name goes with it; a reason for not signing is not written over, and the officer is told."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=asks_who_signs) as (_, model):
            sealing = asyncio.create_task(signing.sign(model, None, SIGNED, STROKES, PAD))
            await asyncio.sleep(0)
            model.put(SIGNED, ({"caption": "Karen Brook"},), None)
            assert await sealing == ""
            [row] = rows_of(model.open_session().value(SIGNED))
            assert (row["how"], row["caption"]) == ("drawn", "Karen Brook")

            model.put(SIGNED, None, None)
            sealing = asyncio.create_task(signing.sign(model, None, SIGNED, STROKES, PAD))
            await asyncio.sleep(0)
            instead = stands_instead("cannot", {}, model.now)
            model.put(SIGNED, ({**instead, "because": "Her hand is bandaged."},), None)
            assert await sealing == signing_words.OTHERWISE_MEANWHILE
            [row] = rows_of(model.open_session().value(SIGNED))
            assert (row["how"], row["because"]) == ("cannot", "Her hand is bandaged.")

    journey(walk)
