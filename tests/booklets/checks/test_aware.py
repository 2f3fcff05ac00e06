"""The five AWARE sections: long enough, each its own, and no stock phrase for any child."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.checks.aware import sections_differ, sections_long_enough
from booklets.checks.dates import sent_in_time
from booklets.checks.wording import more_than_stock_phrases, no_waiting_for_police_work
from booklets.facts import Facts

ROOM = "Saw the kitchen and the lounge; two adults on the sofa, television on, heating off."
SECTIONS = ["p.appearance", "p.activity", "p.environment", "p.words"]
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def wrote(**said: Answer) -> Facts:
    """A record with these sections; `words` are exact words."""
    answers = {f"p.{name}": answer for name, answer in said.items()}
    return Facts(answers=answers, verbatim=frozenset({"p.words"}), now=NOON)


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("Looked fine.", False),
        ("x" * 39, False),
        ("x" * 40, True),
        (ROOM, True),
        ("   ", True),
        (Gap(Why.NOT_KNOWN), True),
    ],
)
def test_a_section_says_more_than_a_few_words(text: Answer, enough: bool) -> None:
    """What is missing altogether is the business of another question."""
    spots = sections_long_enough(wrote(activity=text), fields=SECTIONS, least=40)

    assert (
        not spots if enough else [(spot.fields, spot.words) for spot in spots] == [(("p.activity",), text)]
    )


def test_exact_words_may_be_short_and_the_same() -> None:
    """A child says "no", twice, and that is whole."""
    facts = wrote(words="no", activity=ROOM, environment="no")

    assert [spot.fields for spot in sections_long_enough(facts, fields=SECTIONS, least=40)] == [
        ("p.environment",)
    ]
    assert not sections_differ(wrote(words=ROOM, activity=ROOM), fields=SECTIONS)


@pytest.mark.parametrize(
    ("second", "alike"),
    [
        (ROOM, True),
        (ROOM.upper().replace(",", " "), True),
        (ROOM + " Nothing else.", True),
        ("J, 9, was making a bottle for the baby in the kitchen; the lounge was dark.", False),
        ("Two adults on the sofa", True),
        ("on the sofa", False),
    ],
)
def test_two_sections_are_not_one_text_twice(second: str, alike: bool) -> None:
    """Letters, commas and a last sentence do not make another text; a shared word or two do not make one."""
    spots = sections_differ(wrote(appearance=ROOM, environment=second), fields=SECTIONS)

    assert [spot.fields for spot in spots] == ([("p.environment",)] if alike else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Clean and tidy, well presented.", "Clean and tidy"),
        ("Good rapport. No concerns.", "Good rapport"),
        ("No visible injuries.", "No visible injuries"),
        ("No visible injuries: hands, face and lower arms seen in good light, sleeves rolled up.", ""),
        ("Clean and tidy: two beds made, school bag packed by the door, milk and bread there.", ""),
        ("Sat by the door.", ""),
    ],
)
def test_stock_phrases_need_something_seen_beside_them(text: str, found: str) -> None:
    """A true stock phrase may stay, once it says what it rests on."""
    spots = more_than_stock_phrases(wrote(environment=text, words=text), prefix="p")

    assert [spot.words for spot in spots] == ([found] if found else [])


@pytest.mark.parametrize(
    ("reason", "well"),
    [
        ("Waiting for the search warrant", False),
        ("until the arrest on Friday", False),
        ("Would tip them off", False),
        ("The forensics are not back", False),
        ("Will be done after the search on Thursday", False),
        ("Household must not know yet", False),
        ("After arrest phase", False),
        ("I was with the prisoner in custody all night", True),
        ("My phone was broken in the fight", True),
        ("Kit was in hospital for an operation", True),
        (None, True),
        (Gap(Why.NOT_KNOWN), True),
    ],
)
def test_police_work_is_no_reason_to_hold_a_notice_back(reason: Answer | None, well: bool) -> None:
    """R-15 in an officer's own words."""
    assert no_waiting_for_police_work(reason) is well


@pytest.mark.parametrize(
    ("hours_ago", "reason", "late"),
    [(23, None, False), (25, None, True), (25, "no_signal", False), (25, Gap(Why.NOT_KNOWN), True)],
)
def test_a_record_is_late_until_it_says_why(hours_ago: int, reason: Answer | None, late: bool) -> None:
    """R-16: a gap is no reason. When it happened not being known makes nothing late."""
    said: dict[str, Answer] = {"at": Moment(NOON - timedelta(hours=hours_ago))}
    facts = wrote(**said | ({"late": reason} if reason else {}))

    spots = sent_in_time(facts, start="p.at", reason="p.late", minutes=1440)

    assert [(spot.fields, spot.words) for spot in spots] == (
        [(("p.late",), "11:00, Sat 14 March")] if late else []
    )
    assert not sent_in_time(wrote(at=Gap(Why.NOT_KNOWN)), start="p.at", reason="p.late", minutes=1440)
