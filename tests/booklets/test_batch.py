"""Several envelopes in one batch: what goes in comes out, and whatever is no batch is refused whole."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.batch import MOST_BYTES, MOST_ITEMS, BatchMalformed, bound, deflated, inflated, unbound

ENVELOPES = st.lists(st.binary(min_size=1, max_size=90), min_size=1, max_size=MOST_ITEMS)


@given(envelopes=ENVELOPES)
def test_what_was_bound_comes_out_in_order(envelopes: list[bytes]) -> None:
    """Also packed for the way."""
    assert unbound(inflated(deflated(bound(envelopes)), most=MOST_BYTES)) == tuple(envelopes)


@given(envelopes=ENVELOPES, data=st.data())
def test_a_batch_that_was_cut_is_never_taken_for_one_with_another_envelope_in_it(
    envelopes: list[bytes], data: st.DataObject
) -> None:
    """It is refused, or has the first ones as they were."""
    batch = bound(envelopes)
    cut = data.draw(st.integers(0, len(batch) - 1))

    try:
        found = unbound(batch[:cut])
    except BatchMalformed:
        return
    assert found == tuple(envelopes[: len(found)])


@pytest.mark.parametrize(
    "envelopes",
    [
        pytest.param([], id="nothing"),
        pytest.param([b"one", b""], id="an empty one"),
        pytest.param([b"x"] * (MOST_ITEMS + 1), id="too many"),
        pytest.param([b"x" * MOST_BYTES], id="too large"),
    ],
)
def test_what_no_server_takes_is_not_bound(envelopes: list[bytes]) -> None:
    """So a handheld never waits for an answer to it."""
    with pytest.raises(BatchMalformed):
        bound(envelopes)


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(b"not packed at all", id="not packed"),
        pytest.param(zlib.compress(b"0" * 1001), id="more than may be"),
        pytest.param(zlib.compress(b"0" * 900)[:-1], id="cut short"),
        pytest.param(zlib.compress(b"0" * 900) + b"0", id="something after it"),
    ],
)
def test_nothing_is_unpacked_further_than_it_may_be(packed: bytes) -> None:
    """However small it is on the way."""
    with pytest.raises(BatchMalformed):
        inflated(packed, most=1000)
