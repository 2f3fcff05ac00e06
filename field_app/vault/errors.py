"""What the vault refuses, in words for the officer at the lock screen.

    BookletError
    └── VaultError
        ├── WeakPin           too easy to guess, or not what this device needs
        ├── WrongPin          with how many tries are left and how long to wait
        ├── WaitFirst         it is too early for another try
        ├── FingerRefused     the platform gave nothing for a finger or a face: the PIN opens, no try counted
        │   └── PinFirst      no finger opens it before the PIN was given again
        ├── VaultLocked       ten wrong tries, or its secret is gone: only the force can open it
        ├── HeaderRefused     the part that says how to unlock was changed or weakened
        ├── RecoveryKeyUnknown it is not known with which key the force could open it: its keys stay
        ├── SecretsUnreadable the device's key store did not answer: nothing is lost, try again
        │   └── CountMissing  how far the vault had got is not there: nobody can say that it is the newest
        ├── SecretsNotKept    there was no room to keep what must be kept: nothing is lost, make room
        ├── NoSuchVault       there is no vault of that name
        ├── VaultOpen         it is open in this app already
        ├── VaultExists       this officer has one on this device
        ├── TooManyVaults     the device holds as many as it may
        └── FolderInUse       another Homeward has this data folder open

What is wrong *inside* an unlocked vault is the store's to say (``field_app.store.errors``).
"""

from __future__ import annotations

from typing import Final

from booklets.errors import BookletError

_MINUTE: Final = 60


class VaultError(BookletError):
    """Base of what the vault refuses. ``says``: the words of a refusal that has only one way to happen."""

    code = "vault_error"
    says: str | None = None

    def __init__(self, words: str | None = None) -> None:
        super().__init__(words or self.says)


class WeakPin(VaultError):
    """Too easy to guess, or not the kind of secret this device needs."""

    code = "weak_pin"


class WrongPin(VaultError):
    """Not the right PIN. ``tries_left`` may still be made, the next one after ``wait`` seconds."""

    code = "wrong_pin"

    def __init__(self, *, tries_left: int, wait: float, what: str = "PIN") -> None:
        left = "1 try is left" if tries_left == 1 else f"{tries_left} tries are left"
        pause = f" You can try again {in_words(wait)}." if wait else ""
        super().__init__(f"That {what} is not right; {left}.{pause} Everything saved is safe.")
        self.tries_left = tries_left
        self.wait = wait


class WaitFirst(VaultError):
    """It is too early for another try. This one did not count."""

    code = "wait_first"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"Too many wrong tries. You can try again {in_words(seconds)}. This try did not count."
        )
        self.seconds = seconds


class FingerRefused(VaultError):
    """The platform did not give what lies behind the finger or face. Nothing was counted or changed."""

    code = "finger_refused"
    says = "It did not open with your finger or face. Give your PIN. This did not count as a try."


class PinFirst(FingerRefused):
    """No finger or face opens this vault before its PIN was given again."""

    code = "pin_first"


class VaultLocked(VaultError):
    """Nobody can open this vault with a PIN any more; the force can, with its recovery key."""

    code = "vault_locked"
    says = (
        "This vault is locked and a PIN can no longer open it. Your work is kept, and what you had "
        "submitted can still be sent. Ask the force's support desk to recover it."
    )


class HeaderRefused(VaultError):
    """The part of the vault that says how to unlock it was changed, weakened or is unreadable."""

    code = "header_refused"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"This vault was not opened: {why}. Nothing was erased and no try was counted. "
            "Tell the force's support desk."
        )
        self.why = why


class SecretsUnreadable(VaultError):
    """The device's key store did not give what it must hold. Nothing was erased."""

    code = "secrets_unreadable"

    def __init__(self, why: str = "it gave no answer") -> None:
        super().__init__(
            f"The key store of this device could not be read ({why}). Nothing was erased. "
            "Restart the device and try again; if it goes on, tell the force's support desk."
        )


class CountMissing(SecretsUnreadable):
    """How far a vault had got is kept from its first day on; without it an older copy would look new."""

    code = "count_missing"

    def __init__(self) -> None:
        super().__init__("how far this vault had got is missing")


class RecoveryKeyUnknown(VaultError):
    """This device does not know the force's recovery key now: new keys would have no way back."""

    code = "recovery_key_unknown"
    says = (
        "This device does not know with which key your force could open this vault again, so nothing "
        "was changed. Everything saved is safe. Tell the force's support desk."
    )


class SecretsNotKept(VaultError):
    """What must be kept outside the vault could not be written. What was kept there before still is."""

    code = "secrets_not_kept"
    says = (
        "This device could not write down what it must remember, so nothing was done. Everything saved "
        "is safe. Free some space (photos, other apps), then try again."
    )


class NoSuchVault(VaultError):
    """There is no vault of that name on this device."""

    code = "no_such_vault"
    says = "There is no such vault on this device. Choose your name from the list again."


class VaultOpen(VaultError):
    """The vault is open in this app already; two would not know of each other's saves."""

    code = "vault_open"
    says = "This vault is already open here. Lock it before opening it again."


class VaultExists(VaultError):
    """This officer already has a vault on this device."""

    code = "vault_exists"
    says = "You already have a vault on this device. Choose your name from the list."


class TooManyVaults(VaultError):
    """The device holds as many vaults as it may."""

    code = "too_many_vaults"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"This device already holds {most} vaults, which is the most it may. "
            "Use another device, or ask for a vault that is no longer used to be removed."
        )


class FolderInUse(VaultError):
    """Another Homeward has this data folder open; two would overwrite each other's work."""

    code = "folder_in_use"
    says = (
        "Homeward is already running with this data folder. Use the one that is open, "
        "or close it and start again. Nothing was changed."
    )


def in_words(seconds: float) -> str:
    """How long, as an officer would say it."""
    whole = max(1, round(seconds))
    if whole < _MINUTE:
        return f"in {whole} second{'s' if whole != 1 else ''}"
    minutes = -(-whole // _MINUTE)
    return f"in {minutes} minute{'s' if minutes != 1 else ''}"
