"""What the store refuses, and what it says when it does.

    BookletError
    └── StoreError
        ├── StoreFull         no room: nothing changed, everything saved before is safe
        ├── StoreBroken       the storage failed underneath: close and open again
        ├── StoreTampered     what lies on disk is not what this app wrote
        ├── StoreRolledBack   an older copy of the whole store was put back
        ├── ReadOnlyStore     looking is allowed, changing is not
        ├── NewerStore        written by a newer version of the app
        ├── NeverReleased     written by a version that was never given out
        └── NotThisStep       an item in the outbox cannot go from here to there

No message ever holds what an officer wrote.
"""

from __future__ import annotations

from booklets.errors import BookletError


class StoreError(BookletError):
    """Base of what the store refuses."""

    code = "store_error"


class StoreFull(StoreError):
    """There was no room. The last change was not made; every save before it is safe."""

    code = "store_full"

    def __init__(self) -> None:
        super().__init__(
            "This device is full, so the last change was not saved. Everything saved before it is safe. "
            "Free some space (photos, other apps), then carry on: the next save will work."
        )


class StoreBroken(StoreError):
    """The storage failed in a way that leaves no certainty until it is opened again."""

    code = "store_broken"

    def __init__(self, why: str = "the device could not write to its storage") -> None:
        super().__init__(
            f"The last change may not have been saved: {why}. Every save that was confirmed is kept. "
            "Lock the app and unlock it again before going on."
        )


class StoreTampered(StoreError):
    """What lies on disk is not what this app wrote there."""

    code = "store_tampered"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The saved work on this device has been changed outside the app ({what}). "
            "Nothing was erased. Do not use it as evidence; tell the force's support desk."
        )
        self.what = what


class StoreRolledBack(StoreError):
    """An older copy of the whole store was put back: later saves are missing from it."""

    code = "store_rolled_back"

    def __init__(self, *, found: int, expected: int) -> None:
        super().__init__(
            "An older copy of the saved work was put back on this device. You can read it but not add to it."
            " Later work may be missing; tell the force's support desk."
        )
        self.found = found
        self.expected = expected


class ReadOnlyStore(StoreError):
    """Looking is allowed, changing is not."""

    code = "read_only_store"

    def __init__(self) -> None:
        super().__init__(
            "This saved work can be read but not changed, because an older copy was put back. "
            "Nothing was changed now. Tell the force's support desk."
        )


class NewerStore(StoreError):
    """A newer version of the app wrote this, and this version must not guess at it."""

    code = "newer_store"

    def __init__(self, *, found: int, known: int) -> None:
        super().__init__(
            "The saved work was written by a newer version of Homeward. Nothing was changed. "
            "Update the app on this device, then unlock again."
        )
        self.found = found
        self.known = known


class NeverReleased(StoreError):
    """A version of the app wrote this that was never given out. There is nothing of anybody's in it."""

    code = "never_released"

    def __init__(self) -> None:
        super().__init__(
            "This saved work was written by a version of Homeward that was never given out, and this one "
            "does not read it. Nothing was changed. Tell the force's support desk."
        )


class NotThisStep(StoreError):
    """An item in the outbox cannot go from where it is to where it was told to go."""

    code = "not_this_step"
