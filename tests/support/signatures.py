"""Signatures of the gallery and of the bench: drawn, not yet, and why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from booklets.answers import Answer, Row
from booklets.forms import Kind
from booklets.photos import CAPTION, photo_row
from booklets.signatures import signed, stands_instead
from field_app.ui.widgets import FieldView

NIGHT = datetime(2026, 3, 14, 2, 41, 20, tzinfo=UTC)
KAREN: Row = {CAPTION: "Karen Brook"}
WHO = "Who takes over Amy\u2019s care?"
DRAWN_BY_KAREN = signed(photo_row(UUID(int=1), added=NIGHT), KAREN)
SIGNATURES: list[tuple[FieldView, Answer | None]] = [
    (FieldView(id="g.signature", kind=Kind.SIGNATURE, label=WHO, gaps=()), None),
    (
        FieldView(id="g.signed", kind=Kind.SIGNATURE, label=WHO, help="An adult, never Amy.", gaps=()),
        (DRAWN_BY_KAREN,),
    ),
    (
        FieldView(id="g.unsigned", kind=Kind.SIGNATURE, label=WHO, gaps=()),
        (stands_instead("cannot", KAREN, NIGHT),),
    ),
]


async def draws(put: Callable[[str, Answer | None], None], name: str, *_: object) -> str:
    """Put what was drawn, and have nothing to say of it."""
    put(name, (DRAWN_BY_KAREN,))
    return ""
