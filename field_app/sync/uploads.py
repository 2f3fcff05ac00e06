"""Attachments on their way: in pieces of 64 KiB by tus 1.0.0, going on at the byte where the line was cut.

    POST  /v1/uploads/    begin, or go on with the same   ->  where it is taken, and how far it is
    HEAD  where           after a restart                 ->  how far it is
    PATCH where           the next piece, with its sum    ->  how far it is

Records go first, and whatever is new is heard before: a photograph takes minutes on a bad line. One that
fails on its own holds back nothing else. What is complete comes with the force's signed word for exactly
these bytes, and nothing is done before that.
"""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Final, Protocol

from field_app.sync.client import SyncClient
from field_app.sync.desk import Desk, Enclosed, Signed
from field_app.sync.enrolment import from_b64url
from field_app.sync.failures import NotOurServer, Refused, SyncFailed, TryLater
from field_app.sync.news import AttachmentSettled
from field_app.sync.reading import Answer

log = logging.getLogger(__name__)

UPLOADS: Final = "/v1/uploads/"
PIECE: Final = 64 * 1024
OF_NO_REVISION: Final = 0
"""What a receipt for an attachment says instead of a revision."""
LONGEST_PLACE: Final = 200
COPY_GONE: Final = "The sealed copy on this device is gone. Tell the support desk."
FRESH_STARTS: Final = 3
_GO_ON: Final = frozenset({"wrong_offset", "wrong_checksum"})
_BEGIN_AGAIN: Final = frozenset({"no_such_upload", "not_the_file"})


class Tally(Protocol):
    """What a round counts."""

    sent: int
    refused: int
    ended_by: SyncFailed | None


def send_enclosed(client: SyncClient, desk: Desk, officer: Signed, done: Tally) -> None:
    """Send what waits, until something comes up that goes first; then a further round goes on."""
    for one in desk.enclosing.waiting():
        try:
            if not _Upload(client, desk, officer, one).bring():
                return
        except Refused as refused:
            log.info("attachment_refused record=%s why=%s", one.record, refused.code)
            desk.enclosing.needs_attention(one, refused.code)
            done.refused += 1
            desk.tell(AttachmentSettled(one.record, sent=False))
        except TryLater as trouble:
            if trouble.whole_line:
                raise
            log.info("attachment_not_sent record=%s why=%s", one.record, trouble.why)
            done.ended_by = trouble
        else:
            done.sent += 1
            desk.tell(AttachmentSettled(one.record, sent=True))
        if desk.hurried():
            return


class _Upload:
    """One attachment, from where it stands to the receipt."""

    def __init__(self, client: SyncClient, desk: Desk, officer: Signed, one: Enclosed) -> None:
        self._client = client
        self._desk = desk
        self._officer = officer
        self._one = one
        self._place = one.upload

    def bring(self) -> bool:
        """Bring all of it. False when something came up that goes first: what was brought stays brought.

        One piece goes in any case, so that a hand that is never still cannot hold a photograph up for ever.
        """
        fresh = 0
        answer = self._stands()
        first = _offset(answer, self._one.size)
        while (offset := _offset(answer, self._one.size)) < self._one.size:
            if offset > first and self._desk.hurried():
                return False
            try:
                answer = self._piece(offset)
            except Refused as refused:
                fresh += 1
                if refused.code not in _GO_ON | _BEGIN_AGAIN:
                    raise
                if fresh > FRESH_STARTS:
                    raise TryLater(refused.code, whole_line=False) from None
                answer = self._begun() if refused.code in _BEGIN_AGAIN else self._stands()
        self._settle(answer)
        return True

    def _stands(self) -> Answer:
        """How far it is, where it was begun before; else it is begun."""
        if not self._place:
            return self._begun()
        try:
            return self._asks("HEAD", self._place, {})
        except Refused as refused:
            if refused.code not in _BEGIN_AGAIN:
                raise
            return self._begun()

    def _begun(self) -> Answer:
        one = self._one
        said = {"att": one.attachment, "record": one.record, "sha256": one.sha256}
        metadata = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in said.items())
        answer = self._asks("POST", UPLOADS, {"Upload-Length": str(one.size), "Upload-Metadata": metadata})
        place = answer.headers.get("location", "")
        if not place.startswith(UPLOADS) or len(place) > LONGEST_PLACE:
            raise NotOurServer("upload_elsewhere", whole_line=False)
        self._place = place
        self._desk.enclosing.begun(one, place)
        return answer

    def _piece(self, offset: int) -> Answer:
        body = self._desk.enclosing.piece(self._one, offset, PIECE)
        if not body:
            raise Refused("sealed_copy_missing", COPY_GONE)
        sum_ = b64encode(sha256(body).digest()).decode()
        headers = {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {sum_}"}
        return self._asks("PATCH", self._place, headers, body)

    def _settle(self, answer: Answer) -> None:
        try:
            signed = from_b64url(answer.headers.get("homeward-receipt", ""))
        except ValueError:
            raise NotOurServer("unreadable", whole_line=False) from None
        got = self._client.receipt_of_sum(
            signed, record=self._one.record, rev=OF_NO_REVISION, sha256=self._one.sha256
        )
        self._desk.enclosing.sent(self._one, got.signed)

    def _asks(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        return self._officer.asks(
            lambda session: self._client.of_upload(method, path, session=session, headers=headers, body=body)
        )


def _offset(answer: Answer, size: int) -> int:
    said = answer.headers.get("upload-offset", "")
    if not said.isascii() or not said.isdigit() or int(said[:15]) > size:
        raise NotOurServer("unreadable", whole_line=False)
    return int(said[:15])
