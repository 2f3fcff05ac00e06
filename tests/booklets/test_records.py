"""Records: evidence of what one officer said at one time."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from booklets.records import Override
from tests.support.builders import NIGHT, a_return, an_author


def test_a_record_is_known_by_its_id_and_revision() -> None:
    """Under this name it is sent, stored and answered for."""
    record = a_return(revision=2, base_revision=1)

    assert record.key == (record.header.record, 2)


def test_a_record_never_changes() -> None:
    """An amendment is the next revision."""
    with pytest.raises(FrozenInstanceError):
        a_return().stage = "close"  # type: ignore[misc,assignment]


def test_nothing_that_was_said_is_in_a_log() -> None:
    """A traceback prints what it holds."""
    record = a_return({"ret.handling": "Kit's uncle"}, reasons={"R-59": "uncle at the door"})

    assert "uncle" not in repr(record)
    assert "Marlowe" not in repr(record)
    assert "Okoro" not in repr(an_author())
    assert "hurt" not in repr(Override("R-1", "hurt", "NYP-1", NIGHT))
