"""What a phone's network may answer with: the force's server in small, and everything that is not it.

``SmallForce`` is honest: it has keys, checks signatures by the clock it was given, keeps what it is sent
and signs receipts. ``Weird`` answers whatever a test puts in its mouth. Both are served by a real uvicorn.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from booklets.batch import MOST_BYTES, deflated, inflated, unbound
from booklets.sealing import (
    KemKey,
    KemPublic,
    KeyEntry,
    Receipt,
    RequestRefused,
    SignedBy,
    SigningKey,
    read_envelope,
    seal_return,
    sign_directory,
    sign_receipt,
    verify_request,
)
from field_app.sync.enrolment import b64url, from_b64url
from tests.support.sealing import key_number, signer_number

OURS = {"Homeward-Protocol": "1"}
FORCE = "north_yorkshire"
DEVICE = "dev-7"
ISSUED = datetime(2026, 3, 1, tzinfo=UTC)
ENDS = datetime(2066, 3, 1, tzinfo=UTC)
CODE = "K7QP3M9XTD"

Answering = Callable[[Request, bytes], Response]


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve ``app`` on a free loopback port and give its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()  # from here on whoever connects waits in line: no need to wait for the server
    config = uvicorn.Config(
        app, log_config=None, lifespan="off", ws="none", date_header=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        listening.close()


@contextmanager
def nobody_there() -> Iterator[str]:
    """An address at which nothing answers."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound and not listening: whoever connects is turned away
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def json_answer(content: object, status: int = 200, **headers: str) -> Response:
    """JSON in the shape of the force's server."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(json.dumps(content), status, headers=OURS | named, media_type="application/json")


def refusal(status: int, code: str, **more: Any) -> Response:
    """A refusal in the shape of the force's server."""
    return json_answer({"code": code, "says": "In plain words.", **more}, status)


def portal_page(status: int = 200, **headers: str) -> Response:
    """A Wi-Fi's sign-in page."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response("<html>Welcome to Free Wi-Fi", status, headers=named, media_type="text/html")


class CutShort(Response):
    """An answer whose connection breaks half-way."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise more than is sent."""
        headers = [
            (b"content-length", b"4000"),
            (b"homeward-protocol", b"1"),
            (b"content-type", b"application/json"),
        ]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"record": "', "more_body": True})
        await send({"type": "http.response.body", "body": b""})


class Switchboard:
    """One address behind which each test puts a server of its own."""

    def __init__(self) -> None:
        self.to: ASGIApp = Weird()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put one request through."""
        await self.to(scope, receive, send)


class Weird:
    """Answers what it was told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: Response = portal_page()
        self.asked: list[tuple[str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        await request.body()
        self.asked.append((request.method, request.url.path))
        await self.answer(scope, receive, send)


@dataclass
class SmallForce:
    """The force's server, as small as it can be and still be honest.

    ``ahead`` is how far its clock runs before this machine's. ``instead`` answers in the place of an
    address; ``uploads`` takes attachments; ``after`` is called when a submission has been stored, before the
    receipt is sent. What is ``instead`` of a submission stands in a batch as well. ``batches`` says whether
    it knows them.
    """

    ahead: timedelta = timedelta(0)
    root: SigningKey = field(default_factory=lambda: signer_number(1))
    receipts: SigningKey = field(default_factory=lambda: signer_number(2))
    command: SigningKey = field(default_factory=lambda: signer_number(3))
    sealing: KemKey = field(default_factory=lambda: key_number(1))
    recovery: KemKey = field(default_factory=lambda: key_number(2))
    device_sign: SigningKey = field(default_factory=lambda: signer_number(7))
    device_kem: KemKey = field(default_factory=lambda: key_number(7))
    number: int = 1
    directory: bytes = b""
    access: str = "access-1"
    stored: dict[tuple[str, int], tuple[bytes, bytes]] = field(default_factory=dict)
    deliveries: list[tuple[str, int]] = field(default_factory=list)
    news: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {"me": []})
    acknowledged: list[str] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    browser_done: bool = False
    asked: list[str] = field(default_factory=list)
    instead: dict[str, Answering] = field(default_factory=dict)
    uploads: Answering | None = None
    batches: bool = True
    after: Callable[[str, int], Response | None] = lambda _record, _rev: None
    address: str = ""

    def __post_init__(self) -> None:
        """Publish the keys."""
        self.publish()

    def publish(self) -> None:
        """Sign a directory of the present keys under the present number."""
        times: Mapping[str, datetime] = {"not_before": ISSUED, "not_after": ENDS}
        entries = [
            KeyEntry.for_sealing(self.sealing.public, use="sealing", **times),
            KeyEntry.for_sealing(self.recovery.public, use="recovery", **times),
            KeyEntry.for_signing(self.receipts.public, use="receipt", **times),
            KeyEntry.for_signing(self.command.public, use="command", **times),
        ]
        self.directory = sign_directory(entries, root=self.root, issued=ISSUED, number=self.number)

    @property
    def pin(self) -> str:
        """The fingerprint of the root key, as an invitation carries it."""
        return sha256(self.root.public).hexdigest()

    def now(self) -> datetime:
        """What this server's clock says."""
        return datetime.now(UTC) + self.ahead

    def tell(
        self, content: Mapping[str, Any], *, record: str = "", rev: int = 0, stream: str = "me"
    ) -> None:
        """Put one piece of news, sealed to the device, into a stream."""
        self.news.setdefault(stream, [])
        body = seal_return(
            json.dumps(content).encode(),
            force=FORCE,
            device=DEVICE,
            created=self.now(),
            to=self.device_kem.public,
            signer=self.command,
            record=record,
            rev=rev,
        )
        kind = str(content.get("kind", "status"))
        item = {"kind": kind, "record": record, "rev": rev, "body": b64url(body)}
        self.news[stream].append(item | {"stream": stream, "seq": len(self.news[stream]) + 1})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        body = await request.body()
        self.asked.append(f"{request.method} {request.url.path}")
        answer = self._answer(request, body)
        answer.headers["Date"] = self.now().strftime("%a, %d %b %Y %H:%M:%S GMT")
        await answer(scope, receive, send)

    def _answer(self, request: Request, body: bytes) -> Response:
        path = request.url.path
        if path in self.instead:
            return self.instead[path](request, body)
        if path == "/v1/hello":
            return self._hello()
        if path == "/v1/keys":
            return Response(self.directory, headers=OURS, media_type="application/vnd.homeward.keys+json")
        try:
            self._who(request, body)
        except RequestRefused as refused:
            return refusal(401, refused.code, time=self.now().isoformat())
        return self._signed(path, request, body)

    def _hello(self) -> Response:
        said = {"time": self.now().isoformat(), "api": [1], "min_app": "0.1.0", "force": FORCE}
        return json_answer(said | {"directory_number": self.number})

    def _who(self, request: Request, body: bytes) -> SignedBy:
        def key_for(name: str) -> bytes:
            if request.url.path == "/v1/enrol":
                return from_b64url(json.loads(body)["sign_pub"])
            return {DEVICE: self.device_sign.public}[name]

        url = self.address + request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return verify_request(
            method=request.method,
            url=url,
            headers=request.headers,
            body=body,
            key_for=key_for,
            now=self.now(),
        )

    def _signed(self, path: str, request: Request, body: bytes) -> Response:
        without_officer: dict[str, Callable[[dict[str, Any]], Response]] = {
            "/v1/enrol": self._enrol,
            "/v1/auth/begin": self._begin,
            "/v1/auth/token": self._token,
            "/v1/auth/refresh": self._refresh,
            "/v1/status": self._report,
        }
        if path in without_officer:
            return without_officer[path](json.loads(body))
        if request.headers.get("authorization") != f"Homeward {self.access}":
            return refusal(401, "session_over")
        takes = self.uploads if path.startswith("/v1/uploads/") else None
        return takes(request, body) if takes else self._of_officer(path, request, body)

    def _of_officer(self, path: str, request: Request, body: bytes) -> Response:
        match path:
            case "/v1/submissions":
                return self._submitted(body)
            case "/v1/batch":
                return self._batch(request, body) if self.batches else refusal(404, "no_such_address")
            case "/v1/tasks":
                return self._of_task(json.loads(body))
            case "/v1/changes":
                return self._changes(request.query_params["cursor"], int(request.query_params["limit"]))
            case "/v1/changes/ack":
                self.acknowledged.append(json.loads(body)["cursor"])
            case _:
                pass
        return Response(status_code=204, headers=OURS)

    def _of_task(self, said: dict[str, Any]) -> Response:
        self.said.append(said)
        return json_answer({"id": said["id"], "stands": True, "why_void": ""})

    def _enrol(self, said: dict[str, Any]) -> Response:
        if said["code"] != CODE:
            return refusal(403, "code_unknown")
        welcome = {"device_id": DEVICE, "policy": {"keep_readable_minutes": 60}, "force": FORCE}
        keys = {"root_pub": b64url(self.root.public), "directory": b64url(self.directory)}
        return json_answer(welcome | keys, 201)

    def _begin(self, _said: dict[str, Any]) -> Response:
        said = {"flow": "flow-1", "user_code": "WDJB-MJHT", "interval": 3, "expires_in": 300}
        return json_answer(said | {"verification_uri_complete": f"{self.address}/sign-in/flow-1"})

    def _token(self, _said: dict[str, Any]) -> Response:
        return (
            json_answer(tokens(self.access)) if self.browser_done else json_answer({"state": "pending"}, 202)
        )

    def _refresh(self, said: dict[str, Any]) -> Response:
        if said["refresh_token"] != "refresh-1":
            return refusal(401, "session_over")
        return json_answer(tokens(self.access))

    def _report(self, said: dict[str, Any]) -> Response:
        self.reports.append(said)
        return Response(status_code=204, headers=OURS)

    def _submitted(self, body: bytes) -> Response:
        envelope = read_envelope(body)
        envelope.check(self.device_sign.public)
        key = envelope.header.record, envelope.header.rev
        self.deliveries.append(key)
        status = 200
        if key not in self.stored:
            status = 201
            receipt = self.receipt(key[0], key[1], envelope.sha256)
            self.stored[key] = body, sign_receipt(receipt, self.receipts)
        instead = self.after(*key)
        return instead or Response(self.stored[key][1], status, headers=OURS, media_type="application/json")

    def _batch(self, request: Request, body: bytes) -> Response:
        each: Answering = self.instead.get("/v1/submissions", lambda _, sealed: self._submitted(sealed))
        answers = [each(request, sealed) for sealed in unbound(inflated(body, most=MOST_BYTES))]
        results = [{"status": one.status_code, "answer": bytes(one.body).decode()} for one in answers]
        packed = deflated(json.dumps({"results": results}).encode())
        headers = OURS | {"Content-Encoding": "deflate"}
        return Response(packed, 207, headers=headers, media_type="application/json")

    def receipt(self, record: str, rev: int, env_sha256: str) -> Receipt:
        """What this server would sign for."""
        return Receipt(record, rev, "d" * 64, env_sha256, len(self.stored) + 1, self.now())

    def _changes(self, cursor: str, limit: int) -> Response:
        read = dict(part.split(".") for part in cursor.split("~") if part)
        found = [
            one
            for name in sorted(self.news)
            for one in self.news[name]
            if one["seq"] > int(read.get(name, 0))
        ]
        for one in found[:limit]:
            read[one["stream"]] = str(one["seq"])
        after = "~".join(f"{name}.{number}" for name, number in sorted(read.items()))
        return json_answer({"items": found[:limit], "next": after, "more": len(found) > limit})

    def recipients(self) -> tuple[KemPublic, KemPublic]:
        """Whom a submission is sealed to."""
        return self.sealing.public, self.recovery.public


def tokens(access: str = "access-1", **changed: Any) -> dict[str, Any]:
    """What the server gives to an officer who has signed in."""
    officer = {
        "id": "o-14",
        "name": "PC Sam Sample",
        "rank": "PC",
        "shoulder_no": "1472",
        "station": "Selby",
    }
    return {
        "access_token": access,
        "refresh_token": "refresh-1",
        "expires_in": 900,
        "offline_until": "2036-03-14T18:00:00Z",
        "officer": officer | {"force": FORCE, "unit": "selby_response", "roles": ["officer"]},
        **changed,
    }


__all__ = [
    "CODE",
    "DEVICE",
    "FORCE",
    "OURS",
    "Answering",
    "CutShort",
    "SmallForce",
    "Switchboard",
    "Weird",
    "json_answer",
    "nobody_there",
    "portal_page",
    "refusal",
    "serving",
    "tokens",
]
