"""What `make bench` and `make faults` promise: the parts asked for, and no line better than it is."""

from __future__ import annotations

import pytest

from bench.__main__ import show as show_figure
from faults.__main__ import show as show_trial
from house.parts import NoSuchPart, chosen, parts_of

HELD = {
    "name": "store.kill",
    "tried": 300,
    "lost": 0,
    "accepted_wrongly": 0,
    "control": "plain TinyDB",
    "control_found": 22,
}
FIGURE = {
    "name": "store.save_p99",
    "value": 0.9,
    "unit": "ms",
    "anchor": {"plain TinyDB": 7.1},
    "goal": 2,
    "ok": True,
}


def test_all_parts_run_unless_some_are_asked_for() -> None:
    """`ONLY=` is for the person who waits; CI asks for nothing and gets everything."""
    assert chosen("bench", "") == parts_of("bench")
    assert chosen("bench", "core, server") == ["core", "server"]


def test_a_part_that_does_not_exist_is_refused() -> None:
    """A misspelt part would otherwise measure nothing and succeed."""
    with pytest.raises(NoSuchPart, match="sever"):
        chosen("bench", "sever")


def test_a_trial_holds_only_if_nothing_was_lost_and_its_control_failed() -> None:
    """A trial whose control finds nothing has not shown that it can find anything."""
    assert show_trial(HELD)
    for change in ({"lost": 1}, {"accepted_wrongly": 1}, {"control_found": 0}, {"tried": 0}):
        assert not show_trial(HELD | change)


def test_a_figure_says_what_it_is_held_against(capsys: pytest.CaptureFixture[str]) -> None:
    """A number without an anchor and a goal is not a measurement of anything."""
    assert show_figure(FIGURE)
    assert not show_figure(FIGURE | {"ok": False})
    with pytest.raises(SystemExit, match="anchor"):
        show_figure({key: value for key, value in FIGURE.items() if key != "anchor"})

    assert capsys.readouterr().out.count("\n") == 2
