"""What is asked of whoever a record names: other children, suspects, and the places where a child was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from booklets import definitions
from booklets.answers import Answer, Gap, Why
from booklets.entities import Entity, EntityKind
from booklets.forms import Rule
from tests.booklets.tried.nights import FILLED_BY, NIGHTS
from tests.support.missing import known, somebody
from tests.support.tried import OF_ENTITIES, Changed, Said, Tried

NOBODY_KNOWS = Gap(Why.NOT_KNOWN, "She saw a name only")
CHILD: Mapping[str, Answer] = {"known_as": "Tom", "age_estimate": "7", "ethnicity_sde": "W1"}
DECIDED: Mapping[str, Answer] = {**CHILD, "ppn_decision": "ppn_done", "seen_tonight": "asleep"}
MAN: Mapping[str, Answer] = {
    "known_as": "Baz",
    "age_estimate": "31",
    "relationship": "suspected_exploiter",
    "ethnicity_sde": "W1",
    "children_access": "no",
    "looks": "Shaved head, limps",
}
REACHES: Mapping[str, Answer] = {
    **MAN,
    "children_access": "yes",
    "children_access_who": "His sister's two, at weekends",
}
CHILDREN: Mapping[str, tuple[str, Changed]] = {
    "act": ("act.other_children", {}),
    "enc": ("enc.other_children_who", {}),
    "exp": ("exp.children", {}),
    "hot": ("hot.other_children", {}),
    "mh": ("mh.perp_links", {}),
    "mis": ("mis.associates", {}),
    "ppe": ("ppe.other_children_who", {"ppe.suspect_known": "yes"}),
    "ppn": ("ppn.other_children_who", {"ppn.other_children": "yes"}),
    "ppr": ("pp.other_children_who", {"pp.other_children": "yes"}),
    "pvi": ("pi.other_children_who", {"pi.other_children": "yes"}),
    "rhi": ("rhi.people", {}),
    "trg": ("trg.associates", {}),
}
"""Where each record names another child, and what else is said so that it is asked."""
SUSPECTS: Mapping[str, tuple[str, Changed]] = {
    "act": ("act.last_seen_with", {}),
    "enc": ("enc.adult_abusers", {}),
    "exp": ("exp.person", {}),
    "hot": ("hot.adults", {}),
    "mh": ("mh.perp_links", {}),
    "mis": ("mis.associates", {}),
    "ppe": ("ppe.suspects", {"ppe.suspect_known": "yes"}),
    "ppn": ("ppn.suspects", {"ppn.suspect_known": "yes"}),
    "ppr": ("pp.suspects", {"pp.suspect_known": "yes"}),
    "pvi": ("pi.stop_who", {"pi.disclosure_stop": "yes"}),
    "rhi": ("rhi.people", {}),
    "trg": ("trg.exploiters", {}),
}
"""Where each record names whoever is suspected."""
WITHOUT: Mapping[str, tuple[Mapping[str, Answer], Mapping[str, Answer]]] = {
    "other_child_decided": (CHILD, DECIDED),
    "other_child_identified": ({**CHILD, "ppn_decision": "not_identified"}, DECIDED),
    "other_child_seen_or_not": ({**CHILD, "ppn_decision": "ppn_done"}, DECIDED),
    "school_of_other_child": ({**CHILD, "ppn_decision": "no_ppn"}, DECIDED),
    "ethnicity_answered": (
        {one: said for one, said in DECIDED.items() if one != "ethnicity_sde"},
        DECIDED,
    ),
}
OF_A_SUSPECT: Mapping[str, tuple[Mapping[str, Answer], Mapping[str, Answer]]] = {
    "children_access_asked": ({one: said for one, said in MAN.items() if one != "children_access"}, MAN),
    "children_access_known": ({**MAN, "children_access": NOBODY_KNOWS}, MAN),
    "suspect_is_described": ({one: said for one, said in MAN.items() if one != "looks"}, MAN),
    "ethnicity_of_children_and_suspects": (
        {one: said for one, said in MAN.items() if one != "ethnicity_sde"},
        MAN,
    ),
}
"""By check: somebody of whom it speaks, and somebody of whom it has nothing to say."""
HAS_BOTH = frozenset({"R-10a"})
"""The same check asks of another child and of a suspect: this one is about the suspect."""


def naming(where: tuple[str, Changed], *people: Entity, **more: Answer) -> Said:
    """This record, naming these people there."""
    question, beside = where
    one_only = definitions.every_field()[question].kind.value in {"person", "place"}
    ids = tuple(str(one.id) for one in people)
    named: Answer = ids[0] if one_only else ids
    return Said(changed={**beside, **more, question: named}, people=people)


def of_somebody() -> Iterator[Tried]:
    """Each rule on a person, of somebody about whom something is missing and of somebody about whom not."""
    for form in definitions.every_form():
        for rule in form.rules:
            if form.id not in OF_ENTITIES and (facts := facts_for(rule)):
                suspected = rule.check in OF_A_SUSPECT or rule.id in HAS_BOTH
                where = (SUSPECTS if suspected else CHILDREN)[form.id]
                speaks, silent = (naming(where, somebody(**one), **beside_them(rule)) for one in facts)
                night = NIGHTS[FILLED_BY[form.id]]
                yield Tried(form=form.id, rule=rule.id, night=night, speaks=speaks, silent=silent)


def facts_for(rule: Rule) -> tuple[Mapping[str, Answer], Mapping[str, Answer]] | None:
    """Whom the rule is tried on."""
    if rule.id in HAS_BOTH:
        return OF_A_SUSPECT["ethnicity_of_children_and_suspects"]
    return WITHOUT.get(rule.check) or OF_A_SUSPECT.get(rule.check)


def beside_them(rule: Rule) -> dict[str, Answer]:
    """What else is said: a school is told only of abuse at home."""
    if rule.check == "school_of_other_child":
        return {"ppn.da": "yes", "ppn.da_level": "standard"}
    return {}


def of_those_they_reach() -> Iterator[Tried]:
    """R-14c: a nephew in a sentence is decided on by nobody; a child who is named beside the suspect is."""
    for form, where in SUSPECTS.items():
        children, beside = CHILDREN[form]
        dean, tom = somebody(**REACHES), somebody(**DECIDED)
        alone = {**naming(where, dean).changed}
        if children == where[0]:
            both = naming(where, dean, tom)
        else:
            both = Said(changed={**alone, **naming((children, beside), tom).changed}, people=(dean, tom))
            alone[children] = None
        yield Tried(
            form=form,
            rule="R-14c",
            night=NIGHTS[FILLED_BY[form]],
            speaks=Said(changed=alone, people=(dean,)),
            silent=both,
        )


AGES: Mapping[str, str] = {"act": "act.last_seen_with", "mis": "mis.associates", "pvi": "pi.who"}
GROWN_UP = somebody(known_as="Kit", dob="1999-05-02", sex="M", ethnicity_sde="W1")


def of_ages() -> Iterator[Tried]:
    """R-13c: whether a friend whom nobody has asked about is a child; T-03: a child born too long ago."""
    for form, question in AGES.items():
        nameless, aged = somebody(known_as="Jo"), somebody(known_as="Jo", age_estimate="19")
        speaks, silent = (naming((question, {}), one) for one in (nameless, aged))
        yield Tried(
            form=form, rule="R-13c", night=NIGHTS[FILLED_BY[form]], speaks=speaks, silent=silent,
        )  # fmt: skip
    for one in definitions.every_form():
        if any(rule.check == "under_18_on" for rule in one.rules):
            night = NIGHTS[FILLED_BY[one.id]]
            yield Tried(form=one.id, rule="T-03", night=night, speaks=Said(child=GROWN_UP), silent=Said())


PLACES: Mapping[str, tuple[str, Changed]] = {
    "mis": ("mis.previous_found_places", {"mis.missing_before": "yes"}),
    "pvi": ("pi.where", {}),
    "ret": ("ret.found_place", {}),
    "rhi": ("rhi.places", {}),
}
ARCHES: Mapping[str, Answer] = {"street": "Behind the arches", "town": "Leeds", "place_type": "street"}


def of_places() -> Iterator[Tried]:
    """H-01, H-02: of a place where a child was it is said whether it is one to watch; then somebody does."""
    unasked, quiet, watched = (
        known(EntityKind.PLACE, **ARCHES, **more)
        for more in ({}, {"is_hotspot_candidate": "no"}, {"is_hotspot_candidate": "yes"})
    )
    for form, where in PLACES.items():
        for rule, place in (("H-01", unasked), ("H-02", watched)):
            yield Tried(
                form=form,
                rule=rule,
                night=NIGHTS[FILLED_BY[form]],
                speaks=naming(where, place),
                silent=naming(where, quiet),
            )


OF_PEOPLE = [*chain(of_somebody(), of_those_they_reach(), of_ages(), of_places())]
