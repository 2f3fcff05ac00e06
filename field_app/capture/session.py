"""One open encounter: every answer goes through here, and every change is saved by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from booklets.answers import NOTHING, Answer, Answers, codes_of, rows_of
from booklets.carrying import what_changed, with_changes_seen
from booklets.changed_forms import Change
from booklets.checks.choices import child_has_died
from booklets.disclosure import (
    LEFT_TO_SPECIALISTS,
    is_stopped,
    left_to_specialists,
    page_of,
    stop_question,
)
from booklets.encounters import NONE_EARLIER, Encounter, facts_of, progress, review
from booklets.entities import Entity, EntityKind, new_id
from booklets.facts import Earlier, Facts
from booklets.forms import MENTIONS, AfterStop, Field, Kind, Stage
from booklets.guides import Guide, Page
from booklets.mentions import Mention, mentions_in
from booklets.review import Problem
from field_app.capture.autosave import Autosave

SEVERAL = frozenset({Kind.PEOPLE, Kind.PLACES, Kind.OBJECTS})
_PARTS_OF_A_CELL = 4


def _key(name: str, about: UUID | None) -> str:
    return f"{about}.{name}" if about else name


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a question that is answered in rows: ``person.addresses.0.place``."""

    question: str
    row: int
    column: str

    @classmethod
    def named(cls, name: str) -> Cell | None:
        """The cell of this full name; ``None`` when it names a question."""
        parts = name.split(".")
        if len(parts) != _PARTS_OF_A_CELL or not parts[2].isdecimal():
            return None
        return cls(".".join(parts[:2]), int(parts[2]), parts[3])


class CaptureSession:
    """The encounter in hand. Not for several threads: only the screen's side touches it."""

    def __init__(
        self,
        encounter: Encounter,
        guide: Guide,
        *,
        force: Mapping[str, object],
        now: Callable[[], datetime],
        autosave: Autosave,
        earlier: Mapping[str, tuple[Earlier, ...]] = NONE_EARLIER,
    ) -> None:
        self.encounter = encounter
        self.guide = guide
        self.force = force
        self.earlier = earlier
        self._now = now
        self._autosave = autosave
        self._facts: Facts | None = None
        self.decided: tuple[Answers, ...] = ()
        """What the same officer wrote before, the newest first, where that is held against this."""
        self.unapproved: tuple[str, ...] = ()
        """What is held against approving the records that this decides on."""

    # -- looking ---------------------------------------------------------------------------------
    @property
    def facts(self) -> Facts:
        """What is known now; worked out once after each change."""
        if self._facts is None:
            self._facts = facts_of(
                self.encounter,
                self.guide,
                self.force,
                self._now(),
                earlier=self.earlier,
                decided=self.decided,
                unapproved=self.unapproved,
            )
        return self._facts

    def field(self, name: str) -> Field:
        """The question of this full name."""
        return self.guide.field(name)

    def value(self, name: str, about: UUID | None = None) -> Answer | None:
        """The answer to a question: of the encounter, the child, or another person, place or object."""
        entity = self.entity_of(name, about)
        return entity.facts.get(name) if entity else self.encounter.answers.get(name)

    def entity_of(self, name: str, about: UUID | None = None) -> Entity | None:
        """Whose fact a question is about; ``None`` for a question about the encounter itself."""
        if about is not None:
            return self.encounter.entities.get(about)
        return self.encounter.child() if self.guide.about_subject(name) else None

    def is_asked(self, name: str, about: UUID | None = None) -> bool:
        """Whether the question is shown, given what has been answered."""
        entity = self.entity_of(name, about)
        if entity is not None:
            return self.field(name).is_shown(entity.facts)
        return name in self.facts.asked

    def problems(self, stage: Stage | None = None, of: Encounter | None = None) -> list[Problem]:
        """Everything to put right, to answer for or to know, in the order of the pages.

        ``of`` is what is sent of the encounter, where that is not all of it.
        """
        return review(
            of or self.encounter,
            self.guide,
            self.force,
            self._now(),
            stage or self.encounter.stage,
            earlier=self.earlier,
            decided=self.decided,
            unapproved=self.unapproved,
        )

    def unread(self, name: str, about: UUID | None = None) -> Mapping[str, str]:
        """What was typed in a question's boxes and is no answer yet, box by box."""
        return self.encounter.unread.get(_key(name, about), {})

    def progress(self, page: int) -> tuple[int, int]:
        """Answered and asked questions of one page."""
        return progress(self.guide, self.encounter, self.facts.asked, page)

    def mentioned(self, kind: EntityKind) -> list[Entity]:
        """The persons, places or objects already typed in this encounter, to choose from again."""
        return [entity for entity in self.encounter.entities.values() if entity.kind is kind]

    def page_of(self, name: str) -> Page | None:
        """The page where a question stands now."""
        return page_of(self.guide, self.encounter.answers, name)

    def way_to(self, entity: UUID) -> tuple[Mention, ...]:
        """How one comes to somebody or something that is mentioned, from the first question to the last."""
        found = {one.entity.id: one for one in mentions_in(self.guide, self.guide.fields(), self.facts)}
        way: list[Mention] = []
        step = found.get(entity)
        while step is not None:
            way.insert(0, step)
            step = found.get(step.about) if step.about else None
        return tuple(way)

    def what_changed(self) -> tuple[Change, ...]:
        """What is other in the forms than when this was begun, until the officer has seen it."""
        return what_changed(self.encounter, self.guide) if self.encounter.begun_in else ()

    def saw_changes(self) -> None:
        """The officer has seen what changed in the forms. Every answer that was kept stays."""
        if self.encounter.begun_in:
            self._change(with_changes_seen(self.encounter))

    # -- changing --------------------------------------------------------------------------------
    def put(self, name: str, value: Answer | None, about: UUID | None = None) -> None:
        """Set an answer, or clear it with ``None``."""
        self.touch(name, about)
        entity = self.entity_of(name, about)
        if entity is not None:
            changed = entity.changed(name, value, at=self._now(), by=self.encounter.officer.id)
            self._change(self.encounter.with_entity(changed, at=self._now()))
        else:
            self._change(self.encounter.answer(self.field(name), value, at=self._now()))
            self._leave_to_specialists(name)
        self.saw_newer(name)

    def saw_newer(self, name: str) -> None:
        """The officer knows what the record this follows from says now: answered again, or kept."""
        if name in self.encounter.newer:
            left = tuple(one for one in self.encounter.newer if one != name)
            self._change(replace(self.encounter, newer=left))

    def know_child(self, facts: Mapping[str, tuple[Answer, str]]) -> None:
        """Put facts about the child that somebody else has: each with whom it is from."""
        child = self.encounter.child()
        for name, (value, by) in facts.items() if child else ():
            child = child.changed(name, value, at=self._now(), by=by) if child else None
        if child is not None:
            self._change(self.encounter.with_entity(child, at=self._now()))

    def know_place(self, facts: Answers) -> UUID:
        """Mention a place of which somebody else knows these facts."""
        place = Entity(new_id(), EntityKind.PLACE)
        for name, value in facts.items():
            place = place.changed(name, value, at=self._now(), by=self.encounter.officer.id)
        self._change(self.encounter.with_entity(place, at=self._now()))
        return place.id

    def belongs_to(self, incident: UUID, episode: UUID) -> None:
        """Let what has not been sent yet be of an episode that the force knows already."""
        if not any(one.revision for one in self.encounter.sent.values()):
            self._change(replace(self.encounter, incident=incident, episode=episode))

    def belongs_to_nothing_yet(self) -> None:
        """Let what has not been sent yet be of an episode of its own."""
        self.belongs_to(new_id(), new_id())

    def mention(self, name: str, entity_id: UUID | None = None, about: UUID | None = None) -> UUID:
        """Point a question at a person, place or object: a known one, or a new one made here."""
        kind = self.field(name).kind
        entity_id = entity_id or self._made(kind)
        kept = codes_of(self.value(name, about)) if kind in SEVERAL else ()
        if str(entity_id) not in kept:
            value: Answer = (*kept, str(entity_id)) if kind in SEVERAL else str(entity_id)
            self.put(name, value, about)
        return entity_id

    def mention_in(self, cell: Cell, entity_id: UUID | None = None, about: UUID | None = None) -> UUID:
        """The same in one cell of a row; a row one past the end is begun with it."""
        columns = self.field(cell.question).columns
        kind = next(column.kind for column in columns if column.id == cell.column)
        entity_id = entity_id or self._made(kind)
        rows = rows_of(self.value(cell.question, about))
        row = dict(rows[cell.row]) if cell.row < len(rows) else {}
        kept = codes_of(row.get(cell.column)) if kind in SEVERAL else ()
        if str(entity_id) not in kept:
            row[cell.column] = (*kept, str(entity_id)) if kind in SEVERAL else str(entity_id)
        self.put(cell.question, (*rows[: cell.row], row, *rows[cell.row + 1 :]), about)
        return entity_id

    def _made(self, kind: Kind) -> UUID:
        """A person, place or object that nobody has said anything about yet."""
        entity = Entity(new_id(), EntityKind(MENTIONS[kind]))
        self._change(self.encounter.with_entity(entity, at=self._now()))
        return entity.id

    def unmention(self, name: str, entity_id: UUID, about: UUID | None = None) -> None:
        """Take a person, place or object out of an answer; what is known of them stays."""
        before = codes_of(self.value(name, about))
        kept = tuple(one for one in before if one != str(entity_id))
        if kept != before:
            self.put(name, kept or None, about)

    def keep_because(self, key: str, reason: str) -> None:
        """Answer a rule that asks why; an empty reason takes it back."""
        self._change(self.encounter.because(key, reason, at=self._now()))

    def keep_unread(self, name: str, parts: Mapping[str, str], about: UUID | None = None) -> None:
        """Keep what is typed and cannot be understood yet, or with nothing let go of it."""
        self._change(self.encounter.with_unread(_key(name, about), parts, at=self._now()))

    def open_page(self, page_id: str) -> None:
        """Remember where the officer is, to come back to it after a lock or a crash."""
        if page_id != self.encounter.place:
            self._change(replace(self.encounter, place=page_id, touched="", touched_of=None))

    def touch(self, name: str, about: UUID | None = None) -> None:
        """Remember which question the officer is at, about whom; no name is all of theirs."""
        if (name, about) != (self.encounter.touched, self.encounter.touched_of):
            self.encounter = replace(self.encounter, touched=name, touched_of=about)
            self._autosave.changed(self.encounter)

    def stop_for_disclosure(self) -> None:
        """The child begins to describe a crime (R-53): ask only what is needed now.

        What is needed now is what the forms say it is; every other question about
        what happened that has no answer yet becomes "not asked: specialist
        interview", also one that only a later answer brings up. Nothing that was
        written is touched.
        """
        if self.may_stop:
            self.put(self.stop_question, "yes")

    def resume_after_stop(self) -> None:
        """The stop was a mistake: take it back, and with it every gap that it made."""
        self.put(self.stop_question, None)
        for field in self.guide.fields():
            if (
                field.after_stop is AfterStop.NOT_ASKED
                and self.encounter.answers.get(field.id) == LEFT_TO_SPECIALISTS
            ):
                self.put(field.id, None)

    @property
    def stop_question(self) -> str:
        """The question of this guide by which an officer stops; "" where it has none."""
        return stop_question(self.guide)

    @property
    def stopped(self) -> bool:
        """Whether the disclosure stop is in force."""
        return is_stopped(self.guide, self.encounter.answers)

    @property
    def may_stop(self) -> bool:
        """Whether a child may begin to tell at any moment: one who is there, and neither asleep nor dead."""
        asleep = self.encounter.answers.get("pi.engaged") == "asleep"
        return bool(self.stop_question) and not (self.stopped or asleep or self.child_has_died)

    @property
    def child_has_died(self) -> bool:
        """R-50: the child was found dead or has died."""
        return child_has_died(self.encounter.answers)

    def _leave_to_specialists(self, put: str) -> None:
        """After a stop, what an answer brings up is left to specialists too; never what is being written."""
        child = self.encounter.child()
        left = left_to_specialists(self.guide, self.encounter.answers, child.facts if child else NOTHING)
        for name in left.keys() - {put}:
            self._change(self.encounter.answer(self.field(name), left[name], at=self._now()))

    def _change(self, encounter: Encounter) -> None:
        if encounter is not self.encounter:
            self.encounter = encounter
            self._facts = None
            self._autosave.changed(encounter)
