"""Frozen envelopes: what was sealed once opens for ever, and what was refused once stays refused.

``freeze.py`` tells how they were made. A change that needs one of these files changed needs a new magic.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from booklets.errors import BookletError
from booklets.sealing import KemKey, read_envelope

VECTORS = sorted((Path(__file__).parent / "vectors").glob("hwd1-*.json"))


def test_no_vector_has_gone_missing() -> None:
    """A folder that is empty by mistake would pass everything below."""
    assert len(VECTORS) == 28


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_frozen_envelope_meets_the_fate_it_always_met(path: Path) -> None:
    """Opened to the same body with the same header, or refused for the same reason."""
    frozen: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    key = KemKey.from_private(frozen["key"]["suite"], bytes.fromhex(frozen["key"]["private"]))
    assert key.public.kid == frozen["key"]["kid"]
    data = base64.b64decode(frozen["envelope"], validate=True)
    if frozen["expect"] != "opens":
        assert refusal(data, bytes.fromhex(frozen["signer"]), key) == frozen["expect"]
        return
    envelope = read_envelope(data)
    envelope.check(bytes.fromhex(frozen["signer"]))
    assert hashlib.sha256(envelope.open(key)).hexdigest() == frozen["body_sha256"]
    assert json.loads(json.dumps(asdict(envelope.header))) == frozen["header"]
    assert envelope.sha256 == frozen["sha256"]
    assert list(envelope.stanza_kids) == frozen["stanza_kids"]


def refusal(data: bytes, signer: bytes, key: KemKey) -> str:
    """The stable code of the reason."""
    try:
        envelope = read_envelope(data)
        envelope.check(signer)
        envelope.open(key)
    except BookletError as refused:
        return refused.code
    return "opens"
