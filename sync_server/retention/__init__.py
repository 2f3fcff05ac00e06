"""How long records are kept (S-09): put together, due for review, said of them, destroyed.

``files`` puts together what is kept together, ``due`` says what is due and what forbids that it is
destroyed, ``reviewing`` keeps what people say, ``destroying`` does it and looks whether all is gone, and
``ledger`` remembers it outside the database. ``looking`` does this for as long as the server runs.
"""

from sync_server.retention.looking import LookAtKept, look

__all__ = ["LookAtKept", "look"]
