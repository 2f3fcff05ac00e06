"""The few questions about how somebody looks stand at a suspect, and at nobody else."""

from __future__ import annotations

import pytest

from booklets.forms import Stage
from field_app.ui.places import Mention
from field_app.ui.screens.entity import names_for
from tests.support.handsets import OnShift

LOOKS = ("person.height_band", "person.build", "person.hair_colour", "person.ethnicity_ic", "person.looks")


@pytest.mark.parametrize(
    ("relationship", "shown"), [("suspected_exploiter", True), ("friend_adult", False), ("mother", False)]
)
def test_how_somebody_looks_is_asked_at_whoever_is_suspected(
    officer: OnShift, relationship: str, *, shown: bool
) -> None:
    """They go once one line was written, and what was written stays."""
    session = officer.shift.start("return_check")
    for name, said in {"pi.face_to_face": "yes", "pi.engaged": "yes"}.items():
        session.put(name, said)
    man = session.mention("pi.who")
    session.put("person.relationship", relationship, man)

    def here() -> tuple[str, ...]:
        return names_for(session, Mention("pi.who", man), problems=session.problems(Stage.CAPTURE))

    assert {one for one in LOOKS if one in here()} == (set(LOOKS) if shown else set())
    session.put("person.build", "slim", man)
    session.put("person.looks", "Shaved head, limps", man)
    assert {"person.build", "person.looks"} <= set(here())
    assert "person.height_band" not in here()
