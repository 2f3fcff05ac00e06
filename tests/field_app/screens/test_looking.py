"""A sergeant looks at a photograph on the tablet: when asked for, in memory, and gone with the record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from types import MappingProxyType

import flet as ft
import pytest
from PIL import Image

from booklets.answers import Moment
from booklets.entities import new_id
from booklets.photos import CAPTION, PHOTO, attachment_of, photo_row
from booklets.records import Attachment, Record
from field_app.handset.viewing import NO_WAY, SIGN_IN
from field_app.sync.errands import Wanted
from field_app.sync.failures import Refused, SignInAgain, SyncFailed, TryLater
from field_app.ui import entering, photo_words, supervising
from field_app.ui.model import Model
from tests.support.handsets import OnShift, files_under
from tests.support.queues import a_check, a_review, news
from tests.support.screens import Screens, journey
from tests.support.signatures import DRAWN_BY_KAREN
from tests.support.tabletop import at_the_queue

TAKEN = datetime(2026, 3, 14, 20, 4, tzinfo=UTC)
NOT_COME = "It has not arrived yet: it is still on the handheld."


def a_jpeg() -> bytes:
    """An invented photograph: a plain area."""
    made = BytesIO()
    Image.new("RGB", (320, 240), (90, 120, 160)).save(made, "JPEG")
    return made.getvalue()


JPEG = a_jpeg()


@dataclass
class Line:
    """The way to the force: brings a photograph in two pieces, or fails as a test wants it to."""

    failing: list[SyncFailed] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def look(self, one: Wanted) -> Future[None]:
        """What the courier would do."""
        done: Future[None] = Future()
        self.asked.append((one.attachment, len(one.got)))
        one.size, one.media_type = len(JPEG), "image/jpeg"
        half = one.size // 2
        one.got += JPEG[len(one.got) : half]
        one.told(len(one.got), one.size)
        if self.failing:
            done.set_exception(self.failing.pop(0))
            return done
        one.got += JPEG[half:]
        one.told(len(one.got), one.size)
        done.set_result(None)
        return done


class Copied(bytearray):
    """What came of a photograph, and how often all of it was copied."""

    times = 0

    def __bytes__(self) -> bytes:
        self.times += 1
        return bytes(memoryview(self))


def with_a_photo(record: Record, *, listed: bool = True) -> Record:
    """The same record with a photograph of the child, taken and captioned."""
    photo, child = new_id(), record.entities[0]
    row = {**photo_row(photo, added=TAKEN, taken=Moment(TAKEN)), CAPTION: "On the bridge in May"}
    facts = MappingProxyType({**child.facts, "person.photo": (MappingProxyType(row),)})
    manifest = (Attachment(photo, PHOTO, 40_000, "0" * 64),) if listed else ()
    return replace(
        record,
        entities=(replace(child, facts=facts), *record.entities[1:]),
        header=replace(record.header, attachments=manifest),
    )


def with_a_signature(record: Record) -> Record:
    """The same record, signed on the handheld by whoever took over the child's care."""
    drawing = attachment_of(DRAWN_BY_KAREN)
    assert drawing is not None
    said = MappingProxyType({**record.answers, "ppe.now_signed": (DRAWN_BY_KAREN,)})
    manifest = (Attachment(drawing, PHOTO, 40_000, "0" * 64),)
    return replace(record, answers=said, header=replace(record.header, attachments=manifest))


@asynccontextmanager
async def reading(
    officer: OnShift,
    line: Line,
    *,
    listed: bool = True,
    withdrawn: bool = False,
    signed: bool = False,
) -> AsyncIterator[tuple[Screens, Model, str]]:
    """A return check with a photograph of the child is open; gives the name of that on the screen."""
    async with at_the_queue(officer) as (app, model, tablet):
        ret, pvi = a_check(encounter=new_id())
        fresh = [replace(one, header=replace(one.header, record=new_id())) for one in (ret, pvi)]
        record = with_a_signature(fresh[0]) if signed else with_a_photo(fresh[0], listed=listed)
        tablet.hears(*(a_review(one, at=tablet.now) for one in (record, fresh[1])))
        if withdrawn:
            tablet.hears(news("status", record, tablet.now, {"state": "withdrawn"}))
        officer.shift.viewing._look = line.look
        await model.read_home()
        await supervising.open_case(model, str(record.header.encounter))
        await app.settle()
        yield app, model, f"photo.{record.entities[0].id}.person.photo.0"


def drawn(app: Screens) -> list[bytes]:
    """Every picture on the screen and in what is open above it."""
    return [one.src for one in app.all(ft.Image) if isinstance(one.src, bytes)]


def test_it_stands_at_its_question_and_is_fetched_only_when_asked_for(officer: OnShift) -> None:
    """What it shows, when, and who sent it; then large, closed again, and not fetched a second time."""
    line = Line()

    async def walk() -> None:
        async with reading(officer, line) as (app, model, photo):
            for said in ("On the bridge in May", "Taken Sat 14 March 2026, 20:04", "Sent by PC Wells"):
                assert app.says(said), said
            assert (drawn(app), line.asked) == ([], [])
            assert app.at(f"{photo}.show").label == "Photo: On the bridge in May. Show it"

            await app.tap(f"{photo}.show")
            await app.until(lambda: app.has(f"{photo}.close"))
            assert drawn(app) == [JPEG, JPEG]
            (kept,) = officer.shift.viewing._wanted.values()
            kept.got = copied = Copied(kept.got)
            model.redraw()  # as news does while somebody looks
            await app.settle()
            assert copied.times == 0
            await app.tap(f"{photo}.bigger")
            await app.tap(f"{photo}.smaller")
            assert [args["factor"] > 1 for name, args in app.client.calls if name == "zoom"] == [True, False]
            await app.tap(f"{photo}.close")
            await app.until(lambda: not app.has(f"{photo}.close"))
            await app.tap(f"{photo}.see")
            await app.until(lambda: app.has(f"{photo}.close"))
            await app.tap(f"{photo}.close")
            assert len(line.asked) == 1
            assert not any(JPEG[40:80] in data for data in files_under(officer.folder).values())

            await supervising.close_case(model)
            await app.settle()
            assert not drawn(app)
            assert officer.shift.viewing.here(line.asked[0][0]) is None

    journey(walk)


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (TryLater("no_signal"), NO_WAY),
        (SignInAgain(), SIGN_IN),
        (Refused("unshowable", NOT_COME), NOT_COME),
    ],
    ids=["no signal", "session over", "not come"],
)
def test_where_it_cannot_be_shown_it_is_said_why_and_asking_again_goes_on(
    officer: OnShift, why: SyncFailed, said: str
) -> None:
    """What has come of it is kept for the next try."""
    line = Line(failing=[why])

    async def walk() -> None:
        async with reading(officer, line) as (app, _, photo):
            await app.tap(f"{photo}.show")
            await app.until(lambda: app.has(f"{photo}.told"))
            assert app.says(said)
            await app.tap(f"{photo}.show")
            await app.until(lambda: app.has(f"{photo}.close"))
            assert not app.has(f"{photo}.told")
            assert line.asked[1][1] == len(JPEG) // 2

    journey(walk)


@pytest.mark.parametrize(
    ("how", "said"),
    [({"listed": False}, photo_words.ELSEWHERE), ({"withdrawn": True}, photo_words.WITHDRAWN)],
    ids=["of another record", "withdrawn"],
)
def test_where_there_is_no_way_to_it_none_is_offered(
    officer: OnShift, how: dict[str, bool], said: str
) -> None:
    """It is named all the same, with why it is not shown."""

    async def walk() -> None:
        async with reading(officer, Line(), **how) as (app, _, photo):
            assert app.says(said)
            assert not app.has(f"{photo}.show")

    journey(walk)


def test_a_signature_is_called_one_and_all_of_it_is_in_the_small_picture(officer: OnShift) -> None:
    """By whoever signed and when; it is counted among no photographs."""

    async def walk() -> None:
        async with reading(officer, Line(), signed=True) as (app, _, _name):
            assert app.says("Karen Brook: signed (Sat 14 March 2026, 02:41)")
            assert not app.says("1 photo")
            (way,) = [one for one in app.identifiers() if one.endswith("ppe.now_signed.0.show")]
            assert app.at(way).label == "Signature of Karen Brook. Show it"
            await app.tap(way)
            await app.until(lambda: app.has(f"{way.removesuffix('show')}close"))
            fits = [one.fit for one in app.all(ft.Image) if isinstance(one.src, bytes)]
            assert fits == [ft.BoxFit.CONTAIN] * 2

    journey(walk)


def test_nothing_of_it_is_left_once_the_vault_is_locked(officer: OnShift) -> None:
    """Also while it is looked at, large."""
    line = Line()

    async def walk() -> None:
        async with reading(officer, line) as (app, model, photo):
            viewing = officer.shift.viewing
            await app.tap(f"{photo}.show")
            await app.until(lambda: app.has(f"{photo}.close"))
            (kept,) = viewing._wanted.values()
            await entering.lock(model)
            await app.settle()
            assert model.handset.shift is None
            assert not drawn(app)
            assert not any(kept.got)
            assert viewing.here(kept.attachment) is None
        officer.opens_again()

    journey(walk)
