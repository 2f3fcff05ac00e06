"""A new record, open where one question is asked."""

from __future__ import annotations

from field_app.ui.model import Model


def asks(model: Model, guide: str, question: str) -> None:
    """A new record of a guide is open on the page that asks this question."""
    model.session = model.shift.start(guide)
    pages = model.session.guide.pages
    model.page = next(number for number, one in enumerate(pages) if question in one.fields())
    model.problems = model.session.problems()
