"""Signing in and out at a desk, and the two pages for people there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from sync_server import audit
from sync_server.console import arrived, doors, records, words
from sync_server.console.doors import FORM, VISIT, Seen, go_to, page
from sync_server.console.pages import ArrivedPage, RefusedPage, SignInPage
from sync_server.context import Context
from sync_server.identity import accounts, visits
from sync_server.identity.accounts import CONSOLE_ROLES
from sync_server.identity.refusals import FormExpired
from sync_server.limits import TooOften, address_of, context_of, limits_of

WRONG = "That user name and password do not fit together."
NOT_HERE = "This account has no role at the console. Officers work on their handhelds."
HOME = "/"


async def ask(request: Request) -> Response:
    """The page to sign in on."""
    limits_of(request).by_address.take(address_of(request))
    return _ask(context_of(request), request, SignInPage(then=_then(request.query_params)))


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
    fitted = accounts.password_fits(account, form.get("password", ""), now=now)
    allowed = fitted and account is not None and account.may(CONSOLE_ROLES)

    def note(db: Connection) -> str:
        if account is None:
            return ""
        accounts.note_try(db, account, fitted=fitted, now=now)
        what = "signed in at the console" if allowed else "sign-in refused"
        chain = f"account:{account.id}"
        audit.note(db, force=account.person.force, record=chain, who=account.id, what=what, at=now)
        return visits.start(db, account, now=now) if allowed else ""

    cookie = context.store.write(note)
    shown = SignInPage(then=_then(form), user=user, wrong=NOT_HERE if fitted else WRONG)
    if not cookie:
        return _ask(context, request, replace(shown, title=f"Error: {shown.title}"), 403)
    response = go_to(shown.then)
    doors.set_cookie(context, response, VISIT, cookie)
    return response


def sign_out(seen: Seen) -> Response:
    """Leave."""
    seen.context.store.write(lambda db: visits.end(db, seen.visit))
    response = go_to("/sign-in")
    doors.drop_cookie(seen.context, response, VISIT)
    return response


def list_arrived(seen: Seen) -> Response:
    """What arrived, newest first."""
    asked = seen.request.query_params.get("from", "")
    skip = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0  # noqa: PLR2004
    person = seen.visit.account.person
    with seen.context.store.read() as db:
        rows, more = arrived.newest(db, person.force, skip=skip)
    seen.context.store.write(
        lambda db: audit.note(
            db,
            force=person.force,
            record=f"account:{seen.visit.account.id}",
            who=seen.visit.account.id,
            what="list read",
            at=seen.now,
            detail={"rows": len(rows)},
        )
    )
    return page(
        ArrivedPage(
            who=_who(seen),
            form_token=seen.visit.form_token,
            asked_at=words.day_and_time(seen.now),
            rows=rows,
            newer=f"/?from={max(0, skip - arrived.AT_ONCE)}" if skip else "",
            older=f"/?from={skip + arrived.AT_ONCE}" if more else "",
        )
    )


def show_record(seen: Seen) -> Response:
    """One record. That it was read is written down before it is shown (Data Protection Act 2018, s62)."""
    id_ = seen.request.path_params["record"]
    account = seen.visit.account
    with seen.context.store.read() as db:
        row = records.found(db, id_, force=account.person.force)
    if row is None:
        return page(RefusedPage.because("There is no such record, or it is not your force's."), 404)
    seen.context.store.write(
        lambda db: audit.note(
            db,
            force=account.person.force,
            record=row["record"],
            who=account.id,
            what="viewed",
            at=seen.now,
            detail={"rev": row["rev"]},
        )
    )
    with seen.context.store.read() as db:
        made = records.page(seen.context, db, row, who=_who(seen), form_token=seen.visit.form_token)
    return page(made)


def _who(seen: Seen) -> str:
    person = seen.visit.account.person
    return f"{person.rank} {person.name}"


def _ask(context: Context, request: Request, shown: SignInPage, status: int = 200) -> Response:
    token = doors.form_token(context, request)
    response = page(replace(shown, form_token=token), status)
    doors.set_cookie(context, response, FORM, token)
    return response


def _then(given: Mapping[str, str]) -> str:
    """Where to go afterwards: an address of this console, never somebody else's."""
    then = given.get("then", HOME)
    return then if then.startswith("/") and not then.startswith(("//", "/\\")) and then.isascii() else HOME
