"""Missing episodes and whoever closes them: a child's night, and what somebody says who closes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping

from booklets.answers import Answer
from booklets.forms import Stage
from booklets.records import Record
from sync_server.context import Context
from sync_server.episodes.closing import Answer as Answered
from sync_server.episodes.closing import Asked, close, mark_of, reopen
from sync_server.episodes.standing import acts_of, closed_by
from sync_server.episodes.still_open import records_of, still_open, tasks_on, with_two_versions
from sync_server.identity import accounts
from tests.support.builders import FORCE, UNIT, a_return, an_id, an_interview
from tests.support.colleagues import Colleague
from tests.support.meetings import a_report, about

WHY = "Kit was found at the bus station at 20:24 and says he slept at his nan's; PC Okoro spoke with him."
DESPITE = "Sgt Marsh rings the council on Monday about the interview, and the team sees to it."
AGAIN = "His nan rang at nine: he slept in a car in Filey, and PC Okoro asks him about the driver."
NO_DIRECTIONS: Mapping[str, Answer] = {"sup.directions": ()}


@dataclass(frozen=True)
class Episode:
    """One episode as a server holds it, for a test that closes it from within."""

    context: Context
    id: str

    def asked(self, who: Colleague, category: str = "returned_safe", **more: Any) -> Asked:
        """What somebody asks for who has read the episode just now."""
        with self.context.store.read() as db:
            by = accounts.by_id(db, who.author.id)
            seen = mark_of(records_of(db, FORCE, self.id))
        assert by is not None
        parts: dict[str, Any] = {"by": by, "episode": self.id, "seen": seen, "words": WHY}
        return Asked(**{**parts, "category": category, **more})

    def closes(self, who: Colleague, category: str = "returned_safe", **more: Any) -> Answered:
        """Somebody closes it."""
        return self.closing(self.asked(who, category, **more))()

    def closing(self, asked: Asked, process: Context | None = None) -> Callable[[], Answered]:
        """Everything done but the closing, in this process of the server or in another."""
        context = process or self.context
        return lambda: context.store.write(lambda db: close(context, db, asked))

    def opens_again(self, who: Colleague) -> Answered:
        """Somebody opens it again."""
        asked = self.asked(who, "", words=AGAIN)

        def work(db: Connection) -> Answered:
            return reopen(self.context, db, asked)

        return self.context.store.write(work)

    @property
    def is_closed(self) -> bool:
        """Whether it is closed."""
        with self.context.store.read() as db:
            return closed_by(acts_of(db, FORCE, self.id)) is not None

    @property
    def acts(self) -> list[RowMapping]:
        """What became of it."""
        with self.context.store.read() as db:
            return acts_of(db, FORCE, self.id)

    @property
    def open(self) -> list[str]:
        """What is open of it, as codes."""
        with self.context.store.read() as db:
            found = records_of(db, FORCE, self.id)
            beside = with_two_versions(db, FORCE, found)
            return [one.what.value for one in still_open(found, tasks_on(db, found), beside)]


def of(context: Context, record: Record) -> Episode:
    """The episode of a record."""
    return Episode(context, str(record.header.episode))


def a_back(name: str, answers: Mapping[str, Answer] | None = None, **header: Any) -> Record:
    """The return of the child of this name."""
    return a_return(answers, **{"stage": Stage.CAPTURE, **about(name), **header})


def a_talk(name: str, answers: Mapping[str, Answer] | None = None, **header: Any) -> Record:
    """The prevention interview with the same child."""
    ids = {**about(name), "record": an_id(f"interview {name}")}
    return an_interview(answers, **{**ids, **header})


def missing(name: str, answers: Mapping[str, Answer] | None = None) -> Record:
    """The missing report of the same child's night."""
    return a_report(name, answers, record=an_id(f"report {name}"), unit=UNIT)


def all_done(name: str, officer: Colleague, sergeant: Colleague) -> Record:
    """A child's night of which everything is decided and done: the return."""
    back, talk = officer.sent(a_back(name)), officer.sent(a_talk(name))
    sergeant.decided(back, talk, answers=NO_DIRECTIONS)
    return back
