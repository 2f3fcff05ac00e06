"""What every record says to an officer: words that fit every child, that a family could read, and few."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from booklets import definitions
from booklets.forms import CHOSEN, Form
from booklets.guides import Guide

FORMS = [*map(definitions.form, definitions.form_ids()), *definitions.entity_forms().values()]
GUIDES = [definitions.guide(id_) for id_ in definitions.guide_ids()]
MOST_LETTERS = 75
UNREADABLE = r"\bmisper|\bLAC\b|\bPPO\b|\bEDT\b|\bDO\b|\bs\.?46\b|police protection order|absconder|debrief"
HARMFUL = r"age.appropriate|pupil(?! number)|head lice|virgin|immigration|\bvisa"
ANSWERED_AS_GAP = {"not_known", "unknown", "refused", "not_asked"}
MAY_BE_CHOSEN = {"person.ethnicity_sde_by", "pi.indicators_detail", "mis.indicators_detail"}
"""Where "nobody asked" says who else did, and is no gap."""

WORDS_OF_OTHER = {"sup.return_reasons": "sup.return_words", "rhi.closed_reason": "rhi.closed_because"}
"""Where the words of "other" are a question of their own."""


def of_form(form: Form) -> Iterator[str]:
    """Everything of a form that an officer may read."""
    yield form.title
    for section in form.sections:
        yield from (section.title, section.help)
        for one in section.fields:
            yield from (one.label, one.help, one.sensitive, *(choice.label for choice in one.codes))
            for cell in one.columns:
                yield from (cell.label, cell.help, *(choice.label for choice in cell.codes))
    yield from (rule.says for rule in form.rules)


def of_guide(guide: Guide) -> Iterator[str]:
    """Everything of a guide that an officer may read; invented examples are read as examples."""
    yield from (guide.title, guide.start_words)
    for page in guide.pages:
        yield from (page.title, page.help, page.next_words, page.belongs, *page.prompts)
        yield from (group.title for group in page.groups)


CLOCKS = tuple(clock.title for clock in definitions.clocks())
SHOWN = [
    pytest.param(CLOCKS, id="clocks"),
    *(pytest.param(tuple(of_form(one)), id=one.id) for one in FORMS),
    *(pytest.param(tuple(of_guide(one)), id=f"guide_{one.id}") for one in GUIDES),
]


@pytest.mark.parametrize("texts", SHOWN)
def test_words_fit_every_child(texts: tuple[str, ...]) -> None:
    """{name} stands for the child; nothing on screen guesses girl or boy."""
    for text in texts:
        assert not re.search(r"\b(he|she|him|his|her|hers|himself|herself)\b", text, re.IGNORECASE), text
        assert set(re.findall(r"\{(\w*)\}", text)) <= {"name", "words"}, text


@pytest.mark.parametrize("texts", SHOWN)
def test_no_word_a_family_could_not_read_and_none_that_harms(texts: tuple[str, ...]) -> None:
    """Section 0.3: missing child and police protection; corrections 4: no papers, no looks, no bodies."""
    for text in texts:
        assert not re.search(UNREADABLE, text), text
        assert not re.search(HARMFUL, text, re.IGNORECASE), text


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_question_in_the_middle_of_the_night_is_short(form: Form) -> None:
    """One line on a phone, two at most."""
    assert [one.label for one in form.fields() if len(one.label) > MOST_LETTERS] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_not_known_is_never_a_choice(form: Form) -> None:
    """There is one way to say "not known": the gap with its reason."""
    as_choice = [one.id for one in form.fields() if ANSWERED_AS_GAP & {choice.code for choice in one.codes}]

    assert set(as_choice) <= MAY_BE_CHOSEN


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_another_always_asks_for_words(form: Form) -> None:
    """Every "other" needs words, in the question after it."""
    for one in form.fields():
        if one.kind in CHOSEN and not one.same_as and "other" in {choice.code for choice in one.codes}:
            words = WORDS_OF_OTHER.get(one.id, f"{one.id}_other")
            assert form.field(words).is_required({one.id: "other"}), one.id


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.id)
def test_no_two_questions_on_the_pages_sound_alike(guide: Guide) -> None:
    """No question twice, not even in other words a tired reader would take for the same."""
    labels = [one.label for one in guide.fields()]

    assert sorted({label for label in labels if labels.count(label) > 1}) == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_every_question_says_where_it_comes_from(form: Form) -> None:
    """What nobody asked for is asked by nobody. The words of an "other" come with it."""
    assert [one.id for one in form.fields() if not one.source and not one.id.endswith("_other")] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_every_rule_says_why_and_whence_and_states_no_law(form: Form) -> None:
    """The people who sign the form off read the reasons; law is for a lawyer to confirm."""
    for rule in form.rules:
        assert rule.because, rule.id
        assert rule.source, rule.id
        assert not re.search(r"\b(by law|offence to|illegal|legally|must by)\b", rule.says), rule.id
        assert rule.unverified or not re.match(r"R-(17|40|41|42|46|51a?)$", rule.id), rule.id
