"""Asking one server at random, and keeping count of what it answers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from unittest import SkipTest

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from requests.adapters import HTTPAdapter
from schemathesis import Config, GenerationMode, HookContext
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.hooks import unregister
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from booklets.batch import BATCH_TYPE
from booklets.entities import new_id
from booklets.sealing import KemKey
from faults.callers import Callers, Signed, Way, a_way
from faults.known_words import AnyCase, Known
from sync_server.api.enrolling import KEM_BYTES
from sync_server.api.locked import VAULT_BYTES
from sync_server.api.promises import JSON
from sync_server.api.routes import ADDRESSES, Address
from sync_server.api.submitting import SEALED_TYPE
from sync_server.api.uploading import PIECE_TYPE, as_metadata
from sync_server.feed import CURSOR
from tests.support.devices import b64url

ROUNDS: Final = 4
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REFUSED: Final = {"checks": {"negative_data_rejection": {"expected-statuses": ["4xx", "503"]}}}
UNREADABLE: Final = frozenset({"unreadable_message", "cursor_unreadable", "wrong_type"})
NOT_PAST: Final = frozenset({"device_not_active", "too_often", "busy", "code_unknown", "code_used"})
"""Refusals that are no proof that the signature was found good, beside every 401."""
EARLY: Final = frozenset({"too_large", "no_such_address", "not_that_way"})

SAID: Final = as_metadata({"att": str(new_id()), "record": str(new_id()), "sha256": "0" * 64})

schemathesis.openapi.media_type(SEALED_TYPE, st.binary(max_size=64))
schemathesis.openapi.media_type(BATCH_TYPE, st.binary(max_size=64))
schemathesis.openapi.media_type(PIECE_TYPE, st.binary(max_size=64))
PRINTABLE: Final = st.characters(
    codec="utf-8",
    exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"],
    include_characters=" ",
)
schemathesis.openapi.format("printable", st.text(PRINTABLE, min_size=1, max_size=20))
schemathesis.openapi.format("sha256", st.binary(min_size=32, max_size=32).map(bytes.hex))
schemathesis.openapi.format("cursor", st.from_regex(CURSOR, fullmatch=True))
schemathesis.openapi.format(
    f"base64url-{VAULT_BYTES}", st.binary(min_size=VAULT_BYTES, max_size=VAULT_BYTES).map(b64url)
)
for suite, size in KEM_BYTES.items():
    keys = [b64url(KemKey.generate(suite).public.raw) for _ in range(4)]
    schemathesis.openapi.format(f"base64url-{size}", st.sampled_from(keys))
schemathesis.openapi.format("upload-metadata", st.just(SAID))


class From(HTTPAdapter):
    """Connections from one of the addresses of this machine."""

    def __init__(self, source: str) -> None:
        self._source = source
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """The same, from that address."""
        super().init_poolmanager(*args, **kwargs, source_address=(self._source, 0))


@dataclass
class Count:
    """How much was sent, how much got past the signature, what was answered wrongly, and who was let in."""

    sent: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    let_in: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    past: Counter[str] = field(default_factory=Counter)
    answers: dict[str, Counter[str]] = field(default_factory=dict)

    def __add__(self, other: Count) -> Count:
        """What two counted."""
        return Count(
            self.sent + other.sent,
            self.wrong + other.wrong,
            self.let_in + other.let_in,
            self.asked + other.asked,
            self.past + other.past,
            {
                route: self.answers.get(route, Counter()) + other.answers.get(route, Counter())
                for route in {**self.answers, **other.answers}
            },
        )


@dataclass
class Asking:
    """Asks the server at ``url``, by the document that it gives."""

    url: str
    callers: Callers
    known: Known
    chance: random.Random
    count: Count = field(default_factory=Count)
    _now: Signed | None = None
    _fits: bool = True

    def __post_init__(self) -> None:
        """Read the document. What a made-up signature gets is tried by the hook, which signs."""
        self.session = requests.Session()
        self.session.trust_env = False
        document = self.session.get(f"{self.url}/openapi.json", timeout=60).json()
        for operations in document["paths"].values():
            for said in operations.values():
                said.pop("security", None)
        self.schema = schemathesis.openapi.from_dict(document, config=Config.from_dict(REFUSED))
        self._seed = self.chance.randrange(2**32)

    def ask(self, many: int, addresses: Collection[Address] = ADDRESSES) -> None:
        """Send that many requests, as many to every address, in rounds: what one made, others ask for."""
        each, cannot_be_wrong = -(-many // (ROUNDS * len(addresses))), set[str]()
        with self._hooked():
            for round_ in range(ROUNDS):
                for number, address in enumerate(addresses):
                    start = self._seed + 100 * round_ + number
                    wrong = each // 4 if _route(address) not in cannot_be_wrong else 0
                    if wrong and not self._ask(address, GenerationMode.NEGATIVE, wrong, start):
                        cannot_be_wrong.add(_route(address))
                        wrong = 0
                    self._ask(address, GenerationMode.POSITIVE, each - wrong, start)

    @contextmanager
    def _hooked(self) -> Iterator[None]:
        def before_call(context: HookContext, case: AnyCase, kwargs: dict[str, Any]) -> None:
            self._prepare(case, kwargs)

        schemathesis.hook(before_call)
        try:
            yield
        finally:
            unregister(before_call)

    def _ask(self, address: Address, mode: GenerationMode, many: int, start: int) -> bool:
        """Send so many of one kind; False where an address has nothing that could be wrong."""
        operation = self.schema[address.path][address.method]

        @seed(start)
        @settings(
            max_examples=max(many, 1),
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), salt=st.integers(0, 2**64))
        def each(case: AnyCase, salt: int) -> None:
            self._one(address, case, fits=mode.is_positive)

        try:
            each()
        except (SkipTest, Unsatisfiable):
            return False
        return True

    def _prepare(self, case: AnyCase, kwargs: dict[str, Any]) -> None:
        address = next(one for one in ADDRESSES if (one.method, one.path) == (case.method, case.path))
        one, other = self.chance.sample(self.callers.handhelds, 2)
        way = a_way(address, self.chance)
        if way is Way.STOPPED and self.callers.stopped:
            one = self.callers.stopped
        elif self._fits:
            one = self.known.put(address, case, one)
        if other is one:
            other = next(each for each in self.callers.handhelds if each is not one)
        self._now = kwargs["auth"] = Signed(address, one, way, other)

    def _one(self, address: Address, case: AnyCase, *, fits: bool) -> None:
        route = _route(address)
        self._fits = fits
        session = self.session if address.enrolled or not address.signed else self._elsewhere()
        answer = case.call(base_url=self.url, session=session)
        signed = self._now
        assert signed is not None
        self._count(route, answer, signed.way)
        try:
            case.validate_response(answer, checks=CHECKS if fits else [*CHECKS, negative_data_rejection])
        except FailureGroup as found:
            for failure in found.exceptions:
                self._wrong(route, answer, f"{failure.title}: {failure.message}")
        refused = _refused(answer)
        must = fits and not self.known.odd and signed.way is Way.RIGHT and address.promise.media_type == JSON
        if must and refused in UNREADABLE:
            self._wrong(route, answer, f"what fits was refused: {answer.text} {case!r}")
        if signed.way is Way.TWICE:
            self._again(route, answer)
        self.known.hear(address, signed.handheld, answer)

    def _elsewhere(self) -> requests.Session:
        """A connection from an address of its own: from one only five wrong codes a minute are taken."""
        session = requests.Session()
        session.trust_env = False
        session.mount("http://", From(f"127.1.{self.chance.randrange(256)}.{self.chance.randrange(1, 255)}"))
        return session

    def _count(self, route: str, answer: Response, way: Way) -> None:
        self.count.sent += 1
        self.count.asked[route] += 1
        refused = _refused(answer)
        said = f"{answer.status_code} {refused}".strip()
        self.count.answers.setdefault(route, Counter())[said] += 1
        past = answer.status_code != 401 and refused not in NOT_PAST
        self.count.past[route] += past
        # Which key has to have signed an enrolment is said in its body, which is read before.
        early = refused in EARLY or (refused in UNREADABLE and route == "POST /v1/enrol")
        if past and way not in (Way.RIGHT, Way.TWICE) and not early:
            self.count.let_in[f"{route}: {way.value} got {answer.status_code} {refused}"] += 1

    def _again(self, route: str, first: Response) -> None:
        """The same bytes once more: what was taken once is not taken twice."""
        again = self.session.send(first.request)
        self.count.sent += 1
        self.count.asked[route] += 1
        if again.status_code < 300 and first.status_code < 300:
            self.count.let_in[f"{route}: a second time"] += 1

    def _wrong(self, route: str, answer: Response, why: str) -> None:
        self.count.wrong[f"{route} {answer.status_code}: {' '.join(why.split())[:300]}"] += 1


def _route(address: Address) -> str:
    return f"{address.method} {address.path}"


def _refused(answer: Response) -> str:
    return (answer.headers.get("homeward-refused") or [""])[0]
