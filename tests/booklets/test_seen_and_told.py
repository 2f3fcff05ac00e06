"""When a child was seen, also one who sleeps; and of each who was told: how, when, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Why
from booklets.clocks import has_stopped
from booklets.forms import Effect, Stage
from tests.support import ppns
from tests.support.beside_the_report import looked_at as beside
from tests.support.missing import LEO, said_of
from tests.support.walks import AMY, ASLEEP, FOUND, HONEST, NOW, found_by, looked_at, needed

SEEN = "pi.seen_at"
UNWELL: Mapping[str, Answer] = {**ASLEEP, "pi.engaged": "too_unwell"}
LATER = Stage.COMPLETE


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        (ASLEEP, True),
        (UNWELL, True),
        ({**ASLEEP, "pi.face_to_face": "no"}, False),
        ({**ASLEEP, SEEN: Moment(NOW)}, False),
        ({**ASLEEP, SEEN: Gap(Why.NOT_KNOWN, "PC Amin saw her first")}, False),
        (HONEST, False),
    ],
)
def test_when_a_child_was_seen_who_did_not_talk_is_asked_later_in_the_shift(
    answers: Mapping[str, Answer], *, asked: bool
) -> None:
    """B.6 pi.at: of a child who talked the time of the talk says it; whom nobody saw has no such time."""
    assert (SEEN in needed(looked_at(answers, stage=LATER))) is asked
    assert SEEN not in needed(looked_at(answers))


def test_to_have_seen_a_child_asleep_is_no_talk() -> None:
    """R-44: the clock of the interview runs on, and somebody goes back."""
    [clock] = [one for one in definitions.clocks() if one.id == "prevention_interview"]
    seen = {**ASLEEP, SEEN: Moment(NOW)}

    assert not has_stopped(clock, seen)
    assert has_stopped(clock, {**HONEST})
    assert "R-45" in found_by(looked_at(seen, stage=LATER), Effect.TASK)


@pytest.mark.parametrize(("minutes", "odd"), [(-30, True), (5, False)])
def test_nobody_was_seen_before_they_were_found(minutes: int, *, odd: bool) -> None:
    """Both times are evidence: it is pointed out, and kept as it is."""
    seen = {**ASLEEP, SEEN: Moment(FOUND + timedelta(minutes=minutes))}
    assert ("T-02a" in found_by(looked_at(seen, stage=LATER), Effect.WARN)) is odd


@pytest.mark.parametrize(
    ("informed", "asked"),
    [("told", True), ("told_safe_only", True), ("not_told", False), (Gap(Why.PENDING, "At eight"), False)],
)
def test_of_the_person_who_reported_it_is_asked_how_and_when_they_were_told(
    informed: Answer, *, asked: bool
) -> None:
    """B.5, B.1.e: "told" alone says nothing that anybody could check."""
    answers = {**HONEST, "ret.reporter_informed": informed}
    row: Row = {"with": "other", "at": Moment(NOW), "outcome": "accepted", "by": "PC Amin"}

    assert ("ret.reporter_told" in needed(looked_at(answers, stage=LATER))) is asked
    assert "ret.reporter_told" not in needed(
        looked_at({**answers, "ret.reporter_told": (row,)}, stage=LATER)
    )
    assert "ret.reporter_told" not in needed(looked_at(answers))


@pytest.mark.parametrize(("told", "asked"), [("told", True), ("told_objects", True), ("not_told", False)])
def test_of_the_family_of_a_ppn_it_is_asked_who_was_told_and_how(told: str, *, asked: bool) -> None:
    """The council has to know who in the family knows."""
    said = {"ppn.family_told": told, "ppn.family_told_because": "Her stepfather was in the room."}
    assert ("ppn.family_contacts" in needed(ppns.said_of(said, stage=LATER))) is asked
    assert "ppn.family_contacts" not in needed(ppns.said_of(said))


@pytest.mark.parametrize(("told", "asked"), [("told", True), ("to_be_told", False), ("nobody", False)])
def test_of_an_adult_who_can_protect_it_is_asked_how_they_were_told(told: str, *, asked: bool) -> None:
    """By whom and when were asked already."""
    said = {"ppn.suspect_known": "yes", "ppn.protector_told": told}
    assert ("ppn.protector_told_how" in needed(ppns.said_of(said, stage=LATER))) is asked


@pytest.mark.parametrize(("told", "asked"), [("told", True), ("not_told", False)])
def test_of_the_family_at_a_handover_it_is_asked_who_was_told_and_how(told: str, *, asked: bool) -> None:
    """A family rings whoever told them last."""
    problems = beside("handover", {"hov.family_told": told}, stage=LATER)
    assert ("hov.family_contacts" in needed(problems)) is asked


def test_every_line_of_whom_was_told_has_room_for_who_told_them() -> None:
    """Not always whoever writes it down."""
    rows = [
        one for form in definitions.every_form() for one in form.fields() if one.kind.value == "contacts"
    ]
    assert rows
    for one in rows:
        assert {"by", "method", "at"} <= {column.id for column in one.columns}
        assert not next(column for column in one.columns if column.id == "by").required


@pytest.mark.parametrize(("flag", "asked"), [("LEAVER", True), ("PF", True), ("none_known", False)])
def test_the_social_worker_of_a_care_leaver_is_told_too(flag: str, *, asked: bool) -> None:
    """R-38: not only where an order stands."""
    amy, leo = (one.changed("person.care_flags", (flag,), at=NOW, by="NYP-1234") for one in (AMY, LEO))
    report = needed(said_of({}, child=leo, stage=LATER))

    assert ("ret.sw_informed" in needed(looked_at(HONEST, stage=LATER, child=amy))) is asked
    assert ("mis.sw_informed" in report) is asked
