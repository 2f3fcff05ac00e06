"""What an address promises stands in the document, and what it does not promise is found."""

from __future__ import annotations

import httpx
import pytest
from jsonschema_rs import ValidationError

from sync_server.api.promises import promise_of
from sync_server.api.routes import ADDRESSES
from tests.support.promised import as_promised, the_document

WHERE = "https://force.example"
OURS = {"Homeward-Protocol": "1", "Content-Type": "application/json"}


def answered(status: int, body: object, **headers: str) -> httpx.Response:
    """What a server could have said to somebody who signs out."""
    asked = httpx.Request("DELETE", f"{WHERE}/v1/auth/session")
    said = {**OURS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return httpx.Response(status, json=body, headers=said, request=asked)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (answered(204, {}), "a status that is not promised"),
        (answered(200, {"more": 1}), "a field that nobody has promised"),
        (answered(200, {}, Homeward_Protocol="2"), "another protocol"),
        (answered(200, {}, Content_Type="text/html"), "a page for people"),
        (
            answered(401, {"code": "wrong_type", "says": "No."}, Homeward_Refused="wrong_type"),
            "a refusal that is another address's",
        ),
        (answered(401, {"code": "session_over", "says": "No."}), "the code in the body alone"),
    ],
)
def test_an_answer_that_was_not_promised_is_found(said: httpx.Response, why: str) -> None:
    """Or comparing every answer with the document would show nothing."""
    as_promised(answered(200, {}))

    found = False
    try:
        as_promised(said)
    except (AssertionError, ValidationError):
        found = True
    assert found, why


def test_nothing_is_promised_that_must_not_happen() -> None:
    """Of our own mistakes the document says only that the server may be busy, or without its database."""
    for path, operations in the_document()["paths"].items():
        for method, said in operations.items():
            wrong = {status for status in said["responses"] if status.startswith("5")}
            assert wrong <= {"503"}, f"{method} {path}"


def test_whoever_writes_another_app_finds_what_to_send() -> None:
    """Bytes by their media type, JSON by its fields, and what stands in the address or in headers."""
    paths = the_document()["paths"]

    assert list(paths["/v1/submissions"]["post"]["requestBody"]["content"]) == [
        "application/vnd.homeward.sealed"
    ]
    enrolling = paths["/v1/enrol"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"code", "sign_pub", "kem_pubs"} <= set(enrolling["required"])
    changes = paths["/v1/changes"]["get"]
    assert [(one["name"], one["in"]) for one in changes["parameters"]] == [
        ("cursor", "query"),
        ("limit", "query"),
    ]
    assert changes["security"] == [{"signature": [], "signatureInput": [], "officer": []}]
    assert "security" not in paths["/v1/hello"]["get"]


def test_no_address_goes_without_its_promise() -> None:
    """A new one has to say what it reads, answers and refuses, or the server does not start."""
    assert all(one.promise.gives for one in ADDRESSES)
    with pytest.raises(LookupError, match="has to say what it promises"):
        promise_of(test_no_address_goes_without_its_promise)
