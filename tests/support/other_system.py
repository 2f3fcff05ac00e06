"""Another force's or council's system behind real TLS: it can be down, slow, cut, full, or somebody else's.

with an_authority(folder) as authority, OtherSystem(authority) as system:
    system.endpoint(token_file=...)     how our server is told of it
    system.delivered                    what it has, by key
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from sync_server.settings import Endpoint

HOST = "127.0.0.1"
PATH = "/deliveries"


@dataclass(frozen=True)
class Authority:
    """A certificate authority of our own. ``file`` is what our server is told to trust."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate = field(repr=False)

    @classmethod
    def made(cls, folder: Path, name: str = "Test Authority") -> Authority:
        """A fresh one, with its certificate in ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _named(name)
        certificate = (
            _certificate(subject, subject, key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage(signs_others=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, SHA256())
        )
        made = cls(folder, key, certificate)
        made.file.write_bytes(certificate.public_bytes(Encoding.PEM))
        return made

    @property
    def file(self) -> Path:
        """Its certificate."""
        return self.folder / "authority.pem"

    def vouches_for(self, host: str = HOST) -> ssl.SSLContext:
        """What a server called ``host`` needs to be believed."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        certificate = (
            _certificate(_named(host), self.certificate.subject, key.public_key())
            .add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage(signs_others=False), critical=True)
            .add_extension(issuer, critical=False)
            .sign(self.key, SHA256())
        )
        file = self.folder / f"server-{certificate.serial_number}.pem"
        plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(plain + certificate.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


@dataclass
class OtherSystem:
    """It keeps what it is given, once for each key, and answers as it is told to."""

    tls: ssl.SSLContext = field(repr=False)
    authority: Path
    answers_with: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False  # keep it, then hang up without a word
    says: bytes = b'{"ok": true}'
    delivered: dict[str, Any] = field(default_factory=dict)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    waits: threading.Event = field(default_factory=threading.Event)
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None
    _port: int = 0

    def __post_init__(self) -> None:
        self.waits.set()

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.waits.set()
        self.down()

    @property
    def url(self) -> str:
        """Where it is, also while it is down."""
        return f"https://{HOST}:{self._port}{PATH}"

    def endpoint(self, **changes: Any) -> Endpoint:
        """How our server is told of it."""
        return Endpoint(**{"url": self.url, "ca_file": self.authority, "timeout_s": 5.0, **changes})

    def up(self) -> None:
        """Answer, at the address that it had before."""
        system = self

        class Handler(BaseHTTPRequestHandler):
            """One connection."""

            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                """Take one delivery."""
                system._take(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: what it hears is read from ``asked``."""

        class Server(ThreadingHTTPServer):
            """Greets in each connection's own thread, and forgets those who do not trust it."""

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A caller hung up: that is what these tests are about."""

        self._server = Server((HOST, self._port), Handler)
        self._server.socket = self.tls.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def down(self) -> None:
        """Nobody is there."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = None

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.asked.append({name.lower(): value for name, value in handler.headers.items()})
        self.waits.wait(30)
        once = handler.headers["Idempotency-Key"]
        if self.cut or self.answers_with < 300:
            self.delivered.setdefault(once, json.loads(body))
        if self.cut:
            handler.close_connection = True
            handler.connection.close()
            return
        handler.send_response(self.answers_with)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(self.says)))
        handler.end_headers()
        handler.wfile.write(self.says)


def a_system(folder: Path, **how: Any) -> OtherSystem:
    """One with an authority of its own, both in ``folder``."""
    authority = Authority.made(folder)
    return OtherSystem(authority.vouches_for(), authority.file, **how)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
    )


def usage(*, signs_others: bool) -> x509.KeyUsage:
    """What the key of a certificate may be used for."""
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_others,
        crl_sign=signs_others,
        encipher_only=False,
        decipher_only=False,
    )
