"""What a daily meeting is drawn from: children with a night of their own, and a desk where it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from booklets.answers import Answer, Moment, frozen
from booklets.forms import Stage
from booklets.records import Record
from sync_server.identity.accounts import Role
from tests.support.builders import NIGHT, PEOPLE, a_header, a_person, an_id
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.servers import LiveServer, a_server, no_hurry

ELSEWHERE = "filey_response"
SHEET, FILE = "/daily-meeting", "/daily-meeting/file"
WHY = "For the council at nine, who see it on our screen"


def parts(name: str) -> dict[str, Any]:
    """The ids of a night that has nothing in common with the others."""
    return {part: an_id(f"{part} of {name}") for part in ("record", "encounter", "episode", "incident")}


def about(name: str) -> dict[str, Any]:
    """A child, and the ids of the child's night."""
    child = an_id(f"child {name}")
    known = a_person(child, given_names=name, surname="Brook-Test")
    return {"subject": child, "entities": (known, *PEOPLE[1:]), **parts(name)}


def a_report(name: str, answers: Mapping[str, Answer] | None = None, **header: Any) -> Record:
    """A missing report: last seen on Friday at six."""
    ids = about(name)
    said: dict[str, Answer] = {"mis.last_seen_at": Moment(NIGHT - timedelta(days=1, hours=3, minutes=4))}
    entities = ids.pop("entities")
    return Record(
        header=a_header("mis", **{**ids, **header}),
        stage=Stage.CAPTURE,
        answers=frozen({**said, **(answers or {})}),
        entities=entities,
        tasks=(),
        reasons={},
    )


@contextmanager
def a_desk_with(folder: Path) -> Iterator[tuple[LiveServer, Colleague, Browser]]:
    """A server on which nothing has arrived yet, an officer, and a desk of the missing-from-home team."""
    with a_server(folder, no_hurry()) as server, Browser(server.url) as desk:
        server.add_account("mhet", Role.MHET)
        desk.sign_in("mhet")
        yield server, a_colleague(server.context, "pc.okoro"), desk
