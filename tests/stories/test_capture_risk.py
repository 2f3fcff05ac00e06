"""How high the risk is for a missing child, and why.

Found: "initial risk being inconsistently graded", and for a boy of seventeen in county lines, with markers
for firearms, knives, mental health and suicide, "medium-risk because of the boy's age"; templated wording,
and "victim-blaming language" (Assessment and help, "The initial response to reports of missing children
remains inconsistent", and the case study).

The night again: Dylan, 17, is reported missing by his children's home for the ninth time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from booklets.answers import Answer, frozen
from booklets.decisions import Outcome
from booklets.entities import Entity
from booklets.errors import NotAllowedNow
from booklets.forms import Effect, Stage
from booklets.records import reference_of
from field_app.capture.cases import Standing
from field_app.capture.session import CaptureSession
from field_app.ui.supervising import lay_out
from sync_server.console.records import APPROVED_OVER
from sync_server.identity.accounts import Role
from tests.support.builders import DECIDED
from tests.support.colleagues import Colleague
from tests.support.missing import HONEST, a_row, somebody, written, yes
from tests.support.ppns import ppn_of
from tests.support.queues import Tablet, as_stored
from tests.support.story_nights import StoryNight, keeps, said, speaks, stands

pytestmark = pytest.mark.thorough

MARKERS = ({"marker": "FI"}, {"marker": "WE"}, {"marker": "MN"}, {"marker": "SU"})
DYLAN = somebody(
    known_as="Dylan",
    given_names="Dylan",
    surname="Roe-Test",
    dob="2009-01-20",
    sex="M",
    ethnicity_sde="W1",
)
BECAUSE: str = (
    "Dylan owes four hundred pounds to a man called Rook in Leeds, told staff on Monday that he would be "
    "stabbed if he came without it, and left at nine in the rain without his phone."
)
OF_DYLAN: Mapping[str, Answer] = {
    "mis.circumstances": "Staff say Dylan left by the kitchen door at nine after a call he took outside.",
    "mis.intentions": "Staff think he went to Leeds by the nine o'clock bus.",
    "mis.dangers": "He has no coat, it rains, and he is expected by somebody he owes money to.",
    "ra.rationale": BECAUSE,
    "ra.f05_evidence": a_row(what="He owes four hundred pounds", who="Home manager"),
    "ra.f25_evidence": a_row(what="Rain all night, no coat", who="Home manager"),
    "ra.actions": a_row(
        what="Search Dylan's room with staff, then meet the Leeds bus", who="PC Wells", by="immediate"
    ),
}
SAM = somebody(
    known_as="Sam", given_names="Sam", surname="Hart-Test", dob="2012-08-02", sex="F", ethnicity_sde="W1"
)
OTHER_WORDS: Mapping[str, Answer] = {
    "mis.circumstances": "Sam's mother heard the front door at seven and found the bed empty at ten.",
    "mis.intentions": "Her mother thinks Sam wanted to see a friend in Ripon.",
    "mis.dangers": "Sam has asthma and her inhaler lies on the kitchen table.",
}
OF_SAM = (
    "Sam's inhaler is at home, she was wheezing at tea, and the friend in Ripon says that Sam never came; "
    "her mother has rung nine times and the phone goes straight to the voice of the network."
)


HEARD = "Kit says a man called R waits at the bus station on Fridays: nobody knew when it was graded."


def reported(
    night: StoryNight, changed: Mapping[str, Answer | None], child: Entity = DYLAN
) -> CaptureSession:
    """The home's report about Dylan, honest and whole but for these answers."""
    return night.writes(written({**HONEST, **OF_DYLAN, **changed}, child=child))


def test_his_age_is_no_reason_for_medium(night: StoryNight) -> None:
    """Age, habit or number alone: the officer is asked what is different tonight, and it does not go."""
    session = reported(night, {"ra.rationale": "Medium because of his age, not out of character."})

    assert "R-06" in stands(session)
    assert "What is different for {name} tonight?" in said(session, "R-06")
    with pytest.raises(NotAllowedNow):
        night.sends(session)

    session.put("ra.rationale", BECAUSE)
    assert not stands(session)
    assert night.sends(session)["rsk"].answers["ra.level"] == "medium"


def test_low_is_not_among_the_choices_for_a_child(night: StoryNight) -> None:
    """The policy said never low; here nobody can choose it, and an old phone's answer is not taken."""
    session = reported(night, {})
    offered = {one.code for one in session.field("ra.level").offered(session.force)}
    assert offered == {"medium", "high"}

    session.put("ra.level", "low")
    with pytest.raises(NotAllowedNow):
        night.sends(session)

    session.put("ra.level", "medium")
    assert night.sends(session)["rsk"].answers["ra.level"] == "medium"


def test_what_the_grading_rests_on_is_named_one_by_one(night: StoryNight) -> None:
    """Graded inconsistently: a level without its facts is no grading, and no fact is taken for a no."""
    session = reported(night, {"ra.factors_relied_on": None, "ra.f19_cce": None})
    assert {"ra.factors_relied_on", "ra.f19_cce"} <= stands(session)

    session.put("ra.f19_cce", "no")
    session.put("ra.factors_relied_on", ("f05", "f25"))
    assert not stands(session)


def test_debt_bondage_cannot_be_left_out_of_the_rationale(night: StoryNight) -> None:
    """Known at the call and absent from the reasons: a critical yes that is left out is asked about."""
    session = reported(night, {**yes("f19_cce", "f27_associates"), "ra.factors_relied_on": ("f05", "f25")})
    assert {"R-06b", "R-02"} <= stands(session), "not relied on; and critical, and not high: why?"

    session.put("ra.factors_relied_on", ("f05", "f25", "f19", "f27"))
    assert "R-06b" not in stands(session)
    session.put("ra.level", "high")
    session.put(
        "ra.level_change_reason", "He is owed for by Rook, who told him on Monday what would happen."
    )
    assert not stands(session)


def test_each_warning_marker_is_considered_before_anybody_approves(night: StoryNight) -> None:
    """Four markers, and a rationale that named none: each is shown first, and asked about one by one."""
    child = replace(
        DYLAN,
        facts=frozen({**DYLAN.facts, "person.markers_checked": "yes", "person.warning_markers": MARKERS}),
    )
    one = a_row(marker="WE", effect="Dylan had a lock knife in May: two officers go together.")
    session = reported(night, {"ra.markers_considered": one}, child)
    assert "R-60b" in speaks(session, Effect.SHOW), "on the first page, before anything is graded"
    assert "R-04a" in speaks(session, Effect.WARN)
    assert "R-04" in speaks(session, Effect.BLOCK, stage=Stage.APPROVE)

    each = tuple(
        {"marker": marker["marker"], "effect": "Told to the officers who go."} for marker in MARKERS
    )
    session.put("ra.markers_considered", each)
    assert not {"R-04", "R-04a"} & speaks(session, stage=Stage.APPROVE)


ONE_MARKER = a_row(marker="WE", effect="Dylan had a lock knife in May: two officers go together.")
EACH_MARKER = tuple({"marker": one["marker"], "effect": "Told to the officers who go."} for one in MARKERS)


@pytest.mark.parametrize(
    ("considered", "held"),
    [pytest.param(ONE_MARKER, {"SUP-R04b"}, id="one"), pytest.param(EACH_MARKER, set(), id="each")],
)
def test_a_sergeant_cannot_approve_over_a_marker_that_nobody_considered(
    night: StoryNight, tablet: Tablet, considered: Answer, held: set[str]
) -> None:
    """The last to see it says "considered": the assessment itself says which was not, and holds it up."""
    known: dict[str, Answer] = {"person.markers_checked": "yes", "person.warning_markers": MARKERS}
    child = replace(DYLAN, facts=frozen({**DYLAN.facts, **known}))
    sent = night.sends(reported(night, {"ra.markers_considered": considered}, child))
    tablet.waits(*sent.values())
    [case] = tablet.officer.shift.home().cases
    session = tablet.officer.shift.deciding.write(case)
    for name, answer in DECIDED[Outcome.APPROVE].items():
        session.put(name, answer)
    assert stands(session) == held

    if held:
        assert "Not considered yet: 3 of 4" in said(session, "SUP-R04b")
        with pytest.raises(NotAllowedNow):
            tablet.officer.shift.deciding.decide(session, case)
        keeps(
            session,
            "SUP-R04b",
            "Firearm, mental health, suicide: told to PC Wells at 02:10, before he went.",
        )
    tablet.officer.shift.deciding.decide(session, case)
    [decided] = tablet.officer.shift.home().cases
    assert decided.standing is Standing.ON_ITS_WAY


@pytest.mark.parametrize(("considered", "shown"), [(ONE_MARKER, True), (EACH_MARKER, False)])
def test_what_was_approved_over_a_marker_says_so_at_the_force(
    night: StoryNight, sergeant: Colleague, considered: Answer, *, shown: bool
) -> None:
    """Whatever the tablet asked or did not ask: the exploitation team reads that nobody considered it."""
    known: dict[str, Answer] = {"person.markers_checked": "yes", "person.warning_markers": MARKERS}
    child = replace(DYLAN, facts=frozen({**DYLAN.facts, **known}))
    sent = night.sends(reported(night, {"ra.markers_considered": considered}, child))["rsk"]
    with night.at_the_console("mhet.before", Role.MHET) as desk:
        assert APPROVED_OVER not in desk.reads_record(sent), "nobody has approved it yet"
    sergeant.decided(sent)

    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        told = desk.reads_record(sent)

    assert (APPROVED_OVER in told) is shown
    assert ("Not considered yet: 3 of 4" in told) is shown


def test_a_rationale_that_was_written_for_the_last_child_is_asked_about(night: StoryNight) -> None:
    """Templated wording: what this officer wrote on Tuesday is no reason about another child tonight."""
    first = reported(night, {})
    night.sends(first)

    copied = reported(night, OTHER_WORDS, SAM)
    assert "Q-02" in stands(copied)
    with pytest.raises(NotAllowedNow):
        night.sends(copied)

    copied.put("ra.rationale", OF_SAM)
    assert not stands(copied)


def test_a_template_is_seen_that_goes_from_one_colleague_to_the_next(
    night: StoryNight, sergeant: Colleague, tablet: Tablet
) -> None:
    """Templated wording: a colleague's reason of last week says nothing of another child tonight."""
    first = night.sends(reported(night, {}))["rsk"]
    night.another_night(days=6)
    colleague = replace(night, officer=night.colleague("pc.adeyemi"))
    copied = reported(night, OTHER_WORDS, SAM)
    keeps(copied, "Q-02", "The same man, and the same threat.")
    second = colleague.sends(copied)["rsk"]

    reads = f"100% of it, word for word, is also in {reference_of(first.header.record)}"
    tablet.hears(*map(as_stored, sergeant.hears()))
    cases = tablet.officer.shift.home().cases
    laid = [one for case in cases for one in lay_out(case, tablet.officer.shift.force, night.now)]
    [about] = [one for one in laid if one.document.record == second.header.record]
    assert [note.question for note in about.notes if note.says.startswith(reads)] == ["ra.rationale"]
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        told = desk.reads_record(second)
    assert "100% of it, word for word, is also in Risk assessment" in told
    assert reference_of(first.header.record) in told


@pytest.mark.parametrize(
    "sentence",
    [
        "This is not out of character for this child to go missing.",
        "She appears to engage in risky business.",
    ],
)
def test_the_two_sentences_of_the_report_are_asked_about(night: StoryNight, sentence: str) -> None:
    """Victim-blaming: both sentences that inspectors quote stop the officer, with other words offered."""
    session = reported(night, {"ra.rationale": f"{BECAUSE} {sentence}"})
    assert "Q-01" in stands(session)

    session.put("ra.rationale", BECAUSE)
    assert not stands(session)
    session.put("mis.reporter_concern", sentence)
    assert not stands(session), "what somebody else said is written down as it was said"


def test_what_is_learnt_later_has_the_risk_looked_at_again(night: StoryNight) -> None:
    """A PPN showed "the need to change a risk assessment" and nobody did: new facts set the owner a task."""
    session = night.writes(ppn_of({"ppn.changes_risk": "yes", "ppn.changes_risk_because": HEARD}))
    night.sends(session)
    assert night.tasks()["review_risk"]["owner_role"] == "fim"


def test_a_ppn_that_changes_no_risk_asks_nobody(night: StoryNight) -> None:
    """The other side: what is known already is not graded twice."""
    night.sends(night.writes(ppn_of({})))
    assert "review_risk" not in night.tasks()


def test_nobody_lowers_a_risk_alone(night: StoryNight) -> None:
    """Downgraded without a supervisor: a lower level names a second person and what has changed."""
    lower = {
        "ra.level_before": "high",
        "ra.level_change_reason": "Seen at one by a bus driver, with his brother.",
    }
    session = reported(night, lower)
    assert "R-54" in stands(session)

    session.put("ra.agreed_by", "Insp 88 Farrow")
    assert not stands(session)
