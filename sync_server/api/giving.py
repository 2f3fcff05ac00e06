"""A draft is given to a colleague, taken over, or taken back: once each, however often it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection
from starlette.responses import Response

from booklets.errors import WireError
from booklets.sealing import EnvelopeMalformed
from sync_server import giving
from sync_server.api import reading
from sync_server.api.answers import answer
from sync_server.api.promises import SEALED, TEXT, YES_OR_NO, Gives, Promise, a_message, an_object, promises
from sync_server.api.refusals import AppTooOld, WrongType
from sync_server.api.signing import APP_HEADER, OfficersCall, must_be_new_enough
from sync_server.api.submitting import SEALED_TYPE
from sync_server.context import Context
from sync_server.giving import By, Why

ACTS: Mapping[str, Callable[[Context, Connection, str, By], Why | None]] = {
    "take": giving.take,
    "take_back": giving.take_back,
}


ANSWERED = {
    200: Gives(an_object({"stands": YES_OR_NO, "why_void": {"enum": ["", *(one.value for one in Why)]}}))
}


@promises(
    Promise(
        reads=SEALED,
        media_type=SEALED_TYPE,
        more_headers={APP_HEADER: TEXT},
        gives=ANSWERED,
        refuses=(WrongType, AppTooOld, WireError, EnvelopeMalformed),
    )
)
def give(officers: OfficersCall) -> Response:
    """Keep one sealed draft, and offer it to a colleague or to the unit."""
    call = officers.call
    if call.request.headers.get("content-type", "").partition(";")[0].strip() != SEALED_TYPE:
        raise WrongType(f"A draft is of type {SEALED_TYPE}.")
    must_be_new_enough(call)

    def work(db: Connection) -> Why | None:
        call.use_nonce(db)
        return giving.give(call.context, db, call.body, _by(officers))

    return _answer(call.context.store.write(work))


@promises(Promise(reads=a_message({"act": {"enum": list(ACTS)}}), gives=ANSWERED, refuses=(WireError,)))
def act(officers: OfficersCall) -> Response:
    """Take a draft over, or take one back that was given."""
    call = officers.call
    what = reading.text(reading.json_object(call.body), "act", most=20)
    if what not in ACTS:
        raise WireError("act must be take or take_back")

    def work(db: Connection) -> Why | None:
        call.use_nonce(db)
        return ACTS[what](call.context, db, call.request.path_params["given"], _by(officers))

    return _answer(call.context.store.write(work))


def _by(officers: OfficersCall) -> By:
    return By(officers.officer.officer, officers.officer.person, officers.call.device)


def _answer(why: Why | None) -> Response:
    return answer({"stands": why is None, "why_void": why.value if why else ""})
