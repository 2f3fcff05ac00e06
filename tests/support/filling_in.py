"""An officer who knows the handbook and nothing else fills in any record, led by what the review still asks.

By identifier only: what a question is called and which choices it has stands in the handbook; whether it
is asked, and what is wrong with an answer, is what the screen says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

from booklets import definitions
from booklets.answers import Answer, Gap, Why
from booklets.forms import CHOSEN, IN_ROWS, MENTIONS, Column, Field, Kind, Stage
from booklets.guides import Page
from field_app.ui import at_once
from tests.support.hand import Hand, Seen

KNOWN = "known"
"""Somebody named before is touched, and not typed again: which of those known, from 0."""
SEARCHED = ".find"
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
SAID_BY_THE_CHILD = "pi."
"""Such exact words begin as the child's, to whoever writes: a touch on either would take it away."""
OF_A_SUSPECT, OF_A_CHILD = "person.children_access", "person.ppn_decision"
TYPED = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.REFERENCE, Kind.STAFF})


@dataclass
class FillsIn:
    """One officer at one screen. ``chosen`` says what is answered where the first choice would not do."""

    app: Hand
    chosen: dict[str, str] = field(default_factory=dict)
    taps: int = 0
    typed: int = 0
    said: dict[str, Answer] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """What is typed where something else than a sentence of this page is meant."""
    gaps: dict[str, str] = field(default_factory=dict)
    """Why there is no answer, by question."""
    somebody: dict[str, tuple[dict[str, str], ...]] = field(default_factory=dict)
    """Who or what is named with details, by question: what is typed or chosen of each."""
    several: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What is ticked where more than one thing fits."""
    turned: Callable[[str], None] = lambda _: None
    """Called with the name of each page once it is filled in."""
    fields: int = 0
    """How many fields were typed into."""
    spoken: int = 0
    """How many words were typed."""
    found: set[tuple[str, str]] = field(default_factory=set)
    """What was meant to be said and was: which of the tables above, and the question in it."""

    def unsaid(self) -> list[str]:
        """What was meant to be said and never found its question."""
        return sorted(" ".join(one) for one in self._meant() - self.found)

    def _meant(self) -> set[tuple[str, str]]:
        """All that is meant to be said, in which table. What a list is searched by is no answer."""
        return {
            (table, name)
            for table in ("chosen", "several", "words", "gaps", "somebody")
            for name in getattr(self, table)
            if not name.endswith(SEARCHED)
        }

    async def page_by_page(self, guide_id: str, missing: Collection[str] | None = None) -> None:
        """Walk through the pages as at the door, answering what is needed before sending, to the review.

        What is meant to be said goes in whether it is needed or not. ``missing`` is what the review lacks of
        a record that something was known of before it was opened.
        """
        guide = definitions.guide(guide_id)
        for page in guide.pages:
            if not await self._goes_to(page):
                break
            for name in page.fields():
                one = guide.field(name)
                if name not in self.said and self._is_wanted(one, missing):
                    self.app.awaits(partial(_is_asked, name))  # an answer above may bring it in a moment
                    await self._answers(one)
            self.turned(page.id)
        await self.whole()

    async def goes_on(self, guide_id: str) -> None:
        """Fill in a record that something is known of: the review says what lacks, then page by page."""
        await self._reviews()
        rows = [one for one in self.app.identifiers() if one.startswith("problem.")]
        missing = {".".join(one.split(".")[-3:-1]) for one in rows}
        await self.tap("back", lambda seen: "send" not in seen and "needed" not in seen)
        if self.app.has("open." + definitions.guide(guide_id).pages[0].id):
            first = f"open.{definitions.guide(guide_id).pages[0].id}"
            await self.tap(first, lambda seen: first not in seen)
        await self.page_by_page(guide_id, missing)

    def _is_wanted(self, one: Field, missing: Collection[str] | None) -> bool:
        """Whether it is answered now: it is needed and not known yet, or meant to be said all the same."""
        if missing is not None and one.is_required({}):
            return one.id in missing and self._is_needed(one)
        needed = one.stage.reached_by(Stage.CAPTURE) and self._is_needed(one)
        return needed or (self._is_meant(one.id) and self._is_asked(one.id))

    def _is_meant(self, name: str) -> bool:
        """Whether there is something to say at a question, in a row of it, or of whom it names."""
        keys = {key for _, key in self._meant()}
        parts = {
            key.removeprefix(f"{name}.").partition(".")[0] for key in keys if key.startswith(f"{name}.")
        }
        return name in keys or any(one in FIRST or one.isdecimal() for one in parts)

    def _is_asked(self, name: str) -> bool:
        return any(one == name or one.startswith(f"{name}.") for one in self.app.identifiers())

    async def _goes_to(self, page: Page) -> bool:
        """Turn to a page, past whatever stands between; whether there is a way on to it."""
        while not _stands_on(self.app.identifiers(), page):
            self.app.awaits(lambda seen: "next" in seen or "review" in seen)  # or it is still being drawn
            if not self.app.has("next"):
                return False
            await self.tap("next", _turned_from(_questions(self.app.identifiers())))
        return True

    def _is_needed(self, one: Field) -> bool:
        """Whether the handbook says that it is asked and needed, as far as what was answered shows."""
        return one.is_shown(self.said) and one.is_required(self.said)

    async def whole(self) -> None:
        """Answer whatever the review says is missing, until it offers to send."""
        known = definitions.every_field()
        tried: dict[str, int] = {}
        for _ in range(MOST_STEPS):
            await self._reviews()
            if self.app.has("send"):
                return
            row = next(one for one in self.app.identifiers() if one.startswith("problem.") and _asks(one))
            name = ".".join(row.split(".")[-3:-1])
            asked = known[name]
            tried[name] = tried.get(name, 0) + 1
            assert tried[name] < 6, f"{name} is asked again and again: {self.app.texts()}"
            await self.tap(row, lambda seen, row=row: row not in seen and bool(_questions(seen)))  # type: ignore[misc]
            if self.app.has("done") and not _about_somebody(name):
                # a rule of the record asks something about whom it names
                asked = known[OF_A_CHILD if name.endswith(".children") else OF_A_SUSPECT]
            await self._answers(asked)
        raise AssertionError("the review never ends")

    async def tap(self, identifier: str, brings: Seen | None = None, *, choice: bool = False) -> None:
        """Touch something, and count it. ``brings`` says by what one sees that the screen has turned."""
        self.taps += 1
        await (self.app.choose(identifier) if choice else self.app.tap(identifier, brings))

    async def _picks(self, identifier: str) -> None:
        """Touch a choice: what it brings is asked only once it is seen to be chosen."""
        await self.tap(identifier, choice=True)

    async def _types(self, identifier: str, words: str, *, own: bool = False) -> None:
        """Type what is meant to be said there, or these words; these always, where they are ``own``."""
        if not own and identifier in self.words:
            words = self.words[identifier]
            self.found.add(("words", identifier))
        self.typed, self.fields = self.typed + len(words), self.fields + 1
        self.spoken += len(words.split())
        await self.app.type(identifier, words)

    async def _reviews(self) -> None:
        while self.app.has("done"):
            await self.tap("done", lambda seen: "done" not in seen)
        if not self.app.has("review"):
            await self.tap("pages", lambda seen: "review" in seen)
        await self.tap("review", lambda seen: "send" in seen or "needed" in seen)

    async def _answers(self, one: Field) -> None:
        """Give the answer, or the reason that a rule asks for."""
        reason = next(
            (i for i in self.app.identifiers() if i.startswith(f"{one.id}.line.") and i.endswith(".reason")),
            "",
        )
        # somebody who was named further up may be asked about here already, before anybody is named here
        unnamed = one.kind in MENTIONS and one.id not in self.said
        if reason and not unnamed:
            await self._types(reason, WORDS)
        elif one.id in self.gaps:
            self.found.add(("gaps", one.id))
            await self._says_why_not(one.id, self.gaps[one.id])
        elif one.id in self.several:
            self.found.add(("several", one.id))
            for code in self.several[one.id]:
                await self._touches(one, code)
            self.said[one.id] = self.several[one.id]
        elif one.id in self.chosen:
            self.found.add(("chosen", one.id))
            await self._touches(one, self.chosen[one.id])
            self.said[one.id] = self.chosen[one.id]
        elif one.kind in CHOSEN:
            await self._chooses(one.id, [choice.code for choice in one.codes])
        else:
            await self._gives(one.id, one.kind, one.columns)
            self.said[one.id] = "given"

    async def _says_why_not(self, name: str, why: str) -> None:
        """Not known, not asked, refused: with the reason, and never a guess."""
        own = f"{name}.{why}"
        if self.app.has(own):
            await self.tap(own)
        else:
            await self.tap(f"{name}.gap", lambda seen: f"{name}.why.{why}" in seen)
            await self.tap(f"{name}.why.{why}", lambda seen: f"{name}.answer" in seen)
        self.said[name] = Gap(Why(why))

    async def _touches(self, one: Field, code: str) -> None:
        """A choice, looked for by its words where a long list does not show it."""
        if self.app.has(f"{one.id}.open") and not self.app.has(f"{one.id}.{code}"):
            await self.tap(f"{one.id}.open")
        if not self.app.has(f"{one.id}.{code}"):
            said = next((choice.label for choice in one.codes if choice.code == code), code)
            await self._types(f"{one.id}.find", " ".join(said.split()[:2]), own=True)
            self.app.awaits(lambda seen: f"{one.id}.{code}" in seen)
        await self._picks(f"{one.id}.{code}")

    async def _chooses(self, name: str, codes: list[str]) -> None:
        """The first choice that is on the screen."""
        if self.app.has(f"{name}.open"):
            await self.tap(f"{name}.open")
        if self.app.has(f"{name}.no") and not self.app.has(f"{name}.other"):
            await self._picks(f"{name}.no")
            self.said[name] = "no"
            return
        offered = [one for one in codes if self.app.has(f"{name}.{one}")]
        assert offered, f"{name} offers none of {codes}: {self.app.identifiers()}"
        await self._picks(f"{name}.{offered[0]}")
        self.said[name] = offered[0]

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
            await self.tap(f"{name}.add", lambda seen: any(_is_cell(one, name) for one in seen))
        row = self._newest_row(name)
        for column in columns:
            if not column.required:
                continue
            cell = f"{name}.{row}.{column.id}"
            if cell in self.chosen:
                self.found.add(("chosen", cell))
                if not self.app.has(f"{cell}.{self.chosen[cell]}"):
                    await self._types(f"{cell}.find", self.words[f"{cell}.find"])
                await self._picks(f"{cell}.{self.chosen[cell]}")
            elif column.codes:
                await self._chooses(cell, [choice.code for choice in column.codes])
            else:
                await self._gives(cell, column.kind, ())

    async def _adds_words(self, name: str) -> None:
        if self.app.has(f"{name}.add"):
            await self.tap(f"{name}.add", lambda seen: any(_is_cell(one, name) for one in seen))
        row = f"{name}.{self._newest_row(name)}"
        for one in () if name.startswith(SAID_BY_THE_CHILD) else ("who", "to"):
            offered = [i for i in self.app.identifiers() if i.startswith(f"{row}.{one}.suggest.")]
            if offered:
                await self.tap(offered[0])
        await self._types(f"{row}.asked", "Tell me about tonight.")
        await self._types(f"{row}.said", "I was with Jade.")

    def _newest_row(self, name: str) -> int:
        return max(int(one.split(".")[2]) for one in self.app.identifiers() if _is_cell(one, name))

    async def _adds_somebody(self, name: str, kind: str) -> None:
        if name in self.somebody:
            self.found.add(("somebody", name))
            for one in self.somebody[name]:
                if KNOWN in one:
                    await self.tap(self._known(name)[int(one[KNOWN])])
                else:
                    await self._adds_with_details(name, one)
            return
        identifier, words = FIRST[kind]
        if self.app.has(f"{name}.{identifier}"):
            await self._types(f"{name}.{identifier}", words)
            for fact in ("person.surname", "place.town"):
                if f"{name}.{fact}" in self.words:
                    await self._types(f"{name}.{fact}", "")
            return
        await self.tap(f"{name}.new", lambda seen: "done" in seen)
        await self._types(identifier, words)
        await self.tap("done", lambda seen: "done" not in seen)

    def _known(self, name: str) -> list[str]:
        """Those who can be touched instead of being typed again, by the identifiers they have here."""
        ids = (one for one in self.app.identifiers() if one.startswith(f"{name}."))
        return [one for one in ids if re.fullmatch(r"[0-9a-f-]{36}", one.removeprefix(f"{name}."))]

    async def _adds_with_details(self, name: str, facts: dict[str, str]) -> None:
        """Somebody or something on a screen of its own: each fact typed, or chosen."""
        every = definitions.every_field()
        await self.tap(f"{name}.new", lambda seen: "done" in seen)
        for fact, said in facts.items():
            if every[fact].kind in CHOSEN:
                await self._touches(every[fact], said)
            else:
                await self._types(fact, said, own=True)
        await self.tap("done", lambda seen: "done" not in seen)


def _about_somebody(name: str) -> bool:
    return name.partition(".")[0] in FIRST


def _questions(seen: list[str]) -> set[str]:
    """Which questions, or rows of a review, stand on a screen: what tells one screen from the next."""
    return {".".join(one.split(".")[:2]) for one in seen if "." in one}


def _turned_from(before: set[str]) -> Seen:
    """Whether another page stands there, or all letters: while it is drawn there may be nothing at all."""
    known = definitions.every_field().keys()

    def turned(seen: list[str]) -> bool:
        return bool((_questions(seen) - before) & known) or any(one.endswith(".state") for one in seen)

    return turned


def _stands_on(seen: list[str], page: Page) -> bool:
    return any(_is_asked(name, seen) for name in page.fields())


def _is_asked(name: str, seen: list[str]) -> bool:
    return any(one == name or one.startswith(f"{name}.") for one in seen)


def _is_cell(identifier: str, name: str) -> bool:
    parts = identifier.removeprefix(f"{name}.").split(".")
    return identifier.startswith(f"{name}.") and parts[0].isdecimal() and len(parts) > 1


def _asks(row: str) -> bool:
    """Whether a row of the review wants an answer, and does not say what to do at once."""
    return row.removeprefix("problem.").partition(".")[0].partition(":")[0] not in at_once.NOW
