"""A process in which an officer works and locks, without a screen, whose memory is read from outside.

It is told the PIN and the words to type in disguise, and tells in disguise every key that it ever had: what
is told plainly would lie in its memory because of the telling.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from booklets.forms import Stage
from field_app.capture.session import CaptureSession
from field_app.handset import device
from field_app.handset.device import Handset
from field_app.handset.shift import Shift
from field_app.vault import generations, hardware, keys, row_seal
from field_app.vault.row_seal import VaultSeal
from field_app.vault.secrets import DemoSecretStore
from tests.field_app.sync.desks import a_session, enrolled_with
from tests.support.handsets import GUIDE, a_handset, found_child, set_up
from tests.support.portals import SmallForce, nobody_there

SCRUBS, KEEPS = "scrubs", "keeps"
_MASK: Final = 0x5A
_KEY: Final = 32


def disguised(said: bytes) -> str:
    """Bytes as they may be told."""
    return bytes(one ^ _MASK for one in said).hex()


def plain(told: str) -> bytearray:
    """What was told in disguise, where it can be overwritten."""
    return bytearray(one ^ _MASK for one in bytes.fromhex(told))


class KeysSeen:
    """Every key that the vault makes, derives or unwraps, in disguise."""

    def __init__(self) -> None:
        self.told: set[str] = set()

    def watching(self, of: Any, name: str) -> Any:
        """Note what a function gives, if it is as long as a key."""
        really: Callable[..., Any] = getattr(of, name)

        def noting(*args: Any, **kwargs: Any) -> Any:
            given = really(*args, **kwargs)
            if given is not None and len(given) == _KEY:
                self.told.add(disguised(given))
            return given

        return patch.object(of, name, noting)

    @contextmanager
    def all_of_them(self) -> Iterator[None]:
        """Watch wherever a key comes from."""
        with ExitStack() as stack:
            for of, name in (
                (os, "urandom"),
                (keys, "_derived"),
                (generations, "stretch"),
                (generations, "unwrap"),
                (VaultSeal, "_unwrapped"),
            ):
                stack.enter_context(self.watching(of, name))
            yield


def type_what_was_heard(session: CaptureSession, told: Sequence[str]) -> None:
    """Put the words where names, places and accounts go."""
    word = [plain(one).decode() for one in told]
    found_child(session, {"pi.prevent": f"She said {word[0]} had driven her to {word[1]}."})
    session.put("person.known_as", word[2])
    session.put("person.surname", word[3])


def work(handset: Handset, told: Sequence[str], pin: str) -> None:
    """What an officer does in an hour: a vault is made and opened again, one check is sent, one goes on."""
    handset.new_vault(a_session(), pin=plain(pin).decode(), display_name="PC Sample")
    handset.lock()
    vault = handset.standing().officers[0].vault
    shift = handset.unlock(vault, plain(pin).decode())
    first = shift.start(GUIDE)
    type_what_was_heard(first, told[:4])
    first.problems(Stage.CAPTURE)
    shift.send(first, stage=Stage.CAPTURE, emergency="The radio calls us to the next one.")
    second = shift.start(GUIDE)
    type_what_was_heard(second, told[4:8])
    second.problems(Stage.CAPTURE)
    shift.put_down()
    shift.home()


@contextmanager
def nothing_overwritten() -> Iterator[None]:
    """The control: the lock lets go of everything, as it always does, and nothing of it is overwritten.

    It holds on to nothing either: what is found afterwards lies in memory that is free.
    """
    with ExitStack() as stack:
        for of in (keys, generations, hardware, row_seal):
            stack.enter_context(patch.object(of, "scrub"))
        stack.enter_context(patch.object(device, "sweep"))
        yield


def main(folder: Path, how: str) -> None:
    """Work, tell the keys, wait to be read, lock, wait to be read again."""
    told = json.loads(sys.stdin.readline())
    seen, secrets = KeysSeen(), DemoSecretStore(folder / "secrets")
    with ExitStack() as stack:
        address = stack.enter_context(nobody_there())
        stack.enter_context(seen.all_of_them())
        if how == KEEPS:
            stack.enter_context(nothing_overwritten())
        set_up(secrets, enrolled_with(SmallForce(address=address)))
        handset = stack.enter_context(a_handset(folder, secrets=secrets))
        handset.open()
        work(handset, told["words"], told["pin"])
        say(sorted(seen.told))
        handset.lock()
        gc.collect()
        say([type(one).__name__ for one in gc.get_objects() if isinstance(one, (Shift, CaptureSession))])


def say(what: Sequence[object]) -> None:
    """Tell it, and wait to be told to go on."""
    print(json.dumps(what), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
