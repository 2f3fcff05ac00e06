"""A supervisor's acts on a real vault: what is written survives, what is decided is sealed, PINs count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from booklets import definitions, wire
from booklets.answers import Answer, Row, frozen
from booklets.decisions import Ask, Outcome, ask_row, decision_of
from booklets.entities import Entity, new_id
from booklets.errors import NotAllowedNow
from booklets.records import Record
from booklets.sealing import read_envelope
from booklets.sending import records_of
from field_app.capture.cases import Case, Standing
from field_app.capture.session import CaptureSession
from field_app.handset.deciding import PIN_LASTS, LastPin, PinNeeded, held_against
from field_app.vault.attempts import MOST_TRIES, PAUSES
from field_app.vault.errors import VaultLocked, WrongPin
from tests.support.builders import CARER, DECIDED, a_decision, next_revision
from tests.support.encounters import a_sending
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.missing import HONEST, LEO, NOW
from tests.support.missing import written as reported
from tests.support.queues import Tablet, a_check, an_outcome, another_check
from tests.support.vaults import PIN

WRONG = "019283"


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """A sergeant's tablet without signal."""
    with an_offline_shift(tmp_path) as found:
        yield found


@pytest.fixture
def tablet(officer: OnShift) -> Tablet:
    """The same, with one return check that waits."""
    made = Tablet(officer)
    made.waits(*a_check())
    return made


def the_case(tablet: Tablet) -> Case:
    """The one case there is."""
    [case] = tablet.officer.shift.home().cases
    return case


def written(tablet: Tablet, said: dict[str, Answer] | None = None) -> CaptureSession:
    """A decision on that case, with everything it needs."""
    session = tablet.officer.shift.deciding.write(the_case(tablet))
    for name, value in (said or DECIDED[Outcome.APPROVE]).items():
        if name not in {"sup.risk_right", "sup.risk_right_because"}:
            session.put(name, value)
    return session


def sealed_in(tablet: Tablet) -> list[Record]:
    """Every decision in the outbox, as the force's server reads it."""
    officer = tablet.officer
    found = []
    for item in officer.outbox():
        envelope = read_envelope(officer.envelope(item))
        envelope.check(officer.handset._device_keys.signing.public)
        found.append(wire.unpack(envelope.open(officer.force.sealing)))
    return found


def ages(tablet: Tablet, by: timedelta) -> None:
    """So much time has passed since the PIN was given."""
    tablet.officer.shift.deciding.pin._given -= by.total_seconds()


def test_a_decision_is_sealed_without_signal_and_names_what_was_seen(tablet: Tablet) -> None:
    """The force can tell whether it is still what stands there."""
    case = the_case(tablet)
    tablet.officer.shift.deciding.decide(written(tablet), case)

    [record] = sealed_in(tablet)
    decision = decision_of(record)
    assert decision.outcome is Outcome.APPROVE
    assert {(one.record, one.revision, one.digest) for one in decision.decides} == {
        (one.record.header.record, 1, wire.digest(one.record)) for one in case.papers
    }
    assert record.header.author.id == tablet.officer.shift.officer.id
    assert CARER not in {one.id for one in record.entities}, "only the child goes with a decision"


def test_what_is_decided_here_waits_no_more_and_is_on_its_way(tablet: Tablet) -> None:
    """Nobody asks the sergeant twice while there is no signal."""
    tablet.officer.shift.deciding.decide(written(tablet), the_case(tablet))

    assert the_case(tablet).standing is Standing.ON_ITS_WAY


def test_a_decision_is_no_draft_and_no_record_of_an_officers_own_list(tablet: Tablet) -> None:
    """The worklist is for what the officer saw at a door."""
    session = written(tablet)
    tablet.officer.shift.put_down()
    while_writing = tablet.officer.shift.home()
    tablet.officer.shift.deciding.decide(session, the_case(tablet))
    afterwards = tablet.officer.shift.home()

    assert while_writing.drafts == afterwards.drafts == ()
    assert while_writing.unread == ()
    assert while_writing.cases[0].begun
    assert afterwards.parcels == ()


def test_a_half_written_decision_survives_a_lock(tablet: Tablet) -> None:
    """A sergeant is called away in the middle of a sentence."""
    handset = tablet.officer.handset
    ret = the_case(tablet).papers[0].record.header.record
    rows: tuple[Row, ...] = (ask_row(Ask(ret, "ret.found_how", "Who brought Kit back?")),)
    written(tablet, {"sup.decision": "return", "sup.asks": rows, "sup.return_words": "Nobody says who"})
    standing = handset.lock()
    handset.unlock(standing.officers[0].vault, PIN)
    again = Tablet(tablet.officer)

    session = again.officer.shift.deciding.written(the_case(again))

    assert session is not None
    assert session.value("sup.return_words") == "Nobody says who"
    assert session.value("sup.asks") == rows


def test_what_was_written_goes_on_when_a_newer_version_comes_and_is_then_about_that(tablet: Tablet) -> None:
    """The words are kept; what they decide on is what is read now."""
    session = written(tablet)
    tablet.officer.shift.put_down()
    grown = next_revision(the_case(tablet).papers[0].record, {"ret.covert": "yes"})
    tablet.waits(grown, minutes=1)
    case = the_case(tablet)

    with pytest.raises(NotAllowedNow):
        tablet.officer.shift.deciding.decide(session, case)
    again = tablet.officer.shift.deciding.written(case)

    assert again is not None
    assert again.encounter.id == session.encounter.id
    assert again.value("sup.rationale") == DECIDED[Outcome.APPROVE]["sup.rationale"]
    assert {one.revision for one in again.encounter.linked} == {1, 2}
    with pytest.raises(
        NotAllowedNow, match="to put right"
    ):  # nobody has said yet that the newer one was read
        tablet.officer.shift.deciding.decide(again, case)
    again.put("sup.read", "yes")
    tablet.officer.shift.deciding.decide(again, case)
    assert len(sealed_in(tablet)) == 1


def test_what_somebody_else_decided_meanwhile_is_not_decided_again(tablet: Tablet) -> None:
    """The queue emptied on every tablet; this one was about to send a second decision."""
    session = written(tablet)
    records = [one.record for one in the_case(tablet).papers]
    theirs = a_decision(records)
    tablet.hears(*(an_outcome(one, theirs, at=tablet.now) for one in records))

    with pytest.raises(NotAllowedNow):
        tablet.officer.shift.deciding.decide(session, the_case(tablet))

    assert sealed_in(tablet) == []


def test_nobody_may_decide_on_their_own_record(tablet: Tablet) -> None:
    """The tablet says so before the force has to."""
    own = a_check(author=tablet.officer.shift.author)
    tablet.forget()
    tablet.waits(*own)

    assert not tablet.officer.shift.deciding.may_decide(the_case(tablet))


def test_filler_is_never_sealed(tablet: Tablet) -> None:
    """“Noted” says that it was read, not what was decided."""
    session = written(tablet, {**DECIDED[Outcome.APPROVE], "sup.rationale": "Noted."})

    with pytest.raises(NotAllowedNow):
        tablet.officer.shift.deciding.decide(session, the_case(tablet))

    assert sealed_in(tablet) == []


def test_a_reason_lets_go_what_a_check_refuses_and_everybody_reads_it(tablet: Tablet) -> None:
    """The check knows words and not what was said at the desk; the decision says that it was overridden."""
    said = "PC Wells told me all of it at the desk; her statement follows."
    session = written(tablet, {**DECIDED[Outcome.APPROVE], "sup.rationale": "Noted."})
    session.keep_because("SUP-1:sup.rationale", said)

    tablet.officer.shift.deciding.decide(session, the_case(tablet))

    [made] = sealed_in(tablet)
    [override] = decision_of(made).despite
    assert (override.rule, override.reason) == ("SUP-1:sup.rationale", said)
    assert override.by == tablet.officer.shift.author.id


def test_the_text_of_an_earlier_decision_is_refused_on_another_record(tablet: Tablet) -> None:
    """Q-03: from the copy that may still be read, and afterwards from what the force told of it."""
    shift = tablet.officer.shift
    first = the_case(tablet)
    again = shift.deciding.write(first)
    assert again.decided == ()
    made = shift.deciding.decide(written(tablet), first)
    other = another_check(incident=new_id())
    tablet.waits(*other)
    second = next(one for one in shift.home().cases if one.encounter == str(other[0].header.encounter))

    session = shift.deciding.write(second)
    for name, value in DECIDED[Outcome.APPROVE].items():
        session.put(name, value)

    assert [dict(one)["sup.rationale"] for one in session.decided] == [made.answers["sup.rationale"]]
    assert "SUP-8" in {one.code for one in session.problems()}
    with pytest.raises(NotAllowedNow):
        shift.deciding.decide(session, second)


def test_what_the_force_told_of_an_own_decision_is_remembered_as_well(tablet: Tablet) -> None:
    """A colleague's words are the colleague's, and the same incident may have the same reason twice."""
    shift = tablet.officer.shift
    ret, _ = other = another_check(incident=new_id())
    mine = a_decision(other, by=shift.author)
    theirs = a_decision(other, answers={"sup.rationale": "A colleague's words."}, encounter=new_id())
    same = a_decision(a_check(), by=shift.author, encounter=new_id())
    tablet.hears(*(an_outcome(ret, one, at=tablet.now) for one in (mine, theirs, same)))

    session = shift.deciding.write(the_case(tablet))

    assert [dict(one)["sup.rationale"] for one in session.decided] == [
        DECIDED[Outcome.APPROVE]["sup.rationale"]
    ]


def test_a_decision_needs_the_pin_again_after_a_quarter_of_an_hour(tablet: Tablet) -> None:
    """Whoever picks up an open tablet decides nothing with it; what was written stays."""
    session, case = written(tablet), the_case(tablet)
    deciding = tablet.officer.shift.deciding
    ages(tablet, PIN_LASTS)

    with pytest.raises(PinNeeded):
        deciding.decide(session, case)
    assert sealed_in(tablet) == []
    deciding.pin.give(PIN)
    deciding.decide(session, case)

    assert len(sealed_in(tablet)) == 1


def test_a_wrong_pin_counts_as_on_the_lock_screen_and_locks_nothing(tablet: Tablet) -> None:
    """There are ten tries in all, wherever they are made, and the right one starts them afresh."""
    pin = tablet.officer.shift.deciding.pin
    ages(tablet, PIN_LASTS)
    vaults = tablet.officer.handset._open_vaults
    vault = tablet.officer.shift._vault.id

    with pytest.raises(WrongPin) as refused:
        pin.give(WRONG)

    assert refused.value.tries_left == 9
    assert pin.is_old
    assert not tablet.officer.shift._vault.locked
    pin.give(PIN)
    assert tablet.officer.on_keeper(lambda: vaults.tries(vault)).left == 10


def test_ten_wrong_pins_close_the_vault_to_everybody_but_the_force(tablet: Tablet) -> None:
    """The tenth is refused as the lock screen refuses it."""
    vaults, vault = tablet.officer.handset._open_vaults, tablet.officer.shift._vault.id
    long_ago = {"wrong": MOST_TRIES - 1, "wall": 0.0, "since_boot": -PAUSES[-1]}
    tablet.officer.secrets.set(vaults._entries(vault).tries, json.dumps(long_ago))

    with pytest.raises(VaultLocked):
        tablet.officer.shift.deciding.pin.give(WRONG)
    with pytest.raises(VaultLocked):
        tablet.officer.shift.deciding.pin.give(PIN)


def test_a_clock_that_went_back_asks_for_the_pin() -> None:
    """A restarted device knows nothing of a quarter of an hour."""
    now = [5000.0]
    pin = LastPin(lambda typed: None, since_boot=lambda: now[0])

    now[0] = 5000.0 + PIN_LASTS.total_seconds() - 1
    assert not pin.is_old
    now[0] = 10.0
    assert pin.is_old


MARKED = replace(
    LEO,
    facts=frozen(
        {**LEO.facts, "person.markers_checked": "yes", "person.warning_markers": ({"marker": "WE"},)}
    ),
)
FORCES = definitions.force("north_yorkshire")


def a_report(child: Entity) -> dict[str, Record]:
    """A missing report and its assessment, which considers no marker, by form."""
    sent = records_of(reported(HONEST, child=child), definitions.guide("missing"), a_sending(at=NOW))
    return {one.header.form: one for one in sent}


def test_an_assessment_that_is_decided_already_holds_up_nothing(tablet: Tablet) -> None:
    """What is asked of whoever approves is about what they decide on; the rest is read beside it."""
    tablet.forget()
    sent = a_report(MARKED)
    tablet.waits(*sent.values())
    [while_it_waits] = tablet.officer.shift.home().cases
    tablet.hears(an_outcome(sent["rsk"], a_decision([sent["rsk"]]), at=tablet.now))
    afterwards = the_case(tablet)

    assert [one.record.header.form for one in afterwards.awaiting] == ["mis"]
    assert any("Not considered yet" in said for said in held_against(while_it_waits, FORCES, NOW))
    assert held_against(afterwards, FORCES, NOW) == ()


def test_what_is_taken_back_is_looked_at_for_what_was_sent_back_alone(tablet: Tablet) -> None:
    """Nothing waits any more: what may be taken back is what a decision would be about."""
    tablet.forget()
    sent = a_report(MARKED)
    tablet.waits(*sent.values())
    back = a_decision([sent["rsk"]], Outcome.RETURN)
    tablet.hears(
        an_outcome(sent["rsk"], back, at=tablet.now),
        an_outcome(sent["mis"], a_decision([sent["mis"]]), at=tablet.now),
    )
    case = the_case(tablet)

    assert [one.record.header.form for one in case.to_take_back] == ["rsk"]
    assert any("Not considered yet" in said for said in held_against(case, FORCES, NOW))


def test_what_was_withdrawn_says_nothing_about_what_waits(tablet: Tablet) -> None:
    """The report named a marker of another child and was taken back; the assessment names none."""
    tablet.forget()
    named, right = a_report(MARKED)["mis"], a_report(LEO)["rsk"]
    header = replace(
        named.header,
        encounter=right.header.encounter,
        incident=right.header.incident,
        void_reason="x",
    )
    tablet.waits(replace(named, header=header), right)
    case = the_case(tablet)

    assert [one.record.header.form for one in case.awaiting] == ["rsk"]
    assert held_against(case, FORCES, NOW) == ()
