"""Every secret of the server, and what lies encrypted under them.

``ring`` is the key ring: root, receipt and command keys that sign, sealing keys
that open what phones send, and the recovery key that a force keeps elsewhere.
``rest`` encrypts bodies at rest, one key per record, so that a record can be
destroyed by destroying its key. ``slips`` are words that a browser carries for us
and cannot read. ``sketching`` makes numbers of texts, which tell whether two are
alike. ``files`` keeps all of it in files of one owner.

The only part of the server that may import ``cryptography``.
"""

from sync_server.keys.rest import BodyBroken, RecordKey, Safe
from sync_server.keys.ring import KeyRing
from sync_server.keys.sketching import Sketcher
from sync_server.keys.slips import Slips

__all__ = ["BodyBroken", "KeyRing", "RecordKey", "Safe", "Sketcher", "Slips"]
