"""Puts the server together. Decides nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from booklets.errors import BookletError
from sync_server.api.document import document
from sync_server.api.refusals import no_such_page, refused, went_wrong
from sync_server.api.routes import ADDRESSES, ROUTES, WATCHED
from sync_server.console.routes import add_console
from sync_server.context import Context
from sync_server.force_accounts.provider import BACK, Provider
from sync_server.health import Figures
from sync_server.health.counting import Timed
from sync_server.limits import Limits


def create_app(context: Context, *, force: str, limits: Limits | None = None) -> FastAPI:
    """The application for this context. ``force`` is what hello says to a handheld without one."""
    limits = limits or Limits()
    provider = _provider(context)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        limits.pool.close()
        limits.elsewhere.close()
        if provider is not None:
            provider.close()

    app = FastAPI(title="Homeward", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.context, app.state.limits, app.state.force = context, limits, force
    app.state.provider = provider
    app.state.figures = Figures()
    app.add_middleware(Timed, figures=app.state.figures, routes=ROUTES)
    for address in ADDRESSES:
        app.add_route(address.path, address.endpoint, methods=[address.method], include_in_schema=False)
    for path, endpoint in WATCHED.items():
        app.add_route(path, endpoint, methods=["GET"], include_in_schema=False)
    add_console(app)
    app.add_exception_handler(BookletError, refused)
    app.add_exception_handler(HTTPException, no_such_page)
    app.add_exception_handler(Exception, went_wrong)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def _provider(context: Context) -> Provider | None:
    """The sign-in of the server's force, where one was set. It is asked nothing before somebody uses it."""
    said, origin = context.settings.provider, context.settings.public_origin
    return None if said is None else Provider(said, f"{origin}{BACK}", context.now)
