"""Who interpreted is asked in a PPN and in police protection as at the return (B.6; B.7, W)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from booklets.answers import Answer
from booklets.entities import Entity
from booklets.forms import Stage
from booklets.review import Problem
from tests.support import ppns, protection
from tests.support.builders import NIGHT
from tests.support.walks import needed

Said = Callable[[Mapping[str, Answer | None], Entity], Sequence[Problem]]


def in_a_ppn(answers: Mapping[str, Answer | None], child: Entity) -> Sequence[Problem]:
    """What is wanted of a whole PPN about this child, later in the shift."""
    return ppns.said_of(answers, child=child, stage=Stage.COMPLETE)


def in_police_protection(answers: Mapping[str, Answer | None], child: Entity) -> Sequence[Problem]:
    """The constable's part of police protection."""
    return protection.said_of(protection.POWER, answers, child=child, stage=Stage.COMPLETE)


def needs(answer: str) -> Entity:
    """Kit, and whether somebody has to interpret."""
    return ppns.KIT.changed("person.interpreter_needed", answer, at=NIGHT, by="NYP-2217")


@pytest.mark.parametrize(("of", "said"), [("ppn", in_a_ppn), ("pp", in_police_protection)])
@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ({}, {"interpreter"}),
        ({"interpreter": "telephone"}, {"interpreter_ref"}),
        ({"interpreter": "telephone", "interpreter_ref": "LL-4471"}, set[str]()),
        ({"interpreter": "family_or_friend"}, {"interpreter_because"}),
        ({"interpreter": "not_available", "interpreter_because": "Line dead."}, set[str]()),
    ],
)
def test_where_one_is_needed_it_is_asked_who_it_was_or_why_nobody(
    of: str, said: Said, answers: Mapping[str, Answer], wanted: set[str]
) -> None:
    """A relative who interprets may be the one the child cannot speak of."""
    named = {f"{of}.{name}": answer for name, answer in answers.items()}
    asked = {one for one in needed([*said(named, needs("yes"))]) if "interpreter" in one}

    assert asked == {f"{of}.{name}" for name in wanted}


@pytest.mark.parametrize("said", [in_a_ppn, in_police_protection])
def test_where_none_is_needed_nobody_is_asked_about_one(said: Said) -> None:
    """One tap says so, and it is the child's own answer."""
    assert not [one for one in needed([*said({}, needs("no"))]) if "interpreter" in one]
