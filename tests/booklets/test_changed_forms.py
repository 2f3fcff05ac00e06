"""What is different between two editions of a form, as an officer has to know it."""

from __future__ import annotations

import pytest

from booklets import definitions
from booklets.changed_forms import Became, Change, changes_between
from booklets.forms import Form
from tests.support.definitions import a_form

ASKED = 'kind = "one_of"\nlabel = "Which?"\ncodes = { one = "The one", two = "The other" }'
BEFORE = f'[[section.field]]\nid = "which"\n{ASKED}'


def changes(after: str, before: str = BEFORE) -> tuple[Change, ...]:
    """What became of one question."""
    return changes_between(a_form(before), a_form(after))


@pytest.mark.parametrize("form", definitions.every_form(), ids=lambda form: form.edition)
def test_nothing_has_changed_between_a_form_and_itself(form: Form) -> None:
    """Whoever began in the edition of today has nothing to read."""
    assert changes_between(form, form) == ()


def test_a_question_that_has_gone_is_told_as_it_was_asked() -> None:
    """And one that has come, as it is asked."""
    assert changes("") == (Change(became=Became.GONE, question="f.which", label="Which?"),)
    assert changes(BEFORE, "") == (Change(became=Became.NEW, question="f.which", label="Which?"),)


@pytest.mark.parametrize(
    "now", ['{ one = "The one" }', '{ one = "The one", two = { label = "x", withdrawn = true } }']
)
def test_a_choice_that_is_no_longer_offered_is_told_by_its_words(now: str) -> None:
    """Whether it is withdrawn or gone altogether."""
    [told] = changes(BEFORE.replace('{ one = "The one", two = "The other" }', now))

    assert (told.became, told.choices) == (Became.CHOICES_GONE, ("The other",))


@pytest.mark.parametrize(
    ("old", "new", "before"),
    [
        pytest.param('"Which?"', '"Which of them?"', "Which?", id="the question"),
        pytest.param('"The one"', '"This one"', "", id="a choice"),
        pytest.param('"one_of"', '"many_of"', "", id="the sort of answer"),
        pytest.param('"Which?"', '"Which?"\nhelp = "Ask gently."', "", id="what stands under it"),
    ],
)
def test_other_words_are_told_with_the_earlier_ones(old: str, new: str, before: str) -> None:
    """The earlier wording of the question stands beside the new one, where it is the question."""
    [told] = changes(BEFORE.replace(old, new))

    assert (told.became, told.before) == (Became.REWORDED, before)


def test_what_nobody_is_asked_is_no_news() -> None:
    """What the app fills in itself comes and goes unseen."""
    assert changes(f"{BEFORE}\nsystem = true", "") == ()
