"""What an officer meets seldom and must find whole all the same: a second officer, a newer revision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from booklets import definitions
from booklets.alike import Alike
from booklets.answers import Row, frozen, instant
from booklets.clocks import RETURN_CLOCK, Running
from booklets.decisions import Ask, Outcome, ask_row
from booklets.duties import COUNCIL_HAS_NOTICE, DECIDE
from booklets.entities import new_id
from booklets.forms import Stage
from booklets.positions import OF_A_PLACE
from booklets.signatures import stands_instead
from field_app.capture.worklist import Parcel
from field_app.ui.duties import InHand
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.supervising import Desk, lay_out, open_desk
from field_app.vault.header import Listed
from tests.support.builders import NIGHT
from tests.support.handsets import GUIDE, OnShift, found_child
from tests.support.positions import HARBOUR
from tests.support.queues import Tablet, a_check, a_review, an_outcome, another_check, decided_by_a_sergeant
from tests.support.sent_back import Force, honest_check, newest_records
from tests.support.signatures import DRAWN_BY_KAREN, KAREN
from tests.support.standing import PIN_AGAIN, SENDING_BACK, STATES, TASKS, WRITING_A_PPN, State


def _with_passphrase(at: At, state: State | None = None) -> State:
    def stand(model: Model, officer: OnShift) -> None:
        (state or STATES[at])(model, officer)
        model.standing = replace(officer.handset.open(), passphrase=True)

    return stand


def _two_officers(model: Model, officer: OnShift) -> None:
    STATES[At.LOCK](model, officer)
    assert model.standing is not None
    model.standing = replace(
        model.standing, officers=(*model.standing.officers, Listed("0" * 32, "PC Other"))
    )


def _choosing_an_officer(model: Model, officer: OnShift) -> None:
    _two_officers(model, officer)
    model.vault = ""


def _still_talking(model: Model, officer: OnShift) -> None:
    model.session = officer.shift.start(GUIDE)
    found_child(model.session)
    officer.shift.send(model.session, stage=Stage.FOUND)
    _newest_only(model, officer, str(model.session.encounter.id))


def _ppn_follows(model: Model, officer: OnShift) -> None:
    session = honest_check(officer)
    session.put("pi.ppn_needed", "yes")
    session.put("pi.ppn_needed_because", "She is afraid of the man next door.")
    officer.shift.send(session, stage=Stage.CAPTURE)
    _newest_only(model, officer, str(session.encounter.id))


def _ppn_is_next(model: Model, officer: OnShift) -> None:
    _ppn_follows(model, officer)
    parcels = tuple(received(one, model.now) for one in model.home.parcels)
    model.home = replace(model.home, parcels=parcels)


def received(parcel: Parcel, at: datetime) -> Parcel:
    """The same, once the force has it."""
    receipt = json.dumps({"receipt": {"received_at": instant(at)}})
    return replace(parcel, items=tuple(replace(item, receipt=receipt) for item in parcel.items))


def _newest_only(model: Model, officer: OnShift, encounter: str) -> None:
    home = officer.shift.home()
    newest = [one for one in home.parcels if one.encounter == encounter]
    model.home = replace(home, parcels=tuple(newest[:1]))
    model.sent = encounter


def _a_newer_one_has_come(model: Model, officer: OnShift) -> None:
    tablet = Tablet(officer)
    tablet.forget()
    tablet.waits(*a_check())
    read = officer.shift.home().cases[0]
    model.desk = Desk(shown=read, papers=lay_out(read, officer.shift.force, model.now))
    tablet.waits(*a_check(2))
    model.home = officer.shift.home()


def _reading_the_newer(model: Model, officer: OnShift) -> None:
    _a_newer_one_has_come(model, officer)
    case = model.home.cases[0]
    model.desk = Desk(shown=case, papers=lay_out(case, officer.shift.force, model.now))


def _asked_already(model: Model, officer: OnShift) -> None:
    SENDING_BACK(model, officer)
    desk, case = open_desk(model)
    assert desk.session is not None
    about = case.papers[0].record.header.record
    desk.session.put("sup.asks", (ask_row(Ask(about, "ret.found_how", "Did anybody see her come in?")),))
    desk.looked_again()


def _with_somebody_else(model: Model, officer: OnShift) -> None:
    tablet, records = Tablet(officer), a_check()
    tablet.forget()
    tablet.waits(*records)
    made = decided_by_a_sergeant(records, Outcome.ESCALATE)
    tablet.hears(*(an_outcome(one, made, at=tablet.now) for one in records))
    model.home = officer.shift.home()
    shown = model.home.cases[0]
    model.desk = Desk(shown=shown, papers=lay_out(shown, officer.shift.force, model.now))


def _has_to_decide(model: Model, officer: OnShift) -> None:
    STATES[At.QUEUE](model, officer)
    record = model.home.cases[0].papers[0].record
    Force(officer).asks_for(record, DECIDE, task=next(TASKS), rule="referral/1", owner="supervisor")
    model.home = officer.shift.home()
    model.duty = InHand(model.home.duties[0].task)


def _late_though_taken_on(model: Model, officer: OnShift) -> None:
    STATES[At.DUTY](model, officer)
    taken = replace(model.home.duties[0], accepted_at=model.now)
    model.home = replace(model.home, duties=(taken,))


def _copy_is_gone(model: Model, officer: OnShift) -> None:
    STATES[At.SENT](model, officer)
    sent = received(model.home.parcels[0], model.now)
    model.home = replace(model.home, parcels=(replace(sent, name="", about=""),))


def found_dead(model: Model, officer: OnShift) -> None:
    """The page on which an officer says that the child was found dead."""
    model.session = session = officer.shift.start(GUIDE)
    found_child(session)
    for name in ("ret.left_with", "ret.la_informed"):
        session.put(name, None)
    session.put("person.given_names", "Amy Louise")
    session.put("ret.found_how", "dead")
    session.put("ret.condition", ("deceased",))
    model.page = [one.id for one in session.guide.pages].index("back")
    model.problems = session.problems()


def _like_another(model: Model, officer: OnShift) -> None:
    """Q-02: an answer of the case that is open stands in another record of the unit too."""
    tablet = Tablet(officer)
    tablet.forget()
    (ret, pvi), others = a_check(), another_check(incident=new_id())
    pvi = replace(pvi, answers=frozen({**pvi.answers, "pi.demeanour": "He sat on the stairs in his coat."}))
    like = Alike(question="pi.demeanour", percent=92, record=others[1].header.record, received_at=NIGHT)
    tablet.hears(a_review(ret), a_review(pvi, alike=[like.to_json()]), *map(a_review, others))
    model.home = officer.shift.home()
    case = next(one for one in model.home.cases if one.encounter == str(pvi.header.encounter))
    model.desk = Desk(shown=case, papers=lay_out(case, officer.shift.force, model.now))


def _stood_there(model: Model, officer: OnShift) -> None:
    """Where the child was found is where the officer stands."""
    model.session = session = officer.shift.start("return_check")
    model.page = [one.id for one in session.guide.pages].index("back")
    session.mention("ret.found_place", session.know_place({OF_A_PLACE: (HARBOUR,)}))
    model.problems = session.problems()


def _opened_where_one_stood(model: Model, officer: OnShift) -> None:
    _stood_there(model, officer)
    model.open_entity("ret.found_place", str(model.open_session().value("ret.found_place")))


def _call_is_late(model: Model, officer: OnShift) -> None:
    """The worklist with a check whose call to the council is late."""
    STATES[At.HOME](model, officer)
    to_council = next(one for one in definitions.clocks() if one.id == RETURN_CLOCK)
    due = Running(to_council, model.now, model.now - timedelta(minutes=5), done=False)
    model.home = replace(model.home, drafts=tuple(replace(one, due=due) for one in model.home.drafts))


def call_is_asked(model: Model, officer: OnShift) -> None:
    """The worklist after a whole check: the council has its notice, and the call to it is late (R-08a)."""
    STATES[At.WRITTEN](model, officer)
    model.reading = None
    [parcel] = model.home.parcels
    told, force = (
        {item.record: {"council_told_at": instant(model.now)} for item in parcel.items},
        Force(officer),
    )
    first = newest_records(officer, UUID(parcel.encounter))[0]
    force.asks_for(first, RETURN_CLOCK, task=next(TASKS), minutes=-5, by_system=COUNCIL_HAS_NOTICE)
    duties = officer.shift.home().duties[-1:]
    there = (received(parcel, model.now),)
    model.home = replace(model.home, drafts=(), returned=(), parcels=there, duties=duties, told=told)


def _rings_because_of_a_task(model: Model, officer: OnShift) -> None:
    call_is_asked(model, officer)
    model.duty = InHand(model.home.duties[0].task)


def stopped_in_danger(model: Model, officer: OnShift) -> None:
    """The review of a check in which a child has begun to tell, and is in danger."""
    STATES[At.PAGE](model, officer)
    model.open_session().stop_for_disclosure()
    model.open_session().put("pi.stop_danger", "yes")
    model.stage = Stage.CAPTURE


def only_found(model: Model, officer: OnShift) -> None:
    """Before "found" goes on its own: how the child is has not been said yet."""
    model.session = officer.shift.start(GUIDE)
    found_child(model.session)
    model.session.put("ret.condition", None)
    model.stage = Stage.FOUND


def _signed(*answer: Row) -> State:
    """The end of police protection, with a signature or what stands instead of one."""

    def stand(model: Model, officer: OnShift) -> None:
        model.session = session = officer.shift.start("protection_end")
        model.page = [one.id for one in session.guide.pages].index("now")
        session.put("ppe.now_signed", answer or None)
        model.problems = session.problems()

    return stand


SELDOM: Mapping[str, tuple[At, State]] = {
    "choose_pin-passphrase": (At.CHOOSE_PIN, _with_passphrase(At.CHOOSE_PIN)),
    "lock-passphrase": (At.LOCK, _with_passphrase(At.LOCK)),
    "lock-two-officers": (At.LOCK, _two_officers),
    "lock-choosing": (At.LOCK, _choosing_an_officer),
    "sent-still-talking": (At.SENT, _still_talking),
    "sent-ppn-follows": (At.SENT, _ppn_follows),
    "sent-ppn-is-next": (At.SENT, _ppn_is_next),
    "sent-long-ago": (At.SENT, _copy_is_gone),
    "page-dead": (At.PAGE, found_dead),
    "page-stood-there": (At.PAGE, _stood_there),
    "entity-stood-there": (At.ENTITY, _opened_where_one_stood),
    "page-to-be-signed": (At.PAGE, _signed()),
    "page-signed": (At.PAGE, _signed(DRAWN_BY_KAREN)),
    "page-not-signed": (At.PAGE, _signed(stands_instead("cannot", KAREN, NIGHT))),
    "home-call-is-late": (At.HOME, _call_is_late),
    "home-call-is-asked": (At.HOME, call_is_asked),
    "sent-call-is-asked": (At.SENT, call_is_asked),
    "duty-call": (At.DUTY, _rings_because_of_a_task),
    "review-stopped": (At.REVIEW, stopped_in_danger),
    "review-found": (At.REVIEW, only_found),
    "pages-ppn": (At.PAGES, WRITING_A_PPN),
    "case-newer": (At.CASE, _a_newer_one_has_come),
    "case-alike": (At.CASE, _like_another),
    "case-comparing": (At.CASE, _reading_the_newer),
    "case-with-somebody-else": (At.CASE, _with_somebody_else),
    "deciding-asked": (At.DECIDING, _asked_already),
    "deciding-passphrase": (At.DECIDING, _with_passphrase(At.DECIDING, PIN_AGAIN)),
    "duty-to-decide": (At.DUTY, _has_to_decide),
    "duty-taken-on": (At.DUTY, _late_though_taken_on),
}
