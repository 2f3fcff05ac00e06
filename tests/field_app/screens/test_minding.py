"""What must not be asked in front of family is said on the question, before it is read out."""

from __future__ import annotations

import flet as ft
import pytest

from booklets import definitions
from booklets.forms import Kind
from field_app.ui.places import At
from field_app.ui.widgets import FieldView
from tests.support.answering import answering
from tests.support.handsets import OnShift
from tests.support.screens import journey
from tests.support.standing import standing_at


@pytest.mark.thorough
def test_every_question_with_something_to_mind_says_it_on_its_page(officer: OnShift) -> None:
    """Of the return check: what happened, what is feared, and who must not know."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            session, shown = model.open_session(), 0
            session.put("ret.covert", "yes")
            for number, page in enumerate(session.guide.pages):
                model.open_page(number)
                await app.settle()
                names = app.identifiers()
                for one in (session.field(name) for name in page.fields()):
                    if one.sensitive and session.is_asked(one.id):
                        care = app.at(f"{one.id}.care")
                        assert care.label == one.sensitive
                        assert care.exclude_semantics, "heard once"
                        assert names.index(f"{one.id}.care") < min(
                            at
                            for at, name in enumerate(names)
                            if name.startswith(f"{one.id}.") and "care" not in name
                        ), "before the question"
                        shown += 1
            assert shown > 5

    journey(walk)


def test_every_form_that_minds_something_is_shown_by_this_widget(officer: OnShift) -> None:
    """The words come from the forms: every guide has a question that says them."""
    minding = {
        guide
        for guide in ("return_check", "ppn")
        if any(one.sensitive for one in definitions.guide(guide).fields())
    }
    assert minding == {"return_check", "ppn"}


def test_it_stands_above_the_question_and_alarms_nobody() -> None:
    """Read in order it comes first; appearing, it interrupts nobody."""
    asked = FieldView(
        id="pi.harm", kind=Kind.YES_NO, label="Has anyone hurt Amy?", care="With nobody else listening."
    )

    async def walk() -> None:
        async with answering(asked) as (app, _):
            words = app.texts()
            assert words.index("With nobody else listening.") < words.index("Has anyone hurt Amy?")
            care = app.at("pi.harm.care")
            assert not care.live_region
            assert isinstance(care, ft.Semantics)

    journey(walk)
