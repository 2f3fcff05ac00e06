"""What the force has to say to the questions in hand, beside what the officer has (R-55).

Two answers that differ both stay: the officer's is the answer, and what the force had goes with it as the
reason, in words, with its day. A person decides which is right, and whoever reads the record sees both.
Pure, but for the reasons that are put into the session.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from booklets import definitions, in_words
from booklets.answers import Answer, codes_of
from booklets.entities import Entity
from booklets.forms import Field
from booklets.reading import THE_CHILD, Reader
from booklets.sending import differs_key
from field_app.capture.known_card import LEVEL, PLAN, in_one_line, places_found
from field_app.capture.known_children import KnownChild, Pack
from field_app.capture.session import CaptureSession
from field_app.capture.taking_over import suggested_link, taken_in

PLAN_THERE = "yes_not_seen"
PLACES = "mis.previous_found_places"
FLAGS, OFTEN, NO_PLAN = "mh.flags", "often_missing", "no_trigger_plan"
OFTEN_SETTING = "times_missing_that_stand_out"
COUNTS = {"mis.previous_count": "all", "mis.previous_90d": "90", "mis.previous_30d": "30"}


@dataclass(frozen=True, slots=True)
class Has:
    """What the force has to one question: a value, in words, of which day; for places, what they are."""

    value: Answer = field(repr=False)
    words: str = field(repr=False)
    day: date
    places: tuple[Entity, ...] = field(default=(), repr=False)

    @property
    def of(self) -> str:
        """Of which day it is and what it says, as it goes into the record beside the officer's answer."""
        return f"{in_words.day(self.day)}: {self.words}"

    def is_said_by(self, session: CaptureSession, answer: Answer | None) -> bool:
        """Whether the officer's answer is the force's; of several choices, whether those are among them."""
        if isinstance(self.value, tuple) and not self.places:
            return set(codes_of(self.value)) <= set(codes_of(answer))
        if not self.places:
            return answer == self.value
        known = (session.encounter.entities.get(UUID(one)) for one in codes_of(answer))
        named = {tuple(sorted(one.facts.items())) for one in known if one}
        return {tuple(sorted(one.facts.items())) for one in self.places} <= named


def key_of(session: CaptureSession, question: str) -> str:
    """Under what the reason goes that belongs to this question; a fact's names the child."""
    about = session.encounter.subject if session.guide.about_subject(question) else None
    return differs_key(question, about)


def all_of(session: CaptureSession, pack: Pack) -> Mapping[str, Has]:
    """What the force has to every question of the guide in hand, once somebody said which child it is."""
    child = session.encounter.child()
    known = pack.child(suggested_link(child))
    found = dict(_facts(session))
    asked = {one.id for one in session.guide.fields()} if known else set()
    for question, value, day in _answers(known, session.force) if known else ():
        if question in asked:
            found[question] = Has(value, _in_words(session.field(question), value), day)
    places = places_found(known) if known and PLACES in asked else ()
    if known and places:
        ids = tuple(str(one.id) for one in places)
        names = "; ".join(one for place in places if (one := _name(place)))
        found[PLACES] = Has(ids, names, known.at.date(), tuple(places))
    return found


def _facts(session: CaptureSession) -> Iterator[tuple[str, Has]]:
    """Facts about the child that came from the force, as they came: these outlast the shift."""
    for name, one in taken_in(session.encounter.child()).items():
        yield name, Has(one.value, _in_words(session.field(name), one.value), one.day)


def _answers(child: KnownChild, force: Mapping[str, object]) -> Iterator[tuple[str, Answer, date]]:
    """What the records of the force answer where an officer is told it by the control room."""
    day, now = child.at.date(), bool(child.missing)
    for plan in child.of_form(PLAN)[:1]:
        yield "mis.trigger_plan", PLAN_THERE, plan.at.date()
    if child.times.get("all", 0) > now:  # the report that is open is one of them
        yield "mis.missing_before", "yes", day
        for question, span in COUNTS.items():
            yield question, str(max(0, child.times.get(span, 0) - now)), day
    if child.times.get("all", 0):
        yield "mh.episode_no_in_90d", str(child.times.get("90", 0)), day
        if flags := tuple(_stands_out(child, force)):
            yield FLAGS, flags, day
    for level in child.of_form(LEVEL)[:1]:
        graded = level.answers.get("ra.level")
        if isinstance(graded, str):
            yield "ra.level_before", graded, level.at.date()
    if child.report is not None:
        yield "ret.returned_before_report", "no", child.report.at.date()


def _stands_out(child: KnownChild, force: Mapping[str, object]) -> Iterator[str]:
    """What the team's review has to flag, as far as the force's records say it by themselves (B.13)."""
    if max(child.times.get(span, 0) for span in ("30", "90")) >= int(str(force[OFTEN_SETTING])):
        yield OFTEN
    if not child.of_form(PLAN):
        yield NO_PLAN


def _in_words(one: Field, value: Answer) -> str:
    line = Reader(definitions.entity_form("person"), {}, THE_CHILD, {}).line(one, value)
    return "; ".join(in_one_line(line) or line.flat())


def _name(place: Entity) -> str:
    return ", ".join(word for fact in ("name", "building", "street", "town") if (word := place.word(fact)))


def use(session: CaptureSession, question: str, has: Has) -> None:
    """The officer takes the force's answer, which then says where it is from."""
    if has.places:
        made = (str(session.know_place(one.facts)) for one in has.places)
        session.put(question, (*codes_of(session.value(question)), *made))
    else:
        session.put(question, has.value)
    session.keep_because(key_of(session, question), f"Taken over from what the force had on {has.of}")


def differing(session: CaptureSession, pack: Pack) -> Iterator[tuple[str, Has]]:
    """Where the officer says something else than the force, and has not said why yet."""
    for question, has in all_of(session, pack).items():
        answer = session.value(question)
        if answer is None or has.is_said_by(session, answer):
            continue
        if key_of(session, question) not in session.encounter.reasons:
            yield question, has


def note_what_differs(session: CaptureSession, pack: Pack) -> None:
    """Before it is sent: what the force had goes along wherever the officer has something else."""
    for question, has in list(differing(session, pack)):
        session.keep_because(key_of(session, question), f"Not settled. The force had on {has.of}")


def keep(session: CaptureSession, question: str, has: Has) -> None:
    """The officer keeps their answer; what the force had goes with it."""
    session.keep_because(key_of(session, question), f"Kept as the officer has it. The force had on {has.of}")
