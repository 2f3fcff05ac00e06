"""Two threads of the app at one secret: who reads gets the old one or the new one, and nothing between."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from field_app.vault.secrets import DemoSecretStore

pytestmark = pytest.mark.thorough

OLD, NEW = "a" * 4000, "b" * 4000


def test_who_reads_while_a_secret_is_replaced_reads_one_of_the_two(tmp_path: Path) -> None:
    """What was replaced is written over: who still held it read zeros, and the key store seemed broken."""
    store, over, wrong = DemoSecretStore(tmp_path), threading.Event(), list[str]()
    store.set("tries.one", OLD)

    def read() -> None:
        while not over.is_set():
            found = store.get("tries.one")
            if found not in {OLD, NEW}:
                wrong.append(repr(found)[:40])

    readers = [threading.Thread(target=read) for _ in range(3)]
    for one in readers:
        one.start()
    for number in range(300):
        store.set("tries.one", NEW if number % 2 else OLD)
    over.set()
    for one in readers:
        one.join()
    assert wrong == []
