"""How long a property is searched: briefly while somebody works, at length where nobody waits."""

from __future__ import annotations

import os

AT_LENGTH = bool(os.environ.get("CI"))


def examples(at_length: int) -> int:
    """How many examples to try: all of them in CI, a fifth at a desk."""
    return at_length if AT_LENGTH else max(5, at_length // 5)
