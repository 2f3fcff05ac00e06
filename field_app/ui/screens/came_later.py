"""What comes on top of what was sent while somebody looks at it waits behind a line, and moves no button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import flet as ft

from field_app.capture.returned import VOID, Decided
from field_app.capture.worklist import Parcel
from field_app.ui import duties, duty_words, returning, ringing_words
from field_app.ui import screen_words as words
from field_app.ui.model import Model
from field_app.ui.screens import arrived, returned, still_to_ring


class Part(StrEnum):
    """What can come on top of it, the most pressing first."""

    CALL = "call"
    ATTENTION = "attention"
    DANGER = "danger"
    DECIDED = "decided"


@dataclass(slots=True)
class Stood:
    """What stood on top when the page was opened: only that keeps standing there until more is asked for.

    What goes and comes again has its place there.
    """

    of: tuple[str, int] = ("", 0)
    parts: frozenset[Part] = frozenset()
    opened: int = 0

    def look(self, parcel: Parcel, there: frozenset[Part]) -> None:
        """Another page is another look."""
        page = (parcel.encounter, parcel.revision)
        if self.of != page:
            self.of, self.parts = page, there
            self.opened += 1

    def show(self, there: frozenset[Part], redraw: Callable[[], None]) -> None:
        """Show everything there is, from its top."""
        self.parts |= there
        self.opened += 1
        redraw()


def on_top(model: Model, parcel: Parcel) -> frozenset[Part]:
    """What there is by now to stand on top."""
    told, _ = returning.kept_apart(model, parcel)
    acted = any(duties.acted_on_danger(model, item.record, item.rev) for item in parcel.items)
    there = {
        Part.CALL: still_to_ring.leads(model, parcel),
        Part.ATTENTION: bool(told) or parcel.needs_attention,
        Part.DANGER: acted,
        Part.DECIDED: has_more_to_say(returning.decided_on(model, parcel)),
    }
    return frozenset(part for part, is_there in there.items() if is_there)


def has_more_to_say(decided: Decided | None) -> bool:
    """Whether a decision has words of its own: that there is one, the head of the page says."""
    if decided is None:
        return False
    told = decided.why or decided.leaves or returned.happens_next(decided)
    return bool(told) or decided.state == VOID


def line(model: Model, parcel: Parcel, stood: Stood) -> ft.Control | None:
    """What has come since the page was opened, the most pressing by name; nothing while nothing has."""
    there = on_top(model, parcel)
    came = [part for part in Part if part in there - stood.parts]
    if not came:
        return None
    said = {
        Part.CALL: ringing_words.RING_FIRST,
        Part.ATTENTION: words.NEEDS_A_LOOK,
        Part.DANGER: duty_words.TEAM_ACTED,
        Part.DECIDED: duty_words.DECIDED,
    }[came[0]]

    def show() -> None:
        stood.show(there, model.redraw)

    return arrived.news("show_new", said, show, pressing=came[0] is Part.CALL, key="came_later")
