"""News of what came back and what was decided, read: what still asks for something, and what is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from booklets import definitions, wire
from booklets.answers import instant
from booklets.decisions import Ask, Outcome
from booklets.forms import Stage
from booklets.records import Author, Record
from field_app.capture.returned import (
    Returned,
    called,
    decided_from,
    guide_of,
    place_of,
    returned_from,
)
from tests.support.builders import NIGHT, a_header, a_return, an_interview
from tests.support.encounters import an_encounter, the_guide
from tests.support.sent_back import a_decision

TODAY = date(2026, 3, 14)
GUIDES = {"return_check": the_guide(), "ppn": definitions.guide("ppn")}


def came_back(
    *records: Record,
    minutes: int = 60,
    assigned: str = "author",
    outcome: Outcome = Outcome.RETURN,
    **changed: Any,
) -> dict[str, Any]:
    """One stored item: these records, sent back by the sergeant."""
    decision = a_decision(records, outcome, {"sup.return_words": "Say who was there."}, NIGHT)
    content = {
        "decision": wire.record_to_json(decision),
        "records": [wire.record_to_json(record) for record in records],
    }
    detail = {
        "due_at": instant(NIGHT + timedelta(minutes=minutes)),
        "assigned": assigned,
        "content": content,
    }
    return {**item("returned", records[0], detail), **changed}


def item(kind: str, record: Record, detail: Mapping[str, Any] | None) -> dict[str, Any]:
    """News about a record, as it lies in the store."""
    header = record.header
    return {"kind": kind, "record": str(header.record), "rev": header.revision, "content": detail}


def still_asked(*news: Mapping[str, Any], sent: Mapping[str, int] | None = None) -> list[Returned]:
    """What is to be answered."""
    return returned_from(news, GUIDES, sent=sent or {}, today=TODAY)


def test_an_item_asks_until_this_device_has_sent_the_next_revision() -> None:
    """Whatever order the news comes in."""
    record = a_return()
    name, rev = str(record.header.record), record.header.revision

    assert len(still_asked(came_back(record), sent={name: rev})) == 1
    assert still_asked(came_back(record), sent={name: rev + 1}) == []


def test_what_was_found_alone_is_half_an_answer_and_the_rest_is_still_asked_for() -> None:
    """The place was put right at once; what she said, which came back as well, lies in the draft."""
    records = a_return(), an_interview()
    encounter, back = str(records[0].header.encounter), came_back(*records)
    names = [str(one.header.record) for one in records]
    gone = {names[0]: 2, names[1]: 1}

    def asked(sent: Mapping[str, int], *drafts: str, news: tuple[Mapping[str, Any], ...] = ()) -> list[str]:
        found = returned_from([back, *news], GUIDES, sent=sent, today=TODAY, drafts=drafts)
        return [one.encounter for one in found]

    assert asked(gone, encounter) == [encounter]
    assert asked({names[0]: 2, names[1]: 2}, encounter) == []
    assert asked(gone) == [], "a colleague has the rest"
    theirs = item("status", records[0], {"state": "answered"}) | {"rev": 3}
    assert asked(gone, encounter, news=(theirs,)) == []


def test_news_of_a_newer_revision_means_that_somebody_else_answered() -> None:
    """A colleague took it over on another handheld."""
    record = a_return()
    newer = item("status", record, {"state": "received"}) | {"rev": record.header.revision + 1}

    assert still_asked(came_back(record), newer) == []
    assert still_asked(newer, came_back(record)) == []


def test_the_same_item_twice_is_one_card() -> None:
    """From the officer's stream and once more from the beginning."""
    record = a_return()

    assert len(still_asked(came_back(record), came_back(record))) == 1


def test_the_soonest_comes_first() -> None:
    """A card that is wanted by midnight stands above one for tomorrow."""
    late, soon = a_return(), a_return(encounter=UUID(int=7))

    found = still_asked(came_back(late, minutes=600), came_back(soon, minutes=10))

    assert [one.encounter for one in found] == [str(soon.header.encounter), str(late.header.encounter)]


def test_what_is_urgent_stands_above_what_is_only_sooner() -> None:
    """D.15: return urgent. A child who may come to harm comes before a spelling."""
    urgent, soon = a_return(), a_return(encounter=UUID(int=7))

    found = still_asked(
        came_back(soon, minutes=10), came_back(urgent, minutes=60, outcome=Outcome.RETURN_URGENT)
    )

    assert [(one.encounter, one.urgent) for one in found] == [
        (str(urgent.header.encounter), True),
        (str(soon.header.encounter), False),
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {"content": None},
        {"content": {}},
        {"content": {"content": {"decision": None, "records": []}}},
        {"content": {"content": {"decision": {}, "records": [{}]}}},
        {"content": {"content": None}},
    ],
)
def test_an_item_that_cannot_be_read_hides_no_other(broken: Mapping[str, Any]) -> None:
    """A newer server may say it in another way."""
    record = a_return()

    assert len(still_asked(came_back(a_return(), **broken), came_back(record))) == 1


def test_a_decision_that_does_not_count_never_hides_one_that_does() -> None:
    """Two sergeants decided at once; one of them was first."""
    record = a_return()
    decision = wire.record_to_json(
        a_decision((record,), Outcome.APPROVE, {"sup.rationale": "Exact."}, NIGHT)
    )
    good = item("decision", record, {"state": "approved", "why_void": "", "content": decision})
    void = item("decision", record, {"state": "void", "why_void": "already_decided", "content": decision})

    for news in ([good, void], [void, good]):
        (decided,) = decided_from(news).values()
        assert (decided.state, decided.why) == ("approved", "Exact.")


def test_a_decision_without_its_record_still_says_what_was_decided() -> None:
    """The words may be gone; the outcome is not."""
    record = a_return()

    (decided,) = decided_from([item("decision", record, {"state": "approved", "content": None})]).values()

    assert (decided.state, decided.by, decided.why) == ("approved", "", "")


def test_an_officer_is_called_by_rank_and_surname() -> None:
    """As colleagues say it."""
    assert called(Author("s-7", "Sgt Tunde Oyelaran", "Sgt", "77", "Selby")) == "Sgt Oyelaran"
    assert called(Author("s-8", "", "Sgt", "78", "Selby")) == "Sgt"


def test_a_question_about_nobody_known_stands_nowhere() -> None:
    """Then it is read above the pages, and lost is it not."""
    encounter = an_encounter()
    record = an_interview().header.record

    assert place_of(Ask(record, "person.dob", "When?", UUID(int=9)), the_guide(), encounter) is None
    place = place_of(Ask(record, "pi.why_left", "Which row?"), the_guide(), encounter)
    assert place is not None
    assert place[1] == "pi.why_left"


def test_lateness_is_counted_from_the_time_that_was_given() -> None:
    """Not late a minute before, late a minute after."""
    (returned,) = still_asked(came_back(a_return(), minutes=60))

    assert not returned.late(NIGHT + timedelta(minutes=59))
    assert returned.late(NIGHT + timedelta(minutes=61))
    assert returned.due_at == datetime(2026, 3, 14, tzinfo=UTC).replace(
        hour=(NIGHT + timedelta(minutes=60)).hour, minute=(NIGHT + timedelta(minutes=60)).minute
    )


def test_an_assessment_that_comes_back_alone_is_opened_by_its_own_guide() -> None:
    """Nobody is asked for a whole report because a new assessment was sent back."""
    guides = {one: definitions.guide(one) for one in definitions.guide_ids()}
    report, risk = (Record(header=a_header(form), stage=Stage.CAPTURE) for form in ("mis", "rsk"))

    assert guide_of([risk], guides).id == "risk_again"
    assert guide_of([report, risk], guides).id == "missing"
    with pytest.raises(LookupError):
        guide_of([report, a_return()], guides)
