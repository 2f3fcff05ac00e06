"""Signing in from a handheld: begin, poll, refresh, sign out. The password is typed in the browser."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from booklets.answers import instant
from booklets.errors import WireError
from sync_server.api import reading
from sync_server.api.answers import answer
from sync_server.api.promises import (
    COUNT,
    INSTANT,
    TEXT,
    Gives,
    Promise,
    a_list,
    a_message,
    an_object,
    promises,
)
from sync_server.api.signing import Call, OfficersCall
from sync_server.db.store import StoreUnavailable
from sync_server.deciding.waiting import look
from sync_server.identity import accounts, flows, sessions
from sync_server.identity.accounts import Role
from sync_server.identity.refusals import FlowOver, SessionOver, SignInDenied
from sync_server.identity.sessions import Tokens

TOKENS = Gives(
    an_object(
        {
            "access_token": TEXT,
            "refresh_token": TEXT,
            "expires_in": COUNT,
            "session_until": INSTANT,
            "offline_until": INSTANT,
            "officer": an_object(
                {
                    **dict.fromkeys(("id", "name", "rank", "shoulder_no", "station", "force", "unit"), TEXT),
                    "roles": a_list({"enum": [one.value for one in Role]}),
                }
            ),
        }
    )
)


@promises(
    Promise(
        gives={
            200: Gives(
                an_object(
                    {
                        "flow": TEXT,
                        "verification_uri_complete": {"type": "string", "format": "uri"},
                        "user_code": TEXT,
                        "interval": COUNT,
                        "expires_in": COUNT,
                    }
                )
            )
        }
    )
)
def begin(call: Call) -> Response:
    """Start a sign-in: an address for the browser, and a code that both will show."""
    flow = call.context.store.write(lambda db: flows.begin(db, call.device, now=call.now))
    return answer(
        {
            "flow": flow.id,
            "verification_uri_complete": f"{call.context.settings.public_origin}/sign-in/{flow.id}",
            "user_code": flow.compare_code,
            "interval": flows.POLL_SECONDS,
            "expires_in": int(flows.FLOW_LIFETIME.total_seconds()),
        }
    )


@promises(
    Promise(
        reads=a_message({"flow": reading.a_text()}),
        gives={200: TOKENS, 202: Gives(an_object({"state": {"const": "pending"}}))},
        refuses=(WireError, FlowOver, SignInDenied),
    )
)
def token(call: Call) -> Response:
    """Ask whether the browser is done. Once it is, the tokens are given, this once."""
    flow = reading.text(reading.json_object(call.body), "flow")
    with call.context.store.read() as db:
        waiting = flows.is_pending(db, flow, by=call.device, now=call.now)
    if waiting:
        return answer({"state": "pending"}, 202)
    tokens = call.context.store.write(lambda db: _collected(db, flow, call))
    return answer({"state": "pending"}, 202) if tokens is None else answer(_given(tokens))


@promises(
    Promise(
        reads=a_message({"refresh_token": reading.a_text()}),
        gives={200: TOKENS},
        refuses=(WireError, SessionOver),
    )
)
def refresh(call: Call) -> Response:
    """New tokens for the old ones."""
    refresh_token = reading.text(reading.json_object(call.body), "refresh_token")
    tokens = call.context.store.write(
        lambda db: sessions.refresh(db, refresh_token, on=call.device, now=call.now)
    )
    if tokens is None:
        raise SessionOver("Please sign in again. Everything on this device is kept.")
    return answer(_given(tokens))


@promises(Promise(gives={200: Gives(an_object({}))}))
def sign_out(officers: OfficersCall) -> Response:
    """End the session. What is on the handheld stays, sealed; what waits for them is offered at once."""
    call, session = officers.call, officers.officer.session
    call.context.store.write(lambda db: sessions.end(db, session, because="signed out", now=call.now))
    with suppress(StoreUnavailable):  # then the next look in the background offers it
        look(call.context)
    return answer({})


def _collected(db: Connection, flow: str, call: Call) -> Tokens | None:
    account_id = flows.collect(db, flow, by=call.device, now=call.now)
    account = accounts.by_id(db, account_id) if account_id is not None else None
    return None if account is None else sessions.start(db, account, on=call.device, now=call.now)


def _given(tokens: Tokens) -> dict[str, Any]:
    person = tokens.person
    return {
        "access_token": tokens.access,
        "refresh_token": tokens.refresh,
        "expires_in": int(tokens.expires_in.total_seconds()),
        "session_until": instant(tokens.until),
        "offline_until": instant(tokens.offline_until),
        "officer": {
            "id": tokens.officer,
            "name": person.name,
            "rank": person.rank,
            "shoulder_no": person.shoulder_no,
            "station": person.station,
            "force": person.force,
            "unit": person.unit,
            "roles": sorted(person.roles),
        },
    }
