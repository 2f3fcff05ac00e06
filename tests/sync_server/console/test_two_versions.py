"""Two officers went on from the same revision: a person reads both at the console and says which counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from booklets.decisions import Outcome
from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.db.tables import record as register
from sync_server.identity.accounts import Role
from sync_server.intake import Result
from tests.support.builders import UNIT, a_return, an_id, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.server_data import rows
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import rows_in, words_of

PARTS = ("record", "encounter", "episode", "incident")


@dataclass
class Unit:
    """A server, three officers and their sergeant, and people at desks."""

    server: LiveServer
    sergeant: Colleague
    gone: Colleague
    ours: Colleague
    theirs: Colleague
    desks: dict[str, Browser] = field(default_factory=dict)

    def two_versions(self, name: str) -> Record:
        """A return that was sent back to the unit and answered twice. Gives the answer that came first."""
        ids: dict[str, Any] = {part: an_id(f"{part} of {name}") for part in PARTS}
        sent = self.gone.sent(a_return(**ids))
        self.server.clock.later(minutes=1)
        self.sergeant.decided(sent, outcome=Outcome.RETURN)
        self.server.clock.later(minutes=1)
        first = self.ours.revises(sent, {"ret.condition_notes": "He was cold and tired."})
        other = next_revision(sent, {"ret.condition_notes": "He was warm and chatty."})
        assert self.theirs.sends(other).result is Result.CONFLICT
        return first

    def path_of(self, record: Record, who: str = "sergeant") -> str:
        """Where both are read: the link on the record's page."""
        text = self.desks[who].open(f"/records/{record.header.record}").text
        return text.partition('href="/two-versions/')[2].partition('"')[0]

    def reads(self, record: Record, who: str = "sergeant") -> str:
        """The page with both versions."""
        return self.desks[who].open(f"/two-versions/{self.path_of(record)}").text

    def chooses(
        self, record: Record, counts: str, who: str = "sergeant", given: Mapping[str, str] | None = None
    ) -> Any:
        """Read both, and press one of the two buttons."""
        path = f"/two-versions/{self.path_of(record)}"
        hidden = self.desks[who].hidden_in(self.desks[who].open(path).text)
        return self.desks[who].http.post(path, data={**hidden, "counts": counts} | dict(given or {}))

    def row(self, record: Record) -> dict[str, object]:
        """What the register says."""
        found = rows(self.server.context, register)
        return next(one for one in found if one["record"] == str(record.header.record))

    def history(self, record: Record) -> list[str]:
        """What was done with it."""
        with self.server.context.store.read() as db:
            return [one["what"] for one in entries_of(db, str(record.header.record))]


PEOPLE = {
    "sergeant": (Role.SUPERVISOR, UNIT),
    "mhet": (Role.MHET, "mhet"),
    "vat": (Role.VAT, "vat"),
    "sergeant elsewhere": (Role.SUPERVISOR, "filey_response"),
}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """The server of a unit, with everybody signed in."""
    with a_server(tmp_path_factory.mktemp("versions"), no_hurry()) as server:
        context = server.context
        unit = Unit(
            server,
            a_colleague(context, "sgt.tablet", Role.SUPERVISOR),
            a_colleague(context, "pc.gone", on_shift=False),
            a_colleague(context, "pc.ours"),
            a_colleague(context, "pc.theirs"),
        )
        for name, (role, where) in PEOPLE.items():
            server.add_account(name.replace(" ", "."), role, unit=where)
            unit.desks[name] = Browser(server.url)
            unit.desks[name].sign_in(name.replace(" ", "."))
        yield unit
        for desk in unit.desks.values():
            desk.http.close()


@pytest.fixture
def unit(there: Unit) -> Unit:
    """The unit."""
    return there


@pytest.fixture
def record(unit: Unit, request: pytest.FixtureRequest) -> Record:
    """A record of which there are two versions."""
    return unit.two_versions(request.node.name)


def test_both_are_read_side_by_side_and_reading_is_written_down(unit: Unit, record: Record) -> None:
    """Who wrote which, what is different, and that somebody looked: both were read."""
    before = unit.history(record).count("viewed")

    page = words_of(unit.reads(record))

    assert "He was cold and tired." in page
    assert "He was warm and chatty." in page
    assert "The record: PC pc.ours" in page
    assert "Kept beside it: PC pc.theirs" in page
    assert unit.history(record).count("viewed") == before + 3  # the record's own page, and each version


def test_the_list_shows_what_waits_and_no_more_once_it_is_settled(unit: Unit, record: Record) -> None:
    """Whoever comes on duty sees what nobody has chosen yet."""
    listed = unit.desks["mhet"].open("/two-versions").text
    waiting = rows_in(listed)
    assert "Kit" in listed

    answer = unit.chooses(record, "first", who="mhet")

    assert "It is settled" in words_of(answer.text)
    assert rows_in(answer.text) == waiting - 1
    assert "nobody has said yet" not in unit.desks["mhet"].open(f"/records/{record.header.record}").text


def test_the_record_stays_as_it_is(unit: Unit, record: Record) -> None:
    """The other is in the history, and its author hears of it."""
    unit.chooses(record, "first")

    assert (unit.row(record)["rev"], unit.row(record)["author"]) == (2, unit.ours.author.id)
    assert "conflict_settled" in unit.history(record)
    said = [one for one in unit.theirs.heard("status") if one.get("settled") == "kept_beside"]
    assert (said[-1]["record"], said[-1]["settled_by"]) == (str(record.header.record), "PC Wells")


def test_the_version_beside_it_counts_from_now_on(unit: Unit, record: Record) -> None:
    """As the next revision, so that what was there before can still be read."""
    unit.chooses(record, "other")

    assert (unit.row(record)["rev"], unit.row(record)["author"]) == (3, unit.theirs.author.id)
    page = words_of(unit.desks["sergeant"].open(f"/records/{record.header.record}").text)
    assert "He was warm and chatty." in page
    assert "Two versions read, and settled which counts" in page


@pytest.mark.parametrize("given", [{"counts": "neither"}, {"seen": ""}, {"seen": "x"}])
def test_what_was_not_shown_here_is_not_chosen(unit: Unit, record: Record, given: dict[str, str]) -> None:
    """Neither a made-up choice nor one between versions that nobody had before them."""
    answer = unit.chooses(record, "other", given=given)

    assert (answer.status_code, unit.row(record)["rev"]) == (409, 2)
    assert "too old to send" in words_of(answer.text)


def test_a_record_that_moved_on_is_read_again_first(unit: Unit, record: Record) -> None:
    """The officer sent more while the page was open."""
    path = f"/two-versions/{unit.path_of(record)}"
    hidden = unit.desks["sergeant"].hidden_in(unit.desks["sergeant"].open(path).text)
    unit.ours.revises(record)

    answer = unit.desks["sergeant"].http.post(path, data={**hidden, "counts": "other"})

    assert (answer.status_code, unit.row(record)["rev"]) == (409, 3)
    assert "The record has moved on" in words_of(answer.text)


@pytest.mark.parametrize(("who", "status"), [("mhet", 200), ("sergeant elsewhere", 404), ("vat", 403)])
def test_only_those_whose_record_it_is_read_and_choose(
    unit: Unit, record: Record, who: str, status: int
) -> None:
    """The unit's supervisors and the missing-from-home team; a guessed address shows others nothing."""
    path = f"/two-versions/{unit.path_of(record)}"

    answer = unit.desks[who].open(path)

    assert (answer.status_code, "chatty" in answer.text) == (status, status == 200)
    if status != 200:
        assert "Kit" not in unit.desks[who].open("/two-versions").text
