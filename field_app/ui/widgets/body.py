"""Where on the body something was seen: a list laid out like a body, front and back. No pictures, ever."""

from __future__ import annotations

from functools import partial

import flet as ft

from booklets.answers import Answer
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.hooks import placed, use_value
from field_app.ui.widgets.blocks import Block, blocks
from field_app.ui.widgets.choices import use_turning
from field_app.ui.widgets.question import question
from field_app.ui.widgets.views import Choice, FieldActs, FieldView

FRONT, BACK = "front", "back"


def body_map(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Areas of the body: `front.…` and `back.…`, or one list. Left and right are the child's own."""
    return question(field, answer, act, _body)


def _body(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return placed(f"{field.id}.body", _Body, field, answer, act)


@ft.component
def _Body(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    side, set_side = use_value(FRONT)
    chosen, turn = use_turning(field, answer, act)
    areas = field.choices or words.BODY_AREAS
    sides = [
        Block(FRONT, words.FRONT, _marked(chosen, FRONT)),
        Block(BACK, words.BACK_OF_BODY, _marked(chosen, BACK)),
    ]
    two_sided = any(code.startswith((f"{FRONT}.", f"{BACK}.")) for code, _ in areas)
    parts: list[ft.Control] = [k.paragraph(words.CHILDS_OWN_LEFT, t.NOTE), _all_marked(field, areas, chosen)]
    if two_sided:
        parts.append(blocks(f"{field.id}.side", sides, side, set_side))
    for title, lines in by_part(laid_out(areas, side)):
        parts.append(k.caption(title))
        parts.extend(_line(field, line, chosen, turn) for line in lines)
    return k.column(parts)


def _all_marked(field: FieldView, areas: tuple[Choice, ...], chosen: tuple[str, ...]) -> ft.Control:
    """What is marked, in sight before the long way down, and said aloud whenever it changes."""
    said = words.all_marked([said for code, said in areas if code in chosen])
    return ft.Semantics(
        key=f"{field.id}.marked",
        identifier=f"{field.id}.marked",
        container=True,
        live_region=True,
        content=ft.Container(k.text(said, t.NOTE_STRONG), padding=ft.Padding(t.HALF, 0, 0, 0)),
    )


Lines = list[tuple[Choice, ...]]


def by_part(lines: Lines) -> list[tuple[str, Lines]]:
    """The lines under the part of the body that they belong to, from top to bottom; others come last."""
    found: dict[str, Lines] = {}
    for line in lines:
        found.setdefault(_part_of(line[0][0]), []).append(line)
    titles = [title for title, _ in words.BODY_PARTS]
    return sorted(found.items(), key=lambda one: titles.index(one[0]) if one[0] in titles else len(titles))


def _part_of(code: str) -> str:
    named = {*code.rpartition(".")[2].split("_")}
    return next((title for title, words_ in words.BODY_PARTS if named & words_), words.OTHER_PARTS)


def _marked(chosen: tuple[str, ...], side: str) -> str:
    count = sum(code.startswith(f"{side}.") for code in chosen)
    return words.marked(count)


def laid_out(areas: tuple[Choice, ...], side: str) -> list[tuple[Choice, ...]]:
    """The areas of a side from top to bottom; a right and a left that follow each other share a line.

    Seen from the front, a child's right is at the viewer's left; from the back it is the other way round.
    """
    lines: list[tuple[Choice, ...]] = []
    whole = not any(code.startswith((f"{FRONT}.", f"{BACK}.")) for code, _ in areas)
    for area in (one for one in areas if whole or one[0].startswith(f"{side}.")):
        pair = lines[-1] if lines else ()
        if len(pair) == 1 and {_half(pair[0][0]), _half(area[0])} == {"right", "left"}:
            right_first = sorted((pair[0], area), key=lambda one: _half(one[0]) != "right")
            lines[-1] = tuple(right_first if side == FRONT else reversed(right_first))
        else:
            lines.append((area,))
    return lines


def _half(code: str) -> str:
    """Left or right, whether the code begins or ends with it; anything else is not half of a pair."""
    first, last = code.partition("_")[0], code.rpartition("_")[2]
    return first if first in {"left", "right"} else last


def _line(field: FieldView, line: tuple[Choice, ...], chosen: tuple[str, ...], turn: k.Act) -> ft.Control:
    return ft.Row(
        [_area(field, code, said, code in chosen, turn) for code, said in line],
        spacing=t.ONE,
        intrinsic_height=True,
        vertical_alignment=k.WIDE,
    )


def _area(field: FieldView, code: str, said: str, on: bool, turn: k.Act) -> ft.Control:
    ink = t.ON_ACTION if on else t.INK
    tick: list[ft.Control] = [k.icon(ft.Icons.CHECK_ROUNDED, ink, 20)] if on else []
    return k.tap(
        f"{field.id}.{code}",
        said,
        ft.Row(
            [*tick, k.text(said, t.NOTE_STRONG if on else t.NOTE, ink, align=ft.TextAlign.CENTER)],
            spacing=t.HALF,
            run_spacing=0,
            wrap=True,
            alignment=ft.MainAxisAlignment.CENTER,
            vertical_alignment=k.CENTRE,
        ),
        partial(turn, code),
        role=k.Role.TICK,
        chosen=on,
        fill=t.ACTION if on else t.CARD,
        edge=t.ACTION if on else t.EDGE_LINE,
        pad=ft.Padding(t.HALF, 14, t.HALF, 14),
        expand=1,
    )
