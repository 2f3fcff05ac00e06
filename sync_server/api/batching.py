"""Several sealed records come in with one question.

Each goes the way that it would go alone, in a transaction of its own, and has an answer of its own: the one
that it would have had alone. So a bad one holds back none of the others, and whatever is cut off on the way
is sent again and answered as it was the first time. What is no batch is refused before any of it is taken.

    207  {"results": [{"status": 201, "answer": "<a receipt>"}, {"status": 422, "answer": "<a refusal>"}, …]}

``answer`` is the text of that answer to the byte, for a receipt is signed; ``retry_after`` stands beside it
where the server wants to be asked later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from starlette.responses import Response

from booklets.batch import (
    BATCH_TYPE,
    DEFLATED,
    MOST_BYTES,
    MOST_ITEMS,
    BatchMalformed,
    inflated,
    unbound,
)
from sync_server.api.answers import packed_answer
from sync_server.api.promises import (
    COUNT,
    DIGITS,
    SEALED,
    TEXT,
    Gives,
    Promise,
    a_list,
    an_object,
    promises,
)
from sync_server.api.refusals import AppTooOld, WrongType, refused
from sync_server.api.signing import APP_HEADER, Call, OfficersCall, must_be_new_enough
from sync_server.api.submitting import answer_to, sender_of
from sync_server.db.store import StoreUnavailable
from sync_server.intake import take_in
from sync_server.limits import TooOften, limits_of

RESULT = an_object({"status": COUNT, "answer": TEXT}, may={"retry_after": DIGITS})


@promises(
    Promise(
        reads=SEALED,
        media_type=BATCH_TYPE,
        more_headers={"Content-Encoding": {"const": DEFLATED}, APP_HEADER: TEXT},
        gives={
            207: Gives(
                an_object({"results": a_list(RESULT, minItems=1, maxItems=MOST_ITEMS)}),
                more_headers={"Content-Encoding": {"const": DEFLATED}},
            )
        },
        refuses=(WrongType, AppTooOld, BatchMalformed),
    )
)
def take_batch(officers: OfficersCall) -> Response:
    """Take in several sealed records, and answer for each as if it had come alone."""
    envelopes = unbound(_batch(officers.call))
    must_be_new_enough(officers.call)
    results = [_result(answer) for answer in _answers(officers, envelopes)]
    return packed_answer(officers.call.request, {"results": results}, 207)


def _batch(call: Call) -> bytes:
    headers = call.request.headers
    packed = headers.get("content-encoding", "").strip().lower()
    if headers.get("content-type", "").partition(";")[0].strip() != BATCH_TYPE:
        raise WrongType(f"A batch is of type {BATCH_TYPE}.")
    if packed not in ("", DEFLATED):
        raise WrongType(f"A batch comes as it is, or packed with {DEFLATED}.")
    return inflated(call.body, most=MOST_BYTES) if packed else call.body


def _answers(officers: OfficersCall, envelopes: Sequence[bytes]) -> Iterator[Response]:
    """One after another; once the server can take no more, the rest is not tried and told the same."""
    call, sender = officers.call, sender_of(officers)
    not_now: Response | None = None
    for number, sealed in enumerate(envelopes):
        answer = not_now
        if answer is None:
            try:
                if number:  # the first was counted as the question
                    limits_of(call.request).by_device.take(call.device.id)
                answer = answer_to(call, take_in(call.context, sealed, sender=sender))
            except (StoreUnavailable, TooOften) as why:
                answer = not_now = refused(call.request, why)
        yield answer


def _result(answer: Response) -> dict[str, Any]:
    result: dict[str, Any] = {"status": answer.status_code, "answer": bytes(answer.body).decode()}
    if "retry-after" in answer.headers:
        result["retry_after"] = answer.headers["retry-after"]
    return result
