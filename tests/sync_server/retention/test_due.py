"""What is kept together, how long, and when somebody has to look at it (S-09)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from booklets.records import Record
from sync_server.cli import main
from sync_server.db.retained import due_record
from sync_server.retention import look
from sync_server.retention.due import Hinders
from sync_server.retention.files import years_after
from sync_server.retention.reviewing import Kind, Void
from tests.support.builders import NIGHT, a_task, an_interview
from tests.support.episodes import a_back
from tests.support.kept_for_years import MARKER, Years
from tests.support.meetings import about, parts
from tests.support.server_data import rows


def again(name: str, **header: Any) -> Record:
    """A return of the same child, of another night."""
    ids = about(MARKER)
    return a_back(name, subject=ids["subject"], entities=ids["entities"], **header)


def listed(years: Years) -> set[str]:
    """The records that are due, once the server has looked."""
    look(years.context)
    return {str(row["record"]) for row in rows(years.context, due_record)}


def test_a_childs_night_is_due_years_after_the_last_of_it(years: Years) -> None:
    """The return, the interview and the decision on them, together and not before."""
    night = years.night()
    years.pass_(6, days=-1)
    assert listed(years) == set()

    years.pass_(6, days=1)
    due = listed(years)

    assert len(due) == 3
    assert str(night.header.record) in due


@pytest.mark.thorough
def test_a_child_who_went_missing_again_is_due_later(years: Years) -> None:
    """What was learnt the first time is not lost before the years of the second are over."""
    first = years.night()
    years.pass_(5)
    years.officer.comes_on_shift()
    years.officer.sent(again("years later"))
    years.pass_(7)

    assert listed(years) == set()
    assert years.looked(first).due_at == years_after(NIGHT, 11)


@pytest.mark.thorough
def test_the_gravest_of_them_keeps_them_all(years: Years) -> None:
    """An interview with the child tells of a danger at home."""
    night = years.night()
    ids = {**about(MARKER), **parts("the interview")}
    years.officer.sent(an_interview({"pi.danger_now": "yes"}, **ids))
    years.pass_(7)

    assert years.looked(night).group == "group_1"
    assert listed(years) == set()
    years.pass_(10, days=1)
    assert str(night.header.record) in listed(years)


@pytest.mark.thorough
def test_what_the_handhelds_header_says_counts(years: Years) -> None:
    """It lies sealed in the record, and is looked at where the register would let it go."""
    night = years.night()
    years.officer.sent(again("said", retention_class="group_1"))
    years.pass_(7)

    assert years.looked(night).group == "group_1"
    assert listed(years) == set()


def test_what_is_open_is_said_beside_what_is_due(years: Years) -> None:
    """It is reviewed all the same, and only cannot be destroyed."""
    night = years.night()
    years.officer.sent(again("open", tasks=(a_task("ring"),)))
    years.pass_(6, days=1)

    assert str(night.header.record) in listed(years)
    assert set(years.looked(night).hinders) >= {
        Hinders.OPEN_EPISODE,
        Hinders.UNDECIDED,
        Hinders.OPEN_TASK,
        Hinders.OWED,
    }


@pytest.mark.thorough
def test_what_is_kept_is_due_again_on_that_day(years: Years) -> None:
    """With a reason and a day, and no longer than the force lets it lie."""
    night = years.night()
    years.pass_(6, days=1)
    assert years.says(night, Kind.KEPT) is Void.NO_DAY
    assert years.says(night, Kind.KEPT, until=years.until(50)) is Void.TOO_FAR
    assert years.says(night, Kind.KEPT, until=years.until(3), why="") is Void.NO_REASON
    assert years.says(night, Kind.KEPT, until=years.until(3), words=" ") is Void.NO_WORDS

    assert years.says(night, Kind.KEPT, until=years.until(3)) is None
    assert listed(years) == set()
    assert years.says(night, Kind.TO_DESTROY) is Void.HINDERED
    years.clock.at = years.until(3) + timedelta(days=1)
    assert str(night.header.record) in listed(years)


@pytest.mark.thorough
def test_two_children_are_two_files(years: Years) -> None:
    """The same carer, the same house: each has years of its own."""
    one, other = years.night(), years.night("Kay")
    assert years.looked(one).file.key != years.looked(other).file.key


@pytest.mark.parametrize(("years_on", "day"), [(1, 28), (4, 29)])
def test_the_last_of_february_comes_every_year(years_on: int, day: int) -> None:
    """Also where it is the twenty-eighth."""
    leap = NIGHT.replace(year=2028, month=2, day=29)
    assert years_after(leap, years_on).day in {28, day}
    assert years_after(leap, years_on).month == 2


@pytest.mark.thorough
def test_the_commands_say_what_is_due_and_what_is_left(
    years: Years, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the server's own clock nothing of this is due: what was destroyed is looked for all the same."""
    night = years.night()
    years.pass_(6)
    assert years.destroys(night) == 3
    environ = {
        "HOMEWARD_DATA": str(years.context.settings.data),
        "HOMEWARD_DATABASE_URL": years.context.settings.database_url,
    }

    assert main(["retention", "verify"], environ) == 0
    assert "0 left of what was destroyed" in capsys.readouterr().out
    assert main(["retention", "due"], environ) == 0
    assert main(["retention", "destroy"], environ) == 0
    assert "0 records destroyed" in capsys.readouterr().out
    with years.context.store.read() as db:
        assert db.execute(select(due_record.c.record)).first() is None
