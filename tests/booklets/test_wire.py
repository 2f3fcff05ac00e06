"""The wire: what arrives is what was signed, or it is refused."""

from __future__ import annotations

import copy
import hashlib
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.answers import frozen
from booklets.errors import UnknownProtocol, WireError
from booklets.records import Attachment, Record
from booklets.wire import (
    DICTIONARY,
    FARTHEST,
    MOST_BYTES,
    PAD,
    canonical,
    digest,
    pack,
    record_from_json,
    record_to_json,
    task_from_json,
    task_to_json,
    unpack,
)
from tests.support import encounters as some
from tests.support.builders import NIGHT, a_person, a_return, a_task, an_id

KEPT = "02d2712adc47543d64ac60b304fe39870b1c2024b6881bea02a5a5641786c151"
"""The first dictionary: what was sent leans on it."""


def packed(text: bytes) -> bytes:
    """Any text as it would be packed."""
    body = zlib.compress(text)
    content = len(body).to_bytes(4, "big") + body
    return content + bytes(-len(content) % PAD)


def message(record: Record, **changes: Any) -> bytes:
    """A packed message with something changed on the way."""
    parts = {"protocol": 1, "digest": digest(record), "record": record_to_json(record)}
    return packed(canonical(parts | changes))


@given(some.records())
def test_every_record_survives_the_journey(record: Record) -> None:
    """Equal, with the same digest, in a parcel whose length says little."""
    sent = pack(record)
    arrived = unpack(sent)

    assert arrived == record
    assert digest(arrived) == digest(record)
    assert len(sent) % PAD == 0


def test_what_every_record_says_is_not_sent() -> None:
    """A record is much shorter for it, and one that was packed without the dictionary is read too."""
    sent = message(a_return())

    assert unpack(sent) == a_return()
    assert len(pack(a_return())) < 0.75 * len(sent)


def test_the_dictionary_is_the_one_that_records_were_packed_with() -> None:
    """Whoever changes a letter of it can read nothing that was sent: a new one gets the next number."""
    held = files("booklets.definitions").joinpath(DICTIONARY).read_bytes()

    assert (
        hashlib.sha256(held).hexdigest()
        == "02d2712adc47543d64ac60b304fe39870b1c2024b6881bea02a5a5641786c151"
    )
    assert len(held) <= FARTHEST


def test_a_record_packed_with_another_dictionary_is_refused() -> None:
    """It is not guessed at."""
    zip_ = zlib.compressobj(zdict=b"another dictionary")
    body = zip_.compress(canonical({"protocol": 1})) + zip_.flush()
    content = len(body).to_bytes(4, "big") + body

    with pytest.raises(WireError, match="not a packed record"):
        unpack(content + bytes(-len(content) % PAD))


JUNK = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.text(max_size=2), st.integers(), max_size=2)
)


@given(st.data())
def test_a_spoilt_message_is_refused_and_nothing_else(data: st.DataObject) -> None:
    """Whatever part is spoilt, however: a record, or a ``WireError``; nothing else escapes."""
    spoilt = copy.deepcopy(record_to_json(a_return(tasks=(a_task("x"),), linked=())))
    place: Any = spoilt
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not place[key] or not isinstance(place[key], (dict, list)) or data.draw(st.integers(0, 3)) == 0:
            break
        place = place[key]
    if isinstance(place, dict) and data.draw(st.booleans()):
        del place[key]
    else:
        place[key] = data.draw(JUNK)

    try:
        read = record_from_json(spoilt)
    except WireError:
        return
    assert record_from_json(record_to_json(read)) == read


@given(st.data())
def test_one_changed_byte_is_noticed(data: st.DataObject) -> None:
    """The digest is inside; the seal outside is not the only guard."""
    sent = bytearray(pack(a_return()))
    sent[data.draw(st.integers(0, len(sent) - 1))] ^= data.draw(st.integers(1, 255))

    with suppress(WireError):
        assert unpack(bytes(sent)) == a_return()  # a byte of the zlib header may mean nothing


@given(st.binary(max_size=600))
def test_noise_is_refused(noise: bytes) -> None:
    """Nothing that comes in can do worse than be refused."""
    with pytest.raises(WireError):
        unpack(noise)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"[]", id="no message"),
        pytest.param(b"{", id="half a message"),
        pytest.param(b'{"protocol":1,"protocol":1}', id="a key twice"),
        pytest.param(b'{"protocol": 1}', id="another spelling"),
        pytest.param(b'{"protocol":1,"record":"\\ud800"}', id="half a character"),
        pytest.param(b"[" * 100_000, id="deeper than any record"),
        pytest.param(b'{"protocol":1,"record":NaN}', id="no number"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"9" * 5000, id="a number without end"),
    ],
)
def test_what_is_no_message_is_refused(text: bytes) -> None:
    """One message has one spelling, so one digest."""
    with pytest.raises(WireError):
        unpack(packed(text))


def test_a_zip_bomb_is_refused_before_it_is_blown_up() -> None:
    """A million zeros in a kilobyte are not inflated to be looked at."""
    with pytest.raises(WireError, match="larger"):
        unpack(packed(bytes(50 * MOST_BYTES)))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda sent: sent + bytes(PAD), id="more padding than needed"),
        pytest.param(lambda sent: sent[:-1], id="cut short"),
        pytest.param(lambda sent: sent[:-1] + b"\1", id="something in the padding"),
        pytest.param(lambda sent: b"\xff\xff\xff\xff" + sent[4:], id="a length beyond the end"),
        pytest.param(lambda _: b"", id="nothing"),
        pytest.param(lambda _: bytes(PAD), id="padding alone"),
    ],
)
def test_a_parcel_has_one_shape(spoil: Callable[[bytes], bytes]) -> None:
    """Room for something else beside the record is room for mischief."""
    with pytest.raises(WireError):
        unpack(spoil(pack(a_return())))


def test_another_protocol_is_said_to_be_one() -> None:
    """So that the device can say "update the app", and not "broken"."""
    with pytest.raises(UnknownProtocol):
        unpack(message(a_return(), protocol=2))


def test_a_digest_of_something_else_is_refused() -> None:
    """Whoever holds a record holds exactly what the officer signed."""
    with pytest.raises(WireError, match="digest"):
        unpack(message(a_return(), digest=digest(a_return(revision=2, base_revision=1))))


def test_the_same_words_over_and_over_still_arrive() -> None:
    """What compresses a thousandfold is sent as it is, not refused at the other end."""
    record = a_return({"ret.handling": "no " * 60_000})

    assert unpack(pack(record)) == record


def test_what_could_never_be_read_is_never_sealed() -> None:
    """A record beyond the limit is refused on the device, where its officer can still do something."""
    with pytest.raises(WireError, match="longer than one record"):
        pack(a_return({"ret.handling": "x" * MOST_BYTES}))


def changed_header(**changes: Any) -> Record:
    """The return with another header."""
    record = a_return()
    return replace(record, header=replace(record.header, **changes))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(changed_header(form_checksum="0" * 64), id="the form's checksum"),
        pytest.param(a_return({"ret.found_how": "alone"}), id="an answer"),
        pytest.param(replace(a_return(), entities=(a_person(surname="Other-Test"),)), id="a person"),
        pytest.param(
            changed_header(
                submitted=replace(a_return().header.submitted, wall=NIGHT + timedelta(seconds=1))
            ),
            id="when it was sent",
        ),
        pytest.param(
            changed_header(started=replace(a_return().header.started, offset_ms=1)),
            id="how wrong the clock was",
        ),
        pytest.param(
            changed_header(attachments=(Attachment(an_id("photo"), "photo", 9, "ab"),)), id="an attachment"
        ),
        pytest.param(changed_header(revision=2, base_revision=1), id="the revision it is based on"),
        pytest.param(changed_header(covert=True), id="covert"),
        pytest.param(a_return(reasons={"R-59": "no signal"}), id="a reason"),
    ],
)
def test_whatever_changes_changes_the_digest(other: Record) -> None:
    """A receipt or an approval cites the digest, and so cites all of it."""
    assert digest(other) != digest(a_return())


def test_the_digest_does_not_depend_on_the_order_of_answers() -> None:
    """Two devices that hold the same hold the same."""
    record = a_return()
    turned = replace(record, answers=frozen(dict(reversed(list(record.answers.items())))))

    assert digest(turned) == digest(record)


@pytest.mark.parametrize(("revision", "base"), [(0, 0), (1, 1), (1, 2), (2, -1), (True, 0), (2**31, 0)])
def test_a_revision_builds_on_an_earlier_one(revision: int, base: int) -> None:
    """Anything else cannot be put in an order."""
    value = record_to_json(a_return())
    value["header"] |= {"revision": revision, "base_revision": base}

    with pytest.raises(WireError):
        record_from_json(json.loads(json.dumps(value)))


def test_a_task_travels_alone_too() -> None:
    """The server sends tasks back one by one."""
    task = a_task("find_out", accepted_at=NIGHT)

    assert task_from_json(task_to_json(task)) == task
    with pytest.raises(WireError):
        task_from_json([])
