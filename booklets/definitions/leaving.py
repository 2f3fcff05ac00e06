"""What leaves when: for each output its moment, how long it may wait to be decided on, and what then.

Read from ``[release.<output>]`` of a force's file. An output that a force says nothing about has what the
product delivers; a setting that nobody knows is refused, because a limit that does not run is silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from booklets.definitions.tables import Table, nearest
from booklets.fixed_words import FixedWord

LONGEST_MINUTES = 7 * 24 * 60


class Output(FixedWord):
    """What leaves this force for somebody else because of a record."""

    MISSING_NOTICE = "missing_notice"
    RETURN_NOTICE = "return_notice"
    DANGER = "danger"
    REFERRAL = "referral"
    SCHOOL_NOTICE = "school_notice"
    FORCE_RECORDS = "force_records"


class Release(FixedWord):
    """When something may leave: as it arrives, after a supervisor, or after everybody who decides on it.

    ``SPECIALIST`` is the vulnerability team for what it decides on, and the supervisor for everything else.
    """

    SUBMISSION = "submission"
    SUPERVISOR = "supervisor"
    SPECIALIST = "specialist"


class Then(FixedWord):
    """What becomes of something that nobody has decided on in time: it leaves all the same, or never."""

    RELEASE = "release"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """When one output leaves. After ``limit`` more people are told; ``grace`` after that comes ``then``."""

    when: Release
    limit: timedelta = timedelta(hours=8)
    grace: timedelta = timedelta(hours=4)
    then: Then = Then.RELEASE


# README 22. The times are defaults of the product, which each force has to confirm.
DELIVERED: Mapping[Output, Leaving] = MappingProxyType(
    {
        Output.MISSING_NOTICE: Leaving(when=Release.SUBMISSION),
        Output.RETURN_NOTICE: Leaving(when=Release.SUBMISSION),
        Output.DANGER: Leaving(when=Release.SUBMISSION),
        Output.REFERRAL: Leaving(when=Release.SPECIALIST),
        # A school has to know before its day begins: a night is shorter than a referral may wait.
        Output.SCHOOL_NOTICE: Leaving(
            when=Release.SUPERVISOR, limit=timedelta(hours=2), grace=timedelta(hours=1)
        ),
        Output.FORCE_RECORDS: Leaving(when=Release.SPECIALIST),
    }
)


def read_leaving(table: Table) -> Mapping[Output, Leaving]:
    """What a force's file says of each output, and of the others what the product delivers."""
    settings = table.table("release")
    if settings is None:
        return DELIVERED
    for name in settings.content:
        if name not in set(Output):
            raise settings.wrong(
                f"{name!r} is nothing that leaves{nearest(name, [one.value for one in Output])}"
            )
    found = {one: _leaving(settings, one) for one in Output}
    settings.done()
    return MappingProxyType(found)


def _leaving(settings: Table, output: Output) -> Leaving:
    known = DELIVERED[output]
    if isinstance(settings.content.get(output.value), str):
        raise settings.wrong(
            f"{output.value} must be a table of its own, [release.{output.value}], with when, "
            "limit_minutes, grace_minutes and then"
        )
    table = settings.table(output.value)
    if table is None:
        return known
    leaving = Leaving(
        when=table.one_of("when", Release, known.when),
        limit=_minutes(table, "limit_minutes", known.limit),
        grace=_minutes(table, "grace_minutes", known.grace),
        then=table.one_of("then", Then, known.then),
    )
    table.done()
    return leaving


def _minutes(table: Table, key: str, known: timedelta) -> timedelta:
    value = table.raw(key)
    if value is None:
        return known
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LONGEST_MINUTES:
        raise table.wrong(f"{key} must be a number of minutes from 1 to {LONGEST_MINUTES} (a week)")
    return timedelta(minutes=value)
