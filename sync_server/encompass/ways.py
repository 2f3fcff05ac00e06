"""Which school a record goes to by itself, and otherwise why a person tells it.

It goes only where nothing is open: the one school it names is known here and has an address, and no adult
who was involved works there. Otherwise whoever must not be warned might read it (domain-corrections 4).
Where somebody near the child must not know, or honour-based abuse, forced marriage, FGM or trafficking is
not ruled out, specialists decide before any school reads anything (R-51). A parent or carer who is
suspected, and nothing more, stops nothing: after domestic abuse that is nearly every notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from booklets import schools
from booklets.answers import codes_of
from booklets.definitions.leaving import Output
from booklets.records import Record
from booklets.school_days import SETTING, read_school_days
from booklets.schools import School
from sync_server.referrals import SCHOOL_TARGET
from sync_server.settings import ForcePolicy, Settings

ENC = "ENC"
TO_ARRIVE = timedelta(minutes=15)
"""How long before the school day begins a notice leaves at the latest."""
HAS_A_SCHOOL = frozenset({"school", "college", "alternative"})


class ByHand(StrEnum):
    """Why no notice is sent. In words, with who does what instead: ``booklets.duties.BY_SYSTEM``."""

    NOT_TOLD = "not_told"
    COVERT = "covert"
    TAUGHT_AT_HOME = "taught_at_home"
    NO_SCHOOL = "no_school"
    ADULT_AT_SCHOOL = "adult_at_school"
    ADULT_NOT_KNOWN = "adult_not_known"
    NOT_LISTED = "not_listed"
    NO_ADDRESS = "no_address"
    NOT_DELIVERED = "not_delivered"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Way:
    """The school that is told, or why none is by itself: one of the two."""

    school: School | None = None
    by_hand: ByHand | None = None

    @property
    def target(self) -> str:
        """Where its notice is owed to; "" where none is."""
        return f"{SCHOOL_TARGET}{self.school.urn}" if self.school else ""


def way_of(record: Record, policy: ForcePolicy, settings: Settings, *, covert: bool = False) -> Way:
    """How the school of this record comes to know. ``covert``: by its episode telling may warn (R-51)."""
    if codes_of(record.answers.get("enc.blocked")) != ("is_told",):
        return Way(by_hand=ByHand.NOT_TOLD)
    if covert:
        return Way(by_hand=ByHand.COVERT)
    why = _why_by_hand(record)
    if why is not None:
        return Way(by_hand=why)
    school = _named(record, policy)
    if school is None:
        return Way(by_hand=ByHand.NOT_LISTED)
    way = Way(school)
    return way if settings.reaches(policy.force, way.target) else Way(by_hand=ByHand.NO_ADDRESS)


def limit_of(policy: ForcePolicy, output: Output, at: datetime) -> datetime:
    """When what is held from now on has waited long enough to be put before more people.

    As the force has set; a school's notice so that it can leave before the next school day begins.
    """
    leaving = policy.leaving[output]
    limit = at + leaving.limit
    if output is not Output.SCHOOL_NOTICE or SETTING not in policy.settings:
        return limit
    begins = read_school_days(policy.settings[SETTING]).next_begins(at)
    return max(at, min(limit, begins - leaving.grace - TO_ARRIVE))


def _why_by_hand(record: Record) -> ByHand | None:
    answers = record.answers
    setting = codes_of(answers.get("enc.setting"))
    if "home_educated" in setting:
        return ByHand.TAUGHT_AT_HOME
    if HAS_A_SCHOOL.isdisjoint(setting):
        return ByHand.NO_SCHOOL
    works_there = codes_of(answers.get("enc.adult_at_school"))
    if "yes" in works_there:
        return ByHand.ADULT_AT_SCHOOL
    return None if "no" in works_there else ByHand.ADULT_NOT_KNOWN


def _named(record: Record, policy: ForcePolicy) -> School | None:
    known = schools.read_schools(policy.settings.get(schools.SETTING))
    named = codes_of(record.answers.get("enc.setting_name"))
    place = next((one for one in record.entities if str(one.id) in named), None)
    urn = next(iter(codes_of(record.answers.get("enc.school_urn"))), "")
    return schools.found(known, urn=urn, place=place)
