"""What an officer says of a task, from a handheld: perhaps hours late, and counted once."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.responses import Response

from booklets.duties import MOST_TASKS, MOST_WORDS, OUTCOMES, Act, Acted, delays
from booklets.errors import WireError
from sync_server.api import reading
from sync_server.api.answers import answer
from sync_server.api.promises import (
    ID,
    INSTANT,
    YES_OR_NO,
    Gives,
    Promise,
    Schema,
    a_message,
    an_object,
    promises,
)
from sync_server.api.signing import OfficersCall
from sync_server.duties import Actor, Answer, act
from sync_server.duties.closing import Void


def _saying(act: Act) -> Schema:
    """One act of a task: closing needs its outcome, and being late its reason."""
    outcomes, reasons = ["", *OUTCOMES], ["", *delays()]
    return a_message(
        {
            "id": ID,
            "task": {"type": "integer", "minimum": 1, "maximum": MOST_TASKS},
            "act": {"const": act.value},
            "at": INSTANT,
            "outcome": {"enum": outcomes[act is Act.CLOSE :]},
            "delay_reason": {"enum": reasons[act is Act.DELAY :]},
            "words": {"type": "string", "maxLength": MOST_WORDS},
        }
    )


@promises(
    Promise(
        reads={"oneOf": [_saying(one) for one in Act]},
        gives={
            200: Gives(
                an_object(
                    {"id": ID, "stands": YES_OR_NO, "why_void": {"enum": ["", *(one.value for one in Void)]}}
                )
            )
        },
        refuses=(WireError,),
    )
)
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
