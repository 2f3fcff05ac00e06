"""RFC 9421 over real HTTP: what is not signed exactly right does not come in."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from booklets.sealing import SigningKey
from sync_server.identity import devices
from sync_server.identity.devices import DeviceState
from sync_server.limits import MOST_BODY
from tests.support.devices import Handheld, a_client
from tests.support.servers import EVENING, LiveServer

REPORT = {"queued": 1, "drafts": 2, "vault_head": 3, "app_version": "0.1.0"}

Tamper = Callable[[httpx.Request], None]


def set_header(name: str, value: str) -> Tamper:
    """Put another value in a header's place after signing."""
    return lambda request: request.headers.__setitem__(name, value)


def without(name: str) -> Tamper:
    """Take a header away after signing."""
    return lambda request: request.headers.__delitem__(name)


def other_path(request: httpx.Request) -> None:
    """Send it somewhere else."""
    request.url = request.url.copy_with(path="/v1/auth/begin")


def other_query(request: httpx.Request) -> None:
    """Add something to the address."""
    request.url = request.url.copy_with(query=b"more=1")


def nothing_covers(name: str) -> Tamper:
    """Claim that the signature covers less than it must."""

    def tamper(request: httpx.Request) -> None:
        given = request.headers["signature-input"]
        request.headers["signature-input"] = given.replace(f' "{name}"', "")

    return tamper


TAMPERED = [
    pytest.param(without("signature"), "bad_signature", id="no signature"),
    pytest.param(without("signature-input"), "bad_signature", id="no signature input"),
    pytest.param(without("content-digest"), "body_mismatch", id="no digest"),
    pytest.param(set_header("content-digest", "sha-256=:AAAA:"), "body_mismatch", id="other digest"),
    pytest.param(set_header("signature", f"pyhms=:{'A' * 86}==:"), "bad_signature", id="zero signature"),
    pytest.param(set_header("authorization", "Homeward x"), "missing_component", id="token added"),
    pytest.param(set_header("idempotency-key", "x/1"), "missing_component", id="idempotency key added"),
    pytest.param(other_path, "bad_signature", id="other path"),
    pytest.param(other_query, "bad_signature", id="query added"),
    pytest.param(nothing_covers("content-digest"), "missing_component", id="body not covered"),
    pytest.param(nothing_covers("@target-uri"), "missing_component", id="target not covered"),
]


@pytest.mark.parametrize(("tamper", "code"), TAMPERED)
def test_a_request_changed_on_its_way_is_refused(enrolled: Handheld, tamper: Tamper, code: str) -> None:
    """Whoever sits between can drop a request, and no more."""
    request = enrolled.signed("POST", "/v1/status", json=REPORT)
    tamper(request)

    answer = enrolled.http.send(request)

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["Homeward-Protocol"] == "1"


def test_a_body_swapped_for_another_is_refused(enrolled: Handheld) -> None:
    """The digest is part of what is signed, and the body is held against it."""
    request = enrolled.signed("POST", "/v1/status", json=REPORT)
    swapped = enrolled.http.build_request(
        "POST", "/v1/status", json={**REPORT, "queued": 9}, headers=_without_length(request.headers)
    )

    answer = enrolled.http.send(swapped)

    assert (answer.status_code, answer.json()["code"]) == (401, "body_mismatch")


def test_the_method_is_part_of_what_is_signed(enrolled: Handheld) -> None:
    """A signed DELETE cannot be sent as a POST."""
    request = enrolled.signed("DELETE", "/v1/auth/begin", json={})
    swapped = enrolled.http.build_request(
        "POST", "/v1/auth/begin", content=request.content, headers=_without_length(request.headers)
    )

    assert enrolled.http.send(swapped).json()["code"] == "bad_signature"


def test_another_devices_key_does_not_sign_for_this_one(enrolled: Handheld) -> None:
    """The key id names a device; only its own key speaks for it."""
    answer = enrolled.send("POST", "/v1/status", json=REPORT, key=SigningKey.generate())

    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


def test_a_device_that_was_never_enrolled_is_unknown(handheld: Handheld) -> None:
    """Its own key proves nothing to a server that does not know it."""
    answer = handheld.send("POST", "/v1/status", json=REPORT, key_id="0195952b-2f6a-7c11-8e54-1f0f6d1c0a01")

    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_device")


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_copied_request_is_refused_the_second_time(signed_in: Handheld, method: str) -> None:
    """Also a request that only reads."""
    path, body = ("/v1/status", REPORT) if method == "POST" else ("/v1/changes", None)
    headers = {"Authorization": f"Homeward {signed_in.access}"}
    request = signed_in.signed(method, path, json=body, headers=headers)
    first = signed_in.http.send(request)

    again = signed_in.http.send(request)

    assert first.status_code == 200
    assert (again.status_code, again.json()["code"]) == (401, "replayed")


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365, -60 * 24 * 365])
def test_a_wrong_clock_is_told_the_right_time(enrolled: Handheld, server: LiveServer, minutes: int) -> None:
    """The device learns the offset, signs again and gets in: nobody has to set a clock."""
    wrong = server.clock() + timedelta(minutes=minutes)

    answer = enrolled.send("POST", "/v1/status", json=REPORT, now=wrong)

    assert (answer.status_code, answer.json()["code"]) == (401, "clock_skew")
    assert answer.json()["time"] == "2026-03-14T21:04:00Z"
    assert server.clock() == EVENING


def test_the_address_that_counts_is_the_public_one(enrolled: Handheld, server: LiveServer) -> None:
    """A gateway may rewrite Host; what the device signed is the address it knows."""
    lying = {"Host": "evil.example"}

    right = enrolled.send(
        "POST", "/v1/status", json=REPORT, headers=lying, as_if_to=f"{server.url}/v1/status"
    )
    wrong = enrolled.send(
        "POST", "/v1/status", json=REPORT, headers=lying, as_if_to="http://evil.example/v1/status"
    )

    assert right.status_code == 200
    assert (wrong.status_code, wrong.json()["code"]) == (401, "bad_signature")


@pytest.mark.parametrize("state", [DeviceState.SUSPENDED, DeviceState.REVOKED])
def test_a_device_that_was_stopped_is_told_so(
    enrolled: Handheld, server: LiveServer, state: DeviceState
) -> None:
    """And that what is on it is kept."""
    server.context.store.write(lambda db: devices.set_state(db, enrolled.id, state))

    answer = enrolled.send("POST", "/v1/status", json=REPORT)

    assert (answer.status_code, answer.json()["code"]) == (403, "device_not_active")
    assert "kept" in answer.json()["says"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(server: LiveServer) -> None:
    """The answer comes while almost all of it is still unsent, so it costs us nothing."""
    host, port = server.url.removeprefix("http://").split(":")
    head = (
        f"POST /v1/submissions HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/vnd.homeward.sealed\r\n"
        f"Content-Length: {MOST_BODY + 1}\r\n\r\nxxx"
    )
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(head.encode())
        answer = line.recv(4096).decode()

    assert answer.startswith("HTTP/1.1 413 ")
    assert "homeward-protocol: 1" in answer
    assert '"code":"too_large"' in answer


def test_a_body_without_an_announced_length_is_counted_as_it_comes(server: LiveServer) -> None:
    """Chunks do not get around the limit."""

    def chunks() -> list[bytes]:
        return [b"x" * 65536] * 20

    with a_client(server.url) as http:
        answer = http.post("/v1/submissions", content=iter(chunks()))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'"x"', b"[" * 10_000, b'{"queued": -1}', b'{"queued": 1e9}']
)
def test_a_body_that_is_not_what_it_should_be_is_refused_in_words(enrolled: Handheld, body: bytes) -> None:
    """Signed, but not a report."""
    answer = enrolled.send("POST", "/v1/status", content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_message")


def test_unknown_addresses_answer_as_ours_too(handheld: Handheld) -> None:
    """An app newer than the server must not take it for a hotel."""
    answers = [handheld.http.get("/v1/nothing"), handheld.http.get("/v1/enrol")]

    assert [(one.status_code, one.headers["Homeward-Protocol"]) for one in answers] == [
        (404, "1"),
        (405, "1"),
    ]


def test_the_document_lists_every_address(server: LiveServer) -> None:
    """One OpenAPI document, written from the table that the routes come from."""
    paths = httpx.get(f"{server.url}/openapi.json").json()["paths"]

    assert "post" in paths["/v1/submissions"]
    assert paths["/v1/changes"]["get"]["summary"].startswith("What is new")
    assert paths["/v1/uploads/"].keys() == {"options", "post"}
    assert paths["/v1/uploads/{upload}"].keys() == {"head", "patch", "delete"}
    assert {"204", "409", "460"} <= paths["/v1/uploads/{upload}"]["patch"]["responses"].keys()


def _without_length(headers: httpx.Headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "content-length"}
