"""What the server and the handhelds have, held against the register on paper, once nothing is under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from faults.paper_register import FILED, PENDING, RETURNED, WITHDRAWN, Drawer, PaperRegister
from faults.station import Handheld
from field_app.capture.cases import Standing
from field_app.store.drafts import DraftStore
from field_app.store.outbox import Item, Outbox, State
from sync_server import feed
from sync_server.db.owed import delivery, feed_item
from sync_server.db.tables import audit, decision, submission
from sync_server.db.tables import record as register
from sync_server.deciding.unsettled import why_apart

LOST, WRONG = "lost", "wrong"
STANDS: Final[Mapping[Standing, str]] = {
    Standing.UNDECIDED: PENDING,
    Standing.RETURNED: RETURNED,
    Standing.APPROVED: "approved",
    Standing.WITHDRAWN: WITHDRAWN,
}
"""How a supervisor's tablet says where a record stands."""


@dataclass(slots=True)
class Differences:
    """What is not as it should be: what is ``lost``, and what is there that should not be, in words."""

    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def hold(self, name: str, there: Counter[Any], should: Counter[Any]) -> None:
        """Two heaps of things that should be the same."""
        self.lost += [f"{name}: {one} is not there" for one in (should - there).elements()]
        self.wrong += [f"{name}: {one} should not be there" for one in (there - should).elements()]

    def __bool__(self) -> bool:
        return bool(self.lost or self.wrong)

    def __str__(self) -> str:
        return "\n".join([*self.lost, *self.wrong])


def server_differs(
    connection: Connection, paper: PaperRegister, handhelds: Sequence[Handheld], unit: str
) -> Differences:
    """What the server has of this unit, against what it should have."""
    found = Differences()
    drawers = paper.drawers
    sheets = [(name, sheet) for name, one in drawers.items() for sheet in one.revisions]
    stored = Counter((name, sheet.rev, sheet.digest, sheet.sha) for name, sheet in sheets)
    devices = [one.device for one in handhelds]
    mine = _rows(connection, submission, submission.c.device.in_(devices))
    kept = [row for row in mine if row["state"] == "stored"]
    found.hold("evidence", _of(kept, "record", "rev", "digest", "env_sha256"), stored)
    _apart_differs(connection, found, paper, mine)
    rows = _rows(connection, register, register.c.unit == unit)
    stand = {row["record"]: row for row in rows}
    should = Counter(
        (name, one.revisions[-1].rev, one.revisions[-1].digest) for name, one in drawers.items()
    )
    found.hold("register", _of(rows, "record", "rev", "digest"), should)
    for name, one in drawers.items():
        said = (stand[name]["state"], stand[name]["assigned_to"]) if name in stand else ("", "")
        wanted = (one.stands, one.assigned if one.stands == RETURNED else said[1])
        if said != wanted:
            found.wrong.append(f"register: {name} stands at {said} and not at {wanted}")
    received = _rows(connection, audit, audit.c.record.in_(sorted(drawers)), audit.c.what == "received")
    noted = Counter((row["record"], row["detail"]["rev"]) for row in received)
    found.hold("audit", noted, Counter((name, sheet.rev) for name, sheet in sheets))
    _decisions_differ(connection, found, paper)
    owed = _rows(connection, delivery, delivery.c.record.in_(sorted(drawers)))
    for one, times in _of(owed, "record", "rev", "target", "takes_back").items():
        found.wrong += [f"outbox: {one} is owed {times} times"] if times > 1 else []
    return found


def _apart_differs(
    connection: Connection, found: Differences, paper: PaperRegister, mine: Sequence[Mapping[str, Any]]
) -> None:
    kept = {row["env_sha256"] for row in mine if row["state"] == "stored"}
    apart = Counter(
        (row["record"], row["rev"], why_apart(connection, row["record"]).get(row["env_sha256"]))
        for row in mine
        if row["state"] != "stored" and row["env_sha256"] not in kept
    )
    should = ((paper.submitted[sha], why) for sha, why in paper.apart.items())
    found.hold("kept apart", apart, Counter((one.record, one.rev, why) for one, why in should))


def _decisions_differ(connection: Connection, found: Differences, paper: PaperRegister) -> None:
    names = sorted({one.decision for one in paper.made})
    rows = _rows(connection, decision, decision.c.decision_record.in_(names))
    there = _of(rows, "decision_record", "record", "rev", "digest", "why_void", "state", "assigned_to")
    should = Counter((one.decision, *one.saw, one.void, one.to, one.assigned) for one in paper.made)
    found.hold("decisions", there, should)


def news_differs(connection: Connection, handheld: Handheld) -> Differences:
    """Whether each piece of news for this handheld's officer was stored there, once each and with no gap."""
    found = Differences()
    who = handheld.person
    to = [feed.to_officer(who.force, handheld.officer)]
    to += [feed.to_role(who.force, role, who.unit) for role in sorted(who.asked_as)]
    rows = _rows(connection, feed_item, feed_item.c.recipient.in_(to))
    should = Counter((feed._stream(row["recipient"]), row["n"]) for row in rows)
    found.hold(f"news of {who.user}", handheld.times, should)
    return found


def handheld_differs(handheld: Handheld, paper: PaperRegister) -> Differences:
    """What lies in the outbox of a handheld, and what its officer is shown, against what should."""
    found = Differences()
    mine = [one for one in paper.submitted.values() if one.device == handheld.device]
    items = of_outbox(handheld)
    ways = {State.ACCEPTED: "received", State.ATTENTION: "kept apart"}
    there = Counter((one.record, one.rev, ways.get(one.state, one.state.value)) for one in items)
    stored = {sheet.sha for one in paper.drawers.values() for sheet in one.revisions}
    should = Counter(
        (one.record, one.rev, "received" if one.sha in stored else "kept apart") for one in mine
    )
    found.hold(f"outbox of {handheld.person.user}", there, should)
    without = [one.record for one in items if one.state is State.ACCEPTED and not one.receipt]
    found.wrong += [f"{one} counts as received without a receipt" for one in without]
    shown = _shown_to_supervisor if handheld.shift.supervises else _shown_to_officer
    found.wrong += shown(handheld, paper)
    return found


def of_outbox(handheld: Handheld) -> list[Item]:
    """Every item of a handheld's outbox."""
    shift = handheld.shift
    return shift._keeper.call(lambda: Outbox(shift._vault.db).all()).result()


def drafts_of(handheld: Handheld) -> list[dict[str, Any]]:
    """Every draft of a handheld, as it lies there."""
    shift = handheld.shift
    return shift._keeper.call(lambda: DraftStore(shift._vault.db).all()).result()


def _shown_to_supervisor(handheld: Handheld, paper: PaperRegister) -> Iterator[str]:
    """A supervisor reads the newest revision of each record, and where it stands."""
    cases, _ = handheld.shift.deciding.cases()
    shown = {str(one.record.header.record): one for case in cases for one in case.papers}
    for name, drawer in _of_officers(paper):
        found, head = shown.get(name), drawer.revisions[-1]
        if found is None:
            if drawer.stands in {PENDING, RETURNED}:
                yield f"{handheld.person.user} is not shown {name}, which is {drawer.stands}"
            continue
        said = (found.record.header.revision, STANDS.get(found.standing, found.standing.value))
        # What was settled before a tablet asked is not given to it any more: only that it was settled.
        wanted = (head.rev if drawer.stands in {PENDING, RETURNED} else said[0], drawer.stands)
        if said != wanted:
            yield f"{handheld.person.user} is shown {name} as {said} and not as {wanted}"


def _shown_to_officer(handheld: Handheld, paper: PaperRegister) -> Iterator[str]:
    """An officer is asked about what was sent back to them, or to the unit, and about nothing else."""
    asked = {one.encounter for one in handheld.shift.home().returned}
    theirs = set()
    for _, drawer in _of_officers(paper):
        if drawer.stands == RETURNED:
            answering = {drawer.assigned} if drawer.assigned else _answering(paper, drawer)
            theirs |= {drawer.encounter} if handheld.officer in (answering or paper.officers) else set()
    for one in sorted(theirs - asked):
        yield f"{handheld.person.user} is not asked about {one}, which was sent back"
    for one in sorted(asked - theirs):
        yield f"{handheld.person.user} is asked about {one}, which is not theirs to answer any more"


def _answering(paper: PaperRegister, drawer: Drawer) -> set[str]:
    """Who has answered a part of what the unit was asked since, and has the rest in hand."""
    same = (one for _, one in _of_officers(paper) if one.encounter == drawer.encounter)
    return {one.revisions[-1].officer for one in same if one.stands == PENDING and one.came > drawer.asked}


def _of_officers(paper: PaperRegister) -> Iterator[tuple[str, Drawer]]:
    return ((name, one) for name, one in paper.drawers.items() if one.stands != FILED)


def _rows(connection: Connection, table: Table, *where: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).where(*where)).mappings()]


def _of(rows: Iterable[Mapping[str, Any]], *names: str) -> Counter[Any]:
    return Counter(tuple(row[name] for name in names) for row in rows)
