"""A phone that runs full, for real: run in a mount namespace of its own (``unshare --mount``).

It makes a file system of four MiB, lets a photo take all of it, and says what became of what was written.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from field_app.store.errors import StoreFull
from field_app.store.room import room_in
from tests.support.handsets import GUIDE, OnShift, an_offline_shift, found_child
from tests.support.vaults import PIN

MIB = 4
LONG = "He said it twice. " * 4_000
WORDS = "pi.why_left"


def main(folder: Path) -> None:
    """Warned before, refused in words, and the very next save works once there is room again."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MIB}m", "phone", str(folder)], check=True)
    with an_offline_shift(folder) as officer:
        session = officer.shift.start(GUIDE)
        found_child(session)
        officer.shift.put_down()
        assert officer.handset.room().is_gone, "so little is said before it runs out"
        officer.shift.logbook.waiting()  # what is noted behind the screen is on the disk by then
        photo = folder / "photo"
        photo.write_bytes(b"\0" * room_in(folder).left)
        session.put(WORDS, LONG)
        assert _is_refused(officer)
        kept = officer.draft(session)
        assert kept is not None
        assert kept.child() == session.encounter.child(), "what was saved before is whole"
        photo.unlink()
        officer.shift.put_down()
        (listed,) = officer.handset.lock().officers
        again = officer.handset.unlock(listed.vault, PIN).resume(str(session.encounter.id))
        assert again is not None
        assert again.value(WORDS) == LONG
    print("nothing lost")  # noqa: T201 - what the test looks for


def _is_refused(officer: OnShift) -> bool:
    """Whether the save finds no room, and says so."""
    try:
        officer.shift.put_down()
    except StoreFull as full:
        return "Free some space" in str(full)
    return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
