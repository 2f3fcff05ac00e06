"""A handheld says which drafts it has, and brings a sealed copy of those that are not kept as they are."""

from __future__ import annotations

from starlette.responses import Response

from booklets.entities import read_id
from booklets.errors import WireError
from booklets.handing_on import MOST_COPIES
from booklets.sealing import EnvelopeMalformed
from sync_server import unsent
from sync_server.api import reading
from sync_server.api.answers import answer
from sync_server.api.promises import (
    ID,
    SEALED,
    TEXT,
    Gives,
    Promise,
    a_list,
    a_message,
    an_object,
    promises,
)
from sync_server.api.refusals import AppTooOld, WrongType
from sync_server.api.signing import APP_HEADER, OfficersCall, must_be_new_enough
from sync_server.api.submitting import SEALED_TYPE
from sync_server.giving import By

_DRAFT = a_message({"encounter": ID, "version": reading.a_whole()})


@promises(
    Promise(
        reads=a_message({"drafts": a_list(_DRAFT, maxItems=MOST_COPIES)}),
        gives={200: Gives(an_object({"lacking": a_list(ID)}))},
        refuses=(WireError,),
    )
)
def drafts(officers: OfficersCall) -> Response:
    """Which of this officer's drafts on this handheld are not kept here as they are there."""
    call = officers.call
    said = reading.json_object(call.body).get("drafts")
    if not isinstance(said, list) or len(said) > MOST_COPIES:
        raise WireError(f"drafts has to be a list of at most {MOST_COPIES}.")
    if not all(isinstance(one, dict) for one in said):
        raise WireError("Each of the drafts has to be an object.")
    there = {str(read_id(one.get("encounter"))): reading.whole(one, "version") for one in said}
    found = call.context.store.write(lambda db: unsent.lacking(db, there, _by(officers)))
    return answer({"lacking": found})


@promises(
    Promise(
        reads=SEALED,
        media_type=SEALED_TYPE,
        more_headers={APP_HEADER: TEXT},
        gives={200: Gives(an_object({}))},
        refuses=(WrongType, AppTooOld, WireError, EnvelopeMalformed),
    )
)
def keep(officers: OfficersCall) -> Response:
    """Keep a sealed copy of one draft, in place of the copy before."""
    call = officers.call
    if call.request.headers.get("content-type", "").partition(";")[0].strip() != SEALED_TYPE:
        raise WrongType(f"A draft is of type {SEALED_TYPE}.")
    must_be_new_enough(call)
    call.context.store.write(lambda db: unsent.keep(call.context, db, call.body, _by(officers)))
    return answer({})


def _by(officers: OfficersCall) -> By:
    return By(officers.officer.officer, officers.officer.person, officers.call.device)
