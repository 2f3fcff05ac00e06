"""When something happened: one tap for now, two for a little earlier, and a way to say how sure one is.

A time that is typed is recorded as soon as it is one; what is none yet is kept with the draft, and said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import flet as ft

from booklets.answers import Answer, Moment, Precision
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.hooks import is_in_sight, placed, use_kept, use_now, use_value
from field_app.ui.widgets.blocks import Block, blocks
from field_app.ui.widgets.dates import day_box
from field_app.ui.widgets.entry import How, entry
from field_app.ui.widgets.question import question
from field_app.ui.widgets.views import FieldActs, FieldView
from field_app.ui.widgets.when import at_clock, iso_date, latest_at, read_time, said_moment, to_the_minute

NOW, EARLIER, OTHER = "now", "earlier", "other"
A_LITTLE = timedelta(minutes=5)
MINUTE_TURNS_S = 60.5  # not before the minute is over: a block never shows a time that is still to come


def moment(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Now, five minutes ago, or another time; each block shows the time it would record."""
    return question(field, answer, act, _moment)


def _moment(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return placed(f"{field.id}.moment", _When, field, answer if isinstance(answer, Moment) else None, act)


@dataclass(frozen=True, slots=True)
class _Picked:
    """Which block an answer came from; an answer from elsewhere came from none."""

    block: str
    moment: Moment


@ft.component
def _When(field: FieldView, answer: Moment | None, act: FieldActs) -> ft.Control:
    now = use_minute(act.now)
    picked, set_picked = use_value(_NO_PICK)
    unread = use_kept(lambda: act.unread(field.id))
    opened, set_opened = use_value(bool(unread))

    def put(block: str, found: Moment) -> None:
        act.put(field.id, found)  # first: a time that could not be put stays in its boxes
        act.keep_unread(field.id, {})
        set_opened(False)
        set_picked(_Picked(block, found))

    def choose(block: str) -> None:
        if block == NOW:
            put(NOW, Moment(now))
        elif block == EARLIER:
            put(EARLIER, Moment(now - A_LITTLE, Precision.ABOUT))
        else:
            set_opened(not opened)

    chosen = None if answer is None else OTHER
    if picked and answer == picked.moment:
        chosen = picked.block
    parts: list[ft.Control] = [blocks(field.id, _options(now, answer, chosen), chosen, choose)]
    if answer is not None:
        parts.append(_recorded(answer))
    if opened:
        parts.append(placed(f"{field.id}.other", _Another, field, answer, act, partial(put, OTHER), now))
    return k.column(parts)


_NO_PICK: _Picked | None = None


def _options(now: datetime, answer: Moment | None, chosen: str | None) -> list[Block]:
    """A block that was chosen shows what it recorded, however long ago."""

    def under(block: str, would: datetime) -> str:
        return words.clock(answer.at) if answer and chosen == block else words.clock(would)

    other = words.OTHER_TIME
    other_under = ""
    if answer and chosen == OTHER:
        other = words.ABOUT if answer.precision is Precision.ABOUT else words.AT
        other_under = words.clock(answer.at)
        if answer.precision is Precision.RANGE and answer.until:
            other, other_under = words.BETWEEN, f"{words.clock(answer.at)}–{words.clock(answer.until)}"
        if answer.precision is Precision.DATE_ONLY:
            other, other_under = words.ON, words.short_day(answer.at)
    return [
        Block(NOW, words.NOW, under(NOW, now)),
        Block(EARLIER, words.FIVE_MINUTES_AGO, under(EARLIER, now - A_LITTLE)),
        Block(OTHER, other, other_under or words.CHOOSE),
    ]


def _recorded(answer: Moment) -> ft.Control:
    return ft.Container(
        k.text(words.recorded(said_moment(answer)), t.NOTE, t.QUIET),
        padding=ft.Padding(t.HALF, 0, t.HALF, 0),
    )


def use_minute(now: Callable[[], datetime]) -> datetime:
    """A hook: the time to the minute; the component is drawn again when the minute turns."""
    shown, show = use_value(to_the_minute(now()))

    async def keep_up() -> None:
        while is_in_sight():
            show(to_the_minute(now()))
            await asyncio.sleep(MINUTE_TURNS_S - now().second)

    ft.use_effect(keep_up, [], _nothing)  # with a cleanup Flet ends the loop when the field goes away
    return shown


def _nothing() -> None:
    """Nothing to clear up; see `use_minute`."""


# -- another time --------------------------------------------------------------------------------------
EXACTLY, ABOUT, BETWEEN = "exact", "about", "range"
SURE = (Block(ABOUT, words.ABOUT), Block(EXACTLY, words.AT), Block(BETWEEN, words.BETWEEN))


@dataclass(frozen=True, slots=True)
class _Draft:
    """A time being put together: the figures as typed, the day, and how sure."""

    first: str = ""
    second: str = ""
    day: date | None = None
    sure: str = ABOUT


@ft.component
def _Another(
    field: FieldView, answer: Moment | None, act: FieldActs, put: Callable[[Moment], None], now: datetime
) -> ft.Control:
    typed = use_now(_begun(answer, use_kept(lambda: act.unread(field.id))))
    draft = typed.now
    found = put_together(draft, now, day_alone=field.day_alone)
    searching, search = use_value(False)
    name = f"{field.id}.other"

    def meant() -> Moment | None:
        return put_together(typed.now, to_the_minute(act.now()), day_alone=field.day_alone)

    def alter(**parts: Any) -> None:
        """What can be understood is recorded at once, so that turning the page loses nothing."""
        typed.put(replace(typed.now, **parts))
        means = meant()
        if means:
            act.put(field.id, means)
        act.keep_unread(field.id, {} if means else _unread(typed.now))

    def done() -> None:
        means = meant()
        if means:  # Enter may come before it is one
            put(means)

    on = partial(_on, alter)
    parts: list[ft.Control] = [
        blocks(f"{name}.sure", SURE, draft.sure, lambda sure: alter(sure=sure)),
        *([] if draft.sure == BETWEEN else [_ago(name, now, Precision(draft.sure), put)]),
        _figures(name, draft, alter, done),
        _days(name, draft, now, on),
        _another_day(name, draft, act, on, partial(search, not searching), searching=searching),
    ]
    if found:  # recorded already, unless that failed
        said = words.DONE if found == answer else words.record(said_moment(found))
        parts.append(k.second_action(f"{name}.done", said, done))
    else:
        parts.append(k.paragraph(_how_to_write(draft, day_alone=field.day_alone), t.NOTE))
    return k.card(parts, 12, 12)


def _on(alter: Callable[..., None], day: date) -> None:
    alter(day=day)


def _figures(name: str, draft: _Draft, alter: Callable[..., None], done: k.Act) -> ft.Control:
    """The box for the time, or the two for its ends."""
    range_ = draft.sure == BETWEEN
    first = words.TIME_FROM if range_ else words.TIME
    boxes = [_time_box(f"{name}.first", first, draft.first, lambda said: alter(first=said), done)]
    if range_:
        second = draft.second
        boxes.append(
            _time_box(f"{name}.second", words.TIME_TO, second, lambda said: alter(second=said), done)
        )
    return ft.Row(boxes, spacing=t.ONE)


def _how_to_write(draft: _Draft, *, day_alone: bool) -> str:
    boxes = [draft.first, *([draft.second] if draft.sure == BETWEEN else [])]
    half = any(said.strip() and read_time(said) is None for said in boxes)
    said = [
        words.NOT_YET_A_TIME if half else "",
        words.HOW_TO_WRITE_A_TIME,
        words.DAY_ALONE if day_alone else "",
    ]
    return " ".join(one for one in said if one)


def _unread(draft: _Draft) -> Mapping[str, str]:
    """What is typed or chosen and is no time yet, to be kept; how sure alone is nothing typed."""
    day = draft.day.isoformat() if draft.day else ""
    parts = {"first": draft.first, "second": draft.second, "day": day}
    kept = {name: said for name, said in parts.items() if said}
    return {**kept, "sure": draft.sure} if kept else {}


def _begun(answer: Moment | None, unread: Mapping[str, str]) -> _Draft:
    if unread:
        sure = unread.get("sure", "")
        return _Draft(
            unread.get("first", ""),
            unread.get("second", ""),
            iso_date(unread.get("day")),
            sure if sure in {ABOUT, EXACTLY, BETWEEN} else ABOUT,
        )
    if answer is None:
        return _Draft()
    if answer.precision is Precision.DATE_ONLY:
        return _Draft(day=words.local(answer.at).date())
    second = words.clock(answer.until) if answer.until else ""
    sure = {Precision.EXACT: EXACTLY, Precision.RANGE: BETWEEN}.get(answer.precision, ABOUT)
    return _Draft(words.clock(answer.at), second, words.local(answer.at).date(), sure)


def put_together(draft: _Draft, now: datetime, *, day_alone: bool = False) -> Moment | None:
    """The moment a draft means, or `None` while it is not one. A bare time means the last time it was so.

    With `day_alone` a day that was chosen is enough, and is recorded as that and no more.
    """
    first = read_time(draft.first)
    if first is None:
        if day_alone and draft.day and not draft.first.strip() and not draft.second.strip():
            return Moment(at_clock(draft.day, (0, 0)), Precision.DATE_ONLY)
        return None
    at = at_clock(draft.day or latest_at(now, first), first)
    if draft.sure != BETWEEN:
        return Moment(at, Precision(draft.sure))
    second = read_time(draft.second)
    if second is None:
        return None
    until = at_clock(words.local(at).date(), second)
    if until <= at:
        until = at_clock(words.local(at).date() + timedelta(days=1), second)
    return Moment(at, Precision.RANGE, until)


def _ago(name: str, now: datetime, sure: Precision, put: Callable[[Moment], None]) -> ft.Control:
    def choose(minutes: str) -> None:
        put(Moment(now - timedelta(minutes=int(minutes)), sure))

    steps = ((15, words.AGO_15), (30, words.AGO_30), (60, words.AGO_60))
    options = [Block(str(m), said, words.clock(now - timedelta(minutes=m))) for m, said in steps]
    return blocks(f"{name}.ago", options, None, choose)


def _time_box(
    identifier: str, label: str, value: str, on_typed: Callable[[str], None], done: k.Act
) -> ft.Control:
    name = ft.Container(k.text(label, t.NOTE_STRONG), padding=ft.Padding(t.HALF, 0, 0, 0))
    how = How(keyboard=ft.KeyboardType.DATETIME, hint=words.TIME_HINT, on_submit=done)
    return ft.Container(k.column([name, entry(identifier, label, value, on_typed, how)], t.HALF), expand=1)


def _days(name: str, draft: _Draft, now: datetime, choose: Callable[[date], None]) -> ft.Control:
    """Today and the two days before it; a day longer ago that is already chosen takes the last place."""
    today = words.local(now).date()
    first = read_time(draft.first)
    chosen = draft.day or (latest_at(now, first) if first else today)
    before, long_ago = today - timedelta(days=1), today - timedelta(days=2)
    last = (words.DAY_BEFORE, long_ago) if chosen >= long_ago else (words.EARLIER, chosen)
    days = {"today": (words.TODAY, today), "yesterday": (words.YESTERDAY, before), "before": last}
    options = [Block(code, said, words.short_day(day)) for code, (said, day) in days.items()]
    on = next((code for code, (_, day) in days.items() if day == chosen), None)
    return blocks(f"{name}.day", options, on, lambda code: choose(days[code][1]))


def _another_day(
    name: str, draft: _Draft, act: FieldActs, choose: Callable[[date], None], turn: k.Act, *, searching: bool
) -> ft.Control:
    """The way to any other day: typed, or picked from a calendar."""
    parts: list[ft.Control] = []
    if searching:
        parts.append(k.paragraph(words.WHICH_DAY, t.NOTE_STRONG))
        parts.append(day_box(f"{name}.date", words.WHICH_DAY, draft.day, act.now, choose))
    else:
        parts.append(k.quiet_action(f"{name}.day.another", words.ANOTHER_DAY, turn))
    return k.column(parts, t.HALF)
