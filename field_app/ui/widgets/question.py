"""One question: label, help, the control, an honest way out, and the quiet lines under it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import flet as ft

from booklets.answers import Answer, Gap, Why, instant, read_instant, said
from booklets.forms import Kind
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.hooks import placed, use_large_text, use_value
from field_app.ui.widgets.blocks import Block, blocks, choice_rows
from field_app.ui.widgets.entry import How, entry
from field_app.ui.widgets.views import FieldActs, FieldView, Line, Remark, Tone, Widget

TYPED = frozenset(
    {Kind.TEXT, Kind.LONG_TEXT, Kind.SPEECH, Kind.ROWS, Kind.CONTACTS, Kind.REFERENCE, Kind.NUMBER}
)
"""Kinds whose answer takes work: the way out goes away once there is one, so that a tap cannot end it."""
USUALLY = "4h"
NEARLY = timedelta(minutes=5)
_SIGNS = {
    Tone.NEEDED: (ft.Icons.PRIORITY_HIGH_ROUNDED, t.ACTION),
    Tone.SAY_WHY: (ft.Icons.HELP_OUTLINE_ROUNDED, t.ACTION),
    Tone.LOOK: (ft.Icons.VISIBILITY_OUTLINED, t.QUIET),
    Tone.KNOW: (ft.Icons.INFO_OUTLINE_ROUNDED, t.QUIET),
}


def question(field: FieldView, answer: Answer | None, act: FieldActs, control: Widget) -> ft.Control:
    """The question with its control. The key is the field's id."""
    return placed(field.id, _Question, field, answer, act, control)


@ft.component
def _Question(field: FieldView, answer: Answer | None, act: FieldActs, control: Widget) -> ft.Control:
    opened, set_opened = use_value(False)
    large = use_large_text()
    gap = answer if isinstance(answer, Gap) and _shown_as_gap(field, answer) else None

    def choose(why: str) -> None:
        act.put(field.id, begun_gap(Why(why), act.now(), field.by))
        set_opened(False)

    way: ft.Control | None = None
    if _offered(field) and gap is None and not (field.kind in TYPED and said(answer)):
        way = _way_out(field, opened, partial(set_opened, not opened))
    inside: list[ft.Control] = [_care(field)] if field.care else []
    inside.append(_label(field, way, large=large))
    if field.help:
        inside.append(
            ft.Container(k.text(field.help, t.NOTE, t.QUIET), padding=ft.Padding(t.HALF, 0, t.HALF, t.ONE))
        )
    if field.remark:
        inside.append(_remark(field, field.remark))
    if opened and gap is None:
        inside.append(_reasons(field, choose))
    elif gap is not None:
        inside.append(_gap(field, gap, act))
    else:
        inside.append(control(field, answer, act))
    inside.extend(lines_under(field, answer, act))
    return k.column(inside, 0)


def _shown_as_gap(field: FieldView, gap: Gap) -> bool:
    """Yes / No / Not known has a block of its own for not known."""
    return not (field.kind is Kind.YES_NO and gap.why is Why.NOT_KNOWN)


def _way_out(field: FieldView, opened: bool, turn: k.Act) -> ft.Control:
    said_ = words.BACK_TO_THE_QUESTION if opened else words.CANNOT_ANSWER
    spoken = words.cannot_answer(field.label)
    return k.way_out(f"{field.id}.gap", spoken, turn, said=said_, opened=opened)


def _care(field: FieldView) -> ft.Control:
    """What to mind before asking, above the question, so that it is read and heard first."""
    said_ = ft.Row(
        [k.icon(ft.Icons.VOICE_OVER_OFF_OUTLINED, t.QUIET, 20), k.text(field.care, t.NOTE, expand=True)],
        spacing=t.ONE,
        vertical_alignment=k.TOP,
    )
    return ft.Semantics(
        key=f"{field.id}.care",
        identifier=f"{field.id}.care",
        label=field.care,
        container=True,
        exclude_semantics=True,
        content=ft.Container(said_, padding=ft.Padding(t.HALF, t.ONE, t.HALF, 0)),
    )


def _label(field: FieldView, way: ft.Control | None, *, large: bool) -> ft.Control:
    """The question, and the way out always at its right; under it, where text is large."""
    if way is None:
        return ft.Container(k.text(field.label, t.STRONG), padding=ft.Padding(t.HALF, 13, 0, t.ONE))
    if large:
        line = ft.Row([k.text(field.label, t.STRONG), way], spacing=t.ONE, run_spacing=0, wrap=True)
        return ft.Container(line, padding=ft.Padding(t.HALF, 0, 0, 0))
    line = ft.Row(
        [
            ft.Container(k.text(field.label, t.STRONG), padding=ft.Padding(0, 6, 0, 6), expand=True),
            way,
        ],
        spacing=t.ONE,
        vertical_alignment=k.CENTRE,
    )
    return ft.Container(line, padding=ft.Padding(t.HALF, 0, 0, 0))


def _remark(field: FieldView, remark: Remark) -> ft.Control:
    asks = k.notice(
        ft.Icons.REPLY_ROUNDED,
        words.joined(words.asks(remark.by), words.clock(remark.at) if remark.at else ""),
        under=remark.says,
        colour=t.ACTION,
        fill=t.ACTION_SOFT,
        identifier=f"{field.id}.remark",
    )
    return ft.Container(asks, padding=ft.Padding(0, 0, 0, t.ONE))


# -- no answer, and why ------------------------------------------------------------------------------
def _offered(field: FieldView) -> list[tuple[str, str]]:
    own_block = {Why.NOT_KNOWN} if field.kind is Kind.YES_NO else set()
    return [(why.value, words.WHY[why]) for why in Why if why in field.gaps and why not in own_block]


def _reasons(field: FieldView, choose: k.Act) -> ft.Control:
    return choice_rows(f"{field.id}.why", _offered(field), (), choose)


def _gap(field: FieldView, gap: Gap, act: FieldActs) -> ft.Control:
    """The reason as a fact, room for a word more, and the way back to answering."""

    def noted(note: str) -> None:
        act.put(field.id, replace(gap, note=note))

    again = partial(act.put, field.id, None)
    shown: list[ft.Control] = [
        k.fact(
            f"{field.id}.answer",
            words.WHY_SAID[gap.why],
            _due(gap),
            again,
            name=ft.Icons.REMOVE_CIRCLE_OUTLINE_ROUNDED,
            change=words.ANSWER_INSTEAD,
        )
    ]
    if gap.why is Why.PENDING:
        shown.append(_later(field, gap, act))
    shown.append(
        entry(f"{field.id}.note", words.gap_note(field.label), gap.note, noted, How(hint=words.GAP_NOTE))
    )
    return k.column(shown)


def _due(gap: Gap) -> str:
    return words.due_by(read_instant(gap.due)) if gap.due else ""


def _later(field: FieldView, gap: Gap, act: FieldActs) -> ft.Control:
    times = later_times(act.now(), field.by)
    options = [Block(code, said_, words.clock(at)) for code, (said_, at) in times.items()]
    chosen = next((code for code, (_, at) in times.items() if instant(at) == gap.due), None)

    def choose(code: str) -> None:
        act.put(field.id, replace(gap, due=instant(times[code][1])))

    return blocks(f"{field.id}.due", options, chosen, choose)


def begun_gap(why: Why, now: datetime, by: datetime | None = None) -> Gap:
    """A reason as it is chosen. "Later" begins with a time, which can be changed."""
    if why is not Why.PENDING:
        return Gap(why)
    times = later_times(now, by)
    return Gap(why, due=instant(times.get(USUALLY, list(times.values())[-1])[1]))


def later_times(now: datetime, by: datetime | None = None) -> dict[str, tuple[str, datetime]]:
    """When 'later' usually is: in an hour, in four, and tomorrow at nine by the clock on the wall.

    Where a clock ends before that (``by``), its end and nothing after it; once it is over, the hour alone.
    """
    usual = _usual_times(now)
    if by is None:
        return usual
    if by - now < timedelta(minutes=1):
        return {"1h": usual["1h"]}
    times = {code: one for code, one in usual.items() if one[1] <= by}
    if times != usual and all(by - at >= NEARLY for _, at in times.values()):
        times["in_time"] = (words.IN_TIME, by.replace(second=0, microsecond=0))
    return times


def _usual_times(now: datetime) -> dict[str, tuple[str, datetime]]:
    whole = now.replace(second=0, microsecond=0)
    next_day = words.local(now).date() + timedelta(days=1)
    morning = words.utc(next_day.year, next_day.month, next_day.day, 9, 0)
    return {
        "1h": (words.IN_1_HOUR, whole + timedelta(hours=1)),
        "4h": (words.IN_4_HOURS, whole + timedelta(hours=4)),
        "tomorrow": (words.TOMORROW, morning),
    }


# -- the quiet lines ---------------------------------------------------------------------------------
def lines_under(field: FieldView, answer: Answer | None, act: FieldActs) -> list[ft.Control]:
    """What the rules say under a question, and the box for a reason where they ask for one."""
    shown: list[ft.Control] = []
    if field.source and said(answer):
        shown.append(_quiet(ft.Icons.SMARTPHONE_ROUNDED, t.QUIET, field.source, t.QUIET))
    for i, line in enumerate(field.lines):
        # Nothing comments on what a child said: only what is missing may be named beside it.
        if field.kind is Kind.SPEECH and line.tone is Tone.LOOK:
            continue
        shown.append(_line(field, i, line, act))
    return shown


def _quiet(name: ft.IconData, colour: str, says: str, ink: str = t.INK) -> ft.Control:
    return ft.Container(
        ft.Row(
            [k.icon(name, colour, 20), k.text(says, t.NOTE, ink, expand=True)],
            spacing=10,
            vertical_alignment=k.TOP,
        ),
        padding=ft.Padding(t.HALF, t.ONE, t.HALF, 0),
    )


def _line(field: FieldView, i: int, line: Line, act: FieldActs) -> ft.Control:
    """One line, and what can be done about it. Two lines of one rule have names of their own."""
    twin = any(other.rule == line.rule for other in field.lines[:i])
    mark = f"{field.id}.line.{line.rule or i}{f'.{i}' if line.rule and twin else ''}"
    name, colour = _SIGNS[line.tone]
    parts: list[ft.Control] = [_quiet(name, colour, line.says)]
    doing = _wording(field, mark, line, act)
    if doing:
        parts.append(ft.Container(k.line_of(doing, t.ONE), padding=ft.Padding(26, 0, 0, 0)))
    if line.tone is Tone.SAY_WHY and act.give_reason:
        parts.append(ft.Container(height=t.ONE))
        parts.append(
            entry(
                f"{mark}.reason",
                words.say_why(field.label),
                line.reason,
                partial(act.give_reason, line.rule),
                How(hint=words.SAY_WHY),
            )
        )
    return ft.Semantics(
        key=mark, identifier=mark, container=True, live_region=True, content=k.column(parts, 0)
    )


def _wording(field: FieldView, mark: str, line: Line, act: FieldActs) -> list[ft.Control]:
    """At one tap each: the offered wording, one's own kept as it stands, one's own back again."""
    doing: list[ft.Control] = []
    if line.use and act.use_wording:
        use = partial(act.use_wording, field.id, line.use)
        doing.append(k.quiet_action(f"{mark}.use", words.use_wording(line.use), use))
    if (line.use or line.keep) and not (line.reason or line.alone) and act.keep_wording:
        keep = partial(act.keep_wording, field.id, line.rule)
        doing.append(k.quiet_action(f"{mark}.keep", words.KEEP_MINE, keep))
    if line.undo and act.undo_wording:
        doing.append(k.quiet_action(f"{field.id}.reworded.undo", words.MY_WORDS_BACK, act.undo_wording))
    return doing
