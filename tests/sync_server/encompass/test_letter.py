"""What a school reads: what the domain lets it have (B.10), and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why
from sync_server.context import Context
from sync_server.db.owed import notice
from sync_server.settings import policy_of
from tests.support.builders import CARER, FORCE, PEOPLE, a_person, a_place, an_id
from tests.support.colleagues import Colleague, a_colleague
from tests.support.schools import PLACES, URN, an_enc, read_by
from tests.support.server_data import Clock, a_server, rows

WORDS: Answer = ({"who": "Kit", "asked": "Where were you?", "said": "I stayed on the stairs.", "to": "me"},)


def test_a_school_reads_what_it_may_have_in_its_order(context: Context, officer: Colleague) -> None:
    """Who it is, what happened, where the child was, what it said, and what keeps it safe."""
    officer.sent(
        an_enc({"enc.child_spoken": "yes", "enc.child_words": WORDS, "enc.with_whom": "officer_alone"})
    )

    content = read_by(context, an_enc())
    titles = [one["title"] for one in content["fields"]]
    said = {one["title"]: one["words"] for one in content["fields"]}
    assert titles[:6] == [
        "Marking",
        "For",
        "Contact restrictions",
        "Police reference",
        "Incident",
        "Officer",
    ]
    assert said["Marking"] == "OFFICIAL-SENSITIVE"
    assert "safeguarding lead (key adult) of Harrowfield Academy" in said["For"]
    assert "NYP-14032026-0441" in said["Incident"]
    assert {"Kit", "Marlowe-Test", "02/05/2011"} <= set(said["Child"].replace("\n", " ").split())
    assert "14/03/2026 20:24" in said["When"]
    assert "Kit was upstairs" in said["What happened"]
    assert "On the stairs" in said["The child then"]
    assert "I stayed on the stairs." in said["What the child said"]
    assert said["Adults involved"] == "Hurt, threatened or controlled: Mother"
    assert "may not collect Kit" in said["To keep the child safe"]
    assert said["Safe way to reach the child"] == "Own phone"


def test_a_school_reads_apart_who_was_hurt_and_who_did_it(context: Context, officer: Colleague) -> None:
    """By what each is to the child; where each did it to the other, both stand in both."""
    father = a_person(an_id("father"), given_names="Lee", relationship="father")
    apart = {"enc.adult_victims": (str(CARER),), "enc.adult_abusers": (str(father.id), str(CARER))}
    officer.sent(an_enc(apart, entities=(*PEOPLE, *PLACES, father)))

    assert _said(context, "Adults involved").splitlines() == [
        "Hurt, threatened or controlled: Mother",
        "Said to have done it: Father",
        "Said to have done it: Mother",
    ]


def test_a_notice_of_an_earlier_edition_still_names_its_adults(context: Context, officer: Colleague) -> None:
    """One list for all of them, as it was asked then."""
    before = definitions.form_in("enc", "2026.5")
    said: dict[str, Answer] = {"enc.adults": (str(CARER),), "enc.adult_victims": "", "enc.adult_abusers": ""}
    officer.sent(an_enc(said, form_version=before.version, form_checksum=before.checksum))

    assert _said(context, "Adults involved") == "Mother"


@pytest.mark.parametrize(
    "kept_back",
    [
        "Robin",
        "Carer-Test",
        "07700 900123",
        "White",
        "the red door",
        "North Yorkshire",
        "2 Invented Street\n",
    ],
)
def test_a_school_reads_no_more_than_that(context: Context, officer: Colleague, kept_back: str) -> None:
    """No adult by name, no telephone, ethnicity or council of the child, no note on how to find a door."""
    home = a_place(PEOPLE[3].id, name="Home", street="2 Invented Street", description="the red door")
    officer.sent(an_enc(entities=(*PEOPLE[:3], home, *PLACES)))

    assert kept_back not in str(read_by(context, an_enc())["text"])


def test_a_force_may_let_schools_know_the_adults_by_name(officer: Colleague, tmp_path: Any) -> None:
    """As its policy allows, and not by default."""

    def names(force: str) -> Any:
        known = policy_of(force)
        return replace(known, settings={**known.settings, "school_notice_names_adults": True})

    targets = {FORCE: {"school": None}}
    with a_server(tmp_path / "another", clock=Clock(), policy=names, targets=targets) as context:
        a_colleague(context, "pc.okoro").sent(an_enc())
        assert "Robin Carer-Test" in str(read_by(context, an_enc())["text"])


def test_nobody_near_the_child_is_asked_whatever_was_written(context: Context, officer: Colleague) -> None:
    """The school is asked not to speak with the parents about it, always."""
    officer.sent(an_enc())

    assert "Do not speak with the child’s parents" in _said(context, "Contact restrictions")


def test_the_subject_names_a_reference_and_nobody(context: Context, officer: Colleague) -> None:
    """Subjects are shown on locked screens, and the row beside the sealed words names a number."""
    officer.sent(an_enc())

    [kept] = rows(context, notice)
    assert kept["subject"] == f"Operation Encompass, reference {kept['reference']}"
    assert kept["authority"] == URN
    assert "Kit" not in str(kept)
    assert "Harrowfield" not in str(kept)


def test_what_nobody_wrote_is_said_to_be_missing(context: Context, officer: Colleague) -> None:
    """Nothing is left out silently: a school that reads nothing of bail conditions asks."""
    nobody = dict.fromkeys(("enc.adult_victims", "enc.adult_abusers"), Gap(Why.NOT_KNOWN, "See PPN"))
    officer.sent(an_enc({"enc.outcome": "", **nobody}))

    assert _said(context, "To keep the child safe") == "Not recorded"
    assert _said(context, "Adults involved") == "Not recorded"


def test_each_child_has_a_notice_of_its_own(context: Context, officer: Colleague) -> None:
    """Two children at one school: two records, and neither notice names the other child."""
    sister = a_person(an_id("sister"), given_names="Mia", known_as="Mia")
    other = an_enc(
        {
            "enc.circumstances": "Her mother was hit downstairs while the girl was asleep.",
            "enc.outcome": "He may not collect the girl.",
        },
        entities=(sister, *PEOPLE[1:], *PLACES),
        record=an_id("record enc of the sister"),
        encounter=an_id("encounter enc of the sister"),
        subject=sister.id,
        tasks=(),
    )
    officer.sent(an_enc())
    officer.sent(other)

    assert "Mia" not in str(read_by(context, an_enc())["text"])
    assert "Kit" not in str(read_by(context, other)["text"])
    assert "Mia" in str(read_by(context, other)["text"])


def _said(context: Context, title: str) -> str:
    return str({one["title"]: one["words"] for one in read_by(context, an_enc())["fields"]}[title])
