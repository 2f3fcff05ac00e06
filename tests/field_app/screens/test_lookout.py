"""The lookout card on the handheld: one tap away, in large letters, and the same as the report says now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import flet as ft
import pytest

from booklets.answers import Moment
from booklets.forms import Stage
from field_app.capture.heard import DECISION
from field_app.capture.session import CaptureSession
from field_app.handset.reading_again import Copy
from field_app.ui import entering
from field_app.ui import lookout_words as words
from field_app.ui import theme as t
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.supervising import open_case
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.lookouts import PLAN, SECRET, never_read_out, sent
from tests.support.missing import HONEST, NOW, written
from tests.support.queues import Tablet, a_review, news, renamed
from tests.support.screens import Screens, journey
from tests.support.standing import WRITING_A_PPN, standing_at

pytestmark = pytest.mark.thorough


def a_report(officer: OnShift) -> CaptureSession:
    """A report that is begun: who, and what could harm her."""
    session = officer.shift.start("missing")
    session.put("person.known_as", "Amy")
    session.put("person.surname", "Brook")
    session.put("person.dob", "2011")
    session.put("mis.last_seen_at", Moment(NOW))
    session.put("mis.dangers", "Cannot swim; the becks are high.")
    return session


def said_of(app: Screens, line: str) -> str:
    """What a screen reader says of a line."""
    return str(app.at(f"lookout.{line}").label)


def test_the_card_is_one_tap_from_the_first_page_and_leads_back_to_it(officer: OnShift) -> None:
    """Whoever types with one hand opens it with the same one."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            model.session = a_report(officer)
            model.open_page(0)
            await app.settle()
            await app.tap("lookout")

            assert model.at is At.LOOKOUT
            assert said_of(app, "name") == "Name: Amy"
            assert said_of(app, "surname") == "Surname begins with: B"
            assert said_of(app, "clothing") == "Clothes: Not known yet"
            assert "Brook" not in " ".join(app.texts())
            assert app.says("Ask the control room about health.")
            assert app.says(words.TELLS_NOBODY)
            assert app.has("status")
            await app.tap("lookout.close")
            assert (model.at, model.page) == (At.PAGE, 0)

    journey(walk)


def test_every_line_of_the_card_is_drawn_large_and_said_in_one_breath(officer: OnShift) -> None:
    """What is to be read out is in the largest letters; a reader hears title and words together."""

    async def walk() -> None:
        async with standing_at(At.LOOKOUT, officer) as (app, _):
            drawn = [one for one in app.identifiers() if one.startswith("lookout.")]
            lines = [f"lookout.{one.id}" for one in PLAN.lines]
            assert [one for one in drawn if one in lines] == lines
            for one in lines:
                box = app.at(one)
                assert box.exclude_semantics
                texts = [text for text in app.walk(box) if isinstance(text, ft.Text)]
                assert all(text.style in (t.DISPLAY, t.FIGURE) for text in texts[1:])
                assert all((text.value or "") in str(box.label) for text in texts)

    journey(walk)


def test_the_card_says_what_the_report_says_now(officer: OnShift) -> None:
    """Clothes are remembered, the phone rings: the next look has it."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            model.session = a_report(officer)
            model.review()
            await app.settle()
            await app.tap("lookout")
            assert said_of(app, "phone") == "Phone: Not known yet"
            model.put("mis.phone_status", "rings")
            await app.settle()
            assert said_of(app, "phone").startswith("Phone: Rings")
            await app.tap("lookout.close")
            assert model.at is At.REVIEW

    journey(walk)


def test_nothing_that_is_withheld_is_on_the_screen(officer: OnShift) -> None:
    """Neither seen nor heard."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            model.session = a_report(officer)
            for name, answer in never_read_out().items():
                model.session.put(name, answer)
            model.open_page(0)
            await app.settle()
            await app.tap("lookout")
            heard = [str(one.label) for one in app.all(ft.Semantics)]
            assert model.at is At.LOOKOUT
            assert SECRET not in " ".join([*app.texts(), *heard])

    journey(walk)


def test_of_a_child_who_is_back_there_is_no_lookout(officer: OnShift) -> None:
    """The card says so and nothing else."""

    async def walk() -> None:
        async with standing_at(At.LOOKOUT, officer) as (app, model):
            model.put("mis.returned_before_report", "yes")
            await app.settle()
            assert "is back" in " ".join(app.texts())
            assert not app.has("lookout.name")

    journey(walk)


async def sends_a_report(officer: OnShift, model: Model) -> None:
    """The report has gone, and the home screen knows it."""
    officer.shift.send(a_report(officer), stage=Stage.CAPTURE, emergency="It cannot wait.")
    model.session = None
    await model.read_home()


def test_what_was_sent_has_its_card_while_a_copy_may_be_read(officer: OnShift) -> None:
    """After that it is said in words where to ask."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            await sends_a_report(officer, model)
            model.show_sent(model.home.parcels[0])
            await app.settle()
            await app.tap("lookout")
            assert said_of(app, "name") == "Name: Amy"
            assert "From what you sent" in " ".join(app.texts())
            await app.tap("lookout.close")
            assert model.at is At.SENT

            parcel = model.home.parcels[0]
            model.home = replace(
                model.home, parcels=(replace(parcel, encounter=str(parcel.encounter)[::-1]),)
            )
            model.show_sent(model.home.parcels[0])
            await app.settle()
            await app.tap("lookout")
            assert (model.at, model.notice) == (At.SENT, words.NOT_KEPT)

    journey(walk)


def test_what_was_sent_last_is_read_out_and_not_an_older_copy_that_was_fetched(officer: OnShift) -> None:
    """Clothes were put right an hour ago: patrols look for what she wears now."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            await sends_a_report(officer, model)
            parcel = model.home.parcels[0]
            old = sent(written(HONEST))
            until = officer.handset.clock.now() + timedelta(hours=1)
            model.shift.reading._copies[parcel.encounter] = Copy(old, until)
            model.show_sent(parcel)
            await app.settle()
            await app.tap("lookout")
            assert said_of(app, "name") == "Name: Amy"

            newer = tuple(replace(one, header=replace(one.header, revision=2)) for one in old)
            model.shift.reading._copies[parcel.encounter] = Copy(newer, until)
            await app.tap("lookout.close")
            await app.tap("lookout")
            assert said_of(app, "name") == "Name: Leo"

    journey(walk)


def test_other_records_have_no_card(officer: OnShift) -> None:
    """Neither a return check that is written nor one that was sent."""

    async def walk() -> None:
        for at in (At.PAGE, At.REVIEW, At.SENT, At.CASE):
            async with standing_at(at, officer) as (app, _):
                assert not app.has("lookout"), at

    journey(walk)


def test_a_supervisor_who_reads_the_report_has_the_card(officer: OnShift) -> None:
    """From the record on the tablet, and back to it."""

    async def walk() -> None:
        tablet = Tablet(officer)
        tablet.forget()
        tablet.waits(*(renamed(one) for one in sent(written(HONEST))), risk=4, due_in=30)
        async with standing_at(At.QUEUE, officer, state=lambda model, on: None) as (app, model):
            await model.read_home()
            await open_case(model, model.home.cases[0].encounter)
            await app.settle()
            await app.tap("lookout")
            assert said_of(app, "risk") == "Risk now: Medium"
            assert "From the record as it was sent" in " ".join(app.texts())
            await app.tap("lookout.close")
            assert model.at is At.CASE

    journey(walk)


def test_a_report_that_its_author_withdrew_has_no_card_on_the_tablet(officer: OnShift) -> None:
    """It was perhaps about the wrong child: the news that it was taken back takes the way to it away."""

    async def walk() -> None:
        tablet = Tablet(officer)
        tablet.forget()
        report, assessed = (renamed(one) for one in sent(written(HONEST)))
        tablet.waits(report, assessed, risk=4, due_in=30)
        async with standing_at(At.QUEUE, officer, state=lambda model, on: None) as (app, model):
            await model.read_home()
            await open_case(model, model.home.cases[0].encounter)
            await app.settle()
            assert app.has("lookout")
            tablet.hears(news(DECISION, report, tablet.now, {"state": "withdrawn"}))
            await model.read_home()
            await open_case(model, model.home.cases[0].encounter)
            await app.settle()
            assert not app.has("lookout")

    journey(walk)


def test_of_a_child_whom_another_record_calls_dead_the_tablet_has_no_line(officer: OnShift) -> None:
    """The force says so of the report as well (R-50), and the card says who passes on what."""

    async def walk() -> None:
        tablet = Tablet(officer)
        tablet.forget()
        tablet.hears(*(a_review(renamed(one), rule="R-50") for one in sent(written(HONEST))))
        async with standing_at(At.QUEUE, officer, state=lambda model, on: None) as (app, model):
            await model.read_home()
            await open_case(model, model.home.cases[0].encounter)
            await app.settle()
            await app.tap("lookout")
            assert "was found dead" in " ".join(app.texts())
            assert not app.has("lookout.name")

    journey(walk)


def test_a_lock_leaves_no_card_behind(tmp_path: Path) -> None:
    """What the next hand finds is the PIN."""

    async def walk() -> None:
        async with standing_at(At.LOOKOUT, officer) as (app, model):
            await entering.lock(model)
            await app.settle()
            assert model.lookout is None
            assert "Amy" not in " ".join(app.texts())

    with an_offline_shift(tmp_path) as officer:
        journey(walk)
