"""Backups: a whole copy of what the server has kept, read again before it counts, and put back.

    <folder>/<time>/homeward.sqlite       the database as it was at one moment, whichever database it is of
    <folder>/<time>/attachments/...       every photograph that it knows, sealed as it came
    <folder>/<time>/destroyed.jsonl       what was destroyed and must not come back (``retention.ledger``)
    <folder>/<time>/backup.json           what all of this is, written last: without it nothing is whole

The keys are never in it: they are copied to another folder, and the backup says which ones it needs.

``contents`` is what is in one, ``making`` makes it while the server runs, ``checking`` reads everything that
is kept as if somebody needed it, ``restoring`` puts it back into an empty place. A record that no longer
opens is read again from what came (``mending``), what is lost for good is said to be (``lost``), and one is
made at a time (``alone``).
"""

from sync_server.backups.lost import NotLost, give_up
from sync_server.backups.making import Made, make
from sync_server.backups.mending import Mended, mend
from sync_server.backups.restoring import Restored, restore

__all__ = ["Made", "Mended", "NotLost", "Restored", "give_up", "make", "mend", "restore"]
