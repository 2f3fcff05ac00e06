"""To the force's own sign-in and back: for a desk, and for an officer's handheld.

The form leads to a page that leads on, and not at once to the provider: a browser that holds a form to our
own addresses would follow it nowhere else. The address that the browser comes back under holds the code; it
is good once, for a few seconds and for this server alone, and no log of ours has addresses.
"""

from __future__ import annotations

import logging
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from sync_server import audit
from sync_server.console import doors
from sync_server.console.doors import GOING, VISIT, WHY, WHY_HERE, go_to, page
from sync_server.console.pages import DonePage, GoingPage, RefusedPage
from sync_server.context import Context
from sync_server.force_accounts import begun, people
from sync_server.force_accounts.begun import LIFETIME, Begun, Purpose
from sync_server.force_accounts.people import HOW, Refused, Told
from sync_server.force_accounts.provider import CameBack, Provider
from sync_server.force_accounts.refusals import ForceSignInRefused, NotBegunHere, ProviderAway
from sync_server.identity import flows, visits
from sync_server.identity.accounts import CONSOLE_ROLES, HANDHELD_ROLES, Account
from sync_server.identity.flows import Flow
from sync_server.identity.refusals import FlowOver, FormExpired
from sync_server.keys import Slips
from sync_server.limits import TooOften, address_of, context_of, limits_of

log = logging.getLogger(__name__)

NONE_HERE = "This server has no sign-in with force accounts. Sign in with a user name and password."
NOT_AT_THE_CONSOLE = "Your groups give you no role at the console. Officers work on their devices."
NOT_ON_HANDHELDS = "Your groups give you no role on a device. Work at the console is done at a desk."


def provider_of(request: Request) -> Provider | None:
    """The provider of the server's force, where one was set."""
    found: Provider | None = request.app.state.provider
    return found


async def begin(request: Request) -> Response:
    """Somebody at a desk presses the button for their force account."""
    form = await doors.form_of(request)
    try:
        limits_of(request).sign_in.take(address_of(request))
        doors.check_form_token(context_of(request), request, form)
    except TooOften as error:
        return page(RefusedPage.because(str(error)), 429)
    except FormExpired as error:
        return page(RefusedPage.because(str(error)), 403)
    why = form.get("why", "")
    purpose = Purpose(then=doors.then_in(form), why=why if why in WHY_HERE else next(iter(WHY_HERE)))
    return await leave(request, purpose)


async def leave(request: Request, purpose: Purpose) -> Response:
    """Keep what this sign-in is for, and show the way to the provider."""
    provider = provider_of(request)
    if provider is None:
        return page(RefusedPage.because(NONE_HERE), 404)
    return await limits_of(request).elsewhere.run(_leave, context_of(request), provider, purpose)


def _leave(context: Context, provider: Provider, purpose: Purpose) -> Response:
    try:
        provider.look()
    except ForceSignInRefused as error:
        return _refused(error, purpose)
    leaving = context.store.write(
        lambda db: begun.begin(
            db,
            Slips.of(context.keys.safe),
            purpose,
            force=context.settings.force,
            asks_anew=bool(purpose.flow) or not provider.said.single_sign_on,
            now=context.now(),
        )
    )
    there = provider.way_there(leaving)
    response = page(GoingPage(href=there))
    response.headers["Refresh"] = f"0; url={there}"
    doors.set_cookie(context, response, GOING, leaving.cookie, lasts=LIFETIME)
    return response


async def back(request: Request) -> Response:
    """The browser comes back from the provider."""
    limits = limits_of(request)
    try:
        limits.by_address.take(address_of(request))
    except TooOften as error:
        return page(RefusedPage.because(str(error)), 429)
    provider = provider_of(request)
    if provider is None:
        return page(RefusedPage.because(NONE_HERE), 404)
    return await limits.elsewhere.run(_back, context_of(request), provider, request)


def _back(context: Context, provider: Provider, request: Request) -> Response:
    brought, now = request.query_params, context.now()
    cookie = request.cookies.get(doors.cookie_name(context, GOING), "")
    slips = Slips.of(context.keys.safe)
    mine = context.store.write(
        lambda db: begun.take(db, slips, state=brought.get("state", ""), cookie=cookie, now=now)
    )
    if mine is None:
        return _refused(NotBegunHere(), Purpose())
    came = CameBack(code=brought.get("code", ""), issuer=brought.get("iss", ""), refused="error" in brought)
    try:
        who = people.told(provider.who(came, mine), provider.said)
    except ForceSignInRefused as error:
        return _refused(error, mine.purpose)
    return _let_in(context, provider, mine, who)


def _let_in(context: Context, provider: Provider, mine: Begun, who: Told) -> Response:
    """Start what a password would have started, and write down the same; or say why not."""
    force, purpose = context.settings.force, mine.purpose

    def write(db: Connection) -> tuple[Account | Refused, str | Flow]:
        found = people.let_in(db, who, provider.said, force=force, now=context.now())
        if isinstance(found, Refused):
            if found.account is not None:
                code = found.because.code
                _note(db, found.account, "sign-in refused", purpose, context=context, because=code)
            return found, ""
        if purpose.flow:
            return found, _on_a_handheld(db, context, found, purpose)
        return found, _at_a_desk(db, context, found, purpose)

    try:
        found, given = context.store.write(write)
    except FlowOver as error:
        return page(RefusedPage.because(str(error)), 410)
    if isinstance(found, Refused):
        return _refused(found.because, purpose)
    if isinstance(given, Flow):
        return page(welcome(found, given))
    if not given:
        says = NOT_ON_HANDHELDS if purpose.flow else NOT_AT_THE_CONSOLE
        return page(RefusedPage.because(says), 403)
    response = go_to(purpose.then)
    doors.drop_cookie(context, response, GOING)
    doors.set_cookie(context, response, VISIT, given)
    doors.set_cookie(context, response, WHY, purpose.why)
    return response


def welcome(account: Account, flow: Flow) -> DonePage:
    """What an officer reads once their handheld is signed in."""
    return DonePage(
        title="Signed in",
        says=f"{account.person.rank} {account.person.name}, you are signed in on {flow.device_name}.",
        more="You can go back to the app. You can close this page.",
    )


def _at_a_desk(db: Connection, context: Context, account: Account, purpose: Purpose) -> str:
    allowed = account.may(CONSOLE_ROLES)
    what = "signed in at the console" if allowed else "sign-in refused"
    _note(db, account, what, purpose, context=context)
    return visits.start(db, account, now=context.now()) if allowed else ""


def _on_a_handheld(db: Connection, context: Context, account: Account, purpose: Purpose) -> Flow | str:
    flow = flows.open_flow(db, purpose.flow, now=context.now())
    allowed = account.may(HANDHELD_ROLES) and account.person.force == flow.force
    if allowed:
        flows.allow(db, flow, account=account.id, now=context.now())
    what = "signed in on a handheld" if allowed else "sign-in refused"
    _note(db, account, what, purpose, context=context, device=flow.device)
    return flow if allowed else ""


def _note(
    db: Connection, account: Account, what: str, purpose: Purpose, *, context: Context, **more: str
) -> None:
    """The line that a sign-in with a password leaves as well, and how it was proven."""
    why = {"why": purpose.why} if purpose.why else {}
    audit.note(
        db,
        force=account.person.force,
        record=f"account:{account.id}",
        who=account.id,
        what=what,
        at=context.now(),
        detail={**why, "by": HOW, **more},
    )


def _refused(error: ForceSignInRefused, purpose: Purpose) -> Response:
    """Why not, what to do, and the way to another try. What the log is told are words of ours."""
    log.info("refused code=%s why=%s", error.code, error.why or "-")
    again = f"/sign-in/{purpose.flow}" if purpose.flow else f"/sign-in?then={quote(purpose.then)}"
    status = 503 if isinstance(error, ProviderAway) else 403
    shown = RefusedPage(
        title="Not signed in", says=str(error), back=again, back_words="Go to the sign-in page"
    )
    return page(shown, status)
