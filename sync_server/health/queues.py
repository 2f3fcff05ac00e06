"""What waits, and how long: read from the database at the moment when somebody asks for the figures."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, and_, case, func, select

from sync_server.context import Context
from sync_server.db.backups import backup
from sync_server.db.checkpoints import checkpoint
from sync_server.db.owed import Owed, TaskState, task
from sync_server.db.store import BACKGROUND_WORK_GOES_ON
from sync_server.db.tables import State
from sync_server.db.tables import audit as entries
from sync_server.db.tables import record as register
from sync_server.forwarding import standing

NEVER: Final = float("inf")
WORKERS: Final = (
    *("postman", "watch", "look_out", "look_across", "watch_attachments", "look_at_kept"),
    *("make_checkpoints", "tidying"),
)
DECIDED_BY_SUPERVISORS: Final = (State.PENDING.value, State.ESCALATED.value)


class Queues(Collector):
    """Everything that waits, by kinds of systems and units."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: what there is hangs on the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Every figure, or only that the database is not there."""
        now = self._context.now()
        yield _plain(
            "homeward_disk_free_bytes", "Free on the disk of the data folder.", _free(self._context)
        )
        yield from _workers()
        left = min(entry.not_after for entry in self._context.keys.directory.keys) - now
        yield _plain("homeward_keys_left_seconds", "How long the keys are good still.", left.total_seconds())
        try:
            with self._context.store.read() as db:
                found = [*_owed(db, now), *_waiting(db, now), *_late_tasks(db, now), *_safe(db, now)]
        except BACKGROUND_WORK_GOES_ON:
            found = []
        yield _plain("homeward_database_up", "1 where the database answers.", float(bool(found)))
        yield from found


def _owed(db: Connection, now: datetime) -> Iterator[Metric]:
    """Deliveries: a school's number is left out of its name, so that no label is about a child's school."""
    counts: Counter[tuple[str, Owed]] = Counter()
    oldest: dict[str, float] = {}
    for one in standing.overview(db):
        kind = one.target.partition(":")[0]
        counts.update({(kind, state): number for state, number in one.counts.items()})
        age = (now - one.waits_since).total_seconds() if one.waits_since else 0.0
        oldest[kind] = max(oldest.get(kind, 0.0), age)
    states = GaugeMetricFamily(
        "homeward_deliveries", "Deliveries in each state.", labels=["system", "state"]
    )
    for (kind, state), number in sorted(counts.items()):
        states.add_metric([kind, state.value], number)
    says = "Age of the oldest record that a system should have and has not."
    ages = GaugeMetricFamily("homeward_outbox_oldest_seconds", says, labels=["system"])
    for kind, age in sorted(oldest.items()):
        ages.add_metric([kind], age)
    dead = sum(number for (_, state), number in counts.items() if state is Owed.DEAD)
    yield states
    yield ages
    yield _plain("homeward_dead_letters", "Deliveries that wait for a person.", dead)


def _waiting(db: Connection, now: datetime) -> Iterator[Metric]:
    """What waits for a supervisor of a unit, in time and past its limit."""
    late = case((and_(register.c.due_at.is_not(None), register.c.due_at <= now), "yes"), else_="no")
    query = (
        select(register.c.unit, late.label("late"), func.count(), func.min(register.c.received_at))
        .where(register.c.state.in_(DECIDED_BY_SUPERVISORS))
        .group_by(register.c.unit, late)
        .order_by(register.c.unit, late)
    )
    many = GaugeMetricFamily(
        "homeward_waiting_for_supervisor", "Records that wait.", labels=["unit", "late"]
    )
    says = "Age of the oldest record that waits for a supervisor."
    ages = GaugeMetricFamily("homeward_waiting_oldest_seconds", says, labels=["unit", "late"])
    for unit, is_late, number, since in db.execute(query):
        many.add_metric([unit, is_late], number)
        ages.add_metric([unit, is_late], (now - since).total_seconds())
    yield many
    yield ages


def _late_tasks(db: Connection, now: datetime) -> Iterator[Metric]:
    query = (
        select(task.c.owner_role, func.count())
        .where(task.c.status == TaskState.OPEN.value, task.c.due_at <= now)
        .group_by(task.c.owner_role)
        .order_by(task.c.owner_role)
    )
    late = GaugeMetricFamily("homeward_late_tasks", "Open tasks whose time is over.", labels=["owner"])
    for owner, number in db.execute(query):
        late.add_metric([owner], number)
    yield late


def _safe(db: Connection, now: datetime) -> Iterator[Metric]:
    """How old the newest verified backup is, and what of the audit is signed."""
    backed = db.execute(select(func.max(backup.c.began_at))).scalar()
    last = db.execute(
        select(checkpoint.c.at, checkpoint.c.upto).order_by(checkpoint.c.number.desc())
    ).first()
    newer = select(func.count()).select_from(entries).where(entries.c.id > (last.upto if last else 0))
    yield _plain(
        "homeward_backup_age_seconds",
        "Age of the newest backup that was found whole.",
        (now - backed).total_seconds() if backed else NEVER,
    )
    yield _plain(
        "homeward_checkpoint_age_seconds",
        "Age of the newest signed checkpoint of the audit.",
        (now - last.at).total_seconds() if last else NEVER,
    )
    yield _plain(
        "homeward_audit_unsigned", "Audit entries since the last checkpoint.", db.execute(newer).scalar_one()
    )


def _workers() -> Iterator[Metric]:
    """Which of the threads that work by themselves are running in the process that was asked."""
    alive = {one.name for one in threading.enumerate()}
    running = GaugeMetricFamily("homeward_worker_up", "1 where a worker runs.", labels=["worker"])
    for name in WORKERS:
        running.add_metric([name], float(name in alive))
    yield running


def _free(context: Context) -> float:
    return float(shutil.disk_usage(context.settings.data).free)


def _plain(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=value)
