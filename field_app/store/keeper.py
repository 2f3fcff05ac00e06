"""One thread owns the open vault. Everyone else asks it, and waits for its answer elsewhere.

sqlite connections belong to the thread that made them, and two saves at once would have to agree
on an order. With one keeper both questions are gone: what is asked first happens first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from field_app.store.errors import StoreError

P = ParamSpec("P")
T = TypeVar("T")


class KeeperGone(StoreError):
    """The app is closing: the keeper takes no more work. What was asked before is done."""

    code = "keeper_gone"

    def __init__(self) -> None:
        super().__init__("Homeward is closing, so this was not done. Everything saved before is safe.")


class Keeper:
    """The one thread in which the vault is opened, read, changed and closed."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper")
        self._gate = threading.Lock()
        self._open = True

    def call(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have something done on the keeper's thread, after all that was asked before."""
        with self._gate:
            if not self._open:
                raise KeeperGone
            return self._worker.submit(fn, *args, **kwargs)

    def close(self, last: Callable[[], object] | None = None) -> None:
        """Finish what was asked, then ``last`` (locking the vault), then stop. Safe to call twice."""
        with self._gate:
            if not self._open:
                return
            self._open = False
            farewell = self._worker.submit(last) if last else None
        self._worker.shutdown(wait=True)
        if farewell is not None:
            farewell.result()

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
