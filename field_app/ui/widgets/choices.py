"""Choosing: one of a few or of many, several, yes or no, and a decision with its reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import flet as ft

from booklets.answers import Answer, Gap, Why, codes_of
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.hooks import placed, use_kept, use_value
from field_app.ui.widgets.blocks import Block, blocks, choice_rows
from field_app.ui.widgets.echo import Echo
from field_app.ui.widgets.entry import How, entry
from field_app.ui.widgets.question import question
from field_app.ui.widgets.views import Choice, FieldActs, FieldView, found_in, most_likely_first

FEW = 6
"""Up to so many choices are rows; more are a searched list."""
MANY = 10
"""Up to so many ticks are rows."""
SHOWN = 8
"""So many of a searched list are shown before something is typed."""
NOT_KNOWN = "not_known"


def one_of(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """One choice; touching the chosen one again takes it back."""
    return question(field, answer, act, _one_of)


def many_of(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Several choices, kept in the order they were made."""
    return question(field, answer, act, _many_of)


def yes_no(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Three equal blocks, no default: not known is an answer the officer gives."""
    return question(field, answer, act, _yes_no)


def decision(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Yes or no, and always why. The reason is kept in the field `<id>_because`."""
    return question(field, answer, act, _decision)


# -- one -----------------------------------------------------------------------------------------------
def _one_of(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    choices = most_likely_first(field.choices, field.likely)
    if len(choices) > FEW:
        return placed(f"{field.id}.search", _SearchedOne, field, choices, answer, act)

    def choose(code: str) -> None:
        act.put(field.id, None if code == answer else code)

    return choice_rows(field.id, choices, codes_of(answer), choose)


@ft.component
def _SearchedOne(
    field: FieldView, choices: tuple[Choice, ...], answer: Answer | None, act: FieldActs
) -> ft.Control:
    opened, set_opened = use_value(False)
    typed, set_typed = use_value("")
    chosen = codes_of(answer)

    def choose(code: str) -> None:
        set_opened(False)
        set_typed("")
        act.put(field.id, code)

    if chosen and not opened:
        said = field.words_of(chosen[0])
        return k.fact(f"{field.id}.chosen", said, "", partial(set_opened, True), name=ft.Icons.CHECK_ROUNDED)
    return searched(field, choices, typed, set_typed, chosen=chosen, choose=choose)


def searched(
    field: FieldView,
    choices: tuple[Choice, ...],
    typed: str,
    set_typed: k.Act,
    *,
    chosen: tuple[str, ...],
    choose: k.Act,
    many: bool = False,
) -> ft.Control:
    """A box to search in and the rows that fit, most likely first."""
    found = found_in(choices, typed, field.sought)
    shown = found if typed else found[:SHOWN]
    parts: list[ft.Control] = [
        entry(f"{field.id}.find", words.search_in(field.label), typed, set_typed, How(hint=words.SEARCH))
    ]
    if shown:
        parts.append(choice_rows(field.id, shown, chosen, choose, many=many))
    said = words.none_found(typed) if not found else words.more_to_find(len(found) - len(shown))
    if said:
        parts.append(k.paragraph(said, t.NOTE))
    return k.column(parts)


# -- several -------------------------------------------------------------------------------------------
def _many_of(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return placed(f"{field.id}.many", _Many, field, answer, act)


@ft.component
def _Many(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    typed, set_typed = use_value("")
    chosen, turn = use_turning(field, answer, act)
    choices = most_likely_first(field.choices, field.likely)
    if len(choices) <= MANY:
        return choice_rows(field.id, choices, chosen, turn, many=True)
    ordered = most_likely_first(choices, chosen)
    return searched(field, ordered, typed, set_typed, chosen=chosen, choose=turn, many=True)


def use_turning(
    field: FieldView, answer: Answer | None, act: FieldActs
) -> tuple[tuple[str, ...], Callable[[str], None]]:
    """A hook: what is ticked, and how to turn one tick. Two quick taps both count."""
    echo = use_kept(partial(Echo, codes_of(answer)))
    chosen = echo.arrived(codes_of(answer))

    def turn(code: str) -> None:
        act.put(field.id, echo.edited(turned(echo.shown, code, field.alone)) or None)

    return chosen, turn


def turned(chosen: tuple[str, ...], code: str, alone: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The choices after touching one: ticked or taken back. 'None of these' stands alone."""
    if code in chosen:
        return tuple(one for one in chosen if one != code)
    if code in alone:
        return (code,)
    return (*(one for one in chosen if one not in alone), code)


# -- yes or no -----------------------------------------------------------------------------------------
def _yes_no(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    named = dict(field.choices)
    options = [Block("yes", named.get("yes", words.YES)), Block("no", named.get("no", words.NO))]
    if Why.NOT_KNOWN in field.gaps:
        options.append(Block(NOT_KNOWN, words.NOT_KNOWN))
    chosen = NOT_KNOWN if isinstance(answer, Gap) and answer.why is Why.NOT_KNOWN else answer

    def choose(value: str) -> None:
        if value == chosen:
            act.put(field.id, None)
        else:
            act.put(field.id, Gap(Why.NOT_KNOWN) if value == NOT_KNOWN else value)

    return blocks(field.id, options, chosen if isinstance(chosen, str) else None, choose)


def _decision(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    named = dict(field.choices)
    options = [Block("yes", named.get("yes", words.YES)), Block("no", named.get("no", words.NO))]
    because = f"{field.id}_because"

    def choose(value: str) -> None:
        act.put(field.id, None if value == answer else value)

    def explained(typed: str) -> None:
        act.put(because, typed or None)

    parts: list[ft.Control] = [
        blocks(field.id, options, answer if isinstance(answer, str) else None, choose)
    ]
    if answer in ("yes", "no") or field.because:
        label = words.because(dict(field.choices).get(str(answer), str(answer).capitalize()))
        parts.append(
            ft.Container(
                k.text(label, t.NOTE_STRONG),
                padding=ft.Padding(t.HALF, t.HALF, 0, 0),
                key=f"{because}.label",
            )
        )
        parts.append(entry(because, f"{field.label} {label}", field.because, explained, How(lines=2)))
    return k.column(parts)
