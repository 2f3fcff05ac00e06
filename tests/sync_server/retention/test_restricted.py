"""What is kept of a restricted child: nobody destroys it unread, and afterwards nothing of it is left."""

from __future__ import annotations

from booklets.records import Record
from sync_server.db.restrictions import restricted_word, restriction, restriction_reader
from sync_server.duties import restriction as restricting
from sync_server.identity.accounts import Role
from sync_server.retention.destroying import destroy_again
from sync_server.retention.due import Hinders
from sync_server.retention.reviewing import Kind, Void
from sync_server.retention.verifying import left_of
from tests.support.builders import FORCE
from tests.support.colleagues import a_colleague
from tests.support.kept_for_years import MARKER, Years, bytes_on_disk
from tests.support.restrictions import account_of, restricted
from tests.support.server_data import rows


def _restricted(years: Years) -> tuple[Record, int]:
    a_colleague(years.context, "vat", Role.VAT)
    night = years.night()
    return night, restricted(
        years.context, night, "mhet.hale", "vat", words=f"{MARKER}'s uncle asked for her."
    )


def _ends(years: Years, number: int) -> None:
    by = account_of(years.context, "mhet.hale")
    with years.context.store.read() as db:
        row = restricting.one(db, FORCE, number)
    assert row is not None
    why = f"{MARKER}'s uncle was dismissed in May."
    years.context.store.write(lambda db: restricting.end(years.context, db, row, why, by=by))


def test_nobody_destroys_what_they_may_not_read(years: Years) -> None:
    """Whoever manages records is on no list: the missing team ends the restriction first."""
    night, number = _restricted(years)
    years.pass_(6)

    assert years.looked(night).hinders == (Hinders.RESTRICTED,)
    assert years.says(night, Kind.TO_DESTROY) is Void.HINDERED

    _ends(years, number)
    assert years.looked(night).hinders == ()


def test_with_the_records_goes_all_that_was_kept_of_the_restriction(years: Years) -> None:
    """By which names the child was known, why it was restricted, and who could read."""
    night, number = _restricted(years)
    _ends(years, number)
    years.pass_(6)

    assert years.destroys(night) == 3

    tables = (restriction, restricted_word, restriction_reader)
    assert [rows(years.context, table) for table in tables] == [[], [], []]
    assert MARKER.encode() not in bytes_on_disk(years.context)
    assert list(left_of(years.context)) == []
    assert destroy_again(years.context) == 0
