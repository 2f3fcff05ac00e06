"""Commands about the server's keys."""

from __future__ import annotations

import argparse

from booklets.answers import instant
from sync_server import audit
from sync_server.commands import Commands, command, group, opened
from sync_server.keys.renewing import renew
from sync_server.settings import Settings


def keys_renew(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Make new sealing keys, and a new directory of keys. The old ones stay: what was sealed needs them.

    Start the server again afterwards, and copy the keys again: a backup from then on needs the new ones too.
    """
    with opened(settings) as context:
        now = context.now()
        directory = renew(settings.keys, now)
        context.store.write(
            lambda db: audit.note(
                db,
                force=settings.force,
                record=audit.OF_THE_SERVER,
                who=audit.AT_THE_MACHINE,
                what="keys_renewed",
                at=now,
                detail={"directory": directory.number},
            )
        )
    until = instant(min(entry.not_after for entry in directory.keys))
    print(f"directory {directory.number} is good until {until}")
    print("Start the server again: only then do handhelds hear of it. Then copy the keys again.")
    return 0


def key_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add them to the command line."""
    keys = group(commands, "keys", "The server's keys.")
    command(keys, "renew", keys_renew)
