"""A rule that is tried: once with answers that make it speak, once with answers that keep it silent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from booklets import definitions
from booklets.answers import Answer, Answers, blank, frozen
from booklets.encounters import Encounter, begin, facts_of
from booklets.entities import Entity
from booklets.facts import Facts, mentioned
from booklets.forms import IN_ROWS, Effect, Form, Kind, Rule, Stage
from booklets.guides import Guide
from booklets.records import Author
from booklets.review import problems_in
from booklets.stamps import Stamp
from tests.support.walks import FORCE

Changed = Mapping[str, Answer | None]
OF_ENTITIES = frozenset(definitions.entity_forms())


@dataclass(frozen=True, kw_only=True)
class Night:
    """A whole record with nothing alarming in it: what is answered, about whom, and who writes it when.

    ``people`` are known there in any case, ``named`` only where an answer names them.
    """

    guide: str
    answers: Answers
    child: Entity
    people: tuple[Entity, ...]
    named: tuple[Entity, ...] = ()
    officer: Author
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said otherwise than on that night; ``None`` takes an answer away.

    ``later`` is how long after it the record is looked at, and ``known`` what else the rules may know.
    """

    changed: Changed = field(default_factory=dict)
    people: tuple[Entity, ...] = ()
    child: Entity | None = None
    later: timedelta = timedelta()
    force: str = FORCE
    known: Mapping[str, Any] = field(default_factory=dict)


Told = Said | Changed
Tries = tuple[str, Told, Told, str]
"""A rule, what makes it speak, what keeps it silent, and what it is that it hears."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One rule of one form, what makes it speak, and what keeps it silent though its question is answered.

    ``why`` says in words what it hears there.
    """

    form: str
    rule: str
    night: Night
    speaks: Said | None
    silent: Said | None
    effect: Effect | None = None
    why: str = ""

    @property
    def of_form(self) -> Form:
        """The form whose rule it is."""
        known = {one.id: one for one in definitions.every_form()}
        return known[self.form]

    @property
    def of_rule(self) -> Rule:
        """The rule itself."""
        return next(one for one in self.of_form.rules if one.id == self.rule)


def each(
    form: str, night: Night, rows: Iterable[Sequence[Any]], always: Collection[str] = ()
) -> Iterator[Tried]:
    """A table of answers that make a rule speak: the answers, the rule and perhaps its effect.

    The whole record is silent, but for those rules that ``always`` speak of it.
    """
    for changed, rule, *effect in rows:
        yield Tried(
            form=form,
            rule=rule,
            night=night,
            speaks=Said(changed=changed),
            silent=None if rule in always else Said(),
            effect=effect[0] if effect else None,
        )


def both_ways(form: str, night: Night, rows: Iterable[Tries]) -> Iterator[Tried]:
    """A table of what makes a rule speak and what keeps it silent, with what it is that it hears."""
    for rule, speaks, silent, why in rows:
        yield Tried(
            form=form, rule=rule, night=night, speaks=_as_said(speaks), silent=_as_said(silent), why=why
        )


def _as_said(told: Told) -> Said:
    return told if isinstance(told, Said) else Said(changed=told)


# -- what is written, and what the rules may know of it ------------------------------------------------
def written(night: Night, said: Said) -> tuple[Encounter, Guide]:
    """The record of that night, with what is said otherwise."""
    guide, child = definitions.guide(night.guide), said.child or night.child
    begun = begin(
        guide, officer=night.officer, force=said.force, unit="harrogate", at=Stamp(night.now), subject=child
    )
    answers = {name: one for name, one in {**night.answers, **said.changed}.items() if one is not None}
    there = {id_ for _, id_ in mentioned(iter(guide.fields()), answers)}
    others = [one for one in night.people if one.id != night.child.id]
    others += [one for one in night.named if one.id in there]
    everyone = {one.id: one for one in (*others, child, *said.people)}
    return replace(begun, answers=frozen(answers), entities=MappingProxyType(everyone)), guide


def facts_in(night: Night, said: Said) -> Facts:
    """What the rules may know."""
    encounter, guide = written(night, said)
    facts = facts_of(encounter, guide, definitions.force(said.force), night.now + said.later)
    return replace(facts, **said.known)


def effects_of(tried: Tried, said: Said) -> set[Effect]:
    """What the rule alone says of it; nothing where it is silent."""
    rule = tried.of_rule
    facts = _seen_by(tried, facts_in(tried.night, said))
    return {one.effect for one in problems_in((), (rule,), facts, _when_due(rule))}


def _when_due(rule: Rule) -> Stage:
    return max(Stage.CAPTURE, rule.stage, key=lambda one: one.rank)


def _seen_by(tried: Tried, facts: Facts) -> Facts:
    """A rule of persons, places or objects looks at one of them: whoever was named last, or the child."""
    if tried.form not in OF_ENTITIES:
        return facts
    *_, entity = (one for one in facts.entities.values() if one.kind.value == tried.form)
    return replace(facts, answers=entity.facts, entities={entity.id: entity}, subject=None)


# -- whether there was something to be silent about ----------------------------------------------------
def has_its_subject(tried: Tried, said: Said) -> bool:
    """Whether the rule looks there and finds one of its questions answered, or an answer that spares it.

    Silent on a record in which nobody was asked is no silence: a rule that cannot speak is silent there too.
    """
    rule, facts = tried.of_rule, _seen_by(tried, facts_in(tried.night, said))
    known = facts.known()
    if not rule.when.holds(known):
        return False
    if rule.of and tried.form not in OF_ENTITIES:
        return any(True for _ in _of_whom(rule, facts))
    if rule.unless.holds(known):
        return True
    told = {*rule.fields, *names_in(rule.args), *_read_throughout(tried.of_form, rule)}
    return any(not blank(known.get(name)) for name in told)


def leaves_the_only_answer(tried: Tried, said: Said) -> bool:
    """Whether it asks a question there whose every answer makes it speak, and nobody has answered yet."""
    rule, facts = tried.of_rule, facts_in(tried.night, said)
    heard = rule.args.get("codes")
    fields = [definitions.every_field()[name] for name in rule.fields if name in facts.asked]
    every = [{code.code for code in one.codes} for one in fields]
    return isinstance(heard, list) and any(codes and codes <= set(heard) for codes in every)


def _read_throughout(form: Form, rule: Rule) -> Iterator[str]:
    """A rule about wording reads whatever is written at length in its form, one about rows every row."""
    if "prefix" in rule.args and rule.check != "no_time_ahead":
        in_rows = rule.check == "rows_say_in_words"
        for one in form.fields():
            if one.kind in IN_ROWS if in_rows else one.kind is Kind.LONG_TEXT and not one.verbatim:
                yield one.id


def _of_whom(rule: Rule, facts: Facts) -> Iterator[Entity]:
    """The persons or places that a rule on them looks at: in its roles, or whatever the answers name."""
    if rule.roles:
        yield from facts.in_role(*rule.roles)
        return
    named = {id_ for _, id_ in mentioned(iter(definitions.every_field().values()), facts.answers)}
    yield from (one for one in facts.entities.values() if one.kind.value == rule.of and one.id in named)


def names_in(told: object) -> Iterator[str]:
    """Every question that the settings of a rule name."""
    if isinstance(told, str):
        if told in definitions.every_field():
            yield told
    elif isinstance(told, Mapping):
        for name, value in told.items():
            yield from names_in(name)
            yield from names_in(value)
    elif isinstance(told, list | tuple):
        for one in told:
            yield from names_in(one)
