"""Who is given what of which child: the unit's, each once, anew with every shift, never what is covert."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from sync_server.context import Context
from sync_server.db.tables import audit
from sync_server.shift_pack import known
from sync_server.shift_pack.giving import GIVEN
from tests.support.again import a_night, a_talk
from tests.support.builders import NIGHT, a_ppn, next_revision
from tests.support.colleagues import Colleague
from tests.support.episodes import Episode
from tests.support.known_children import known_as, report_of, return_of, review_of
from tests.support.meetings import about
from tests.support.server_data import Clock, rows
from tests.support.shift_packs import Pack, a_plan

PackOf = Callable[..., Pack]
WORDS = ("arcade", "harbour", "bus", "nan", "phone", "bridge", "steps", "market", "school", "beach")


def test_a_missing_child_is_in_the_pack_of_the_unit_at_once(officer: Colleague, pack_of: PackOf) -> None:
    """A report of one officer, on the handheld of another."""
    sent = officer.sent(report_of("Amy", {"mis.dangers": "The harbour wall"}, known_as="Amy"))

    [child] = pack_of().pulls()

    assert child["facts"]["person.known_as"][0] == "Amy"
    assert child["missing"] == str(sent.header.record)
    [told] = child["told"]
    assert (told["form"], told["answers"]["mis.dangers"]) == ("mis", "The harbour wall")


def test_another_unit_and_another_role_are_given_nothing(officer: Colleague, pack_of: PackOf) -> None:
    """Who does not work in the area, and who is not trained for work with children."""
    officer.sent(report_of("Amy"))

    assert pack_of(unit="york_response").pulls() == []
    assert pack_of(roles=("fim",)).pulls() == []
    assert pack_of(session="").pulls() == []


def test_a_team_is_given_the_children_it_works_with_whatever_unit_wrote(
    officer: Colleague, pack_of: PackOf
) -> None:
    """The missing team has every child; the vulnerability team the one of whom a notice was written."""
    officer.sent(report_of("Amy"))
    noticed = officer.sent(a_ppn(**about("Ben")))

    missing_team = pack_of(roles=("mhet",), unit="mhet").pulls()
    vulnerability_team = pack_of(roles=("vat",), unit="vat").pulls()

    assert sorted(one["facts"]["person.given_names"][0] for one in missing_team) == ["Amy", "Ben"]
    assert [one["child"] for one in vulnerability_team] == [str(noticed.header.subject)]


def test_a_team_reads_of_what_is_covert_and_an_officer_of_the_unit_does_not(
    officer: Colleague, pack_of: PackOf
) -> None:
    """Who works with it has to know; who stands at the door could let it slip."""
    officer.sent(report_of("Amy"), covert=True)

    assert pack_of().pulls() == []
    [child] = pack_of(roles=("mhet",), unit="mhet").pulls()
    assert child["covert"]


def test_a_team_has_the_whole_force_and_so_each_child_for_less_long(
    officer: Colleague, pack_of: PackOf, clock: Clock
) -> None:
    """28 days here (a force's setting) where the unit knows a child for half a year."""
    officer.sent(report_of("Amy"))
    clock.at += timedelta(days=29)

    assert len(pack_of().pulls()) == 1
    assert pack_of(roles=("mhet",), unit="mhet").pulls() == []


def test_a_changed_child_is_all_that_comes_again(officer: Colleague, pack_of: PackOf) -> None:
    """The device reads on: of many children only the one, and less than 5 kB of it."""
    reports = [officer.sent(report_of(f"Child {number}")) for number in range(12)]
    pack = pack_of()
    assert len(pack.pulls(limit=5)) == 12
    assert pack.pulls() == []
    before = pack.bytes_taken

    officer.revises(reports[4], {"mis.dangers": "The tide"})
    [again] = pack.pulls()

    assert again["child"] == str(reports[4].header.subject)
    assert again["told"][0]["answers"]["mis.dangers"] == "The tide"
    assert pack.bytes_taken - before < 5_000
    assert pack.seen == list(range(1, 14))  # a device would take a missing number for one that was lost


def test_a_child_of_whom_much_is_known_costs_less_than_five_kilobytes(
    officer: Colleague, pack_of: PackOf
) -> None:
    """A plan that fills its page, four nights, a report: as it goes over the line, in text."""
    nights = [a_night(f"night {number}", NIGHT - timedelta(days=9 * number)) for number in range(4)]
    for night in nights:
        officer.sent(night)
    texts = {
        f"trg.{name}": f"{name}: " + " ".join(f"{word} of {number}" for number in range(9) for word in WORDS)
        for name in ("why_words", "places_words", "associates_danger", "engage", "medical", "hazards")
    }
    officer.sent(a_plan(nights[0], texts))
    pack = pack_of()

    [child] = pack.pulls()

    assert len(child["told"]) == 5
    assert pack.bytes_taken * 4 / 3 < 5_000


def test_every_shift_gets_all_of_it_again(officer: Colleague, pack_of: PackOf) -> None:
    """The device forgot it at the end of the last one; its place in everything else stays."""
    officer.sent(report_of("Amy"))
    evening = pack_of()
    evening.pulls()
    night = pack_of(session="shift of the night", cursor=evening.cursor)

    assert [one["facts"]["person.given_names"][0] for one in night.pulls()] == ["Amy"]
    assert night.seen == [1]


@pytest.mark.parametrize(("first", "last"), [("significant", "emerging"), ("no_sign", "significant")])
def test_how_much_exploitation_the_last_review_saw_is_in_the_pack_and_nothing_else_of_it(
    officer: Colleague, pack_of: PackOf, clock: Clock, first: str, last: str
) -> None:
    """R-32: whoever is at the door knows what the team has seen, and reads nobody's opinion."""
    officer.sent(report_of("Amy"))
    assert "person.exploitation_level" not in pack_of().pulls()[0]["facts"]

    said = {"mh.exploitation_level": first, "mh.note": "Goes to a van at the harbour."}
    review = officer.sent(review_of("Amy", said))
    pack = pack_of()
    [child] = pack.pulls()
    assert child["facts"]["person.exploitation_level"][0] == first
    assert "harbour" not in str(child)

    clock.at += timedelta(hours=2)
    officer.revises(review, {"mh.exploitation_level": last})
    assert pack.pulls()[0]["facts"]["person.exploitation_level"][0] == last


def test_a_child_who_is_back_is_missing_no_longer(officer: Colleague, pack_of: PackOf) -> None:
    """Where found and with whom then stand there, for the next time."""
    officer.sent(report_of("Amy"))
    pack = pack_of()
    pack.pulls()

    officer.sent(return_of("Amy"))
    [child] = pack.pulls()

    assert child["missing"] == ""
    [told] = child["told"]
    place = told["entities"][told["answers"]["ret.found_place"]]
    assert place["facts"]["place.name"] == "Bus station"


def test_an_episode_that_is_closed_is_over_and_one_opened_again_is_not(
    officer: Colleague, sergeant: Colleague, pack_of: PackOf, context: Context
) -> None:
    """A closing without a return, such as a duplicate."""
    report = officer.sent(report_of("Amy"))
    pack = pack_of()
    assert pack.pulls()[0]["missing"]
    episode = Episode(context, str(report.header.episode))

    assert episode.closes(sergeant, "duplicate", despite="Two calls about one child.").stands
    assert [one["missing"] for one in pack.pulls()] == [""]
    episode.opens_again(sergeant)
    assert [one["missing"] for one in pack.pulls()] == [str(report.header.record)]


def test_the_same_child_of_two_nights_is_one(officer: Colleague, pack_of: PackOf) -> None:
    """Each handheld made an id of its own: names and date of birth put them together."""
    for number in range(3):
        night = a_night(f"night {number}", NIGHT - timedelta(days=10 * number))
        officer.sent(night)
        officer.sent(a_talk(night, {"pi.where": ()}))

    [child] = pack_of().pulls()

    assert child["times"] == {"30": 3, "90": 3, "all": 3}
    assert len(child["people"]) == 3
    assert len([one for one in child["told"] if one["form"] == "ret"]) == 3


def test_a_name_that_was_wrong_parts_two_children_again(officer: Colleague, pack_of: PackOf) -> None:
    """The second record named the first one's child by mistake, and is put right."""
    first = officer.sent(report_of("Amy", dob="2011-02-19"))
    second = officer.sent(report_of("Ben", given_names="Amy", dob="2011-02-19"))
    pack = pack_of()
    assert len([one for one in pack.pulls() if not one.get("gone")]) == 1

    officer.sent(known_as(next_revision(second, {}), given_names="Ben"))

    now = {one["child"]: one["facts"]["person.given_names"][0] for one in pack.pulls()}
    assert now == {str(first.header.subject): "Amy", str(second.header.subject): "Ben"}


def test_what_is_covert_is_given_to_the_supervisor_alone(officer: Colleague, pack_of: PackOf) -> None:
    """Nobody at the door can let slip what they do not know."""
    officer.sent(report_of("Amy"), covert=True)

    assert pack_of().pulls() == []
    [child] = pack_of("tablet-1", roles=("supervisor",)).pulls()
    assert child["covert"]


def test_what_becomes_covert_is_taken_back(officer: Colleague, pack_of: PackOf) -> None:
    """A device that has it is told that it is gone, and nothing else."""
    report = officer.sent(report_of("Amy"))
    pack = pack_of()
    pack.pulls()

    officer.revises(report, covert=True)
    [gone] = pack.pulls()

    assert gone["gone"]
    assert "facts" not in gone


def test_a_withdrawn_report_and_a_death_take_a_child_out(officer: Colleague, pack_of: PackOf) -> None:
    """The wrong child, and R-50."""
    report, other = officer.sent(report_of("Amy")), officer.sent(report_of("Ben"))
    pack = pack_of()
    pack.pulls()

    officer.withdraws(report)
    officer.revises(other, {"mis.returned_before_report": "dead"})

    assert [one.get("gone") for one in pack.pulls()] == [True, True]
    assert pack_of(session="another").pulls() == []


def test_whom_the_unit_has_not_met_for_half_a_year_is_not_known_here(
    officer: Colleague, pack_of: PackOf, clock: Clock
) -> None:
    """Unless there is a plan for the child."""
    officer.sent(report_of("Amy"))
    clock.at = NIGHT + timedelta(days=200)

    assert pack_of().pulls() == []


def test_who_was_given_which_records_is_written_down(
    officer: Colleague, pack_of: PackOf, context: Context
) -> None:
    """As reading a list is: whoever watches over looking finds it under the child."""
    sent = officer.sent(report_of("Amy"))
    pack_of().pulls()

    [noted] = [one for one in rows(context, audit) if one["what"] == GIVEN]

    assert noted["who"] == "NYP-4432"
    assert noted["detail"] == {"device": "handheld-9", "rows": 1, "records": [str(sent.header.record)]}


def test_it_is_made_again_from_the_evidence(officer: Colleague, pack_of: PackOf, context: Context) -> None:
    """After an upgrade, or a register that was thrown away."""
    officer.sent(report_of("Amy"))
    before = pack_of()
    [told] = before.pulls()

    known.rebuild(context)

    [again] = before.pulls()
    assert again == told
