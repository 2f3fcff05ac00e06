"""Where attachments lie once they have arrived: sealed, as the handheld sent them, named by their sum.

A place is told the SHA-256 of what it is to keep, and keeps nothing that has another: so a name can never
stand for other bytes, and keeping the same twice is keeping it once. No name, no type and no date is known
there, only the force and the sum; what the bytes are is in the database, and what they show is under seal.

place      what every place can do      in_files   a folder of this machine
in_bucket  an S3-compatible bucket, for a server of several machines
"""

from __future__ import annotations

from sync_server.keeping.in_files import KeptInFiles
from sync_server.keeping.place import KeepingPlace, KeepingRefused, KeepingUnavailable, NotKept, OtherBytes
from sync_server.settings import Bucket, Settings

__all__ = ["KeepingPlace", "KeepingRefused", "KeepingUnavailable", "NotKept", "OtherBytes", "open_place"]


def open_place(settings: Settings) -> KeepingPlace:
    """The place that the settings name: a bucket, or a folder of this machine."""
    if isinstance(settings.attachments, Bucket):
        try:
            from sync_server.keeping.in_bucket import KeptInBucket  # noqa: PLC0415 - obstore is an extra
        except ModuleNotFoundError:
            raise SystemExit(
                "HOMEWARD_S3_BUCKET is set, and obstore is not here. Run: pip install homeward[s3]"
            ) from None
        return KeptInBucket.at(settings.attachments)
    return KeptInFiles(settings.attachments)
