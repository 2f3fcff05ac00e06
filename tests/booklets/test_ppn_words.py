"""What the PPN says, and that nothing of the domain is missing from it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from booklets import definitions
from booklets.forms import CHOSEN, Kind
from booklets.guides import Page
from tests.support.ppns import AWARE, ppn_guide

FORM = definitions.form("ppn")
B7 = """
incident_at incident_place incident_type summary child_present child_seen child_spoken_to seen_alone
aware_appearance aware_words aware_activity aware_relationships aware_environment
appearance_not_observed words_not_observed activity_not_observed relationships_not_observed
environment_not_observed bwv_reviewed bwv_refs impact parent_views strengths concerns online_abuse
indicators exploitation_types hbv_fm_fgm_traff da da_reference other_children other_children_who
suspects risk_opinion immediate_danger immediate_action family_told do_not_disclose support_given
agencies_now requested late_reason supervisor vat_grade vat_quality destinations
operation_pending changes_risk covert worries wants
"""
B15 = "evidence_advice device_retained identifiers dfu_contacted specialist_offer"
FORBIDDEN = ("age-appropriate", "age appropriate", "pupil", "head lice", "virgin", "immigration")
MOST_QUESTIONS = 10


def shown_texts() -> Iterator[str]:
    """Everything an officer may read."""
    yield from (FORM.title, ppn_guide().title, ppn_guide().start_words)
    for section in FORM.sections:
        yield from (section.title, section.help)
        for one in section.fields:
            yield from (one.label, one.help, one.sensitive, *(choice.label for choice in one.codes))
    yield from (rule.says for rule in FORM.rules)
    for page in ppn_guide().pages:
        yield from (page.title, page.help, page.next_words, page.belongs, *page.prompts)
        yield from (group.title for group in page.groups)


def aware_pages() -> list[Page]:
    """The five pages with a letter."""
    return [page for page in ppn_guide().pages if page.letter]


def test_every_question_of_the_domain_is_there() -> None:
    """Section B.7, B.15 and the corrections, key by key; suspects' reach is kept with the suspect.

    Who decided is a record of its own, and where it went is kept with each delivery: neither is an
    answer of whoever wrote the notice.
    """
    known = {one.id for one in FORM.fields()}

    missing = [key for key in (B7 + B15).split() if f"ppn.{key}" not in known]
    assert missing == ["supervisor", "destinations"]
    assert definitions.entity_form("person").has("person.children_access")


def test_the_five_sections_are_five_pages_in_the_order_of_the_word() -> None:
    """Five boxes, each about what was seen or heard, each with its own lesson."""
    assert {page.id: page.letter for page in aware_pages()} == AWARE
    assert "".join(page.letter for page in aware_pages()) == "AWARE"
    for page in aware_pages():
        assert page.fields()[0] == f"ppn.aware_{page.id}"
        assert page.belongs.endswith(".")
        assert page.prompts
        assert page.weak
        assert page.strong


def test_a_two_year_old_has_an_example_too() -> None:
    """Few words are words: the guide shows how they are written down."""
    [words] = [page for page in aware_pages() if page.id == "words"]

    assert len(words.strong) == 2
    assert words.strong[1].startswith("B, 2, pointed")


@pytest.mark.parametrize("page", ppn_guide().pages[:-1], ids=lambda page: page.id)
def test_a_page_asks_little(page: Page) -> None:
    """As it opens, before any answer: ten small questions at most. What comes up later is one more."""
    guide = ppn_guide()
    first = [name for name in page.fields() if guide.field(name).is_shown({})]

    assert len(first) <= MOST_QUESTIONS


def test_no_two_questions_on_the_pages_sound_alike() -> None:
    """No question twice, not even in other words a tired reader would take for the same."""
    labels = [one.label for one in ppn_guide().fields()]

    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_words_fit_every_child() -> None:
    """{name} stands for the child; nothing on screen guesses girl or boy."""
    for text in shown_texts():
        assert not re.search(r"\b(he|she|him|his|her|hers|himself|herself)\b", text, re.IGNORECASE), text
        assert set(re.findall(r"\{(\w*)\}", text)) <= {"name", "words"}, text


def test_no_word_a_family_could_not_read_and_no_prompt_that_harms() -> None:
    """Say police protection, never PPO; and ask nobody to judge a child's looks or body."""
    for text in shown_texts():
        assert not re.search(r"\bmisper|\bLAC\b|\bPPO\b|police protection order|absconder|debrief", text), (
            text
        )
        assert not [one for one in FORBIDDEN if one in text.lower()], text


def test_a_question_in_the_middle_of_the_night_is_short() -> None:
    """One line on a phone, two at most."""
    assert [one.label for one in FORM.fields() if len(one.label) > 75] == []


def test_another_always_asks_for_words() -> None:
    """Every "other" needs words, in the question after it."""
    known = {one.id: one for one in FORM.fields()}
    others = [
        one for one in known.values() if one.kind in CHOSEN and "other" in {code.code for code in one.codes}
    ]

    assert len(others) == 8
    assert all(known[f"{one.id}_other"].is_required({one.id: "other"}) for one in others)


def test_no_question_has_an_answer_before_it_is_asked_but_by_a_rule_of_the_form() -> None:
    """There are no defaults: what stands there came from another record, and is a fact."""
    for one in FORM.fields():
        assert "no" not in one.starts_as, one.id
        assert one.kind is not Kind.DECISION, one.id


def test_exact_words_are_marked_as_such() -> None:
    """What the child said is never commented on."""
    exact = {one.id for one in FORM.fields() if one.verbatim}

    assert exact == {"ppn.aware_words", "ppn.worries", "ppn.wants"}


def test_questions_about_family_are_never_asked_before_them() -> None:
    """R-51: honour-based abuse, covert handling and a planned arrest carry their warning."""
    for name in (
        "hbv_fm_fgm_traff",
        "covert",
        "do_not_disclose",
        "do_not_disclose_who",
        "operation_pending",
    ):
        assert re.search(r"(ever|ot) in front of", FORM.field(f"ppn.{name}").sensitive), name


def test_every_rule_says_why_and_whence_and_states_no_law() -> None:
    """The people who sign the form off read the reasons; law is for a lawyer to confirm."""
    for rule in FORM.rules:
        assert rule.because, rule.id
        assert rule.source, rule.id
        assert not re.search(r"\b(by law|offence to|illegal|legally|must by)\b", rule.says), rule.id
    for rule in FORM.rules:
        if re.search(r"R-(17|40|41|42|46|51a?)$", rule.id):
            assert rule.unverified, rule.id


def test_one_rule_blocks_and_gives_way_to_an_emergency() -> None:
    """R-15: a warrant is no reason to wait. Nothing else about a PPN holds it on a phone."""
    assert [(rule.id, rule.override) for rule in FORM.rules if rule.effect == "block"] == [("R-15", True)]


def test_a_child_in_danger_is_heard_of_before_a_sergeant_reads_it() -> None:
    """R-61 sends at submission; the vulnerability team's own time runs."""
    by_id = {rule.id: rule for rule in FORM.rules}

    assert by_id["R-61"].output == "danger_referral"
    assert by_id["R-61a"].task is not None
    assert by_id["R-61a"].task.owner == "vat"
