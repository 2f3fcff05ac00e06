"""What the vulnerability team says of a notice: where it goes and how soon, how good it is, and why.

The form carries a slip that says which revision they had before them. What is decided is decided on that,
and counts for nothing once the notice has moved on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from booklets import definitions
from booklets.checks.saying import Known
from booklets.checks.supervising import known_to, says_enough
from booklets.decisions import DECIDES, Outcome
from booklets.forms import Code
from booklets.received import facts_of_record
from booklets.records import Link, Record
from sync_server import audit
from sync_server.console.doors import Seen
from sync_server.console.pages import Fact, Problem, TriageForm
from sync_server.corrections import NOT_REFERRED_ANY_MORE
from sync_server.deciding import Standing, Verdict, decide
from sync_server.identity.accounts import Role

SLIP = "triage"
PASS, RETURN = "pass", "return"
CHILD = "missing_child"
KEPT = NOT_REFERRED_ANY_MORE
SENT_BACK = "sent_back"
LONGEST_WHY = 4000
NO_WORDS_ON = "Say why, in your own words: partners and a later reader will ask"
NO_WORDS_BACK = "Say in your own words what is missing, so that the officer can put it right"
NO_REASON = (
    "That could stand under any notice. Say what in this one decides it: who, what was seen or said, "
    "what is missing, who acts"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The revision that somebody had before them."""

    record: str
    rev: int
    digest: str


def form_for(seen: Seen, row: RowMapping) -> TriageForm:
    """The form for the revision that is about to be shown."""
    slip = seen.slips.seal(f"{row['record']} {row['rev']} {row['digest']}", what=SLIP, whose=seen.account.id)
    return TriageForm(
        action=f"/records/{row['record']}/triage",
        seen=slip,
        grades=offered("ppn.vat_grade"),
        qualities=tuple(one for one in offered("ppn.vat_quality") if one[0] != SENT_BACK),
        reasons=tuple((code.code, code.said) for code in _reasons()),
    )


def filled_in(form: TriageForm, given: Mapping[str, str], known: Known) -> TriageForm:
    """The form as it came back, with what has to be put right. ``known`` are the names in the notice."""
    one = replace(
        form,
        grade=_one_of(form.grades, given.get("grade", "")),
        quality=_one_of(form.qualities, given.get("quality", "")),
        chosen=tuple(code for code, _ in form.reasons if f"reason.{code}" in given),
        why=given.get("why", "").replace("\r\n", "\n").strip()[:LONGEST_WHY],
    )
    return replace(one, problems=tuple(_problems(one, given.get("act", ""), known)))


def known_in(seen: Seen, record: Record) -> Known:
    """The names of people and places in a notice: a reason that has one of them is about this notice."""
    form = definitions.form_of(record.header)
    settings = seen.context.policy(record.header.force).settings
    return known_to(facts_of_record(record, form, settings, seen.now, CHILD))


def shown_in(seen: Seen, record: str, *, what: str = SLIP) -> Shown | None:
    """Which revision of this record this person had before them; None for a form that is not ours."""
    slip = seen.slips.open(seen.form.get("seen", ""), what=what, whose=seen.account.id)
    parts = slip.split(" ") if slip else []
    match parts:
        case [named, rev, digest] if named == record:
            return Shown(named, int(rev), digest)
        case _:
            return None


def settle(seen: Seen, shown: Shown, form: TriageForm) -> Standing:
    """Decide: passed on, or sent back. Nothing is done when it does not count."""
    passed = seen.form.get("act") == PASS
    verdict = Verdict(
        force=seen.account.person.force,
        by=seen.account.id,
        role=Role.VAT,
        unit=seen.account.person.unit,
        decides=(Link(UUID(shown.record), DECIDES, shown.rev, shown.digest),),
        outcome=Outcome.APPROVE if passed else Outcome.RETURN,
        decision_record=None,
        at=seen.now,
        words=_words(form, passed=passed),
        refers=form.grade != KEPT,
        grade=form.grade if passed else "",
        quality=form.quality if passed else SENT_BACK,
    )

    def work(db: Connection) -> Standing:
        standing = decide(seen.context, db, verdict)
        if standing.stands:
            _note(seen, db, shown, form, passed=passed)
        return standing

    return seen.context.store.write(work)


def _note(seen: Seen, db: Connection, shown: Shown, form: TriageForm, *, passed: bool) -> None:
    """The grade as codes, for counting; the words lie sealed with the decision."""
    grade = {"grade": form.grade, "quality": form.quality} if passed else {"quality": SENT_BACK}
    audit.note(
        db,
        force=seen.account.person.force,
        record=shown.record,
        who=seen.account.id,
        what="graded",
        at=seen.now,
        detail={"rev": shown.rev, **grade, "reasons": [] if passed else list(form.chosen)},
    )


def _words(form: TriageForm, *, passed: bool) -> str:
    grades, qualities, reasons = map(dict, (form.grades, form.qualities, form.reasons))
    if passed:
        return f"{grades[form.grade]}. {qualities[form.quality]}.\n{form.why}"
    return f"About: {', '.join(reasons[code] for code in form.chosen)}.\n{form.why}"


def _problems(form: TriageForm, act: str, known: Known) -> Iterator[Problem]:
    """What has to be put right, in the order in which it stands on the page."""
    if not form.why:
        yield Problem("why", NO_WORDS_BACK if act == RETURN else NO_WORDS_ON)
    elif not says_enough(form.why, known):
        yield Problem("why", NO_REASON)
    if act == RETURN:
        if not form.chosen:
            yield Problem("reasons", "Say what the officer should look at again")
        return
    if not form.grade:
        yield Problem("grade", "Say where it goes and how soon")
    if not form.quality:
        yield Problem("quality", "Say how good the notice is")


def _one_of(offered: tuple[tuple[str, str], ...], given: str) -> str:
    return given if given in dict(offered) else ""


def offered(field: str) -> tuple[tuple[str, str], ...]:
    """The choices of a question about a notice: each code with its words."""
    codes = definitions.form("ppn").field(field).codes
    return tuple((code.code, code.said) for code in codes)


def said_of(row: RowMapping) -> Iterator[Fact]:
    """What the team says of a record as the register has it: where it goes, and how good it is."""
    for label, column in (
        ("Vulnerability team: where to", "grade"),
        ("Vulnerability team: how good", "quality"),
    ):
        code = row[f"vat_{column}"]
        if code:
            yield Fact(label, dict(offered(f"ppn.vat_{column}")).get(code, code))


def _reasons() -> tuple[Code, ...]:
    return definitions.form("sup").field("sup.return_reasons").codes
