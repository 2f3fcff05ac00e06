"""People, places, objects and officers: picked from those already known here, so nothing is typed twice."""

from __future__ import annotations

from functools import partial

import flet as ft

from booklets.answers import Answer, codes_of
from booklets.forms import Kind
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.hooks import placed, use_kept, use_large_text, use_narrow
from field_app.ui.widgets.blocks import choice_rows
from field_app.ui.widgets.choices import use_turning
from field_app.ui.widgets.entry import entry
from field_app.ui.widgets.position import finding
from field_app.ui.widgets.question import question
from field_app.ui.widgets.views import FieldActs, FieldView

SIGNS = {
    Kind.PERSON: ft.Icons.PERSON_ADD_ALT_ROUNDED,
    Kind.PEOPLE: ft.Icons.PERSON_ADD_ALT_ROUNDED,
    Kind.PLACE: ft.Icons.EDIT_LOCATION_ALT_OUTLINED,
    Kind.PLACES: ft.Icons.ADD_LOCATION_ALT_OUTLINED,
    Kind.OBJECT: ft.Icons.ADD_ROUNDED,
    Kind.OBJECTS: ft.Icons.ADD_ROUNDED,
}


def person(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """One person, by id."""
    return question(field, answer, act, _one)


def people(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Several people, by id."""
    return question(field, answer, act, _several)


def place(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """One place: here, one already known, or typed."""
    return question(field, answer, act, _one_place)


def places(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Several places."""
    return question(field, answer, act, _several)


def object_(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """One object: a phone, a vehicle, an account."""
    return question(field, answer, act, _one)


def objects(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Several objects."""
    return question(field, answer, act, _several)


def staff(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """An officer: one of those on duty, or typed."""
    return question(field, answer, act, _staff)


def _one(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return placed(f"{field.id}.one", _One, field, answer, act)


@ft.component
def _One(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    chosen = codes_of(answer)

    def choose(known: str) -> None:
        act.put(field.id, None if known in chosen else known)

    return _offered(field, chosen, act, choose, use_naming(), many=False)


def _several(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return placed(f"{field.id}.several", _Several, field, answer, act)


@ft.component
def _Several(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    chosen, turn = use_turning(field, answer, act)
    return _offered(field, chosen, act, turn, use_naming(), many=True)


def _offered(
    field: FieldView, chosen: tuple[str, ...], act: FieldActs, choose: k.Act, new: Naming, *, many: bool
) -> ft.Control:
    """Those known, whoever is being named, and the way to somebody else."""
    if new.who not in chosen:
        new.forget()
    if act.name is None or not field.needed or (chosen and not new.who):
        return k.column([*_known(field, chosen, act, choose, many=many), _somebody_else(field, act)])
    known = _known(field, chosen, act, choose, many=many, but=new.who)
    boxes = placed(f"{field.id}.naming", _Boxes, field, act, new)
    if not new.who:
        return k.column([*known, boxes, _somebody_else(field, act, words.WITH_DETAILS[field.kind])])
    more = partial(act.open_entity, field.id, new.who)
    open_ = k.quiet_action(f"{field.id}.more", words.MORE_ABOUT[field.kind], more)
    return k.column([*known, boxes, open_, *([_somebody_else(field, act)] if many else [])])


class Naming:
    """Whoever is being named on the page, and what is typed of them, for as long as it is on screen."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Nobody is being named any more."""
        self.who = ""
        self.typed: dict[str, str] = {}


def use_naming() -> Naming:
    """A hook: whoever is named at this question while it is on screen."""
    return use_kept(Naming)


@ft.component
def _Boxes(field: FieldView, act: FieldActs, new: Naming) -> ft.Control:
    """What somebody or something new is called, to be typed at once."""

    def typed(fact: str, said: str) -> None:
        new.typed[fact] = said
        if act.name is not None:
            new.who = act.name(field.id, new.who, fact, said)

    large = use_large_text() or use_narrow()
    boxes: list[ft.Control] = [
        k.column(
            [
                ft.Container(k.text(label, t.NOTE, t.QUIET), padding=ft.Padding(t.HALF, 0, 0, 0)),
                entry(
                    f"{field.id}.{fact}",
                    f"{field.label} {label}",
                    new.typed.get(fact, ""),
                    partial(typed, fact),
                ),
            ],
            t.HALF,
        )
        for fact, label in field.named_by
    ]
    if large or len(boxes) == 1:
        return k.column(boxes)
    for one in boxes:
        one.expand = 1
    return ft.Row(boxes, spacing=t.ONE, vertical_alignment=k.TOP)


def _known(
    field: FieldView,
    chosen: tuple[str, ...],
    act: FieldActs,
    choose: k.Act,
    *,
    many: bool,
    but: str = "",
) -> list[ft.Control]:
    """Rows of those known, with a way into those chosen. An id nobody knows any more still shows."""
    options = [(one.id, one.words) for one in field.known if one.id != but]
    chosen = tuple(one for one in chosen if one != but)
    strangers = [(code, words.NO_LONGER_LISTED) for code in chosen if code not in dict(options)]
    if not options and not strangers:
        return []

    def details(known: str) -> ft.Control | None:
        if known not in chosen:
            return None
        spoken = words.open_details(field.words_of(known))
        edit = partial(act.open_entity, field.id, known)
        said = k.text(words.EDIT, t.NOTE_STRONG, t.ACTION)
        return k.tap(
            f"{field.id}.{known}.open", spoken, said, edit, pad=ft.Padding(t.TWO, 20, t.TWO, 20), radius=0
        )

    under = {one.id: one.under for one in field.known if one.under}
    rows = choice_rows(
        field.id, [*options, *strangers], chosen, choose, many=many, under=under, beside=details
    )
    return [rows]


def _somebody_else(field: FieldView, act: FieldActs, said: str = "") -> ft.Control:
    said = field.others_word or said or (words.SOMEBODY_ELSE if field.known else words.ADD)[field.kind]
    new = partial(act.open_entity, field.id, None)
    return k.second_action(f"{field.id}.new", said, new, name=SIGNS[field.kind])


# -- a place -------------------------------------------------------------------------------------------
def _one_place(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Whoever has said where it was is not asked for where they are: the place itself takes that."""
    chosen = _one(field, answer, act)
    if act.here is None or not field.here:
        return chosen
    way = finding(field.id, act.here, act.seeking, offered=not codes_of(answer), begun=lambda: None)
    return k.column([way, chosen])


# -- an officer ----------------------------------------------------------------------------------------
def _staff(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    chosen = codes_of(answer)

    def choose(known: str) -> None:
        act.put(field.id, None if known in chosen else known)

    def typed(words_: str) -> None:
        act.put(field.id, words_ or None)

    parts: list[ft.Control] = []
    if field.known:
        options = [(one.id, one.words) for one in field.known]
        under = {one.id: one.under for one in field.known if one.under}
        parts.append(choice_rows(f"{field.id}.known", options, chosen, choose, under=under))
    own = "" if chosen and chosen[0] in {one.id for one in field.known} else "".join(chosen)
    name = ft.Container(k.text(words.OR_TYPE_OFFICER, t.NOTE, t.QUIET), padding=ft.Padding(t.HALF, 0, 0, 0))
    parts.extend(
        [name, entry(field.id, field.label, own, typed)]
        if field.known
        else [entry(field.id, field.label, own, typed)]
    )
    return k.column(parts)
