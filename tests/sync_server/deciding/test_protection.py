"""Police protection arrives: the council is told at once, danger is read first, the end by two."""

from __future__ import annotations

from booklets.records import Record
from sync_server import notices
from sync_server.context import Context
from sync_server.db.owed import delivery, task
from sync_server.db.tables import record as register
from tests.support.colleagues import Colleague
from tests.support.protection import END, OFFICER, POWER, part_of, sent
from tests.support.server_data import rows

DANGER = "danger:E06000065"


def arrives(who: Colleague, part: str) -> Record:
    """One part, written by this person and stored."""
    return who.sent(sent(part_of(part, {}, by=who.author)))


def test_the_council_is_told_before_a_sergeant_has_read_it(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """What was done, why, what the child said and where the child is; the sergeant reads it first."""
    record = arrives(officer, POWER)
    with context.store.read() as connection:
        name = str(record.header.record)
        said = notices.content_of(connection, context.keys.safe, name, 1, "danger")
    assert said is not None
    fields = {one["title"]: one["words"] for one in said["fields"]}

    assert {one["target"]: one["state"] for one in rows(context, delivery)}[DANGER] == "due"
    assert said["subject"].startswith("URGENT: child in police protection, reference")
    assert "Child taken to a safe place" in fields["The danger"]
    assert "held the kitchen knife" in fields["The danger"]
    assert "Can I go to my nan's?" in fields["What the child said"]
    assert "Council foster home" in fields["Done so far"]
    assert "2 Invented Street" in fields["Done so far"]
    assert [one["risk"] for one in sergeant.heard("review")] == [1]


def test_the_vulnerability_teams_inspector_has_it_with_its_alerts(
    context: Context, officer: Colleague
) -> None:
    """R-20: every use is theirs to look at, and the hours are on their list."""
    arrives(officer, POWER)
    theirs = {one["kind"] for one in rows(context, task) if one["owner_role"] == "vat"}

    assert {"immediate_danger", "police_protection", "protection_first_alert"} <= theirs


def test_the_end_is_read_by_a_supervisor_and_then_by_the_specialists(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague
) -> None:
    """B.8: the vulnerability team's inspector reviews every use; the other parts end with a supervisor."""
    power, enquiry, end = (arrives(officer, part) for part in (POWER, OFFICER, END))
    for record in (power, enquiry, end):
        sergeant.decided(record)
    states = {
        one["record_type"]: one["state"] for one in rows(context, register) if one["record_type"] != "SUP"
    }

    assert states == {"PPR": "approved", "PPD": "approved", "PPE": "specialist_review"}
    vat.settles(end, words="Used well: no other way that night, and neglect is recorded.")
    assert {one["state"] for one in rows(context, register) if one["record_type"] == "PPE"} == {"closed"}
