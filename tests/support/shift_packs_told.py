"""Children as a force tells a handheld of them: invented, with a plan, a report and nights of before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from booklets.answers import instant
from field_app.sync.desk import Arrival
from tests.support.builders import an_id

TOLD_AT = datetime(2026, 3, 14, 21, 4, tzinfo=UTC)
DAY = "2026-03-14"
NAN, MAN = str(an_id("nan")), str(an_id("man with the van"))
ARCADE, COVE = str(an_id("arcade")), str(an_id("cove"))


def _record(name: str, form: str, at: datetime, answers: Mapping[str, Any], *others: str) -> dict[str, Any]:
    return {
        "record": str(an_id(f"{form} of {name} {at:%Y%m%d}")),
        "form": form,
        "incident": str(an_id(f"incident of {name} {at:%Y%m%d}")),
        "episode": str(an_id(f"episode of {name} {at:%Y%m%d}")),
        "at": instant(at),
        "answers": dict(answers),
        "entities": {id_: MENTIONED[id_] for id_ in others},
    }


MENTIONED: Mapping[str, dict[str, Any]] = {
    NAN: {
        "kind": "person",
        "facts": {
            "person.known_as": "Nan June",
            "person.relationship": "grandparent",
            "person.phones": [{"row": {"number": "01632 960377"}}],
        },
    },
    MAN: {"kind": "person", "facts": {"person.known_as": "Dex", "person.age_estimate": "24"}},
    ARCADE: {
        "kind": "place",
        "facts": {
            "place.name": "Coney arcade",
            "place.street": "Foreshore Road",
            "place.town": "Scarborough",
        },
    },
    COVE: {"kind": "place", "facts": {"place.street": "Cornelian Drive", "place.town": "Scarborough"}},
}


def a_moment(at: datetime) -> dict[str, Any]:
    """A time as it lies in an answer."""
    return {"at": instant(at), "precision": "exact", "until": None}


def a_child(name: str, surname: str = "Brook", *, missing: bool = False, **facts: Any) -> dict[str, Any]:
    """A child of whom little is known."""
    known = {"known_as": name, "given_names": name, "surname": surname, "dob": "2011-02-19", "sex": "F"}
    report = _record(
        name,
        "mis",
        TOLD_AT,
        {
            "mis.last_seen_at": a_moment(TOLD_AT - timedelta(hours=3)),
            "mis.last_seen_place": ARCADE,
            "mis.dangers": "Cannot swim; goes to the sea wall.",
            "mis.phone_status": "off",
            "mis.associates": [MAN],
        },
        *(ARCADE, MAN),
    )
    return {
        "kind": "shift_pack",
        "child": str(an_id(f"child {name} {surname}")),
        "as_of": instant(TOLD_AT),
        "people": [str(an_id(f"child {name} {surname}"))],
        "facts": {f"person.{one}": [said, DAY] for one, said in {**known, **facts}.items()},
        "at": instant(TOLD_AT),
        "missing": report["record"] if missing else "",
        "covert": False,
        "times": {"30": 1, "90": 3, "all": 4} if missing else {"30": 0, "90": 0, "all": 0},
        "told": [report] if missing else [],
    }


PLAN: Mapping[str, Any] = {
    "trg.why_words": "Goes to Dex's van when things are loud at home. Was hurt there in January.",
    "trg.level_if_missing": "high",
    "trg.first_hour": [
        {"row": {"action": "Ring Nan June, then the arcade", "who": "First officer", "minutes": "10"}}
    ],
    "trg.places": [ARCADE, COVE],
    "trg.exploiters": [MAN],
    "trg.engage": "Trusts Nan June. Do not say “in trouble”.",
    "trg.agencies": [{"row": {"with": "edt_north_yorkshire", "phone": "01632 960144", "said": "At night"}}],
}


def amy() -> dict[str, Any]:
    """A child of whom much is known: missing now, with a trigger plan, and found twice before."""
    child = a_child(
        "Amy",
        missing=True,
        given_names="Amy Louise",
        phones=[{"row": {"number": "07700 900123"}}],
        markers_checked="yes",
        warning_markers=[{"row": {"marker": "SH", "detail": "May 2025, both arms"}}],
    )
    child["told"] = [
        _record("Amy", "trg", TOLD_AT - timedelta(days=20), PLAN, ARCADE, COVE, MAN),
        *child["told"],
        _record(
            "Amy",
            "ret",
            TOLD_AT - timedelta(days=9),
            {
                "ret.found_at": a_moment(TOLD_AT - timedelta(days=9)),
                "ret.found_place": COVE,
                "ret.found_how": "police_patrol",
            },
            COVE,
        ),
        _record("Amy", "pvi", TOLD_AT - timedelta(days=9), {"pi.who": [NAN]}, NAN),
        _record(
            "Amy",
            "ret",
            TOLD_AT - timedelta(days=30),
            {"ret.found_at": a_moment(TOLD_AT - timedelta(days=30)), "ret.found_place": ARCADE},
            ARCADE,
        ),
    ]
    return child


def arrived(*children: Mapping[str, Any], stream: str = "pack of tonight", first: int = 1) -> list[Arrival]:
    """The same as it comes to a handheld, opened."""
    return [
        Arrival(stream, number, "shift_pack", "", 0, dict(one)) for number, one in enumerate(children, first)
    ]
