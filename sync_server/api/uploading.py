"""Attachments come in by tus 1.0.0, so that a photograph goes on at the byte where the line was cut.

    OPTIONS /v1/uploads/        what is spoken here                 204
    POST    /v1/uploads/        begin, or go on with the same       201  Location, Upload-Offset
    HEAD    /v1/uploads/{id}    how many bytes are safe             200  Upload-Offset, Upload-Length
    PATCH   /v1/uploads/{id}    the next piece                      204  Upload-Offset
    DELETE  /v1/uploads/{id}    give it up                          204

``Upload-Metadata`` says ``att``, ``record`` and ``sha256`` (hex, of the sealed bytes), each in base64. An
offset that equals the length is only ever said of a file that has that sum and is kept; the header
``Homeward-Receipt`` is then the force's signed word for it. Extensions: creation, checksum (sha256),
expiration, termination. A piece is signed with its request, so it counts whole or not at all, and is at
most 1 MiB; the method is part of what is signed, so ``X-HTTP-Method-Override`` is not looked at.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from booklets.errors import BookletError, WireError
from booklets.sealing import MAX_ATTACHMENT
from sync_server import attachments
from sync_server.api.answers import OURS
from sync_server.api.promises import BYTES, DIGITS, SEALED, TEXT, Gives, Promise, Schema, promises
from sync_server.api.refusals import OtherTus, WrongType, refused
from sync_server.api.signing import Endpoint, OfficersCall
from sync_server.attachments import (
    Asked,
    AttachmentTooLarge,
    Bringer,
    ListedOtherwise,
    NoSuchUpload,
    NotTheFile,
    NotYourAttachment,
    TooManyUploads,
    Upload,
    WrongChecksum,
    WrongOffset,
)
from sync_server.context import Context
from sync_server.keeping import KeepingUnavailable

UPLOADS = "/v1/uploads/"
VERSION = "1.0.0"
RESUMABLE = "Tus-Resumable"
RECEIPT = "Homeward-Receipt"
PIECE_TYPE = "application/offset+octet-stream"
EXTENSIONS = "creation,checksum,expiration,termination"
MOST_METADATA = 1024
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
SPOKEN: Schema = {"const": VERSION}
ASKED = {RESUMABLE: SPOKEN}
STANDING = {RESUMABLE: SPOKEN, "Upload-Offset": DIGITS, "Upload-Expires": TEXT}
RECEIVED = {RECEIPT: BYTES}
METADATA: Schema = {"type": "string", "format": "upload-metadata"}


def _answered(headers: Mapping[str, Schema], more: Mapping[str, Schema] | None = None) -> Gives:
    """An answer of tus: everything that it says stands in its headers."""
    return Gives(headers=headers, more_headers=more or {})


_SUM = re.compile(r"[0-9a-f]{64}")


def speaks_tus(work: Callable[[OfficersCall], Response]) -> Callable[[OfficersCall], Response]:
    """Work that is done only for whoever speaks the same version of tus."""

    def speaking(officers: OfficersCall) -> Response:
        if officers.call.request.headers.get(RESUMABLE) != VERSION:
            raise OtherTus(f"This server speaks tus {VERSION}.")
        return work(officers)

    return speaking


def answers_tus(endpoint: Endpoint) -> Endpoint:
    """An endpoint whose every answer has the headers that tus wants on it, also where it refuses."""

    async def answering(request: Request) -> Response:
        try:
            answer = await endpoint(request)
        except BookletError as error:
            answer = refused(request, error)
            if isinstance(error, WrongOffset):
                answer.headers["Upload-Offset"] = str(error.received)
            if isinstance(error, OtherTus):
                answer.headers["Tus-Version"] = VERSION
        answer.headers[RESUMABLE] = VERSION
        return answer

    return answering


@promises(
    Promise(
        gives={
            204: _answered(
                {
                    RESUMABLE: SPOKEN,
                    "Tus-Version": SPOKEN,
                    "Tus-Extension": {"const": EXTENSIONS},
                    "Tus-Max-Size": DIGITS,
                    "Tus-Checksum-Algorithm": {"const": "sha256"},
                }
            )
        }
    )
)
async def spoken(_request: Request) -> Response:
    """What of tus is spoken here, and how large an attachment may be at all."""
    said = {
        RESUMABLE: VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(MAX_ATTACHMENT),
        "Tus-Checksum-Algorithm": "sha256",
    }
    return Response(status_code=204, headers={**OURS, **said})


@promises(
    Promise(
        headers={
            **ASKED,
            "Upload-Length": {"type": "integer", "minimum": 1, "maximum": 10**16 - 1},
            "Upload-Metadata": METADATA,
        },
        gives={201: _answered({**STANDING, "Location": TEXT}, RECEIVED)},
        refuses=(
            WireError,
            OtherTus,
            NotYourAttachment,
            ListedOtherwise,
            AttachmentTooLarge,
            TooManyUploads,
        ),
    )
)
def begin(officers: OfficersCall) -> Response:
    """Begin to bring an attachment, or go on with the same one."""
    call = officers.call
    said = _metadata(call.request.headers.get("upload-metadata", ""))
    asked = Asked(
        force=call.device.force,
        device=call.device.id,
        officer=officers.officer.officer,
        record=_id(said, "record"),
        attachment=_id(said, "att"),
        sha256=_sum(said),
        length=_number(call.request.headers, "upload-length", least=1),
    )

    def work(db: Connection) -> Upload:
        call.use_nonce(db)
        return attachments.begin(
            db, asked, policy=call.context.policy(call.device.force), now=call.context.now()
        )

    made = call.context.store.write(work)
    return _standing(call.context, made, 201, Location=f"{UPLOADS}{made.id}")


@promises(
    Promise(
        headers=ASKED,
        gives={200: _answered({**STANDING, "Upload-Length": DIGITS, "Upload-Metadata": TEXT}, RECEIVED)},
        refuses=(OtherTus, NoSuchUpload),
    )
)
def how_far(officers: OfficersCall) -> Response:
    """How many bytes of an attachment are safe."""
    call = officers.call
    with call.context.store.read() as db:
        known = attachments.find(db, _named(call.request), device=call.device.id, now=call.context.now())
    said = {
        "Upload-Length": str(known.length),
        "Upload-Metadata": as_metadata(
            {"att": known.attachment, "record": known.record, "sha256": known.sha256}
        ),
    }
    return _standing(call.context, known, 200, **said)


@promises(
    Promise(
        reads=SEALED,
        media_type=PIECE_TYPE,
        headers={**ASKED, "Upload-Offset": {"type": "integer", "minimum": 0, "maximum": 10**16 - 1}},
        more_headers={"Upload-Checksum": TEXT},
        gives={204: _answered(STANDING, RECEIVED)},
        refuses=(
            WireError,
            OtherTus,
            WrongType,
            NoSuchUpload,
            WrongOffset,
            WrongChecksum,
            NotTheFile,
            AttachmentTooLarge,
            KeepingUnavailable,
        ),
    )
)
def bring(officers: OfficersCall) -> Response:
    """Bring the next piece of an attachment; the last one is answered once all of it is kept."""
    call = officers.call
    if call.request.headers.get("content-type", "") != PIECE_TYPE:
        raise WrongType(f"A piece is of type {PIECE_TYPE}.")
    offset = _number(call.request.headers, "upload-offset")
    _hold_against_checksum(call.body, call.request.headers.get("upload-checksum"))
    known = attachments.bring(
        call.context,
        _named(call.request),
        Bringer(call.device.id, officers.officer.officer),
        offset=offset,
        content=call.body,
        first=call.use_nonce,
    )
    return _standing(call.context, known, 204)


@promises(
    Promise(headers=ASKED, gives={204: _answered({RESUMABLE: SPOKEN})}, refuses=(OtherTus, NoSuchUpload))
)
def give_up(officers: OfficersCall) -> Response:
    """Remove what came of an attachment that will not be brought."""
    call = officers.call

    def work(db: Connection) -> None:
        call.use_nonce(db)
        attachments.give_up(db, _named(call.request), device=call.device.id, now=call.context.now())

    call.context.store.write(work)
    return Response(status_code=204, headers=OURS)


def _standing(context: Context, known: Upload, status: int, **more: str) -> Response:
    """How far it is; once it is complete, with the force's word that it is kept."""
    said = {
        "Upload-Offset": str(known.received),
        "Upload-Expires": format_datetime(known.expires_at, usegmt=True),
    }
    if known.is_complete:
        receipt = attachments.receipt_of(known, context.now(), context.keys.receipt)
        said[RECEIPT] = urlsafe_b64encode(receipt).rstrip(b"=").decode()
    return Response(status_code=status, headers={**OURS, **said, **more})


def _named(request: Request) -> str:
    return str(request.path_params["upload"])


def _metadata(header: str) -> Mapping[str, str]:
    """What ``Upload-Metadata`` says, by name."""
    if len(header) > MOST_METADATA:
        raise WireError("Upload-Metadata is too long")
    try:
        pairs = (part.strip().partition(" ") for part in header.split(",") if part.strip())
        return {name: b64decode(value.encode(), validate=True).decode() for name, _, value in pairs}
    except (NotBase64, UnicodeError):
        raise WireError("Upload-Metadata must be names with values in base64") from None


def as_metadata(said: Mapping[str, str]) -> str:
    """These words as ``Upload-Metadata`` has them."""
    return ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in said.items())


def _id(said: Mapping[str, str], name: str) -> str:
    try:
        return str(UUID(said[name]))
    except (KeyError, ValueError):
        raise WireError(f"Upload-Metadata must say {name}, an id") from None


def _sum(said: Mapping[str, str]) -> str:
    found = said.get("sha256", "")
    if not _SUM.fullmatch(found):
        raise WireError("Upload-Metadata must say sha256, in 64 hexadecimal digits")
    return found


def _number(headers: Mapping[str, str], name: str, *, least: int = 0) -> int:
    said = headers.get(name, "")
    if not _NUMBER.fullmatch(said) or int(said) < least:
        raise WireError(f"{name} must be a whole number of at least {least}")
    return int(said)


def _hold_against_checksum(body: bytes, said: str | None) -> None:
    """The piece has the sum that its header says, where it says one."""
    if said is None:
        return
    algorithm, _, expected = said.partition(" ")
    if algorithm != "sha256":
        raise WireError("Upload-Checksum must be sha256 and a sum in base64")
    if expected != b64encode(sha256(body).digest()).decode():
        raise WrongChecksum("The piece was altered on its way. Nothing of it was kept; send it again.")
