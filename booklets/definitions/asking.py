"""Whether every rule that asks for another answer speaks only where that answer can be given.

A rule that speaks where its question is not shown leaves an officer with a sentence and no way to answer it.
Nobody writes down which questions a check asks for, so it is tried out: for the answers that decide whether
the rule looks and whether the questions are shown, does it speak, and which answer would silence it? This
takes a moment, so it is done when the forms are checked and never at the door.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from itertools import product

from booklets.answers import Answer, Answers, Moment, codes_of
from booklets.checks import CHECKS, RECORD_CHECKS
from booklets.clocks import setting
from booklets.conditions import Condition, Expectation
from booklets.definitions.guiding import AT_THE_DOOR
from booklets.facts import Facts
from booklets.forms import IN_ROWS, MENTIONS, SEVERAL, Effect, Field, Form, Kind, Rule

ASKS = frozenset({Effect.BLOCK, Effect.ASK, Effect.WARN})
"""The effects that want something of whoever writes."""
NOW = datetime(2026, 3, 14, 22, tzinfo=UTC)
LONG_AGO, SOMEBODY = Moment(datetime(2026, 3, 1, tzinfo=UTC)), "018f0000-0000-7000-8000-000000000001"
WORDS = "Robin rang the duty team at 21:04 from the kitchen; Kit sleeps at his nan's house tonight."
PLAIN: Mapping[Kind, tuple[Answer, ...]] = {
    Kind.MOMENT: (LONG_AGO, Moment(NOW)),
    Kind.NUMBER: ("7",),
    Kind.DATE: ("2011-03-12",),
}
LOOKS_BACK = frozenset({"unlike_own_texts"})
"""Checks that hold a text against what was sent before: of a form by itself they say nothing."""
MOST = 50_000
"""So many ways to answer are tried of one rule; the rest of them differ in what no condition names."""


def unanswerable(form: Form, known: Mapping[str, Field], force: Mapping[str, object]) -> Iterator[str]:
    """Each rule that asks for an answer where its question is not shown, with when that is."""
    for rule in form.rules:
        if rule.effect in ASKS and rule.check not in LOOKS_BACK and (told := _told(rule, known, force)):
            yield told


def _told(rule: Rule, known: Mapping[str, Field], force: Mapping[str, object]) -> str:
    """What is wrong with a rule; nothing where every question that it asks for is shown."""
    settings = {name: setting(value, force) for name, value in rule.args.items()}
    for answers in _ways(rule, known):
        if not (rule.when.holds(answers) and not rule.unless.holds(answers)):
            continue
        if not _speaks(rule, answers, known, settings):
            continue
        wanted = [
            one
            for name in rule.fields
            if (one := known[name]).id not in answers
            and any(not _speaks(rule, {**answers, name: given}, known, settings) for given in _given(one))
        ]
        if wanted and not any(_can_be_given(one, answers, rule) for one in wanted):
            return _complaint(rule, wanted[0], answers)
    return ""


def _complaint(rule: Rule, wanted: Field, answers: Answers) -> str:
    told = ", ".join(f"{name} is {_plain(answer)}" for name, answer in sorted(answers.items()))
    here = told or "nothing is answered"
    shown, silent = _in_words(wanted.shown), _in_words(wanted.unless)
    return (
        f"rule {rule.id}: it asks for {wanted.id!r} where that is not asked: {here}. "
        f"It is asked {f'where {shown}' if shown else 'always'}{f', unless {silent}' if silent else ''}, "
        f"at stage {wanted.stage}: say so in when or unless of the rule, or ask it there too"
    )


def _in_words(condition: Condition) -> str:
    return " or ".join(" and ".join(map(_expected, line)) for line in condition.lines if line)


def _expected(one: Expectation) -> str:
    if one.codes:
        return f"{one.field} is {' or '.join(one.codes)}"
    return f"{one.field} is {'answered' if one.answered else 'not answered'}"


def _plain(answer: Answer) -> str:
    codes = codes_of(answer)
    return "answered" if not codes or any(" " in code for code in codes) else " and ".join(codes)


def _can_be_given(one: Field, answers: Answers, rule: Rule) -> bool:
    """Whether whoever reads the rule has the question before them, by the time the rule speaks."""
    in_time = one.stage in AT_THE_DOOR or one.stage.reached_by(rule.stage)
    return in_time and not one.system and one.is_shown(answers)


def _speaks(
    rule: Rule, answers: Answers, known: Mapping[str, Field], settings: Mapping[str, object]
) -> bool:
    if rule.check in CHECKS:
        return not CHECKS[rule.check](*(answers.get(name) for name in rule.fields), **settings)
    if rule.check not in RECORD_CHECKS:
        return False  # it looks at persons, places or objects, which are asked on pages of their own
    asked = frozenset(name for name, one in known.items() if one.is_shown(answers))
    facts = Facts(answers=answers, asked=asked, now=NOW, shift_ends=NOW)
    spots = RECORD_CHECKS[rule.check](facts, **settings)
    return any(not spot.fields or set(spot.fields) & set(rule.fields) for spot in spots)


# -- what is tried -----------------------------------------------------------------------------------
def _ways(rule: Rule, known: Mapping[str, Field]) -> Iterator[dict[str, Answer]]:
    """Every way to answer what decides whether the rule speaks and what is shown, as far as it can be."""
    names = _involved(rule, known)
    named = _named(rule, names, known)
    choices = [
        (None, *(given if name in rule.fields else _told_apart(given, named[name])))
        for name in names
        for given in [_given(known[name])]
    ]
    for number, combination in enumerate(product(*choices)):
        if number == MOST:
            return
        answers = {name: given for name, given in zip(names, combination, strict=True) if given is not None}
        if all(known[name].shown.holds(answers) for name in answers):
            yield answers


def _involved(rule: Rule, known: Mapping[str, Field]) -> list[str]:
    """The rule's own questions, those its conditions look at, and those that any of them is shown by."""
    words = [word for word in rule.args.values() if isinstance(word, str) and word in known]
    found = list(dict.fromkeys([*rule.fields, *words, *rule.when.fields(), *rule.unless.fields()]))
    for name in found:  # grows while it is read: what a question is shown by is itself shown by something
        one = known[name]
        extra = [*one.shown.fields(), *(one.unless.fields() if name in rule.fields else ())]
        found += [more for more in dict.fromkeys(extra) if more not in found]
    return found


def _named(rule: Rule, names: list[str], known: Mapping[str, Field]) -> Mapping[str, frozenset[str]]:
    """Of each question the codes that some condition names."""
    conditions: list[Condition] = [rule.when, rule.unless]
    for name in names:
        conditions += [known[name].shown, known[name].unless]
    found: dict[str, frozenset[str]] = dict.fromkeys(names, frozenset())
    for condition in conditions:
        for line in condition.lines:
            for one in line:
                if one.field in found:
                    found[one.field] |= frozenset(one.codes)
    return found


def _told_apart(given: Collection[Answer], named: Collection[str]) -> list[Answer]:
    """The answers that some condition names, and one for all the others."""
    counted = [one for one in given if any(code in named for code in codes_of(one))]
    return counted + [one for one in given if one not in counted][:1]


def _given(one: Field) -> tuple[Answer, ...]:
    """Answers that a question takes: each of its choices, or one of its kind."""
    if one.codes:
        return tuple((code.code,) if one.kind in SEVERAL else code.code for code in one.codes)
    if one.kind in MENTIONS:
        return ((SOMEBODY,) if one.kind in SEVERAL else SOMEBODY,)
    if one.kind in IN_ROWS:
        return (({column.id: _cell(column.codes) for column in one.columns},),)
    return PLAIN.get(one.kind, (WORDS,))


def _cell(codes: tuple[object, ...]) -> str:
    return str(getattr(codes[0], "code", "")) if codes else WORDS
