"""Giving a draft to a colleague and taking one over: wished here, done once the force has said so.

Nothing leaves the vault but sealed to the force. What was given is read here and not written until somebody
has it, or the giver has it back; then it is gone here, or writable again.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from booklets.answers import instant
from booklets.drafts import encounter_from_json, encounter_to_json
from booklets.encounters import Encounter
from booklets.entities import new_id
from booklets.errors import BookletError, NotAllowedNow
from booklets.handing_on import Given, posted_draft, taken_over, without_photographs
from booklets.photos import everywhere
from booklets.records import Author
from field_app.capture.giving import (
    GIVE,
    LOCKED,
    TAKE,
    TAKE_BACK,
    Offer,
    Out,
    Stands,
    draft_of,
    forgettable_offers,
    is_mine_again,
    out_from,
)
from field_app.capture.returned import in_order
from field_app.capture.submit import Signature
from field_app.handset.ports import NEWS
from field_app.handset.unsent import UnsentPort
from field_app.store.drafts import DraftStore
from field_app.store.keeper import Keeper
from field_app.store.photos import Photos
from field_app.store.sealed_table import VaultDB
from field_app.store.wishes import COUNTS, VOID, WAITING, Wishes
from field_app.sync.desk import Wish

GIVEN_AWAY = (
    "This was handed over to a colleague and waits to be taken over. Take it back first; "
    "nothing was changed."
)
PHOTOGRAPHS_STAY = (
    "This draft has photographs, and those cannot be handed over: they would be missing at your colleague. "
    "Send it yourself, or take them out first. Nothing was changed."
)
GONE = "This draft is not on this phone any more. Nothing was handed over."


class Passing:
    """The drafts of one officer on their way from or to a colleague."""

    def __init__(
        self,
        db: VaultDB,
        *,
        keeper: Keeper,
        now: Callable[[], datetime],
        kick: Callable[[], None],
        me: Callable[[], Author],
    ) -> None:
        self._db, self._keeper = db, keeper
        self._now, self._kick, self._me = now, kick, me
        self._first: set[str] = set()

    # -- what an officer does --------------------------------------------------------------------
    def give(self, encounter: str, to: str, signature: Signature, force: str) -> None:
        """Seal a draft for the colleague with this number, or for the unit, and let it go when it can."""
        self._keeper.call(self._give, encounter, to.strip(), signature, force).result()
        self._kick()

    def _give(self, encounter: str, to: str, signature: Signature, force: str) -> None:
        draft = DraftStore(self._db).get(encounter)
        if draft is None:
            raise NotAllowedNow(GONE)
        if encounter in self.locked_here():
            raise NotAllowedNow(GIVEN_AWAY)
        said = encounter_from_json(draft)
        if everywhere(said.answers, said.entities.values()):
            raise NotAllowedNow(PHOTOGRAPHS_STAY)
        given = Given(id=new_id(), to=to, at=self._now(), draft=draft)
        sealed = posted_draft(
            given,
            force=force,
            device=signature.device,
            officer=self._me().id,
            to=signature.recipients,
            signer=signature.signer,
        )
        wish = self._wish(GIVE, str(given.id), encounter)
        Wishes(self._db).put({**wish, "to": to, "sealed": urlsafe_b64encode(sealed).decode()})

    def take(self, offer: Offer) -> None:
        """Take over what a colleague offers: it is a draft here as soon as the force has said so."""
        self._ask(TAKE, offer.given, offer.encounter)

    def take_back(self, out: Out) -> None:
        """Go on with what was given after all. What has not left this phone needs nobody to say so."""
        if out.stands is Stands.WAITS and self._keeper.call(self._never_left, out).result():
            return
        self._ask(TAKE_BACK, out.given, out.encounter)

    def _never_left(self, out: Out) -> bool:
        wishes = Wishes(self._db)
        untried = any(one["id"] == out.wish and not one["tried"] for one in wishes.all())
        if untried:
            wishes.forget(out.wish)
        return untried

    def _ask(self, act: str, given: str, encounter: str) -> None:
        self._keeper.call(lambda: Wishes(self._db).put(self._wish(act, given, encounter))).result()
        self._kick()

    def _wish(self, act: str, given: str, encounter: str) -> dict[str, Any]:
        at = instant(self._now())
        return {"id": f"{given}.{act}", "act": act, "given": given, "encounter": encounter, "at": at}

    def unsent(self, signature: Callable[[], Signature]) -> UnsentPort:
        """What the force keeps a copy of, should this handheld be lost: not what somebody else may have."""
        return UnsentPort(
            self._db,
            keeper=self._keeper,
            now=self._now,
            officer=lambda: self._me().id,
            signature=signature,
            not_mine=self.locked_here,
        )

    # -- for whoever is on the keeper's thread ---------------------------------------------------
    def locked_here(self) -> frozenset[str]:
        """The drafts that are only read here, because somebody else may have them."""
        return frozenset(one.encounter for one in self._out_here() if one.stands in LOCKED)

    def has_gone(self, encounter: str) -> bool:
        """Whether a colleague has taken this over from here: to go on with it is theirs alone."""
        return self._keeper.call(self._has_gone, encounter).result()

    def _has_gone(self, encounter: str) -> bool:
        wishes = Wishes(self._db).all()
        taken = (one for one in self._out_here() if one.stands is Stands.TAKEN)
        return any(one.encounter == encounter and not is_mine_again(one, wishes) for one in taken)

    def _out_here(self) -> list[Out]:
        return out_from(Wishes(self._db).all(), in_order(self._db.sealed(NEWS)))

    def tidy_here(self, news: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Every wish. A draft that a colleague has taken over is erased here: it is in their hands.

        So are photographs that were taken out of it; what had any left was not handed over.
        """
        wishes = Wishes(self._db)
        if not self._db.read_only:
            self._forget_offers(wishes.all(), news)  # first: it goes by wishes that are due to be erased
            wishes.erase_due(now=self._now())
            for one in out_from(wishes.all(), news):
                if one.stands is Stands.TAKEN and not _is_dealt_with(one, wishes.all()):
                    DraftStore(self._db).forget(one.encounter)
                    Photos(self._db).let_go(one.encounter, until=None)
                    wishes.change(one.wish, sealed="", until=instant(self._now()))
        return wishes.all()

    def _forget_offers(self, wishes: Sequence[Mapping[str, Any]], news: Sequence[Mapping[str, Any]]) -> None:
        drafts = frozenset(str(one["id"]) for one in DraftStore(self._db).all())
        over = forgettable_offers(wishes, news, officer=self._me().id, drafts=drafts)
        if over:
            kept = self._db.sealed(NEWS)
            with self._db.transaction():
                kept.remove(doc_ids=[kept.rid_for(f"{stream}/{seq}") for stream, seq in over])

    # -- what the courier does -------------------------------------------------------------------
    def waiting(self) -> Sequence[Wish]:
        """What is to be asked of the force, in order."""
        found = self._keeper.call(lambda: Wishes(self._db).all()).result()
        return [
            Wish(one["id"], one["given"], one["act"], urlsafe_b64decode(one.get("sealed", "")))
            for one in found
            if one["way"] == WAITING
        ]

    def begin(self, id_: str) -> bool:
        """Note that it is being asked; whether it is wished still."""
        return self._keeper.call(self._begin, id_).result()

    def _begin(self, id_: str) -> bool:
        wishes = Wishes(self._db)
        tried = any(one["id"] == id_ and one["tried"] for one in wishes.all())
        (self._first.discard if tried else self._first.add)(id_)
        return wishes.change(id_, tried=True) is not None

    def never_left(self, id_: str) -> None:
        """The force cannot have heard of it, if this was the first time that it was asked."""
        if id_ in self._first:
            self._keeper.call(self._stayed_here, id_).result()

    def _stayed_here(self, id_: str) -> None:
        """It waits as before; taken back meanwhile it is forgotten, and so is the taking back."""
        wishes = Wishes(self._db)
        wish = wishes.change(id_, tried=False)
        back = f"{wish['given']}.{TAKE_BACK}" if wish else ""
        if any(one["id"] == back for one in wishes.all()):
            with self._db.transaction():
                wishes.forget(id_)
                wishes.forget(back)

    def answered(self, id_: str, why_void: str) -> None:
        """Keep the answer. What was taken over becomes a draft here in the same step."""
        self._keeper.call(self._answered, id_, why_void).result()

    def _answered(self, id_: str, why_void: str) -> None:
        self._first.discard(id_)
        with self._db.transaction():
            wishes = Wishes(self._db)
            way = VOID if why_void else COUNTS
            wish = wishes.change(id_, way=way, why=why_void, until=instant(self._now()))
            if wish is None:
                return
            if wish["act"] == GIVE:
                wishes.change(id_, sealed="", until=wish["until"] if why_void else None)
            if wish["act"] == TAKE_BACK and not why_void:  # it is the giver's own again, as if never given
                for one in (id_, f"{wish['given']}.{GIVE}"):
                    wishes.forget(one)
            if wish["act"] == TAKE and not why_void:
                self._take_in(str(wish["given"]))

    def _take_in(self, given: str) -> None:
        draft = draft_of(in_order(self._db.sealed(NEWS)), given)
        drafts = DraftStore(self._db)
        if draft is None or drafts.get(str(draft.get("id"))) is not None:
            return
        try:
            mine = self._in_my_hands(encounter_from_json(draft))
        except BookletError:  # a newer app wrote it: it is kept as it came, and the worklist says so
            drafts.save(draft)
            return
        drafts.save(encounter_to_json(mine))

    def _in_my_hands(self, encounter: Encounter) -> Encounter:
        """As this officer goes on with it. A copy from a lost handheld has no photographs with it."""
        me, at = self._me(), self._now()
        here = Photos(self._db).of(str(encounter.id))
        return taken_over(without_photographs(encounter, here=here, by=me, at=at), by=me, at=at)


def _is_dealt_with(out: Out, wishes: Sequence[Mapping[str, Any]]) -> bool:
    """Whether nothing of it is to be erased here: it was already, or the draft here is a later one."""
    return is_mine_again(out, wishes) or any(one["id"] == out.wish and one.get("until") for one in wishes)
