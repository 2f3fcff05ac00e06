"""Signed requests: the profile, and forty ways not to meet it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms
from hypothesis import given, settings
from hypothesis import strategies as st

from booklets.sealing import RequestRefused, SignedBy, SigningKey, sign_request, verify_request
from tests.support.sealing import signer_number
from tests.support.thoroughness import examples

NOW = datetime(2026, 3, 14, 18, 2, 11, tzinfo=UTC)
URL = "https://homeward.example/v1/submissions?dry=1"
KEY = signer_number(1)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
ALL = ("@method", "@target-uri", "content-digest", "authorization", "idempotency-key")


@dataclass(frozen=True)
class Asked:
    """A request as it arrives."""

    method: str = "POST"
    url: str = URL
    headers: dict[str, str] = field(
        default_factory=lambda: {"Authorization": "Homeward tok", "Idempotency-Key": '"0195/1"'}
    )
    body: bytes = b"HWD1 and more"

    def signed(self, *, key: SigningKey = KEY, device: str = "dev-7", now: datetime = NOW) -> Asked:
        """The same, with the device's signature."""
        added = sign_request(
            method=self.method,
            url=self.url,
            headers=self.headers,
            body=self.body,
            key=key,
            device=device,
            now=now,
        )
        return replace(self, headers={**self.headers, **added})

    def with_header(self, name: str, value: str) -> Asked:
        """The same, with one header changed after signing."""
        return replace(self, headers={**self.headers, name: value})

    def without(self, name: str) -> Asked:
        """The same, with one header lost on the way."""
        return replace(self, headers={n: v for n, v in self.headers.items() if n.lower() != name.lower()})

    def input_changed(self, pattern: str, by: str) -> Asked:
        """The same, with something else written in Signature-Input."""
        changed = re.sub(pattern, by, self.headers["Signature-Input"])
        assert changed != self.headers["Signature-Input"]
        return self.with_header("Signature-Input", changed)


def verified(asked: Asked, *, now: datetime = NOW, key: SigningKey = KEY) -> SignedBy:
    """What the server makes of it."""
    return verify_request(
        method=asked.method,
        url=asked.url,
        headers=asked.headers,
        body=asked.body,
        key_for={"dev-7": key.public}.__getitem__,
        now=now,
    )


def code_of(asked: Asked, *, now: datetime = NOW, key: SigningKey = KEY) -> str:
    """Why the server refuses it."""
    with pytest.raises(RequestRefused) as refused:
        verified(asked, now=now, key=key)
    return refused.value.code


@pytest.mark.parametrize("body", [b"", b"{}", bytes(100_000)], ids=len)
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Homeward tok"}, {"Idempotency-Key": '"a/1"'}, {"Accept": "*/*", "X": "é"}],
    ids=str,
)
def test_what_a_device_signs_the_server_accepts(body: bytes, headers: dict[str, str]) -> None:
    """With and without body, session and key; headers that are not covered may say anything."""
    by = verified(Asked(headers=headers, body=body).signed())
    assert (by.device, by.created) == ("dev-7", NOW)
    assert len(by.nonce) == 22


def test_no_nonce_comes_twice() -> None:
    """The server remembers them for ten minutes."""
    assert verified(Asked().signed()).nonce != verified(Asked().signed()).nonce


def test_the_casing_of_header_names_means_nothing() -> None:
    """Proxies and HTTP/2 change it."""
    asked = Asked().signed()
    for spell in (str.lower, str.upper, str.title):
        respelt = replace(asked, headers={spell(n): v for n, v in asked.headers.items()})
        assert verified(respelt) == verified(asked)


def test_it_travels_in_a_real_client_request() -> None:
    """Through httpx, whose headers are of another kind."""
    asked = Asked().signed()
    sent = httpx.Request(asked.method, asked.url, headers=asked.headers, content=asked.body)
    by = verify_request(
        method=sent.method,
        url=str(sent.url),
        headers=sent.headers,
        body=sent.content,
        key_for=lambda _device: KEY.public,
        now=NOW,
    )
    assert by.device == "dev-7"


class _Key(HTTPSignatureKeyResolver):
    def resolve_private_key(self, _key_id: str) -> Any:
        return Ed25519PrivateKey.from_private_bytes(KEY.private)


def by_the_library(asked: Asked, *, cover: tuple[str, ...] = ALL, **changed: Any) -> Asked:
    """The request signed by the library alone, which allows all that our profile forbids."""
    sent = httpx.Request(asked.method, asked.url, headers=asked.headers, content=asked.body)
    said: dict[str, Any] = {
        "key_id": "dev-7",
        "created": NOW,
        "expires": NOW + timedelta(seconds=300),
        "nonce": "A" * 22,
        "tag": "homeward-device",
        "body": asked.body if "content-digest" in cover else None,
    }
    signer: Any = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Key())
    signer.sign(sent, covered_component_ids=cover, **{**said, **changed})
    headers = dict(sent.headers)
    if "content-digest" not in cover:
        headers["content-digest"] = Asked().signed().headers["Content-Digest"]
    return replace(asked, headers=headers)


def test_a_request_signed_by_the_library_to_the_profile_is_accepted() -> None:
    """So that the next tests fail for their one reason."""
    assert verified(by_the_library(Asked())).nonce == "A" * 22


@pytest.mark.parametrize("missing", ALL)
def test_every_component_must_be_covered(missing: str) -> None:
    """Properly signed, but leaving one thing open to change."""
    rest = tuple(name for name in ALL if name != missing)
    assert code_of(by_the_library(Asked(), cover=rest)) == "missing_component"


@pytest.mark.parametrize("extra", ["@authority", "host", "content-type", "@query", '"content-digest";sf'])
def test_nothing_more_may_be_covered(extra: str) -> None:
    """Exactly the set: a proxy may change what is not in it, and a wider one would break on some roads."""
    asked = replace(Asked(), headers={**Asked().headers, "Content-Type": "application/json"})
    code = code_of(by_the_library(asked, cover=(*ALL, extra)))
    assert code in ("missing_component", "bad_signature")


@pytest.mark.parametrize(
    "said",
    [
        {"expires": NOW + timedelta(seconds=301)},
        {"expires": NOW},
        {"expires": None},
        {"nonce": None},
        {"nonce": "short"},
        {"nonce": "A" * 21 + "="},
        {"tag": None},
        {"tag": "another-app"},
        {"include_alg": False},
        {"label": "sig1"},
        {"key_id": "dev 7"},
        {"key_id": ""},
    ],
    ids=str,
)
def test_the_parameters_are_those_of_the_profile(said: dict[str, Any]) -> None:
    """All signed by the right key; each leaves out or stretches what the server relies on."""
    assert code_of(by_the_library(Asked(), **said)) == "bad_signature"


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 86_400 * 365])
def test_a_request_from_another_time_is_refused(seconds: int) -> None:
    """Told apart from a bad signature: the device corrects its offset and signs again, once."""
    assert code_of(Asked().signed(now=NOW + timedelta(seconds=seconds))) == "clock_skew"


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_clock_within_five_minutes_is_good_enough(seconds: int) -> None:
    """Both ways."""
    at = NOW + timedelta(seconds=seconds)
    assert verified(Asked().signed(now=at)).created == at


def test_a_device_may_ask_for_less_time_than_it_could() -> None:
    """Its own limit is kept to, within the server's."""
    asked = by_the_library(Asked(), expires=NOW + timedelta(seconds=10))
    assert verified(asked, now=NOW + timedelta(seconds=10)).device == "dev-7"
    assert code_of(asked, now=NOW + timedelta(seconds=11)) == "clock_skew"


def test_a_session_or_key_that_was_added_on_the_way_is_refused() -> None:
    """Somebody else's token cannot be put on a device's request."""
    bare = Asked(headers={}).signed()
    assert code_of(bare.with_header("Authorization", "Homeward other")) == "missing_component"
    assert code_of(bare.with_header("Idempotency-Key", '"b/1"')) == "missing_component"


CHANGES: dict[str, tuple[Callable[[Asked], Asked], str]] = {
    "other method": (lambda a: replace(a, method="PUT"), "bad_signature"),
    "other path": (lambda a: replace(a, url=URL.replace("submissions", "status")), "bad_signature"),
    "other query": (lambda a: replace(a, url=URL.replace("dry=1", "dry=0")), "bad_signature"),
    "no query": (lambda a: replace(a, url=URL.partition("?")[0]), "bad_signature"),
    "other host": (lambda a: replace(a, url=URL.replace("homeward", "homewards")), "bad_signature"),
    "other scheme": (lambda a: replace(a, url=URL.replace("https", "http")), "bad_signature"),
    "no url": (lambda a: replace(a, url="nonsense"), "bad_signature"),
    "lower method": (lambda a: replace(a, method="post"), "bad_signature"),
    "body swapped": (lambda a: replace(a, body=b"HWD1 and else"), "body_mismatch"),
    "body and digest swapped": (
        lambda a: replace(
            a,
            body=b"else",
            headers={**a.headers, "Content-Digest": Asked(body=b"else").signed().headers["Content-Digest"]},
        ),
        "bad_signature",
    ),
    "body lost": (lambda a: replace(a, body=b""), "missing_component"),
    "digest lost": (lambda a: a.without("Content-Digest"), "body_mismatch"),
    "digest of another kind": (lambda a: a.with_header("Content-Digest", "md5=:AAAA:"), "body_mismatch"),
    "other session": (lambda a: a.with_header("Authorization", "Homeward other"), "bad_signature"),
    "session lost": (lambda a: a.without("Authorization"), "missing_component"),
    "other idempotency key": (lambda a: a.with_header("Idempotency-Key", '"0195/2"'), "bad_signature"),
    "idempotency key lost": (lambda a: a.without("Idempotency-Key"), "missing_component"),
    "signature lost": (lambda a: a.without("Signature"), "bad_signature"),
    "signature input lost": (lambda a: a.without("Signature-Input"), "bad_signature"),
    "signature of another": (
        lambda a: a.with_header("Signature", Asked().signed().headers["Signature"]),
        "bad_signature",
    ),
    "two signatures": (
        lambda a: a.with_header("Signature", a.headers["Signature"] + ", b=:AAAA:"),
        "bad_signature",
    ),
    "not base64": (lambda a: a.with_header("Signature", f"pyhms=:{'*' * 88}:"), "bad_signature"),
    "a header twice": (lambda a: a.with_header("AUTHORIZATION", "Homeward tok"), "bad_signature"),
    "later created": (lambda a: a.input_changed(r"created=(\d+)\d", r"created=\g<1>9"), "bad_signature"),
    "other nonce": (lambda a: a.input_changed(r'nonce="[^"]*', 'nonce="' + "B" * 22), "bad_signature"),
    "other device": (lambda a: a.input_changed("dev-7", "dev-8"), "unknown_device"),
    "other algorithm": (lambda a: a.input_changed('"ed25519"', '"hmac-sha256"'), "bad_signature"),
    "parameter twice": (lambda a: a.input_changed(";alg", ';keyid="dev-7";alg'), "bad_signature"),
    "unknown parameter": (lambda a: a.input_changed("$", ";x=1"), "bad_signature"),
    "component twice": (lambda a: a.input_changed('"@method"', '"@method" "@method"'), "missing_component"),
    "components in another order": (
        lambda a: a.input_changed('"@method" "@target-uri"', '"@target-uri" "@method"'),
        "bad_signature",
    ),
    "components without end": (
        lambda a: a.input_changed('"@method"', '"@method" ' * 100 + '"@method"'),
        "bad_signature",
    ),
    "an endless input": (lambda a: a.input_changed("$", " " * 2000), "bad_signature"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_request_changed_on_the_way_is_refused(name: str) -> None:
    """And for a reason that the device can act on."""
    change, code = CHANGES[name]
    assert code_of(change(Asked().signed())) == code


def test_another_key_signs_for_nobody_else() -> None:
    """A revoked phone's neighbour cannot speak for it."""
    assert code_of(Asked().signed(key=signer_number(2))) == "bad_signature"
    assert code_of(Asked().signed(device="dev-9")) == "unknown_device"
    assert code_of(Asked().signed(device="enrol:0123456789abcdef")) == "unknown_device"


def test_what_cannot_be_signed_is_not_sent() -> None:
    """A mistake of the program, found where it is made."""
    for asked in (
        Asked(url="/v1/submissions"),
        Asked(headers={"Authorization": "Homeward é"}),
        Asked(headers={"authorization": "a", "Authorization": "b"}),
        Asked(method="post"),
    ):
        with pytest.raises(ValueError, match=r"cannot be signed|repeated"):
            asked.signed()


def test_the_frozen_request_of_the_first_version_is_accepted_for_ever() -> None:
    """A phone that was not updated still signs like this."""
    frozen = {
        "Authorization": "Homeward tok",
        "Content-Digest": "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:",
        "Idempotency-Key": '"0195/1"',
        "Signature": (
            "pyhms=:SWtt864jhsegRlztUeWg8VQst5yOHAMNSfoHN4bmslm/ptGlGhvD"
            "34zUW0oKM3C1C2CGUPLqD0Hh10Sef/JKAw==:"
        ),
        "Signature-Input": (
            'pyhms=("@method" "@target-uri" "content-digest"'
            ' "authorization" "idempotency-key")'
            ';created=1773511331;keyid="dev-7";alg="ed25519"'
            ';expires=1773511631;nonce="AAECAwQFBgcICQoLDA0ODw";tag="homeward-device"'
        ),
    }
    asked = Asked(headers=frozen, body=b"abc")
    assert verified(asked) == SignedBy("dev-7", "AAECAwQFBgcICQoLDA0ODw", NOW)


HEADER_NAMES = st.sampled_from(
    ["Authorization", "Idempotency-Key", "Content-Digest", "Signature", "Signature-Input"]
)


@settings(max_examples=examples(80))
@given(
    headers=st.dictionaries(HEADER_NAMES, st.text(max_size=40), min_size=1),
    method=st.just("POST") | st.text(max_size=6),
    url=st.just(URL) | st.text(max_size=30),
)
def test_no_headers_do_anything_but_be_refused(headers: dict[str, str], method: str, url: str) -> None:
    """Whatever arrives, on top of a proper request, the refusal is ours."""
    asked = Asked().signed()
    changed = replace(asked, method=method, url=url, headers={**asked.headers, **headers})
    assert code_of(changed)


def test_a_number_has_one_spelling() -> None:
    """A nought before it says the same to whoever counts, and was not what was signed."""
    asked = Asked().signed()
    value = asked.headers["Signature-Input"]
    assert code_of(asked.with_header("Signature-Input", value.replace("created=", "created=0"))) == (
        "bad_signature"
    )


@pytest.mark.parametrize("char", ["\n", "\r\n", "\x0b", "\x85", "\u2028"])
def test_no_line_of_what_is_signed_can_be_made_two(char: str) -> None:
    """What a header holds stands on its own line, and on no other."""
    asked = Asked(headers={"Authorization": "Homeward tok"}).signed()
    said = f'Homeward tok{char}"idempotency-key": 1'
    assert code_of(asked.with_header("Authorization", said)) == "bad_signature"


def test_a_signature_has_one_spelling() -> None:
    """Base64 gives four bits of the last character to nobody: sixteen spellings would mean the same."""
    asked = Asked().signed()
    value = asked.headers["Signature"]
    last = value[-4]
    for other in ALPHABET:
        if other != last:
            assert code_of(asked.with_header("Signature", value[:-4] + other + "==:")) == "bad_signature"


@settings(max_examples=examples(150))
@given(at=st.integers(0, 5000), char=st.characters(max_codepoint=300))
def test_no_character_of_the_signature_headers_can_be_changed(at: int, char: str) -> None:
    """Each is checked, or signed, or both."""
    asked = Asked().signed()
    name = ("Signature", "Signature-Input")[at % 2]
    value = asked.headers[name]
    changed = value[: at % len(value)] + char + value[at % len(value) + 1 :]
    if changed != value:
        assert code_of(asked.with_header(name, changed))
