"""From a question of a form to the question as an officer sees it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from booklets import definitions
from booklets.answers import Answer, Answers, Gap, Why, codes_of
from booklets.checks.people import CHILD_ROLES, may_be_child
from booklets.clocks import running
from booklets.entities import Entity, EntityKind
from booklets.forms import MENTIONS, Column, Effect, Field, Kind, Stage
from booklets.positions import position_of
from booklets.review import NEEDED, Problem
from field_app.capture.returned import called
from field_app.capture.session import CaptureSession
from field_app.capture.worklist import described
from field_app.ui import agency_words, position_words
from field_app.ui import screen_words as words
from field_app.ui.remarks import each_name_once
from field_app.ui.widgets import FieldView, Known, Line, Tone
from field_app.ui.words import HINTS

TONES: Mapping[Effect, Tone] = {
    Effect.BLOCK: Tone.NEEDED,
    Effect.ASK: Tone.SAY_WHY,
    Effect.WARN: Tone.LOOK,
    Effect.SHOW: Tone.KNOW,
    Effect.SEND: Tone.KNOW,  # who is told by itself, and whom that does not spare a call
}
ONE_TAP = ("Q-01", "Q-02", "Q-02a", "R-06")
"""Rules about wording that an officer may set aside at one tap (domain-corrections 3)."""
WITH = "with"
"""The column of contacts that says which agency was told."""
NONE_CODES = ("none", "none_seen", "none_known", "none_because", "not_known")


def view_of(
    field: Field, session: CaptureSession, problems: Sequence[Problem], about: UUID | None = None
) -> FieldView:
    """One question with its choices, its reasons for no answer, and the quiet lines under it."""
    name = childs_name(session)
    asked_about = name if about is None else name_of(session, about)
    sibling = f"{field.id}_because"
    because = session.value(sibling, about) if field.kind is Kind.DECISION else None
    whom = session.encounter.subject if about is None and session.guide.about_subject(field.id) else about
    return FieldView(
        id=field.id,
        kind=field.kind,
        label=field.label.replace("{name}", asked_about),
        help=field.help.replace("{name}", asked_about),
        care=field.sensitive.replace("{name}", asked_about),
        choices=tuple(
            (code.code, code.label.replace("{name}", name)) for code in field.offered(session.force)
        ),
        likely=field.likely,
        alone=tuple(code.code for code in field.codes if code.code in NONE_CODES),
        gaps=tuple(why for why in Why if why in field.gaps),
        lines=lines_of(field, beside(session, problems), whom, {**names_of_others(session), None: name}),
        known=known_for(
            field.kind, session, about, role=field.role, chosen=codes_of(session.value(field.id, about))
        ),
        columns=tuple(column_view(field, column, session, about) for column in field.columns),
        start=start_of(field, session),
        me=writer(session) if field.kind is Kind.SPEECH else "",
        day_alone=field.day_alone,
        most=field.most,
        here=field.here,
        earlier=given_already(field, session, about),
        hint=HINTS.get(field.series, ""),
        by=answered_by(field, session),
        because=because if isinstance(because, str) else "",
        needed=field.stage.reached_by(Stage.CAPTURE) and field.is_required(answers_about(session, about)),
        named_by=named_by(field.kind, session) if field.kind in MENTIONS else (),
    )


def answers_about(session: CaptureSession, about: UUID | None) -> Answers:
    """What was answered so far: of the encounter and its child, or of somebody it mentions."""
    return session.facts.known() if about is None else session.encounter.entities[about].facts


NAMED_BY: Mapping[EntityKind, tuple[str, ...]] = {
    EntityKind.PERSON: ("person.known_as", "person.surname"),
    EntityKind.PLACE: ("place.street", "place.town"),
    EntityKind.OBJECT: ("object.description",),
}
"""By what somebody or something new can be named on the page itself, without being opened."""


def named_by(kind: Kind, session: CaptureSession) -> tuple[tuple[str, str], ...]:
    """The facts by which somebody or something new is named, each as it is asked."""
    form = session.guide.entities[MENTIONS[kind]]
    wanted = NAMED_BY[EntityKind(MENTIONS[kind])]
    return tuple((one.id, one.label) for one in form.fields() if one.id in wanted)


def given_already(field: Field, session: CaptureSession, about: UUID | None) -> tuple[str, ...]:
    """References of the same series that stand elsewhere in this encounter, the newest last, each once."""
    if not field.series:
        return ()
    said = [*session.encounter.answers.items()]
    for one in session.encounter.entities.values():
        said += [(name, answer) for name, answer in one.facts.items() if (name, one.id) != (field.id, about)]
    forms = (*session.guide.forms, *session.guide.entities.values())
    series = {one.id for form in forms for one in form.fields() if one.series == field.series}
    own = session.value(field.id, about)
    found = (answer for name, answer in said if name in series and isinstance(answer, str))
    return tuple(one for one in dict.fromkeys(found) if one != own)


def answered_by(field: Field, session: CaptureSession) -> datetime | None:
    """When the next of the clocks that this answer stops is over, or the last was."""
    clocks = [one for one in definitions.clocks() if one.stops == field.id]
    if not clocks:
        return None
    facts = session.facts
    started = running(clocks, facts.known(), session.force, facts.shift_ends, facts.begun)
    due = [one.due for one in started]
    now = session.facts.now
    return next((at for at in due if now and at > now), due[-1] if due else None)


def names_of_others(session: CaptureSession) -> dict[UUID | None, str]:
    """What everybody and everything but the child is called."""
    encounter = session.encounter
    return {id_: entity_words(one)[0] for id_, one in encounter.entities.items() if id_ != encounter.subject}


def said_once(session: CaptureSession, problems: Sequence[Problem]) -> list[Problem]:
    """What the rules say, with each name that nobody recorded at the first question that has it alone."""
    return _once_along(session.guide.fields(), problems)


def beside(session: CaptureSession, problems: Sequence[Problem]) -> list[Problem]:
    """The same where it stands under the questions: nothing is said under exact words, so they come last."""
    return _once_along(sorted(session.guide.fields(), key=lambda one: one.kind is Kind.SPEECH), problems)


def _once_along(fields: Iterable[Field], problems: Sequence[Problem]) -> list[Problem]:
    places = {one.id: number for number, one in enumerate(fields)}
    return each_name_once(problems, place=lambda one: places.get("".join(one.fields[:1]), len(places)))


def lines_of(
    field: Field, problems: Sequence[Problem], about: UUID | None, names: Mapping[UUID | None, str]
) -> tuple[Line, ...]:
    """What the rules say about this question, once; what is merely not answered yet is said at review.

    ``names`` has the child under None, and everybody else under their id: where a question names several
    children, each line says which of them it is about.
    """

    def said(problem: Problem) -> str:
        says = problem.says.replace("{name}", names[None])
        whom = names.get(problem.entity) if problem.entity and about is None else None
        return words.about_whom(whom, says) if whom else says

    return tuple(
        Line(
            says=said(problem),
            tone=TONES[problem.effect],
            rule=problem.key,
            reason=problem.kept,
            keep=problem.code in ONE_TAP and problem.effect is Effect.ASK,
        )
        for problem in problems
        if problem.fields
        and (
            problem.fields[0] == field.id
            or (about and problem.entity == about and field.id in problem.fields)
        )
        and problem.code != NEEDED
        and problem.effect in TONES
        and not (problem.effect is Effect.WARN and problem.kept)
        and (about is None or problem.entity in {None, about})
    )


def known_for(
    kind: Kind,
    session: CaptureSession,
    about: UUID | None = None,
    *,
    role: str = "",
    chosen: Collection[str] = (),
) -> tuple[Known, ...]:
    """Persons, places or objects already typed, to be picked again; for speech, who may have spoken.

    Nobody answers a question about themselves, and nobody known to be grown up one about children.
    """
    if kind in MENTIONS:
        children = role in CHILD_ROLES
        return tuple(
            known_entity(one)
            for one in session.mentioned(EntityKind(MENTIONS[kind]))
            if one.id not in {session.encounter.subject, about} and one.facts
            if not children or str(one.id) in chosen or may_be_child(one, words.today())
        )
    if kind is Kind.SPEECH:
        return tuple(known_entity(one) for one in session.mentioned(EntityKind.PERSON) if one.facts)
    return ()


def known_entity(entity: Entity) -> Known:
    """A person, place or object in a list to choose from."""
    name, under = entity_words(entity)
    return Known(str(entity.id), name, under)


def entity_words(entity: Entity) -> tuple[str, str]:
    """What a person, place or object is called here, and a second line to tell it from others."""
    match entity.kind:
        case EntityKind.PERSON:
            name, about = described(entity, words.today())
            return name or words.UNNAMED_PERSON, about if entity.facts.get("person.dob") else ""
        case EntityKind.PLACE:
            lines = (entity.word("name"), _joined(entity, " ", "building", "street"))
            rest = _joined(entity, ", ", "town", "postcode")
            found = position_of(entity.facts)
            named = [line for line in (*lines, rest) if line]
            if found and not named:
                return position_words.stood(found), position_words.exact(found)
            first, *under = named or [words.UNNAMED_PLACE]
            return first, ", ".join(under)
        case EntityKind.OBJECT:
            what = entity.word("description") or _joined(entity, " ", "colour", "make", "model")
            return what or words.UNNAMED_OBJECT, entity.word("identifier")


def _joined(entity: Entity, between: str, *facts: str) -> str:
    return between.join(word for fact in facts if (word := entity.word(fact)))


def column_view(
    field: Field, column: Column, session: CaptureSession, about: UUID | None = None
) -> FieldView:
    """One cell of a row as a question of its own."""
    name = childs_name(session)
    agencies = [code.code for code in column.codes] if column.id == WITH else []
    return FieldView(
        id=column.id,
        kind=column.kind,
        label=column.label.replace("{name}", name),
        help=column.help.replace("{name}", name),
        choices=tuple((code.code, code.label) for code in column.codes if not code.withdrawn),
        likely=agency_words.meant_first(field.id, agencies),
        sought=agency_words.also_called(agencies),
        gaps=(Why.NOT_KNOWN,) if column.kind is Kind.MOMENT else (),
        required=column.required,
        known=known_for(column.kind, session, about),
        tall=3 if column.id == "said" else 0,
    )


def start_of(field: Field, session: CaptureSession) -> tuple[tuple[str, str], ...]:
    """What a new row begins with. Who spoke is not guessed for anybody but the child asked about."""
    if field.kind is Kind.SPEECH:
        child = session.encounter.child()
        who = entity_words(child)[0] if child and child.facts else words.THE_CHILD
        return (("who", who), ("to", writer(session))) if field.id.startswith("pi.") else ()
    return ()


def writer(session: CaptureSession) -> str:
    """Whoever writes, as everybody else calls them: PC Wells 4417."""
    officer = session.encounter.officer
    return f"{called(officer)} {officer.shoulder_no}".strip()


def childs_name(session: CaptureSession) -> str:
    """The name the child goes by, or "the child"."""
    return called_by(session.encounter.child())


def name_of(session: CaptureSession, about: UUID) -> str:
    """The name somebody goes by whom the answers mention, or the child."""
    if about == session.encounter.subject:
        return childs_name(session)
    somebody = session.encounter.entities.get(about)
    return (somebody.word("known_as") or somebody.word("given_names") if somebody else "") or words.THIS_ONE


def called_by(child: Entity | None) -> str:
    """The name a child goes by, or "the child"."""
    called = (child.word("known_as") or child.word("given_names")) if child else ""
    return called or words.THE_CHILD


def reason_of(answer: Answer | None) -> tuple[Why, str] | None:
    """Why there is no answer and by when there will be one, which are touched; a note on it is typed."""
    return (answer.why, answer.due or "") if isinstance(answer, Gap) else None


__all__ = [
    "beside",
    "called_by",
    "childs_name",
    "column_view",
    "entity_words",
    "known_entity",
    "lines_of",
    "name_of",
    "said_once",
    "view_of",
]
