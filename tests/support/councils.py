"""The systems of councils and of the force, as far as a test of what leaves needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from booklets.records import Record
from sync_server.forwarding.claiming import Claimed
from tests.support.colleagues import Colleague

YORK, LEEDS = "E06000065", "E08000035"
IN_DANGER, SAFE = {"ppn.immediate_danger": "yes"}, {"ppn.immediate_danger": "no"}
OVER = "Correction: something you were told no longer holds"
Deliver = Callable[[], list[tuple[str, str]]]


@dataclass
class Told:
    """Every system at once: what each target was given, and what happens while one kind of them is asked."""

    given: list[tuple[str, str]]
    meanwhile: Callable[[], object] = lambda: None
    at: str = ""
    answers: Exception | None = None
    target: str = ""

    def __call__(self, claimed: Claimed) -> Told:
        """The system of this target."""
        return replace(self, target=claimed.target)

    def deliver(self, content: Mapping[str, Any], *, once: str) -> None:
        """Take it, or not."""
        if self.target.startswith(self.at):
            self.meanwhile()
        if self.answers is not None:
            raise self.answers
        self.given.append((self.target, str(content.get("subject", "")).partition(", reference")[0]))


def referred(ppn: Record, sergeant: Colleague, vat: Colleague) -> Record:
    """A PPN once both have passed it."""
    sergeant.decided(ppn)
    assert vat.settles(ppn).stands
    return ppn
