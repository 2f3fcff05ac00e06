"""One sealed record comes in."""

from __future__ import annotations

from starlette.responses import Response

from sync_server.api.signing import OfficersCall


def submit(officers: OfficersCall) -> Response:
    """Take in one sealed record and answer with a signed receipt."""
    raise NotImplementedError(officers)
