"""Advice about a phone: what an officer writes of the child in it is read like any other text."""

from __future__ import annotations

import pytest

from booklets.forms import Effect
from tests.support.beside_the_report import looked_at
from tests.support.walks import found_by

FACT = "Leo needs it to ring his nan; she and I agreed that it stays with him until nine."


@pytest.mark.parametrize(
    ("text", "rule", "effect"),
    [
        ("Left with Leo, who is streetwise and knows what he does.", "Q-01", Effect.ASK),
        ("Leo refused to engage with us about the phone.", "Q-01a", Effect.WARN),
        ("Leo was aggressive.", "Q-07", Effect.WARN),
    ],
)
@pytest.mark.parametrize("question", ["ev.device_because", "ev.changes_risk_what"])
def test_blame_and_bare_opinion_are_pointed_out(question: str, text: str, rule: str, effect: Effect) -> None:
    """Whoever examines the phone looks for what these words tell them to look for."""
    opens = {"ev.device_retained": "left", "ev.changes_risk": "yes"}

    assert rule in found_by(looked_at("evidence_card", {**opens, question: text}), effect)
    assert not {"Q-01", "Q-01a", "Q-07"} & found_by(looked_at("evidence_card", {**opens, question: FACT}))
