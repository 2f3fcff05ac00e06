"""Photographs on a page: added, named, looked at, taken away and put back; and a file that is none."""

from __future__ import annotations

from dataclasses import dataclass, field

import flet as ft

from booklets.answers import Row, rows_of
from booklets.forms import Stage
from booklets.photos import CAPTION, attachment_of
from field_app.capture.pictures import NOT_AN_IMAGE, NoPicture
from field_app.handset.shift import Shift
from field_app.ui import photo_words, photographing
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.asking import asks
from tests.support.handsets import OnShift
from tests.support.pictures import a_photo
from tests.support.screens import Screens, journey
from tests.support.signatures import DRAWN_BY_KAREN
from tests.support.standing import State, standing_at

ROOM = "srch.room_photos"
PHOTO = a_photo((400, 300))


@dataclass
class Given:
    """Photographs that a test takes: each in its turn, or a refusal; then nobody chooses anything."""

    files: list[bytes | Exception] = field(default_factory=list)

    async def pick(self) -> bytes | None:
        """The next."""
        found = self.files.pop(0) if self.files else None
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class Interrupting:
    """While a photograph is chosen, what was being written is put down."""

    model: Model

    async def pick(self) -> bytes | None:
        """A photograph, too late."""
        self.model.session = None
        return PHOTO


def on_page_with(question: str, guide: str, *files: bytes | Exception) -> State:
    """The page of a guide that asks for photographs, and what is chosen there."""

    def state(model: Model, officer: OnShift) -> None:
        model.pictures = Given([*files])
        asks(model, guide, question)

    return state


async def adds(app: Screens, count: int, question: str = ROOM) -> None:
    """Add one, and see it."""
    await app.tap(f"{question}.add")
    await app.until(lambda: app.has(f"{question}.{count - 1}.see"))


def held(model: Model, question: str = ROOM) -> tuple[Row, ...]:
    """What the answer has."""
    return rows_of(model.open_session().value(question))


def test_a_photograph_is_seen_small_and_large_and_is_on_the_disk(officer: OnShift) -> None:
    """A screen reader hears which it is and what it shows; what it is made from is nowhere."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=on_page_with(ROOM, "search", PHOTO)) as (app, model):
            assert app.at(f"{ROOM}.add").label == photo_words.CHOOSE
            await adds(app, 1)
            (row,) = held(model)
            photo = attachment_of(row)
            assert photo is not None
            assert officer.shift.photos.whole(photo)
            thumb = next(one for one in app.walk(app.at(f"{ROOM}.0.see")) if isinstance(one, ft.Image))
            assert thumb.src == officer.shift.photos.small(photo)

            await app.type(f"{ROOM}.0.caption", "The bed, not slept in")
            assert held(model)[0][CAPTION] == "The bed, not slept in"
            label = "Photo: The bed, not slept in. See all of it"
            await app.until(lambda: app.at(f"{ROOM}.0.see").label == label)

            await app.tap(f"{ROOM}.0.see")
            await app.until(lambda: bool(shown_large(app)))
            assert shown_large(app) == officer.shift.photos.whole(photo)
            await app.tap(f"{ROOM}.0.close")
            await app.until(lambda: not shown_large(app))

    journey(walk)


def shown_large(app: Screens) -> bytes | None:
    """What is looked at in full, if anything is."""
    dialogs = [one for one in app.walk(app.page._dialogs) if isinstance(one, ft.AlertDialog) and one.open]
    images = [one.src for one in app.walk(dialogs) if isinstance(one, ft.Image)]
    return images[0] if images and isinstance(images[0], bytes) else None


def test_what_is_taken_away_can_be_put_back(officer: OnShift) -> None:
    """In its place, with what was written of it; nothing typed under one stands under another."""

    async def walk() -> None:
        files = [a_photo((300, 200), seed=one) for one in range(2)]
        async with standing_at(At.PAGE, officer, state=on_page_with(ROOM, "search", *files)) as (app, model):
            await adds(app, 1)
            await adds(app, 2)
            await app.type(f"{ROOM}.0.caption", "The bed")
            before = held(model)
            assert app.at(f"{ROOM}.1.remove").label == "Remove photo 2"

            await app.tap(f"{ROOM}.0.remove")
            assert held(model) == before[1:]
            assert not app.box(f"{ROOM}.0.caption").value
            await app.tap(f"{ROOM}.undo")
            assert held(model) == before
            assert app.box(f"{ROOM}.0.caption").value == "The bed"

    journey(walk)


def test_what_is_no_photograph_is_said_and_nothing_is_lost(officer: OnShift) -> None:
    """A letter, a chooser that refuses, and nobody choosing anything."""
    before = officer.shift.photos.bytes_kept()

    async def walk() -> None:
        files = (b"Dear Sir", NoPicture("Too large."))
        async with standing_at(At.PAGE, officer, state=on_page_with(ROOM, "search", *files)) as (app, model):
            for said in (NOT_AN_IMAGE, "Too large."):
                await app.tap(f"{ROOM}.add")
                await app.until(lambda said=said: app.says(said))  # type: ignore[misc]
            await app.tap(f"{ROOM}.add")
            await app.until(lambda: not app.has(f"{ROOM}.told"))
            assert held(model) == ()
            assert officer.shift.photos.bytes_kept() == before

    journey(walk)


def test_no_more_are_offered_than_the_question_takes(officer: OnShift) -> None:
    """Three of the child; and when the first was taken is answered with it."""

    async def walk() -> None:
        question = "person.photo"
        files = [a_photo((60, 40), seed=one) for one in range(3)]
        state = on_page_with(question, "missing", *files)
        async with standing_at(At.PAGE, officer, state=state) as (app, model):
            for number in range(1, 4):
                await adds(app, number, question)
            assert not app.has(f"{question}.add")
            assert app.says(photo_words.FULL)
            child = model.open_session().encounter.child()
            assert child is not None
            assert len(rows_of(child.facts[question])) == 3
            assert child.facts["person.photo_taken_on"] == "2026-03-12"

    journey(walk)


def test_a_photograph_made_after_the_vault_was_locked_is_in_no_answer(officer: OnShift) -> None:
    """It was being made small when the screen went dark: nothing appears anywhere, nothing fails."""
    before = officer.shift.photos.bytes_kept()

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=on_page_with(ROOM, "search")) as (app, model):
            session = model.open_session()
            model.pictures = Interrupting(model)
            await app.tap(f"{ROOM}.add")
            await app.until(lambda: officer.shift.photos.bytes_kept() > before)
            await app.settle()
            assert rows_of(session.value(ROOM)) == ()

    journey(walk)


def sent_with_photos(shift: Shift) -> str:
    """A search that was sent with two photographs; the encounter."""
    session = shift.start("search")
    session.put("person.known_as", "Amy")
    rows = tuple(shift.photos.add(session.encounter.id, a_photo((60, 40), seed=one)) for one in range(2))
    session.put(ROOM, rows)
    shift.send(session, stage=Stage.CAPTURE, emergency="He may come to harm.")
    return str(session.encounter.id)


def test_what_goes_along_counts_signatures_as_signatures() -> None:
    """A drawn name is no photo of anything, in the words beside it and in the count."""
    bed: Row = {CAPTION: "The bed"}
    assert photographing.spoken(DRAWN_BY_KAREN, [bed]) == "Signature of Karen Brook"
    assert photographing.spoken(bed, [bed]) == "Photo: The bed"
    assert photo_words.going(0, 1) == "1 signature goes with it"
    assert photo_words.going(1, 1) == "1 photo and 1 signature go with it"
    assert photo_words.going(3, 0) == "3 photos go with it"


def test_what_was_sent_says_how_many_photographs_are_still_to_go(officer: OnShift) -> None:
    """On the screen of what was sent, and on its row of the worklist."""

    def state(model: Model, one: OnShift) -> None:
        model.sent = sent_with_photos(one.shift)
        model.home = one.shift.home()

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=state) as (app, model):
            assert app.has("sent.photos")
            assert app.says("0 of 2 photos sent")
            assert model.is_waiting
            model.go(At.HOME)
            await app.settle()
            assert app.says("0 of 2 photos sent")

    journey(walk)
