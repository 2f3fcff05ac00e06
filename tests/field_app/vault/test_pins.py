"""Which PINs and passphrases are taken, and that none of them ever stands in a log."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_app.vault.attempts import MOST_TRIES
from field_app.vault.errors import WrongPin
from tests.support.vaults import locked_vault, vaults_in


def test_a_pin_of_which_a_keyboard_sent_half_a_character_is_a_wrong_pin_and_no_more(tmp_path: Path) -> None:
    """A refusal by the encoder would carry the whole PIN into a log, after the try was counted."""
    with vaults_in(tmp_path) as vaults:
        vault = locked_vault(vaults)
        with pytest.raises(WrongPin) as refused:
            vaults.unlock(vault, "5820\ud80014")
        assert "5820" not in repr(refused.value)
        assert refused.value.__context__ is None
        assert vaults.tries(vault).left == MOST_TRIES - 1
