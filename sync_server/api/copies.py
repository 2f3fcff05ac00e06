"""A handheld asks which of its sealed copies may go, and is asked for what is not here any more."""

from __future__ import annotations

import re

from starlette.responses import Response

from booklets.errors import WireError
from sync_server.api import reading
from sync_server.api.answers import answer
from sync_server.api.promises import SUM, Gives, Promise, a_list, a_message, an_object, promises
from sync_server.api.signing import Call
from sync_server.backups.covering import covered

MOST = 100
_SUM = re.compile(r"[0-9a-f]{64}")


@promises(
    Promise(
        reads=a_message({"copies": a_list(SUM, maxItems=MOST)}),
        gives={200: Gives(an_object({"safe": a_list(SUM), "missing": a_list(SUM)}))},
        refuses=(WireError,),
    )
)
def copies(call: Call) -> Response:
    """Which of these sealed copies a backup has, and which are not here at all."""
    sums = reading.json_object(call.body).get("copies")
    if not isinstance(sums, list) or len(sums) > MOST:
        raise WireError(f"copies has to be a list of at most {MOST} sums.")
    if not all(isinstance(one, str) and _SUM.fullmatch(one) for one in sums):
        raise WireError("A sum has to be 64 hexadecimal digits.")
    with call.context.store.read() as db:
        found = covered(db, sums, device=call.device.id)
    return answer({"safe": list(found.safe), "missing": list(found.missing)})
