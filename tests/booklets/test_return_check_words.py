"""What the two forms say, and that nothing of the domain is missing from them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from booklets import definitions
from booklets.forms import Field, Form, Kind

FORMS = ("ret", "pvi")
B5 = """
episode found_at told_police_at found_how found_place distance_from_home found_by brought_by
found_with condition injuries medical_needed medical_offered medical_accepted clothing_changed
new_items where_stayed how_travelled harm_suffered crime_disclosed crime_by_child safe_to_return
return_place left_with la_informed sw_informed placing_la_informed parents_informed
reporter_informed circulations_cancelled prevention_interview rhi_request ppn intel_submitted
trigger_plan_action why_went push_pull learning closure_requested_by closure_requested_at closed_by
closed_at closure_category returned_at no_report_closure whereabouts_unknown_at_call
returned_before_report
"""
B6 = """
at place hours_since_return face_to_face seen_alone supporting_adult officer_suitability interpreter
engaged not_engaged_detail child_words why_left where who how what_did provided_for substances harm
pressured debt online home_safe worries wants prevent will_go_again demeanour physical carer_view
carer_attitude indicators offence advice_given immediate_action risk_now ppn_needed bwv
self_harm_now disclosure_stop exploitation_types
"""
PAIRS = {
    "why_went": "why_left",
    "where_stayed": "where",
    "found_with": "who",
    "harm_suffered": "harm",
    "injuries": "injured",
    "crime_disclosed": "offence_told",
    "safe_to_return": "home_safe",
    "learning": "prevent",
    "ppn": "ppn_needed",
    "rhi_told": "rhi_told",
}


def all_forms() -> tuple[Form, ...]:
    """Both records, and what is asked about people, places and things."""
    return (*map(definitions.form, FORMS), *definitions.entity_forms().values())


def fields() -> Iterator[Field]:
    """Every question."""
    for form in all_forms():
        yield from form.fields()


def test_every_question_of_the_domain_is_there() -> None:
    """Section B.5, B.6 and the corrections, key by key."""
    for form, keys in (("ret", B5), ("pi", B6)):
        known = {one.id for one in fields()}
        assert [key for key in keys.split() if f"{form}.{key}" not in known] == []


@pytest.mark.parametrize(("here", "there"), PAIRS.items())
def test_what_both_records_ask_is_stored_once(here: str, there: str) -> None:
    """The ten pairs of the corrections: kept in the interview, shown in the return."""
    shown = definitions.form("ret").field(f"ret.{here}")

    assert shown.same_as == f"pi.{there}"
    assert shown.kind is definitions.form("pvi").field(shown.same_as).kind


def test_no_answer_is_offered_for_several_questions_at_once() -> None:
    """Never an "all no": each of the eight is a question of its own, yes or no."""
    page = next(page for page in definitions.guide("return_check").pages if page.id == "eight")
    first = [definitions.guide("return_check").field(name) for name in page.fields()]

    asked = [one for one in first if one.kind is Kind.YES_NO]

    assert len(asked) >= 8
    assert all([choice.code for choice in one.codes] == ["yes", "no"] for one in asked)


def test_every_decision_has_its_reason_beside_it() -> None:
    """A decision without "because" is a tick."""
    known = {one.id for one in fields()}

    for one in fields():
        if one.kind is Kind.DECISION:
            assert f"{one.id}_because" in known, one.id


def test_every_setting_a_form_names_is_in_the_forces_file() -> None:
    """A number that is nowhere would be found out at the door."""
    force = definitions.force("north_yorkshire")
    for form in all_forms():
        for one in form.fields():
            assert not one.limit or one.limit in force, one.id
        for rule in form.rules:
            named = [*rule.args.values(), rule.task.within_minutes if rule.task else 0]
            assert all(
                name[1:] in force for name in named if isinstance(name, str) and name.startswith("@")
            ), rule.id
    for clock in definitions.clocks():
        assert not isinstance(clock.minutes, str) or clock.minutes[1:] in force


def test_no_rule_blocks_at_the_door() -> None:
    """A record never waits on a phone for a rule; what is needed gives way to an emergency with a reason.

    That no episode is closed as a concern for safety (R-05) is held where one is closed: by the team.
    """
    blocking = {
        rule.id for form in map(definitions.form, FORMS) for rule in form.rules if rule.effect == "block"
    }

    assert blocking == set()


def test_exact_words_are_marked_as_such() -> None:
    """What the child or the caller said is never commented on."""
    exact = {one.id for form in map(definitions.form, FORMS) for one in form.fields() if one.verbatim}

    assert exact == {
        "pi.child_words",
        "pi.worries",
        "pi.wants",
        "pi.prevent",
        "pi.offence",
        "pi.rhi_views",
        "ret.reporter_concern",
        "ret.crime_first_account",
    }


def test_questions_about_family_are_never_asked_before_them() -> None:
    """R-51: honour-based abuse, covert handling and fear at home carry their warning."""
    known = {one.id: one for one in fields()}

    for name in ("pi.hbv_fm_fgm", "ret.covert", "ret.handling", "pi.home_afraid"):
        assert (
            "ot in front of family" in known[name].sensitive
            or "ever in front of family" in known[name].sensitive
        )
