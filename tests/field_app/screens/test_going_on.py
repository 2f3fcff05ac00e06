"""Going on from what was sent: what comes next about the same child starts with what is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from booklets.errors import NotAllowedNow
from field_app.handset.returning import go_on, withdraw
from field_app.store.outbox import Outbox
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import journey
from tests.support.sent_back import an_honest_check
from tests.support.standing import standing_at


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def _check_sent(model: Model, officer: OnShift) -> None:
    an_honest_check(officer)
    model.home = officer.shift.home()
    model.sent = model.home.parcels[0].encounter


def test_what_comes_next_is_about_the_same_child_of_the_same_episode(officer: OnShift) -> None:
    """From the sent screen to its first page; nobody types a name again."""

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=_check_sent) as (app, model):
            sent = officer.shift.newest_sent(model.sent)
            assert sent is not None
            assert app.says("Next for Amy Brook")
            await app.tap("next.ppn")
            assert model.at is At.PAGE
            begun = model.open_session().encounter
            assert (begun.guide, begun.subject) == ("ppn", sent.subject)
            assert (begun.episode, begun.incident) == (sent.episode, sent.incident)
            assert begun.id != sent.id
            assert model.open_session().value("person.known_as") == "Amy"

    journey(walk)


def test_what_was_begun_is_gone_on_with(officer: OnShift) -> None:
    """Two taps on one row do not make two notices."""
    an_honest_check(officer)
    [parcel] = officer.shift.home().parcels
    first = go_on(officer.shift, parcel, "ppn").encounter
    again = go_on(officer.shift, parcel, "ppn").encounter

    assert first.id == again.id


def test_nothing_is_offered_twice_nor_after_a_withdrawal(officer: OnShift) -> None:
    """One PPN a child; and what was taken back leads nowhere."""

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=_check_sent) as (app, model):
            assert app.has("next.ppn")
            sent = model.home.parcels[0]
            model.home = replace(model.home, parcels=(sent, replace(sent, guide="ppn", encounter="another")))
            model.go(At.SENT)
            await app.settle()
            assert not app.has("next.ppn")

    journey(walk)
    withdraw(officer.shift, officer.shift.home().parcels[0], "It was another child.")

    async def withdrawn() -> None:
        def shown(model: Model, officer: OnShift) -> None:
            model.home = officer.shift.home()
            model.sent = model.home.parcels[0].encounter

        async with standing_at(At.SENT, officer, state=shown) as (app, _):
            assert not app.has("next.ppn")

    journey(withdrawn)


def test_where_no_copy_is_kept_it_says_how_to_begin(officer: OnShift) -> None:
    """The phone forgets; the officer is told what to do instead."""
    an_honest_check(officer)
    [parcel] = officer.shift.home().parcels
    later = officer.handset.clock.now() + timedelta(hours=2)
    officer.on_keeper(lambda: Outbox(officer.shift._vault.db).erase_due(now=later))

    with pytest.raises(NotAllowedNow, match="Begin the next record from the worklist"):
        go_on(officer.shift, parcel, "ppn")
