"""What a provider's answer may not be (F26): each lie is told beside the truth, which lets somebody in."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from tests.support.force_provider import CLIENT, SECRET, Desk
from tests.support.forged_provider import Claims, ForgedProvider, key_called, keyed_with, signed, unsigned
from tests.support.servers import LiveServer
from tests.support.web_pages import words_of

HEADER = {"alg": "RS256", "kid": "first", "typ": "JWT"}
NOT_PROVEN = "does not prove who you are"
MINUTE = 60


def but(**changed: Any) -> Callable[[Claims], str]:
    """An honestly signed token with other claims; None takes one away."""

    def token(claims: Claims) -> str:
        said = {**claims, **{k: v(claims) if callable(v) else v for k, v in changed.items()}}
        return signed(HEADER, {k: v for k, v in said.items() if v is not None}, key_called("first"))

    return token


def under(header: dict[str, Any], key: RSAKey) -> Callable[[Claims], str]:
    """True claims under another header and key."""
    return lambda claims: signed({**HEADER, **header}, claims, key)


def with_the_public_key_as_secret(claims: Claims) -> str:
    """What a verifier takes that lets the header choose the kind of key."""
    return keyed_with(key_called("first").as_pem(private=False), claims)


def changed_after_signing(claims: Claims) -> str:
    """Another person's number between a header and a signature that were not made for it."""
    header, _, signature = signed(HEADER, claims, key_called("first")).split(".")
    other = urlsafe_b64encode(json.dumps({**claims, "staff_no": "admin.frost"}).encode())
    return ".".join([header, other.rstrip(b"=").decode(), signature])


def bringing_its_own_key(claims: Claims) -> str:
    """Signed by anybody, who says in the header with which key to check it."""
    other = RSAKey.generate_key(2048)
    return signed({**HEADER, "jwk": other.as_dict(private=False)}, claims, other)


def elsewhere_is_the_key(claims: Claims) -> str:
    """Signed by anybody, who says in the header where the key is to be fetched."""
    header = {**HEADER, "jku": "https://evil.example/keys"}
    return signed(header, claims, key_called("another"))


def for_any_algorithm() -> RSAKey:
    """The provider's own key, without the word which algorithm it is for."""
    return RSAKey.import_key(key_called("first").as_pem(private=True))


def now(after: float) -> Callable[[Claims], int]:
    """A time so many seconds from now."""
    return lambda claims: int(claims["iat"] + after)


LIES: dict[str, Callable[[Claims], object]] = {
    "nobody signed it": unsigned,
    "nobody signed it, in capitals": lambda claims: unsigned(claims, "NONE"),
    "the signature is left out": lambda claims: ".".join(
        [*signed(HEADER, claims, key_called("first")).split(".")[:2], ""]
    ),
    "signed with our own secret": lambda claims: keyed_with(SECRET.encode(), claims),
    "signed with the public key as a secret": with_the_public_key_as_secret,
    "signed by another under the same name": under({}, key_called("another")),
    "signed by another under a name of its own": under({"kid": "another"}, key_called("another")),
    "brings its own key": bringing_its_own_key,
    "says where the key is": elsewhere_is_the_key,
    "an algorithm that is not on the list": under({"alg": "RS512"}, for_any_algorithm()),
    "asks for an extension to be understood": under({"crit": ["b64"], "b64": False}, key_called("first")),
    "changed after signing": changed_after_signing,
    "another nonce": but(nonce="x" * 43),
    "no nonce": but(nonce=None),
    "for somebody else": but(aud="another-client"),
    "for nobody": but(aud=None),
    "for us and others": but(aud=[CLIENT, "another-client"]),
    "for us and others, given to another": but(aud=[CLIENT, "another-client"], azp="another-client"),
    "for us, given to another": but(azp="another-client"),
    "from another issuer": but(iss="https://evil.example"),
    "from the same issuer with a stroke": but(iss=lambda claims: claims["iss"] + "/"),
    "over": but(exp=now(-2 * MINUTE)),
    "never over": but(exp=None),
    "over at a time in words": but(exp="2099-01-01"),
    "signed tomorrow": but(iat=now(24 * 60 * MINUTE)),
    "signed yesterday": but(iat=now(-24 * 60 * MINUTE)),
    "signed at no time": but(iat=None),
    "not yet good": but(nbf=now(10 * MINUTE)),
    "rests on a sign-in of this morning": but(auth_time=now(-8 * 60 * MINUTE)),
    "about nobody": but(sub=None),
    "about an empty name": but(sub=""),
    "without the number that was set": but(staff_no=None),
    "with a number that is none": but(staff_no=["mhet.hale"]),
    "no token at all": lambda _claims: "x",
    "a list": lambda claims: signed(HEADER, [claims], key_called("first")),  # type: ignore[arg-type]
    "letters that are none": lambda _claims: "é.é.é",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_lets_nobody_in(
    provider: ForgedProvider, forged_for: LiveServer, lie: Callable[[Claims], object]
) -> None:
    """And the truth before it, from the same provider on the same way, does."""
    with Desk(forged_for.url) as truly:
        told = provider.come_back(truly)
        let_in = truly.is_let_in
    provider.token = lie
    with Desk(forged_for.url) as falsely:
        page = provider.come_back(falsely)
        not_let_in = not falsely.is_let_in

    assert (told.url.path, let_in) == ("/register", True)
    assert (page.status_code, not_let_in) == (403, True)
    assert NOT_PROVEN in words_of(page.text)


@pytest.mark.parametrize(
    "truth",
    [
        but(aud=[CLIENT]),
        but(azp=CLIENT),
        but(aud=[CLIENT, "another-client"], azp=CLIENT),
        but(exp=now(-30)),
        but(iat=now(30)),
        but(auth_time=now(-30)),
        under({"x5t": "abc", "of-their-own": 1}, key_called("first")),
    ],
    ids=["a list of us", "azp", "others too", "a clock behind", "a clock ahead", "just now", "more header"],
)
def test_what_is_unusual_and_true_lets_somebody_in(
    provider: ForgedProvider, forged_for: LiveServer, truth: Callable[[Claims], str]
) -> None:
    """Checks that refuse everything would pass all tests above."""
    provider.token = truth
    with Desk(forged_for.url) as desk:
        assert provider.come_back(desk).url.path == "/register"
