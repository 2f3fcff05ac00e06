"""What the app is told at start, read once. Nothing else in the app looks at the environment.

--data FOLDER     HOMEWARD_DATA_APP, or FLET_APP_STORAGE_DATA on a phone     where everything is kept
--port N          HOMEWARD_PORT                                              for the web build; 0: any free
--web                                                                        show in a browser
                  HOMEWARD_SERVER, HOMEWARD_SERVER_KEY                       both or neither: managed devices
                  HOMEWARD_SECRETS                                           platform, window, file or demo
                  FLET_PLATFORM                                              android or ios, set on a phone
                  HOMEWARD_FORCE                                             the force before enrolment tells
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

DEMO_FORCE: Final = "north_yorkshire"
_KEY: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FORCE: Final = re.compile(r"[a-z][a-z0-9_]{0,60}", re.ASCII)
_HIGHEST_PORT: Final = 65_535
_PHONES: Final = frozenset({"android", "ios"})


class Secrets(StrEnum):
    """Where small secrets are kept (see ``vault.secrets``).

    ``PLATFORM`` is the key store that the window reaches on a phone, and files elsewhere; ``WINDOW`` that
    key store wherever it is, in a browser the browser's.
    """

    PLATFORM = "platform"
    WINDOW = "window"
    FILE = "file"
    DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Read once, at start. ``server`` and ``server_key`` are empty where an enrolment link brings them."""

    data: Path
    server: str = ""
    server_key: str = ""
    secrets: Secrets = Secrets.PLATFORM
    web: bool = False
    port: int = 0
    force: str = DEMO_FORCE
    platform: str = sys.platform

    @property
    def asks_the_window(self) -> bool:
        """Whether small secrets are kept by what shows the app, and not beside its data."""
        if self.secrets is Secrets.PLATFORM:
            return self.platform in _PHONES and not self.web
        return self.secrets is Secrets.WINDOW

    @classmethod
    def read(cls, environ: Mapping[str, str], arguments: Sequence[str] = ()) -> Settings:
        """The settings in the environment and on the command line, which wins. Refuses by name."""
        said = _parser().parse_args(arguments)
        data = said.data or environ.get("HOMEWARD_DATA_APP") or environ.get("FLET_APP_STORAGE_DATA")
        if not data:
            raise SystemExit("Say where to keep the app's data: --data FOLDER or HOMEWARD_DATA_APP.")
        server, key = _server(environ)
        return cls(
            data=Path(data).expanduser().resolve(),
            server=server,
            server_key=key,
            secrets=_secrets(environ.get("HOMEWARD_SECRETS") or Secrets.PLATFORM),
            web=said.web,
            port=_port(said.port or environ.get("HOMEWARD_PORT") or "0"),
            force=_force(environ.get("HOMEWARD_FORCE") or DEMO_FORCE),
            platform=environ.get("FLET_PLATFORM") or sys.platform,
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m field_app", description="Homeward's field app.")
    parser.add_argument("--data", metavar="FOLDER", help="where everything is kept")
    parser.add_argument("--port", metavar="N", help="where the web build answers (default: any free port)")
    parser.add_argument("--web", action="store_true", help="show the app in a browser")
    return parser


def _server(environ: Mapping[str, str]) -> tuple[str, str]:
    server, key = environ.get("HOMEWARD_SERVER", ""), environ.get("HOMEWARD_SERVER_KEY", "").lower()
    if not server and not key:
        return "", ""
    if not server or not key:
        missing = "HOMEWARD_SERVER_KEY" if server else "HOMEWARD_SERVER"
        raise SystemExit(f"Set {missing} too: a server's address and its key go together.")
    if not _is_address(server):
        raise SystemExit("HOMEWARD_SERVER must be an address like https://homeward.force.example.")
    if _KEY.fullmatch(key) is None:
        raise SystemExit(
            "HOMEWARD_SERVER_KEY must be 64 characters of 0-9 and a-f: SHA-256 of the root key."
        )
    return server.removesuffix("/"), key


def _is_address(server: str) -> bool:
    try:
        parts = urlsplit(server)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname)


def _secrets(value: str) -> Secrets:
    try:
        return Secrets(value)
    except ValueError:
        raise SystemExit(f"HOMEWARD_SECRETS must be one of {', '.join(Secrets)}.") from None


def _port(value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value[:6]) <= _HIGHEST_PORT):
        raise SystemExit(f"The port (--port or HOMEWARD_PORT) must be a number up to {_HIGHEST_PORT}.")
    return int(value)


def _force(value: str) -> str:
    if _FORCE.fullmatch(value) is None:
        raise SystemExit("HOMEWARD_FORCE must be a force's short name, like north_yorkshire.")
    return value
