"""Photographs as a handheld makes and sends them: sealed, listed by a record, brought by tus."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
from PIL import Image

from booklets.entities import new_id
from booklets.posting import header_of
from booklets.records import Attachment, Record
from booklets.sealing import KemPublic, SigningKey, seal_attachment
from sync_server import attachments
from sync_server.attachments import Asked, Bringer
from sync_server.context import Context
from tests.support.devices import Handheld
from tests.support.server_data import Handheld as Sealer

UPLOADS = "/v1/uploads/"
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {"Content-Type": "application/offset+octet-stream"}


def a_picture(width: int = 64, height: int = 48, shade: int = 90) -> bytes:
    """An invented photograph: a plain area, as JPEG."""
    made = BytesIO()
    Image.new("RGB", (width, height), (shade, shade, shade)).save(made, "JPEG")
    return made.getvalue()


@dataclass(frozen=True)
class Photograph:
    """A sealed photograph, and what its record's manifest says of it."""

    listed: Attachment
    record: UUID
    sealed: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """Its id."""
        return str(self.listed.id)


def sealed(
    record: Record, content: bytes, *, to: Sequence[KemPublic], signer: SigningKey, **header: Any
) -> Photograph:
    """``content`` as it belongs to a record, freshly sealed."""
    id_, target = new_id(), BytesIO()
    outside = replace(header_of(record), **header)
    ref = seal_attachment(outside, BytesIO(content), target, attachment=str(id_), to=to, signer=signer)
    listed = Attachment(id_, "photograph", ref.size, ref.sha256)
    return Photograph(listed, record.header.record, target.getvalue())


def a_photograph(context: Context, handheld: Sealer, record: Record, content: bytes) -> Photograph:
    """A photograph of this handheld's for a record."""
    return sealed(record, content, to=context.keys.directory.recipients(), signer=handheld.signing)


def brought(context: Context, handheld: Sealer, one: Photograph) -> None:
    """The photograph comes in, whole."""
    asked = Asked(
        force=handheld.force,
        device=handheld.device,
        officer=handheld.officer,
        record=str(one.record),
        attachment=one.name,
        sha256=one.listed.sha256,
        length=len(one.sealed),
    )
    policy = context.policy(handheld.force)
    begun = context.store.write(lambda db: attachments.begin(db, asked, policy=policy, now=context.now()))
    by = Bringer(handheld.device, handheld.officer)
    attachments.bring(context, begun.id, by, offset=0, content=one.sealed, first=lambda _db: None)


def listing(record: Record, *photographs: Photograph) -> Record:
    """The record, listing these."""
    attachments = tuple(one.listed for one in photographs)
    return replace(record, header=replace(record.header, attachments=attachments))


@dataclass
class Camera:
    """A signed-in handheld with its photographs, speaking tus as the app does."""

    handheld: Handheld

    def take(self, record: Record, content: bytes | None = None) -> Photograph:
        """A photograph that belongs to a record."""
        recipients = self.handheld.server.context.keys.directory.recipients()
        return sealed(record, content or a_picture(), to=recipients, signer=self.handheld.key)

    def record_with(self, *contents: bytes, **header: Any) -> tuple[Record, list[Photograph]]:
        """A record that lists photographs, and those: nothing is sent yet."""
        record = self.handheld.record(**{"record": new_id(), **header})
        taken = [self.take(record, content) for content in contents]
        return listing(record, *taken), taken

    def submit(self, record: Record) -> httpx.Response:
        """Send the record itself."""
        return self.handheld.submit(self.handheld.seal(record))

    def begin(self, one: Photograph, **said: str) -> httpx.Response:
        """Begin to bring it. Each keyword is a header that a test gets wrong."""
        about = {"att": one.name, "record": str(one.record), "sha256": one.listed.sha256}
        metadata = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in about.items())
        headers = {"Upload-Length": str(len(one.sealed)), "Upload-Metadata": metadata}
        return self._ask("POST", UPLOADS, headers={**headers, **_headers(said)})

    def piece(self, where: str, offset: int, content: bytes, **said: str) -> httpx.Response:
        """Bring one piece."""
        headers = {**PIECE, "Upload-Offset": str(offset), **_headers(said)}
        return self._ask("PATCH", where, headers=headers, content=content)

    def how_far(self, where: str) -> httpx.Response:
        """Ask how much is safe."""
        return self._ask("HEAD", where)

    def give_up(self, where: str) -> httpx.Response:
        """Remove what came."""
        return self._ask("DELETE", where)

    def bring(self, one: Photograph, *, size: int = 65_536) -> httpx.Response:
        """The whole way, piece by piece; the last answer."""
        begun = self.begin(one)
        if begun.status_code != httpx.codes.CREATED:
            return begun
        answer = begun
        for at in range(int(begun.headers["Upload-Offset"]), len(one.sealed), size):
            answer = self.piece(begun.headers["Location"], at, one.sealed[at : at + size])
        return answer

    def _ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, **how: Any
    ) -> httpx.Response:
        said = {name: value for name, value in {**TUS, **(headers or {})}.items() if value}
        return self.handheld.as_officer(method, path, headers=said, **how)


def checksum(content: bytes) -> str:
    """What ``Upload-Checksum`` says of a piece."""
    return f"sha256 {b64encode(sha256(content).digest()).decode()}"


def _headers(said: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in said.items()}
