"""The shared lists of codes: each is read by a question, or has the words of a header."""

from __future__ import annotations

from itertools import chain

from booklets import definitions
from booklets.decisions import DECIDES
from booklets.prefill import FOLLOWS_FROM
from booklets.sending import SAME_INCIDENT
from tests.support.builders import a_ppn

WORDS_OF_A_HEADER = frozenset({"gsc", "lawful_basis", "mopi", "link_type"})
"""Lists whose words the header of a record has, and no answer."""
ROLES = "person_role"
"""The list by which rules and questions say whom they are about."""


def test_every_shared_list_is_one_that_something_reads() -> None:
    """Whoever adds a word to a list that nothing reads has changed nothing, and is not told."""
    questions = definitions.every_field().values()
    columns = (*chain(*(one.columns for one in questions)), *chain(*definitions.lists().blocks.values()))
    asked = [*(one.codes for one in questions), *(one.codes for one in columns)]

    unasked = {name for name, codes in definitions.lists().by_name.items() if codes not in asked}

    assert unasked == {*WORDS_OF_A_HEADER, ROLES}


def test_what_a_record_is_headed_with_stands_in_the_lists() -> None:
    """Whoever receives it looks its words up there."""
    header, offered = a_ppn().header, definitions.lists().by_name
    headed = {"gsc": header.gsc, "lawful_basis": header.lawful_basis, "mopi": header.retention_class}
    said = [*headed.items(), *(("link_type", kind) for kind in (DECIDES, FOLLOWS_FROM, SAME_INCIDENT))]

    assert [word for name, word in said if word not in {one.code for one in offered[name]}] == []
