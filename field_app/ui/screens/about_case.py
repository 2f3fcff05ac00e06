"""What is so about a case, above its records: something newer, a covert record, where the decision is."""

from __future__ import annotations

import flet as ft

from field_app.capture.cases import Case, Standing
from field_app.capture.reaching import is_covert
from field_app.capture.returned import called
from field_app.ui import duties, leaving, supervising, untrained_words
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import supervising_words as words
from field_app.ui import theme as t
from field_app.ui.model import Model
from field_app.ui.screens.differences import compare_action
from field_app.ui.screens.lookout import way_from_case
from field_app.ui.screens.queue import void_words
from field_app.ui.supervising import Desk
from field_app.ui.words import clock


def nobody_trained(case: Case) -> list[ft.Control]:
    """R-58: it waits for an answer, and nobody in the unit may be offered it."""
    if not case.nobody_trained:
        return []
    return [
        k.notice(
            ft.Icons.INFO_OUTLINE_ROUNDED,
            untrained_words.NOBODY_TRAINED,
            under=untrained_words.NOBODY_TRAINED_HELP,
            identifier="nobody_trained",
        )
    ]


def told(model: Model, desk: Desk, shown: Case) -> list[ft.Control]:
    """How it stands, whether there is something newer, and why a decision does not count."""
    found: list[ft.Control] = []
    newest = supervising.newest_of(model, shown)
    if supervising.is_newer(model, shown):
        found.append(newer(model, newest, shown.revision))
    found += [*still_out(newest), *covert(shown)]
    state = state_notice(model, newest)
    if state:
        found.append(state)
    found += [*left(model, newest), *team_acted(model, newest)]
    if newest.late_since:
        late = words.no_answer(newest.late_since, model.now)
        found.append(
            k.notice(ft.Icons.ALARM_ROUNDED, late, colour=t.LATE, fill=t.LATE_SOFT, identifier="late")
        )
    found += nobody_trained(newest)
    if newest.undone and newest.why_void:
        what = words.DECIDED_AS[newest.undone.outcome]
        found.append(
            k.notice(
                ft.Icons.UNDO_ROUNDED,
                void_words(newest),
                under=words.undone_help(what, newest.undone.at),
                identifier="undone",
            )
        )
    deciding_ = model.shift.deciding
    if deciding_.is_own(shown):
        found.append(k.notice(ft.Icons.INFO_OUTLINE_ROUNDED, words.OWN_RECORD, identifier="own_record"))
    elif newest.awaiting and not deciding_.may_decide(shown):
        found.append(
            k.notice(
                ft.Icons.INFO_OUTLINE_ROUNDED,
                words.SERGEANT_DECIDES,
                under=words.SERGEANT_DECIDES_HELP,
                identifier="not_passed_up",
            )
        )
    return [*found, *way_from_case(model, shown), *compare_action(model, desk, shown)]


def covert(shown: Case) -> list[ft.Control]:
    """Before anybody rings anybody: that somebody near the child must not know."""
    if not is_covert(shown):
        return []
    return [
        k.notice(
            ft.Icons.VISIBILITY_OFF_OUTLINED,
            words.COVERT,
            under=words.COVERT_HELP,
            colour=t.LATE,
            fill=t.LATE_SOFT,
            identifier="covert",
        )
    ]


def left(model: Model, shown: Case) -> list[ft.Control]:
    """What leaves because of the decision, and to whom: nobody need ask whether the council has it."""
    keys = [(str(one.record.header.record), one.record.header.revision) for one in shown.papers]
    found = [target for key in keys if (one := model.home.decided.get(key)) for target in one.leaves]
    what = leaving.left(model, found)
    return [k.notice(ft.Icons.OUTBOX_OUTLINED, what, identifier="leaves")] if what else []


def team_acted(model: Model, shown: Case) -> list[ft.Control]:
    """What the vulnerability team did about a danger: whoever decides need not ring them to know."""
    headers = [one.record.header for one in shown.papers]
    heard = [duties.acted_on_danger(model, str(one.record), one.revision) for one in headers]
    return [
        k.notice(
            ft.Icons.CHECK_ROUNDED,
            said.joined(title, clock(at)),
            under=done or None,
            colour=t.RECEIVED,
            fill=t.RECEIVED_SOFT,
            identifier="team_acted",
        )
        for title, done, at in filter(None, heard)
    ]


def newer(model: Model, newest: Case, read: int) -> ft.Control:
    """There is a newer version than the one being read, which stays until the supervisor turns from it."""
    header_ = max((one.record.header for one in newest.papers), key=lambda one: one.submitted.instant)
    return k.notice(
        ft.Icons.UPDATE_ROUNDED,
        words.newer(supervising.author_of(newest), header_.submitted.instant),
        under=words.newer_help(read),
        colour=t.ACTION,
        fill=t.ACTION_SOFT,
        identifier="newer",
    )


def still_out(newest: Case) -> list[ft.Control]:
    """Before anybody decides on half an answer: that the rest of it has not come yet."""
    if not newest.still_out:
        return []
    titles = [supervising.title_of(one.record) for one in newest.still_out]
    return [
        k.notice(
            ft.Icons.HOURGLASS_TOP_ROUNDED,
            words.STILL_OUT,
            under=words.still_out_help(titles),
            colour=t.SOON,
            fill=t.SOON_SOFT,
            identifier="still_out",
        )
    ]


def state_notice(model: Model, shown: Case) -> ft.Control | None:
    """Where the decision is."""
    match shown.standing:
        case Standing.UNDECIDED:
            return None
        case Standing.ON_ITS_WAY:
            received = shown.under_way is not None and shown.under_way.received
            title = words.RECEIVED if received else words.ON_ITS_WAY
            under = words.RECEIVED_HELP if received else words.ON_ITS_WAY_HELP
            colour, fill = (t.ACTION, t.ACTION_SOFT) if received else (t.SOON, t.SOON_SOFT)
            sign = ft.Icons.SCHEDULE_SEND_ROUNDED
        case standing:
            title = words.STANDING[standing]
            decision = shown.decision
            who = called(decision.by) if decision else ""
            under = said.joined(who, words.decided_at(decision.at), decision.why) if decision else ""
            colour, fill, sign = t.RECEIVED, t.RECEIVED_SOFT, ft.Icons.CHECK_ROUNDED
    return ft.Semantics(
        identifier="decided.state",
        label=said.joined(title, under),
        live_region=True,
        container=True,
        exclude_semantics=True,
        content=k.notice(sign, title, under=under or None, colour=colour, fill=fill),
        key="decided.state",
    )
