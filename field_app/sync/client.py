"""The one module of the app that asks over HTTP. Each method is one question to the force's server.

Every question is signed with the device's key (RFC 9421) and, where an officer must be signed in, with
their session. No redirect is followed, no proxy taken from the environment, no answer read beyond its
limit. What comes back is a value, or a ``SyncFailed`` that says what to do next (``failures``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

import httpx

from booklets.batch import BATCH_TYPE, DEFLATED, bound, deflated
from booklets.sealing import (
    BadSignature,
    Directory,
    DirectoryRefused,
    Receipt,
    ReceiptRefused,
    SigningKey,
    read_directory,
    read_receipt,
    sign_request,
)
from field_app.sync import reading
from field_app.sync.clocks import HEADER_SLACK, ServerClock, from_header
from field_app.sync.enrolment import Enrolled, Invitation, NewDevice, as_bytes, trusted
from field_app.sync.failures import (
    ClockSkew,
    NotEnrolledHere,
    NotOurServer,
    SyncFailed,
)
from field_app.sync.feeding import Changes, Item, item_from
from field_app.sync.line import translated
from field_app.sync.reading import SEALED, Answer, Fields, Told
from field_app.sync.sessions import Session, SignIn, read_session, read_sign_in

PIECE: Final = "application/offset+octet-stream"
PAGE: Final = 100
_JSON: Final = "application/json"
_SMALL: Final = 256 * 1024
_LARGE: Final = 16 * 1024 * 1024
_NO_MORE: Final[Mapping[str, str]] = {}
_PACKED: Final[Mapping[str, str]] = {"Accept-Encoding": DEFLATED}


@dataclass(frozen=True, slots=True)
class Hello:
    """What the server says to anybody."""

    api: tuple[int, ...]
    min_app: str
    directory_number: int
    force: str


@dataclass(frozen=True, slots=True)
class Received:
    """A verified receipt, and the bytes it came in, which are kept as they are."""

    receipt: Receipt
    signed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """One sealed revision on its way, with the number that stands readable on it."""

    record: str
    rev: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Device:
    """This device as the server knows it, with the key that proves it."""

    enrolled: Enrolled
    sign: SigningKey


class SyncClient:
    """Asks one server, as one device. Not for two threads at once.

    ``device`` is None before enrolment. ``directory`` changes when the server has a newer one: keep it.
    """

    def __init__(self, http: httpx.Client, *, clock: ServerClock, device: Device | None = None) -> None:
        self._http = http
        self._clock = clock
        self._device = device
        self._directory = device.enrolled.directory if device else b""

    @property
    def directory(self) -> bytes:
        """The newest signed key directory that this client has verified."""
        return self._directory

    @property
    def known_keys(self) -> Directory:
        """The force's keys as far as they are known here."""
        return read_directory(self._directory, self._enrolled.root_pub)

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    def hello(self) -> Hello:
        """What the server says to anybody; also sets the clock's offset as finely as can be."""
        asked = self._clock.mark()
        answer = self._once("GET", "/v1/hello", signed=False)
        said = Fields(answer.json())
        self._clock.hear(said.moment("time"), asked=asked)
        apis = said.several("api")
        return Hello(
            api=tuple(number for number in apis if type(number) is int),
            min_app=said.text_or_nothing("min_app"),
            directory_number=said.whole("directory_number"),
            force=said.text_or_nothing("force"),
        )

    def keys(self) -> Directory:
        """The force's keys, fetched anew. Never an older directory than the one held."""
        answer = self._ask("GET", "/v1/keys")
        try:
            found = read_directory(answer.body, self._enrolled.root_pub, at_least=self.known_keys.number)
        except (BadSignature, DirectoryRefused) as why:
            raise NotOurServer(why.code) from None
        self._directory = answer.body
        return found

    def enrol(self, invitation: Invitation, new: NewDevice) -> Enrolled:
        """Spend the invitation. The answer is believed only from the server that was meant."""
        body = _json(new.to_message(invitation.code))
        answer = self._ask("POST", "/v1/enrol", body=body, signer=(new.key_id, new.sign))
        return trusted(answer.json(), invitation)

    def begin_sign_in(self) -> SignIn:
        """Start a sign-in on this device."""
        answer = self._ask("POST", "/v1/auth/begin", body=b"{}")
        return read_sign_in(answer.json(), server=self._enrolled.server, now=self._clock.now())

    def poll_sign_in(self, flow: SignIn) -> Session | None:
        """The session, or None while the officer is not done in the browser."""
        answer = self._ask("POST", "/v1/auth/token", body=_json({"flow": flow.flow}))
        if answer.status == httpx.codes.ACCEPTED:
            return None
        return read_session(answer.json(), now=self._clock.now())

    def refresh(self, session: Session) -> Session:
        """The same officer with new tokens. Keep them before asking anything else."""
        body = _json({"refresh_token": session.refresh_token})
        return read_session(self._ask("POST", "/v1/auth/refresh", body=body).json(), now=self._clock.now())

    def sign_out(self, session: Session) -> None:
        """End the session on the server too."""
        self._ask("DELETE", "/v1/auth/session", session=session)

    def submit(self, sealed: bytes, *, record: str, rev: int, session: Session) -> Received:
        """Hand over one sealed revision. Safe to repeat: the server answers with the same receipt.

        Returns only with a receipt that a key of the force signed for exactly these bytes.
        """
        answer = self._ask(
            "POST",
            "/v1/submissions",
            body=sealed,
            kind=SEALED,
            session=session,
            once=f"{record}/{rev}",
        )
        return self.receipt_for(sealed, answer.body, record=record, rev=rev)

    def submit_together(self, letters: Sequence[Letter], *, session: Session) -> list[Received | SyncFailed]:
        """Hand over several with one question. What became of each, in order, as if it had gone alone.

        Safe to repeat, with the same or with others. Raises what went wrong with all of them.
        """
        answer = self._ask(
            "POST",
            "/v1/batch",
            body=deflated(bound([letter.sealed for letter in letters])),
            kind=BATCH_TYPE,
            session=session,
            more={"Content-Encoding": DEFLATED, **_PACKED},
        )
        each = reading.results(answer, of=len(letters), most=_SMALL)
        return [self._became(letter, said) for letter, said in zip(letters, each, strict=True)]

    def _became(self, letter: Letter, answer: Answer) -> Received | SyncFailed:
        try:
            said = reading.check(answer, now=self._clock.now())
            return self.receipt_for(letter.sealed, said.body, record=letter.record, rev=letter.rev)
        except SyncFailed as failed:
            return failed

    def receipt_for(self, sealed: bytes, signed: bytes, *, record: str, rev: int) -> Received:
        """A receipt, if a key of the force signed it for exactly these bytes. Else raises NotOurServer."""
        return self.receipt_of_sum(signed, record=record, rev=rev, sha256=sha256(sealed).hexdigest())

    def receipt_of_sum(self, signed: bytes, *, record: str, rev: int, sha256: str) -> Received:
        """The same, where the sum of the bytes is known and they are not at hand."""
        receipt = self._receipt(signed)
        if not receipt.is_for(record=record, rev=rev, env_sha256=sha256):
            raise NotOurServer("receipt_for_something_else", whole_line=False)
        return Received(receipt, signed)

    def of_upload(
        self,
        method: str,
        path: str,
        *,
        session: Session,
        headers: Mapping[str, str],
        body: bytes = b"",
    ) -> Answer:
        """One step of bringing an attachment (``uploads``), in tus 1.0.0."""
        said = {"Tus-Resumable": "1.0.0", **headers}
        return self._ask(method, path, body=body, kind=PIECE, session=session, more=said)

    def post(self, path: str, message: Mapping[str, Any], *, session: Session) -> Fields:
        """What is answered to a message that a signed-in officer's device sends."""
        return Fields(self._ask("POST", path, body=_json(message), session=session).json())

    def say(self, message: Mapping[str, Any], *, session: Session) -> str:
        """Say something of a task; why it does not count, or nothing. Safe to repeat: it counts once."""
        said = self.post("/v1/tasks", message, session=session)
        if said.text("id") != message["id"]:
            raise NotOurServer("answer_to_something_else", whole_line=False)
        return said.why_void()

    def give(self, sealed: bytes, *, session: Session) -> str:
        """Give a draft to a colleague; why it does not count, or nothing. Safe to repeat."""
        answer = self._ask("POST", "/v1/given", body=sealed, kind=SEALED, session=session)
        return Fields(answer.json()).why_void()

    def copy_draft(self, sealed: bytes, *, session: Session) -> None:
        """Have the force keep a sealed copy of a draft. Safe to repeat."""
        self._ask("POST", "/v1/drafts/copies", body=sealed, kind=SEALED, session=session)

    def act_on_given(self, given: str, act: str, *, session: Session) -> str:
        """Take a draft over, or back; why it does not count, or nothing. Safe to repeat."""
        return self.post(f"/v1/given/{given}", {"act": act}, session=session).why_void()

    def changes(self, cursor: str, *, session: Session, limit: int = PAGE) -> Changes:
        """News after ``cursor`` (nothing: from the start). Raises CursorExpired when that is gone."""
        query = httpx.QueryParams({"cursor": cursor, "limit": limit})
        answer = self._ask("GET", f"/v1/changes?{query}", session=session, most=_LARGE, more=_PACKED)
        said = Fields(reading.unpacked(answer, most=_LARGE).json())
        items = tuple(map(item_from, said.several("items")))
        return Changes(items, said.text_or_nothing("next"), said.truth("more"))

    def ack(self, cursor: str, *, session: Session) -> None:
        """Say that everything up to ``cursor`` is kept here, durably."""
        self._ask("POST", "/v1/changes/ack", body=_json({"cursor": cursor}), session=session)

    def own_record(self, record: str, *, session: Session) -> Item:
        """What this officer sent under this number, sealed to this device. Refused if it is not theirs."""
        answer = self._ask("GET", f"/v1/records/{record}", session=session, most=_LARGE)
        return item_from({**answer.json(), "stream": "", "seq": 0, "kind": "record"})

    def photograph(self, record: str, attachment: str, start: int, *, session: Session) -> bytes:
        """A piece of a photograph of somebody's record, from that byte on, sealed to this device."""
        path = f"/v1/records/{record}/attachments/{attachment}?from={start}"
        answer = self._ask("GET", path, session=session)
        if answer.kind != SEALED:
            raise NotOurServer("unreadable", whole_line=False)
        return answer.body

    def status(self, report: Mapping[str, Any]) -> Told:
        """Say how this device is: no answers, no names. What the force has for it comes back."""
        answer = self._ask("POST", "/v1/status", body=_json(report))
        if not answer.body:
            return Told()
        said = Fields(answer.json())
        return Told(as_bytes(said.text_or_nothing("policy")), as_bytes(said.text_or_nothing("order")))

    def copies(self, sums: Sequence[str]) -> Fields:
        """Of the sealed copies with these sums: which are ``safe`` in a backup, which ``missing`` there."""
        return Fields(self._ask("POST", "/v1/copies", body=_json({"copies": list(sums)})).json())

    def _receipt(self, data: bytes) -> Receipt:
        """The receipt, if a key of the force signed it; asks for newer keys once if none did."""
        try:
            return read_receipt(data, self.known_keys)
        except (ReceiptRefused, BadSignature):
            pass
        try:
            return read_receipt(data, self.keys())
        except (ReceiptRefused, BadSignature) as why:
            raise NotOurServer(why.code, whole_line=False) from None

    @property
    def _enrolled(self) -> Enrolled:
        if self._device is None:
            raise NotEnrolledHere
        return self._device.enrolled

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        kind: str = _JSON,
        session: Session | None = None,
        once: str = "",
        signer: tuple[str, SigningKey] | None = None,
        most: int = _SMALL,
        more: Mapping[str, str] = _NO_MORE,
    ) -> Answer:
        """Ask, signed; if the clocks are apart, learn the server's time and ask once more."""
        headers = {**more, **({"Content-Type": kind} if body else {})}
        if session is not None:
            headers["Authorization"] = f"Homeward {session.access_token}"
        if once:
            headers["Idempotency-Key"] = once
        for last in (False, True):
            asked = self._clock.mark()
            try:
                return self._once(method, path, body=body, headers=headers, signer=signer, most=most)
            except ClockSkew as skew:
                if last or skew.server_time is None:
                    raise
                self._clock.hear(skew.server_time, asked=asked)
        raise AssertionError

    def _once(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        signer: tuple[str, SigningKey] | None = None,
        signed: bool = True,
        most: int = _SMALL,
    ) -> Answer:
        request = self._http.build_request(method, path, content=body or None, headers=dict(headers or {}))
        if signed:
            name, key = signer or self._signer
            request.headers.update(
                sign_request(
                    method=method,
                    url=str(request.url),
                    headers=request.headers,
                    body=body,
                    key=key,
                    device=name,
                    now=self._clock.now(),
                )
            )
        asked = self._clock.mark()
        with translated():
            answer = self._read(request, most)
        self._learn_time(answer, asked)
        return reading.check(answer, now=self._clock.now())

    @property
    def _signer(self) -> tuple[str, SigningKey]:
        if self._device is None:
            raise NotEnrolledHere
        return self._device.enrolled.device_id, self._device.sign

    def _read(self, request: httpx.Request, most: int) -> Answer:
        response = self._http.send(request, stream=True)
        body = bytearray()
        try:
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > most:
                    raise NotOurServer("too_long", whole_line=False)
        finally:
            response.close()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, bytes(body))

    def _learn_time(self, answer: Answer, asked: timedelta) -> None:
        """Ours only: a hotel's sign-in page does not tell this device the time."""
        if answer.ours and (said := from_header(answer.headers.get("date", ""))) is not None:
            self._clock.hear(said, asked=asked, within=HEADER_SLACK / 2)


def _json(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()
