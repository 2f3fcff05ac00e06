"""What an officer says of a task, from a handheld: perhaps hours late, and counted once."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.responses import Response

from booklets.duties import Acted
from sync_server.api import reading
from sync_server.api.answers import answer
from sync_server.api.signing import OfficersCall
from sync_server.duties import Actor, Answer, act


def say(officers: OfficersCall) -> Response:
    """Take on a task, close it with its outcome, or say why it is late."""
    call = officers.call
    said = Acted.from_json(reading.json_object(call.body))
    by = Actor(officers.officer.officer, officers.officer.person)

    def work(db: Connection) -> Answer:
        call.use_nonce(db)
        return act(call.context, db, said, by)

    made = call.context.store.write(work)
    return answer({"id": str(said.id), "stands": made.stands, "why_void": made.why_void})
