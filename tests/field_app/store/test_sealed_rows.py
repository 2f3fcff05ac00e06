"""Rows that cannot be changed unseen, and saves that happen wholly or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults.prey import MemoryAnchor
from field_app.store.errors import ReadOnlyStore, StoreBroken, StoreError, StoreFull, StoreTampered
from field_app.store.files import open_file
from field_app.store.sealed_rows import ANCHOR_EVERY, SealedRows
from field_app.vault.generations import Keys

VAULT = b"v" * 16


@pytest.fixture
def anchor() -> MemoryAnchor:
    """What is remembered outside the file."""
    return MemoryAnchor()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store's file lies."""
    return tmp_path / "vault.db"


def begun(path: Path, anchor: MemoryAnchor) -> SealedRows:
    """A new store."""
    return SealedRows.begun(
        open_file(path), Keys(bytearray(b"k" * 32), bytearray(b"e" * 32)).seal(VAULT), anchor, meta={}
    )


def opened(path: Path, anchor: MemoryAnchor) -> SealedRows:
    """The store, opened again; one that is refused is let go of, as whoever opens it in the app does."""
    conn = open_file(path)
    try:
        return SealedRows.checked(conn, Keys(bytearray(b"k" * 32), bytearray(b"e" * 32)).seal(VAULT), anchor)
    except BaseException:
        conn.close()
        raise


@pytest.fixture
def rows(path: Path, anchor: MemoryAnchor) -> Iterator[SealedRows]:
    """A store with three rows."""
    found = begun(path, anchor)
    for rid in (1, 2, 3):
        found.put("drafts", rid, b"body %d" % rid)
    yield found
    found.close()


def outside(path: Path, *statements: str) -> None:
    """Somebody else changes the file."""
    conn = sqlite3.connect(path)
    with conn:
        for statement in statements:
            conn.execute(statement)
    conn.close()


def test_what_was_saved_is_there_when_opened_again(
    rows: SealedRows, path: Path, anchor: MemoryAnchor
) -> None:
    """The first duty of a store."""
    rows.put("drafts", 2, b"newer")
    rows.erase("drafts", 1)
    rows.close()
    again = opened(path, anchor)
    assert {rid: again.body("drafts", rid) for rid in again.rids("drafts")} == {2: b"newer", 3: b"body 3"}
    assert again.counter == rows.counter
    again.close()


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM head",
        "DELETE FROM rows WHERE rid = 2",
        "UPDATE rows SET ver = 2 WHERE rid = 2",
        "UPDATE rows SET rid = 4 WHERE rid = 2",
        "UPDATE rows SET tbl = 'notes' WHERE rid = 2",
        "UPDATE rows SET ct = (SELECT ct FROM rows WHERE rid = 1) WHERE rid = 2",
        "INSERT INTO rows (tbl, rid, ver, wk, ct) SELECT tbl, 9, ver, wk, ct FROM rows WHERE rid = 2",
        "UPDATE outq SET waiting = 0",
        "UPDATE outq SET env = x'00'",
        "DELETE FROM outq",
        "CREATE TRIGGER sly AFTER UPDATE ON rows BEGIN DELETE FROM outq; END",
        "CREATE VIEW sly AS SELECT * FROM rows",
    ],
)
def test_a_change_behind_our_back_is_refused(
    rows: SealedRows, path: Path, anchor: MemoryAnchor, attack: str
) -> None:
    """Above all a missing head with rows present, which the first sketch of this store accepted."""
    rows.put_envelope(record="r", rev=1, env=b"sealed")
    rows.close()
    outside(path, attack)
    with pytest.raises(StoreTampered):
        opened(path, anchor)


def test_a_store_emptied_of_everything_is_no_new_store(
    rows: SealedRows, path: Path, anchor: MemoryAnchor
) -> None:
    """No head and no rows either: what the officer saved is gone, and that must be said."""
    rows.close()
    outside(path, "DELETE FROM head", "DELETE FROM rows")
    with pytest.raises(StoreTampered):
        opened(path, anchor)


def test_an_older_copy_of_the_whole_file_can_only_be_read(path: Path, anchor: MemoryAnchor) -> None:
    """It is sound in itself: only what is remembered outside the file gives it away."""
    rows = begun(path, anchor)
    rows.put("drafts", 1, b"first")
    rows.close()
    older = path.read_bytes()
    rows = opened(path, anchor)
    rows.put("drafts", 1, b"second")
    rows.close()
    path.write_bytes(older)
    again = opened(path, anchor)
    assert again.rolled_back is not None
    assert again.body("drafts", 1) == b"first"
    with pytest.raises(ReadOnlyStore):
        again.put("drafts", 1, b"third")
    again.close()
    assert anchor.highest() == 3


def test_a_server_that_has_seen_more_gives_an_older_copy_away_too(rows: SealedRows) -> None:
    """The key store may have been rolled back with the file; the server was not."""
    rows.compare(rows.counter)
    assert rows.rolled_back is None
    rows.compare(rows.counter + 1)
    with pytest.raises(ReadOnlyStore):
        rows.put("drafts", 1, b"more")


def test_the_counter_is_remembered_every_so_many_saves(path: Path, anchor: MemoryAnchor) -> None:
    """So that even a device that was never locked notices a copy older than that."""
    rows = begun(path, anchor)
    for _ in range(ANCHOR_EVERY - 1):
        rows.put("drafts", 1, b"x")
    assert anchor.highest() == 1
    rows.put("drafts", 1, b"x")
    assert anchor.highest() == rows.counter
    rows.close()


def test_another_key_does_not_open_it(rows: SealedRows, path: Path, anchor: MemoryAnchor) -> None:
    """A copied file alone is worth nothing."""
    rows.close()
    conn = open_file(path)
    with pytest.raises(StoreTampered):
        SealedRows.checked(conn, Keys(bytearray(b"z" * 32), bytearray(b"e" * 32)).seal(VAULT), anchor)
    conn.close()


def test_a_row_changed_while_open_is_noticed_on_reading(rows: SealedRows, path: Path) -> None:
    """An attacker with the running device's files has no better chance."""
    outside(path, "UPDATE rows SET ct = (SELECT ct FROM rows WHERE rid = 1) WHERE rid = 2")
    with pytest.raises(StoreTampered):
        rows.body("drafts", 2)


def test_a_transaction_happens_wholly_or_not_at_all(
    rows: SealedRows, path: Path, anchor: MemoryAnchor
) -> None:
    """A submission that is half in the outbox would be half a statement."""
    before = rows.counter

    def half_way() -> None:
        with rows.transaction():
            rows.put("drafts", 1, b"changed")
            rows.erase("drafts", 2)
            rows.put("drafts", 9, b"new")
            rows.put_envelope(record="r", rev=1, env=b"sealed")
            raise KeyError("something else went wrong")

    with pytest.raises(KeyError):
        half_way()
    assert rows.rids("drafts") == [1, 2, 3]
    assert rows.body("drafts", 1) == b"body 1"
    assert rows.envelope(1) is None
    assert rows.counter == before
    rows.put("drafts", 1, b"after")
    rows.close()
    again = opened(path, anchor)
    assert again.body("drafts", 1) == b"after"
    again.close()


def test_a_part_that_failed_spoils_the_whole_even_if_somebody_looked_away(rows: SealedRows) -> None:
    """Joined transactions are one; part of one is none."""

    def inner() -> None:
        with rows.transaction():
            rows.put("drafts", 2, b"inner")
            raise KeyError

    def outer() -> None:
        with rows.transaction():
            rows.put("drafts", 1, b"outer")
            with pytest.raises(KeyError):
                inner()

    with pytest.raises(StoreBroken):
        outer()
    assert rows.body("drafts", 1) == b"body 1"
    rows.put("drafts", 1, b"and on")


def test_one_transaction_counts_once(rows: SealedRows) -> None:
    """The counter counts durable changes, which is what an older copy is compared by."""
    before = rows.counter
    with rows.transaction():
        rows.put("drafts", 1, b"a")
        rows.put("drafts", 2, b"b")
    with rows.transaction():
        pass
    assert rows.counter == before + 1


def test_a_full_device_loses_no_confirmed_save_and_saves_again_once_there_is_room(
    rows: SealedRows, path: Path, anchor: MemoryAnchor
) -> None:
    """The database has already rolled back by then; a second ROLLBACK would have hidden the cause."""
    conn = rows.connection
    pages = conn.execute("PRAGMA page_count").fetchone()[0]
    conn.execute(f"PRAGMA max_page_count = {pages + 4}")
    kept = 0

    def until_full() -> None:
        nonlocal kept
        while True:
            rows.put("drafts", 100 + kept, bytes(4000))
            kept += 1

    with pytest.raises(StoreFull, match="Free some space"):
        until_full()
    assert kept > 0
    conn.execute("PRAGMA max_page_count = 100000")
    rows.put("drafts", 99, b"after")
    rows.close()
    again = opened(path, anchor)
    assert again.count("drafts") == 3 + kept + 1
    assert again.body("drafts", 99) == b"after"
    again.close()


def test_storage_that_fails_is_not_trusted_again_until_reopened(rows: SealedRows) -> None:
    """After a failed write nobody can say what is on the disk: going on could lose a save silently."""
    deny = {sqlite3.SQLITE_UPDATE: sqlite3.SQLITE_DENY}
    rows.connection.set_authorizer(lambda action, *_: deny.get(action, sqlite3.SQLITE_OK))
    with pytest.raises(StoreBroken):
        rows.put("drafts", 1, b"x")
    rows.connection.set_authorizer(None)
    with pytest.raises(StoreBroken):
        rows.put("drafts", 1, b"x")
    with pytest.raises(StoreBroken):
        rows.body("drafts", 1)


def test_nothing_can_be_done_with_a_closed_store(rows: SealedRows) -> None:
    """Its keys are gone."""
    rows.close()
    rows.close()
    with pytest.raises(StoreBroken, match="locked"):
        rows.put("drafts", 1, b"x")


def test_erased_rows_leave_nothing_in_any_file(path: Path, anchor: MemoryAnchor) -> None:
    """Neither the wrapped key nor the body, old version or new; with secure_delete off they would stay."""
    assert _left_over(path, anchor, "ON") == 0


def test_without_secure_delete_they_would_stay(path: Path, anchor: MemoryAnchor) -> None:
    """The control: the scan above does find what is there to be found."""
    assert _left_over(path, anchor, "OFF") > 0


def _left_over(path: Path, anchor: MemoryAnchor, secure_delete: str) -> int:
    rows = begun(path, anchor)
    rows.connection.execute(f"PRAGMA secure_delete = {secure_delete}")
    traces: list[bytes] = []
    read = "SELECT wk, ct FROM rows ORDER BY id"
    with rows.transaction():
        for rid in range(120):
            rows.put("drafts", rid, bytes(3000))
    with rows.transaction():
        for wk, ct in rows.connection.execute(read).fetchall()[::2]:
            traces += [wk[12:40], ct[100:140]]
        for rid in range(0, 120, 2):
            rows.put("drafts", rid, bytes(2500))
    for wk, ct in rows.connection.execute(read).fetchall()[::2]:
        traces += [wk[12:40], ct[100:140]]
    with rows.transaction():
        for rid in range(0, 120, 2):
            rows.erase("drafts", rid)
    lying_about = b"".join(file.read_bytes() for file in path.parent.iterdir())
    rows.close()
    return sum(trace in lying_about for trace in traces)


def test_the_file_keeps_the_settings_that_make_saves_durable(rows: SealedRows) -> None:
    """Any of these turned down would pass every other test until the battery runs out."""

    def setting(name: str) -> object:
        return rows.connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert setting("journal_mode") == "wal"
    assert setting("synchronous") == 2
    assert setting("secure_delete") == 1
    assert setting("trusted_schema") == 0
    assert setting("cell_size_check") == 1


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:4096], lambda data: b"x" * len(data)]
)
def test_a_damaged_file_is_refused_in_words(
    rows: SealedRows, path: Path, anchor: MemoryAnchor, damage: Callable[[bytes], bytes]
) -> None:
    """Cut short, emptied or overwritten: never an empty worklist, always a refusal."""
    rows.close()
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(StoreError):
        opened(path, anchor)


def test_a_save_over_what_another_program_has_saved_is_refused_and_the_store_stays_whole(
    rows: SealedRows, path: Path, anchor: MemoryAnchor
) -> None:
    """The lock file was deleted, and a second Homeward started: else nothing would open from then on."""
    second = opened(path, anchor)
    second.put("drafts", 1, b"from the second")
    with pytest.raises(StoreBroken, match="another program"):
        rows.put("drafts", 2, b"from the first")
    with pytest.raises(StoreBroken):
        rows.erase("drafts", 3)
    second.put("drafts", 2, b"from the second too")
    second.close()
    again = opened(path, anchor)
    assert [again.body("drafts", rid) for rid in (1, 2, 3)] == [
        b"from the second",
        b"from the second too",
        b"body 3",
    ]
    again.close()


def test_that_keys_have_to_change_lies_in_the_sealed_head(
    rows: SealedRows, path: Path, anchor: MemoryAnchor
) -> None:
    """An erasure that was undone leaves no note; one that happened leaves one that nobody can take away."""

    def cut_short() -> None:
        with rows.transaction():
            rows.erase("drafts", 1)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        cut_short()
    assert not rows.erasures_pending
    rows.erase("drafts", 1)
    rows.close()
    outside(path, "DELETE FROM meta")
    again = opened(path, anchor)
    assert again.erasures_pending
    again.close()
