"""An invitation becomes a device that the force knows.

An invitation is a link (in a QR code) or ten characters that somebody reads out:

    homeward-enrol://homeward.force.example/?c=<code>&k=<SHA-256 of the force's root key, hex>
    homeward-enrol:https://homeward.force.example?c=…&k=…          the same, with the whole address
    K7QP-3M9X-TD

The characters alone do not say which server may be trusted, so they need the address and the key from
whoever manages the device. The key is what all trust on this device hangs on: nothing that the server
says at enrolment is believed before the key has been compared.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from hmac import compare_digest
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from booklets.errors import BookletError, WireError
from booklets.sealing import (
    BadSignature,
    Directory,
    DirectoryRefused,
    KemPublic,
    PolicyRefused,
    SigningKey,
    read_directory,
    read_policy,
)
from field_app.sync.failures import NotOurServer
from field_app.sync.reading import Fields

SCHEME: Final = "homeward-enrol:"
CODE_LENGTH: Final = 10
LONGEST_LINK: Final = 512

_CODE: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}", re.ASCII)  # Crockford: no I, L, O, U
_PIN: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]", re.ASCII)
_FORGIVEN: Final = str.maketrans({"O": "0", "I": "1", "L": "1"} | dict.fromkeys("-‐‑‒–—− \u00a0\t\r\n"))
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class NotAnInvitation(BookletError):
    """What was typed or scanned cannot enrol this device. The message says what would."""

    code = "not_an_invitation"


@dataclass(frozen=True, slots=True)
class Managed:
    """The server and its key, as set by whoever manages the device."""

    server: str
    root_pin: str

    def __post_init__(self) -> None:
        """Raises NotAnInvitation unless both are well-formed."""
        object.__setattr__(self, "server", read_server(self.server))
        if _PIN.fullmatch(self.root_pin) is None:
            raise NotAnInvitation("The server's key is 64 characters of 0-9 and a-f.")


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where to enrol, with which code, and the fingerprint of the key that the server must have."""

    server: str
    code: str = field(repr=False)
    root_pin: str


@dataclass(frozen=True, slots=True)
class NewDevice:
    """What a device says of itself when it enrols. Only the public halves of its KEM keys leave it."""

    sign: SigningKey
    kem: tuple[KemPublic, ...]
    name: str
    platform: str
    app_version: str

    def to_message(self, code: str) -> dict[str, Any]:
        """The request that spends the code."""
        return {
            "code": code,
            "sign_pub": b64url(self.sign.public),
            "kem_pubs": {str(key.suite): b64url(key.raw) for key in self.kem},
            "platform": self.platform,
            "app_version": self.app_version,
            "name": self.name,
        }

    @property
    def key_id(self) -> str:
        """Under which name the request is signed, before the device has one."""
        return "enrol:" + sha256(self.sign.public).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a device knows of its force. No secret, but whoever can change it can redirect the device.

    ``directory`` is the signed key directory as it came, so that it can be checked again at every start.
    """

    device_id: str
    server: str
    root_pub: bytes
    directory: bytes = field(repr=False)
    policy: Mapping[str, Any] = field(repr=False)
    force: str
    policy_number: int = 0

    def __post_init__(self) -> None:
        """Raises WireError unless the directory is the root's own."""
        try:
            read_directory(self.directory, self.root_pub)
        except (BadSignature, DirectoryRefused):
            raise WireError("not the key directory of this force") from None

    @property
    def keys(self) -> Directory:
        """The force's keys."""
        return read_directory(self.directory, self.root_pub)

    @property
    def recovery(self) -> KemPublic | None:
        """The key with which the force opens what nobody else can; None where its directory names none."""
        try:
            return self.keys.recipients()[1]
        except (DirectoryRefused, BadSignature):
            return None

    def with_directory(self, directory: bytes) -> Enrolled:
        """The same with a newer directory. Raises DirectoryRefused for an older one, or BadSignature."""
        read_directory(directory, self.root_pub, at_least=self.keys.number)
        return replace(self, directory=directory)

    def with_policy(self, statement: bytes) -> Enrolled:
        """The same with a newer policy. Raises PolicyRefused for one that is not newer, or BadSignature."""
        found = read_policy(statement, self.root_pub, force=self.force, after=self.policy_number)
        return replace(self, policy=found.policy, policy_number=found.number)

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "v": 1,
            "device_id": self.device_id,
            "server": self.server,
            "root_pub": b64url(self.root_pub),
            "directory": b64url(self.directory),
            "policy": dict(self.policy),
            "policy_number": self.policy_number,
            "force": self.force,
        }

    @classmethod
    def from_json(cls, value: object) -> Enrolled:
        """Read what ``to_json`` wrote, and check it again. Raises WireError."""
        try:
            kept = Fields(value)
            if kept.whole("v") != 1:
                raise WireError("written by a newer app")
            return cls(
                device_id=kept.text("device_id"),
                server=read_server(kept.text("server")),
                root_pub=from_b64url(kept.text("root_pub")),
                directory=from_b64url(kept.text("directory", most=1 << 20)),
                policy=MappingProxyType(kept.within("policy")),
                force=kept.text("force"),
                policy_number=kept.whole("policy_number") if "policy_number" in kept else 0,
            )
        except (NotOurServer, NotAnInvitation, ValueError):
            raise WireError("not what is kept of an enrolment") from None


def read_invitation(typed: str, *, managed: Managed | None = None) -> Invitation:
    """What was scanned or typed: a link, or a code that is completed by the managed settings."""
    typed = typed.strip()
    if typed.lower().startswith(SCHEME):
        return _agreeing(_read_link(typed), managed)
    code = read_code(typed)
    if managed is None:
        raise NotAnInvitation(
            "That code is well-formed, but this device has not been told which server it belongs to. "
            "Scan the square code instead, or ask whoever manages the device."
        )
    return Invitation(managed.server, code, managed.root_pin)


def read_code(typed: str) -> str:
    """Ten characters, forgiving how people type them: case, spaces, dashes, O for 0, I and L for 1."""
    code = typed.upper().translate(_FORGIVEN) if len(typed) <= LONGEST_LINK else ""
    if _CODE.fullmatch(code) is None:
        raise NotAnInvitation(
            "That is not an enrolment code. A code has ten letters and digits, like K7QP-3M9X-TD, "
            "and never the letter U."
        )
    return code


def read_server(address: str) -> str:
    """A server's address, in one spelling: https://host[:port], or http on this very machine."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAnInvitation("The server's address cannot be read.") from None
    bare = f"[{host}]" if ":" in host else host
    spelt = f"{parts.scheme}://{bare}" + (f":{port}" if port is not None else "")
    if _HOST.fullmatch(bare) is None or spelt.lower() != address.lower().removesuffix("/"):
        raise NotAnInvitation("The server's address must be https:// with a name, and nothing after it.")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise NotAnInvitation(
            "The server's address must begin with https://: records never travel in the clear."
        )
    return spelt


def trusted(message: object, invitation: Invitation) -> Enrolled:
    """What the server answered to an enrolment, once it has proven to be the server invited to.

    The key first, by its fingerprint; then the directory, by the key; only then anything else.
    """
    said = Fields(message)
    try:
        root = from_b64url(said.text("root_pub"))
        if not compare_digest(sha256(root).hexdigest(), invitation.root_pin):
            raise NotOurServer("wrong_root_key")
        directory = from_b64url(said.text("directory", most=1 << 20))
        keys = read_directory(directory, root)
        keys.recipients()
        keys.current("receipt")
    except (ValueError, BadSignature, DirectoryRefused):
        raise NotOurServer("wrong_directory") from None
    enrolled = Enrolled(
        device_id=said.text("device_id", most=80),
        server=invitation.server,
        root_pub=root,
        directory=directory,
        policy=MappingProxyType(said.within("policy")),
        force=said.text("force", most=80),
    )
    signed = said.text_or_nothing("policy_signed")
    try:
        return enrolled.with_policy(from_b64url(signed)) if signed else enrolled
    except (ValueError, BadSignature, PolicyRefused):
        raise NotOurServer("wrong_policy") from None


def b64url(data: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64url(text: str) -> bytes:
    """The bytes in base64url, padded or not. Raises ValueError for any other character or spelling."""
    bare = text.rstrip("=")
    try:
        data = base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64url") from None
    if b64url(data) != bare:
        raise ValueError("not the one spelling of these bytes")
    return data


def _read_link(link: str) -> Invitation:
    address, question, query = link[len(SCHEME) :].partition("?")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=2)
    except ValueError:
        pairs = []
    said = dict(pairs)
    if not question or len(link) > LONGEST_LINK or sorted(name for name, _ in pairs) != ["c", "k"]:
        raise NotAnInvitation("That is not an enrolment link of this kind. Ask for a new one.")
    if _PIN.fullmatch(said["k"]) is None:
        raise NotAnInvitation("The enrolment link has lost the server's key. Ask for a new one.")
    if address.startswith("//"):
        address = f"{_usual_scheme(address)}:{address}"
    return Invitation(read_server(address), read_code(said["c"]), said["k"])


def _usual_scheme(address: str) -> str:
    """A server is spoken to in the clear on this very machine only."""
    try:
        return "http" if urlsplit(address).hostname in _LOOPBACK else "https"
    except ValueError:
        return "https"


def _agreeing(invitation: Invitation, managed: Managed | None) -> Invitation:
    """A managed device enrols with its own force only, whoever shows it a square code."""
    if managed is not None and (invitation.server, invitation.root_pin) != (
        managed.server,
        managed.root_pin,
    ):
        raise NotAnInvitation("That link is for another server than the one this device belongs to.")
    return invitation


def as_bytes(text: str) -> bytes:
    """What an answer says in base64url. Raises NotOurServer for anything else."""
    try:
        return from_b64url(text)
    except ValueError:
        raise NotOurServer("unreadable") from None
