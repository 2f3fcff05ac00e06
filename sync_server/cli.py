"""The server's command line. Its help is its docstrings."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import Connection

from booklets import definitions
from booklets.answers import instant
from booklets.errors import BookletError
from sync_server import demo, restricted, retention, serving, several
from sync_server.across import months, profile
from sync_server.across.seen import Seen, read
from sync_server.audit import AT_THE_MACHINE
from sync_server.audit_commands import audit_commands
from sync_server.backup_commands import backup_commands
from sync_server.commands import Command, Commands, command, group, opened
from sync_server.console import files
from sync_server.context import Context
from sync_server.db.owed import Owed
from sync_server.duties import children
from sync_server.force_accounts import people
from sync_server.forwarding import postman, standing
from sync_server.handheld_commands import handheld_commands
from sync_server.identity import accounts
from sync_server.identity.accounts import Person, Role
from sync_server.identity.codes import new_password
from sync_server.key_commands import key_commands
from sync_server.keys import passwords
from sync_server.register import rebuild_register
from sync_server.retention import due, verifying
from sync_server.settings import DEFAULT_PORT, OTHER, Settings, policy_of
from sync_server.shift_pack import known as shift_packs

MINUTES = 15
YES, NO = "yes", "no"


def serve(chosen: argparse.Namespace, settings: Settings) -> int:
    """Bring the database up to date, then answer handhelds and people until told to stop."""
    beside = chosen.processes - 1 if settings.in_a_file else 0
    with opened(settings, beside=beside) as context:
        made = demo.prepare(context, force=settings.force) if chosen.demo else None
        say = demo.as_json if chosen.json else demo.as_words
        words = say(context, made)
        where = serving.Where(force=settings.force, host=chosen.host, port=chosen.port)
        announce = partial(print, words, flush=True)
        if chosen.processes == 1 or beside:
            return serving.serve(context, where, announce=announce)
    return several.serve(settings, where, processes=chosen.processes, announce=announce)


def user_add(chosen: argparse.Namespace, settings: Settings) -> int:
    """Make an account with a first password, and show that this once."""
    person = Person(
        user=chosen.user,
        name=chosen.name,
        rank=chosen.rank,
        shoulder_no=chosen.shoulder_no,
        station=chosen.station,
        force=settings.force,
        unit=chosen.unit,
        roles=frozenset(Role(role) for role in chosen.role),
        works_with_children=chosen.works_with_children,
        council=_council(chosen.council, settings),
    )
    password = new_password()
    kept = passwords.hash_password(password, passwords.FULL_COST)
    with opened(settings) as context:
        context.store.write(lambda db: _added(db, person, kept, context.now()))
    print(f"{person.user}   first password: {password}")
    return 0


def _added(db: Connection, person: Person, password_hash: str, at: datetime) -> None:
    account = accounts.add(db, person, password_hash=password_hash)
    if person.works_with_children:
        children.note_trained(db, account, person.force, trained=True, who=AT_THE_MACHINE, at=at)


def _council(code: str, settings: Settings) -> str:
    """A council that something can be delivered to: one of the force's own, or another of the code list."""
    offered = definitions.entity_form("person").field("person.la_responsible").codes
    known = {*(one.code for one in offered), *policy_of(settings.force).councils} - {OTHER}
    if code and code not in known:
        raise SystemExit(f"sync-server: {code} is no council's code. The force's are: {_councils(settings)}")
    return code


def _councils(settings: Settings) -> str:
    return ", ".join(sorted(policy_of(settings.force).councils)) or "none"


def user_trained(chosen: argparse.Namespace, settings: Settings) -> int:
    """Say whether somebody is trained for work with children: only then are they asked to do it."""
    with opened(settings) as context:
        known = context.store.write(
            partial(
                children.say_trained,
                user=chosen.user,
                works_with_children=chosen.trained == YES,
                who=AT_THE_MACHINE,
                at=context.now(),
            )
        )
    if not known:
        print(f"There is no account {chosen.user}. Nothing was changed.")
        return 1
    print(f"{chosen.user}   {'works' if chosen.trained == YES else 'does not work'} with children")
    return 0


def user_other_force_account(chosen: argparse.Namespace, settings: Settings) -> int:
    """Let another force account use somebody's account, once their force has given them a new one."""
    with opened(settings) as context:
        forget = partial(people.forget_person, user=chosen.user, who=AT_THE_MACHINE, now=context.now())
        used = context.store.write(forget)
    if not used:
        print(f"No force account has used an account {chosen.user}. Nothing was changed.")
        return 1
    print(f"{chosen.user}   the next force account with their number may use it")
    return 0


def deliver(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Make one attempt at every delivery that is due."""
    with opened(settings) as context:
        made = postman.deliver_due(context)
    print(f"{made.delivered} delivered, {made.put_off} put off, {made.dead} need a person")
    return 0


def deliveries(chosen: argparse.Namespace, settings: Settings) -> int:
    """Show how each system stands that we deliver to. Exits 1 when something waits for a person."""
    with opened(settings) as context, context.store.read() as db:
        dead = standing.listed(db, states=[Owed.DEAD])
        found = [] if chosen.dead else standing.overview(db)
    for of in found:
        counts = ", ".join(f"{number} {state.value}" for state, number in sorted(of.counts.items()))
        parts = [of.force, of.target, counts]
        parts += [f"waits since {instant(of.waits_since)}"] if of.waits_since else []
        parts += [f"next try {instant(of.next_try)}"] if of.next_try else []
        print("\t".join([*parts, *([of.last_error] if of.last_error else [])]))
    for one in dead:
        print(
            f"{one['id']}\tdead\t{one['force']}\t{one['target']}\t{one['tries']} tries\t{one['last_error']}"
        )
    return 1 if dead else 0


def retry(chosen: argparse.Namespace, settings: Settings) -> int:
    """Owe dead deliveries once more, by their numbers. Exits 1 when one of them is not dead."""
    with opened(settings) as context:
        now = context.now()
        owed = {
            number: context.store.write(partial(standing.try_again, id_=number, now=now, who="command line"))
            for number in chosen.number
        }
    for number, done in owed.items():
        print(f"{number}\t{'due again' if done else 'is not a dead delivery: nothing was changed'}")
    return 0 if all(owed.values()) else 1


def rebuild(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Throw the register away and make it again from the evidence."""
    with opened(settings) as context:
        print(f"{rebuild_register(context)} revisions projected")
        shift_packs.rebuild(context)
    return 0


def month(chosen: argparse.Namespace, settings: Settings) -> int:
    """Write what a month shows as CSV: numbers without a name, and none below five.

    With --restricted the adults, vehicles, accounts and places behind them, for an analyst.
    """
    with opened(settings) as context:
        now = context.now()
        first = months.month_of(chosen.month, now)
        with context.store.read() as db:
            seen = read(db, settings.force, context.policy(settings.force).settings, now)
        if chosen.restricted:
            return _restricted(chosen, context, seen, first)
    print(months.as_csv(months.lines(seen, first), first), end="")
    return 0


def _restricted(chosen: argparse.Namespace, context: Context, seen: Seen, first: date) -> int:
    """The intelligence behind the numbers, for an analyst who says what for."""
    purpose = chosen.purpose.strip()
    with context.store.read() as db:
        account = accounts.by_user(db, chosen.by)
        mine = account is not None and account.may(frozenset({Role.ANALYST}))
        if account is None or not mine or account.person.force != seen.force or not purpose:
            print("Name an account with the role analyst with --by, and say with --purpose what it is for.")
            return 1
        hidden = restricted.hidden_from(db, seen.force, account.id)
        records = profile.opened_of(db, context.keys.safe, seen, first)
        found = profile.profile(seen, first, records, hidden)
    note = partial(profile.note_read, found=found, said={"purpose": purpose}, at=seen.now)
    context.store.write(partial(note, force=seen.force, by=account.id, month=first))
    print(files.as_csv(profile.COLUMNS, profile.cells(found, first)).decode(), end="")
    return 0


def retention_due(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Show how much is due for review before it may be destroyed. Somebody reads it at the console."""
    with opened(settings) as context, context.store.read() as db:
        for force in due.forces(db):
            found = due.due_files(context, db, force)
            waits = sum(one.file.waits is not None for one in found)
            hindered = sum(bool(one.hinders) for one in found)
            print(f"{force}\t{len(found)} due, {waits} to be destroyed, {hindered} cannot be destroyed now")
    return 0


def retention_destroy(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Destroy what somebody has said is to be destroyed and whose time is over. A server does so hourly."""
    with opened(settings) as context:
        print(f"{retention.look(context)} records destroyed")
    return 0


def retention_verify(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Look whether everything that was destroyed is gone. Exits 1 when something is left, and says what."""
    with opened(settings) as context:
        left = list(verifying.left_of(context))
        with context.store.read() as db:
            until = verifying.backups_until(context, db)
    for record, what in left:
        print(f"{record}\t{what}")
    print(f"{len(left)} left of what was destroyed")
    if until:
        print(f"until {instant(until)} a copy of the database may hold something that was destroyed")
    return 1 if left else 0


def migrate(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Bring the database up to the tables of this version, and make the keys if there are none."""
    with opened(settings):
        print("the database is up to date")
    return 0


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run one command and return its exit status."""
    chosen = _parser().parse_args(arguments)
    run: Command = chosen.run
    try:
        return run(chosen, _settings(chosen, environ))
    except BookletError as error:
        print(f"sync-server: {error}")
        return 1


def _settings(chosen: argparse.Namespace, environ: Mapping[str, str]) -> Settings:
    """The environment, with what was said on the command line in its place."""
    port = getattr(chosen, "port", DEFAULT_PORT)
    said = {"HOMEWARD_DATA": str(chosen.data)} if chosen.data else {}
    origin = {"HOMEWARD_PUBLIC_ORIGIN": f"http://127.0.0.1:{port}"}
    settings = Settings.from_environment({**origin, **environ, **said})
    return replace(settings, demo=bool(getattr(chosen, "demo", False)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sync-server",
        description="Takes in what handhelds send, keeps it, and owes it to whoever must act.",
        epilog="HOMEWARD_DATA names the data folder, HOMEWARD_FORCE the force whose settings count, "
        "HOMEWARD_DATABASE_URL a database elsewhere, "
        "HOMEWARD_PUBLIC_ORIGIN the address under which handhelds know this server, HOMEWARD_TARGETS a file "
        "of the systems that records are delivered to (otherwise targets.toml in the data folder), "
        "HOMEWARD_CHECKPOINTS the file of signed checkpoints (otherwise checkpoints.jsonl there), "
        "HOMEWARD_S3_BUCKET a bucket for attachments (otherwise they lie in the data folder), "
        "HOMEWARD_S3_ENDPOINT, HOMEWARD_S3_REGION and HOMEWARD_S3_KEY_FILE where it is and what opens it, "
        "HOMEWARD_TLS_CERT and HOMEWARD_TLS_KEY a certificate of its own, HOMEWARD_PROXIES whom to believe "
        "where a request is from, HOMEWARD_METRICS_TOKEN a file with the word that opens /metrics, "
        "HOMEWARD_LOG whether the log is written in lines or as json, "
        "HOMEWARD_FORCE_ACCOUNTS a file about the force's own sign-in (otherwise force_accounts.toml in the "
        "data folder), HOMEWARD_CLIENT_SECRET its secret where that lies in no file.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")
    _serve_options(command(commands, "serve", serve))
    owed = command(commands, "deliveries", deliveries)
    owed.add_argument("--dead", action="store_true", help="only those that wait for a person")
    again = command(owed.add_subparsers(title="commands", metavar="command"), "retry", retry)
    again.add_argument("number", type=int, nargs="+", help="the number of a dead delivery")
    handheld_commands(commands)
    backup_commands(commands)
    audit_commands(commands)
    key_commands(commands)
    user = group(commands, "user", "People who sign in here.")
    _user_options(command(user, "add", user_add))
    _more_user_commands(user)
    _retention_commands(group(commands, "retention", "How long records are kept."))
    _month_options(command(commands, "month", month))
    simple: dict[str, Command] = {
        "deliver": deliver,
        "rebuild-register": rebuild,
        "migrate": migrate,
    }
    for name, run in simple.items():
        command(commands, name, run)
    return parser


def _serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="the port to listen at")
    parser.add_argument(
        "--processes", type=int, default=1, help="how many share the work: one for each core, at most"
    )
    parser.add_argument("--demo", action="store_true", help="with an invented force, people and codes")
    parser.add_argument("--json", action="store_true", help="say where it is in one line for programs")


def _month_options(of: argparse.ArgumentParser) -> None:
    of.add_argument("--month", required=True, help="which month, such as 2026-11")
    of.add_argument("--restricted", action="store_true", help="the intelligence behind the numbers")
    of.add_argument("--by", default="", help="with --restricted: the analyst whom it is for")
    of.add_argument("--purpose", default="", help="with --restricted: what for, without a child's name")


def _retention_commands(kept: Commands[argparse.ArgumentParser]) -> None:
    command(kept, "due", retention_due)
    command(kept, "destroy", retention_destroy)
    command(kept, "verify", retention_verify)


def _more_user_commands(user: Commands[argparse.ArgumentParser]) -> None:
    trained = command(user, "trained", user_trained)
    trained.add_argument("user", help="the name to sign in with")
    trained.add_argument("trained", choices=[YES, NO], help="whether they are")
    other = command(user, "other-force-account", user_other_force_account)
    other.add_argument("user", help="the user name of the account here")


def _user_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("user", help="the name to sign in with")
    for name in ("name", "rank", "shoulder-no", "station", "unit"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument(
        "--works-with-children",
        action="store_true",
        help="they are trained for it, and may be asked to do it",
    )
    parser.add_argument(
        "--council", default="", help="with the role local_authority alone: for which council, by its code"
    )
    parser.add_argument("--role", action="append", required=True, choices=[role.value for role in Role])


if __name__ == "__main__":
    raise SystemExit(main())
