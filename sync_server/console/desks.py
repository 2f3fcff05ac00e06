"""Signing in and out at a desk, and where one comes to then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from sync_server import audit
from sync_server.console import doors
from sync_server.console.doors import FORM, VISIT, WAYS, WHY, WHY_HERE, Seen, go_to, page
from sync_server.console.pages import RefusedPage, SignInPage
from sync_server.context import Context
from sync_server.identity import accounts, visits
from sync_server.identity.accounts import CONSOLE_ROLES
from sync_server.identity.refusals import FormExpired
from sync_server.limits import TooOften, address_of, context_of, limits_of

WRONG = "That user name and password do not fit together."
WRONG_BESIDE = f"{WRONG} Most people sign in here with their force account."
NOT_HERE = "This account has no role at the console. Officers work on their devices."


async def ask(request: Request) -> Response:
    """The page to sign in on."""
    limits_of(request).by_address.take(address_of(request))
    return _ask(context_of(request), request, SignInPage(then=doors.then_in(request.query_params)))


async def send(request: Request) -> Response:
    """Sign in at the console."""
    form = await doors.form_of(request)
    limits = limits_of(request)
    try:
        limits.sign_in.take(address_of(request))
        doors.check_form_token(context_of(request), request, form)
    except TooOften as error:
        return page(RefusedPage.because(str(error)), 429)
    except FormExpired as error:
        return page(RefusedPage.because(str(error)), 403)
    return await limits.pool.run(_try, context_of(request), request, form)


def _try(context: Context, request: Request, form: Mapping[str, str]) -> Response:
    now = context.now()
    user = form.get("user", "").strip()
    with context.store.read() as db:
        account = accounts.by_user(db, user)
    why = form.get("why", "") if form.get("why", "") in WHY_HERE else next(iter(WHY_HERE))
    local = account if context.settings.takes_password(user) else None
    fitted = accounts.password_fits(local, form.get("password", ""), now=now)
    allowed = fitted and account is not None and account.may(CONSOLE_ROLES)

    def note(db: Connection) -> str:
        if account is None:
            return ""
        accounts.note_try(db, account, fitted=fitted, now=now)
        what = "signed in at the console" if allowed else "sign-in refused"
        chain = f"account:{account.id}"
        detail = {"why": why}
        audit.note(
            db, force=account.person.force, record=chain, who=account.id, what=what, at=now, detail=detail
        )
        return visits.start(db, account, now=now) if allowed else ""

    cookie = context.store.write(note)
    wrong = NOT_HERE if fitted else (WRONG_BESIDE if context.settings.provider else WRONG)
    shown = SignInPage(then=doors.then_in(form), user=user, wrong=wrong)
    if not cookie:
        return _ask(context, request, replace(shown, title=f"Error: {shown.title}"), 403)
    response = go_to(shown.then)
    doors.set_cookie(context, response, VISIT, cookie)
    doors.set_cookie(context, response, WHY, why)
    return response


def sign_out(seen: Seen) -> Response:
    """Leave."""
    seen.context.store.write(lambda db: visits.end(db, seen.visit))
    response = go_to("/sign-in")
    doors.drop_cookie(seen.context, response, VISIT)
    return response


def home(seen: Seen) -> Response:
    """The first of the places that this person may go to."""
    roles = seen.account.person.roles
    return go_to(next(href for _, href, may in WAYS.values() if may & roles))


def _ask(context: Context, request: Request, shown: SignInPage, status: int = 200) -> Response:
    token = doors.form_token(context, request)
    beside = context.settings.provider is not None
    shown = replace(shown, form_token=token, why=tuple(WHY_HERE.items()), force_accounts=beside)
    response = page(shown, status)
    doors.set_cookie(context, response, FORM, token)
    return response
