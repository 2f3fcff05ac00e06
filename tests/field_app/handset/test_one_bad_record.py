"""One record that cannot be read never holds back the rest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from booklets.forms import Stage
from field_app.handset.ports import IncomingPort
from field_app.store.drafts import DraftStore
from field_app.store.outbox import READABLE
from field_app.store.wishes import Wishes
from field_app.sync.rounds import Arrival, Place
from tests.support.handsets import GUIDE, OnShift, an_offline_shift, found_child

KINDS = ("review", "decision", "status", "returned", "task", "given", "case", "of tomorrow")
ODD: tuple[Any, ...] = (
    None,
    {},
    {"state": "offered", "given": "g", "content": {"id": 3}},
    {"state": "offered", "given": "h", "given_at": "yesterday", "content": {}},
    {"task": "one", "status": "open", "due_at": "soon"},
    {"content": 3, "added_at": "never"},
    {"content": {"decision": 1, "records": "none"}},
)


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, with one draft and one record that waits."""
    with an_offline_shift(tmp_path) as found:
        session = found.shift.start(GUIDE)
        found_child(session)
        found.shift.send(session, stage=Stage.FOUND)
        found.shift.put_down()
        yield found


@pytest.mark.parametrize("supervises", [False, True])
def test_odd_news_hides_nothing(officer: OnShift, *, supervises: bool) -> None:
    """Of a newer server, or of none: the draft and what was sent stand there all the same."""
    if supervises:
        officer.shift.officer = type(officer.shift.officer)(
            **{**_fields(officer.shift.officer), "roles": ("officer", "supervisor")}
        )
    arrivals = [
        Arrival("odd", number, kind, "r-1", 1, content)
        for number, (kind, content) in enumerate(product(KINDS, ODD), 1)
    ]
    IncomingPort(officer.shift._keeper, officer.shift._vault.db).keep(arrivals, Place())

    home = officer.shift.home()

    assert [one.name for one in home.drafts] == ["Amy Brook"]
    assert [one.name for one in home.parcels] == ["Amy Brook"]


def test_an_odd_draft_an_odd_copy_and_an_odd_wish_hide_nothing(officer: OnShift) -> None:
    """The draft is kept and counted; of the copy the row is left."""

    def spoil() -> None:
        db = officer.shift._vault.db
        for odd in ({"id": "x"}, {"id": "y", "sent": 3}, {"id": "z", "sent": {"ret": {}}, "layout": 1}):
            DraftStore(db).save(odd)
        copies = db.sealed(READABLE)
        for one in copies:
            copies.update({"document": {"id": 1}}, doc_ids=[one.doc_id])
        Wishes(db).put({"id": "w", "act": "give", "given": "g", "encounter": "x", "to": "", "at": "never"})

    officer.on_keeper(spoil)
    home = officer.shift.home()

    assert sorted(home.unread) == ["x", "y", "z"]
    assert [one.name for one in home.drafts] == ["Amy Brook"]
    assert len(home.parcels) == 1


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}
