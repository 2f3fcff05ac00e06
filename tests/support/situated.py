"""Somebody who writes down a situation record by record, on whichever screen, and is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from tests.support.filling_in import FillsIn
from tests.support.hand import Hand
from tests.support.situations import A_DRAFT, Situation, Told

SECONDS_A_TOUCH = 2.0
"""How long a touch takes, going into a field among them: it is looked for, read and met."""
WORDS_A_MINUTE = 30
"""How quickly somebody writes on glass, standing, at night."""


@dataclass(frozen=True)
class Tally:
    """What one record took: touches, fields typed into, characters, words, and answers left open."""

    record: str
    taps: int
    fields: int
    characters: int
    words: int
    gaps: int

    @property
    def minutes(self) -> float:
        """How long that takes, at so many seconds a touch and so many words a minute."""
        return self.words / WORDS_A_MINUTE + (self.taps + self.fields) * SECONDS_A_TOUCH / 60

    def plain(self) -> dict[str, Any]:
        """As it is written into a file."""
        return {**asdict(self), "minutes": round(self.minutes, 1)}


async def walk(
    situation: Situation,
    hand: Hand,
    shoot: Callable[[str], None] = lambda _: None,
    arrives: Callable[[], None] = lambda: None,
) -> list[Tally]:
    """Every record of it, each sent before the next is begun. ``shoot`` is called with where one stands.

    ``arrives`` waits for what was sent: until then a call stands where later the way on stands.
    """
    tallies = []
    for n, told in enumerate(situation.records, 1):
        tallies.append(await _one(told, hand, f"{situation.id}-{n}", shoot))
        arrives()
    return tallies


async def _one(told: Told, hand: Hand, name: str, shoot: Callable[[str], None]) -> Tally:
    writer = _Writer(
        hand,
        dict(told.chosen),
        words=dict(told.words),
        gaps=dict(told.gaps),
        somebody=dict(told.somebody),
        several=dict(told.several),
        turned=lambda page: shoot(f"{name}-{page}"),
    )
    if told.way == "begin":
        await writer.begins(told.guide)
        await writer.page_by_page(told.guide)
    else:
        await writer.is_led_to(told.way)
        await writer.goes_on(told.guide)
    assert not writer.unsaid(), f"{told.name}: nobody asked for {writer.unsaid()}"
    shoot(f"{name}-review")
    await writer.tap("send", lambda seen: "sent.state" in seen)
    shoot(f"{name}-sent")
    gaps = sum(one in writer.said for one in told.gaps) + sum(
        one.endswith("_not_observed") for one in writer.said
    )
    return Tally(told.name, writer.taps, writer.fields, writer.typed, writer.spoken, gaps)


@dataclass
class _Writer(FillsIn):
    """An officer with a screen in hand, who comes to a record as the screen leads there."""

    async def _types(self, identifier: str, words: str, *, own: bool = False) -> None:
        """Only what this situation says: nothing that would be typed anywhere."""
        assert own or identifier in self.words, (
            f"nobody has said what stands at {identifier}: {self.app.texts()}"
        )
        await super()._types(identifier, words, own=own)

    async def begins(self, guide: str) -> None:
        """From the worklist: what happens most stands there, the rest one touch further."""
        if self.app.has("home"):
            await self.tap("home", lambda seen: "start_other" in seen)
        if self.app.has(f"start.{guide}"):
            await self.tap(f"start.{guide}", lambda seen: "pages" in seen)
            return
        if self.app.has("start_other"):
            await self.tap("start_other", lambda seen: f"begin.{guide}" in seen)
        await self.tap(f"begin.{guide}", lambda seen: "pages" in seen)

    async def is_led_to(self, way: str) -> None:
        """From what was sent, or from the worklist where what follows lies among the drafts."""
        found = [one for one in self.app.identifiers() if one.startswith(way)]
        if not found:
            await self.tap("home", lambda seen: any(one.startswith(A_DRAFT) for one in seen))
            found = [one for one in self.app.identifiers() if one.startswith(A_DRAFT)]
        assert found, f"nothing leads to {way}: {self.app.identifiers()}"
        await self.tap(found[0], lambda seen: "pages" in seen)
