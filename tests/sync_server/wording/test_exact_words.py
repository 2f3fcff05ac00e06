"""What somebody said, as partners read it: to whom, by name."""

from __future__ import annotations

import pytest

from booklets.answers import Row
from sync_server.wording import Words
from tests.support.builders import an_interview


@pytest.mark.parametrize(
    ("to", "read_as"), [("Me", "the officer who wrote this"), ("PC Wells 4417", "PC Wells 4417")]
)
def test_no_partner_reads_that_something_was_said_to_me(to: str, read_as: str) -> None:
    """Whoever opens the notice is not the one it was said to."""
    row: Row = {"who": "Kit", "to": to, "said": "It was loud."}
    record = an_interview({"pi.child_words": (row,)})

    assert f"Kit, {read_as}, It was loud." in Words([record]).lines("pi.child_words")
