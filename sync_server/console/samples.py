"""Dip samples: some records of a unit, drawn by lot, to be read, and feedback on each for its supervisors.

Feedback is words about a record. Nobody is given a mark, and no officer's name stands on these pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID, uuid5

from sqlalchemy import Connection, RowMapping, func, select
from starlette.responses import Response

from booklets.entities import new_id
from sync_server.console import followed, sampling, scopes, words
from sync_server.console.doors import Seen, go_to, page
from sync_server.console.listed import Choice, Filter, SheetRecord
from sync_server.console.marks import brief_title_of, child_of, person_in, rows_by, sign_marks, state_mark
from sync_server.console.month import month_filter, month_in
from sync_server.console.overviews import DippedRow, SamplePage, SampleRow, SamplesPage
from sync_server.console.pages import Problem, RefusedPage
from sync_server.console.register import kinds_and_units, note_list
from sync_server.db.samples import dip_feedback, dip_sample
from sync_server.db.tables import State, person
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of

AT_ONCE = 50
MOST_WORDS = 2000
MOST_DIGITS = 9
HERE = "/samples"
NOT_THERE = "There is no such sample, or it is not yours to see."
NOTHING_TO_DRAW = "No record of this unit and month can be drawn. Choose another month"
CHOOSE_A_UNIT = "Choose the unit whose records are to be drawn"
SAY_SOMETHING = "Write what is good or lacking in this record"
TOO_LONG = f"Say it in at most {MOST_WORDS:,} characters. All that you wrote is still there"
GONE = "Withdrawn since it was drawn, or not to be read here: {gone}. The others stand below."
WRITTEN = "Your feedback is kept. The supervisors of the unit see it here."


def show(seen: Seen) -> Response:
    """The samples that were drawn, and what is asked of whoever draws another."""
    return _shown(seen)


def draw(seen: Seen) -> Response:
    """Draw a sample, and show it."""
    with seen.context.store.read() as db:
        units = _units(db, seen)
    unit = seen.form.get("unit", "")
    if unit not in units:
        return _shown(seen, (Problem("filter-unit", CHOOSE_A_UNIT),), 422)
    size = next((one for one in sampling.OFFERED if str(one) == seen.form.get("size")), sampling.OFFERED[0])
    number = sampling.draw(seen, unit, month_in(seen.form.get("month", ""), seen.now), size)
    if number is None:
        return _shown(seen, (Problem("filter-month", NOTHING_TO_DRAW),), 422)
    return go_to(f"{HERE}/{number}")


def one(seen: Seen) -> Response:
    """One sample with its feedback."""
    return _sample(seen)


def write(seen: Seen) -> Response:
    """Write feedback on one record of a sample."""
    with seen.context.store.read() as db:
        sample = _found(seen, db)
        rows = _drawn(db, seen, sample) if sample else {}
    record = seen.form.get("record", "")
    if sample is None or record not in rows:
        return _not_there(seen)
    said = seen.form.get("words", "").replace("\r\n", "\n").strip()
    if not said or len(said) > MOST_WORDS:
        return _sample(seen, record, said, TOO_LONG if said else SAY_SOMETHING, 422)
    rev = dict(sample["records"])[record]
    sampling.write_back(seen, sample, record, rev, id_=_id(seen, record, said), words=said)
    return go_to(f"{HERE}/{sample['id']}?said=yes")


def _id(seen: Seen, record: str, said: str) -> UUID:
    """The same for the same words about the same record from the same page: they are kept once."""
    try:
        of_page = UUID(seen.form.get("id", ""))
    except ValueError:
        of_page = new_id()
    return uuid5(of_page, f"{record} {said}")


def _units(db: Connection, seen: Seen) -> Mapping[str, str]:
    """Of whose records somebody may draw: the team of every unit, a supervisor of their own."""
    somebody = seen.account.person
    _, units = kinds_and_units(db, somebody)
    if Role.MHET in somebody.roles:
        return units
    return {unit: said for unit, said in units.items() if unit == somebody.unit}


def _shown(seen: Seen, problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    with seen.context.store.read() as db:
        units = _units(db, seen)
        rows = tuple(_rows(db, seen))
    chosen = seen.form.get("unit", "") or next(iter(units), "")
    note_list(seen, "samples read", len(rows))
    made = SamplesPage(
        **seen.frame("quality"),
        title=f"{'Error: ' if problems else ''}Dip samples",
        asked_at=words.day_and_time(seen.now),
        choices=(
            Filter(
                "unit",
                "Unit",
                choices=tuple(Choice(one, said, one == chosen) for one, said in units.items()),
            ),
            month_filter(month_in(seen.form.get("month", ""), seen.now), seen.now),
            Filter(
                "size",
                "How many",
                choices=tuple(Choice(str(one), f"{one} records") for one in sampling.OFFERED),
            ),
        ),
        rows=rows,
        problems=problems,
    )
    return page(made, status)


def _rows(db: Connection, seen: Seen) -> Iterator[SampleRow]:
    query = select(dip_sample).where(sampling.samples_of(seen.account.person))
    found = db.execute(query.order_by(dip_sample.c.id.desc()).limit(AT_ONCE)).mappings().all()
    about = select(dip_feedback.c.sample, func.count(dip_feedback.c.record.distinct())).where(
        dip_feedback.c.sample.in_([row["id"] for row in found])
    )
    written: dict[int, int] = dict(map(tuple, db.execute(about.group_by(dip_feedback.c.sample)).all()))
    for row in found:
        yield SampleRow(
            href=f"{HERE}/{row['id']}",
            unit=words.plain_code(row["unit"]),
            month=month_in(row["month"], row["at"]).said,
            drawn=words.day_and_time(row["at"]),
            records=str(len(row["records"])),
            written=str(written.get(row["id"], 0)),
        )


def _found(seen: Seen, db: Connection) -> RowMapping | None:
    asked = seen.request.path_params["sample"]
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS else 0
    return sampling.found(db, seen, number)


def _drawn(db: Connection, seen: Seen, sample: RowMapping) -> Mapping[str, RowMapping]:
    """The records of a sample that are still there for this person; what was withdrawn is read no more."""
    rows = (scopes.found(db, record, seen.account.person) for record, _ in sample["records"])
    return {row["record"]: row for row in rows if row is not None and row["state"] != State.WITHDRAWN.value}


def _not_there(seen: Seen) -> Response:
    return page(RefusedPage(**seen.frame("quality"), says=NOT_THERE, back=HERE), 404)


def _sample(seen: Seen, about: str = "", typed: str = "", wrong: str = "", status: int = 200) -> Response:
    with seen.context.store.read() as db:
        sample = _found(seen, db)
        if sample is None:
            return _not_there(seen)
        drawn = _drawn(db, seen, sample)
        rows = tuple(_dipped(db, seen, sample, drawn, {about: (typed, wrong)}))
    note_list(seen, "sample read", len(rows), list(drawn), {"seed": sample["seed"]})
    gone = len(sample["records"]) - len(drawn)
    month = month_in(sample["month"], sample["at"]).said
    made = SamplePage(
        **seen.frame("quality"),
        title=f"{'Error: ' if wrong else ''}Dip sample",
        under=f"{words.plain_code(sample['unit'])}, {month}, drawn {words.day_and_time(sample['at'])}",
        seed=sample["seed"],
        action=f"{HERE}/{sample['id']}",
        id=str(new_id()),
        rows=rows,
        gone=GONE.format(gone=gone) if gone else "",
        said=WRITTEN if seen.request.query_params.get("said") == "yes" and not wrong else "",
        problems=tuple(Problem(f"words-{row.number}", row.wrong) for row in rows if row.wrong),
    )
    return page(made, status)


def _dipped(
    db: Connection,
    seen: Seen,
    sample: RowMapping,
    drawn: Mapping[str, RowMapping],
    typed: Mapping[str, tuple[str, str]],
) -> Iterator[DippedRow]:
    names = followed.names_of(db, sample["force"])
    written = sampling.feedback_on(db, seen, sample["id"])
    children = rows_by(db, person, "id", (row["subject"] for row in drawn.values()))
    revs = dict(sample["records"])
    for number, (record, row) in enumerate(drawn.items(), 1):
        child, _ = child_of(person_in(next(iter(children[row["subject"]]), None)), row["received_at"])
        words_typed, wrong = typed.get(record, ("", ""))
        yield DippedRow(
            record=SheetRecord(
                href=f"/records/{record}",
                kind=brief_title_of(row["form"]),
                child=child,
                received=words.short(row["received_at"]),
                unit=reference_of(UUID(record)),
                stands=state_mark(row["state"]),
            ),
            marks=tuple(sign_marks(row["flags"], covert=row["covert"])),
            drawn=f"drawn at revision {revs[record]}" if revs[record] < row["rev"] else "",
            number=number,
            written=tuple(
                (words.short(one["at"]), names.get(one["by"], one["by"]), said)
                for one, said in written.get(record, ())
            ),
            typed=words_typed,
            wrong=wrong,
        )
