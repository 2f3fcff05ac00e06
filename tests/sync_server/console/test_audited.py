"""An auditor reads the whole audit, has it checked and takes it along; no record, and never unseen."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from booklets.records import Record
from booklets.wire import canonical
from sync_server import checkpoints
from sync_server.console.audited import BROKEN, BUSY, HOLDS, ONE_AT_A_TIME
from sync_server.db.tables import audit
from sync_server.duties.restriction import OPENED_HERE
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of
from tests.support.builders import UNIT, a_return
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.restrictions import restricted
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import href_of, rows_in, words_of

IN_NEED = "The desk at the bus station rang: the boy stands there, and officers are going."
WHY = "For the audit of March"


@dataclass
class Night:
    """A server with a restricted child whom the incident manager opened in need; and the auditor."""

    server: LiveServer
    record: Record
    reader: str
    auditor: Browser

    def takes(self, purpose: str = WHY, **narrowed: str) -> list[dict[str, str]]:
        """The rows of the file."""
        answer = self.asks("/audit/file", purpose=purpose, **narrowed)
        assert answer.status_code == 200, words_of(answer.text)
        return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))

    def asks(self, path: str, **fields: str) -> Any:
        """Send one of the page's forms."""
        return self.auditor.http.post(path, data={**_token(self.auditor), **fields})


def _token(desk: Browser) -> dict[str, str]:
    return {"form_token": desk.hidden_in(desk.open("/audit").text)["form_token"]}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """Kit was restricted to two people, read by one of them, and opened in need by somebody else."""
    with a_server(tmp_path_factory.mktemp("audited"), no_hurry()) as server:
        roles = {"mhet": Role.MHET, "vat": Role.VAT, "fim": Role.FIM, "auditor": Role.AUDITOR}
        for user, role in roles.items():
            server.add_account(user, role, unit=UNIT)
        server.add_account("auditor.elsewhere", Role.AUDITOR, force="another_force")
        record = a_colleague(server.context, "pc.okoro").sent(a_return())
        restricted(server.context, record, "mhet", "vat")
        with Browser(server.url) as mhet, Browser(server.url) as fim:
            mhet.sign_in("mhet")
            mhet.open(f"/records/{record.header.record}")
            fim.sign_in("fim")
            fim.fill_in("/restricted", who="Kit Marlowe", words=IN_NEED)
        with server.context.store.read() as db:
            reader = accounts.by_user(db, "mhet")
        assert reader is not None
        with Browser(server.url) as auditor:
            auditor.sign_in("auditor")
            yield Night(server, record, reader.id, auditor)


def test_what_was_done_with_a_record_is_found_by_its_reference(night: Night) -> None:
    """All of its chain, from its arrival on: not the looks alone."""
    words = words_of(night.auditor.open(f"/audit?record={reference_of(night.record.header.record)}").text)

    for did in ("Received from the device", "Restricted the child to named people", "Read a record"):
        assert did in words
    assert "entry 1 of its chain" in words


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("who={reader}&what=viewed", 1),
        ("who=nobody&what=viewed", 0),
        ("what=viewed&from=2026-03-14&to=2026-03-14", 1),
        ("what=viewed&from=2026-03-15", 0),
        ("what=viewed&record=HW-0000-0000", 0),
    ],
)
def test_entries_are_found_by_person_kind_day_and_record(night: Night, asked: str, found: int) -> None:
    """As somebody asks who looks into a complaint."""
    assert rows_in(night.auditor.open(f"/audit?{asked.format(reader=night.reader)}").text) == found


def test_that_a_restricted_child_was_opened_in_need_is_read_with_the_reason(night: Night) -> None:
    """Section 62: who, when and why; and of whom, by the restriction's reference and no name."""
    link = href_of(night.auditor.open("/audit").text, "Restricted children opened in need")

    words = words_of(night.auditor.open(link).text)

    assert IN_NEED in words
    assert "Opened a restricted child in need" in words
    assert "Marlowe" not in words


def test_no_page_and_no_file_names_a_child_or_opens_a_record(night: Night) -> None:
    """Ids, codes, times and fingerprints."""
    pages = [night.auditor.open(path).text for path in ("/audit", "/looked")]

    assert not any("Marlowe" in page or "Kit" in words_of(page).split() for page in pages)
    assert not any("Marlowe" in str(row) for row in night.takes())
    for path in (f"/records/{night.record.header.record}", "/register", "/restricted", "/tasks"):
        assert night.auditor.open(path).status_code == 403


def test_every_look_at_the_audit_is_an_entry_itself(night: Night) -> None:
    """Reading, taking and checking: with what it was narrowed by, and what for."""
    night.auditor.open("/audit?what=viewed")
    night.takes(what="viewed")
    night.asks("/audit/check")

    words = words_of(night.auditor.open("/looked").text)

    assert "Read the audit" in words
    assert "narrowed by what viewed, for “For the audit of March”" in words
    assert "Had the audit checked" in words


def test_who_looked_through_the_audit_at_a_record_is_found_by_its_reference(night: Night) -> None:
    """A look at what was done with a record is a look that its own search finds."""
    reference = reference_of(night.record.header.record)
    night.auditor.open(f"/audit?record={reference}")

    words = words_of(night.auditor.open(f"/looked?record={reference}&what=audit+read").text)

    assert "Read the audit" in words


def test_a_file_is_taken_once_it_was_said_what_for(night: Night) -> None:
    """As with every file of the console."""
    answer = night.asks("/audit/file", purpose=" ")

    assert answer.status_code == 422
    assert "Say what you take the file for" in words_of(answer.text)


def test_whoever_has_the_file_can_work_its_fingerprints_out_anew(night: Night) -> None:
    """Each is over all that stands in its row, and over the fingerprint before it."""
    found = night.takes()

    assert len(found) > 10
    for row in found:
        said = {
            "force": "north_yorkshire",
            "record": row["chain"],
            "seq": int(row["entry"]),
            "at": row["at"],
            "who": row["by"],
            "what": row["did"],
            "detail": json.loads(row["detail"]),
            "prev_hash": row["hash_before"],
        }
        assert hashlib.sha256(b"hwd/audit/1" + canonical(said)).hexdigest() == row["hash"]


def test_a_file_has_what_the_list_was_narrowed_to(night: Night) -> None:
    """By the same filters."""
    assert {row["did"] for row in night.takes(what=OPENED_HERE)} == {OPENED_HERE}


def test_another_force_sees_nothing_of_it(night: Night) -> None:
    """Each force answers for its own; a check says of others no more than how many."""
    with Browser(night.server.url) as other:
        other.sign_in("auditor.elsewhere")
        words = words_of(other.open("/audit?what=viewed").text)
        token = _token(other)
        file = other.http.post("/audit/file", data={**token, "purpose": WHY}).text

    assert "Nothing like this was done." in words
    assert str(night.record.header.record) not in file


def test_an_audit_that_holds_says_so(night: Night) -> None:
    """Every chain, every arrival, every signed checkpoint."""
    checkpoints.make(night.server.context)

    words = words_of(night.asks("/audit/check").text)

    assert HOLDS in words
    assert "Broken 0" in words


def test_two_checks_at_once_are_one_too_many(night: Night) -> None:
    """It reads all that there is: whoever comes second is told to wait."""
    with ONE_AT_A_TIME:
        answer = night.asks("/audit/check")

    assert (answer.status_code, BUSY in words_of(answer.text)) == (409, True)


def test_what_somebody_altered_behind_the_servers_back_is_shown(tmp_path: Path) -> None:
    """By the record's reference and the entry's number; the signed checkpoint does not hold either."""
    with a_server(tmp_path, no_hurry(), in_a_file=True) as server:
        server.add_account("auditor", Role.AUDITOR)
        server.add_account("auditor.elsewhere", Role.AUDITOR, force="another_force")
        record = a_colleague(server.context, "pc.okoro").sent(a_return())
        checkpoints.make(server.context)
        path = Path(server.context.settings.database_url.removeprefix("sqlite:///"))
        _altered(path, str(record.header.record))
        with Browser(server.url) as mine, Browser(server.url) as other:
            mine.sign_in("auditor")
            other.sign_in("auditor.elsewhere")
            here, there = (
                words_of(desk.http.post("/audit/check", data=_token(desk)).text) for desk in (mine, other)
            )

    reference = reference_of(record.header.record)
    assert BROKEN in here
    assert f"{reference} 1 was altered" in here
    assert "its entries are not those that were signed" in here
    assert BROKEN in there
    assert (reference in there, "Another force" in there) == (False, True)


def _altered(path: Path, record: str) -> None:
    """Somebody with the file lets no trigger stand in their way."""
    database = sqlite3.connect(path)
    database.execute("DROP TRIGGER audit_no_update")
    changed = "UPDATE audit SET who = 'nobody', hash = 'made up' WHERE record = ? AND seq = 1"
    database.execute(changed, (record,))
    database.commit()
    database.close()


def test_older_entries_are_on_the_next_page(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them once, to the very first."""
    monkeypatch.setattr("sync_server.console.audited.AT_ONCE", 5)
    monkeypatch.setattr("sync_server.console.looked.AT_ONCE", 5)
    with night.server.context.store.read() as db:
        first = db.execute(select(audit.c.hash).order_by(audit.c.id).limit(1)).scalar_one()
    page = night.auditor.open("/audit")
    for _ in range(60):
        more = href_of(page.text, "Next page")
        if not more:
            break
        page = night.auditor.open(more)

    assert first[:12] in words_of(page.text)
