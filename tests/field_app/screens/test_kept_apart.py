"""What an officer reads of a version that is kept beside a colleague's, or until another is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from field_app.ui import returning_words, screen_words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import journey
from tests.support.sent_back import Force, an_honest_check, newest_records
from tests.support.standing import standing_at


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def nothing_more(model: Model, officer: OnShift) -> None:
    """The worklist, as it is read from the store."""
    model.home = officer.shift.home()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({}, returning_words.KEPT_APART),
        (
            {"settled": "kept_beside", "settled_rev": 1},
            "your colleague’s counts, and yours is kept beside it",
        ),
        ({"settled": "kept_beside", "settled_rev": 2}, returning_words.KEPT_APART),
        ({"settled": "on_top", "settled_rev": 1}, "yours counts now"),
        ({"settled": "replaced", "settled_rev": 1}, "yours is kept as the one before it"),
    ],
)
def test_what_became_of_a_version_beside_which_there_is_another_is_said_plainly(
    officer: OnShift, told: dict[str, object], says: str
) -> None:
    """Kept, read by whom, which counts, and what to do where something is lost by that."""
    session = an_honest_check(officer)
    for item in officer.outbox():
        officer.refused(item, "rev_conflict")
    records = newest_records(officer, session.encounter.id)
    if told:
        detail = {"state": str(told["settled"]), "settled_by": "Sgt Oyelaran", **told}
        Force(officer).tells("status", records[0], detail)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            model.show_sent(model.home.parcels[0])
            await app.settle()
            assert app.says(says)
            assert app.says("tell Sgt Oyelaran") == (
                told.get("settled_rev") == 1 and told.get("settled") != "on_top"
            )
            assert not app.has("withdraw")

    journey(walk)


@pytest.mark.parametrize(
    ("code", "says"), [("too_early", returning_words.TOO_EARLY), ("not_theirs", screen_words.MUST_LOOK)]
)
def test_why_the_force_keeps_it_apart_is_said(officer: OnShift, code: str, says: str) -> None:
    """What comes right by itself asks for nothing; what does not is a person's to look at."""
    an_honest_check(officer)
    for item in officer.outbox():
        officer.refused(item, code)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            model.show_sent(model.home.parcels[0])
            await app.settle()
            assert app.says(says)

    journey(walk)


def test_of_what_came_while_the_phone_was_stopped_it_says_who_decides(officer: OnShift) -> None:
    """It is at the force; the desk alone can do nothing about it."""
    session = an_honest_check(officer)
    for item in officer.outbox():
        officer.refused(item, "handheld_stopped")
    for record in newest_records(officer, session.encounter.id):
        Force(officer).tells("status", record, {"state": "quarantined", "reason": "handheld_stopped"})

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
            model.show_sent(model.home.parcels[0])
            await app.settle()
            assert app.says("An administrator decides whether it counts")

    journey(walk)
