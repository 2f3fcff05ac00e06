"""A wrong clock on the device moves nothing, once the server has been heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.stamps import Confidence
from field_app.sync.clocks import HEADER_SLACK, Offset, ServerClock, from_header, since_start, wall_now
from tests.field_app.sync.desks import NOW

DATE = "Sat, 14 Mar 2026 18:00:00 GMT"
JUMPS = [
    pytest.param(timedelta(hours=1), id="an hour on"),
    pytest.param(timedelta(hours=-1), id="an hour back"),
    pytest.param(timedelta(days=3652), id="ten years on"),
    pytest.param(timedelta(days=-3652), id="ten years back"),
    pytest.param(datetime(2038, 1, 20, tzinfo=UTC) - NOW, id="past 2038"),
]


@dataclass
class Hands:
    """A device's clocks, moved by the test."""

    wall: datetime = NOW
    started: timedelta = timedelta(hours=5)

    def passes(self, time: timedelta) -> None:
        """Time passes on both."""
        self.wall += time
        self.started += time

    def clock(self, remembered: Offset | None = None) -> ServerClock:
        """A clock that reads these hands."""
        return ServerClock(wall=lambda: self.wall, started=lambda: self.started, remembered=remembered)


def test_before_any_answer_the_device_believes_itself_and_says_so() -> None:
    """A stamp must not claim a certainty that nobody has."""
    stamp = Hands().clock().stamp()

    assert (stamp.wall, stamp.offset_ms, stamp.confidence) == (NOW, 0, Confidence.DEVICE)
    assert stamp.monotonic_ms == 5 * 3600 * 1000


def test_an_offset_of_an_earlier_run_counts_until_the_server_is_heard() -> None:
    """An officer who starts the app in a cellar still has the offset of this morning."""
    hands = Hands()
    clock = hands.clock(Offset(90_000, Confidence.ESTIMATED))

    assert clock.now() == NOW + timedelta(seconds=90)
    clock.hear(NOW + timedelta(seconds=5), asked=hands.started)
    assert clock.offset == Offset(5_000, Confidence.ESTIMATED)


@pytest.mark.parametrize("jump", JUMPS)
def test_a_wall_clock_that_jumps_moves_nothing(jump: timedelta) -> None:
    """Time since the start goes on, so the server's time stays known and only the offset changes."""
    hands = Hands()
    clock = hands.clock()
    clock.hear(NOW + timedelta(minutes=3), asked=hands.started)

    hands.passes(timedelta(minutes=10))
    hands.wall += jump

    assert clock.now() == NOW + timedelta(minutes=13)
    assert clock.stamp().instant == NOW + timedelta(minutes=13)
    assert clock.confidence is Confidence.ESTIMATED


@given(slow=st.floats(0, 60), apart=st.integers(-(10**7), 10**7))
def test_the_estimate_is_never_further_off_than_half_the_time_the_answer_took(
    slow: float, apart: int
) -> None:
    """On a slow line the server's time is heard late; the middle of the wait is the best guess."""
    hands = Hands()
    clock = hands.clock()
    asked = clock.mark()
    true = NOW + timedelta(seconds=apart)
    hands.passes(timedelta(seconds=slow))

    clock.hear(true + timedelta(seconds=slow * 0.9), asked=asked)

    error = abs(clock.now() - (true + timedelta(seconds=slow)))
    assert error <= timedelta(seconds=slow / 2 + 0.001)


def test_a_coarse_reading_does_not_replace_a_fine_one_that_it_agrees_with() -> None:
    """A Date header has whole seconds; hello has milliseconds."""
    hands = Hands()
    clock = hands.clock()
    clock.hear(NOW + timedelta(milliseconds=250), asked=hands.started)

    clock.hear(NOW + timedelta(milliseconds=500), asked=hands.started, within=HEADER_SLACK / 2)

    assert clock.offset_ms == 250


def test_the_servers_word_replaces_what_it_contradicts() -> None:
    """A server whose clock was put right is believed, on however slow a line it says so."""
    hands = Hands()
    clock = hands.clock()
    clock.hear(NOW, asked=hands.started)
    asked = clock.mark()
    hands.passes(timedelta(seconds=4))

    clock.hear(NOW + timedelta(minutes=10), asked=asked)

    assert clock.offset_ms == 600_000 - 2_000


def test_a_header_does_not_outdo_the_servers_word() -> None:
    """A gateway on the way may have dated the answer by a clock of its own."""
    hands = Hands()
    clock = hands.clock()
    clock.hear(NOW, asked=hands.started)

    clock.hear(NOW + timedelta(minutes=10), asked=hands.started, within=HEADER_SLACK / 2)

    assert clock.offset_ms == 0


def test_an_old_reading_gives_way_to_any_new_one() -> None:
    """Crystals drift: after an hour a fine reading is no finer than a header."""
    hands = Hands()
    clock = hands.clock()
    clock.hear(NOW, asked=hands.started)
    hands.passes(timedelta(hours=2))

    clock.hear(hands.wall + timedelta(milliseconds=400), asked=hands.started, within=HEADER_SLACK / 2)

    assert clock.offset_ms == 400


@pytest.mark.parametrize(
    "header", ["", "yesterday", "Sat, 99 Mar 2026 18:00:00 GMT", f"{DATE}, {DATE}", DATE[:-4]]
)
def test_a_header_that_is_no_date_says_nothing(header: str) -> None:
    """Headers come from anywhere."""
    assert from_header(header) is None


def test_a_header_means_the_middle_of_its_second() -> None:
    """Else every device would run half a second behind."""
    expected = datetime(2026, 3, 14, 18, 0, 0, 500_000, tzinfo=UTC)

    assert from_header(DATE) == expected


def test_the_device_has_both_clocks() -> None:
    """The real ones: one that everybody can set, one that nobody can."""
    assert wall_now().tzinfo is UTC
    assert since_start() <= since_start()
