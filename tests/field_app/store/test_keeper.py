"""The one thread that owns the open vault."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from field_app.store.drafts import DraftStore
from field_app.store.keeper import Keeper, KeeperGone
from tests.support.vaults import new_vault, vaults_in


def test_everything_happens_in_one_thread_in_the_order_asked() -> None:
    """Two saves at once would have to agree which is the later one."""
    done: list[int] = []
    with Keeper() as keeper:
        for number in range(50):
            keeper.call(done.append, number)
        thread = keeper.call(threading.current_thread).result()
        assert keeper.call(threading.current_thread).result() is thread
        assert thread is not threading.current_thread()
    assert done == list(range(50))


def test_what_fails_fails_for_the_one_who_asked() -> None:
    """And the keeper goes on."""
    with Keeper() as keeper:
        with pytest.raises(ZeroDivisionError):
            keeper.call(lambda: 1 / 0).result()
        assert keeper.call(lambda: 2).result() == 2


def test_closing_finishes_what_was_asked_and_then_locks() -> None:
    """A save that was asked for before the app closes is made."""
    done: list[str] = []
    keeper = Keeper()
    keeper.call(done.append, "save")
    keeper.close(last=lambda: done.append("lock"))
    keeper.close()
    assert done == ["save", "lock"]
    with pytest.raises(KeeperGone):
        keeper.call(done.append, "late")


def test_a_vault_lives_in_the_keepers_thread(tmp_path: Path) -> None:
    """From unlocking to locking, asked from elsewhere."""
    with Keeper() as keeper:
        vaults = keeper.call(vaults_in, tmp_path).result()
        opened = keeper.call(new_vault, vaults).result()
        keeper.call(lambda: DraftStore(opened.db).save({"id": "a"})).result()
        assert keeper.call(lambda: DraftStore(opened.db).all()).result() == [{"id": "a"}]
        keeper.close(last=vaults.close)
    assert opened.locked
