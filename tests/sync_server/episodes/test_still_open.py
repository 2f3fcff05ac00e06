"""What is not over of an episode: nothing is forgotten, and what is done is not asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from booklets.answers import Answer, Gap, Why, frozen
from booklets.decisions import Outcome
from booklets.forms import Stage
from booklets.records import Record
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.episodes.still_open import What
from tests.support import episodes
from tests.support.builders import a_header, a_task, an_id, next_revision
from tests.support.colleagues import Colleague
from tests.support.episodes import NO_DIRECTIONS, a_back, a_talk, all_done, missing
from tests.support.meetings import about

NO_PPN: dict[str, Answer] = {"pi.ppn_needed": "no", "pi.ppn_needed_because": "Fine."}


def a_record(form: str, name: str, answers: dict[str, Answer] | None = None) -> Record:
    """A record of another form in the same child's night."""
    ids: dict[str, Any] = {**about(name), "record": an_id(f"{form} of {name}")}
    entities = ids.pop("entities")
    return Record(
        header=a_header(form, **ids),
        stage=Stage.CAPTURE,
        answers=frozen(answers or {}),
        entities=entities,
        tasks=(),
        reasons={},
    )


def test_of_a_night_of_which_all_is_done_nothing_is_open(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """The other side of every test below."""
    assert episodes.of(context, all_done("Kit", officer, sergeant)).open == []


def test_a_record_is_open_until_somebody_has_decided_on_it(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Also where it was sent back, and waits for its officer."""
    back, talk = officer.sent(a_back("Kit")), officer.sent(a_talk("Kit"))
    episode = episodes.of(context, back)
    assert episode.open == ["undecided", "undecided"]

    sergeant.decided(back, outcome=Outcome.RETURN)
    assert episode.open.count("undecided") == 2
    sergeant.decided(talk, answers=NO_DIRECTIONS)
    assert episode.open.count("undecided") == 1


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("tell_child", What.TASK),
        ("ppn_submitted", What.PPN),
        ("review_risk", What.RISK),
        ("find_children_at_risk", What.OTHER_CHILDREN),
        ("return_home_interview", What.RETURN_INTERVIEW),
        ("immediate_danger", What.DANGER),
    ],
)
def test_a_task_is_open_until_it_is_closed(
    context: Context, officer: Colleague, sergeant: Colleague, kind: str, what: What
) -> None:
    """Each under the sort by which a team looks for it."""
    back = officer.sent(a_back("Kit", tasks=(a_task(kind),)))
    sergeant.decided(back, officer.sent(a_talk("Kit")), answers=NO_DIRECTIONS)
    episode = episodes.of(context, back)

    assert episode.open == [what.value]
    context.store.write(lambda db: db.execute(update(task).values(status="done")).rowcount)
    assert episode.open == []


def test_what_a_supervisor_directed_is_open_until_it_is_done(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """It is a task of the decision, which belongs to the episode too."""
    back = officer.sent(a_back("Kit"))
    sergeant.decided(back, officer.sent(a_talk("Kit")))

    assert episodes.of(context, back).open == ["task"]


def test_a_return_without_an_interview_and_a_report_without_a_return_are_open(
    context: Context, officer: Colleague
) -> None:
    """And a report of a child who is still missing without a risk assessment."""
    report = officer.sent(missing("Kit"))
    episode = episodes.of(context, report)
    assert episode.open == ["not_back", "undecided", "risk"]

    officer.sent(a_back("Kit"))
    assert episode.open == ["undecided", "undecided", "risk", "no_interview"]
    officer.sent(a_record("rsk", "Kit"))
    assert "risk" not in episode.open


def test_the_first_part_of_a_return_is_open_until_the_rest_has_come(
    context: Context, officer: Colleague
) -> None:
    """A sleeping child held up nobody that night; the questions are there still."""
    first = officer.sent(a_back("Kit", stage=Stage.FOUND))
    episode = episodes.of(context, first)
    assert "first_part" in episode.open

    officer.sent(replace(next_revision(first, {}), stage=Stage.CAPTURE))
    assert "first_part" not in episode.open


def test_a_child_who_was_back_before_the_report_needs_no_grading(
    context: Context, officer: Colleague
) -> None:
    """Nobody is looked for any more."""
    report = officer.sent(missing("Kit", {"mis.returned_before_report": "yes"}))

    assert "risk" not in episodes.of(context, report).open


def test_of_a_child_who_has_died_nobody_waits_for_a_return(context: Context, officer: Colleague) -> None:
    """R-50: no return, no interview; what a person has to decide stays."""
    report = officer.sent(missing("Kit", {"mis.returned_before_report": "dead"}))

    assert not {"not_back", "no_interview", "risk"} & set(episodes.of(context, report).open)


def test_signs_of_harm_without_a_ppn_are_open(context: Context, officer: Colleague) -> None:
    """R-12 stands on the interview until a PPN is decided on, or the reason for none."""
    back = officer.sent(a_back("Kit"))
    talk = officer.sent(a_talk("Kit", {**NO_PPN, "pi.hbv_fm_fgm": "yes"}))
    episode = episodes.of(context, back)
    assert "ppn" in episode.open

    officer.revises(talk, {"pi.hbv_fm_fgm": "no"})
    assert "ppn" not in episode.open


def test_other_children_who_are_not_accounted_for_are_open(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """As the newest decision says."""
    back, talk = officer.sent(a_back("Kit")), officer.sent(a_talk("Kit"))
    episode = episodes.of(context, back)
    sergeant.decided(back, answers={**NO_DIRECTIONS, "sup.other_children": "not_all"})
    assert "other_children" in episode.open

    sergeant.decided(talk, answers={**NO_DIRECTIONS, "sup.other_children": "all"})
    assert "other_children" not in episode.open


def test_police_protection_without_its_end_or_its_offences_is_open(
    context: Context, officer: Colleague
) -> None:
    """R-26: also where the end was sent without them in an emergency."""
    back = officer.sent(a_back("Kit"))
    officer.sent(a_record("ppr", "Kit"))
    episode = episodes.of(context, back)
    assert "protection" in episode.open

    end = officer.sent(a_record("ppe", "Kit"))
    assert "protection" not in episode.open
    assert "offences" in episode.open
    officer.revises(
        end,
        {"ppe.offences_considered": ("neglect",), "ppe.offences": ({"number": "NYP-1", "what": "Neglect"},)},
    )
    assert "offences" not in episode.open


def test_a_specialists_offer_is_open_until_somebody_says_what_came_of_it(
    context: Context, officer: Colleague
) -> None:
    """R-57: taken up, or declined with its reason, in whichever record of the night."""
    talk = officer.sent(a_talk("Kit", {"pi.online": "yes", "pi.specialist_offer": Gap(Why.PENDING)}))
    episode = episodes.of(context, talk)
    assert "offer" in episode.open

    officer.sent(a_record("ev", "Kit", {"ev.specialist_offer": "declined"}))
    assert "offer" not in episode.open


def test_an_offer_that_nobody_made_leaves_nothing_open(context: Context, officer: Colleague) -> None:
    """The other side: asked, and none was made."""
    talk = officer.sent(a_talk("Kit", {"pi.online": "yes", "pi.specialist_offer": "none_made"}))
    assert "offer" not in episodes.of(context, talk).open
