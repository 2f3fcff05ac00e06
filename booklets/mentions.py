"""Whoever and whatever the answers mention: how one comes to each, what is asked, and what is missing.

The child a record is about is asked what the pages ask. Of everybody and everything
else an encounter asks a few things first (``Guide.mentions``), and what hangs on an
answer given there: somebody who says that a phone was taken is asked by what power.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias
from uuid import UUID

from booklets.checks.choices import child_has_died
from booklets.entities import Entity
from booklets.facts import Facts, mentioned
from booklets.forms import Effect, Field, Stage, Whom
from booklets.guides import Guide
from booklets.review import Problem, problems_about

Step: TypeAlias = tuple[UUID, str, UUID | None]
"""Who or what is mentioned, by the answer to which question, and about whom that question is."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One person, place or object and the question it answers: of ``about``, else of encounter or child."""

    entity: Entity
    question: str
    about: UUID | None = None


def mentions_in(guide: Guide, fields: Iterable[Field], facts: Facts) -> Iterator[Mention]:
    """Everybody and everything that the answers lead to, each once, by the shortest way. Never the child."""
    child = facts.child()
    found: list[Step] = [(id_, one.id, None) for one, id_ in mentioned(iter(fields), facts.answers)]
    found += _leads_from(guide, child, None) if child else []
    seen = {facts.subject}
    for id_, question, about in found:
        entity = facts.entities.get(id_)
        if entity is not None and id_ not in seen:
            seen.add(id_)
            yield Mention(entity, question, about)
            found += _leads_from(guide, entity, id_)


def _leads_from(guide: Guide, entity: Entity, about: UUID | None) -> list[Step]:
    fields = guide.leading_on(entity.kind.value)
    return [(id_, one.id, about) for one, id_ in mentioned(iter(fields), entity.facts)]


def asked_about(guide: Guide, entity: Entity) -> list[Field]:
    """What this encounter asks about one that is mentioned: the few, what was said, what hangs on that."""
    said = entity.facts
    hanging = (name for fact in said for name in guide.hanging_on(fact))
    names = dict.fromkeys((*guide.mentions.get(entity.kind.value, ()), *said, *hanging))
    return [guide.field(name) for name in names if guide.asks(name)]


def problems_of_everybody(
    guide: Guide, fields: Iterable[Field], facts: Facts, stage: Stage
) -> Iterator[Problem]:
    """What is missing or odd in what is known of the child, then of each that ``fields`` mention.

    Of a child who has died (R-50) nobody has to find out anything: who it is may be asked for, and holds
    up nothing.
    """
    child = facts.child()
    if child is not None:
        rules = guide.entities["person"].rules
        died = child_has_died(facts.answers)
        of_child = problems_about(
            child, guide.about_the_child(), rules, Stage.FOUND if died else stage, facts
        )
        yield from (_holding_up_nothing(one) if died else one for one in of_child)
    for one in mentions_in(guide, fields, facts):
        rules = guide.entities[one.entity.kind.value].rules
        asked = asked_about(guide, one.entity)
        yield from problems_about(one.entity, asked, rules, stage, facts, whom=Whom.OTHERS)


def _holding_up_nothing(problem: Problem) -> Problem:
    return replace(problem, effect=Effect.WARN) if problem.stands else problem
