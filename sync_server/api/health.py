"""What whoever watches a server asks it: whether it lives, whether it can work, and its figures."""

from __future__ import annotations

import hmac

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sync_server import health
from sync_server.api.answers import OURS, answer
from sync_server.health import Figures
from sync_server.limits import address_of, context_of, limits_of

SHOWN_AS = "Bearer "


async def lives(_request: Request) -> Response:
    """Whether this process answers at all. It asks nothing else: a new process mends no database."""
    return answer({"ok": True})


async def ready(request: Request) -> Response:
    """Whether everything that it needs is there: each by its name, with why where it is not."""
    limits_of(request).by_address.take(address_of(request))
    checks = await limits_of(request).pool.run(health.look, context_of(request))
    well = all(one.is_well for one in checks)
    return answer({"ready": well, "checks": {one.name: one.says for one in checks}}, 200 if well else 503)


async def metrics(request: Request) -> Response:
    """The figures for Prometheus, for whoever shows the word that was set; without one, for nobody."""
    context = context_of(request)
    token = context.settings.listening.metrics_token
    if not token:
        raise HTTPException(404)
    limits_of(request).by_address.take(address_of(request))
    shown = request.headers.get("authorization", "")
    if not hmac.compare_digest(shown.encode(), f"{SHOWN_AS}{token}".encode()):
        raise HTTPException(401)
    text = await limits_of(request).pool.run(figures_of(request).as_text, context)
    return Response(text, headers=OURS, media_type=CONTENT_TYPE_PLAIN_0_0_4)


def figures_of(request: Request) -> Figures:
    """The figures of the process answering this request."""
    figures = request.app.state.figures
    assert isinstance(figures, Figures)  # noqa: S101 - set by create_app
    return figures
