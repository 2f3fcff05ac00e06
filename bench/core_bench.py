"""The core: what one return check weighs on the wire, and what reading it through costs.

Weighed are a check with every answer that is needed, and one with an answer to
everything, which nobody writes in one night; the times are those of the second.
"""

from __future__ import annotations

import gc
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from statistics import median, quantiles
from typing import Any

from bench.full_check import (
    AT,
    BOOKLET,
    FORCE,
    GUIDE,
    full_booklet,
    full_check,
    needed_check,
    records,
)
from booklets.checks.wording import forget_texts
from booklets.definitions import force, form, guide
from booklets.drafts import encounter_to_json
from booklets.encounters import review
from booklets.forms import Stage
from booklets.posting import header_of
from booklets.records import Record
from booklets.sealing import KemKey, SigningKey, seal_envelope, sign_request, usable_suites
from booklets.wire import canonical, digest, pack, record_to_json
from field_app.ui.quick_pages import SELDOM

LARGEST = "ppn"
DEVICE = "device-0001"
URL = "https://homeward.example.police.uk/v1/submissions"
# A usual record may weigh 3,500 bytes under suite 1. Suite 2 adds 1,088 bytes for each of two recipients.
# A record must be there within 6 s over 20 kbit/s with 0.8 s to the server and back: for two large ones
# that leaves, after the handshakes, 20,000 bytes.
MOST_NEEDED = {1: 2 * 3_500, 2: 2 * (3_500 + 2 * 1_088)}
MOST_FULL = {1: 20_000, 2: 20_000}


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Bytes first, then times."""
    encounter = full_check()
    both = records(encounter)
    yield from _bytes("needed", records(needed_check()), MOST_NEEDED)
    yield from _bytes("full", both, MOST_FULL)
    times = 400 if full else 100
    largest = max(both, key=lambda record: len(pack(record)))
    written = canonical(record_to_json(largest))
    yield _timed(
        "core.digest_p50",
        lambda: digest(largest),
        times=times,
        goal=5.0,
        anchor={"json and sha256 alone, ms": _median_ms(lambda: _plain_digest(written), times)},
    )
    yield _timed(
        "core.pack_p50",
        lambda: pack(largest),
        times=times,
        goal=15.0,
        anchor={"digest alone, ms": _median_ms(lambda: digest(largest), times)},
    )
    yield _timed(
        "core.review_p50",
        lambda: review(encounter, guide(GUIDE), force(FORCE), AT, Stage.CAPTURE),
        times=times,
        goal=16.0,
        anchor={"one frame at 60 Hz, ms": 16.7},
    )
    yield _timed(
        "core.draft_json_p50",
        lambda: canonical(encounter_to_json(encounter)),
        times=times,
        goal=10.0,
        anchor={"bytes of the draft": len(canonical(encounter_to_json(encounter)))},
    )
    with _looked_through_as_in_the_app():
        yield from _booklet(times)


@contextmanager
def _looked_through_as_in_the_app() -> Iterator[None]:
    """Python looks for what nobody holds as seldom as on a handheld: else it falls into each tenth step."""
    usually = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usually)


def _booklet(times: int) -> Iterator[dict[str, Any]]:
    """A whole missing booklet: at first sight, again after one answer changed; and its form loaded."""
    whole, the_guide, settings = full_booklet(), guide(BOOKLET), force(FORCE)
    text = the_guide.field("mis.circumstances")
    changes = cycle(whole.answer(text, f"She left at {number}.", at=AT) for number in range(50))
    size = {"answers": len(whole.answers), "persons, places, objects": len(whole.entities)}

    yield _timed(
        "core.review_booklet_p95",
        lambda: review(whole, the_guide, settings, AT, Stage.COMPLETE),
        before=forget_texts,  # each text is read for the first time
        times=times,
        goal=50.0,
        anchor=size,
        share=95,
    )
    yield _timed(
        "core.review_one_change_p95",
        lambda: review(next(changes), the_guide, settings, AT, Stage.COMPLETE),
        times=times,
        goal=10.0,
        anchor=size,
        share=95,
    )
    yield _timed(
        "core.form_loaded_p95",
        lambda: form.__wrapped__(LARGEST),
        times=times,
        goal=30.0,
        anchor={"form": LARGEST},
        share=95,
    )


def _bytes(which: str, both: tuple[Record, ...], most: dict[int, int]) -> Iterator[dict[str, Any]]:
    """What leaves the phone for one check: request line, headers, envelope; for each suite there is."""
    plain = sum(len(canonical(record_to_json(record))) for record in both)
    for suite in usable_suites():
        sizes = [sum(_on_the_wire(record, suite).values()) for record in both]
        yield {
            "name": f"core.wire_bytes_{which}_suite_{suite}",
            "value": sum(sizes),
            "unit": "bytes",
            "anchor": {
                "the same as bare JSON": plain,
                "records": len(both),
                "parts": [_on_the_wire(record, suite) for record in both],
            },
            "goal": most[suite],
            "ok": sum(sizes) <= most[suite],
            "samples": sizes,
        }


def _on_the_wire(record: Record, suite: int) -> dict[str, int]:
    """The parts of one submission in bytes, as HTTP/1.1 writes them (TLS not counted)."""
    body = pack(record)
    key = SigningKey.generate()
    recipients = [KemKey.generate(suite).public for _ in range(2)]  # the force's key and its recovery key
    envelope = seal_envelope(header_of(record), body, to=recipients, signer=key)
    headers = {
        "Host": "homeward.example.police.uk",
        "Content-Type": "application/vnd.homeward.sealed",
        "Content-Length": str(len(envelope)),
        "Authorization": f"Homeward {secrets.token_urlsafe(32)}",
        "Idempotency-Key": f"{record.header.record}/{record.header.revision}",
    }
    headers |= sign_request(
        method="POST", url=URL, headers=headers, body=envelope, key=key, device=DEVICE, now=AT
    )
    lines = [
        "POST /v1/submissions HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers.items()),
        "",
        "",
    ]
    return {
        "packed": len(body),
        "seal": len(envelope) - len(body),
        "request": len("\r\n".join(lines).encode()),
    }


def _plain_digest(written: bytes) -> str:
    value = json.loads(written)
    return hashlib.sha256(
        json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def _timed(
    name: str,
    step: Callable[[], object],
    *,
    times: int,
    goal: float,
    anchor: dict[str, Any],
    share: int = 50,
    before: Callable[[], object] = lambda: None,
) -> dict[str, Any]:
    """``share`` is the percentage of samples that the value is not less than: 50 for the median.

    ``before`` is done before each step and is not counted.
    """
    samples = _samples_ms(step, times, before)
    value = round(quantiles(samples, n=100)[share - 1], 3)
    return {
        "name": name, "value": value, "unit": "ms", "anchor": anchor,
        "goal": goal, "ok": value <= goal, "samples": [round(one, 3) for one in samples],
    }  # fmt: skip


def _median_ms(step: Callable[[], object], times: int) -> float:
    return round(median(_samples_ms(step, times)), 3)


def _samples_ms(
    step: Callable[[], object], times: int, before: Callable[[], object] = lambda: None
) -> list[float]:
    samples = []
    for _ in range(times):
        before()
        begun = time.perf_counter()
        step()
        samples.append((time.perf_counter() - begun) * 1000)
    return samples
