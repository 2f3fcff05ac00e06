"""Commands that sign the audit, and that find what somebody has done to it."""

from __future__ import annotations

import argparse
from pathlib import Path

from sync_server import checkpoints
from sync_server.audit import verify_audit
from sync_server.commands import Commands, command, opened
from sync_server.settings import Settings


def verify(chosen: argparse.Namespace, settings: Settings) -> int:
    """Recompute every audit chain, and hold all of them against every signed checkpoint.

    Exits 1 when something does not hold, and says where.
    """
    if chosen.checkpoints is not None and not chosen.checkpoints.is_file():
        print(f"sync-server: There is no file {chosen.checkpoints}.")
        return 1
    with opened(settings) as context:
        found = verify_audit(context)
        signed = checkpoints.check(context, chosen.checkpoints)
    broken = [*found.broken, *signed.broken]
    for one in broken:
        print(f"{one.record}\tentry {one.seq}\t{one.what}")
    print(f"{signed.checkpoints} signed checkpoints, {signed.open_entries} entries newer than the last")
    print(f"{found.entries} entries and {found.submissions} submissions checked, {len(broken)} broken")
    return 1 if broken else 0


def make(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Sign every entry of the audit since the last checkpoint. A server does so each minute."""
    with opened(settings) as context:
        made = checkpoints.make(context)
        where = context.settings.checkpoints
    print(f"{made} checkpoints made; all of them stand in {where.name} as well")
    return 0


def audit_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add them to the command line."""
    verifying = command(commands, "verify-audit", verify)
    verifying.add_argument(
        "--checkpoints", type=Path, help="a copy of the checkpoints that was kept elsewhere, as well"
    )
    command(commands, "checkpoint", make)
