"""Every table there is: whoever copies a database, or brings one up to date, has to know all of them."""

from __future__ import annotations

import sync_server.db.acts
import sync_server.db.attachments
import sync_server.db.backups
import sync_server.db.checkpoints
import sync_server.db.closings
import sync_server.db.council_answers
import sync_server.db.giving
import sync_server.db.handhelds
import sync_server.db.identity
import sync_server.db.owed
import sync_server.db.packs
import sync_server.db.restrictions
import sync_server.db.retained
import sync_server.db.samples
import sync_server.db.sketches  # noqa: F401 - their tables stand in the same metadata
from sync_server.db.tables import metadata

__all__ = ["metadata"]
