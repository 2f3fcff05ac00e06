"""Every change is on the disk within half a second, also while the officer keeps typing.

Throttled, not debounced: the first change after a save starts the wait, and
further changes do not prolong it. Saving happens on the keeper's thread; what is
saved is always the newest state at that moment, whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from booklets.encounters import Encounter
from field_app.store.errors import StoreError

LONGEST_WAIT_S = 0.25  # well inside the promised half second, the save itself included


class Autosave:
    """Keeps one encounter saved.

    ``save`` hands an encounter to the keeper and returns at once with a future;
    ``saved`` and ``failed`` are called from the keeper's thread.
    """

    def __init__(
        self,
        save: Callable[[Encounter], Future[None]],
        *,
        saved: Callable[[Encounter], None],
        failed: Callable[[BaseException], None],
        wait_s: float = LONGEST_WAIT_S,
    ) -> None:
        self._save = save
        self._saved = saved
        self._failed = failed
        self._wait_s = wait_s
        self._gate = threading.Lock()
        self._newest: Encounter | None = None
        self._begun = 0  # how many saves have been asked for
        self._under_way: Future[None] | None = None
        self._timer: threading.Timer | None = None

    def changed(self, encounter: Encounter) -> None:
        """Note the newest state. It will be saved within the wait, whatever comes after."""
        with self._gate:
            self._newest = encounter
            if self._timer is None:
                self._timer = threading.Timer(self._wait_s, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> Future[None] | None:
        """Save now whatever is not saved yet. Gives the future of the newest save, if one is under way."""
        with self._gate:
            encounter, self._newest = self._newest, None
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if encounter is None:
                return self._under_way
            self._begun += 1
            number, future = self._begun, self._asked(encounter)
            self._under_way = future
        future.add_done_callback(lambda done: self._settle(done, encounter, number))
        return future

    def _asked(self, encounter: Encounter) -> Future[None]:
        """A save, also where there is nobody left to do it: then it has failed like any other."""
        try:
            return self._save(encounter)
        except StoreError as gone:
            refused: Future[None] = Future()
            refused.set_exception(gone)
            return refused

    def _settle(self, done: Future[None], encounter: Encounter, number: int) -> None:
        failure = done.exception()
        if failure is None:
            self._saved(encounter)
            return
        with self._gate:  # kept for the next try, unless a newer state waits or is already being saved
            if self._newest is None and number == self._begun:
                self._newest = encounter
        self._failed(failure)
