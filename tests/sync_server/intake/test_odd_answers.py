"""Whatever shape its answers have: a well-formed signed record is kept, shown, and passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Precision, Row, Why
from booklets.entities import Entity
from booklets.forms import Field
from booklets.stamps import Stamp
from sync_server.console import arrived, records
from sync_server.console.drawing import drawn
from sync_server.db.tables import delivery, submission
from sync_server.db.tables import record as record_table
from sync_server.forwarding.postman import deliver_due
from sync_server.intake import Result, take_in
from tests.support.builders import CARER, CHILD, FORCE, NIGHT, PEOPLE, a_return, an_interview
from tests.support.server_data import Handheld, a_server, rows
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


RETURN, INTERVIEW = (list(definitions.form(form).fields()) for form in ("ret", "pvi"))
PERSON, PLACE = (list(definitions.entity_form(kind).fields()) for kind in ("person", "place"))


def told_of(entity: Entity, facts: Mapping[str, Answer]) -> Entity:
    """The same person or place, with odd things known about it."""
    return replace(entity, facts={**entity.facts, **facts})


@settings(max_examples=examples(40), deadline=None)
@given(of(RETURN), of(INTERVIEW), st.tuples(of(PERSON), of(PERSON), of(PLACE)), st.sampled_from(ENDS))
def test_no_shape_of_an_answer_loses_a_record_or_stops_the_post(
    returned: dict[str, Answer],
    interview: dict[str, Answer],
    known: tuple[dict[str, Answer], ...],
    wall: datetime,
) -> None:
    """A newer app, or a fault in one, must not leave a child's record on the phone for ever."""
    people = tuple(told_of(entity, facts) for entity, facts in zip(PEOPLE, (*known, {}), strict=True))
    with TemporaryDirectory() as folder, a_server(Path(folder)) as context:
        handheld = Handheld(context)
        for record in (
            a_return(returned, entities=people, started=Stamp(wall)),
            an_interview(interview, entities=people, started=Stamp(wall)),
        ):
            assert take_in(context, handheld.seal(record), sender=handheld.sender).result is Result.STORED

        assert deliver_due(context, chance=lambda: 0.0).put_off == 0

        with context.store.read() as db:
            for row in db.execute(select(record_table)).mappings():
                assert drawn(records.page(context, db, row, who="FIM", form_token=""))
            assert len(arrived.newest(db, FORCE, skip=0)[0]) == 2
        assert {row["state"] for row in rows(context, submission)} == {"stored"}
        assert {row["state"] for row in rows(context, delivery)} <= {"delivered", "held", "stopped"}
