"""Q-02 on the handheld: what this officer wrote before is remembered past the seal, and asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booklets.forms import Stage
from booklets.review import Problem
from field_app.capture.session import CaptureSession
from field_app.handset.shift import Shift
from field_app.store.own_texts import OWN_TEXTS
from field_app.ui.fields import view_of
from tests.support.builders import NIGHT, PPN_SAID
from tests.support.handsets import GUIDE, OnShift, found_child
from tests.support.ppns import ppn_of
from tests.support.sent_back import honest_check, moved, newest_records

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
    return [one for one in session.problems() if "word for word" in one.says]


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


def a_ppn(officer: OnShift, section: str) -> CaptureSession:
    """A whole PPN of tonight about a child of its own, with the account that this officer always gives."""
    shift, now = officer.shift, officer.handset.clock.now().replace(second=0, microsecond=0)
    begun = ppn_of(moved(PPN_SAID, now - NIGHT))
    written = replace(begun, officer=shift.author, started=shift.stamp(), unit=shift.officer.unit)
    session = shift.go_on_with(written)
    session.put(section, SAID.replace("{name}", "Kit"))
    return session


@pytest.mark.parametrize(
    "section", ["ppn.aware_appearance", "ppn.aware_relationships", "ppn.impact", "ppn.risk_opinion_because"]
)
def test_a_ppn_that_repeats_the_last_one_about_another_child_is_asked_about(
    officer: OnShift, section: str
) -> None:
    """What was seen of one child is no account of the next, in each of the texts of its author."""
    first = a_ppn(officer, section)
    assert asked(first) == []
    officer.shift.send(first, stage=Stage.CAPTURE)

    found = {one.fields[0]: one for one in asked(a_ppn(officer, section))}

    assert found[section].stands
    assert "100% of it, word for word, is what you wrote at" in found[section].says


def test_a_ppn_that_says_the_same_is_kept_at_one_tap(officer: OnShift) -> None:
    """It never blocks, as little as in a return check."""
    officer.shift.send(a_ppn(officer, "ppn.impact"), stage=Stage.CAPTURE)
    ppn = a_ppn(officer, "ppn.impact")
    field = ppn.guide.field("ppn.impact")

    [line] = [one for one in view_of(field, ppn, asked(ppn)).lines if "word for word" in one.says]

    assert line.keep


def test_what_a_parent_said_is_not_held_against_what_another_parent_said(officer: OnShift) -> None:
    """It is not the officer's own account."""
    officer.shift.send(a_ppn(officer, "ppn.parent_views"), stage=Stage.CAPTURE)

    assert "ppn.parent_views" not in {one.fields[0] for one in asked(a_ppn(officer, "ppn.parent_views"))}


def test_a_ppn_that_follows_from_a_check_repeats_nothing_by_being_about_the_same_night(
    officer: OnShift,
) -> None:
    """It starts with the check's own words: the same child, the same incident."""
    check = a_check(officer, "Amy")
    check.put("pi.appearance", SAID.replace("{name}", "Amy"))
    check.put("pi.ppn_needed", "yes")
    check.put("pi.ppn_needed_because", None)
    officer.shift.send(check, stage=Stage.CAPTURE)
    (draft,) = officer.shift.home().drafts

    ppn = officer.shift.resume(draft.id)

    assert ppn is not None
    assert "laughed once" in str(ppn.value("ppn.aware_appearance"))
    assert asked(ppn) == []
