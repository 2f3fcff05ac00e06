"""Photographs and drawn signatures of a record: which it lists, which are here, and one of them to be seen.

Whoever may read the record may look at its photographs, and nobody else. None is drawn before somebody asks
for that very one, because they may be hard to look at; that it was looked at is written down first. It is
opened while it is sent, lies nowhere unsealed, and is kept by no browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, select
from starlette.responses import Response, StreamingResponse

from booklets.photos import CAPTION, row_naming
from booklets.records import Attachment, Record
from booklets.signatures import is_drawn
from sync_server import attachments, audit, evidence
from sync_server.attachments import Standing, Unshowable
from sync_server.console import scopes, words
from sync_server.console.doors import HEADERS, Seen, page
from sync_server.console.marks import title_of
from sync_server.console.pages import Alert, Fact, Mark, PhotographPage, PhotographView, RefusedPage
from sync_server.db.attachments import kept
from sync_server.notices import reference_of

LOOKED = "photograph_viewed"
NOT_THERE = "There is no such photograph, or it is not yours to look at."
ON_THE_HANDHELD = "It has not arrived yet: it is still on the device that it was taken with."
NOTHING_ELSE: dict[str, str] = {
    **HEADERS,
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """A photograph that this person may look at: the revision that lists it, and which of its list it is."""

    row: RowMapping
    record: Record
    number: int

    @property
    def one(self) -> Attachment:
        return self.record.header.attachments[self.number]

    @property
    def heading(self) -> str:
        listed_ones = self.record.header.attachments
        if is_drawn(self.record, self.one):
            return named(self.record, self.number)
        photographed = sum(not is_drawn(self.record, one) for one in listed_ones)
        return f"{named(self.record, self.number)} of {photographed}"

    def path(self, number: int) -> str:
        """The address of another one on the same list, or nothing where there is none."""
        listed_ones = self.record.header.attachments
        return path_of(self.row["record"], listed_ones[number]) if 0 <= number < len(listed_ones) else ""


def path_of(record: str, one: Attachment) -> str:
    """Where a photograph is looked at."""
    return f"/records/{record}/photographs/{one.id}"


def named(record: Record, number: int) -> str:
    """What one on the list is called: a signature by who signed, a photograph by its number among them."""
    listed_ones = record.header.attachments
    one = listed_ones[number]
    if is_drawn(record, one):
        who = caption_of(record, one)
        return f"Signature of {who}" if who else "Signature, with no name"
    return f"Photograph {sum(not is_drawn(record, it) for it in listed_ones[: number + 1])}"


def called(record: Record) -> str:
    """What all of them together are."""
    drawn = {is_drawn(record, one) for one in record.header.attachments}
    return {frozenset({True}): "Signatures", frozenset({True, False}): "Photographs and signatures"}.get(
        frozenset(drawn), "Photographs"
    )


def awaited(standing: Standing | None) -> str:
    """Of which not all are here, photographs and drawn signatures apart, or nothing."""
    if standing is None:
        return ""
    signed = (standing.signed_here, standing.signed_of)
    photographed = (standing.here - signed[0], standing.of - signed[1])
    late = [
        f"{what}: {here} of {of} here"
        for what, (here, of) in (("photographs", photographed), ("signatures", signed))
        if here < of
    ]
    return f"Awaiting {', '.join(late)}" if late else ""


def alert(db: Connection, row: RowMapping) -> Iterator[Alert]:
    """What somebody must know who reads a record whose photographs are not all here."""
    said = awaited(attachments.standing_of(db, [row["record"]]).get(row["record"]))
    if said:
        yield Alert(f"{said}. The rest is still on the device; nothing waits for it.", ())


def views(db: Connection, row: RowMapping, record: Record) -> Iterator[PhotographView]:
    """The photographs that this revision lists."""
    here = attachments.here_of(db, row["record"], record.header.revision)
    for number, one in enumerate(record.header.attachments):
        there = str(one.id) in here
        yield PhotographView(
            title=named(record, number),
            caption=caption_of(record, one),
            state=Mark("Here", "well") if there else Mark("Still on the device", "soon"),
            href=path_of(row["record"], one) if there else "",
        )


def caption_of(record: Record, one: Attachment) -> str:
    """What the officer wrote beside it."""
    return str(row_naming(record, one.id).get(CAPTION, ""))


def show(seen: Seen) -> Response:
    """One photograph with what is known of it."""
    found = _found(seen)
    if found is None:
        return page(RefusedPage(**seen.frame("register"), says=NOT_THERE), 404)
    opened: dict[str, Any] = {}
    try:
        shown = attachments.shown(seen.context, found.record, found.one)
    except Unshowable as why:
        opened["cannot"] = str(why)
    else:
        shown.close()
        opened.update(file=f"{found.path(found.number)}/file", is_picture=shown.is_picture)
    caption = caption_of(found.record, found.one)
    header = found.record.header
    reference = reference_of(header.record)
    return page(
        PhotographPage(
            **seen.frame("register"),
            title=f"{found.heading}, {reference}",
            heading=found.heading,
            under=f"{title_of(header.form)} {reference}, revision {header.revision}",
            caption=caption or f"{found.heading}. The officer wrote nothing beside it.",
            facts=tuple(_facts(seen, found)),
            back=f"/records/{found.row['record']}#photographs",
            before=found.path(found.number - 1),
            after=found.path(found.number + 1),
            marking=words.plain_code(header.gsc).upper().replace(" ", "-"),
            **opened,
        )
    )


def give(seen: Seen) -> Response:
    """The photograph itself. That it is looked at is written down first."""
    found = _found(seen)
    if found is None:
        return page(RefusedPage(**seen.frame("register"), says=NOT_THERE), 404)
    try:
        shown = attachments.shown(seen.context, found.record, found.one)
    except Unshowable as why:
        return page(RefusedPage(**seen.frame("register"), says=str(why)), 404)
    _note(seen, found)
    how = "inline" if shown.is_picture else "attachment"
    name = f"{reference_of(found.record.header.record)}-{found.number + 1}{shown.ending}"
    headers = {
        **NOTHING_ELSE,
        "Content-Length": str(shown.size),
        "Content-Disposition": f'{how}; filename="{name}"',
    }
    return StreamingResponse(shown.chunks, headers=headers, media_type=shown.media_type)


def _found(seen: Seen) -> _Found | None:
    """The photograph that the address names, by the newest revision that lists it."""
    name = str(seen.request.path_params["attachment"])
    with seen.context.store.read() as db:
        row = scopes.opened(db, seen.request.path_params["record"], seen.account.person)
        if row is None:
            return None
        rev = attachments.listed_in(db, row["record"], name)
        record = evidence.readable(db, seen.context.keys.safe, row["record"], rev) if rev else None
    if record is None:
        return None
    names = [str(one.id) for one in record.header.attachments]
    return _Found(row, record, names.index(name)) if name in names else None


def _facts(seen: Seen, found: _Found) -> Iterator[Fact]:
    author = found.record.header.author
    yield Fact("Sent by", f"{author.rank} {author.name} {author.shoulder_no}, {author.station}")
    own = (kept.c.record == found.row["record"], kept.c.attachment == str(found.one.id))
    with seen.context.store.read() as db:
        arrived = db.execute(
            select(kept.c.arrived_at).where(*own, kept.c.sha256 == found.one.sha256)
        ).scalar()
    if arrived is not None:
        yield Fact("Arrived", words.day_and_time(arrived))
    yield Fact("Checksum of the sealed file (SHA-256)", found.one.sha256)


def _note(seen: Seen, found: _Found) -> None:
    def work(db: Connection) -> None:
        audit.note(
            db,
            force=seen.account.person.force,
            record=found.row["record"],
            who=seen.account.id,
            what=LOOKED,
            at=seen.now,
            detail={
                "rev": found.record.header.revision,
                "why": seen.why,
                "attachment": str(found.one.id),
            },
        )

    seen.context.store.write(work)
