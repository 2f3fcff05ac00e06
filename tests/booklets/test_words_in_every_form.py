"""Doubt about a child's account, and "no concerns" alone, are pointed out in whatever record they stand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from booklets import definitions
from booklets.answers import frozen
from booklets.facts import Facts
from booklets.forms import Effect, Form, Kind, Rule, Stage
from booklets.review import problems_in

NO_RESULTS = frozenset({"act", "ev", "exp", "hot", "hov", "srch", "sup", "thr"})
"""There "none" and "no change" are results, or a rule of its own judges the text."""
DOUBTS = "Leo claims that his mother hit him on the left arm in the kitchen at nine."
TELLS = "Leo said that his mother hit him on the left arm in the kitchen at nine."


def _rules(id_: str) -> Iterator[tuple[Form, Rule]]:
    for form in definitions.every_form():
        for rule in form.rules:
            if rule.id == id_:
                yield form, rule


def _found(form: Form, rule: Rule, text: str) -> set[Effect]:
    """What this rule alone says of a text, in a question of the form where one writes at length."""
    names = [one.id for one in form.fields() if one.kind is Kind.LONG_TEXT and not one.verbatim]
    name = next((one for one in names if one in rule.fields), names[0])
    facts = Facts(answers=frozen({name: text}), asked=frozenset({name}))
    problems = [
        one
        for stage in Stage
        for one in problems_in(form.fields(), [rule], facts, stage)
        if one.code == rule.id
    ]
    return {one.effect for one in problems}


POINTED_OUT = {
    "Q-01": ("Leo is streetwise and knows what he does.", Effect.ASK),
    "Q-01a": ("Leo refused to engage with us about it.", Effect.WARN),
    "Q-04": ("No concerns.", Effect.ASK),
    "Q-06": (DOUBTS, Effect.WARN),
    "Q-07": ("House dirty.", Effect.WARN),
    "Q-10": ("There is nobody but Tyrone at nine.", Effect.WARN),
}


@pytest.mark.parametrize(
    ("form", "rule"),
    [pytest.param(*one, id=f"{one[0].id} {id_}") for id_ in POINTED_OUT for one in _rules(id_)],
)
def test_in_every_record_the_words_are_pointed_out_and_what_happened_is_not(form: Form, rule: Rule) -> None:
    """Blame, milder blame, an empty word, doubt, an opinion without what was seen, a child who is named."""
    words, effect = POINTED_OUT[rule.id]

    assert _found(form, rule, words) == {effect}
    assert _found(form, rule, TELLS.replace("Leo", "He")) == set()


def test_every_record_in_which_somebody_writes_at_length_hears_doubt() -> None:
    """And all but those in which an empty word is a result hear an empty one."""
    written = {
        form.id
        for form in definitions.every_form()
        if any(one.kind is Kind.LONG_TEXT for one in form.fields())
        and any(r.id == "Q-01" for r in form.rules)
    }
    assert {form.id for form, _ in _rules("Q-06")} == written
    assert {form.id for form, _ in _rules("Q-04")} == written - NO_RESULTS
