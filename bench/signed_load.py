"""Requests signed beforehand by many handhelds, sent over plain sockets, and what became of them looked up.

The handhelds and their sessions are put into the database before the server starts: what is measured is
what a submission costs, not what signing in does. The sender does as little as it can, because it shares
the machine.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import cycle, pairwise
from urllib.parse import urlsplit

from sqlalchemy import func, select

from bench.full_check import needed_check, records
from bench.plain_line import answer_on, connected, request_bytes
from booklets import wire
from booklets.entities import new_id
from booklets.posting import posted
from booklets.records import Author, Record
from booklets.sealing import KemKey, SigningKey, read_envelope, sign_request, verify_request
from booklets.stamps import Stamp
from sync_server import evidence, flags, intake
from sync_server.audit import verify_audit
from sync_server.context import Context
from sync_server.db.owed import delivery
from sync_server.db.tables import record as register
from sync_server.db.tables import submission
from sync_server.identity import accounts, enrolment, sessions
from sync_server.identity.accounts import Account
from sync_server.identity.devices import Device
from sync_server.identity.enrolment import NewDevice
from sync_server.intake import Sender

FORCE = "north_yorkshire"
USER = "pc.wells"
PATH = "/v1/submissions"
TYPE = "application/vnd.homeward.sealed"
EACH = 100  # requests of one handheld: fewer than it may send at once
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Signed:
    """One request as it goes over the wire, and what must be found afterwards."""

    record: str
    digest: str
    headers: dict[str, str] = field(repr=False)
    envelope: bytes = field(repr=False)
    sign_pub: bytes = field(repr=False)

    def key_for(self, _name: str) -> bytes:
        """The key of the handheld that signed it."""
        return self.sign_pub

    def bytes_for(self, host: str) -> bytes:
        """The whole request."""
        return request_bytes("POST", PATH, host, self.headers, self.envelope)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sending came to."""

    seconds: float
    latencies_ms: list[float]
    refused: list[int]


def signed(context: Context, url: str, count: int) -> list[Signed]:
    """So many requests, each with a record, a nonce and a signature of its own."""
    found: list[Signed] = []
    while len(found) < count:
        found += _of_one_handheld(context, url, min(EACH, count - len(found)))
    return found


@dataclass(frozen=True, slots=True)
class Hand:
    """A handheld that is enrolled, and somebody who is signed in on it."""

    device: Device
    key: SigningKey
    account: Account
    access: str = field(repr=False)

    def signs(self, method: str, url: str, said: Mapping[str, str], body: bytes = b"") -> dict[str, str]:
        """All headers of a request of its own."""
        said = {**said, "Authorization": f"Homeward {self.access}"}
        signature = sign_request(
            method=method, url=url, headers=said, body=body, key=self.key, device=self.device.id,
            now=datetime.now(UTC),
        )  # fmt: skip
        return {**said, **signature}


def of_demo(context: Context, user: str) -> Account:
    """Somebody of the demonstration."""
    with context.store.read() as db:
        account = accounts.by_user(db, user)
    assert account is not None, "one of the demonstration"
    return account


def a_hand(context: Context, account: Account) -> Hand:
    """One more handheld of the force, and this one signed in on it."""
    key, kem, now = SigningKey.generate(), KemKey.generate(1), context.now()
    new = NewDevice(
        name="Handheld", platform="bench", app_version="0.1.0", sign_pub=key.public,
        kem_pubs={1: kem.public.raw},
    )  # fmt: skip
    code = context.store.write(
        lambda db: enrolment.invite(
            db, force=FORCE, made_by="bench", now=now, lifetime=enrolment.CODE_LIFETIME
        )
    )
    device = context.store.write(lambda db: enrolment.enrol(db, code, new, now=now))
    tokens = context.store.write(lambda db: sessions.start(db, account, on=device, now=now))
    return Hand(device, key, account, tokens.access)


def _of_one_handheld(context: Context, url: str, count: int) -> Iterator[Signed]:
    hand = a_hand(context, of_demo(context, USER))
    for made, _ in zip(cycle(records(needed_check(), hand.device.id)), range(count), strict=False):
        record = anew(made, hand.account, hand.device)
        envelope = posted(record, to=context.keys.directory.recipients(), signer=hand.key)
        headers = hand.signs("POST", url + PATH, {"Content-Type": TYPE}, envelope)
        yield Signed(str(record.header.record), wire.digest(record), headers, envelope, hand.key.public)


def anew(made: Record, account: Account, device: Device) -> Record:
    """The same by this officer from this handheld, as a record, child and night of its own."""
    who = account.person
    header = replace(
        made.header,
        author=Author(account.id, who.name, who.rank, who.shoulder_no, who.station),
        device=device.id,
        unit=who.unit,
        record=new_id(),
        incident=new_id(),
        episode=new_id(),
        encounter=new_id(),
        submitted=Stamp(datetime.now(UTC)),
    )
    return _of_other_people(replace(made, header=header))


def _of_other_people(record: Record) -> Record:
    """The same words about another child, other people and other places."""
    text = json.dumps(wire.record_to_json(record))
    for entity in record.entities:
        text = text.replace(str(entity.id), str(new_id()))
    return wire.record_from_json(json.loads(text))


def send(url: str, requests: list[Signed]) -> Sent:
    """Send all of them, eight at once, each connection one after the other."""
    host = urlsplit(url).netloc
    return send_ready(url, [one.bytes_for(host) for one in requests], well=201)


def send_ready(url: str, ready: list[bytes], *, well: int) -> Sent:
    """The same of requests as they go over the wire, each of which is to be answered with ``well``."""
    latencies: list[float] = []
    refused: list[int] = []

    def lane(number: int) -> None:
        with connected(url) as line:
            for request in ready[number::AT_ONCE]:
                begun = time.perf_counter()
                line.sendall(request)
                status = answer_on(line).status
                latencies.append((time.perf_counter() - begun) * 1000)
                if status != well:
                    refused.append(status)

    lanes = [threading.Thread(target=lane, args=(number,)) for number in range(AT_ONCE)]
    begun = time.perf_counter()
    for one in lanes:
        one.start()
    for one in lanes:
        one.join()
    return Sent(time.perf_counter() - begun, latencies, refused)


def take_in(context: Context, requests: list[Signed]) -> None:
    """Take these in without a server, each as if its handheld had sent it."""
    for one in requests:
        header = read_envelope(one.envelope).header
        sender = Sender(
            force=header.force, device=header.device, sign_pub=one.sign_pub, officer=header.officer
        )
        intake.take_in(context, one.envelope, sender=sender)


def faults_in(context: Context, requests: list[Signed]) -> list[str]:
    """What is wrong with what is kept: every body is opened, and what must follow from it is there."""
    wrong: list[str] = []
    with context.store.read() as db:
        for one in requests:
            found = evidence.record_of(db, context.keys.safe, one.record, 1)
            if found is None or wire.digest(found) != one.digest:
                wrong.append(f"{one.record} is not what was sent")
        names = [one.record for one in requests]
        for table in (submission, register):
            there = db.scalar(select(func.count()).select_from(table).where(table.c.record.in_(names)))
            if there != len(requests):
                wrong.append(f"{table.name} has {there} of {len(requests)}")
        owed = db.scalar(
            select(func.count(delivery.c.record.distinct())).where(delivery.c.record.in_(names))
        )
        if owed != len(requests):
            wrong.append(f"{owed} of {len(requests)} are owed to somebody")
    wrong += [f"{one.record}: {one.what}" for one in verify_audit(context).broken]
    return wrong


def least_ms(context: Context, url: str, requests: list[Signed]) -> dict[str, float]:
    """What no server can do without, per submission, as CPU time: verify, open, validate."""
    now, policy = context.now(), context.policy(FORCE)
    steps = {
        "verify": 0.0,
        "open": 0.0,
        "validate: one spelling, one digest": 0.0,
        "validate: the form's rules": 0.0,
    }
    for one in requests:
        times = [time.process_time()]
        verify_request(
            method="POST", url=url + PATH, headers=one.headers, body=one.envelope,
            key_for=one.key_for, now=now,
        )  # fmt: skip
        envelope = read_envelope(one.envelope)
        envelope.check(one.sign_pub)
        times.append(time.process_time())
        body = context.keys.open_envelope(envelope)
        times.append(time.process_time())
        record = wire.unpack(body)
        times.append(time.process_time())
        flags.flags_of(record, policy, now)
        times.append(time.process_time())
        for name, (begun, ended) in zip(steps, pairwise(times), strict=True):
            steps[name] += (ended - begun) * 1000
    return {name: total / len(requests) for name, total in steps.items()}
