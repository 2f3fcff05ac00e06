"""For somebody who works for a council: what was delivered there, confirming it, deciding on a referral.

They see the notices as they were delivered and nothing of the record behind them. Which those are is one
question of the database (``scopes.delivered_to``), asked anew for each page and for each answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, RowMapping
from starlette.responses import Response

from sync_server import audit
from sync_server.console import followed, scopes, words
from sync_server.console.council_pages import ToldNoticePage, ToldPage, ToldRow
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.marks import council_of
from sync_server.console.pages import Fact, Mark, Problem, RefusedPage, TableView
from sync_server.console.register import note_list
from sync_server.councils import answering, told
from sync_server.councils.answering import DECISIONS, MOST_WORDS, NO_FURTHER, Kind
from sync_server.db.owed import delivery

HERE = "/council"
AT_ONCE = 100
MOST_DIGITS = 9
READ = "council_read"
NOT_THERE = (
    "There is no such notice for your council, or it does not hold any more. What has come since stands in "
    "the list."
)
DONE = {
    Kind.READ: "Confirmed. The police see that your council has read this.",
    Kind.DECIDED: "Sent. The police see what your council has decided.",
}
NO_DECISION = "Say what your council does"
NO_WORDS = "Say in your own words why nothing more comes from your council"
TOO_LONG = f"Say it in at most {MOST_WORDS:,} characters. All of it is here still"
NEW, CONFIRMED, DECIDED = "Not confirmed yet", "Read by {who}, {at}", "Decided: {what}"


def show(seen: Seen) -> Response:
    """The newest of what was delivered. That the list was read is written down."""
    given = seen.request.query_params.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS else 0
    query = scopes.delivered_to(seen.account.person).order_by(delivery.c.id.desc()).limit(AT_ONCE + 1)
    with seen.context.store.read() as db:
        found = db.execute(query.where(delivery.c.id < before) if before else query).mappings().all()
        rows = tuple(_rows(seen, db, found[:AT_ONCE]))
    note_list(seen, "council list read", len(rows), [one["record"] for one in found[:AT_ONCE]])
    made = ToldPage(
        **seen.frame("council"),
        council=council_of(seen.account.person.council),
        asked_at=words.day_and_time(seen.now),
        rows=rows,
        more=f"{HERE}?before={found[AT_ONCE - 1]['id']}" if len(found) > AT_ONCE else "",
        first=HERE if before else "",
    )
    return page(made)


def one(seen: Seen) -> Response:
    """One of them. That it was read stands in the record's history before it is shown."""
    return _shown(seen)


def confirm(seen: Seen) -> Response:
    """Somebody of the council has read it."""
    return _said(seen, Kind.READ)


def decide(seen: Seen) -> Response:
    """What the council does because of a referral."""
    decision, said = seen.form.get("decision", ""), _words(seen)
    problems = tuple(_problems(decision, said))
    if problems:
        return _shown(seen, problems=problems, status=422)
    return _said(seen, Kind.DECIDED, decision=decision, said=said)


def table(seen: Seen, db: Connection, row: RowMapping, names: Mapping[str, str]) -> TableView:
    """What councils have answered because of a record, for whoever reads that record."""
    rows = tuple(
        (
            Mark(words.day_and_time(each["at"])),
            Mark(council_of(each["council"])),
            Mark(names.get(each["by"], "")),
            Mark(_did(each)),
            Mark(answering.words_of(seen.context, db, each) or "–"),
        )
        for each in answering.answers_about(db, row["record"])
    )
    columns = ("When", "Council", "Who", "Answered", "In their own words")
    empty = "No council has confirmed or answered anything here."
    return TableView("councils", "What councils answered", columns, rows, empty)


def _problems(decision: str, said: str) -> Iterator[Problem]:
    if decision not in DECISIONS:
        yield Problem("decision", NO_DECISION)
    if decision == NO_FURTHER and not said:
        yield Problem("words", NO_WORDS)
    if len(said) > MOST_WORDS:
        yield Problem("words", TOO_LONG)


def _said(seen: Seen, kind: Kind, *, decision: str = "", said: str = "") -> Response:
    def work(db: Connection) -> RowMapping | None:
        row = _found(seen, db)
        if row is None or (kind is Kind.DECIDED and not answering.asks_for_a_decision(row)):
            return None
        answering.say(seen.context, db, row, kind, by=seen.account, decision=decision, words=said)
        return row

    row = seen.context.store.write(work)
    return _not_there(seen) if row is None else go_to(f"{HERE}/{row['id']}?done={kind}")


def _found(seen: Seen, db: Connection) -> RowMapping | None:
    asked = str(seen.request.path_params["told"])
    id_ = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS else 0
    query = scopes.delivered_to(seen.account.person).where(delivery.c.id == id_)
    return db.execute(query).mappings().first()


def _not_there(seen: Seen) -> Response:
    return page(RefusedPage(**seen.frame("council"), says=NOT_THERE, back=HERE), 404)


def _shown(seen: Seen, *, problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    with seen.context.store.read() as db:
        row = _found(seen, db)
        if row is None:
            return _not_there(seen)
        content = told.words(db, seen.context.keys.safe, row)
        answers = answering.answers_to(db, [row["id"]]).get(row["id"], {})
        answered = tuple(_answered(seen, db, answers))
    _note_read(seen, row)
    path = f"{HERE}/{row['id']}"
    asks = answering.asks_for_a_decision(row) and Kind.DECIDED not in answers
    done = seen.request.query_params.get("done", "")
    made = ToldNoticePage(
        **seen.frame("council"),
        title=content["subject"],
        subject=content["subject"],
        at=words.day_and_time(row["delivered_at"]),
        fields=tuple(Fact(each["title"], each["words"]) for each in content["fields"]),
        answered=answered,
        confirm="" if Kind.READ in answers else f"{path}/read",
        decide=f"{path}/decision" if asks else "",
        decisions=tuple(DECISIONS.items()),
        given=seen.form.get("decision", ""),
        words=_words(seen),
        back=HERE,
        said=DONE.get(Kind(done), "") if done in set(Kind) and not problems else "",
        problems=problems,
    )
    return page(replace(made, title=f"Error: {made.title}") if problems else made, status)


def _answered(seen: Seen, db: Connection, answers: Mapping[Kind, RowMapping]) -> Iterator[Fact]:
    names = followed.names_of(db, seen.account.person.force)
    for each in answers.values():
        who = f"{names.get(each['by'], '')}, {words.day_and_time(each['at'])}"
        said = answering.words_of(seen.context, db, each)
        yield Fact(_did(each), "\n".join(filter(None, (who, said))))


def _did(each: RowMapping) -> str:
    return DECISIONS.get(each["decision"], "Read")


def _rows(seen: Seen, db: Connection, found: Sequence[RowMapping]) -> Iterator[ToldRow]:
    answers = answering.answers_to(db, [row["id"] for row in found])
    names = followed.names_of(db, seen.account.person.force)
    for row in found:
        yield ToldRow(
            href=f"{HERE}/{row['id']}",
            subject=told.words(db, seen.context.keys.safe, row)["subject"],
            reference=row["reference"],
            at=words.day_and_time(row["delivered_at"]),
            stands=_stands(row, answers.get(row["id"], {}), names),
        )


def _stands(row: RowMapping, answers: Mapping[Kind, RowMapping], names: Mapping[str, str]) -> Mark:
    decided, read = answers.get(Kind.DECIDED), answers.get(Kind.READ)
    if decided is not None:
        return Mark(DECIDED.format(what=_did(decided)))
    if read is None:
        return Mark(NEW, "soon")
    said = CONFIRMED.format(who=names.get(read["by"], ""), at=words.short(read["at"]))
    return Mark(said, "", "Not decided yet" if answering.asks_for_a_decision(row) else "")


def _note_read(seen: Seen, row: RowMapping) -> None:
    detail: dict[str, str | int | list[str]] = {
        "rev": row["rev"],
        "target": row["target"],
        "why": seen.why,
    }
    seen.context.store.write(
        lambda db: audit.note(
            db,
            force=row["force"],
            record=row["record"],
            who=seen.account.id,
            what=READ,
            at=seen.now,
            detail=detail,
        )
    )


def _words(seen: Seen) -> str:
    return seen.form.get("words", "").replace("\r\n", "\n").strip()
