"""The timed duties of ``clocks.toml``, each held against the questions it runs on."""

from __future__ import annotations

from collections.abc import Mapping

from booklets.clocks import Basis, Clock
from booklets.conditions import ALWAYS, NEVER
from booklets.definitions.tables import Table, check_condition, nearest, refuse_twins
from booklets.forms import Field, Kind


def read_clocks(table: Table, known: Mapping[str, Field]) -> tuple[Clock, ...]:
    """The clocks of one table, held against the questions they run on."""
    found = tuple(_clock(one, known) for one in table.tables("clock"))
    table.done()
    refuse_twins(table, (clock.id for clock in found), "clock")
    return found


def _clock(table: Table, known: Mapping[str, Field]) -> Clock:
    clock = Clock(
        id=table.text("id"),
        title=table.text("title"),
        starts=table.words("starts"),
        minutes=table.minutes("minutes"),
        basis=table.one_of("basis", Basis),
        owner=table.owner(),
        stops=table.text("stops", ""),
        when=table.condition("when", prefix="", default=ALWAYS),
        unless=table.condition("unless", prefix="", default=NEVER),
        end_of_shift=table.flag("end_of_shift"),
        school_day=table.flag("school_day"),
        or_begun=table.flag("or_begun"),
        at_most=table.whole("at_most", 0),
        source=table.text("source", ""),
        unverified=table.flag("unverified"),
    )
    table.done()
    if not clock.starts:
        raise table.wrong("starts must name a field that holds a moment")
    for name in (*clock.starts, *((clock.stops,) if clock.stops else ())):
        if name not in known:
            raise table.wrong(f"no form has a field {name!r}{nearest(name, known)}")
    for name in clock.starts:
        if known[name].kind is not Kind.MOMENT:
            raise table.wrong(f"starts: {name} is a {known[name].kind} and not a moment")
    check_condition(table, "when", clock.when, known, {})
    check_condition(table, "unless", clock.unless, known, {})
    return clock
