"""What a risk assessment asks for, and does not know, stands in the lines of enquiry that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from booklets import definitions
from booklets.answers import Answer, Moment, Row, rows_of
from booklets.encounters import Encounter, review
from booklets.forms import Column, Field, Form, Kind, Section, Stage
from booklets.prefill import following_on, misfits
from booklets.stamps import Stamp
from tests.support.missing import AGAIN, HONEST, LEO, NOW, guide, written
from tests.support.walks import FORCE, WELLS

ACTIONS: tuple[Row, ...] = (
    {"what": "Walk the beck path to the weir", "who": "PC Wells", "by": "immediate"},
    {"what": "Search the shed", "who": "PC Amin", "by": "within_1h"},
)
GAPS: tuple[Row, ...] = ({"what": "Where his father lives", "how": "Ring the school", "by": "this_shift"},)
ASKED: Mapping[str, Answer] = {
    "ra.actions": ACTIONS,
    "ra.anything_unknown": "yes",
    "ra.information_gaps": GAPS,
}
ENDS = NOW + timedelta(hours=4)


def begun_from(
    name: str, answers: Mapping[str, Answer], shift_ends: datetime | None = None, force: str = FORCE
) -> Encounter:
    """The lines of enquiry, as they begin after a report or an assessment that was sent."""
    sent = replace(written(answers, name=name), shift_ends=shift_ends)
    return following_on(
        sent,
        guide(name),
        child=LEO.id,
        next_guide=guide("enquiries"),
        officer=WELLS,
        at=Stamp(NOW),
        force=definitions.force(force),
    )


@pytest.mark.parametrize(("name", "whole"), [("missing", HONEST), ("risk_again", AGAIN)])
def test_what_was_asked_for_and_what_is_not_known_stand_there_as_lines(
    name: str, whole: Mapping[str, Answer]
) -> None:
    """B.3, B.4: nobody types it twice. The hour is the assessment's, and "now" is one."""
    begun = begun_from(name, {**whole, **ASKED}, ENDS)

    assert rows_of(begun.answers.get("act.lines")) == (
        {
            "what": "Walk the beck path to the weir",
            "owner": "PC Wells",
            "due_at": Moment(NOW + timedelta(minutes=15)),
            "priority": "immediate",
            "status": "to_do",
        },
        {
            "what": "Search the shed",
            "owner": "PC Amin",
            "due_at": Moment(NOW + timedelta(hours=1)),
            "priority": "within_1h",
            "status": "to_do",
        },
        {
            "what": "Ring the school",
            "why": "Where his father lives",
            "due_at": Moment(ENDS),
            "priority": "this_shift",
            "status": "to_do",
        },
    )


@pytest.mark.parametrize(("force", "minutes"), [(FORCE, 15), ("seaborough", 10)])
def test_what_is_to_be_done_now_is_due_within_the_forces_time(force: str, minutes: int) -> None:
    """R-11, B.4 act.due_at: without an hour nobody sees that it is late. An officer may write another."""
    begun = begun_from("missing", {**HONEST, **ASKED}, force=force)
    first, second, *_ = rows_of(begun.answers["act.lines"])

    assert first["due_at"] == Moment(NOW + timedelta(minutes=minutes))
    assert second["due_at"] == Moment(NOW + timedelta(hours=1)), "within the hour is an hour in every force"


def test_what_the_assessment_did_not_say_of_a_line_is_asked_for() -> None:
    """The kind of enquiry, and who rings the school."""
    begun = begun_from("missing", {**HONEST, **ASKED})
    found = review(begun, guide("enquiries"), definitions.force(FORCE), NOW, Stage.CAPTURE)
    lacks = [one.says for one in found if one.code == "cell_needed" and "act.lines" in one.fields]

    assert [one.partition(" lacks: ")[2] for one in lacks] == [
        "What kind",
        "What kind",
        "What kind, Who does it",
    ]


def test_where_nothing_was_left_unknown_the_actions_stand_there_alone() -> None:
    """And after a search, which asks for nothing, no line does."""
    begun = begun_from("missing", {**HONEST, "ra.actions": ACTIONS})

    assert len(rows_of(begun.answers.get("act.lines"))) == 2
    assert "act.lines" not in begun_from("search", {}).answers


def test_a_cell_that_starts_from_none_is_named_to_whoever_writes_the_form() -> None:
    """In front of its author, never at the door."""
    cell = Column("what", Kind.TEXT, "What", starts_from=("x.said.wat",))
    said = Field(id="x.said", kind=Kind.ROWS, label="Said", columns=(Column("what", Kind.TEXT, "What"),))
    more = Field(id="x.more", kind=Kind.ROWS, label="More", columns=(cell,), starts_from=("x.said",))
    section = Section("s", "S", (said, more))
    form = Form(id="x", prefix="x", version="1", title="X", record_type="X", sections=(section,), rules=())

    assert list(misfits([form])) == ["x.more starts from x.said.wat: there is no such cell"]
