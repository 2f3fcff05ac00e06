"""A forgotten PIN: ask the force for the vault's key, wait until two have agreed, set a new PIN."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from booklets.errors import BookletError
from field_app.store.keeper import Keeper
from field_app.sync.failures import SyncFailed
from field_app.sync.locked import KeyAsked, LockedClient
from field_app.vault.device import DeviceKeys
from field_app.vault.open_vault import OpenVault
from field_app.vault.vaults import Vaults

MADE_WITHOUT = (
    "This vault was made without a way for your force to open it. It is kept as it is. "
    "Tell the support desk."
)
FOR_ANOTHER = (
    "Your force has answered for a key that this phone does not have. Everything is kept. "
    "Ask again; if it goes on, tell the support desk."
)
NOT_ANSWERED = "Your force has not answered yet. Everything is kept. Ask again."


class NoWayBack(BookletError):
    """This vault was made without a way for the force to open it, or the force has not answered yet."""

    code = "no_way_back"


class Recovering:
    """Asks, and opens with the answer. The answer is kept in memory alone: it can be asked for again."""

    def __init__(
        self,
        *,
        keeper: Keeper,
        vaults: Callable[[], Vaults],
        keys: Callable[[], DeviceKeys],
        connect: Callable[[], LockedClient],
        may_open: Callable[[], None],
    ) -> None:
        self._keeper = keeper
        self._vaults = vaults
        self._keys = keys
        self._connect = connect
        self._may_open = may_open
        self._answers: dict[str, KeyAsked] = {}

    def ask(self, vault: str, *, again: bool = False) -> KeyAsked:
        """Ask for this vault's key, or how far that has come. Asking twice asks nothing new."""

        def look() -> tuple[str, str, bytes]:
            envelope = self._vaults().header(vault).recovery
            if envelope is None:
                raise NoWayBack(MADE_WITHOUT)
            return self._vaults().header(vault).officer, envelope.to.kid, envelope.sealed

        officer, kid, sealed = self._keeper.call(look).result()
        with closing(self._connect()) as client:
            asked = client.ask_for_key(
                vault=bytes.fromhex(vault), officer=officer, kid=kid, sealed=sealed, again=again
            )
        if asked.answer:
            self._answers[vault] = asked
        return asked

    def open(self, vault: str, pin: str) -> OpenVault:
        """Open the vault with the force's answer; from now on it has this PIN. Everything in it is there."""
        answer = self._answers.get(vault)
        if answer is None:
            raise NoWayBack(NOT_ANSWERED)

        def work() -> OpenVault:
            self._may_open()
            try:
                key = self._keys().kems[answer.suite]
            except KeyError:
                raise NoWayBack(FOR_ANOTHER) from None
            return self._vaults().recover(vault, answer.answer, key=key, pin=pin)

        opened = self._keeper.call(work).result()
        del self._answers[vault]
        return opened

    def say_used(self, vault: str) -> None:
        """Tell the force that the key was used. Where that is lost, its answer ends by itself."""
        try:
            with closing(self._connect()) as client:
                client.key_used(bytes.fromhex(vault))
        except SyncFailed:
            return
