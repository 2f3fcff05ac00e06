"""Enough rows to be of use, and a day that is not too far away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from booklets.checks.choices import rows_at_least
from booklets.checks.dates import date_within
from booklets.facts import Facts

NOW = datetime(2026, 3, 14, 2, 31, tzinfo=UTC)


@pytest.mark.parametrize(("rows", "said"), [(1, "1 line"), (2, "2 lines"), (3, ""), (4, "")])
def test_a_plan_of_one_step_is_no_plan(rows: int, said: str) -> None:
    """Three steps at least; none at all is asked for by the question itself."""
    facts = Facts(answers={"trg.first_hour": ({"action": "Ring her aunt"},) * rows})
    found = rows_at_least(facts, field="trg.first_hour", least=3)

    assert [one.words for one in found] == ([said] if said else [])


def test_an_answer_that_is_missing_is_asked_for_elsewhere() -> None:
    """One mistake, one remark."""
    assert not rows_at_least(Facts(), field="trg.first_hour", least=3)
    assert not date_within(Facts(now=NOW), field="trg.review_due", days=92)


@pytest.mark.parametrize(
    ("day", "late"),
    [("2026-06-14", False), ("2026-06-15", True), ("2026-06", False), ("not a day", False)],
)
def test_a_review_is_no_later_than_the_force_allows(day: str, late: bool) -> None:
    """92 days after 14 March is 14 June; a month alone says no day."""
    found = date_within(Facts(answers={"trg.review_due": day}, now=NOW), field="trg.review_due", days=92)

    assert [one.words for one in found] == (["14 June 2026"] if late else [])
