"""A night of a story: an officer's real phone without signal, the force's real server, and who works there.

What the phone has sealed is opened with the force's key and comes to the server from the same officer's
handheld there, so a story follows one record from the question to whoever has to act on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from sqlalchemy import Connection

from booklets import definitions
from booklets.answers import frozen
from booklets.duties import Act, Acted
from booklets.encounters import Encounter
from booklets.forms import Effect, Stage
from booklets.records import Record
from booklets.review import Problem
from field_app.capture.session import CaptureSession
from sync_server import notices
from sync_server.across import look
from sync_server.app import create_app
from sync_server.context import Context
from sync_server.db.owed import delivery, task
from sync_server.duties import Actor, Answer, act, look_once
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from sync_server.limits import Limits
from tests.support import servers
from tests.support.builders import FORCE, UNIT, an_id
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.handsets import OnShift
from tests.support.sent_back import moved, newest_records
from tests.support.server_data import Clock, rows
from tests.support.web_pages import words_of

KEPT = "Read again with the sergeant at the desk: it says what the doctor saw at ten."


@dataclass
class StoryNight:
    """One night. ``now`` is the minute in which the officer stands at the door."""

    phone: OnShift = field(repr=False)
    context: Context = field(repr=False)
    clock: Clock = field(repr=False)
    now: datetime
    officer: Colleague = field(repr=False)

    # -- at the door -----------------------------------------------------------------------------
    def writes(self, encounter: Encounter) -> CaptureSession:
        """The officer has answered this, tonight, on the phone; it is saved there."""
        shift, guide = self.phone.shift, definitions.guide(encounter.guide)
        given = encounter.answers
        assert given.keys() <= {one.id for one in guide.fields()}, "no question of this guide"
        tonight = replace(
            encounter,
            answers=frozen(moved(given, self.now - encounter.started.instant)),
            officer=shift.author,
            started=shift.stamp(),
            changed=shift.stamp().instant,
            unit=shift.officer.unit,
        )
        return shift.go_on_with(tonight)

    def sends(
        self, session: CaptureSession, stage: Stage = Stage.CAPTURE, *, emergency: str = ""
    ) -> dict[str, Record]:
        """It is sealed on the phone and stored at the force: the records, by their forms."""
        sent = self.phone.shift.send(session, stage=stage, emergency=emergency)
        made = newest_records(self.phone, sent.id)
        order = sorted(made, key=lambda one: one.header.form != "ret")
        return {one.header.form: self.officer.sent(one, force=FORCE, unit=UNIT) for one in order}

    # -- at the force ----------------------------------------------------------------------------
    def colleague(self, user: str, *roles: Role, unit: str = UNIT) -> Colleague:
        """Somebody else who is signed in."""
        return a_colleague(self.context, user, *roles, unit=unit)

    def later(self, **units: float) -> None:
        """So much time has gone by since the officer stood at the door, and the server has looked."""
        self.clock.at = self.now + timedelta(**units)
        look_once(self.context)

    def another_night(self, **units: float) -> None:
        """So long after, the officer is on shift again, and the phone has heard what time it is."""
        self.now += timedelta(**units)
        self.clock.at = self.now
        clock = self.phone.handset.clock
        clock.hear(self.now, asked=clock.mark())
        self.officer.comes_on_shift()

    def looks_across(self, **units: float) -> None:
        """So much time has gone by, and the server has held the records against each other, twice.

        A running server looks every few minutes; what a new finding ends, the next look ends.
        """
        self.later(**units)
        look(self.context)
        look(self.context)

    def tasks(self, **facts: object) -> dict[str, Mapping[str, object]]:
        """What somebody has to do, by its kind; only those with these facts."""
        found = [
            one for one in rows(self.context, task) if all(one[name] == said for name, said in facts.items())
        ]
        return {str(one["kind"]): one for one in found}

    def closes(self, kind: str, words: str, *, by: Colleague | None = None, outcome: str = "done") -> None:
        """The officer, or somebody else on a handheld, says what came of a task."""
        who = by or self.officer
        number = int(str(self.tasks(status="open")[kind]["id"]))
        said = Acted(
            id=an_id(f"{kind} closed"),
            act=Act.CLOSE,
            at=self.clock(),
            task=number,
            outcome=outcome,
            words=words,
        )

        def work(connection: Connection) -> Answer:
            account = accounts.by_id(connection, who.author.id)
            assert account is not None
            return act(self.context, connection, said, Actor(account.id, account.person))

        assert self.context.store.write(work) == Answer(True)

    def leaving(self) -> dict[str, object]:
        """What is owed to whom, and how it stands."""
        return {str(one["target"]): one["state"] for one in rows(self.context, delivery)}

    def told_in(self, record: Record, kind: str) -> str:
        """What the council reads because of a record."""
        about = record.header
        with self.context.store.read() as connection:
            found = notices.content_of(
                connection, self.context.keys.safe, str(about.record), about.revision, kind
            )
        assert found is not None
        return str(found["text"])

    @contextmanager
    def at_the_console(self, user: str, role: Role, unit: str = UNIT) -> Iterator[Desk]:
        """Somebody sits down at the console."""
        limits = Limits()
        with servers.serving(create_app(self.context, force=FORCE, limits=limits)) as url:
            live = servers.LiveServer(url, self.context, servers.Clock(self.clock.at), limits)
            live.add_account(user, role, unit=unit)
            with Browser(url) as browser:
                browser.sign_in(user)
                yield Desk(browser)


@dataclass(frozen=True)
class Desk:
    """A desk at the console."""

    browser: Browser = field(repr=False)

    def reads(self, address: str) -> str:
        """The words of a page."""
        return words_of(self.browser.open(address).text)

    def reads_record(self, record: Record) -> str:
        """The words of the page of a record."""
        return self.reads(f"/records/{record.header.record}")

    def triages(self, record: Record, **said: str) -> None:
        """The vulnerability team decides on a notice on its page, and passes it on."""
        address = f"/records/{record.header.record}"
        hidden = self.browser.hidden_in(self.browser.open(address).text)
        answer = self.browser.http.post(f"{address}/triage", data={**hidden, "act": "pass", **said})
        assert answer.status_code == HTTPStatus.OK, words_of(answer.text)

    def closes_the_episode(self, record: Record, **said: str) -> str:
        """Fill in the closing on the page of the record's episode: the words of the page that answers."""
        address = f"/episodes/{record.header.episode}"
        hidden = self.browser.hidden_in(self.browser.open(address).text)
        return words_of(self.browser.http.post(f"{address}/close", data={**hidden, **said}).text)

    def takes_the_sheet(self, purpose: str) -> str:
        """The daily meeting's sheet as a file, once it was said what for."""
        return self.takes("/daily-meeting", purpose)

    def takes(self, page: str, purpose: str) -> str:
        """A list as a file, from the page that offers it, once it was said what for."""
        hidden = self.browser.hidden_in(self.browser.open(page).text)
        answer = self.browser.http.post(
            f"{page.partition('?')[0]}/file", data={**hidden, "purpose": purpose}
        )
        assert answer.headers["content-type"].startswith("text/csv"), words_of(answer.text)
        return answer.content.decode("utf-8-sig")

    def asks_community(self, record: Record, kind: str, **said: str) -> None:
        """Ask the community officers for something because of a record."""
        answer = self.browser.fill_in(f"/records/{record.header.record}/community", kind=kind, **said)
        assert answer.status_code == HTTPStatus.OK, words_of(answer.text)

    def answers(self, task: int, words: str) -> None:
        """Close a task on its page as done, and say in words what came of it."""
        answer = self.browser.fill_in(f"/tasks/{task}", act="close", outcome="done", words=words)
        assert answer.status_code == HTTPStatus.OK, words_of(answer.text)

    def profiles(self, purpose: str) -> str:
        """The restricted problem profile of this month, once it was said what for."""
        return words_of(self.browser.fill_in("/problem-profile", purpose=purpose, act="show").text)

    def draws(self, unit: str, month: str) -> str:
        """A dip sample of a unit's records; the address of its page."""
        hidden = self.browser.hidden_in(self.browser.open("/samples").text)
        asked = {"unit": unit, "month": month, "size": "3"}
        return str(self.browser.http.post("/samples", data={**hidden, **asked}).url)

    def writes_back(self, sample: str, words: str) -> None:
        """Feedback on the first record of a dip sample."""
        hidden = self.browser.hidden_in(self.browser.http.get(sample).text)
        answer = self.browser.http.post(sample, data={**hidden, "words": words})
        assert answer.status_code == HTTPStatus.OK, words_of(answer.text)

    def finds(self, **filters: str) -> str:
        """The words of the register, asked for this."""
        hidden = self.browser.hidden_in(self.browser.open("/register").text)
        return words_of(self.browser.http.post("/find", data={**hidden, **filters}).text)


def speaks(session: CaptureSession, *effects: Effect, stage: Stage | None = None) -> set[str]:
    """The rules that say something to the officer now; of these effects, or of any."""
    return {one.code for one in session.problems(stage) if not effects or one.effect in effects}


def stands(session: CaptureSession, stage: Stage | None = None) -> set[str]:
    """The rules, and the questions without an answer, that keep it on the phone."""
    return {
        name
        for one in session.problems(stage)
        if one.stands
        for name in ((one.code,) if one.code != "needed" else one.fields)
    }


def said(session: CaptureSession, rule: str, stage: Stage | None = None) -> str:
    """What the officer reads of a rule."""
    return " ".join(one.says for one in session.problems(stage) if one.code == rule)


def keeps(session: CaptureSession, rule: str, reason: str = KEPT) -> None:
    """The officer answers what a rule asks with a reason."""
    for one in session.problems():
        if one.code == rule:
            session.keep_because(one.key, reason)


def problem(session: CaptureSession, rule: str, stage: Stage | None = None) -> Problem:
    """The one thing that a rule found."""
    [found] = [one for one in session.problems(stage) if one.code == rule]
    return found


def changed(session: CaptureSession, **answers: Any) -> None:
    """Put several answers right at once: ``ra__level`` is the question ``ra.level``."""
    for name, answer in answers.items():
        session.put(name.replace("__", ".", 1), answer)
