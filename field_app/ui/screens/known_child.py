"""A child's card before knocking: the plan first, where found, who with, phones, whom to ring.

From it a record is begun, or the record in hand is said to be about this child.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from booklets.guides import Page
from field_app.capture.known_card import Card, Number, Said, With, card_of
from field_app.capture.known_children import KnownChild
from field_app.capture.taking_over import suggested_link
from field_app.capture.worklist import described
from field_app.ui import frame, known, screen_words
from field_app.ui import kit as k
from field_app.ui import known_words as words
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens import starting
from field_app.ui.screens.known import since
from field_app.ui.screens.standing import notices, ring, status

BEGUN_HERE = ("return_check", "missing", "ppn")
ABOUT_CHILD = "person.known_as"


def known_child(model: Model) -> ft.Control:
    """The card that is open; back to the list where the shift has ended meanwhile."""
    child = known.child_of(model)
    leave = partial(known.close_child, model)
    name, about = described(child.entity() if child else None, screen_words.today())
    choosing = model.known.choosing
    close = k.main_action("known.close", words.CLOSE, leave)
    if child and choosing:
        close = k.main_action(
            "known.this", words.this_is(name), partial(known.this_is_the_child, model), under=about
        )
    return frame.frame(
        top=frame.top_bar(
            name or screen_words.NO_NAME_YET,
            screen_words.joined(about, since(child)) if child else None,
            on_menu=partial(model.go, At.PAGES if model.session else At.MENU),
            on_back=leave,
        ),
        status=status(model),
        body=body_of(model, child) if child else [k.paragraph(here(words.NOBODY_YET))],
        above=k.quiet_action("known.not", words.NOT_THE_CHILD, leave) if child and choosing else None,
        actions=[close],
        left_handed=model.left_handed,
        name=f"known.{model.known.child}",
    )


def body_of(model: Model, child: KnownChild) -> list[ft.Control]:
    """Everything on the card, in the order in which it is read on the way to a door."""
    card = card_of(child, model.shift.force, model.now.date())
    pack = known.pack_of(model)
    body: list[ft.Control] = []
    if child.covert:
        body.append(k.notice(ft.Icons.VISIBILITY_OFF_OUTLINED, words.COVERT, identifier="known.covert"))
    body += _dated(words.PLAN, card.plan)
    body += _dated(words.MISSING_NOW, card.missing)
    if not card.plan:
        body += [k.caption(words.PLAN), k.paragraph(words.NO_PLAN)]
    body += _dated(words.FOUND, card.found)
    body.append(k.paragraph(words.times(child.times.get("30", 0), child.times.get("all", 0)), t.NOTE))
    body += _part(words.PEOPLE, [_person(one) for one in card.people])
    body += _part(words.PHONES, [_phone(number, at) for at, number in enumerate(card.phones)])
    body += _dated(words.EXPLOITATION, card.exploitation)
    body += _dated(words.MARKERS, card.markers) or [
        k.caption(words.MARKERS),
        k.paragraph(words.NO_MARKERS),
    ]
    body += _part(words.RING, [_ring(one) for one in _each_once(card)])
    if not model.known.choosing:
        body += _part(words.BEGIN, _begins(model))
    body.append(k.paragraph(here(words.how_long(pack.as_of, pack.until)), t.NOTE))
    return body


def _part(title: str, lines: Sequence[ft.Control]) -> list[ft.Control]:
    """A part under its title, or nothing where there is nothing in it."""
    return [k.caption(title), k.rows(list(lines))] if lines else []


def _dated(title: str, said: Sequence[Said]) -> list[ft.Control]:
    """A part with the day of the newest of it."""
    day = max((one.day for one in said if one.day), default=None)
    return _part(words.part(title, day), [_line(one) for one in said])


def _line(one: Said) -> ft.Control:
    """One thing to know. A screen reader says it in one breath."""
    title = words.TITLES.get(one.id, one.title)
    told: list[ft.Control] = [k.text(title, t.NOTE_STRONG, t.QUIET)]
    told += [k.text(word, t.BODY) for word in one.words]
    return ft.Semantics(
        identifier=f"card.{one.id}",
        key=f"card.{one.id}",
        label=f"{title}: {'; '.join(one.words)}",
        container=True,
        exclude_semantics=True,
        content=ft.Container(k.column(told, 2), padding=ft.Padding(t.TWO, 12, t.TWO, 12)),
    )


def _person(one: With) -> ft.Control:
    about = screen_words.joined(one.about, words.SUSPECTED if one.suspected else "")
    if one.phone:
        under = screen_words.joined(about, one.phone)
        return k.row(
            f"card.with.{one.id}",
            one.name,
            partial(ring, one.phone),
            under=under,
            sign=ft.Icons.CALL_OUTLINED,
        )
    told = [k.text(one.name), *([k.text(about, t.NOTE, t.QUIET)] if about else [])]
    return ft.Semantics(
        identifier=f"card.with.{one.id}",
        key=f"card.with.{one.id}",
        label=screen_words.joined(one.name, about),
        container=True,
        exclude_semantics=True,
        content=ft.Container(k.column(told, 2), padding=ft.Padding(t.TWO, 12, t.TWO, 12)),
    )


def _phone(number: str, at: int) -> ft.Control:
    return k.row(f"card.phone.{at}", number, partial(ring, number), sign=ft.Icons.CALL_OUTLINED)


def _ring(one: Number) -> ft.Control:
    whose, sign = words.WHOSE.get(one.id, one.whose), ft.Icons.CALL_OUTLINED
    return k.row(f"card.ring.{one.id}", whose, partial(ring, one.number), under=one.number, sign=sign)


def _each_once(card: Card) -> list[Number]:
    """The same number is rung for one thing: the first that says so."""
    return list({one.number: one for one in reversed(card.ring)}.values())[::-1]


def _begins(model: Model) -> list[ft.Control]:
    """The records that are begun about a child who is known."""
    there = [one for one in starting.offered(model.shift.officer.roles) if one.id in BEGUN_HERE]
    return [
        k.row(f"known.begin.{one.id}", one.start_words, partial(known.begin, model, one.id)) for one in there
    ]


# -- on the page that asks who it is -----------------------------------------------------------------
def offer(model: Model, shown: Page) -> list[ft.Control]:
    """Above the questions about who the child is: whether the force knows them here."""
    session, pack = model.open_session(), known.pack_of(model)
    if ABOUT_CHILD not in shown.fields() or session.child_has_died:
        return []
    child = session.encounter.child()
    if suggested_link(child) is not None:
        another = partial(known.another_child, model)
        return [*notices(model), k.quiet_action("known.another", words.NOT_THE_CHILD, another)]
    goes_on = session.encounter.linked or any(one.revision for one in session.encounter.sent.values())
    if not pack.children or child is None or goes_on:
        return []
    alike = pack.alike(child)
    if alike:
        name, about = described(alike[0].entity(), screen_words.today())
        act = partial(known.open_offered, model, alike[0].id)
        said, under = words.offered(name, about), since(alike[0])
    else:
        act = partial(known.open_list, model, choosing=True)
        said, under = words.ASK, words.to_choose_from(len(pack.missing), len(pack.children))
    row = k.row("known.offer", said, act, under=under, name=ft.Icons.PERSON_SEARCH_ROUNDED, colour=t.ACTION)
    return [k.rows([row])]
