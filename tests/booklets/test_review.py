"""Review: what is wrong is data, in the officer's order, and a gap is an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.conditions import Condition, Expectation
from booklets.entities import Entity, EntityKind
from booklets.facts import Facts
from booklets.forms import Code, Column, Effect, Field, Form, Kind, Rule, Section, Stage, TaskPlan
from booklets.review import (
    CELL_NEEDED,
    MOST_LETTERS,
    NEEDED,
    NO_GAP_HERE,
    NO_TIME,
    NOT_A_CHOICE,
    TOO_LONG,
    WRONG_SHAPE,
    Problem,
    problems_about,
    problems_in,
)
from tests.support.builders import CARER, CHILD, NIGHT, a_carer, a_person

ALL = Condition(((),))
HIGH = Condition(((Expectation("x.risk", ("high",)),),))
CODES = (Code("high", "High"), Code("low", "Low"), Code("absent", "Absent", withdrawn=True))
RISK = Field(id="x.risk", kind=Kind.ONE_OF, label="Risk", codes=CODES, required=ALL, limit="allowed")
WHY = Field(id="x.why", kind=Kind.LONG_TEXT, label="Why", shown=HIGH, required=HIGH)


def a_field(kind: Kind = Kind.TEXT, **changes: object) -> Field:
    """One more question."""
    return replace(Field(id="x.more", kind=kind, label="More", codes=CODES), **changes)  # type: ignore[arg-type]


def found(
    answers: Mapping[str, Answer],
    *fields: Field,
    rules: tuple[Rule, ...] = (),
    stage: Stage = Stage.CAPTURE,
    **facts: object,
) -> list[Problem]:
    """What is wrong with these answers to these questions."""
    form = a_form(*fields)
    known = Facts(answers=form.asked(answers), **facts)  # type: ignore[arg-type]
    shown = frozenset(one.id for one in fields if one.is_shown(known.known()))
    return problems_in(fields, rules, replace(known, asked=shown), stage)


def a_form(*fields: Field) -> Form:
    """These questions as a form."""
    section = Section("s", "S", fields)
    return Form(id="x", prefix="x", version="1", title="X", record_type="X", sections=(section,), rules=())


def codes_found(problems: list[Problem]) -> list[tuple[str, str]]:
    """Which problem on which question."""
    return [(one.code, one.fields[0]) for one in problems]


def test_what_is_needed_and_missing_is_named_in_the_order_of_the_questions() -> None:
    """The officer meets them in this order too."""
    assert codes_found(found({"x.risk": "high"}, RISK, WHY)) == [(NEEDED, "x.why")]
    assert codes_found(found({}, RISK, WHY)) == [(NEEDED, "x.risk")]
    assert all(one.stands for one in found({}, RISK, WHY))


def test_a_gap_with_its_reason_answers_what_is_needed() -> None:
    """What is honestly not known must never keep a child's record on a phone."""
    assert found({"x.risk": Gap(Why.NOT_KNOWN)}, RISK, WHY) == []


def test_a_gap_that_is_not_allowed_here_is_said_to_be_none() -> None:
    """Some questions have only answers."""
    strict = replace(RISK, gaps=frozenset({Why.NOT_KNOWN}))

    assert codes_found(found({"x.risk": Gap(Why.REFUSED)}, strict)) == [(NO_GAP_HERE, "x.risk")]
    assert found({"x.risk": Gap(Why.NOT_KNOWN)}, strict) == []


def test_a_hidden_answer_counts_for_nothing() -> None:
    """Neither as an answer nor as a mistake."""
    form = a_form(RISK, WHY)

    assert form.asked({"x.risk": "low", "x.why": "old words"}) == {"x.risk": "low"}
    assert found({"x.risk": "low", "x.why": ("wrong", "shape")}, RISK, WHY) == []


def test_what_is_due_later_is_silent_until_then() -> None:
    """Nobody is stopped at the door by what an office fills in."""
    later = replace(RISK, stage=Stage.COMPLETE)

    assert found({}, later) == []
    assert codes_found(found({}, later, stage=Stage.COMPLETE)) == [(NEEDED, "x.risk")]


@pytest.mark.parametrize(
    ("answer", "fits"),
    [("high", True), ("low", False), ("absent", True), ("hihg", False)],
)
def test_only_what_is_offered_can_be_chosen(answer: str, fits: bool) -> None:
    """Within what the force allows; a code that was withdrawn may still stand in an old record."""
    problems = found({"x.risk": answer}, RISK, force={"allowed": ["high"]})

    assert codes_found(problems) == ([] if fits else [(NOT_A_CHOICE, "x.risk")])


ID = str(CHILD)


@pytest.mark.parametrize(
    ("kind", "answer", "fits"),
    [
        (Kind.TEXT, "words", True),
        (Kind.TEXT, ("a",), False),
        (Kind.TEXT, Moment(NIGHT), False),
        (Kind.MOMENT, Moment(NIGHT), True),
        (Kind.MOMENT, "yesterday", False),
        (Kind.NUMBER, "12", True),
        (Kind.NUMBER, "twelve", False),
        (Kind.NUMBER, "١٢", False),
        (Kind.NUMBER, "-1", False),
        (Kind.DATE, "2011-05-02", True),
        (Kind.DATE, "2011-05", True),
        (Kind.DATE, "2011", True),
        (Kind.DATE, "2011-02-30", False),
        (Kind.DATE, "2011-13", False),
        (Kind.DATE, "0000", False),
        (Kind.DATE, "2/5/2011", False),
        (Kind.DATE, "٢٠١١", False),
        (Kind.MANY_OF, ("high", "low"), True),
        (Kind.MANY_OF, "high", False),
        (Kind.BODY_MAP, ("high",), True),
        (Kind.PERSON, ID, True),
        (Kind.PERSON, "Robin", False),
        (Kind.PEOPLE, (ID, ID), True),
        (Kind.PEOPLE, (ID, "Robin"), False),
        (Kind.PEOPLE, ID, False),
        (Kind.PLACE, "here", False),
        (Kind.SPEECH, ({"said": "x"},), True),
        (Kind.SPEECH, "x", False),
        (Kind.ROWS, ("x",), False),
    ],
)
def test_an_answer_has_the_shape_of_its_question(kind: Kind, answer: Answer, fits: bool) -> None:
    """Whatever wrote it, an app of another age or a hand with bad intent."""
    problems = found({"x.more": answer}, a_field(kind))

    assert codes_found(problems) == ([] if fits else [(WRONG_SHAPE, "x.more")])


RULE = Rule(
    id="R-1",
    check="none_chosen",
    fields=("x.risk",),
    says="Say why.",
    effect=Effect.ASK,
    args={"codes": ["high"]},
    because="It matters.",
)


@pytest.mark.parametrize(
    ("changes", "heard"),
    [
        pytest.param({}, True, id="as it stands"),
        pytest.param({"when": Condition(((Expectation("x.why"),),))}, False, id="when does not hold"),
        pytest.param({"when": HIGH}, True, id="when holds"),
        pytest.param({"unless": HIGH}, False, id="unless holds"),
        pytest.param({"unless": Condition(((Expectation("x.why"),),))}, True, id="unless does not hold"),
        pytest.param(
            {"unless": Condition(((Expectation("person.sex", ("F",)),),))}, False, id="of the child"
        ),
        pytest.param({"stage": Stage.CLOSE}, False, id="due later"),
        pytest.param({"args": {"codes": ["low"]}}, True, id="force"),
    ],
)
def test_a_rule_is_heard_where_it_holds(changes: Mapping[str, object], heard: bool) -> None:
    """``when`` lets it speak, ``unless`` silences it, and neither does before its stage."""
    child = replace(a_person(), facts={"person.sex": "F"})
    answer = "low" if changes.get("args") else "high"
    rule = replace(RULE, **changes)  # type: ignore[arg-type]
    problems = found({"x.risk": answer}, RISK, rules=(rule,), entities={CHILD: child}, subject=CHILD)

    assert [one.code for one in problems] == (["R-1"] if heard else [])


def test_a_rule_that_asks_is_answered_with_a_reason_and_a_block_is_overridden_by_one() -> None:
    """A reason keeps what was asked about; a block gives way to one too, and is known to have done so."""
    reasons = {"R-1:x.risk": "his own words"}
    [asked] = found({"x.risk": "high"}, RISK, rules=(RULE,), reasons=reasons)
    block = replace(RULE, effect=Effect.BLOCK)
    [bare] = found({"x.risk": "high"}, RISK, rules=(block,))
    [given] = found({"x.risk": "high"}, RISK, rules=(block,), reasons=reasons)
    [never] = found({"x.risk": "high"}, RISK, rules=(replace(block, override=False),), reasons=reasons)

    assert (asked.kept, asked.stands, asked.is_overridden) == ("his own words", False, False)
    assert (bare.stands, bare.is_overridden) == (True, False)
    assert (given.stands, given.is_overridden) == (False, True)
    assert (never.stands, never.is_overridden) == (True, False)
    assert "his own words" not in repr(asked)
    assert [one.stands for one in found({"x.risk": "high"}, RISK, rules=(RULE,))] == [True]
    assert not found({"x.risk": "high"}, RISK, rules=(replace(RULE, effect=Effect.WARN),))[0].stands


def test_what_follows_travels_with_the_problem() -> None:
    """The task, the output and why."""
    task = TaskPlan(kind="find_out", owner="author", within_minutes="@soon")
    [problem] = found({"x.risk": "high"}, RISK, rules=(replace(RULE, effect=Effect.TASK, task=task),))

    assert (problem.task, problem.because, problem.key) == (task, "It matters.", "R-1:x.risk")


def test_a_force_setting_reaches_the_check() -> None:
    """``@name`` in a rule is the force's own."""
    rule = replace(RULE, args={"codes": "@codes"})

    assert found({"x.risk": "high"}, RISK, rules=(rule,), force={"codes": ["low"]}) == []
    assert len(found({"x.risk": "high"}, RISK, rules=(rule,), force={"codes": ["high"]})) == 1


def test_a_rule_about_people_looks_at_each_in_the_role() -> None:
    """One problem for each of them, under a key of its own."""
    people: dict[UUID, Entity] = {CHILD: a_person(ethnicity_sde="NS"), CARER: a_carer()}
    roles = {CHILD: frozenset({"missing_child"}), CARER: frozenset({"suspect"})}
    rule = Rule(
        id="R-14a",
        check="ethnicity_answered",
        fields=("x.risk",),
        says="Children?",
        effect=Effect.ASK,
        of="person",
    )
    each = found({"x.risk": "low"}, RISK, rules=(rule,), entities=people, roles=roles)
    suspects = found(
        {"x.risk": "low"}, RISK, rules=(replace(rule, roles=("suspect",)),), entities=people, roles=roles
    )

    assert [one.entity for one in each] == [CHILD, CARER]
    assert [one.key for one in suspects] == [f"R-14a:{CARER}"]
    assert found({"x.risk": "low"}, RISK, rules=(replace(rule, of="place"),), entities=people) == []


def test_a_rule_about_the_whole_record_points_at_its_spots_in_words() -> None:
    """``{words}`` in what it says is what was found."""
    rule = Rule(
        id="R-03",
        check="nothing_important_unknown",
        fields=("x.risk",),
        says="{words} not known.",
        effect=Effect.WARN,
        args={"fields": ["x.risk"]},
    )
    [problem] = found({"x.risk": Gap(Why.NOT_KNOWN)}, RISK, rules=(rule,))

    assert (problem.says, problem.fields, problem.key) == ("1 not known.", ("x.risk",), "R-03:x.risk")


def test_what_is_missing_about_a_person_is_said_of_that_person() -> None:
    """Only what this encounter asks about them."""
    named = replace(RISK, id="person.known_as", kind=Kind.TEXT, codes=())
    nobody = Entity(CHILD, EntityKind.PERSON)

    [problem] = problems_about(nobody, [named], (), Stage.CAPTURE)
    assert (problem.code, problem.fields, problem.entity) == (NEEDED, ("person.known_as",), CHILD)
    assert problem.key == f"needed:{CHILD}"


def test_later_without_a_time_is_no_answer() -> None:
    """Nobody can be late for it."""
    one = a_field()

    assert codes_found(found({"x.more": Gap(Why.PENDING)}, one)) == [(NO_TIME, "x.more")]
    assert found({"x.more": Gap(Why.PENDING, due="2026-03-14T21:30:00Z")}, one) == []
    assert found({"x.more": Gap(Why.NOT_KNOWN)}, one) == []


ROWS = Field(
    id="x.calls",
    kind=Kind.ROWS,
    label="Calls",
    columns=(Column("who", Kind.TEXT, "Who", required=True), Column("note", Kind.LONG_TEXT, "Note")),
)


def test_a_line_says_which_cells_it_lacks() -> None:
    """By its number, as it stands on the screen."""
    [problem] = found({"x.calls": ({"who": "EDT"}, {"note": "rang twice"})}, ROWS)

    assert (problem.code, problem.says) == (CELL_NEEDED, "Calls Line 2 lacks: Who")
    assert found({"x.calls": ({"note": "rang"},)}, replace(ROWS, stage=Stage.COMPLETE)) == []


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.REFERENCE, Kind.STAFF, Kind.LONG_TEXT])
def test_a_text_that_is_too_long_is_kept_and_counted(kind: Kind) -> None:
    """Shorten it, or say why it stays: nothing is cut, and a reason is enough."""
    most, one = MOST_LETTERS[kind], a_field(kind)
    answers = {"x.more": "a" * (most + 1)}

    [problem] = found(answers, one)

    assert (problem.code, problem.effect, problem.stands) == (TOO_LONG, Effect.ASK, True)
    assert f"{most + 1:,} characters, {most:,} fit here. All of it is kept" in problem.says
    assert not found(answers, one, reasons={problem.key: "As the doctor wrote it."})[0].stands
    assert found({"x.more": "a" * most}, one) == []


def test_a_cell_that_is_too_long_is_counted_as_well() -> None:
    """With its line and its name."""
    [problem] = found({"x.calls": ({"who": "b" * 201},)}, ROWS)

    assert problem.says.startswith("Calls Line 1, Who: 201 characters, 200 fit here.")


def test_exact_words_are_as_long_as_they_were() -> None:
    """Nobody shortens what a child said."""
    said: dict[str, Answer] = {"x.more": "a" * 9_000, "x.calls": ({"who": "b" * 300},)}

    assert found(said, a_field(Kind.LONG_TEXT, verbatim=True), replace(ROWS, verbatim=True)) == []
