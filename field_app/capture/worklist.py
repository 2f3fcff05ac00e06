"""What is open, waiting, sent, and due: the officer's home screen as data."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeAlias

from booklets import definitions, form_names, in_words
from booklets.answers import Answers, Moment, read_instant
from booklets.carrying import in_current_editions
from booklets.checks.dates import age_about
from booklets.clocks import PPN_CLOCK, RETURN_CLOCK, Clock, Running, running
from booklets.drafts import encounter_from_json
from booklets.encounters import Encounter, facts_of
from booklets.entities import Entity
from booklets.errors import WireError
from booklets.forms import Stage
from booklets.guides import Guide
from booklets.prefill import prefilled_count
from field_app.capture.finding import words_of
from field_app.store.enclosures import Enclosure, Going
from field_app.store.outbox import Item, State

ADULT = 18
PPN, PPN_STARTS = form_names.NOTICE, "ppn.incident_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One encounter that is not finished, and what about it is due next.

    ``there`` says how many of the answers that sending needs are there, and how many it needs.
    ``newer`` counts answers that the check it follows from gives otherwise since; ``found_by`` is what a
    search looks at.
    """

    id: str
    guide: str
    incident: str
    subject: str
    there: tuple[int, int]
    title: str
    name: str = field(repr=False)
    about: str = field(repr=False)
    page: str
    page_words: str
    pages_done: int
    pages: int
    due: Running | None
    changed: datetime
    adds: bool = False
    newer: int = 0
    found_by: str = field(default="", repr=False)

    @property
    def needed(self) -> int:
        """How many answers are still needed before it can be sent."""
        return self.there[1] - self.there[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Everything that was sent of one encounter at one time.

    ``left_open`` is what an emergency left to be answered: questions, with the id of whom or what else than
    the child each is about. ``photos`` says how many of the photographs that went with it the force has
    confirmed, and how many there are; ``photos_apart`` how many it would not take. ``signatures`` are those
    among them that somebody drew.
    """

    encounter: str
    guide: str
    stage: str
    created: datetime
    emergency: bool
    items: tuple[Item, ...]
    incident: str = ""
    name: str = field(default="", repr=False)
    about: str = field(default="", repr=False)
    found_by: str = field(default="", repr=False)
    left_open: tuple[tuple[str, str], ...] = ()
    photos: tuple[int, int] = (0, 0)
    photos_apart: int = 0
    signatures: tuple[int, int] = (0, 0)

    @property
    def enclosed(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """How many the force has of how many: of photographs alone, and of drawn signatures."""
        (here, of), (drawn_here, drawn_of) = self.photos, self.signatures
        return (here - drawn_here, of - drawn_of), self.signatures

    @property
    def photos_wait(self) -> bool:
        """Whether photographs are still to be sent: it is done only once the force has confirmed all."""
        return self.photos[0] + self.photos_apart < self.photos[1]

    @property
    def received_at(self) -> datetime | None:
        """When the force had all of it, by its own clock; ``None`` while anything waits."""
        times = [read_instant(_receipt(item)["received_at"]) for item in self.items if item.receipt]
        return max(times) if len(times) == len(self.items) else None

    @property
    def is_readable(self) -> bool:
        """Whether this phone still keeps a copy to read."""
        return bool(self.name or self.about)

    @property
    def revision(self) -> int:
        """Which revision was sent; the highest, where a record came later than the other."""
        return max(item.rev for item in self.items)

    @property
    def withdrawn(self) -> bool:
        """Whether this withdraws what was sent before."""
        return any(bool(item.summary.get("withdrawn")) for item in self.items)

    @property
    def died(self) -> bool:
        """R-50: whether it says that the child has died."""
        return any(bool(item.summary.get("died")) for item in self.items)

    @property
    def danger(self) -> bool:
        """R-61: whether it says that the child is in danger, which the council is told as it arrives."""
        return any(bool(item.summary.get("danger")) for item in self.items)

    @property
    def needs_attention(self) -> bool:
        """Whether the force has answered that somebody must look."""
        return any(item.state is State.ATTENTION for item in self.items)


def _receipt(item: Item) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(item.receipt or "{}")
    return found.get("receipt", found)  # type: ignore[no-any-return]  # a receipt may lie in its signed cover


Cards: TypeAlias = dict[str, tuple[bool, date, Mapping[str, Any], Draft]]
"""The card of each draft with what it was made from: one that nobody has touched is not made again."""


def drafts_from(
    documents: Iterable[Mapping[str, Any]],
    guides: Mapping[str, Guide],
    *,
    clocks: Sequence[Clock],
    force: Mapping[str, object],
    now: datetime,
    council_told: Collection[str] = (),
    cards: Cards | None = None,
) -> tuple[list[Draft], list[str]]:
    """The drafts, those with something due first, and the ids of drafts that this app cannot read.

    ``council_told``: the records whose return the council has been told of. ``cards`` are those of the last
    reading, and become those of this one.
    """
    known, read = dict(cards or {}), cards if cards is not None else {}
    read.clear()
    found: list[Draft] = []
    unread: list[str] = []
    for document in documents:
        id_, today = str(document.get("id", "")), now.date()
        try:
            told = any(one["record"] in council_told for one in document["sent"].values())
            kept = known.get(id_)
            if kept is not None and kept[:3] == (told, today, document):
                read[id_] = kept
                found.append(kept[3])
                continue
            begun = encounter_from_json(document)
            guide = guides[begun.guide]
            encounter = in_current_editions(begun, guide)
        except (WireError, LookupError, TypeError, AttributeError):
            unread.append(id_)
            continue
        left = [one for one in clocks if not (told and one.id == RETURN_CLOCK)]
        card = _draft(encounter, guide, clocks=left, force=force, now=now)
        read[id_] = (told, today, document, card)
        found.append(card)
    found.sort(key=lambda one: (one.due.due if one.due else now.max.replace(tzinfo=now.tzinfo), one.changed))
    return found, unread


def _draft(
    encounter: Encounter,
    guide: Guide,
    *,
    clocks: Sequence[Clock],
    force: Mapping[str, object],
    now: datetime,
) -> Draft:
    facts = facts_of(encounter, guide, force, now)
    name, about = described(encounter.child(), now.date())
    done = _pages(guide, encounter, facts.asked)
    page = next((page for page in guide.pages if page.id == encounter.place), guide.pages[0])
    return Draft(
        id=str(encounter.id),
        guide=guide.id,
        incident=str(encounter.incident),
        subject=str(encounter.subject),
        there=prefilled_count(encounter, guide),
        title=guide.title,
        name=name,
        about=about,
        page=page.id,
        page_words=page.title,
        pages_done=sum(done),
        pages=len(done),
        due=_due(encounter, facts.answers, clocks=clocks, force=force),
        changed=encounter.changed,
        adds=encounter.stage is not Stage.CAPTURE,
        newer=len(encounter.newer),
        found_by=words_of(encounter, guide),
    )


def _pages(guide: Guide, encounter: Encounter, asked: Collection[str]) -> list[bool]:
    """Of each page on which something is needed before sending, whether all of that is there.

    What may follow later, or be left out, keeps no page open: a whole check has all of them done.
    """
    child = encounter.child()
    known: Answers = {**(child.facts if child else {}), **encounter.answers}

    def is_needed(name: str) -> bool:
        field = guide.field(name)
        there = name in asked or (guide.about_subject(name) and field.is_shown(known))
        return there and field.stage.reached_by(encounter.stage) and field.is_required(known)

    needed = ([name for name in page.fields() if is_needed(name)] for page in guide.pages)
    return [all(name in known for name in names) for names in needed if names]


def _due(
    encounter: Encounter, answers: Answers, *, clocks: Sequence[Clock], force: Mapping[str, object]
) -> Running | None:
    """What is due next of a draft. A PPN is itself what its clock waits for.

    That clock was started by the encounter a PPN follows from: by what happened, as far as the PPN
    knows it, and otherwise when the PPN was begun.
    """
    own = next((one for one in clocks if one.id == PPN_CLOCK), None)
    if encounter.guide == PPN and own is not None:
        happened = answers.get(PPN_STARTS)
        start = happened.at if isinstance(happened, Moment) else encounter.started.instant
        return Running(own, start, own.due(start, force, encounter.shift_ends), done=False)
    clocks_now = running(clocks, answers, force, encounter.shift_ends, encounter.started.instant)
    return next((one for one in clocks_now if not one.done), None)


def parcels_from(
    items: Iterable[Item],
    readable: Mapping[tuple[str, int], Mapping[str, Any]],
    today: date,
    enclosed: Iterable[Enclosure] = (),
) -> list[Parcel]:
    """Submissions by encounter and time, the newest first. Names only while they may still be read.

    The newest is the one that was put in last: the clock may have been set right in between.
    """

    def sent_together(item: Item) -> tuple[datetime, str]:
        return item.created, str(item.summary.get("encounter", item.record))

    going: dict[tuple[str, int], list[Enclosure]] = {}
    for one in enclosed:
        going.setdefault((one.record, one.rev), []).append(one)
    parcels: list[Parcel] = []
    in_order = sorted(items, key=lambda item: item.id)
    for (created, encounter), group in groupby(in_order, key=sent_together):
        together = tuple(group)
        copy = next((readable[key] for one in together if (key := (one.record, one.rev)) in readable), None)
        name, about, found_by = _read_back(copy, today) if copy else ("", "", "")
        first, photos, signed = together[0].summary, *_going(together, going)
        parcels.append(
            Parcel(
                encounter=encounter,
                guide=str(first.get("guide", "")),
                stage=str(first.get("stage", "")),
                created=created,
                emergency=any(bool(one.summary.get("emergency")) for one in together),
                items=together,
                incident=str(first.get("incident", "")),
                name=name,
                about=about,
                found_by=found_by,
                left_open=_left_open(first),
                photos=(photos.count(Going.SENT), len(photos)),
                photos_apart=photos.count(Going.ATTENTION),
                signatures=(signed.count(Going.SENT), len(signed)),
            )
        )
    return parcels[::-1]


def _going(
    items: Iterable[Item], going: Mapping[tuple[str, int], list[Enclosure]]
) -> tuple[list[Going], list[Going]]:
    """Where each photograph that went first with these is, and each drawn signature among them."""
    found = [(item, one) for item in items for one in going.get((item.record, item.rev), ())]
    drawn = [one.going for item, one in found if one.attachment in item.summary.get("signatures", ())]
    return [one.going for _, one in found], drawn


def _read_back(copy: Mapping[str, Any], today: date) -> tuple[str, str, str]:
    """Who a copy that may be read is about, and what it is found by."""
    try:
        encounter = encounter_from_json(copy)
    except WireError:  # one copy that cannot be read hides nothing of the others
        return "", "", ""
    name, about = described(encounter.child(), today)
    guide = definitions.guide(encounter.guide) if encounter.guide in definitions.guide_ids() else None
    return name, about, words_of(encounter, guide) if guide else ""


def _left_open(summary: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    child = str(summary.get("subject", ""))
    left = ((str(question), str(about)) for question, about in summary.get("left_open", ()))
    return tuple((question, "" if about == child else about) for question, about in left)


def newest_sent(items: Iterable[Item]) -> dict[str, int]:
    """The newest revision of each record that was handed over on this device."""
    found: dict[str, int] = {}
    for item in items:
        found[item.record] = max(item.rev, found.get(item.record, 0))
    return found


def described(child: Entity | None, today: date) -> tuple[str, str]:
    """A person as a card shows them, most often the child: the name they go by, then sex and age."""
    if child is None:
        return "", ""
    first = child.word("known_as") or child.word("given_names")
    name = " ".join(part for part in (first, child.word("surname")) if part)
    years = _years(child, today)
    estimate = age_about(child, today)
    old = str(years) if years is not None else estimate
    grown = old.isdecimal() and int(old) >= ADULT
    sex = in_words.called(child.word("sex"), grown=grown)
    if years is not None:
        return name, f"{sex}, {years}"
    return name, in_words.about_so_old(sex, estimate) if estimate else sex


def _years(person: Entity, today: date) -> int | None:
    """How old, where the whole birthday is known; it may be half typed."""
    born = person.word("dob")
    try:
        day = date.fromisoformat(born) if len(born) == len("2011-03-12") else None
    except ValueError:
        return None
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day)) if day else None
