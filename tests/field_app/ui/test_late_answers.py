"""A thumb that is quicker than the screen's own answers loses nothing."""

from __future__ import annotations

import flet as ft
import pytest

from field_app.ui import late_answers
from tests.support.screens import journey, running

GONE = 987_654


def test_a_part_of_the_screen_that_answers_after_it_has_gone_ends_no_window() -> None:
    """Flet would take the connection for broken, and the vault would lock in the middle of a sentence."""
    late_answers.are_let_go()

    async def main(page: ft.Page) -> None:
        page.add(ft.Text("Talk"))

    async def walk() -> None:
        async with running(main) as app:
            with pytest.raises(RuntimeError):  # the control: so it is without our doing
                late_answers.AS_FLET_HAS_IT(app.session, GONE, "call", None, None)
            app.session.handle_invoke_method_results(GONE, "call", None, None)
            assert app.says("Talk")

    journey(walk)
