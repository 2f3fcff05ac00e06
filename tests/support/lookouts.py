"""A missing child's report with something secret in every place that is never read out, and its card."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from booklets import definitions, lookout
from booklets.answers import Answer, Gap, Moment, Why
from booklets.encounters import Encounter
from booklets.entities import Entity
from booklets.forms import IN_ROWS, Field, Kind, Stage
from booklets.lookout import Card, Line
from booklets.records import Record
from booklets.sending import Sending, records_of
from booklets.stamps import Stamp
from tests.support.missing import HONEST, LEO, NOW, a_row, guide, written
from tests.support.walks import FORCE

SECRET = "Quillfeather"
"""A word that stands nowhere else: where it turns up, something was let out."""
PLAN = definitions.lookout()
READ_OUT = frozenset(name for line in PLAN.lines for name in line.named())


def card_of(
    changed: Mapping[str, Answer | None] | None = None, *people: Entity, child: Entity = LEO
) -> Card:
    """The card of the honest report with these answers changed."""
    return drawn(written({**HONEST, **(changed or {})}, *people, child=child))


def drawn(encounter: Encounter) -> Card:
    """The card of a report as it is written."""
    return lookout.from_encounter(encounter, guide(), definitions.force(FORCE))


def line(card: Card, id_: str) -> Line:
    """One line of a card."""
    [found] = [one for one in card.lines if one.id == id_]
    return found


def spoken(card: Card) -> str:
    """Everything on a card, as it is read out."""
    return "\n".join(
        [card.child, card.over, *card.cautions, *(one.spoken() for one in card.lines), *card.left_out]
    )


def secret(one: Field) -> Answer:
    """An answer to a question that carries the secret wherever it can."""
    if one.kind in IN_ROWS:
        return a_row(**{column.id: SECRET for column in one.columns})
    if one.kind is Kind.MOMENT:
        return Moment(NOW - timedelta(days=300))
    if one.kind is Kind.YES_NO:
        return "yes"
    return SECRET


def never_read_out() -> dict[str, Answer]:
    """A secret answer to every question of the report that no line of the card names."""
    ways_out = {name for part in (*PLAN.over, *PLAN.cautions) for name in part.when.fields()}
    return {
        one.id: secret(one) for one in guide().fields() if one.id not in READ_OUT and one.id not in ways_out
    }


def left_open(name: str) -> Gap:
    """No answer to a question, with a secret in the officer's own note on it."""
    return Gap(Why.NOT_KNOWN if name.startswith("mis.") else Why.NOT_ASKED, SECRET)


def sent(encounter: Encounter) -> tuple[Record, ...]:
    """The records that the report becomes."""
    return records_of(
        encounter,
        guide(),
        Sending(
            at=Stamp(NOW),
            device="handheld-1",
            app_version="0.1.0",
            stage=Stage.CAPTURE,
            force=definitions.force(FORCE),
            clocks=definitions.clocks(),
        ),
    )
