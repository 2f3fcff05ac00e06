"""Drafts that were begun before the forms changed, in the store where an older app left them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from booklets import definitions
from booklets.answers import Answer, frozen
from booklets.drafts import encounter_to_json
from booklets.encounters import Encounter
from field_app.store.drafts import DraftStore
from tests.support.handsets import OnShift
from tests.support.sent_back import moved
from tests.support.walks import HONEST, NOW, check_of

FIRST = "2026.1"
RETURN, INTERVIEW = (definitions.form_in(id_, FIRST) for id_ in ("ret", "pvi"))
ASKED_ONCE = RETURN.names | INTERVIEW.names


def begun_in_the_first_editions(officer: OnShift, said: Mapping[str, Answer] | None = None) -> Encounter:
    """A whole return check as far as the first editions asked it, for this officer."""
    now = officer.handset.clock.now().replace(second=0, microsecond=0)
    answers = {name: answer for name, answer in moved(HONEST, now - NOW).items() if name in ASKED_ONCE}
    return replace(
        check_of({}),
        officer=officer.shift.author,
        started=officer.shift.stamp(),
        unit=officer.shift.officer.unit,
        answers=frozen(answers | dict(said or {})),
        editions={},
        guide_version=FIRST,
    )


def left_by_an_older_app(officer: OnShift, encounter: Encounter) -> None:
    """Put a draft on the disk as an app of that time did: it noted its guide's version and no editions."""
    document = encounter_to_json(encounter)
    del document["editions"]
    officer.on_keeper(lambda: DraftStore(officer.shift._vault.db).save(document))
