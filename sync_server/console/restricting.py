"""Restricting who may read about a child, from a record's page; changing the list, and ending it.

For the missing-from-home team: whoever of it is on the list. At least one of each team has to be on it, so
that a danger that arrives at night is read at once, and opened in need by whoever else has to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, RowMapping
from starlette.responses import Response

from booklets.checks.saying import Known as Names
from booklets.checks.saying import words_of_a_name
from booklets.checks.supervising import says_enough
from sync_server.console import records, scopes
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.marks import person_in, title_of
from sync_server.console.pages import Problem, RefusedPage
from sync_server.console.restricted import HERE, LONGEST, TOO_LONG, Known, found, hours_of, not_there, shown
from sync_server.console.restricted_pages import RestrictPage
from sync_server.console.scopes import READERS
from sync_server.db.tables import person
from sync_server.duties import restriction
from sync_server.identity import accounts
from sync_server.identity.accounts import Account
from sync_server.notices import reference_of

MOST_NAMED = 50
NO_WORDS = "Say in your own words why only named people may read about this child"
NO_WORDS_TO_END = "Say in your own words why everybody may read about this child again"
NOBODY = "Name who may read, each by the user name"
TOO_MANY = f"Name at most {MOST_NAMED} people"
UNKNOWN = "“{user}” is no user name of this force, or somebody who is not here any more"
NO_REGISTER = "“{user}” has no register at the console, and cannot read about any child there"
NO_TEAM = "Name at least one of the {team}, so that a danger is read at once"
TEAMS = {accounts.Role.MHET: "missing-from-home team", accounts.Role.VAT: "vulnerability team"}
NO_CHILD = "This record is about no child, so that there is nobody to restrict."
NOT_YOURS = (
    "Only somebody of the missing-from-home team who is on the list by name changes it or ends it. "
    "Ask one of them."
)


def show(seen: Seen) -> Response:
    """What is asked of whoever restricts the child of a record."""
    return _asked(seen)


def restrict(seen: Seen) -> Response:
    """Restrict it; or say what is missing."""
    with seen.context.store.read() as db:
        row = _record(seen, db)
        readers, problems = _readers(seen, db)
        names = _names(db, row) if row is not None else Names()
    problems = (*_of_words(seen, names, NO_WORDS), *problems)
    if row is None or not row["subject"] or problems:
        return _asked(seen, problems)
    asked = restriction.Asked(
        by=seen.account,
        record=row["record"],
        rev=row["rev"],
        words=_words(seen),
        readers=frozenset(one.id for one in readers),
    )
    number = seen.context.store.write(partial(restriction.restrict, seen.context, asked=asked))
    return go_to(f"{HERE}/{number}?done=set")


def change(seen: Seen) -> Response:
    """Let other people read: the whole list, as it is from now on."""
    with seen.context.store.read() as db:
        known = found(seen, db)
        refused = _refused(seen, known)
        readers, problems = _readers(seen, db)
    if refused is not None or known is None:
        return refused or not_there(seen)
    if problems:
        return shown(seen, wrong_in="list", problems=problems, status=422)
    ids = frozenset(one.id for one in readers)
    seen.context.store.write(
        lambda db: restriction.change_list(seen.context, db, known.row, ids, by=seen.account)
    )
    mine = seen.account.id in ids
    return go_to(f"{known.path}?done=changed" if mine else f"{HERE}?done=changed")


def end(seen: Seen) -> Response:
    """Let everybody read again whose role it is."""
    with seen.context.store.read() as db:
        known = found(seen, db)
        refused = _refused(seen, known)
        names = _called(known.people) if known else Names()
    if refused is not None or known is None:
        return refused or not_there(seen)
    problems = tuple(_of_words(seen, names, NO_WORDS_TO_END))
    if problems:
        return shown(seen, wrong_in="end", problems=problems, status=422)
    seen.context.store.write(
        lambda db: restriction.end(seen.context, db, known.row, _words(seen), by=seen.account)
    )
    return go_to(f"{HERE}?done=ended")


def _refused(seen: Seen, known: Known | None) -> Response | None:
    if known is None or known.manages:
        return None
    return page(RefusedPage(**seen.frame("restricted"), says=NOT_YOURS, back=known.path), 403)


def _record(seen: Seen, db: Connection) -> RowMapping | None:
    return scopes.opened(db, seen.request.path_params["record"], seen.account.person)


def _asked(seen: Seen, problems: Sequence[Problem] = ()) -> Response:
    """The form; or where the child is restricted already, that restriction."""
    with seen.context.store.read() as db:
        row = _record(seen, db)
        if row is None:
            return page(RefusedPage(**seen.frame("register"), says=records.NOT_THERE), 404)
        back = f"/records/{row['record']}"
        number = scopes.restriction_of(db, row)
    if number:
        return go_to(f"{HERE}/{number}")
    if not row["subject"]:
        return page(RefusedPage(**seen.frame("register"), says=NO_CHILD, back=back), 409)
    made = RestrictPage(
        **seen.frame("register"),
        title=f"{'Error: ' if problems else ''}Restrict who may read",
        under=f"From {title_of(row['form'])}, {reference_of(UUID(row['record']))}",
        action=f"{back}/restrict",
        back=back,
        hours=hours_of(seen),
        given={
            "words": seen.form.get("words", ""),
            "readers": seen.form.get("readers", seen.account.person.user),
        },
        problems=tuple(problems),
    )
    return page(made, 422 if problems else 200)


def _readers(seen: Seen, db: Connection) -> tuple[list[Account], tuple[Problem, ...]]:
    """Who was named, and what is wrong with that."""
    typed = re.split(r"[\s,;]+", seen.form.get("readers", "").strip().lower())
    users = list(dict.fromkeys(filter(None, typed)))
    if not users or len(users) > MOST_NAMED:
        return [], (Problem("readers", TOO_MANY if users else NOBODY),)
    named = {user: accounts.by_user(db, user) for user in users}
    wrong = tuple(filter(None, (_wrong_with(seen, user, one) for user, one in named.items())))
    readers = [one for one in named.values() if one is not None]
    lacks = (
        NO_TEAM.format(team=team)
        for role, team in TEAMS.items()
        if not any(role in one.person.roles for one in readers)
    )
    return readers, tuple(Problem("readers", said) for said in wrong or tuple(lacks))


def _wrong_with(seen: Seen, user: str, one: Account | None) -> str:
    if one is None or not one.active or one.person.force != seen.account.person.force:
        return UNKNOWN.format(user=user)
    return "" if one.may(READERS) else NO_REGISTER.format(user=user)


def _of_words(seen: Seen, names: Names, lacking: str) -> Iterator[Problem]:
    said = _words(seen)
    if len(said) > LONGEST:
        yield Problem("words", TOO_LONG)
    elif not says_enough(said, names):
        yield Problem("words", lacking)


def _words(seen: Seen) -> str:
    return seen.form.get("words", "").replace("\r\n", "\n").strip()


def _names(db: Connection, row: RowMapping) -> Names:
    mine = person.select().where(person.c.force == row["force"], person.c.id == row["subject"])
    return _called(db.execute(mine).mappings().all())


def _called(people: Sequence[RowMapping]) -> Names:
    """The child's names: words that have one are no more than stock because of it."""
    known = (person_in(row) for row in people)
    return Names(child=frozenset(word for one in known if one for word in words_of_a_name(one)))
