"""What a handheld says on its own, with nobody signed in: while it is locked, or after it was stopped."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

from sqlalchemy import Connection, RowMapping
from starlette.responses import Response

from booklets.answers import instant
from booklets.errors import WireError
from booklets.sealing import BadSignature, EnvelopeMalformed, read_envelope
from sync_server.api import reading
from sync_server.api.answers import answer
from sync_server.api.promises import (
    BYTES,
    INSTANT,
    SEALED,
    TEXT,
    YES_OR_NO,
    Gives,
    Promise,
    a_message,
    an_object,
    promises,
)
from sync_server.api.refusals import WrongType
from sync_server.api.signing import Call
from sync_server.api.submitting import KEPT_APART, RECEIPTS, SEALED_TYPE, answer_to
from sync_server.handhelds import HandheldRefused, orders, recovery
from sync_server.handhelds.recovery import Question, Stage
from sync_server.identity import devices
from sync_server.identity.devices import DeviceState
from sync_server.intake import Sender, take_in

NOT_ERASED = "not_erased"
MOST_ORDERS = 2**31 - 1
VAULT_BYTES = 16
LONGEST_SEALED = 4096


@promises(
    Promise(reads=SEALED, media_type=SEALED_TYPE, gives=RECEIPTS, refuses=(WrongType,), also=KEPT_APART)
)
def sealed_before(call: Call) -> Response:
    """Take in what was sealed before the handheld was locked or stopped; its signature says whose it is."""
    if call.request.headers.get("content-type", "").partition(";")[0].strip() != SEALED_TYPE:
        raise WrongType(f"A submission is of type {SEALED_TYPE}.")
    device = call.device
    sender = Sender(force=device.force, device=device.id, sign_pub=device.sign_pub, officer=_whose(call))
    stopped = device.state is not DeviceState.ACTIVE
    return answer_to(call, take_in(call.context, call.body, sender=sender, stopped=stopped))


@promises(
    Promise(
        reads=a_message(
            {"number": reading.a_whole(most=MOST_ORDERS)},
            may={"done": YES_OR_NO, NOT_ERASED: reading.a_whole()},
        ),
        gives={200: Gives(an_object({}))},
        refuses=(WireError,),
    )
)
def order_heard(call: Call) -> Response:
    """The handheld follows an order, or has done all of it; or so many vaults hold up its wipe."""
    content = reading.json_object(call.body)
    number, done = reading.whole(content, "number", most=MOST_ORDERS), reading.yes(content, "done")
    left = reading.whole(content, NOT_ERASED) if NOT_ERASED in content else None

    def work(db: Connection) -> None:
        orders.note_heard(db, call.device, number, done=done, now=call.now)
        if left is not None:
            report = devices.report_of(db, call.device.id)
            devices.keep_report(db, call.device.id, {**report, NOT_ERASED: left})

    call.context.store.write(work)
    return answer({})


@promises(
    Promise(
        reads=a_message(
            {
                "vault": reading.some_bytes(size=VAULT_BYTES),
                "officer": reading.a_text(),
                "kid": reading.a_text(most=40),
                "sealed": reading.some_letters(most=LONGEST_SEALED),
            },
            may={"again": YES_OR_NO},
        ),
        gives={
            200: Gives(
                an_object(
                    {"state": {"enum": [one.value for one in Stage]}, "code": TEXT, "expires_at": INSTANT},
                    may={"suite": {"enum": [1, 2]}, "answer": BYTES},
                )
            )
        },
        refuses=(WireError, HandheldRefused),
    )
)
def ask_for_key(call: Call) -> Response:
    """Ask for a vault's key back, or how far that has come. Asking the same again asks nothing new."""
    content = reading.json_object(call.body)
    question = Question(
        vault=reading.raw(content, "vault", size=VAULT_BYTES),
        officer=reading.text(content, "officer"),
        kid=reading.text(content, "kid", most=40),
        sealed=reading.bytes_of_any_length(content, "sealed", most=LONGEST_SEALED),
    )
    again = reading.yes(content, "again")

    def work(db: Connection) -> RowMapping:
        return recovery.ask(db, call.device, question, again=again, now=call.now)

    row = call.context.store.write(work)
    said: dict[str, Any] = {
        "state": row["state"],
        "code": row["code"],
        "expires_at": instant(row["expires_at"]),
    }
    if Stage(row["state"]) is Stage.READY:
        said |= {"suite": row["suite"], "answer": urlsafe_b64encode(row["answer"]).rstrip(b"=").decode()}
    return answer(said)


@promises(
    Promise(
        reads=a_message({"vault": reading.some_bytes(size=VAULT_BYTES)}),
        gives={200: Gives(an_object({}))},
        refuses=(WireError,),
    )
)
def key_used(call: Call) -> Response:
    """The vault is open and has a new PIN."""
    vault = reading.raw(reading.json_object(call.body), "vault", size=VAULT_BYTES)
    call.context.store.write(lambda db: recovery.opened_again(db, call.device, vault, now=call.now))
    return answer({})


def _whose(call: Call) -> str:
    """The officer whom the envelope names, if this device signed it; nobody otherwise."""
    try:
        envelope = read_envelope(call.body)
        envelope.check(call.device.sign_pub)
    except (EnvelopeMalformed, BadSignature):
        return ""
    return envelope.header.officer
