"""What the PPN says, and that nothing of the domain is missing from it."""

from __future__ import annotations

import re

import pytest

from booklets import definitions
from booklets.forms import Kind
from booklets.guides import Page
from tests.support.ppns import AWARE, ppn_guide

FORM = definitions.form("ppn")
B7 = """
incident_at incident_place incident_type summary child_present child_seen child_spoken_to seen_alone
child_awake aware_appearance aware_words aware_activity aware_relationships aware_environment
appearance_not_observed words_not_observed activity_not_observed relationships_not_observed
environment_not_observed bwv_reviewed bwv_refs impact parent_views strengths concerns online_abuse
indicators exploitation_types hbv_fm_fgm_traff da da_reference other_children other_children_who
suspects risk_opinion immediate_danger immediate_action family_told do_not_disclose support_given
agencies_now requested late_reason supervisor vat_grade vat_quality destinations
operation_pending changes_risk covert worries wants
"""
B15 = "evidence_advice device_retained identifiers dfu_contacted specialist_offer"
MOST_QUESTIONS = 10


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


def test_one_rule_blocks_and_gives_way_to_an_emergency() -> None:
    """R-15: a warrant is no reason to wait. Nothing else about a PPN holds it on a phone."""
    assert [(rule.id, rule.override) for rule in FORM.rules if rule.effect == "block"] == [("R-15", True)]


def test_a_child_in_danger_is_heard_of_before_a_sergeant_reads_it() -> None:
    """R-61 sends at submission; the vulnerability team's own time runs."""
    by_id = {rule.id: rule for rule in FORM.rules}

    assert by_id["R-61"].output == "danger_referral"
    assert by_id["R-61a"].task is not None
    assert by_id["R-61a"].task.owner == "vat"
