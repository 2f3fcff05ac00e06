"""What is read of a known child before knocking: the plan first, then where found, who with, whom to ring.

Pure: a child of the pack in, lines in words out. Questions and choices have the words of their own forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from booklets import definitions, in_words
from booklets.answers import Answer, Moment, codes_of, rows_of
from booklets.checks.choices import has_only_rung
from booklets.checks.dates import day_of
from booklets.checks.risk import EXPLOITATION
from booklets.entities import Entity
from booklets.facts import ids_in
from booklets.reading import Line, Reader
from field_app.capture import known_phrases
from field_app.capture.known_children import KnownChild, Told

NIGHT = "night_phone"
REVIEW = "review_due"
REPORT, LEVEL, PLAN, RETURN, TALK = "mis", "rsk", "trg", "ret", "pvi"
OF_PLAN = (
    *("why_words", "first_hour", "places", "places_words", "associates", "exploiters", "associates_danger"),
    *(
        "transport",
        "transport_words",
        "phones_online",
        "triggers",
        "engage",
        "medical",
        "hazards",
        "level_if_missing",
    ),
)
OF_REPORT = ("last_seen_at", "last_seen_place", "dangers", "clothing", "phone_status")
WITH_WHOM = (
    *("trg.exploiters", "trg.associates", "mis.last_seen_with", "mis.associates"),
    *("pi.who", "ret.found_with"),
)
"""Where it is said whom a child was or may be with, whoever is suspected first."""
TO_RING = (
    ("supervisor", "supervisor_phone"),
    ("control_room", "control_room_phone"),
    ("duty_team", "emergency_duty_team_phone"),
    ("incident_manager", "force_incident_manager_phone"),
)
"""Whom an officer rings about a child, and the force's setting with the number."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing to know: what it is, in words, and of which day."""

    id: str
    title: str
    words: tuple[str, ...] = field(repr=False)
    day: date | None = None


@dataclass(frozen=True, slots=True)
class With:
    """Somebody the child may be with: who, what is known of them, a number, and whether to be wary."""

    id: str
    name: str = field(repr=False)
    about: str = field(repr=False)
    phone: str = field(repr=False)
    suspected: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number to ring, by a code of ``TO_RING`` or in the plan's own words."""

    id: str
    whose: str = field(repr=False)
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything on a child's card, in the order in which it is read."""

    plan: tuple[Said, ...] = field(default=(), repr=False)
    missing: tuple[Said, ...] = field(default=(), repr=False)
    found: tuple[Said, ...] = field(default=(), repr=False)
    people: tuple[With, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    markers: tuple[Said, ...] = field(default=(), repr=False)
    exploitation: tuple[Said, ...] = field(default=(), repr=False)
    ring: tuple[Number, ...] = field(default=(), repr=False)


def card_of(child: KnownChild, force: Mapping[str, object], today: date | None = None) -> Card:
    """The card of one child, with this force's numbers; ``today`` is held against the plan's own day."""
    [plan] = child.of_form(PLAN)[:1] or [None]
    report = child.report
    return Card(
        plan=tuple(_plan(child, plan, today)) if plan else (),
        missing=tuple(_missing(child, report)) if report else (),
        found=tuple(_found(child)),
        people=tuple(_people(child)),
        phones=tuple(_numbers(child.entity())),
        markers=tuple(_markers(child)),
        exploitation=tuple(_exploitation(child)),
        ring=(*_plan_rings(child, plan), *_force_rings(force)),
    )


def _reader(child: KnownChild, told: Told) -> Reader:
    name = child.word("known_as") or child.word("given_names") or "the child"
    return Reader(definitions.form(told.form), told.entities, name, {})


def _plan(child: KnownChild, plan: Told, today: date | None) -> Iterator[Said]:
    """The plan; first of all that its day has passed, for what stands there may hold no longer (R-32)."""
    again = next(_said(child, plan, (REVIEW,)), None)
    said = plan.answers.get(f"{PLAN}.{REVIEW}")
    day = day_of(said) if isinstance(said, str) else None
    if again is not None and day is not None and today is not None and day < today:
        yield replace(again, words=(known_phrases.past(again.words[0]),))
    yield from _said(child, plan, OF_PLAN)


def _said(child: KnownChild, told: Told, names: Iterable[str]) -> Iterator[Said]:
    """These answers of a record under their own questions."""
    reader = _reader(child, told)
    for name in names:
        question = f"{reader.form.prefix}.{name}"
        answer = told.answers.get(question)
        if answer is not None and reader.form.has(question):
            line = reader.line(reader.form.field(question), answer)
            yield Said(question, line.label, in_one_line(line) or tuple(line.flat()), told.at.date())


def in_one_line(line: Line) -> tuple[str, ...]:
    """Each row on one line: what comes first, and the rest behind it."""
    found = []
    for first, *rest in line.rows:
        behind = [known_phrases.within(one.words) if one.words.isdecimal() else one.words for one in rest]
        found.append(f"{first.words} ({', '.join(behind)})" if behind else first.words)
    return tuple(found)


def _missing(child: KnownChild, report: Told) -> Iterator[Said]:
    for level in child.of_form(LEVEL):
        yield from _said(child, level, ("level",))
    for call in child.of_form(RETURN):
        if has_only_rung(call.answers) and call.episode == report.episode:
            yield from _said(child, call, ("found_how", "found_at"))
    yield from _said(child, report, OF_REPORT)


def _found(child: KnownChild) -> Iterator[Said]:
    """Each time the child came back: when, where, how, and with whom."""
    for back in child.of_form(RETURN):
        if has_only_rung(back.answers):
            continue
        at = back.answers.get("ret.found_at")
        when = at.at if isinstance(at, Moment) else back.at
        talks = [one for one in child.of_form(TALK) if one.episode == back.episode]
        places = [
            *_named(back, "ret.found_place"),
            *_named(back, "ret.where_stayed"),
            *(one for talk in talks for one in _named(talk, "pi.where")),
        ]
        how = _reader(child, back).line(
            definitions.form(RETURN).field("ret.found_how"), back.answers.get("ret.found_how")
        )
        people = [
            *_named(back, "ret.found_with"),
            *(one for talk in talks for one in _named(talk, "pi.who")),
        ]
        words = (
            *dict.fromkeys(places),
            *how.words,
            *(known_phrases.with_whom(one) for one in dict.fromkeys(people)),
        )
        yield Said(f"found.{back.record}", in_words.day_and_time(when), words)


def _named(told: Told, question: str) -> list[str]:
    """Whom or what an answer mentions, by name."""
    known = (told.entities.get(id_) for id_ in codes_of(told.answers.get(question)))
    return [in_words.name_of(one, "Name not known") for one in known if one]


def _people(child: KnownChild) -> Iterator[With]:
    """Everybody the child may be with, each once; whoever is suspected first."""
    found: dict[str, With] = {}
    for told in child.told:
        for question in WITH_WHOM:
            for id_ in codes_of(told.answers.get(question)):
                person = told.entities.get(id_)
                if person is None:
                    continue
                one = _with(person, suspected=question == "trg.exploiters")
                known = found.get(one.name.casefold())
                if known is None or (one.suspected and not known.suspected):
                    found[one.name.casefold()] = one
    yield from sorted(found.values(), key=lambda one: not one.suspected)


def _with(person: Entity, *, suspected: bool) -> With:
    form = definitions.entity_form("person")
    tie = person.word("relationship")
    codes = form.field("person.relationship").codes
    said = next((code.label for code in codes if code.code == tie), "")
    age = person.word("age_estimate")
    about = ", ".join(part for part in (said, known_phrases.about(age) if age else "") if part)
    number = next(iter(_numbers(person)), "")
    return With(str(person.id), in_words.name_of(person, "Name not known"), about, number, suspected)


def _numbers(person: Entity) -> Iterator[str]:
    for row in rows_of(person.facts.get("person.phones")):
        number = row.get("number")
        if isinstance(number, str) and number:
            yield number


def _markers(child: KnownChild) -> Iterator[Said]:
    """The markers, or that somebody looked and there is none; nothing where nobody has looked."""
    for name in ("person.warning_markers", "person.markers_checked"):
        if name in child.facts:
            yield _fact(child, name)
            return


def _exploitation(child: KnownChild) -> Iterator[Said]:
    """How much exploitation the team's last review saw, where there was one (R-32)."""
    if EXPLOITATION in child.facts:
        yield _fact(child, EXPLOITATION)


def _fact(child: KnownChild, name: str) -> Said:
    form, fact = definitions.entity_form("person"), child.facts[name]
    reader = Reader(form, {}, child.word("known_as") or "the child", {})
    line = reader.line(form.field(name), fact.value)
    return Said(name, line.label, in_one_line(line) or tuple(line.flat()), fact.day)


def _plan_rings(child: KnownChild, plan: Told | None) -> Iterator[Number]:
    """Whom the plan says to ring."""
    if plan is None:
        return
    reader = _reader(child, plan)
    one = definitions.form(PLAN).field("trg.agencies")
    labels = {column.id: column.label for column in one.columns}
    for number, row in enumerate(rows_of(plan.answers.get(one.id))):
        whose = reader.line(one, (row,)).rows[0][0].words
        phone, at_night = row.get("phone"), row.get(NIGHT)
        if isinstance(phone, str) and phone:
            yield Number(f"plan.{number}", whose, phone)
        if isinstance(at_night, str) and at_night:
            yield Number(f"plan.{number}.night", f"{whose}: {labels[NIGHT]}", at_night)


def _force_rings(force: Mapping[str, object]) -> Iterator[Number]:
    for code, setting in TO_RING:
        number = force.get(setting)
        if isinstance(number, str) and number:
            yield Number(code, "", number)


def places_found(child: KnownChild) -> Sequence[Entity]:
    """Where the child was found on earlier times, as places with what is known of them."""
    ids: dict[str, Entity] = {}
    for back in child.of_form(RETURN):
        for id_ in ids_in(back.answers.get("ret.found_place")):
            place = back.entities.get(str(id_))
            if place is not None:
                ids.setdefault(in_words.name_of(place, str(id_)), place)
    return tuple(ids.values())


def answer_of(told: Iterable[Told], question: str) -> tuple[Answer, date] | None:
    """What the newest of these records answers, and of which day that is."""
    for one in told:
        if question in one.answers:
            return one.answers[question], one.at.date()
    return None
