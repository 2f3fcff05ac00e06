"""A draft goes from one handheld to another through a real server, and is in one pair of hands at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from booklets.errors import NotAllowedNow
from booklets.forms import Stage
from booklets.handing_on import written_by
from field_app.capture.giving import Stands
from field_app.handset.giving import Passing
from tests.support.handsets import (
    GUIDE,
    OnShift,
    an_offline_shift,
    files_under,
    found_child,
)
from tests.support.pictures import a_photo
from tests.support.servers import FORCE, LiveServer
from tests.support.someone import WORDS, Someone, comes_true, on_shift, with_a_handheld


@pytest.fixture
def two(server: LiveServer, tmp_path: Path) -> Iterator[tuple[Someone, Someone]]:
    """Whoever goes off shift, and whoever comes on."""
    with ExitStack() as stack:
        yield (
            on_shift(stack, server, tmp_path / "one", "amin", "1001"),
            on_shift(stack, server, tmp_path / "two", "iqbal", "2002"),
        )


@pytest.mark.thorough
def test_a_draft_changes_hands_with_who_wrote_which_part(two: tuple[Someone, Someone]) -> None:
    """The giver reads and does not write until it is taken, and then has it no more."""
    giver, taker = two
    session = giver.shift.start(GUIDE)
    found_child(session, {"pi.why_left": WORDS})
    giver.shift.send(session, stage=Stage.FOUND)
    draft = str(session.encounter.id)
    giver.shift.give(draft, "2002")

    with pytest.raises(NotAllowedNow):
        giver.shift.resume(draft)
    assert giver.shift.read_draft(draft) is not None
    taker.until(lambda home: home.offers)
    (offer,) = taker.shift.home().offers
    assert (offer.encounter, offer.giver) == (draft, "PC Amin Sample 1001")
    assert taker.shift.home().drafts == ()
    taker.shift.passing.take(offer)
    taker.until(lambda home: home.drafts)

    mine = taker.shift.resume(draft)
    assert mine is not None
    assert mine.encounter.officer.id == taker.shift.officer.id
    assert mine.value("pi.why_left") == WORDS
    wrote = written_by(mine.encounter, "pi.why_left")
    assert wrote is not None
    assert wrote.name == "Amin Sample"
    giver.until(lambda home: [one.stands for one in home.out] == [Stands.TAKEN] and not home.drafts)
    assert giver.shift.resume(draft) is None

    mine.put("pi.why_left", f"{WORDS} She did not say who.")
    assert written_by(mine.encounter, "pi.why_left") is None, "it is the new officer's now"
    kept = [one for one in mine.encounter.drafts if one.field == "pi.why_left"]
    assert [(one.by, one.new) for one in kept] == [(wrote.id, WORDS)]
    taker.shift.send(mine, stage=Stage.CAPTURE, emergency="Home is not safe tonight.")
    taker.until(lambda home: home.parcels and home.parcels[0].received_at)
    for folder in (giver.folder, taker.folder):
        assert not any(WORDS.encode() in content for content in files_under(folder).values())


@pytest.mark.thorough
def test_a_draft_taken_over_on_a_handheld_that_broke_is_taken_over_again_on_the_next(
    server: LiveServer, two: tuple[Someone, Someone], tmp_path: Path
) -> None:
    """The giver has it no more, so it would be in no hands at all."""
    giver, taker = two
    session = giver.shift.start(GUIDE)
    found_child(session, {"pi.why_left": WORDS})
    draft = str(session.encounter.id)
    giver.shift.give(draft)
    taker.until(lambda home: home.offers)
    taker.shift.passing.take(taker.shift.home().offers[0])
    taker.until(lambda home: home.drafts)
    giver.until(lambda home: [one.stands for one in home.out] == [Stands.TAKEN] and not home.drafts)
    assert taker.shift.home().offers == ()

    with ExitStack() as stack:
        again = with_a_handheld(stack, server, tmp_path / "three", "iqbal")
        again.until(lambda home: home.offers)
        again.shift.passing.take(again.shift.home().offers[0])
        again.until(lambda home: home.drafts)

        mine = again.shift.resume(draft)
        assert mine is not None
        assert mine.value("pi.why_left") == WORDS
        assert again.shift.home().offers == ()


@pytest.mark.thorough
def test_a_number_nobody_has_gives_it_to_nobody_and_it_stays_writable(
    two: tuple[Someone, Someone],
) -> None:
    """Why is said on its card."""
    giver, _ = two
    session = giver.shift.start(GUIDE)
    found_child(session)
    draft = str(session.encounter.id)
    giver.shift.give(draft, "9999")
    giver.until(lambda home: home.out and home.out[0].stands is Stands.REFUSED)

    assert giver.shift.home().out[0].why == "no_such_colleague"
    assert giver.shift.resume(draft) is not None


def test_without_signal_the_wish_waits_and_can_be_taken_back(tmp_path: Path) -> None:
    """Nobody has heard of it, so nobody has to say yes."""
    with an_offline_shift(tmp_path) as officer:
        _given_and_taken_back(officer)


def _given_and_taken_back(officer: OnShift) -> None:
    session = officer.shift.start(GUIDE)
    found_child(session)
    draft = str(session.encounter.id)
    officer.shift.give(draft)
    (out,) = officer.shift.home().out

    assert out.stands is Stands.WAITS
    with pytest.raises(NotAllowedNow):
        officer.shift.resume(draft)
    officer.shift.passing.take_back(out)
    comes_true(lambda: officer.shift.home().out == ())  # the courier may be trying just then
    assert officer.shift.resume(draft) is not None


def test_what_is_taken_back_while_there_proves_to_be_no_line_is_nobody_elses(tmp_path: Path) -> None:
    """Nobody can have heard of it, so it does not wait for a signal to be the officer's own again."""
    with an_offline_shift(tmp_path) as officer:
        shift = officer.shift
        session = shift.start(GUIDE)
        found_child(session)
        draft = str(session.encounter.id)
        port = Passing(
            shift._vault.db,
            keeper=shift._keeper,
            now=officer.handset.clock.now,
            kick=lambda: None,
            me=lambda: shift.author,
        )
        port.give(draft, "", shift._signature(), FORCE)
        (out,) = shift.home().out
        assert port.begin(out.wish)
        port.take_back(shift.home().out[0])
        assert shift.home().out[0].stands is Stands.COMING_BACK
        port.never_left(out.wish)

        assert shift.home().out == ()
        assert shift.resume(draft) is not None


def test_a_draft_with_photographs_stays_with_whoever_took_them(tmp_path: Path) -> None:
    """They lie sealed on this phone alone, and a colleague would find their places empty."""
    with an_offline_shift(tmp_path) as officer:
        session = officer.shift.start("search")
        row = officer.shift.photos.add(session.encounter.id, a_photo((900, 700)))
        session.put("srch.room_photos", (row,))
        officer.shift.put_down()

        with pytest.raises(NotAllowedNow, match="photographs"):
            officer.shift.give(str(session.encounter.id))

        assert officer.shift.home().out == ()
        session.put("srch.room_photos", None)
        officer.shift.give(str(session.encounter.id))
        assert [one.stands for one in officer.shift.home().out] == [Stands.WAITS]
