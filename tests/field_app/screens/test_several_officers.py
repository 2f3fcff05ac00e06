"""Several officers share a handheld: each opens their own vault, and sees nobody else's."""

from __future__ import annotations

from pathlib import Path

from field_app.sync.sessions import Session
from field_app.ui import entering
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.field_app.sync.desks import a_session
from tests.support.handsets import GUIDE, OnShift, an_offline_shift, found_child
from tests.support.portals import tokens
from tests.support.screens import journey
from tests.support.standing import standing_at
from tests.support.vaults import PIN

OTHER_PIN = "940271"


def signed_in_as(number: str) -> Session:
    """Another officer of the same name as the first."""
    first = tokens()["officer"]
    return a_session(officer=first | {"id": f"o-{number}", "shoulder_no": number})


def test_two_officers_of_one_name_tell_their_vaults_apart_and_see_their_own(tmp_path: Path) -> None:
    """Nothing but the names they chose stands on the lock screen."""
    with an_offline_shift(tmp_path) as officer:
        session = officer.shift.start(GUIDE)
        found_child(session)
        officer.handset.lock()

        async def walk() -> None:
            async with standing_at(At.CHOOSE_PIN, officer, state=second) as (app, model):
                for again in ("3055", "3056"):
                    model.signed = signed_in_as(again)
                    model.standing = officer.handset.open()
                    await entering.choose_pin(model, OTHER_PIN, OTHER_PIN)
                    assert model.at is At.HOME
                    assert not model.home.drafts
                    assert not app.says("Amy")
                    await entering.lock(model)
                await app.settle()
                shown = [one for one in app.identifiers() if one.startswith("officer.")]
                assert len(shown) == 3
                names = {str(app.at(one).label) for one in shown}
                assert len(names) == 3, "told apart"
                assert not app.says("Amy")
                model.vault = officer.handset.open().officers[0].vault
                assert not await entering.unlock(model, OTHER_PIN), "another's PIN"
                assert await entering.unlock(model, PIN)
                assert [one.name for one in model.home.drafts] == ["Amy Brook"]

        journey(walk)


def second(model: Model, officer: OnShift) -> None:
    """Somebody who has no vault here yet has signed in."""
    model.standing = officer.handset.open()
