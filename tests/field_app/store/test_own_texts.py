"""What own texts were like: the last twenty of a question, four weeks long, and never a word of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from booklets.checks.likeness import runs_of, share
from field_app.store.own_texts import KEPT_FOR, MOST_KEPT, OWN_TEXTS, OwnTexts
from field_app.store.sealed_table import VaultDB
from tests.support.vaults import new_vault, vaults_in

NOW = datetime(2026, 3, 14, 21, 5, tzinfo=UTC)
FIELD = "pi.demeanour"
SAID = (
    "Zebedee-Marker sat on the stairs with her coat on and looked at the dog; she answered in whole "
    "sentences and laughed once when the kettle began to sing."
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[VaultDB]:
    """A fresh vault's database."""
    with vaults_in(tmp_path) as found:
        yield new_vault(found).db


def test_a_text_is_kept_by_its_runs_and_not_by_its_words(db: VaultDB) -> None:
    """Whoever opens the row finds numbers: no child can be read out of them."""
    OwnTexts(db).keep({FIELD: runs_of(SAID)}, incident="i-1", at=NOW)

    [document] = db.sealed(OWN_TEXTS)
    assert not [word for word in SAID.lower().split() if len(word) > 3 and word in str(document).lower()]

    [earlier] = OwnTexts(db).earlier(than="i-2", now=NOW)[FIELD]
    assert (earlier.at, share(runs_of(SAID), earlier.runs)) == (NOW, 1.0)


def test_what_was_said_of_the_same_incident_is_held_against_nothing(db: VaultDB) -> None:
    """A second revision, and a brother's notice, may well say the same."""
    OwnTexts(db).keep({FIELD: runs_of(SAID)}, incident="i-1", at=NOW)

    assert OwnTexts(db).earlier(than="i-1", now=NOW)[FIELD] == ()


def test_a_further_revision_takes_the_place_of_the_one_before(db: VaultDB) -> None:
    """One incident is one text."""
    for text in (SAID, f"{SAID} Then she slept."):
        OwnTexts(db).keep({FIELD: runs_of(text)}, incident="i-1", at=NOW)

    assert len(OwnTexts(db).earlier(than="i-2", now=NOW)[FIELD]) == 1


def test_the_last_twenty_are_kept(db: VaultDB) -> None:
    """The oldest goes."""
    for number in range(MOST_KEPT + 3):
        at = NOW + timedelta(minutes=number)
        OwnTexts(db).keep({FIELD: runs_of(SAID)}, incident=f"i-{number}", at=at)

    kept = OwnTexts(db).earlier(than="", now=NOW)[FIELD]
    assert (len(kept), kept[0].at) == (MOST_KEPT, NOW + timedelta(minutes=3))


def test_after_four_weeks_it_is_erased(db: VaultDB) -> None:
    """Not only passed over: the row itself goes."""
    texts = OwnTexts(db)
    texts.keep({FIELD: runs_of(SAID), "pi.appearance": runs_of(SAID)}, incident="i-1", at=NOW)
    texts.keep({FIELD: runs_of(SAID)}, incident="i-2", at=NOW + timedelta(days=1))

    texts.forget_old(now=NOW + KEPT_FOR)

    [document] = db.sealed(OWN_TEXTS)
    assert (document["field"], [one["incident"] for one in document["kept"]]) == (FIELD, ["i-2"])
    assert texts.earlier(than="", now=NOW + KEPT_FOR + timedelta(days=2))[FIELD] == ()
