"""What shows how well records are made, each a condition that the register can be narrowed by.

The figures of the quality page and the lists behind them ask the same conditions, so that a number and its
list cannot say two things. What was withdrawn counts nowhere: it was about another child, or about nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from booklets import definitions
from booklets.clocks import PPN_CLOCK, RETURN_CLOCK
from booklets.reading import THE_CHILD
from sync_server.console import words
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State, decision, record
from sync_server.flags import ANSWERED_FOR
from sync_server.referrals import PPN

CAME_LATE, HELD_UP = "R-16a", "R-59"
"""The rules that find that a PPN came late (in its form), and that a council was told late (in these)."""
TELLS_A_COUNCIL = ("ret", "mis", "ppr")
COUNCIL_TASKS = (RETURN_CLOCK, "council_told_of_missing", "council_told_of_protection")


class Shows(StrEnum):
    """What a record shows, by the word for it in an address."""

    COUNTED = "counted"
    GAPS = "gaps"
    MISSING = "missing"
    SENT_BACK = "sent_back"
    EMERGENCY = "emergency"
    PPN_LATE = "ppn_late"
    COUNCIL_LATE = "council_late"
    KEPT = "kept"
    ANSWERED = "answered"


SAID: Mapping[Shows, str] = {
    Shows.COUNTED: "Everything that was not withdrawn",
    Shows.GAPS: "Something not answered, with its reason",
    Shows.MISSING: "Something still needed",
    Shows.SENT_BACK: "Sent back at least once",
    Shows.EMERGENCY: "Sent as an emergency",
    Shows.PPN_LATE: "PPN late, or late and not here yet",
    Shows.COUNCIL_LATE: "Council told late",
    Shows.KEPT: "A rule asked, and it stayed as it was",
    Shows.ANSWERED: "A rule asked, and a reason answered it",
}
FLAG_OF: Mapping[Shows, str] = {
    Shows.GAPS: "gaps",
    Shows.MISSING: "missing",
    Shows.EMERGENCY: "overrides",
    Shows.KEPT: "standing",
    Shows.ANSWERED: ANSWERED_FOR,
}
"""Where the register lists the questions or rules for which a record shows it."""


def shows_in(word: str) -> Shows | None:
    """What an address asks for, or None."""
    return next((one for one in Shows if one.value == word), None)


def condition(shows: Shows, about: str, force: str, now: datetime) -> ColumnElement[bool]:
    """The rows of the register that show it; ``about`` is a question or a rule, or empty for any."""
    kept = record.c.state != State.WITHDRAWN.value
    if shows in FLAG_OF:
        return and_(kept, _lists(FLAG_OF[shows], about))
    return and_(kept, _OTHERWISE[shows](force, now))


def _lists(flag: str, about: str) -> ColumnElement[bool]:
    """Whether a flag's list has this one in it, or anything. Read as text: each database has its own way."""
    whole = func.coalesce(record.c.flags[flag].as_string(), "[]")
    return whole.contains(f'"{about}"', autoescape=True) if about else whole != "[]"


def sent_back(force: str) -> ColumnElement[bool]:
    """The decisions, by a supervisor or the vulnerability team, that sent a record back."""
    return and_(decision.c.force == force, decision.c.stands, decision.c.state == State.RETURNED.value)


def _sent_back(force: str, _now: datetime) -> ColumnElement[bool]:
    return record.c.record.in_(select(decision.c.record).where(sent_back(force)))


def _ppn_late(force: str, now: datetime) -> ColumnElement[bool]:
    """The notice that came late itself; or, as long as none has come, the record that asked for it."""
    came = and_(record.c.record_type == PPN, _lists("rules", CAME_LATE))
    owed = select(task.c.record).where(task.c.force == force, task.c.kind == PPN_CLOCK, _open_and_late(now))
    return or_(came, record.c.record.in_(owed))


def _council_late(force: str, now: datetime) -> ColumnElement[bool]:
    """By what the record says itself; or nobody had told the council when the time was over."""
    late = or_(task.c.late_told_at.is_not(None), _open_and_late(now))
    owed = select(task.c.record).where(task.c.force == force, task.c.kind.in_(COUNCIL_TASKS), late)
    says = and_(record.c.form.in_(TELLS_A_COUNCIL), _lists("rules", HELD_UP))
    return or_(says, record.c.record.in_(owed))


def _open_and_late(now: datetime) -> ColumnElement[bool]:
    return and_(task.c.status == TaskState.OPEN.value, task.c.due_at < now)


_OTHERWISE: Mapping[Shows, Callable[[str, datetime], ColumnElement[bool]]] = {
    Shows.COUNTED: lambda _force, _now: true(),
    Shows.SENT_BACK: _sent_back,
    Shows.PPN_LATE: _ppn_late,
    Shows.COUNCIL_LATE: _council_late,
}


def question_or_rule(about: str) -> str:
    """A question in its own words, or a rule by its number."""
    asked = definitions.every_field().get(about)
    return _of_no_child(asked.label) if asked else about


def rule_said(form: str, rule: str) -> str:
    """What a rule of this form says, whatever the record; its number where it is not known."""
    known = definitions.form(form).rules if form in definitions.form_ids() else ()
    says = next((one.says for one in known if one.id == rule), "")
    return _of_no_child(says.replace("{words}", "…")) if says else words.plain_code(rule)


def _of_no_child(text: str) -> str:
    said = text.replace("{name}", THE_CHILD)
    return said[:1].upper() + said[1:]
