"""A list as a file: what somebody typed is words in it, whatever a spreadsheet would make of them."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from sync_server.console.files import as_csv, harmless


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", " =1", "＝1"])
def test_a_cell_that_begins_a_formula_is_words(cell: str) -> None:
    """Also where something that cannot be seen stands before it."""
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "–", "Noor", "1 child", "a=b", "“=”"])
def test_any_other_cell_is_left_as_it_is(cell: str) -> None:
    """Nobody reads a mark that is not needed."""
    assert harmless(cell) == cell


def test_what_divides_cells_divides_none_that_holds_it() -> None:
    """Quotation marks, commas, line ends and semicolons stay inside their cell."""
    cells = ['a","=1', "b;=2", "c\r\n=3"]

    assert (
        list(csv.reader(StringIO(as_csv(("x", "y", "z"), [cells]).decode("utf-8-sig"), newline="")))[1]
        == cells
    )
