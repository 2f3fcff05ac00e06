"""Numbers that tell whether two texts are alike, and from which nobody reads either.

    key    = HMAC-SHA256(pepper, "hwd/sketch/1" ‖ force ‖ 0 ‖ unit)
    number = the first 2 bytes of BLAKE2b(key, run)

A run is the number of five words in a row (``booklets.checks.likeness``). Without the key, which lies in a
file, a number says nothing. With the key no single number proves a run either: there are only 65,536 of
them, so a run that was never written is among those of a long text one time in a few hundred, and whoever
guesses word after word has ever more ways to go on. Two texts are still not alike by chance: eight runs in
ten would have to be.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

NUMBER_BYTES = 2
RUN_BYTES = 4


@dataclass(frozen=True, slots=True)
class Sketcher:
    """Makes the numbers of one unit's texts. Those of another unit, or force, compare with none of them."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, pepper: bytes, *, force: str, unit: str) -> Sketcher:
        """The one for the texts of this unit."""
        return cls(hmac.digest(pepper, b"hwd/sketch/1" + force.encode() + b"\0" + unit.encode(), "sha256"))

    def numbers(self, runs: Iterable[int]) -> frozenset[int]:
        """What stands for these runs."""
        keyed = blake2b(key=self.key, digest_size=NUMBER_BYTES)  # made once: the key is half of the work
        found: list[bytes] = []
        for run in runs:  # a hundred of a long text: written out here, without a call for each
            one = keyed.copy()
            one.update(run.to_bytes(RUN_BYTES, "big"))
            found.append(one.digest())
        return frozenset([int.from_bytes(one, "big") for one in found])
