"""A night with real programs: the server and the apps as processes, started, stopped and killed for real.

Nothing here reaches into a program. Everything is done through what a person
sees, on the handheld's screen, the sign-in page and the console.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from house.run import Program, announced, answers, app_program, free_port, server_program
from tests.support.cutting import Line

THE_PHONE, THE_TABLET = "phone", "tablet"


@dataclass(slots=True)
class Night:
    """One server and its handhelds, each a process of its own with a data folder of its own."""

    server: Program
    server_url: str
    said: dict[str, Any]
    folder: Path
    apps: dict[str, Program] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)

    def stop_server(self) -> None:
        """The server is taken away, as a machine is shut down."""
        self.server.stop()

    def kill_server(self) -> None:
        """The server dies between two instructions: SIGKILL."""
        self.server.kill()

    def start_server(self) -> None:
        """The server comes back, at the same address, with what it had kept."""
        self.server.start()
        self.server.until(lambda: answers(f"{self.server_url}/v1/hello"))

    def add_app(self, device: str, more: Mapping[str, str] = MappingProxyType({})) -> None:
        """One more handheld: a process and a folder of its own, with ``more`` in its environment."""
        self.urls[device] = f"http://127.0.0.1:{free_port(0)}"
        self.apps[device] = app_program(
            self.urls[device],
            self.folder,
            server_url=self.said["url"],
            root_key=self.said["root_key"],
            device=device,
        )
        self.apps[device].environment = {**self.apps[device].environment, **more}
        self.start_app(device)

    def kill_app(self, device: str = THE_PHONE) -> None:
        """The app's process is killed between two instructions: SIGKILL, nothing to say goodbye with."""
        self.apps[device].kill()

    def start_app(self, device: str = THE_PHONE) -> None:
        """The app is started, or started again on the same data."""
        self.apps[device].start()
        self.apps[device].until(partial(answers, self.urls[device]))

    def until_true(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, as long as the server runs."""
        self.server.until(lambda: True if holds() else None)

    def account(self, role: str, number: int = 0) -> tuple[str, str]:
        """User name and password of somebody in this role, as the server printed them."""
        found = [one for one in self.said["accounts"] if one["role"] == role][number]
        return found["user"], found["password"]

    def enrolment_code(self, device: str = THE_PHONE) -> str:
        """An enrolment code for this handheld, as the server printed it: each works once."""
        return str(self.said["enrol_codes"][list(self.apps).index(device)])

    def folder_of(self, device: str) -> Path:
        """Where an app keeps everything."""
        return self.folder / device

    @property
    def server_folder(self) -> Path:
        """Where the server keeps everything."""
        return self.folder / "server"


@contextmanager
def a_night(
    folder: Path,
    *,
    devices: tuple[str, ...] = (THE_PHONE,),
    server: Mapping[str, str] = MappingProxyType({}),
    line: Line | None = None,
) -> Iterator[Night]:
    """A server and apps that have just been started, with nobody enrolled.

    ``server`` goes into the server's environment: another database, say. With a ``line`` the handhelds
    know the server by that line's address, and everything goes through it.
    """
    port = free_port(0)
    server_url = f"http://127.0.0.1:{port}"
    if line is not None:
        line.server_port = port
        server = {**server, "HOMEWARD_PUBLIC_ORIGIN": line.url}
    program = server_program(server_url, folder, server)
    night: Night | None = None
    program.start()
    try:
        said = program.until(lambda: announced(program.log))
        program.until(lambda: answers(f"{server_url}/v1/hello"))
        night = Night(program, server_url, json.loads(json.dumps(said)), folder)
        for device in devices:
            night.add_app(device)
        yield night
    finally:
        for app in [] if night is None else night.apps.values():
            app.stop()
        program.stop()
