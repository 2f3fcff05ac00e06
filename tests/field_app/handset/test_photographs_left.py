"""Photographs in a vault that nobody opens: they wait for their officer, and a wipe loses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from booklets.forms import Stage
from field_app.handset.access import Closed
from field_app.handset.shift import Shift
from field_app.sync.news import UpToDate
from sync_server.handhelds.orders import What
from tests.field_app.handset.test_lost_and_forgotten import decides, force, kept
from tests.support.forces import Force, a_managed_handset, out_of_the_box
from tests.support.handsets import Heard
from tests.support.pictures import a_photo

__all__ = ["force"]


def send_a_search(shift: Shift) -> None:
    """A room was searched, and photographed."""
    session = shift.start("search")
    session.put("person.known_as", "Amy")
    row = shift.photos.add(session.encounter.id, a_photo((400, 300)))
    session.put("srch.room_photos", (row,))
    shift.send(session, stage=Stage.CAPTURE, emergency="He may come to harm before anyone looks.")


@pytest.mark.parametrize("what", [None, What.SUSPEND, What.WIPE])
def test_from_a_handheld_that_nobody_opens_records_go_and_photographs_do_not(
    force: Force, tmp_path: Path, what: What | None
) -> None:
    """A picture is no record: nothing at the force says that something is wrong with one."""
    heard, phone = Heard(), tmp_path / "phone"
    with a_managed_handset(force, phone, heard) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        force.stop()
        send_a_search(shift)
        handset.lock()
        assert handset.standing().left == 1
        if what is not None:
            decides(force, handset, what)
        force.start()

        assert handset.watch.round().sent == 1

        assert len(kept(force)) == 1
        assert handset.standing().left == 0
        assert (handset.standing().closed is Closed.WIPED) is (what is What.WIPE)
        assert bool(list((phone / "vaults").iterdir())) is (what is not What.WIPE)
