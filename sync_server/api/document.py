"""The handhelds' addresses as an OpenAPI document.

They are plain endpoints, because what they take is signed bytes and not a model. So the document is written
from the same table as the routes, out of what each of them promises, and cannot fall behind it. The console
is not in it: its pages are for people, and who may open them is `tests/sync_server/console`'s to try.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from booklets.errors import BookletError
from booklets.sealing import RequestRefused
from sync_server.api.answers import PROTOCOL_HEADER
from sync_server.api.promises import COUNT, INSTANT, TEXT, Gives, Schema, a_list, an_object
from sync_server.api.refusals import status_of_kind
from sync_server.api.routes import ADDRESSES, Address
from sync_server.db.store import StoreUnavailable
from sync_server.identity.refusals import DeviceNotActive, RequestReplayed, SessionOver
from sync_server.limits import BodyTooLarge, ServerBusy, TooOften

TITLE = "Homeward"
REFUSAL = an_object(
    {
        "code": {"type": "string", "description": "What is wrong, in a word that never changes."},
        "says": {"type": "string", "description": "What is wrong, in words for a person."},
    },
    may={
        "time": {**INSTANT, "description": "The time here, for a handheld whose clock is wrong."},
        "order": {**TEXT, "description": "A signed order for a handheld that was stopped, in base64url."},
        "min_app": {**TEXT, "description": "The oldest app that this server takes submissions from."},
        "head_rev": {**COUNT, "description": "The newest revision that is here."},
        "codes": {**a_list(TEXT), "description": "Why a submission was kept apart."},
    },
)
OF_A_DEVICE: Collection[type[BookletError]] = (
    RequestRefused,
    BodyTooLarge,
    TooOften,
    ServerBusy,
    StoreUnavailable,
)
"""What every signed address may answer, whatever it is about."""
NO_SUCH_ADDRESS = "no_such_address"
SCHEMES = {
    "signature": ("Signature", "An HTTP message signature (RFC 9421) by the device's own key."),
    "signatureInput": ("Signature-Input", "What it covers: booklets/sealing/requests.py says how."),
    "officer": ("Authorization", "`Homeward ` and the access token of an officer who is signed in."),
}
_ON_EVERY_ANSWER = {PROTOCOL_HEADER: {"const": "1"}}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the whole application."""
    made = get_openapi(title=TITLE, version="1", routes=app.routes)
    parts = made.setdefault("components", {})
    parts.setdefault("schemas", {})["Refusal"] = REFUSAL
    parts["securitySchemes"] = {
        name: {"type": "apiKey", "in": "header", "name": header, "description": says}
        for name, (header, says) in SCHEMES.items()
    }
    for address in ADDRESSES:
        made["paths"].setdefault(address.path, {})[address.method.lower()] = operation(address)
    return made


def operation(address: Address) -> dict[str, Any]:
    """One address: what it needs, reads, answers and refuses."""
    promise = address.promise
    needs = ["Signed by the device (RFC 9421)."] if address.signed else []
    needs += ["Needs a signed-in officer."] if address.session else []
    answers = {str(status): _good(address, gives) for status, gives in promise.gives.items()}
    answers |= {str(status): _refused(address, codes) for status, codes in sorted(refusals(address).items())}
    said: dict[str, Any] = {"summary": address.says, "description": " ".join(needs), "responses": answers}
    if named := _parameters(address):
        said["parameters"] = named
    if promise.reads is not None:
        content = {promise.media_type: {"schema": promise.reads}}
        said["requestBody"] = {"required": True, "content": content}
    if address.signed:
        said["security"] = [{name: [] for name in SCHEMES if name != "officer" or address.session}]
    return said


def refusals(address: Address) -> Mapping[int, Collection[str]]:
    """The codes of every refusal, by their status."""
    kinds = [*address.promise.refuses]
    if address.signed:
        kinds += OF_A_DEVICE
        kinds += [RequestReplayed] if address.enrolled else []
        kinds += [DeviceNotActive] if address.enrolled and not address.stopped_too else []
        kinds += [SessionOver] if address.session else []
    found: dict[int, set[str]] = {}
    for kind in kinds:
        codes = RequestRefused.CODES if kind is RequestRefused else {kind.code}
        found.setdefault(status_of_kind(kind), set()).update(codes)
    for code, status in address.promise.also.items():
        found.setdefault(status, set()).add(code)
    if "{" in address.path:
        found.setdefault(404, set()).add(NO_SUCH_ADDRESS)
    return {status: sorted(codes) for status, codes in found.items()}


def _parameters(address: Address) -> list[dict[str, Any]]:
    promise = address.promise
    named = re.findall(r"{(\w+)}", address.path)
    found = [_parameter(name, "path", {"type": "string", "minLength": 1}, needed=True) for name in named]
    found += [_parameter(name, "query", schema) for name, schema in promise.query.items()]
    found += [_parameter(name, "header", schema, needed=True) for name, schema in promise.headers.items()]
    return found + [_parameter(name, "header", schema) for name, schema in promise.more_headers.items()]


def _parameter(name: str, where: str, schema: Schema, *, needed: bool = False) -> dict[str, Any]:
    return {"name": name, "in": where, "required": needed, "schema": schema}


def _good(address: Address, gives: Gives) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": "Done.",
        "headers": _headers({**_ON_EVERY_ANSWER, **gives.headers}, gives.more_headers),
    }
    if gives.schema is not None and address.method != "HEAD":
        said["content"] = {gives.media_type: {"schema": gives.schema}}
    return said


def _refused(address: Address, codes: Collection[str]) -> dict[str, Any]:
    code = {"enum": list(codes)}
    said: dict[str, Any] = {
        "description": "Refused, with what is wrong.",
        "headers": _headers({**_ON_EVERY_ANSWER, "Homeward-Refused": code}, {"Retry-After": COUNT}),
    }
    if address.method != "HEAD":
        schema = {"allOf": [{"$ref": "#/components/schemas/Refusal"}, {"properties": {"code": code}}]}
        said["content"] = {"application/json": {"schema": schema}}
    return said


def _headers(always: Mapping[str, Schema], sometimes: Mapping[str, Schema]) -> dict[str, Any]:
    return {
        name: {"required": name in always, "schema": schema}
        for name, schema in {**always, **sometimes}.items()
    }
