"""The audit itself, for auditors: who did what with which record, when, and whether all of it still holds.

It holds ids, codes, times and fingerprints, and what somebody gave as a reason for looking; no record is
opened here, and no child is named. What an auditor looks at, takes or has checked is an entry as well.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import Connection, RowMapping, select
from starlette.responses import Response

from booklets.answers import instant
from booklets.wire import canonical
from sync_server import audit, checkpoints
from sync_server.audit import Broken
from sync_server.console import files, followed, looked, taking, words
from sync_server.console.audit_pages import AuditCheckedPage, AuditPage, EntryRow
from sync_server.console.doors import WHY_HERE, Seen, page
from sync_server.console.looked import ACCOUNT, AT_ONCE, LOOKS, Wanted
from sync_server.console.pages import Fact, Mark, Problem, RefusedPage, TableView
from sync_server.console.register import note_list
from sync_server.db.tables import audit as entries
from sync_server.duties import restriction

HERE = "/audit"
MOST_TAKEN = 10_000
MOST_BROKEN = 200
SHOWN_OF_SUM = 12
DEVICE = "device:"
OF = {ACCOUNT: "Account", DEVICE: "Device"}
COLUMNS = (
    *("number", "chain", "entry", "at", "by", "called", "did", "in_words", "detail"),
    *("hash_before", "hash"),
)
HOLDS = "Everything that was checked holds."
BROKEN = "Something does not hold. Whoever runs the server has to look at it before anything is changed."
BUSY = "The audit is being checked just now. Look again in a few minutes."
ONE_AT_A_TIME = threading.Lock()
"""A check reads everything that was ever kept: several at once would leave no room for anybody else."""


class Entries(Wanted):
    """What an address asks of the audit: every kind of entry, and not looks alone."""

    HERE: ClassVar[str] = HERE
    KINDS: ClassVar[Mapping[str, str]] = {**followed.AUDIT_WORDS, **LOOKS}

    def did(self) -> list[str]:
        """Everything, where nothing was chosen: also what has no words of its own here."""
        return [self.what] if self.what else []


def show(seen: Seen) -> Response:
    """The newest entries. That they were read is written down."""
    return _shown(seen, Entries.of(seen.request.query_params))


def take(seen: Seen) -> Response:
    """The entries as a file, with their fingerprints, once it was said what for."""
    wanted, purpose = Entries.of(seen.form), taking.purpose_in(seen.form)
    problems = tuple(taking.problems_with(purpose, ()))
    if problems:
        return _shown(seen, wanted, purpose=purpose, problems=problems, status=422)
    force = seen.account.person.force
    with seen.context.store.read() as db:
        about = looked.record_named(db, force, wanted.record)
        found = db.execute(wanted.entries(force, about).limit(MOST_TAKEN)).mappings().all()
        names = followed.names_of(db, force)
    detail: dict[str, str | int | list[str]] = {
        "why": seen.why,
        "purpose": purpose,
        "rows": len(found),
        "records": list(about),
        "asked": _asked(wanted),
    }
    who = seen.account.id
    seen.context.store.write(
        lambda db: audit.note(
            db,
            force=force,
            record=f"{ACCOUNT}{who}",
            who=who,
            what="audit file taken",
            at=seen.now,
            detail=detail,
        )
    )
    content = files.as_csv(COLUMNS, (_cells(row, names) for row in found))
    return files.as_file(f"audit-{seen.now:%Y-%m-%d}-{taking.MARKING}.csv", content)


def check(seen: Seen) -> Response:
    """Recompute every chain, and hold all of it against every signed checkpoint; say what is broken."""
    if not ONE_AT_A_TIME.acquire(blocking=False):
        return page(RefusedPage(**seen.frame("audit"), says=BUSY, back=HERE), 409)
    try:
        found, signed = audit.verify_audit(seen.context), checkpoints.check(seen.context)
    finally:
        ONE_AT_A_TIME.release()
    broken = [*found.broken, *signed.broken]
    note_list(seen, "audit checked", len(broken))
    with seen.context.store.read() as db:
        others = _of_other_forces(db, seen.account.person.force, broken)
    mine = [one for one in broken if one.record not in others]
    facts = (
        Fact("Entries", f"{found.entries:,}"),
        Fact("Submissions held against them", f"{found.submissions:,}"),
        Fact("Signed checkpoints", f"{signed.checkpoints:,}"),
        Fact("Entries newer than the last checkpoint", f"{signed.open_entries:,}"),
        Fact("Broken", f"{len(broken):,}"),
    )
    made = AuditCheckedPage(
        **seen.frame("audit"),
        asked_at=words.day_and_time(seen.now),
        holds=not broken,
        says=BROKEN if broken else HOLDS,
        facts=facts,
        broken=_broken(mine, len(broken) - len(mine)),
        back=HERE,
    )
    return page(made)


def _shown(
    seen: Seen,
    wanted: Entries,
    *,
    purpose: str = "",
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> Response:
    force = seen.account.person.force
    with seen.context.store.read() as db:
        about = looked.record_named(db, force, wanted.record)
        found = db.execute(wanted.page(force, about)).mappings().all()
        names = followed.names_of(db, force)
    rows = tuple(_rows(found[:AT_ONCE], names))
    note_list(seen, "audit read", len(rows), about, wanted.asked())
    made = AuditPage(
        **seen.frame("audit"),
        title=f"{'Error: ' if problems else ''}Audit",
        asked_at=words.day_and_time(seen.now),
        filters=tuple(looked.filters(wanted, names)),
        about=wanted.record,
        rows=rows,
        more=wanted.address(found[AT_ONCE - 1]["id"]) if len(found) > AT_ONCE else "",
        first=wanted.address() if wanted.before else "",
        views=tuple(_views()),
        take=f"{HERE}/file",
        check=f"{HERE}/check",
        kept=tuple(wanted.asked().items()),
        most=f"{MOST_TAKEN:,}",
        purpose=purpose,
        problems=problems,
    )
    return page(made, status)


def _views() -> Iterator[tuple[str, str]]:
    """What is asked for most; reasons in people's own words stand with who looked."""
    yield "Who looked (section 62)", "/looked"
    yield "Restricted children opened in need", Wanted(what=restriction.OPENED_HERE).address()
    yield "Who was refused at the door", Wanted(what="sign-in refused").address()


def _asked(wanted: Entries) -> list[str]:
    return [f"{name}={value}" for name, value in wanted.asked().items()]


def _rows(found: Sequence[RowMapping], names: Mapping[str, str]) -> Iterator[EntryRow]:
    for row in found:
        yield EntryRow(
            at=words.day_and_time(row["at"]),
            who=names.get(row["who"], words.plain_code(row["who"])),
            did=_did(row["what"]),
            of=Mark(_chain(row["record"], names), "", f"entry {row['seq']} of its chain"),
            more=followed.detail(row["detail"], names) or "–",
            why=WHY_HERE.get(row["detail"].get("why", ""), "–"),
            sum=row["hash"][:SHOWN_OF_SUM],
        )


def _cells(row: RowMapping, names: Mapping[str, str]) -> tuple[str, ...]:
    """All of an entry that its fingerprint is over, so that whoever has the file can work it out anew."""
    detail: Any = row["detail"]
    return (
        str(row["id"]),
        row["record"],
        str(row["seq"]),
        instant(row["at"]),
        row["who"],
        names.get(row["who"], ""),
        row["what"],
        _did(row["what"]),
        canonical(detail).decode(),
        row["prev_hash"],
        row["hash"],
    )


def _did(what: str) -> str:
    return Entries.KINDS.get(what) or words.plain_code(what)


def _chain(of: str, names: Mapping[str, str]) -> str:
    for begins, said in OF.items():
        if of.startswith(begins):
            return f"{said}: {names.get(of.removeprefix(begins), of.removeprefix(begins))}"
    return looked.reference_to(of)


def _of_other_forces(db: Connection, force: str, broken: Sequence[Broken]) -> frozenset[str]:
    """The chains of other forces: this server keeps them too, and each force answers for its own."""
    names = sorted({one.record for one in broken})[:MOST_BROKEN]
    query = select(entries.c.record).where(entries.c.record.in_(names), entries.c.force != force)
    return frozenset(db.execute(query.distinct()).scalars())


def _broken(mine: Sequence[Broken], elsewhere: int) -> TableView:
    rows = [
        (Mark(looked.reference_to(one.record)), Mark(str(one.seq)), Mark(one.what, "late"))
        for one in mine[:MOST_BROKEN]
    ]
    if elsewhere:
        rows.append((Mark("Another force"), Mark("–"), Mark(f"{elsewhere:,} entries", "late")))
    columns = ("Record or checkpoint", "Entry", "What is wrong")
    return TableView("broken", "What does not hold", columns, tuple(rows), empty="Nothing.")
