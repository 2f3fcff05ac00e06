"""One officer's open vault, from unlocking to locking: begin, go on, send, and hear what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from booklets import definitions
from booklets.carrying import in_current_editions
from booklets.checks.wording import forget_texts
from booklets.drafts import encounter_from_json, encounter_to_json
from booklets.encounters import Encounter, begin
from booklets.entities import Entity, EntityKind, new_id
from booklets.errors import NotAllowedNow
from booklets.forms import Stage
from booklets.guides import Guide
from booklets.photos import everywhere
from booklets.records import Author
from booklets.stamps import Stamp
from field_app.capture.autosave import Autosave
from field_app.capture.force_has import note_what_differs
from field_app.capture.session import CaptureSession
from field_app.capture.submit import Signature
from field_app.capture.worklist import Cards
from field_app.handset import leaving
from field_app.handset.deciding import SUPERVISOR, SUPERVISORS, Deciding, LastPin
from field_app.handset.door import Door
from field_app.handset.duties import Duties
from field_app.handset.giving import GIVEN_AWAY, Passing
from field_app.handset.home import Home, home_here
from field_app.handset.known_children import KnownChildren
from field_app.handset.logbook import Logbook
from field_app.handset.photographs import Photographs
from field_app.handset.policy import policy_from
from field_app.handset.ports import (
    EnclosingPort,
    IncomingPort,
    OutgoingPort,
    SayingPort,
    SessionsPort,
    counted,
)
from field_app.handset.reading_again import ReadingAgain
from field_app.handset.sending import Sending, sealed_with_what_follows
from field_app.handset.viewing import Viewing
from field_app.store.drafts import DraftStore
from field_app.store.enclosures import Enclosures
from field_app.store.errors import StoreError
from field_app.store.keeper import Keeper
from field_app.store.outbox import Outbox
from field_app.store.own_texts import OwnTexts
from field_app.sync.client import SyncClient
from field_app.sync.clocks import ServerClock
from field_app.sync.courier import Courier
from field_app.sync.enrolment import Enrolled
from field_app.sync.news import News
from field_app.sync.rounds import Desk
from field_app.sync.sessions import Session
from field_app.vault.device import DeviceKeys
from field_app.vault.open_vault import OpenVault

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Who is told what, from threads of their own: saved when, not saved why, and the courier's news."""

    saved: Callable[[datetime], None]
    not_saved: Callable[[BaseException], None]
    news: Callable[[News], None]


class Shift:
    """Everything one officer can do while the vault is open."""

    locked = False
    _autosave: Autosave | None = None

    def __init__(
        self,
        vault: OpenVault,
        *,
        keeper: Keeper,
        enrolled: Callable[[], Enrolled],
        keys: DeviceKeys,
        clock: ServerClock,
        app_version: str,
        connect: Callable[[], SyncClient],
        keep_directory: Callable[[bytes], None],
        keep_policy: Callable[[bytes], None],
        remember_clock: Callable[[], None],
        door: Door,
        listening: Listening,
    ) -> None:
        self._vault, self._keeper, self._clock, self.door = vault, keeper, clock, door
        self._enrolled, self._keys = enrolled, keys
        self._app_version, self._listening, self._remember_clock = app_version, listening, remember_clock
        self._known = KnownChildren(vault.db, now=clock.now)
        self._sessions, self._connect = SessionsPort(keeper, vault.db, self._known), connect
        self._outgoing = OutgoingPort(keeper, vault.db, clock)
        self._saying = SayingPort(keeper, vault.db, clock)
        self._sending = Sending(vault.db, readable_for=lambda: self.kept_readable)
        self._cards: Cards = {}
        self.officer = self._sessions.whose(noted=not self.read_only_because)
        self.force = definitions.force(enrolled().force)
        pin = LastPin(door.confirm, given=not vault.by_finger)
        self.deciding = Deciding(vault.db, keeper=keeper, pin=pin, hands=self)
        self.photos = Photographs(vault.db, keeper=keeper, now=clock.now)
        self.duties = Duties(vault.db, keeper=keeper, now=clock.now, kick=self.look)
        me = self.author
        self.passing = Passing(vault.db, keeper=keeper, now=clock.now, kick=self.look, me=lambda: me)
        self.logbook = Logbook(vault.db, keeper=keeper, now=clock.now)
        self._courier = Courier(
            self._desk(keep_directory, keep_policy), connect=connect, on_news=listening.news
        )
        self.reading = ReadingAgain(self._courier.fetch, now=clock.now, kept=self.kept_readable)
        self.viewing = Viewing(self._courier.look)
        self._courier.start()

    def _desk(self, keep_directory: Callable[[bytes], None], keep_policy: Callable[[bytes], None]) -> Desk:
        """What the courier works with."""
        keeper, db = self._keeper, self._vault.db
        return Desk(
            device=self._enrolled().device_id,
            keys=tuple(self._keys.kems.values()),
            outgoing=self._outgoing,
            enclosing=EnclosingPort(keeper, db, self._clock),
            incoming=IncomingPort(keeper, db, self._known),
            saying=self._saying,
            giving=self.passing,
            noting=self.logbook,
            unsent=self.passing.unsent(self._signature),
            sessions=self._sessions,
            keep_directory=keep_directory,
            keep_policy=keep_policy,
            report=counted(keeper, self._report),
            now=self._clock.now,
            tell=self._listening.news,
        )

    def _report(self) -> dict[str, Any]:
        self._remember_clock()
        db, policy = self._vault.db, self._enrolled().policy_number
        work = {"queued": len(Outbox(db).waiting()), "drafts": len(DraftStore(db))}
        about = {"policy": policy, "app_version": self._app_version}
        return {**work, **about, "vault_head": self._vault.head}

    # -- looking ---------------------------------------------------------------------------------
    @property
    def vault_name(self) -> str:
        """The name this officer chose for the lock screen."""
        return self._vault.display_name

    @property
    def read_only_because(self) -> str:
        """Why this vault can only be read, in words; empty when all is well."""
        return str(self._vault.rolled_back or "")

    @property
    def begins_anew(self) -> bool:
        """Whether an older copy was put back, and the force has accepted it."""
        return self._vault.begins_anew

    @property
    def author(self) -> Author:
        """This officer, as a record names its author."""
        who = self.officer
        return Author(who.id, who.name, who.rank, who.shoulder_no, who.station)

    @property
    def supervises(self) -> bool:
        """Whether records wait for this officer's decision."""
        return not SUPERVISORS.isdisjoint(self.officer.roles)

    @property
    def is_supervisor(self) -> bool:
        """Whether this officer supervises the unit. Only a supervisor takes back what is somewhere else."""
        return SUPERVISOR in self.officer.roles

    def stamp(self) -> Stamp:
        """This instant, with how far it can be trusted."""
        return self._clock.stamp()

    @property
    def signed_in(self) -> bool:
        """Whether there is a session to send with."""
        return self._sessions.current() is not None

    @property
    def ends_at(self) -> datetime | None:
        """When this officer must sign in again, and can no longer be asked; unknown without a session."""
        session = self._sessions.current()
        return session.until if session else None

    @property
    def kept_readable(self) -> timedelta:
        """How long the force lets a handset keep what is over."""
        return policy_from(self._enrolled().policy).keep_readable

    def home(self) -> Home:
        """Everything on the home screen, read afresh."""
        return self._keeper.call(self._home).result()

    def _home(self) -> Home:
        return home_here(
            self._vault.db,
            now=self._clock.now(),
            force=self.force,
            officer=self.officer.id,
            deciding=self.deciding,
            duties=self.duties,
            known=self._known,
            kept=self.kept_readable,
            supervises=self.supervises,
            passing=self.passing,
            cards=self._cards,
        )

    # -- capturing -------------------------------------------------------------------------------
    def start(self, guide_id: str) -> CaptureSession:
        """Begin an encounter. It is on the disk before the first question is shown."""
        encounter = begin(
            definitions.guide(guide_id),
            officer=self.author,
            force=self._enrolled().force,
            unit=self.officer.unit,
            at=self.stamp(),
            subject=Entity(new_id(), EntityKind.PERSON),
            shift_ends=self.ends_at,
        )
        return self.go_on_with(encounter)

    def go_on_with(self, encounter: Encounter) -> CaptureSession:
        """Take an encounter in hand that no draft knows yet. It is saved first."""
        self.put_down()
        guide = definitions.guide(encounter.guide)
        encounter = in_current_editions(encounter, guide)
        self._save(encounter).result()
        return self._in_hand(encounter, guide, begun=True)

    def resume(self, draft_id: str) -> CaptureSession | None:
        """Go on with a draft, in the forms of today; ``None`` when there is none of that id any more."""
        self.put_down()  # first, for it may be the one in hand
        found = self._keeper.call(lambda: DraftStore(self._vault.db).get(draft_id)).result()
        if found is None:
            return None
        if draft_id in self._keeper.call(self.passing.locked_here).result():
            raise NotAllowedNow(GIVEN_AWAY)
        begun = encounter_from_json(found)
        guide = definitions.guide(begun.guide)
        encounter = in_current_editions(begun, guide)
        if not self.read_only_because:
            if encounter is not begun:
                self._save(encounter).result()
            self.photos.keep_only(encounter.id, everywhere(encounter.answers, encounter.entities.values()))
        return self._in_hand(encounter, guide)

    def read_draft(self, draft_id: str) -> Encounter | None:
        """A draft to look at and not to go on with, such as one that a colleague is to take over."""
        found = self._keeper.call(lambda: DraftStore(self._vault.db).get(draft_id)).result()
        if found is None:
            return None
        begun = encounter_from_json(found)
        self.logbook.read(draft_id)
        return in_current_editions(begun, definitions.guide(begun.guide))

    def newest_sent(self, encounter: str) -> Encounter | None:
        """What was sent last of an encounter, while the copy may still be read, to go on from today."""
        now = self._clock.now()
        copy = self._keeper.call(lambda: Outbox(self._vault.db).newest_readable(encounter, now=now)).result()
        if copy is None:
            return None
        self.logbook.read(encounter)
        sent = encounter_from_json(copy)
        return in_current_editions(sent, definitions.guide(sent.guide))

    def _in_hand(self, encounter: Encounter, guide: Guide, *, begun: bool = False) -> CaptureSession:
        self._autosave = Autosave(
            self._save,
            saved=lambda saved: self._listening.saved(self._clock.now()),
            failed=self._listening.not_saved,
        )
        self.logbook.opened(encounter, begun=begun)
        now, than = self._clock.now, str(encounter.incident)
        earlier = self._keeper.call(lambda: OwnTexts(self._vault.db).earlier(than=than, now=now())).result()
        return CaptureSession(
            encounter, guide, force=self.force, now=now, autosave=self._autosave, earlier=earlier
        )

    def put_down(self) -> None:
        """Save what is in hand, at once, and wait until it is on the disk.

        Where nothing can ever be saved, which was said on unlocking, that keeps nobody from locking.
        """
        if self.read_only_because:
            return
        if self._autosave is not None and (saving := self._autosave.flush()) is not None:
            saving.result()
        self.logbook.put_down()

    def _save(self, encounter: Encounter) -> Future[None]:
        return self._keeper.call(self._save_here, encounter)

    def _save_here(self, encounter: Encounter) -> None:
        """On the keeper's thread. What was typed while a record was being sealed knows nothing of it yet."""
        DraftStore(self._vault.db).save(encounter_to_json(self._sending.as_sent(encounter)))
        self.logbook.saved(encounter)

    # -- sending ---------------------------------------------------------------------------------
    def send(
        self, session: CaptureSession, *, stage: Stage, emergency: str = "", void_reason: str = ""
    ) -> Encounter:
        """Seal what is ready and put it in the outbox. Returns once it is safe on this device.

        What is wanted only later holds up nothing. With a ``void_reason`` what goes up withdraws what was
        sent before.
        """
        if not void_reason:
            note_what_differs(session, self._keeper.call(self._known.here).result())
        encounter = session.encounter  # first, so that the draft on the disk knows all of it, or more
        self.put_down()
        seal = partial(
            sealed_with_what_follows,
            session=session,
            stage=stage,
            emergency=emergency,
            void_reason=void_reason,
            force=self.force,
            officer=self.author,
            clock=self._clock,
            signature=self._signature(),
            shift_ends_at=self.ends_at,
        )
        hand_over = partial(self._sending.seal_and_hand_over, encounter, seal, self._signature())
        sealed = self._keeper.call(hand_over).result()
        self._courier.kick()
        return sealed.encounter

    def _signature(self) -> Signature:
        return Signature(
            device=self._enrolled().device_id,
            app_version=self._app_version,
            signer=self._keys.signing,
            recipients=self._enrolled().keys.recipients(),
        )

    def keep_session(self, session: Session) -> None:
        """The officer has signed in again. Anybody else's session has no place in this vault."""
        if session.officer.id != self.officer.id:
            raise NotAllowedNow(
                "Somebody else signed in. Nothing was changed here. Lock first, then choose “Someone else”."
            )
        self._sessions.keep(session)
        self._courier.kick()

    def give(self, draft: str, to: str = "") -> None:
        """Give a draft to the colleague with this number, or to whoever of the unit takes it over."""
        self.put_down()
        self.passing.give(draft, to, self._signature(), self._enrolled().force)

    def sign_out(self) -> None:
        """Go off shift: the force hears of it, and asks a colleague instead of this officer."""
        self.put_down()
        leaving.sign_out(self._sessions, self._waits, self._connect, self.door.put_away)

    def _waits(self) -> bool:
        """A photograph whose record was kept apart, or discarded, never goes: it keeps nobody on shift."""
        able_to_go = self._keeper.call(lambda: Enclosures(self._vault.db).waiting()).result()
        return bool(able_to_go) or any(one.waiting() for one in (self._outgoing, self._saying, self.passing))

    def look(self, *, by_the_way: bool = False) -> None:
        """Somebody looks at the screen again: see whether there is a way, at once or only ``by_the_way``."""
        self._courier.glance() if by_the_way else self._courier.kick()

    # -- the end ---------------------------------------------------------------------------------
    def lock(self, *, whatever_is_unsaved: bool = False) -> None:
        """Save, stop sending, close the vault and overwrite its keys.

        Refused while something cannot be saved, so that it stays on screen; at the end of the app there
        is no screen, and ``whatever_is_unsaved`` closes the vault all the same.
        """
        try:
            self.put_down()
        except StoreError as unsaved:
            if not whatever_is_unsaved:
                raise
            log.error("locked_without_saving why=%s", unsaved.code)  # noqa: TRY400 - no traceback in logs
        self.locked = True
        self._courier.stop()
        self.viewing.forget()
        try:
            self._keeper.call(self._vault.lock).result()
        finally:
            forget_texts()
