"""The console's addresses, and which roles each is for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from sync_server.console import (
    audited,
    beside,
    cared_for,
    changes,
    children,
    councils,
    deliveries,
    desks,
    devices,
    duties,
    episode,
    episodes,
    ethnicity,
    force_accounts,
    handhelds,
    left_out,
    lists,
    looked,
    meeting,
    passed,
    photographs,
    places,
    profile,
    protections,
    quality,
    queue,
    records,
    recoveries,
    referring,
    register,
    restricted,
    restricting,
    retained,
    samples,
    schools,
)
from sync_server.console.doors import HEADERS, Endpoint, for_roles
from sync_server.console.lists import EXPLOITATION
from sync_server.console.scopes import CHOOSERS, READERS, RECORD_READERS
from sync_server.duties import passing
from sync_server.episodes import closing
from sync_server.force_accounts.provider import BACK
from sync_server.identity.accounts import CONSOLE_ROLES, Role

TEAM = frozenset({Role.VAT})
CLOSERS = frozenset(closing.CLOSERS)
RETRIERS = deliveries.RETRIERS
DELIVERIES = RETRIERS | {Role.MHET}
ADMIN = frozenset({Role.ADMIN})
AUDITORS = frozenset({Role.AUDITOR})
COUNCILS = frozenset({Role.LOCAL_AUTHORITY})
WATCHERS = ADMIN | AUDITORS
ANALYSTS = frozenset({Role.ANALYST})
COMMUNITY = frozenset({Role.COMMUNITY})
PLACES = frozenset({Role.MHET, Role.COMMUNITY})
CETS = frozenset({Role.CET})
ASKERS = frozenset(passing.ASKERS)
KEEPERS = frozenset({Role.RECORDS})
RESTRICTERS = frozenset({Role.MHET})
OPENERS = RECORD_READERS
_STATIC = files("sync_server.console") / "static"


class NotDressed(Exception):
    """What the pages are dressed with was never fetched. The server does not start without it."""


@dataclass(frozen=True, slots=True)
class Address:
    """One method and path, what answers it, and for whom. No roles: for anybody."""

    method: str
    path: str
    endpoint: Endpoint
    roles: frozenset[Role] = frozenset()


def style(name: str) -> Endpoint:
    """One of the style sheets: read once, when the server starts."""
    sheet = _STATIC.joinpath(name)
    if not sheet.is_file():
        raise NotDressed(
            f"The console's style sheet {sheet.name} is not here. Run make setup, which fetches it."
        )
    content = sheet.read_bytes()

    async def answer(_request: Request) -> Response:
        headers = {**HEADERS, "Cache-Control": "max-age=300"}
        return Response(content, headers=headers, media_type="text/css")

    return answer


ADDRESSES = (
    Address("GET", "/static/console.css", style("console.css")),
    Address("GET", "/static/govuk-frontend.css", style("govuk/govuk-frontend.min.css")),
    Address("GET", "/sign-in/{flow}", handhelds.show),
    Address("POST", "/sign-in/{flow}", handhelds.send),
    Address("POST", "/force-account", force_accounts.begin),
    Address("GET", BACK, force_accounts.back),
    Address("GET", "/sign-in", desks.ask),
    Address("POST", "/sign-in", desks.send),
    Address("POST", "/sign-out", for_roles(CONSOLE_ROLES, desks.sign_out), CONSOLE_ROLES),
    Address("GET", "/", for_roles(CONSOLE_ROLES, desks.home), CONSOLE_ROLES),
    Address("GET", "/register", for_roles(READERS, register.show), READERS),
    Address("POST", "/find", for_roles(READERS, register.find), READERS),
    Address("GET", "/children", for_roles(READERS, children.show), READERS),
    Address("POST", "/children/file", for_roles(READERS, children.take), READERS),
    Address("GET", "/daily-meeting", for_roles(READERS, meeting.show), READERS),
    Address("POST", "/daily-meeting/file", for_roles(READERS, meeting.take), READERS),
    Address("GET", "/episodes", for_roles(READERS, episodes.show), READERS),
    Address("GET", "/episodes/{episode}", for_roles(READERS, episode.show), READERS),
    Address("POST", "/episodes/{episode}/close", for_roles(CLOSERS, episode.close), CLOSERS),
    Address("POST", "/episodes/{episode}/open-again", for_roles(CLOSERS, episode.reopen), CLOSERS),
    Address("GET", "/quality", for_roles(READERS, quality.show), READERS),
    Address("GET", "/police-protection", for_roles(READERS, protections.show), READERS),
    Address("POST", "/police-protection/file", for_roles(READERS, protections.take), READERS),
    Address("GET", "/samples", for_roles(CHOOSERS, samples.show), CHOOSERS),
    Address("POST", "/samples", for_roles(CHOOSERS, samples.draw), CHOOSERS),
    Address("GET", "/samples/{sample}", for_roles(CHOOSERS, samples.one), CHOOSERS),
    Address("POST", "/samples/{sample}", for_roles(CHOOSERS, samples.write), CHOOSERS),
    Address("GET", "/lists", for_roles(READERS, lists.show), READERS),
    Address("GET", "/schools-not-told", for_roles(READERS, schools.show), READERS),
    Address("GET", "/ethnicity", for_roles(READERS, ethnicity.show), READERS),
    Address("GET", "/exploitation-meeting", for_roles(EXPLOITATION, left_out.show), EXPLOITATION),
    Address("GET", "/looked-after", for_roles(EXPLOITATION, cared_for.show), EXPLOITATION),
    Address("POST", "/looked-after/file", for_roles(EXPLOITATION, cared_for.take), EXPLOITATION),
    Address("GET", "/records/{record}", for_roles(OPENERS, records.show), OPENERS),
    Address("GET", "/records/{record}/revisions/{rev}", for_roles(OPENERS, records.show), OPENERS),
    Address("GET", "/records/{record}/revisions/{rev}/changes", for_roles(OPENERS, changes.show), OPENERS),
    Address(
        "GET", "/records/{record}/photographs/{attachment}", for_roles(OPENERS, photographs.show), OPENERS
    ),
    Address(
        "GET",
        "/records/{record}/photographs/{attachment}/file",
        for_roles(OPENERS, photographs.give),
        OPENERS,
    ),
    Address("POST", "/records/{record}/triage", for_roles(TEAM, queue.send), TEAM),
    Address("GET", "/two-versions", for_roles(CHOOSERS, beside.show), CHOOSERS),
    Address("GET", "/two-versions/{mark}", for_roles(CHOOSERS, beside.read), CHOOSERS),
    Address("POST", "/two-versions/{mark}", for_roles(CHOOSERS, beside.choose), CHOOSERS),
    Address("POST", "/records/{record}/danger", for_roles(TEAM, queue.act), TEAM),
    Address("GET", "/records/{record}/restrict", for_roles(RESTRICTERS, restricting.show), RESTRICTERS),
    Address("POST", "/records/{record}/restrict", for_roles(RESTRICTERS, restricting.restrict), RESTRICTERS),
    Address("GET", "/restricted", for_roles(READERS, restricted.show), READERS),
    Address("POST", "/restricted", for_roles(READERS, restricted.ask), READERS),
    Address("GET", "/restricted/{restriction}", for_roles(READERS, restricted.one), READERS),
    Address("POST", "/restricted/{restriction}", for_roles(READERS, restricted.open_it), READERS),
    Address(
        "POST", "/restricted/{restriction}/readers", for_roles(RESTRICTERS, restricting.change), RESTRICTERS
    ),
    Address("POST", "/restricted/{restriction}/end", for_roles(RESTRICTERS, restricting.end), RESTRICTERS),
    Address("GET", "/queue", for_roles(TEAM, queue.show), TEAM),
    Address("GET", "/tasks", for_roles(duties.TEAMS, duties.show), duties.TEAMS),
    Address("GET", "/tasks/{task}", for_roles(duties.TEAMS, duties.one), duties.TEAMS),
    Address("POST", "/tasks/{task}", for_roles(duties.TEAMS, duties.send), duties.TEAMS),
    Address("GET", "/problem-profile", for_roles(ANALYSTS, profile.show), ANALYSTS),
    Address("POST", "/problem-profile", for_roles(ANALYSTS, profile.ask), ANALYSTS),
    Address("GET", "/retention", for_roles(KEEPERS, retained.show), KEEPERS),
    Address("GET", "/retention/{record}", for_roles(KEEPERS, retained.one), KEEPERS),
    Address("POST", "/retention/{record}", for_roles(KEEPERS, retained.send), KEEPERS),
    Address("POST", "/tasks/{task}/involve", for_roles(COMMUNITY, passed.involve), COMMUNITY),
    Address("GET", "/records/{record}/community", for_roles(ASKERS, passed.show), ASKERS),
    Address("POST", "/records/{record}/community", for_roles(ASKERS, passed.send), ASKERS),
    Address("GET", "/records/{record}/refer", for_roles(CETS, referring.show), CETS),
    Address("POST", "/records/{record}/refer", for_roles(CETS, referring.send), CETS),
    Address("GET", "/places", for_roles(PLACES, places.show), PLACES),
    Address("GET", "/deliveries", for_roles(DELIVERIES, deliveries.show), DELIVERIES),
    Address("POST", "/deliveries/{delivery}/again", for_roles(RETRIERS, deliveries.again), RETRIERS),
    Address("GET", "/devices", for_roles(ADMIN, devices.show), ADMIN),
    Address("GET", "/devices/{device}", for_roles(ADMIN, devices.one), ADMIN),
    Address("POST", "/devices/{device}", for_roles(ADMIN, devices.decide), ADMIN),
    Address("POST", "/devices/{device}/count", for_roles(ADMIN, devices.let_count), ADMIN),
    Address("GET", "/recoveries/{request}", for_roles(ADMIN, recoveries.show), ADMIN),
    Address("POST", "/recoveries/{request}", for_roles(ADMIN, recoveries.say), ADMIN),
    Address("GET", "/looked", for_roles(WATCHERS, looked.show), WATCHERS),
    Address("GET", "/council", for_roles(COUNCILS, councils.show), COUNCILS),
    Address("GET", "/council/{told}", for_roles(COUNCILS, councils.one), COUNCILS),
    Address("POST", "/council/{told}/read", for_roles(COUNCILS, councils.confirm), COUNCILS),
    Address("POST", "/council/{told}/decision", for_roles(COUNCILS, councils.decide), COUNCILS),
    Address("GET", "/audit", for_roles(AUDITORS, audited.show), AUDITORS),
    Address("POST", "/audit/file", for_roles(AUDITORS, audited.take), AUDITORS),
    Address("POST", "/audit/check", for_roles(AUDITORS, audited.check), AUDITORS),
)


def add_console(app: FastAPI) -> None:
    """Put the console's addresses into the application."""
    for address in ADDRESSES:
        app.add_route(address.path, address.endpoint, methods=[address.method], include_in_schema=False)
