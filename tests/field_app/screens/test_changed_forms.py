"""A draft that was begun before the forms changed: opened, read, gone on with, reviewed and sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from booklets import definitions
from booklets.answers import Answer, frozen
from booklets.changed_forms import Became, Change
from booklets.decisions import Ask
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import Stage
from field_app.capture.session import CaptureSession
from field_app.handset.returning import answer
from field_app.ui import changed_words as words
from field_app.ui.places import At
from field_app.ui.screens.changed import under_it
from tests.support.handsets import OnShift, a_handset, an_offline_shift
from tests.support.older_forms import RETURN, begun_in_the_first_editions, left_by_an_older_app
from tests.support.screens import journey
from tests.support.sent_back import SAME_AGAIN, Force, newest_records, nothing_more
from tests.support.standing import standing_at
from tests.support.vaults import PIN

TODAY = {id_: definitions.form(id_) for id_ in ("ret", "pvi")}
LOST: dict[str, Answer] = {"ret.asked_long_ago": "By the harbour wall"}
"""An answer of an edition that even this app does not know."""


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has nothing in hand."""
    with an_offline_shift(tmp_path) as found:
        yield found


def test_a_draft_of_an_older_app_is_opened_changed_reviewed_and_submitted(officer: OnShift) -> None:
    """The app was brought up to date in the middle of a night; no word of the night is lost."""
    draft = begun_in_the_first_editions(officer, LOST)
    left_by_an_older_app(officer, draft)
    officer.handset.close()

    with a_handset(officer.folder, secrets=officer.secrets, heard=officer.heard) as handset:
        standing = handset.open()
        handset.unlock(standing.officers[0].vault, PIN)
        again = OnShift(handset, officer.force, officer.heard, officer.secrets, officer.folder)
        journey(lambda: _from_the_card_to_the_outbox(again, str(draft.id)))
        sent = {one.header.form: one for one in newest_records(again, draft.id)}

    assert {form: one.header.form_version for form, one in sent.items()} == {
        form: known.version for form, known in TODAY.items()
    }
    assert {form: one.header.form_checksum for form, one in sent.items()} == {
        form: known.checksum for form, known in TODAY.items()
    }
    told = {**sent["ret"].answers, **sent["pvi"].answers}
    assert told["ret.incident_no"] == "14-0312"
    assert {name: told.get(name) for name in draft.answers} == dict(draft.answers)


async def _from_the_card_to_the_outbox(officer: OnShift, draft: str) -> None:
    """Touch by touch, as the officer does it."""
    async with standing_at(At.HOME, officer, state=nothing_more) as (app, model):
        await app.tap(f"draft.{draft}")
        assert app.says(words.TITLE)
        assert app.says(words.REWORDED)
        assert "Before: How was" in (app.at("changed.ret.brought_in").label or "")

        await app.tap("changed.ret.incident_no")
        assert app.has("changed")
        await app.type("ret.incident_no", "14-0312")

        await app.tap("changed")
        await app.tap("changed.seen")
        assert not app.has("changed")

        _keep_what_is_asked_about(model.open_session())
        model.review()
        await app.settle()
        assert app.has("send"), app.texts()
        await app.tap("send")
        assert app.has("sent.state")


def _keep_what_is_asked_about(session: CaptureSession) -> None:
    for one in session.problems():
        if one.stands:
            session.keep_because(one.key, SAME_AGAIN)


def test_what_changed_stands_there_after_a_kill_until_it_was_seen(officer: OnShift) -> None:
    """Opened, put down unread, and opened again; once seen, it is a draft like any other."""
    draft = begun_in_the_first_editions(officer)
    left_by_an_older_app(officer, draft)

    opened = [officer.shift.resume(str(draft.id)) for _ in range(2)]
    assert all(one is not None and one.what_changed() for one in opened)
    session = opened[-1]
    assert session is not None
    session.saw_changes()
    officer.shift.put_down()

    again = officer.shift.resume(str(draft.id))
    assert again is not None
    assert again.what_changed() == ()
    assert again.encounter.answers == draft.answers


def test_an_answer_that_nobody_asks_for_any_more_is_shown_and_kept(officer: OnShift) -> None:
    """With the words that were given, and what becomes of them."""
    draft = begun_in_the_first_editions(officer, LOST)
    left_by_an_older_app(officer, draft)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_more) as (app, _):
            await app.tap(f"draft.{draft.id}")
            assert any(said.startswith(words.GONE) for said in app.texts())
            assert app.says(words.you_said(["By the harbour wall"], words.KEPT))

    journey(walk)


def test_what_comes_back_from_before_the_change_reads_in_its_own_words(officer: OnShift) -> None:
    """On its card the question as it was asked; once it is answered, it goes on in the form of today."""
    draft = begun_in_the_first_editions(officer)
    session = officer.shift.go_on_with(draft)
    _keep_what_is_asked_about(session)
    officer.shift.send(session, stage=Stage.CAPTURE)
    [sent] = [one for one in newest_records(officer, draft.id) if one.header.form == "ret"]
    header = replace(sent.header, form_version=RETURN.version, form_checksum=RETURN.checksum)
    old = replace(sent, header=header)
    Force(officer).sends_back([old], [Ask(old.header.record, "ret.brought_in", "By which bus?")])

    [returned] = officer.shift.home().returned

    assert returned.asked(returned.decision.asks[0]) == RETURN.field("ret.brought_in").label
    again = answer(officer.shift, returned)
    assert again.encounter.editions["ret"] == TODAY["ret"].version
    assert any(one.question == "ret.brought_in" for one in again.what_changed())


def told_of(session: CaptureSession, question: str) -> str:
    """What stands under a question that is no longer asked."""
    return " ".join(under_it(session, Change(became=Became.GONE, question=question, label="x")))


def test_what_is_known_of_a_place_or_of_somebody_else_was_answered(officer: OnShift) -> None:
    """A question about places has gone: each place's answer is read out, and not "not answered"."""
    draft = begun_in_the_first_editions(officer)
    carer, home, phone = (
        Entity(new_id(), kind, frozen({name: said}))
        for kind, name, said in (
            (EntityKind.PERSON, "person.nickname_once", "Nan"),
            (EntityKind.PLACE, "place.landmark_once", "By the lifeboat"),
            (EntityKind.OBJECT, "object.make_once", "Nokia"),
        )
    )
    there = {one.id: one for one in (carer, home, phone)}
    session = officer.shift.go_on_with(replace(draft, entities={**draft.entities, **there}))

    assert told_of(session, "person.nickname_once") == words.you_said(["Nan"], words.KEPT)
    assert told_of(session, "place.landmark_once") == words.you_said(["By the lifeboat"], words.KEPT)
    assert told_of(session, "object.make_once") == words.you_said(["Nokia"], words.KEPT)
    assert told_of(session, "place.nobody_said") == words.NOT_ANSWERED


def test_what_was_taken_back_is_not_called_sent_along(officer: OnShift) -> None:
    """An answer that a later one had hidden stays in the draft and goes nowhere; the page says so."""
    draft = begun_in_the_first_editions(officer, {"ret.covert": "no", "ret.handling": "Not by post"} | LOST)
    session = officer.shift.go_on_with(draft)

    assert told_of(session, "ret.handling") == words.you_said(["Not by post"], words.NOT_SENT)
    assert told_of(session, "ret.asked_long_ago") == words.you_said(["By the harbour wall"], words.KEPT)
