"""What else is written while Leo is missing: searches, enquiries, a handover, advice about a phone."""

from __future__ import annotations

from collections.abc import Mapping

from booklets import definitions
from booklets.answers import Answer
from booklets.encounters import review
from booklets.entities import Entity
from booklets.forms import Effect, Stage
from booklets.review import Problem
from tests.support.missing import LEO, NOW, guide, written
from tests.support.walks import FORCE


def looked_at(
    name: str,
    answers: Mapping[str, Answer | None],
    *people: Entity,
    stage: Stage = Stage.CAPTURE,
    force: str = FORCE,
) -> list[Problem]:
    """What the review says of a record about Leo that has these answers and no others."""
    encounter = written(answers, *people, child=LEO, name=name)
    return review(encounter, guide(name), definitions.force(force), NOW, stage)


def tasks_of(problems: list[Problem]) -> dict[str, tuple[str, str]]:
    """What somebody has to do: by rule, what it is and whose."""
    return {
        one.code: (one.task.kind, one.task.owner)
        for one in problems
        if one.effect is Effect.TASK and one.task is not None
    }
