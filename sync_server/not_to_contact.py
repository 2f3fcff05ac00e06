"""Whom nobody who reads a notice may contact, and why (R-51): the same in every notice to a council."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from booklets.answers import Gap, codes_of
from booklets.records import Record
from booklets.signs import DANGER_RULE
from sync_server.wording import Words, child_of

COVERT_ASKED = frozenset({"ret.covert", "ppn.covert", "mis.covert"})
OF_PROTECTION = ("pp.covert", "ppd.covert", "ppe.covert")
"""Asked of police protection. A "no" there makes no contact safe, so that it only ever restricts."""
WHOM = (
    *("ret.handling", "ppn.do_not_disclose", "mis.handling"),
    *("pp.handling", "ppd.handling", "ppe.handling"),
    *("hov.handling", "act.handling"),
)
"""Who must not know, and why, as each form asks it."""
RESTRICTS = frozenset({"R-51", DANGER_RULE})
"""Rules that found something in a record of the episode, so that contact is not established as safe."""
COVERT = (
    "DO NOT CONTACT the child, the family or the household about this notice. "
    "Speak to the officer first, or out of hours to the police control room."
)
NOT_ESTABLISHED = (
    "It has not been established that contact with the household is safe. "
    "Speak to the officer before you ring anyone there."
)


def restrictions(records: Sequence[Record], rules: Collection[str], *, whom: bool = True) -> str:
    """R-51: who must not be contacted, by what was written at the door. Not known counts as a risk.

    What one of them says must not be known holds for all, whichever arrives first. Where a record says that
    the child is in danger, no "nobody near must not know" makes contact safe. ``whom``: also by name.
    """
    said = [one.answers for one in records]
    answers = next((one for one in said if not COVERT_ASKED.isdisjoint(one)), said[0])
    covert = next((answers[one] for one in COVERT_ASKED if one in answers), None)
    if any(map(_must_not_know, records)):
        return " ".join([COVERT, *(_whom(records) if whom else ())])
    asked = (answers.get(name) for name in ("ppn.family_told", "ppn.protector_told"))
    not_told = any("not_told" in codes_of(answer) for answer in asked)
    at_risk = not RESTRICTS.isdisjoint(rules) or any(map(_no_safe_contact, records))
    if "no" not in codes_of(covert) or not_told or at_risk:
        return NOT_ESTABLISHED
    return "None recorded"


def _no_safe_contact(record: Record) -> bool:
    child = child_of(record)
    safe = child.facts.get("person.safe_contact") if child else None
    return isinstance(safe, Gap) or "none_found" in codes_of(safe)


def _must_not_know(record: Record) -> bool:
    asked = (record.answers.get(name) for name in (*COVERT_ASKED, *OF_PROTECTION))
    return record.header.covert or any("yes" in codes_of(answer) for answer in asked)


def _whom(records: Sequence[Record]) -> Iterator[str]:
    """Who must not know, by name and in the officers' words; what one form took over from another once."""
    if who := Words(records).lines("ppn.do_not_disclose_who", otherwise=""):
        yield who
    words = (one.answers.get(name) for one in records for name in WHOM)
    yield from dict.fromkeys(one for one in words if isinstance(one, str) and one)
