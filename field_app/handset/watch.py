"""What a handheld does while nobody has it open (S-04): keep in touch, send what is sealed, obey.

A thread of its own makes a round now and then. It is the only one that carries out the force's orders, also
those that the open vault's courier hears: an order is kept before anything is done, each step may be done
twice, and whatever was cut short goes on with the next round or after the next start. Its thread outlives
whatever goes wrong in a round, also what nobody has thought of: a watch that has ended hears no order.

    stop   lock the vault; no finger opens one any more; refuse to open any until the force answers again
    wipe   close the vault, destroy every key ─ send what is sealed ─ erase the files of which the force has
           signed for all of that ─ confirm ─ be nobody's
    accept the older copy of one vault that was put back counts from now on; its officer is told
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Protocol

from booklets.sealing import BadSignature, Directory, OrderRefused
from field_app.handset.access import Access, Closed
from field_app.handset.locked_vaults import TROUBLE, LockedVaults
from field_app.handset.policy import Policy
from field_app.store.keeper import Keeper, KeeperGone
from field_app.sync.enrolment import Enrolled
from field_app.sync.failures import NotEnrolled, Revoked, SyncFailed, TryLater
from field_app.sync.locked import LockedClient
from field_app.sync.news import AccessChanged, News
from field_app.sync.patience import Timetable
from field_app.sync.unattended import Left, LockedDesk, LockedRound, make_locked_round
from field_app.vault.errors import NoSuchVault, SecretsUnreadable
from field_app.vault.vaults import Vaults

log = logging.getLogger(__name__)

STOP_WITHIN: Final = 5.0


class Hands(Protocol):
    """What the watch needs of its handheld."""

    @property
    def policy(self) -> Policy:
        """What the force has decided that this device does."""
        ...

    @property
    def enrolled(self) -> Enrolled | None:
        """What this device knows of its force."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether an officer's vault is open."""
        ...

    def open_vaults(self) -> Vaults:
        """Every vault here. On the keeper's thread."""
        ...

    def ask_locked(self) -> LockedClient:
        """A connection with which nobody is signed in."""
        ...

    def keep_policy(self, statement: bytes) -> None:
        """Check a newer policy and go by it."""
        ...

    def close_shift(self, *, whatever_is_unsaved: bool) -> None:
        """Lock the vault that is open."""
        ...

    def forget_force(self) -> None:
        """Be a device that no force knows. On the keeper's thread."""
        ...

    def note_heard(self) -> None:
        """The force was heard just now. On the keeper's thread."""
        ...

    def tell(self, news: News) -> None:
        """Tell the screen."""
        ...


class Watch:
    """Keeps a handheld in touch while it is locked. ``start`` and ``stop`` once; ``round`` at any time."""

    def __init__(
        self,
        hands: Hands,
        *,
        keeper: Keeper,
        access: Access,
        now: Callable[[], datetime],
        app_version: str,
    ) -> None:
        self.hands = hands
        self.keeper = keeper
        self.access = access
        self.now = now
        self.app_version = app_version
        self._vaults = LockedVaults(hands.open_vaults)
        self._one = threading.RLock()
        self._changed = threading.Condition()
        self._ended = False
        self._timetable = Timetable(draw=random.uniform)
        self._thread: threading.Thread | None = None

    # -- the thread ------------------------------------------------------------------------------
    def start(self) -> None:
        """Begin, with a round at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """The vault was locked, or an order is to be carried out: make a round now."""
        with self._changed:
            self._timetable.hurry(time.monotonic())
            self._changed.notify()

    def stop(self) -> None:
        """End after what is under way; what was cut short goes on after the next start."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(STOP_WITHIN)

    def _run(self) -> None:
        while self._waited():
            try:
                done = self.round()
            except KeeperGone:
                return
            except Exception as error:  # noqa: BLE001 - see the module's docstring
                log.warning("watch_failed why=%s", type(error).__name__)  # what it says may be an officer's
                self._timetable.failed(time.monotonic())
            else:
                self._enter(done)

    def _waited(self) -> bool:
        with self._changed:
            while not self._ended:
                left = self._timetable.due - time.monotonic()
                if left <= 0:
                    return True
                self._changed.wait(left)
            return False

    def _enter(self, done: LockedRound) -> None:
        trouble = done.ended_by
        if trouble is None:
            self._timetable.all_well(time.monotonic())
        else:
            asked = trouble.retry_after if isinstance(trouble, TryLater) else None
            self._timetable.failed(time.monotonic(), retry_after=asked, some_got_through=bool(done.sent))

    # -- one round -------------------------------------------------------------------------------
    def round(self) -> LockedRound:
        """Say that we are here, send what is sealed, do what was ordered. Never on the keeper's thread.

        While an officer has the vault open, the courier does all of this, and there is nothing to do.
        """
        with self._one:
            enrolled = self.hands.enrolled
            before = self._closed()
            if enrolled is None or (self.hands.is_open and before is not Closed.WIPING):
                return LockedRound()
            if self.hands.is_open:  # the order was cut short
                self.carry_out(wipe=True)
            elif before is Closed.WIPING:
                self.keeper.call(self._vaults.destroy_keys).result()
            self._erase_after_long_silence()
            client = self.hands.ask_locked()
            try:
                done = make_locked_round(client, self._desk(enrolled))
                unsaid = self.keeper.call(self._accept).result()
                self._heard(done)
                if self._closed() is Closed.WIPING:
                    self._finish_wiping(client)
                elif (done.stopped or unsaid) and done.heard:
                    self._say_heard(client)
            finally:
                client.close()
            if self._closed() is not before:
                self.hands.tell(AccessChanged())
            return done

    def obey_now(self, statement: bytes) -> None:
        """The open vault's courier has heard an order: do it on this thread, and the rest in a round."""
        try:
            with suppress(KeeperGone):
                self.obey(statement)
        except TROUBLE as error:
            log.warning("order_cut_short why=%s", type(error).__name__)
        finally:
            self.wake()

    def obey(self, statement: bytes) -> None:
        """Follow an order of the force, if it is one, for this device, and newer than the last.

        Anything else is let be: a forged, replayed or misdirected order locks nothing and wipes nothing.
        """
        enrolled = self.hands.enrolled
        if enrolled is None:
            return
        try:
            order = self.keeper.call(
                self.access.follow, statement, device=enrolled.device_id, root=enrolled.root_pub
            ).result()
        except (BadSignature, OrderRefused) as why:
            log.warning("order_not_followed why=%s", why.code)
            return
        if order.cmd != "accept":
            self.carry_out(wipe=order.cmd == "wipe")

    def _accept(self) -> bool:
        """Go on with the older copy that the force has accepted; whether it has yet to be told so.

        On the keeper's thread. A round is made with every vault locked, so none is open. A vault that is not
        here is let be.
        """
        wanted = self.access.to_accept
        if wanted is not None:
            try:
                self.hands.open_vaults().accept_older(*wanted)
            except NoSuchVault:
                log.warning("nothing_to_accept")
            self.access.accepted()
        return self.access.unsaid

    def carry_out(self, *, wipe: bool) -> None:
        """Lock at once; where it is to be wiped, whatever is unsaved, and destroy every key."""
        try:
            self.hands.close_shift(whatever_is_unsaved=wipe)
        except TROUBLE as unsaved:  # what is unsaved stays on the screen, and is locked once it is saved
            log.warning("not_locked_yet why=%s", type(unsaved).__name__)
        finally:
            do = self._vaults.destroy_keys if wipe else self._vaults.forget_fingers
            self.keeper.call(do).result()
        self.hands.tell(AccessChanged())

    def resume(self) -> None:
        """After a start: go on where an order was cut short. On the keeper's thread."""
        if self.access.command == "wipe":
            self._vaults.destroy_keys()
        if self.access.command == "stop":
            self._vaults.forget_fingers()
        self._accept()

    def _erase_after_long_silence(self) -> None:
        after = self.hands.policy.wipe_after

        def work() -> None:
            if after is None:
                return
            try:
                silence = self.access.silence(self.now())
            except SecretsUnreadable:  # nobody knows how long it was: nothing is erased
                return
            if silence >= after:
                self._vaults.destroy_keys()

        self.keeper.call(work).result()

    def _heard(self, done: LockedRound) -> None:
        if not done.heard:
            return

        def work() -> None:
            with suppress(*TROUBLE):  # no room to write that down holds up nothing that was ordered
                self.hands.note_heard()
            if not done.stopped:
                self.access.let_in()

        self.keeper.call(work).result()

    def _finish_wiping(self, client: LockedClient) -> None:
        """Erase every vault from which nothing waits; once all are gone, say so and be nobody's."""
        left = self.keeper.call(self._vaults.erase, client.known_keys).result()
        if left:
            self._say_left(client, left)
            return
        try:
            self._say_heard(client, raises=True)
        except (NotEnrolled, Revoked):
            log.info("wipe_confirmed_to_nobody")
        except SyncFailed:
            return  # the next round says it again
        self.keeper.call(self.hands.forget_force).result()

    def _say_left(self, client: LockedClient, left: int) -> None:
        number = self.keeper.call(lambda: self.access.to_say).result()
        if number:
            with suppress(SyncFailed):  # the next round says it again
                client.order_heard(number, done=False, not_erased=left)

    def _say_heard(self, client: LockedClient, *, raises: bool = False) -> None:
        number = self.keeper.call(lambda: self.access.to_say).result()
        if not number:
            return
        try:
            client.order_heard(number, done=True)
        except SyncFailed:
            if raises:
                raise
            return
        self.keeper.call(self.access.said).result()

    def _closed(self) -> Closed:
        def look() -> Closed:
            enrolled = self.hands.enrolled is not None
            return self.access.closed(self.hands.policy, self.now(), enrolled=enrolled)

        return self.keeper.call(look).result()

    def _desk(self, enrolled: Enrolled) -> LockedDesk:
        def waiting(keys: Directory) -> Sequence[Left]:
            return self._vaults.to_send(keys, even_refused=self.access.command == "wipe")

        def report() -> Mapping[str, Any]:
            older = self.hands.open_vaults().put_back()
            put_back = {"older_vault": older[0], "older_found": older[1]} if older else {}
            about = {"policy": enrolled.policy_number, "app_version": self.app_version}
            held = {"queued": self._vaults.count(enrolled.keys), "unreadable": self._vaults.unreadable()}
            return {**held, **about, **put_back}

        call, vaults = self.keeper.call, self._vaults
        return LockedDesk(
            waiting=lambda keys: call(waiting, keys).result(),
            handed_over=lambda item, receipt: call(vaults.handed_over, item, receipt).result(),
            refused=lambda item: call(vaults.refused, item).result(),
            obey=self.obey,
            report=lambda: call(report).result(),
            keep_policy=self.hands.keep_policy,
        )

    def count_left(self) -> int:
        """How much lies sealed and unsent. On the keeper's thread."""
        enrolled = self.hands.enrolled
        return 0 if enrolled is None else self._vaults.count(enrolled.keys)
