"""Q-02 on the handheld: what this officer wrote before is remembered past the seal, and asked about."""

from __future__ import annotations

from booklets.forms import Stage
from booklets.review import Problem
from field_app.capture.session import CaptureSession
from field_app.handset.shift import Shift
from field_app.store.own_texts import OWN_TEXTS
from tests.support.handsets import GUIDE, OnShift, found_child
from tests.support.sent_back import honest_check, newest_records

FIELD = "pi.demeanour"
SAID = (
    "{name} sat on the stairs with her coat on and looked at the dog. She answered in whole sentences, "
    "laughed once, and asked whether anybody was in trouble because of the lift she had taken."
)


def a_check(officer: OnShift, name: str) -> CaptureSession:
    """A whole check with the account that this officer always gives."""
    session = honest_check(officer)
    session.put(FIELD, SAID.replace("{name}", name))
    session.put("pi.ppn_needed_because", f"Nothing was seen or said that worries me about {name}.")
    return session


def asked(session: CaptureSession) -> list[Problem]:
    """What is asked about the likeness of a text."""
    return [one for one in session.problems() if one.code == "Q-02"]


def test_the_same_account_of_another_child_is_asked_about(officer: OnShift) -> None:
    """The first was sealed and is gone; its likeness is not."""
    first = a_check(officer, "Amy")
    assert asked(first) == []
    officer.shift.send(first, stage=Stage.CAPTURE)

    [problem] = asked(a_check(officer, "Josh"))

    assert problem.stands
    assert "100% of it, word for word, is what you wrote at" in problem.says


def test_kept_with_a_reason_it_goes_and_the_reason_goes_along(officer: OnShift) -> None:
    """Q-02 never blocks."""
    officer.shift.send(a_check(officer, "Amy"), stage=Stage.CAPTURE)
    session = a_check(officer, "Josh")
    [problem] = asked(session)

    session.keep_because(problem.key, "Brother and sister, on the same stairs.")
    officer.shift.send(session, stage=Stage.CAPTURE)

    records = newest_records(officer, session.encounter.id)
    reasons = {key: reason for record in records for key, reason in record.reasons.items()}
    assert reasons == {problem.key: "Brother and sister, on the same stairs."}


def test_a_further_revision_is_not_held_against_the_first(officer: OnShift) -> None:
    """It says the same because it is the same."""
    sent = officer.shift.send(a_check(officer, "Amy"), stage=Stage.CAPTURE)

    assert asked(officer.shift.go_on_with(sent)) == []


def kept(shift: Shift) -> int:
    """How many questions have something kept about them."""
    return len(shift._vault.db.sealed(OWN_TEXTS))


def test_only_what_is_compared_is_kept_and_only_once_all_is_sent(officer: OnShift) -> None:
    """Nothing of "found" alone, nothing of what a rule does not read, nothing of what was withdrawn."""
    session = officer.shift.start(GUIDE)
    found_child(session, {FIELD: SAID})
    officer.shift.send(session, stage=Stage.FOUND)
    assert officer.on_keeper(lambda: kept(officer.shift)) == 0

    sent = officer.shift.send(a_check(officer, "Amy"), stage=Stage.CAPTURE)
    assert officer.on_keeper(lambda: kept(officer.shift)) == 1

    again = officer.shift.go_on_with(sent)
    again.put("pi.appearance", SAID)
    officer.shift.send(again, stage=Stage.CAPTURE, void_reason="Wrong child.")
    assert officer.on_keeper(lambda: kept(officer.shift)) == 1
