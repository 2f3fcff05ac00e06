"""After sending: where it is, who has been told, and what starts now."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from booklets import definitions
from booklets.forms import Stage
from field_app.capture.returned import VOID, Decided
from field_app.capture.worklist import PPN, Draft, Parcel
from field_app.handset.home import TOLD_DANGER, TOLD_RETURN
from field_app.ui import duties, frame, photo_words, returning, returning_words
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.hooks import use_kept, use_large_text
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens import adding, calls, came_later, going_on, lookout, returned, still_to_ring
from field_app.ui.screens.reading_again import again
from field_app.ui.screens.standing import notices, status
from field_app.ui.steady import steady

DECIDED_SIGNS = {
    "approved": ft.Icons.TASK_ALT_ROUNDED,
    "returned": ft.Icons.REPLY_ROUNDED,
    "escalated": ft.Icons.ARROW_UPWARD_ROUNDED,
    "recalled": ft.Icons.UNDO_ROUNDED,
    "referred": ft.Icons.ARROW_UPWARD_ROUNDED,
}


@ft.component
def sent(model: Model) -> ft.Control:
    """The newest of what was sent of this encounter, and what became of it."""
    stood = use_kept(came_later.Stood)
    parcels = model.parcels_of(model.sent)
    if not parcels:
        return frame.frame(
            top=frame.top_bar(words.SENT_TODAY, on_menu=partial(model.go, At.MENU), on_back=model.go_home),
            status=status(model),
            body=[k.paragraph(here(words.NO_LONGER_READABLE))],
            name="sent",
        )
    parcel = parcels[0]
    stood.look(parcel, came_later.on_top(model, parcel))
    leads = came_later.Part.CALL in stood.parts and still_to_ring.leads(model, parcel)
    main = leads and (still_to_ring.presses(model, parcel) or not ppns_of(model, parcel))
    title = definitions.guide(parcel.guide).title
    name = parcel.name or words.sent_record(title, parcel.created)
    return frame.frame(
        top=frame.top_bar(
            name,
            words.joined(parcel.about, words.within(title)),
            on_menu=partial(model.go, At.MENU),
            on_back=model.go_home,
            back=words.BACK_TO_WORKLIST,
        ),
        status=status(model),
        body=body_of(model, parcel, stood.parts),
        actions=actions(model, parcel, rings=main),
        above=leaving(model, parcel, leads=leads),
        foremost=call_beside(model, parcel) if leads and (goes_on(model, parcel) or not main) else None,
        news=came_later.line(model, parcel, stood),
        left_handed=model.left_handed,
        name=f"sent.{stood.opened}",
    )


def body_of(model: Model, parcel: Parcel, parts: frozenset[came_later.Part]) -> list[ft.Control]:
    """Where it is, in large letters; then who has been told; then the steps.

    On top stands of its ``parts`` what stood there when the page was opened, or was asked for since.
    """
    decided = returning.decided_on(model, parcel)
    calls_first = came_later.Part.CALL in parts
    small = decided is None and calls_first and still_to_ring.is_asked_for(model, parcel)
    head = headline(parcel, decided, model.shift.officer.station, small=small)
    shown: list[ft.Control] = [*(still_to_ring.told(model, parcel) if calls_first else ()), head]
    shown += notices(model)
    shown += adding.went_as_emergency(model, parcel)
    if decided and came_later.Part.DECIDED in parts and came_later.has_more_to_say(decided):
        shown.append(returned.decided_card(model, decided))
    if parcel.withdrawn:
        shown.append(k.paragraph(returning_words.WITHDRAWN_HERE))
    shown += attention(model, parcel) if came_later.Part.ATTENTION in parts else []
    shown += photos_of(parcel)
    shown += still_to_ring.no_notice_yet(model, parcel)
    shown.append(k.rows(steps(model, parcel, acted=came_later.Part.DANGER in parts)))
    shown = [steady(f"sent.{parcel.encounter}", shown, t.TWO, lines=1)]
    shown += [*lookout.way_from_sent(model, parcel), *again(model, parcel)]
    following = starting(model, parcel)
    if following:
        shown += [k.caption(words.WHAT_STARTS), k.rows(following)]
    if not goes_on(model, parcel):
        shown += [*adding.way_in(model, parcel), *going_on.ways(model, parcel)]
    if may_withdraw(model, parcel):
        shown.append(k.quiet_action("withdraw", returning_words.WITHDRAW, partial(model.go, At.WITHDRAW)))
    return shown


def attention(model: Model, parcel: Parcel) -> list[ft.Control]:
    """That somebody must look at it, or what became of a version beside which there is another."""
    told, under = returning.kept_apart(model, parcel)
    if not (told or parcel.needs_attention):
        return []
    why = under or next((why for item in parcel.items if (why := set_aside(model, item.record))), None)
    said = told or words.MUST_LOOK
    return [k.notice(ft.Icons.FLAG_OUTLINED, said, under=why or None, identifier="attention")]


def photos_of(parcel: Parcel) -> list[ft.Control]:
    """How far the photographs are that went with it."""
    here_, of = parcel.photos
    if not of:
        return []
    done, signed = here_ == of, parcel.signatures[1]
    counts = (of - signed, signed)
    said = photo_words.all_sent(*counts) if done else photo_words.sent(*parcel.enclosed)
    under = photo_words.one_kept_apart(*counts) if parcel.photos_apart else photo_words.GO_BY_THEMSELVES
    colour, fill = (t.RECEIVED, t.RECEIVED_SOFT) if done else (t.SOON, t.SOON_SOFT)
    return [
        k.notice(
            ft.Icons.PHOTO_OUTLINED if of > signed else ft.Icons.DRAW_OUTLINED,
            said,
            under=None if done else here(under),
            colour=colour,
            fill=fill,
            identifier="sent.photos",
        )
    ]


def set_aside(model: Model, record: str) -> str:
    """Why the force kept a record apart, where it has said so in a way that helps."""
    return here(words.SET_ASIDE.get(str(model.home.told.get(record, {}).get("reason", "")), ""))


def goes_on(model: Model, parcel: Parcel) -> bool:
    """Whether only that the child is found has gone, and the check itself is still in hand."""
    return parcel.stage == Stage.FOUND.value and model.session is not None


def may_withdraw(model: Model, parcel: Parcel) -> bool:
    """Whether it can be withdrawn here: readable still, what counts, and nothing being added to it."""
    open_here = any(draft.id == parcel.encounter for draft in model.home.drafts)
    there = not parcel.withdrawn and not parcel.needs_attention
    return bool(parcel.name or parcel.about) and there and not open_here


def headline(parcel: Parcel, decided: Decided | None, station: str, *, small: bool) -> ft.Control:
    """What became of it last: decided, withdrawn, received at this time, or safe here and waiting.

    ``small``: a call is still to be made, and nothing here may look as if all were done.
    """
    received = parcel.received_at
    said = words.received_at(received) if received else words.WAITING_FOR_SIGNAL
    has_it = words.for_manager if parcel.died else words.for_sergeant
    under = has_it(station) if received else here(words.SAFE_HERE)
    colour, fill = (t.RECEIVED, t.RECEIVED_SOFT) if received else (t.SOON, t.SOON_SOFT)
    sign = ft.Icons.CHECK_ROUNDED if received else ft.Icons.SMARTPHONE_ROUNDED
    if parcel.needs_attention:
        said, under = words.NEEDS_A_LOOK, ""
    if parcel.withdrawn:
        said = returning_words.WITHDRAWN
        under = words.received_at(received) if received else here(words.SAFE_HERE)
    elif decided and decided.state != VOID:
        said, under = returning_words.decided_at(decided.state, decided.at, ""), decided.by
        colour, fill, sign = t.ACTION, t.ACTION_SOFT, DECIDED_SIGNS.get(decided.state, sign)
    if parcel.revision > 1 and not parcel.withdrawn:
        under = words.joined(returning_words.revision(parcel.revision).capitalize(), under)
    if small:
        drawn: ft.Control = k.flag(sign, words.joined(said, under), t.INK, t.BODY)
    else:
        mark = ft.Container(k.icon(sign, colour, 34), bgcolor=fill, padding=14, border_radius=40)
        drawn = signed(mark, k.column([k.text(said, t.DISPLAY, colour), k.text(under)], t.HALF))
    return ft.Semantics(
        identifier="sent.state",
        label=words.joined(said, under),
        live_region=True,
        exclude_semantics=True,
        content=drawn,
    )


@ft.component
def signed(mark: ft.Control, said: ft.Control) -> ft.Control:
    """A round sign beside words; above them where text is large, which needs the whole line."""
    if use_large_text():
        return k.column([ft.Row([mark]), said], t.ONE)
    return ft.Row([mark, ft.Container(said, expand=True)], spacing=t.TWO)


def steps(model: Model, parcel: Parcel, *, acted: bool) -> Sequence[ft.Control]:
    """What has happened and what has not, in order. Of what was withdrawn, only that it arrived.

    ``acted``: what the vulnerability team did about a danger is among it.
    """
    received = parcel.received_at
    known = words.clock(received) if received else words.WAITING
    shown = [
        step("step.signed", words.SIGNED_BY_YOU, words.clock(parcel.created), done=True),
        step("step.received", words.RECEIVED, known, done=bool(received)),
    ]
    if parcel.withdrawn:
        return shown
    for identifier, of, said in council_hears(parcel):
        told = still_to_ring.council_told(model, parcel, of)
        state = told or (words.NOT_YET if received else words.NOT_TOLD)
        shown.append(step(identifier, said, state, done=bool(told)))
    shown.append(sergeant(returning.decided_on(model, parcel), died=parcel.died))
    if parcel.guide == PPN:
        shown.append(specialists(model, parcel))
    for item in parcel.items if acted else ():
        done = duties.acted_on_danger(model, item.record, item.rev)
        if done:
            title, what, at = done
            shown.append(
                step(f"step.danger.{item.record}", words.joined(title, what), words.clock(at), done=True)
            )
    return shown


def council_hears(parcel: Parcel) -> list[tuple[str, str, str]]:
    """What the council is told as this arrives, the danger first; after a death, nothing by itself."""
    of_danger = ("step.council_danger", TOLD_DANGER, words.COUNCIL_HAS_DANGER)
    of_return = ("step.council", TOLD_RETURN, words.COUNCIL_TOLD)
    due = ((of_danger, parcel.danger), (of_return, still_to_ring.tells_of_return(parcel)))
    return [one for one, is_due in due if is_due and not parcel.died]


def specialists(model: Model, parcel: Parcel) -> ft.Control:
    """Whether the vulnerability team has passed a PPN on; before that no partner has it."""
    states = {model.home.told.get(item.record, {}).get("state") for item in parcel.items}
    passed = "vat_passed" in states
    state = returning_words.PASSED_ON if passed else words.WAITING
    return step("step.specialists", returning_words.SPECIALISTS, state, done=passed)


def sergeant(decided: Decided | None, *, died: bool) -> ft.Control:
    """What the sergeant decided and when, or that it is still to come."""
    if decided is None:
        opens = words.MANAGER_OPENS if died else words.SERGEANT_OPENS
        return step("step.sergeant", opens, words.WAITING, done=False)
    if decided.state == VOID:
        return step(
            "step.sergeant", returning_words.not_counted(decided.why_void), words.WAITING, done=False
        )
    said = returning_words.decided_by(decided.state, decided.by)
    return step("step.sergeant", said, words.clock(decided.at) if decided.at else "", done=True)


def step(identifier: str, said: str, state: str, *, done: bool) -> ft.Control:
    """One step with its state beside it."""
    sign = ft.Icons.CHECK_CIRCLE_ROUNDED if done else ft.Icons.RADIO_BUTTON_UNCHECKED_ROUNDED
    colour = t.INK if done else t.QUIET
    line = stated(k.icon(sign, colour, 24), k.text(said), k.text(state, t.BODY, colour))
    return ft.Semantics(
        identifier=identifier,
        label=words.joined(said, state),
        exclude_semantics=True,
        container=True,
        content=ft.Container(line, padding=ft.Padding(t.TWO, 14, t.TWO, 14)),
    )


@ft.component
def stated(sign: ft.Control, said: ft.Control, state: ft.Control) -> ft.Control:
    """A line with its state beside it; below it where text is so large that words would break."""
    if use_large_text():
        return ft.Row([sign, ft.Container(k.column([said, state], 0), expand=True)], spacing=14)
    return ft.Row([sign, ft.Container(said, expand=True), state], spacing=14)


def starting(model: Model, parcel: Parcel) -> list[ft.Control]:
    """What starts now: a PPN for each child one is due for, begun with what is known already."""
    return [
        k.row(
            f"ppn.start.{draft.subject}",
            returning_words.ppn_for(draft.name or words.NO_NAME_YET),
            partial(model.resume, draft.id),
            under=returning_words.already_there(*draft.there),
            name=ft.Icons.EDIT_NOTE_ROUNDED,
            colour=t.INK,
        )
        for draft in ppns_of(model, parcel)
    ]


def ppns_of(model: Model, parcel: Parcel) -> list[Draft]:
    """The PPNs that are begun and not sent, of the incident this belongs to."""
    drafts = model.home.drafts if parcel.incident and not parcel.withdrawn else ()
    return [one for one in drafts if one.guide == PPN and one.incident == parcel.incident]


def actions(model: Model, parcel: Parcel, *, rings: bool) -> list[ft.Control]:
    """Ring first while somebody is still to be reached; otherwise back to work."""
    if goes_on(model, parcel):
        go_on = k.main_action("go_on", words.GO_ON_TALKING, partial(model.open_page, model.page))
        return [go_on]
    if rings:
        return [calls.main_call("ring", still_to_ring.whom(model, parcel))]
    for draft in ppns_of(model, parcel)[:1]:
        said = returning_words.start_ppn(draft.name or words.NO_NAME_YET)
        return [k.main_action("ppn.next", said, partial(model.resume, draft.id))]
    return [k.main_action("home", words.BACK_TO_WORKLIST, model.go_home)]


def call_beside(model: Model, parcel: Parcel) -> ft.Control | None:
    """Beside the way on with a check, or to a PPN, the call: who is told to ring has the number."""
    whom = still_to_ring.whom(model, parcel)
    if not all(whom):
        return None
    return ft.Container(calls.second_call("ring", whom), padding=ft.Padding(0, 6, 0, 6))


def leaving(model: Model, parcel: Parcel, *, leads: bool) -> ft.Control | None:
    """The quiet way back while a call to make, or a PPN to write, is the main action."""
    if goes_on(model, parcel) or not (leads or ppns_of(model, parcel)):
        return None
    return k.quiet_action("home", words.BACK_TO_WORKLIST, model.go_home)
