"""What belongs to a record and is no text: photographs, sealed on the handheld and brought in pieces.

refusals   how it refuses
listed     which attachments a record lists, and which of them are here
upload     one attachment on its way in, as a value
uploads    what is still coming in: begun, piece by piece, given up
arriving   the last piece: held against its sum, kept, and what follows from that
showing    what was kept, opened for somebody who may see it
watching   what has expired, and what has not come in time

A record never waits for its attachments: it is received, decided on and told to whoever must act, and
says how many of them are here.
"""

from __future__ import annotations

from sync_server.attachments.arriving import receipt_of
from sync_server.attachments.listed import Standing, here_of, list_those_of, listed_in, standing_of
from sync_server.attachments.refusals import (
    AttachmentRefused,
    AttachmentTooLarge,
    ListedOtherwise,
    NoSuchUpload,
    NotTheFile,
    NotYourAttachment,
    TooManyUploads,
    WrongChecksum,
    WrongOffset,
)
from sync_server.attachments.showing import Shown, Unshowable, attachment_in, shown
from sync_server.attachments.upload import Asked, Bringer, Upload
from sync_server.attachments.uploads import begin, bring, find, give_up, most_sealed
from sync_server.attachments.watching import WatchAttachments

__all__ = [
    "Asked",
    "AttachmentRefused",
    "AttachmentTooLarge",
    "Bringer",
    "ListedOtherwise",
    "NoSuchUpload",
    "NotTheFile",
    "NotYourAttachment",
    "Shown",
    "Standing",
    "TooManyUploads",
    "Unshowable",
    "Upload",
    "WatchAttachments",
    "WrongChecksum",
    "WrongOffset",
    "attachment_in",
    "begin",
    "bring",
    "find",
    "give_up",
    "here_of",
    "list_those_of",
    "listed_in",
    "most_sealed",
    "receipt_of",
    "shown",
    "standing_of",
]
