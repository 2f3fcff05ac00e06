"""What a force's file has to hold: whatever a form, a rule or a clock leaves to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from booklets.clocks import Clock, setting
from booklets.definitions.leaving import read_leaving
from booklets.definitions.retaining import read_retaining
from booklets.definitions.tables import Table
from booklets.forms import Form, Rule
from booklets.school_days import SETTING, read_school_days
from booklets.schools import SETTING as SCHOOLS
from booklets.schools import read_schools
from booklets.signs import BY_SYSTEM

THRESHOLDS: Final = "thresholds"
"""The argument of a rule that a force answers with a list of limits and not with a number."""
SWITCH: Final = "applies"
"""The one that it answers with true or false."""


def check_force(table: Table, forms: Sequence[Form], clocks: Sequence[Clock]) -> None:
    """Refuse a force's file that lacks what a form or a clock names after ``@``, or as a limit."""
    for form in forms:
        for rule in form.rules:
            _check_rule(table, rule, f"rule {form.prefix} {rule.id}")
        for one in form.fields():
            if one.limit and not isinstance(table.content.get(one.limit), list):
                raise table.wrong(f"{one.limit!r} is missing: {one.id} needs a list of codes")
    for clock in clocks:
        _check_clock(table, clock)
    if any(one.school_day for one in clocks):
        _check_school_days(table)
    _check_schools(table)
    if not isinstance(table.content.get(BY_SYSTEM), bool):
        raise table.wrong(f"{BY_SYSTEM!r} is missing: a report of a missing child needs true or false")
    read_leaving(table)
    read_retaining(table, [one.record_type for one in forms])


def _check_rule(table: Table, rule: Rule, why: str) -> None:
    for argument, name in _left_to_force(rule):
        value = table.content.get(name)
        if argument == THRESHOLDS:
            _check_limits(table, name)
        elif argument == SWITCH:
            if not isinstance(value, bool):
                raise table.wrong(f"{name!r} is missing: {why} needs true or false")
        else:
            _check_number(table, name, why)


def _left_to_force(rule: Rule) -> Iterator[tuple[str, str]]:
    """Each argument of a rule that the force answers, with the name of the setting."""
    named = [*rule.args.items(), ("", rule.task.within_minutes if rule.task else 0)]
    for argument, value in named:
        if isinstance(value, str) and value.startswith("@"):
            yield argument, value[1:]


def _check_clock(table: Table, clock: Clock) -> None:
    if isinstance(clock.minutes, str):
        _check_number(table, clock.minutes[1:], f"clock {clock.id}")
    minutes = setting(clock.minutes, table.content)
    if clock.at_most and isinstance(minutes, int) and minutes > clock.at_most:
        raise table.wrong(f"{clock.minutes}: {clock.id} lasts {clock.at_most} minutes in law, and no longer")


def _check_number(table: Table, name: str, why: str) -> None:
    value = table.content.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise table.wrong(f"{name!r} is missing: {why} needs a number")


def _check_school_days(table: Table) -> None:
    try:
        read_school_days(table.content.get(SETTING))
    except ValueError as error:
        raise table.wrong(f"{SETTING}: {error}") from None


def _check_schools(table: Table) -> None:
    try:
        read_schools(table.content.get(SCHOOLS))
    except ValueError as error:
        raise table.wrong(f"{SCHOOLS}: {error}") from None


def _check_limits(table: Table, name: str) -> None:
    """Refuse limits of "so often in so many days" that are not written like that (R-31)."""
    limits = table.tables(name)
    if not limits:
        raise table.wrong(
            f"{name!r} is missing: a list of {{ times, days }}, each with also where it needs it"
        )
    for one in limits:
        if not one.whole("times", 0) or not one.whole("days", 0):
            raise one.wrong("a limit says how many times in how many days")
        one.text("also", "")
        one.done()
