"""Stamps: a wrong phone clock moves nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from booklets.errors import WireError
from booklets.stamps import Confidence, Stamp, stamp_from_json, stamp_to_json
from tests.support import encounters as some
from tests.support.builders import NIGHT


@given(some.stamps)
def test_every_stamp_survives_the_journey(stamp: Stamp) -> None:
    """What the clock said, how wrong it was and how that is known."""
    assert stamp_from_json(json.loads(json.dumps(stamp_to_json(stamp)))) == stamp


def test_a_phone_three_days_slow_means_the_same_instant() -> None:
    """The instant is corrected by what the server's answers have taught the device."""
    slow = Stamp(NIGHT - timedelta(days=3), offset_ms=3 * 86_400_000, confidence=Confidence.ESTIMATED)

    assert slow.instant == Stamp(NIGHT).instant == NIGHT


@pytest.mark.parametrize(
    ("key", "junk"),
    [
        ("wall", "yesterday"),
        ("wall", None),
        ("offset_ms", "0"),
        ("offset_ms", True),
        ("offset_ms", 10**20),
        ("offset_ms", -(10**17)),
        ("monotonic_ms", 0.5),
        ("monotonic_ms", False),
        ("confidence", "certain"),
        ("confidence", None),
    ],
)
def test_a_spoilt_stamp_is_refused(key: str, junk: object) -> None:
    """Also one whose correction leads out of the calendar: it would fail later, somewhere else."""
    with pytest.raises(WireError):
        stamp_from_json(stamp_to_json(Stamp(NIGHT)) | {key: junk})


def test_a_stamp_is_an_object() -> None:
    """Nothing is guessed from a bare time."""
    with pytest.raises(WireError):
        stamp_from_json(datetime(2026, 3, 14, tzinfo=UTC).isoformat())
