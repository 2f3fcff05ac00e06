"""An honest return check with nothing worrying: what it takes, and that nothing is answered for anybody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from booklets.answers import codes_of, rows_of
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.field_app.screens.test_every_record import Watched
from tests.support.asking import asks
from tests.support.hand import Seen
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.people import Words
from tests.support.screens import journey
from tests.support.situated import Tally
from tests.support.standing import STATES, standing_at
from tests.support.walked import keep
from tests.support.walks import EIGHT

MOST_TAPS = 43
KNOWN = re.compile(r"ret\.return_place\.[0-9a-f-]{36}")
MOST_MINUTES = 12.0
TITLE = "A return check in which nothing worries"
HAPPENED = (
    "Amy, 15, comes home alone and talks; her words, how she seemed, what her mother says, the eight "
    "questions and where she sleeps are all really answered, and the duty team is rung."
)
TALK = Words()
CHOSEN = {
    "person.sex": "F",
    "person.ethnicity_sde": "W1",
    "ret.found_how": "alone",
    "ret.condition": "awake_talking",
    "pi.face_to_face": "yes",
    "pi.engaged": "yes",
    "pi.seen_alone": "yes",
    "pi.bwv": "yes",
    "pi.home_safe": "yes",
    "ret.la_informed.0.with": "edt_north_yorkshire",
    "ret.la_informed.0.outcome": "accepted",
    "ret.parents_informed": "told",
    "pi.rhi_told": "yes",
}
WRITTEN = {
    "ret.found_place.place.street": "14 Saltern Row",
    "pi.child_words.0.asked": TALK.asked,
    "pi.child_words.0.said": TALK.said,
    "pi.why_left": TALK.why_left,
    "pi.worries": TALK.worries,
    "pi.wants": TALK.wants,
    "pi.prevent": TALK.prevent,
    "pi.where.place.street": "The shelter by the bandstand",
    "pi.who.person.known_as": "Jade",
    "pi.demeanour": TALK.demeanour,
    "pi.carer_view": TALK.carer_view,
    "ret.left_with.person.known_as": "Karen",
    "ret.la_informed.0.with.find": "duty",
    "pi.ppn_needed_because": (
        "Asked alone about harm, debt, people and home: no to each. Unhurt; a row over homework."
    ),
}


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


class Counted(Watched):
    """An officer whose touches are counted page by page."""

    def __init__(self, app: object, model: Model) -> None:
        super().__init__(app, dict(CHOSEN), words=WRITTEN, model=model)  # type: ignore[arg-type]
        self.by_page: Counter[str] = Counter()

    async def tap(self, identifier: str, brings: Seen | None = None, *, choice: bool = False) -> None:
        """A touch, on the page where it is made."""
        session = self.model.session
        self.by_page[session.guide.pages[self.model.page].title if session else "Home"] += 1
        await super().tap(identifier, brings, choice=choice)

    async def _adds_somebody(self, name: str, kind: str) -> None:
        """Home is the place where she was found: touched, not typed again."""
        if name == "ret.return_place":
            await self.tap(next(one for one in self.app.identifiers() if KNOWN.fullmatch(one)))
        else:
            await super()._adds_somebody(name, kind)


def page_by_page(hand: Counted) -> str:
    """Where the taps go, in words."""
    pages = ", ".join(f"{page} {taps}" for page, taps in hand.by_page.items())
    return f"Taps by page: {pages}."


def test_a_check_with_nothing_worrying_takes_forty_taps_and_the_words(officer: OnShift) -> None:
    """Every question of section 6 is really answered; no touch answers two, and none is left out."""

    async def walk() -> None:
        async with standing_at(At.START, officer, state=STATES[At.START]) as (app, model):
            hand = Counted(app, model)
            await hand.tap("begin.return_check")
            await hand.page_by_page("return_check")
            answers, gaps = dict(model.open_session().encounter.answers), hand.left
            await hand.tap("send")
            assert model.at is At.SENT
            took = Tally(TITLE, hand.taps, hand.fields, hand.typed, hand.spoken, gaps)
            keep("quiet-return-check", TITLE, f"{HAPPENED} {page_by_page(hand)}", [took])
            assert hand.taps <= MOST_TAPS
            assert took.minutes <= MOST_MINUTES
            assert gaps == 0
            assert rows_of(answers["pi.child_words"])[0]["said"] == TALK.said
            assert answers["pi.demeanour"] == TALK.demeanour
            assert answers["pi.injured"] == "no"
            assert answers["pi.home_safe"] == "yes"
            assert {one: answers[one] for one in EIGHT} == dict.fromkeys(EIGHT, "no")

    journey(walk)


def test_whoever_is_named_on_the_page_is_one_person_and_can_be_taken_back(officer: OnShift) -> None:
    """With the first letter they answer the question; with the last one taken away they no longer do."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=_closing) as (app, model):
            session = model.open_session()
            await app.keys("ret.left_with.person.known_as", "Karen")
            await app.keys("ret.left_with.person.surname", "Brook")
            [karen] = codes_of(session.value("ret.left_with"))
            assert not app.has(f"ret.left_with.{karen}")
            await app.tap("ret.left_with.more")
            assert model.at is At.ENTITY
            assert app.box("person.known_as").value == "Karen"
            await app.tap("done")
            assert app.has(f"ret.left_with.{karen}")
            assert not app.has("ret.left_with.person.known_as")
            await app.type("ret.return_place.place.town", "Whitby")
            assert codes_of(session.value("ret.return_place"))
            await app.type("ret.return_place.place.town", "")
            assert session.value("ret.return_place") is None
            assert app.has("ret.return_place.place.town")

    journey(walk)


def test_whoever_is_being_named_stays_on_the_page_when_the_question_is_needed_no_longer(
    officer: OnShift,
) -> None:
    """The child begins to tell of a crime while the friend's name is typed: she is listed."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=_talking) as (app, model):
            session = model.open_session()
            await app.keys("pi.who.person.known_as", "Jade")
            [jade] = codes_of(session.value("pi.who"))
            model.put(session.stop_question, "yes")
            await app.settle()
            assert not app.has("pi.who.person.known_as")
            assert app.has(f"pi.who.{jade}.open")
            assert app.says("Jade")

    journey(walk)


def _talking(model: Model, officer: OnShift) -> None:
    asks(model, "return_check", "pi.who")
    model.open_session().put("pi.engaged", "yes")


def _closing(model: Model, officer: OnShift) -> None:
    model.session = officer.shift.start("return_check")
    model.page = next(number for number, one in enumerate(model.session.guide.pages) if one.id == "close")
    model.problems = model.session.problems()
