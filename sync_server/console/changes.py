"""One revision held against the one before: question by question, what was said and what is said now."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from booklets import comparing
from booklets.comparing import Change, Difference
from sync_server import evidence
from sync_server.console import scopes
from sync_server.console.doors import Seen, page
from sync_server.console.marks import child_of, title_of
from sync_server.console.pages import ChangesPage, ChangeView, RefusedPage
from sync_server.console.records import NOT_THERE, note_view, revision_in
from sync_server.notices import reference_of


def show(seen: Seen) -> Response:
    """What changed with a revision. Reading it is reading both, and is written down first."""
    with seen.context.store.read() as db:
        row = scopes.opened(db, seen.request.path_params["record"], seen.account.person)
        rev = revision_in(seen, row)
        safe = seen.context.keys.safe
        kept = [evidence.record_of(db, safe, row["record"], one) if row else None for one in (rev - 1, rev)]
    before, after = kept
    if row is None or before is None or after is None:
        return page(RefusedPage(**seen.frame("register"), says=NOT_THERE), 404)
    for one in (rev - 1, rev):
        note_view(seen, row["record"], one)
    back = f"/records/{row['record']}"
    named = f"{title_of(row['form'])}, {reference_of(UUID(row['record']))}"
    child, _ = child_of(
        next((one for one in after.entities if one.id == after.header.subject), None), seen.now
    )
    return page(
        ChangesPage(
            **seen.frame("register"),
            title=f"What changed with revision {rev}: {child}",
            heading=child,
            under=f"What changed with revision {rev} of {named}, held against revision {rev - 1}",
            changes=tuple(map(view_of, comparing.changes(before, after))),
            back=back if rev == row["rev"] else f"{back}/revisions/{rev}",
        )
    )


def view_of(one: Change) -> ChangeView:
    """An answer as it was and as it is, what went and what came marked in each."""
    pieces = one.pieces()
    return ChangeView(
        label=f"{one.about}: {one.label}" if one.about else one.label,
        before=tuple(
            (piece.words, piece.difference is Difference.REMOVED)
            for piece in pieces
            if piece.difference is not Difference.ADDED
        ),
        after=tuple(
            (piece.words, piece.difference is Difference.ADDED)
            for piece in pieces
            if piece.difference is not Difference.REMOVED
        ),
    )
