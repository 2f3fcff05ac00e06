"""Start a demonstration server and two apps beside it, an officer's and a sergeant's, and say where.

Run by ``make run``. They keep what they are given in ``.run/``, so that a second run
goes on where the first one stopped. ``s`` and Enter takes the server away and brings
it back, as losing and finding signal would; Ctrl-C stops all.
"""

# ruff: noqa: T201, S603 - it speaks to a person at a terminal and starts fixed programs
from __future__ import annotations

import argparse
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from field_app.vault.errors import FolderInUse
from field_app.vault.folder import LOCK_NAME, FolderClaim

Found = TypeVar("Found")

ROOT = Path(__file__).parents[1]
HERE = ROOT / ".run"
SERVER_PORT = 8440
APP = "field_app"
APP_PORTS = {"phone": 8550, "tablet": 8551}
PATIENCE_S = 90.0
LOOK_EVERY_S = 0.2


class DidNotStart(Exception):
    """A program ended or stayed silent. The message says which, and what it said last."""


@dataclass
class Program:
    """One of the programs: how it is started, and where it writes what it says."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(repr=False)
    log: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int:
        """Its process, once it was started."""
        if self._process is None:
            raise DidNotStart(f"the {self.name} was never started")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it with a log of its own, which it writes on when started again, out of reach of Ctrl-C."""
        with self.log.open("wb" if self._process is None else "ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.environment, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it between two instructions, as a flat battery does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Ask it to end, and insist after ten seconds."""
        if self._process is None or not self.running:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def until(self, found: Callable[[], Found | None]) -> Found:
        """Look again and again until ``found`` has an answer, or this program has failed."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if (answer := found()) is not None:
                return answer
            if not self.running:
                raise DidNotStart(f"the {self.name} ended at once. {self.last_words()}")
            time.sleep(LOOK_EVERY_S)
        raise DidNotStart(f"the {self.name} did not answer within {PATIENCE_S:.0f} s. {self.last_words()}")

    def last_words(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join([f"The end of {self.log.name}:", *lines[-15:]])


def main(arguments: list[str]) -> int:
    """Start them, say where they are, wait for Ctrl-C, stop them."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs kept in .run/")
    parser.add_argument("--pseudo", action="store_true", help="the apps in the language of nobody")
    said = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    programs: list[Program] = []
    try:
        _have_to_ourselves(HERE)
        if said.fresh:
            _empty(HERE)
        _start_all(programs, "house.pseudo" if said.pseudo else APP)
        _wait(*programs)
    except DidNotStart as failed:
        print(f"make run: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopping. What was typed and what was sent is kept in .run/")
    finally:
        for one in (signal.SIGINT, signal.SIGTERM):  # a second one must leave nothing running
            signal.signal(one, signal.SIG_IGN)
        for program in reversed(programs):
            program.stop()
    return 0


def _have_to_ourselves(folder: Path) -> None:
    """Nobody else runs on this folder until we end: two servers would write over each other's files."""
    try:
        FolderClaim(folder)
    except FolderInUse:
        raise DidNotStart(
            f"it runs already, on {folder.name}/. End that one with Ctrl-C, or use it. Nothing was changed."
        ) from None


def _empty(folder: Path) -> None:
    for one in folder.iterdir():
        if one.is_dir():
            shutil.rmtree(one)
        elif one.name != LOCK_NAME:  # by which it is ours
            one.unlink()


def _start_all(programs: list[Program], app_module: str) -> None:
    """Start the server, then the apps with its address and key; wait until all of them answer."""
    server_url = f"http://127.0.0.1:{free_port(SERVER_PORT)}"
    server = server_program(server_url, HERE)
    programs.append(server)
    print("Starting the server ...", flush=True)
    server.start()
    said = server.until(lambda: announced(server.log))
    server.until(lambda: answers(f"{server_url}/v1/hello"))
    print("Starting the apps ...", flush=True)
    urls: dict[str, str] = {}
    for device, usual in APP_PORTS.items():
        urls[device] = f"http://127.0.0.1:{free_port(usual)}"
        app = app_program(
            urls[device],
            HERE,
            server_url=server_url,
            root_key=said["root_key"],
            device=device,
            module=app_module,
        )
        programs.append(app)
        app.start()
        app.until(partial(answers, urls[device]))
    print(table(urls, said), flush=True)


def server_program(url: str, folder: Path, more: Mapping[str, str] = MappingProxyType({})) -> Program:
    """The sync server with the demonstration force, keeping its data below ``folder``.

    ``more`` goes into its environment: another database, say, or another system to deliver to.
    """
    port = url.rpartition(":")[2]
    data = folder / "server"
    return Program(
        name="server",
        command=[sys.executable, "-m", "sync_server.cli", "serve", "--demo", "--json",
                 "--data", str(data), "--port", port],
        environment={"HOMEWARD_DATA": str(data), "HOMEWARD_PUBLIC_ORIGIN": url, **more},
        log=folder / "server.log",
    )  # fmt: skip


def app_program(
    url: str, folder: Path, *, server_url: str, root_key: str, device: str = "phone", module: str = APP
) -> Program:
    """The app in a browser: one process, one device, one data folder named after it."""
    port = url.rpartition(":")[2]
    data = folder / device
    return Program(
        name=f"app on the {device}",
        command=[sys.executable, "-m", module, "--web", "--port", port, "--data", str(data)],
        environment={
            "HOMEWARD_SERVER": server_url,
            "HOMEWARD_SERVER_KEY": root_key,
            "HOMEWARD_DATA_APP": str(data),
            "HOMEWARD_SECRETS": "demo",
        },
        log=folder / f"{device}.log",
    )


def free_port(usual: int) -> int:
    """The usual port, or a free one where another program holds that."""
    for wanted in (usual, 0):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # ours of a moment ago is free
            try:
                listener.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            port: int = listener.getsockname()[1]
            return port
    raise DidNotStart("no port is free on this machine")


def announced(log: Path) -> dict[str, Any] | None:
    """The one JSON line in which the server says where it is and who may sign in."""
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("{") and '"root_key"' in line:
            said: dict[str, Any] = json.loads(line)
            return said
    return None


def answers(url: str) -> bool | None:
    """True once something answers there."""
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - an address made above
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return None


def table(apps: Mapping[str, str], said: Mapping[str, Any]) -> str:
    """What a person needs to walk the journey by hand: each device needs an enrolment code of its own."""
    rows = [(f"The {device}'s app", url) for device, url in apps.items()]
    rows += [
        (f"Enrolment code, {device}", code) for device, code in zip(apps, said["enrol_codes"], strict=False)
    ]
    rows += [
        ("Server", str(said["url"])),
        ("Console", str(said["console"])),
    ]
    rows += [
        (f"Sign in, {account['role']}", f"{account['user']}  {account['password']}")
        for account in said["accounts"]
    ]
    shown = [(name, value) for name, value in rows if value]
    width = max(len(name) for name, _ in shown) + 2
    lines = [f"  {name:{width}}{value}" for name, value in shown]
    return "\n".join(
        [
            "",
            "Homeward runs on this machine, with invented people only.",
            "",
            *lines,
            "",
            "  The phone is an officer's: open it in a narrow window (390 x 844).",
            "  The tablet is a sergeant's: open it in a wide one (1180 x 820), in another browser profile.",
            *(["  s and Enter: take the server away, or bring it back."] if sys.stdin.isatty() else []),
            "  Ctrl-C: stop all.",
            "",
        ]
    )


def _wait(server: Program, *apps: Program) -> None:
    """Until Ctrl-C: let a person take the server away and bring it back; notice an app that died."""
    listening = sys.stdin.isatty()
    while all(app.running for app in apps):
        if not listening:
            time.sleep(1)
            continue
        ready, _, _ = select.select([sys.stdin], [], [], 1)
        if ready and sys.stdin.readline().strip().lower() == "s":
            _toggle(server)
    ended = next(app for app in apps if not app.running)
    raise DidNotStart(f"the {ended.name} has ended. {ended.last_words()}")


def _toggle(server: Program) -> None:
    """Take the server away, or bring it back at the same address."""
    if server.running:
        server.stop()
        print("The server is down: the apps have no signal. s and Enter brings it back.", flush=True)
        return
    server.start()
    server.until(lambda: announced(server.log))
    print("The server is back: what waits will send by itself.", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
