"""R-10: the children whose ethnicity nobody has recorded, so that it is asked for and not only noticed."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, or_
from starlette.responses import Response

from booklets import definitions
from booklets.answers import Gap
from booklets.in_words import gap
from sync_server.console.doors import Seen
from sync_server.console.gathering import (
    Child,
    days_in,
    fact_of_child,
    gathered,
    listed_of_some_days,
    rule_spoke,
    since,
)
from sync_server.console.overviews import GatheredRow
from sync_server.console.pages import Mark
from sync_server.db.tables import record

RULE = "R-10"
ANSWER, NOT_STATED = "person.ethnicity_sde", "NS"
WHY_NOT = "person.ethnicity_sde_not_stated_reason"
OF_OTHERS = Mark("Of another child, or of a suspect, in it")
NOTES = (
    "Whose own answer does not stand in a record that asks for it, nor why it was not stated.",
    "Sent back with words, a record comes again with the answer. A child who has died stands here no more.",
)


@cache
def forms() -> frozenset[str]:
    """The forms in which the rule asks for it."""
    known = map(definitions.form, definitions.form_ids())
    return frozenset(one.id for one in known if any(rule.id == RULE for rule in one.rules))


def show(seen: Seen) -> Response:
    """The list. That it was read is written down first."""
    days = days_in(seen.request.query_params.get("days", ""))
    with seen.context.store.read() as db:
        which = since(seen, days) & record.c.form.in_(sorted(forms()))
        found, _, _ = gathered(seen, db, which, perhaps=_may_lack())
    rows = tuple(row for one in found if (row := _row(one)))
    return listed_of_some_days(
        seen,
        days,
        rows,
        "ethnicity read",
        heading="Ethnicity not recorded",
        notes=NOTES,
        action="/ethnicity",
        columns=("What stands there",),
        empty="Every child in these records has it, or the reason why not.",
    )


def lacks(child: Child) -> Mark | None:
    """What stands in the place of the child's answer, or None where there is one or its reason."""
    said = child.said(ANSWER)
    if said is None:
        return Mark("Not answered")
    if isinstance(said, Gap):
        return Mark(gap(said))
    if said == NOT_STATED and not child.word(WHY_NOT):
        return Mark("Not stated, and not why")
    return None


def _may_lack() -> ColumnElement[bool]:
    """What the database knows: no answer in this mention, a gap, not stated, or the rule spoke."""
    said = fact_of_child(ANSWER)
    return or_(said.is_(None), said.startswith("{"), said == NOT_STATED, rule_spoke(RULE))


def _row(child: Child) -> GatheredRow | None:
    """The child where something is lacking: of themselves in all records, of others in those that say so."""
    own = lacks(child)
    others = [RULE in row["flags"].get("rules", ()) for row in child.rows]
    marks = (*((own,) if own else ()), *((OF_OTHERS,) if any(others) else ()))
    if not marks:
        return None
    name, about = child.name
    records = [one for one, lacking in zip(child.records(), others, strict=True) if own or lacking]
    return GatheredRow(name, about, (marks,), tuple(records), child.marks)
