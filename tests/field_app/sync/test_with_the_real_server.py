"""The client, the server that it was made for and a real vault, over a real connection.

The server's clock stands in March; this machine's does not. So every one of these also shows that a wrong
clock costs a repeat and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from booklets.duties import Act, Acted
from booklets.posting import header_of
from booklets.records import Record
from booklets.sealing import KemKey, SigningKey, read_receipt, seal_envelope, usable_suites
from booklets.wire import digest, pack
from field_app.capture.duties import Duty, duties_from
from field_app.capture.submit import EMERGENCY
from field_app.handset.ports import NEWS, EnclosingPort, IncomingPort, OutgoingPort, SayingPort, SessionsPort
from field_app.store.keeper import Keeper
from field_app.store.outbox import Item, Outbox, State, Submission
from field_app.store.said import SaidOfTasks
from field_app.sync import sessions
from field_app.sync.client import Device, SyncClient
from field_app.sync.clocks import ServerClock
from field_app.sync.enrolment import Enrolled, NewDevice, read_invitation
from field_app.sync.failures import SignInAgain
from field_app.sync.line import open_http
from field_app.sync.news import NeedsAttention, News, Received
from field_app.sync.rounds import Desk, Memory, Round, make_round
from field_app.vault.open_vault import OpenVault
from sync_server.db.acts import task_act
from sync_server.db.owed import task
from sync_server.deciding.unsettled import unsettled
from sync_server.duties import look_once
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from sync_server.intake import take_in
from sync_server.intake.settling import Choice, Counts, NotSettled, settle
from tests.support.builders import UNIT, a_return, a_task, an_author, next_revision
from tests.support.devices import Browser
from tests.support.server_data import Handheld, rows
from tests.support.servers import FORCE, PASSWORD, LiveServer, a_server
from tests.support.vaults import new_vault, vaults_in

pytestmark = pytest.mark.thorough

SIGN = SigningKey.generate()
KEMS = tuple(KemKey.generate(suite) for suite in usable_suites())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    """The real server."""
    with a_server(tmp_path) as server:
        yield server


@dataclass
class Phone:
    """An enrolled device with an open vault, on which an officer has signed in."""

    enrolled: Enrolled
    client: SyncClient
    clock: ServerClock
    keeper: Keeper
    vault: OpenVault
    officer: str
    told: list[News] = field(default_factory=list)

    def round(self) -> Round:
        """Send what waits, fetch what is new."""
        desk = Desk(
            device=self.enrolled.device_id,
            keys=KEMS,
            outgoing=OutgoingPort(self.keeper, self.vault.db, self.clock),
            enclosing=EnclosingPort(self.keeper, self.vault.db, self.clock),
            incoming=IncomingPort(self.keeper, self.vault.db),
            saying=SayingPort(self.keeper, self.vault.db, self.clock),
            sessions=SessionsPort(self.keeper, self.vault.db),
            keep_directory=lambda _directory: None,
            report=lambda: {"queued": 0, "drafts": 0, "vault_head": 1, "app_version": "0.1.0"},
            now=self.clock.now,
            tell=self.told.append,
        )
        return make_round(self.client, desk, Memory())

    def submits(self, record: Record, *, body: bytes | None = None, priority: int = 0) -> int:
        """Seal a record and put it in the outbox."""
        head = record.header
        header = header_of(record)
        sealed = seal_envelope(header, body or pack(record), to=self.enrolled.keys.recipients(), signer=SIGN)
        record_id, now = str(head.record), datetime.now(UTC)
        submission = Submission(record_id, head.revision, sealed, now, priority=priority)
        return self.keeper.call(lambda: Outbox(self.vault.db).put(submission)).result()

    def duties(self) -> tuple[Duty, ...]:
        """What this officer has to do, as far as the phone has heard."""
        news = self.keeper.call(lambda: list(self.vault.db.sealed(NEWS))).result()
        return duties_from(news, (), officer=self.officer)

    def a_record(self) -> Record:
        """A return that this officer wrote on this device."""
        author = an_author(id=self.officer)
        return a_return(record=uuid4(), device=self.enrolled.device_id, author=author)

    def item(self, item_id: int) -> Item:
        """What the outbox knows of it."""
        found = self.keeper.call(lambda: Outbox(self.vault.db).get(item_id)).result()
        assert found is not None
        return found


@contextmanager
def a_phone(server: LiveServer, folder: Path) -> Iterator[Phone]:
    """From the box to the first round."""
    pin = sha256(server.context.keys.root.public).hexdigest()
    address = server.url.partition(":")[2]
    invitation = read_invitation(f"homeward-enrol:{address}/?c={server.invite()}&k={pin}")
    clock = ServerClock()
    new = NewDevice(SIGN, tuple(key.public for key in KEMS), "Selby 4", "test", "0.1.0")
    with closing(SyncClient(open_http(server.url, app_version="0.1.0"), clock=clock)) as stranger:
        enrolled = stranger.enrol(invitation, new)
    http = open_http(server.url, app_version="0.1.0")
    with closing(SyncClient(http, clock=clock, device=Device(enrolled, SIGN))) as client, Keeper() as keeper:
        vaults = keeper.call(lambda: vaults_in(folder / "phone")).result()
        vault = keeper.call(lambda: new_vault(vaults)).result()
        officer = server.add_account("hannah.wells", Role.OFFICER, unit=UNIT)
        yield Phone(enrolled, client, clock, keeper, vault, officer)
        keeper.call(vault.lock).result()
        keeper.call(vaults.close).result()


def sign_in(phone: Phone, server: LiveServer) -> None:
    """The officer signs in with a browser."""
    flow = phone.client.begin_sign_in()
    assert sessions.poll(phone.client, flow, now=phone.clock.now()) is None
    with Browser(server.url) as browser:
        browser.fill_in(flow.verification_uri, user="hannah.wells", password=PASSWORD, action="allow")
    session = sessions.poll(phone.client, flow, now=phone.clock.now())
    assert session is not None
    SessionsPort(phone.keeper, phone.vault.db).keep(session)


def test_a_record_goes_from_the_vault_to_the_force_and_news_comes_back(
    server: LiveServer, tmp_path: Path
) -> None:
    """The whole way that a child's record takes, with nothing in between made up."""
    with a_phone(server, tmp_path) as phone:
        sign_in(phone, server)
        record = phone.a_record()
        item = phone.submits(record)

        done = phone.round()

        kept = phone.item(item)
        assert (done.sent, done.ended_by) == (1, None)
        assert kept.state is State.ACCEPTED
        assert kept.receipt is not None
        receipt = read_receipt(kept.receipt.encode(), phone.enrolled.keys)
        assert receipt.is_for(record=str(record.header.record), rev=1, env_sha256=receipt.env_sha256)
        assert receipt.digest == digest(record)
        assert any(isinstance(one, Received) for one in phone.told)
        assert done.arrived >= 1
        assert phone.round().arrived == 0
        assert phone.enrolled.force == FORCE


def test_what_the_force_cannot_read_is_kept_and_shown_to_a_person(
    server: LiveServer, tmp_path: Path
) -> None:
    """And the record behind it goes."""
    with a_phone(server, tmp_path) as phone:
        sign_in(phone, server)
        bad = phone.submits(phone.a_record(), body=b"no record at all")
        good = phone.submits(phone.a_record())

        phone.round()

        assert (phone.item(bad).state, phone.item(good).state) == (State.ATTENTION, State.ACCEPTED)
        assert any(isinstance(one, NeedsAttention) for one in phone.told)


def test_what_waited_through_the_night_goes_together_behind_what_is_urgent(
    server: LiveServer, tmp_path: Path
) -> None:
    """The emergency is the first in the force's own count, and one that cannot be read spoils no other."""
    with a_phone(server, tmp_path) as phone:
        sign_in(phone, server)
        good = [phone.submits(phone.a_record()) for _ in range(5)]
        bad = phone.submits(phone.a_record(), body=b"no record at all")
        urgent = phone.submits(phone.a_record(), priority=EMERGENCY)

        done = phone.round()

        states = [phone.item(item).state for item in (urgent, *good, bad)]
        assert states == [State.ACCEPTED] * 6 + [State.ATTENTION]
        assert (done.sent, done.refused, done.ended_by) == (6, 1, None)
        receipts = [phone.item(item).receipt or "" for item in (urgent, *good)]
        numbers = [read_receipt(one.encode(), phone.enrolled.keys).seq for one in receipts]
        assert numbers == sorted(numbers)


def test_a_task_comes_to_its_officer_and_is_closed_once(server: LiveServer, tmp_path: Path) -> None:
    """Heard, closed without signal, said twice because the answer was lost; the force counts it once."""
    with a_phone(server, tmp_path) as phone:
        sign_in(phone, server)
        record = replace(phone.a_record(), tasks=(a_task("tell_digital_forensics", owner="author"),))
        phone.submits(record)
        phone.round()
        look_once(server.context)
        phone.round()
        [duty] = phone.duties()
        acted = Acted(id=uuid4(), task=duty.task, act=Act.CLOSE, at=phone.clock.now(), outcome="done")
        session = SessionsPort(phone.keeper, phone.vault.db).current()
        assert session is not None
        phone.keeper.call(lambda: SaidOfTasks(phone.vault.db).put(acted.to_json())).result()
        phone.client.say(acted.to_json(), session=session)  # and the answer never came

        done = phone.round()

        assert (done.sent, done.ended_by) == (1, None)
        assert phone.keeper.call(lambda: SaidOfTasks(phone.vault.db).waiting()).result() == []
        assert phone.round().sent == 0
        look_once(server.context)
        phone.round()
        assert phone.duties() == ()
        assert [row["stands"] for row in rows(server.context, task_act)] == [True]
        assert rows(server.context, task)[0]["outcome"] == "done"


def test_nothing_goes_without_signing_in_and_everything_after(server: LiveServer, tmp_path: Path) -> None:
    """An officer who has been on a long shift."""
    with a_phone(server, tmp_path) as phone:
        item = phone.submits(phone.a_record())

        assert isinstance(phone.round().ended_by, SignInAgain)
        sign_in(phone, server)
        phone.round()
        server.clock.later(minutes=20)  # the access token is over, the shift is not
        again = phone.submits(phone.a_record())
        phone.round()

        assert (phone.item(item).state, phone.item(again).state) == (State.ACCEPTED, State.ACCEPTED)
        server.clock.later(hours=13)
        phone.submits(phone.a_record())
        assert isinstance(phone.round().ended_by, SignInAgain)


def test_what_overtook_the_version_before_it_is_received_once_that_is_there(
    server: LiveServer, tmp_path: Path
) -> None:
    """The phone does nothing for it: the receipt comes as news, and is believed like any other."""
    with a_phone(server, tmp_path) as phone:
        sign_in(phone, server)
        first = phone.a_record()
        second = phone.submits(next_revision(first, {"ret.found_how": "hospital"}))
        phone.round()
        assert (phone.item(second).state, phone.item(second).reason) == (State.ATTENTION, "too_early")
        phone.submits(first)

        phone.round()

        kept = phone.item(second)
        assert kept.state is State.ACCEPTED
        assert kept.receipt is not None
        assert read_receipt(kept.receipt.encode(), phone.enrolled.keys).rev == 2
        assert [one.rev for one in phone.told if isinstance(one, Received)] == [1, 2]


def test_what_was_kept_beside_a_colleagues_version_is_received_when_a_person_says_that_it_counts(
    server: LiveServer, tmp_path: Path
) -> None:
    """As revision 2, which is what the phone sent, although it is the third for the force."""
    with a_phone(server, tmp_path) as phone:
        sign_in(phone, server)
        first = phone.a_record()
        phone.submits(first)
        phone.round()
        elsewhere = Handheld(server.context, device="handheld-2", officer=phone.officer)
        second = next_revision(first, {"ret.found_how": "alone"})
        second = replace(second, header=replace(second.header, device=elsewhere.device))
        take_in(server.context, elsewhere.seal(second), sender=elsewhere.sender)
        item = phone.submits(next_revision(first, {"ret.found_how": "hospital"}))
        phone.round()
        assert (phone.item(item).state, phone.item(item).reason) == (State.ATTENTION, "rev_conflict")

        a_sergeant_lets_the_other_count(server, second)
        phone.round()

        assert phone.item(item).state is State.ACCEPTED


def a_sergeant_lets_the_other_count(server: LiveServer, seen: Record) -> None:
    """At the console, with the newest revision in view."""
    context, sergeant = server.context, server.add_account("sgt.marsh", Role.SUPERVISOR)

    def work(db: Connection) -> NotSettled | None:
        account, [one] = accounts.by_id(db, sergeant), unsettled(db, FORCE)
        assert account is not None
        rev = seen.header.revision
        choice = Choice(by=account, one=one, rev=rev, digest=digest(seen), counts=Counts.OTHER)
        return settle(context, db, choice)

    assert context.store.write(work) is None
