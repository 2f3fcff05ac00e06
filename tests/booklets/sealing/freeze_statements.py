"""How the files ``order-*``, ``policy-*`` and ``recovery-*`` in ``vectors`` were made. They are frozen.

    python -m tests.booklets.sealing.freeze_statements

This adds missing ones and changes none; an order and a policy are written here from their description alone.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from booklets.sealing import compare_code, seal_back, seal_for_holder
from tests.booklets.sealing.freeze import VECTORS
from tests.support.sealing import key_number, sign, signer_number, spelt

ROOT = signer_number(10)
VAULT = bytes(range(16))
VAULT_KEY = bytes(range(32))
OFFICER = "0195952b-2f6a-7c11-8e54-1f0f6d1c0b14"
ORDER: dict[str, Any] = {
    "v": 1,
    "cmd": "wipe",
    "device": "dev-7",
    "number": 3,
    "issued": "2026-03-14T03:02:11Z",
    "nonce": "0f" * 16,
}
ACCEPT: dict[str, Any] = {**ORDER, "cmd": "accept", "number": 4, "vault": VAULT.hex(), "count": 40}
POLICY: dict[str, Any] = {
    "v": 1,
    "force": "north_yorkshire",
    "number": 4,
    "issued": "2026-03-14T03:02:11Z",
    "policy": {"keep_readable_minutes": 30, "max_offline_days": 14, "support_phone": "01632 960108"},
}


def statement(fields: dict[str, Any], domain: bytes, key: Any = ROOT) -> bytes:
    """A signed statement written from its description alone."""
    return spelt({**fields, "sig": sign(key, domain, spelt(fields)).hex()})


def recovery(suite: int) -> dict[str, Any]:
    """A vault's key, sealed there and back in one suite."""
    holder, device = key_number(2, suite), key_number(5, suite)
    there, back = (
        seal_for_holder(holder.public, VAULT_KEY, VAULT, OFFICER),
        seal_back(device.public, VAULT_KEY, VAULT),
    )
    return {
        "suite": suite,
        "holder": holder.private.hex(),
        "device": device.private.hex(),
        "vault": VAULT.hex(),
        "officer": OFFICER,
        "vault_key": VAULT_KEY.hex(),
        "there": base64.b64encode(there).decode(),
        "back": base64.b64encode(back).decode(),
        "code": compare_code("dev-7", VAULT, there),
    }


def made() -> dict[str, dict[str, Any]]:
    """Every file."""
    signed = {
        "order-wipe": statement(ORDER, b"hwd/order/1"),
        "order-stop": statement({**ORDER, "cmd": "stop", "number": 1}, b"hwd/order/1"),
        "order-accept": statement(ACCEPT, b"hwd/order/1"),
        "policy": statement(POLICY, b"hwd/policy/1"),
    }
    files = {name: {"root": ROOT.public.hex(), "statement": data.decode()} for name, data in signed.items()}
    return {**files, "recovery-classical": recovery(1), "recovery-hybrid": recovery(2)}


def main() -> None:
    """Write the files that are not there."""
    for name, content in made().items():
        path = VECTORS / f"{name}.json"
        if not path.exists():
            path.write_text(json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
