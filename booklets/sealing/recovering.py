"""A vault's key on its way to the force's recovery holder, and back to the one handheld it belongs to.

    there   HPKE.Seal(recovery key, vault key, info = "hwd/recovery/2" ‖ vault ‖ officer)
    back    HPKE.Seal(device key,   vault key, info = "hwd/recovered/1" ‖ vault)

The first is made with the vault, the second once two administrators have agreed. ``vault`` is its id, 16
bytes: what was sealed for one vault opens for no other. ``officer`` is whose it is, as the force knows them:
a colleague who writes their own name on it is given nothing. Neither says who sealed it.
The handheld believes the answer because the key in it opens the vault, and nothing else does.

The compare code is what the officer reads out and the administrator types: eight letters of the SHA-256 of
"hwd/recovery-code/1" ‖ device ‖ 0 ‖ vault ‖ what was sealed there. Both sides work it out for themselves.
"""

from __future__ import annotations

from hashlib import sha256

from .hpke import KemKey, KemPublic, open_sealed, seal

CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words; easy to tell apart when read out
CODE_LENGTH = 8
"""Ours: 34 bits. Nobody can search for a request that has another's code: what was sealed has to open."""
_GROUP = 4
_THERE = b"hwd/recovery/2"
_BACK = b"hwd/recovered/1"


def seal_for_holder(to: KemPublic, vault_key: bytes, vault: bytes, officer: str) -> bytes:
    """An officer's vault's key as only the recovery holder can read it."""
    return seal(to, vault_key, _THERE + vault + officer.encode())


def open_as_holder(key: KemKey, sealed: bytes, vault: bytes, officer: str) -> bytes:
    """The vault's key again. Raises SealBroken for another vault's or officer's, or another key."""
    return open_sealed(key, sealed, _THERE + vault + officer.encode())


def seal_back(to: KemPublic, vault_key: bytes, vault: bytes) -> bytes:
    """A vault's key as only one device can read it."""
    return seal(to, vault_key, _BACK + vault)


def open_on_device(key: KemKey, sealed: bytes, vault: bytes) -> bytes:
    """The vault's key on the device it was sealed to. Raises SealBroken for anything else."""
    return open_sealed(key, sealed, _BACK + vault)


def compare_code(device: str, vault: bytes, sealed: bytes) -> str:
    """What both sides show for one request, as ``BCDF-GHJK``: another request has another code."""
    digest = sha256(b"hwd/recovery-code/1" + device.encode() + b"\0" + vault + sealed).digest()
    number = int.from_bytes(digest[:8], "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[place])
    code = "".join(letters)
    return f"{code[:_GROUP]}-{code[_GROUP:]}"
