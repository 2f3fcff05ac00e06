"""Each use of police protection: its parts put together, read, and what was late about it.

The parts are begun apart, often on three handhelds, so they are put together by the child and by the times,
as ``sync_server.across.protection`` does: a use goes on for as long as the power can last, and its end is
the first one after it began.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, Select, and_, func, or_, select

from booklets import definitions
from booklets.form_names import PROTECTION_ENDED, PROTECTION_ENQUIRED, PROTECTION_REVIEWED, PROTECTION_USED
from booklets.records import Record
from booklets.signs import says_dead
from sync_server import evidence
from sync_server.console import words
from sync_server.console.absences import Children
from sync_server.console.doors import Seen
from sync_server.console.listed import SheetRecord
from sync_server.console.marks import brief_title_of, child_of, person_in, state_mark
from sync_server.console.month import Month
from sync_server.console.overviews import UseView
from sync_server.console.pages import Fact, Mark
from sync_server.console.reading import Reader
from sync_server.console.scopes import seen_by
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State, happening, record

PARTS = frozenset({PROTECTION_USED, PROTECTION_ENQUIRED})
AFTER_IT = frozenset({PROTECTION_ENDED, PROTECTION_REVIEWED})
"""What is written of the use before it, however long after."""
LASTS = ("minutes_of_police_protection", 4320)
NAMING = ("minutes_to_name_designated_officer", 60)
"""The force's settings, with what holds where it has none."""
AROUND = timedelta(days=31)
"""How far around a month its parts are looked for: a use lasts three days, its end may be written later."""
PLACE_IN_WORDS = "pp.accommodation_other"
COVERT_PLACE = "Not read out: covert. It stands in the record"
TOLD: Mapping[str, str] = {
    "When": "pp.started_at",
    "What was done": "pp.power",
    "Grounds": "pp.grounds",
    "Considered instead": "pp.alternatives",
    "Why that was not enough": "pp.alternatives_because",
    "Where the child was kept": "pp.accommodation",
    "Which other place": PLACE_IN_WORDS,
    "Why a police station": "pp.station_reason",
    "Council told": "pp.la_told",
    "Designated officer": "ppd.officer",
    "Rank": "ppd.officer_rank",
    "Named by the constable": "pp.do",
    "Reviews": "ppd.reviews",
    "Hand-overs": "ppd.transfers",
    "Ended": "ppe.ended_at",
    "How it ended": "ppe.end_reason",
    "Why it ended": "ppe.end_reason_because",
    "What keeps the child safe": "ppe.plan_after",
    "Offences considered": "ppe.offences_considered",
    "Vulnerability team’s inspector": "ppv.used_well",
    "Why the inspector says so": "ppv.review",
    "What the records leave out": "ppv.not_recorded",
    "Who puts that right": "ppv.not_recorded_words",
    "Offences not recorded": "ppv.offences_missing",
    "What is not safe": "ppv.safe_now_because",
    "What the inspector asks for": "ppv.actions",
    "Monthly panel": "ppv.panel_view",
    "What the panel asks for": "ppv.panel_actions",
}
"""What the meeting reads of a use, each from one question. An address is none of it."""
NAMED_LATE = "The designated officer was named late"
LATE_BY_RULE: Mapping[tuple[str, str], str] = {
    ("ppr", "R-59"): "The council was told late",
    ("ppr", "R-59a"): NAMED_LATE,
    ("ppd", "R-59"): "A review was late",
    ("ppd", "R-25a"): "In the last hours there was no plan for the end",
    ("ppe", "R-52a"): "The power had ended in law before",
}
LATE_BY_TASK: Mapping[str, str] = {
    "council_told_of_protection": LATE_BY_RULE["ppr", "R-59"],
    "designated_officer_named": NAMED_LATE,
    "first_protection_review": LATE_BY_RULE["ppd", "R-59"],
    "review_protection": LATE_BY_RULE["ppd", "R-59"],
    "end_of_protection_planned": LATE_BY_RULE["ppd", "R-25a"],
    "ppn_submitted": "The PPN was late",
}
FORM_OF: Mapping[str, str] = {"pp": "ppr", "ppd": "ppd", "ppe": "ppe", "ppv": "ppv"}
"""Which form asks a question, by the beginning of its name."""
NOT_HERE: Mapping[str, str] = {
    PROTECTION_USED: "The constable’s part is not here, or not yours to read",
    PROTECTION_ENQUIRED: "The designated officer’s part is not here, or not yours to read",
}
END_NOT_HERE = "Its end is recorded, and is not yours to read"
NOT_REVIEWED = "Over, and not looked at yet by the vulnerability team’s inspector"
RAN_OUT = "It ran out: nobody had ended it"
NO_END = "No end is recorded"
"""Of a use that can no longer go on."""


@dataclass
class Use:
    """One use of the power. ``first`` is when its first part says that it began.

    When it began and ended counts whichever unit wrote it; ``others`` are its parts that are not read here.
    """

    first: datetime
    rows: list[RowMapping] = field(default_factory=list, repr=False)
    others: list[RowMapping] = field(default_factory=list, repr=False)
    ended: datetime | None = None

    def has(self, kind: str) -> bool:
        """Whether this part of it is here."""
        return any(row["record_type"] == kind for row in self.rows)


@dataclass(frozen=True)
class Uses:
    """The uses of one month, in order, as somebody may read them."""

    views: tuple[UseView, ...] = field(repr=False)
    records: tuple[tuple[str, int], ...]
    children: tuple[RowMapping | None, ...] = field(repr=False)


def drawn(seen: Seen, db: Connection, month: Month) -> Uses:
    """The uses that began in this month."""
    rows = db.execute(_parts(seen, month)).mappings().all()
    children = Children.of(db, seen.account.person.force, rows)
    longest = _minutes(seen, *LASTS)
    uses = [
        one
        for own in _by_child(rows, children).values()
        for one in put_together(own, longest)
        if month.begins <= one.first < month.ends and _keep_to_what_is_read(one)
    ]
    uses.sort(key=lambda one: (one.first, one.rows[0]["record"]))
    return Uses(
        views=tuple(_view(seen, db, one, children, longest) for one in uses),
        records=tuple((row["record"], row["rev"]) for one in uses for row in one.rows),
        children=tuple(children.people.get(row["subject"]) for one in uses for row in one.rows),
    )


def _keep_to_what_is_read(use: Use) -> bool:
    """Whether whoever asks may read any of its parts; the rest is put aside."""
    use.others = [row for row in use.rows if not row["mine"]]
    use.rows = [row for row in use.rows if row["mine"]]
    return bool(use.rows)


def put_together(rows: Iterable[RowMapping], longest: timedelta) -> list[Use]:
    """One child's parts as uses. Each row has ``began_at``: when it began, or of an end, when it ended."""
    uses: list[Use] = []
    for row in sorted(rows, key=_when):
        last = uses[-1] if uses else None
        if last is None or not _goes_on(last, row, longest):
            last = Use(first=_when(row)[0])
            uses.append(last)
        last.rows.append(row)
        if row["record_type"] == PROTECTION_ENDED and last.ended is None:
            last.ended = _when(row)[0]
    return uses


def _goes_on(use: Use, row: RowMapping, longest: timedelta) -> bool:
    """Whether a part belongs to the use before it. What was used again after an end is another use."""
    if row["record_type"] in AFTER_IT:
        return True
    within = _when(row)[0] - use.first <= longest
    return within and (use.ended is None or row["record_type"] == PROTECTION_ENQUIRED)


def _when(row: RowMapping) -> tuple[datetime, bool, str]:
    at: datetime = row["began_at"] or row["received_at"]
    return at, row["record_type"] in AFTER_IT, row["record"]


def _parts(seen: Seen, month: Month) -> Select[tuple[object, ...]]:
    """Every part around this month: when it began or ended, and whether whoever asks may read it."""
    person = seen.account.person
    of_record = and_(happening.c.force == record.c.force, happening.c.id == record.c.record)
    at = func.coalesce(happening.c.began_at, record.c.received_at)
    return (
        select(record, happening.c.began_at, seen_by(person).label("mine"))
        .outerjoin(happening, of_record)
        .where(
            record.c.force == person.force,
            record.c.record_type.in_(sorted({*PARTS, *AFTER_IT})),
            record.c.state != State.WITHDRAWN.value,
            at >= month.begins - AROUND,
            at < month.ends + AROUND,
        )
    )


def _minutes(seen: Seen, setting: str, otherwise: int) -> timedelta:
    minutes = seen.context.policy(seen.account.person.force).settings.get(setting)
    return timedelta(minutes=minutes if isinstance(minutes, int) else otherwise)


def _by_child(rows: Iterable[RowMapping], children: Children) -> Mapping[str, list[RowMapping]]:
    found: dict[str, list[RowMapping]] = {}
    for row in rows:
        found.setdefault(children.who(row), []).append(row)
    return found


def _view(seen: Seen, db: Connection, use: Use, children: Children, longest: timedelta) -> UseView:
    parts = {
        row["form"]: part
        for row in use.rows
        if (part := evidence.readable(db, seen.context.keys.safe, row["record"], row["rev"]))
    }
    newest = max(use.rows, key=lambda row: (row["received_at"], row["record"]))
    child, about = child_of(person_in(children.people.get(newest["subject"])), use.first)
    return UseView(
        child=child,
        about=about,
        unit=words.plain_code(use.rows[0]["unit"]),
        began=words.day_and_time(use.first),
        lasted=words.how_long(use.ended - use.first) if use.ended and use.ended >= use.first else "",
        marks=tuple(_marks(use)),
        facts=tuple(_facts(parts, covert=_is_covert(use))),
        late=tuple(_late(seen, db, use, parts, longest)),
        records=tuple(_record(row, child) for row in use.rows),
    )


def _marks(use: Use) -> Iterator[Mark]:
    """What has to be known before the rest is said aloud."""
    if any(says_dead(row["flags"]) for row in (*use.rows, *use.others)):
        yield Mark("The child has died", "late")
    if _is_covert(use):
        yield Mark("Covert: somebody must not know where the child is", "late")
    for kind, said in NOT_HERE.items():
        if not use.has(kind):
            yield Mark(said)
    if use.ended and not use.has(PROTECTION_ENDED):
        yield Mark(END_NOT_HERE)
    if use.ended and not any(row["record_type"] == PROTECTION_REVIEWED for row in (*use.rows, *use.others)):
        yield Mark(NOT_REVIEWED)


def _is_covert(use: Use) -> bool:
    return any(row["covert"] for row in (*use.rows, *use.others))


def _facts(parts: Mapping[str, Record], *, covert: bool) -> Iterator[Fact]:
    """What was written, in its own words, in the order in which the meeting asks for it.

    Which place it is, in somebody's own words, may be its address: of a covert use it is not read out.
    """
    for label, question in TOLD.items():
        part = parts.get(FORM_OF[question.partition(".")[0]])
        answer = part.answers.get(question) if part else None
        if part is not None and answer is not None:
            reader = Reader.of(part)
            said = reader.line(definitions.every_field()[question], answer)
            hidden = covert and question == PLACE_IN_WORDS
            yield Fact(label, COVERT_PLACE if hidden else "\n".join(said.flat()))


def _late(
    seen: Seen, db: Connection, use: Use, parts: Mapping[str, Record], longest: timedelta
) -> Iterator[str]:
    """What was late, or still is, each once."""
    found = [
        said
        for row in use.rows
        for (form, rule), said in LATE_BY_RULE.items()
        if row["form"] == form and rule in row["flags"].get("rules", ())
    ]
    open_and_late = and_(task.c.status == TaskState.OPEN.value, task.c.due_at < seen.now)
    query = select(task.c.kind).where(
        task.c.record.in_([row["record"] for row in use.rows]),
        task.c.kind.in_(sorted(LATE_BY_TASK)),
        or_(task.c.late_told_at.is_not(None), open_and_late),
    )
    found += [LATE_BY_TASK[kind] for kind in db.execute(query.order_by(task.c.id)).scalars()]
    end = parts.get(FORM_OF["ppe"])
    if end is not None and end.answers.get("ppe.end_reason") == "time_reached":
        found.append(RAN_OUT)
    if use.ended is None and seen.now > use.first + longest:
        found.append(NO_END)
    if _looked_into_in_time(seen, use):
        found = [said for said in found if said != NAMED_LATE]
    yield from dict.fromkeys(found)


def _looked_into_in_time(seen: Seen, use: Use) -> bool:
    """Whether the designated officer's own part shows that there was one, whatever the constable wrote."""
    parts = (*use.rows, *use.others)
    begun = [_when(row)[0] for row in parts if row["record_type"] == PROTECTION_ENQUIRED]
    return any(at - use.first <= _minutes(seen, *NAMING) for at in begun)


def _record(row: RowMapping, child: str) -> SheetRecord:
    return SheetRecord(
        href=f"/records/{row['record']}",
        kind=brief_title_of(row["form"]),
        child=child,
        received=words.short(row["received_at"]),
        unit=words.plain_code(row["unit"]),
        stands=state_mark(row["state"]),
    )
