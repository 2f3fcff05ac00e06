"""The device itself says where it is, through the browser's own receiver: found, and not allowed."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from booklets.answers import Answer, rows_of
from booklets.positions import OF_A_PLACE
from field_app.handset.whereabouts import NotAllowed
from field_app.ui import late_answers
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.asking import asks
from tests.support.browser import phone
from tests.support.handsets import an_offline_shift
from tests.support.stage import Stage, served

pytestmark = pytest.mark.journey

FOUND = "ret.found_place"
NEAR_THE_HARBOUR = (54.28139, -0.40127, 11.2)


def asks_where_found(model: Model) -> None:
    """The page of a new return check that asks where the child was found."""
    asks(model, "return_check", FOUND)
    model.at = At.PAGE
    model.redraw()


def test_the_device_is_asked_at_a_tap_and_says_how_exact_it_is(browser: Browser, tmp_path: Path) -> None:
    """Where it may not say, the officer is told so, nothing is kept, and the place is typed."""
    late_answers.are_let_go()
    with an_offline_shift(tmp_path) as officer:
        stage = Stage(officer=officer)
        with served(stage.main) as url:
            with phone(browser, url) as refused:
                stage.tell(asks_where_found)
                refused.tap(f"{FOUND}.here")
                refused.sees(f"{FOUND}.told")
                refused.expect_says(NotAllowed.says)
                assert answered(stage) == {}
            officer.shift.put_down()
            with phone(browser, url, geolocation=NEAR_THE_HARBOUR) as screen:
                stage.tell(asks_where_found)
                screen.tap(f"{FOUND}.here")
                screen.expect_says("Where you stood, ")
                [row] = rows_of(answered(stage)[OF_A_PLACE])
                assert (row["lat"], row["lon"], row["accuracy_m"]) == ("54.28139", "-0.40127", "12")
                assert "54.28" not in screen.page.url


def answered(stage: Stage) -> dict[str, Answer]:
    """What is known of the place that answers the question."""
    session = stage.models[-1].open_session()
    place = session.value(FOUND)
    return dict(session.encounter.entities[UUID(str(place))].facts) if place else {}
