"""The children known here on the screen's side: what is open, and what is taken over from there.

Nothing is taken over by itself. An officer says which child it is; then what the force has stands in the
record as what it is, with its day, and whatever is changed keeps both (README decision 9, R-55).
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from field_app.capture.known_children import KnownChild, Pack
from field_app.capture.taking_over import give_back, take_over
from field_app.ui import known_words as words
from field_app.ui.model import Model
from field_app.ui.places import At, Looking


def pack_of(model: Model) -> Pack:
    """The pack as it was read last, and nothing once its shift is over."""
    pack = model.home.known
    return pack if pack.until is not None and model.now < pack.until else Pack()


def child_of(model: Model) -> KnownChild | None:
    """The child whose card is open."""
    return pack_of(model).child(model.known.child)


def open_list(model: Model, *, choosing: bool = False) -> None:
    """Show everybody known here; to choose one, where a record is in hand."""
    model.known = Looking(choosing=choosing, back=model.at)
    model.go(At.KNOWN)


def open_child(model: Model, child: UUID) -> None:
    """Show a child's card."""
    model.known = replace(model.known, child=child)
    _show_card(model, child)


def open_offered(model: Model, child: UUID) -> None:
    """Show the card of the child whom what was typed fits, to say whether it is this one."""
    model.known = Looking(child, choosing=True, back=model.at)
    _show_card(model, child)


def _show_card(model: Model, child: UUID) -> None:
    model.shift.logbook.read(str(child))
    model.go(At.KNOWN_CHILD)


def typed(model: Model, name: str) -> None:
    """Remember what is looked for, so that it stands there again after a card."""
    model.known = replace(model.known, typed=name)


def close_child(model: Model) -> None:
    """Back to the list; or to the record, where the card was opened from there."""
    looking = model.known
    if looking.back is At.PAGE and not looking.typed and looking.choosing:
        close_list(model)
        return
    model.known = replace(looking, child=None)
    model.go(At.KNOWN)


def close_list(model: Model) -> None:
    """Back to where the list was opened."""
    back = model.known.back
    model.known = Looking()
    model.go(back)


def this_is_the_child(model: Model) -> None:
    """The officer says that the record in hand is about this child."""
    child = child_of(model)
    session = model.open_session()
    if child is not None:
        take_over(session, child)
    back = model.known.back
    model.known = Looking()
    model.look_again()
    model.go(back, notice=words.TAKEN if child is not None else "")


def another_child(model: Model) -> None:
    """It was somebody else after all."""
    give_back(model.open_session())
    model.look_again()
    model.go(model.at, notice=words.GIVEN_BACK)


async def begin(model: Model, guide_id: str) -> None:
    """Begin a record about the child whose card is open."""
    child = child_of(model)
    await model.start(guide_id)
    if child is not None:
        take_over(model.open_session(), child)
        model.known = Looking()
        model.look_again()
        model.go(At.PAGE, notice=words.TAKEN)
