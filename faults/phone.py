"""A handheld as it is in use: an open vault on this disk, the app's own courier, client and connection."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from booklets.entities import new_id
from booklets.posting import posted
from booklets.records import Record
from booklets.stamps import Stamp
from faults.night_out import Handheld, Night, Sent
from field_app.handset.ports import EnclosingPort, IncomingPort, OutgoingPort, SayingPort, SessionsPort
from field_app.store.keeper import Keeper
from field_app.store.outbox import Outbox, State, Submission
from field_app.sync.client import Device, Letter, SyncClient
from field_app.sync.clocks import ServerClock
from field_app.sync.courier import Courier
from field_app.sync.desk import Desk, Signed
from field_app.sync.enrolment import Enrolled
from field_app.sync.failures import SyncFailed
from field_app.sync.line import new_trust, open_http
from field_app.sync.news import News, Received
from field_app.sync.sending import send_waiting
from field_app.sync.sessions import Officer, Session
from field_app.sync.tally import Memory, Round
from field_app.vault.open_vault import OpenVault
from tests.support.builders import FORCE, UNIT, an_author
from tests.support.vaults import new_vault, vaults_in

APP: Final = "9.0.0"
ACCESS_LASTS: Final = timedelta(minutes=14)


@dataclass(frozen=True, slots=True)
class Went:
    """When the force had each, the first one first, and when the handheld knew of all, in seconds.

    ``carried`` is what had been on the line by then, in bytes up and down.
    """

    there_s: tuple[float, ...]
    known_s: float
    carried: tuple[int, int]


class Phone:
    """One handheld of the night, with its officer's vault open."""

    def __init__(self, night: Night, handheld: Handheld, keeper: Keeper, vault: OpenVault) -> None:
        self.handheld = handheld
        self._night = night
        self._keeper = keeper
        self._vault = vault
        self._clock = ServerClock()
        self._memory = Memory()
        self._trust = new_trust()
        self._client: SyncClient | None = None
        kept = night.keys
        enrolled = Enrolled(
            handheld.device, night.origin, kept.root, kept.directory, MappingProxyType({}), FORCE
        )
        self._device = Device(enrolled, handheld.key)
        SessionsPort(keeper, vault.db).keep(self._session())

    def _session(self) -> Session:
        officer = Officer(self.handheld.officer, "Ada Okoro", "PC", "2200", "Harrogate", FORCE, UNIT, ())
        now = datetime.now(UTC)
        return Session(
            self.handheld.access, self.handheld.refresh, now + ACCESS_LASTS, now + timedelta(1), officer
        )

    def puts(self, record: Record, suite: int = 1, *, seal: Callable[[bytes], bytes] = bytes) -> Sent:
        """Seal a record of this officer's and let it wait; ``seal`` may spoil it."""
        head = replace(
            record.header,
            device=self.handheld.device,
            author=an_author(id=self.handheld.officer),
            unit=UNIT,
            record=new_id(),
            incident=new_id(),
            episode=new_id(),
            encounter=new_id(),
            submitted=Stamp(datetime.now(UTC)),
        )
        record = replace(record, header=head)
        to = self._night.directory.recipients([suite])
        sealed = seal(posted(record, to=to, signer=self.handheld.key))
        item = Submission(str(head.record), head.revision, sealed, datetime.now(UTC))
        self._keeper.call(lambda: Outbox(self._vault.db).put(item)).result()
        return Sent(item.record, sealed)

    def states(self) -> dict[str, State]:
        """How each record stands on this handheld."""
        items = self._keeper.call(lambda: Outbox(self._vault.db).all()).result()
        return {item.record: item.state for item in items}

    def tries(self) -> None:
        """Send what waits as the courier does, once: until all of it is answered, or the line is too bad."""
        if self._client is None:
            self._client = self._connect()
        desk = self._desk()
        with contextlib.suppress(SyncFailed):
            send_waiting(self._client, desk, Signed(self._client, desk), self._memory, Round())

    def sends_wholesale(self, letters: Sequence[Sent]) -> bool:
        """Send these with one question, and take an answer for a receipt of all of them."""
        client = self._client = self._client or self._connect()
        several = [Letter(one.record, 1, one.envelope) for one in letters]
        return bool(
            Signed(client, self._desk()).asks(lambda one: client.submit_together(several, session=one))
        )

    def hangs_up(self) -> None:
        """Let the connection of ``tries`` go."""
        if self._client is not None:
            self._client.close()

    def sends(
        self,
        sent: Sequence[Sent],
        *,
        connected: Callable[[], object],
        carried: Callable[[], tuple[int, int]],
        alone: bool,
        patience_s: float,
    ) -> Went:
        """Start the courier, and wait until the handheld knows that the force has all of these.

        ``connected`` is called once it was started, and ``carried`` when it knows, before it goes on. One
        that sends ``alone`` puts nothing together.
        """
        there: dict[str, datetime] = {}
        on_the_line: list[tuple[int, int]] = []
        all_known = threading.Event()

        def told(news: News) -> None:
            if isinstance(news, Received):
                there[news.record] = news.at
                if len(there) == len(sent):
                    on_the_line.append(carried())
                    all_known.set()

        courier = Courier(self._desk(), connect=self._connect, on_news=told)
        courier._memory.together.taken = not alone
        begun = datetime.now(UTC)
        courier.start()
        connected()
        known = all_known.wait(patience_s)
        known_s = (datetime.now(UTC) - begun).total_seconds()
        courier.stop(within=patience_s)
        if not known:
            raise AssertionError(f"{len(there)} of {len(sent)} have a receipt after {patience_s:.0f} s")
        each = sorted((at - begun).total_seconds() for at in there.values())
        return Went(tuple(each), known_s, on_the_line[0])

    def _connect(self) -> SyncClient:
        http = open_http(self._night.origin, app_version=APP, trust=self._trust)
        return SyncClient(http, clock=self._clock, device=self._device)

    def _desk(self) -> Desk:
        keeper, db = self._keeper, self._vault.db
        return Desk(
            device=self.handheld.device,
            keys=(self.handheld.kem,),
            outgoing=OutgoingPort(keeper, db, self._clock),
            enclosing=EnclosingPort(keeper, db, self._clock),
            incoming=IncomingPort(keeper, db),
            saying=SayingPort(keeper, db, self._clock),
            sessions=SessionsPort(keeper, db),
            keep_directory=lambda _directory: None,
            report=lambda: {"queued": 0, "drafts": 0, "vault_head": 1, "app_version": APP},
            now=self._clock.now,
            tell=lambda _news: None,
        )


@contextlib.contextmanager
def a_phone(night: Night, handheld: Handheld, folder: Path) -> Iterator[Phone]:
    """A handheld with a new vault."""
    with Keeper() as keeper:
        vaults = keeper.call(lambda: vaults_in(folder)).result()
        vault = keeper.call(lambda: new_vault(vaults)).result()
        phone = Phone(night, handheld, keeper, vault)
        yield phone
        phone.hangs_up()
        keeper.call(vault.lock).result()
        keeper.call(vaults.close).result()
