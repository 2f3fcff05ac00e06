"""What was written, page by page, to be read: of what was sent, while a copy of it is on this device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import flet as ft

from booklets import definitions
from booklets.encounters import Encounter
from booklets.guides import Guide
from booklets.reading import Line, Reader
from field_app.capture.worklist import described
from field_app.ui import frame
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.fields import called_by
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.papers import answer
from field_app.ui.screens.standing import status


def written(model: Model) -> ft.Control:
    """What this officer sent, as it went; nothing here can be changed."""
    return to_read(model, words.AS_SENT, partial(model.go, At.SENT), words.BACK_TO_SENT, name="written")


def to_read(model: Model, why: str, on_back: k.Act, back: str, *, name: str) -> ft.Control:
    """What lies open to be read, under ``why`` nothing can be changed, and the way ``back``."""
    encounter = model.reading
    title = words.NO_NAME_YET
    body: list[ft.Control] = [k.flag(ft.Icons.LOCK_OUTLINE_ROUNDED, why, t.INK, t.NOTE_STRONG)]
    if encounter is not None:
        title = described(encounter.child(), words.today())[0] or title
        body += answers(encounter, definitions.guide(encounter.guide))
    return frame.frame(
        top=frame.top_bar(title, on_menu=partial(model.go, At.MENU), on_back=on_back, back=back),
        status=status(model),
        body=body,
        left_handed=model.left_handed,
        name=name,
    )


def answers(encounter: Encounter, guide: Guide) -> Iterator[ft.Control]:
    """Every answer under its question, page by page; then whoever and whatever they mention."""
    known = {str(id_): one for id_, one in encounter.entities.items()}
    child = called_by(encounter.child())
    readers = [Reader(form, known, child, encounter.reasons) for form in guide.forms]
    for page in guide.pages:
        said = [
            reader.line(reader.form.field(name), encounter.answers[name])
            for reader in readers
            for name in page.fields()
            if reader.form.has(name) and name in encounter.answers
        ]
        yield from together(page.title, said)
    for one in encounter.entities.values():
        mention = readers[0].mention(one)
        yield from together(words.joined(mention.name, mention.kind), mention.lines)


def together(title: str, lines: Sequence[Line]) -> list[ft.Control]:
    """The answers that belong together, under what they are about."""
    return [k.caption(title), k.card(list(map(answer, lines)), 12)] if lines else []
