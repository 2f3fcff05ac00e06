"""Handhelds at the command line: inviting them, stopping and wiping one, and forgotten PINs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from booklets.answers import instant
from sync_server.commands import Commands, command, group, opened
from sync_server.handhelds import orders, recovery
from sync_server.identity import devices, enrolment
from sync_server.identity.codes import shown
from sync_server.keys.holder import holder_keys
from sync_server.settings import Settings

MINUTES = 15


def device_invite(chosen: argparse.Namespace, settings: Settings) -> int:
    """Make a one-time code that enrols one handheld, and show it this once."""
    with opened(settings) as context:
        now = context.now()
        lifetime = timedelta(minutes=chosen.minutes)
        code = context.store.write(
            lambda db: enrolment.invite(
                db, force=settings.force, made_by="command line", now=now, lifetime=lifetime
            )
        )
    print(f"{shown(code)}   good for one handheld, for {chosen.minutes} minutes")
    return 0


def device_list(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Show every handheld of the force: its id, name, whether it may be used, and when it was last heard."""
    with opened(settings) as context, context.store.read() as db:
        found = devices.every(db, settings.force)
    for one, heard in found:
        print(f"{one.id}\t{one.name}\t{one.state.value}\tlast heard {instant(heard)}")
    return 0


def device_decide(chosen: argparse.Namespace, settings: Settings) -> int:
    """Stop a handheld, wipe it, or let it in again, by its id. The reason is kept."""
    decision = _decision(chosen, orders.What(chosen.what.replace("-", "_")))
    said = f"{chosen.what}: it hears of it when it next reaches this server"
    return _decided(chosen.device, settings, said, partial(orders.decide, decision=decision))


def device_older(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Show every handheld on which an older copy of a vault was put back: its id, the vault, its changes."""
    with opened(settings) as context, context.store.read() as db:
        for one, _heard in devices.every(db, settings.force):
            report = devices.report_of(db, one.id)
            if report.get("older_vault"):
                print(f"{one.id}\t{report['older_vault']}\t{report.get('older_found', 0)}\t{one.name}")
    return 0


def device_accept(chosen: argparse.Namespace, settings: Settings) -> int:
    """Let a handheld go on with the older copy of a vault: what was saved after it is given up. Kept."""
    decision = _decision(chosen, orders.What.ACCEPT)
    older = orders.Older(chosen.vault, chosen.count)
    said = "it hears of it once it is locked and has reached this server"
    accept = partial(orders.accept_older, older=older, decision=decision)
    return _decided(chosen.device, settings, said, accept)


def _decision(chosen: argparse.Namespace, what: orders.What) -> orders.Decision:
    reason = orders.Reason(chosen.reason)
    return orders.Decision(what=what, reason=reason, words=chosen.words, by="command line")


def _decided(id_: str, settings: Settings, said: str, decide: Callable[..., object]) -> int:
    """Do something about one handheld of this force, and say so; 1 where there is none of that id."""
    with opened(settings) as context:

        def work(db: Connection) -> bool:
            found = devices.find(db, id_)
            if found is None or found.force != settings.force:
                return False
            decide(context, db, found, now=context.now())
            return True

        known = context.store.write(work)
    if not known:
        print(f"There is no handheld {id_}. Nothing was changed.")
        return 1
    print(f"{id_}   {said}")
    return 0


def recovery_list(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Show who has forgotten a PIN and how far that has come."""
    with opened(settings) as context, context.store.read() as db:
        for row in recovery.open_ones(db, settings.force, now=context.now()):
            print(f"{row['id']}\t{row['state']}\tgood until {instant(row['expires_at'])}")
    return 0


def recovery_open(chosen: argparse.Namespace, settings: Settings) -> int:
    """Give a vault's key back to its handheld, with the recovery key: two administrators have agreed."""
    keys = holder_keys(chosen.keys or settings.keys)
    with opened(settings) as context:
        now = context.now()
        context.store.write(
            lambda db: recovery.answer(
                db, chosen.request, keys, by="recovery holder", now=now, force=settings.force
            )
        )
    print(f"{chosen.request}   the handheld can collect it within a day")
    return 0


def handheld_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add them to the command line."""
    device = group(commands, "device", "Handhelds.")
    invite = command(device, "invite", device_invite)
    invite.add_argument("--minutes", type=int, default=MINUTES, help="how long the code is good")
    command(device, "list", device_list)
    _decide_options(command(device, "decide", device_decide))
    command(device, "older", device_older)
    _accept_options(command(device, "accept-older", device_accept))
    lost = group(commands, "recovery", "Forgotten PINs.")
    command(lost, "list", recovery_list)
    opening = command(lost, "open", recovery_open)
    opening.add_argument("request", help="the number of the request")
    opening.add_argument(
        "--keys", type=Path, help="the folder with the recovery key, instead of the server's"
    )


def _decide_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("device", help="its id, as `device list` shows it")
    choices = [what.value.replace("_", "-") for what in orders.What if what is not orders.What.ACCEPT]
    parser.add_argument("what", choices=choices, help="what is to happen to it")
    parser.add_argument("--reason", required=True, choices=[reason.value for reason in orders.Reason])
    parser.add_argument("--words", default="", help="more, in one line, without a child's name")


def _accept_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("device", help="its id, as `device older` shows it")
    parser.add_argument("vault", help="the vault's id, as `device older` shows it")
    parser.add_argument(
        "count", type=int, help="how many changes the copy has seen: one with fewer stays shut"
    )
    parser.add_argument("--reason", required=True, choices=[reason.value for reason in orders.Reason])
    parser.add_argument("--words", required=True, help="how it came there, without a child's name")
