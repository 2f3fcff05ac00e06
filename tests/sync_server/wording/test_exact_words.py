"""What somebody said, as partners read it: to whom, by name."""

from __future__ import annotations

import pytest

from booklets.answers import Moment, Row
from sync_server.wording import Words, when
from tests.support.builders import NIGHT, an_interview


@pytest.mark.parametrize(
    ("to", "read_as"), [("Me", "the officer who wrote this"), ("PC Wells 4417", "PC Wells 4417")]
)
def test_no_partner_reads_that_something_was_said_to_me(to: str, read_as: str) -> None:
    """Whoever opens the notice is not the one it was said to."""
    row: Row = {"who": "Kit", "to": to, "said": "It was loud."}
    record = an_interview({"pi.child_words": (row,)})

    assert f"“It was loud.” Kit, to {read_as}" in Words([record]).lines("pi.child_words")


def test_the_officers_question_never_reads_as_the_childs_words() -> None:
    """The council quotes what it is sent: who asked what, and what the child said in quotation marks."""
    row: Row = {
        "who": "Kit",
        "to": "PC Wells 4417",
        "asked": "Where did you get the phone?",
        "said": "Kez give it me so I pick up",
        "at": Moment(NIGHT),
    }
    record = an_interview({"pi.child_words": (row, {"said": "I went because it was loud."})})

    assert Words([record]).lines("pi.child_words") == (
        "In Kit's own words Asked: “Where did you get the phone?” “Kez give it me so I pick up” "
        f"Kit, to PC Wells 4417, {when(NIGHT)}; “I went because it was loud.” Who is not recorded"
    )
