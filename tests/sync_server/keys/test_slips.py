"""What a browser carries for us: unreadable, unchangeable, and only for what and whom it was made."""

from __future__ import annotations

import pytest

from sync_server.keys import Safe, Slips

SLIPS = Slips.of(Safe(b"k" * 32))


def test_a_slip_comes_back_as_it_went() -> None:
    """Also with letters that no address could hold."""
    slip = SLIPS.seal("Zoë O’Brien", what="name", whose="north_yorkshire")

    assert SLIPS.open(slip, what="name", whose="north_yorkshire") == "Zoë O’Brien"


def test_nobody_reads_a_slip_on_the_way() -> None:
    """It stands in addresses, and addresses stand in logs and histories."""
    one, other = (SLIPS.seal("Brook", what="name", whose="north_yorkshire") for _ in range(2))

    assert one != other
    assert "Brook" not in one


@pytest.mark.parametrize(("what", "whose"), [("digest", "north_yorkshire"), ("name", "cleveland")])
def test_a_slip_is_nothing_for_another_purpose_or_person(what: str, whose: str) -> None:
    """A search sent to another force finds nothing, and is no approval either."""
    slip = SLIPS.seal("Brook", what="name", whose="north_yorkshire")

    assert SLIPS.open(slip, what=what, whose=whose) is None


@pytest.mark.parametrize("spoilt", ["", "x", "é", "A" * 60, "A" * 5000])
def test_what_was_never_a_slip_opens_to_nothing(spoilt: str) -> None:
    """Whatever is typed into the address bar, the page still comes."""
    assert SLIPS.open(spoilt, what="name", whose="north_yorkshire") is None


def test_a_changed_slip_opens_to_nothing() -> None:
    """One letter is enough."""
    slip = SLIPS.seal("Brook", what="name", whose="north_yorkshire")
    changed = slip[:20] + ("A" if slip[20] != "A" else "B") + slip[21:]

    assert SLIPS.open(changed, what="name", whose="north_yorkshire") is None
