"""Who may come in: cookies, forms, and the headers of every page."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from booklets.errors import WireError
from sync_server.console.drawing import drawn
from sync_server.console.pages import Page, RefusedPage, Way
from sync_server.console.scopes import CHOOSERS, READERS, RestrictedChild
from sync_server.context import Context
from sync_server.identity import visits
from sync_server.identity.accounts import Account, Role
from sync_server.identity.codes import new_secret, same
from sync_server.identity.refusals import FormExpired
from sync_server.identity.visits import Visit
from sync_server.keys import Slips
from sync_server.limits import MOST_FORM, address_of, bounded_body, context_of, limits_of

Endpoint = Callable[[Request], Awaitable[Response]]

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    # The address of a sign-in is a secret for five minutes, the address of a record is an id: tell neither.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
VISIT = "homeward-console"
GOING = "homeward-force-sign-in"
FORM = "homeward-form"
WHY = "homeward-why"
HOME = "/"
LONGEST_THEN = 500
NOT_FOR_YOUR_ROLE = (
    "This is about a restricted child ({reference}), of whom only named people may read. Ask the "
    "missing-from-home team."
)
WHY_HERE: Mapping[str, str] = {
    "duty": "The ordinary work of my team",
    "daily_meeting": "Daily meeting",
    "missing_now": "A child is missing now",
    "return_interview": "Return interview",
    "exploitation": "Exploitation review",
    "quality": "Quality of records",
    "data_request": "Somebody asks for their data",
    "court": "A court or council asks",
}
WAYS: Mapping[str, tuple[str, str, frozenset[Role]]] = {
    "queue": ("Vulnerability queue", "/queue", frozenset({Role.VAT})),
    "register": ("Register", "/register", READERS),
    "children": ("Children", "/children", READERS),
    "meeting": ("Daily meeting", "/daily-meeting", READERS),
    "episodes": ("Missing episodes", "/episodes", READERS),
    "quality": ("Quality", "/quality", READERS),
    "lists": ("Lists", "/lists", READERS),
    "restricted": ("Restricted", "/restricted", READERS),
    "two-versions": ("Two versions", "/two-versions", CHOOSERS),
    "tasks": ("Tasks", "/tasks", frozenset({Role.VAT, Role.MHET, Role.COMMUNITY, Role.CII})),
    "places": ("Places", "/places", frozenset({Role.MHET, Role.COMMUNITY})),
    "profile": ("Problem profile", "/problem-profile", frozenset({Role.ANALYST})),
    "retention": ("Due for review", "/retention", frozenset({Role.RECORDS})),
    "deliveries": ("Deliveries", "/deliveries", frozenset({Role.MHET, Role.ADMIN, Role.INTEGRATOR})),
    "devices": ("Devices", "/devices", frozenset({Role.ADMIN})),
    "council": ("What the police told you", "/council", frozenset({Role.LOCAL_AUTHORITY})),
    "audit": ("Audit", "/audit", frozenset({Role.AUDITOR})),
    "looked": ("Who looked", "/looked", frozenset({Role.ADMIN, Role.AUDITOR})),
}
"""Where one can go, and who: the first that somebody may go to is their home."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request at the console by somebody who is signed in and may be here."""

    context: Context
    request: Request
    visit: Visit
    now: datetime
    form: Mapping[str, str] = field(repr=False)

    @property
    def account(self) -> Account:
        """Who it is."""
        return self.visit.account

    @property
    def slips(self) -> Slips:
        """Seals what goes out in an address or a form, and opens it again."""
        return Slips.of(self.context.keys.safe)

    @property
    def why(self) -> str:
        """What they said at the door that they are here for: a code of ``WHY_HERE``."""
        given = self.request.cookies.get(cookie_name(self.context, WHY), "")
        return given if given in WHY_HERE else next(iter(WHY_HERE))

    def frame(self, here: str) -> dict[str, Any]:
        """What stands around every page: who they are, where else they may go, and where they are."""
        person = self.account.person
        return {
            "who": f"{person.rank} {person.name}",
            "form_token": self.visit.form_token,
            "ways": tuple(
                Way(name, href, here=one == here)
                for one, (name, href, roles) in WAYS.items()
                if person.roles & roles
            ),
        }


def page(content: Page, status: int = 200) -> Response:
    """A page, with the headers that every page has."""
    return Response(drawn(content), status, headers=dict(HEADERS), media_type="text/html")


def go_to(path: str) -> Response:
    """After a form: show a page that can be loaded again without sending anything."""
    return RedirectResponse(path, 303, headers=dict(HEADERS))


def for_roles(roles: frozenset[Role], work: Callable[[Seen], Response]) -> Endpoint:
    """A page for people with any of these roles. Others may sign in, or hear that it is not theirs."""

    async def endpoint(request: Request) -> Response:
        limits_of(request).by_address.take(address_of(request))
        form = await form_of(request) if request.method == "POST" else {}
        return await limits_of(request).pool.run(_let_in, roles, work, request, form)

    return functools.wraps(work)(endpoint)


def _let_in(
    roles: frozenset[Role], work: Callable[[Seen], Response], request: Request, form: Mapping[str, str]
) -> Response:
    context = context_of(request)
    now = context.now()
    cookie = request.cookies.get(cookie_name(context, VISIT), "")
    with context.store.read() as db:
        visit = visits.find(db, cookie, now=now) if cookie else None
    if visit is None:
        return go_to(f"/sign-in?then={quote(request.url.path)}")
    if not visit.account.may(roles):
        return page(RefusedPage.because("This page is for other roles than yours."), 403)
    if request.method == "POST":
        try:
            visit.check_form(form.get("form_token", ""))
        except FormExpired as error:
            return page(RefusedPage.because(str(error)), 403)
    if visits.wants_stretching(visit, now=now):
        context.store.write(lambda db: visits.stretch(db, visit, now=now))
    try:
        return work(Seen(context, request, visit, now, form))
    except RestrictedChild as it:
        return _restricted(it, visit, request)


def _restricted(it: RestrictedChild, visit: Visit, request: Request) -> Response:
    """To where a restricted child can be opened in need; to others it is said whom to ask."""
    if not visit.account.may(READERS):
        return page(RefusedPage.because(NOT_FOR_YOUR_ROLE.format(reference=it)), 403)
    then = f"?then={quote(request.url.path)}" if request.method == "GET" else ""
    return go_to(f"/restricted/{it.number}{then}")


async def form_of(request: Request) -> Mapping[str, str]:
    """What was filled in, each name once."""
    body = await bounded_body(request, MOST_FORM)
    try:
        return dict(parse_qsl(body.decode("ascii"), max_num_fields=40, encoding="utf-8", errors="strict"))
    except ValueError:
        raise WireError("not a form") from None


def cookie_name(context: Context, name: str) -> str:
    """The cookie's name. With https its prefix forbids any other host, path or scheme to set it."""
    return f"__Host-{name}" if _secure(context) else name


def then_in(given: Mapping[str, str]) -> str:
    """Where to go after signing in: an address of this console, never somebody else's."""
    then = given.get("then", HOME)
    ours = then.startswith("/") and not then.startswith(("//", "/\\")) and then.isascii()
    return then if ours and len(then) <= LONGEST_THEN else HOME


def set_cookie(
    context: Context, response: Response, name: str, value: str, *, lasts: timedelta | None = None
) -> None:
    """Give a cookie that no script can read, and that ends with the browser or once ``lasts`` is over."""
    response.set_cookie(
        cookie_name(context, name),
        value,
        max_age=int(lasts.total_seconds()) if lasts else None,
        path="/",
        secure=_secure(context),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(context: Context, response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(
        cookie_name(context, name), path="/", secure=_secure(context), httponly=True, samesite="lax"
    )


def form_token(context: Context, request: Request) -> str:
    """The token that this browser's forms carry before anybody is signed in."""
    return request.cookies.get(cookie_name(context, FORM)) or new_secret()


def check_form_token(context: Context, request: Request, form: Mapping[str, str]) -> None:
    """Refuse a form that this browser was not given by us."""
    given = request.cookies.get(cookie_name(context, FORM), "")
    if not given or not same(given, form.get("form_token", "")):
        raise FormExpired("That page was too old to send. Load it again and fill it in once more.")


def _secure(context: Context) -> bool:
    return context.settings.public_origin.startswith("https://")
