"""What waits for a supervisor, and the frame that the queue shares with the record beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import flet as ft

from field_app.capture.cases import Case, Standing, queue_of
from field_app.ui import arriving, duty_words, entering, frame, supervising, untrained_words
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import supervising_words as words
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.hooks import use_large_text, use_room
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.rulers import rulers
from field_app.ui.screens import arrived, duty
from field_app.ui.screens import giving as passing
from field_app.ui.screens.standing import notices, status, warnings

WIDE = 900
"""From this width on the queue and the record stand side by side."""
QUEUE_WIDTH = 336
SOON = timedelta(hours=1)


def use_wide() -> bool:
    """A hook: whether there is room for the queue beside the record, in letters that are not large."""
    width, large = use_room() or int(ft.context.page.width or 0), use_large_text()
    return width >= WIDE and not large


@ft.component
def queue(model: Model) -> ft.Control:
    """The supervisor's home screen."""
    if use_wide():
        return side_by_side(model, nothing_open(model))
    own = k.quiet_action("own_records", words.OWN_RECORDS, partial(model.go, At.HOME), expand=True)
    return frame.frame(
        top=frame.top_bar(
            words.at_station(model.shift.vault_name, model.shift.officer.station),
            on_menu=partial(model.go, At.MENU),
            big=True,
        ),
        status=status(model, words.MARKING),
        body=[*notices(model), head(model), *boxes(model)],
        news=arrived.line(model, desk=True),
        actions=[own],
        name=f"queue.{model.opened}",
    )


# -- the frame of a wide window ----------------------------------------------------------------------
def side_by_side(model: Model, right: ft.Control) -> ft.Control:
    """The strip above everything; the queue at the left third; at the right what is read."""
    return ft.SafeArea(
        expand=True,
        content=ft.Column(
            [
                *rulers(),
                strip(model),
                ft.Row(
                    [
                        ft.Container(pane(model), width=QUEUE_WIDTH, bgcolor=t.PAPER, border=_side()),
                        ft.Container(right, expand=True, bgcolor=t.CARD),
                    ],
                    spacing=0,
                    expand=True,
                    vertical_alignment=k.WIDE,
                ),
            ],
            spacing=0,
            expand=True,
            horizontal_alignment=k.WIDE,
        ),
    )


def _side() -> ft.Border:
    return ft.Border(right=ft.BorderSide(t.HAIR, t.LINE))


def strip(model: Model) -> ft.Control:
    """Who sits here, whether the force is heard, the marking, the lock and the time."""
    who = words.at_station(model.shift.vault_name, model.shift.officer.station)
    inside: list[ft.Control] = [
        k.text(who, t.NOTE_STRONG),
        ft.Container(reach(model), expand=True),
        k.text(words.MARKING, t.CAPTION, t.QUIET),
        k.text(words.today_and_now(model.now), t.NOTE, t.QUIET),
        k.icon_tap(
            "lock",
            said.LOCK_NOW,
            ft.Icons.LOCK_OPEN_ROUNDED,
            partial(entering.lock, model),
            colour=t.QUIET,
            size=t.LEAST_TARGET,
            sign=20,
        ),
        k.icon_tap(
            "menu",
            said.MENU,
            ft.Icons.MENU_ROUNDED,
            partial(model.go, At.MENU),
            size=t.LEAST_TARGET,
            sign=22,
        ),
    ]
    return ft.Container(
        ft.Row(inside, spacing=12, vertical_alignment=k.CENTRE),
        padding=ft.Padding(t.TWO, 0, t.ONE, 0),
        bgcolor=t.PAPER,
        border=ft.Border(bottom=ft.BorderSide(t.HAIR, t.LINE)),
    )


def reach(model: Model) -> ft.Control:
    """Whether the force is heard: what is here can be decided on either way."""
    line = model.line
    told = line.trouble or line.stopped or (said.SIGN_IN_TO_SEND if line.sign_in else "")
    if not told and line.heard_at is not None and line.is_open:
        told = words.up_to_date(line.heard_at)
    told = here(told or words.no_signal(line.silent_since) or said.saved_here(None, said.NOT_HEARD_YET))
    sign = ft.Icons.CLOUD_DONE_OUTLINED if line.is_open else ft.Icons.CLOUD_OFF_OUTLINED
    return ft.Semantics(
        identifier="status",
        label=told,
        live_region=True,
        exclude_semantics=True,
        content=ft.Row(
            [k.icon(sign, t.QUIET, 20), k.text(told, t.NOTE, t.QUIET, lines=1, expand=True)],
            spacing=t.ONE,
            vertical_alignment=k.CENTRE,
        ),
    )


def nothing_open(model: Model) -> ft.Control:
    """The right side before anything is chosen."""
    waits = bool(queue_of(model.home.cases))
    title = words.CHOOSE_ONE if waits else words.NOTHING_WAITS
    lines: list[ft.Control] = [k.text(title, t.BODY, t.QUIET, align=ft.TextAlign.CENTER)]
    if not waits:
        lines.append(k.text(words.NOTHING_WAITS_HELP, t.NOTE, t.QUIET, align=ft.TextAlign.CENTER))
    return ft.Container(
        ft.Column(
            [ft.Container(k.column(lines), width=380)],
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=k.CENTRE,
        ),
        expand=True,
        alignment=ft.Alignment.CENTER,
    )


# -- the queue ---------------------------------------------------------------------------------------
def pane(model: Model) -> ft.Control:
    """The queue at the left: what is new waits behind a line, and nothing moves what is read."""
    top = ft.Container(
        k.column(
            [
                *(notices(model) if model.at is At.QUEUE else ()),
                *warnings(model),
                *passing.untaken(model),
                head(model),
            ],
            t.ONE,
        ),
        padding=ft.Padding(t.TWO, 12, t.TWO, 12),
        border=ft.Border(bottom=ft.BorderSide(t.HAIR, t.LINE)),
    )
    rows = frame.read_through(rows_of(model), key=f"queue.rows.{model.opened}")
    news = arrived.line(model, desk=True)
    own = k.quiet_action("own_records", words.OWN_RECORDS, partial(model.go, At.HOME))
    foot = ft.Container(own, border=ft.Border(top=ft.BorderSide(t.HAIR, t.LINE)))
    parts = [top, rows, *([news] if news else []), foot]
    return ft.Column(parts, spacing=0, expand=True, horizontal_alignment=k.WIDE)


def head(model: Model) -> ft.Control:
    """The title, and what to show of it."""
    cases = queue_of(model.listed.cases)
    chosen = supervising.desk_of(model).kind
    title = ft.Row(
        [
            ft.Semantics(
                identifier="queue",
                header=True,
                heading_level=1,
                expand=True,
                content=k.text(words.WAITING_FOR_YOU, t.TITLE),
            )
        ],
        vertical_alignment=k.CENTRE,
    )
    chips = [
        chip(model, kind, name, len(found), on=kind == chosen)
        for kind, name in supervising.KINDS.items()
        if (found := supervising.of_kind(cases, kind)) or kind in {"all", chosen}
    ]
    return k.column([title, k.line_of(chips, 6)], t.ONE)


def chip(model: Model, kind: str, name: str, count: int, *, on: bool) -> ft.Control:
    """One way to see fewer."""
    return k.tap(
        f"filter.{kind}",
        f"{name}, {count}",
        k.text(f"{name} {count}", t.CAPTION, t.ON_ACTION if on else t.INK),
        partial(supervising.filter_by, model, kind),
        role=k.Role.CHOICE,
        chosen=on,
        fill=t.ACTION if on else t.CARD,
        edge=t.ACTION if on else t.EDGE_LINE,
        radius=t.THREE,
        pad=ft.Padding(11, 14, 11, 14),
    )


def rows_of(model: Model) -> list[ft.Control]:
    """Danger that waits to be decided on before everything else; then what is to do and what waits."""
    found = supervising.waiting(model)
    then = [one for one in found if not is_danger(one)]
    shown: list[ft.Control] = [row(model, one) for one in found if is_danger(one)]
    shown += [*to_do(model, len(then)), *(row(model, one) for one in then)]
    if not found:
        shown.append(
            ft.Container(k.paragraph(words.NOTHING_WAITS, t.NOTE), padding=t.TWO, key="nothing_waits")
        )
    over = supervising.decided(model)
    if over:
        shown.append(group_head(words.DECIDED, len(over)))
        shown += [row(model, one) for one in over]
    return shown


def is_danger(one: Case) -> bool:
    """Whether it stands above what is to do: what "Danger now" says of it must be in sight."""
    return one.risk <= supervising.DANGER


def boxes(model: Model) -> list[ft.Control]:
    """The same on a phone: rows in boxes."""
    found, over = supervising.waiting(model), supervising.decided(model)
    asked = arriving.of_the_desk(model.listed)
    first, then = ([one for one in found if is_danger(one) is danger] for danger in (True, False))
    shown: list[ft.Control] = [k.rows([row(model, one, ruled=False) for one in first])] if first else []
    if asked:
        shown += [k.caption(duty_words.TO_DO), *duty.rows(model, asked)]
    if then or not found:
        waits = k.rows([row(model, one, ruled=False) for one in then])
        shown.append(waits if then else k.paragraph(words.NOTHING_WAITS))
    if over:
        shown += [k.caption(words.DECIDED), k.rows([row(model, one, ruled=False) for one in over])]
    return shown


def to_do(model: Model, then: int) -> list[ft.Control]:
    """What this desk has been asked to do, above what else waits to be decided on, and how much that is."""
    asked = arriving.of_the_desk(model.listed)
    if not asked:
        return []
    ruled = ft.Border(bottom=ft.BorderSide(t.HAIR, t.LINE))
    return [
        group_head(duty_words.TO_DO, len(asked)),
        *(ft.Container(duty.row(model, one), border=ruled, key=f"ruled.{one.task}") for one in asked),
        *([group_head(words.WAITING_FOR_YOU, then)] if then else []),
    ]


def group_head(title: str, count: int) -> ft.Control:
    """The name of a part of the queue."""
    return ft.Container(
        ft.Row([k.text(title, t.CAPTION, t.INK, expand=True), k.text(str(count), t.CAPTION, t.QUIET)]),
        padding=ft.Padding(t.TWO, 10, t.TWO, 8),
        border=ft.Border(bottom=ft.BorderSide(t.HAIR, t.LINE)),
        key=f"group.{title}",
    )


def row(model: Model, listed: Case, *, ruled: bool = True) -> ft.Control:
    """One case as it stands now: who, what, by whom, how grave, how long it waits and what is late."""
    case = supervising.newest_of(model, listed)
    name, about = supervising.name_of(case, said.today())
    open_ = supervising.desk_of(model).shown
    here = open_ is not None and open_.encounter == case.encounter and model.at is At.CASE
    what = said.joined(supervising.what_of(case), supervising.author_of(case))
    waited = words.waited(case.waiting_since, model.now) if case.standing is Standing.UNDECIDED else ""
    line, told = state_line(model, case)
    grave = supervising.grave_word(case) if waited else ""
    handled = supervising.handled_as(case)
    first: list[ft.Control] = [k.text(f"{name}, {about}" if about else name, t.STRONG, lines=1, expand=True)]
    if waited:
        first.append(k.text(waited, t.NOTE, t.QUIET))
    second: list[ft.Control] = [k.text(what, t.NOTE, t.QUIET, lines=1, expand=True)]
    if grave:
        second.append(tag(grave))
    lines: list[ft.Control] = [
        ft.Row(first, spacing=t.ONE),
        ft.Row(second, spacing=t.ONE, vertical_alignment=k.CENTRE),
        *([k.flag(ft.Icons.VISIBILITY_OFF_OUTLINED, handled, t.INK, t.NOTE)] if handled else []),
        *([line] if line else []),
    ]
    label = words.row_spoken(f"{name}, {about}", what, grave, handled, told, waited)
    edge = ft.Border(bottom=ft.BorderSide(t.HAIR, t.LINE)) if ruled else ft.Border()
    if here:
        edge.left = ft.BorderSide(t.HALF, t.ACTION)
    inside = ft.Container(
        k.column(lines, 3), padding=ft.Padding(t.TWO if not here else 12, 10, t.TWO, 10), border=edge
    )
    return k.tap(
        f"case.{case.encounter}",
        label,
        inside,
        partial(supervising.open_case, model, case.encounter),
        chosen=here,
        role=k.Role.CHOICE,
        fill=t.ACTION_SOFT if here else None,
        pad=0,
        radius=0,
    )


def state_line(model: Model, case: Case) -> tuple[ft.Control | None, str]:
    """The most pressing thing about a case, drawn and in words."""
    if case.late_since:
        told = words.no_answer(case.late_since, model.now)
        return k.late(told), told
    if case.nobody_trained:
        told = untrained_words.NOBODY_TRAINED
        return k.flag(ft.Icons.INFO_OUTLINE_ROUNDED, told, t.SOON), told
    if case.standing is not Standing.UNDECIDED:
        received = case.under_way is not None and case.under_way.received
        told = words.RECEIVED if received else words.STANDING[case.standing]
        sign = ft.Icons.CHECK_ROUNDED if case.under_way is None else ft.Icons.SCHEDULE_SEND_ROUNDED
        return k.flag(sign, told, t.QUIET, t.NOTE), told
    if case.why_void:
        told = void_words(case)
        return k.flag(ft.Icons.UNDO_ROUNDED, told, t.SOON), told
    if case.begun:
        return k.flag(ft.Icons.EDIT_NOTE_ROUNDED, words.NOT_FINISHED, t.ACTION), words.NOT_FINISHED
    return clock_line(case.due_at, model.now) if case.due_at else (None, "")


def clock_line(due_at: datetime, now: datetime) -> tuple[ft.Control, str]:
    """A clock: red once it is late, amber in its last hour, quiet before."""
    if due_at <= now:
        told = words.late(due_at, now)
        return k.late(told), told
    told = words.due(due_at, now)
    if due_at - now <= SOON:
        return k.soon(told), told
    return k.flag(ft.Icons.SCHEDULE_ROUNDED, told, t.QUIET, t.NOTE), told


def void_words(case: Case) -> str:
    """Why a decision made here does not count."""
    moved = [one.record.header for one in case.papers if one.record.header.revision > 1]
    at = max((one.submitted.instant for one in moved), default=None)
    return words.void_because(case.why_void, supervising.author_of(case), at)


def tag(told: str, colour: str = t.LATE, fill: str = t.LATE_SOFT) -> ft.Control:
    """A word that must not be missed, with its sign."""
    return ft.Container(
        ft.Row(
            [k.icon(ft.Icons.PRIORITY_HIGH_ROUNDED, colour, 16), k.text(told, t.CAPTION, colour)],
            spacing=2,
            tight=True,
            vertical_alignment=k.CENTRE,
        ),
        bgcolor=fill,
        padding=ft.Padding(6, 3, t.ONE, 3),
        border_radius=t.HALF,
    )


__all__: Sequence[str] = ["queue", "row", "side_by_side", "tag", "use_wide", "void_words"]
