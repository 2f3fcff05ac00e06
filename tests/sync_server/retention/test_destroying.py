"""What was destroyed is gone, from every place; and what must not be destroyed is not (S-09)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, insert, text, update

from sync_server import feed
from sync_server.audit import entries_of, verify_audit
from sync_server.db.owed import Owed, delivery, feed_item
from sync_server.db.retained import destroyed
from sync_server.db.store import StoreUnavailable
from sync_server.db.tables import person, record_key, submission
from sync_server.db.tables import record as register
from sync_server.register import rebuild_register
from sync_server.retention import look
from sync_server.retention.due import Hinders
from sync_server.retention.reviewing import Kind, Void
from sync_server.retention.verifying import backups_until, left_of
from tests.support.builders import UNIT, a_ppn, a_task
from tests.support.episodes import a_back
from tests.support.kept_for_years import MARKER, Years, bytes_on_disk
from tests.support.meetings import about
from tests.support.server_data import Clock, a_server, count, rows


def test_no_byte_of_it_is_left_on_the_disk(years: Years) -> None:
    """The database, what it noted of its own tables, what is to be fetched, the list outside: nowhere."""
    night = years.night()
    other = years.night("Kay")
    years.context.store.write(lambda db: db.execute(text("ANALYZE")))
    assert MARKER.encode() in bytes_on_disk(years.context)
    years.pass_(6)

    assert years.destroys(night) == 3

    assert MARKER.encode() not in bytes_on_disk(years.context)
    assert list(left_of(years.context)) == []
    assert {row["record"] for row in rows(years.context, register)} >= {str(other.header.record)}


def test_traces_that_could_not_be_erased_are_erased_with_the_next_look(
    years: Years, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody read all the time, or the process died: what was destroyed still goes from the disk."""
    night = years.night()
    years.pass_(6)

    def somebody_reads() -> None:
        raise StoreUnavailable("Somebody reads all the time.")

    with monkeypatch.context() as busy:
        busy.setattr(years.context.store, "leave_no_trace", somebody_reads)
        with pytest.raises(StoreUnavailable):
            years.destroys(night)
    assert count(years.context, destroyed) == 3
    assert MARKER.encode() in bytes_on_disk(years.context)
    assert "traces that are still to be erased" in {what for _, what in left_of(years.context)}

    assert look(years.context) == 0

    assert MARKER.encode() not in bytes_on_disk(years.context)
    assert list(left_of(years.context)) == []


def test_the_database_is_not_written_anew_for_nothing(years: Years, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a while, and whoever sends waits: what waits and is held is looked at every hour."""
    night = years.night()
    years.pass_(6)
    assert years.says(night, Kind.TO_DESTROY) is None
    assert years.says(night, Kind.HELD) is None
    years.clock.at += timedelta(days=29)
    written: list[str] = []
    monkeypatch.setattr(years.context.store, "leave_no_trace", lambda: written.append("anew"))

    assert (look(years.context), look(years.context), written) == (0, 0, [])


@pytest.mark.thorough
def test_what_remains_says_when_by_which_rule_and_whose_word(years: Years) -> None:
    """Its audit holds still, and every submission in it is known by its fingerprint."""
    night = years.night()
    years.pass_(6)
    years.destroys(night)

    told = next(row for row in rows(years.context, destroyed) if row["record"] == str(night.header.record))
    assert (told["record_type"], told["by"]) == ("RET", years.mhet.author.id)
    assert told["rule"] == "S-09 group_4, due 2032-03-14"
    with years.context.store.read() as db:
        history = [one["what"] for one in entries_of(db, str(night.header.record))]
    assert history[-2:] == ["retention_to_destroy", "destroyed"]
    found = verify_audit(years.context)
    assert (found.broken, found.submissions) == ((), count(years.context, submission))


def test_the_register_made_anew_does_not_bring_it_back(years: Years) -> None:
    """It is made of what can be opened."""
    night, other = years.night(), years.night("Kay")
    years.pass_(6)
    years.destroys(night)

    rebuild_register(years.context)

    assert {row["surname"] for row in rows(years.context, person)} >= {"Brook-Test"}
    assert MARKER not in str([rows(years.context, table) for table in (person, register)])
    assert str(other.header.record) in {row["record"] for row in rows(years.context, register)}


def test_whoever_another_record_names_as_well_stays(years: Years) -> None:
    """The carer of both children: first known from the other's night, and then from the one that went."""
    other = years.night("Kay")
    night = years.night()
    before = {row["id"]: row for row in rows(years.context, person)}
    years.pass_(6)
    years.destroys(night)

    after = {row["id"]: row for row in rows(years.context, person)}
    gone = before.keys() - after.keys()
    assert {before[one]["given_names"] for one in gone} == {MARKER}
    carer = [row for row in after.values() if row["given_names"] != "Kay"]
    assert carer
    assert {row["record"] for row in carer} <= set(years.looked(other).file.names)


@pytest.mark.thorough
def test_a_phone_that_asks_afterwards_hears_nothing_of_it(years: Years) -> None:
    """The items keep their numbers, so that nothing seems to be missing."""
    night = years.night()
    feed.pull(years.context, years.sergeant.handheld.reader(*years.sergeant.roles, unit=UNIT))
    numbers = [(row["recipient"], row["n"]) for row in rows(years.context, feed_item)]
    years.pass_(6)
    years.destroys(night)

    page = feed.pull(years.context, years.sergeant.handheld.reader(*years.sergeant.roles, unit=UNIT))

    assert {item.kind for item in page.items} == {"over"}
    assert [(row["recipient"], row["n"]) for row in rows(years.context, feed_item)] == numbers


@pytest.mark.thorough
def test_what_is_sent_of_it_later_is_taken_in(years: Years) -> None:
    """Nothing well-formed and signed is thrown away, and it does not count as what was destroyed."""
    night = years.night()
    years.pass_(6)
    years.destroys(night)
    years.clock.at += timedelta(hours=1)
    years.officer.comes_on_shift()

    years.officer.revises(night, {"ret.condition_notes": "Found in a drawer."})
    assert look(years.context) == 0

    assert list(left_of(years.context)) == []
    assert [row["rev"] for row in rows(years.context, register)] == [2]


def an_open_task(years: Years) -> None:
    """Something is still to be done about it."""
    years.officer.sent(a_back("task", tasks=(a_task("ring"),), **about_the_child()))


def about_the_child() -> dict[str, Any]:
    """A second record about the same child."""
    ids = about(MARKER)
    return {"subject": ids["subject"], "entities": ids["entities"]}


def a_new_night(years: Years) -> None:
    """The child goes missing again."""
    years.officer.sent(a_back("again", **about_the_child()))


def a_delivery_that_waits(years: Years) -> None:
    """A council has not had something."""
    held = update(delivery).where(delivery.c.id == 1).values(state=Owed.DEAD.value)
    years.context.store.write(lambda db: db.execute(held).rowcount)


@pytest.mark.parametrize("happens", [an_open_task, a_new_night, a_delivery_that_waits])
@pytest.mark.thorough
def test_what_happens_before_the_time_is_over_stops_it(
    years: Years, happens: Callable[[Years], None]
) -> None:
    """It was said weeks ago; what came since nobody had read."""
    night = years.night()
    years.pass_(6)
    assert years.says(night, Kind.TO_DESTROY) is None
    years.officer.comes_on_shift()

    happens(years)
    years.clock.at += timedelta(days=29)

    assert look(years.context) == 0
    assert MARKER in str(rows(years.context, person))


@pytest.mark.parametrize("late", [False, True])
def test_what_is_held_is_never_destroyed(years: Years, late: bool) -> None:
    """Held before somebody says so it cannot be said, and held after it nothing comes of it."""
    night = years.night()
    years.pass_(6)
    if late:
        assert years.says(night, Kind.TO_DESTROY) is None
    assert years.says(night, Kind.HELD) is None
    if not late:
        assert years.says(night, Kind.TO_DESTROY) is Void.HINDERED
    years.clock.at += timedelta(days=4000)

    assert look(years.context) == 0
    assert count(years.context, destroyed) == 0
    assert Hinders.HELD in years.looked(night).hinders


@pytest.mark.thorough
def test_a_hold_that_was_lifted_holds_no_more(years: Years) -> None:
    """Only that one: another hold on the same file stays."""
    night = years.night()
    years.pass_(6)
    for _ in range(2):
        assert years.says(night, Kind.HELD) is None
    first, second = years.looked(night).file.holds
    assert years.says(night, Kind.HOLD_LIFTED, lifts=first["id"]) is None
    assert years.says(night, Kind.TO_DESTROY) is Void.HINDERED
    assert years.says(night, Kind.HOLD_LIFTED, lifts=second["id"]) is None

    assert years.destroys(night) == 3


def test_an_open_episode_is_never_destroyed(years: Years) -> None:
    """However old it is: nobody has said that the child is back."""
    back = years.officer.sent(a_back(MARKER))
    years.sergeant.decided(back)
    years.delivers()
    years.pass_(90)

    assert Hinders.OPEN_EPISODE in years.looked(back).hinders
    assert years.says(back, Kind.TO_DESTROY) is Void.HINDERED
    assert look(years.context) == 0


@pytest.mark.thorough
def test_a_child_of_the_gravest_group_is_kept_to_the_age_that_the_force_has_set(years: Years) -> None:
    """A notice about a child of 2011, in the group of child abuse: until 2111, and looked at before."""
    night = years.night()
    years.officer.sent(a_ppn(**{**about_the_child(), "episode": night.header.episode}))
    years.pass_(40)

    looked = years.looked(night)

    assert looked.group == "group_1"
    assert looked.due_at <= years.clock.at
    assert Hinders.TOO_YOUNG in looked.hinders


@pytest.mark.thorough
def test_what_was_said_can_be_taken_back(years: Years) -> None:
    """For as long as the force gives."""
    night = years.night()
    years.pass_(6)
    assert years.says(night, Kind.TO_DESTROY) is None
    assert years.says(night, Kind.TAKEN_BACK) is None
    years.clock.at += timedelta(days=400)

    assert look(years.context) == 0
    assert years.says(night, Kind.TAKEN_BACK) is Void.NOTHING_WAITS


@pytest.mark.thorough
def test_an_old_copy_that_is_put_back_loses_it_again(tmp_path: Path, clock: Clock) -> None:
    """What was decided once holds; and it says until when such a copy may be about."""
    copy = tmp_path / "copy.sqlite"
    data = tmp_path / "data"
    with a_server(data, clock=clock, in_a_file=True) as context:
        years = Years.of(context, clock)
        night = years.night()
        years.pass_(6)
        context.store.leave_no_trace()  # all of it lies in the one file
        shutil.copy(data / "homeward.sqlite", copy)
        years.destroys(night)
        with context.store.read() as db:
            assert backups_until(context, db) == clock.at + timedelta(days=35)
    shutil.copy(copy, data / "homeward.sqlite")

    with a_server(data, clock=clock, in_a_file=True) as context:
        assert {what for _, what in left_of(context)} == {"came back with an old copy of the database"}
        assert look(context) == 3
        assert MARKER.encode() not in bytes_on_disk(context)
        assert list(left_of(context)) == []
        assert {str(row["rule"]).endswith("(came_back)") for row in rows(context, destroyed)} == {True}


@pytest.mark.thorough
def test_what_is_left_is_found(years: Years) -> None:
    """Somebody put rows back from elsewhere."""
    night = years.night()
    [child] = [row for row in rows(years.context, person) if row["given_names"] == MARKER]
    key = next(row for row in rows(years.context, record_key) if row["record"] == str(night.header.record))
    years.pass_(6)
    years.destroys(night)
    for table, row in ((person, child), (record_key, key)):
        years.context.store.write(partial(_put_back, table, row))

    assert sorted(found for _, found in left_of(years.context)) == ["a person in the register", "its key"]


def _put_back(table: Table, row: Mapping[str, object], db: Connection) -> None:
    db.execute(insert(table).values(row))
