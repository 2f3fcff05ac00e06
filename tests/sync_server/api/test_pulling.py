"""What a handheld asks for again and again all night is small on the line."""

from __future__ import annotations

import json
from typing import Any

from booklets.batch import MOST_BYTES, inflated
from booklets.entities import new_id
from tests.support.devices import Handheld


def asked(handheld: Handheld, **headers: str) -> tuple[str, bytes]:
    """News as it comes over the line: how it is packed, and its bytes."""
    said = {"Authorization": f"Homeward {handheld.access}", **headers}
    answer = handheld.http.send(handheld.signed("GET", "/v1/changes", headers=said), stream=True)
    body = b"".join(answer.iter_raw())
    answer.close()
    return answer.headers.get("Content-Encoding", ""), body


def test_news_is_packed_only_for_whoever_can_unpack_it(signed_in: Handheld) -> None:
    """The same news in a quarter fewer bytes, for a handheld that says so."""
    for _ in range(3):
        sealed = signed_in.seal(signed_in.record(record=new_id(), episode=new_id()))
        kept = signed_in.as_officer(
            "POST",
            "/v1/submissions",
            content=sealed,
            headers={"Content-Type": "application/vnd.homeward.sealed"},
        )
        assert kept.status_code == 201

    how, packed = asked(signed_in, **{"Accept-Encoding": "deflate"})
    plainly, plain = asked(signed_in, **{"Accept-Encoding": "identity"})

    assert (how, plainly) == ("deflate", "")
    assert 5 * len(packed) < 4 * len(plain)
    assert _told(inflated(packed, most=MOST_BYTES)) == _told(plain)
    assert len(_told(plain)) >= 3


def _told(page: bytes) -> list[tuple[str, int]]:
    """Each thing that is told, by stream and number: it is sealed anew each time it is asked for."""
    read: dict[str, Any] = json.loads(page)
    return [(one["stream"], one["seq"]) for one in read["items"]]
