"""A receiver of the gallery and of the bench: it always finds the same harbour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from booklets.answers import Answer
from booklets.forms import Kind
from booklets.positions import position_row
from field_app.ui.widgets import FieldView

HARBOUR = position_row(54.28139, -0.40127, 11.2, datetime(2026, 3, 14, 2, 41, 20, tzinfo=UTC))
CARE = "Not for a refuge or another address that must stay secret."
POSITIONS: list[tuple[FieldView, Answer | None]] = [
    (
        FieldView(
            id="g.nowhere",
            kind=Kind.POSITION,
            label="Are you standing there?",
            gaps=(),
            care=CARE,
            help="Once.",
        ),
        None,
    ),
    (FieldView(id="g.position", kind=Kind.POSITION, label="Is it there?", gaps=()), (HARBOUR,)),
]


async def found(put: Callable[[str, Answer | None], None], name: str) -> str:
    """Put it, and have nothing to say of it."""
    put(name, (HARBOUR,))
    return ""
