"""A signature in an answer: one row, drawn with a finger or standing on paper, or why there is none.

    caption     the name of whoever signed, typed, so that it can be read
    how         drawn, on_paper, cannot, would_not
    because     why somebody did not sign, in the officer's words
    added_at    when
    attachment, media   the drawing, where there is one: it travels as a photograph does

It proves no more than that somebody drew this on this handheld. Nobody has to sign, and no child is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from booklets.answers import Answer, Moment, Row, Scalar, rows_of
from booklets.photos import ADDED, ATTACHMENT, CAPTION, MEDIA, PHOTO, is_photo, row_naming
from booklets.records import Attachment, Record

HOW, BECAUSE = "how", "because"
DRAWN = "drawn"
SIGNATURE = "signature"
"""The kind of attachment, in the manifest of a record."""
INSTEAD = ("on_paper", "cannot", "would_not")
"""What may stand in place of a drawing."""
_CELLS = frozenset({ATTACHMENT, MEDIA, ADDED, CAPTION, HOW, BECAUSE})


def signed(drawing: Row, before: Row) -> Row:
    """The row of a signature that was just drawn; the name stays that stood there before."""
    cells: Mapping[str, Scalar] = {key: drawing[key] for key in (ATTACHMENT, MEDIA, ADDED)}
    return _with_name(before, {**cells, HOW: DRAWN})


def stands_instead(how: str, before: Row, at: datetime) -> Row:
    """The row that says why nothing is drawn here; the name stays that stood there before."""
    return _with_name(before, {HOW: how, ADDED: Moment(at)})


def _with_name(before: Row, cells: Mapping[str, Scalar]) -> Row:
    name = before.get(CAPTION)
    return MappingProxyType({**({CAPTION: name} if name else {}), **cells})


def is_signature(answer: Answer | None) -> bool:
    """Whether somebody signed, or it is said why not."""
    rows = rows_of(answer)
    if len(rows) != 1 or not rows[0].keys() <= _CELLS:
        return False
    (row,) = rows
    how = row.get(HOW)
    return is_photo(row) if how == DRAWN else how in INSTEAD and ATTACHMENT not in row


def kind_of(record: Record, attachment: UUID) -> str:
    """What an attachment is in the manifest of the record that names it: a drawn signature, or a photo."""
    return SIGNATURE if row_naming(record, attachment).get(HOW) == DRAWN else PHOTO


def is_drawn(record: Record, one: Attachment) -> bool:
    """Whether an attachment is a drawn signature: by its kind, or by its answer where all had one kind."""
    return SIGNATURE in {one.kind, kind_of(record, one.id)}
