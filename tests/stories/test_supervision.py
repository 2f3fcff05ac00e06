"""Whoever supervises reads it, decides in words of their own, and is seen not to have decided.

Found: "the force doesn't require line managers or supervisors to check the quality of PPNs"; booklets whose
content "isn't supervised by line managers"; supervisory direction that was "superficial", and a boy's room
not searched for over two hours; entries of "seen", "noted" and "agreed" "without considered rationale"; a
template for reviews that most records did not include; supervision that "remains outstanding" when somebody
is away (Initial contact; Assessment and help; Investigation; Managing those posing a risk to children).

The night again: what PC Sample has sent about Amy and Kit waits for Sergeant Oyelaran.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets.answers import Answer, Moment, Row
from booklets.decisions import Outcome
from booklets.errors import NotAllowedNow
from booklets.school_days import LONDON
from field_app.capture.cases import Case, Standing
from field_app.capture.session import CaptureSession
from sync_server.deciding import Standing as Verdict
from sync_server.identity.accounts import Role
from tests.support.builders import DECIDED, NIGHT, UNIT
from tests.support.colleagues import Colleague
from tests.support.missing import HONEST as MISSING
from tests.support.missing import written
from tests.support.ppns import ppn_of
from tests.support.queues import Tablet
from tests.support.story_nights import StoryNight, keeps, stands
from tests.support.walks import HONEST, check_of

pytestmark = pytest.mark.thorough

PARTNER = "partner:E06000065"
WELL: Mapping[str, Answer] = {
    name: said
    for name, said in DECIDED[Outcome.APPROVE].items()
    if name not in {"sup.risk_right", "sup.risk_right_because", "sup.owner_accepted_at"}
}
WORDS = "Passed to the council: strategy discussion asked for, ethnicity checked with the school."


def waiting(night: StoryNight, tablet: Tablet) -> Case:
    """Amy's return check of tonight, as it waits on the tablet."""
    records = night.sends(night.writes(check_of(HONEST)))
    tablet.waits(*records.values())
    [case] = tablet.officer.shift.home().cases
    return case


def deciding(tablet: Tablet, case: Case, **changed: Answer | None) -> CaptureSession:
    """An approval that nothing stands against, but for these answers."""
    session = tablet.officer.shift.deciding.write(case)
    for name, said in {**WELL, **{f"sup.{name}": said for name, said in changed.items()}}.items():
        session.put(name, said)
    return session


def a_direction(what: str) -> tuple[Row, ...]:
    """One direction of a sergeant."""
    return ({"what": what, "who": "PC Okoro", "by": Moment(NIGHT)},)


def test_no_ppn_passes_that_its_line_manager_has_not_read(
    night: StoryNight, sergeant: Colleague, vat: Colleague
) -> None:
    """Only specialists checked it: here the team cannot pass what no supervisor of the unit has read."""
    ppn = night.sends(night.writes(ppn_of({})))["ppn"]
    assert vat.settles(ppn, words=WORDS) == Verdict(False, "not_a_supervisor")
    assert night.leaving()[PARTNER] == "held"

    sergeant.decided(ppn)
    assert vat.settles(ppn, words=WORDS) == Verdict(True)
    assert night.leaving()[PARTNER] == "due"


def test_what_stood_in_the_booklet_waits_whole_for_the_sergeant(night: StoryNight, tablet: Tablet) -> None:
    """Scanned and attached, read by nobody: every answer stands on the tablet, to be decided on."""
    case = waiting(night, tablet)
    assert case.standing is Standing.UNDECIDED
    answers = {name: said for paper in case.papers for name, said in paper.record.answers.items()}
    assert {"pi.why_left", "pi.who", "pi.carer_view", "ret.found_place"} <= answers.keys()

    tablet.officer.shift.deciding.decide(deciding(tablet, case), case)
    [decided] = tablet.officer.shift.home().cases
    assert decided.standing is Standing.ON_ITS_WAY


def test_it_is_not_approved_unread(night: StoryNight, tablet: Tablet) -> None:
    """Approving begins with reading."""
    case = waiting(night, tablet)
    session = deciding(tablet, case, read="no")
    assert "SUP-0" in stands(session)
    assert not stands(deciding(tablet, case))


@pytest.mark.parametrize("word", ["Seen.", "Noted.", "Agreed."])
def test_seen_noted_and_agreed_are_no_reasons(night: StoryNight, tablet: Tablet, word: str) -> None:
    """The three words of the report: none of them decides anything here."""
    case = waiting(night, tablet)
    session = deciding(tablet, case, rationale=word)
    assert "SUP-1" in stands(session)
    with pytest.raises(NotAllowedNow):
        tablet.officer.shift.deciding.decide(session, case)

    session.put("sup.rationale", WELL["sup.rationale"])
    tablet.officer.shift.deciding.decide(session, case)


def test_a_direction_directs_somebody_to_something(night: StoryNight, tablet: Tablet) -> None:
    """Superficial direction, and a room not searched: what, who and by when, or it is no direction."""
    case = waiting(night, tablet)
    session = deciding(tablet, case, directions=a_direction("Continue enquiries as usual."))
    assert "SUP-3" in stands(session)

    session.put("sup.directions", a_direction("Search Amy's room and the shed for the second phone"))
    assert not stands(session)


@pytest.mark.parametrize(
    "direction",
    [
        "PPN to be completed once warrant executed, as we risk alerting the household.",
        "Hold the referral about Amy's brother until the DFU results are back.",
    ],
)
def test_no_sergeant_lets_a_ppn_wait_for_a_warrant(
    night: StoryNight, tablet: Tablet, direction: str
) -> None:
    """It was a supervisor who wrote it, and it cost 42 days: who directs so is asked."""
    case = waiting(night, tablet)
    session = deciding(tablet, case, directions=a_direction(direction))
    assert "SUP-15" in stands(session)

    session.put("sup.directions", a_direction("Send the PPN about Amy's brother tonight, marked covert"))
    assert not stands(session)


def test_directing_nothing_says_what_leaves_nothing_to_do(night: StoryNight, tablet: Tablet) -> None:
    """No direction at all is an answer too, with what has been done and by whom."""
    case = waiting(night, tablet)
    session = deciding(tablet, case, directions=None, no_directions_because="Nothing to add.")
    assert "SUP-4" in stands(session)

    session.put(
        "sup.no_directions_because",
        "PC Sample rang the duty team at 02:36 and Karen keeps the key of the side door.",
    )
    assert not stands(session)


def test_a_marker_that_nobody_considered_is_not_approved(night: StoryNight, tablet: Tablet) -> None:
    """Supervision passed over markers: approving says of them that they were considered, or it goes back."""
    case = waiting(night, tablet)
    session = deciding(tablet, case, markers="not_considered", markers_because=None)
    assert "SUP-R04" in stands(session)
    assert "SUP-R04" not in stands(deciding(tablet, case))


def test_a_sergeant_thinks_beyond_the_incident(night: StoryNight, tablet: Tablet) -> None:
    """Wider risk "weren't addressed": whoever approves over another child says who sees to it."""
    case = waiting(night, tablet)
    session = deciding(tablet, case, other_children="not_all")
    assert "SUP-R13" in stands(session)
    assert "SUP-R13" not in stands(deciding(tablet, case, other_children="none_there"))


def test_the_reason_for_the_last_record_is_no_reason_for_this_one(night: StoryNight, tablet: Tablet) -> None:
    """A template for every review: what was written of Amy decides nothing about the next child."""
    case = waiting(night, tablet)
    tablet.officer.shift.deciding.decide(deciding(tablet, case), case)
    ppn = night.sends(night.writes(ppn_of({})))
    tablet.waits(*ppn.values())
    [second] = [one for one in tablet.officer.shift.home().cases if one.standing is Standing.UNDECIDED]

    session = deciding(tablet, second)
    assert "SUP-8" in stands(session)
    session.put(
        "sup.rationale",
        "Kit named the loud man to his nan at nine, and the bed he sleeps in was seen; Robin agreed to it.",
    )
    assert "SUP-8" not in stands(session)


def test_a_risk_is_judged_right_or_wrong_with_its_reason(night: StoryNight, tablet: Tablet) -> None:
    """Enquiries "not being supervised well enough": whoever approves says what makes the level right."""
    records = night.sends(night.writes(written(MISSING)))
    tablet.waits(*records.values())
    [case] = tablet.officer.shift.home().cases
    taken_on = Moment(night.now)
    session = deciding(
        tablet,
        case,
        risk_right="yes",
        risk_right_because="Agreed with grading.",
        owner_accepted_at=taken_on,
    )
    assert "SUP-5" in stands(session)

    session.put("sup.risk_right_because", "Leo cannot swim and the becks by Valley Gardens are in flood.")
    assert not stands(session)


def test_when_nobody_decides_the_incident_manager_hears(
    night: StoryNight, sergeant: Colleague, incident_manager: Colleague
) -> None:
    """A sergeant on leave, the work outstanding: after the force's hours it is put before more people."""
    night.sends(night.writes(ppn_of({})))
    night.later(hours=7)
    assert incident_manager.heard("review") == []

    night.later(hours=9)
    assert sergeant.heard("review")[-1]["undecided"]["output"] == "referral"
    assert [one["undecided"]["output"] for one in incident_manager.heard("review")] == ["referral"]


def test_what_was_decided_in_time_disturbs_nobody(
    night: StoryNight, sergeant: Colleague, vat: Colleague, incident_manager: Colleague
) -> None:
    """The other side: read and passed on in the same hour."""
    ppn = night.sends(night.writes(ppn_of({})))["ppn"]
    sergeant.decided(ppn)
    vat.settles(ppn, words=WORDS)
    night.later(hours=9)
    assert incident_manager.heard("review") == []


def test_what_goes_back_says_what_is_missing_and_the_officer_hears(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Staff never learnt what was thin: what is asked reaches them in words, with a time."""
    ppn = night.sends(night.writes(ppn_of({})))["ppn"]
    assert night.officer.heard("returned") == []

    sergeant.decided(ppn, outcome=Outcome.RETURN)
    [back] = night.officer.heard("returned")
    assert "Kit was not asked where he slept" in str(back["content"])
    assert back["due_at"]


@pytest.mark.thorough
def test_how_good_each_notice_was_can_be_asked_of_the_register(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Managers could not see how well their staff understand: the team's view of each notice is counted."""
    ppn = night.sends(night.writes(ppn_of({})))["ppn"]
    sergeant.decided(ppn)
    with night.at_the_console("vat.hale", Role.VAT, unit="vat") as desk:
        assert "Marlowe-Test" not in desk.reads("/register?quality=enough")
        desk.triages(
            ppn, grade="same_day", quality="enough", why=f"Kit's bruise fits the man called R. {WORDS}"
        )
        assert "Marlowe-Test" in desk.reads("/register?quality=enough")
        assert "Marlowe-Test" not in desk.reads("/register?quality=good")


def test_leaders_see_how_well_a_unit_writes_and_read_some_of_it_by_lot(night: StoryNight) -> None:
    """They had counts of how many: what stayed open stands by its question, and leads to the records.

    Some are drawn by a lot that anybody can draw again; what is written back the unit's sergeants read.
    """
    for _ in range(3):
        session = night.writes(check_of(HONEST))
        for rule in ("Q-02", "Q-10"):
            keeps(session, rule)
        night.sends(session)
    month = f"{night.clock().astimezone(LONDON):%Y-%m}"
    feedback = "Her own words are there, and who asked what. When the carer was rung is not."

    with night.at_the_console("mhet.hale", Role.MHET, unit="mhet") as desk:
        figures = desk.reads(f"/quality?month={month}")
        assert "Harrogate response 6 " in figures
        assert "Questions without an answer" in figures
        sample = desk.draws(UNIT, month)
        desk.writes_back(sample, feedback)
    with night.at_the_console("sgt.reads", Role.SUPERVISOR) as desk:
        address = sample[sample.index("/samples/") :]
        seen = desk.reads(address)
        assert feedback in seen
        assert "Seed" in seen
        assert night.officer.author.name not in seen
