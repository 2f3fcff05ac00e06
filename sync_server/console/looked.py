"""Who looked at what, when and what for (Data Protection Act 2018, section 62; S-02).

For administrators and auditors. Ids, codes and times: whoever reads this list learns who looked, and nothing
about a child. Asked for the reference of a record, it shows every look at that child: at each of the child's
records, and at each list on which one of them stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Self
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, Text, cast, or_, select
from starlette.responses import Response

from sync_server.console import followed, words
from sync_server.console.asking import begins, day_in
from sync_server.console.doors import WHY_HERE, Seen, page
from sync_server.console.listed import Choice, Filter, LookedPage, LookedRow
from sync_server.console.marks import rows_by, title_of
from sync_server.console.register import note_list
from sync_server.context import Context
from sync_server.db.retained import destroyed
from sync_server.db.tables import audit, record
from sync_server.duties import restriction
from sync_server.notices import reference_of

AT_ONCE = 100
MOST_DIGITS = 9
MOST_RECORDS = 200
REFERENCE = re.compile(r"(?:HW-?)?([0-9A-F]{4})-?([0-9A-F]{4})")
LOOKS: Mapping[str, str] = {
    "viewed": "Read a record",
    "photograph_viewed": "Looked at a photograph",
    "list read": "Read the register",
    "children read": "Read the register of children",
    "children file taken": "Took the register of children as a file",
    "queue read": "Read the queue",
    "places read": "Read the list of places",
    "task_opened": "Read a task for community officers",
    "tasks read": "Read the list of tasks",
    "meeting read": "Read the daily meeting’s sheet",
    "file taken": "Took the daily meeting’s sheet as a file",
    "episodes read": "Read the list of missing episodes",
    "episode read": "Read a missing episode",
    "protection read": "Read the uses of police protection",
    "protection file taken": "Took the uses of police protection as a file",
    "schools read": "Read whose school was not told in time",
    "ethnicity read": "Read whose ethnicity is not recorded",
    "left out read": "Read who is not on the exploitation meeting’s list",
    "looked-after read": "Read which looked-after children were missing",
    "looked-after file taken": "Took the looked-after children who were missing as a file",
    "samples read": "Read the list of dip samples",
    "sample drawn": "Drew a dip sample",
    "sample read": "Read a dip sample",
    "quality read": "Read the figures of quality",
    "conflicts read": "Read the list of two versions",
    "figures read": "Read the numbers of a month",
    "profile read": "Read the restricted problem profile",
    "read_in_profile": "Read for the restricted problem profile",
    "restricted read": "Read which children are restricted",
    "restricted child asked for": "Asked for a restricted child, and opened none",
    restriction.OPENED_HERE: "Opened a restricted child in need",
    "retention read": "Read what is due for review",
    "looks read": "Read this list",
    "council list read": "Read what was delivered to their council",
    "council_read": "Read a notice at their council",
    "audit read": "Read the audit",
    "audit checked": "Had the audit checked",
    "audit file taken": "Took the audit as a file",
    "disclosed": "Given to a device",
    "shift pack given": "Given to a device: children known in the unit",
    "read_again": "Read their own record again",
    "handheld_opened": "Opened a draft on a device",
    "handheld_read": "Read on a device",
    "handheld_read_out": "Read a lookout card out",
    "quarantined": "Sent what was kept apart",
    "signed in at the console": "Signed in at the console",
    "sign-in refused": "Was refused at the door",
}
ACCOUNT = "account:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the address asks for: somebody's looks, one kind of look, some days, or one child's records.

    ``record`` is the reference of one: who looks for it gets all looks at that child, also in lists.
    """

    HERE: ClassVar[str] = "/looked"
    KINDS: ClassVar[Mapping[str, str]] = LOOKS
    who: str = ""
    what: str = ""
    since: str = ""
    until: str = ""
    record: str = ""
    before: int = 0

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Self:
        """What can be understood of an address."""
        before = given.get("before", "")
        number = before.isascii() and before.isdigit() and len(before) <= MOST_DIGITS
        what = given.get("what", "")
        return cls(
            who=given.get("who", "") if given.get("who", "").isascii() else "",
            what=what if what in cls.KINDS else "",
            since=day_in(given.get("from", "")),
            until=day_in(given.get("to", "")),
            record=reference_in(given.get("record", "")),
            before=int(before) if number else 0,
        )

    def page(self, force: str, about: Sequence[str]) -> Select[Any]:
        """The newest looks, and one more if there is one. ``about`` are the records that are asked for."""
        return self.entries(force, about).limit(AT_ONCE + 1)

    def entries(self, force: str, about: Sequence[str]) -> Select[Any]:
        """Everything that is asked for, the newest first."""
        c = audit.c
        query = select(audit).where(c.force == force)
        if self.did():
            query = query.where(c.what.in_(self.did()))
        if self.who:
            query = query.where(c.who == self.who)
        if self.since:
            query = query.where(c.at >= begins(self.since))
        if self.until:
            query = query.where(c.at < begins(self.until) + timedelta(days=1))
        if self.record:
            # A list names what stood on it in its detail: read as text, since each database has its own way.
            shown = (cast(c.detail, Text).contains(one, autoescape=True) for one in about)
            query = query.where(or_(c.record.in_(about), *shown))
        if self.before:
            query = query.where(c.id < self.before)
        return query.order_by(c.id.desc())

    def did(self) -> list[str]:
        """What was done, of all that is asked for here; nothing where it is everything."""
        return [self.what] if self.what else list(self.KINDS)

    def asked(self) -> dict[str, str]:
        """What it is narrowed by, as an address says it."""
        said = {
            "who": self.who,
            "what": self.what,
            "from": self.since,
            "to": self.until,
            "record": self.record,
        }
        return {name: word for name, word in said.items() if word}

    def address(self, before: int = 0) -> str:
        """The address of this view, or of its next page."""
        more = {"before": str(before)} if before else {}
        asked = urlencode({**self.asked(), **more})
        return f"{self.HERE}?{asked}" if asked else self.HERE


def show(seen: Seen) -> Response:
    """The newest looks. Reading this list is written down as well."""
    force = seen.account.person.force
    wanted = Wanted.of(seen.request.query_params)
    with seen.context.store.read() as db:
        found = db.execute(wanted.page(force, _of_one_child(db, force, wanted.record))).mappings().all()
        names = followed.names_of(db, force)
        rows = tuple(_rows(seen.context, db, found[:AT_ONCE], names))
    note_list(seen, "looks read", len(rows))
    return page(
        LookedPage(
            **seen.frame("looked"),
            asked_at=words.day_and_time(seen.now),
            filters=tuple(filters(wanted, names)),
            about=wanted.record,
            rows=rows,
            more=wanted.address(found[AT_ONCE - 1]["id"]) if len(found) > AT_ONCE else "",
            first=wanted.address() if wanted.before else "",
        )
    )


def reference_in(given: str) -> str:
    """A record's reference as it is spoken and written, or nothing."""
    found = REFERENCE.fullmatch(given.strip().upper())
    return f"HW-{found[1]}-{found[2]}" if found else ""


def _of_one_child(db: Connection, force: str, reference: str) -> list[str]:
    """The record of this reference, every other about the same child, that child, and the drafts of these.

    On a device a child's card is read by the child, and a draft by its encounter.
    """
    if not reference:
        return []
    ends_so = record.c.record.endswith(_ending(reference))
    named = db.execute(
        select(record.c.record, record.c.subject, record.c.encounter).where(record.c.force == force, ends_so)
    ).all()
    children = [one.subject for one in named if one.subject]
    same = select(record.c.record, record.c.encounter).where(
        record.c.force == force, record.c.subject.in_(children)
    )
    there = [one.record for one in named] or gone(db, force, reference)
    others = db.execute(same.limit(MOST_RECORDS)).all()
    drafts = {one.encounter for one in (*named, *others)}
    return list(dict.fromkeys([*there, *(one.record for one in others), *children, *sorted(drafts)]))


def gone(db: Connection, force: str, reference: str) -> Sequence[str]:
    """The record of this reference that was destroyed: what was done with it stays in the audit."""
    ends_so = destroyed.c.record.endswith(_ending(reference))
    return db.execute(select(destroyed.c.record).where(destroyed.c.force == force, ends_so)).scalars().all()


def record_named(db: Connection, force: str, reference: str) -> Sequence[str]:
    """The record of this reference, whether it is still there or not."""
    if not reference:
        return []
    there = select(record.c.record).where(
        record.c.force == force, record.c.record.endswith(_ending(reference))
    )
    return db.execute(there).scalars().all() or gone(db, force, reference)


def _ending(reference: str) -> str:
    return reference.removeprefix("HW-").replace("-", "").lower()


def _rows(
    context: Context, db: Connection, found: Sequence[RowMapping], names: Mapping[str, str]
) -> Iterator[LookedRow]:
    kinds = rows_by(db, record, "record", (row["record"] for row in found))
    openings = [row["detail"]["opening"] for row in found if row["what"] == restriction.OPENED_HERE]
    said = restriction.why_opened(context, db, openings)
    for row in found:
        of = row["record"]
        forms = [title_of(one["form"]) for one in kinds[of]]
        detail = followed.detail(row["detail"], names)
        why = said.get(row["detail"].get("opening", 0), "")
        detail += f": “{why}”" if why else ""
        which = "" if of.startswith(ACCOUNT) else ", ".join([*forms, reference_to(of)])
        yield LookedRow(
            at=words.day_and_time(row["at"]),
            who=names.get(row["who"], words.plain_code(row["who"])),
            did=LOOKS[row["what"]],
            what=", ".join(part for part in (which, detail) if part) or "–",
            why=WHY_HERE.get(row["detail"].get("why", ""), "–"),
            where="Device" if "device" in row["detail"] else "Console",
        )


def reference_to(of: str) -> str:
    """How the record of a chain is spoken of; what is no record as it is called."""
    try:
        return reference_of(UUID(of))
    except ValueError:
        return of


def filters(wanted: Wanted, names: Mapping[str, str]) -> Iterator[Filter]:
    """What the list can be narrowed by."""

    def offered(there: Mapping[str, str], chosen: str) -> tuple[Choice, ...]:
        known = sorted(there.items(), key=lambda one: one[1])
        return Choice("", "Any", chosen == ""), *(Choice(id_, said, id_ == chosen) for id_, said in known)

    yield Filter("who", "Who", choices=offered(names, wanted.who))
    yield Filter("what", "Did", choices=offered(wanted.KINDS, wanted.what))
    yield Filter("record", "Record’s reference", "name", wanted.record)
    yield Filter("from", "From", "day", wanted.since)
    yield Filter("to", "Until", "day", wanted.until)
