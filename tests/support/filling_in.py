"""An officer who knows the handbook and nothing else fills in any record, led by what the review still asks.

By identifier only: what a question is called and which choices it has stands in the handbook; whether it
is asked, and what is wrong with an answer, is what the screen says.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from booklets import definitions
from booklets.forms import CHOSEN, IN_ROWS, MENTIONS, Column, Field, Kind
from tests.support.screens import Screens

MOST_STEPS = 260
WORDS = "Sat on the stairs at 21:40 in a wet coat and said: I was with Jade at the harbour."
SHORT = "PC 1187 Wells"
BORN = "12/03/2011"
NAMES = {
    "person.known_as": "Amy",
    "person.given_names": "Amy Louise",
    "person.surname": "Brook",
    "ppd.init_officer": "PC 2201 Amin",
    "hov.to": "PC 2201 Amin",
}
FIRST = {
    "place": ("place.street", "Saltern Row"),
    "person": ("person.known_as", "Karen"),
    "object": ("object.description", "A black phone"),
}
"""What is typed first of somebody or something new."""
TYPED = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.REFERENCE, Kind.STAFF})


@dataclass
class FillsIn:
    """One officer at one screen. ``chosen`` says what is answered where the first choice would not do."""

    app: Screens
    chosen: dict[str, str] = field(default_factory=dict)
    taps: int = 0
    typed: int = 0

    async def whole(self) -> None:
        """Answer whatever the review says is missing, until it offers to send."""
        known = definitions.every_field()
        tried: dict[str, int] = {}
        for _ in range(MOST_STEPS):
            await self._reviews()
            if self.app.has("send"):
                return
            row = next(one for one in self.app.identifiers() if one.startswith("problem."))
            name = ".".join(row.split(".")[-3:-1])
            tried[name] = tried.get(name, 0) + 1
            assert tried[name] < 6, f"{name} is asked again and again: {self.app.texts()}"
            await self.tap(row)
            await self._answers(known[name])
        raise AssertionError("the review never ends")

    async def tap(self, identifier: str) -> None:
        """Touch something, and count it."""
        self.taps += 1
        await self.app.tap(identifier)

    async def _types(self, identifier: str, words: str) -> None:
        self.typed += len(words)
        await self.app.type(identifier, words)

    async def _reviews(self) -> None:
        while self.app.has("done"):
            await self.tap("done")
        if not self.app.has("review"):
            await self.tap("pages")
        await self.tap("review")

    async def _answers(self, one: Field) -> None:
        """Give the answer, or the reason a rule asks for, or why there is none."""
        reason = next(
            (i for i in self.app.identifiers() if i.startswith(f"{one.id}.line.") and i.endswith(".reason")),
            "",
        )
        if reason:
            await self._types(reason, WORDS)
        elif one.id in self.chosen:
            await self.tap(f"{one.id}.{self.chosen[one.id]}")
        elif one.kind in CHOSEN:
            await self._chooses(one.id, [choice.code for choice in one.codes])
        else:
            await self._gives(one.id, one.kind, one.columns)

    async def _chooses(self, name: str, codes: list[str]) -> None:
        """The first choice that is on the screen."""
        if self.app.has(f"{name}.open"):
            await self.tap(f"{name}.open")
        if self.app.has(f"{name}.no") and not self.app.has(f"{name}.other"):
            await self.tap(f"{name}.no")
            return
        offered = [one for one in codes if self.app.has(f"{name}.{one}")]
        assert offered, f"{name} offers none of {codes}: {self.app.identifiers()}"
        await self.tap(f"{name}.{offered[0]}")

    async def _gives(self, name: str, kind: Kind, columns: tuple[Column, ...]) -> None:
        match kind:
            case kind if kind in TYPED:
                short = SHORT if kind in {Kind.STAFF, Kind.REFERENCE} else WORDS
                await self._types(name, NAMES.get(name, short))
            case Kind.MOMENT:
                await self.tap(f"{name}.now")
            case Kind.NUMBER:
                await self._types(name, "2")
            case Kind.DATE:
                await self._types(name, BORN)
            case Kind.SPEECH:
                await self._adds_words(name)
            case kind if kind in IN_ROWS:
                await self._adds_a_row(name, columns)
            case kind if kind in MENTIONS:
                await self._adds_somebody(name, MENTIONS[kind])
            case _:
                raise AssertionError(f"nobody knows how to answer {name}")

    async def _adds_a_row(self, name: str, columns: tuple[Column, ...]) -> None:
        if self.app.has(f"{name}.add"):
            await self.tap(f"{name}.add")
        row = self._newest_row(name)
        for column in columns:
            if not column.required:
                continue
            cell = f"{name}.{row}.{column.id}"
            if column.codes:
                await self._chooses(cell, [choice.code for choice in column.codes])
            else:
                await self._gives(cell, column.kind, ())
        await self.tap(f"{name}.{row}.done")

    async def _adds_words(self, name: str) -> None:
        if self.app.has(f"{name}.add"):
            await self.tap(f"{name}.add")
        row = f"{name}.{self._newest_row(name)}"
        for one in ("who", "to"):
            offered = [i for i in self.app.identifiers() if i.startswith(f"{row}.{one}.suggest.")]
            if offered:
                await self.tap(offered[0])
        await self._types(f"{row}.asked", "Tell me about tonight.")
        await self._types(f"{row}.said", "I was with Jade.")
        await self.tap(f"{row}.at.now")
        await self.tap(f"{row}.done")

    def _newest_row(self, name: str) -> int:
        return max(int(one.split(".")[2]) for one in self.app.identifiers() if _is_cell(one, name))

    async def _adds_somebody(self, name: str, kind: str) -> None:
        await self.tap(f"{name}.new")
        identifier, words = FIRST[kind]
        await self._types(identifier, words)
        await self.tap("done")


def _is_cell(identifier: str, name: str) -> bool:
    parts = identifier.removeprefix(f"{name}.").split(".")
    return identifier.startswith(f"{name}.") and parts[0].isdecimal()
