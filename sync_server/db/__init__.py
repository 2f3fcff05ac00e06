"""What is kept, in two schemas: ``evidence`` as it came, ``register`` as it is read.

``tables`` is what SQLite and PostgreSQL share, ``identity`` the devices and accounts,
``store`` the only way to read and write, ``migrate`` brings an older database up to date.
"""

from sync_server.db.store import Store, open_store

__all__ = ["Store", "open_store"]
