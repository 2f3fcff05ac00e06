"""Every record can be opened, completed, reviewed and sent on the screens, by tapping and typing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from booklets import definitions
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.filling_in import FillsIn
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import journey
from tests.support.standing import standing_at

OFFERED = sorted(id_ for id_ in definitions.guide_ids() if definitions.guide(id_).offered)
ANSWERS = {"person.ethnicity_sde": "W1", "person.sex": "F"}


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


@pytest.mark.thorough
@pytest.mark.parametrize("guide", OFFERED)
def test_a_record_is_opened_completed_reviewed_and_sent(guide: str, officer: OnShift) -> None:
    """Led by what the review asks for, and by nothing else; then it waits for signal."""

    def with_every_role(model: Model, officer: OnShift) -> None:
        officer.shift.officer = replace(officer.shift.officer, roles=("officer", "mhet"))

    async def walk() -> None:
        async with standing_at(At.START, officer, state=with_every_role) as (app, model):
            hand = FillsIn(app, dict(ANSWERS))
            await hand.tap(f"begin.{guide}")
            await hand.page_by_page(guide)
            await hand.tap("send")
            assert model.at is At.SENT
            assert app.has("sent.state")
            print(f"{guide}: {hand.taps} taps, {hand.typed} characters")  # noqa: T201 - the count

    journey(walk)
    sent = {item.summary["guide"] for item in officer.outbox()}
    assert guide in sent
