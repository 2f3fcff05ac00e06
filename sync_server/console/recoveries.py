"""A forgotten PIN, for administrators: who asks, on which handheld; two who agree, or one who refuses."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Connection, RowMapping
from starlette.responses import Response

from booklets.sealing import NotForThisKey
from sync_server.console import device_words as said
from sync_server.console import words
from sync_server.console.device_pages import RecoveryPage
from sync_server.console.devices import HERE
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.pages import Fact, Problem, RefusedPage
from sync_server.handhelds import HandheldRefused, recovery
from sync_server.handhelds.recovery import OPEN, Checked, Stage
from sync_server.identity import accounts, devices
from sync_server.keys.holder import holder_keys

NOT_HERE = "There is no such request in your force."
AGREE, REFUSE = "agree", "refuse"


def show(seen: Seen) -> Response:
    """Who asks, what has been said to it, and what this administrator can say."""
    return _shown(seen)


def say(seen: Seen) -> Response:
    """Agree, or refuse. What is wrong is said on the page, and nothing is changed then."""
    force, id_ = seen.account.person.force, seen.request.path_params["request"]
    given = seen.form.get("checked", "")
    checked = Checked(given) if given in list(Checked) else None
    code = seen.form.get("code", "")
    try:
        if seen.form.get("act") == REFUSE:
            seen.context.store.write(
                lambda db: recovery.refuse(db, force, id_, by=seen.account.id, now=seen.now)
            )
            return go_to("/devices")
        if seen.context.store.write(lambda db: _agree(seen, db, id_, code, checked)):
            _answer_if_possible(seen, id_)
    except HandheldRefused as refused:
        return _shown(seen, problem=str(refused), code=code, checked=given)
    return go_to(f"/recoveries/{id_}")


def _agree(seen: Seen, db: Connection, id_: str, code: str, checked: Checked | None) -> bool:
    """Whether both have agreed now."""
    force = seen.account.person.force
    row = recovery.approve(db, force, id_, by=seen.account.id, code=code, checked=checked, now=seen.now)
    return bool(row["state"] == Stage.AGREED)


def _answer_if_possible(seen: Seen, id_: str) -> None:
    """Where the recovery key lies in the server's own folder, the answer is made at once."""
    keys = holder_keys(seen.context.settings.keys)
    force = seen.account.person.force

    def work(db: Connection) -> None:
        recovery.answer(db, id_, keys, by=seen.account.id, now=seen.now, force=force)

    with suppress(NotForThisKey):  # it was moved to a safe place: its holder is asked
        seen.context.store.write(work)


def _shown(seen: Seen, *, problem: str = "", code: str = "", checked: str = "") -> Response:
    force, id_ = seen.account.person.force, seen.request.path_params["request"]
    with seen.context.store.read() as db:
        row = recovery.find(db, force, id_)
        if row is None:
            return page(RefusedPage(**seen.frame(HERE), says=NOT_HERE, back="/devices"), 404)
        content = _page(seen, db, row, problem=problem, code=code, checked=checked)
    return page(content, 422 if problem else 200)


def _page(
    seen: Seen, db: Connection, row: RowMapping, *, problem: str, code: str, checked: str
) -> RecoveryPage:
    officer, device = accounts.by_id(db, row["officer"]), devices.find(db, row["device"])
    who = officer.person if officer else None
    name = f"{who.rank} {who.name}" if who else row["officer"]
    stage = recovery.stage_of(row, now=seen.now)
    first = accounts.by_id(db, row["first_by"]) if row["first_by"] else None
    facts = [
        Fact("Officer", f"{name}, {who.shoulder_no}" if who else name),
        Fact("Station and unit", f"{who.station}, {who.unit.replace('_', ' ')}" if who else "Not known"),
        Fact("Device", device.name if device else row["device"], f"/devices/{row['device']}"),
        Fact("Asked", words.day_and_time(row["asked_at"])),
    ]
    if stage in OPEN:
        facts.append(Fact("Good until", words.day_and_time(row["expires_at"])))
    if first is not None:
        how = said.CHECKED[Checked(row["checked"])]
        agreed = f"{first.person.rank} {first.person.name}: “{how}”"
        facts.append(Fact("The first who agreed", agreed))
    return RecoveryPage(
        **seen.frame(HERE),
        title=f"Error: {name}" if problem else f"A forgotten PIN: {name}",
        under=f"{name} cannot open their vault on {device.name if device else row['device']}.",
        facts=tuple(facts),
        stands=said.STAGES[stage],
        ask=_asked_of(seen, row, stage),
        action=f"/recoveries/{row['id']}",
        checks=tuple((one.value, told) for one, told in said.CHECKED.items()),
        code=code,
        checked=checked,
        holder=said.HOLDER.format(row["id"]) if stage is Stage.AGREED else "",
        may_refuse=stage in OPEN and stage is not Stage.READY,
        problems=(Problem("code" if stage is Stage.ASKED else "agree", problem),) if problem else (),
    )


def _asked_of(seen: Seen, row: RowMapping, stage: Stage) -> str:
    """What is asked of whoever reads: the first word, the second, or that they wait for another's."""
    if seen.account.id == row["officer"]:
        return "own" if stage in recovery.TO_DECIDE else ""
    if stage is Stage.ASKED:
        return "first"
    if stage is Stage.APPROVED_ONCE:
        return "waits" if seen.account.id == row["first_by"] else "second"
    return ""
