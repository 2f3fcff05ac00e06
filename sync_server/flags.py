"""What a supervisor should see at once of a record that arrives, and how grave it is.

Ids of fields and rules, and no words: flags lie readable in the register.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum
from typing import Any

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, codes_of
from booklets.checks.choices import child_has_died, has_only_rung
from booklets.checks.people import family_may_be_told, telling_warns
from booklets.checks.wording import HOW_IT_IS_WRITTEN, forget_texts
from booklets.conditions import NEVER, Condition
from booklets.errors import UNREADABLE
from booklets.facts import Facts
from booklets.forms import Effect, Sign
from booklets.margin import guide_of, says_to_reader
from booklets.mentions import problems_of_everybody
from booklets.received import facts_of_record
from booklets.records import Record
from booklets.review import NEEDED, Problem, problems_in
from booklets.signs import CHILD_HAS_DIED, ONLY_RUNG, TELLING_RULES, TELLING_WARNS, in_danger, says_dead
from sync_server.settings import ForcePolicy

SUBJECT_ROLE = "missing_child"
DISCLOSURE_RULE = "R-53"
DANGER_TASK, DANGER_TASK_RULE = "immediate_danger", "R-61a"
"""What the vulnerability team has to do at once where there is danger (R-61)."""

OF_TELLING = ("risks", "types", "kinds", "signs")
"""What of R-51 speaks of abuse in which telling warns, and not of whoever is suspected or feared."""

SIGNS_OF_DANGER = "signs_of_danger"
ANSWERED_FOR = "answered_for"
"""Of a record's flags: the rules that asked, and were answered with a reason."""
SAID = "said"
"""Of a record's flags: the few codes and days in its answers that are looked at across records."""
OFFERS = ("ev.specialist_offer", "mis.specialist_offer", "pi.specialist_offer", "ppn.specialist_offer")
"""R-57: where it is said what came of a specialist's offer of help."""
LOOKED_AT = (
    *("rhi.outcome", "rhi.received_at", "rhi.closed_reason", "trg.review_due", "mh.exploitation_level"),
    *(
        "ra.f18_cse",
        "ra.f19_cce",
        "ra.level",
        "hov.risk",
        "mis.returned_before_report",
        "ret.returned_before_report",
    ),
    *("mis.whereabouts_unknown_at_call", "ret.whereabouts_unknown_at_call", "mh.mace"),
    *("sup.other_children", "mis.away_without_authorisation", "ret.trigger_plan_action", "srch.type"),
    *("exp.review_due", "hot.review_due"),
    *OFFERS,
    *("mh.exploitation_types", "mis.exploitation_types", "pi.exploitation_types", "ppn.exploitation_types"),
)


class Risk(IntEnum):
    """How grave a record is, for the order in which it is read. The gravest comes first."""

    DEATH = 0
    DANGER = 1
    DISCLOSURE = 2
    EMERGENCY = 3
    HARM = 4
    EXPLOITATION = 5
    OTHER = 6


def interview_is_urgent(record: Record) -> bool:
    """R-45: the child did not talk with police, so that the return home interview is wanted sooner."""
    return Sign.INTERVIEW_URGENT in _signs_in(record)


def flags_of(record: Record, policy: ForcePolicy, at: datetime) -> dict[str, Any]:
    """What a supervisor should see at once: the device's rules run again, and the signs in the answers.

    It flags and never refuses. A record whose answers no rule can read is
    flagged as unreviewed, and is kept and shown all the same. The rules that
    judge wording alone run when somebody reads: see ``still_seen``.
    """
    signs = _signs_in(record)
    flags: dict[str, Any] = {
        "gaps": sorted(name for name, answer in record.answers.items() if isinstance(answer, Gap)),
        "overrides": sorted({one.rule for one in record.overrides}),
        CHILD_HAS_DIED: child_has_died(record.answers),
        ONLY_RUNG: has_only_rung(record.answers),
        **{sign.value: sign in signs for sign in Sign},
        SIGNS_OF_DANGER: signs_of_danger(record),
        SAID: {name: said for name in LOOKED_AT if (said := _in_codes(record.answers.get(name)))},
        "stage": record.stage.value,
    }
    try:
        facts = _facts_of(record, policy, at)
        problems = _problems_of(record, facts)
        warns = _telling_warns(record, facts)
    except UNREADABLE:
        nothing: dict[str, Any] = {"missing": [], "standing": [], ANSWERED_FOR: [], "rules": []}
        return flags | {"unreviewed": True, TELLING_WARNS: True, **nothing}
    return flags | {
        "unreviewed": False,
        TELLING_WARNS: warns or any(one.code in TELLING_RULES - {"R-51"} for one in problems),
        "missing": sorted({name for one in problems if one.code == NEEDED for name in one.fields}),
        "standing": sorted({one.code for one in problems if one.stands and one.code != NEEDED}),
        ANSWERED_FOR: sorted({one.code for one in problems if one.effect is Effect.ASK and one.kept}),
        "rules": sorted({one.code for one in problems if one.code != NEEDED}),
    }


def _in_codes(answer: Answer | None) -> str:
    """The codes of an answer side by side; of a time only that it was said."""
    return "said" if isinstance(answer, Moment) else " ".join(codes_of(answer))


def still_seen(record: Record, policy: ForcePolicy, at: datetime) -> list[str]:
    """What the rules say of a record that nobody has answered for, those about wording among them.

    To judge every sentence is nine tenths of the work of all rules. Nothing is decided by it, so it waits
    until somebody opens the record.
    """
    try:
        problems = _problems_of(record, _facts_of(record, policy, at), wording=True)
    except UNREADABLE:
        return []
    form = definitions.form_of(record.header)
    stand = (one for one in problems if one.stands and one.code != NEEDED)
    return list(dict.fromkeys(says_to_reader(one, form) for one in stand))


def signs_of_danger(record: Record) -> list[str]:
    """Which answers show the danger, by question and code."""
    shows = definitions.form_of(record.header).shows.get(Sign.DANGER, NEVER)
    holding = [one for line in shows.lines if Condition((line,)).holds(record.answers) for one in line]
    return sorted(
        {
            f"{one.field}={code}"
            for one in holding
            for code in codes_of(record.answers.get(one.field))
            if one.holds({one.field: code})
        }
    )


def danger_since(flags: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether a revision shows a danger that the one before it did not show."""
    return bool(set(flags.get(SIGNS_OF_DANGER, ())) - set(before.get(SIGNS_OF_DANGER, ())))


def risk_of(flags: Mapping[str, Any]) -> Risk:
    """How grave a record is, by its flags. What was sent as an emergency is read before what can wait.

    A child whom no officer has seen is read with those who may be hurt (R-44a).
    """
    rules = flags.get("rules", ())
    signs = (
        (says_dead(flags), Risk.DEATH),
        (in_danger(flags), Risk.DANGER),
        (flags.get("disclosure") or DISCLOSURE_RULE in rules, Risk.DISCLOSURE),
        (flags.get("overrides"), Risk.EMERGENCY),
        (flags.get("harm") or flags.get("not_seen"), Risk.HARM),
        (flags.get("exploitation"), Risk.EXPLOITATION),
    )
    return next((risk for shows, risk in signs if shows), Risk.OTHER)


def _facts_of(record: Record, policy: ForcePolicy, at: datetime) -> Facts:
    """What the rules may know of it, found out once for all of them."""
    form = definitions.form_of(record.header)
    return facts_of_record(record, form, policy.settings, at, SUBJECT_ROLE)


def _telling_warns(record: Record, facts: Facts) -> bool:
    """R-51, as the record's own form asks for it."""
    form = definitions.form_of(record.header)
    rules = [rule for rule in form.rules if rule.check == family_may_be_told.__name__]
    if not rules:
        return False
    told_of: list[dict[str, Any]] = [
        {name: rule.args[name] for name in OF_TELLING if name in rule.args} for rule in rules
    ]
    return any(telling_warns(facts, **one) for one in told_of)


def _problems_of(record: Record, facts: Facts, *, wording: bool = False) -> list[Problem]:
    form = definitions.form_of(record.header)
    guide = guide_of(form)
    about = problems_of_everybody(guide, form.fields(), facts, record.stage) if guide else ()
    rules = [rule for rule in form.rules if wording or rule.check not in HOW_IT_IS_WRITTEN]
    try:
        return [*about, *problems_in(form.fields(), rules, facts, record.stage)]
    finally:
        forget_texts()


def _signs_in(record: Record) -> frozenset[Sign]:
    """What its answers show, whichever of the forms it is."""
    return definitions.form_of(record.header).signs_in(record.answers)
