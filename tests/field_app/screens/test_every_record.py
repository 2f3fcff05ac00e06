"""Every record can be opened, completed, reviewed and sent on the screens, by tapping and typing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, blank
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.filling_in import FillsIn
from tests.support.hand import Seen
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import journey
from tests.support.standing import standing_at

OFFERED = sorted(id_ for id_ in definitions.guide_ids() if definitions.guide(id_).offered)
ANSWERS = {"person.ethnicity_sde": "W1", "person.sex": "F"}


@dataclass(kw_only=True)
class Watched(FillsIn):
    """Whoever fills in is watched: what one touch fills in, and what was left with a reason."""

    model: Model
    filled: list[int] = field(default_factory=list)

    def answers(self) -> dict[tuple[str, str], Answer]:
        """Every answer of the record that is open, and everything known of whom it mentions."""
        session = self.model.session
        if session is None:
            return {}
        known = {("", name): answer for name, answer in session.encounter.answers.items()}
        about = {
            (str(id_), name): fact
            for id_, entity in session.encounter.entities.items()
            for name, fact in entity.facts.items()
        }
        return known | about

    async def tap(self, identifier: str, brings: Seen | None = None, *, choice: bool = False) -> None:
        """Touch something; whatever was open before has at most one answer more, or another one."""
        before, were_open = self.answers(), self.model.session is not None
        await super().tap(identifier, brings, choice=choice)
        after = self.answers()
        if were_open:
            new = [one for one in after if after[one] != before.get(one) and not blank(after[one])]
            self.filled.append(len(new))
            assert len(new) <= 1, f"{identifier} fills in {new}"

    @property
    def left(self) -> int:
        """How many questions have a reason in the place of an answer."""
        return sum(isinstance(one, Gap) for one in self.answers().values())


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


@pytest.mark.thorough
@pytest.mark.parametrize("guide", OFFERED)
def test_a_record_is_opened_completed_reviewed_and_sent(guide: str, officer: OnShift) -> None:
    """Led by what the review asks for, and by nothing else; then it waits for signal.

    No touch fills in more than one answer, and what the shortest way takes is counted.
    """

    def with_every_role(model: Model, officer: OnShift) -> None:
        officer.shift.officer = replace(officer.shift.officer, roles=("officer", "mhet", "vat"))

    async def walk() -> None:
        async with standing_at(At.START, officer, state=with_every_role) as (app, model):
            hand = Watched(app, dict(ANSWERS), model=model)
            await hand.tap(f"begin.{guide}")
            await hand.page_by_page(guide)
            gaps = hand.left
            await hand.tap("send")
            assert 1 in hand.filled
            assert model.at is At.SENT
            assert app.has("sent.state")
            count = f"{hand.taps} taps, {hand.typed} characters, {gaps} gaps"
            print(f"{guide}: {count}")  # noqa: T201 - the count

    journey(walk)
    sent = {item.summary["guide"] for item in officer.outbox()}
    assert guide in sent
