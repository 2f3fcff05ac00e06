"""Several real server processes on one database: what two of them hear at once has one true outcome."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import httpx
import psutil
import pytest

from booklets.entities import new_id
from sync_server.context import open_context
from sync_server.db.owed import delivery
from sync_server.db.tables import submission
from sync_server.identity.accounts import Role
from sync_server.limits import Limits
from sync_server.settings import Settings
from tests.support.databases import a_database
from tests.support.devices import Handheld, a_client
from tests.support.server_data import count, rows
from tests.support.servers import Clock, LiveServer, free_listener

PATIENCE_S = 120
"""Two processes and their threads stop one after the other: seconds, and on a busy machine half a minute."""

pytestmark = pytest.mark.thorough


@dataclass
class Several:
    """Server processes that share a database and their keys, and a handheld that is signed in with them."""

    urls: list[str]
    processes: list[subprocess.Popen[str]] = field(repr=False)
    handheld: Handheld
    clients: list[httpx.Client] = field(repr=False)

    @property
    def server(self) -> LiveServer:
        """Their data, in reach of this test."""
        return self.handheld.server

    def submit(self, sealed: bytes, to: int) -> httpx.Response:
        """Hand in one envelope to one of the processes, signed for the address that all are known by."""
        origin = self.server.url + "/v1/submissions"
        headers = {"Content-Type": "application/vnd.homeward.sealed"}
        headers["Authorization"] = f"Homeward {self.handheld.access}"
        return self.clients[to].send(
            self.handheld.signed("POST", "/v1/submissions", content=sealed, headers=headers, as_if_to=origin)
        )


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Several]:
    """Two `sync-server serve`, each at a port of its own."""
    folder = tmp_path_factory.mktemp("two")
    with ExitStack() as stack:
        database = stack.enter_context(a_database(folder))
        urls = [a_free_url(), a_free_url()]
        settings = Settings.of(folder / "server", public_origin=urls[0], database_url=database)
        context = open_context(settings)
        stack.callback(context.close)
        server = LiveServer(urls[0], context, Clock(datetime.now(UTC)), Limits())
        server.add_account("pc.wells", Role.OFFICER)
        processes = [stack.enter_context(a_server_process(settings, url)) for url in urls]
        clients = [stack.enter_context(a_client(url)) for url in urls]
        for client in clients:
            wait_for(client)
        handheld = Handheld(server, clients[0])
        assert handheld.enrol().status_code == httpx.codes.CREATED
        assert handheld.sign_in("pc.wells").status_code == httpx.codes.OK
        yield Several(urls, processes, handheld, clients)


def a_free_url() -> str:
    """An address that nobody listens at."""
    with free_listener() as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def a_server_process(settings: Settings, url: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A server as a program of its own."""
    command = [sys.executable, "-m", "sync_server.cli", "serve", "--port", url.rpartition(":")[2], *more]
    environment = {
        "HOMEWARD_DATA": str(settings.data),
        "HOMEWARD_DATABASE_URL": settings.database_url,
        "HOMEWARD_PUBLIC_ORIGIN": settings.public_origin,
    }
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def wait_for(client: httpx.Client) -> None:
    """Until it answers."""
    for _ in range(600):
        try:
            client.get("/v1/hello")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("it did not start")


def test_twenty_identical_submissions_at_once_over_two_processes_are_one(two: Several) -> None:
    """A phone that heard nothing sends again, and the repeat lands elsewhere: all are told yes."""
    before = count(two.server.context, submission)
    sealed = two.handheld.seal(two.handheld.record(record=new_id()))
    barrier = Barrier(20)

    def one(number: int) -> httpx.Response:
        barrier.wait(30)
        return two.submit(sealed, to=number % 2)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(one, range(20)))

    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.content for answer in answers}) == 1, "the same receipt, byte for byte"
    assert count(two.server.context, submission) == before + 1


def test_twenty_pairs_over_two_processes_are_twenty(two: Several) -> None:
    """The same record to both at the same moment, twenty times over."""
    before = count(two.server.context, submission)
    sealed = [two.handheld.seal(two.handheld.record(record=new_id())) for _ in range(20)]

    with ThreadPoolExecutor(2) as pool:
        for one in sealed:
            both = list(pool.map(two.submit, [one, one], [0, 1]))
            assert sorted(answer.status_code for answer in both) == [200, 201]

    assert count(two.server.context, submission) == before + 20


def test_a_session_and_a_nonce_hold_with_both(two: Several) -> None:
    """Signed in with one is signed in with the other; a copy of a request is a copy with both."""
    sealed = two.handheld.seal(two.handheld.record(record=new_id()))
    headers = {
        "Content-Type": "application/vnd.homeward.sealed",
        "Authorization": f"Homeward {two.handheld.access}",
    }
    request = two.handheld.signed("POST", "/v1/submissions", content=sealed, headers=headers)
    elsewhere = two.clients[1].build_request(
        "POST", "/v1/submissions", content=sealed, headers=request.headers
    )

    first, copied = two.clients[0].send(request), two.clients[1].send(elsewhere)

    assert (first.status_code, copied.status_code) == (201, 401)
    assert copied.json()["code"] == "replayed"


def test_two_postmen_deliver_each_thing_once(two: Several) -> None:
    """Each takes what the other has not: one file per delivery, one line in the audit."""
    two.submit(two.handheld.seal(two.handheld.record(record=new_id())), to=1)

    for _ in range(200):
        owed = [row for row in rows(two.server.context, delivery) if row["state"] in {"due", "leased"}]
        if not owed:
            break
        time.sleep(0.1)
    done = [row for row in rows(two.server.context, delivery) if row["state"] == "delivered"]

    assert owed == []
    assert {row["tries"] for row in done} == {1}


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A server's data, on the database that is tested."""
    with a_database(tmp_path) as database:
        yield Settings.of(tmp_path / "server", public_origin=a_free_url(), database_url=database)


def test_one_command_starts_several_and_stops_them(settings: Settings) -> None:
    """They answer at one address, and SIGTERM ends all of them well."""
    url = settings.public_origin
    with a_server_process(settings, url, "--processes", "2", "--json") as process, a_client(url) as client:
        assert process.stdout is not None
        process.stdout.readline()
        answering = _answering(process)
        assert client.get("/v1/hello").status_code == 200
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=PATIENCE_S)

    assert len(answering) == (1 if settings.in_a_file else 2)  # at a file one answers, with others beside it
    assert status == 0
    assert not any(one.is_running() for one in answering)


@pytest.mark.postgres
def test_one_that_dies_ends_them_all(settings: Settings) -> None:
    """Half a server must not look healthy: whoever keeps it running sees it end, and starts it again."""
    with a_server_process(settings, settings.public_origin, "--processes", "2", "--json") as process:
        assert process.stdout is not None
        process.stdout.readline()
        _answering(process)[0].kill()
        status = process.wait(timeout=PATIENCE_S)

    assert status == 1


def test_when_the_first_is_killed_the_others_end(settings: Settings) -> None:
    """Nothing is left behind that nobody can stop."""
    with a_server_process(settings, settings.public_origin, "--processes", "2", "--json") as process:
        assert process.stdout is not None
        process.stdout.readline()
        answering = _answering(process)
        process.kill()
        gone, alive = psutil.wait_procs(answering, timeout=PATIENCE_S)

    assert (len(gone), alive) == (len(answering), [])


def _answering(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes that answer, without the one that cleans up after them."""
    children = psutil.Process(process.pid).children()
    return [one for one in children if "spawn_main" in " ".join(one.cmdline())]
