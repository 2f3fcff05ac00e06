"""What the server sends to one device is for that device, and from the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from booklets.sealing import (
    BadSignature,
    Directory,
    EnvelopeMalformed,
    KeyEntry,
    NotForThisKey,
    SigningKey,
    open_return,
    read_directory,
    seal_envelope,
    seal_return,
    sign_directory,
)
from tests.support.sealing import a_header, key_number, signer_number

ROOT, RECEIPT, COMMAND, OLD = (signer_number(n) for n in (10, 11, 12, 13))
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = key_number(5)


def directory() -> Directory:
    """A directory with two valid command keys, one of them about to retire, and a receipt key."""
    keys = [
        KeyEntry.for_signing(OLD.public, use="command", not_before=NOW - 90 * DAY, not_after=NOW + DAY),
        KeyEntry.for_signing(COMMAND.public, use="command", not_before=NOW - DAY, not_after=NOW + 90 * DAY),
        KeyEntry.for_signing(RECEIPT.public, use="receipt", not_before=NOW - DAY, not_after=NOW + 90 * DAY),
    ]
    return read_directory(sign_directory(keys, root=ROOT, issued=NOW, number=1), ROOT.public)


def sent(signer: SigningKey = COMMAND, **changed: Any) -> bytes:
    """A status about one record, for one handheld."""
    said: dict[str, Any] = {"force": "north_yorkshire", "device": "dev-7", "record": "r-1", "rev": 2}
    return seal_return(b"returned", created=NOW, to=KEY.public, signer=signer, **{**said, **changed})


@pytest.mark.parametrize("signer", [COMMAND, OLD], ids=["current", "retiring"])
def test_a_device_reads_what_was_sent_to_it(signer: SigningKey) -> None:
    """Signed by any command key that is still valid, so a rotation loses nothing under way."""
    header, body = open_return(sent(signer), device="dev-7", key=KEY, directory=directory())
    assert (header.kind, header.record, header.rev, body) == ("return", "r-1", 2, b"returned")


@pytest.mark.parametrize("suite", [1, 2])
def test_it_may_be_about_no_record_at_all(suite: int) -> None:
    """A policy, for example; in either suite."""
    key = key_number(6, suite)
    data = seal_return(b"{}", force="f", device="dev-7", created=NOW, to=key.public, signer=COMMAND)
    header, body = open_return(data, device="dev-7", key=key, directory=directory())
    assert (header.record, header.rev, body) == ("", 0, b"{}")


def test_it_is_not_for_another_device() -> None:
    """Neither by name nor by key."""
    with pytest.raises(NotForThisKey):
        open_return(sent(), device="dev-8", key=KEY, directory=directory())
    with pytest.raises(NotForThisKey):
        open_return(sent(), device="dev-7", key=key_number(7), directory=directory())


@pytest.mark.parametrize("signer", [RECEIPT, ROOT, signer_number(99)], ids=["receipt", "root", "stranger"])
def test_only_a_command_key_speaks_to_devices(signer: SigningKey) -> None:
    """Each key has its one use."""
    with pytest.raises(BadSignature):
        open_return(sent(signer), device="dev-7", key=KEY, directory=directory())


def test_a_submission_is_nothing_sent_to_a_device() -> None:
    """Even one that a command key signed."""
    data = seal_envelope(a_header(), b"x", to=(KEY.public,), signer=COMMAND)
    with pytest.raises(EnvelopeMalformed):
        open_return(data, device="dev-7", key=KEY, directory=directory())
