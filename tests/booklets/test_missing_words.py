"""What the missing booklet says, and that nothing of the domain is missing from its first two parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from booklets import definitions
from booklets.duties import TITLES
from booklets.forms import Effect, Field, Kind
from booklets.guides import Page
from tests.support.missing import FACTORS, guide

FORMS = tuple(map(definitions.form, ("mis", "rsk")))
GUIDES = ("missing", "risk_again")
B2 = """
reported_at report_route reporter reporter_concern steps_taken different_this_time previous_count
previous_90d previous_30d previous_harm previous_found_places last_seen_at last_seen_place last_seen_by
last_contact_at last_contact_method last_contact_content missing_from noticed_at expected_back_at
circumstances intentions prepared note_or_message clothing carrying phone_status online_activity
money_access transport medication medical mental_health substances weather_ok exploitation associates
likely_places family_issues school_issues online_harm hbv_fm_fgm abduction_suspected trafficking_uasc
danger_to_others care_profile_form trigger_plan systems_checked photo_publicity nok_family_liaison
parents_informed la_informed alt_explanations returned_before_report whereabouts_unknown_at_call
priority_missing away_without_authorisation
"""
B3 = """
f29_diff level rationale markers_considered information_gaps assessor assessed_at level_change_reason
owner_role owner_accepted_at next_review_at reviewer review_text disagreement
supervisor_informed_at factors_relied_on
"""
MOST_QUESTIONS = 20
FAMILY_LISTENS = (
    *("mis.covert", "mis.handling", "mis.trafficking_uasc", "ra.f18_cse", "ra.f19_cce", "ra.f27_associates"),
    *("ra.f22_abduction_fm_fgm", "ra.f28_pregnancy_child"),
)


def fields() -> Iterator[Field]:
    """Every question of the two forms."""
    for form in FORMS:
        yield from form.fields()


def test_every_question_of_the_domain_is_there() -> None:
    """B.2 and B.3 as corrected, key by key.

    Exploitation is kinds and signs. Who assessed stands in the header; when the owner took it on and what a
    reviewer thinks is asked with the decision, a record of its own.
    """
    known = {one.id for one in fields()}

    assert [key for key in B2.split() if f"mis.{key}" not in known] == ["exploitation"]
    assert {"mis.exploitation_types", "mis.indicators"} <= known
    assert [key for key in B3.split() if f"ra.{key}" not in known] == [
        *("assessor", "owner_accepted_at", "reviewer", "review_text", "disagreement")
    ]
    assert definitions.form("sup").has("sup.owner_accepted_at")
    assert [name.partition(".")[2][:3] for name in sorted(FACTORS)] == [f"f{one:02}" for one in range(1, 29)]


def test_each_factor_says_how_much_it_weighs() -> None:
    """For those who sign the form off; no weight ever decides."""
    risk = definitions.form("rsk")

    for name in FACTORS:
        assert re.match(r"Critical|Strong|Medium|Context", risk.field(name).why), name


def test_what_both_records_ask_is_stored_once() -> None:
    """Kept in the assessment, which may be made again, and shown in the report."""
    shown = [one for one in FORMS[0].fields() if one.same_as]

    assert len(shown) == 11
    for one in shown:
        assert one.kind is definitions.form("rsk").field(one.same_as).kind, one.id


def test_another_level_of_risk_can_be_judged_by_the_supervisor() -> None:
    """The tablet asks whether the risk is right wherever a record says one."""
    assert {code.code for code in definitions.form("rsk").field("ra.level").codes} == {
        code.code for code in definitions.form("sup").field("sup.level").codes
    }


@pytest.mark.parametrize(
    "page", [page for name in GUIDES for page in guide(name).pages[:-1]], ids=lambda page: page.id
)
def test_a_page_asks_no_more_than_one_can_bear(page: Page) -> None:
    """As it opens, before any answer: twenty small questions at most, most of them one tap."""
    assert len([name for name in page.fields() if guide().field(name).is_shown({})]) <= MOST_QUESTIONS


def test_every_decision_has_its_reason_beside_it() -> None:
    """A decision without "because" is a tick."""
    known = {one.id for one in fields()}
    decisions = [one.id for one in fields() if one.kind is Kind.DECISION]

    assert decisions == ["mis.ppn_needed"]
    assert f"{decisions[0]}_because" in known


def test_every_task_has_words_of_its_own() -> None:
    """Who reads a list of tasks reads what is wanted, not the name of a rule."""
    clocks = {clock.id for clock in definitions.clocks()}

    for form in FORMS:
        kinds = {rule.task.kind for rule in form.rules if rule.task}
        assert kinds <= TITLES.keys() | clocks


def test_exact_words_are_marked_as_such() -> None:
    """What a child or a caller said is never commented on."""
    assert {one.id for one in fields() if one.verbatim} == {
        *("mis.reporter_concern", "mis.note_words", "mis.last_contact_content")
    }


def test_what_family_may_not_hear_says_so() -> None:
    """R-51: exploitation, honour-based abuse, covert handling, whom the child may be with."""
    known = {one.id: one for one in fields()}

    for name in FAMILY_LISTENS:
        assert re.search(r"(ever|ot) (in front of|with) family", known[name].sensitive), name


def test_nothing_is_sent_by_itself_about_a_child_who_is_still_missing() -> None:
    """People are rung; a notice that leaves by itself could reach the one whom the child has fled."""
    assert not [rule.id for form in FORMS for rule in form.rules if rule.effect is Effect.SEND]


def test_the_two_guides_ask_the_same_of_the_risk() -> None:
    """A new assessment leaves nothing out that the first one asked."""
    asked = [{one.id for one in guide(name).fields() if one.id.startswith("ra.")} for name in GUIDES]

    assert asked[0] == asked[1]
    assert (guide().rank, guide("risk_again").rank) == (10, 60)
    assert guide("risk_again").pages[-1].fields()[0] == "ra.supervisor_informed_at"
