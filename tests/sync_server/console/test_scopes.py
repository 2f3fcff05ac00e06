"""Who sees which records: every route, for each role, of this unit and force and of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.console.routes import ADDRESSES
from sync_server.identity.accounts import Role
from tests.support.builders import UNIT, a_ppn, a_return, an_id
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.servers import LiveServer, a_server
from tests.support.web_pages import rows_in

OTHER_UNIT, OTHER_FORCE = "filey_response", "another_force"
PEOPLE: Mapping[str, tuple[Role, str, str]] = {
    "mhet": (Role.MHET, "mhet", ""),
    "vat": (Role.VAT, "vat", ""),
    "sergeant": (Role.SUPERVISOR, UNIT, ""),
    "sergeant elsewhere": (Role.SUPERVISOR, OTHER_UNIT, ""),
    "admin": (Role.ADMIN, "digital", ""),
    "mhet of another force": (Role.MHET, "mhet", OTHER_FORCE),
    "sergeant of another force": (Role.SUPERVISOR, UNIT, OTHER_FORCE),
    "vat of another force": (Role.VAT, "vat", OTHER_FORCE),
}
READS: Mapping[str, frozenset[str]] = {
    "mhet": frozenset({"return", "notice", "elsewhere"}),
    "vat": frozenset({"notice"}),
    "sergeant": frozenset({"return", "notice"}),
    "sergeant elsewhere": frozenset({"elsewhere"}),
    "admin": frozenset(),
    "mhet of another force": frozenset(),
    "sergeant of another force": frozenset(),
    "vat of another force": frozenset(),
}
OF_A_RECORD = [
    address.path for address in ADDRESSES if address.method == "GET" and "{record}" in address.path
]


@dataclass
class Force:
    """A server with a return and a notice of one unit, a return of another, and somebody of every kind."""

    server: LiveServer
    records: Mapping[str, Record]
    desks: Mapping[str, Browser]


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    """The server, and everybody signed in at the console."""
    with a_server(tmp_path_factory.mktemp("scopes")) as server:
        officer = a_colleague(server.context, "pc.okoro")
        there = a_colleague(server.context, "pc.there", unit=OTHER_UNIT)
        records = {
            "return": officer.sent(a_return()),
            "notice": officer.sent(a_ppn(incident=an_id("the notice's own incident"))),
            "elsewhere": there.sent(
                a_return(record=an_id("elsewhere"), encounter=an_id("elsewhere"), unit=OTHER_UNIT)
            ),
        }
        for name, one in records.items():
            writer = there if name == "elsewhere" else officer
            writer.revises(one, {"ret.condition_notes": "He asked for his charger."})
        desks = {}
        for name, (role, unit, other) in PEOPLE.items():
            user = name.replace(" ", ".")
            server.add_account(user, role, unit=unit, **({"force": other} if other else {}))
            desks[name] = Browser(server.url)
            desks[name].sign_in(user)
            server.limits.sign_in.forget()
        yield Force(server, records, desks)
        for desk in desks.values():
            desk.http.close()


@pytest.mark.parametrize("path", OF_A_RECORD)
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("which", ["return", "notice", "elsewhere"])
def test_a_record_opens_for_those_whose_it_is_and_is_not_there_for_others(
    force: Force, path: str, who: str, which: str
) -> None:
    """The page, each revision and what changed: a guessed address shows nobody what is not theirs."""
    record = str(force.records[which].header.record)

    answer = force.desks[who].open(path.format(record=record, rev=2))

    expected = 200 if which in READS[who] else 403 if who == "admin" else 404
    assert answer.status_code == expected
    assert ("Kit" in answer.text) is (expected == 200)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_register_lists_what_somebody_may_open(force: Force, who: str) -> None:
    """No more and no less, whatever is asked for."""
    listed = force.desks[who].open("/register")
    asked = force.desks[who].open(f"/register?unit={OTHER_UNIT}")

    if who == "admin":
        assert (listed.status_code, "Kit" in listed.text) == (403, False)
        return
    assert rows_in(listed.text) == len(READS[who])
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
