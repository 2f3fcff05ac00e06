"""One missing episode: what is open of it, what became of it, and closing it or opening it again.

The form carries a slip that says which records somebody had before them. Where another has come meanwhile
nothing is done, and what they wrote stands in the form still.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select
from starlette.responses import Response

from booklets.answers import answers_from_plain
from booklets.checks.saying import Known, words_of_a_name
from booklets.checks.supervising import says_enough
from booklets.entities import Entity, EntityKind
from booklets.form_names import RETURN
from sync_server.across.seen import MISSING
from sync_server.console import episode_words, words
from sync_server.console.absences import Children, absences
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.episode_pages import ActView, ClosingForm, EpisodePage, OpenThing
from sync_server.console.episode_words import WHY_NOT, briefly, did, in_full, path_of, state_of
from sync_server.console.episodes import DONE, HERE, newest_of
from sync_server.console.followed import IN_OWN_WORDS, in_own_words, names_of
from sync_server.console.listed import SheetRecord
from sync_server.console.marks import (
    NONE,
    brief_title_of,
    child_of,
    due_mark,
    person_in,
    rows_by,
    state_mark,
)
from sync_server.console.pages import Fact, Problem, RefusedPage
from sync_server.console.register import note_list
from sync_server.console.scopes import DECISION, opened, seen_by
from sync_server.db.tables import State, link, location, person
from sync_server.episodes import closing
from sync_server.episodes.categories import categories
from sync_server.episodes.closing import STILL_OPEN, Answer, Asked, NotDone, mark_of, why_not_theirs
from sync_server.episodes.standing import acts_of, closed_by
from sync_server.episodes.still_open import Open, of_episodes, still_open, tasks_on, with_two_versions
from sync_server.notices import reference_of

SLIP = "episode"
LONGEST = 4000
NOT_THERE = "There is no such missing episode, or it is not yours to read."
TOO_OLD = "That page was too old to send. Nothing was changed: read the episode as it stands now."
NO_CATEGORY = "Say as what it is closed"
NO_WORDS = "Say in your own words why it is over: what is known of where the child was, and who acts now"
NO_REASON = "Something is open: say in your own words why it is closed all the same, and who sees to it"
NO_REASON_AGAIN = "Say in your own words why it is open again: what came to be known, and who acts"


@dataclass(frozen=True)
class _Episode:
    """What was read of an episode: what this person may read, and what became of it.

    ``mark`` stands for all its records: whoever may close it may read all of them.
    """

    id: str
    mark: str
    rows: Sequence[RowMapping] = field(repr=False)
    tasks: Sequence[RowMapping] = field(repr=False)
    beside: Collection[str]
    acts: Sequence[RowMapping] = field(repr=False)
    why_not: NotDone | None

    @property
    def closing(self) -> RowMapping | None:
        """The closing by which it is closed."""
        return closed_by(self.acts)

    @property
    def open(self) -> list[Open]:
        """What is not over."""
        return still_open(self.rows, self.tasks, self.beside)

    @property
    def is_back(self) -> bool:
        """Whether a return is recorded."""
        return any(row["form"] == RETURN for row in self.rows)


def show(seen: Seen) -> Response:
    """The episode, as this person may read it."""
    return _shown(seen)


def close(seen: Seen) -> Response:
    """Close it, or say what stands against it."""
    found = _found(seen)
    if found is None:
        return _not_there(seen)
    form = _filled_in(seen, found)
    problems = [*_of_words(seen, found, form)]
    if not form.category:
        problems.insert(0, Problem("category", NO_CATEGORY))
    if form.despite and form.asks_why and not says_enough(form.despite, _known(seen, found)):
        problems.append(Problem("despite", NO_REASON))
    if problems:
        return _shown(seen, replace(form, problems=tuple(problems)), 422)
    return _answered(seen, found, form, "closed")


def reopen(seen: Seen) -> Response:
    """Open it again, for a reason."""
    found = _found(seen)
    if found is None:
        return _not_there(seen)
    form = _filled_in(seen, found)
    problems = tuple(_of_words(seen, found, form))
    if problems:
        return _shown(seen, replace(form, problems=problems), 422)
    return _answered(seen, found, form, "reopened")


def _answered(seen: Seen, found: _Episode, form: ClosingForm, done: str) -> Response:
    """What came of it: done, refused and that is kept, or nothing, because it stands otherwise."""
    slip = seen.slips.open(seen.form.get("seen", ""), what=SLIP, whose=seen.account.id)
    named, _, mark = (slip or "").partition(" ")
    if named != found.id:
        return _refused(seen, TOO_OLD, found.id)
    asked = Asked(
        by=seen.account,
        episode=found.id,
        seen=mark,
        category=form.category if done == "closed" else "",
        words=form.words,
        despite=form.despite,
    )
    work = closing.close if done == "closed" else closing.reopen
    answer = seen.context.store.write(lambda db: work(seen.context, db, asked))
    if answer.stands:
        return go_to(f"{path_of(found.id)}?done={done}")
    if answer.not_done is NotDone.MOVED_ON or answer.refused:
        return _shown(seen, replace(form, problems=(_problem(answer, found),)), 409)
    why = WHY_NOT[answer.not_done] if answer.not_done is not None else ""
    return _refused(seen, f"Nothing was changed. {why}", found.id)


def _problem(answer: Answer, found: _Episode) -> Problem:
    if answer.not_done is not None:
        return Problem("words", WHY_NOT[answer.not_done])
    on = "despite" if answer.refused == STILL_OPEN else "category"
    return Problem(on, episode_words.refused(answer.refused, is_back=found.is_back))


def _not_there(seen: Seen) -> Response:
    return page(RefusedPage(**seen.frame(HERE), says=NOT_THERE), 404)


def _refused(seen: Seen, says: str, episode: str) -> Response:
    return page(RefusedPage(**seen.frame(HERE), says=says, back=path_of(episode)), 409)


def _found(seen: Seen) -> _Episode | None:
    """The episode in the address, where a report or a return of it is this person's to read."""
    id_, somebody = seen.request.path_params["episode"], seen.account
    force = somebody.person.force
    with seen.context.store.read() as db:
        rows = of_episodes(db, force, [id_], seen_by(somebody.person)).get(id_, [])
        every = of_episodes(db, force, [id_]).get(id_, [])
        _all_open(db, seen, rows, every)
        if not any(row["record_type"] in MISSING for row in rows):
            return None
        why_not = why_not_theirs(db, somebody, every)
        mine = every if why_not is None else rows
        tasks, beside = tasks_on(db, mine), with_two_versions(db, force, mine)
        return _Episode(id_, mark_of(every), mine, tasks, beside, acts_of(db, force, id_), why_not)


def _all_open(db: Connection, seen: Seen, rows: Sequence[RowMapping], every: Sequence[RowMapping]) -> None:
    """An episode is read and closed as a whole: what of it is about a restricted child is opened first."""
    theirs = {row["record"] for row in rows}
    for row in every:
        if row["record"] not in theirs:
            opened(db, row["record"], seen.account.person)


def _filled_in(seen: Seen, found: _Episode) -> ClosingForm:
    category = seen.form.get("category", "")
    return replace(
        _form(seen, found),
        category=category if category in categories() else "",
        words=_typed(seen, "words"),
        despite=_typed(seen, "despite"),
    )


def _typed(seen: Seen, name: str) -> str:
    return seen.form.get(name, "").replace("\r\n", "\n").strip()[:LONGEST]


def _form(seen: Seen, found: _Episode) -> ClosingForm:
    slip = seen.slips.seal(f"{found.id} {found.mark}", what=SLIP, whose=seen.account.id)
    if found.closing is not None:
        return ClosingForm(action=f"{path_of(found.id)}/open-again", seen=slip)
    return ClosingForm(
        action=f"{path_of(found.id)}/close",
        seen=slip,
        categories=tuple(categories().items()),
        asks_why=bool(found.open),
    )


def _of_words(seen: Seen, found: _Episode, form: ClosingForm) -> Iterator[Problem]:
    if not says_enough(form.words, _known(seen, found)):
        yield Problem("words", NO_WORDS if found.closing is None else NO_REASON_AGAIN)


def _known(seen: Seen, found: _Episode) -> Known:
    """The names in the episode's records: words that have one of them are about this child."""
    ids = [row["record"] for row in found.rows]
    subjects = {row["subject"] for row in found.rows}
    with seen.context.store.read() as db:
        mentioned = set(db.execute(select(link.c.to_id).where(link.c.record.in_(ids))).scalars())
        people = [one for own in rows_by(db, person, "id", mentioned | subjects).values() for one in own]
        places = [one for own in rows_by(db, location, "id", mentioned).values() for one in own]
    return Known(
        child=frozenset(_called(people, EntityKind.PERSON, subjects)),
        people=frozenset(_called(people, EntityKind.PERSON, {one["id"] for one in people} - subjects)),
        places=frozenset(_called(places, EntityKind.PLACE, {one["id"] for one in places})),
    )


def _called(rows: Sequence[RowMapping], kind: EntityKind, ids: set[str]) -> Iterator[str]:
    for row in rows:
        if row["id"] in ids:
            yield from words_of_a_name(Entity(UUID(row["id"]), kind, answers_from_plain(row["facts"])))


def _shown(seen: Seen, form: ClosingForm | None = None, status: int = 200) -> Response:
    """The page. That it was read is written down first, with the records on it."""
    found = _found(seen)
    if found is None:
        return _not_there(seen)
    note_list(seen, "episode read", len(found.rows), [row["record"] for row in found.rows])
    with seen.context.store.read() as db:
        made = _page(seen, db, found, form)
    return page(made, status)


def _page(seen: Seen, db: Connection, found: _Episode, form: ClosingForm | None) -> EpisodePage:
    force = seen.account.person.force
    names = names_of(db, force)
    newest = newest_of(found.rows)
    children = Children.of(db, force, found.rows)
    child, about = child_of(person_in(children.people.get(newest["subject"])), newest["received_at"])
    absent = absences(db, force, found.rows, children).get(found.id)
    offered = _form(seen, found) if found.why_not is None else None
    title = f"Missing episode: {child}"
    return EpisodePage(
        **seen.frame(HERE),
        title=f"Error: {title}" if form and form.problems else title,
        heading=child,
        under=f"Missing episode · {about}" if about else "Missing episode",
        state=state_of(found.closing, names),
        is_closed=found.closing is not None,
        covert=any(row["covert"] for row in found.rows),
        missing=absent.mark(seen.now) if absent else NONE,
        open=tuple(_open(seen, db, one) for one in found.open),
        records=tuple(_record(row, child) for row in found.rows if row["record_type"] != DECISION),
        acts=tuple(_act(seen, db, found, one, names) for one in reversed(found.acts)),
        form=_kept(offered, form) if offered and form else offered,
        why_not=WHY_NOT[found.why_not] if found.why_not else "",
        said=_said(seen, found),
    )


def _kept(offered: ClosingForm, form: ClosingForm) -> ClosingForm:
    """What somebody filled in stays; what they had before them is what stands on the page now."""
    return replace(
        offered, category=form.category, words=form.words, despite=form.despite, problems=form.problems
    )


def _open(seen: Seen, db: Connection, one: Open) -> OpenThing:
    """One thing that is open; of a task also whose it is, and by when."""
    record = _link(one.row) if one.row is not None and one.row["record_type"] != DECISION else None
    if one.task is None:
        return OpenThing(in_full(one), record, "", NONE)
    role = words.ROLES.get(one.task["owner_role"], words.plain_code(one.task["owner_role"]))
    what, owner = in_full(one), f"{role[:1].upper()}{role[1:]}"
    if one.task["kind"] in IN_OWN_WORDS:
        what, owner = in_own_words(seen.context, db, one.task)
    due = one.task["due_at"]
    return OpenThing(what, record, owner, due_mark(due, State.PENDING, seen.now) if due else NONE)


def _link(row: RowMapping) -> Fact:
    return Fact(brief_title_of(row["form"]), reference_of(UUID(row["record"])), f"/records/{row['record']}")


def _record(row: RowMapping, child: str) -> SheetRecord:
    return SheetRecord(
        href=f"/records/{row['record']}",
        kind=brief_title_of(row["form"]),
        child=child,
        received=words.short(row["received_at"]),
        unit=words.plain_code(row["unit"]),
        stands=state_mark(row["state"]),
    )


def _act(seen: Seen, db: Connection, found: _Episode, one: RowMapping, names: Mapping[str, str]) -> ActView:
    """What became of it, with the words for whoever may read the record that they lie with."""
    row = next((row for row in found.rows if row["record"] == one["record"]), None)
    said = closing.words_of(seen.context, db, one) if row is not None else {}
    return ActView(
        at=words.day_and_time(one["at"]),
        who=names.get(one["by"], words.plain_code(one["by"])),
        did=did(one),
        words=said.get("words", ""),
        despite=said.get("despite", ""),
        open=briefly(one["still_open"]),
        record=_link(row) if row is not None and one["by"] == closing.SYSTEM else None,
    )


def _said(seen: Seen, found: _Episode) -> str:
    """That it was done, as long as it is still so."""
    asked = seen.request.query_params.get("done", "")
    holds = {"closed": found.closing is not None, "reopened": found.closing is None and bool(found.acts)}
    return DONE[asked] if holds.get(asked) else ""
