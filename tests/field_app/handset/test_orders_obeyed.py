"""What the force orders is done, whatever lies on the handheld and whoever stands in between.

The watch's thread is started in one test only; in the others each round is made by the test.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from booklets.sealing import Order, SigningKey, sign_order, sign_receipt
from field_app.handset.access import Closed
from field_app.handset.device import Handset
from field_app.sync.enrolment import b64url
from field_app.sync.locked import LockedClient
from field_app.sync.unattended import LockedRound
from tests.field_app.sync.desks import enrolled_with, record_id, sealed
from tests.support.handsets import Heard, a_handset, set_up
from tests.support.portals import DEVICE, SmallForce, json_answer, refusal, serving
from tests.support.vaults import PIN, MemorySecrets, file_of

NO = "/v1/submissions/sealed-before"


class Stubborn(MemorySecrets):
    """A key store that does not let go of one entry."""

    keeps: str = ""

    def remove(self, name: str) -> None:
        """Remove it, if it is any other."""
        if name == self.keeps:
            raise OSError("the key store does not answer")
        super().remove(name)


@dataclass
class Station:
    """A locked handheld with an officer's vault or two, and its force, which answers."""

    handset: Handset
    force: SmallForce
    secrets: Stubborn
    folder: Path
    heard: list[dict[str, Any]] = field(default_factory=list)
    handed_over: list[bytes] = field(default_factory=list)
    order: bytes = b""

    def an_officer_has_sealed(self, number: int) -> str:
        """A vault with one record that waits, locked. Its id."""
        envelope = sealed(self.force, record=record_id(number))

        def work() -> str:
            vaults = self.handset.open_vaults()
            with vaults.create(officer=f"officer-{number}", display_name="PC Sample", pin=PIN) as vault:
                vault.db.rows.put_envelope(record=record_id(number), rev=1, env=envelope)
            return vault.id

        return self.handset._keeper.call(work).result()

    def somebody_writes(self, vault: str, statement: str, *values: object) -> None:
        """Into a vault's file, past the app."""
        with closing(sqlite3.connect(file_of(self.folder, vault))) as file, file:
            file.execute(statement, values)

    def somebody_spoils(self, vault: str) -> None:
        """The first page of a vault's file."""
        path = file_of(self.folder, vault)
        path.write_bytes(b"\xaa" * 100 + path.read_bytes()[100:])

    def orders_a_wipe(self) -> None:
        """The force's root signs it for this handheld."""
        self.order = sign_order(Order("wipe", DEVICE, 1, datetime.now(UTC)), self.force.root)

    def round(self) -> LockedRound:
        """The handheld is locked, and makes itself heard."""
        return self.handset.watch.round()

    @property
    def vaults_here(self) -> list[str]:
        """Those whose files are there."""
        return sorted(path.name for path in (self.folder / "vaults").iterdir())

    def opens(self, vault: str) -> bool:
        """Whether what opens a vault is still there."""
        return f"vault.{vault}.secret" in self.secrets.kept

    def said_no_by(self, answer: Response) -> None:
        """Somebody in between answers for the force."""
        self.force.instead[NO] = lambda _request, _body: answer

    def answers_itself(self) -> None:
        """The force takes in what was sealed, and signs for it."""
        self.force.instead[NO] = self._takes_in

    def _takes_in(self, _request: Request, body: bytes) -> Response:
        self.handed_over.append(body)
        return self.force._submitted(body)

    def _status(self, _request: Request, body: bytes) -> Response:
        self.force.reports.append(json.loads(body))
        if not self.order:
            return Response(status_code=204, headers={"Homeward-Protocol": "1"})
        return refusal(403, "device_not_active", order=b64url(self.order))

    def _of_order(self, _request: Request, body: bytes) -> Response:
        self.heard.append(json.loads(body))
        return json_answer({})


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    """Nobody has anything sealed yet."""
    force, secrets = SmallForce(), Stubborn()
    with serving(force) as force.address:
        set_up(secrets, enrolled_with(force))
        with a_handset(tmp_path, secrets=secrets, heard=Heard()) as handset:
            handset.open()
            found = Station(handset, force, secrets, tmp_path)
            found.answers_itself()
            force.instead["/v1/status"] = found._status
            force.instead["/v1/orders/heard"] = found._of_order
            yield found


@pytest.mark.parametrize(
    "written",
    [
        "UPDATE outq SET env = 'text'",
        "UPDATE outq SET rev = 'x'",
        "UPDATE outq SET record = x'ff'",
        "UPDATE outq SET waiting = 'x'",
        "UPDATE outq SET waiting = 3",
        "UPDATE outq SET env = 7, sha = 1",
    ],
)
def test_a_wipe_is_followed_whatever_somebody_has_written_into_a_vault(
    station: Station, written: str
) -> None:
    """One cell of another type must not keep a stolen handheld from destroying its keys."""
    first, second = station.an_officer_has_sealed(1), station.an_officer_has_sealed(2)
    station.somebody_writes(first, written)
    station.orders_a_wipe()

    station.round()

    assert not station.opens(first)
    assert not station.opens(second)
    assert station.handset.standing().closed in (Closed.WIPING, Closed.WIPED)
    assert sealed_to(station, 2) in station.handed_over


def sealed_to(station: Station, number: int) -> bytes:
    """The record of that officer as the force has it; nothing where it does not."""
    return station.force.stored.get((record_id(number), 1), (b"", b""))[0]


def test_an_order_is_obeyed_before_anything_is_sent(station: Station) -> None:
    """The line is slow and the thief is quick: the keys go first."""
    vault = station.an_officer_has_sealed(1)
    station.orders_a_wipe()
    still_open = []

    def looks(request: Request, body: bytes) -> Response:
        still_open.append(station.opens(vault))
        return station._takes_in(request, body)

    station.force.instead[NO] = looks
    station.round()

    assert still_open == [False]


def test_one_damaged_vault_keeps_no_colleagues_record_from_going(station: Station) -> None:
    """The force is told that there is one, and the others' records reach it."""
    vaults = sorted(station.an_officer_has_sealed(number) for number in range(3))
    station.somebody_spoils(vaults[0])

    assert station.round().sent == 2
    assert station.round().sent == 0
    assert [one["unreadable"] for one in station.force.reports] == [1, 1]


def test_the_watch_goes_on_after_a_mistake_that_nobody_thought_of(
    station: Station, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It hears the order of the round after; what went wrong is logged by its kind, and quotes nobody."""
    caplog.set_level(logging.DEBUG)
    station.an_officer_has_sealed(1)
    station.orders_a_wipe()
    connect, heard = station.handset.ask_locked, Heard()
    station.handset.listen(heard.listening())
    failed: list[bool] = []

    def fails_once() -> LockedClient:
        if not failed:
            failed.append(True)
            station.handset.watch.wake()
            raise RuntimeError("Amy Brook, 14 Saltern Row")
        return connect()

    monkeypatch.setattr(station.handset, "ask_locked", fails_once)
    station.handset.watch.start()
    for _ in range(100):
        station.handset.watch.wake()
        if station.handset.standing().closed is Closed.WIPED:
            break
        heard.changed.acquire()
        heard.changed.wait(0.1)
        heard.changed.release()

    assert station.handset.standing().closed is Closed.WIPED
    assert "RuntimeError" in caplog.text
    assert "Amy" not in caplog.text


def test_a_no_that_nobody_signed_erases_nothing(station: Station) -> None:
    """A proxy in between says 400 to a wiped handheld; the only copy waits until the force has signed."""
    vault = station.an_officer_has_sealed(1)
    station.said_no_by(refusal(400, "malformed"))
    station.orders_a_wipe()

    for _ in range(2):
        assert station.round().sent == 0
    assert (station.opens(vault), station.vaults_here) == (False, [vault])
    assert [one["not_erased"] for one in station.heard] == [1, 1]
    assert not any(one["done"] for one in station.heard)
    station.answers_itself()
    assert station.round().sent == 1

    assert sealed_to(station, 1)
    assert station.handset.standing().closed is Closed.WIPED
    assert (station.heard[-1]["done"], station.vaults_here) == (True, [])


def test_a_no_that_nobody_signed_stops_the_sending_and_keeps_what_was_sealed(station: Station) -> None:
    """Also when the wipe comes long after: what was refused once is offered again before it is erased."""
    station.an_officer_has_sealed(1)
    station.said_no_by(refusal(422, "invalid"))
    station.round()
    station.answers_itself()
    assert station.round().sent == 0
    station.orders_a_wipe()

    assert station.round().sent == 1
    assert sealed_to(station, 1)


@pytest.mark.parametrize("written", ["nothing", "noise", "text", "a stranger's", "another record's"])
def test_a_receipt_that_somebody_has_written_beside_a_record_erases_nothing(
    station: Station, written: str
) -> None:
    """Anybody may write into the file; only a key of the force's signs for a record."""
    vault, force = station.an_officer_has_sealed(1), station.force
    theirs = force.receipt(record_id(1), 1, "0" * 64)
    receipt: object = {
        "nothing": b"",
        "noise": b"\x00" * 64,
        "text": "received",
        "a stranger's": sign_receipt(theirs, SigningKey.generate()),
        "another record's": sign_receipt(theirs, force.receipts),
    }[written]
    station.somebody_writes(vault, "INSERT INTO meta VALUES (?, ?)", f"left.{record_id(1)}/1", receipt)
    assert station.handset.standing().left == 1
    station.said_no_by(refusal(400, "malformed"))
    station.orders_a_wipe()
    station.round()

    assert station.vaults_here == [vault]


def test_what_the_force_has_signed_for_is_not_sent_again(station: Station) -> None:
    """Its receipt lies beside it, and is checked each time."""
    station.an_officer_has_sealed(1)

    assert [station.round().sent for _ in range(2)] == [1, 0]
    assert station.handset.standing().left == 0


def test_one_damaged_vault_does_not_hold_up_the_wipe_of_the_others(station: Station) -> None:
    """They are erased, all keys are gone, and the force reads how many are left."""
    vaults = sorted(station.an_officer_has_sealed(number) for number in range(3))
    station.somebody_spoils(vaults[0])
    station.orders_a_wipe()

    station.round()

    assert station.vaults_here == [vaults[0]]
    assert not any(map(station.opens, vaults))
    assert station.heard == [{"number": 1, "done": False, "not_erased": 1}]


def test_a_key_store_that_lets_one_secret_not_go_is_asked_again_and_holds_up_no_other(
    station: Station,
) -> None:
    """The order is heard once; what it asks for is tried in every round until it is done."""
    vaults = sorted(station.an_officer_has_sealed(number) for number in range(3))
    station.secrets.keeps = f"vault.{vaults[0]}.secret"
    station.orders_a_wipe()

    station.round()
    assert [station.opens(vault) for vault in vaults] == [True, False, False]
    assert station.vaults_here == [vaults[0]]
    station.secrets.keeps = ""
    station.round()

    assert station.handset.standing().closed is Closed.WIPED


def test_a_vault_that_cannot_be_closed_loses_its_secret_all_the_same(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails while it is being locked for a wipe: what opens it goes before anything else."""
    vault = station.an_officer_has_sealed(1)

    def fails() -> None:
        raise OSError("the disk does not answer")

    def work() -> None:
        vaults = station.handset.open_vaults()
        opened = vaults.unlock(vault, PIN)
        with monkeypatch.context() as patched:
            patched.setattr(opened.db, "close", fails)
            with pytest.raises(OSError, match="disk"):
                vaults.lock_for_good(vault)
        opened.db.close()

    station.handset._keeper.call(work).result()

    assert not station.opens(vault)
