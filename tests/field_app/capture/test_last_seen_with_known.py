"""Who was last seen with a child stands among whom the child may be with, for whoever knocks tonight."""

from __future__ import annotations

import pytest

from booklets import definitions
from booklets.answers import Answer
from field_app.capture.known_card import card_of
from field_app.capture.known_children import child_from
from sync_server.shift_pack.briefs import brief_of
from tests.support.builders import a_carer, a_return
from tests.support.people_again import a_record
from tests.support.shift_packs_told import MAN, a_child
from tests.support.walks import FORCE


@pytest.mark.parametrize(
    ("question", "named"), [("mis.last_seen_with", ["Dex"]), ("mis.associates", ["Dex"]), ("", [])]
)
def test_a_childs_card_names_who_was_there(question: str, named: list[str]) -> None:
    """Once, also where the child may be with them still."""
    told = a_child("Amy", missing=True)
    answers = {name: said for name, said in told["told"][0]["answers"].items() if name != "mis.associates"}
    told["told"][0]["answers"] = {**answers, **({question: [MAN]} if question else {})}
    child = child_from(told)
    assert child is not None

    assert [one.name for one in card_of(child, definitions.force(FORCE)).people] == named


def test_the_force_gives_it_to_the_unit() -> None:
    """With who it is, as of everybody the child may be with."""
    carer = a_carer()
    said: dict[str, Answer] = {"mis.last_seen_with": (str(carer.id),), "mis.last_seen_by": str(carer.id)}
    brief = brief_of(a_record("mis", a_return(), said))

    assert brief["answers"].keys() == {"mis.last_seen_with"}
