"""Commands that make a backup and put one back, so that nothing is lost with a machine."""

from __future__ import annotations

import argparse
from pathlib import Path

from booklets.answers import instant
from sync_server import backups
from sync_server.backups.restoring import Asked
from sync_server.commands import Commands, command, opened
from sync_server.keys.copying import RECOVERY, copy_keys
from sync_server.settings import Settings


def back_up(chosen: argparse.Namespace, settings: Settings) -> int:
    """Copy database and photographs into a new folder below FOLDER, and read all of it again.

    The server may go on running. The keys are not in it: --keys copies them to another folder. Backups that
    are older than the force keeps any are removed, once the new one was found whole. Exits 1 when something
    is not whole, and says of which record.
    """
    inside = chosen.keys is not None and _one_in_the_other(chosen.folder, chosen.keys)
    if inside:
        print("sync-server: The keys must not lie where the backups lie. Name another folder with --keys.")
        return 1
    with opened(settings) as context:
        made = backups.make(context, chosen.folder)
    for lack in made.lacks:
        print(lack)
    contents = made.contents
    print(f"{made.folder.name}   {contents.submissions} submissions, {contents.attachments} attachments")
    for old in made.removed:
        print(f"{old}   removed: older than backups are kept")
    if made.lacks:
        print(
            "This backup is not whole and does not count: what is missing is missing on the server as well. "
            "A record that does not open may be whole in what came: sync-server mend-record RECORD. Look "
            "for the rest in older backups. A photograph that is lost for good is given up with: "
            "sync-server photograph-lost RECORD NUMBER"
        )
    print(f"It opens with: {', '.join(contents.keys)}")
    if chosen.keys is not None:
        copy_keys(settings.keys, chosen.keys)
        print(f"These were copied to {chosen.keys}. Whoever has both folders can read everything.")
        if any(settings.keys.glob(f"{RECOVERY}*.key")):
            print("The recovery key lies on this server still and was not copied: bring it to its holder.")
    return 1 if made.lacks else 0


def put_back(chosen: argparse.Namespace, settings: Settings) -> int:
    """Put the newest backup of FOLDER, or the one that it is, into an empty data folder.

    Nothing is written over. What was destroyed since is destroyed again. With --verify all of it is read
    again: audit, receipts, every record and its digest, every photograph. Exits 1 when something is not
    whole, and says of which record.
    """
    asked = Asked(backup=chosen.folder, keys=chosen.keys, destroyed=chosen.destroyed, verify=chosen.verify)
    done = backups.restore(asked, settings)
    for lack in done.lacks:
        print(lack)
    print(f"{done.folder.name}   as it was at {instant(done.made_at)}")
    print(f"{done.submissions} submissions and {done.attachments} attachments are back")
    if done.again:
        print(f"{done.again} records that had been destroyed were destroyed again")
    if chosen.verify:
        print(f"everything was read again: {len(done.lacks)} not whole")
    return 1 if done.lacks else 0


def photograph_lost(chosen: argparse.Namespace, settings: Settings) -> int:
    """Note that a photograph is lost for good, so that backups count again without it.

    RECORD and NUMBER are those that a backup said. What is there and whole is not given up. It stands in
    the audit of the record. Where the file is found after all and put back in its place, backups have it.
    """
    with opened(settings) as context:
        backups.give_up(context, chosen.record, chosen.number)
    print("It was given up. The next backup counts without it.")
    return 0


def mend_record(chosen: argparse.Namespace, settings: Settings) -> int:
    """Read a record that no longer opens from what its handheld sent, which lies there too; keep it anew.

    RECORD is the number that a backup said. What does not open that way either is lost for good: that is
    noted in the record's audit, and backups count without it. So look in older backups first.
    """
    with opened(settings) as context:
        mended = backups.mend(context, chosen.record)
    if mended.whole:
        print(f"Whole again, read from what came: revision {', '.join(map(str, mended.whole))}.")
    if mended.lost:
        print(f"Lost for good, and given up: revision {', '.join(map(str, mended.lost))}.")
    print(
        "What was prepared from it for others and has not left cannot be opened: see sync-server deliveries."
    )
    return 0


def _one_in_the_other(one: Path, other: Path) -> bool:
    first, second = one.resolve(), other.resolve()
    return first.is_relative_to(second) or second.is_relative_to(first)


def backup_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add them to the command line."""
    making = command(commands, "backup", back_up)
    making.add_argument("folder", type=Path, help="the folder of all backups")
    making.add_argument("--keys", type=Path, help="copy the keys to this folder, somewhere else")
    giving_up = command(commands, "photograph-lost", photograph_lost)
    giving_up.add_argument("record", metavar="RECORD", help="the record's number")
    giving_up.add_argument("number", metavar="NUMBER", help="the photograph's number")
    mending = command(commands, "mend-record", mend_record)
    mending.add_argument("record", metavar="RECORD", help="the record's number")
    putting = command(commands, "restore", put_back)
    putting.add_argument("folder", type=Path, help="a backup, or the folder of all of them")
    putting.add_argument("--verify", action="store_true", help="read everything again afterwards")
    putting.add_argument("--keys", type=Path, help="the folder that the keys were copied to")
    putting.add_argument("--destroyed", type=Path, help="a destroyed.jsonl that is newer than the backup")
