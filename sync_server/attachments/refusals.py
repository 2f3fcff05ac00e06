"""What bringing an attachment can be refused for. The handheld keeps its copy in every case.

AttachmentRefused
├── NoSuchUpload        never begun here, given up, or expired: begin again
├── WrongOffset         so many bytes are safe: go on from there
├── WrongChecksum       the piece was altered on its way: send it again
├── NotTheFile          all of it came, and it is not what was announced: begin again
├── ListedOtherwise     the record lists another file under that name
├── NotYourAttachment   another handheld's, or another force's
├── AttachmentTooLarge  larger than the force takes
└── TooManyUploads      too much of this handheld's is here that no record lists
"""

from __future__ import annotations

from booklets.errors import BookletError


class AttachmentRefused(BookletError):
    """Base of what is refused of attachments."""

    code = "attachment_refused"


class NoSuchUpload(AttachmentRefused):
    """There is no such upload of this handheld. Begin it again."""

    code = "no_such_upload"


class WrongOffset(AttachmentRefused):
    """The piece does not go on from what is safe here. ``received`` says how much that is."""

    code = "wrong_offset"

    def __init__(self, received: int) -> None:
        super().__init__(f"So far {received:,} bytes are safe here. Go on from there.")
        self.received = received


class WrongChecksum(AttachmentRefused):
    """The piece is not what its checksum says. Nothing of it was kept."""

    code = "wrong_checksum"


class NotTheFile(AttachmentRefused):
    """All of it came, and its sum is not the one that was announced. What came was removed."""

    code = "not_the_file"


class ListedOtherwise(AttachmentRefused):
    """The record lists another file under this name, by its size or its sum."""

    code = "listed_otherwise"


class NotYourAttachment(AttachmentRefused):
    """Only the handheld whose record lists it may bring an attachment."""

    code = "not_your_attachment"


class AttachmentTooLarge(AttachmentRefused):
    """Larger than the force takes. Nothing was read."""

    code = "attachment_too_large"


class TooManyUploads(AttachmentRefused):
    """Too much of this handheld's came in that no record lists yet. Send the records first."""

    code = "too_many_uploads"
    retry_after = 600
