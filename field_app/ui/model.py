"""What is on screen and what the officer can do about it. Screens are functions of this.

One model per window. It is touched only on the screen's own loop; whatever may
take a while is done in a worker thread and waited for.
"""

from __future__ import annotations

import asyncio
import logging
from asyncio import sleep
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from booklets.answers import Answer
from booklets.encounters import Encounter
from booklets.errors import BookletError
from booklets.forms import Kind, Stage
from booklets.review import Problem
from field_app.capture.session import CaptureSession, Cell
from field_app.capture.worklist import Parcel
from field_app.handset.comfort import Comfort
from field_app.handset.device import Handset
from field_app.handset.home import Home
from field_app.handset.photographs import PictureSource
from field_app.handset.shift import Listening, Shift
from field_app.handset.standing import Standing
from field_app.store.errors import StoreError
from field_app.sync import news as heard
from field_app.sync.sessions import Session, SignIn
from field_app.ui import arriving, landing, receiver, returning
from field_app.ui import screen_words as words
from field_app.ui.bridge import UiBridge
from field_app.ui.choosing import ChosenFile
from field_app.ui.comfort_words import KEPT_ONLY_NOW
from field_app.ui.duties import InHand
from field_app.ui.fields import entity_words, reason_of
from field_app.ui.frame import NOWHERE
from field_app.ui.giving import Handing
from field_app.ui.line import Line, after
from field_app.ui.locked_words import BEGINS_ANEW, closes_soon
from field_app.ui.places import DESK, LISTS, READ, At, Looking, Mention
from field_app.ui.rewording import Reworded

if TYPE_CHECKING:
    from field_app.ui.forgetting import Forgotten
    from field_app.ui.lookouts import Source
    from field_app.ui.supervising import Desk

log = logging.getLogger(__name__)
STILL_NEWS = timedelta(minutes=2)
RESTS_S = 2.0
"""Once nothing has been typed or touched for so long, what the checks see in a text stands under it."""
TYPED = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.REFERENCE, Kind.NUMBER, Kind.DATE, Kind.STAFF})


@dataclass(slots=True)
class Model:
    """The state of one window. ``redraw`` is set by the shell."""

    handset: Handset
    bridge: UiBridge
    redraw: Callable[[], None] = lambda: None
    at: At = At.STARTING
    standing: Standing | None = None
    notice: str = ""
    busy: str = ""
    line: Line = field(default_factory=Line)
    home: Home = field(default_factory=Home)
    held: arriving.Held | None = None
    opened: int = 0
    drawn: int = 0
    minded: frozenset[arriving.Place] = frozenset()
    session: CaptureSession | None = None
    problems: list[Problem] = field(default_factory=list)
    page: int = 0
    mentions: tuple[Mention, ...] = ()
    left: Mention | None = None
    sent: str = ""
    returning: returning.Returning = field(default_factory=returning.Returning)
    handing: Handing = field(default_factory=Handing)
    reading: Encounter | None = field(default=None, repr=False)
    duty: InHand = field(default_factory=InHand)
    duties_begun: dict[int, InHand] = field(default_factory=dict)
    reworded: Reworded | None = None
    lookout: Source | None = field(default=None, repr=False)
    known: Looking = field(default_factory=Looking, repr=False)
    vault: str = ""
    stage: Stage = Stage.CAPTURE
    comfort: Comfort = field(default_factory=Comfort)
    title: tuple[str, str] = field(default=("", ""), repr=False)
    desk: Desk | None = None
    set_look: Callable[[Comfort], None] = lambda comfort: None
    may_open: Callable[[], bool] = lambda: True
    signing: SignIn | None = None
    signed: Session | None = None
    pictures: PictureSource = field(default_factory=ChosenFile)
    whereabouts: receiver.Whereabouts = field(default_factory=receiver.Receiver)
    forgotten: Forgotten | None = None
    access_changed: Callable[[], Coroutine[object, object, None]] | None = None

    # -- going about -----------------------------------------------------------------------------
    def go(self, at: At, *, notice: str = "") -> None:
        """Show another screen. A list that is opened anew shows everything that has come."""
        if at is not self.at and not {self.at, at} <= DESK:
            self.held, self.drawn = None, 0
        if self.at in READ and at not in READ and self.handset.shift is not None:
            self.handset.shift.viewing.forget()
        if at not in {At.PAGE, At.ENTITY}:  # whoever comes back from there is not looking for a question
            self.returning.jump = NOWHERE
        if at in {At.PAGES, At.AWARE}:  # they say what is left, also of what was written a moment ago
            self.look_again()
        if at in LISTS:
            self.minded = arriving.dangers(self.home)
        self.at, self.notice, self.busy = at, notice, ""
        self.redraw()

    async def doing(self, words_: str, work: Callable[[], object]) -> object:
        """Do something that takes a while, in a worker thread, and say so meanwhile."""
        self.busy, self.notice = words_, ""
        self.redraw()
        try:
            return await asyncio.to_thread(work)
        finally:
            self.busy = ""

    @property
    def shift(self) -> Shift:
        """The open vault."""
        if self.handset.shift is None:
            raise BookletError(words.LOCKED_MEANWHILE)
        return self.handset.shift

    @property
    def now(self) -> datetime:
        """This instant, as well as the device knows it."""
        return self.handset.clock.now()

    # -- hearing ---------------------------------------------------------------------------------
    def listening(self) -> Listening:
        """Who the handset tells: everything is carried over to the screen's side."""
        return Listening(
            saved=lambda at: self.bridge.post(self._saved, at),
            not_saved=lambda failure: self.bridge.post(self._not_saved, failure),
            news=lambda one: self.bridge.post(self._heard, one),
        )

    def _saved(self, at: datetime) -> None:
        before, self.line.saved_at, self.line.trouble = self.line.saved_at, at, ""
        self.bridge.run(self._look_once_still)
        renamed = self.at in {At.PAGE, At.ENTITY} and self._renamed()
        if renamed or before is None or words.clock(before) != words.clock(at):
            self.redraw()

    async def _look_once_still(self) -> None:
        """Say what the checks see once the hand rests, and never sooner.

        Whoever has written a sentence goes straight on to the next question. A line that came up then would
        push that question from under the finger, and the answer would be to another one.
        """
        written = self._written()
        if written is None:
            return
        left = written.encounter
        wait = RESTS_S
        while wait > 0:
            await sleep(wait)
            wait = RESTS_S - self.bridge.untouched_s()
        if self._written() is written and written.encounter is left and self._sees_more():
            self.redraw()

    def _written(self) -> CaptureSession | None:
        """What is being written on this screen."""
        if self.at is At.DECIDING and self.desk is not None:
            return self.desk.session
        return self.session if self.at in {At.PAGE, At.ENTITY} else None

    def _sees_more(self) -> bool:
        if self.at is At.DECIDING and self.desk is not None:
            more = self.desk.looked_again()
            self.notice = self.desk.told(self.notice)
            return more
        return self.look_again()

    def _not_saved(self, failure: BaseException) -> None:
        if isinstance(failure, CancelledError):
            return
        self.line.trouble = str(failure) if isinstance(failure, StoreError) else words.NOT_SAVED
        log.error("not_saved why=%s", type(failure).__name__)
        self.redraw()

    async def _refreshed(self) -> None:
        if self.handset.shift is not None:
            await self.read_home(by_itself=True)
            self.redraw()

    @property
    def listed(self) -> Home:
        """What the lists show, in their order: the news, or what stood there before it came."""
        return self.held.shown if self.held and self.held.news is self.home else self.home

    def _heard(self, one: heard.News) -> None:
        told = after(self.line, one, self.now)
        match one:
            case heard.AccessChanged() if self.access_changed is not None:
                self.bridge.run(self.access_changed)
            case _ if isinstance(one, heard.CHANGES_LISTS):
                self.bridge.run(self._refreshed)
            case _ if told is self.line:
                return
        self.line = told
        self.redraw()

    # -- home ------------------------------------------------------------------------------------
    async def read_home(self, *, by_itself: bool = False) -> None:
        """Read what is on the home screen. Of several readings the latest stays, whichever is done last.

        What comes ``by_itself`` moves nothing in a list that somebody is looking at.
        """
        shift = self.shift
        found, self.line.room = await asyncio.to_thread(lambda: (shift.home(), self.handset.room()))
        if shift is not self.handset.shift or found.number <= self.home.number:
            return
        listed, self.home = self.listed, found
        if by_itself:
            self.held = arriving.held_back(listed, found, desk=self.at in DESK) if self.at in LISTS else None

    async def go_home(self) -> None:
        """Save what is in hand and show the worklist."""
        shift = self.shift
        await asyncio.to_thread(shift.put_down)
        await self.read_home()
        self.session, self.mentions = None, ()
        shift.look(by_the_way=True)
        closing = closes_soon(self.standing.closes_in if self.standing else None)
        notice = shift.read_only_because or (BEGINS_ANEW if shift.begins_anew else closing)
        self.go(At.QUEUE if shift.supervises else At.HOME, notice=notice)

    async def start(self, guide_id: str) -> None:
        """Begin an encounter."""
        self.take_in_hand(await asyncio.to_thread(self.shift.start, guide_id))

    async def resume(self, draft_id: str) -> None:
        """Go on with a draft, where it was left."""
        self.take_in_hand(await asyncio.to_thread(self.shift.resume, draft_id))

    def take_in_hand(self, session: CaptureSession | None) -> None:
        """Show an encounter where it was left, at the very question that was touched last."""
        if session is None:
            self.go(At.HOME, notice=words.NO_LONGER_READABLE)
            return
        self.session = session
        self.line.saved_at = session.encounter.changed
        landing.land(self)

    # -- answering -------------------------------------------------------------------------------
    def open_session(self) -> CaptureSession:
        """The encounter in hand."""
        if self.session is None:
            raise BookletError(words.LOCKED_MEANWHILE)
        return self.session

    def put(self, name: str, value: Answer | None, about: UUID | None = None) -> None:
        """An answer was given or taken away. Drawn anew only if something else changed with it."""
        session = self.open_session()
        asked, before, open_ = session.facts.asked, session.value(name, about), returning.open_asks(self)
        session.put(name, value, about)
        typed_on = session.field(name).kind in TYPED and reason_of(before) == reason_of(value)
        if not typed_on or session.facts.asked != asked or returning.open_asks(self) != open_:
            self.look_and_draw()

    def look_again(self) -> bool:
        """Work out the problems; whether they are others than before."""
        if self.session is None:
            return False
        before = self.problems
        self.problems = self.session.problems()
        return before != self.problems

    def look_and_draw(self) -> None:
        """Work out the problems again, and draw."""
        self.look_again()
        self.redraw()

    def _renamed(self) -> bool:
        """Whether the title, a name that may be half typed, is another than before."""
        if self.session is None:
            return False
        encounter = self.session.encounter
        about = encounter.entities.get(self.mentions[-1].entity) if self.mentions else encounter.child()
        before, self.title = self.title, entity_words(about) if about else ("", "")
        return before != self.title

    def keep_because(self, key: str, reason: str) -> None:
        """The officer's reason for what a rule asked about."""
        self.open_session().keep_because(key, reason)

    def open_page(self, number: int) -> None:
        """Show a page of the encounter, from its top."""
        session = self.open_session()
        session.open_page(session.guide.pages[number].id)
        self.page = number
        self.mentions, self.left = (), None
        self.returning.jump = NOWHERE
        self.look_again()
        self.go(At.PAGE)

    def open_field(self, name: str) -> None:
        """Show the page where a question stands."""
        session = self.open_session()
        page = session.page_of(name)
        self.open_page(session.guide.pages.index(page) if page else self.page)

    def open_entity(self, name: str, entity: str | None, about: UUID | None = None) -> None:
        """Open a person, place or object that answers a question; ``None`` makes a new one."""
        session, cell = self.open_session(), Cell.named(name)
        known = UUID(entity) if entity else None
        question = cell.question if cell else name
        before = session.value(question, about)
        id_ = session.mention_in(cell, known, about) if cell else session.mention(name, known, about)
        self.mentions = (
            *self.mentions,
            Mention(question, id_, about, before, row=cell.row if cell else None),
        )
        session.touch("", id_)
        self.returning.jump = NOWHERE
        self.go(At.ENTITY)

    # -- sending ---------------------------------------------------------------------------------
    def review(self) -> None:
        """Show what is left to do before sending."""
        self.stage = self.open_session().encounter.stage
        self.look_again()
        self.go(At.REVIEW)

    def review_found(self) -> None:
        """Show what is left to do before "found" can go on its own."""
        self.stage = Stage.FOUND
        self.look_again()
        self.go(At.REVIEW)

    # -- how it looks ----------------------------------------------------------------------------
    def suit(self, comfort: Comfort) -> None:
        """Look, hand and letters as somebody wants them here: at once, and at the next start."""
        self.comfort, self.notice = comfort, ""
        try:
            self.handset.keep_comfort(comfort)
        except OSError:
            self.notice = KEPT_ONLY_NOW
        self.set_look(comfort)
        self.redraw()

    @property
    def left_handed(self) -> bool:
        """Whether the main action lies under the left thumb."""
        return self.comfort.left_handed

    async def send(self, stage: Stage = Stage.CAPTURE, emergency: str = "") -> None:
        """Seal and hand over; then say where it is."""
        if self.busy:  # a second touch while the first is under way
            return
        session = self.open_session()
        try:
            await self.doing(
                words.SEALING, lambda: self.shift.send(session, stage=stage, emergency=emergency)
            )
        except (StoreError, BookletError) as refused:
            self.go(self.at, notice=str(refused))
            return
        await self.read_home()
        self.sent = str(session.encounter.id)
        if stage is not Stage.FOUND:
            self.session = None
        self.go(At.SENT)

    def show_sent(self, parcel: Parcel) -> None:
        """Show what became of something that was sent."""
        self.sent = parcel.encounter
        self.go(At.SENT)

    def show_duty(self, task: int) -> None:
        """Show a task, with what was begun to be said of it while the vault has been open."""
        if self.duty.task != task:
            self.duty = self.duties_begun.setdefault(task, InHand(task))
        self.go(At.DUTY)

    def parcels_of(self, encounter: str) -> list[Parcel]:
        """Everything sent of one encounter, the newest first."""
        return [parcel for parcel in self.home.parcels if parcel.encounter == encounter]

    @property
    def is_waiting(self) -> bool:
        """Whether something waits to be sent, or to be heard: of what went lately, or by a supervisor."""
        return self.at in {At.QUEUE, At.CASE} or self.home.waits(self.now - STILL_NEWS)
