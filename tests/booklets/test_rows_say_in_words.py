"""Inside a row too, "other" and "did not agree" need words: which, who, why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Row, Why
from booklets.checks.choices import rows_say_in_words
from booklets.facts import Facts
from booklets.forms import Effect, Form, Stage
from booklets.review import problems_about
from tests.support.beside_the_report import looked_at
from tests.support.missing import NOW, somebody
from tests.support.walks import found_by

SAID_ELSEWHERE = {
    ("act.lines", "category"): "what exactly is needed in every line",
    ("ppe.offences", "offence"): "which other offence, and why none, are questions of their own",
    ("mis.systems_checked", "status"): "rule I-01b, which looks at who searched as well",
    ("person.marks", "type"): "what it looks like is needed of every mark",
}
"""Where the words are needed anyway."""
RANG: Row = {"with": "gp", "person": "Dr Ames", "outcome": "accepted"}


def choices_that_ask_for_words() -> Iterator[tuple[Form, str, str, str]]:
    """Each choice inside a row that tells whoever takes it to say more: its form, question, column, code."""
    for form in (*definitions.every_form(), definitions.entity_form("person")):
        for one in form.fields():
            for column in one.columns:
                for choice in column.codes:
                    if ": say" in choice.label:
                        yield form, one.id, column.id, choice.code


@pytest.mark.parametrize(
    ("form", "question", "column", "code"),
    [*choices_that_ask_for_words()],
    ids=lambda one: one if isinstance(one, str) else one.id,
)
def test_a_choice_that_tells_one_to_say_more_is_followed_up(
    form: Form, question: str, column: str, code: str
) -> None:
    """By a rule of its form, whose words have a cell of that very row."""
    if (question, column) in SAID_ELSEWHERE:
        return
    rules = [one for one in form.rules if one.check == "rows_say_in_words"]
    mine = [one for one in rules if one.args["column"] == column and code in list(one.args["codes"])]  # type: ignore[call-overload]
    assert [one.effect for one in mine] == [Effect.ASK]
    assert mine[0].args["words"] in {one.id for one in form.field(question).columns}


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        ({**RANG, "with": "other"}, set[str]()),
        ({**RANG, "with": "other", "person": " "}, {"W-01"}),
        ({"with": "other", "outcome": "accepted"}, {"W-01"}),
        ({"with": "other", "outcome": "accepted", "person": Gap(Why.NOT_KNOWN)}, set[str]()),
        ({**RANG, "outcome": "disagreed"}, {"W-02"}),
        ({**RANG, "outcome": "disagreed", "response": "No bed before Monday."}, set[str]()),
        (RANG, set[str]()),
    ],
)
def test_who_somebody_else_was_and_why_they_did_not_agree_is_asked(row: Row, asked: set[str]) -> None:
    """Outside rows the next question asks for it; whoever rings back finds a name and a reason."""
    said: dict[str, Answer] = {"hov.family_told": "told", "hov.family_contacts": (row,)}
    found = looked_at("handover", said, stage=Stage.COMPLETE)

    assert {one for one in found_by(found, Effect.ASK) if one.startswith("W-")} == asked


def test_it_is_said_which_line_lacks_its_words_and_rows_of_other_records_are_left_alone() -> None:
    """Two of three lines, and nothing about what another form of the encounter holds."""
    rows = (RANG, {**RANG, "outcome": "disagreed"}, {"with": "gp", "outcome": "disagreed"})
    facts = Facts(answers={"ret.la_informed": rows, "pi.dfu_contacted": rows})
    spots = rows_say_in_words(facts, prefix="ret", column="outcome", codes=["disagreed"], words="response")

    assert [(one.fields, one.words) for one in spots] == [
        (("ret.la_informed",), "Line 2"),
        (("ret.la_informed",), "Line 3"),
    ]


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"is_online": "yes", "online": ({"platform": "other"},)}, "W-03"),
        ({"is_online": "yes", "online": ({"platform": "other", "platform_other": "Kik"},)}, ""),
        ({"addresses": ({"type": "other"},)}, "W-04"),
        ({"addresses": ({"type": "other", "note": "Sleeps there on Fridays"},)}, ""),
    ],
)
def test_of_a_person_too(facts: Mapping[str, Answer], rule: str) -> None:
    """Which app a child is on, and what an address is to them."""
    child = somebody(known_as="Leo", **facts)
    form = definitions.entity_form("person")
    found = problems_about(child, form.fields(), form.rules, Stage.COMPLETE, Facts(answers={}, now=NOW))

    assert {one.code for one in found if one.code.startswith("W-")} == ({rule} if rule else set())
