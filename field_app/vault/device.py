"""Who this device is: one key it signs with, and one per suite that things are sealed to it with."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from booklets.sealing import KemKey, KemPublic, SigningKey, usable_suites
from field_app.vault.errors import SecretsUnreadable
from field_app.vault.secrets import SecretStore

_NAME: Final = "device.keys"


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The device's identity, shared by all its vaults. The private halves never leave the key store."""

    signing: SigningKey = field(repr=False)
    kems: Mapping[int, KemKey] = field(repr=False)

    @classmethod
    def load_or_create(cls, secrets: SecretStore) -> DeviceKeys:
        """The keys of this device; made on first use, in one entry so that none goes missing alone."""
        kept = secrets.get(_NAME)
        if kept is not None:
            return _read(kept)
        made = cls(SigningKey.generate(), {suite: KemKey.generate(suite) for suite in usable_suites()})
        secrets.set(_NAME, made._to_text())
        return made

    @staticmethod
    def forget(secrets: SecretStore) -> None:
        """Erase this device's identity: it has to be enrolled anew."""
        secrets.remove(_NAME)

    @property
    def publics(self) -> dict[int, KemPublic]:
        """What others seal to, by suite."""
        return {suite: key.public for suite, key in self.kems.items()}

    def _to_text(self) -> str:
        kems = {str(suite): _text(key.private) for suite, key in self.kems.items()}
        return json.dumps({"v": 1, "sign": _text(self.signing.private), "kems": kems})


def _read(kept: str) -> DeviceKeys:
    try:
        found = json.loads(kept)
        signing = SigningKey.from_private(base64.b64decode(found["sign"], validate=True))
        kems = {
            int(suite): KemKey.from_private(int(suite), base64.b64decode(private, validate=True))
            for suite, private in found["kems"].items()
        }
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise SecretsUnreadable("the device's own keys cannot be read") from error
    return DeviceKeys(signing, kems)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
