"""Both suites against an implementation in another language: each opens what the other sealed.

It stands here and not beside the seals' own tests, which a phone's environment runs too: that has no npm.
"""

from __future__ import annotations

import pytest

from booklets.sealing import SealBroken, open_sealed, seal
from tests.support.hpke_peer import Refused, opened_by_them, sealed_by_them
from tests.support.sealing import key_number

TEXT, WHY = b"seen at 14:05 by the river", b"hwd/test"
BOTH = pytest.mark.parametrize("suite", [1, 2], ids=["classical", "hybrid"])


@BOTH
def test_they_open_what_we_seal(suite: int) -> None:
    """With the private bytes that we keep, and for the purpose it was sealed for alone."""
    key = key_number(1, suite)
    sealed = seal(key.public, TEXT, WHY)

    assert opened_by_them(key, sealed, WHY) == TEXT
    with pytest.raises(Refused, match="OpenError"):
        opened_by_them(key, sealed, b"hwd/other")
    with pytest.raises(Refused, match="OpenError"):
        opened_by_them(key_number(2, suite), sealed, WHY)


@BOTH
def test_we_open_what_they_seal(suite: int) -> None:
    """To the public bytes that stand in our directory."""
    key = key_number(1, suite)
    sealed = sealed_by_them(key.public, TEXT, WHY)

    assert open_sealed(key, sealed, WHY) == TEXT
    with pytest.raises(SealBroken):
        open_sealed(key, sealed, b"hwd/other")
