"""Every screen of the app in a state that an officer could be in: one place, so that none is forgotten."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import flet as ft

from booklets import definitions
from booklets.decisions import Ask
from booklets.forms import Stage
from field_app.handset.access import Closed
from field_app.handset.returning import add, answer
from field_app.sync.sessions import SignIn
from field_app.ui.arriving import held_back
from field_app.ui.bridge import UiBridge
from field_app.ui.duties import InHand
from field_app.ui.lookouts import open_from_report
from field_app.ui.model import Model
from field_app.ui.places import At, Mention
from field_app.ui.shell import Shell
from field_app.ui.supervising import Desk, Spot, lay_out, open_desk
from tests.field_app.sync.desks import a_session
from tests.support.handsets import GUIDE, OnShift, found_child
from tests.support.locked_standing import LOCKED_STATES, closed, forgotten, locked
from tests.support.older_forms import begun_in_the_first_editions, left_by_an_older_app
from tests.support.queues import Tablet, another_check
from tests.support.screens import Screens, running
from tests.support.sent_back import Force, an_honest_check, newest_records
from tests.support.shift_packs_told import a_child, amy, arrived

State = Callable[[Model, OnShift], None]
TASKS = count(1)
"""Each late task is a new one: nothing was said of it yet, whatever was said of those before."""


def _before_the_vault(model: Model, officer: OnShift) -> None:
    model.standing = officer.handset.open()


def _signing(model: Model, officer: OnShift) -> None:
    model.standing = officer.handset.open()
    until = model.now + timedelta(minutes=5)
    model.signing = SignIn("flow-1", f"{officer.force.address}/sign-in/1", "WDJB-MJHT", timedelta(1), until)


def _choosing(model: Model, officer: OnShift) -> None:
    model.standing = officer.handset.open()
    model.signed = a_session()


def _home(model: Model, officer: OnShift) -> None:
    session = officer.shift.start(GUIDE)
    found_child(session)
    officer.shift.send(session, stage=Stage.FOUND)
    officer.shift.put_down()
    home = officer.shift.home()
    model.home = replace(home, parcels=home.parcels[:1])


def _sent(model: Model, officer: OnShift) -> None:
    _home(model, officer)
    model.sent = model.home.parcels[0].encounter


def _talking(model: Model, officer: OnShift) -> None:
    model.session = officer.shift.start(GUIDE)
    found_child(model.session, {"pi.face_to_face": "yes", "pi.engaged": "yes", "pi.seen_alone": "yes"})
    model.page = 0
    model.problems = model.session.problems()


def _reviewing(model: Model, officer: OnShift) -> None:
    _talking(model, officer)
    model.open_session().put("pi.demeanour", "No concerns.")
    model.stage = Stage.CAPTURE


def _person(model: Model, officer: OnShift) -> None:
    _talking(model, officer)
    model.mentions = (Mention("ret.left_with", model.open_session().mention("ret.left_with")),)


def _came_back(model: Model, officer: OnShift) -> None:
    returned, interview = newest_records(officer, an_honest_check(officer).encounter.id)
    asks = [
        Ask(returned.header.record, "ret.found_how", "Did anybody see her come in?"),
        Ask(interview.header.record, "pi.carer_view", "Who else was in the room?"),
    ]
    Force(officer).sends_back((returned, interview), asks)
    home = officer.shift.home()
    model.home = replace(home, parcels=home.parcels[:1])


def _newly_asked(model: Model, officer: OnShift) -> None:
    """A task has come while the officer looked at what was sent: it waits behind its line."""
    _home(model, officer)
    shown = model.home
    returned, _ = newest_records(officer, an_honest_check(officer).encounter.id)
    Force(officer).asks_for(returned, task=next(TASKS))
    model.home = replace(officer.shift.home(), parcels=shown.parcels, drafts=(), returned=())
    model.held = held_back(shown, model.home, desk=False)


def _answering(model: Model, officer: OnShift) -> None:
    _came_back(model, officer)
    model.session = answer(officer.shift, model.home.returned[0])
    names = [page.id for page in model.session.guide.pages]
    model.page = names.index(model.session.encounter.place)
    model.problems = model.session.problems()


def _writing_a_ppn(model: Model, officer: OnShift) -> None:
    model.session = officer.shift.start("ppn")
    model.session.put("person.known_as", "Amy")
    model.session.put("ppn.aware_appearance", "School shirt, no coat, 3 °C. Left sleeve wet; shivered.")
    model.session.put("ppn.activity_not_observed", "asleep")
    names = [page.id for page in model.session.guide.pages]
    model.page = names.index("environment")
    model.problems = model.session.problems()


def _withdrawing(model: Model, officer: OnShift) -> None:
    _came_back(model, officer)
    model.sent = model.home.parcels[0].encounter


def _late_with_a_task(model: Model, officer: OnShift) -> None:
    returned, _ = newest_records(officer, an_honest_check(officer).encounter.id)
    Force(officer).asks_for(returned, task=next(TASKS), minutes=-5)
    home = officer.shift.home()
    model.home = replace(home, parcels=home.parcels[:1])
    model.duty = InHand(model.home.duties[0].task)


def _waiting(model: Model, officer: OnShift) -> None:
    tablet = Tablet(officer)
    tablet.forget()
    tablet.waits(*another_check(), risk=4, due_in=30)
    model.home = officer.shift.home()


def _reading(model: Model, officer: OnShift) -> None:
    _waiting(model, officer)
    case = model.home.cases[0]
    model.desk = Desk(shown=case, papers=lay_out(case, officer.shift.force, model.now))


def _deciding(model: Model, officer: OnShift, outcome: str = "approve") -> None:
    _reading(model, officer)
    desk, case = open_desk(model)
    desk.session = officer.shift.deciding.write(case)
    desk.session.put("sup.decision", outcome)
    desk.looked_again()


def _sending_back(model: Model, officer: OnShift) -> None:
    _deciding(model, officer, "return")


def _asking(model: Model, officer: OnShift) -> None:
    _sending_back(model, officer)
    desk, case = open_desk(model)
    desk.asking = Spot(case.papers[0].record.header.record, "ret.found_how")


def _at_page(guide: str, page: str) -> State:
    """A page of a guide, with a few answers that open others."""

    def stand(model: Model, officer: OnShift) -> None:
        begin = _talking if guide == GUIDE else _writing_a_ppn
        begin(model, officer)
        session = model.open_session()
        session.put("ret.covert" if guide == GUIDE else "ppn.covert", "yes")
        model.page = [one.id for one in session.guide.pages].index(page)
        model.problems = session.problems()

    return stand


def _stopped(model: Model, officer: OnShift) -> None:
    _at_page(GUIDE, "talk")(model, officer)
    model.open_session().stop_for_disclosure()
    model.problems = model.open_session().problems()


def _everything_about(model: Model, officer: OnShift) -> None:
    _person(model, officer)
    model.mentions = (replace(model.mentions[0], more=True),)


def _whole_check_sent(model: Model, officer: OnShift) -> None:
    sent = an_honest_check(officer)
    home = officer.shift.home()
    newest = [one for one in home.parcels if one.encounter == str(sent.encounter.id)]
    model.home = replace(home, parcels=tuple(newest[:1]))
    model.sent = newest[0].encounter
    model.reading = officer.shift.newest_sent(model.sent)


def _adding(model: Model, officer: OnShift) -> None:
    _whole_check_sent(model, officer)
    model.session = add(officer.shift, model.home.parcels[0])
    model.page = len(model.session.guide.pages) - 1
    model.stage = model.session.encounter.stage
    model.problems = model.session.problems()


def _form_changed(model: Model, officer: OnShift) -> None:
    draft = begun_in_the_first_editions(officer)
    left_by_an_older_app(officer, draft)
    model.session = officer.shift.resume(str(draft.id))
    model.problems = model.open_session().problems()


def _pin_again(model: Model, officer: OnShift) -> None:
    _deciding(model, officer)
    open_desk(model)[0].pin_wanted = True


def _reading_out(model: Model, officer: OnShift) -> None:
    model.session = officer.shift.start("missing")
    model.session.put("person.known_as", "Amy")
    model.session.put("mis.dangers", "Cannot swim; the becks are high.")
    open_from_report(model)


def _reporting(model: Model, officer: OnShift) -> None:
    _reading_out(model, officer)
    model.lookout, model.page = None, 0
    model.problems = model.open_session().problems()


def _report_sent(model: Model, officer: OnShift) -> None:
    _reporting(model, officer)
    session, model.session = model.open_session(), None
    officer.shift.send(session, stage=Stage.CAPTURE, emergency="It cannot wait.")
    home = officer.shift.home()
    newest = [one for one in home.parcels if one.encounter == str(session.encounter.id)]
    model.home = replace(home, parcels=tuple(newest[:1]))
    model.sent = newest[0].encounter


def _no_lookout(model: Model, officer: OnShift) -> None:
    _reading_out(model, officer)
    model.open_session().put("mis.returned_before_report", "yes")


def _knowing(model: Model, officer: OnShift) -> None:
    """The force has told of children for this shift; one of them is read."""
    known, until = officer.shift._known, model.now + timedelta(hours=10)
    officer.on_keeper(lambda: known.take(arrived(amy(), a_child("Noor", "Haddad")), until))
    model.home = officer.shift.home()
    model.known = replace(model.known, child=model.home.known.missing[0].id)


STATES: Mapping[At, State] = {
    At.STARTING: _before_the_vault,
    At.REFUSED: _before_the_vault,
    At.ENROL: _before_the_vault,
    At.SIGN_IN: _before_the_vault,
    At.CHOOSE_PIN: _choosing,
    At.LOCK: locked,
    At.CLOSED: closed(Closed.WIPING),
    At.FORGOTTEN: forgotten(),
    At.NEW_PIN: forgotten("ready"),
    At.HOME: _home,
    At.MENU: _home,
    **dict.fromkeys((At.SEARCH, At.HAND_ON, At.GIVEN, At.THIS_PHONE), _home),
    At.START: _home,
    At.PAGE: _talking,
    At.PAGES: _talking,
    At.CHANGED: _form_changed,
    At.ENTITY: _person,
    At.REVIEW: _reviewing,
    At.EMERGENCY: _reviewing,
    At.SENT: _sent,
    At.WRITTEN: _whole_check_sent,
    At.QUEUE: _waiting,
    At.CASE: _reading,
    At.DECIDING: _deciding,
    At.WITHDRAW: _withdrawing,
    At.AWARE: _writing_a_ppn,
    At.DUTY: _late_with_a_task,
    At.LOOKOUT: _reading_out,
    At.KNOWN: _knowing,
    At.KNOWN_CHILD: _knowing,
}
"""How each screen looks on an ordinary night."""

SIGNING: State = _signing
"""The sign-in screen while the officer is in the browser."""

ASKING: State = _asking
"""A record that waits for a decision, while a question about an answer is being written."""
SENDING_BACK: State = _sending_back
"""A decision that sends it back."""

PIN_AGAIN: State = _pin_again
"""A decision that waits for the PIN."""
CAME_BACK: State = _came_back
"""The worklist, or what was sent, once a sergeant has sent something back."""
WRITING_A_PPN: State = _writing_a_ppn
"""A page with a letter."""
ANSWERING: State = _answering
"""A page, all pages or the review, while a sergeant's questions are being answered."""


MORE_STATES: Mapping[str, tuple[At, State]] = {
    "sign_in-waiting": (At.SIGN_IN, _signing),
    **LOCKED_STATES,
    "home-came-back": (At.HOME, _came_back),
    "home-newly-asked": (At.HOME, _newly_asked),
    "home-sent": (At.HOME, _whole_check_sent),
    "sent-whole": (At.SENT, _whole_check_sent),
    "page-answering": (At.PAGE, _answering),
    "pages-answering": (At.PAGES, _answering),
    "review-answering": (At.REVIEW, _answering),
    "page-stopped": (At.PAGE, _stopped),
    "page-adding": (At.PAGE, _adding),
    "page-form-changed": (At.PAGE, _form_changed),
    "review-adding": (At.REVIEW, _adding),
    "entity-everything": (At.ENTITY, _everything_about),
    "case-asking": (At.CASE, _asking),
    "deciding-sending-back": (At.DECIDING, _sending_back),
    "deciding-pin-again": (At.DECIDING, _pin_again),
    "lookout-over": (At.LOOKOUT, _no_lookout),
    "page-missing-first": (At.PAGE, _reporting),
    "sent-missing": (At.SENT, _report_sent),
    **{
        f"page-{guide}-{page.id}": (At.PAGE, _at_page(guide, page.id))
        for guide in ("return_check", "ppn")
        for page in definitions.guide(guide).pages
    },
}
"""Every other state that an officer meets, each page of each guide that is written in among them."""


@contextlib.asynccontextmanager
async def standing_at(
    at: At,
    officer: OnShift,
    *,
    state: State | None = None,
    made: Callable[..., Model] = Model,
    **page: Any,
) -> AsyncIterator[tuple[Screens, Model]]:
    """The real app, headless, at a screen."""
    models: list[Model] = []

    def main(window: ft.Page) -> None:
        model = made(officer.handset, UiBridge(window))
        models.append(model)
        window.render(Shell, model)

    async with running(main, **page) as app:
        model = models[0]
        (state or STATES[at])(model, officer)
        model.at = at
        model.redraw()
        await app.settle()
        yield app, model
