"""A PIN that was forgotten: whose vault it is about, and how far the force has come."""

from __future__ import annotations

from dataclasses import dataclass, field

from field_app.sync.locked import KeyAsked
from field_app.ui.model import Model
from field_app.ui.places import At


@dataclass(slots=True)
class Forgotten:
    """One officer's way back in. ``waiting`` says that this screen asks again by itself already."""

    vault: str
    asked: KeyAsked | None = field(default=None, repr=False)
    waiting: bool = False

    @property
    def state(self) -> str:
        """How far it has come; empty before it was asked."""
        return self.asked.state if self.asked else ""


def forgot(model: Model, *, notice: str = "") -> None:
    """Show what is kept and what happens now. Nothing is asked yet."""
    model.forgotten = Forgotten(model.vault)
    model.go(At.FORGOTTEN, notice=notice)
