"""How the files ``said-*`` in ``vectors`` were made: what a force says to its handhelds, and how each fares.

    python -m tests.booklets.sealing.freeze_said

Each has its format, what it is there for, the bytes, who reads it and what comes of that: "accepted", or the
code of the refusal. They are frozen: this adds missing ones and changes none.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from booklets.sealing import KeyEntry, seal_return, sign_directory
from tests.booklets.sealing.freeze import VECTORS
from tests.booklets.sealing.freeze_statements import ACCEPT, ORDER, POLICY, ROOT, statement
from tests.support.sealing import key_number, signer_number, spelt

RECEIPT_KEY, COMMAND, STRANGER = (signer_number(number) for number in (11, 12, 13))
DEVICE = key_number(5)
BEGAN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LIFE: dict[str, Any] = {"not_before": BEGAN, "not_after": BEGAN + timedelta(days=90)}
RECEIPT: dict[str, Any] = {
    "v": 1,
    "record": "0195952b-2f6a-7c11-8e54-1f0f6d1c0a01",
    "rev": 2,
    "digest": "ab" * 32,
    "env_sha256": "cd" * 32,
    "seq": 41,
    "received_at": "2026-03-14T18:02:15.250000Z",
    "kid": RECEIPT_KEY.kid,
}
Case = tuple[str, str, bytes, str]
"""Its format, what it is there for, the bytes, and what comes of reading it."""


def directory(number: int = 7, root: Any = ROOT) -> bytes:
    """The keys of an invented force."""
    keys = [
        KeyEntry.for_sealing(key_number(1).public, **LIFE),
        KeyEntry.for_sealing(key_number(2).public, use="recovery", **LIFE),
        KeyEntry.for_signing(RECEIPT_KEY.public, use="receipt", **LIFE),
        KeyEntry.for_signing(COMMAND.public, use="command", **LIFE),
    ]
    return sign_directory(keys, root=root, issued=BEGAN, number=number)


def returned(signer: Any = COMMAND, device: str = "dev-7", to: Any = DEVICE) -> bytes:
    """Something small for one device."""
    about: dict[str, Any] = {"force": "north_yorkshire", "device": device, "record": "r-1", "rev": 2}
    return seal_return(b"returned", created=BEGAN, to=to.public, signer=signer, **about)


def spaced(data: bytes) -> bytes:
    """The same words, spelt as nobody may spell them."""
    return json.dumps(json.loads(data), indent=1).encode()


def longer(fields: dict[str, Any], domain: bytes) -> bytes:
    """Signed by the root itself, with a field that no reader knows."""
    return statement({**fields, "more": 1}, domain)


def orders() -> dict[str, Case]:
    """Followed, and not."""
    order, policy = b"hwd/order/1", b"hwd/policy/1"
    return {
        "order": ("order", "a wipe, as it is followed", statement(ORDER, order), "accepted"),
        "order-accept": ("order", "an older copy accepted", statement(ACCEPT, order), "accepted"),
        "order-forged": ("order", "by a stranger", statement(ORDER, order, STRANGER), "bad_signature"),
        "order-as-policy": ("order", "for another purpose", statement(ORDER, policy), "bad_signature"),
        "order-elsewhere": (
            "order",
            "for another device",
            statement({**ORDER, "device": "dev-8"}, order),
            "order_refused",
        ),
        "order-again": (
            "order",
            "followed before",
            statement({**ORDER, "number": 1}, order),
            "order_refused",
        ),
        "order-spaced": ("order", "spelt otherwise", spaced(statement(ORDER, order)), "order_refused"),
        "order-longer": ("order", "with a field too many", longer(ORDER, order), "order_refused"),
        "order-accept-bare": (
            "order",
            "accepts no vault",
            statement({**ORDER, "cmd": "accept"}, order),
            "order_refused",
        ),
    }


def policies() -> dict[str, Case]:
    """Gone by, and not."""
    policy = b"hwd/policy/1"
    return {
        "policy": ("policy", "as it is gone by", statement(POLICY, policy), "accepted"),
        "policy-forged": ("policy", "by a stranger", statement(POLICY, policy, STRANGER), "bad_signature"),
        "policy-older": (
            "policy",
            "older than the one held",
            statement({**POLICY, "number": 1}, policy),
            "policy_refused",
        ),
        "policy-elsewhere": (
            "policy",
            "another force's",
            statement({**POLICY, "force": "seaborough"}, policy),
            "policy_refused",
        ),
        "policy-longer": ("policy", "with a field too many", longer(POLICY, policy), "policy_refused"),
    }


def receipts() -> dict[str, Case]:
    """Believed, and not."""
    receipt = b"hwd/rcpt/1"
    good = statement(RECEIPT, receipt, RECEIPT_KEY)
    late = {**RECEIPT, "received_at": "2027-03-14T18:02:15Z"}
    return {
        "receipt": ("receipt", "as it is believed", good, "accepted"),
        "receipt-forged": (
            "receipt",
            "signed by another key",
            statement(RECEIPT, receipt, STRANGER),
            "bad_signature",
        ),
        "receipt-by-command": (
            "receipt",
            "by a key that may not",
            statement({**RECEIPT, "kid": COMMAND.kid}, receipt, COMMAND),
            "receipt_refused",
        ),
        "receipt-unknown-key": (
            "receipt",
            "by a key that is in no directory",
            statement({**RECEIPT, "kid": STRANGER.kid}, receipt, STRANGER),
            "receipt_refused",
        ),
        "receipt-late": (
            "receipt",
            "after the life of its key",
            statement(late, receipt, RECEIPT_KEY),
            "receipt_refused",
        ),
        "receipt-spaced": ("receipt", "spelt otherwise", spaced(good), "receipt_refused"),
    }


def directories() -> dict[str, Case]:
    """Used, and not."""
    return {
        "directory": ("directory", "as it is used", directory(), "accepted"),
        "directory-older": ("directory", "older than the one held", directory(1), "directory_refused"),
        "directory-forged": ("directory", "by a stranger", directory(root=STRANGER), "bad_signature"),
        "directory-spaced": ("directory", "spelt otherwise", spaced(directory()), "directory_refused"),
    }


def returns() -> dict[str, Case]:
    """Read, and not."""
    return {
        "return": ("return", "as it is read", returned(), "accepted"),
        "return-forged": ("return", "by a receipt key", returned(RECEIPT_KEY), "bad_signature"),
        "return-elsewhere": ("return", "for another device", returned(device="dev-8"), "not_for_this_key"),
        "return-other-key": (
            "return",
            "sealed to another key",
            returned(to=key_number(6)),
            "not_for_this_key",
        ),
        "return-cut": ("return", "cut off", returned()[:-70], "envelope_malformed"),
    }


def cases() -> dict[str, Case]:
    """Every file by its name."""
    return {**orders(), **policies(), **receipts(), **directories(), **returns()}


def main() -> None:
    """Write the files that are not there."""
    for name, (kind, purpose, data, outcome) in cases().items():
        path = VECTORS / f"said-{name}.json"
        if not path.exists():
            content = {
                "format": kind,
                "purpose": purpose,
                "bytes": base64.b64encode(data).decode(),
                "root": ROOT.public.hex(),
                "directory": base64.b64encode(directory()).decode(),
                "device": {"id": "dev-7", "suite": 1, "private": DEVICE.private.hex()},
                "expect": outcome,
            }
            path.write_bytes(spelt(content) + b"\n")


if __name__ == "__main__":
    main()
