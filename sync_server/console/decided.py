"""Revisions of a record and what was decided on them, by whom and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select

from booklets.decisions import Ask, Decision, Direction, Outcome, decision_of
from booklets.errors import WireError
from sync_server import evidence
from sync_server.console import words
from sync_server.console.pages import DecisionView, Fact, RevisionView
from sync_server.console.reading import Reader
from sync_server.context import Context
from sync_server.db.tables import Kept, State, decision, submission
from sync_server.deciding.states import DECIDED_BY
from sync_server.deciding.verdicts import words_of
from sync_server.identity.accounts import Role

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.APPROVE: "Approved",
    Outcome.RETURN: "Sent back",
    Outcome.RETURN_URGENT: "Sent back, urgent",
    Outcome.ESCALATE: "Passed to the incident manager",
    Outcome.RECALL: "Taken back, to be decided on here",
    Outcome.ESCALATE_VAT: "Passed to the vulnerability team",
}
PASSED_ON = "Passed on"
WHY_VOID: Mapping[str, str] = {
    "not_a_supervisor": "whoever decided may not decide on this",
    "other_unit": "whoever decided belongs to another unit",
    "own_record": "nobody decides on what they wrote themselves",
    "moved_on": "the record had moved on to another revision",
    "already_decided": "somebody else had decided before",
    "withdrawn": "the officer had withdrawn the record",
    "unknown_record": "there is no such record",
    "no_manager": "this force has no incident manager who could decide instead",
    "both_gates": "whoever approved it as supervisor does not pass it on as the vulnerability team too",
    "unreadable": "it could not be read",
}


def revisions_of(
    db: Connection, row: RowMapping, *, shown: int, names: Mapping[str, str]
) -> list[RevisionView]:
    """Every revision that is kept, the newest first."""
    c = submission.c
    query = (
        select(c.rev, c.received_at, c.officer)
        .where(c.record == row["record"], c.state == Kept.STORED.value)
        .order_by(c.rev.desc())
    )
    here = f"/records/{row['record']}"
    return [
        RevisionView(
            number=one.rev,
            arrived=words.day_and_time(one.received_at),
            by=names.get(one.officer, one.officer),
            state="Newest" if one.rev == row["rev"] else "Replaced by a later one",
            href=here if one.rev == row["rev"] else f"{here}/revisions/{one.rev}",
            changes=f"{here}/revisions/{one.rev}/changes" if one.rev > 1 else "",
            here=one.rev == shown,
        )
        for one in db.execute(query).all()
    ]


def decisions_of(
    context: Context, db: Connection, row: RowMapping, reader: Reader, names: Mapping[str, str]
) -> Iterator[DecisionView]:
    """What was decided, the newest first, also what does not count."""
    query = select(decision).where(decision.c.record == row["record"]).order_by(decision.c.id.desc())
    for one in db.execute(query).mappings():
        why, known = _said(context, db, one)
        yield DecisionView(
            at=words.day_and_time(one["at"]),
            by=f"{names.get(one['by'], one['by'])}, {words.ROLES.get(one['role'], one['role'])}",
            outcome=outcome_of(one),
            revision=one["rev"],
            void="" if one["stands"] else WHY_VOID.get(one["why_void"], words.plain_code(one["why_void"])),
            why=why,
            asks=tuple(
                _ask(ask, reader)
                for ask in (known.asks if known else ())
                if ask.record == UUID(row["record"])
            ),
            directions=tuple(map(_direction, known.directions if known else ())),
            nothing_more=known.nothing_more if known else "",
            well=known.well if known else "",
            href=f"/records/{one['decision_record']}" if one["decision_record"] else "",
            due=words.day_and_time(one["due_at"]) if one["due_at"] else "",
            despite=tuple(
                f"Decided although {over.rule} stood against it: {over.reason}"
                for over in (known.despite if known else ())
            ),
        )


def may_triage(row: RowMapping, roles: frozenset[Role]) -> bool:
    """Whether it is the vulnerability team's turn, and this is somebody of it."""
    return DECIDED_BY.get(State(row["state"])) is Role.VAT and Role.VAT in roles


def outcome_of(one: RowMapping) -> str:
    """What was decided, in a few words."""
    if one["role"] == Role.VAT and one["outcome"] == Outcome.APPROVE:
        return PASSED_ON
    return OUTCOMES.get(one["outcome"], words.plain_code(one["outcome"]))


def _said(context: Context, db: Connection, one: RowMapping) -> tuple[str, Decision | None]:
    """Why, and all that the decision's own record says; one made at a desk has words alone."""
    if not one["decision_record"]:
        return words_of(db, context, one), None
    kept = evidence.record_as_of(db, context.keys.safe, one["decision_record"], one["received_at"])
    if kept is None:
        return "", None
    try:
        known = decision_of(kept)
    except WireError:
        return "", None
    return known.why, known


def _direction(one: Direction) -> Fact:
    by = f", by {words.day_and_time(one.by)}" if one.by else ""
    return Fact(f"{one.who}{by}", one.what)


def _ask(ask: Ask, reader: Reader) -> Fact:
    labels = {field.id: field.label for field in reader.form.fields()}
    return Fact(reader.label(labels.get(ask.question, ask.question)), ask.asks)
