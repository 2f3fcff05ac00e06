"""How a suspect looks is asked of a suspect, in one place, and of nobody else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets.answers import Answer, Gap, Why
from booklets.entities import Entity
from booklets.forms import Effect
from booklets.review import Problem
from tests.support import ppns
from tests.support.beside_the_report import looked_at as beside
from tests.support.missing import said_of as reported
from tests.support.missing import somebody
from tests.support.protection import POWER
from tests.support.protection import said_of as protected
from tests.support.walks import HONEST, looked_at

LOOKS = ("person.height_band", "person.build", "person.hair_colour", "person.ethnicity_ic", "person.looks")
MAN: Mapping[str, Answer] = {
    "known_as": "Baz",
    "age_estimate": "31",
    "ethnicity_sde": "W1",
    "children_access": "no",
}


def records(man: Entity) -> dict[str, list[Problem]]:
    """What each record says that names him as a suspect, or only as what he is to the child."""
    named = (str(man.id),)
    return {
        "interview": looked_at({**HONEST, "pi.disclosure_stop": "yes", "pi.stop_who": named}, man),
        "ppn": ppns.said_of({**ppns.PROTECTED, "ppn.suspects": named}, man),
        "protection": protected(POWER, {"pp.suspect_known": "yes", "pp.suspects": named}, man),
        "exploiter": beside("exploiter", {"exp.person": str(man.id)}, man),
        "trigger plan": beside("trigger_plan", {"trg.exploiters": named}, man),
    }


def asked(man: Entity, problems: list[Problem]) -> list[tuple[str, ...]]:
    """Of which questions about him it is said that they are open."""
    found = [one for one in problems if one.code == "I-08" and one.entity == man.id]
    assert all(one.effect is Effect.WARN and not one.stands for one in found)
    return [tuple(name for name in one.fields if name.startswith("person.")) for one in found]


def test_how_a_suspect_looks_is_asked_in_every_record_that_names_one() -> None:
    """B.1.b: height, build, hair, what was seen, and what else tells them apart; it holds up nothing."""
    baz = somebody(**MAN)
    for name, problems in records(baz).items():
        assert asked(baz, problems) == [LOOKS], name


@pytest.mark.parametrize(
    "looks", ["Shaved head, grey tracksuit, limps", Gap(Why.NOT_KNOWN, "She saw a name only")]
)
def test_one_line_or_that_nobody_knows_ends_it(looks: Answer) -> None:
    """Each of the rest may be left."""
    baz = somebody(**MAN, looks=looks)
    for name, problems in records(baz).items():
        assert asked(baz, problems) == [], name


@pytest.mark.parametrize(
    ("relationship", "is_asked"),
    [("suspected_exploiter", True), ("known_offender", False), ("friend_adult", False), ("mother", False)],
)
def test_only_whoever_is_suspected_is_described(relationship: str, *, is_asked: bool) -> None:
    """Whom a child was with is asked nothing of the sort."""
    baz = somebody(**MAN, relationship=relationship)
    named = (str(baz.id),)

    assert bool(asked(baz, looked_at({**HONEST, "pi.who": named}, baz))) is is_asked
    assert bool(asked(baz, reported({"mis.associates": named}, baz))) is is_asked
