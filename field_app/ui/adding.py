"""Adding to what was sent, on the screen's side: what may be added to, and what is still wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from booklets import definitions
from booklets.encounters import can_follow
from booklets.errors import BookletError
from booklets.forms import Stage
from booklets.review import Problem
from field_app.capture.worklist import Parcel
from field_app.handset import returning as acts
from field_app.store.errors import StoreError
from field_app.ui import returning
from field_app.ui import screen_words as words

if TYPE_CHECKING:
    from field_app.ui.model import Model


def is_adding(model: Model) -> bool:
    """Whether the encounter in hand was sent before, and nobody asks for it back."""
    session = model.session
    return session is not None and session.encounter.stage is not Stage.CAPTURE and not _came_back(model)


def _came_back(model: Model) -> bool:
    return returning.in_hand(model) is not None


def waits(model: Model, encounter: str) -> bool:
    """Whether what was handed over last of an encounter has not reached the force yet."""
    newest = next(iter(model.parcels_of(encounter)), None)
    return newest is not None and newest.received_at is None


def is_begun(model: Model, parcel: Parcel) -> bool:
    """Whether something is being written into it already."""
    return any(draft.id == parcel.encounter for draft in model.home.drafts)


def may_add(model: Model, parcel: Parcel) -> bool:
    """Whether it can be added to here: it was sent last, and there is something to build on."""
    newest = next(iter(model.parcels_of(parcel.encounter)), None)
    here = parcel.is_readable or is_begun(model, parcel)
    asked = any(one.encounter == parcel.encounter for one in model.home.returned)
    return parcel is newest and not parcel.withdrawn and (here or asked)


def left_open(model: Model, parcel: Parcel) -> tuple[tuple[str, str], ...]:
    """What is still to be answered of what went as an emergency; of what has gone on since, nothing."""
    newest = next(iter(model.parcels_of(parcel.encounter)), None)
    return parcel.left_open if parcel is newest else ()


def questions_left(model: Model, parcel: Parcel) -> list[str]:
    """The same as questions, while the copy on this phone may be read: what was asked says something too."""
    if not parcel.is_readable:
        return []
    child = parcel.name or words.THE_CHILD
    found = ((definitions.once_asked(name), about) for name, about in left_open(model, parcel))
    return [one.label.replace("{name}", words.THIS_ONE if about else child) for one, about in found if one]


def split(model: Model, problems: Sequence[Problem]) -> tuple[list[Problem], list[Problem]]:
    """What is to be dealt with before sending, and what is wanted and can follow."""
    guide = model.open_session().guide
    later = [one for one in problems if can_follow(one, guide)]
    return [one for one in problems if one not in later], later


async def add(model: Model, parcel: Parcel) -> None:
    """Open what was sent, or what was begun of adding to it; a refusal is said where the officer is."""
    try:
        session = await asyncio.to_thread(acts.add, model.shift, parcel)
    except (StoreError, BookletError) as refused:
        model.go(model.at, notice=str(refused))
        return
    model.take_in_hand(session)
