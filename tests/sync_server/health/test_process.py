"""A real server process behind its own certificate: watched, told where requests are from, and stopped."""

from __future__ import annotations

import os
import secrets
import signal
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from subprocess import Popen

import httpx
import pytest

from booklets.entities import new_id
from sync_server import checkpoints
from sync_server.context import open_context
from sync_server.db.tables import submission
from sync_server.identity.accounts import Role
from sync_server.limits import Limits
from sync_server.settings import Settings
from tests.support.databases import a_database
from tests.support.devices import Browser, Handheld, a_client
from tests.support.other_system import Authority
from tests.support.server_data import rows
from tests.support.servers import PASSWORD, Clock, LiveServer
from tests.sync_server.cli.test_several import a_free_url, a_server_process, wait_for

pytestmark = pytest.mark.thorough

ALL_COUNTED = 'homeward_requests_total{route="/v1/hello",status="2xx"} 40.0'
PROXY = {"HOMEWARD_PROXIES": "127.0.0.1"}


@dataclass
class Running:
    """A server process, and a handheld that is signed in with it."""

    process: Popen[str] = field(repr=False)
    handheld: Handheld
    client: httpx.Client = field(repr=False)
    word: str

    def submit(self, sealed: bytes) -> int:
        """Hand in one envelope; how it was answered."""
        headers = {"Content-Type": "application/vnd.homeward.sealed"}
        headers["Authorization"] = f"Homeward {self.handheld.access}"
        request = self.handheld.signed("POST", "/v1/submissions", content=sealed, headers=headers)
        return self.client.send(request).status_code


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """`sync-server serve` with a certificate, a proxy in front, and a word for its figures."""
    authority = Authority.made(tmp_path / "authority")
    authority.vouches_for()
    [pair] = tmp_path.glob("authority/server-*.pem")
    word = tmp_path / "word"
    word.write_text(secrets.token_urlsafe(24))
    for secret in (pair, word):
        secret.chmod(0o600)
    said = {"HOMEWARD_TLS_CERT": pair, "HOMEWARD_TLS_KEY": pair, "HOMEWARD_METRICS_TOKEN": word}
    for name, value in {**said, **PROXY}.items():
        monkeypatch.setenv(name, str(value))
    url = a_free_url().replace("http://", "https://")
    believes = ssl.create_default_context(cafile=authority.file)
    with ExitStack() as stack:
        database = stack.enter_context(a_database(tmp_path))
        settings = Settings.of(tmp_path / "server", public_origin=url, database_url=database)
        context = open_context(settings)
        stack.callback(context.close)
        server = LiveServer(url, context, Clock(datetime.now(UTC)), Limits())
        server.add_account("pc.wells", Role.OFFICER)
        process = stack.enter_context(a_server_process(settings, url))
        client = stack.enter_context(
            httpx.Client(base_url=url, verify=believes, trust_env=False, timeout=60.0)
        )
        wait_for(client)
        handheld = Handheld(server, client)
        assert handheld.enrol().status_code == httpx.codes.CREATED
        flow = handheld.begin()
        with Browser(url) as browser:
            browser.http = stack.enter_context(
                httpx.Client(base_url=url, verify=believes, trust_env=False, follow_redirects=True)
            )
            page = flow["verification_uri_complete"]
            browser.fill_in(page, user="pc.wells", password=PASSWORD, action="allow")
        assert handheld.poll(flow["flow"]).status_code == httpx.codes.OK
        yield Running(process, handheld, client, word.read_text())


def test_it_is_ready_and_every_worker_runs(running: Running) -> None:
    """Over TLS, by the certificate that was set."""
    assert running.client.get("/ready").json()["ready"]
    shown = running.client.get("/metrics", headers={"Authorization": f"Bearer {running.word}"}).text
    workers = [line for line in shown.splitlines() if line.startswith("homeward_worker_up")]
    assert len(workers) == 8
    assert {line.rpartition(" ")[2] for line in workers} == {"1.0"}


def test_each_caller_behind_a_proxy_has_limits_of_their_own(running: Running) -> None:
    """Five wrong codes a minute from one address; whoever else is behind the same proxy goes on."""

    def tries(address: str) -> int:
        asked = Handheld(running.handheld.server, running.client)
        running.client.headers["X-Forwarded-For"] = address
        return asked.enrol("0000-0000-00").status_code

    answers = [tries("192.0.2.7") for _ in range(8)]

    assert answers[-1] == 429
    assert tries("192.0.2.8") == 403


def test_it_stops_under_load_and_no_receipt_is_lost(running: Running) -> None:
    """Four send while it is told to stop: whatever was answered with a receipt is there, and signed for."""
    receipts, sent = set[str](), threading.Event()

    def sends() -> None:
        while True:
            sealed = running.handheld.seal(running.handheld.record(record=new_id()))
            try:
                status = running.submit(sealed)
            except httpx.TransportError:
                return
            if status != httpx.codes.CREATED:
                return
            receipts.add(sha256(sealed).hexdigest())
            if len(receipts) > 10:
                sent.set()

    threads = [threading.Thread(target=sends) for _ in range(4)]
    for one in threads:
        one.start()
    assert sent.wait(60)
    os.kill(running.process.pid, signal.SIGTERM)
    status = running.process.wait(timeout=60)
    for one in threads:
        one.join()

    context = running.handheld.server.context
    assert status == 0
    assert receipts <= {str(row["env_sha256"]) for row in rows(context, submission)}
    signed = checkpoints.check(context)
    assert (signed.open_entries, signed.broken) == (0, ())


@pytest.mark.postgres
def test_processes_at_one_address_count_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever of them is asked says what all of them were asked."""
    word = tmp_path / "word"
    word.write_text(secrets.token_urlsafe(24))
    word.chmod(0o600)
    monkeypatch.setenv("HOMEWARD_METRICS_TOKEN", str(word))
    url = a_free_url()
    with a_database(tmp_path) as database:
        settings = Settings.of(tmp_path / "server", public_origin=url, database_url=database)
        with a_server_process(settings, url, "--processes", "2", "--json") as process:
            assert process.stdout is not None
            process.stdout.readline()
            for _ in range(40):  # each over a line of its own, so that both are asked
                with a_client(url) as client:
                    client.get("/v1/hello")
            with a_client(url) as client:
                shown = ""
                for _ in range(100):  # each is counted once its answer has left
                    shown = client.get(
                        "/metrics", headers={"Authorization": f"Bearer {word.read_text()}"}
                    ).text
                    if ALL_COUNTED in shown:
                        break
                    time.sleep(0.05)
    assert ALL_COUNTED in shown
