"""A handheld asks which of its sealed copies are safe, and hears nothing of another's."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from booklets.entities import new_id
from sync_server.backups import make
from tests.support.devices import Handheld

OTHER = "0" * 64


def asked(handheld: Handheld, *sums: str) -> dict[str, list[str]]:
    """What is said of these."""
    answer = handheld.send("POST", "/v1/copies", json={"copies": list(sums)})
    assert answer.status_code == httpx.codes.OK
    found: dict[str, list[str]] = answer.json()
    return found


def test_what_a_backup_has_is_safe_and_what_is_not_here_is_missing(
    signed_in: Handheld, tmp_path: Path
) -> None:
    """What was received and is in no backup yet is neither."""
    sealed = signed_in.seal(signed_in.record(record=new_id()))
    assert signed_in.submit(sealed).status_code == httpx.codes.CREATED
    one = sha256(sealed).hexdigest()

    assert asked(signed_in, one, OTHER) == {"safe": [], "missing": [OTHER]}
    make(signed_in.server.context, tmp_path / "backups")
    assert asked(signed_in, one, OTHER) == {"safe": [one], "missing": [OTHER]}

    another = Handheld(signed_in.server, signed_in.http)
    assert another.enrol().status_code == httpx.codes.CREATED
    assert asked(another, one) == {"safe": [], "missing": [one]}


@pytest.mark.parametrize("sums", ["none", [OTHER] * 101, ["short"], [1]])
def test_what_is_no_list_of_sums_is_refused(enrolled: Handheld, sums: object) -> None:
    """And nothing is looked for."""
    answer = enrolled.send("POST", "/v1/copies", json={"copies": sums})

    assert answer.status_code == httpx.codes.BAD_REQUEST
