"""A handset and the server it belongs to, over real HTTP: out of the box, on shift, back in signal.

The server's clock stands on an evening in March and this machine's does not, so each of these also shows
that a wrong clock costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from booklets.forms import Stage
from booklets.stamps import Confidence
from field_app.handset.clock_kept import WORTH_KEEPING_MS
from field_app.handset.reading_again import CannotReadNow
from field_app.store.outbox import State
from field_app.sync.failures import SyncFailed
from field_app.sync.news import Received, SignInNeeded, UpToDate, Waiting
from field_app.sync.sessions import SignInOver
from sync_server.audit import entries_of
from tests.support.devices import Browser
from tests.support.forces import (
    OFFICER,
    Force,
    a_force,
    a_managed_handset,
    out_of_the_box,
    send_found,
)
from tests.support.handsets import GUIDE, Heard, a_handset
from tests.support.portals import Weird
from tests.support.portals import serving as serving_portal
from tests.support.servers import PASSWORD
from tests.support.vaults import PIN, MemorySecrets

pytestmark = pytest.mark.thorough


@pytest.fixture
def force(tmp_path: Path) -> Iterator[Force]:
    """The force, answering."""
    with a_force(tmp_path) as found:
        yield found


def test_a_record_waits_while_the_server_is_down_and_goes_by_itself(force: Force, tmp_path: Path) -> None:
    """From the box to the receipt, with the server really away in between and no tap after "send"."""
    heard = Heard()
    with a_managed_handset(force, tmp_path / "phone", heard) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        force.stop()

        send_found(shift)
        heard.wait_for(Waiting)
        (waiting,) = shift.home().parcels
        assert waiting.received_at is None

        force.start()
        heard.wait_for(Received)
        heard.wait_for(UpToDate, count=2)

        (parcel,) = shift.home().parcels
        (item,) = parcel.items
        assert item.state is State.ACCEPTED
        assert parcel.received_at == force.clock.at
        assert parcel.stage == Stage.FOUND.value
        assert shift.officer.station == "Scarborough"
        assert item.record in shift.home().told


def test_what_was_sent_in_another_run_of_the_app_is_received(force: Force, tmp_path: Path) -> None:
    """The app died with the record in its outbox; unlocking is enough."""
    heard, secrets = Heard(), MemorySecrets()
    with a_managed_handset(force, tmp_path / "phone", heard, secrets) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        force.stop()
        send_found(shift)
    force.start()
    with a_managed_handset(force, tmp_path / "phone", heard, secrets) as handset:
        standing = handset.open()
        assert standing.enrolled
        handset.unlock(standing.officers[0].vault, PIN)
        heard.wait_for(Received)


def test_when_the_shift_is_over_the_officer_is_asked_and_then_it_goes(force: Force, tmp_path: Path) -> None:
    """Nothing is lost by a session that ended; signing in again is all it takes."""
    heard = Heard()
    with a_managed_handset(force, tmp_path / "phone", heard) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        force.clock.later(hours=13)

        send_found(shift)
        heard.wait_for(SignInNeeded)
        assert not shift.signed_in
        assert shift.home().parcels[0].received_at is None

        shift.keep_session(force.sign_in(handset))
        heard.wait_for(Received)
        assert shift.signed_in


def test_an_officer_whose_session_is_over_can_still_unlock_and_write(force: Force, tmp_path: Path) -> None:
    """At three in the morning, without signal, thirteen hours into the shift."""
    heard = Heard()
    with a_managed_handset(force, tmp_path / "phone", heard) as handset:
        shift = out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        force.clock.later(hours=13)
        shift.look()
        send_found(shift)
        heard.wait_for(SignInNeeded)
        (vault,) = handset.lock().officers
        force.stop()

        shift = handset.unlock(vault.vault, PIN)

        assert shift.officer.name == "Hannah Wells"
        assert shift.start(GUIDE).encounter.officer.shoulder_no == "4417"
        assert len(shift.home().parcels) == 1


def test_what_was_sent_is_read_again_with_signal_and_for_an_hour(force: Force, tmp_path: Path) -> None:
    """The copy on the phone is gone by then. It is read, and not kept; without signal that is said."""
    heard = Heard()
    with a_managed_handset(force, tmp_path / "phone", heard) as handset:
        shift = out_of_the_box(force, handset)
        send_found(shift)
        heard.wait_for(Received)
        force.clock.later(minutes=61)
        shift.look()
        heard.wait_until(lambda: not shift.home().parcels[0].about)
        (parcel,) = shift.home().parcels

        copy = shift.reading.read(parcel)

        assert [str(one.header.record) for one in copy.records] == [one.record for one in parcel.items]
        assert copy.records[0].header.author.id == shift.officer.id
        assert shift.reading.copy_of(parcel.encounter) == copy
        assert not shift.home().parcels[0].about, "nothing of it was kept"
        with force.context.store.read() as db:
            looks = [one["what"] for one in entries_of(db, parcel.items[0].record)]
        assert looks.count("read_again") == 1

        force.stop()
        with pytest.raises(CannotReadNow, match="no connection to the force"):
            shift.reading.read(parcel)
        force.start()
        force.clock.later(minutes=61)
        shift.look()
        heard.wait_until(lambda: shift.reading.copy_of(parcel.encounter) is None)


def test_a_code_works_once(force: Force, tmp_path: Path) -> None:
    """A code read over a shoulder is worth nothing."""
    code = force.live.invite()
    with a_managed_handset(force, tmp_path / "one", Heard()) as first:
        first.enrol(code)
    with a_managed_handset(force, tmp_path / "two", Heard()) as second:
        with pytest.raises(SyncFailed):
            second.enrol(code)
        assert not second.open().enrolled


def test_a_sign_in_that_was_refused_in_the_browser_is_over(force: Force, tmp_path: Path) -> None:
    """The officer saw another code than the one on the phone."""
    with a_managed_handset(force, tmp_path / "phone", Heard()) as handset:
        handset.enrol(force.live.invite())
        flow = handset.begin_sign_in()
        with Browser(force.url) as browser:
            browser.fill_in(flow.verification_uri, user=OFFICER, password=PASSWORD, action="deny")
        with pytest.raises(SignInOver):
            handset.signed_in(flow)


def test_a_wifi_page_enrols_nobody(tmp_path: Path) -> None:
    """It answers 200 to everything, and is believed in nothing."""
    with (
        serving_portal(Weird()) as address,
        a_handset(tmp_path, server=address, server_key="0" * 64) as handset,
    ):
        handset.open()
        with pytest.raises(SyncFailed, match="not with the force's server"):
            handset.enrol("K7QP3M9XTD")
        assert not handset.open().enrolled


def test_what_was_learnt_of_the_time_outlasts_a_restart(force: Force, tmp_path: Path) -> None:
    """A phone whose clock is wrong and that starts again without signal still stamps the right instant."""
    heard, secrets = Heard(), MemorySecrets()
    with a_managed_handset(force, tmp_path / "phone", heard, secrets) as handset:
        out_of_the_box(force, handset)
        heard.wait_for(UpToDate)
        learnt = handset.clock.offset_ms
    force.stop()

    with a_managed_handset(force, tmp_path / "phone", Heard(), secrets) as handset:
        handset.open()

        assert handset.clock.confidence is Confidence.ESTIMATED
        assert abs(handset.clock.offset_ms - learnt) <= WORTH_KEEPING_MS
