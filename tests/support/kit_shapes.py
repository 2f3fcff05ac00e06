"""The kit's shapes as a page of the gallery."""

from __future__ import annotations

import flet as ft

from field_app.ui import kit as k
from field_app.ui.frame import frame, pages_bar, status_line, top_bar


def nothing() -> None:
    """A gallery's action."""


def broken() -> None:
    """An action that fails, to see the guard's notice."""
    raise RuntimeError("Amy Brook")


def kit_shapes() -> list[ft.Control]:
    """What stands between the bars."""
    return [
        k.heading("Before you send"),
        k.paragraph("Two answers are needed. Nothing has left this phone."),
        k.notice(
            ft.Icons.SCHEDULE_ROUNDED,
            "Soon, by 03:31: tell the council",
            under="No signal, so this record has told nobody.",
            action=k.second_action("ring", "Ring the duty team", nothing, name=ft.Icons.CALL_OUTLINED),
        ),
        k.caption("Signs"),
        k.card([k.late("Late by 12 minutes"), k.soon("Due by 03:31"), k.received("Received 02:59")]),
        k.rows(
            [
                k.row("one", "Ethnicity, in her own words", nothing, under="Or why she was not asked"),
                k.row("two", "Who is she with now?", nothing, aside="Page 4"),
            ]
        ),
        k.fact(
            "where",
            "14 Saltern Row",
            "Scarborough · here, within 8 m",
            nothing,
            name=ft.Icons.PLACE_OUTLINED,
        ),
        ft.Row(
            [
                k.soft_action(
                    "start.missing", "Child missing", nothing, name=ft.Icons.PERSON_SEARCH_ROUNDED
                ),
                k.soft_action("start.back", "Child is back", nothing, name=ft.Icons.HOME_OUTLINED),
            ]
        ),
        k.quiet_action("broken", "Break something", broken),
    ]


def kit_page() -> ft.Control:
    """The kit's shapes."""
    return frame(
        top=top_bar(
            "Amy Brook", "girl, 15 · return check", on_menu=nothing, on_back=nothing, back="Back to tonight"
        ),
        status=status_line("Saved on this phone 02:41 · no signal", on_lock=nothing),
        under_status=pages_bar("pages", "Back", 0, 4, nothing),
        body=kit_shapes(),
        actions=[k.main_action("send", "Answer the 2 needed", nothing, under="then send to duty sergeant")],
        above=k.quiet_action("emergency", "Send it unfinished, as an emergency", nothing),
    )
