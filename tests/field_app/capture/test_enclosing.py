"""Photographs go with the records that name them: all of it or nothing, sealed for the force alone."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from booklets import wire
from booklets.answers import Row, rows_of
from booklets.errors import NotAllowedNow
from booklets.forms import Stage
from booklets.photos import attachment_of
from booklets.records import Record
from booklets.sealing import AttachmentRef, read_attachment, read_envelope
from field_app.capture.session import CaptureSession
from field_app.handset.returning import add
from field_app.store.drafts import DraftStore
from field_app.store.enclosures import Enclosures, Going
from field_app.store.outbox import Outbox
from field_app.store.photos import Photos
from tests.support.handsets import OnShift, a_handset, files_under
from tests.support.pictures import MARKER, a_photo
from tests.support.vaults import PIN, MemorySecrets

ROOM = "srch.room_photos"
WHY = "He may come to harm before anyone looks."


def searching(officer: OnShift, photos: int = 1) -> tuple[CaptureSession, list[bytes]]:
    """A search with photographs of the room, and what each looks like here."""
    session = officer.shift.start("search")
    session.put("person.known_as", "Amy")
    for number in range(photos):
        photograph(officer, session, number)
    return session, [shown(officer, row) for row in rows_of(session.value(ROOM))]


def photograph(officer: OnShift, session: CaptureSession, number: int = 0) -> None:
    """Add one more."""
    row = officer.shift.photos.add(session.encounter.id, a_photo((900, 700), seed=number))
    session.put(ROOM, (*rows_of(session.value(ROOM)), row))


def shown(officer: OnShift, row: Row) -> bytes:
    """A photograph as the officer sees it."""
    photo = attachment_of(row)
    assert photo is not None
    found = officer.shift.photos.whole(photo)
    assert found is not None
    return found


def records(officer: OnShift) -> list[Record]:
    """What the force reads out of the outbox."""
    found = []
    for item in officer.outbox():
        envelope = read_envelope(officer.envelope(item))
        envelope.check(officer.handset._device_keys.signing.public)
        record = wire.unpack(envelope.open(officer.force.sealing))
        listed = tuple(AttachmentRef(str(one.id), one.size, one.sha256) for one in record.header.attachments)
        assert envelope.header.attachments == listed, "outside it says what is said inside the seal"
        found.append(record)
    return found


def sealed(officer: OnShift, listed: AttachmentRef) -> bytes:
    """The sealed bytes of an attachment."""

    def read() -> bytes:
        kept = Enclosures(officer.shift._vault.db)
        (one,) = [one for one in kept.all() if one.attachment == listed.id]
        pieces = [kept.piece(one.id, at, 50_000) or b"" for at in range(0, one.size, 50_000)]
        return b"".join(pieces)

    return officer.on_keeper(read)


def what_the_force_sees(officer: OnShift, record: Record) -> list[bytes]:
    """The photographs that a record lists, opened with the force's key and with the recovery key."""
    found = []
    for one in record.header.attachments:
        listed = AttachmentRef(str(one.id), one.size, one.sha256)
        attachment = read_attachment(io.BytesIO(sealed(officer, listed)))
        attachment.demand(listed, record=str(record.header.record))
        attachment.check(officer.handset._device_keys.signing.public)
        opened = b"".join(attachment.open(officer.force.sealing))
        assert opened == b"".join(attachment.open(officer.force.recovery))
        found.append(opened)
    return found


def test_the_force_sees_what_the_officer_saw(officer: OnShift) -> None:
    """Listed in the record, inside its seal and outside; named by its answer; sealed for the force alone."""
    session, seen = searching(officer, photos=2)

    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)

    (record,) = records(officer)
    assert what_the_force_sees(officer, record) == seen
    named = [attachment_of(row) for row in rows_of(record.answers[ROOM])]
    assert named == [one.id for one in record.header.attachments]
    assert {one.kind for one in record.header.attachments} == {"photo"}


def test_nothing_of_it_ever_lies_readable_on_the_disk(officer: OnShift) -> None:
    """Neither the file that was chosen, nor what was made of it, before sending or after."""
    session, seen = searching(officer)
    marks = [
        MARKER,
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        *(data[at : at + 40] for data in seen for at in (200, 5000)),
    ]

    def readable() -> list[str]:
        files = files_under(officer.folder).items()
        return [name for name, data in files for mark in marks if mark in data]

    officer.shift.put_down()
    assert readable() == []
    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)
    assert readable() == []


def test_where_sending_is_refused_draft_and_photographs_stay_as_they_were(officer: OnShift) -> None:
    """Something is still to put right."""
    session, seen = searching(officer)

    with pytest.raises(NotAllowedNow):
        officer.shift.send(session, stage=Stage.CAPTURE)

    assert officer.outbox() == []
    assert officer.on_keeper(lambda: Enclosures(officer.shift._vault.db).all()) == []
    assert officer.draft(session) is not None
    assert [shown(officer, row) for row in rows_of(session.value(ROOM))] == seen


def test_what_was_sent_can_be_seen_here_as_long_as_its_copy_and_no_longer(officer: OnShift) -> None:
    """An hour, as delivered; then only the force can."""
    session, seen = searching(officer)
    rows = rows_of(session.value(ROOM))
    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)
    officer.shift.home()
    assert [shown(officer, row) for row in rows] == seen

    later = officer.handset.clock.now() + timedelta(minutes=61)
    db = officer.shift._vault.db
    officer.on_keeper(lambda: Photos(db).erase_due(now=later, drafts=()))

    photo = attachment_of(rows[0])
    assert photo is not None
    assert (officer.shift.photos.whole(photo), officer.shift.photos.small(photo)) == (None, None)
    assert officer.shift.photos.bytes_kept() == 0


def test_the_next_revision_lists_what_was_sealed_before_and_seals_only_what_is_new(officer: OnShift) -> None:
    """The same sum as before: the force has it already, and nothing is sent twice."""
    session, _ = searching(officer)
    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)
    (first,) = records(officer)
    (parcel,) = officer.shift.home().parcels
    session = add(officer.shift, parcel)
    photograph(officer, session, 7)

    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)

    second = next(one for one in records(officer) if one.header.revision == 2)
    assert second.header.attachments[:1] == first.header.attachments
    assert len(what_the_force_sees(officer, second)) == 2
    assert len(officer.on_keeper(lambda: Enclosures(officer.shift._vault.db).all())) == 2


def test_what_was_taken_away_does_not_go_and_is_erased_once_the_draft_is_left(officer: OnShift) -> None:
    """Until then it can be put back."""
    session, _ = searching(officer, photos=2)
    first, second = rows_of(session.value(ROOM))
    session.put(ROOM, (second,))
    officer.shift.put_down()
    assert shown(officer, first)

    again = officer.shift.resume(str(session.encounter.id))

    assert again is not None
    photo = attachment_of(first)
    assert photo is not None
    assert officer.shift.photos.whole(photo) is None
    officer.shift.send(again, stage=Stage.CAPTURE, emergency=WHY)
    (record,) = records(officer)
    assert [one.id for one in record.header.attachments] == [attachment_of(second)]


def test_a_photograph_of_the_child_belongs_to_one_record_whatever_else_names_it(officer: OnShift) -> None:
    """A return check is two records about one child: the first lists it, the other points to it."""
    session = officer.shift.start("return_check")
    row = officer.shift.photos.add(session.encounter.id, a_photo((300, 200)))
    child = session.encounter.child()
    assert child is not None
    changed = child.changed(
        "person.photo", (row,), at=officer.handset.clock.now(), by=officer.shift.officer.id
    )
    session._change(session.encounter.with_entity(changed, at=officer.handset.clock.now()))
    for name, answer in (("pi.face_to_face", "yes"), ("pi.engaged", "yes"), ("ret.found_how", "self")):
        session.put(name, answer)

    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)

    found = {one.header.form: one for one in records(officer)}
    assert [len(found[form].header.attachments) for form in ("ret", "pvi")] == [1, 0]
    assert all("person.photo" in one.entities[0].facts for one in found.values())
    assert len(what_the_force_sees(officer, found["ret"])) == 1


@dataclass(frozen=True, slots=True)
class Killed:
    """What lay on the disk and in the key store at one moment."""

    folder: Path
    secrets: dict[str, str]


def kills_during_sending(officer: OnShift, session: CaptureSession, into: Path) -> list[Killed]:
    """What a kill would leave behind, at every step that the store takes while a search is sent."""
    found: list[Killed] = []

    def keep(_statement: str) -> None:
        folder = into / str(len(found))
        shutil.copytree(officer.folder, folder)
        found.append(Killed(folder, dict(officer.secrets.kept)))

    officer.on_keeper(lambda: officer.connection().set_trace_callback(keep))
    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)
    officer.on_keeper(lambda: officer.connection().set_trace_callback(None))
    return found


@pytest.mark.thorough
def test_a_kill_at_any_moment_of_sending_leaves_all_of_it_or_none(officer: OnShift, tmp_path: Path) -> None:
    """Either the draft with its photographs, or the record with its photographs sealed: never in between."""
    into = tmp_path.parent / f"{tmp_path.name}-kills"
    session, seen = searching(officer, photos=2)
    photos = [attachment_of(row) for row in rows_of(session.value(ROOM))]
    officer.shift.put_down()

    fates = [fate(one, session, photos, seen) for one in kills_during_sending(officer, session, into)]

    assert len(fates) > 20
    assert fates == sorted(fates), "once it is sent it stays sent"
    assert set(fates) == {"draft", "sent"}


def fate(killed: Killed, session: CaptureSession, photos: list[UUID | None], seen: list[bytes]) -> str:
    """Whether the draft is there or what was sent, with all that belongs to it."""
    with a_handset(killed.folder, secrets=MemorySecrets(killed.secrets)) as handset:
        (listed,) = handset.open().officers
        shift = handset.unlock(listed.vault, PIN)
        assert not shift.read_only_because
        db = shift._vault.db
        draft, items, going = shift._keeper.call(
            lambda: (
                DraftStore(db).get(str(session.encounter.id)),
                Outbox(db).all(),
                [one.going for one in Enclosures(db).all()],
            )
        ).result()
        kept = [shift.photos.whole(photo) for photo in photos if photo]
        assert kept == seen, "readable in either case: as part of the draft, or for as long as its copy"
        if draft is not None:
            assert (items, going) == ([], [])
            return "draft"
        assert (len(items), going) == (1, [Going.WAITING, Going.WAITING])
        return "sent"
