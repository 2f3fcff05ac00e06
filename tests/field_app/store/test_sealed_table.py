"""One contract for tables: what TinyDB's own tables do in memory, sealed tables do on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import Query, TinyDB, where
from tinydb.operations import decrement, delete, increment
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from field_app.store.sealed_table import SealedTable, VaultDB
from tests.support.thoroughness import examples
from tests.support.vaults import new_vault, vaults_in


@pytest.fixture
def vault_db(tmp_path: Path) -> Iterator[VaultDB]:
    """A fresh vault's database."""
    with vaults_in(tmp_path) as vaults:
        yield new_vault(vaults).db


@pytest.fixture(params=["memory", "sealed"])
def db(request: pytest.FixtureRequest, vault_db: VaultDB) -> TinyDB:
    """The same contract over TinyDB's own tables and over ours."""
    return vault_db if request.param == "sealed" else TinyDB(storage=MemoryStorage)


@pytest.fixture
def table(db: TinyDB) -> Table:
    """Three documents: two in York, one in Selby."""
    found = db.table("drafts")
    found.insert_multiple([{"n": 1, "town": "York"}, {"n": 2, "town": "Selby"}, {"n": 3, "town": "York"}])
    return found


def plain(documents: Any) -> list[dict[str, Any]]:
    """Documents without what TinyDB hangs on to them."""
    return [dict(document) for document in documents]


def test_ids_count_up_from_one(table: Table) -> None:
    """Whoever keeps an id must find the same document under it."""
    assert table.insert({"n": 4}) == 4
    assert table.insert_multiple([{"n": 5}, {"n": 6}]) == [5, 6]
    assert [document.doc_id for document in table] == [1, 2, 3, 4, 5, 6]


def test_a_document_may_bring_its_own_id_once(table: Table) -> None:
    """Two documents under one id would be one document lost."""
    assert table.insert(Document({"n": 12}, doc_id=12)) == 12
    assert table.insert({"n": 13}) == 13
    with pytest.raises(ValueError, match="already exists"):
        table.insert(Document({"n": 0}, doc_id=12))
    with pytest.raises(ValueError, match="already exists"):
        table.insert_multiple([{"n": 14}, Document({"n": 0}, doc_id=2)])
    assert plain(table)[1:] == [{"n": 2, "town": "Selby"}, {"n": 3, "town": "York"}, {"n": 12}, {"n": 13}]


def test_only_mappings_are_documents(table: Table) -> None:
    """Anything else cannot be found again by what it says."""
    with pytest.raises(ValueError, match="not a Mapping"):
        table.insert([1, 2])  # type: ignore[arg-type]


def test_one_document_is_got_by_id_by_query_or_not_at_all(table: Table) -> None:
    """The three ways of looking, and the one of asking for nothing."""
    assert table.get(doc_id=2) == {"n": 2, "town": "Selby"}
    assert table.get(where("town") == "York") == {"n": 1, "town": "York"}
    assert table.get(doc_id=99) is None
    assert table.get(where("town") == "Ripon") is None
    assert [found.doc_id for found in table.get(doc_ids=[3, 1, 99])] == [1, 3]
    with pytest.raises(RuntimeError):
        table.get()


def test_queries_search_count_and_tell_whether(table: Table) -> None:
    """Query objects mean the same on sealed rows."""
    query = Query()
    assert plain(table.search((query.town == "York") & (query.n > 1))) == [{"n": 3, "town": "York"}]
    assert plain(table.search(~(query.town == "York"))) == [{"n": 2, "town": "Selby"}]
    assert table.count(query.town.matches("Y.*")) == 2
    assert table.contains(query.n.test(lambda n: n == 2))
    assert table.contains(doc_id=3)
    assert not table.contains(doc_id=4)
    assert table.search(query.missing.exists()) == []


def test_updates_by_id_by_query_and_of_everything(table: Table) -> None:
    """What was updated is named; what was not is untouched."""
    assert table.update({"seen": True}, doc_ids=[1, 99]) == [1]
    assert table.update({"town": "Ripon"}, where("n") == 2) == [2]
    assert table.update(increment("n")) == [1, 2, 3]
    assert table.update_multiple([(decrement("n"), where("n") == 4), (delete("seen"), where("n") == 2)]) == [
        1,
        3,
    ]
    assert plain(table) == [{"n": 2, "town": "York"}, {"n": 3, "town": "Ripon"}, {"n": 3, "town": "York"}]


def test_an_upsert_updates_or_inserts(table: Table) -> None:
    """By query, by id, and refused with neither."""
    assert table.upsert({"n": 2, "town": "Ripon"}, where("n") == 2) == [2]
    assert table.upsert({"n": 9}, where("n") == 9) == [4]
    assert table.upsert(Document({"n": 8}, doc_id=8)) == [8]
    assert table.upsert(Document({"extra": 1}, doc_id=8)) == [8]
    assert table.get(doc_id=8) == {"n": 8, "extra": 1}
    with pytest.raises(ValueError, match="doc_id"):
        table.upsert({"n": 1})


def test_removals_by_id_by_query_and_of_everything(table: Table) -> None:
    """What was removed is named and gone."""
    assert table.remove(doc_ids=[1, 99]) == [1]
    assert table.remove(where("n") == 2) == [2]
    assert plain(table) == [{"n": 3, "town": "York"}]
    with pytest.raises(RuntimeError):
        table.remove()
    table.truncate()
    assert len(table) == 0
    assert table.all() == []
    assert table.insert({"n": 1}) == 1


def test_tables_do_not_see_each_other(db: TinyDB, table: Table) -> None:
    """The same id in two tables is two documents."""
    other = db.table("notes")
    other.insert({"note": "x"})
    assert db.tables() == {"drafts", "notes"}
    assert other.get(doc_id=1) == {"note": "x"}
    db.drop_table("drafts")
    assert db.tables() == {"notes"}
    assert len(db.table("drafts")) == 0
    db.drop_tables()
    assert db.tables() == set()


def test_what_was_got_can_be_changed_without_changing_what_is_kept(vault_db: VaultDB) -> None:
    """A screen that alters what it was given must not alter the record behind the officer's back."""
    found = vault_db.table("drafts")
    found.insert({"rows": [1, 2]})
    (document,) = found.all()
    document["rows"].append(3)
    assert found.get(doc_id=1) == {"rows": [1, 2]}


def test_a_sealed_table_keeps_no_results_in_memory(vault_db: VaultDB) -> None:
    """TinyDB's cache of results would keep what an officer wrote after it was erased."""
    found = vault_db.table("drafts")
    found.insert({"n": 1})
    found.search(where("n") == 1)
    assert isinstance(found, SealedTable)
    assert found._query_cache.length == 0


def test_a_change_by_id_writes_only_its_own_row(vault_db: VaultDB) -> None:
    """The whole point: a save costs the same however much is kept."""
    found = vault_db.sealed("drafts")
    found.insert_multiple([{"n": n} for n in range(50)])
    versions = "SELECT rid, ver FROM rows WHERE tbl = 'drafts' AND ver > 1"
    found.update({"n": -1}, doc_ids=[7])
    found.update({"n": 3}, where("n") == 3)
    assert vault_db.rows.connection.execute(versions).fetchall() == [(7, 2)]


def test_the_storage_underneath_still_reads_and_writes_as_tinydb_expects(vault_db: VaultDB) -> None:
    """Middlewares of TinyDB sit on these two methods."""
    vault_db.table("drafts").insert_multiple([{"n": 1}, {"n": 2}])
    whole = vault_db.storage.read()
    assert whole == {"drafts": {"1": {"n": 1}, "2": {"n": 2}}}
    vault_db.storage.write({"drafts": {"2": {"n": 2}}, "notes": {"5": {"n": 5}}})
    assert vault_db.storage.read() == {"drafts": {"2": {"n": 2}}, "notes": {"5": {"n": 5}}}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(0, 5)),
        st.tuples(st.just("update"), st.integers(0, 5)),
        st.tuples(st.just("remove"), st.integers(0, 5)),
        st.tuples(st.just("upsert"), st.integers(1, 9)),
        st.tuples(st.just("truncate"), st.just(0)),
    ),
    max_size=12,
)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_sequence_of_changes_ends_alike_in_both(vault_db: VaultDB, steps: list[tuple[str, int]]) -> None:
    """Whatever is done in whatever order, sealed tables end up with what TinyDB's own have."""
    vault_db.drop_tables()
    both = [vault_db.table("drafts"), TinyDB(storage=MemoryStorage).table("drafts")]
    for step, number in steps:
        results = [_step(found, step, number) for found in both]
        assert results[0] == results[1]
    assert {d.doc_id: dict(d) for d in both[0]} == {d.doc_id: dict(d) for d in both[1]}


def _step(table: Table, step: str, number: int) -> Any:
    match step:
        case "insert":
            return table.insert({"n": number})
        case "update":
            return table.update({"seen": number}, where("n") == number)
        case "remove":
            return table.remove(where("n") == number)
        case "upsert":
            return table.upsert(Document({"n": number}, doc_id=number))
        case _:
            return table.truncate()
