"""Sending: sealed once, all or nothing, for the force alone, and nothing readable stays behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booklets import wire
from booklets.drafts import encounter_to_json
from booklets.errors import NotAllowedNow
from booklets.forms import Effect, Stage
from booklets.records import Record
from booklets.review import NEEDED, Problem
from booklets.sealing import Envelope, read_envelope
from field_app.capture.session import CaptureSession
from field_app.capture.submit import EMERGENCY, ROUTINE, Sealed, hand_over, left_open
from field_app.handset.returning import add
from field_app.store.errors import StoreFull
from field_app.store.outbox import Item, Outbox, State
from tests.field_app.sync.desks import a_session
from tests.support.handsets import GUIDE, OnShift, files_under, found_child
from tests.support.vaults import PIN

WHY = "She may go again before anyone looks."
PLANTED = [f"Zeb{number}-Marker-{number * 7919}" for number in range(50)]


def record_in(officer: OnShift, item: Item) -> Record:
    """What the force's server reads out of the sealed bytes."""
    return wire.unpack(opened(officer, item).open(officer.force.sealing))


def opened(officer: OnShift, item: Item) -> Envelope:
    """The envelope, once this handset's signature on it has been checked."""
    envelope = read_envelope(officer.envelope(item))
    envelope.check(officer.handset._device_keys.signing.public)
    return envelope


def begun(officer: OnShift, **said: str) -> CaptureSession:
    """A check of a child who is found, with more to say."""
    session = officer.shift.start(GUIDE)
    seen = {"pi.face_to_face": "yes", "pi.engaged": "yes"}
    found_child(session, seen | {f"pi.{name}": words for name, words in said.items()})
    return session


def test_nothing_is_sent_while_something_stands_against_it(officer: OnShift) -> None:
    """And nothing of what was typed goes away with the refusal."""
    session = begun(officer, demeanour="Tired, hungry, holds her arm.")

    with pytest.raises(NotAllowedNow, match="still to put right"):
        officer.shift.send(session, stage=Stage.CAPTURE)

    assert officer.outbox() == []
    kept = officer.draft(session)
    assert kept is not None
    assert kept.answers["pi.demeanour"] == "Tired, hungry, holds her arm."


def test_blank_words_are_no_reason_for_an_emergency(officer: OnShift) -> None:
    """A space bar is not a reason."""
    with pytest.raises(NotAllowedNow):
        officer.shift.send(begun(officer), stage=Stage.CAPTURE, emergency="  ")


def test_in_an_emergency_it_goes_with_the_reason_and_what_is_missing(officer: OnShift) -> None:
    """The record says which rules were overridden, by whom and why; it jumps the queue."""
    session = begun(officer)
    standing = {one.code for one in session.problems() if one.stands}

    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)

    items = officer.outbox()
    assert [item.priority for item in items] == [EMERGENCY, EMERGENCY]
    for item in items:
        overrides = record_in(officer, item).overrides
        assert {one.rule.partition(":")[0] for one in overrides} == standing
        assert {(one.reason, one.by) for one in overrides} == {(WHY, officer.shift.officer.id)}
        assert item.summary["emergency"]


def test_one_encounter_becomes_two_records_that_only_the_force_can_read(officer: OnShift) -> None:
    """Opened with the server's key and with the recovery key, and with nothing on this device."""
    session = begun(officer, why_left="A row about the phone.")

    after = officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)

    items = officer.outbox()
    records = {item.summary["form"]: record_in(officer, item) for item in items}
    assert set(records) == {"ret", "pvi"}
    for item in items:
        record = records[item.summary["form"]]
        envelope = opened(officer, item)
        assert envelope.open(officer.force.recovery) == envelope.open(officer.force.sealing)
        assert envelope.header.record == str(record.header.record) == item.record
        assert (record.header.revision, record.header.base_revision) == (1, 0)
        assert record.header.encounter == after.id
        assert wire.digest(record) == item.summary["digest"]
    assert records["pvi"].answers["pi.why_left"] == "A row about the phone."
    assert "pi.why_left" not in records["ret"].answers
    child = next(one for one in records["ret"].entities if one.id == after.subject)
    assert child.facts["person.known_as"] == "Amy"


def test_a_record_says_until_when_its_author_can_be_asked(officer: OnShift) -> None:
    """So that what is sent back goes to somebody who is there; unknown, where the force has not said."""
    officer.shift.send(begun(officer), stage=Stage.FOUND)
    officer.shift.keep_session(a_session(session_until="2036-03-14T09:00:00Z"))
    officer.shift.send(begun(officer), stage=Stage.FOUND)

    ends = [record_in(officer, item).header.shift_ends_at for item in officer.outbox()]
    assert ends == [None, datetime(2036, 3, 14, 9, tzinfo=UTC)]


def test_what_is_begun_on_a_shift_knows_when_that_shift_ends(officer: OnShift) -> None:
    """R-16: a PPN is due by then, also when it is gone on with on the next shift."""
    officer.shift.keep_session(a_session(session_until="2036-03-14T09:00:00Z"))
    begun_then = officer.shift.start("ppn").encounter
    officer.shift.put_down()
    officer.shift.keep_session(a_session(session_until="2036-03-15T09:00:00Z"))

    resumed = officer.shift.resume(str(begun_then.id))

    assert resumed is not None
    assert resumed.encounter.shift_ends == datetime(2036, 3, 14, 9, tzinfo=UTC)


def test_what_was_sealed_is_sent_unchanged_every_time(officer: OnShift) -> None:
    """So that the server can tell a second sending from a second record."""
    officer.shift.send(begun(officer), stage=Stage.FOUND)
    (item,) = officer.outbox()
    first = officer.envelope(item)

    officer.handset.lock()
    (vault,) = officer.handset.open().officers
    officer.handset.unlock(vault.vault, PIN)

    assert officer.envelope(officer.outbox()[0]) == first


def test_the_draft_goes_and_both_records_come_in_one_step(officer: OnShift) -> None:
    """One transaction: the counter of the store moves once for all three."""
    session = begun(officer)
    officer.shift.put_down()
    officer.shift._courier.stop()  # what it notes of its own way would count too
    counter = officer.on_keeper(lambda: officer.shift._vault.head)

    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)

    assert officer.on_keeper(lambda: officer.shift._vault.head) == counter + 1
    assert officer.draft(session) is None
    assert {item.state for item in officer.outbox()} <= {State.SEALED, State.SENDING}
    assert len(officer.outbox()) == 2


def test_sending_on_a_full_disk_changes_nothing_and_works_afterwards(officer: OnShift) -> None:
    """Neither half an outbox nor a missing draft."""
    session = begun(officer, why_left="A row. " * 200)
    officer.shift.put_down()
    with officer.full_disk():
        with pytest.raises(StoreFull, match="Free some space"):
            officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)
        assert officer.outbox() == []
        assert officer.draft(session) == session.encounter

    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)

    assert len(officer.outbox()) == 2


def test_no_word_of_it_lies_readable_in_the_data_folder(officer: OnShift) -> None:
    """Before sending, after it, and after locking; the control finds the words where they may be read."""
    session = officer.shift.start(GUIDE)
    found_child(session)
    session.put("person.surname", PLANTED[0])
    session.put("pi.child_words", ({"who": PLANTED[1], "said": " ".join(PLANTED[2:40])},))
    session.put("pi.demeanour", " ".join(PLANTED[40:]))
    officer.shift.put_down()
    places = {"before": files_under(officer.folder)}
    after = officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)
    places["after"] = files_under(officer.folder)
    (parcel,) = officer.shift.home().parcels
    readable = officer.shift.newest_sent(parcel.encounter)
    officer.handset.lock()
    places["locked"] = files_under(officer.folder)

    assert readable is not None
    assert readable == after
    assert all(word in str(encounter_to_json(readable)) for word in PLANTED)
    for files in places.values():
        assert any(name.endswith("vault.db") for name in files)
        for name, content in files.items():
            assert not [word for word in PLANTED if word.encode() in content or word in name]


def test_found_goes_alone_and_the_rest_of_the_talk_stays_open(officer: OnShift) -> None:
    """The council is told at once; the next sending is a further revision of the same record."""
    session = begun(officer)
    officer.shift.send(session, stage=Stage.FOUND)
    session.put("pi.why_left", "A row about the phone.")
    officer.shift.put_down()
    kept = officer.draft(session)
    assert kept is not None
    assert kept.answers["pi.why_left"] == "A row about the phone."
    assert {form: one.revision for form, one in kept.sent.items()} == {"ret": 1, "pvi": 0}

    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)

    sent = {(item.summary["form"], item.rev): record_in(officer, item).header for item in officer.outbox()}
    assert set(sent) == {("ret", 1), ("ret", 2), ("pvi", 1)}
    assert sent["ret", 2].base_revision == 1
    assert sent["ret", 2].record == sent["ret", 1].record
    assert officer.draft(session) is None


def test_after_a_restart_the_next_sending_still_builds_on_the_first(officer: OnShift) -> None:
    """The phone died between "found" and the rest."""
    session = begun(officer)
    officer.shift.send(session, stage=Stage.FOUND)
    officer.handset.lock()
    (vault,) = officer.handset.open().officers
    officer.handset.unlock(vault.vault, PIN)
    again = officer.shift.resume(str(session.encounter.id))
    assert again is not None

    officer.shift.send(again, stage=Stage.FOUND)

    assert [item.rev for item in officer.outbox()] == [1, 2]


def test_what_is_typed_while_it_is_being_sealed_is_kept_for_the_next_revision(officer: OnShift) -> None:
    """Sealing takes a moment on a phone; a thumb does not wait, and the draft must not fall behind."""
    session = begun(officer)
    officer.shift.put_down()
    before = session.encounter

    officer.shift.send(session, stage=Stage.FOUND)
    session.encounter = before  # as a screen that was drawn before knows it
    session.put("pi.worries", "that mum will take the phone")
    officer.shift.put_down()

    kept = officer.draft(session)
    assert kept is not None
    assert kept.sent["ret"].revision == 1
    officer.shift.send(session, stage=Stage.FOUND)
    assert [item.rev for item in officer.outbox()] == [1, 2]


def test_handing_over_found_does_not_put_an_older_draft_in_the_place_of_a_newer(officer: OnShift) -> None:
    """The save that came in while the envelope was being sealed holds more."""
    session = begun(officer)
    officer.shift.send(session, stage=Stage.FOUND)
    session.put("pi.why_left", "A row about the phone.")
    officer.shift.put_down()
    older = officer.draft(session)
    assert older is not None
    session.put("pi.worries", "that mum will take the phone")
    officer.shift.put_down()

    officer.on_keeper(
        lambda: hand_over(
            officer.shift._vault.db, Sealed(encounter=older, stage=Stage.FOUND, submissions=())
        )
    )

    kept = officer.draft(session)
    assert kept is not None
    assert kept.answers["pi.worries"] == "that mum will take the phone"


def test_adding_to_what_was_sent_builds_on_the_newest(officer: OnShift) -> None:
    """Whichever of the two parcels the officer touches."""
    session = begun(officer)
    officer.shift.send(session, stage=Stage.FOUND)
    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)
    oldest = officer.shift.home().parcels[-1]

    again = add(officer.shift, oldest)
    again.put("pi.worries", "that mum will take the phone")
    touched_twice = add(officer.shift, oldest)

    assert touched_twice.value("pi.worries") == "that mum will take the phone"
    officer.shift.send(touched_twice, stage=Stage.CAPTURE, emergency=WHY)
    assert sorted((item.summary["form"], item.rev) for item in officer.outbox()) == [
        ("pvi", 1),
        ("pvi", 2),
        ("ret", 1),
        ("ret", 2),
        ("ret", 3),
    ]


def test_what_was_sent_can_be_added_to_only_while_it_may_be_read(officer: OnShift) -> None:
    """After the hour the copy is gone: the force has it."""
    officer.shift.send(begun(officer), stage=Stage.CAPTURE, emergency=WHY)
    (parcel,) = officer.shift.home().parcels
    later = officer.handset.clock.now() + timedelta(hours=2)
    officer.on_keeper(lambda: Outbox(officer.shift._vault.db).erase_due(now=later))

    with pytest.raises(NotAllowedNow, match="send it back to you"):
        add(officer.shift, parcel)


def test_an_ordinary_check_waits_its_turn(officer: OnShift) -> None:
    """Only what cannot wait goes first."""
    officer.shift.send(begun(officer), stage=Stage.FOUND)
    assert ROUTINE < EMERGENCY
    assert not officer.outbox()[0].summary["emergency"]


def test_an_emergency_leaves_no_question_open_that_was_answered() -> None:
    """A rule that asks why the words are so stands against sending; what happened was told all the same."""
    missing = Problem(code=NEEDED, fields=("ppn.injured",), says="Is there a mark or an injury?")
    asked_why = Problem(code="Q-01", fields=("ppn.summary",), says="Why so?", effect=Effect.ASK)

    assert left_open([asked_why, missing, missing], "It cannot wait.") == [["ppn.injured", ""]]
    assert left_open([missing], " ") == []
