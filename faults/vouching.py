"""A certificate with its chain, as long as a public one, so that meeting a server weighs what it weighs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID, ObjectIdentifier

from tests.support.other_system import usage

HOST: Final = "127.0.0.1"
LOGGED_BYTES: Final = 242
"""Two entries of public logs stand in every public certificate (RFC 6962)."""
_LOGGED: Final = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_AT: Final = "http://authority.example/"


@dataclass(frozen=True, slots=True)
class Vouched:
    """``root`` is what is believed; ``chain`` is what the server shows, ``key`` its secret."""

    root: Path
    chain: Path
    key: Path


def vouched(folder: Path) -> Vouched:
    """A root, an authority under it, and a server's certificate from that: the last two are shown."""
    keys = [generate_private_key(SECP256R1()) for _ in range(3)]
    names = ["Invented Root X1", "Invented Authority E7", "sync.force.example"]
    root = _signed(names[0], keys[0], names[0], keys[0])
    between = _signed(names[1], keys[1], names[0], keys[0])
    last = _signed(names[2], keys[2], names[1], keys[1], host=HOST)
    made = Vouched(folder / "root.pem", folder / "chain.pem", folder / "server.key")
    made.root.write_bytes(root.public_bytes(Encoding.PEM))
    made.chain.write_bytes(last.public_bytes(Encoding.PEM) + between.public_bytes(Encoding.PEM))
    made.key.touch(mode=0o600)
    made.key.write_bytes(keys[2].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made


def _signed(
    name: str, key: EllipticCurvePrivateKey, by: str, with_key: EllipticCurvePrivateKey, *, host: str = ""
) -> x509.Certificate:
    now = datetime.now(UTC)
    place = x509.UniformResourceIdentifier(_AT)
    issuer = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(by))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=not host, path_length=None), critical=True)
        .add_extension(usage(signs_others=not host), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(with_key.public_key()), critical=False
        )
        .add_extension(x509.AuthorityInformationAccess([issuer]), critical=False)
        .add_extension(
            x509.CRLDistributionPoints([x509.DistributionPoint([place], None, None, None)]), critical=False
        )
    )
    if host:
        reached = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host)), x509.DNSName(name)])
        logged = x509.UnrecognizedExtension(_LOGGED, os.urandom(LOGGED_BYTES))
        made = made.add_extension(reached, critical=False).add_extension(logged, critical=False)
    return made.sign(with_key, SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Invented"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
