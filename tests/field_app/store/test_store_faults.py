"""A few of each fault of ``make faults``, so that every change is tried against them."""

from __future__ import annotations

import pytest

from faults.store_faults import bytes_flipped, killed_while_saving, rows_tampered_with


@pytest.mark.thorough
def test_kills_in_the_middle_of_saves_lose_nothing() -> None:
    """The large amounts, and the control that must lose, run in ``make faults``."""
    trial = killed_while_saving(4, control=0)
    assert (trial.tried, trial.lost) == (4, 0)


@pytest.mark.thorough
def test_nothing_changed_behind_our_back_is_accepted() -> None:
    """And the same attacks on rows without place and sum do get through."""
    for trial in (bytes_flipped(40), rows_tampered_with(45)):
        assert trial.accepted_wrongly == 0
        assert trial.control_found > 0
