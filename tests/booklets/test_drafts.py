"""Drafts: an encounter comes back from the store whole, or is said to be unreadable."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.drafts import encounter_from_json, encounter_to_json
from booklets.encounters import Encounter
from booklets.errors import UnknownProtocol, WireError
from tests.support import encounters as some
from tests.support.encounters import FOUND, an_encounter


@given(some.encounters())
def test_every_encounter_comes_back_whole(encounter: Encounter) -> None:
    """Answers, people, reasons and every wording kept."""
    assert encounter_from_json(json.loads(json.dumps(encounter_to_json(encounter)))) == encounter


@given(st.data())
def test_a_spoilt_draft_is_refused_and_nothing_else(data: st.DataObject) -> None:
    """The app goes on with the other drafts; it does not fall over this one."""
    spoilt: dict[str, Any] = copy.deepcopy(encounter_to_json(an_encounter(FOUND)))
    key = data.draw(st.sampled_from(sorted(spoilt)))
    inside = spoilt[key]
    place: Any = spoilt
    if isinstance(inside, dict) and inside and data.draw(st.booleans()):
        place, key = inside, data.draw(st.sampled_from(sorted(inside)))
    place[key] = data.draw(
        st.none() | st.booleans() | st.integers() | st.lists(st.integers(), min_size=1) | st.just({"x": 1})
    )

    try:
        read = encounter_from_json(spoilt)
    except WireError:
        return
    assert encounter_from_json(encounter_to_json(read)) == read


@pytest.mark.parametrize(
    ("key", "junk"),
    [
        ("guide", 5),
        ("place", None),
        ("force", []),
        ("reasons", {"R-59": 3}),
        ("reasons", []),
        ("unread", {"ret.found_at": "03"}),
        ("officer", {"id": 1, "name": "", "rank": "", "shoulder_no": "", "station": ""}),
        ("sent", {"ret": {"record": "x", "revision": 1, "digest": ""}}),
        ("answers", None),
        ("entities", None),
    ],
)
def test_nothing_is_taken_for_something_else(key: str, junk: object) -> None:
    """A number is no name, and a list no set of reasons."""
    with pytest.raises(WireError):
        encounter_from_json(encounter_to_json(an_encounter()) | {key: junk})


def test_a_revision_is_a_whole_number() -> None:
    """A record sent twice under one number could not be put in order."""
    kept = encounter_to_json(an_encounter())
    for one in kept["sent"].values():
        one["revision"] = True

    with pytest.raises(WireError):
        encounter_from_json(kept)


def test_a_newer_layout_is_said_to_be_newer() -> None:
    """The officer is told to update, not that the draft is lost."""
    with pytest.raises(UnknownProtocol, match="newer"):
        encounter_from_json(encounter_to_json(an_encounter()) | {"layout": 2})


def test_a_draft_is_an_object() -> None:
    """Nothing else was ever written."""
    with pytest.raises(WireError):
        encounter_from_json([])
