"""What an officer's home screen shows, read from the open vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from types import MappingProxyType
from typing import Any

from booklets import definitions
from booklets.guides import Guide
from field_app.capture.cases import SUPERVISION, Case
from field_app.capture.duties import TASK, Duty, duties_from
from field_app.capture.giving import LOCKED, Offer, Out, Untaken, offers_from, out_from, untaken_from
from field_app.capture.heard import DANGER_TOLD, RETURN_TOLD, WHO_WAS_TOLD
from field_app.capture.known_children import Pack
from field_app.capture.returned import (
    Decided,
    Returned,
    decided_from,
    in_order,
    newest_heard,
    returned_from,
)
from field_app.capture.worklist import Cards, Draft, Parcel, drafts_from, newest_sent, parcels_from
from field_app.handset.deciding import Deciding, is_decision
from field_app.handset.duties import Duties
from field_app.handset.giving import Passing
from field_app.handset.known_children import KnownChildren
from field_app.handset.ports import NEWS
from field_app.handset.unsent import copied_here
from field_app.store.drafts import DraftStore
from field_app.store.enclosures import Enclosures
from field_app.store.outbox import Item, Outbox
from field_app.store.own_texts import OwnTexts
from field_app.store.photos import Photos
from field_app.store.said import SaidOfTasks
from field_app.store.sealed_table import VaultDB


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The officer's home screen as data.

    ``told`` is all the news about each record, the newest on top; ``heard`` its newest revision there.
    ``photo_bytes`` is the room that photographs take here. ``copied`` names the drafts of which the force
    has a sealed copy as they stand, and since when.
    ``number`` is greater the later it was read: readings may reach the screen in another order.
    """

    drafts: tuple[Draft, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    unread: tuple[str, ...] = ()
    returned: tuple[Returned, ...] = ()
    decided: Mapping[tuple[str, int], Decided] = field(
        default_factory=lambda: MappingProxyType({}), repr=False
    )
    cases: tuple[Case, ...] = field(default=(), repr=False)
    duties: tuple[Duty, ...] = ()
    known: Pack = field(default_factory=Pack, repr=False)
    out: tuple[Out, ...] = ()
    offers: tuple[Offer, ...] = field(default=(), repr=False)
    untaken: tuple[Untaken, ...] = ()
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    heard: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    photo_bytes: int = 0
    copied: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    number: int = field(default=0, compare=False)

    def waits(self, newest: datetime) -> bool:
        """Whether something is on its way, or went since ``newest``, so that more may be heard of it."""
        on_their_way = any(one.stands in LOCKED for one in self.out) or bool(self.offers)
        return on_their_way or any(
            parcel.received_at is None or parcel.received_at > newest or parcel.photos_wait
            for parcel in self.parcels
            if not parcel.needs_attention
        )


_READINGS = count(1)
TOLD_RETURN, TOLD_DANGER = f"{RETURN_TOLD}_at", f"{DANGER_TOLD}_at"
FIRST_TOLD: Mapping[str, str] = {TOLD_RETURN: "return_first_told_at", TOLD_DANGER: "danger_first_told_at"}
"""When the council was told last of the return and of a danger, and when for the first time."""
DANGER_TOLD_OF = "danger_told_rev"


def home_here(
    db: VaultDB,
    *,
    now: datetime,
    force: Mapping[str, object],
    officer: str,
    deciding: Deciding,
    duties: Duties,
    known: KnownChildren,
    kept: timedelta,
    supervises: bool,
    passing: Passing,
    cards: Cards | None = None,
) -> Home:
    """Everything on the home screen, for whoever is on the keeper's thread. What is over is erased first."""
    outbox = Outbox(db)
    _forget_what_is_over(db, outbox, deciding, now=now, kept=kept)
    news = in_order(db.sealed(NEWS))
    wishes, told = passing.tidy_here(news), told_of_each(news)
    drafts, unread = _drafts(db, told, force=force, now=now, cards=cards)
    items = [one for one in outbox.all() if one.summary.get("guide") != SUPERVISION]
    ids, sent = _draft_ids(db), newest_sent(items)
    returned = returned_from(news, guides(), sent=sent, today=now.date(), officer=officer, drafts=ids)
    return Home(
        drafts=tuple(drafts),
        parcels=tuple(parcels_from(items, _readable(outbox, items, now), now.date(), Enclosures(db).all())),
        unread=tuple(unread),
        returned=tuple(returned),
        decided=decided_from(news),
        cases=deciding.cases_here()[0] if supervises else (),
        duties=duties_from(news, duties.said_here(), officer=officer),
        known=known.here(),
        out=tuple(out_from(wishes, news)),
        offers=tuple(offers_from(wishes, news, officer=officer, drafts=ids)),
        untaken=tuple(untaken_from(news, officer=officer)) if supervises else (),
        told=told,
        heard=newest_heard(news),
        copied=copied_here(db),
        photo_bytes=Photos(db).bytes_kept() + Enclosures(db).bytes_kept(),
        number=next(_READINGS),
    )


def _draft_ids(db: VaultDB) -> frozenset[str]:
    return frozenset(str(one["id"]) for one in DraftStore(db).all())


def _drafts(
    db: VaultDB,
    told: Mapping[str, Mapping[str, Any]],
    *,
    force: Mapping[str, object],
    now: datetime,
    cards: Cards | None,
) -> tuple[list[Draft], list[str]]:
    return drafts_from(
        [one for one in DraftStore(db).all() if not is_decision(one)],
        guides(),
        clocks=definitions.clocks(),
        force=force,
        now=now,
        council_told={record for record, says in told.items() if TOLD_RETURN in says},
        cards=cards,
    )


def _readable(outbox: Outbox, items: Sequence[Item], now: datetime) -> dict[tuple[str, int], dict[str, Any]]:
    """The copies of what was sent that may still be read."""
    copies = {(one.record, one.rev): outbox.readable(one.record, one.rev, now=now) for one in items}
    return {key: copy for key, copy in copies.items() if copy is not None}


def _forget_what_is_over(
    db: VaultDB, outbox: Outbox, deciding: Deciding, *, now: datetime, kept: timedelta
) -> None:
    outbox.erase_due(now=now)
    SaidOfTasks(db).erase_due(now=now)
    Enclosures(db).erase_due(now=now)
    Photos(db).erase_due(now=now, drafts=_draft_ids(db))
    deciding.forget_here(now=now, kept=kept)
    OwnTexts(db).forget_old(now=now)


def told_of_each(news: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """All the news about each record, the newest on top; of when the council was told, the first as well.

    That it was told is no state of the record: where that stands, it goes on standing.
    """
    told: dict[str, dict[str, Any]] = {}
    for one in news:
        detail = {name: said for name, said in (one["content"] or {}).items() if name != "content"}
        if one["kind"] != TASK:  # of a record, and not of what has to be done because of it
            known = told.setdefault(str(one["record"]), {})
            if detail.get("state") in WHO_WAS_TOLD:
                del detail["state"]
            for last in FIRST_TOLD.keys() & detail.keys():
                known.setdefault(FIRST_TOLD[last], detail[last])
            if TOLD_DANGER in detail:
                detail[DANGER_TOLD_OF] = one["rev"]
            known.update(detail)
    return MappingProxyType(told)


def guides() -> dict[str, Guide]:
    """Every guide by its id."""
    return {id_: definitions.guide(id_) for id_ in definitions.guide_ids()}
