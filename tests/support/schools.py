"""What a school is told of a night: the record, the school it names, and where its notices go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from booklets.answers import Answer, Gap, Moment, Why, frozen
from booklets.entities import Entity
from booklets.forms import Stage
from booklets.records import Record, Task
from sync_server import notices
from sync_server.context import Context
from sync_server.db.owed import delivery, task
from sync_server.referrals import SCHOOL_NOTICE
from sync_server.settings import Targets
from tests.support.builders import CARER, FORCE, HOME, NIGHT, PEOPLE, a_header, a_place, a_task, an_id
from tests.support.server_data import rows

URN, OTHER_URN = "900001", "900002"
TARGET, OTHER_TARGET = f"school:{URN}", f"school:{OTHER_URN}"
SCHOOL, OTHER_SCHOOL = an_id("school"), an_id("other school")
SCHOOLS_BY_FOLDER: Targets = {FORCE: {"school": None}}
HARROWFIELD: Mapping[str, Any] = MappingProxyType(
    {"name": "Harrowfield Academy", "street": "School Lane", "town": "Harrogate", "postcode": "HG1 9ZZ"}
)
ST_HILDS: Mapping[str, Any] = MappingProxyType(
    {
        "name": "St Hild's Primary School",
        "street": "Quay Road",
        "town": "Scarborough",
        "postcode": "YO11 9ZZ",
    }
)
PLACES = (a_place(SCHOOL, **HARROWFIELD), a_place(OTHER_SCHOOL, **ST_HILDS))
SAID: Mapping[str, Answer] = MappingProxyType(
    {
        "enc.incident_at": Moment(NIGHT - timedelta(minutes=40)),
        "enc.place": str(HOME),
        "enc.police_ref": "NYP-14032026-0441",
        "enc.circumstances": "Kit was upstairs while his mother was hit in the kitchen at eight.",
        "enc.adult_victims": (str(CARER),),
        "enc.adult_abusers": Gap(Why.NOT_KNOWN, "A man who had gone"),
        "enc.outcome": "One man was arrested. He may not collect Kit.",
        "enc.child_present": "yes",
        "enc.child_where": "On the stairs",
        "enc.child_spoken": "no",
        "enc.setting": "school",
        "enc.setting_name": str(SCHOOL),
        "enc.adult_at_school": "no",
        "enc.blocked": "is_told",
    }
)
ASKED = (
    a_task("school_told", rule="school_told", owner="author"),
    a_task("operation_encompass", rule="R-46", owner="vat"),
)


def an_enc(
    changed: Mapping[str, Answer] | None = None,
    *,
    entities: tuple[Entity, ...] = (*PEOPLE, *PLACES),
    tasks: tuple[Task, ...] = ASKED,
    **header: Any,
) -> Record:
    """What Kit's school is told, of the night on which his mother was hit."""
    parts: dict[str, Any] = {"encounter": an_id("encounter enc")}
    return Record(
        header=a_header("enc", **parts | header),
        stage=Stage.COMPLETE,
        answers=frozen({name: one for name, one in {**SAID, **(changed or {})}.items() if one != ""}),
        entities=entities,
        tasks=tasks,
    )


def read_by(context: Context, record: Record, urn: str = URN) -> Mapping[str, Any]:
    """What a school reads because of a record."""
    about = record.header
    with context.store.read() as connection:
        found = notices.content_of(
            connection,
            context.keys.safe,
            str(about.record),
            about.revision,
            SCHOOL_NOTICE,
            authority=urn,
        )
    assert found is not None
    return found


def to_schools(context: Context) -> list[dict[str, object]]:
    """What is owed to schools, as it stands."""
    return [one for one in rows(context, delivery) if str(one["target"]).startswith("school:")]


def school_tasks(context: Context) -> set[tuple[object, object, object]]:
    """The tasks to tell a school: their kind, how they stand, and what the system does of them."""
    asked = {"school_told", "operation_encompass"}
    return {
        (one["kind"], one["status"], one["by_system"]) for one in rows(context, task) if one["kind"] in asked
    }


def said_of_school_tasks(context: Context) -> set[object]:
    """What the tasks say of the system."""
    return {said for _, _, said in school_tasks(context)}
