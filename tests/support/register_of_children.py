"""The register of children at every desk: a force of whose children more or less is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from booklets.answers import Answer, Moment
from booklets.records import Record, Task
from sync_server.db.tables import audit
from tests.support.builders import NIGHT, a_ppn, a_task
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.every_desk import every_desk, read_back, takes
from tests.support.known_children import known_as, report_of, return_of, review_of
from tests.support.meetings import ELSEWHERE, about
from tests.support.people_again import a_record
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

PAGE, FILE = "/children", "/children/file"
WHY = "For the strategic group, who see it on our screen"
CLOCK = "return_home_interview"
IN_CARE: Mapping[str, Any] = {"care_status": "co", "la_responsible": "E06000014", "dob": "2011-05-02"}
REVIEWED: Mapping[str, Answer] = {"mh.mace": "declined", "mh.exploitation_level": "significant"}


def a_plan(child: Record, review: str, **header: Any) -> Record:
    """A trigger plan, with the day on which it is looked at again."""
    return a_record("trg", child, {"trg.review_due": review}, **header)


def a_home_interview(child: Record, outcome: Answer, *, report: bool = True) -> Record:
    """The record of the return home interview, as the team writes it: once the report is here, or before."""
    said: dict[str, Answer] = {"rhi.requested_at": Moment(NIGHT), "rhi.outcome": outcome}
    return a_record("rhi", child, said | ({"rhi.received_at": Moment(NIGHT)} if report else {}))


@dataclass
class Force:
    """A server, an officer of it, and who sits at which desk."""

    server: LiveServer
    officer: Colleague
    desks: Mapping[str, Browser]

    def reads(self, address: str = PAGE, who: str = "mhet") -> str:
        """The words of a page."""
        return words_of(self.desks[who].open(address).text)

    def takes(self, who: str = "mhet", purpose: str = WHY, **fields: str) -> httpx.Response:
        """Ask for the file."""
        return takes(self.desks[who], PAGE, FILE, purpose, **fields)

    def lines(self, who: str = "mhet", **fields: str) -> list[dict[str, str]]:
        """Every child's line."""
        return read_back(self.takes(who, **fields))

    def names(self, who: str = "mhet", **fields: str) -> list[str]:
        """The children in their order, by what they are called first."""
        return [line["Child"].split()[0] for line in self.lines(who, **fields)]

    def noted(self, what: str) -> dict[str, Any]:
        """What was written down last about reading or taking it."""
        query = select(audit.c.detail).where(audit.c.what == what).order_by(audit.c.id.desc())
        with self.server.context.store.read() as db:
            return dict(db.execute(query).scalars().first() or {})


@contextmanager
def a_force(folder: Path) -> Iterator[Force]:
    """A force to which nothing has come yet."""
    with a_server(folder, no_hurry()) as server, every_desk(server) as desks:
        server.clock.at = NIGHT
        yield Force(server, a_colleague(server.context, "pc.okoro"), desks)


@contextmanager
def a_busy_force(folder: Path) -> Iterator[Force]:
    """Amy has a notice, Noor everything, Leo is missing, and Zed is another unit's."""
    with a_force(folder) as made:
        there = a_colleague(made.server.context, "pc.there", unit=ELSEWHERE)
        late = a_task("tell_child", owner="author", due_at=NIGHT - timedelta(minutes=70))
        made.officer.sent(known_as(a_ppn(tasks=(), **about("Amy"))))
        report = made.officer.sent(report_of("Noor", **IN_CARE))
        returned = known_as(return_of("Noor", **IN_CARE))
        made.officer.sent(with_task(returned, late))
        made.officer.sent(a_home_interview(report, "declined"))
        made.officer.sent(a_plan(report, "2026-05-01"))
        made.officer.sent(known_as(review_of("Noor", REVIEWED), **IN_CARE))
        made.officer.sent(report_of("Leo"))
        there.sent(report_of("Zed"), unit=ELSEWHERE)
        yield made


def with_task(record: Record, *tasks: Task) -> Record:
    """The record, with these tasks of its handheld."""
    return replace(record, tasks=tasks)
