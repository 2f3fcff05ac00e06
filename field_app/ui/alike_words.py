"""What is said of an answer that stands in another record of the unit as well (Q-02)."""

from __future__ import annotations

from booklets.alike import ASKS, Alike
from booklets.records import reference_of
from field_app.ui.words import short_day


def also_in(one: Alike) -> str:
    """Beside the answer: how much of it, where else it stands, and what is to be asked."""
    received = f"received {short_day(one.received_at)}"
    return f"{one.says} {reference_of(one.record)} of the same unit, {received}. {ASKS}"


def open_other(one: Alike) -> str:
    """Leads to the other record, where this tablet has it."""
    return f"Open {reference_of(one.record)}"
