"""A drawn signature is sealed and sent as a photograph is, and counted as what it is."""

from __future__ import annotations

import pytest

from booklets.forms import Stage
from booklets.photos import CAPTION, PHOTO
from booklets.signatures import SIGNATURE, signed
from field_app.capture.worklist import Parcel
from field_app.store.enclosures import Enclosures
from field_app.ui import photo_words
from tests.field_app.capture.test_enclosing import records
from tests.support.handsets import OnShift
from tests.support.pictures import a_photo

WHY = "He may come to harm before anyone looks."


def sent_with_a_signature(officer: OnShift) -> Parcel:
    """The end of a police protection, for which Karen Brook signed."""
    session = officer.shift.start("protection_end")
    session.put("person.known_as", "Amy")
    drawn = officer.shift.photos.add(session.encounter.id, a_photo((320, 190)))
    session.put("ppe.now_signed", (signed(drawn, {CAPTION: "Karen Brook"}),))
    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)
    return officer.shift.home().parcels[0]


def sent_with_a_photo(officer: OnShift) -> Parcel:
    """A search with a photograph of the room."""
    session = officer.shift.start("search")
    session.put("person.known_as", "Amy")
    session.put("srch.room_photos", (officer.shift.photos.add(session.encounter.id, a_photo((320, 190))),))
    officer.shift.send(session, stage=Stage.CAPTURE, emergency=WHY)
    return officer.shift.home().parcels[0]


def test_the_manifest_says_which_is_a_signature(officer: OnShift) -> None:
    """So that nobody has to open it to count it."""
    sent_with_a_signature(officer)
    sent_with_a_photo(officer)

    kinds = {one.header.form: [it.kind for it in one.header.attachments] for one in records(officer)}
    assert kinds == {"ppe": [SIGNATURE], "srch": [PHOTO]}


def test_what_is_still_to_be_sent_is_named_for_what_it_is(officer: OnShift) -> None:
    """On the screen of what was sent and on its row of the worklist."""
    signature, photo = sent_with_a_signature(officer), sent_with_a_photo(officer)

    assert signature.enclosed == ((0, 0), (0, 1))
    assert photo.enclosed == ((0, 1), (0, 0))
    assert photo_words.sent(*signature.enclosed) == "1 signature still to be sent"
    assert photo_words.sent(*photo.enclosed) == "1 photo still to be sent"
    assert signature.photos_wait


def test_one_that_is_here_is_counted_apart(officer: OnShift) -> None:
    """Once the force has confirmed it."""
    sent_with_a_signature(officer)
    [one] = officer.on_keeper(lambda: Enclosures(officer.shift._vault.db).all())
    now = officer.handset.clock.now()
    officer.on_keeper(lambda: Enclosures(officer.shift._vault.db).sent(one.id, now=now, receipt="word"))

    assert officer.shift.home().parcels[0].signatures == (1, 1)


@pytest.mark.parametrize(
    ("photographed", "drawn", "said"),
    [
        ((0, 2), (0, 0), "0 of 2 photos sent"),
        ((0, 0), (1, 2), "1 of 2 signatures sent"),
        ((1, 2), (0, 1), "1 of 2 photos and 0 of 1 signature sent"),
    ],
)
def test_both_are_said_apart(photographed: tuple[int, int], drawn: tuple[int, int], said: str) -> None:
    """How many of each, of how many."""
    assert photo_words.sent(photographed, drawn) == said


def test_all_of_them_and_one_kept_apart() -> None:
    """In the words of what went."""
    assert photo_words.all_sent(0, 1) == "Signatures: all with the force"
    assert photo_words.all_sent(2, 0) == "Photos: all with the force"
    assert photo_words.all_sent(2, 1) == "Photos and signatures: all with the force"
    assert photo_words.one_kept_apart(0, 1).startswith("A signature was not taken")
    assert photo_words.one_kept_apart(1, 0).startswith("A photo was not taken")
