"""A part of the screen that answers after it has gone closes nothing.

Whoever scrolls to a question asks the part that scrolls, and it answers a moment later. A thumb that is
quicker has turned the page by then. Flet 1.0.5 takes an answer from a part that it no longer knows for a
broken connection and ends the window: the vault locks under the officer's hands.
"""

from __future__ import annotations

import logging
from typing import Any

from flet.messaging.session import Session

log = logging.getLogger(__name__)
AS_FLET_HAS_IT = Session.handle_invoke_method_results


def are_let_go() -> None:
    """From now on, in every window of this process. Whoever still waits for the answer gives up."""
    Session.handle_invoke_method_results = _heard  # type: ignore[method-assign, assignment]


def _heard(session: Session, control_id: int, call_id: str, result: Any, error: str | None) -> None:
    try:
        AS_FLET_HAS_IT(session, control_id, call_id, result, error)
    except RuntimeError:  # how Flet says that it does not know the part
        log.info("a part of the screen answered that has gone")
