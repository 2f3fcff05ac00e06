"""One record's page: the document, its revisions, what was decided, and everything that followed from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select
from starlette.responses import Response

from booklets.decisions import DECIDES, is_decision
from booklets.errors import UNREADABLE
from booklets.forms import Stage
from booklets.margin import before_approval
from booklets.records import Record
from booklets.signs import says_dead
from sync_server import audit, evidence
from sync_server.across.seen import MISSING
from sync_server.console import (
    alike,
    councils,
    danger,
    decided,
    followed,
    lookouts,
    passed,
    photographs,
    referring,
    scopes,
    triage,
    words,
)
from sync_server.console.doors import Seen, page
from sync_server.console.episode_words import path_of, state_of
from sync_server.console.marks import child_of, state_mark, title_of
from sync_server.console.pages import Alert, DangerForm, Fact, RecordPage, RefusedPage, TriageForm
from sync_server.console.reading import Reader
from sync_server.db.tables import State
from sync_server.db.tables import record as register
from sync_server.deciding.unsettled import Unsettled, unsettled
from sync_server.episodes.standing import closings
from sync_server.flags import Risk, still_seen
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of
from sync_server.settings import ForcePolicy

EMERGENCY = {"needed": "although questions that are needed had no answer yet"}
BESIDE = "Another version of this is kept beside it, and nobody has said yet which of the two counts."
NOT_THERE = "There is no such record, or it is not yours to read."
APPROVED = frozenset({State.APPROVED, State.SPECIALIST, State.CLOSED})
APPROVED_OVER = "Approved, although this stood against it. Read in the decision why."
MOST_DIGITS = 4


def show(seen: Seen) -> Response:
    """One record, or an earlier revision of it."""
    return shown(seen)


def shown(
    seen: Seen, *, form: TriageForm | None = None, acting: DangerForm | None = None, status: int = 200
) -> Response:
    """One record's page. That it is read is written down first (Data Protection Act 2018, s62)."""
    person = seen.account.person
    with seen.context.store.read() as db:
        row = scopes.opened(db, seen.request.path_params["record"], person)
        rev = revision_in(seen, row)
        known = evidence.record_of(db, seen.context.keys.safe, row["record"], rev) if row else None
        newest = row is not None and rev == row["rev"]
        card = lookouts.drawn(db, seen, row, known) if row and known and newest else None
    if row is None or known is None:
        return page(RefusedPage(**seen.frame("register"), says=NOT_THERE), 404)
    note_view(seen, row["record"], rev)
    if card is not None and card.assessed is not None:  # something of it is read out
        note_view(seen, card.assessed["record"], card.assessed["rev"])
    with seen.context.store.read() as db:
        if form is None and newest and decided.may_triage(row, person.roles):
            form = triage.form_for(seen, row)
        if acting is None and newest:
            acting = danger.form_for(db, seen, row)
        view = card.view if card else None
        made = replace(_page(seen, db, row, known), triage=form, danger=acting, lookout=view)
    return page(made, status)


def note_view(seen: Seen, record: str, rev: int) -> None:
    """Write down who looks at which revision, and what for."""
    note_views(seen, [(record, rev)])


def note_views(seen: Seen, several: Sequence[tuple[str, int]]) -> None:
    """The same of several at once: each in its own record's history."""

    def note(db: Connection) -> None:
        for record, rev in sorted(several):
            audit.note(
                db,
                force=seen.account.person.force,
                record=record,
                who=seen.account.id,
                what="viewed",
                at=seen.now,
                detail={"rev": rev, "why": seen.why},
            )

    seen.context.store.write(note)


def revision_in(seen: Seen, row: RowMapping | None) -> int:
    """The revision that the address names, or the newest; 0 where it names none that there could be."""
    named = str(seen.request.path_params.get("rev", ""))
    if not named:
        return row["rev"] if row else 0
    return int(named) if named.isascii() and named.isdigit() and len(named) <= MOST_DIGITS else 0


def _page(seen: Seen, db: Connection, row: RowMapping, record: Record) -> RecordPage:
    reader = Reader.of(record)
    mentioned = {str(entity.id): entity for entity in record.entities}
    child, about = child_of(mentioned.get(str(record.header.subject)), row["received_at"])
    newest = record.header.revision == row["rev"]
    missing = frozenset(row["flags"].get("missing", ())) if newest else frozenset[str]()
    title = title_of(record.header.form)
    names = followed.names_of(db, row["force"])
    return RecordPage(
        **seen.frame("register"),
        title=f"{title}: {child}",
        marking=words.plain_code(record.header.gsc).upper().replace(" ", "-"),
        heading=child,
        under=f"{title} · {about}" if about else title,
        facts=tuple(_facts(record, row, names)),
        alerts=tuple(_above(seen, db, row, record, reader)),
        related=tuple(_related(seen, db, row, record)),
        episode=_episode(seen, db, row, names),
        related_how="Decides on" if is_decision(record) else "Also from this incident",
        sections=tuple(reader.sections(record, missing)),
        photographs=tuple(photographs.views(db, row, record)),
        photographs_called=photographs.called(record),
        mentions=tuple(reader.mentioned(entity) for entity in record.entities),
        revisions=tuple(decided.revisions_of(db, row, shown=record.header.revision, names=names)),
        decisions=tuple(decided.decisions_of(seen.context, db, row, reader, names)),
        tasks=followed.tasks(seen.context, db, row, reader, names),
        notices=tuple(followed.notices(seen.context, db, row)),
        deliveries=followed.deliveries(seen.context, db, row),
        councils=councils.table(seen, db, row, names),
        audit=followed.history(db, row, names),
        restrict=_restrict(seen, db, row) if newest else None,
        community=f"/records/{row['record']}/community"
        if newest and not scopes.restriction_of(db, row) and passed.may_ask(seen, row)
        else "",
        refer=f"/records/{row['record']}/refer" if newest and referring.may_refer(seen, row) else "",
    )


def _above(seen: Seen, db: Connection, row: RowMapping, record: Record, reader: Reader) -> Iterator[Alert]:
    """What has to be known before anything is read; of an older revision, first that it is one."""
    if record.header.revision == row["rev"]:
        yield from _alerts(seen, record, row, reader)
        yield from alike.to_others(seen, db, row, reader)
        yield from photographs.alert(db, row)
    else:
        yield from _not_the_newest(record, row)
    yield from _beside(seen, db, row)


def _restrict(seen: Seen, db: Connection, row: RowMapping) -> Fact | None:
    """That the child is restricted, and who reads; or where somebody of the team can restrict it."""
    number = scopes.restriction_of(db, row)
    if number:
        return Fact("Restricted child", "only those on the list read this", f"/restricted/{number}")
    if row["subject"] and Role.MHET in seen.account.person.roles:
        path = f"/records/{row['record']}/restrict"
        return Fact("Who may read about this child", "Restrict it to named people", path)
    return None


def _facts(record: Record, row: RowMapping, names: Mapping[str, str]) -> list[Fact]:
    header = record.header
    author = header.author
    sent = header.submitted.instant
    return [
        Fact("Reference", f"{reference_of(header.record)}, revision {header.revision}"),
        Fact("Written by", f"{author.rank} {author.name} {author.shoulder_no}, {author.station}"),
        Fact("Begun", words.day_and_time(header.started.instant)),
        Fact("Sent from the device", words.day_and_time(sent)),
        Fact("Received here", words.day_and_time(row["received_at"])),
        Fact("State", state_mark(row["state"], assigned=names.get(row["assigned_to"], "")).words),
        *triage.said_of(row),
        Fact("Goes to", f"{words.plain_code(header.routing_role)}, {words.plain_code(header.unit)}"),
        Fact("Device", names.get(header.device, header.device)),
        Fact("Form", f"{title_of(header.form)} {header.form_version}"),
    ]


def beside_path(one: Unsettled) -> str:
    """Where a record and the version that is kept beside it are read together."""
    return f"/two-versions/{one.env_sha256}"


def _beside(seen: Seen, db: Connection, row: RowMapping) -> Iterator[Alert]:
    """That there is another version, and where both are read by somebody who may say which counts."""
    may = bool(seen.account.person.roles & scopes.CHOOSERS)
    for one in unsettled(db, row["force"], [row["record"]]):
        yield Alert(BESIDE, (), href=beside_path(one) if may else "")


def _not_the_newest(record: Record, row: RowMapping) -> Iterator[Alert]:
    """What somebody must know who reads an earlier revision."""
    yield Alert(f"This is revision {record.header.revision}. The newest is revision {row['rev']}.", ())
    for one in record.overrides:
        yield Alert("Sent as an emergency", (f"Reason: {one.reason}",))


def _alerts(seen: Seen, record: Record, row: RowMapping, reader: Reader) -> Iterator[Alert]:
    """What to know before reading on, the gravest first: in full here, briefly in the list."""
    flags = row["flags"]
    if says_dead(flags):
        yield Alert("The child has died. Nothing is sent to anybody by itself.", (), "late")
    if row["risk"] == Risk.DANGER:
        waits = (
            " Awaiting supervisor: nobody has reviewed this yet." if row["state"] == State.PENDING else ""
        )
        yield Alert(f"Immediate danger, or significant harm likely.{waits}", (), "late")
    if row["covert"]:
        yield Alert("Covert: somebody near the child must not know of this record.", (), "late")
    if "R-53" in flags.get("rules", ()):
        yield Alert(
            "The child began to tell of a crime, and the officer stopped for a specialist.", (), "late"
        )
    for one in record.overrides:
        stood = EMERGENCY.get(one.rule, f"although {one.rule} stood against it")
        yield Alert(f"Sent as an emergency, {stood}", (f"Reason: {one.reason}",), "late")
    if flags.get("stage") == Stage.FOUND:
        yield Alert("The first part only: that the child is back. The rest follows.", ())
    if flags.get("unreviewed"):
        yield Alert("The rules could not be run on this record. Read it with care.", ())
    open_ids = flags.get("missing", ())
    still = tuple(reader.label(one.label) for one in reader.form.fields() if one.id in open_ids)
    if still:
        yield Alert(f"Still needed: {len(still)}", still)
    policy = seen.context.policy(row["force"])
    standing = tuple(map(reader.label, still_seen(record, policy, row["received_at"])))
    if standing:
        yield Alert("What the rules still see", standing)
    yield from _approved_over(record, row, policy)


def _approved_over(record: Record, row: RowMapping, policy: ForcePolicy) -> Iterator[Alert]:
    """R-04: what stood against approving it, where it was approved all the same.

    A tablet asks for the reason, which is in the decision; an older or faulty one may not have asked.
    """
    if row["state"] not in APPROVED:
        return
    try:
        found = before_approval(record, policy.settings, row["received_at"])
    except UNREADABLE:
        return
    if found:
        yield Alert(APPROVED_OVER, found, "late")


def _episode(seen: Seen, db: Connection, row: RowMapping, names: Mapping[str, str]) -> Fact | None:
    """How the missing episode stands that this record belongs to, for whoever may read it."""
    told = (register.c.episode == row["episode"], register.c.record_type.in_(sorted(MISSING)))
    mine = (scopes.seen_by(seen.account.person), register.c.state != State.WITHDRAWN.value)
    if db.execute(select(register.c.record).where(*told, *mine)).first() is None:
        return None
    stands = state_of(closings(db, row["force"], [row["episode"]]).get(row["episode"]), names)
    return Fact(
        "Missing episode", ", ".join(filter(None, (stands.words, stands.under))), path_of(row["episode"])
    )


def _related(seen: Seen, db: Connection, row: RowMapping, record: Record) -> list[Fact]:
    """Other records of the incident that this person may see; of a decision, what it decides on."""
    decides = [str(link.record) for link in record.header.linked if link.kind == DECIDES]
    query = (
        select(register)
        .where(
            scopes.seen_by(seen.account.person),
            register.c.record.in_(decides)
            if is_decision(record)
            else register.c.incident == row["incident"],
            register.c.record != row["record"],
            register.c.record_type != scopes.DECISION,
        )
        .order_by(register.c.received_at)
    )
    return [
        Fact(title_of(one["form"]), reference_of(UUID(one["record"])), f"/records/{one['record']}")
        for one in db.execute(query).mappings()
    ]
