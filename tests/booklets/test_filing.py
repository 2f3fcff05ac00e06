"""How records are filed, and which answers are signs: the forms say so, and nothing else knows them."""

from __future__ import annotations

import pytest

from booklets import definitions
from booklets.answers import Gap, Why
from booklets.definitions.checksums import checksum
from booklets.errors import DefinitionError
from booklets.forms import Filing, Sign
from tests.support.definitions import FORM, a_form

FILED = """
[filing]
event = "x-test"
began = ["at"]
missing = true
episode_ended = ["at"]
specialists = "vat"

[shows]
danger = { risk = "high" }

[[section]]"""


def a_filed_form(old: str = "", new: str = "") -> object:
    """The small form, filed, with a part changed."""
    assert old in FILED
    return a_form(text=FORM.replace("[[section]]", FILED.replace(old, new, 1) if old else FILED, 1))


def test_a_form_says_how_its_records_are_filed() -> None:
    """The register has no list of forms of its own."""
    form = a_form(text=FORM.replace("[[section]]", FILED, 1))

    assert form.filing == Filing(
        event="x-test", began=("f.at",), missing=True, episode_ended=("f.at",), specialists="vat"
    )
    assert form.signs_in({"f.risk": "high"}) == {Sign.DANGER}
    assert not form.signs_in({"f.risk": "low"})
    assert not form.signs_in({})
    assert not form.signs_in({"f.risk": Gap(Why.NOT_ASKED)})


def test_how_a_record_is_filed_changes_nothing_that_was_asked() -> None:
    """So the version that an officer has been given stays the version it is."""
    assert checksum(a_form(text=FORM.replace("[[section]]", FILED, 1))) == checksum(a_form())


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ('event = "x-test"\n', "", "'event' is missing"),
        ('["at"]', '["att"]', "began: there is no question 'f.att'; did you mean 'f.at'?"),
        ('["at"]', '["risk"]', "began: f.risk is a one_of and not a moment"),
        ("missing = true", "missing = false", "only a record about a missing child knows when an episode"),
        ('"vat"', '"vet"', "specialists is never 'vet' (vat)"),
        ("danger =", "dager =", "there is no sign 'dager'; did you mean 'danger'?"),
        ('"high"', '"hihg"', "danger: f.risk is never 'hihg' (high, low)"),
        ("missing", "lost", "'lost' is not a setting here"),
    ],
)
def test_a_mistake_in_the_filing_is_answered_with_its_cause(old: str, new: str, answer: str) -> None:
    """A record that is filed wrongly is not found."""
    with pytest.raises(DefinitionError) as refused:
        a_filed_form(old, new)

    assert answer in str(refused.value)


@pytest.mark.parametrize(
    ("setting", "answer"),
    [
        ('link = "foundAt"', "link: a long_text mentions nobody and nothing that it could tie"),
        ('shown = { risk = { but = ["lo"] } }', "shown: f.risk is never 'lo' (high, low)"),
        ('shown = { risk = { not = ["low"] } }', "a list of codes, or { but = [codes] }"),
    ],
)
def test_a_tie_mentions_somebody_and_all_but_some_names_choices(setting: str, answer: str) -> None:
    """The two settings that filing and signs are written with."""
    with pytest.raises(DefinitionError) as refused:
        a_form(setting)

    assert answer in str(refused.value)


def test_every_form_is_filed_under_a_name_of_its_own() -> None:
    """Two forms under one name could not be told apart in the force's system."""
    events = [definitions.form(id_).filing.event for id_ in definitions.form_ids()]

    assert all(events)
    assert len(set(events)) == len(events)
