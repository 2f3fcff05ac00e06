"""How a server is reached: its certificate, the proxies it believes, and who may read its figures.

Read from the environment once, at start. What is wrong is refused by the name of its setting.

    HOMEWARD_TLS_CERT        a certificate with its chain (PEM), where no proxy stands before this server
    HOMEWARD_TLS_KEY         its key, in a file for the server's account only
    HOMEWARD_PROXIES         addresses or networks of the proxies that say truly where a request is from
    HOMEWARD_LOG             how its log is written: lines, or json
    HOMEWARD_METRICS_TOKEN   a file with the word that whoever reads /metrics has to show; else nobody may
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from sync_server.logs import FORMATS, LINES

LEAST_TOKEN: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """What was set. Without ``certificate`` it speaks plain HTTP, to a proxy on the same machine."""

    certificate: Path | None = None
    key: Path | None = None
    proxies: tuple[str, ...] = ()
    metrics_token: str = field(default="", repr=False)
    log: str = LINES

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Listening:
        """What the environment says, or SystemExit with the name of the setting and what to do."""
        certificate, key = (_file(name, environ) for name in ("HOMEWARD_TLS_CERT", "HOMEWARD_TLS_KEY"))
        if (certificate is None) != (key is None):
            raise SystemExit("Set HOMEWARD_TLS_CERT and HOMEWARD_TLS_KEY, or neither: one needs the other")
        if certificate is not None and key is not None:
            demand_secret("HOMEWARD_TLS_KEY", key)
            _demand_pair(certificate, key)
        return cls(
            certificate=certificate,
            key=key,
            proxies=_proxies(environ.get("HOMEWARD_PROXIES", "")),
            metrics_token=_token(_file("HOMEWARD_METRICS_TOKEN", environ)),
            log=_log(environ.get("HOMEWARD_LOG") or LINES),
        )


def _file(name: str, environ: Mapping[str, str]) -> Path | None:
    said = environ.get(name, "")
    if said and not Path(said).is_file():
        raise SystemExit(f"{name} names a file that is not there: {said}")
    return Path(said) if said else None


def demand_secret(name: str, path: Path) -> None:
    """Refuse a file with a secret in it, named by this setting, that others on this machine can read."""
    if path.stat().st_mode & 0o077:
        raise SystemExit(f"Others can read the file that {name} names. Run: chmod 600 on it")


def _demand_pair(certificate: Path, key: Path) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: b"")
    except (OSError, ValueError) as error:
        raise SystemExit(
            f"HOMEWARD_TLS_CERT and HOMEWARD_TLS_KEY do not go together ({type(error).__name__}): "
            "the first is a certificate with its chain, the second its key without a passphrase, both as PEM"
        ) from None


def _log(said: str) -> str:
    if said not in FORMATS:
        raise SystemExit(f"HOMEWARD_LOG must be {' or '.join(FORMATS)}")
    return said


def _proxies(said: str) -> tuple[str, ...]:
    """Each an address or a network. Everybody is refused: anyone could say then where they are from."""
    found = tuple(part.strip() for part in said.split(",") if part.strip())
    for one in found:
        try:
            network = ip_network(one)
        except ValueError:
            raise SystemExit(
                f"HOMEWARD_PROXIES has {one}, which is neither an address nor a network"
            ) from None
        if network.prefixlen == 0:
            raise SystemExit("HOMEWARD_PROXIES must not be everybody: name the proxy's own address")
    return found


def _token(path: Path | None) -> str:
    if path is None:
        return ""
    demand_secret("HOMEWARD_METRICS_TOKEN", path)
    try:
        token = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"HOMEWARD_METRICS_TOKEN cannot be read ({type(error).__name__})") from None
    if len(token) < LEAST_TOKEN:
        raise SystemExit(f"HOMEWARD_METRICS_TOKEN needs a word of {LEAST_TOKEN} letters or more in its file")
    return token
