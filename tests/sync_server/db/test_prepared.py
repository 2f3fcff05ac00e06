"""What connections keep prepared lies in memory for as long as the server runs."""

from __future__ import annotations

import gc
from pathlib import Path

from sync_server.db.store import READ_STATEMENTS
from tests.support.server_data import a_server


def test_a_reader_keeps_few_statements_prepared(tmp_path: Path) -> None:
    """Each lies in the memory of SQLite with what it was asked with: over a night that was most of it."""

    def prepared() -> int:
        return sum(type(one).__module__ == "sqlite3" for one in gc.get_objects())

    with a_server(tmp_path, in_a_file=True) as context, context.store.read() as connection:
        before = prepared()
        for number in range(3 * READ_STATEMENTS):
            connection.exec_driver_sql(f"SELECT {number}").all()

        assert prepared() - before <= READ_STATEMENTS
