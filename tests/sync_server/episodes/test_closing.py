"""Closing a missing episode: who may, what is kept, and what opens it again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, delete

from booklets.records import Record
from sync_server import audit
from sync_server.context import Context
from sync_server.db import store
from sync_server.db.tables import record_key
from sync_server.episodes import closing, still_open
from sync_server.episodes.closing import NotDone
from sync_server.identity.accounts import Role
from sync_server.intake import Result
from tests.support import episodes
from tests.support.builders import an_id, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.databases import everything_in
from tests.support.episodes import DESPITE, WHY, Episode, a_back, a_talk, all_done, missing
from tests.support.racing import at_once, ready


@pytest.fixture
def back(officer: Colleague, sergeant: Colleague) -> Record:
    """The return of a night of which everything is decided and done."""
    return all_done("Kit", officer, sergeant)


@pytest.fixture
def episode(context: Context, back: Record) -> Episode:
    """Its episode."""
    return episodes.of(context, back)


def test_a_closing_is_kept_with_who_as_what_when_and_why(
    context: Context, episode: Episode, back: Record, mhet: Colleague
) -> None:
    """A row of its own; the words lie sealed, and the history of the return says that it happened."""
    assert episode.closes(mhet).stands

    [act] = episode.acts
    assert episode.is_closed
    assert (act["category"], act["by"], act["role"], act["at"]) == (
        *("returned_safe", mhet.author.id, "mhet"),
        context.now(),
    )
    with context.store.read() as db:
        assert closing.words_of(context, db, act) == {"words": WHY, "despite": ""}
        history = [one["what"] for one in audit.entries_of(db, str(back.header.record))]
    assert history[-1] == "episode_closed"
    assert WHY.encode() not in everything_in(context)
    assert audit.verify_audit(context).broken == ()


def test_the_words_end_with_the_record_they_lie_with(
    context: Context, episode: Episode, mhet: Colleague
) -> None:
    """Once its key is destroyed nobody reads them; that it was closed stays."""
    episode.closes(mhet)
    context.store.write(lambda db: db.execute(delete(record_key)).rowcount)

    [act] = episode.acts
    with context.store.read() as db:
        assert closing.words_of(context, db, act) == {}
    assert episode.is_closed


def test_what_is_open_asks_for_a_reason_and_the_closing_says_that_it_was_open(
    context: Context, officer: Colleague, mhet: Colleague
) -> None:
    """Refused without one, and that is kept; with one it is closed, marked for the team."""
    episode = episodes.of(context, officer.sent(a_back("Kit")))

    assert episode.closes(mhet, "returned_interview_pending").refused == "still_open"
    assert episode.closes(mhet, "returned_interview_pending", despite=DESPITE).stands

    refused, closed = episode.acts
    assert (refused["kind"], refused["why"]) == ("refused", "still_open")
    assert (closed["kind"], closed["why"]) == ("closed", "although_open")
    assert closed["still_open"] == ["undecided", "no_interview"]
    with context.store.read() as db:
        assert closing.words_of(context, db, closed)["despite"] == DESPITE


def test_a_reason_for_what_is_not_open_is_not_kept(
    context: Context, episode: Episode, mhet: Colleague
) -> None:
    """What was done meanwhile needs no reason, and the closing is a plain one."""
    episode.closes(mhet, despite=DESPITE)

    [act] = episode.acts
    assert (act["why"], act["still_open"]) == ("", [])
    with context.store.read() as db:
        assert closing.words_of(context, db, act)["despite"] == ""


def test_a_button_pressed_twice_is_refused_once(episode: Episode, mhet: Colleague) -> None:
    """The team's list shows what happened, and not how often somebody pressed."""
    for _ in range(2):
        assert episode.closes(mhet, "concern_for_safety").refused == "whereabouts_unknown"

    assert len(episode.acts) == 1
    assert episode.closes(mhet, "found_dead").refused == "no_death_recorded"
    assert len(episode.acts) == 2


def test_a_supervisor_closes_what_is_all_of_their_own_unit(
    context: Context, episode: Episode, officer: Colleague, sergeant: Colleague
) -> None:
    """Nobody closes over the head of another unit, whose records they cannot read."""
    there = a_colleague(context, "pc.there", unit="filey_response")
    other = all_done("Ana", officer, sergeant)
    there.sent(a_talk("Ana", record=an_id("talk of Filey"), unit="filey_response"))

    assert episodes.of(context, other).closes(sergeant, despite=DESPITE).not_done is NotDone.OTHER_UNITS
    assert episode.closes(sergeant).stands


def test_whoever_wrote_the_return_does_not_close_it(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """A second pair of eyes, as for a decision; and an officer closes nothing."""
    own = sergeant.sent(a_back("Kit"))
    episode = episodes.of(context, own)

    assert episode.closes(sergeant, despite=DESPITE).not_done is NotDone.OWN_RECORD
    assert episode.closes(officer, despite=DESPITE).not_done is NotDone.NOT_THEIRS
    assert episode.acts == []


def test_a_closing_is_of_what_somebody_had_read(
    episode: Episode, back: Record, officer: Colleague, mhet: Colleague
) -> None:
    """A revision that came meanwhile is read first: nothing is done, and nothing is a refusal."""
    asked = episode.asked(mhet)
    officer.revises(back, {"ret.found_how": "hospital"})

    assert episode.closing(asked)().not_done is NotDone.MOVED_ON
    assert episode.acts == []


def test_it_is_closed_once_and_opened_again_for_a_reason(episode: Episode, mhet: Colleague) -> None:
    """Nothing is changed: that it was closed stands where it was."""
    assert episode.opens_again(mhet).not_done is NotDone.OPEN_ALREADY
    episode.closes(mhet)
    assert episode.closes(mhet).not_done is NotDone.CLOSED_ALREADY

    assert episode.opens_again(mhet).stands
    assert not episode.is_closed
    assert episode.closes(mhet).stands
    assert [one["kind"] for one in episode.acts] == ["closed", "reopened", "closed"]


@pytest.mark.parametrize("what", ["another record", "a revision", "a withdrawal"])
def test_a_record_that_comes_opens_it_again(
    episode: Episode, back: Record, officer: Colleague, mhet: Colleague, what: str
) -> None:
    """Whoever sent it, and whatever it says: somebody looks once more."""
    episode.closes(mhet)

    match what:
        case "another record":
            come = officer.sent(missing("Kit"))
        case "a revision":
            come = officer.revises(back, {"ret.found_how": "hospital"})
        case _:
            come = officer.withdraws(back)

    act = episode.acts[-1]
    assert not episode.is_closed
    assert (act["kind"], act["by"], act["record"]) == ("reopened", "server", str(come.header.record))
    with episode.context.store.read() as db:
        assert "episode_reopened" in [one["what"] for one in audit.entries_of(db, str(come.header.record))]


def test_what_was_sent_before_and_is_heard_again_opens_nothing(
    episode: Episode, back: Record, officer: Colleague, mhet: Colleague
) -> None:
    """A handheld that never heard the receipt sends the same once more."""
    episode.closes(mhet)

    assert officer.sends(back).result is Result.REPEATED
    assert episode.is_closed


def test_a_decision_alone_opens_nothing(
    context: Context, officer: Colleague, sergeant: Colleague, mhet: Colleague
) -> None:
    """It was closed although the return waited; now somebody decides on it."""
    back = officer.sent(a_back("Kit"))
    episode = episodes.of(context, back)
    episode.closes(mhet, "returned_interview_pending", despite=DESPITE)

    sergeant.decided(back)
    assert episode.is_closed


def test_an_episode_that_is_none_of_being_missing_is_not_closed(
    context: Context, officer: Colleague, mhet: Colleague
) -> None:
    """An interview alone is no missing episode: there is nothing to be closed as."""
    episode = episodes.of(context, officer.sent(a_talk("Kit")))

    assert episode.closes(mhet, despite=DESPITE).not_done is NotDone.NOT_MISSING


def test_of_two_who_close_at_once_one_is_told(
    episode: Episode, mhet: Colleague, sergeant: Colleague, elsewhere: Context
) -> None:
    """In two processes of the server: one closing, and the other hears that it was done."""
    for number in range(4):
        ways = [
            episode.closing(episode.asked(mhet)),
            episode.closing(episode.asked(sergeant), elsewhere),
        ]
        answers = at_once(ways if number % 2 else ways[::-1])

        assert sorted(one.stands for one in answers) == [False, True]
        assert NotDone.CLOSED_ALREADY in {one.not_done for one in answers}
        episode.opens_again(mhet)
    assert [one["n"] for one in episode.acts] == list(range(1, 9))


def test_a_record_that_comes_at_the_same_moment_is_never_closed_over(
    episode: Episode, back: Record, mhet: Colleague, officer: Colleague, elsewhere: Context
) -> None:
    """Either the closing came first and is open again, or it was told that something came."""
    newest = back
    for number in range(4):
        newest = officer.signs(next_revision(newest, {"ret.found_how": "hospital"}))
        asked = episode.asked(mhet, despite=DESPITE)
        ways: list[Any] = [episode.closing(asked), ready(elsewhere, officer, newest)]
        at_once(ways if number % 2 else ways[::-1])

        assert not episode.is_closed
    assert audit.verify_audit(episode.context).broken == ()


def test_a_record_that_comes_while_somebody_is_closing_opens_it_again(
    episode: Episode,
    mhet: Colleague,
    officer: Colleague,
    elsewhere: Context,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The moment between reading what is open and closing, made as long as it takes."""
    reading, come = Event(), Event()
    known = still_open.tasks_on

    def slowly(connection: Connection, rows: Any) -> Any:
        reading.set()
        come.wait(0.4)  # whoever may not come in between waits for us meanwhile
        return known(connection, rows)

    def go_in_between() -> object:
        assert reading.wait(5)
        answer = ready(elsewhere, officer, officer.signs(missing("Kit")))()
        come.set()
        return answer.result

    monkeypatch.setattr(closing, "tasks_on", slowly)
    with ThreadPoolExecutor(2) as pool:
        ours, theirs = pool.submit(episode.closing(episode.asked(mhet))), pool.submit(go_in_between)

    assert theirs.result() is Result.STORED
    assert ours.result().stands
    assert [one["kind"] for one in episode.acts] == ["closed", "reopened"]


def test_the_incident_manager_closes_for_every_unit(context: Context, episode: Episode) -> None:
    """The control room's desk sees all of it."""
    inspector = a_colleague(context, "insp.varga", Role.FIM, unit="control_room")

    assert episode.closes(inspector).stands
    assert episode.acts[0]["role"] == "fim"


def test_nobody_waits_for_somebody_who_waits_for_them(
    episode: Episode,
    back: Record,
    *,
    mhet: Colleague,
    sergeant: Colleague,
    officer: Colleague,
    elsewhere: Context,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A revision, a new record and two who close: PostgreSQL would end one of them after a second."""
    met: list[object] = []
    known = store.two_met

    def noted(error: Any) -> bool:
        met.append(error)
        return known(error)

    monkeypatch.setattr(store, "two_met", noted)
    newest = back
    for number in range(12):
        newest = officer.signs(next_revision(newest, {"ret.found_how": "hospital"}))
        talk = officer.signs(a_talk("Kit", record=an_id(f"talk {number}")))
        ways: list[Any] = [
            episode.closing(episode.asked(mhet, despite=DESPITE)),
            ready(elsewhere, officer, newest),
            episode.closing(episode.asked(sergeant, despite=DESPITE), elsewhere),
            ready(episode.context, officer, talk),
        ]
        at_once(ways[number % 4 :] + ways[: number % 4])

        assert not episode.is_closed
    assert met == []
