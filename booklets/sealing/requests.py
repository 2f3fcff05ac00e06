"""Every request of a device is signed: a narrow profile of HTTP Message Signatures (RFC 9421).

    Content-Digest: sha-256=:…:                                        exactly if there is a body
    Signature-Input: pyhms=("@method" "@target-uri" …);created=…;keyid="…";alg="ed25519";expires=…;…
    Signature: pyhms=:…:

* Covered are exactly: ``@method``, ``@target-uri``; ``content-digest`` if there is a body;
  ``authorization`` and ``idempotency-key`` if the request has them. Not fewer, not more.
* Parameters are exactly: ``created``, ``expires`` (at most 300 s later), ``keyid`` (the device),
  ``alg="ed25519"``, ``nonce`` (16 bytes, base64url without padding), ``tag="homeward-device"``.
* ``created`` lies within 300 s of the verifier's clock.
* One signature, labelled ``pyhms``; each header that matters occurs once.

Which signatures are acceptable is decided here, before one is checked. The library signs. Whoever checks
builds the signature base as the profile leaves it: one line for each component in the order in which the
signature names them, and then its own words, which the profile lets be spelt in one way only. What is left
to the server: to pass the URL under which it is *publicly* known (never the Host header), to know the
device's state, and to refuse a (device, nonce) that it has seen in the last ten minutes.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from http_message_signatures.structures import CaseInsensitiveDict

from .errors import RequestRefused
from .signing import SigningKey

LABEL = "pyhms"
TAG = "homeward-device"
LIFETIME = timedelta(seconds=300)
"""Ours: time to send a body over 2G, and half of what a server has to remember nonces for."""

_ALWAYS = ("@method", "@target-uri")
_IF_THERE = ("authorization", "idempotency-key")
_OURS = ("content-digest", "signature", "signature-input")
_MAX_HEADER = 1024  # ours: four times what a device sends
_INPUT = re.compile(rf'{LABEL}=\(("[^"\\]*"(?: "[^"\\]*")*)\)((?:;[a-z]+=(?:\d+|"[^"\\]*"))*)', re.ASCII)
_PARAMETER = re.compile(r';([a-z]+)=(\d+|"[^"\\]*")', re.ASCII)
# 64 bytes leave four bits of the last character unused. They must be zero: every signature has one spelling.
_SIGNATURE = re.compile(rf"{LABEL}=:[A-Za-z0-9+/]{{85}}[AQgw]==:", re.ASCII)
_SPELLINGS = {
    "created": re.compile(r"\d{1,12}", re.ASCII),  # whole seconds
    "expires": re.compile(r"\d{1,12}", re.ASCII),
    "keyid": re.compile(r'"[A-Za-z0-9._:-]{1,80}"', re.ASCII),  # as long as an id in an envelope
    "alg": re.compile(r'"ed25519"'),
    "nonce": re.compile(r'"[A-Za-z0-9_-]{21}[AQgw]"', re.ASCII),  # 16 bytes, likewise
    "tag": re.compile(f'"{TAG}"'),
}


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Who signed a request, with what nonce, and when they say they did."""

    device: str
    nonce: str
    created: datetime


def sign_request(
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    key: SigningKey,
    device: str,
    now: datetime,
) -> dict[str, str]:
    """The headers to add to this request. ``headers`` are those it will be sent with otherwise.

    ``now`` is the device's clock corrected by the offset it keeps to the server's. Raises ValueError for a
    request that cannot be signed: a URL that is not encoded, a header that is not ASCII, a repeated one.
    """
    present = {name: said for name, said in _headers_that_matter(headers).items() if name not in _OURS}
    message = _Message(method, url, present)
    private = Ed25519PrivateKey.from_private_bytes(key.private)
    signer: Any = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_TheKey(private))
    try:
        signer.sign(
            message,
            key_id=device,
            created=now,
            expires=now + LIFETIME,
            nonce=base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode(),
            label=LABEL,
            tag=TAG,
            covered_component_ids=_components(present, body),
            body=body or None,  # adds Content-Digest
        )
    except HTTPMessageSignaturesException as why:
        raise ValueError("this request cannot be signed") from why
    added = (*(("Content-Digest",) if body else ()), "Signature-Input", "Signature")
    return {name: message.headers[name] for name in added}


def verify_request(
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    key_for: Callable[[str], bytes],
    now: datetime,
) -> SignedBy:
    """Who signed this request. Raises RequestRefused unless it meets the profile in every point.

    ``url`` is the public one, rebuilt from configuration. ``key_for`` gives the 32 public bytes of a device
    and raises LookupError if it knows none of that name; any other exception of its own passes through.
    """
    try:
        present = _headers_that_matter(headers)
    except ValueError:
        raise RequestRefused("bad_signature", "A header that is signed stands there twice.") from None
    components, said = _signature_input(present)
    wanted = _components(present, body)
    if sorted(components) != sorted(wanted):
        raise RequestRefused("missing_component", f"The signature must cover exactly {', '.join(wanted)}.")
    _check_times(said, now)
    if present.get("content-digest", "") != (_content_digest(body) if body else ""):
        raise RequestRefused("body_mismatch", "The body is not the one that was signed.")
    try:
        public = Ed25519PublicKey.from_public_bytes(key_for(said["keyid"]))
    except (LookupError, ValueError):
        raise RequestRefused("unknown_device", "No device of that name may sign requests.") from None
    _check_signature(_base(method, url, present, components), present["signature"], public)
    return SignedBy(said["keyid"], said["nonce"], datetime.fromtimestamp(int(said["created"]), UTC))


def _components(present: Mapping[str, str], body: bytes) -> tuple[str, ...]:
    digest = ("content-digest",) if body else ()
    return (*_ALWAYS, *digest, *(name for name in _IF_THERE if name in present))


def _headers_that_matter(headers: Mapping[str, str]) -> dict[str, str]:
    """Those headers that the profile speaks of, by lower-case name. Raises ValueError for a repeated one."""
    present: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        if lower in _IF_THERE + _OURS:
            if lower in present:
                raise ValueError("repeated header")
            present[lower] = value
    return present


def _content_digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(sha256(body).digest()).decode()}:"


def _signature_input(present: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """The covered components and the parameters, if they are spelt as the profile says."""
    if "signature-input" not in present or "signature" not in present:
        raise RequestRefused("bad_signature", "The request is not signed.")
    found = None
    if len(present["signature-input"]) <= _MAX_HEADER and _SIGNATURE.fullmatch(present["signature"]):
        found = _INPUT.fullmatch(present["signature-input"])
    if found is None:
        raise RequestRefused("bad_signature", "The signature is not written as this server expects.")
    components = [name.strip('"') for name in found[1].split(" ")]
    pairs = _PARAMETER.findall(found[2])
    said = dict(pairs)
    spelt_well = len(pairs) == len(said) and said.keys() == _SPELLINGS.keys()
    if not spelt_well or not all(_SPELLINGS[name].fullmatch(value) for name, value in said.items()):
        raise RequestRefused("bad_signature", "The signature's parameters are not those of the profile.")
    return components, {name: value.strip('"') for name, value in said.items()}


def _check_times(said: Mapping[str, str], now: datetime) -> None:
    created, expires, lifetime = int(said["created"]), int(said["expires"]), LIFETIME.total_seconds()
    if not created < expires <= created + lifetime:
        raise RequestRefused("bad_signature", "The signature is valid for too long, or not at all.")
    if abs(now.timestamp() - created) > lifetime or now.timestamp() > expires:
        raise RequestRefused("clock_skew", "The signature's time is too far from the server's.")


def _base(method: str, url: str, present: Mapping[str, str], components: Sequence[str]) -> str:
    """What the signature is over (RFC 9421, 2.5)."""
    derived = {"@method": method, "@target-uri": url}
    values = [derived[one] if one in derived else present[one].strip(" \t") for one in components]
    if not all(value.replace("\t", " ").isprintable() for value in values):  # a line would be two
        raise RequestRefused("bad_signature", "A header that is signed holds what no header may.")
    lines = [f'"{one}": {value}' for one, value in zip(components, values, strict=True)]
    return "\n".join(
        [*lines, f'"@signature-params": {present["signature-input"].removeprefix(f"{LABEL}=")}']
    )


def _check_signature(base: str, signature: str, public: Ed25519PublicKey) -> None:
    raw = base64.b64decode(signature.removeprefix(f"{LABEL}=:").removesuffix(":"))
    try:
        public.verify(raw, base.encode("ascii"))
    except (InvalidSignature, UnicodeEncodeError):
        raise RequestRefused("bad_signature", "The signature does not fit the request.") from None


class _Message:
    """A request as the library wants to see one."""

    def __init__(self, method: str, url: str, headers: dict[str, str]) -> None:
        any_case: Any = CaseInsensitiveDict
        self.method, self.url, self.headers = method, url, any_case(headers)


class _TheKey(HTTPSignatureKeyResolver):
    """The one key that signs, as the library wants to ask for it."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return self._key

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return self._key.public_key()
