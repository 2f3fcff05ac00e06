"""A handheld tells what was done with records on it."""

from __future__ import annotations

import re

from starlette.responses import Response

from booklets.errors import WireError
from booklets.handheld_log import MOST_AT_ONCE, MOST_QUESTIONS, Done, Entry
from sync_server.api import reading
from sync_server.api.answers import answer
from sync_server.api.promises import (
    ID,
    INSTANT,
    SUM,
    Gives,
    Promise,
    a_list,
    a_message,
    an_object,
    promises,
)
from sync_server.api.signing import OfficersCall
from sync_server.handhelds import logs

_LINK = re.compile("[0-9a-f]{64}")
_ENTRY = a_message(
    {
        "number": {"type": "integer", "minimum": 1, "maximum": 2**53},
        "at": INSTANT,
        "done": {"enum": list(Done)},
        "about": ID,
    },
    may={
        "rev": reading.a_whole(),
        "questions": a_list(reading.a_text(most=80), maxItems=MOST_QUESTIONS),
    },
)


@promises(
    Promise(
        reads=a_message({"before": SUM, "entries": a_list(_ENTRY, maxItems=MOST_AT_ONCE)}),
        gives={200: Gives(an_object({}))},
        refuses=(WireError,),
    )
)
def log(officers: OfficersCall) -> Response:
    """Take what was done on a handheld into the audit of what it is about."""
    call = officers.call
    content = reading.json_object(call.body)
    before, said = reading.text(content, "before", most=64), content.get("entries")
    if not _LINK.fullmatch(before):
        raise WireError("before has to be 64 hexadecimal digits.")
    if not isinstance(said, list) or len(said) > MOST_AT_ONCE:
        raise WireError(f"entries has to be a list of at most {MOST_AT_ONCE}.")
    entries = [Entry.from_json(one) for one in said]
    who, now = officers.officer.officer, call.context.now()
    call.context.store.write(
        lambda db: logs.take_in(db, entries, before, device=call.device, officer=who, now=now)
    )
    return answer({})
