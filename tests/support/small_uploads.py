"""The small force's way of taking attachments: tus 1.0.0, and as honest as the rest of it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from booklets.sealing import Receipt, sign_receipt
from field_app.sync.enrolment import b64url
from tests.support.portals import OURS, SmallForce, refusal

PATH = "/v1/uploads/"


@dataclass
class SmallUploads:
    """What came in of each attachment. ``before`` may answer in its place, or tamper with what comes."""

    force: SmallForce
    metadata: dict[str, dict[str, str]] = field(default_factory=dict)
    length: dict[str, int] = field(default_factory=dict)
    came: dict[str, bytearray] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    before: Callable[[Request, bytes], Response | None] = lambda _request, _body: None

    def __post_init__(self) -> None:
        """Stand behind the force's address."""
        self.force.uploads = self

    def __call__(self, request: Request, body: bytes) -> Response:
        """One step of an upload."""
        self.steps.append(request.method)
        assert request.headers["tus-resumable"] == "1.0.0"
        instead = self.before(request, body)
        if instead is not None:
            return instead
        if request.method == "POST":
            return self._begin(request)
        name = request.url.path.removeprefix(PATH)
        if name not in self.came:
            silent = Response(status_code=404, headers=OURS, media_type="application/json")
            return silent if request.method == "HEAD" else refusal(404, "no_such_upload")
        if request.method == "PATCH":
            refused = self._take(name, request, body)
            if refused is not None:
                return refused
        return self._stands(name, 204 if request.method == "PATCH" else 200)

    def complete(self) -> dict[str, bytes]:
        """What has come whole, by the id of the attachment."""
        return {
            self.metadata[name]["att"]: bytes(came)
            for name, came in self.came.items()
            if len(came) == self.length[name]
        }

    def _begin(self, request: Request) -> Response:
        pairs = (part.split(" ") for part in request.headers["upload-metadata"].split(","))
        said = {name: b64decode(value).decode() for name, value in pairs}
        name = f"u-{said['sha256'][:12]}"
        self.metadata[name] = said
        self.length[name] = int(request.headers["upload-length"])
        self.came.setdefault(name, bytearray())
        return self._stands(name, 201, Location=f"{PATH}{name}")

    def _take(self, name: str, request: Request, body: bytes) -> Response | None:
        assert request.headers["content-type"] == "application/offset+octet-stream"
        if int(request.headers["upload-offset"]) != len(self.came[name]):
            return refusal(409, "wrong_offset")
        if request.headers["upload-checksum"] != f"sha256 {b64encode(sha256(body).digest()).decode()}":
            return refusal(460, "wrong_checksum")
        self.came[name] += body
        whole = len(self.came[name]) == self.length[name]
        if whole and sha256(self.came[name]).hexdigest() != self.metadata[name]["sha256"]:
            del self.came[name]
            return refusal(460, "not_the_file")
        return None

    def _stands(self, name: str, status: int, **more: str) -> Response:
        said = {"Upload-Offset": str(len(self.came[name])), "Upload-Length": str(self.length[name])}
        if len(self.came[name]) == self.length[name]:
            sum_ = self.metadata[name]["sha256"]
            receipt = Receipt(self.metadata[name]["record"], 0, sum_, sum_, 0, self.force.now())
            said["Homeward-Receipt"] = b64url(sign_receipt(receipt, self.force.receipts))
        return Response(status_code=status, headers={**OURS, **said, **more})
