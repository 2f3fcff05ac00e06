"""Who sees which records: every route, for each role, of this unit and force and of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from booklets.decisions import Outcome
from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.console.routes import ADDRESSES
from sync_server.console.scopes import READERS
from sync_server.identity.accounts import Role
from tests.support.builders import (
    CHILD,
    UNIT,
    a_person,
    a_ppn,
    a_return,
    an_id,
    an_interview,
)
from tests.support.builders import (
    PEOPLE as ENTITIES,
)
from tests.support.colleagues import a_colleague
from tests.support.console_desks import council_of
from tests.support.devices import Browser
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import rows_in

pytestmark = pytest.mark.thorough

OTHER_UNIT, OTHER_FORCE = "filey_response", "another_force"
PEOPLE: Mapping[str, tuple[Role, str, str]] = {
    "mhet": (Role.MHET, "mhet", ""),
    "vat": (Role.VAT, "vat", ""),
    "control room": (Role.FIM, "control_room", ""),
    "sergeant": (Role.SUPERVISOR, UNIT, ""),
    "sergeant elsewhere": (Role.SUPERVISOR, OTHER_UNIT, ""),
    "admin": (Role.ADMIN, "digital", ""),
    "community officer": (Role.COMMUNITY, "child_exploitation", ""),
    "analyst": (Role.ANALYST, "intelligence", ""),
    "records manager": (Role.RECORDS, "information", ""),
    "auditor": (Role.AUDITOR, "standards", ""),
    "council": (Role.LOCAL_AUTHORITY, "duty_team", ""),
    "integrator": (Role.INTEGRATOR, "digital", ""),
    "mhet of another force": (Role.MHET, "mhet", OTHER_FORCE),
    "sergeant of another force": (Role.SUPERVISOR, UNIT, OTHER_FORCE),
    "vat of another force": (Role.VAT, "vat", OTHER_FORCE),
    "control room of another force": (Role.FIM, "control_room", OTHER_FORCE),
}
# What there is, and of which child: a notice with a return of the same child, danger with a return of the
# same night, and two returns that the vulnerability team has nothing to do with.
DECISIONS = frozenset({"decision", "of danger"})
OF_OTHERS = frozenset({"return", "elsewhere", "wrong child"})
EVERYTHING = DECISIONS | OF_OTHERS | {"notice", "same child", "danger", "same night"}
READS: Mapping[str, frozenset[str]] = {
    "mhet": EVERYTHING,
    "control room": EVERYTHING,
    "vat": EVERYTHING - OF_OTHERS,
    "sergeant": EVERYTHING - {"elsewhere"},
    "sergeant elsewhere": frozenset({"elsewhere"}),
    "admin": frozenset(),
    "community officer": frozenset(),
    "analyst": frozenset(),
    "records manager": frozenset(),
    "auditor": frozenset(),
    "council": frozenset(),
    "integrator": frozenset(),
    "mhet of another force": frozenset(),
    "sergeant of another force": frozenset(),
    "vat of another force": frozenset(),
    "control room of another force": frozenset(),
}
OF_A_RECORD = [
    address.path
    for address in ADDRESSES
    if address.method == "GET"
    and address.path.startswith("/records/{record}")
    and "{attachment}" not in address.path
    and address.roles >= READERS
]
OPEN_NO_RECORD = {"admin", "analyst", "auditor", "community officer", "council", "integrator"}
HAVE_NO_REGISTER = OPEN_NO_RECORD | {"records manager"}


@dataclass
class Force:
    """A server with records of every kind, and somebody of every kind."""

    server: LiveServer
    records: Mapping[str, Record]
    desks: Mapping[str, Browser]


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    """The server, and everybody signed in at the console."""
    with a_server(tmp_path_factory.mktemp("scopes"), no_hurry()) as server:
        records = _everything(server)
        desks = {}
        for name, (role, unit, other) in PEOPLE.items():
            user = name.replace(" ", ".")
            more = {"force": other} if other else {}
            server.add_account(user, role, unit=unit, council=council_of(role), **more)
            desks[name] = Browser(server.url)
            desks[name].sign_in(user)
        yield Force(server, records, desks)
        for desk in desks.values():
            desk.http.close()


def _everything(server: LiveServer) -> dict[str, Record]:
    """One record of each kind, all of them of Kit and his namesakes, each with a second revision."""
    officer = a_colleague(server.context, "pc.okoro")
    sergeant = a_colleague(server.context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
    there = a_colleague(server.context, "pc.there", unit=OTHER_UNIT)

    def kept(name: str, made: Any, child: str, night: str = "", said: Any = None, **header: Any) -> Record:
        about = an_id(child)
        entities = (a_person(about), *(one for one in ENTITIES if one.id != CHILD))
        ids = {"record": an_id(name), "encounter": an_id(name), "episode": an_id(night or name)}
        writer = there if header.get("unit") == OTHER_UNIT else officer
        return writer.sent(made(said, entities=entities, subject=about, **ids, **header))

    unread = kept("withdrawn notice", a_ppn, "child with a notice that was withdrawn")
    records = {
        "return": kept("return", a_return, "child of a return"),
        "notice": kept("notice", a_ppn, "child with a notice", incident=an_id("the notice's own incident")),
        "same child": kept("same child", a_return, "child with a notice"),
        "danger": kept("danger", an_interview, "child in danger", said={"pi.danger_now": "yes"}),
        "same night": kept("same night", a_return, "brother of the child in danger", "danger"),
        "elsewhere": kept("elsewhere", a_return, "child elsewhere", unit=OTHER_UNIT),
        "wrong child": kept("wrong child", a_return, "child with a notice that was withdrawn"),
    }
    more = {"ret.condition_notes": "He asked for his charger."}
    newest = {
        name: (there if name == "elsewhere" else officer).revises(one, more) for name, one in records.items()
    }
    officer.withdraws(unread)
    decision = sergeant.decided(newest["notice"])
    of_danger = sergeant.decided(newest["danger"], outcome=Outcome.ESCALATE)
    for one in (decision, of_danger):
        sergeant.revises(one)
    return {**records, "decision": decision, "of danger": of_danger}


@pytest.mark.parametrize("path", OF_A_RECORD)
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("which", sorted(EVERYTHING))
def test_a_record_opens_for_those_whose_it_is_and_is_not_there_for_others(
    force: Force, path: str, who: str, which: str
) -> None:
    """The page, each revision and what changed: a guessed address shows nobody what is not theirs."""
    record = str(force.records[which].header.record)

    answer = force.desks[who].open(path.format(record=record, rev=2))

    expected = 200 if which in READS[who] else 403 if who in OPEN_NO_RECORD else 404
    assert answer.status_code == expected
    assert ("Kit" in answer.text) is (expected == 200)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_register_lists_what_somebody_may_open(force: Force, who: str) -> None:
    """No more and no less, whatever is asked for."""
    listed = force.desks[who].open("/register")
    asked = force.desks[who].open(f"/register?unit={OTHER_UNIT}")

    if who in HAVE_NO_REGISTER:
        assert (listed.status_code, "Kit" in listed.text) == (403, False)
        return
    withdrawn = {"mhet", "control room", "sergeant", "vat"}
    assert rows_in(listed.text) == len(READS[who] - DECISIONS) + (who in withdrawn)
    assert rows_in(asked.text) == len(READS[who] & {"elsewhere"})


def test_other_records_of_an_incident_are_named_to_those_who_may_open_them(force: Force) -> None:
    """A link to what somebody cannot open would tell them that it is there."""
    record = str(force.records["return"].header.record)
    elsewhere = str(force.records["elsewhere"].header.record)

    by_mhet = force.desks["mhet"].open(f"/records/{record}").text
    by_sergeant = force.desks["sergeant"].open(f"/records/{record}").text

    assert f"/records/{elsewhere}" in by_mhet
    assert f"/records/{elsewhere}" not in by_sergeant


@pytest.mark.parametrize("who", ["mhet of another force", "vat", "sergeant elsewhere"])
def test_a_record_that_was_not_shown_is_not_noted_as_read(force: Force, who: str) -> None:
    """Section 62 is about what was consulted."""
    record = str(force.records["return"].header.record)
    with force.server.context.store.read() as db:
        before = len(entries_of(db, record))

    force.desks[who].open(f"/records/{record}")

    with force.server.context.store.read() as db:
        assert len(entries_of(db, record)) == before


@pytest.mark.parametrize(("path", "reads"), [("revisions/1", 1), ("revisions/2/changes", 2)])
def test_every_revision_that_is_shown_is_noted_as_read(force: Force, path: str, reads: int) -> None:
    """Comparing two is reading both."""
    record = str(force.records["return"].header.record)
    with force.server.context.store.read() as db:
        before = len(entries_of(db, record))

    force.desks["mhet"].open(f"/records/{record}/{path}")

    with force.server.context.store.read() as db:
        noted = entries_of(db, record)[before:]
    assert [one["what"] for one in noted] == ["viewed"] * reads
    assert {one["detail"]["why"] for one in noted} == {"duty"}


@pytest.mark.parametrize("rev", ["0", "3", "99999", "-1", "x", "٢"])
def test_a_revision_that_is_not_there_is_said_to_be_not_there(force: Force, rev: str) -> None:
    """Whatever is typed into the address."""
    record = str(force.records["return"].header.record)

    assert force.desks["mhet"].open(f"/records/{record}/revisions/{rev}/changes").status_code == 404
    assert force.desks["mhet"].open(f"/records/{record}/revisions/{rev}").status_code == 404
