"""How ``vectors/vault-*.json`` was made: a vault as it lies on a handheld, with what its key store holds.

    python -m tests.field_app.vault.freeze_vault

It is frozen: this adds a missing one and changes none. A layout that cannot read it needs a way to carry an
officer's work over, and a file of its own beside this one. ``vault-1.json`` is of a layout that was
never released: it is kept to be refused.
"""

from __future__ import annotations

import base64
import json
import tempfile
import zlib
from pathlib import Path
from typing import Any, Final

from booklets.sealing import KemKey
from field_app.store.drafts import DraftStore
from tests.support.vaults import PIN, MemorySecrets, file_of, new_vault, vaults_in

VECTORS: Final = Path(__file__).parent / "vectors"
RECOVERY: Final = KemKey.from_private(1, bytes(range(32)))
DRAFTS: Final[list[dict[str, Any]]] = [
    {"id": "a", "said": "Zebedee-Marker, at the door"},
    {"id": "b", "said": "“Don’t”, said Siân", "n": 2, "none": None},
]


def made() -> dict[str, Any]:
    """A vault with two drafts, after one more was erased and the keys have changed because of that."""
    secrets = MemorySecrets()
    with tempfile.TemporaryDirectory() as name:
        with vaults_in(Path(name), secrets=secrets) as vaults:
            with new_vault(vaults, recovery=RECOVERY.public) as opened:
                for draft in (*DRAFTS, {"id": "c"}):
                    DraftStore(opened.db).save(draft)
                DraftStore(opened.db).forget("c")
            vaults.unlock(opened.id, PIN).lock()
        file = file_of(Path(name), opened.id).read_bytes()
    return {
        "format": "vault",
        "schema": 2,
        "purpose": "two drafts, keys of the second generation",
        "vault": opened.id,
        "officer": "officer-1",
        "pin": PIN,
        "key_store": secrets.kept,
        "recovery": RECOVERY.private.hex(),
        "file": base64.b64encode(zlib.compress(file, 9)).decode(),
        "drafts": DRAFTS,
    }


def main() -> None:
    """Write it, if it is not there."""
    path = VECTORS / "vault-2.json"
    if not path.exists():
        path.write_text(json.dumps(made(), indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
