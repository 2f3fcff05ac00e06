"""One function per kind of field, and the table of them.

Every widget is `widget(field, answer, act)`: a `FieldView` says what is shown, the answer is the stored
one, and `FieldActs` is what may be done. Widgets know neither forms nor stores. Everything typed is
reported at once; what is shown keeps up with the thumb whatever the store says meanwhile.
"""

from __future__ import annotations

import flet as ft

from booklets.answers import Answer
from booklets.forms import Kind
from field_app.ui.widgets.body import body_map
from field_app.ui.widgets.choices import decision, many_of, one_of, yes_no
from field_app.ui.widgets.contacts import contacts
from field_app.ui.widgets.dates import date
from field_app.ui.widgets.mentions import object_, objects, people, person, place, places, staff
from field_app.ui.widgets.moments import moment
from field_app.ui.widgets.photos import photos
from field_app.ui.widgets.position import position
from field_app.ui.widgets.rows import rows
from field_app.ui.widgets.signature import signature
from field_app.ui.widgets.speech import speech
from field_app.ui.widgets.text import long_text, number, reference, text
from field_app.ui.widgets.views import FieldActs, FieldView, Known, Line, Remark, Tone, Widget

__all__ = [
    "WIDGETS",
    "FieldActs",
    "FieldView",
    "Known",
    "Line",
    "Remark",
    "Tone",
    "Widget",
    "draw",
    "widget_for",
]

WIDGETS: dict[Kind, Widget] = {
    Kind.TEXT: text,
    Kind.LONG_TEXT: long_text,
    Kind.SPEECH: speech,
    Kind.ONE_OF: one_of,
    Kind.MANY_OF: many_of,
    Kind.YES_NO: yes_no,
    Kind.MOMENT: moment,
    Kind.DATE: date,
    Kind.NUMBER: number,
    Kind.PERSON: person,
    Kind.PEOPLE: people,
    Kind.PLACE: place,
    Kind.PLACES: places,
    Kind.OBJECT: object_,
    Kind.OBJECTS: objects,
    Kind.REFERENCE: reference,
    Kind.CONTACTS: contacts,
    Kind.ROWS: rows,
    Kind.DECISION: decision,
    Kind.BODY_MAP: body_map,
    Kind.STAFF: staff,
    Kind.PHOTO: photos,
    Kind.POSITION: position,
    Kind.SIGNATURE: signature,
}


def widget_for(kind: Kind) -> Widget:
    """The widget of a kind of field."""
    return WIDGETS[kind]


def draw(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """A field as its kind wants it."""
    return WIDGETS[field.kind](field, answer, act)
