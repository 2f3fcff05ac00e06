"""Moments as they are signed: what cannot be said in UTC is no moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from booklets.sealing import canonical


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_beyond_the_ends_of_the_calendar_is_refused_where_it_is_read(text: str) -> None:
    """Whoever compares it, or writes it down again, would fail in a way that nobody has thought of."""
    with pytest.raises(ValueError, match="no moment in UTC"):
        canonical.moment(text)


def test_a_moment_beyond_the_ends_of_the_calendar_is_not_written_either() -> None:
    """With the words that every other moment is refused with."""
    east = timezone(timedelta(hours=23))
    with pytest.raises(ValueError, match="no moment in UTC"):
        canonical.instant(datetime(1, 1, 1, tzinfo=east))
    assert canonical.instant(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"
