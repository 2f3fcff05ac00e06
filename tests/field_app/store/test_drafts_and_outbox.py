"""Drafts, the outbox and the moment one becomes the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from field_app.store.drafts import DraftStore
from field_app.store.errors import NotThisStep, StoreTampered
from field_app.store.notes import Notes
from field_app.store.outbox import Outbox, State, Submission, submit
from field_app.store.sealed_table import VaultDB
from field_app.vault.vaults import Vaults
from tests.support.vaults import PIN, MemorySecrets, new_vault, vaults_in

NOW = datetime(2026, 3, 14, 21, 5, tzinfo=UTC)
MARKER = "Zebedee-Marker"


@pytest.fixture
def vaults(tmp_path: Path) -> Iterator[Vaults]:
    """A device with no vault yet."""
    with vaults_in(tmp_path) as found:
        yield found


@pytest.fixture
def db(vaults: Vaults) -> VaultDB:
    """A fresh vault's database."""
    return new_vault(vaults).db


def item(record: str = "r1", rev: int = 1, *, priority: int = 0, minutes: int = 0) -> Submission:
    """A sealed submission."""
    return Submission(
        record=record,
        rev=rev,
        envelope=f"sealed {record}/{rev}".encode(),
        created=NOW + timedelta(minutes=minutes),
        priority=priority,
        summary={"title": MARKER},
        readable={"id": record, "said": MARKER},
    )


def test_a_draft_is_kept_whole_under_its_id(db: VaultDB) -> None:
    """A save replaces: an answer that was taken back must not stay behind."""
    drafts = DraftStore(db)
    drafts.save({"id": "a", "x": 1, "y": 2})
    drafts.save({"id": "b"})
    drafts.save({"id": "a", "x": 3})
    assert drafts.get("a") == {"id": "a", "x": 3}
    assert drafts.all() == [{"id": "a", "x": 3}, {"id": "b"}]
    assert len(drafts) == 2
    assert drafts.get("c") is None
    assert drafts.forget("a")
    assert not drafts.forget("a")
    assert drafts.all() == [{"id": "b"}]


def test_a_draft_without_an_id_is_refused(db: VaultDB) -> None:
    """Nobody could find it again."""
    with pytest.raises(ValueError, match="needs an id"):
        DraftStore(db).save({"x": 1})


def test_a_draft_in_anothers_place_is_refused(db: VaultDB) -> None:
    """Should two ids ever fall on one place, no draft may pass for another."""
    drafts = DraftStore(db)
    drafts.save({"id": "a"})
    db.table("drafts").update({"id": "b"}, doc_ids=[db.sealed("drafts").rid_for("a")])
    with pytest.raises(StoreTampered):
        drafts.get("a")


def test_notes_are_remembered_until_removed(db: VaultDB) -> None:
    """The feed's cursor, the session and the policy live here."""
    notes = Notes(db)
    notes.set("cursor", 7)
    notes.set("cursor", 8)
    notes.set("policy", {"idle": 120})
    assert (notes.get("cursor"), notes.get("policy"), notes.get("session")) == (8, {"idle": 120}, None)
    assert notes.remove("cursor")
    assert notes.get("cursor") is None


def test_submitting_moves_a_draft_into_the_outbox_and_leaves_follow_on_drafts(db: VaultDB) -> None:
    """One transaction: no moment at which the record is in neither place, or in both."""
    drafts, outbox = DraftStore(db), Outbox(db)
    drafts.save({"id": "d1", "said": MARKER})
    before = db.rows.counter
    (item_id,) = submit(db, "d1", [item()], [{"id": "d2", "prefilled": True}])
    assert drafts.all() == [{"id": "d2", "prefilled": True}]
    assert [(found.record, found.state) for found in outbox.waiting()] == [("r1", State.SEALED)]
    assert outbox.envelope(item_id) == b"sealed r1/1"
    assert db.rows.counter == before + 1


def test_a_submission_that_fails_half_way_leaves_the_draft(db: VaultDB) -> None:
    """The officer must never have to type it again."""
    DraftStore(db).save({"id": "d1"})
    with pytest.raises(NotThisStep, match="already been submitted"):
        submit(db, "d1", [item("r1"), item("r1")], [{"id": "d2"}])
    assert DraftStore(db).all() == [{"id": "d1"}]
    assert Outbox(db).all() == []


def test_submitting_remembers_how_far_the_store_got(tmp_path: Path) -> None:
    """An older copy put back after a submission is noticed even if the device was never locked."""
    secrets = MemorySecrets()
    with vaults_in(tmp_path, secrets=secrets) as vaults:
        opened = new_vault(vaults)
        submit(opened.db, "d1", [item()])
        assert secrets.kept[f"vault.{opened.id}.seen"] == str(opened.head)


def test_after_submission_nothing_readable_is_left_once_its_time_is_over(
    vaults: Vaults, tmp_path: Path
) -> None:
    """For an hour the officer may re-read it; then this device cannot show it to anybody."""
    opened = new_vault(vaults)
    db = opened.db
    DraftStore(db).save({"id": "d1", "said": MARKER})
    submit(db, "d1", [item()])
    outbox = Outbox(db)
    assert outbox.readable("r1", 1, now=NOW + timedelta(minutes=59)) == {"id": "r1", "said": MARKER}
    assert outbox.readable("r1", 1, now=NOW + timedelta(minutes=60)) is None
    assert outbox.erase_due(now=NOW + timedelta(minutes=60)) == 1
    assert outbox.readable("r1", 1, now=NOW) is None
    opened.lock()
    assert not any(MARKER.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_force_may_allow_no_re_reading_at_all(db: VaultDB) -> None:
    """The setting may be nought: then not even a sealed copy is made."""
    submit(db, "d1", [item()], readable_for=timedelta())
    assert Outbox(db).readable("r1", 1, now=NOW) is None
    assert db.tables() == {"outbox"}


def test_urgent_records_go_first_then_the_oldest_and_each_by_revision(db: VaultDB) -> None:
    """An urgent second revision pulls its record forward, but never overtakes the first."""
    outbox = Outbox(db)
    for submission in (
        item("old", 1),
        item("calm", 1, minutes=1),
        item("grave", 1, minutes=2),
        item("grave", 2, minutes=3, priority=10),
        item("newest", 1, minutes=4),
    ):
        outbox.put(submission)
    order = [(found.record, found.rev) for found in outbox.waiting()]
    assert order == [("grave", 1), ("grave", 2), ("old", 1), ("calm", 1), ("newest", 1)]


def test_what_was_being_sent_when_the_app_stopped_waits_again(db: VaultDB) -> None:
    """The server tells a second sending from a second submission by its bytes."""
    outbox = Outbox(db)
    item_id = outbox.put(item())
    outbox.mark(item_id, State.SENDING, now=NOW)
    assert [found.id for found in Outbox(db).waiting()] == [item_id]


def test_nothing_is_accepted_without_a_receipt(db: VaultDB) -> None:
    """What is not acknowledged in writing stays in the outbox."""
    outbox = Outbox(db)
    item_id = outbox.put(item())
    outbox.mark(item_id, State.SENDING, now=NOW)
    with pytest.raises(NotThisStep, match="receipt"):
        outbox.mark(item_id, State.ACCEPTED, now=NOW)
    accepted = outbox.mark(item_id, State.ACCEPTED, now=NOW, receipt='{"seq": 1}')
    assert accepted.receipt == '{"seq": 1}'
    assert outbox.waiting() == []
    assert outbox.find("r1", 1) == accepted


LEGAL = {
    (State.SEALED, State.SENDING),
    (State.SENDING, State.SEALED),
    (State.SENDING, State.SENDING),
    (State.SENDING, State.ACCEPTED),
    (State.SENDING, State.ATTENTION),
    (State.ATTENTION, State.ACCEPTED),
    (State.ATTENTION, State.DISCARDED),
}
WAY_TO = {
    State.SEALED: [],
    State.SENDING: [State.SENDING],
    State.ACCEPTED: [State.SENDING, State.ACCEPTED],
    State.ATTENTION: [State.SENDING, State.ATTENTION],
    State.DISCARDED: [State.SENDING, State.ATTENTION, State.DISCARDED],
}


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_an_item_only_takes_the_steps_there_are(db: VaultDB, before: State, after: State) -> None:
    """An accepted record that could be discarded would be a record lost."""
    outbox = Outbox(db)
    item_id = outbox.put(item())
    for state in WAY_TO[before]:
        outbox.mark(item_id, state, now=NOW, receipt="signed")
    if (before, after) in LEGAL:
        assert outbox.mark(item_id, after, now=NOW, receipt="signed", reason="because").state is after
    else:
        with pytest.raises(NotThisStep):
            outbox.mark(item_id, after, now=NOW, receipt="signed")


def test_the_sealed_copy_stays_until_a_backup_covers_it_or_seven_days(db: VaultDB) -> None:
    """A server restored from an older backup can ask for it again."""
    outbox = Outbox(db)
    ids = [outbox.put(item(record)) for record in ("r1", "r2", "r3")]
    for item_id in ids[:2]:
        outbox.mark(item_id, State.SENDING, now=NOW)
        outbox.mark(item_id, State.ACCEPTED, now=NOW, receipt="signed")
    assert not outbox.backed_up("r3", 1)
    assert outbox.backed_up("r1", 1)
    assert outbox.envelope(ids[0]) is None
    outbox.erase_due(now=NOW + timedelta(days=6))
    assert outbox.envelope(ids[1]) == b"sealed r2/1"
    outbox.erase_due(now=NOW + timedelta(days=7))
    assert outbox.envelope(ids[1]) is None
    assert outbox.envelope(ids[2]) == b"sealed r3/1"
    found = outbox.find("r2", 1)
    assert found is not None
    assert found.receipt == "signed"


def test_what_is_sent_once_every_copy_was_erased_takes_no_other_items_place(db: VaultDB) -> None:
    """After a backup of the force nothing sealed is left here, and each is still known with its receipt."""
    outbox = Outbox(db)
    for record in ("r1", "r2", "r3"):
        item_id = outbox.put(item(record))
        outbox.mark(item_id, State.SENDING, now=NOW)
        outbox.mark(item_id, State.ACCEPTED, now=NOW, receipt=f"signed for {record}")
        assert outbox.backed_up(record, 1)

    assert [(one.record, one.receipt) for one in outbox.all()] == [
        (record, f"signed for {record}") for record in ("r1", "r2", "r3")
    ]


def test_what_was_sent_last_is_what_was_put_in_last_whatever_the_clock_said(db: VaultDB) -> None:
    """The phone was an hour ahead without signal, and learnt the time before it sent again."""
    outbox = Outbox(db)
    for rev, minutes in ((1, 55), (2, 0)):
        sealed = replace(item("r1", rev, minutes=minutes), summary={"encounter": "e1"})
        outbox.put(replace(sealed, readable={"sent": rev}))

    assert outbox.newest_readable("e1", now=NOW) == {"sent": 2}


def test_everything_is_there_after_locking_and_unlocking(vaults: Vaults) -> None:
    """Items, receipts, states and summaries live in the vault like everything else."""
    opened = new_vault(vaults)
    outbox = Outbox(opened.db)
    first, second = outbox.put(item("r1", priority=3)), outbox.put(item("r2"))
    outbox.mark(first, State.SENDING, now=NOW)
    outbox.mark(first, State.ATTENTION, now=NOW, reason="rev_conflict")
    before = outbox.all()
    opened.lock()
    again = Outbox(vaults.unlock(opened.id, PIN).db)
    assert again.all() == before
    assert [found.id for found in again.waiting()] == [second]
    assert again.get(99) is None


def test_no_item_shows_its_content_when_printed() -> None:
    """What is printed ends up in logs."""
    assert MARKER not in repr(item())
    assert "sealed" not in repr(item())


def test_unsent_items_can_be_sent_without_a_pin(vaults: Vaults) -> None:
    """Ten wrong tries lock the vault, but what was submitted still reaches the force."""
    opened = new_vault(vaults)
    outbox = Outbox(opened.db)
    sent = outbox.put(item("r1"))
    outbox.put(item("r2"))
    outbox.mark(sent, State.SENDING, now=NOW)
    outbox.mark(sent, State.ACCEPTED, now=NOW, receipt="signed")
    opened.lock()
    waiting = vaults.unsent(opened.id)
    assert [(found.record, found.rev, found.envelope) for found in waiting] == [("r2", 1, b"sealed r2/1")]


def test_what_was_refused_is_kept_as_unsent(vaults: Vaults) -> None:
    """Anybody in between can say no; only the force's receipt says that it has it."""
    opened = new_vault(vaults)
    outbox = Outbox(opened.db)
    refused = outbox.put(item("r1"))
    outbox.mark(refused, State.SENDING, now=NOW)
    outbox.mark(refused, State.ATTENTION, now=NOW, reason="malformed")
    opened.lock()
    assert [found.record for found in vaults.unsent(opened.id)] == ["r1"]

    again = Outbox(vaults.unlock(opened.id, PIN).db)
    assert again.waiting() == []
    again.mark(refused, State.ACCEPTED, now=NOW, receipt="signed")
    assert vaults.unsent(opened.id) == ()
