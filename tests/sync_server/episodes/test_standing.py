"""Which episodes are closed, as lists ask for it: each by what became of itself alone."""

from __future__ import annotations

from sqlalchemy import select

from sync_server.context import Context
from sync_server.db.tables import record
from sync_server.episodes.standing import is_closed
from tests.support import episodes
from tests.support.colleagues import Colleague
from tests.support.episodes import all_done


def test_an_episode_is_closed_however_often_another_was_opened_again(
    context: Context, officer: Colleague, sergeant: Colleague, mhet: Colleague
) -> None:
    """What was done with another episode says nothing of this one."""
    closed, again = (episodes.of(context, all_done(name, officer, sergeant)) for name in ("Kit", "Ana"))
    closed.closes(mhet)
    again.closes(mhet)
    again.opens_again(mhet)

    with context.store.read() as db:
        asked = select(record.c.episode).where(is_closed(record.c.force, record.c.episode)).distinct()
        assert list(db.execute(asked).scalars()) == [closed.id]
        within = select(record.c.episode).where(
            record.c.record.in_(asked.with_only_columns(record.c.record))
        )
        assert set(db.execute(within).scalars()) == {closed.id}
