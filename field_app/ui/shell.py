"""The one component at the root: it draws the screen the model is at."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flet as ft

from field_app.ui import comfort, guard
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui.calling import here
from field_app.ui.hooks import use_draft, use_letters
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens import (
    aware,
    case,
    changed,
    closed,
    deciding,
    duty,
    entity,
    entrance,
    forgotten,
    giving,
    known,
    known_child,
    lookout,
    page,
    queue,
    returned,
    review,
    search,
    sent,
    starting,
    this_phone,
    worklist,
    written,
)

SCREENS: Mapping[At, Callable[[Model], ft.Control]] = {
    At.STARTING: entrance.starting,
    At.REFUSED: entrance.refused,
    At.ENROL: entrance.enrol,
    At.SIGN_IN: entrance.sign_in,
    At.CHOOSE_PIN: entrance.choose_pin,
    At.LOCK: entrance.unlock,
    At.CLOSED: closed.closed,
    At.FORGOTTEN: forgotten.forgotten,
    At.NEW_PIN: forgotten.new_pin,
    At.HOME: worklist.worklist,
    At.MENU: worklist.menu,
    At.SEARCH: search.search,
    At.HAND_ON: giving.hand_on,
    At.GIVEN: giving.given,
    At.THIS_PHONE: this_phone.this_phone,
    At.START: starting.start_list,
    At.PAGE: page.page,
    At.PAGES: page.pages,
    At.CHANGED: changed.changed,
    At.ENTITY: entity.entity,
    At.REVIEW: review.review,
    At.EMERGENCY: review.emergency,
    At.SENT: sent.sent,
    At.WRITTEN: written.written,
    At.QUEUE: queue.queue,
    At.CASE: case.case,
    At.DECIDING: deciding.deciding,
    At.WITHDRAW: returned.withdraw,
    At.DUTY: duty.duty,
    At.AWARE: aware.overview,
    At.LOOKOUT: lookout.lookout,
    At.KNOWN: known.known_children,
    At.KNOWN_CHILD: known_child.known_child,
}


@ft.component
def Shell(model: Model) -> ft.Control:
    """The app. Whatever changes in the model, the screen is drawn anew from it."""
    _, draw_again = use_draft(0)
    model.redraw = lambda: draw_again(lambda drawn: drawn + 1)
    comfort.wear(model.comfort)
    use_letters()
    return guard.drawn(lambda: SCREENS[model.at](model), cannot_show)


def cannot_show() -> ft.Control:
    """Instead of a screen that could not be drawn."""
    return k.paragraph(here(words.CANNOT_SHOW))
