"""A list as a file that a spreadsheet reads, and in which nothing is run that somebody typed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from starlette.responses import Response

from sync_server.console.doors import HEADERS

BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
AS_WORDS = "'"


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The rows under their headings. It begins with the mark by which spreadsheets know UTF-8."""
    text = StringIO()
    write = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow
    write(columns)
    for row in rows:
        write([harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell as words. What a spreadsheet would work out as a formula has a mark in front."""
    suspect = cell.startswith(BEGINS_A_FORMULA) or cell.lstrip().startswith(BEGINS_A_FORMULA)
    return f"{AS_WORDS}{cell}" if suspect else cell


def as_file(name: str, content: bytes) -> Response:
    """The file, to be kept by whoever asked for it."""
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type="text/csv; charset=utf-8")
