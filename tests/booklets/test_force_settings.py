"""What a force sets: what it lacks or sets wrongly is said before the first officer signs in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booklets import definitions
from booklets.definitions.leaving import Output, Then
from booklets.definitions.tables import Table
from booklets.errors import DefinitionError


@pytest.mark.parametrize("wrong", [1, "true", None])
def test_a_switch_of_a_force_is_true_or_false(wrong: object) -> None:
    """A number in its place would switch nothing, and nobody would see it."""
    content = {**definitions.force("north_yorkshire"), "unfit_designated_officer_stops": wrong}

    with pytest.raises(DefinitionError, match=r"unfit_designated_officer_stops.*true or false"):
        definitions.check_force(Table("here.toml", content))


@pytest.mark.parametrize("setting", ["minutes_to_ppn", "gaps_before_warning", "child_allowed_risk"])
def test_a_force_that_lacks_a_setting_is_told_which(setting: str) -> None:
    """Before the first officer signs in, not at submission."""
    content = {
        name: value for name, value in definitions.force("north_yorkshire").items() if name != setting
    }

    with pytest.raises(DefinitionError, match=f"'{setting}' is missing"):
        definitions.check_force(Table("here.toml", content))


@pytest.mark.parametrize(
    ("release", "says"),
    [
        ({"refferal": {"when": "supervisor"}}, "'refferal' is nothing that leaves; did you mean 'referral'"),
        ({"referral": "supervisor"}, r"referral must be a table of its own, \[release.referral\]"),
        ({"referral": {"when": "sergeant"}}, "when is never 'sergeant'"),
        ({"referral": {"then": "wait"}}, "then is never 'wait'"),
        ({"referral": {"limit_minutes": 0}}, "limit_minutes must be a number of minutes from 1"),
        ({"referral": {"grace_minutes": True}}, "grace_minutes must be a number of minutes from 1"),
        ({"referral": {"grace_minutes": 99999}}, "grace_minutes must be a number of minutes from 1"),
        ({"referral": {"limit": 60}}, "'limit' is not a setting here"),
        ("supervisor", "release must be a table"),
    ],
)
def test_what_a_force_sets_wrongly_about_what_leaves_is_refused(release: object, says: str) -> None:
    """A limit that does not run is silence: better no server than a referral kept back for ever."""
    content = {**definitions.force("north_yorkshire"), "release": release}

    with pytest.raises(DefinitionError, match=says):
        definitions.check_force(Table("here.toml", content))


def test_what_a_force_does_not_set_leaves_as_the_product_delivers_it() -> None:
    """README 22: notices and danger at once; a school after a supervisor; the rest once it was decided."""
    known = definitions.leaving({"release": {"referral": {"limit_minutes": 30, "then": "stop"}}})

    assert {output.value: one.when.value for output, one in known.items()} == {
        "missing_notice": "submission",
        "return_notice": "submission",
        "danger": "submission",
        "referral": "specialist",
        "school_notice": "supervisor",
        "force_records": "specialist",
    }
    referral = known[Output.REFERRAL]
    assert (referral.limit, referral.then) == (timedelta(minutes=30), Then.STOP)
    assert referral.grace == definitions.leaving({})[Output.REFERRAL].grace
