"""The handheld's own log reaches the force's audit: who opened, changed and read what, and when."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from booklets.entities import new_id
from booklets.forms import Stage
from booklets.handheld_log import FIRST
from field_app.store.log import GONE, HEAD, Log
from field_app.store.notes import Notes
from sync_server.db.tables import audit
from sync_server.handhelds.logs import DOES_NOT_GO_ON
from tests.support.handsets import GUIDE, an_offline_shift, found_child
from tests.support.servers import LiveServer
from tests.support.someone import WORDS, Someone, comes_true
from tests.support.vaults import PIN

pytestmark = pytest.mark.thorough


def noted(server: LiveServer, about: str) -> list[tuple[str, dict[str, object]]]:
    """What the force's audit says was done on a handheld with this, in order."""
    query = select(audit).where(audit.c.record == about).order_by(audit.c.seq)
    with server.context.store.read() as db:
        rows = db.execute(query).mappings().all()
    return [(row["what"], dict(row["detail"])) for row in rows if row["what"].startswith("handheld")]


def come(somebody: Someone, server: LiveServer, about: str, *what: str) -> None:
    """Until the audit has these, in this order."""

    def are_there() -> bool:
        somebody.shift.look()
        return [one for one, _ in noted(server, about)] == [f"handheld_{one}" for one in what]

    comes_true(are_there)


def test_what_an_officer_begins_changes_and_reads_is_in_the_audit_without_a_word_of_it(
    server: LiveServer, somebody: Someone
) -> None:
    """By question, never by answer; read again hours later as well."""
    session = somebody.shift.start(GUIDE)
    draft = str(session.encounter.id)
    found_child(session, {"pi.why_left": WORDS})
    somebody.shift.put_down()
    somebody.shift.resume(draft)
    somebody.shift.read_draft(draft)

    come(somebody, server, draft, "begun", "changed", "opened", "read")
    begun, changed, *_ = [detail for _, detail in noted(server, draft)]
    assert "pi.why_left" in changed["questions"]  # type: ignore[operator]
    assert WORDS not in str(changed)
    assert begun["device"] == changed["device"]


def test_what_was_done_without_signal_comes_later_with_its_own_time(tmp_path: Path) -> None:
    """Until then it lies sealed, one after another."""
    with an_offline_shift(tmp_path) as somebody:
        session = somebody.shift.start(GUIDE)
        found_child(session)
        somebody.shift.put_down()
        somebody.shift.logbook.read(str(new_id()), 2)
        waiting = somebody.shift.logbook.waiting()

    assert waiting is not None
    assert waiting.before == FIRST
    assert [one.done.value for one in waiting.entries] == ["begun", "changed", "read"]
    assert [one.number for one in waiting.entries] == [1, 2, 3]


def test_what_the_force_has_is_erased_here_and_the_chain_goes_on(
    server: LiveServer, somebody: Someone
) -> None:
    """Each entry counts once, also where the answer was lost and it is sent again."""
    session = somebody.shift.start(GUIDE)
    draft = str(session.encounter.id)
    come(somebody, server, draft, "begun")
    is_erased_here(somebody)
    found_child(session)
    somebody.shift.send(session, stage=Stage.FOUND)
    come(somebody, server, draft, "begun", "changed")

    numbers = [detail["n"] for _, detail in noted(server, draft)]
    assert numbers == sorted(set(numbers))  # type: ignore[type-var]
    assert noted_breaks(server) == 0


def test_a_vault_that_was_put_back_shows_in_the_audit_of_the_handheld(
    server: LiveServer, somebody: Someone
) -> None:
    """Its log goes on from an earlier place; what it says is kept all the same."""
    child = str(new_id())
    somebody.shift.logbook.read(child)
    come(somebody, server, child, "read")
    is_erased_here(somebody)
    keeper, log = somebody.shift._keeper, Log(somebody.shift._vault.db)
    keeper.call(lambda: _put_back(log)).result()
    somebody.shift.logbook.read(child)

    come(somebody, server, child, "read", "read")
    assert noted_breaks(server) == 1


def is_erased_here(somebody: Someone) -> None:
    """Until the handheld has heard that the force has all of it."""
    db, keeper = somebody.shift._vault.db, somebody.shift._keeper
    comes_true(lambda: keeper.call(lambda: len(db.sealed("log"))).result() == 0)


def _put_back(log: Log) -> None:
    """As an older copy of the file would have it."""
    notes = Notes(log._db)
    notes.remove(HEAD)
    notes.remove(GONE)


def noted_breaks(server: LiveServer) -> int:
    """How often a log did not go on where it had ended."""
    with server.context.store.read() as db:
        return len(db.execute(select(audit.c.id).where(audit.c.what == DOES_NOT_GO_ON)).all())


def test_which_way_a_vault_was_opened_is_in_the_audit_of_the_handheld(
    server: LiveServer, somebody: Someone
) -> None:
    """The PIN or a finger: it is about no record."""
    somebody.shift.logbook.unlocked(somebody.shift._vault.id, by_finger=True)
    vault = somebody.shift._vault.id
    somebody.handset.lock()
    somebody.handset.unlock(vault, PIN)
    device = f"device:{somebody.handset._here.device_id}"

    come(somebody, server, device, "unlocked_by_finger", "unlocked")
