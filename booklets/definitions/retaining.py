"""How long a server keeps what it was sent (S-09): by group, since when, and when it is looked at again.

Read from ``[retention]`` of a force's file. Nothing is destroyed because a time is over: then a person is
asked, who keeps it with a reason until a day, or has it destroyed. A force that says nothing has what the
product delivers, which its records manager has to confirm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from booklets.definitions.tables import Table, nearest

LONGEST_YEARS = 120


class Group(StrEnum):
    """The review groups, the gravest first: in this order they also compare."""

    ONE = "group_1"
    TWO = "group_2"
    THREE = "group_3"
    FOUR = "group_4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Of one group: years until it is first looked at, the longest from then on, and the child's age.

    Before the child is ``to_age`` years old nothing of this group is destroyed; 0: there is no such age.
    """

    years: int
    again_years: int
    to_age: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retaining:
    """What a force has decided about keeping.

    ``of`` gives a record type its group and ``signs`` is that of any record with a sign of danger or harm;
    ``take_back`` is how long somebody can still take back that something is destroyed, and ``backups`` how
    long the force keeps a copy of the database.
    """

    terms: Mapping[Group, Term]
    of: Mapping[str, Group]
    signs: Group
    otherwise: Group
    take_back: timedelta
    backups: timedelta

    def group_of(self, record_type: str, *, signs: bool, said: str = "") -> Group:
        """The group of one record: the gravest of its type's, its signs' and what its header says."""
        own = self.of.get(record_type, self.otherwise)
        return gravest(
            [own, *([self.signs] if signs else []), *([Group(said)] if said in set(Group) else [])]
        )


def gravest(groups: Iterable[Group]) -> Group:
    """The one that keeps a thing the longest: what belongs together is kept as long as its gravest part."""
    order = tuple(Group)
    return min(groups, key=order.index)


# D.17, unverified: the numbers are defaults of the product, which each force has to confirm.
DELIVERED = Retaining(
    terms=MappingProxyType(
        {
            Group.ONE: Term(years=10, again_years=10, to_age=100),
            Group.TWO: Term(years=10, again_years=10),
            Group.THREE: Term(years=6, again_years=5),
            Group.FOUR: Term(years=6, again_years=5),
        }
    ),
    of=MappingProxyType(dict.fromkeys(("PPN", "PPR", "PPD", "PPE", "PPV", "STR", "EXP"), Group.ONE)),
    signs=Group.ONE,
    otherwise=Group.FOUR,
    take_back=timedelta(days=28),
    backups=timedelta(days=35),
)


def read_retaining(table: Table, types: Iterable[str]) -> Retaining:
    """What a force's file says, and of the rest what the product delivers. ``types``: the record types."""
    settings = table.table("retention")
    if settings is None:
        return DELIVERED
    found = Retaining(
        terms=MappingProxyType({one: _term(settings, one) for one in Group}),
        of=_groups(settings, frozenset(types)),
        signs=settings.one_of("signs", Group, DELIVERED.signs),
        otherwise=settings.one_of("otherwise", Group, DELIVERED.otherwise),
        take_back=_days(settings, "days_to_take_back", DELIVERED.take_back),
        backups=_days(settings, "days_backups_are_kept", DELIVERED.backups),
    )
    settings.done()
    return found


def _term(settings: Table, group: Group) -> Term:
    known, table = DELIVERED.terms[group], settings.table(group.value)
    if table is None:
        return known
    term = Term(
        years=table.whole("years", known.years),
        again_years=table.whole("again_years", known.again_years),
        to_age=table.whole("to_age", known.to_age),
    )
    table.done()
    if not (0 < term.years <= LONGEST_YEARS and 0 < term.again_years <= LONGEST_YEARS):
        raise table.wrong(f"years and again_years must be from 1 to {LONGEST_YEARS}")
    if term.to_age > LONGEST_YEARS:
        raise table.wrong(f"to_age must be at most {LONGEST_YEARS}")
    return term


def _groups(settings: Table, types: frozenset[str]) -> Mapping[str, Group]:
    table = settings.table("of")
    if table is None:
        return DELIVERED.of
    for name in table.content:
        if name not in types:
            raise table.wrong(f"{name!r} is no record type{nearest(name, sorted(types))}")
    found = {name: table.one_of(name, Group) for name in table.content}
    table.done()
    return MappingProxyType(found)


def _days(settings: Table, key: str, known: timedelta) -> timedelta:
    days = settings.whole(key, known.days)
    if not days:
        raise settings.wrong(f"{key} must be at least one day")
    return timedelta(days=days)
