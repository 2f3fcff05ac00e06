"""Officers and sergeants with accounts, handhelds and sessions of their own, as the server knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from booklets import wire
from booklets.answers import Answer
from booklets.decisions import Outcome
from booklets.records import Author, Link, Record
from booklets.sealing import open_return
from booklets.wire import digest
from sync_server import feed
from sync_server.context import Context
from sync_server.db.identity import session
from sync_server.deciding import Standing, Verdict, decide
from sync_server.identity import accounts, devices, enrolment, sessions
from sync_server.identity.accounts import Person, Role
from sync_server.identity.enrolment import CODE_LIFETIME, NewDevice
from sync_server.intake import Outcome as Answered
from sync_server.intake import Result, take_in
from tests.support.builders import FORCE, UNIT, a_decision, an_author, next_revision
from tests.support.server_data import Handheld


@dataclass(frozen=True)
class Colleague:
    """Somebody who is signed in on a handheld."""

    handheld: Handheld = field(repr=False)
    author: Author
    unit: str
    roles: tuple[str, ...]
    place: list[str] = field(default_factory=lambda: [""], repr=False)
    kept: list[dict[str, Any]] = field(default_factory=list, repr=False)

    def signs(self, record: Record, **header: Any) -> Record:
        """The record as this person would send it from this handheld."""
        own: dict[str, Any] = {"author": self.author, "device": self.handheld.device} | header
        return replace(record, header=replace(record.header, **own))

    def sends(self, record: Record, **header: Any) -> Answered:
        """Seal the record and hand it in."""
        handheld = self.handheld
        return take_in(handheld.context, handheld.seal(self.signs(record, **header)), sender=handheld.sender)

    def sent(self, record: Record, **header: Any) -> Record:
        """The record once it has been stored."""
        signed = self.signs(record, **header)
        answered = self.sends(signed)
        assert answered.result is Result.STORED, answered.codes
        return signed

    def revises(self, record: Record, answers: Mapping[str, Answer] | None = None, **header: Any) -> Record:
        """The next revision of a record, once it has been stored."""
        return self.sent(next_revision(record, answers or {}), **header)

    def withdraws(self, record: Record, reason: str = "Written about the wrong child.") -> Record:
        """Take the record back."""
        return self.revises(record, void_reason=reason)

    def decides(self, records: Sequence[Record], outcome: Outcome = Outcome.APPROVE, **more: Any) -> Record:
        """The decision on these records, not yet sent."""
        return a_decision(records, outcome, by=self.author, device=self.handheld.device, **more)

    def decided(self, *records: Record, outcome: Outcome = Outcome.APPROVE, **more: Any) -> Record:
        """The decision on these records, once it has been stored."""
        return self.sent(self.decides(records, outcome, **more))

    def settles(
        self,
        record: Record,
        outcome: Outcome = Outcome.APPROVE,
        *,
        words: str = "Passed to the council; ethnicity checked with the school.",
        process: Context | None = None,
        refers: bool = True,
    ) -> Standing:
        """Decide at the console, as the vulnerability team does."""
        context = process or self.handheld.context
        verdict = Verdict(
            force=self.handheld.force,
            by=self.author.id,
            role=Role.VAT,
            unit=self.unit,
            decides=(Link(record.header.record, "decides", record.header.revision, digest(record)),),
            outcome=outcome,
            decision_record=None,
            at=context.now(),
            words=words,
            refers=refers,
        )
        return context.store.write(lambda connection: decide(context, connection, verdict))

    def goes_off_shift(self) -> None:
        """Sign out on the handheld."""
        context = self.handheld.context

        def work(connection: Connection) -> None:
            mine = select(session.c.id).where(session.c.account == self.author.id)
            for id_ in connection.execute(mine).scalars().all():
                sessions.end(connection, id_, because="signed out", now=context.now())

        context.store.write(work)

    def comes_on_shift(self) -> None:
        """Sign in on the handheld again."""
        context = self.handheld.context

        def work(connection: Connection) -> None:
            account = accounts.by_id(connection, self.author.id)
            device = devices.find(connection, self.handheld.device)
            assert account is not None
            assert device is not None
            sessions.start(connection, account, on=device, now=context.now())

        context.store.write(work)

    def hears(self) -> list[dict[str, Any]]:
        """Everything that this person's handheld has been given by now, opened; it keeps all of it."""
        handheld = self.handheld
        reader = handheld.reader(*self.roles, unit=self.unit)
        page = feed.pull(handheld.context, reader, self.place[-1])
        feed.acknowledge(handheld.context, reader, page.next)
        self.place.append(page.next)
        for one in page.items:
            _, body = open_return(
                one.body,
                device=handheld.device,
                key=handheld.kem,
                directory=handheld.context.keys.directory,
            )
            self.kept.append(wire.heard(body))
        return list(self.kept)

    def heard(self, kind: str) -> list[dict[str, Any]]:
        """The items of one kind."""
        return [one for one in self.hears() if one["kind"] == kind]


def a_colleague(
    context: Context,
    user: str,
    *roles: Role,
    unit: str = UNIT,
    force: str = FORCE,
    on_shift: bool = True,
    works_with_children: bool = True,
    shoulder_no: str = "1000",
) -> Colleague:
    """Make the account, enrol a handheld, and sign in there unless they are off shift already."""
    person = Person(
        user=user,
        name=user,
        rank="PC",
        shoulder_no=shoulder_no,
        station="Harrogate",
        force=force,
        unit=unit,
        roles=frozenset(roles or {Role.OFFICER}),
        works_with_children=works_with_children,
    )
    made = Handheld(context, force=force)
    new = _device(user, made)
    now = context.now()

    def make(db: Any) -> tuple[str, str]:
        code = enrolment.invite(db, force=force, made_by="test", now=now, lifetime=CODE_LIFETIME)
        device = enrolment.enrol(db, code, new, now=now)
        id_ = accounts.add(db, person, password_hash="nobody signs in with this")
        account = accounts.by_id(db, id_)
        assert account is not None
        begun = now if on_shift else now - sessions.SHIFT - timedelta(hours=1)
        sessions.start(db, account, on=device, now=begun)
        return device.id, id_

    device, id_ = context.store.write(make)
    handheld = replace(made, device=device, officer=id_)
    return Colleague(handheld, an_author(id=id_, name=user), unit, tuple(sorted(person.asked_as)))


def _device(user: str, made: Handheld) -> NewDevice:
    return NewDevice(
        name=user,
        platform="test",
        app_version="0.1.0",
        sign_pub=made.signing.public,
        kem_pubs={1: made.kem.public.raw},
    )
