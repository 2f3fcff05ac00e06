"""Going on from what was sent: what comes next about the same child, on the screen's side."""

from __future__ import annotations

import asyncio
from functools import partial

import flet as ft

from booklets.errors import BookletError
from booklets.guides import Guide
from field_app.capture.worklist import Parcel
from field_app.handset import returning as acts
from field_app.handset.home import guides
from field_app.store.errors import StoreError
from field_app.ui import adding_words as words
from field_app.ui import kit as k
from field_app.ui.model import Model


def ways(model: Model, parcel: Parcel) -> list[ft.Control]:
    """On the screen of what was sent: each guide that goes on from it. After a death nothing does (R-50).

    One that was sent already is not begun again, unless it is one of many, such as a search.
    """
    if parcel.withdrawn or parcel.died or not parcel.is_readable:
        return []
    sent = {one.guide for one in model.home.parcels if one.incident == parcel.incident}
    found = [
        k.row(f"next.{one.id}", one.start_words, partial(_begin, model, parcel, one.id))
        for one in _next_after(parcel.guide)
        if one.is_for(model.shift.officer.roles)
        if one.repeats or one.id not in sent
    ]
    return [k.caption(words.next_for(parcel.name)), k.rows(found)] if found else []


def _next_after(guide_id: str) -> list[Guide]:
    following = (one for one in guides().values() if guide_id in one.follows)
    return sorted(following, key=lambda one: (one.rank, one.id))


async def _begin(model: Model, parcel: Parcel, guide_id: str) -> None:
    """Open it; a refusal is said where the officer is."""
    try:
        session = await asyncio.to_thread(acts.go_on, model.shift, parcel, guide_id)
    except (StoreError, BookletError) as refused:
        model.go(model.at, notice=str(refused))
        return
    model.take_in_hand(session)
