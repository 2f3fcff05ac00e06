"""Records as one document to read, each answer with its place in the margin.

Any answer can be touched to ask about it. Nothing comments on exact words: the margin beside them stays
empty but for what the supervisor asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from booklets import reading
from booklets.alike import Alike
from booklets.margin import About, Note
from field_app.capture.cases import Case, Standing
from field_app.capture.returned import called
from field_app.ui import alike_words, deciding, frame, leafing, photo_words, supervising
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import supervising_words as words
from field_app.ui import theme as t
from field_app.ui.hooks import is_narrow
from field_app.ui.model import Model
from field_app.ui.screens.differences import change_of
from field_app.ui.screens.photographs import pictures
from field_app.ui.supervising import Desk, Spot
from field_app.ui.widgets.entry import How, entry

MARGIN = 290
LABEL = 190
FOR_BOTH = 340
"""So wide, in letters as they come, must a screen be for an answer beside its question."""
SHORT = 64
"""Words longer than this stand under their question, not beside it."""
BAR = 4


# -- the document ------------------------------------------------------------------------------------
def document(model: Model, desk: Desk, *, wide: bool) -> list[ft.Control]:
    """Every answer in order, each with its place in the margin; people and places once, at the end."""
    shown: list[ft.Control] = []
    for one in (laid.document for laid in desk.papers):
        if len(desk.papers) > 1:
            shown.append(k.heading(one.title, t.TITLE, level=2))
        for part in one.parts:
            shown += part_of(model, desk, one, part, wide=wide)
    shown += mentions(model, desk, wide=wide)
    whole = about_the_whole(desk)
    if whole:
        shown.insert(0, k.column(whole, t.ONE))
    if wide and shown:
        shown[0] = beside(shown[0], [legend(desk)], wide=True)
    return shown


def legend(desk: Desk) -> ft.Control:
    """How much the checks see."""
    title = ft.Semantics(header=True, heading_level=2, content=k.text(words.WHAT_CHECKS_SEE, t.NOTE_STRONG))
    count = words.to_look_at(len(desk.notes))
    return ft.Container(
        k.column([title, k.text(count, t.NOTE, t.QUIET)], 2),
        padding=ft.Padding(12, 0, 0, t.ONE),
        border=ft.Border(bottom=ft.BorderSide(t.HAIR, t.LINE)),
    )


def part_of(
    model: Model, desk: Desk, one: reading.Document, part: reading.Part, *, wide: bool
) -> list[ft.Control]:
    """A part of a record under its title; a letter of AWARE large beside it."""
    title: ft.Control = k.text(part.title, t.STRONG)
    if part.id in reading.AWARE:
        title = ft.Row(
            [k.text(part.id[0].upper(), t.DISPLAY, t.ACTION), k.text(part.title, t.TITLE)], spacing=t.TWO
        )
    top = ft.Container(title, padding=ft.Padding(0, t.TWO, 0, 0), key=f"part.{one.record}.{part.id}")
    spots = [(line, leafing.spot_of(one, line)) for line in part.lines]
    return [top, *(block(model, desk, line, spot, wide=wide) for line, spot in spots)]


def mentions(model: Model, desk: Desk, *, wide: bool) -> list[ft.Control]:
    """Everybody and everything that is mentioned, once, however many records do."""
    shown: list[ft.Control] = []
    seen: set[object] = set()
    for one in (laid.document for laid in desk.papers):
        for mention in one.mentions:
            if mention.entity in seen or not mention.lines:
                continue
            seen.add(mention.entity)
            title = k.line_of([k.text(mention.name, t.STRONG), k.text(mention.kind, t.NOTE, t.QUIET)], t.ONE)
            shown.append(
                ft.Container(title, padding=ft.Padding(0, t.TWO, 0, 0), key=f"part.{mention.entity}")
            )
            shown += [
                block(model, desk, line, leafing.spot_of(one, line), wide=wide) for line in mention.lines
            ]
    return [k.heading(words.PEOPLE_AND_PLACES, t.TITLE, level=2), *shown] if shown else []


def block(model: Model, desk: Desk, line: reading.Line, spot: Spot, *, wide: bool) -> ft.Control:
    """One answer, and beside it what the checks see and what is asked."""
    label = words.ask_about(line.label, " ".join(line.flat()) or words.NOT_ANSWERED)
    noted = leafing.notes_at(desk, spot)
    touched = k.tap(
        f"ask.{spot.name}",
        label,
        answer(line),
        partial(deciding.ask_about, model, spot),
        pad=ft.Padding(t.ONE, 13, t.ONE, 13),  # one line of words alone is less than a finger needs
        fill=t.ACTION_SOFT if desk.asking == spot else None,
        edge=t.SOFT_LINE if desk.asking == spot else None,
        key=f"line.{spot.name}",
    )
    margin = [] if line.exact else [note_card(one) for one in noted if not is_said(line, one)]
    margin += [open_other(model, spot, *one) for one in supervising.alike_here(model, spot)]
    margin += asked(model, desk, spot)
    changed = change_of(desk, supervising.open_desk(model)[1], line, spot)
    seen = photographs(model, line, spot)
    under = [*seen, *changed]
    left = beside(k.column([touched, *under], t.HALF) if under else touched, margin, wide=wide)
    worth_the_eyes = noted or spot in desk.changes
    return k.column([frame.mark(leafing.mark_of(spot)), left], 0) if worth_the_eyes else left


def is_said(line: reading.Line, note: Note) -> bool:
    """Whether the place of the answer says all of it already: that there is none."""
    return line.missing and note.about is About.MISSING


def photographs(model: Model, line: reading.Line, spot: Spot) -> list[ft.Control]:
    """What of this answer is to be seen, each to be shown when it is asked for."""
    if not line.pictures:
        return []
    _, case = supervising.open_desk(model)
    own = [one for one in case.papers if one.record.header.record == spot.record]
    withdrawn = any(one.standing is Standing.WITHDRAWN for one in own)
    others = [one for other in (case, *model.home.cases) for one in other.papers]
    records = [one.record for one in (*own, *others)]
    return [
        ft.Container(
            k.column(pictures(model, spot.name, line, records, withdrawn=withdrawn), 12),
            padding=ft.Padding(t.ONE, 0, t.ONE, t.ONE),
        )
    ]


def beside(left: ft.Control, margin: Sequence[ft.Control], *, wide: bool) -> ft.Control:
    """An answer and its margin: side by side where there is room, else under each other."""
    if not wide:
        return k.column([left, *margin], 6) if margin else left
    return ft.Row(
        [
            ft.Container(left, expand=True),
            ft.Container(k.column(margin, t.ONE), width=MARGIN),
        ],
        spacing=t.TWO,
        vertical_alignment=k.TOP,
    )


def answer(line: reading.Line) -> ft.Control:
    """What is known, as it was written."""
    if line.speech:
        return k.column([label_of(line), *(spoken(one) for one in line.speech)], t.ONE)
    if line.exact:
        return k.column([label_of(line), *(quoted(one) for one in line.flat())], t.ONE)
    photographed = [one for one in line.pictures if not one.signed]
    told = (photo_words.photos(len(photographed)),) if photographed else line.words
    found = [k.text(one, t.BODY) for one in (*told, *map(row_words, line.rows))]
    if line.gap:
        found.append(k.text(line.gap, t.BODY, t.QUIET))
    if line.missing:
        return beside_label(
            line, k.flag(ft.Icons.RADIO_BUTTON_UNCHECKED_ROUNDED, words.NOT_ANSWERED, t.ACTION)
        )
    if line.reason:
        found.append(k.text(f"{words.REASON_GIVEN}: {line.reason}", t.NOTE, t.QUIET))
    whole = k.column(found, 2)
    if line.rows or any(len(one) > SHORT for one in line.words):
        return k.column([label_of(line), whole], 2)
    return beside_label(line, whole)


def label_of(line: reading.Line) -> ft.Text:
    """The question, quiet: the answer is what is read."""
    return k.text(line.label, t.NOTE, t.QUIET)


def beside_label(line: reading.Line, right: ft.Control) -> ft.Control:
    """A short answer beside its question; under it, where a word of either would break."""
    if is_narrow(FOR_BOTH):
        return k.column([label_of(line), right], 2)
    return ft.Row(
        [ft.Container(label_of(line), width=LABEL), ft.Container(right, expand=True)],
        spacing=12,
        vertical_alignment=k.TOP,
    )


def row_words(row: tuple[reading.Cell, ...]) -> str:
    """One row, such as a call that was made."""
    return said.joined(*(f"{cell.label}: {cell.words}" for cell in row))


def spoken(one: reading.Said) -> ft.Control:
    """Somebody's exact words, set apart: what was asked, the words large, who spoke and when."""
    lines: list[ft.Control] = [k.text(words.asked_before(one.asked), t.NOTE, t.QUIET)]
    lines += [k.text(f"“{one.said}”", t.TITLE), k.text(one.by, t.NOTE, t.QUIET)]
    return barred(lines)


def quoted(told_: str) -> ft.Control:
    """Words that were written down exactly."""
    return barred([k.text(f"“{told_}”", t.TITLE)])


def barred(lines: Sequence[ft.Control]) -> ft.Control:
    """A bar at the left: these are not the officer's words."""
    return ft.Container(
        k.column(lines, 2),
        border=ft.Border(left=ft.BorderSide(BAR, t.INK)),
        padding=ft.Padding(t.TWO, 2, 0, 2),
    )


# -- the margin --------------------------------------------------------------------------------------
def about_the_whole(desk: Desk) -> list[ft.Control]:
    """What the checks see in a record as a whole: it stands above everything."""
    found = [
        note
        for note in desk.notes
        if not note.question
        or not any(
            (line.question, line.entity) == (note.question, note.entity)
            for paper in desk.papers
            for line in paper.document.lines()
        )
    ]
    return [note_card(one) for one in found]


def note_card(note: Note) -> ft.Control:
    """One thing a check sees; filled sign: needed."""
    sign = ft.Icons.ERROR_ROUNDED if note.stands else ft.Icons.VISIBILITY_OUTLINED
    lines: list[ft.Control] = [k.text(note.says, t.NOTE)]
    if note.reason:
        lines.append(k.text(f"{words.REASON_GIVEN}: {note.reason}", t.NOTE, t.QUIET))
    return ft.Container(
        ft.Row(
            [
                k.icon(sign, t.ACTION if note.stands else t.QUIET, 20),
                ft.Container(k.column(lines, 2), expand=True),
            ],
            spacing=t.ONE,
            vertical_alignment=k.TOP,
        ),
        padding=10,
        border_radius=t.ONE,
        border=ft.Border.all(t.HAIR, t.ACTION if note.stands else t.LINE),
    )


def open_other(model: Model, spot: Spot, one: Alike, encounter: str) -> ft.Control:
    """The other record in which this answer stands, to be read; a decision begun here is kept."""
    return k.quiet_action(
        f"alike.{spot.name}", alike_words.open_other(one), partial(supervising.open_case, model, encounter)
    )


def asked(model: Model, desk: Desk, spot: Spot) -> list[ft.Control]:
    """The question about this answer: being written, or pinned."""
    shown = supervising.open_desk(model)[1]
    who = supervising.author_of(shown)
    ask = desk.ask_at(spot)
    if desk.asking == spot:
        return [asking(model, spot, ask.asks if ask else "", who)]
    if ask is None:
        return [] if shown.awaiting else was_asked(shown, spot)
    return [pin(model, spot, words.you_ask(who, ask.asks))]


def was_asked(shown: Case, spot: Spot) -> list[ft.Control]:
    """What was asked here when it was sent back: it stands there while the author answers."""
    who = called(shown.returned.by) if shown.returned else ""
    return [
        k.text(words.they_ask(who, one.asks), t.NOTE, t.ACTION)
        for one in shown.asks
        if (one.question, one.entity) == (spot.question, spot.entity)
    ]


def asking(model: Model, spot: Spot, typed: str, who: str) -> ft.Control:
    """Room for the question. It is kept from the first letter."""
    keep = k.second_action("ask.keep", words.KEEP_ASK, partial(deciding.keep_ask, model))
    leave = k.quiet_action("ask.leave", words.LEAVE_ASK, partial(deciding.take_out, model, spot))
    box = entry(
        "ask.words",
        words.ASK_WORDS,
        typed,
        partial(deciding.type_ask, model, spot),
        How(lines=3, hint=words.ASK_WORDS, autofocus=True),
    )
    return ft.Container(
        k.column([k.text(words.ask_of(who), t.NOTE_STRONG, t.ACTION), box, keep, leave], t.ONE),
        bgcolor=t.ACTION_SOFT,
        padding=12,
        border_radius=t.ONE,
        border=ft.Border.all(t.HAIR, t.ACTION),
        key=f"asking.{spot.name}",
    )


def pin(model: Model, spot: Spot, asks: str) -> ft.Control:
    """A question that stands; touching it opens it again."""
    line = ft.Row(
        [k.icon(ft.Icons.SUBDIRECTORY_ARROW_RIGHT_ROUNDED, t.ACTION, 20), k.text(asks, t.NOTE, expand=True)],
        spacing=t.ONE,
        vertical_alignment=k.TOP,
    )
    return k.tap(
        f"pin.{spot.name}",
        asks,
        line,
        partial(deciding.ask_about, model, spot),
        fill=t.ACTION_SOFT,
        edge=t.ACTION,
        pad=10,
        radius=t.ONE,
    )
