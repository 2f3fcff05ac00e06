"""What a decision let leave, in words: places are heard of by their codes, and people know their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from booklets import definitions
from booklets.in_words import plain_code
from field_app.ui import returning_words

if TYPE_CHECKING:
    from field_app.ui.model import Model

COUNCIL, SCHOOL = "person.la_responsible", "school"


def left(model: Model, targets: Sequence[str]) -> str:
    """One sentence, or nothing where nothing leaves."""
    said = [target.partition(":") for target in dict.fromkeys(targets)]
    return returning_words.left([(kind, _named(model, kind, code)) for kind, _, code in said])


def _named(model: Model, kind: str, code: str) -> str:
    if kind == SCHOOL:
        school = definitions.schools(str(model.shift.force.get("id", ""))).get(code)
        return school.name if school else code
    councils = {one.code: one.label for one in definitions.every_field()[COUNCIL].codes}
    return councils.get(code) or plain_code(code)
