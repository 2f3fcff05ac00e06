"""The wrapper around every signed endpoint.

In this order, so that what costs little refuses first: the caller's allowance, the size of the body, the
signature (which needs the device's key), the device's state, the device's allowance, the session, the nonce.
The signature covers the address under which the server is *publicly* known, never what ``Host`` says.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from booklets.sealing import SignedBy, verify_request
from sync_server.api.refusals import AppTooOld
from sync_server.context import Context
from sync_server.handhelds import orders
from sync_server.identity import devices, sessions
from sync_server.identity.devices import Device, DeviceState
from sync_server.identity.refusals import RequestReplayed, SessionOver
from sync_server.identity.sessions import SignedIn
from sync_server.limits import MOST_BODY, Limits, address_of, bounded_body, context_of, limits_of

SCHEME = "Homeward "
APP_HEADER = "Homeward-App"

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose signature, device and session have been checked."""

    context: Context
    request: Request
    body: bytes = field(repr=False)
    device: Device
    nonce: str
    now: datetime

    def use_nonce(self, db: Connection) -> None:
        """Note in this transaction that the request was received, or refuse a copy of it."""
        devices.use_nonce(db, by=self.device, nonce=self.nonce, now=self.now)


@dataclass(frozen=True, slots=True)
class OfficersCall:
    """A call by a signed-in officer."""

    call: Call
    officer: SignedIn


def public_url(context: Context, request: Request) -> str:
    """The address that the device must have signed."""
    path = bytes(request.scope.get("raw_path") or request.scope["path"].encode()).decode("ascii", "replace")
    query = bytes(request.scope["query_string"]).decode("ascii", "replace")
    return context.settings.public_origin + path.partition("?")[0] + (f"?{query}" if query else "")


def by_device(
    work: Callable[[Call], Response], *, most: int = MOST_BODY, stopped_too: bool = False
) -> Endpoint:
    """An endpoint for an enrolled device, whoever holds it. ``work`` runs in a thread of the pool.

    ``stopped_too`` lets in one that the force has stopped.
    """

    async def endpoint(request: Request) -> Response:
        body = await _admitted(request, most)
        return await limits_of(request).pool.run(_for_device, work, request, body, stopped_too)

    return endpoint


def by_officer(
    work: Callable[[OfficersCall], Response], *, most: int = MOST_BODY, uses_nonce: bool = False
) -> Endpoint:
    """An endpoint for an officer who is signed in on an enrolled device.

    ``uses_nonce`` says that ``work`` does so by itself, in the transaction in which it writes: one less to
    wait for the disk.
    """

    async def endpoint(request: Request) -> Response:
        body = await _admitted(request, most)
        return await limits_of(request).pool.run(_for_officer, work, request, body, uses_nonce)

    return endpoint


def signed_by(
    context: Context, request: Request, body: bytes, key_for: Callable[[str], bytes], now: datetime
) -> SignedBy:
    """Who signed this request, by the server's clock and its public address."""
    return verify_request(
        method=request.method,
        url=public_url(context, request),
        headers=request.headers,
        body=body,
        key_for=key_for,
        now=now,
    )


async def _admitted(request: Request, most: int) -> bytes:
    limits_of(request).by_address.take(address_of(request))
    return await bounded_body(request, most)


def _for_device(
    work: Callable[[Call], Response], request: Request, body: bytes, stopped_too: bool
) -> Response:
    with context_of(request).store.read() as db:
        find, order = partial(devices.find, db), partial(orders.standing, db)
        call = _checked(request, body, find, order, stopped_too=stopped_too)
    _use_nonce(call, limits_of(request))
    return work(call)


def _for_officer(
    work: Callable[[OfficersCall], Response], request: Request, body: bytes, uses_nonce: bool
) -> Response:
    store = context_of(request).store
    access = request.headers.get("authorization", "")
    held: list[sessions.Session | None] = []

    def find(name: str) -> Device | None:
        device, session = sessions.found_with(store, name, access.removeprefix(SCHEME))
        held.append(session)
        return device

    def order(name: str) -> bytes:
        with store.read() as db:
            return orders.standing(db, name)

    # One question, so it needs no transaction: what follows has its own.
    with store.computing():
        call = _checked(request, body, find, order)
        if not access.startswith(SCHEME):
            raise SessionOver("Please sign in. Everything on this device is kept.")
        officer = sessions.check_found(held[-1], on=call.device, now=call.now)
    if not uses_nonce:
        _use_nonce(call, limits_of(request))
    if not officer.settled:
        call.context.store.write(lambda db: sessions.settle(db, officer, now=call.now))
    return work(OfficersCall(call, officer))


def _checked(
    request: Request,
    body: bytes,
    find: Callable[[str], Device | None],
    order: Callable[[str], bytes],
    *,
    stopped_too: bool = False,
) -> Call:
    context, limits = context_of(request), limits_of(request)
    now = context.now()
    found: list[Device] = []

    def key_for(name: str) -> bytes:
        device = find(name)
        if device is None:
            raise LookupError
        found.append(device)
        return device.sign_pub

    by = signed_by(context, request, body, key_for, now)
    [device] = found
    # Proven: from here on the device's own allowance counts. A whole force may share one address.
    limits.by_address.give_back(address_of(request))
    limits.by_device.take(device.id)
    if device.state is not DeviceState.ACTIVE and not stopped_too:
        devices.must_be_active(device, order=order(device.id))
    return Call(context, request, body, device, by.nonce, now)


def _use_nonce(call: Call, limits: Limits) -> None:
    # A copied GET learns only what is sealed to the device, a copied HEAD how far something is: neither is
    # worth a durable write.
    if call.request.method in ("GET", "HEAD"):
        if not limits.nonces.is_new(call.device.id, call.nonce):
            raise RequestReplayed("This request was already received once. Sign it again to send it again.")
        return
    call.context.store.write(call.use_nonce)


def must_be_new_enough(call: Call) -> None:
    """Refuse an app older than the oldest this server takes submissions from."""
    version = call.request.headers.get(APP_HEADER, call.device.app_version)
    if _parts(version) < _parts(call.context.settings.min_app):
        raise AppTooOld(
            "This app is too old to send. Everything on it is kept: update the app, then send again."
        )


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isascii() and part.isdigit() else 0 for part in version.split(".")[:4])


__all__ = ["Call", "OfficersCall", "by_device", "by_officer", "must_be_new_enough", "signed_by"]
