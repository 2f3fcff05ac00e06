"""Sealed bodies for whoever asks at random: whole ones, so that intake is passed, and changed ones.

Changed are the bytes of the envelope, the same signed again by a thief of the device's key, and what lies
inside the seal: a whole record in which one value is another's, an empty one, far too long, of another kind.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings

from booklets import wire
from booklets.answers import instant
from booklets.entities import new_id
from booklets.errors import BookletError
from booklets.posting import header_of
from booklets.records import Record
from booklets.sealing import KemPublic, seal_envelope
from faults.envelope_faults import SIGNATURE, mutated
from tests.support.any_records import any_records
from tests.support.builders import a_ppn, a_return, an_author, an_interview, next_revision
from tests.support.devices import Handheld
from tests.support.sealing import sign

KINDS: Final[Sequence[Callable[..., Record]]] = (a_return, an_interview, a_ppn)
ODD: Final[Sequence[Any]] = (
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    2**64,
    1e308,
    0.1,
    "",
    "\x00",
    "a\x00b",
    "\u202e",
    "é" * 3,
    "x" * 5000,
    [],
    {},
    [[[[[[]]]]]],
    {"gap": "refused", "note": "", "due": None},
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00",
    "2026-03-14T21:04:00Z",
    "00000000-0000-4000-8000-0000000000aa",
)


@dataclass
class Sealed:
    """What each handheld has sealed so far, and how the next is made."""

    to: Sequence[KemPublic]
    chance: random.Random
    units: Mapping[str, str]
    records: dict[str, list[tuple[Record, bytes]]] = field(default_factory=dict)
    any: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw records of every form, with any answers at all."""

        @seed(self.chance.randrange(2**32))
        @settings(
            max_examples=40,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(any_records())
        def draw(record: Record) -> None:
            self.any.append(record)

        draw()

    def submission(self, handheld: Handheld) -> bytes:
        """One envelope as this handheld may hand it in, or as it must not."""
        ways = (self._new, self._again, self._next, self._beside, self._early, self._changed, self._odd)
        [way] = self.chance.choices(ways, weights=(30, 8, 14, 6, 6, 18, 18))
        return way(handheld)

    def draft(self, handheld: Handheld) -> tuple[bytes, str]:
        """One draft as it is given away, and the id under which it may be taken over."""
        chance, id_ = self.chance, str(new_id())
        said: Any = {
            "id": id_,
            "to": chance.choice(["", "", "4417", "0000"]),
            "at": instant(datetime.now(UTC)),
            "draft": {"id": str(new_id()), "answers": {"ret.covert": "no"}, "more": [1, 2]},
        }
        if chance.random() < 0.3:
            said = _with_something_odd(said, chance)
        header = handheld.header_of_given(id_, datetime.now(UTC))
        sealed = seal_envelope(header, wire.canonical(said), to=self.to, signer=handheld.key)
        return (sealed if chance.random() < 0.75 else self._spoilt(handheld, sealed)), id_

    def _new(self, handheld: Handheld) -> bytes:
        record = self._a_record(handheld)
        return self._kept(handheld, record)

    def _again(self, handheld: Handheld) -> bytes:
        sent = self.records.get(handheld.id)
        return self.chance.choice(sent)[1] if sent else self._new(handheld)

    def _next(self, handheld: Handheld) -> bytes:
        sent = self.records.get(handheld.id)
        if not sent:
            return self._new(handheld)
        record = self.chance.choice(sent)[0]
        return self._kept(handheld, next_revision(record, {"ret.condition_notes": "He asked for tea."}))

    def _beside(self, handheld: Handheld) -> bytes:
        sent = self.records.get(handheld.id)
        if not sent:
            return self._new(handheld)
        record = self.chance.choice(sent)[0]
        return self._sealed(handheld, replace(record, reasons={"R-1": str(new_id())}))

    def _early(self, handheld: Handheld) -> bytes:
        record = self._a_record(handheld)
        header = replace(record.header, revision=3, base_revision=2)
        return self._sealed(handheld, replace(record, header=header))

    def _changed(self, handheld: Handheld) -> bytes:
        return self._spoilt(handheld, self._sealed(handheld, self._a_record(handheld)))

    def _odd(self, handheld: Handheld) -> bytes:
        """A well sealed record that no app of ours would write."""
        record = self._a_record(handheld)
        said = _with_something_odd(wire.record_to_json(record), self.chance)
        digest = wire.digest(record)
        with suppress(Exception):  # then it goes with the digest of what it was
            digest = wire.digest(wire.record_from_json(said))
        try:
            body = wire.squeezed({"protocol": wire.PROTOCOL, "digest": digest, "record": said})
        except BookletError:
            return self._new(handheld)
        return seal_envelope(header_of(record), body, to=self.to, signer=handheld.key)

    def _a_record(self, handheld: Handheld) -> Record:
        header: dict[str, Any] = {
            "record": new_id(),
            "encounter": new_id(),
            "episode": new_id(),
            "incident": new_id(),
            "device": handheld.id,
            "author": an_author(id=handheld.officer, name="Hannah Wells"),
            "unit": self.units[handheld.officer],
        }
        if self.chance.random() < 0.5:
            return self.chance.choice(KINDS)(**header)
        record = self.chance.choice(self.any)
        return replace(record, header=replace(record.header, **header))

    def _kept(self, handheld: Handheld, record: Record) -> bytes:
        envelope = self._sealed(handheld, record)
        self.records.setdefault(handheld.id, []).append((record, envelope))
        return envelope

    def _sealed(self, handheld: Handheld, record: Record) -> bytes:
        return seal_envelope(header_of(record), wire.pack(record), to=self.to, signer=handheld.key)

    def _spoilt(self, handheld: Handheld, envelope: bytes) -> bytes:
        """Changed on its way; half of the time signed again with the device's own key."""
        if self.chance.random() < 0.5:
            return mutated(envelope, envelope[::-1], self.chance)
        data = mutated(envelope[:-SIGNATURE], envelope[::-1], self.chance)
        return data + sign(handheld.key, b"hwd/env/1", data)


def _with_something_odd(whole: Any, chance: random.Random) -> Any:
    """The same JSON with one value of it, however deep, changed for an odd one."""
    if not isinstance(whole, dict | list) or not whole or chance.random() < 0.15:
        return chance.choice(ODD)
    if isinstance(whole, dict):
        name = chance.choice(sorted(whole))
        if chance.random() < 0.1:
            return {key: value for key, value in whole.items() if key != name}
        return {**whole, name: _with_something_odd(whole[name], chance)}
    at = chance.randrange(len(whole))
    return [*whole[:at], _with_something_odd(whole[at], chance), *whole[at + 1 :]]
