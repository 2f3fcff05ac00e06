"""What one part of ``make faults`` says: the figures of one way of breaking things."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried how often, what came of it, and what the same did to something weak.

    ``measured`` are figures beside that, in words, for whoever reads the line.
    """

    name: str
    tried: int
    lost: int
    accepted_wrongly: int
    control: str
    control_found: int
    measured: str = ""
