"""What is kept, in two schemas: ``evidence`` as it came, ``register`` as it is read.

``tables``, ``owed``, ``acts``, ``attachments``, ``giving``, ``sketches``, ``packs``, ``identity`` and
``handhelds`` are what SQLite and PostgreSQL share, ``store`` the only way to read and write, ``writer`` the
one thread that writes to SQLite, ``migrate`` brings an older database up to date.
"""

from sync_server.db.store import Store, open_store

__all__ = ["Store", "open_store"]
