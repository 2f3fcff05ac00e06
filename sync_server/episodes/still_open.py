"""What is not over yet of an episode: what waits for a decision, what is to be done, and what never came.

Worked out from the register and the tasks alone, so that a page, a list and the transaction that closes
come to the same. It hinders nobody for ever: whoever closes all the same says why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from booklets.decisions import RECORD_TYPE as DECISION
from booklets.form_names import ASSESSMENT, INTERVIEW, PROTECTION_ENDED, PROTECTION_USED, RETURN
from booklets.forms import Stage
from booklets.signs import only_rung, says_dead
from sync_server.across.interviews import CLOCK, STAGES
from sync_server.across.seen import REPORT
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State, record
from sync_server.deciding.states import DECIDED_BY
from sync_server.deciding.unsettled import unsettled
from sync_server.flags import DANGER_TASK, OFFERS, SAID


class What(StrEnum):
    """Sorts of what can be open, in the order in which they are read."""

    NOT_BACK = "not_back"
    TWO_VERSIONS = "two_versions"
    UNDECIDED = "undecided"
    FIRST_PART = "first_part"
    DANGER = "danger"
    RISK = "risk"
    NO_INTERVIEW = "no_interview"
    PPN = "ppn"
    OTHER_CHILDREN = "other_children"
    OFFENCES = "offences"
    PROTECTION = "protection"
    OFFER = "offer"
    RETURN_INTERVIEW = "return_interview"
    TASK = "task"


OF_TASKS: Mapping[str, What] = {
    DANGER_TASK: What.DANGER,
    "ppn_submitted": What.PPN,
    **dict.fromkeys((CLOCK, *STAGES), What.RETURN_INTERVIEW),
    **dict.fromkeys(
        ("review_risk", "critical_below_high", "high_risk_taken_on", "medium_risk_taken_on"), What.RISK
    ),
    **dict.fromkeys(("identify_child", "find_children_at_risk"), What.OTHER_CHILDREN),
}
STANDING: Mapping[str, What] = {
    "R-12": What.PPN,
    "R-13": What.OTHER_CHILDREN,
    "R-13a": What.OTHER_CHILDREN,
}
"""Rules of the forms that nobody has answered for yet."""
OFFENCES = "R-26"
"""R-26: an end of police protection without the offences, also where it was sent so in an emergency."""
ANSWERED = frozenset({"accepted", "declined"})
"""What makes an offer of help one that is answered; a declined one has its reason in the record."""
NOT_ALL = "not_all"
"""What a supervisor says of the other children, where one of them is not accounted for."""


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that is open: what sort, which record it is about, and the task where it is one."""

    what: What
    row: RowMapping | None = None
    task: RowMapping | None = None


def records_of(connection: Connection, force: str, episode: str) -> list[RowMapping]:
    """The records of an episode that count, decisions among them, in order of arrival."""
    return of_episodes(connection, force, [episode]).get(episode, [])


def of_episodes(
    connection: Connection, force: str, episodes: Iterable[str], *but: ColumnElement[bool]
) -> dict[str, list[RowMapping]]:
    """The records of several episodes that count, by episode; only those for which more holds, if asked."""
    query = (
        select(record)
        .where(
            record.c.force == force,
            record.c.episode.in_(sorted(set(episodes))),
            record.c.state != State.WITHDRAWN.value,
            *but,
        )
        .order_by(record.c.received_at, record.c.record)
    )
    found: dict[str, list[RowMapping]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["episode"], []).append(row)
    return found


def tasks_on(connection: Connection, rows: Sequence[RowMapping]) -> list[RowMapping]:
    """What is open to do about these records, the soonest due first."""
    query = (
        select(task)
        .where(
            task.c.record.in_(sorted({row["record"] for row in rows})),
            task.c.status == TaskState.OPEN.value,
        )
        .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.id)
    )
    return list(connection.execute(query).mappings())


def with_two_versions(connection: Connection, force: str, rows: Sequence[RowMapping]) -> frozenset[str]:
    """Those of these beside which another version lies, and nobody has said which counts (S-06)."""
    return frozenset(one.record for one in unsettled(connection, force, (row["record"] for row in rows)))


def still_open(
    rows: Sequence[RowMapping], tasks: Sequence[RowMapping], beside: Collection[str]
) -> list[Open]:
    """Everything that is open of an episode, by its sort; of one sort as it came.

    ``beside`` are the records of which there are two versions.
    """
    order = list(What)
    return sorted(_all(rows, tasks, beside), key=lambda one: order.index(one.what))


def _all(rows: Sequence[RowMapping], tasks: Sequence[RowMapping], beside: Collection[str]) -> Iterator[Open]:
    by_record = {row["record"]: row for row in rows}
    for row in rows:
        if row["record"] in beside:
            yield Open(What.TWO_VERSIONS, row)
        if row["state"] in DECIDED_BY:
            yield Open(What.UNDECIDED, row)
    for one in tasks:
        if one["record"] in by_record:
            yield Open(OF_TASKS.get(one["kind"], What.TASK), by_record[one["record"]], one)
    yield from _left_standing(rows)
    if not any(says_dead(row["flags"]) for row in rows):
        yield from _never_came(rows)


def _left_standing(rows: Sequence[RowMapping]) -> Iterator[Open]:
    """What a record itself says is not settled, whichever sort of it: each once."""
    for row in rows:
        flags = row["flags"]
        for what in dict.fromkeys(STANDING[code] for code in flags.get("standing", ()) if code in STANDING):
            yield Open(what, row)
        if flags.get("stage") == Stage.FOUND:
            yield Open(What.FIRST_PART, row)
        if row["record_type"] == PROTECTION_ENDED and OFFENCES in flags.get("rules", ()):
            yield Open(What.OFFENCES, row)
    yield from _offers(rows)
    decided = [row for row in rows if row["record_type"] == DECISION]
    if decided and decided[-1]["flags"].get(SAID, {}).get("sup.other_children") == NOT_ALL:
        yield Open(What.OTHER_CHILDREN, decided[-1])


def _offers(rows: Sequence[RowMapping]) -> Iterator[Open]:
    """R-57: a specialist's offer that was asked about and left open in every record that asks."""
    asked = [row for row in rows if not _unanswered(row).isdisjoint(OFFERS)]
    said = (row["flags"].get(SAID, {}).get(name) for row in rows for name in OFFERS)
    if asked and ANSWERED.isdisjoint(said):
        yield Open(What.OFFER, asked[-1])


def _unanswered(row: RowMapping) -> frozenset[str]:
    return frozenset((*row["flags"].get("gaps", ()), *row["flags"].get("missing", ())))


def _never_came(rows: Sequence[RowMapping]) -> Iterator[Open]:
    """What belongs to an episode of a living child, and of which there is no record."""
    # A voice on a phone is no return (R-08b): whoever has only rung is missing still.
    forms = {row["form"] for row in rows if not only_rung(row["flags"])}
    types = {row["record_type"] for row in rows}
    if RETURN not in forms:
        yield Open(What.NOT_BACK)
    elif INTERVIEW not in forms:
        yield Open(What.NO_INTERVIEW)
    reports = [row for row in rows if row["record_type"] == REPORT]
    if any(_was_awaited(row) for row in reports) and ASSESSMENT not in forms:
        yield Open(What.RISK)
    if PROTECTION_USED in types and PROTECTION_ENDED not in types:
        yield Open(What.PROTECTION)


def _was_awaited(report: RowMapping) -> bool:
    """Whether the child was still missing when this report was written: then the risk is graded."""
    said = report["flags"].get(SAID, {}).get("mis.returned_before_report", "no")
    return bool(said == "no")
