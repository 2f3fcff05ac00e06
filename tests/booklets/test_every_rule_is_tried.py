"""Every rule of every form speaks in one case that is tried, and is silent in another where it looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from booklets import definitions
from booklets.forms import Stage
from booklets.review import NO_GAP_HERE, NOT_A_CHOICE, WRONG_SHAPE, problems_in
from tests.booklets.tried.beside import OF_BESIDE
from tests.booklets.tried.desks import OF_DESKS
from tests.booklets.tried.doorstep import OF_DOORSTEP
from tests.booklets.tried.missing import OF_MISSING
from tests.booklets.tried.people import OF_PEOPLE
from tests.booklets.tried.ppn import OF_PPN
from tests.booklets.tried.protection import OF_PROTECTION
from tests.booklets.tried.supervising import OF_SUPERVISING
from tests.booklets.tried.things import OF_THINGS
from tests.booklets.tried.words import OF_WORDS
from tests.support.tried import Said, Tried, effects_of, facts_in, has_its_subject, leaves_the_only_answer

CASES: tuple[Tried, ...] = (
    *OF_WORDS,
    *OF_PEOPLE,
    *OF_MISSING,
    *OF_DOORSTEP,
    *OF_PPN,
    *OF_PROTECTION,
    *OF_DESKS,
    *OF_BESIDE,
    *OF_SUPERVISING,
    *OF_THINGS,
)
FROM_ANY_ANSWER = frozenset(
    {
        ("ev", "R-17a"),  # a card about a phone is shown, with advice or without
        *(("ppr", rule) for rule in ("R-61", "R-61a")),  # whichever way the power was used
        *((form, rule) for form in ("ppn", "ppr") for rule in ("R-53", "R-53a", "R-53b")),
        ("pvi", "R-53"),  # the stop is a button: nobody says no to it
    }
)
"""Whatever is answered makes them speak: they are silent only as long as nobody has."""
CANNOT_BE_GIVEN = frozenset({NOT_A_CHOICE, WRONG_SHAPE, NO_GAP_HERE})


def every_rule() -> Iterator[tuple[str, str]]:
    """Each rule, by its form: those on persons, places and objects too."""
    return ((form.id, rule.id) for form in definitions.every_form() for rule in form.rules)


def cases_of(form: str, rule: str) -> list[Tried]:
    """Everything that is tried of this rule."""
    return [one for one in CASES if (one.form, one.rule) == (form, rule)]


def named(form: str, rule: str) -> str:
    """The rule by its form and number, and what it hears."""
    heard = next((one.why for one in cases_of(form, rule) if one.why), "")
    return f"{form} {rule}: {heard}" if heard else f"{form} {rule}"


@pytest.mark.parametrize(("form", "rule"), [pytest.param(*one, id=named(*one)) for one in every_rule()])
def test_it_speaks_in_one_case_and_is_silent_in_another(form: str, rule: str) -> None:
    """A rule that no test has heard may never speak; one that was never silent where it looks may always."""
    cases = cases_of(form, rule)
    speaks = [one for one in cases if one.speaks is not None]
    silent = [(one, one.silent) for one in cases if one.silent is not None]

    for one in speaks:
        found = effects_of(one, one.speaks or Said())
        assert found == {one.effect or one.of_rule.effect}, f"it does not hear: {one.why}"
    assert speaks, "no case in which it speaks: write one in tests/booklets/tried"
    assert not [one.why for one, said in silent if effects_of(one, said)]
    looks = leaves_the_only_answer if (form, rule) in FROM_ANY_ANSWER else has_its_subject
    assert any(looks(one, said) for one, said in silent), (
        "no case in which it looks, finds an answer and stays silent: write one in tests/booklets/tried"
    )


def test_no_case_is_about_a_rule_that_is_gone() -> None:
    """Who takes a rule away takes its case away."""
    assert {(one.form, one.rule) for one in CASES} <= set(every_rule())


@pytest.mark.parametrize("form", sorted({one.form for one in CASES}))
def test_what_is_said_in_a_case_can_be_said_at_the_door(form: str) -> None:
    """A rule is not tried by an answer that nobody can give, nor by one whose question is not asked."""
    for one in CASES:
        for said in (one.speaks, one.silent):
            if one.form == form and said is not None:
                assert not list(cannot_be_said(one, said)), (one.rule, one.why)


def cannot_be_said(tried: Tried, said: Said) -> Iterator[str]:
    """Each answer of a case that its record does not ask for or does not take."""
    facts = facts_in(tried.night, said)
    guide = definitions.guide(tried.night.guide)
    yield from (name for name, one in said.changed.items() if one is not None and name not in facts.answers)
    for problem in problems_in(tuple(guide.fields()), (), facts, Stage.CAPTURE):
        if problem.code in CANNOT_BE_GIVEN and set(problem.fields) & set(said.changed):
            yield f"{problem.fields[0]}: {problem.code}"
