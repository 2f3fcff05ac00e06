"""What an officer typed is gone from memory after the lock, as far as Python can be made to let go of it."""

from __future__ import annotations

import pytest

from faults.memory_faults import left_after_the_lock, run
from faults.memory_reader import READABLE


@pytest.mark.thorough
def test_after_the_lock_a_dump_of_memory_gives_away_neither_key_nor_pin_nor_words() -> None:
    """And the same search finds all three in a process that overwrites nothing."""
    if not READABLE:
        with pytest.raises(SystemExit, match="nothing can be tried"):
            next(run(full=False))
        return
    trial = left_after_the_lock(1)
    assert (trial.lost, trial.accepted_wrongly) == (0, 0), trial.control
    assert trial.control_found > 0
