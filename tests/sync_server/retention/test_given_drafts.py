"""A draft that went to a colleague goes with the file it belongs to, and keeps that while it waits."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from booklets.entities import new_id
from booklets.handing_on import Given, posted_draft
from booklets.records import Record
from sync_server import giving
from sync_server.context import Context
from sync_server.db.giving import given_draft
from sync_server.db.owed import feed_item
from sync_server.giving import By, Why
from sync_server.identity import accounts, devices
from sync_server.retention import look
from sync_server.retention.due import Hinders
from sync_server.retention.reviewing import Kind, Void
from tests.support.builders import FORCE
from tests.support.colleagues import Colleague, a_colleague
from tests.support.kept_for_years import Years
from tests.support.server_data import Clock, a_server, rows


def by(context: Context, somebody: Colleague) -> By:
    """Somebody on their handheld."""
    with context.store.read() as db:
        found, device = accounts.by_id(db, somebody.author.id), devices.find(db, somebody.handheld.device)
    assert found is not None
    assert device is not None
    return By(found.id, found.person, device)


def gives(years: Years, record: Record) -> str:
    """The officer hands over what is still to be written of an encounter; the id of what was given."""
    context, officer = years.context, years.officer
    draft = {"id": str(record.header.encounter), "answers": {}}
    given = Given(id=new_id(), to="", at=context.now(), draft=draft)
    sealed = posted_draft(
        given,
        force=FORCE,
        device=officer.handheld.device,
        officer=officer.author.id,
        to=context.keys.directory.recipients(),
        signer=officer.handheld.signing,
    )
    who = by(context, officer)
    assert context.store.write(lambda db: giving.give(context, db, sealed, who)) is None
    return str(given.id)


def takes(context: Context, somebody: Colleague, given: str) -> Why | None:
    """A colleague takes it over."""
    who = by(context, somebody)

    def work(db: Connection) -> Why | None:
        return giving.take(context, db, given, who)

    return context.store.write(work)


def test_a_draft_that_somebody_took_over_goes_with_the_records_of_its_encounter(years: Years) -> None:
    """It was sealed to the force, not under the record's key, and its news named the encounter."""
    night, other = years.night(), years.night("Kay")
    colleague = a_colleague(years.context, "pc.iqbal")
    for record in (night, other):
        assert takes(years.context, colleague, gives(years, record)) is None
    years.pass_(6)

    assert years.destroys(night) == 3

    here = {row["encounter"]: row["envelope"] for row in rows(years.context, given_draft)}
    assert here[str(night.header.encounter)] == b""
    assert here[str(other.header.encounter)], "another child's file is kept"
    news = {row["record"] for row in rows(years.context, feed_item) if row["kind"] == "given"}
    assert news == {str(other.header.encounter)}


def test_nothing_is_destroyed_while_a_draft_of_it_waits_for_somebody(years: Years) -> None:
    """What is written in it is part of what the force has of the child."""
    night = years.night()
    given = gives(years, night)
    years.pass_(6)
    assert years.looked(night).hinders == (Hinders.DRAFT_WAITS,)
    assert years.says(night, Kind.TO_DESTROY) is Void.HINDERED

    years.officer.comes_on_shift()
    assert takes(years.context, a_colleague(years.context, "pc.iqbal"), given) is None

    assert years.destroys(night) == 3


@pytest.mark.thorough
def test_a_draft_that_waits_in_an_old_copy_goes_again_with_its_records(tmp_path: Path, clock: Clock) -> None:
    """Nobody takes it over any more, and nobody is told that it is late."""
    copy, data = tmp_path / "copy.sqlite", tmp_path / "data"
    with a_server(data, clock=clock, in_a_file=True) as context:
        years = Years.of(context, clock)
        night = years.night()
        given = gives(years, night)
        colleague = a_colleague(context, "pc.iqbal")
        context.store.leave_no_trace()  # all of it lies in the one file
        shutil.copy(data / "homeward.sqlite", copy)
        assert takes(context, colleague, given) is None
        years.pass_(6)
        years.destroys(night)
    shutil.copy(copy, data / "homeward.sqlite")

    with a_server(data, clock=clock, in_a_file=True) as context:
        assert look(context) == 3
        assert {row["envelope"] for row in rows(context, given_draft)} == {b""}
        clock.at += timedelta(days=1)
        assert giving.look(context) == 0
        assert takes(context, colleague, given) is Why.WAS_BACK
        assert {row["kind"] for row in rows(context, feed_item)} == {"over"}
