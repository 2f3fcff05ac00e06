"""One sealed record comes in.

The ``Idempotency-Key`` of a submission is part of what is signed, for whoever reads the request later. What
decides is inside the envelope: its record, its revision, and its bytes.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from sync_server.api.answers import bytes_answer, refusal
from sync_server.api.health import figures_of
from sync_server.api.promises import COUNT, INSTANT, SEALED, SUM, TEXT, Gives, Promise, an_object, promises
from sync_server.api.refusals import AppTooOld, WrongType
from sync_server.api.signing import APP_HEADER, Call, OfficersCall, must_be_new_enough
from sync_server.intake import Outcome, Result, Sender, take_in

SEALED_TYPE = "application/vnd.homeward.sealed"
RECEIPT_TYPE = "application/json"
TOO_EARLY = (
    "The version before this one has not arrived yet. Yours is kept, and counts as soon as that is here: "
    "you need do nothing."
)
ADDED_TO = "Something newer is already there. Yours is kept beside it, and a supervisor will look at both."
LOOK = "This cannot be read as a record. It is kept as it came, and somebody will look at it."
KEPT = "It is kept as it came, and an administrator will look at it."
WHY: Mapping[str, str] = {
    "author_never_signed_in": f"Whoever this is by has never signed in on this device. {KEPT}",
    "not_their_unit": f"This is for a unit that its author did not belong to here. {KEPT}",
    "not_theirs": f"This goes on with a record that is not its author's to go on with. {KEPT}",
}


RECEIPT = an_object(
    {
        "v": {"const": 1},
        "kid": TEXT,
        "record": TEXT,
        "rev": COUNT,
        "seq": COUNT,
        "digest": TEXT,
        "env_sha256": SUM,
        "received_at": INSTANT,
        "sig": TEXT,
    }
)
RECEIPTS = {200: Gives(RECEIPT, media_type=RECEIPT_TYPE), 201: Gives(RECEIPT, media_type=RECEIPT_TYPE)}
KEPT_APART: Mapping[str, int] = {"too_early": 409, "rev_conflict": 409, "invalid": 422}


@promises(
    Promise(
        reads=SEALED,
        media_type=SEALED_TYPE,
        more_headers={"Idempotency-Key": TEXT, APP_HEADER: TEXT},
        gives=RECEIPTS,
        refuses=(WrongType, AppTooOld),
        also=KEPT_APART,
    )
)
def submit(officers: OfficersCall) -> Response:
    """Take in one sealed record and answer with a signed receipt."""
    call = officers.call
    if call.request.headers.get("content-type", "").partition(";")[0].strip() != SEALED_TYPE:
        raise WrongType(f"A submission is of type {SEALED_TYPE}.")
    must_be_new_enough(call)
    return answer_to(
        call, take_in(call.context, call.body, sender=sender_of(officers), first=call.use_nonce)
    )


def sender_of(officers: OfficersCall) -> Sender:
    """Who hands it in."""
    device = officers.call.device
    return Sender(
        force=device.force,
        device=device.id,
        sign_pub=device.sign_pub,
        officer=officers.officer.officer,
        unit=officers.officer.unit,
    )


def answer_to(call: Call, outcome: Outcome) -> Response:
    """What the handheld is told of its submission."""
    figures_of(call.request).submission(outcome)
    match outcome.result:
        case Result.STORED:
            return bytes_answer(outcome.receipt, RECEIPT_TYPE, 201)
        case Result.REPEATED:
            return bytes_answer(outcome.receipt, RECEIPT_TYPE, 200)
        case Result.EARLY:
            return refusal("too_early", TOO_EARLY, 409, head_rev=outcome.head_rev)
        case Result.CONFLICT:
            return refusal("rev_conflict", ADDED_TO, 409, head_rev=outcome.head_rev)
        case Result.INVALID:
            says = next((WHY[code] for code in outcome.codes if code in WHY), LOOK)
            return refusal("invalid", says, 422, codes=list(outcome.codes))
