"""Restricted children (S-08): which there are, whom to ask, and opening one in need (break-glass).

Whoever has the register sees that there are some, by reference, and can open one: with the name or the
reference, and a reason in their own words. It is open to them for the force's hours, stands in the history
of every record of the child, and sets the missing team a task to read why. Nobody's name is in an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select
from starlette.responses import Response

from sync_server import restricted
from sync_server.across.same import plain
from sync_server.console import doors, taking, words
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.looked import reference_in
from sync_server.console.marks import child_of, person_in, title_of
from sync_server.console.pages import Fact, Mark, Problem, RefusedPage, TableView
from sync_server.console.register import note_list
from sync_server.console.restricted_pages import RestrictedPage, RestrictedRow, RestrictionPage
from sync_server.console.scopes import RESTRICTED
from sync_server.db.identity import account
from sync_server.db.restrictions import restricted_word
from sync_server.db.tables import person, record
from sync_server.duties import restriction
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of

HERE = "/restricted"
READ = "restricted read"
LONGEST = 2000
MOST_RECORDS = 100
MOST_DIGITS = 9
LEAST_WORDS = 4
"""Somebody in a hurry is asked for no more: the team reads the words, and asks whoever wrote them."""
NOT_THERE = "There is no such restriction any more. Whoever has the register reads about the child again."
NO_CHILD = "Say which child: the name, or the reference of the restriction or of a record"
NOT_FOUND = "No restricted child fits this. Who is not restricted stands in the register"
SEVERAL = "Several restricted children fit this: say which one by its reference, {references}"
NO_WORDS = "Say in your own words why you have to read it now"
TOO_SHORT = (
    "That is too short for whoever reads it tomorrow. Say what has happened: “Her mother rang at nine: she "
    "was seen at the bus station, and officers are going there”"
)
TOO_LONG = f"Say it in at most {LONGEST:,} characters. All of it is here still"
NAMES_THE_CHILD = "Say it without the child’s name: whoever watches over looking reads it"
OPENED = "Open to you until {until}. The missing-from-home team has been told, with your words."
DONE = {
    "set": "Restricted. Only those on the list read about this child from now on.",
    "changed": "The list is changed.",
    "ended": "Ended. Whoever has the register reads about the child again.",
}


@dataclass(frozen=True)
class Known:
    """One restriction, and what whoever asks may see of it."""

    seen: Seen
    db: Connection = field(repr=False)
    row: RowMapping = field(repr=False)

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"{HERE}/{self.row['id']}"

    @property
    def reference(self) -> str:
        """How it is spoken of."""
        return restricted.reference_of(self.row["id"])

    @property
    def held_out(self) -> bool:
        """Whether it holds whoever asks out now."""
        out = self.seen.account.person.held_out_of
        return out is None or self.row["id"] in out

    @cached_property
    def readers(self) -> Sequence[RowMapping]:
        """Whoever is on its list, and whoever opened it in need."""
        return restriction.readers_of(self.db, self.row["id"])

    @cached_property
    def named(self) -> Sequence[RowMapping]:
        """The accounts on its list by name that are still here."""
        ids = [one["account"] for one in self.readers if one["until"] is None]
        query = select(account).where(account.c.id.in_(ids), account.c.state == "active")
        return self.db.execute(query.order_by(account.c.name, account.c.id)).mappings().all()

    @property
    def manages(self) -> bool:
        """Whether they may change the list and end it: of the missing team, and on the list by name.

        Where nobody of the team is left on it, whoever of the team has opened it in need.
        """
        team = [one["id"] for one in self.named if Role.MHET.value in one["roles"]]
        mine = self.seen.account
        return not self.held_out and Role.MHET in mine.person.roles and (mine.id in team or not team)

    @cached_property
    def people(self) -> Sequence[RowMapping]:
        """How the child is mentioned, the newest first."""
        words_ = select(restricted_word.c.word).where(restricted_word.c.restriction == self.row["id"])
        mine = (person.c.force == self.row["force"], person.c.id.in_(words_))
        query = select(person).where(*mine).order_by(person.c.edited_at.desc(), person.c.id)
        return self.db.execute(query).mappings().all()

    @property
    def child(self) -> tuple[str, str]:
        """The child's name, and what tells them from a brother or sister."""
        return child_of(person_in(next(iter(self.people), None)), self.seen.now)

    def ask(self) -> tuple[str, ...]:
        """Whom to ask: those on the list, each with what they are."""
        return tuple(f"{one['rank']} {one['name']}, {_roles(one['roles'])}" for one in self.named)

    def until(self) -> str:
        """Until when it is open to whoever asks; "" where they are named, or held out."""
        mine = [one for one in self.readers if one["account"] == self.seen.account.id]
        if self.held_out or any(one["until"] is None for one in mine):
            return ""
        return words.day_and_time(max(one["until"] for one in mine))


def show(seen: Seen) -> Response:
    """All of them, as references. That they were read is written down."""
    said = DONE.get(seen.request.query_params.get("done", ""), "")
    return _shown(seen, said=said)


def ask(seen: Seen) -> Response:
    """Open one in need, by the name or a reference."""
    given = {name: _typed(seen, name) for name in ("who", "words")}
    with seen.context.store.read() as db:
        fitting = list(_fitting(seen, db, given["who"]))
        problems = [*_of_child(given["who"], fitting)]
        problems += _of_words(given["words"], fitting[0] if len(fitting) == 1 else None)
    if problems:
        note_list(seen, "restricted child asked for", len(fitting))
        return _shown(seen, problems=tuple(problems), status=422)
    return _open(seen, fitting[0].row, given["words"], fitting[0].path)


def one(seen: Seen) -> Response:
    """One of them: for whoever may read, with the child; for others, how to open it."""
    return shown(seen)


def open_it(seen: Seen) -> Response:
    """Open this one in need, and go where whoever opens it was held up."""
    given = _typed(seen, "words")
    then = doors.then_in(seen.form)
    with seen.context.store.read() as db:
        known = found(seen, db)
        problems = tuple(_of_words(given, known)) if known else ()
    if known is None:
        return not_there(seen)
    if problems:
        return shown(seen, wrong_in="open", problems=problems, status=422)
    return _open(seen, known.row, given, then if then != doors.HOME else known.path)


def _open(seen: Seen, row: RowMapping, said: str, then: str) -> Response:
    if row["id"] in (seen.account.person.held_out_of or ()):
        seen.context.store.write(
            lambda db: restriction.open_in_need(seen.context, db, row, said, by=seen.account, why=seen.why)
        )
    return go_to(then)


def found(seen: Seen, db: Connection) -> Known | None:
    """The restriction that the address names, of this force, while it stands."""
    asked = str(seen.request.path_params["restriction"])
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS else 0
    row = restriction.one(db, seen.account.person.force, number)
    return Known(seen, db, row) if row else None


def not_there(seen: Seen) -> Response:
    """It has ended, or there never was such a one."""
    return page(RefusedPage(**seen.frame("restricted"), says=NOT_THERE, back=HERE), 404)


def hours_of(seen: Seen) -> int:
    """For how long one that was opened in need stays open."""
    hours = seen.context.policy(seen.account.person.force).settings.get(restriction.HOURS)
    return hours if isinstance(hours, int) else restriction.OTHERWISE


def _shown(seen: Seen, *, problems: tuple[Problem, ...] = (), status: int = 200, said: str = "") -> Response:
    with seen.context.store.read() as db:
        rows = restriction.all_of(db, seen.account.person.force)
        known = [Known(seen, db, row) for row in rows]
        listed = tuple(map(_listed, known))
        shown_by_name = [one.row["record"] for one in known if not one.held_out]
    note_list(seen, READ, len(listed), shown_by_name)
    made = RestrictedPage(
        **seen.frame("restricted"),
        asked_at=words.day_and_time(seen.now),
        hours=hours_of(seen),
        rows=listed,
        given={name: seen.form.get(name, "") for name in ("who", "words")},
        problems=problems,
        said=said,
    )
    return page(replace(made, title=f"Error: {made.title}") if problems else made, status)


def _listed(known: Known) -> RestrictedRow:
    child, about = (RESTRICTED, "") if known.held_out else known.child
    until = known.until()
    return RestrictedRow(
        href=known.path,
        reference=known.reference,
        child=child,
        about=about,
        since=words.day_and_time(known.row["at"]),
        by=_people(known.db, [known.row["by"]]),
        ask=known.ask(),
        yours="No" if known.held_out else f"Yes, until {until}" if until else "Yes",
    )


def shown(
    seen: Seen, *, wrong_in: str = "", problems: tuple[Problem, ...] = (), status: int = 200
) -> Response:
    """The page of one restriction."""
    with seen.context.store.read() as db:
        known = found(seen, db)
        if known is None:
            return not_there(seen)
        made = _page(seen, known, wrong_in, problems)
        record_ = known.row["record"]
    note_list(seen, READ, 1, [] if made.held_out else [record_], {"restriction": known.reference})
    return page(replace(made, title=f"Error: {made.title}") if problems else made, status)


def _page(seen: Seen, known: Known, wrong_in: str, problems: tuple[Problem, ...]) -> RestrictionPage:
    child, about = (RESTRICTED, "") if known.held_out else known.child
    given = {name: seen.form.get(name, "") for name in ("words", "readers")}
    if wrong_in != "list":
        given["readers"] = "\n".join(one["username"] for one in known.named)
    until = known.until()
    done = DONE.get(seen.request.query_params.get("done", ""), "")
    made = RestrictionPage(
        **seen.frame("restricted"),
        title=f"{RESTRICTED} {known.reference}",
        heading=child,
        under=", ".join(filter(None, (about, known.reference))),
        facts=(
            Fact("Restricted since", words.day_and_time(known.row["at"])),
            Fact("By", _people(known.db, [known.row["by"]])),
        ),
        ask=known.ask(),
        action=known.path,
        held_out=known.held_out,
        hours=hours_of(seen),
        then=_then(seen),
        manages=known.manages,
        given=given,
        wrong_in=wrong_in,
        problems=problems,
        said=OPENED.format(until=until) if until and not problems else done,
    )
    return made if known.held_out else _with_the_child(seen, known, made)


def _with_the_child(seen: Seen, known: Known, made: RestrictionPage) -> RestrictionPage:
    """What whoever may read sees besides."""
    return replace(
        made,
        why=restriction.why_of(seen.context, known.db, known.row),
        records=tuple(_records(known)),
        openings=_openings(seen, known),
    )


def _records(known: Known) -> Iterator[Fact]:
    names = restriction.records_of(known.db, known.row)[:MOST_RECORDS]
    query = select(record.c.record, record.c.form, record.c.received_at).where(record.c.record.in_(names))
    for row in known.db.execute(query.order_by(record.c.received_at.desc())).mappings():
        said = f"{reference_of(UUID(row['record']))}, {words.short(row['received_at'])}"
        yield Fact(title_of(row["form"]), said, f"/records/{row['record']}")


def _openings(seen: Seen, known: Known) -> TableView:
    opened = [one for one in reversed(known.readers) if one["until"] is not None]
    why = restriction.why_opened(seen.context, known.db, [one["id"] for one in opened])
    rows = tuple(
        (
            Mark(words.day_and_time(one["at"])),
            Mark(_people(known.db, [one["account"]])),
            Mark(words.day_and_time(one["until"])),
            Mark(why[one["id"]]),
        )
        for one in opened
    )
    columns = ("When", "Who", "Open until", "Why, in their own words")
    return TableView("openings", "Opened in need", columns, rows, empty="Nobody has opened it.")


def _fitting(seen: Seen, db: Connection, who: str) -> Iterator[Known]:
    """The restrictions whose child or reference this may be."""
    rows = restriction.all_of(db, seen.account.person.force)
    reference = reference_in(who)
    names = [plain(word) for word in who.split() if plain(word)]
    for row in rows:
        known = Known(seen, db, row)
        if reference:
            fits = reference in {reference_of(UUID(name)) for name in restriction.records_of(db, row)}
        elif restricted.number_in(who):
            fits = restricted.number_in(who) == row["id"]
        else:
            called = [plain(" ".join(taking.names_of([one]))) for one in known.people]
            fits = bool(names) and any(all(name in one for name in names) for one in called)
        if fits:
            yield known


def _of_child(who: str, fitting: Sequence[Known]) -> Iterator[Problem]:
    if not who:
        yield Problem("who", NO_CHILD)
    elif not fitting:
        yield Problem("who", NOT_FOUND)
    elif len(fitting) > 1:
        references = ", ".join(one.reference for one in fitting)
        yield Problem("who", SEVERAL.format(references=references))


def _of_words(said: str, known: Known | None) -> Iterator[Problem]:
    names = taking.names_of(known.people) if known else ()
    if not said:
        yield Problem("words", NO_WORDS)
    elif len(said) > LONGEST:
        yield Problem("words", TOO_LONG)
    elif len(said.split()) < LEAST_WORDS:
        yield Problem("words", TOO_SHORT)
    elif taking.name_in(said, names):
        yield Problem("words", NAMES_THE_CHILD)


def _then(seen: Seen) -> str:
    given = seen.form if seen.request.method == "POST" else seen.request.query_params
    then = doors.then_in(given)
    return then if then != doors.HOME else ""


def _typed(seen: Seen, name: str) -> str:
    return seen.form.get(name, "").replace("\r\n", "\n").strip()


def _people(db: Connection, ids: Sequence[str]) -> str:
    query = select(account.c.rank, account.c.name).where(account.c.id.in_(ids))
    return ", ".join(f"{one.rank} {one.name}" for one in db.execute(query))


def _roles(roles: Sequence[str]) -> str:
    return ", ".join(words.ROLES.get(one, words.plain_code(one)) for one in roles)
