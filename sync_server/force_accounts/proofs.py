"""What has to be true of an ID token before a word of it is believed (OpenID Connect Core, 3.1.3.7).

Signed with a key that the provider publishes for signing, in one of three ways and no other; by the provider
that was set; for us and nobody else; now; and in answer to the very question that this browser has open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from sync_server.force_accounts.refusals import KeyUnknown, NotProven

# No "none", and nothing keyed with our own secret: a key for which the provider is not the only holder.
ALGORITHMS: Final = ("RS256", "PS256", "ES256")
KINDS: Final = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
SHORTEST_RSA: Final = 342  # letters of base64url in which 2048 bits are written
SKEW: Final = timedelta(minutes=1)
OLDEST: Final = timedelta(minutes=10)
_REGISTRY: Final = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)

Key = RSAKey | ECKey
Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the token has to say. ``signed_in_anew``: nobody may rest on a sign-in of earlier today."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    signed_in_anew: bool
    now: datetime


def signing_keys(published: Iterable[Mapping[str, Any]]) -> list[Key]:
    """Those of the published keys that may sign. One that cannot be read is left out."""
    found: list[Key] = []
    for one in published:
        if one.get("kty") not in KINDS.values() or one.get("use", "sig") != "sig":
            continue
        if one["kty"] == "RSA" and len(str(one.get("n", ""))) < SHORTEST_RSA:
            continue
        try:
            key = JWKRegistry.import_key(dict(one))
        except (JoseError, ValueError, TypeError):
            continue
        if isinstance(key, RSAKey | ECKey):
            found.append(key)
    return found


def proven(token: str, keys: list[Key], expected: Expected) -> Claims:
    """What the token claims, once all of it holds; otherwise ``NotProven`` with what does not."""
    claims = _signed(token, keys)
    if claims.get("iss") != expected.issuer:
        raise NotProven("iss")
    _for_us(claims, expected.client_id)
    _in_time(claims, expected)
    if claims.get("nonce") != expected.nonce:
        raise NotProven("nonce")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise NotProven("sub")
    return claims


def _signed(token: str, keys: list[Key]) -> dict[str, Any]:
    """The claims under a signature that holds. The header may name a known key, and bring none."""
    try:
        taken = jws.extract_compact(token.encode("ascii"), registry=_REGISTRY)
        header = taken.headers()
        key = _key_of(header, keys)
        if not jws.validate_compact(taken, key, ALGORITHMS, registry=_REGISTRY):
            raise KeyUnknown("signature")
        claims = json.loads(taken.payload)
    except BadSignatureError:
        raise KeyUnknown("signature") from None
    except (JoseError, ValueError, TypeError, RecursionError):
        raise NotProven("not a signed token") from None
    if not isinstance(claims, dict):
        raise NotProven("not a signed token")
    return claims


def _key_of(header: Mapping[str, Any], keys: list[Key]) -> Key:
    kind = KINDS.get(str(header.get("alg")))
    if kind is None:
        raise NotProven("alg")
    if "crit" in header:
        raise NotProven("crit")
    named = header.get("kid")
    fitting = [
        key
        for key in keys
        if key.key_type == kind
        and (named is None or key.get("kid") == named)
        and key.get("alg") in (None, header["alg"])
    ]
    if len(fitting) != 1:
        raise KeyUnknown("kid")
    return fitting[0]


def _for_us(claims: Claims, client_id: str) -> None:
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if client_id not in several:
        raise NotProven("aud")
    if (len(several) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise NotProven("azp")


def _in_time(claims: Claims, expected: Expected) -> None:
    now, skew = expected.now.timestamp(), SKEW.total_seconds()
    oldest = now - OLDEST.total_seconds() - skew
    if _seconds(claims, "exp") + skew <= now:
        raise NotProven("exp")
    if not oldest <= _seconds(claims, "iat") <= now + skew:
        raise NotProven("iat")
    if "nbf" in claims and _seconds(claims, "nbf") > now + skew:
        raise NotProven("nbf")
    # Providers that say when somebody last typed a password are held to what they were asked for.
    if expected.signed_in_anew and "auth_time" in claims and _seconds(claims, "auth_time") < oldest:
        raise NotProven("auth_time")


def _seconds(claims: Claims, name: str) -> float:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise NotProven(name)
    return found
