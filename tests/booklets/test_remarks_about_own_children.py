"""R-14: a remark about children of one's own is heard in whatever record somebody wrote it down."""

from __future__ import annotations

import pytest

from booklets.answers import Answer, Moment
from booklets.forms import Effect
from tests.support.beside_the_report import looked_at
from tests.support.missing import NOW, a_row
from tests.support.walks import found_by

REMARK = "Dean said he had kids of his own to get home to."
HARMLESS = "Dean said he had a bus to catch."
WHERE = {
    "enquiries": "act.last_witness_words",
    "search": "srch.result",
    "handover": "hov.next",
    "strategy": "str.shared",
    "return_interview": "rhi.summary",
    "evidence_card": "ev.changes_risk_what",
}


SHOWN: dict[str, dict[str, Answer]] = {
    "enquiries": {"act.last_witness": "under_way"},
    "evidence_card": {"ev.changes_risk": "yes"},
    "return_interview": {"rhi.outcome": "held", "rhi.received_at": Moment(NOW)},
}
"""What else is said, so that the question is asked."""


@pytest.mark.parametrize("guide", WHERE)
def test_a_remark_about_own_children_is_pointed_at_where_it_stands(guide: str) -> None:
    """Whoever hears it in passing writes it down in passing, and somebody has to look."""
    beside = SHOWN.get(guide, {})
    heard = [one for one in looked_at(guide, {**beside, WHERE[guide]: REMARK}) if one.code == "R-14"]

    assert [(one.effect, one.fields) for one in heard] == [(Effect.WARN, (WHERE[guide],))]
    assert "own" in heard[0].says
    assert "R-14" not in found_by(looked_at(guide, {**beside, WHERE[guide]: HARMLESS}))


@pytest.mark.parametrize(
    ("guide", "rows"),
    [
        ("enquiries", {"act.lines": a_row(what="See his partner", outcome=REMARK)}),
        ("strategy", {"str.actions": a_row(what=REMARK)}),
    ],
)
def test_it_is_heard_inside_a_row_as_well(guide: str, rows: dict[str, Answer]) -> None:
    """What came of a line of enquiry, and what a meeting is told."""
    assert "R-14" in found_by(looked_at(guide, rows), Effect.WARN)
