"""What lies in the memory of another process, byte for byte, as a thief with its dump would find it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

READABLE: Final = sys.platform == "linux" and Path("/proc/self/mem").exists()
"""Whether this system shows one process the memory of its children."""

_STRIDE: Final = 1 << 24


def hits(pid: int, needles: Mapping[str, Sequence[bytes]]) -> dict[str, int]:
    """How often the needles of each name lie in the writable memory of a process."""
    found = dict.fromkeys(needles, 0)
    longest = max(len(one) for several in needles.values() for one in several)
    maps = Path(f"/proc/{pid}/maps").read_text("ascii").splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if "w" not in rights:
                continue
            low, high = (int(part, 16) for part in span.split("-"))
            before = b""
            for at in range(low, high, _STRIDE):
                try:
                    memory.seek(at)
                    data = before + memory.read(min(_STRIDE, high - at))
                except OSError:  # a page that the system keeps for itself
                    break
                for name, several in needles.items():
                    found[name] += sum(data.count(one) for one in several)
                    found[name] -= sum(before.count(one) for one in several)
                before = data[-(longest - 1) :]
    return found
