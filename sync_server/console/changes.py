"""One revision held against the one before: question by question, what was said and what is said now."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from starlette.responses import Response

from booklets.reading import Document, Line, read
from booklets.records import Record
from sync_server import evidence
from sync_server.console import scopes
from sync_server.console.doors import Seen, page
from sync_server.console.marks import child_of, title_of
from sync_server.console.pages import ChangesPage, ChangeView, RefusedPage
from sync_server.console.records import NOT_THERE, note_view, revision_in
from sync_server.notices import reference_of

Key = tuple[str, str]


def show(seen: Seen) -> Response:
    """What changed with a revision. Reading it is reading both, and is written down first."""
    with seen.context.store.read() as db:
        row = scopes.found(db, seen.request.path_params["record"], seen.account.person)
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
            changes=tuple(changed(before, after)),
            back=back if rev == row["rev"] else f"{back}/revisions/{rev}",
        )
    )


def changed(before: Record, after: Record) -> Iterator[ChangeView]:
    """Every question whose answer is not what it was, in the order of the form."""
    was, now = _lines(read(before)), _lines(read(after))
    for key, (about, line) in {**now, **{key: was[key] for key in was if key not in now}}.items():
        then = tuple(was[key][1].flat()) if key in was else ()
        said = tuple(line.flat()) if key in now else ()
        if then != said:
            yield ChangeView(f"{about}: {line.label}" if about else line.label, then, said)


def _lines(document: Document) -> dict[Key, tuple[str, Line]]:
    """Every line by what it answers: a question of the record, or a fact about somebody or something."""
    own = {(line.question, ""): ("", line) for part in document.parts for line in part.lines}
    facts = {
        (line.question, str(mention.entity)): (mention.name, line)
        for mention in document.mentions
        for line in mention.lines
    }
    return own | facts
