"""A record only ever goes where the table lets it, in whatever order things arrive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.decisions import Outcome
from sync_server.db.tables import State
from sync_server.deciding.states import DECIDED_BY, MOVES, Act, act_of, moved
from sync_server.projection import state_on_arrival
from tests.support.builders import a_decision, a_ppn, a_return

acts = st.lists(st.sampled_from(Act), max_size=12)


@given(acts)
def test_nothing_is_approved_that_nobody_could_have_read(happened: list[Act]) -> None:
    """Whatever happens: between a new revision and an approval there is no other way to be approved."""
    state, read = State.PENDING, False
    for act in happened:
        to = moved(state, act)
        if to is None:
            continue
        read = act not in {Act.REVISE, Act.WITHDRAW} and (read or act in {Act.APPROVE, Act.REFER})
        if act is Act.RETURN:
            read = False
        state = to
        assert (state in {State.APPROVED, State.SPECIALIST, State.CLOSED}) == read


@given(acts)
def test_what_was_withdrawn_stays_so_until_its_author_says_otherwise(happened: list[Act]) -> None:
    """No decision brings back what an officer took back."""
    state = State.WITHDRAWN
    for act in (one for one in happened if one is not Act.REVISE):
        state = moved(state, act) or state
    assert state is State.WITHDRAWN


@given(st.sampled_from(State), st.sampled_from(Outcome), st.sampled_from(["RET", "PVI", "PPN"]))
def test_only_what_somebody_decides_on_can_be_decided(state: State, outcome: Outcome, kind: str) -> None:
    """A state that waits for nobody has no way out that a decision could take."""
    to = moved(state, act_of(outcome, state, kind))

    assert to is None or state in DECIDED_BY


@pytest.mark.parametrize("state", [one for one in State if one is not State.FILED])
def test_a_new_revision_begins_anew_and_a_withdrawal_ends_it_wherever_it_stood(state: State) -> None:
    """Nothing that an officer says of their own record is illegal."""
    assert (moved(state, Act.REVISE), moved(state, Act.WITHDRAW)) == (State.PENDING, State.WITHDRAWN)


def test_a_decision_is_never_decided_on() -> None:
    """Nor does a word about it move it."""
    assert {to for (state, _), to in MOVES.items() if state is State.FILED} == {State.FILED}


def test_a_ppn_is_read_twice() -> None:
    """README 22: supervisor and specialists, before anything goes to partners."""
    read = moved(State.PENDING, act_of(Outcome.APPROVE, State.PENDING, "PPN"))
    assert read is State.SPECIALIST
    assert moved(read, act_of(Outcome.APPROVE, read, "PPN")) is State.CLOSED


def test_a_record_stands_on_arrival_where_the_table_puts_it() -> None:
    """The register is made again from evidence alone, so arrival has to say the same without a history."""
    returned = a_return()

    assert state_on_arrival(returned) is moved(State.APPROVED, Act.REVISE)
    assert state_on_arrival(a_return(void_reason="Wrong child.")) is moved(State.PENDING, Act.WITHDRAW)
    assert state_on_arrival(a_ppn()) is State.PENDING
    assert state_on_arrival(a_decision([returned])) is State.FILED
