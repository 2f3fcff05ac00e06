"""The line to a server over real TLS: whom it believes, and what it does not send twice."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from field_app.sync import line
from tests.support.other_system import Authority
from tests.support.portals import Weird, json_answer


class Tls:
    """A server that speaks TLS, as the force's own does."""

    def __init__(self, authority: Authority) -> None:
        before = set(authority.folder.iterdir())
        authority.vouches_for()
        [pair] = set(authority.folder.iterdir()) - before
        self._listening = socket.create_server(("127.0.0.1", 0))
        weird = Weird()
        weird.answer = json_answer({"bytes": "x" * 20_000})
        config = uvicorn.Config(weird, log_config=None, lifespan="off", ws="none", ssl_certfile=pair)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listening]}, daemon=True
        )
        self._thread.start()
        self.url = f"https://127.0.0.1:{self._listening.getsockname()[1]}"

    def stop(self) -> None:
        """Stop, and let go of the port."""
        self._server.should_exit = True
        self._thread.join(timeout=5)
        self._listening.close()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """An authority that this machine believes."""
    made = Authority.made(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    line._trust.cache_clear()
    yield made
    line._trust.cache_clear()


@pytest.fixture
def server(authority: Authority) -> Iterator[Tls]:
    """A server that it vouches for."""
    server = Tls(authority)
    yield server
    server.stop()


def asked(http: httpx.Client, *, whole: bool = True) -> ssl.SSLSocket:
    """Ask once, and read the answer to its end, or hang up in the middle of it; the line it went over."""
    answer = http.send(http.build_request("GET", "/v1/hello"), stream=True)
    over: ssl.SSLSocket = answer.extensions["network_stream"].get_extra_info("ssl_object")
    if whole:
        answer.read()
    answer.close()
    return over


@pytest.mark.parametrize("whole", [True, False], ids=["after an answer", "after a line that was cut"])
def test_whoever_was_connected_before_goes_on_with_that_session(server: Tls, whole: bool) -> None:
    """The certificates, which are most of what a server sends, are not sent again."""
    with line.open_http(server.url, app_version="0.1.0") as http:
        first = asked(http, whole=whole)
        assert (first.version(), first.session_reused) == ("TLSv1.3", False)

    with line.open_http(server.url, app_version="0.1.0") as http:
        assert asked(http).session_reused


def test_a_server_that_has_forgotten_the_session_is_met_as_for_the_first_time(
    server: Tls, authority: Authority
) -> None:
    """As after each of its starts: nobody sees an error."""
    with line.open_http(server.url, app_version="0.1.0") as http:
        asked(http)
    other = Tls(authority)
    try:
        with line.open_http(other.url, app_version="0.1.0") as http:
            over = asked(http)
            assert (over.version(), over.session_reused) == ("TLSv1.3", False)
            http.headers["Connection"] = "close"
            asked(http)
            assert asked(http).session_reused
    finally:
        other.stop()


def test_nobody_is_believed_for_a_session_whom_nobody_vouches_for(tmp_path: Path, server: Tls) -> None:
    """Going on with a session needs the keys of the one before: another server has none."""
    with line.open_http(server.url, app_version="0.1.0") as http:
        asked(http)
    stranger = Tls(Authority.made(tmp_path / "stranger"))
    try:
        with (
            line.open_http(stranger.url, app_version="0.1.0") as http,
            pytest.raises(httpx.ConnectError, match="certificate"),
        ):
            asked(http)
    finally:
        stranger.stop()


def test_connections_are_narrow() -> None:
    """TLS 1.3, no redirects, nothing taken from the environment, no compression to unpack."""
    with line.open_http("https://homeward.force.example", app_version="0.1.0") as http:
        assert not http.follow_redirects
        assert not http.trust_env
        assert http.headers["Accept-Encoding"] == "identity"
        assert http.headers["Homeward-App"] == "0.1.0"
        assert (http.timeout.connect, http.timeout.read) == (15.0, 60.0)
