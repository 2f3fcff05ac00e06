"""Whatever shape its answers have: a well-formed signed record is kept, shown, and passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Precision, Row, Why, frozen
from booklets.entities import Entity
from booklets.forms import Field
from booklets.records import Record
from booklets.stamps import Stamp
from sync_server.console import records, register
from sync_server.console.doors import Seen
from sync_server.context import Context
from sync_server.db.tables import submission
from sync_server.forwarding.postman import deliver_due
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from sync_server.identity.visits import Visit
from tests.support.builders import CARER, CHILD, NIGHT, PEOPLE, a_ppn, a_return, an_interview
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import a_server, rows
from tests.support.thoroughness import examples

ENDS = (datetime.min.replace(tzinfo=UTC), NIGHT, datetime.max.replace(tzinfo=UTC))
ODD_WORDS = ("", " ", "yes", "no", "not a date", "2011-02-30", "0000", str(CARER), str(CHILD), "-", "é\x00")
moments = st.builds(
    Moment,
    st.sampled_from(ENDS),
    st.sampled_from(list(Precision)),
    st.none() | st.sampled_from(ENDS),
)
cells: st.SearchStrategy[str | tuple[str, ...] | Moment | Gap] = st.one_of(
    st.sampled_from(ODD_WORDS),
    st.lists(st.sampled_from(ODD_WORDS), max_size=3).map(tuple),
    moments,
    st.builds(Gap, st.sampled_from(list(Why)), st.sampled_from(ODD_WORDS)),
)
COLUMNS = ("number", "with", "at", "who", "said", "outcome", "no such column")
table_rows: st.SearchStrategy[Row] = st.dictionaries(st.sampled_from(COLUMNS), cells, max_size=4)
answers: st.SearchStrategy[Answer] = cells | st.lists(table_rows, max_size=3).map(tuple)


def of(fields: list[Field]) -> st.SearchStrategy[dict[str, Answer]]:
    """An answer of any shape to any of these questions, and to one that is asked nowhere."""
    names = [*(one.id for one in fields), "nobody.asked"]
    return st.dictionaries(st.sampled_from(names), answers, max_size=25)


RETURN, INTERVIEW, NOTICE, DECISION = (
    list(definitions.form(form).fields()) for form in ("ret", "pvi", "ppn", "sup")
)
PERSON, PLACE = (list(definitions.entity_form(kind).fields()) for kind in ("person", "place"))


def told_of(entity: Entity, facts: Mapping[str, Answer]) -> Entity:
    """The same person or place, with odd things known about it."""
    return replace(entity, facts={**entity.facts, **facts})


@pytest.mark.thorough
@settings(max_examples=examples(20), deadline=None)
@given(
    st.tuples(of(RETURN), of(INTERVIEW), of(NOTICE), of(DECISION)),
    st.tuples(of(PERSON), of(PERSON), of(PLACE)),
    st.sampled_from(ENDS),
)
def test_no_shape_of_an_answer_loses_a_record_or_stops_the_post(
    said: tuple[dict[str, Answer], ...], known: tuple[dict[str, Answer], ...], wall: datetime
) -> None:
    """A newer app, or a fault in one, must not leave a child's record on the phone for ever."""
    people = tuple(told_of(entity, facts) for entity, facts in zip(PEOPLE, (*known, {}), strict=True))
    with TemporaryDirectory() as folder, a_server(Path(folder)) as context:
        officer = a_colleague(context, "pc.okoro")
        sergeant = a_colleague(context, "sgt.marsh", Role.SUPERVISOR)
        desk = a_colleague(context, "mhet.hale", Role.MHET, unit="mhet")
        sent = [
            officer.sent(make(odd, entities=people, started=Stamp(wall)))
            for make, odd in zip((a_return, an_interview, a_ppn), said, strict=False)
        ]
        sergeant.hears()
        made = sergeant.decides(sent[:2], started=Stamp(wall))
        sergeant.sent(replace(made, answers=frozen({**made.answers, **said[3]})))

        assert deliver_due(context, chance=lambda: 0.0).put_off == 0
        assert len(sergeant.heard("review")) == len(sent)
        for record in sent:
            assert records.show(_looks(context, desk, record)).status_code == HTTPStatus.OK
        assert register.show(_looks(context, desk, sent[0])).status_code == HTTPStatus.OK
        assert {row["state"] for row in rows(context, submission)} == {"stored"}


@pytest.mark.parametrize("at", [ENDS[0], ENDS[-1]], ids=["the first day", "the last day"])
def test_a_time_at_the_end_of_the_calendar_is_kept_and_read_by_a_person(
    tmp_path: Path, at: datetime
) -> None:
    """No clock can run from it: the rules say nothing of the record, and it says that they did not."""
    odd: dict[str, Answer] = {"ppn.incident_at": Moment(at), "ppn.bwv": "no"}
    with a_server(tmp_path) as context:
        sent = a_colleague(context, "pc.okoro").sent(a_ppn(odd, started=Stamp(at)))
        desk = a_colleague(context, "mhet.hale", Role.MHET, unit="mhet")

        assert {row["state"] for row in rows(context, submission)} == {"stored"}
        assert records.show(_looks(context, desk, sent)).status_code == HTTPStatus.OK


def _looks(context: Context, desk: Colleague, record: Record) -> Seen:
    """Somebody at the console who opens this record."""
    with context.store.read() as db:
        account = accounts.by_id(db, desk.author.id)
    assert account is not None
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [],
        "path_params": {"record": str(record.header.record)},
    }
    until = context.now() + timedelta(hours=1)
    visit = Visit(account, "hash", "token", context.now(), until)
    return Seen(context, Request(scope), visit, context.now(), {})
