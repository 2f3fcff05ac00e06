"""What the forms of police protection say, and that nothing of the domain is missing from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from booklets.forms import Field, Kind, Stage
from tests.support.protection import END, OFFICER, POWER, REVIEW, guide_of

PARTS = (POWER, OFFICER, END, REVIEW)
"""What officers write, and what is written of it afterwards."""
FORMS = tuple(form for part in PARTS for form in guide_of(part).forms)
ROOT = Path(__file__).parents[2]
MOST_QUESTIONS = 10
B8 = {
    "pp": """
        found_place la_found la_ordinary started_at power init_officer grounds alternatives sw_request
        entry_power force_used supervisor_told la_told la_address_given child_told child_words
        parents_told pr_told lived_with_told accommodation station_reason moved_to_la medical_needed do
        suspects_detained ppn other_children epo_in_force check_pnc check_records check_social_care
    """,
    "ppd": """
        officer enquiry_started_at on_duty_until reviews transfers contact_decisions epo epo_at strategy
        strategy_at strategy_attendees strategy_decisions strategy_because signed_off_at
    """,
    "ppe": """
        ended_at end_reason end_reason_because end_decider la_told child_told parents_told plan_after
        offences_considered offences offences_because
    """,
    "ppv": "started_at inspector used_well review offences_recorded panel_on panel_view",
}
CELLS = {
    "ppd.reviews": {"at", "by", "cause", "because", "next_at"},
    "ppd.transfers": {"from", "to", "at", "briefing", "accepted_at", "because"},
    "ppd.contact_decisions": {"person", "allowed", "because", "at"},
    "ppe.offences": {"offence", "crime_no", "investigator"},
    "pp.suspects_detained": {"person", "what", "at", "reference"},
}
OF_THE_STATUTE = {
    *("pp.power", "pp.found_place", "pp.la_told", "pp.la_found", "pp.la_ordinary", "pp.la_address_given"),
    *("pp.child_told", "pp.child_words", "pp.grounds", "pp.parents_informed", "pp.pr_informed"),
    *("pp.lived_with_informed", "pp.moved_to_la", "pp.do_told_at", "pp.entry_power", "pp.medical_detail"),
    *("ppd.enquiry_started_at", "ppd.reviews", "ppd.contact_decisions", "ppd.epo", "ppe.end_reason"),
}


def fields() -> Iterator[Field]:
    """Every question of the three forms."""
    for form in FORMS:
        yield from form.fields()


def test_every_question_of_the_domain_is_there() -> None:
    """Section B.8 and the corrections, key by key; the child is the one the record is about."""
    known = {one.id for one in fields()}
    wanted = [f"{form}.{key}" for form, keys in B8.items() for key in keys.split()]

    assert [name for name in wanted if name not in known] == []
    for name, cells in CELLS.items():
        [rows] = [one for one in fields() if one.id == name]
        assert {cell.id for cell in rows.columns} == cells, name


def files_that_speak() -> Iterator[Path]:
    """Definitions, templates, code that holds words, and the pages made of them."""
    for folder, endings in (
        ("booklets", {".toml", ".py"}),
        ("field_app", {".py", ".toml", ".json"}),
        ("sync_server", {".py", ".html", ".j2", ".toml", ".txt"}),
        ("docs", {".md"}),
        ("assets", {".html", ".txt", ".json"}),
    ):
        yield from (one for one in (ROOT / folder).rglob("*") if one.suffix in endings and one.is_file())


def calls_it_an_order(text: str) -> bool:
    """Whether a text calls police protection an order, or says the letters that stand for it."""
    return bool(re.search(r"police[\s_-]+protection[\s_-]+orders?\b|\bPPOs?\b|\bppo\b", text, re.IGNORECASE))


def test_it_is_a_power_and_nowhere_called_an_order() -> None:
    """R-27c, when the product is built: forms, guides, console, notices and documents."""
    said = [one.relative_to(ROOT) for one in files_that_speak() if calls_it_an_order(one.read_text("utf-8"))]

    assert said == []
    assert len(list(files_that_speak())) > 100
    assert calls_it_an_order("a Police Protection Order")
    assert calls_it_an_order("two PPOs")
    assert not calls_it_an_order("Police protection. Order of the court: supports, opposes")


@pytest.mark.parametrize("part", PARTS)
def test_a_page_asks_little(part: str) -> None:
    """As it opens, before any answer: ten small questions at most. What comes up later is one more."""
    guide = guide_of(part)
    for page in guide.pages[:-1]:
        first = [name for name in page.fields() if guide.field(name).is_shown({})]
        assert len(first) <= MOST_QUESTIONS, page.id


def test_the_duty_team_is_rung_on_the_first_page_about_the_power() -> None:
    """Corrections, section 3: "ring the emergency duty team now" comes before anything is sent."""
    first, second = guide_of(POWER).pages[:2]

    assert not [name for name in first.fields() if not name.startswith("person.")]
    assert second.fields()[-1] == "pp.la_told"
    assert "Ring the council's duty team now" in second.help


def test_whatever_was_not_done_says_why() -> None:
    """A "no" to a duty opens its reason, and the reason takes no gap."""
    known = {one.id: one for one in fields()}
    for name in ("child_told", "parents_informed", "pr_informed", "lived_with_informed"):
        reason = known[f"pp.{name}_because"]
        assert reason.is_required({f"pp.{name}": "not_told"}) or reason.is_required({f"pp.{name}": "no"})
        assert not reason.gaps


def test_no_question_has_an_answer_before_it_is_asked_but_a_fact() -> None:
    """There are no defaults: what stands there came from another record, and is no judgement."""
    judged = {"pp.grounds", "pp.hbv_fm_fgm", "pp.alternatives", "ppd.reviews", "ppd.epo", "ppe.end_reason"}
    for one in fields():
        assert "no" not in one.starts_as, one.id
        assert one.kind is not Kind.DECISION, one.id
        assert not (one.id in judged and (one.starts_from or one.starts_as)), one.id


def test_exact_words_are_marked_as_such() -> None:
    """What the child said is never commented on."""
    assert {one.id for one in fields() if one.verbatim} == {"pp.child_words"}


def test_what_family_must_not_hear_carries_its_warning() -> None:
    """R-51: honour-based abuse, who must not know, and the address where the child sleeps."""
    known = {one.id: one for one in fields()}
    for name in (
        *("pp.hbv_fm_fgm", "pp.covert", "pp.handling", "pp.accommodation_place", "ppd.covert"),
        *("ppd.handling", "ppe.covert", "ppe.handling", "ppe.now_place"),
        *("ppd.hbv_fm_fgm", "ppe.hbv_fm_fgm"),
    ):
        assert re.search(r"(ever|ot) in front of", known[name].sensitive), name
    assert known["pp.child_words"].sensitive


def test_what_rests_on_the_statute_is_for_a_lawyer_to_confirm() -> None:
    """The details of section 46 are from memory: the handbook shows them as unverified."""
    known = {one.id: one for one in fields()}

    assert [name for name in sorted(OF_THE_STATUTE) if not known[name].unverified] == []
    assert [one.id for one in fields() if "s46" in one.source and not one.unverified] == []


def test_every_question_and_rule_says_whence_and_every_rule_why() -> None:
    """The people who sign the form off read the reasons; law is for a lawyer to confirm."""
    assert [one.id for one in fields() if not one.source] == []
    for form in FORMS:
        for rule in form.rules:
            assert rule.because, rule.id
            assert rule.source, rule.id
            assert not re.search(r"\b(by law|offence to|illegal|legally|must by)\b", rule.says), rule.id
            if re.search(r"R-(20|21|27|27b|27d|42|51a?|52\w?)$", rule.id) and "[SEED]" not in rule.source:
                assert rule.unverified, rule.id


def test_what_the_teams_say_afterwards_is_asked_of_no_officer() -> None:
    """The vulnerability team's inspector and the monthly panel read it when it is over."""
    assert [one.id for one in fields() if one.stage in {Stage.APPROVE, Stage.CLOSE}] == []
    theirs = guide_of(REVIEW)
    assert theirs.roles == ("vat",)
    asked = {one.id for one in theirs.fields()}
    assert {"ppv.inspector", "ppv.review", "ppv.offences_recorded", "ppv.panel_view"} <= asked
