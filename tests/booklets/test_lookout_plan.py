"""The plan of the lookout card: one that could let something out by mistake is refused."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets import definitions
from booklets.definitions.looking_out import read_plan
from booklets.errors import DefinitionError
from tests.support.definitions import table

LINE = 'form = "mis"\n[[line]]\nid = "a"\ntitle = "A"\n'
HELD = '[[withheld]]\nid = "h"\nsays = "Ask."\nfields = ["mis.dangers"]\n'
MISTAKES: Mapping[str, tuple[str, str]] = {
    "what is withheld": (
        f'{LINE}fields = ["mis.dangers"]\n{HELD}',
        "line a would read out 'mis.dangers', which is withheld: h",
    ),
    "exact words": (
        f'{LINE}fields = ["mis.reporter_concern"]',
        "mis.reporter_concern has somebody's exact words, which are never read out",
    ),
    "all of a row": (f'{LINE}fields = ["mis.clothing"]', "columns must say which cells of mis.clothing"),
    "a cell that is none": (
        f'{LINE}fields = ["mis.clothing"]\ncolumns = ["color"]',
        "columns: there is no 'color'; did you mean 'colour'?",
    ),
    "a question that is none": (f'{LINE}fields = ["mis.danger"]', "there is no question 'mis.danger'"),
    "nothing": (LINE, "a line shows at least one question"),
    "a form that is none": (
        f'{LINE.replace("mis", "mix")}fields = ["mis.dangers"]',
        "there is no form 'mix'; did you mean 'mis'?",
    ),
    "a title of no detail": (
        f'{LINE}fields = ["mis.dangers"]\ndetail_title = "Rung"',
        "detail_title is what a detail is called, and there is none",
    ),
    "no line": ('form = "mis"', "a card needs lines"),
    "a place that is none": (
        f'{LINE}fields = ["mis.dangers"]\n[place]\nfacts = ["stret"]',
        "there is no question 'place.stret'; did you mean 'place.street'?",
    ),
    "a home that is none": (
        f'{LINE}fields = ["mis.dangers"]\n[place]\nhomes = ["hom"]',
        "homes: there is no 'hom'; did you mean 'home'?",
    ),
    "nothing after a death": (
        f'{LINE}fields = ["mis.dangers"]',
        "one [[over]] with after_death must say why there is no card of a dead child",
    ),
    "both ways": (
        f'{LINE}fields = ["mis.dangers"]\neach = ["person.sex"]',
        "a line has fields or each, not both",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_card_that_could_let_something_out_is_refused(mistake: str) -> None:
    """Before it is drawn, with file, place and cause."""
    text, answer = MISTAKES[mistake]
    with pytest.raises(DefinitionError) as refused:
        read_plan(table(text, "lookout.toml"), definitions.every_field(), definitions.form_ids())
    assert answer in str(refused.value)
