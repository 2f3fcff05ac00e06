"""What a tablet is told of an answer that another record has too: the same facts, or nothing."""

from __future__ import annotations

import pytest

from booklets.alike import Alike, read_alike
from tests.support.builders import NIGHT, an_id

ONE = Alike(question="ra.rationale", percent=92, record=an_id("other"), received_at=NIGHT)


def test_what_was_told_is_read_as_it_was_found() -> None:
    """Nothing is lost between server and tablet, and no officer is among it."""
    assert tuple(read_alike([ONE.to_json()])) == (ONE,)
    assert ONE.to_json().keys() == {"question", "percent", "record", "received_at"}


@pytest.mark.parametrize(
    "said",
    [
        None,
        "ra.rationale",
        ["ra.rationale"],
        [{}],
        [ONE.to_json() | {"percent": "92"}],
        [ONE.to_json() | {"question": 7}],
        [ONE.to_json() | {"record": "HW-1"}],
        [ONE.to_json() | {"received_at": "yesterday"}],
    ],
)
def test_what_cannot_be_read_holds_nothing_up(said: object) -> None:
    """An older or newer server may say it otherwise, or not at all."""
    assert tuple(read_alike(said)) == ()
