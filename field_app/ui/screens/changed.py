"""What has changed in the forms since a draft was begun: gone, fewer choices, other words, or new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import flet as ft

from booklets.answers import Answer
from booklets.changed_forms import Became, Change
from booklets.reading import Reader
from field_app.capture.session import CaptureSession
from field_app.ui import changed_words as words
from field_app.ui import frame, landing
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import theme as t
from field_app.ui.fields import childs_name
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.standing import status, top

GROUPS: Mapping[Became, tuple[str, ft.IconData]] = {
    Became.GONE: (words.GONE, ft.Icons.INVENTORY_2_OUTLINED),
    Became.CHOICES_GONE: (words.CHOICES_GONE, ft.Icons.PLAYLIST_REMOVE_ROUNDED),
    Became.REWORDED: (words.REWORDED, ft.Icons.EDIT_NOTE_ROUNDED),
    Became.NEW: (words.NEW, ft.Icons.ADD_ROUNDED),
}


def changed(model: Model) -> ft.Control:
    """Four groups, each question one tap away where it is asked, and one button to go on."""
    session = model.open_session()
    found = session.what_changed()
    body: list[ft.Control] = [k.heading(words.TITLE), k.paragraph(words.HELP)]
    for became, (title, sign) in GROUPS.items():
        body += group(model, title, sign, [one for one in found if one.became is became])
    return frame.frame(
        top=top(model, on_back=model.go_home, back=said.BACK_TO_WORKLIST),
        status=status(model),
        body=body,
        actions=[k.main_action("changed.seen", words.GO_ON, partial(seen, model))],
        left_handed=model.left_handed,
        name="changed",
    )


def told(model: Model) -> list[ft.Control]:
    """On every page until it was seen: the way back to what changed."""
    if not model.open_session().what_changed():
        return []
    return [k.quiet_action("changed", words.SEE, partial(model.go, At.CHANGED))]


def seen(model: Model) -> None:
    """The officer has read it: on to where the draft was left."""
    model.open_session().saw_changes()
    landing.land(model)


def group(model: Model, title: str, sign: ft.IconData, changes: list[Change]) -> list[ft.Control]:
    """What became the same of several questions. What is new and not asked yet is counted, not listed."""
    session = model.open_session()
    later = [one for one in changes if one.became is Became.NEW and not is_open(session, one)]
    listed = [one for one in changes if one not in later]
    if not changes:
        return []
    shown: list[ft.Control] = [k.flag(sign, said.group_of(title, len(changes)), t.INK, t.STRONG)]
    if listed:
        shown.append(k.rows([row_of(model, one) for one in listed]))
    if later:
        shown.append(k.paragraph(words.asked_later(len(later)), t.NOTE))
    return shown


def is_open(session: CaptureSession, change: Change) -> bool:
    """Whether the question stands on a page now, so that a touch can lead there."""
    there = session.guide.asks(change.question) and session.page_of(change.question) is not None
    return there and session.is_asked(change.question)


def row_of(model: Model, change: Change) -> ft.Control:
    """One question: how it is asked, what became of it and of its answer."""
    session = model.open_session()
    label = change.label.replace("{name}", childs_name(session))
    under = " ".join(under_it(session, change)).replace("{name}", childs_name(session))
    if change.became is not Became.GONE and is_open(session, change):
        go = partial(model.open_field, change.question)
        return k.row(f"changed.{change.question}", label, go, under=under)
    lines: list[ft.Control] = [k.text(label), *([k.text(under, t.NOTE, t.QUIET)] if under else [])]
    return ft.Container(k.column(lines, 0), padding=ft.Padding(t.TWO, t.ONE, t.TWO, t.ONE))


def under_it(session: CaptureSession, change: Change) -> Iterator[str]:
    """What became of a question and of its answer, sentence by sentence."""
    answer = session.value(change.question) if change.became is not Became.NEW else None
    before = None if answer is not None else taken_out(session, change.question)
    match change.became:
        case Became.GONE:
            yield words.you_said(answered(session, change.question), what_becomes(session, change.question))
            return
        case Became.CHOICES_GONE:
            yield words.no_longer_offered(change.choices)
        case Became.REWORDED:
            yield words.read_before(change.before) if change.before else words.READS_DIFFERENTLY
        case Became.NEW:
            page = session.page_of(change.question)
            yield said.on_page(page.title) if page else ""
    if before is not None:
        yield words.you_said(in_words(session, change.question, before), words.ANSWER_AGAIN)


def answered(session: CaptureSession, question: str) -> list[str]:
    """Every answer to a question: of the encounter, and of each person, place and object in it."""
    encounter = session.encounter
    known = (encounter.answers, *(one.facts for one in encounter.entities.values()))
    said = (word for one in known for word in in_words(session, question, one.get(question)))
    return list(dict.fromkeys(said))


def what_becomes(session: CaptureSession, question: str) -> str:
    """Whether what was answered goes along: what the officer had taken back does not."""
    encounter = session.encounter
    goes = question not in encounter.answers or question in {*encounter.kept, *session.facts.answers}
    return words.KEPT if goes else words.NOT_SENT


def taken_out(session: CaptureSession, question: str) -> Answer | None:
    """The answer that the question, which takes another sort now, had before; it is kept as its wording."""
    wordings = (one for one in session.encounter.drafts if one.field == question and one.new is None)
    return next((one.old for one in wordings), None)


def in_words(session: CaptureSession, question: str, answer: Answer | None) -> list[str]:
    """An answer as it reads under the question that it was given to."""
    if answer is None:
        return []
    known = {str(id_): one for id_, one in session.encounter.entities.items()}
    reader = Reader(session.guide.forms[0], known, childs_name(session), {})
    return list(reader.unasked(question, answer).flat())
