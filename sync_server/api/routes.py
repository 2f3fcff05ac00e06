"""Every address of the handhelds, in one table."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from booklets.batch import MOST_BYTES
from sync_server.api import (
    batching,
    copies,
    duties,
    enrolling,
    giving,
    health,
    hello,
    locked,
    noting,
    pulling,
    reading_again,
    showing,
    signing_in,
    submitting,
    unsent,
    uploading,
)
from sync_server.api.promises import Promise, promise_of
from sync_server.api.signing import Call, Endpoint, OfficersCall, by_device, by_officer
from sync_server.health.counting import route_of
from sync_server.limits import MOST_BODY

SMALL = 16 * 1024


@dataclass(frozen=True, slots=True)
class Address:
    """One method and path, what answers it, what that says of itself in words, and what it promises."""

    method: str
    path: str
    endpoint: Endpoint
    says: str
    promise: Promise
    signed: bool = True
    enrolled: bool = True
    session: bool = False
    stopped_too: bool = False


def _open(method: str, path: str, endpoint: Endpoint, *, signed: bool) -> Address:
    return Address(
        method, path, endpoint, _words(endpoint), promise_of(endpoint), signed=signed, enrolled=False
    )


def _device(
    method: str,
    path: str,
    work: Callable[[Call], Response],
    *,
    most: int = SMALL,
    stopped_too: bool = False,
) -> Address:
    endpoint = by_device(work, most=most, stopped_too=stopped_too)
    return Address(method, path, endpoint, _words(work), promise_of(work), stopped_too=stopped_too)


def _officer(
    method: str,
    path: str,
    work: Callable[[OfficersCall], Response],
    *,
    most: int = SMALL,
    uses_nonce: bool = False,
) -> Address:
    endpoint = by_officer(work, most=most, uses_nonce=uses_nonce)
    return Address(method, path, endpoint, _words(work), promise_of(work), session=True)


def _resumable(
    method: str,
    path: str,
    work: Callable[[OfficersCall], Response],
    *,
    most: int = SMALL,
    uses_nonce: bool = False,
) -> Address:
    spoken = uploading.speaks_tus(work)
    endpoint = uploading.answers_tus(by_officer(spoken, most=most, uses_nonce=uses_nonce))
    return Address(method, path, endpoint, _words(work), promise_of(work), session=True)


def _words(work: Callable[..., object]) -> str:
    return (inspect.getdoc(work) or "").partition("\n")[0]


ADDRESSES = (
    _open("GET", "/v1/hello", hello.hello, signed=False),
    _open("GET", "/v1/keys", hello.keys, signed=False),
    _open("POST", "/v1/enrol", enrolling.enrolling, signed=True),
    _device("POST", "/v1/auth/begin", signing_in.begin),
    _device("POST", "/v1/auth/token", signing_in.token),
    _device("POST", "/v1/auth/refresh", signing_in.refresh),
    _officer("DELETE", "/v1/auth/session", signing_in.sign_out),
    _officer("POST", "/v1/submissions", submitting.submit, most=MOST_BODY, uses_nonce=True),
    _officer("POST", "/v1/batch", batching.take_batch, most=MOST_BYTES),
    _officer("GET", "/v1/changes", pulling.changes),
    _officer("POST", "/v1/changes/ack", pulling.acknowledge),
    _officer("POST", "/v1/tasks", duties.say, uses_nonce=True),
    _officer("POST", "/v1/given", giving.give, most=MOST_BODY, uses_nonce=True),
    _officer("POST", "/v1/given/{given}", giving.act, uses_nonce=True),
    _officer("POST", "/v1/log", noting.log, most=MOST_BODY),
    _officer("POST", "/v1/drafts", unsent.drafts, most=MOST_BODY),
    _officer("POST", "/v1/drafts/copies", unsent.keep, most=MOST_BODY),
    _officer("GET", "/v1/records/{record}", reading_again.own_record),
    _officer("GET", "/v1/records/{record}/attachments/{attachment}", showing.photograph),
    _device("POST", "/v1/status", pulling.status),
    _device("POST", "/v1/copies", copies.copies),
    _open("OPTIONS", "/v1/uploads/", uploading.spoken, signed=False),
    _resumable("POST", "/v1/uploads/", uploading.begin, uses_nonce=True),
    _resumable("HEAD", "/v1/uploads/{upload}", uploading.how_far),
    _resumable("PATCH", "/v1/uploads/{upload}", uploading.bring, most=MOST_BODY, uses_nonce=True),
    _resumable("DELETE", "/v1/uploads/{upload}", uploading.give_up, uses_nonce=True),
    _device(
        "POST",
        "/v1/submissions/sealed-before",
        locked.sealed_before,
        most=MOST_BODY,
        stopped_too=True,
    ),
    _device("POST", "/v1/orders/heard", locked.order_heard, stopped_too=True),
    _device("POST", "/v1/recovery", locked.ask_for_key),
    _device("POST", "/v1/recovery/used", locked.key_used),
)

WATCHED: Mapping[str, Endpoint] = {
    "/health": health.lives,
    "/healthz": health.lives,  # what scripts of earlier versions ask
    "/ready": health.ready,
    "/metrics": health.metrics,
}
"""What whoever watches the server asks: no handheld does."""

ROUTES = frozenset(route_of(one.path) for one in ADDRESSES) | frozenset(WATCHED)
"""The beginnings of all of these, by which requests are counted."""
