"""The page where an officer signs in on a handheld, opened by the app in the phone's own browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from sync_server import audit
from sync_server.console.doors import FORM, check_form_token, form_of, form_token, page, set_cookie
from sync_server.console.force_accounts import leave, welcome
from sync_server.console.pages import DonePage, HandheldPage, RefusedPage
from sync_server.context import Context
from sync_server.force_accounts.begun import Purpose
from sync_server.identity import accounts, flows
from sync_server.identity.accounts import HANDHELD_ROLES
from sync_server.identity.flows import Flow, FlowState
from sync_server.identity.refusals import FlowOver, FormExpired
from sync_server.limits import TooOften, address_of, context_of, limits_of

WRONG = "That user name and password do not fit together. Nothing was changed; try again."
NOT_FOR_HANDHELDS = "This account is not for devices. Sign in with the account you take records with."


async def show(request: Request) -> Response:
    """The handheld's name and code, and a place for user name and password."""
    limits = limits_of(request)
    limits.by_address.take(address_of(request))
    return await limits.pool.run(_show, context_of(request), request)


async def send(request: Request) -> Response:
    """Sign in on the handheld, or say that it is not mine."""
    form = await form_of(request)
    limits = limits_of(request)
    try:
        limits.sign_in.take(address_of(request))
    except TooOften as error:
        return page(RefusedPage.because(str(error)), 429)
    if form.get("action") == "force-account":
        return await _with_force_account(request, form)
    return await limits.pool.run(_send, context_of(request), request, form)


async def _with_force_account(request: Request, form: Mapping[str, str]) -> Response:
    """Off to the force's provider, for this handheld and no other."""
    context, flow = context_of(request), request.path_params["flow"]

    def look() -> None:
        with context.store.read() as db:
            flows.open_flow(db, flow, now=context.now())

    try:
        check_form_token(context, request, form)
        await limits_of(request).pool.run(look)
    except FlowOver as error:
        return page(RefusedPage.because(str(error)), 410)
    except FormExpired as error:
        return page(RefusedPage.because(str(error)), 403)
    return await leave(request, Purpose(flow=flow))


def _show(context: Context, request: Request) -> Response:
    try:
        with context.store.read() as db:
            flow = flows.open_flow(db, request.path_params["flow"], now=context.now())
    except FlowOver as error:
        return page(RefusedPage.because(str(error)), 410)
    return _page(context, request, flow)


def _send(context: Context, request: Request, form: Mapping[str, str]) -> Response:
    try:
        with context.store.read() as db:
            flow = flows.open_flow(db, request.path_params["flow"], now=context.now())
        check_form_token(context, request, form)
        if form.get("action") == "deny":
            context.store.write(lambda db: flows.deny(db, flow))
            return page(
                DonePage(title="Stopped", says="This sign-in was stopped. The device stays signed out.")
            )
        return _try(context, request, flow, form)
    except FlowOver as error:
        return page(RefusedPage.because(str(error)), 410)
    except FormExpired as error:
        return page(RefusedPage.because(str(error)), 403)


def _try(context: Context, request: Request, flow: Flow, form: Mapping[str, str]) -> Response:
    now = context.now()
    user = form.get("user", "").strip()
    with context.store.read() as db:
        account = accounts.by_user(db, user)
    local = account if context.settings.takes_password(user) else None
    fitted = accounts.password_fits(local, form.get("password", ""), now=now)
    right = account if fitted and account is not None and account.person.force == flow.force else None

    def note(db: Connection) -> None:
        if account is not None:
            accounts.note_try(db, account, fitted=fitted, now=now)
        if right is None:
            flows.note_wrong_password(db, flow)
        elif right.may(HANDHELD_ROLES):
            flows.allow(db, flow, account=right.id, now=now)
        if account is not None:
            what = "signed in on a handheld" if right is not None else "sign-in refused"
            audit.note(
                db,
                force=flow.force,
                record=f"account:{account.id}",
                who=account.id,
                what=what,
                at=now,
                detail={"device": flow.device},
            )

    context.store.write(note)
    if right is None:
        return _page(context, request, flow, user=user, wrong=WRONG)
    if not right.may(HANDHELD_ROLES):
        return _page(context, request, flow, user=user, wrong=NOT_FOR_HANDHELDS)
    return page(welcome(right, flow))


def _page(context: Context, request: Request, flow: Flow, *, user: str = "", wrong: str = "") -> Response:
    if flow.state is FlowState.DENIED:
        return page(RefusedPage.because("This sign-in was stopped. Start again from the device."), 410)
    if flow.state is FlowState.ALLOWED:
        return page(DonePage(title="Signed in", says="You can go back to the app. You can close this page."))
    token = form_token(context, request)
    shown = HandheldPage(
        flow=flow.id,
        device=flow.device_name,
        code=flow.compare_code,
        form_token=token,
        user=user,
        wrong=wrong,
        force_accounts=context.settings.provider is not None,
    )
    response = page(replace(shown, title=f"Error: {shown.title}") if wrong else shown, 403 if wrong else 200)
    set_cookie(context, response, FORM, token)
    return response
