"""A code, signed with the key that it is to enrol, becomes a device."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from booklets.errors import WireError
from booklets.sealing import KemPublic, SealBroken, seal, usable_suites
from sync_server import audit
from sync_server.api import reading
from sync_server.api.answers import answer
from sync_server.api.promises import (
    BYTES,
    ID,
    TEXT,
    Gives,
    Promise,
    a_message,
    an_object,
    promises,
)
from sync_server.api.signing import signed_by
from sync_server.context import Context
from sync_server.handhelds import policies
from sync_server.identity.devices import Device
from sync_server.identity.enrolment import NewDevice, enrol, enrolling_key_id
from sync_server.identity.refusals import CodeExpired, CodeUnknown, CodeUsed
from sync_server.limits import address_of, bounded_body, context_of, limits_of

MOST_ENROLMENT = 16 * 1024
KEM_BYTES = {1: 32, 2: 1216}
KINDS: Mapping[type, str] = {int: "integer", str: "string"}


@promises(
    Promise(
        reads=a_message(
            {
                "code": reading.a_text(most=40),
                "name": reading.a_text(most=60),
                "platform": reading.a_text(most=40),
                "app_version": reading.a_text(most=20),
                "sign_pub": reading.some_bytes(size=32),
                "kem_pubs": {
                    "type": "object",
                    "required": ["1"],
                    "properties": {
                        str(one): reading.some_bytes(size=size) for one, size in KEM_BYTES.items()
                    },
                    "additionalProperties": False,
                },
            }
        ),
        gives={
            201: Gives(
                an_object(
                    {
                        "device_id": ID,
                        "root_pub": BYTES,
                        "directory": BYTES,
                        "policy": {
                            "type": "object",
                            "properties": {
                                name: {"type": KINDS[type(usual)]} for name, usual in policies.USUAL.items()
                            },
                            "additionalProperties": False,
                        },
                        "policy_signed": BYTES,
                        "force": TEXT,
                    }
                )
            )
        },
        refuses=(WireError, CodeUnknown, CodeExpired, CodeUsed),
    )
)
async def enrolling(request: Request) -> Response:
    """Spend a one-time code. Five wrong ones a minute from one address, and no more."""
    limits = limits_of(request)
    caller = address_of(request)
    limits.enrolment.take(caller)
    body = await bounded_body(request, MOST_ENROLMENT)
    context = context_of(request)
    device = await limits.pool.run(_enrolled, context, request, body)
    limits.enrolment.give_back(caller)
    return answer(await limits.pool.run(_welcome, context, device), 201)


def _enrolled(context: Context, request: Request, body: bytes) -> Device:
    content = reading.json_object(body)
    new = _new_device(content)
    now = context.now()

    def key_for(name: str) -> bytes:
        if name != enrolling_key_id(new.sign_pub):
            raise LookupError
        return new.sign_pub

    # Proof of possession: the request itself is signed with the key that it brings.
    signed_by(context, request, body, key_for, now)
    code = reading.text(content, "code", most=40)

    def spend(db: Connection) -> Device:
        device = enrol(db, code, new, now=now)
        audit.note(
            db, force=device.force, record=f"device:{device.id}", who=device.id, what="enrolled", at=now
        )
        return device

    return context.store.write(spend)


def _new_device(content: Mapping[str, Any]) -> NewDevice:
    kem_pubs = content.get("kem_pubs")
    if not isinstance(kem_pubs, dict) or "1" not in kem_pubs or not kem_pubs.keys() <= {"1", "2"}:
        raise WireError("kem_pubs must hold a key for suite 1, and may hold one for suite 2")
    named = {f"kem_pubs.{suite}": raw for suite, raw in kem_pubs.items()}
    keys = {
        suite: reading.raw(named, f"kem_pubs.{suite}", size=size)
        for suite, size in KEM_BYTES.items()
        if f"kem_pubs.{suite}" in named
    }
    for suite, key in keys.items():
        _must_be_sealed_to(suite, key)
    return NewDevice(
        name=reading.text(content, "name", most=60),
        platform=reading.text(content, "platform", most=40),
        app_version=reading.text(content, "app_version", most=20),
        sign_pub=reading.raw(content, "sign_pub", size=32),
        kem_pubs=keys,
    )


def _must_be_sealed_to(suite: int, raw: bytes) -> None:
    """Refuse bytes that are no key: a handheld would hear of it with the first news that it is sealed."""
    if suite not in usable_suites():
        return
    try:
        seal(KemPublic.of(suite, raw), b"", b"probe")
    except SealBroken:
        raise WireError(f"kem_pubs.{suite} must be a key of suite {suite}") from None


def _welcome(context: Context, device: Device) -> dict[str, object]:
    policy = policies.current(context, device.force, now=context.now())
    return {
        "device_id": device.id,
        "root_pub": _b64url(context.keys.root.public),
        "directory": _b64url(context.keys.directory_bytes),
        "policy": dict(policy.policy),
        "policy_signed": _b64url(policy.statement),
        "force": device.force,
    }


def _b64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
