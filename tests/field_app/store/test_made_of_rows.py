"""What is made of rows: each is opened again only once it has changed, and nothing outlives it."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb.table import Document

from field_app.store.drafts import DraftStore
from field_app.store.errors import StoreBroken
from field_app.store.sealed_table import VaultDB
from tests.support.thoroughness import examples
from tests.support.vaults import new_vault, vaults_in

TABLE = "drafts"


class Made:
    """Something that is made of a document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.says = document["says"]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[VaultDB]:
    """A fresh vault's database with three rows."""
    with vaults_in(tmp_path) as vaults:
        found = new_vault(vaults).db
        for rid in (1, 2, 3):
            found.sealed(TABLE).put(Document({"says": f"first {rid}"}, rid))
        yield found


def made(db: VaultDB) -> list[Made]:
    """What is made of every row there is."""
    return [db.rows.made_of(TABLE, rid, Made) for rid in db.rows.rids(TABLE)]


def changed_in_vain(db: VaultDB, rid: int, says: str) -> None:
    """A change that is seen, and then does not happen."""
    with db.transaction():
        db.sealed(TABLE).put(Document({"says": says}, rid))
        assert says in [one.says for one in made(db)]
        raise ZeroDivisionError


def test_a_row_that_nobody_changed_is_not_opened_again(db: VaultDB) -> None:
    """A worklist is looked at after each record, and thousands lie beneath it."""
    before = made(db)
    db.sealed(TABLE).put(Document({"says": "changed"}, 2))
    after = made(db)
    assert [one.says for one in after] == ["first 1", "changed", "first 3"]
    assert after[0] is before[0]
    assert after[2] is before[2]


def test_a_change_that_was_taken_back_leaves_what_was_there(db: VaultDB) -> None:
    """What did not happen must not be read."""
    before = made(db)
    with pytest.raises(ZeroDivisionError):
        changed_in_vain(db, 2, "never")
    assert [one.says for one in made(db)] == [one.says for one in before]


def test_what_was_made_goes_with_its_row(db: VaultDB) -> None:
    """Erased is erased in memory as well."""
    gone, stays, _ = map(weakref.ref, made(db))
    db.sealed(TABLE).remove(doc_ids=[1])
    assert gone() is None
    assert stays() is not None


def test_nothing_that_was_made_outlives_the_lock(db: VaultDB) -> None:
    """Who finds the handheld reads nothing of it."""
    kept = [weakref.ref(one) for one in made(db)]
    db.rows.close()
    assert [one() for one in kept] == [None, None, None]
    with pytest.raises(StoreBroken):
        db.rows.made_of(TABLE, 1, Made)


def test_a_draft_read_twice_is_two_drafts(db: VaultDB) -> None:
    """Whoever changes the one that they were given changes nobody else's."""
    first = DraftStore(db).all()
    first[0]["says"] = "mine"
    assert [one["says"] for one in DraftStore(db).all()] == ["first 1", "first 2", "first 3"]


STEP = st.tuples(st.sampled_from(["put", "erase", "undo", "look"]), st.integers(1, 5), st.text(max_size=5))


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, max_size=20))
def test_it_is_always_what_the_rows_say(db: VaultDB, steps: list[tuple[str, int, str]]) -> None:
    """Whatever is changed, erased, put again or undone between two looks."""
    table = db.sealed(TABLE)
    for step, rid, says in steps:
        if step == "put":
            table.put(Document({"says": says}, rid))
        elif step == "erase" and db.rows.has(TABLE, rid):
            table.remove(doc_ids=[rid])
        elif step == "undo":
            with pytest.raises(ZeroDivisionError):
                changed_in_vain(db, rid, f"not {says}")
        else:
            made(db)
    assert [one.says for one in made(db)] == [one["says"] for one in table]
