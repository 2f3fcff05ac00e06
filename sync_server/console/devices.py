"""Handhelds, for administrators: all of them, one of them, and what is done about a lost one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, RowMapping, func, select
from starlette.responses import Response

from sync_server.console import device_words as said
from sync_server.console import words
from sync_server.console.device_pages import DecideForm, DevicePage, DeviceRow, DevicesPage, RequestRow
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.pages import Fact, Mark, Problem, RefusedPage, TableView
from sync_server.db.identity import account, session
from sync_server.db.identity import device as device_table
from sync_server.handhelds import HandheldRefused, orders, policies, recovery
from sync_server.handhelds.orders import Decision, Reason, What
from sync_server.identity import devices
from sync_server.identity.devices import Device, DeviceState
from sync_server.intake import stopped

HERE = "devices"
NOT_HERE = "There is no such device in your force."
SILENT_SOON = timedelta(days=3)


def show(seen: Seen) -> Response:
    """Every handheld; above them whoever has forgotten a PIN."""
    force = seen.account.person.force
    offline = policies.what_a_handheld_does(seen.context.policy(force))["max_offline_days"]
    closes_after = timedelta(days=int(offline))
    with seen.context.store.read() as db:
        people = _names(db, force)
        last = _last_officers(db, force)
        rows = db.execute(select(device_table).where(device_table.c.force == force)).mappings().all()
        names = {row["id"]: row["name"] for row in rows}
        found = tuple(
            _row(seen, row, people.get(last.get(row["id"], ""), said.NOBODY), closes_after)
            for row in sorted(rows, key=lambda one: one["last_seen_at"], reverse=True)
        )
        requests = tuple(
            _request(seen, row, people, names) for row in recovery.open_ones(db, force, now=seen.now)
        )
    return page(
        DevicesPage(
            **seen.frame(HERE),
            asked_at=words.day_and_time(seen.now),
            requests=requests,
            devices=found,
        )
    )


def one(seen: Seen) -> Response:
    """One handheld."""
    with seen.context.store.read() as db:
        found = _found(db, seen)
        if found is None:
            return page(RefusedPage(**seen.frame(HERE), says=NOT_HERE, back="/devices"), 404)
        shown = _page(seen, db, found)
    counted = seen.request.query_params.get("counted", "")
    return page(replace(shown, said=said.COUNTED if counted == "all" else ""))


def decide(seen: Seen) -> Response:
    """Stop it, wipe it, or let it in again; with a reason, and written down."""
    with seen.context.store.read() as db:
        found = _found(db, seen)
        if found is None:
            return page(RefusedPage(**seen.frame(HERE), says=NOT_HERE, back="/devices"), 404)
        shown = _page(seen, db, found)
    form = _filled_in(shown.form, seen.form)
    if form.problems:
        return page(replace(shown, form=form, title=f"Error: {shown.title}"), 422)
    decision = Decision(
        what=What(form.what), reason=Reason(form.reason), words=form.words, by=seen.account.id
    )
    try:
        seen.context.store.write(lambda db: orders.decide(seen.context, db, found, decision, now=seen.now))
    except HandheldRefused as refused:
        return page(RefusedPage(**seen.frame(HERE), says=str(refused), back=f"/devices/{found.id}"), 409)
    return go_to(f"/devices/{found.id}")


def let_count(seen: Seen) -> Response:
    """Let count what it had sealed before it was stopped."""
    with seen.context.store.read() as db:
        found = _found(db, seen)
    if found is None:
        return page(RefusedPage(**seen.frame(HERE), says=NOT_HERE, back="/devices"), 404)
    counted, apart = seen.context.store.write(
        lambda db: stopped.let_count(seen.context, db, found, by=seen.account.id, now=seen.now)
    )
    if apart:
        says = said.STILL_APART.format(counted, apart)
        return page(RefusedPage(**seen.frame(HERE), says=says, back=f"/devices/{found.id}"), 409)
    return go_to(f"/devices/{found.id}?counted=all")


def _found(db: Connection, seen: Seen) -> Device | None:
    found = devices.find(db, seen.request.path_params["device"])
    return found if found is not None and found.force == seen.account.person.force else None


def _page(seen: Seen, db: Connection, found: Device) -> DevicePage:
    force = seen.account.person.force
    people = _names(db, force)
    row = db.execute(select(device_table).where(device_table.c.id == found.id)).mappings().one()
    last = people.get(_last_officers(db, force).get(found.id, ""), said.NOBODY)
    report = row["report"]
    facts: tuple[Fact, ...] = (
        Fact("Stands", said.STATES[found.state].words),
        Fact("Last signed in", last),
        Fact("Last heard", words.day_and_time(row["last_seen_at"])),
        Fact("Sealed and waiting on it", str(report.get("queued", "Not known"))),
        Fact("Unfinished on it", str(report.get("drafts", "Not known"))),
        Fact("Set up", words.day_and_time(row["enrolled_at"])),
        Fact("Runs", f"{row['platform']}, version {row['app_version']}"),
        Fact("Goes by policy number", str(report.get("policy", "Not known"))),
    )
    if report.get("older_vault"):
        older = said.OLDER_COPY.format(report["older_vault"], report.get("older_found", "?"))
        facts = (*facts, Fact("An older copy was put back", older))
    if report.get("unreadable"):
        facts = (*facts, Fact("Damaged on it", said.UNREADABLE.format(report["unreadable"])))
    if report.get("not_erased"):
        facts = (*facts, Fact("Not erased yet", said.NOT_ERASED.format(report["not_erased"])))
    return DevicePage(
        **seen.frame(HERE),
        title=found.name,
        heading=found.name,
        facts=facts,
        form=DecideForm(
            action=f"/devices/{found.id}",
            choices=tuple((what.value, *said.CHOICES[what]) for what in orders.possible(db, found)),
            reasons=tuple((reason.value, told) for reason, told in said.REASONS.items()),
        ),
        apart=len(stopped.kept_of(seen.context, db, found)),
        let_count=f"/devices/{found.id}/count",
        history=_history(db, found, people),
    )


def _history(db: Connection, found: Device, people: Mapping[str, str]) -> TableView:
    rows = tuple(
        (
            Mark(words.short(row["at"])),
            Mark(said.DONE[What(row["what"])]),
            Mark(said.REASONS[Reason(row["reason"])], "", row["words"]),
            Mark(people.get(row["by"], row["by"])),
            _followed(row),
        )
        for row in orders.history(db, found.id)
    )
    columns = ("When", "What", "Why", "By", "The device")
    return TableView("history", "What was decided", columns, rows, "Nothing.")


def _followed(row: RowMapping) -> Mark:
    if not row["statement"]:
        return Mark("–", "well")
    if row["done_at"]:
        return Mark(f"Did it {words.short(row['done_at'])}")
    return Mark("Has not said so yet", "soon")


def _filled_in(form: DecideForm, given: Mapping[str, str]) -> DecideForm:
    what, reason = given.get("what", ""), given.get("reason", "")
    line = " ".join(given.get("words", "").split())[: orders.LONGEST_WORDS]
    filled = replace(
        form,
        what=what if what in {one[0] for one in form.choices} else "",
        reason=reason if reason in dict(form.reasons) else "",
        words=line,
    )
    return replace(filled, problems=tuple(_problems(filled)))


def _problems(form: DecideForm) -> Iterator[Problem]:
    if not form.what:
        yield Problem("what", said.SAY_WHAT)
    if not form.reason:
        yield Problem("reason", said.SAY_WHY)
    if form.reason == Reason.OTHER and not form.words:
        yield Problem("words", said.SAY_OTHER)


def _row(seen: Seen, row: RowMapping, officer: str, closes_after: timedelta) -> DeviceRow:
    silent = seen.now - row["last_seen_at"]
    state = said.STATES[DeviceState(row["state"])]
    tone = ""
    if row["state"] == DeviceState.ACTIVE and silent > closes_after - SILENT_SOON:
        tone = "late" if silent >= closes_after else "soon"
    queued = row["report"].get("queued", 0)
    return DeviceRow(
        href=f"/devices/{row['id']}",
        name=row["name"],
        officer=officer,
        state=state,
        heard=Mark(f"{words.how_long(silent)} ago", tone, words.short(row["last_seen_at"])),
        waits=Mark(str(queued)) if queued else Mark("–", "well"),
        runs=row["app_version"],
    )


def _request(seen: Seen, row: RowMapping, people: Mapping[str, str], names: Mapping[str, str]) -> RequestRow:
    return RequestRow(
        href=f"/recoveries/{row['id']}",
        officer=people.get(row["officer"], row["officer"]),
        handheld=names.get(row["device"], row["device"]),
        asked=words.short(row["asked_at"]),
        stands=said.STAGES[recovery.stage_of(row, now=seen.now)],
    )


def _names(db: Connection, force: str) -> dict[str, str]:
    """Everybody of a force, by id, as people call them."""
    query = select(account.c.id, account.c.rank, account.c.name).where(account.c.force == force)
    return {row.id: f"{row.rank} {row.name}" for row in db.execute(query)}


def _last_officers(db: Connection, force: str) -> dict[str, str]:
    """Who signed in last on each handheld."""
    newest = (
        select(session.c.device, func.max(session.c.begun_at).label("at"))
        .where(session.c.force == force)
        .group_by(session.c.device)
        .subquery()
    )
    same = (session.c.device == newest.c.device) & (session.c.begun_at == newest.c.at)
    query = select(session.c.device, session.c.account).join(newest, same)
    return {row.device: row.account for row in db.execute(query)}
