"""Codes that people read aloud and type at night."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.identity.codes import ALPHABET, as_typed, fingerprint, new_code, new_compare_code, shown
from sync_server.keys.passwords import Cost, fits, hash_password
from tests.support.servers import CHEAP

codes = st.text(ALPHABET, min_size=10, max_size=10)


@given(codes)
def test_a_code_survives_being_shown_and_typed(code: str) -> None:
    """Groups, dashes, spaces and small letters change nothing."""
    assert as_typed(shown(code)) == code
    assert as_typed(shown(code).lower().replace("-", " ")) == code


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_code_or_nothing(typed: str) -> None:
    """Never an exception."""
    code = as_typed(typed)

    assert code is None or (len(code) == 10 and set(code) <= set(ALPHABET))


@pytest.mark.parametrize("make", [new_code, new_compare_code])
def test_no_two_codes_are_the_same(make: Callable[[], str]) -> None:
    """Among a thousand."""
    assert len({make() for _ in range(1000)}) == 1000


def test_a_kept_code_does_not_show_the_code() -> None:
    """Only its fingerprint lies in the database."""
    code = new_code()

    assert code not in fingerprint(code)
    assert fingerprint(code) == fingerprint(code)


def test_a_password_is_kept_at_the_cost_it_was_given() -> None:
    """The cost is in the hash, so that it can be raised later without asking anybody."""
    kept = hash_password("harbour", Cost(memory_kib=128, passes=2, lanes=1))

    assert kept.startswith("$argon2id$v=19$m=128,t=2,p=1$")
    assert fits("harbour", kept)
    assert not fits("harbor", kept)


def test_a_password_without_end_is_not_worked_on() -> None:
    """A megabyte in the password field costs nothing."""
    kept = hash_password("x" * 2000, CHEAP)

    assert not fits("x" * 2000, kept)
