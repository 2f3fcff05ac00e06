"""Checks on the people in a record: other children, suspects, and who may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from booklets.answers import Gap, Moment, codes_of, rows_of
from booklets.checks.dates import ADULT, age_on, any_of, uk_time
from booklets.checks.registry import Spot, entity_check, record_check
from booklets.entities import Entity
from booklets.facts import Facts, ids_in

READ_NAMES = 256
"""More names than one record has; each is taken apart once and not at every keystroke."""
CHILD_ROLES = frozenset({"other_child", "child_of_concern", "victim_child", "missing_child"})
CHILD_LINKS = frozenset({"friend_child", "partner_child", "schoolmate", "own_child"})
SUSPECTED = frozenset({"suspect", "suspected_exploiter"})
SUSPECTED_LINKS = frozenset({"suspected_exploiter"})
REACHING_LINKS = SUSPECTED_LINKS | {"known_offender", "adult_calls_self_partner"}
"""R-14: who may have other children within reach, whether or not anybody suspects them tonight."""
CARING_ROLES = frozenset({"parent", "person_with_pr", "carer", "left_with"})
CARING_LINKS = frozenset(
    {
        "mother",
        "father",
        "step_parent",
        "adoptive_parent",
        "foster_carer",
        "special_guardian",
        "kinship_carer",
        "residential_worker",
        "key_worker",
        "grandparent",
        "aunt_uncle",
        "sibling",
        "half_step_sibling",
        "cousin",
        "other_relative",
        "partner_of_parent",
        "ex_partner_of_parent",
    }
)
GROWN_LINKS = (CARING_LINKS - {"sibling", "half_step_sibling", "cousin", "other_relative", "aunt_uncle"}) | {
    "friend_adult",
    "adult_calls_self_partner",
    "employer",
    "youth_worker",
    "teacher",
    "social_worker",
    "youth_justice_worker",
    "health_professional",
    "driver",
    "venue_staff",
}
"""What only somebody grown up is to a child."""
RECEPTION = 4
"""R-46: who is in reception has had a fourth birthday."""
OF_ANY_AGE = frozenset(
    {
        *("", "sibling", "half_step_sibling", "cousin", "other_relative", "online_met", "online_not_met"),
        *("no_link", "stranger", "other"),
    }
)
"""What somebody can be to a child who is a child too, or is not; nothing said is one of them."""
YOUNGEST_SUSPECT = 10
"""S-10: below this age nobody is a suspect."""
NONE_NAMED: Mapping[str, str] = MappingProxyType({})
NO_SIGNS: Mapping[str, Mapping[str, str]] = MappingProxyType({})
KIND = "the kind of exploitation that is suspected"
TOLD = frozenset({"told", "told_safe_only", "told_objects"})


def is_child(entity: Entity, facts: Facts) -> bool:
    """Whether this person is a child, as far as age, role or relationship say so."""
    age = age_on(entity, uk_time(facts.now or datetime.now(UTC)).date())
    if age is not None:
        return age < ADULT
    roles = facts.roles.get(entity.id, frozenset())
    return bool(roles & CHILD_ROLES) or entity.word("relationship") in CHILD_LINKS


def may_be_child(entity: Entity, day: date) -> bool:
    """Whether this person can be a child on ``day``: not where an age or what they are says otherwise."""
    age = age_on(entity, day)
    return age < ADULT if age is not None else entity.word("relationship") not in GROWN_LINKS


def is_suspected(entity: Entity, facts: Facts) -> bool:
    """Whether this person is suspected, by the question that names them or by what they are to the child."""
    roles = facts.roles.get(entity.id, frozenset())
    named = bool(roles) and entity.word("relationship") in SUSPECTED_LINKS
    return bool(roles & SUSPECTED) or named


def may_reach_children(entity: Entity, facts: Facts) -> bool:
    """R-14: whether it is asked of this person which children they see.

    Of whoever is suspected, and of a known offender or an adult who calls themselves the child's partner,
    under whichever question they are named.
    """
    linked = entity.id != facts.subject and entity.word("relationship") in REACHING_LINKS
    return is_suspected(entity, facts) or (
        linked and entity.id in facts.once("named", lambda: _named(facts))
    )


def _named(facts: Facts) -> frozenset[UUID]:
    """Everybody whom an answer names, or what is known of the child."""
    child = facts.child()
    answers = [*facts.answers.values(), *(child.facts.values() if child else ())]
    cells = [cell for answer in answers for row in rows_of(answer) for cell in row.values()]
    return frozenset(id_ for one in (*answers, *cells) for id_ in ids_in(one))


def too_young_to_be_a_suspect(entity: Entity, day: date) -> bool:
    """S-10: whether this person is under ten on that day, or may be, by date of birth, else as estimated."""
    age = age_on(entity, day)
    return age is not None and age < YOUNGEST_SUSPECT


def _is_too_young(entity: Entity, facts: Facts) -> bool:
    return too_young_to_be_a_suspect(entity, uk_time(facts.now or datetime.now(UTC)).date())


@entity_check
def suspect_is_ten_or_older(entity: Entity, facts: Facts) -> bool:
    """Nobody who is suspected is under ten, as far as an age is known."""
    return not is_suspected(entity, facts) or not _is_too_young(entity, facts)


@record_check
def young_child_is_no_suspect(facts: Facts, *, field: str, codes: Sequence[str]) -> Sequence[Spot]:
    """The child the record is about is not called a suspect by one of these codes while under ten."""
    child = facts.child()
    if child is None or not any_of(facts, {field: codes}) or not _is_too_young(child, facts):
        return []
    return [Spot((field,))]


@entity_check
def other_child_decided(entity: Entity, facts: Facts, *, roles: Sequence[str]) -> bool:
    """Every child other than the one the record is about has a decision: PPN, or none because."""
    if entity.id == facts.subject:
        return True
    named = bool(facts.roles.get(entity.id, frozenset()) & set(roles)) or is_child(entity, facts)
    return not named or "person.ppn_decision" in entity.facts


@entity_check
def other_child_seen_or_not(entity: Entity, facts: Facts, *, roles: Sequence[str]) -> bool:
    """Of every other child it is said whether somebody saw them."""
    named = bool(facts.roles.get(entity.id, frozenset()) & set(roles)) or is_child(entity, facts)
    return entity.id == facts.subject or not named or "person.seen_tonight" in entity.facts


@entity_check
def of_school_age(entity: Entity, facts: Facts, *, when: str, blocked: str, code: str) -> bool:
    """Where a child is left out as of another age than a school is told of (``code``), the age says so."""
    return facts.answers.get(blocked) != code or not _is_of_school_age(entity, facts, when, otherwise=False)


@entity_check
def not_of_school_age(entity: Entity, facts: Facts, *, when: str, blocked: str, code: str) -> bool:
    """Where a school is told of a child (``code``), the child is of an age for it, or no age is known."""
    return facts.answers.get(blocked) != code or _is_of_school_age(entity, facts, when, otherwise=True)


@entity_check
def school_of_other_child(entity: Entity, facts: Facts, *, when: str, decision: str) -> bool:
    """Every other child of an age a school is told of has a PPN of their own, from which the school is told.

    Where it was decided otherwise (``decision``), nobody tells that school. An age not known counts as one.
    """
    other = entity.id != facts.subject and is_child(entity, facts)
    untold = other and entity.word("ppn_decision") == decision
    return not untold or not _is_of_school_age(entity, facts, when, otherwise=True)


def _is_of_school_age(entity: Entity, facts: Facts, when: str, *, otherwise: bool) -> bool:
    """From reception to 17 on the day that ``when`` names; what ``otherwise`` says where no age is known."""
    moment = facts.answers.get(when)
    instant = moment.at if isinstance(moment, Moment) else facts.now
    age = age_on(entity, uk_time(instant).date()) if instant is not None else None
    return otherwise if age is None else RECEPTION <= age < ADULT


@entity_check
def age_of_a_possible_child(entity: Entity, facts: Facts, *, roles: Sequence[str]) -> bool:
    """Of whoever the child was with, or may be, an age is known where they may be a child as well."""
    named = bool(facts.roles.get(entity.id, frozenset()) & set(roles))
    if entity.id == facts.subject or not named or "person.ppn_decision" in entity.facts:
        return True
    day = uk_time(facts.now or datetime.now(UTC)).date()
    return age_on(entity, day) is not None or entity.word("relationship") not in OF_ANY_AGE


@entity_check
def other_child_identified(entity: Entity, facts: Facts) -> bool:
    """Nobody has said of this child: not known who it is."""
    return entity.id == facts.subject or entity.word("ppn_decision") != "not_identified"


@entity_check
def ethnicity_answered(entity: Entity, facts: Facts) -> bool:
    """The person's own answer on ethnicity is there, or "not stated" with its reason. No gap counts."""
    del facts
    answer = entity.word("ethnicity_sde")
    return bool(answer) and (answer != "NS" or bool(entity.word("ethnicity_sde_not_stated_reason")))


@entity_check
def ethnicity_of_children_and_suspects(entity: Entity, facts: Facts) -> bool:
    """Every other child and every suspect has an answer on ethnicity, or "not stated" with its reason."""
    if entity.id == facts.subject or entity.id not in facts.roles:
        return True  # the child itself is asked before sending; who is mentioned nowhere, not at all
    asked = is_child(entity, facts) or is_suspected(entity, facts)
    return not asked or ethnicity_answered(entity, facts)


@entity_check
def children_access_asked(entity: Entity, facts: Facts) -> bool:
    """Whether somebody who may reach children sees any has been answered, if only by "not known"."""
    return not may_reach_children(entity, facts) or "person.children_access" in entity.facts


@entity_check
def reached_children_are_named(entity: Entity, facts: Facts, *, under: str = "") -> bool:
    """R-14: of somebody who sees children, a child besides the record's own is named, to be decided on.

    In words alone nobody decides about them: a suspect's nephew stood in a sentence, and had no notice.
    Where a record names other children for another reason, only whom the question ``under`` names counts.
    """
    if entity.facts.get("person.children_access") != "yes" or not may_reach_children(entity, facts):
        return True
    if under:
        return bool(set(ids_in(facts.answers.get(under))) - {facts.subject, entity.id})
    others = (one for one in facts.entities.values() if one.id not in {facts.subject, entity.id})
    return any(is_child(one, facts) or CHILD_ROLES & facts.roles.get(one.id, frozenset()) for one in others)


@entity_check
def suspect_is_described(entity: Entity, facts: Facts) -> bool:
    """How a suspect looks has been written down, or that nobody knows."""
    return not is_suspected(entity, facts) or "person.looks" in entity.facts


@entity_check
def children_access_known(entity: Entity, facts: Facts) -> bool:
    """Whether somebody who may reach children sees any was not left at "not known"."""
    left = isinstance(entity.facts.get("person.children_access"), Gap)
    return not left or not may_reach_children(entity, facts)


@record_check
def not_looked_after(facts: Facts, *, statuses: Sequence[str]) -> Sequence[Spot]:
    """The child is not in a council's care, so no second council has to be told."""
    child = facts.child()
    return [Spot()] if child is not None and child.word("care_status") in statuses else []


@record_check
def family_may_be_told(
    facts: Facts,
    *,
    risks: Mapping[str, str],
    show_at: Sequence[str],
    types: str = "",
    kinds: Sequence[str] = (),
    fears: Mapping[str, str] = NONE_NAMED,
    signs: Mapping[str, Mapping[str, str]] = NO_SIGNS,
) -> Sequence[Spot]:
    """Nothing speaks against telling the family: no such abuse, nothing covert, nobody at home suspected."""
    found = _against_telling(facts, risks, {**signs, types: dict.fromkeys(kinds, KIND)}, fears)
    return [Spot(tuple(show_at), words="; ".join(found))] if found else []


@record_check
def not_told_against_risk(
    facts: Facts,
    *,
    risks: Mapping[str, str],
    told: Sequence[str],
    types: str = "",
    kinds: Sequence[str] = (),
    fears: Mapping[str, str] = NONE_NAMED,
    signs: Mapping[str, Mapping[str, str]] = NO_SIGNS,
    by: Sequence[str] = tuple(TOLD),
) -> Sequence[Spot]:
    """Nobody was told although telling may not be safe; ``by`` which answers say that somebody was."""
    if not _against_telling(facts, risks, {**signs, types: dict.fromkeys(kinds, KIND)}, fears):
        return []
    return [Spot((name,)) for name in told if set(codes_of(facts.answers.get(name))) & set(by)]


def telling_warns(
    facts: Facts,
    *,
    risks: Mapping[str, str],
    types: str = "",
    kinds: Sequence[str] = (),
    signs: Mapping[str, Mapping[str, str]] = NO_SIGNS,
) -> bool:
    """R-51 without whoever is suspected or feared: such abuse is not ruled out, or somebody must not know.

    After domestic abuse a parent or carer is nearly always suspected, and the school is told of just that.
    """
    of_nobody = replace(facts, roles=MappingProxyType({}))
    return bool(_against_telling(of_nobody, risks, {**signs, types: dict.fromkeys(kinds, KIND)}, NONE_NAMED))


def _against_telling(
    facts: Facts, risks: Mapping[str, str], signs: Mapping[str, Mapping[str, str]], fears: Mapping[str, str]
) -> list[str]:
    """What speaks against it. Of ``risks`` not knowing counts too, of ``fears`` only what the child said.

    ``signs`` are choices that speak against it, also among what is known of the child.
    """
    found = [words for name, words in fears.items() if facts.answers.get(name) == "yes"]
    for name, words in risks.items():
        answer = facts.answers.get(name)
        if answer == "yes":
            found.append(words)
        elif isinstance(answer, Gap):
            found.append(f"not known: {words}")
    child = facts.child()
    known = {**(child.facts if child else {}), **facts.answers}
    seen = [of[code] for name, of in signs.items() for code in codes_of(known.get(name)) if code in of]
    found += [one for one in dict.fromkeys(seen) if one != KIND or not found]
    suspected = (one for one in facts.entities.values() if is_suspected(one, facts))
    if any(_cares_for_child(entity, facts) for entity in suspected):
        found.append("a relative or carer is suspected")
    return found


def _cares_for_child(entity: Entity, facts: Facts) -> bool:
    roles = facts.roles.get(entity.id, frozenset())
    return bool(roles & CARING_ROLES) or entity.word("relationship") in CARING_LINKS


def names_of(entity: Entity) -> frozenset[str]:
    """Every word of every name this person goes by, in lower case."""
    fields = ("known_as", "given_names", "surname", "previous_names", "name", "town", "street", "building")
    return frozenset[str]().union(*[_words_of(entity.word(field)) for field in fields])


@lru_cache(maxsize=READ_NAMES)
def _words_of(name: str) -> frozenset[str]:
    return frozenset(part.strip(".,'’()").lower() for part in name.split())


def forget_names() -> None:
    """Forget every name that was read, so that none outlives the lock or the request."""
    _words_of.cache_clear()
