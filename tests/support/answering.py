"""A field on a screen of its own, with a store that can be as late as the real one."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

import flet as ft

from booklets.answers import Answer
from field_app.capture.signatures import Stroke
from field_app.ui.hooks import use_draft, use_kept
from field_app.ui.widgets import FieldActs, FieldView, draw
from tests.support.screens import Screens, showing

Sign: TypeAlias = Callable[[str, Sequence[Stroke], tuple[int, int]], Awaitable[str]] | None
NIGHT = datetime(2026, 3, 14, 2, 41, 20, tzinfo=UTC)


@dataclass
class Answering:
    """What the fields on screen hold, and what was asked of the rest of the app."""

    answers: dict[str, Answer]
    acts: list[tuple[object, ...]] = field(default_factory=list)
    late: bool = False
    unread: dict[str, Mapping[str, str]] = field(default_factory=dict)
    tell: Callable[[str, Answer | None], None] = field(default=lambda _field, _answer: None)

    def put(self, field_id: str, answer: Answer | None) -> None:
        """What a widget reports; with `late`, the screen hears of it only when the test says so."""
        self.acts.append(("put", field_id, answer))
        self.answers.pop(field_id, None)
        if answer is not None:
            self.answers[field_id] = answer
        if not self.late:
            self.tell(field_id, answer)

    def keep_unread(self, field_id: str, parts: Mapping[str, str]) -> None:
        """What is half typed in the boxes of a field, as the draft keeps it."""
        self.unread.pop(field_id, None)
        if parts:
            self.unread[field_id] = parts

    def acting(self, here: Callable[[str], Awaitable[str]] | None = None, sign: Sign = None) -> FieldActs:
        """What the fields may do."""
        return FieldActs(
            put=self.put,
            now=lambda: NIGHT,
            open_entity=lambda field_id, entity: self.acts.append(("open", field_id, entity)),
            here=here,
            sign=sign,
            unread=lambda field_id: self.unread.get(field_id, {}),
            keep_unread=self.keep_unread,
            give_reason=lambda rule, words: self.acts.append(("reason", rule, words)),
            use_wording=lambda field_id, rule: self.acts.append(("use", field_id, rule)),
            keep_wording=lambda field_id, rule: self.acts.append(("keep", field_id, rule)),
        )


@contextlib.asynccontextmanager
async def answering(
    *fields: FieldView,
    here: Callable[[str], Awaitable[str]] | None = None,
    sign: Sign = None,
    late: bool = False,
    **answers: Any,
) -> AsyncIterator[tuple[Screens, Answering]]:
    """Fields on a screen. Answers are given by the last part of a field's id."""
    given = {
        one.id: answers[one.id.rpartition(".")[2]] for one in fields if one.id.rpartition(".")[2] in answers
    }
    held = Answering(dict(given), late=late)

    @ft.component
    def screen() -> ft.Control:
        shown, change = use_draft(given)

        def tell(field_id: str, answer: Answer | None) -> None:
            def changed(old: dict[str, Answer]) -> dict[str, Answer]:
                rest = {key: value for key, value in old.items() if key != field_id}
                return rest if answer is None else {**rest, field_id: answer}

            change(changed)

        held.tell = tell
        act = use_kept(lambda: held.acting(here, sign))
        return ft.Column([draw(one, shown.get(one.id), act) for one in fields])

    async with showing(screen) as app:
        yield app, held
