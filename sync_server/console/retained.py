"""Reviewing records before anything is destroyed (S-09), for whoever manages records.

They read what is due, and nothing else; of a record that is not due they may say, by its reference, that it
is held. Nothing about a child goes without somebody having said so on a page like this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select
from starlette.responses import Response

from sync_server.console import followed, scopes, words
from sync_server.console.asking import begins, day_in
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.looked import reference_in
from sync_server.console.marks import brief_title_of, child_of, person_in, rows_by, state_mark, title_of
from sync_server.console.pages import Fact, Mark, Problem, RefusedPage, TableView
from sync_server.console.register import note_list
from sync_server.console.retained_pages import DueRow, KeptPage, RetentionPage, SaidRow, SayForm
from sync_server.console.retained_words import (
    DID,
    FIELD,
    GROUPS,
    HINDERS,
    NO_REFERENCE,
    NOT_THERE,
    SAID,
    VOID,
    WHY,
)
from sync_server.db.retained import destroyed, due_record
from sync_server.db.tables import person, record
from sync_server.keys import BodyBroken
from sync_server.notices import local, reference_of
from sync_server.retention.due import Hinders, Looked, keeping_of, look_at
from sync_server.retention.files import files_of, years_after
from sync_server.retention.reviewing import WHY as REASONS
from sync_server.retention.reviewing import Kind, Saying, Void, say, words_of
from sync_server.retention.verifying import backups_until

AT_ONCE = 50
MOST_GONE = 100
MOST_DIGITS = 12
HERE = "/retention"
CUT = f"More is due than this page holds: these are the {AT_ONCE} that have waited longest."
NOBODY_NAMED = "They are not due for review, so nobody is named here."
RESTRICTED_HERE = "Of a restricted child: only those on the list read about it, so nobody is named here."
COPIES = "Until {day} a copy of the database may exist that still has something of what was destroyed."
GONE = ("Record", "What it was", "Destroyed", "By which rule", "Who said so", "It had come")


def show(seen: Seen) -> Response:
    """What is due, the longest first; and what was destroyed, as ids and days."""
    asked = seen.request.query_params.get("reference", "").strip()
    with seen.context.store.read() as db:
        named = _named(seen, db, asked) if asked else ""
        if named:
            return go_to(f"{HERE}/{named}")
        number, looked = _due(seen, db)
        rows = tuple(_rows(seen, db, looked))
        gone = _gone(seen, db)
        until = backups_until(seen.context, db)
    note_list(seen, "retention read", len(rows), [name for one in looked for name in one.file.names])
    made = RetentionPage(
        **seen.frame("retention"),
        asked_at=words.day_and_time(seen.now),
        number=f"{number:,} {'child or case' if number == 1 else 'children and cases'}",
        rows=rows,
        cut=CUT if number > len(rows) else "",
        reference=asked,
        destroyed=gone,
        copies=COPIES.format(day=_day(until)) if until and until > seen.now else "",
        problems=(Problem("reference", NO_REFERENCE),) if asked else (),
    )
    return page(made, 404 if asked else 200)


def one(seen: Seen) -> Response:
    """Records that are kept together. Names stand there only where they are due for review."""
    return _shown(seen)


def send(seen: Seen) -> Response:
    """Keep it, have it destroyed, hold it, or take one of these back: once it was said why."""
    given = seen.form.get("kind", "")
    kind = Kind(given) if given in set(Kind) else Kind.KEPT
    until = day_in(seen.form.get("until", ""))
    lifts = seen.form.get("lifts", "")
    said = Saying(
        force=seen.account.person.force,
        by=seen.account.id,
        record=seen.request.path_params["record"],
        seen=seen.form.get("seen", ""),
        kind=kind,
        why=seen.form.get("why", ""),
        until=begins(until) if until else None,
        lifts=int(lifts) if lifts.isascii() and lifts.isdigit() and len(lifts) <= MOST_DIGITS else 0,
        words=seen.form.get("words", "").replace("\r\n", "\n").strip(),
    )
    void = seen.context.store.write(lambda db: say(seen.context, db, said))
    if void is None:
        return go_to(f"{HERE}/{said.record}?said={kind.value}")
    if void in FIELD:
        return _shown(seen, wrong=(kind, void), status=422)
    back = f"{HERE}/{said.record}" if void is not Void.NOT_THERE else HERE
    refused = RefusedPage(**seen.frame("retention"), says=VOID[void], back=back)
    return page(refused, 404 if void is Void.NOT_THERE else 409)


def _named(seen: Seen, db: Connection, asked: str) -> str:
    """The record of this reference, or nothing."""
    reference = reference_in(asked)
    if not reference:
        return ""
    ends_so = record.c.record.endswith(reference.removeprefix("HW-").replace("-", "").lower())
    mine = record.c.force == seen.account.person.force
    return str(db.execute(select(record.c.record).where(mine, ends_so)).scalars().first() or "")


def _due(seen: Seen, db: Connection) -> tuple[int, list[Looked]]:
    """How many are due, and those that have waited longest, each as it stands now."""
    force, c = seen.account.person.force, due_record.c
    query = select(c.file).where(c.force == force).group_by(c.file, c.due_at).order_by(c.due_at, c.file)
    keys = list(dict.fromkeys(db.execute(query).scalars()))
    first = {key: number for number, key in enumerate(keys[:AT_ONCE])}
    files = [file for file in files_of(db, force) if file.key in first] if first else []
    looked = [look_at(seen.context, db, file, force) for file in files]
    return len(keys), sorted(looked, key=lambda one: first[one.file.key])


def _rows(seen: Seen, db: Connection, looked: list[Looked]) -> Iterator[DueRow]:
    subjects = [row["subject"] for one in looked for row in one.file.records]
    children = rows_by(db, person, "id", subjects)
    hidden = scopes.hidden_words(db, seen.account.person)
    for one in looked:
        child, about = _whose(one, children, hidden)
        count = len(one.file.names)
        yield DueRow(
            href=f"{HERE}/{one.file.key}",
            child=child,
            about=about,
            group=GROUPS[one.group],
            last=_day(one.file.last),
            due=_day(one.due_at),
            records="1 record" if count == 1 else f"{count} records",
            stands=tuple(_stands(one)),
        )


def _whose(
    one: Looked, children: Mapping[str, list[RowMapping]], hidden: Collection[str]
) -> tuple[str, str]:
    """The child that the newest record is about. Of a restricted one only that it is restricted."""
    if any(row["subject"] in hidden for row in one.file.records):
        return scopes.RESTRICTED, ""
    row = next((row for row in reversed(one.file.records) if row["subject"]), one.file.records[-1])
    return child_of(person_in(next(iter(children[row["subject"]]), None)), row["received_at"])


def _stands(one: Looked) -> Iterator[Mark]:
    if one.file.waits is not None:
        yield Mark(f"To be destroyed after {_day(one.file.waits['until'])}", "soon")
    for hinders in one.hinders:
        yield Mark(HINDERS[hinders])
    if not one.hinders and one.file.waits is None:
        yield Mark("To be reviewed")


def _gone(seen: Seen, db: Connection) -> TableView:
    """What was destroyed: no name, and nothing that anybody wrote."""
    names = followed.names_of(db, seen.account.person.force)
    query = select(destroyed).where(destroyed.c.force == seen.account.person.force)
    newest = query.order_by(destroyed.c.destroyed_at.desc(), destroyed.c.record).limit(MOST_GONE)
    rows = tuple(
        (
            Mark(reference_of(UUID(row["record"]))),
            Mark(title_of(row["form"])),
            Mark(_day(row["destroyed_at"])),
            Mark(row["rule"]),
            Mark(names.get(row["by"], row["by"]), "", _day(row["decided_at"])),
            Mark(_day(row["first_at"])),
        )
        for row in db.execute(newest).mappings()
    )
    return TableView("destroyed", "Destroyed", GONE, rows, empty="Nothing was destroyed yet.")


def _shown(seen: Seen, *, wrong: tuple[Kind, Void] | None = None, status: int = 200) -> Response:
    force, named = seen.account.person.force, seen.request.path_params["record"]
    with seen.context.store.read() as db:
        file = next((one for one in files_of(db, force) if named in one.names), None)
        if file is None:
            return page(RefusedPage(**seen.frame("retention"), says=NOT_THERE, back=HERE), 404)
        looked = look_at(seen.context, db, file, force)
        made = _page(seen, db, looked, _is_listed(db, file.names))
    note_list(seen, "retention read", 1, list(file.names))
    if wrong is not None:
        made = _with_what_is_wrong(seen, made, *wrong)
    return page(made, status)


def _is_listed(db: Connection, names: tuple[str, ...]) -> bool:
    query = select(due_record.c.record).where(due_record.c.record.in_(names)).limit(1)
    return db.execute(query).first() is not None


def _page(seen: Seen, db: Connection, looked: Looked, listed: bool) -> KeptPage:
    file = looked.file
    hidden = scopes.hidden_words(db, seen.account.person)
    listed = listed and not any(row["subject"] in hidden for row in file.records)
    children = rows_by(db, person, "id", [row["subject"] for row in file.records])
    child, about = _whose(looked, children, hidden)
    reference = reference_of(UUID(seen.request.path_params["record"]))
    heading = child if listed else f"Records kept with {reference}"
    names = followed.names_of(db, seen.account.person.force)
    return KeptPage(
        **seen.frame("retention"),
        title=f"Due for review: {child}" if listed else heading,
        heading=heading,
        under=about if listed else RESTRICTED_HERE if child == scopes.RESTRICTED else NOBODY_NAMED,
        facts=(
            Fact("Review group", GROUPS[looked.group]),
            Fact("Last", _day(file.last)),
            Fact("Due for review", _day(looked.due_at)),
        ),
        hinders=tuple(HINDERS[one] for one in looked.hinders),
        records=tuple(_records(file.records, listed)),
        said=tuple(_said(seen, db, () if child == scopes.RESTRICTED else file.acts, names)),
        forms=tuple(_forms(seen, looked)),
        action=f"{HERE}/{seen.request.path_params['record']}",
        seen=file.mark,
        done=SAID.get(seen.request.query_params.get("said", ""), ""),
    )


def _records(rows: tuple[RowMapping, ...], listed: bool) -> Iterator[tuple[Fact, str]]:
    for row in rows:
        href = f"/records/{row['record']}" if listed else ""
        what = f"{reference_of(UUID(row['record']))}, {_day(row['received_at'])}"
        yield Fact(brief_title_of(row["form"]), what, href), state_mark(row["state"]).words


def _said(
    seen: Seen, db: Connection, acts: tuple[RowMapping, ...], names: dict[str, str]
) -> Iterator[SaidRow]:
    for act in reversed(acts):
        try:
            own = words_of(seen.context, db, act)
        except BodyBroken:
            own = "It was destroyed with the record it was written about."
        until = f" until {_day(act['until'])}" if act["until"] else ""
        before = act["kind"] == Kind.TO_DESTROY
        yield SaidRow(
            words.day_and_time(act["at"]),
            names.get(act["by"], act["by"]),
            f"{DID[act['kind']]}{until.replace('until', 'after') if before else until}",
            WHY.get(act["why"], ""),
            own,
        )


def _forms(seen: Seen, looked: Looked) -> Iterator[SayForm]:
    """What can be said of it as it stands."""
    keeping = keeping_of(seen.context, seen.account.person.force)
    days = keeping.take_back.days
    if looked.file.waits is not None:
        what = "It is to be destroyed. Until then anybody who manages records can take that back."
        yield SayForm(Kind.TAKEN_BACK, "Take it back", what, "Do not destroy it")
    elif Hinders.NOT_DUE not in looked.hinders:
        latest = years_after(seen.now, keeping.terms[looked.group].again_years)
        what = f"Until a day, no later than {_day(latest)}: then it is due again."
        yield SayForm(
            Kind.KEPT,
            "Keep it",
            what,
            "Keep it",
            _reasons(Kind.KEPT),
            until=local(latest).date().isoformat(),
        )
        if not looked.hinders:
            what = (
                f"After {days} days everything above is destroyed for good: what was sent, the register, "
                "what phones and partners had yet to be given. Whoever has had it keeps it. "
                "Nothing happens if anything new comes before that."
            )
            yield SayForm(
                Kind.TO_DESTROY, "Have it destroyed", what, "Have it destroyed", _reasons(Kind.TO_DESTROY)
            )
    what = "As long as it is held nobody can have it destroyed, however long that is."
    yield SayForm(Kind.HELD, "Hold it", what, "Hold it", _reasons(Kind.HELD))
    for hold in looked.file.holds:
        since = f"Held since {_day(hold['at'])}: {WHY.get(hold['why'], '')}."
        yield SayForm(
            Kind.HOLD_LIFTED, f"Lift the hold of {_day(hold['at'])}", since, "Lift it", lifts=hold["id"]
        )


def _day(at: datetime) -> str:
    return words.day(local(at).date())


def _reasons(kind: Kind) -> tuple[tuple[str, str], ...]:
    return tuple((code, WHY[code]) for code in REASONS[kind])


def _with_what_is_wrong(seen: Seen, made: KeptPage, kind: Kind, void: Void) -> KeptPage:
    """The page with everything that was filled in, and what has to be put right in it."""
    lifts = seen.form.get("lifts", "0")
    given = {name: seen.form.get(name, "") for name in ("why", "until", "words")}
    forms = tuple(
        replace(form, given=given, wrong={FIELD[void]: VOID[void]})
        if form.kind == kind and str(form.lifts) == (lifts or "0")
        else form
        for form in made.forms
    )
    suffix = f"-{lifts}" if kind is Kind.HOLD_LIFTED else ""
    problem = Problem(f"{kind.value}{suffix}-{FIELD[void]}", VOID[void])
    return replace(made, title=f"Error: {made.title}", forms=forms, problems=(problem,))
