"""The level a handover or a trigger plan gives is one for the supervisor to agree with, or not (B.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from booklets import definitions
from booklets.answers import Answer, frozen
from booklets.decisions import Outcome, deciding
from booklets.encounters import Encounter, facts_of, review
from booklets.forms import Stage
from booklets.sending import Sending, records_of
from booklets.stamps import Confidence, Stamp
from tests.support.builders import DECIDED, an_author
from tests.support.missing import LEO, NOW, guide, written
from tests.support.walks import FORCE

PAGES = definitions.guide("supervision")
SERGEANT = an_author(id="NYP-0417", name="Bola Marsh", rank="PS", shoulder_no="417")
GIVES_A_LEVEL = pytest.mark.parametrize(
    ("name", "answers", "level"),
    [
        ("handover", {"hov.risk_before": "medium", "hov.risk": "high"}, "high"),
        ("handover", {"hov.risk_before": "high", "hov.risk": "medium"}, "medium"),
        ("trigger_plan", {"trg.level_if_missing": "high"}, "high"),
    ],
)
AGREED: Mapping[str, Answer] = {
    name: said for name, said in DECIDED[Outcome.APPROVE].items() if not name.startswith("sup.risk_right")
}


def decision_on(name: str, answers: Mapping[str, Answer], **said: Answer) -> Encounter:
    """An approval of such a record about Leo, whole but for what is said of its level."""
    sending = Sending(
        at=Stamp(NOW, confidence=Confidence.SERVER),
        device="handheld-1",
        app_version="0.1.0",
        stage=Stage.CAPTURE,
        force=definitions.force(FORCE),
        clocks=(),
    )
    records = records_of(written(answers, child=LEO, name=name), guide(name), sending)
    begun = deciding(records, PAGES, officer=SERGEANT, at=Stamp(NOW))
    of_level = {f"sup.{one}": word for one, word in said.items()}
    return replace(begun, answers=frozen({**begun.answers, **AGREED, **of_level}))


def keeps_it(decision: Encounter) -> dict[str, str]:
    """Question and rule of everything that keeps this decision on the device."""
    found = review(decision, PAGES, definitions.force(FORCE), NOW, Stage.CAPTURE)
    return {one.fields[0]: one.code for one in found if one.stands}


@GIVES_A_LEVEL
def test_the_level_stands_before_the_supervisor(
    name: str, answers: Mapping[str, Answer], level: str
) -> None:
    """As it does for an assessment: the level now, not the one before."""
    assert decision_on(name, answers).answers["sup.level"] == level


@GIVES_A_LEVEL
def test_nobody_approves_it_without_saying_whether_the_level_is_right(
    name: str, answers: Mapping[str, Answer], level: str
) -> None:
    """And why; whoever would set another names it."""
    why = {"risk_right_because": "Leo cannot swim and the becks by Valley Gardens are in flood."}

    assert keeps_it(decision_on(name, answers)) == {"sup.risk_right": "needed"}
    assert keeps_it(decision_on(name, answers, risk_right="yes")) == {"sup.risk_right_because": "needed"}
    assert not keeps_it(decision_on(name, answers, risk_right="yes", **why))
    doubted = decision_on(name, answers, risk_right="higher", **why)
    assert keeps_it(doubted) == {"sup.risk_should_be": "needed"}
    assert doubted.answers["sup.level"] == level


@pytest.mark.parametrize("name", ["handover", "trigger_plan", "search"])
def test_where_no_level_was_given_none_is_judged(name: str) -> None:
    """A search gives none, and neither does a handover that was sent before its level was agreed."""
    decision = decision_on(name, {})

    assert "sup.risk_right" not in facts_of(decision, PAGES, {}, NOW).asked
    assert not keeps_it(decision)


def test_who_owns_the_risk_is_asked_of_an_assessment_alone() -> None:
    """Neither record says whose it is."""
    assert "sup.owner_role" not in decision_on("handover", {"hov.risk": "high"}).answers
