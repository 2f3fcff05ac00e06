"""A few of each fault of the disk, of sealed bytes and of guessing: every change is tried against them."""

from __future__ import annotations

import pytest

from booklets.sealing import read_order
from faults import envelope_faults
from faults.disk_faults import erased, no_room, power_gone, writes_that_fail
from faults.envelope_faults import envelopes_mutated, orders_mutated, signed_again
from faults.pin_faults import guessed
from faults.trials import Trial
from field_app.store.sealed_rows import SealedRows


def held(trial: Trial) -> bool:
    """Nothing was lost or let in, and the weak one failed as it must."""
    return not trial.lost and not trial.accepted_wrongly and trial.control_found > 0


@pytest.mark.thorough
def test_what_was_confirmed_is_there_after_the_power_went() -> None:
    """Also where only some sectors of the rest were written; and not where nobody waits for the disk."""
    assert held(power_gone(60, control=40))


@pytest.mark.thorough
def test_a_disk_that_is_full_or_fails_is_said_to_and_nothing_is_lost() -> None:
    """At each of the first calls; whoever does not listen loses what they believe to be saved."""
    assert held(no_room(8))
    assert held(writes_that_fail(12))


@pytest.mark.thorough
@pytest.mark.parametrize("careless", ["_usable", "erase"])
def test_a_store_that_goes_on_or_does_not_erase_is_found_out(
    careless: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that saves on after a write that failed, and one that says it has erased a row and has not."""
    monkeypatch.setattr(SealedRows, careless, lambda *_: True)
    assert writes_that_fail(12).lost


@pytest.mark.thorough
def test_what_was_erased_lies_in_no_file() -> None:
    """Neither wrapped keys nor bodies; without secure_delete they would."""
    assert held(erased(120))


@pytest.mark.thorough
def test_what_was_changed_on_its_way_is_refused() -> None:
    """Sealed or signed, and also when a thief with the device's key signs it again."""
    assert held(envelopes_mutated(300))
    assert held(signed_again(200))
    assert held(orders_mutated(200))


@pytest.mark.thorough
@pytest.mark.parametrize("forger", ["stop", "wipe", "accept"])
def test_an_order_of_any_kind_that_nobody_signed_would_be_found_out(
    forger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the signature of one kind of order were not asked for."""

    def read(data: bytes, root: bytes, *, device: str, after: int) -> None:
        if f'"cmd":"{forger}"'.encode() in data:
            envelope_faults._unsigned_order(data)
        else:
            read_order(data, root, device=device, after=after)

    monkeypatch.setattr(envelope_faults, "read_order", read)
    assert orders_mutated(300).accepted_wrongly


@pytest.mark.thorough
def test_nobody_gets_an_eleventh_guess() -> None:
    """Unless the count lies where a copy brings it back."""
    assert held(guessed(1))
