"""What an officer does about what was sent, on a handset without signal: nothing begun is ever lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from booklets.answers import Answer, frozen
from booklets.decisions import Ask
from booklets.errors import NotAllowedNow
from booklets.forms import Stage
from booklets.records import Author, Record
from field_app.capture.returned import Returned
from field_app.handset.returning import answer, withdraw
from tests.support.handsets import OnShift, a_handset, an_offline_shift
from tests.support.sent_back import Force, an_honest_check, honest_check, newest_records
from tests.support.vaults import PIN


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def came_back(officer: OnShift, *asked: str) -> Returned:
    """A check that was sent and came back with questions."""
    records = newest_records(officer, an_honest_check(officer).encounter.id)
    Force(officer).sends_back(records, [Ask(records[0].header.record, one, "Who?") for one in asked])
    (returned,) = officer.shift.home().returned
    return returned


def test_what_is_opened_is_a_draft_at_once_and_opens_where_the_question_stands(officer: OnShift) -> None:
    """Whatever happens next, it is there again."""
    returned = came_back(officer, "pi.carer_view")

    session = answer(officer.shift, returned)

    kept = officer.draft(session)
    assert kept is not None
    assert kept.place == "talk"
    assert {one.revision for one in kept.sent.values()} == {1}


def test_half_an_answer_survives_a_kill(tmp_path: Path) -> None:
    """The battery goes at three in the morning."""
    with an_offline_shift(tmp_path) as officer:
        session = answer(officer.shift, came_back(officer, "pi.carer_view"))
        session.put("pi.carer_view", "Karen and her sis")
        officer.shift.put_down()
        officer.shift._autosave = None  # nothing is saved on the way out: the app is simply gone
        secrets, encounter = officer.secrets, str(session.encounter.id)

    with a_handset(tmp_path, secrets=secrets) as again:
        (vault,) = again.open().officers
        shift = again.unlock(vault.vault, PIN)
        (returned,) = shift.home().returned
        session = answer(shift, returned)

        assert str(session.encounter.id) == encounter
        assert session.value("pi.carer_view") == "Karen and her sis"


def test_opening_it_twice_goes_on_with_what_was_begun(officer: OnShift) -> None:
    """A second touch begins nothing anew."""
    returned = came_back(officer, "pi.carer_view")
    answer(officer.shift, returned).put("pi.carer_view", "Karen alone.")

    again = answer(officer.shift, returned)

    assert again.value("pi.carer_view") == "Karen alone."
    assert len(officer.shift.home().drafts) == 1


def test_what_was_being_added_when_it_came_back_is_gone_on_with(officer: OnShift) -> None:
    """The officer had more to say before the sergeant asked."""
    sent = officer.shift.newest_sent(str(an_honest_check(officer).encounter.id))
    assert sent is not None
    officer.shift.go_on_with(sent).put("pi.prevent", "If mum knocked first.")
    officer.shift.put_down()
    Force(officer).sends_back(newest_records(officer, sent.id))
    (returned,) = officer.shift.home().returned

    session = answer(officer.shift, returned)

    assert session.value("pi.prevent") == "If mum knocked first."


def test_the_correction_of_a_corrected_record_is_revision_three(officer: OnShift) -> None:
    """It may come back more than once."""
    encounter = an_honest_check(officer).encounter.id
    for times in ("once", "twice"):
        Force(officer).sends_back(newest_records(officer, encounter))
        (returned,) = officer.shift.home().returned
        session = answer(officer.shift, returned)
        session.put("pi.carer_view", f"Karen alone, asked {times}.")
        officer.shift.send(session, stage=Stage.CAPTURE)

    assert {one.header.revision for one in newest_records(officer, encounter)} == {3}
    assert officer.shift.home().returned == ()


def by_a_colleague(records: tuple[Record, ...], **answers: Answer) -> tuple[Record, ...]:
    """The next revision of each, as a colleague of the unit wrote it on another handheld."""
    colleague = Author("o-99", "Sam Adeyemi", "PC", "99", "Selby")
    return tuple(
        replace(
            one,
            header=replace(
                one.header,
                author=colleague,
                revision=one.header.revision + 1,
                base_revision=one.header.revision,
            ),
            answers=frozen(
                {**one.answers, **{name: said for name, said in answers.items() if name in one.answers}}
            ),
        )
        for one in records
    )


def test_what_a_colleague_corrected_meanwhile_is_built_upon(officer: OnShift) -> None:
    """Sent at nine, taken over at ten, sent back again at eleven: the same phone goes on from the newest."""
    records = newest_records(officer, an_honest_check(officer).encounter.id)
    newer = by_a_colleague(records, **{"pi.carer_view": "Karen and her sister."})
    Force(officer).sends_back(newer, to_unit=True)
    (returned,) = officer.shift.home().returned

    session = answer(officer.shift, returned)
    session.put("pi.prevent", "If mum knocked first.")
    sent = officer.shift.send(session, stage=Stage.CAPTURE)

    made = newest_records(officer, sent.id)
    assert {(one.header.revision, one.header.base_revision) for one in made} == {(3, 2)}
    assert {one.answers.get("pi.carer_view", "") for one in made} == {"", "Karen and her sister."}


def test_a_draft_from_before_a_colleagues_correction_does_not_undo_it(officer: OnShift) -> None:
    """It lay open on this phone while somebody else answered. What it adds is kept."""
    sent = officer.shift.newest_sent(str(an_honest_check(officer).encounter.id))
    assert sent is not None
    old = officer.shift.go_on_with(sent)
    old.put("pi.appearance", "A word that only this draft has.")
    old.put("pi.carer_view", "Karen, I think.")
    officer.shift.put_down()
    newer = by_a_colleague(newest_records(officer, sent.id), **{"pi.carer_view": "Karen and her sister."})
    Force(officer).sends_back(newer, to_unit=True)
    (returned,) = officer.shift.home().returned

    session = answer(officer.shift, returned)

    assert session.value("pi.carer_view") == "Karen and her sister."
    assert session.value("pi.appearance") == "A word that only this draft has."
    kept = officer.draft(session)
    assert kept is not None
    assert {one.revision for one in kept.sent.values()} == {2}


def test_what_is_still_being_written_is_not_withdrawn(officer: OnShift) -> None:
    """What was typed must not go with it unseen."""
    session = honest_check(officer)
    officer.shift.send(session, stage=Stage.FOUND)
    (parcel,) = officer.shift.home().parcels

    with pytest.raises(NotAllowedNow, match="still writing"):
        withdraw(officer.shift, parcel, "The wrong child.")

    assert len(officer.outbox()) == 1
    assert len(officer.shift.home().drafts) == 1


@pytest.mark.parametrize("reason", ["", "   "])
def test_blank_words_are_no_reason_to_withdraw(officer: OnShift, reason: str) -> None:
    """A space bar is not a reason."""
    an_honest_check(officer)
    (parcel,) = officer.shift.home().parcels

    with pytest.raises(NotAllowedNow, match="Say why"):
        withdraw(officer.shift, parcel, reason)


def test_withdrawing_asks_for_nothing_that_is_missing(officer: OnShift) -> None:
    """A check sent in an emergency, half empty, can be taken back as it is."""
    session = honest_check(officer)
    session.put("pi.carer_view", None)
    officer.shift.send(session, stage=Stage.CAPTURE, emergency="She may go again.")
    (parcel,) = officer.shift.home().parcels

    withdraw(officer.shift, parcel, "Sent twice.")

    gone = newest_records(officer, session.encounter.id)
    assert {(one.header.revision, one.header.void_reason) for one in gone} == {(2, "Sent twice.")}
    assert officer.shift.home().parcels[0].withdrawn
