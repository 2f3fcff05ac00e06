"""The same child again: returns of several nights, by officers who did not know of each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from booklets.answers import Answer, Moment
from booklets.duties import Act, Acted
from booklets.entities import Entity, new_id
from booklets.records import Record
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.duties import Actor, act
from sync_server.duties import Answer as Heard
from sync_server.identity import accounts
from tests.support.builders import HOME, a_carer, a_person, a_place, a_return, an_id, an_interview
from tests.support.colleagues import Colleague
from tests.support.server_data import rows

KIT: Mapping[str, Answer] = {"given_names": "Kit", "surname": "Marlowe-Test", "dob": "2011-05-02"}
ANA: Mapping[str, Answer] = {"given_names": "Ana", "surname": "Wold-Test", "dob": "2012-09-30"}


def a_night(
    name: str,
    at: datetime,
    *,
    child: Mapping[str, Answer] = KIT,
    place: Entity | None = None,
    answers: Mapping[str, Answer] | None = None,
    others: tuple[Entity, ...] = (),
    **header: Any,
) -> Record:
    """A return of one night. The child has an id of its own in it, as on a handheld that never met them."""
    id_ = an_id(f"child {name}")
    found_at = place or a_place(
        an_id(f"place {name}"), name=f"Shelter {name}", street=f"{name} Street", postcode=""
    )
    home = a_place(HOME, name="Home", street="2 Invented Street", place_type="home")
    said: dict[str, Answer] = {
        "ret.found_at": Moment(at - timedelta(minutes=40)),
        "ret.found_place": str(found_at.id),
    }
    parts: dict[str, Any] = {
        "record": an_id(f"record {name}"),
        "episode": an_id(f"episode {name}"),
        "incident": an_id(f"incident {name}"),
        "encounter": an_id(f"encounter {name}"),
        "subject": id_,
    }
    return a_return(
        said | dict(answers or {}),
        entities=(a_person(id_, at, **child), a_carer(), found_at, home, *others),
        **parts | header,
    )


def a_talk(night: Record, answers: Mapping[str, Answer], *others: Entity) -> Record:
    """What the child of that night said at the door, and whoever it is about."""
    header = night.header
    same = {name: getattr(header, name) for name in ("episode", "incident", "encounter", "subject")}
    child = next(one for one in night.entities if one.id == header.subject)
    return an_interview(
        answers, entities=(child, *others), record=an_id(f"interview {header.record}"), **same
    )


def closes(person: Colleague, kind: str, **said: str) -> Heard:
    """Somebody closes the open task of a kind."""
    context = person.handheld.context
    [number] = [one["id"] for one in rows(context, task) if (one["kind"], one["status"]) == (kind, "open")]
    assert isinstance(number, int)
    closing = Acted(id=new_id(), task=number, act=Act.CLOSE, at=context.now(), **said)

    def work(connection: Connection) -> Heard:
        account = accounts.by_id(connection, person.handheld.officer)
        assert account is not None
        return act(context, connection, closing, Actor(account.id, account.person))

    answered = context.store.write(work)
    assert answered.stands, answered.why_void
    return answered


def asked(context: Context, kind: str = "") -> list[tuple[str, str, str, str]]:
    """The tasks that are there: kind, rule, owner and how each stands."""
    return [
        (str(row["kind"]), str(row["rule"]), str(row["owner_role"]), str(row["status"]))
        for row in rows(context, task)
        if not kind or row["kind"] == kind
    ]


def of(record: Record) -> UUID:
    """The id of a record."""
    return record.header.record
