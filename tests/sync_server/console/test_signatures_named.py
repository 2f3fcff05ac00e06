"""At the console a drawn signature is named and counted as one, and never as a photograph."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booklets.answers import Moment, frozen
from booklets.entities import new_id
from booklets.photos import PHOTO, photo_row
from booklets.records import Attachment, Record
from booklets.signatures import SIGNATURE, signed
from sync_server.attachments import Standing
from sync_server.console.photographs import awaited, called, named
from tests.support.builders import NIGHT, a_return


def lists(*kinds: str, as_kind: str = "") -> Record:
    """A record that lists photographs and signatures of Karen Brook in this order.

    ``as_kind`` is what the manifest calls all of them, as it did before there were two kinds.
    """
    listed = [Attachment(new_id(), as_kind or kind, 10, "ab") for kind in kinds]
    rows = {
        f"ret.picture_{number}": (
            signed(photo_row(one.id, added=NIGHT), {"caption": "Karen Brook"})
            if kind == SIGNATURE
            else photo_row(one.id, added=NIGHT),
        )
        for number, (kind, one) in enumerate(zip(kinds, listed, strict=True))
    }
    record = a_return()
    header = replace(record.header, attachments=tuple(listed))
    return replace(record, header=header, answers=frozen({"ret.found_at": Moment(NIGHT), **rows}))


@pytest.mark.parametrize("as_kind", ["", PHOTO])
def test_each_is_named_for_what_it_is_and_photographs_are_numbered_alone(as_kind: str) -> None:
    """Also in a record whose manifest called both a photo."""
    record = lists(PHOTO, SIGNATURE, PHOTO, as_kind=as_kind)

    assert [named(record, number) for number in range(3)] == [
        "Photograph 1",
        "Signature of Karen Brook",
        "Photograph 2",
    ]
    assert called(record) == "Photographs and signatures"


@pytest.mark.parametrize(
    ("kinds", "together"), [((PHOTO, PHOTO), "Photographs"), ((SIGNATURE,), "Signatures")]
)
def test_the_list_is_called_what_is_on_it(kinds: tuple[str, ...], together: str) -> None:
    """Nobody looks for a photograph where there is none."""
    assert called(lists(*kinds)) == together


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing(2, 3), "Awaiting photographs: 2 of 3 here"),
        (Standing(0, 1, 0, 1), "Awaiting signatures: 0 of 1 here"),
        (Standing(1, 3, 0, 1), "Awaiting photographs: 1 of 2 here, signatures: 0 of 1 here"),
        (Standing(1, 3, 1, 1), "Awaiting photographs: 0 of 2 here"),
        (Standing(3, 3, 1, 1), ""),
        (None, ""),
    ],
)
def test_what_is_awaited_is_counted_apart(standing: Standing | None, said: str) -> None:
    """In the register and above the record."""
    assert awaited(standing) == said
