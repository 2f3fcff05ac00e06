"""What is owed arrives: once where repeats are recognised, never not at all."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from sync_server.context import Context
from sync_server.db.owed import Owed, delivery
from sync_server.db.store import StoreUnavailable
from sync_server.forwarding import claiming, outbox, standing
from sync_server.forwarding import postman as postman_module
from sync_server.forwarding.drop_folder import DropFolder
from sync_server.forwarding.postman import Postman, Round, deliver_due
from sync_server.forwarding.systems import Never, NotNow
from sync_server.intake import take_in
from tests.support.builders import CHILD, FOUND_AT, HOME, a_return, next_revision
from tests.support.server_data import Clock, Handheld, rows


@dataclass
class RememberingSystem:
    """A system that remembers what it was given, and can be down or refuse."""

    given: list[str] = field(default_factory=list)
    trouble: Exception | None = None
    arrivals: Semaphore = field(default_factory=lambda: Semaphore(0))

    def deliver(self, content: Mapping[str, Any], *, once: str) -> None:
        """Remember, or raise what was asked for."""
        if self.trouble:
            raise self.trouble
        self.given.append(once)
        self.arrivals.release()


def test_a_record_is_left_as_a_file_for_the_forces_system(
    context: Context, handheld: Handheld, tmp_path: Path
) -> None:
    """One JSON file per revision, in the shape of the police data model, named by ids alone."""
    _send(context, handheld)

    assert deliver_due(context) == Round(delivered=2)

    record = str(a_return().header.record)
    [file] = (tmp_path / "drop" / "north_yorkshire").iterdir()
    content = json.loads(file.read_text())
    assert file.name == f"{record}-1-force_records.json"
    assert (content["data"]["id"], content["data"]["type"]) == (record, "x-return")
    assert content["data"]["relationships"]["missing"]["data"] == [{"id": str(CHILD), "type": "person"}]
    assert content["data"]["relationships"]["foundAt"]["data"] == [{"id": str(FOUND_AT), "type": "location"}]


def test_every_relation_points_to_something_that_is_there(
    context: Context, handheld: Handheld, tmp_path: Path
) -> None:
    """A receiving system must never have to guess what an id stands for."""
    _send(context, handheld)
    deliver_due(context)

    [file] = (tmp_path / "drop" / "north_yorkshire").iterdir()
    content = json.loads(file.read_text())
    included = {(one["id"], one["type"]) for one in content["included"]}
    pointed = [
        (target["id"], target["type"])
        for one in [content["data"], *content["included"]]
        for relation in one["relationships"].values()
        for target in relation["data"]
    ]
    child = next(one for one in content["included"] if one["id"] == str(CHILD))
    assert set(pointed) <= included
    assert child["attributes"]["givenName"] == ["Kit"]
    assert child["attributes"]["ethnicitySelfDefined"] == "ESDD_W1"
    assert child["relationships"]["residesAt"]["data"] == [{"id": str(HOME), "type": "location"}]
    assert [one["type"] for one in content["included"]].count("telephone") == 1


def test_a_notice_is_left_for_the_council(context: Context, handheld: Handheld, tmp_path: Path) -> None:
    """Each council has a folder of its own."""
    _send(context, handheld)
    deliver_due(context)

    [file] = (tmp_path / "drop" / "local_authority" / "E06000065").iterdir()
    content = json.loads(file.read_text())
    assert content["kind"] == "return"
    assert "How did Kit come back?" in content["text"]


def test_a_system_that_is_down_is_tried_again_later(
    context: Context, handheld: Handheld, clock: Clock
) -> None:
    """A short outage at night mends itself."""
    system = RememberingSystem(trouble=NotNow("down for the night"))
    _send(context, handheld)

    assert _round(context, system) == Round(put_off=2)
    assert _round(context, system) == Round()
    system.trouble = None
    clock.at += timedelta(seconds=3)

    assert _round(context, system) == Round(delivered=2)
    assert _round(context, system) == Round()
    assert len(set(system.given)) == 2


def test_after_twenty_tries_a_person_looks(context: Context, handheld: Handheld, clock: Clock) -> None:
    """Nothing is tried for ever in silence; it shows, and can be owed again by hand."""
    system = RememberingSystem(trouble=NotNow("down"))
    _send(context, handheld)

    for _ in range(claiming.TRIES):
        _round(context, system)
        clock.at += claiming.LONGEST_WAIT

    with context.store.read() as connection:
        dead = standing.listed(connection, states=[Owed.DEAD])
    assert [(row["tries"], row["last_error"]) for row in dead] == [(20, "down")] * 2
    system.trouble = None
    for row in dead:
        assert context.store.write(
            lambda connection, id_=row["id"]: standing.try_again(connection, id_, now=clock.at)  # type: ignore[misc]
        )
    assert _round(context, system) == Round(delivered=2)


def test_a_refusal_waits_for_a_person_and_names_no_child(
    context: Context, handheld: Handheld, caplog: pytest.LogCaptureFixture
) -> None:
    """A log line is read by many; it holds ids and no more."""
    _send(context, handheld)

    with caplog.at_level(logging.WARNING):
        done = _round(context, RememberingSystem(trouble=Never("no such form here")))

    assert done == Round(dead=2)
    assert "Kit" not in caplog.text
    assert "delivery_dead" in caplog.text


def test_what_a_worker_had_taken_when_it_died_is_taken_again(
    context: Context, handheld: Handheld, clock: Clock
) -> None:
    """A lease runs out; the delivery is made by somebody else, under the same name."""
    _send(context, handheld)
    taken = context.store.write(lambda connection: claiming.claim(connection, now=clock.at, most=50))
    system = RememberingSystem()

    assert _round(context, system) == Round()
    clock.at += claiming.LEASE + timedelta(seconds=1)

    assert _round(context, system) == Round(delivered=2)
    assert sorted(system.given) == sorted(one.once for one in taken)


def test_a_worker_that_lost_its_lease_settles_nothing(
    context: Context, handheld: Handheld, clock: Clock
) -> None:
    """It was slow, not dead: its late word must not undo what the second worker has settled."""
    _send(context, handheld)
    [slow, *_] = context.store.write(lambda connection: claiming.claim(connection, now=clock.at, most=50))
    clock.at += claiming.LEASE + timedelta(seconds=1)
    context.store.write(lambda connection: claiming.claim(connection, now=clock.at, most=50))

    settled = context.store.write(lambda connection: claiming.delivered(connection, slow, now=clock.at))

    assert not settled
    assert {row["state"] for row in rows(context, delivery)} == {"leased"}


def test_waiting_doubles_up_to_half_an_hour() -> None:
    """With chance between nothing and all of it, so that a thousand do not come back in one second."""
    waits = [claiming.wait_after(tries, 1.0).total_seconds() for tries in (1, 2, 5, 9, 11, 20)]

    assert waits == [2, 4, 32, 512, 1800, 1800]
    assert claiming.wait_after(9, 0.0) == timedelta(0)


def test_owing_the_same_twice_is_owing_it_once(context: Context, clock: Clock) -> None:
    """The name of a delivery is record, revision and target."""

    def owe(connection: Any) -> None:
        outbox.owe(connection, force="f", target="force_records", record="r", rev=1, at=clock.at)

    context.store.write(owe)
    context.store.write(owe)

    assert [row["once"] for row in rows(context, delivery)] == ["r-1-force_records"]


def test_what_waited_for_a_decision_leaves_once_it_is_made(context: Context, clock: Clock) -> None:
    """Only what was decided on leaves: the record of that name, and of the kind that was asked for."""

    def owe(connection: Any) -> None:
        for record in ("r", "s"):
            for target in ("force_records", "partner:ny"):
                outbox.owe(
                    connection, force="f", target=target, record=record, rev=1, at=clock.at, held=True
                )

    context.store.write(owe)

    left = context.store.write(lambda db: outbox.release(db, ["r"], clock.at, target="partner:"))

    assert left == 1
    assert {row["once"]: row["state"] for row in rows(context, delivery)} == {
        "r-1-force_records": "held",
        "r-1-partner.ny": "due",
        "s-1-force_records": "held",
        "s-1-partner.ny": "held",
    }


def test_a_revision_that_was_sent_back_never_leaves(context: Context, clock: Clock) -> None:
    """The supervisor approved the correction; what was wrong before it is not given to anybody."""

    def owe(connection: Any) -> None:
        for rev in (1, 2):
            outbox.owe(
                connection, force="f", target="force_records", record="r", rev=rev, at=clock.at, held=True
            )

    context.store.write(owe)

    assert context.store.write(lambda db: outbox.release(db, ["r"], clock.at)) == 1

    found = [(row["rev"], row["state"], row["last_error"]) for row in rows(context, delivery)]
    assert found == [(1, "stopped", "superseded"), (2, "due", "")]
    assert [one.rev for one in context.store.write(lambda db: claiming.claim(db, now=clock.at, most=9))] == [
        2
    ]


def test_a_file_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    """The delivery that was made, but not noted, is made again: one file, untouched."""
    folder = DropFolder(tmp_path)
    folder.deliver({"first": True}, once="r-1-force_records")

    folder.deliver({"first": False}, once="r-1-force_records")

    [file] = tmp_path.iterdir()
    assert json.loads(file.read_text()) == {"first": True}


def test_a_half_written_file_is_never_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power fails in the middle of writing: whoever empties the folder sees nothing."""
    folder = DropFolder(tmp_path)
    monkeypatch.setattr(Path, "replace", _power_cut)

    with pytest.raises(NotNow):
        folder.deliver({"words": "many"}, once="r-1-force_records")

    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.parametrize("once", ["../elsewhere", "", ".hidden", "a/b", "a" * 300])
def test_a_delivery_cannot_leave_its_folder(tmp_path: Path, once: str) -> None:
    """Names come from ids and codes, but a folder takes no chance."""
    with pytest.raises(Never):
        DropFolder(tmp_path).deliver({}, once=once)


def test_a_folder_that_cannot_be_written_to_is_tried_again(tmp_path: Path) -> None:
    """The other side's disk is full, or its share is not mounted."""
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(NotNow):
        DropFolder(tmp_path / "file" / "folder").deliver({}, once="r-1-force_records")


def test_the_postman_delivers_while_the_server_runs(context: Context, handheld: Handheld) -> None:
    """In the background, and to the end of its round when it is told to stop."""
    system = RememberingSystem()
    postman = Postman(context, lambda _: system)
    record = a_return()
    _send(context, handheld)

    postman.start()
    arrived = [system.arrivals.acquire(timeout=20) for _ in range(2)]
    take_in(context, handheld.seal(next_revision(record, {})), sender=handheld.sender)
    arrived += [system.arrivals.acquire(timeout=20) for _ in range(2)]
    postman.stop()

    assert arrived == [True] * 4
    assert len(set(system.given)) == 4


def test_a_record_that_comes_in_goes_before_deliveries_and_not_for_ever(
    context: Context, handheld: Handheld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for a receipt stands on a doorstep; yet a busy night must not stop the council's."""
    taken: list[int] = []
    as_usual = Event()
    claim = claiming.claim

    def noted(*given: Any, most: int, **more: Any) -> list[claiming.Claimed]:
        taken.append(most)
        if most == postman_module.AT_ONCE:
            as_usual.set()
        return claim(*given, most=most, **more)

    monkeypatch.setattr(claiming, "claim", noted)
    monkeypatch.setattr(postman_module, "GIVES_WAY_S", 0.2)
    system = RememberingSystem()
    _send(context, handheld)
    postman = Postman(context, lambda _: system)
    began = time.monotonic()
    try:
        with context.coming.one():
            postman.start()
            assert system.arrivals.acquire(timeout=20)
            waited, meanwhile = time.monotonic() - began, set(taken)
        assert as_usual.wait(20)
    finally:
        postman.stop()

    assert waited >= 0.2
    assert meanwhile == {postman_module.A_FEW}


@pytest.mark.thorough
def test_a_database_that_is_down_for_a_moment_does_not_end_the_postman(
    context: Context, handheld: Handheld, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had in hand comes back once its lease is over, and arrives."""
    system, found = RememberingSystem(), Event()
    troubles = [OperationalError("SELECT 1", {}, Exception("gone")), StoreUnavailable("out of reach")]
    is_still_taken = claiming.is_still_taken

    def asked(*given: Any) -> bool:
        if not troubles:
            return is_still_taken(*given)
        trouble = troubles.pop()
        if not troubles:
            found.set()
        raise trouble

    monkeypatch.setattr(claiming, "is_still_taken", asked)
    _send(context, handheld)
    postman = Postman(context, lambda _: system)
    postman.start()
    try:
        assert found.wait(20)
        clock.at += claiming.LEASE + timedelta(seconds=1)
        assert [system.arrivals.acquire(timeout=20) for _ in range(2)] == [True] * 2
    finally:
        postman.stop()


def _send(context: Context, handheld: Handheld) -> None:
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)


def _round(context: Context, system: RememberingSystem) -> Round:
    return deliver_due(context, lambda _: system, chance=lambda: 1.0)


def _power_cut(*_: object) -> None:
    raise OSError("the power is gone")
