"""A hand on the handheld's real screen, for whoever fills in records led by what the screen asks."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from tests.support.browser import Phone
from tests.support.hand import Seen

STILL_MS = 60
PATIENCE_MS = 30_000
COMES_WITHIN_MS, MOST_TOUCHES = 4_000, 5
IDENTIFIERS = """() => [...document.querySelectorAll("[flt-semantics-identifier]")]
    .map(e => e.getAttribute("flt-semantics-identifier"))"""
IS_CHOSEN = """id => [...document.querySelectorAll(`[flt-semantics-identifier="${id}"]`)]
    .every(e => e.getAttribute("aria-current") === "true" || e.getAttribute("aria-checked") === "true")"""
# Until the screen is other than it was, and then has stayed so for two looks; a touch that changes nothing,
# such as one on what was chosen before, is waited for a while all the same.
TURNED = """before => new Promise(done => {
  const look = () => [...document.querySelectorAll("flt-semantics")].map(e => [
    e.getAttribute("flt-semantics-identifier"), e.getAttribute("aria-label"), e.getAttribute("aria-current"),
    e.getAttribute("aria-checked"), [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent)
  ].join("|")).join("\\n");
  if (before === null) return done(look());
  const until = performance.now() + 3000;
  let last = null;
  const again = () => {
    const now = look();
    if (performance.now() > until || (now !== before && now === last)) return done(now);
    last = now;
    setTimeout(again, 60);
  };
  again();
})"""


class InTheBrowser:
    """A hand on the handheld's real screen: it looks once the screen has turned and stopped changing."""

    def __init__(self, screen: Phone) -> None:
        self._screen = screen

    def identifiers(self) -> list[str]:
        """Every identifier on screen, in order."""
        found: list[str] = self._screen.page.evaluate(IDENTIFIERS)
        return found

    def has(self, identifier: str) -> bool:
        """Whether something with this identifier is on screen."""
        return identifier in self.identifiers()

    def texts(self) -> list[str]:
        """Everything a reader would say."""
        return self._screen.said().splitlines()

    async def tap(self, identifier: str, brings: Seen | None = None) -> None:
        """Touch the thing with this identifier, and wait for what it does.

        Where nothing comes of what should turn the screen, once more, as any thumb would: a page that grows
        at that very moment, because a receipt has come, takes the touch away.
        """
        self._touch(identifier)
        for _ in range(MOST_TOUCHES - 1):
            if brings is None or self._comes(brings, COMES_WITHIN_MS):
                return
            if self.has(identifier):
                self._touch(identifier, unless=brings)
        if brings is not None:
            self.awaits(brings)

    def _touch(self, identifier: str, unless: Seen = lambda _: False) -> None:
        for _ in range(MOST_TOUCHES):
            # What is scrolled to on the way there is not yet what the touch does.
            x, y = self._screen.middle_of(identifier, aimed=True)
            if unless(self.identifiers()):
                return
            before = self._screen.page.evaluate(TURNED, None)
            if self._screen.meets(x, y):
                self._screen.page.evaluate(TURNED, before)
                return
        raise AssertionError(f"{identifier} was never met: something else lay there each time")

    async def choose(self, identifier: str) -> None:
        """Touch a choice until the screen shows it as chosen, or the list has folded into it."""

        def chosen(seen: list[str]) -> bool:
            folded = f"{identifier.rpartition('.')[0]}.chosen" in seen
            return folded or bool(self._screen.page.evaluate(IS_CHOSEN, identifier))

        again = chosen(self.identifiers())  # then nothing will be seen of this touch
        await self.tap(identifier, None if again else chosen)

    def awaits(self, holds: Seen) -> None:
        """Wait until the screen has turned."""
        assert self._comes(holds, PATIENCE_MS), f"the screen does not turn: {self.identifiers()}"

    def _comes(self, holds: Seen, within_ms: int) -> bool:
        for _ in range(within_ms // STILL_MS):
            if holds(self.identifiers()):
                return True
            self._screen.page.wait_for_timeout(STILL_MS)
        return False

    async def type(self, identifier: str, words: str) -> None:
        """Replace the text of a field."""
        self._screen.fill(identifier, words)


def done(work: Coroutine[Any, Any, None]) -> None:
    """Do what never waits for a loop: the browser is driven step by step."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise AssertionError("a browser's hand waits for nothing")
