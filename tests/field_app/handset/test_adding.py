"""Going on with what was sent: later the same shift, or once the child is awake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from booklets.answers import Gap, Moment, Why
from booklets.errors import NotAllowedNow
from booklets.forms import Stage
from booklets.review import NEEDED
from field_app.capture.session import CaptureSession
from field_app.handset.returning import add, withdraw
from tests.field_app.handset.test_returning import by_a_colleague
from tests.support.handsets import OnShift, a_handset, an_offline_shift
from tests.support.sent_back import Force, an_honest_check, honest_check, moved, newest_records
from tests.support.vaults import PIN
from tests.support.walks import ASLEEP, NOW, check_of


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def sent_and_added_to(officer: OnShift) -> CaptureSession:
    """An honest check, sent, and open again to be added to."""
    an_honest_check(officer)
    return add(officer.shift, officer.shift.home().parcels[0])


def answered_all(session: CaptureSession) -> None:
    """Everything that is still wanted gets an answer, or the reason why there is none."""
    for _ in range(4):  # an answer may open another question
        for one in session.problems():
            if one.code == NEEDED:
                field = session.field(one.fields[0])
                words = field.codes[0].code if field.codes else "PC Amin saw it, and says so."
                answer = Gap(Why.NOT_KNOWN) if Why.NOT_KNOWN in field.gaps else words
                session.put(field.id, answer, one.entity)


def test_what_is_opened_is_a_draft_at_once_and_asks_what_is_wanted_later(officer: OnShift) -> None:
    """It opens on the page of the rest of the shift, and builds on what was sent."""
    session = sent_and_added_to(officer)

    kept = officer.draft(session)
    assert kept is not None
    assert (kept.place, kept.stage) == ("later", Stage.COMPLETE)
    assert {one.revision for one in kept.sent.values()} == {1}
    wanted = {one.fields[0] for one in session.problems() if one.code == NEEDED}
    assert {"ret.told_police_at", "person.first_language", "pi.risk_now"} <= wanted


def test_one_word_more_goes_as_the_next_revision_while_much_is_still_wanted(officer: OnShift) -> None:
    """None of the rest holds it up, and nobody calls the record complete."""
    session = sent_and_added_to(officer)
    session.put("person.first_language", "English")

    sent = officer.shift.send(session, stage=session.encounter.stage)

    made = newest_records(officer, sent.id)
    assert {(one.header.revision, one.header.base_revision, one.stage) for one in made} == {
        (2, 1, Stage.CAPTURE)
    }
    assert officer.draft(session) is None
    again = add(officer.shift, officer.shift.home().parcels[0])
    assert again.value("person.first_language") == "English"
    assert {one.revision for one in again.encounter.sent.values()} == {2}


def test_a_record_that_has_everything_is_sent_as_complete(officer: OnShift) -> None:
    """An honest "not known" is an answer."""
    session = sent_and_added_to(officer)
    answered_all(session)
    for one in session.problems():  # so many gaps are asked about
        if one.stands:
            session.keep_because(one.key, "Her mother knows, and comes at nine.")

    sent = officer.shift.send(session, stage=session.encounter.stage)

    assert {one.stage for one in newest_records(officer, sent.id)} == {Stage.COMPLETE}


def test_the_rules_of_the_later_questions_ask_and_their_reasons_travel(officer: OnShift) -> None:
    """R-06: age alone is no reason. R-41: a child who may be made to do it may be a victim first."""
    session = sent_and_added_to(officer)
    session.put("pi.risk_now", "medium")
    session.put("pi.risk_now_because", "She is 15.")
    session.put("ret.crime_by_child", "yes")
    session.put("pi.debt", "yes")
    session.put("pi.debt_detail", "Says she owes a boy for a phone.")

    asked = {one.code: one for one in session.problems() if one.stands and one.code != NEEDED}
    assert {"R-06", "R-41"} <= asked.keys()
    with pytest.raises(NotAllowedNow, match="still to put right"):
        officer.shift.send(session, stage=session.encounter.stage)

    for one in asked.values():
        session.keep_because(one.key, "The sergeant has seen the whole of it.")
    session.put("pi.ppn_needed", "yes")
    session.put("pi.ppn_needed_because", "The debt.")
    sent = officer.shift.send(session, stage=session.encounter.stage, emergency="The sergeant waits for it.")
    kept = {name.partition(":")[0] for one in newest_records(officer, sent.id) for name in one.reasons}
    assert {"R-06", "R-41"} <= kept


def test_a_lowered_risk_wants_a_second_person(officer: OnShift) -> None:
    """R-54, once the episode has told what the risk was."""
    session = sent_and_added_to(officer)
    session.put("ret.risk_while_missing", "high")
    session.put("pi.risk_now", "low")

    assert "R-54" in {one.code for one in session.problems()}


def test_a_sleeping_childs_second_try_is_the_next_revision(officer: OnShift) -> None:
    """R-45: somebody tries again. It opens where the child was asleep, and asks what a talk asks."""
    now = officer.handset.clock.now().replace(second=0, microsecond=0)
    asleep = replace(
        check_of(moved(ASLEEP, now - NOW)), officer=officer.shift.author, started=officer.shift.stamp()
    )
    officer.shift.send(officer.shift.go_on_with(asleep), stage=Stage.CAPTURE)

    session = add(officer.shift, officer.shift.home().parcels[0])
    assert session.encounter.place == "talk"
    session.put("pi.engaged", "yes")
    session.put("pi.at", Moment(now))
    needed = {one.fields[0] for one in session.problems(Stage.CAPTURE) if one.code == NEEDED}
    assert {"pi.child_words", "pi.harm"} <= needed
    sent = officer.shift.send(
        session, stage=session.encounter.stage, emergency="She is awake and goes to school."
    )

    interview = next(one for one in newest_records(officer, sent.id) if one.header.form == "pvi")
    assert (interview.header.revision, interview.answers["pi.engaged"]) == (2, "yes")


def test_half_an_addition_survives_a_kill(tmp_path: Path) -> None:
    """The battery goes while the rest of the shift is written down."""
    with an_offline_shift(tmp_path) as officer:
        session = sent_and_added_to(officer)
        session.put("person.social_worker", "Mo Iqb")
        officer.shift.put_down()
        officer.shift._autosave = None  # nothing is saved on the way out: the app is simply gone
        secrets = officer.secrets

    with a_handset(tmp_path, secrets=secrets) as again:
        (vault,) = again.open().officers
        shift = again.unlock(vault.vault, PIN)
        home = shift.home()
        assert [one.adds for one in home.drafts] == [True]
        session = add(shift, home.parcels[0])

        assert session.value("person.social_worker") == "Mo Iqb"
        assert session.encounter.stage is Stage.COMPLETE


def test_what_a_colleague_sent_since_is_built_upon_where_it_is_here(officer: OnShift) -> None:
    """It came back to the unit, was corrected, and came back again."""
    records = newest_records(officer, an_honest_check(officer).encounter.id)
    parcel = officer.shift.home().parcels[0]
    Force(officer).sends_back(
        by_a_colleague(records, **{"pi.carer_view": "Karen and her sister."}), to_unit=True
    )

    session = add(officer.shift, parcel)

    assert session.value("pi.carer_view") == "Karen and her sister."
    assert {one.revision for one in session.encounter.sent.values()} == {2}


def test_a_colleagues_revision_that_is_not_here_is_not_written_over(officer: OnShift) -> None:
    """It was approved: only that is known here, and it says enough."""
    records = newest_records(officer, an_honest_check(officer).encounter.id)
    parcel = officer.shift.home().parcels[0]
    force = Force(officer)
    newer = by_a_colleague(records)
    force.tells("decision", newer[0], {"state": "approved", "outcome": "approve", "content": None})

    with pytest.raises(NotAllowedNow, match="colleague has sent a newer revision"):
        add(officer.shift, parcel)

    assert officer.shift.home().drafts == ()


def test_nothing_is_added_to_what_was_withdrawn(officer: OnShift) -> None:
    """The wrong child."""
    an_honest_check(officer)
    first = officer.shift.home().parcels[0]
    withdraw(officer.shift, first, "The wrong child.")

    with pytest.raises(NotAllowedNow, match="withdrawn"):
        add(officer.shift, first)


def test_after_found_alone_the_rest_of_the_check_is_gone_on_with_as_it_was(officer: OnShift) -> None:
    """It has never been sent whole: it means to go as far as the door, and the draft of it is there."""
    session = honest_check(officer)
    officer.shift.send(session, stage=Stage.FOUND)
    home = officer.shift.home()

    again = add(officer.shift, home.parcels[0])

    assert again.encounter.id == session.encounter.id
    assert again.encounter.stage is Stage.CAPTURE
    assert [one.adds for one in home.drafts] == [False]
