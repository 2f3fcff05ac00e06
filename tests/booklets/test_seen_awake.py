"""What it is like for a child and what protects it is needed once the child was spoken to, or seen awake."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets.answers import Answer, Gap, Why
from booklets.encounters import Encounter
from booklets.prefill import following_on
from booklets.stamps import Stamp
from tests.support.ppns import ppn_guide, said_of
from tests.support.walks import AMY, HONEST, NOW, WELLS, check_of, guide, needed

DAY = {"ppn.impact", "ppn.strengths"}
SILENT: Mapping[str, Answer | None] = {
    "ppn.impact": None,
    "ppn.strengths": None,
    "ppn.child_spoken_to": "no",
    "ppn.child_spoken_to_because": "Two years old; the health visitor comes at nine.",
    "ppn.seen_alone": None,
    "ppn.worries": None,
    "ppn.wants": None,
}


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        ({"ppn.child_awake": "yes"}, DAY),
        ({"ppn.child_awake": "no"}, set()),
        ({"ppn.child_awake": Gap(Why.NOT_KNOWN, "Under the blanket")}, set()),
        ({"ppn.child_seen": "no", "ppn.child_seen_because": "At her nan's."}, set()),
        ({"ppn.child_spoken_to": "yes", "ppn.child_awake": None}, DAY),
        ({"ppn.child_spoken_to": "yes", "ppn.child_seen": "no", "ppn.child_seen_because": "By phone."}, DAY),
    ],
)
def test_impact_and_strengths_are_needed_of_a_child_who_was_heard_or_seen_awake(
    seen: Mapping[str, Answer | None], wanted: set[str]
) -> None:
    """B.7: a frightened child who said nothing has its day too; of one who slept nobody writes it."""
    assert DAY & needed(said_of({**SILENT, **seen})) == wanted


def test_why_nobody_knows_is_an_answer() -> None:
    """Nobody makes up what protects a child."""
    nobody = Gap(Why.NOT_KNOWN, "Her mother would not say, and she is two")
    found = needed(
        said_of({**SILENT, "ppn.child_awake": "yes", "ppn.impact": nobody, "ppn.strengths": nobody})
    )

    assert not DAY & found


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        ({}, True),
        ({"ppn.child_spoken_to": "yes"}, False),
        ({"ppn.child_seen": "no"}, False),
    ],
)
def test_only_of_a_child_who_was_seen_and_said_nothing_is_it_asked_whether_it_was_awake(
    seen: Mapping[str, Answer | None], *, asked: bool
) -> None:
    """A child who talked was awake, and of one whom nobody saw nobody can say."""
    assert ("ppn.child_awake" in needed(said_of({**SILENT, **seen}))) is asked


def follows(condition: tuple[str, ...], engaged: str) -> Encounter:
    """The PPN that follows from a return check in which Amy was found like this."""
    told = {**HONEST, "ret.condition": condition, "pi.engaged": engaged, "pi.ppn_needed": "yes"}
    pages = ppn_guide()
    return following_on(
        check_of(told), guide(), child=AMY.id, next_guide=pages, officer=WELLS, at=Stamp(NOW)
    )


def test_what_the_return_check_said_of_it_stands_there() -> None:
    """Awake and not talking is awake; that she slept is never said for the officer."""
    assert follows(("awake_not_talking",), "no").answers["ppn.child_awake"] == "yes"
    assert "ppn.child_awake" not in follows(("asleep",), "asleep").answers
