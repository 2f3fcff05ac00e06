"""Which PINs and passphrases are taken, and that none of them ever stands in a log."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_app.vault.attempts import MOST_TRIES
from field_app.vault.errors import WeakPin, WrongPin
from field_app.vault.pins import accept_passphrase, accept_pin
from tests.support.vaults import PASSPHRASE, PIN, locked_vault, vaults_in


def test_a_pin_of_which_a_keyboard_sent_half_a_character_is_a_wrong_pin_and_no_more(tmp_path: Path) -> None:
    """A refusal by the encoder would carry the whole PIN into a log, after the try was counted."""
    with vaults_in(tmp_path) as vaults:
        vault = locked_vault(vaults)
        with pytest.raises(WrongPin) as refused:
            vaults.unlock(vault, "5820\ud80014")
        assert "5820" not in repr(refused.value)
        assert refused.value.__context__ is None
        assert vaults.tries(vault).left == MOST_TRIES - 1


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        " " * 20,
        "policeofficer",
        "Police Officer",
        "passwordpolice1",
        "p@ssw0rdP0lic3",
        "welcome1welcome2",
        "homewardpolice",
        "reciffo ecilop",
        "123456abcdef",
        "1234567890ab",
        "password123a",
        "liverpoolfc2024",
        "Charlotte 14/03/2011",
        "01/02/1990 01/02/1990",
        "abcabcabcabd",
        "asdfghjklzxc",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "letmeinletmein1",
        "aaaaaaabcdef",
        "zkzzkkzkzkkzkkzzzkzk",
        "01632 960101",
        "correct horse battery staple",
    ],
)
def test_a_passphrase_of_what_people_guess_first_is_refused_and_says_what_to_do(phrase: str) -> None:
    """A thief with the files has all day; the officer reads what a better one is made of."""
    with pytest.raises(WeakPin, match="words that have nothing to do with each other"):
        accept_passphrase(phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        PASSPHRASE,
        "7!9@ 4#2$ 8%6^ 1&",
        "tortoise quarrel vinegar",
        "Ng7-wq0Lz!fe",
        "mein Kahn hat drei Segel",
        "жёлтый чайник молчит",
        "police tortoise vinegar",
        "80417 73052 96183 44092",
    ],
)
def test_a_passphrase_that_nobody_guesses_is_taken(phrase: str) -> None:
    """In any script, without a letter, with a word of the trade among others."""
    accept_passphrase(phrase)


def test_a_passphrase_as_long_as_a_page_is_judged_at_once() -> None:
    """Somebody pastes their notes."""
    with pytest.raises(WeakPin):
        accept_passphrase("ab" * 200_000)
    accept_passphrase(PASSPHRASE * 10_000)


@pytest.mark.parametrize(
    "pin",
    [
        *("123321", "147258", "159357", "147896", "123698", "102030", "918273", "112233", "198000"),
        *("12344321", "147369", "0852369", "31121990", "19900131", "1234567", "889900", "314159"),
    ],
)
def test_a_pin_that_follows_a_rule_is_refused(pin: str) -> None:
    """Mirrored, in even steps, in turns, over the pad, round, a date, or known for itself."""
    with pytest.raises(WeakPin, match="without a pattern"):
        accept_pin(pin)


def test_most_pins_are_taken() -> None:
    """What is refused is one in forty: whoever draws one by lot is seldom sent back."""
    drawn = [f"{(number * 7_919 + 271_828) % 1_000_000:06d}" for number in range(5_000)]
    refused = 0
    for pin in drawn:
        try:
            accept_pin(pin)
        except WeakPin:
            refused += 1
    accept_pin(PIN)

    assert refused < len(drawn) / 30
