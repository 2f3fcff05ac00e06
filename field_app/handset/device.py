"""One handset: enrolled once with its force, then unlocked by one officer at a time."""

from __future__ import annotations

import json
import logging
import platform
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from booklets import definitions
from booklets.errors import UnknownForm, WireError
from booklets.sealing import BadSignature, PolicyRefused
from field_app.handset.access import Access
from field_app.handset.clock_kept import CLOCK, remember_clock, remembered_clock
from field_app.handset.comfort import Comfort, keep_comfort, read_comfort
from field_app.handset.door import Door, fingers_at
from field_app.handset.policy import Policy, go_by, policy_from
from field_app.handset.ports import SESSION
from field_app.handset.recovering import Recovering
from field_app.handset.shift import Listening, Shift
from field_app.handset.standing import EnrolmentUnreadable, Standing
from field_app.handset.watch import Watch
from field_app.settings import Settings
from field_app.store.keeper import Keeper, KeeperGone
from field_app.store.notes import Notes
from field_app.store.room import Room, room_in
from field_app.sync.client import Device, SyncClient
from field_app.sync.clocks import ServerClock
from field_app.sync.enrolment import Enrolled, Managed, NewDevice, read_invitation
from field_app.sync.line import open_http
from field_app.sync.locked import KeyAsked, LockedClient
from field_app.sync.news import DeviceStopped, News, UpToDate
from field_app.sync.sessions import Session, SignIn, poll
from field_app.vault.device import DeviceKeys
from field_app.vault.open_vault import OpenVault
from field_app.vault.secrets import SecretStore
from field_app.vault.sweeping import sweep
from field_app.vault.vaults import Vaults

log = logging.getLogger(__name__)

ENROLLED: Final = "device.enrolled"
CONTROL_ROOM: Final = "control_room_phone"
_NOBODY: Final = Listening(saved=lambda _at: None, not_saved=lambda _failure: None, news=lambda _news: None)


class Handset:
    """The device. ``open`` first; ``close`` at the end."""

    def __init__(
        self,
        settings: Settings,
        secrets: SecretStore,
        *,
        app_version: str,
        vaults_in: Callable[[Path, SecretStore], Vaults] = Vaults,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._vaults_in = vaults_in
        self._listening = _NOBODY
        self._app_version = app_version
        self._clock = ServerClock()
        self._keeper = Keeper()
        self._vaults: Vaults | None = None
        self._keys: DeviceKeys | None = None
        self._enrolled: Enrolled | None = None
        self._access = Access(secrets)
        self._recovering = Recovering(
            keeper=self._keeper,
            vaults=self.open_vaults,
            keys=lambda: self._device_keys,
            connect=self.ask_locked,
            may_open=self._may_open,
        )
        self.watch = Watch(
            self, keeper=self._keeper, access=self._access, now=self._now, app_version=app_version
        )
        self.shift: Shift | None = None

    @property
    def clock(self) -> ServerClock:
        """The time, as well as this device knows it."""
        return self._clock

    @property
    def name(self) -> str:
        """What this device calls itself, to be compared on the sign-in page. Made from its own key."""
        return f"Device {sha256(self._device_keys.signing.public).hexdigest()[:4].upper()}"

    def _now(self) -> datetime:
        return self._clock.now()

    @property
    def enrolled(self) -> Enrolled | None:
        """What this device knows of its force; nothing before it was set up, or after it was wiped."""
        return self._enrolled

    @property
    def is_open(self) -> bool:
        """Whether an officer's vault is open."""
        return self.shift is not None

    @property
    def policy(self) -> Policy:
        """What the force has decided that this device does."""
        return policy_from(self._enrolled.policy) if self._enrolled else Policy()

    def room(self) -> Room:
        """How much room is left for what officers write, and for photographs."""
        return room_in(self._settings.data)

    @property
    def comfort(self) -> Comfort:
        """How this device suits whoever holds it."""
        return read_comfort(self._settings.data)

    def keep_comfort(self, comfort: Comfort) -> None:
        """Keep it for everybody on this device. Raises OSError where it cannot be written."""
        keep_comfort(self._settings.data, comfort)

    def open(self) -> Standing:
        """Claim the data folder and find out how this device stands. Refused while another app has it."""
        return self._keeper.call(self._open).result()

    def _open(self) -> Standing:
        if self._vaults is None:
            self._vaults = self._vaults_in(self._settings.data, self._secrets)
            self._keys = DeviceKeys.load_or_create(self._secrets)
            self._enrolled = self._read_enrolment()
            go_by(self._vaults, self._enrolled)
            self._clock = remembered_clock(self._secrets)
            self.watch.resume()
        return self._standing()

    def _standing(self) -> Standing:
        return Standing(
            self._enrolled is not None,
            self._open_vaults.officers(),
            self._secrets.label,
            self._secrets.demands_passphrase,
            self._access.closed(self.policy, self._now(), enrolled=self._enrolled is not None),
            self.watch.count_left(),
            self.phone,
            self._access.wiped,
            self._access.closes_in(self.policy, self._now()) if self._enrolled else None,
            fingers_at(self._open_vaults) if self.policy.finger_hours else {},
        )

    def standing(self) -> Standing:
        """How this device stands now."""
        return self._keeper.call(self._standing).result()

    @property
    def phone(self) -> str:
        """Whom to ring about this device: as the force has told it, or as its own file says."""
        if self._enrolled is None or self.policy.support_phone:
            return self.policy.support_phone
        with suppress(UnknownForm):  # another version of the app may know this force
            return str(definitions.force(self._enrolled.force).get(CONTROL_ROOM, ""))
        return ""

    def _read_enrolment(self) -> Enrolled | None:
        kept = self._secrets.get(ENROLLED)
        try:
            return None if kept is None else Enrolled.from_json(json.loads(kept))
        except (ValueError, WireError):
            raise EnrolmentUnreadable from None

    # -- before the vault ------------------------------------------------------------------------
    def enrol(self, typed: str) -> Standing:
        """Spend an enrolment code or link. The force's key is compared before anything is believed."""
        invitation = read_invitation(typed, managed=self._managed())
        new = NewDevice(
            sign=self._device_keys.signing,
            kem=tuple(self._device_keys.publics.values()),
            name=self.name,
            platform=platform.system().lower() or "unknown",
            app_version=self._app_version,
        )
        with open_http(invitation.server, app_version=self._app_version) as http:
            enrolled = SyncClient(http, clock=self._clock).enrol(invitation, new)
        self._keeper.call(self._access.begin_anew, self._now()).result()
        self._keep(enrolled)
        return self.standing()

    def _managed(self) -> Managed | None:
        if self._settings.server:
            return Managed(self._settings.server, self._settings.server_key)
        return None

    def _keep(self, enrolled: Enrolled) -> None:
        self._keeper.call(lambda: self._secrets.set(ENROLLED, json.dumps(enrolled.to_json()))).result()
        self._enrolled = enrolled
        self._keeper.call(go_by, self._open_vaults, enrolled).result()

    def keep_policy(self, statement: bytes) -> None:
        """Go by a newer policy from now on. One that is older or not the force's own changes nothing."""
        try:
            self._keep(self._here.with_policy(statement))
        except (BadSignature, PolicyRefused) as why:
            log.warning("policy_not_taken why=%s", why.code)

    def _remember_clock(self) -> None:
        """Keep what was learnt of the time. On the keeper's thread."""
        remember_clock(self._secrets, self._clock)

    def _keep_directory(self, directory: bytes) -> None:
        self._keep(self._here.with_directory(directory))

    def begin_sign_in(self) -> SignIn:
        """Ask the force for a sign-in: a page to open, and a code to compare."""
        with closing(self.ask_locked()) as client:
            return client.begin_sign_in()

    def signed_in(self, flow: SignIn) -> Session | None:
        """The session, once the officer is done in the browser. Raises SignInOver when there is no point."""
        with closing(self.ask_locked()) as client:
            return poll(client, flow, now=self._clock.now())

    def new_vault(self, session: Session, *, pin: str, display_name: str) -> Shift:
        """Make the officer's own vault on this device, and open it."""
        vault = self._keeper.call(
            lambda: self._open_vaults.create(
                officer=session.officer.id,
                display_name=display_name,
                pin=pin,
                first=lambda db: Notes(db).set(SESSION, session.to_json()),
            )
        ).result()
        return self._begin(vault)

    def unlock(self, vault_id: str, pin: str) -> Shift:
        """Open an officer's vault. Raises what ``Vaults.unlock`` raises, each in words.

        Raises HandheldStopped or HeardTooLongAgo, and counts no try, where this device opens for nobody.
        """

        def work() -> OpenVault:
            self._may_open()
            return self._open_vaults.unlock(vault_id, pin)

        return self._unlocked(self._keeper.call(work).result())

    def unlock_by_finger(self, vault_id: str) -> Shift:
        """Open an officer's vault with a finger or face. Raises FingerRefused, and counts no try."""
        return self._unlocked(self._door(vault_id).open_by_finger(self._may_open))

    def _unlocked(self, vault: OpenVault) -> Shift:
        shift = self._begin(vault)
        shift.logbook.unlocked(vault.id, by_finger=vault.by_finger)
        return shift

    def _may_open(self) -> None:
        self._access.must_open(self.policy, self._now())

    def forgotten(self, vault_id: str, *, again: bool = False) -> KeyAsked:
        """The officer has forgotten the PIN: ask the force to open the vault, or how far that has come."""
        asked = self._recovering.ask(vault_id, again=again)
        self._keeper.call(self.note_heard).result()
        return asked

    def open_with_new_pin(self, vault_id: str, pin: str) -> Shift:
        """Open a vault with the force's answer, and set a new PIN. Everything in it is there."""
        shift = self._begin(self._recovering.open(vault_id, pin))
        self._recovering.say_used(vault_id)
        return shift

    def listen(self, listening: Listening) -> None:
        """Say who is told when something is saved, sent or heard."""
        self._listening = listening

    def _begin(self, vault: OpenVault) -> Shift:
        try:
            self.shift = Shift(
                vault,
                keeper=self._keeper,
                enrolled=lambda: self._here,
                keys=self._device_keys,
                clock=self._clock,
                app_version=self._app_version,
                connect=self.ask_locked,
                keep_directory=self._keep_directory,
                keep_policy=self.keep_policy,
                remember_clock=self._remember_clock,
                door=self._door(vault.id),
                listening=replace(self._listening, news=partial(self._heard, self._listening.news)),
            )
        except BaseException:  # nobody would have it in hand, and nobody could lock it
            self._keeper.call(vault.lock).result()
            raise
        return self.shift

    def _door(self, vault_id: str) -> Door:
        def allows() -> bool:
            return bool(self.policy.finger_hours) and self._secrets.asking is not None

        return Door(vault_id, keeper=self._keeper, vaults=self.open_vaults, allows=allows)

    def ask_locked(self) -> LockedClient:
        """A connection to the force, with which nobody is signed in."""
        http = open_http(self._here.server, app_version=self._app_version)
        return LockedClient(http, clock=self._clock, device=Device(self._here, self._device_keys.signing))

    # -- the force speaks ------------------------------------------------------------------------
    def _heard(self, tell: Callable[[News], None], news: News) -> None:
        """From the courier's thread, which must not wait: what an order asks for is done on another."""
        if isinstance(news, UpToDate):
            with suppress(KeeperGone):
                self._keeper.call(self.note_heard)
        if isinstance(news, DeviceStopped) and news.order:
            order, do = (news.order,), self.watch.obey_now
            threading.Thread(target=do, args=order, name="obeying", daemon=True).start()
        tell(news)

    def close_shift(self, *, whatever_is_unsaved: bool) -> None:
        """Lock the open vault because the force says so. Raises StoreError while something is unsaved."""
        if self.shift is None:
            return
        try:
            self.shift.lock(whatever_is_unsaved=whatever_is_unsaved)
        finally:
            if self.shift.locked:
                self.shift = None  # and nobody else refers to it, or nothing would be free to be swept
                self._keeper.call(sweep).result()

    def forget_force(self) -> None:
        """Be a device that no force knows, and remember that it was wiped. On the keeper's thread."""
        self._access.note_wiped(self._now(), self.phone)
        self._secrets.remove(ENROLLED)
        DeviceKeys.forget(self._secrets)
        self._secrets.remove(CLOCK)
        self._enrolled, self._keys = None, DeviceKeys.load_or_create(self._secrets)

    def note_heard(self) -> None:
        """The force was heard just now, and has told this device the time. On the keeper's thread."""
        self._remember_clock()
        self._access.heard(self._now())

    def tell(self, news: News) -> None:
        """Tell the screen."""
        self._listening.news(news)

    def open_vaults(self) -> Vaults:
        """Every vault of this device. To be touched on the keeper's thread only."""
        return self._open_vaults

    # -- the end ---------------------------------------------------------------------------------
    def lock(self) -> Standing:
        """Close the open vault; nothing of it stays in memory.

        Raises StoreError, and leaves it open, while the last change cannot be saved.
        """
        if self.shift is not None:
            self.close_shift(whatever_is_unsaved=False)
            sweep(small_too=False)
        self.watch.wake()
        return self.standing()

    def forget_what_was_on_screen(self) -> None:
        """Write over what the screen has let go of. On its own thread, once nothing is drawn of it."""
        sweep()

    def close(self) -> None:
        """Lock, let go of the data folder and stop. Safe to call twice."""
        self.watch.stop()
        shift, self.shift = self.shift, None
        try:
            if shift is not None:
                shift.lock(whatever_is_unsaved=True)
        finally:
            self._keeper.close(self._vaults.close if self._vaults else None)

    @property
    def _open_vaults(self) -> Vaults:
        assert self._vaults is not None, "open the handset first"  # noqa: S101 - a mistake of ours
        return self._vaults

    @property
    def _device_keys(self) -> DeviceKeys:
        assert self._keys is not None, "open the handset first"  # noqa: S101 - a mistake of ours
        return self._keys

    @property
    def _here(self) -> Enrolled:
        if self._enrolled is None:
            raise WireError("This device is not enrolled yet.")
        return self._enrolled
