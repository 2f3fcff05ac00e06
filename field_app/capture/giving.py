"""Drafts between two officers, as each of them sees it: what I gave, what is offered, what nobody took.

Pure functions of what was wished here and of what the force has said since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from booklets.answers import read_instant
from booklets.errors import WireError
from field_app.capture.forgetting import Place
from field_app.store.wishes import COUNTS, VOID, WAITING

GIVEN = "given"
GIVE, TAKE, TAKE_BACK = "give", "take", "take_back"
OFFERED, TAKEN, BACK, LATE = "offered", "taken", "taken_back", "not_taken"


class Stands(StrEnum):
    """How a draft stands that was given from here."""

    WAITS = "waits"  # for signal
    OFFERED = "offered"
    LATE = "late"
    COMING_BACK = "coming_back"
    TAKEN = "taken"
    REFUSED = "refused"


LOCKED = frozenset({Stands.WAITS, Stands.OFFERED, Stands.LATE, Stands.COMING_BACK})
"""While a draft stands like this it is read here and not written: somebody else may have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """One draft that was given from here. ``by`` is who took it over; ``why`` is why it did not count."""

    given: str
    wish: str
    encounter: str
    to: str
    at: datetime
    stands: Stands
    by: str = ""
    why: str = ""
    tried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One draft that a colleague gives, or that was on a handheld of this officer's that is ``lost``.

    ``asked`` says that taking it over is on its way.
    """

    given: str
    encounter: str
    giver: str
    at: datetime
    draft: Mapping[str, Any] = field(repr=False)
    lost: bool = False
    asked: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Untaken:
    """What a supervisor hears of: a draft of their unit that nobody took over in time.

    One that was on a ``lost`` handheld waits for the officer who wrote it.
    """

    given: str
    giver: str
    at: datetime
    lost: bool = False


def out_from(wishes: Sequence[Mapping[str, Any]], news: Iterable[Mapping[str, Any]]) -> list[Out]:
    """What was given from here, the newest of each draft. One that cannot be read hides no other."""
    heard = _newest(news)
    back = {one["given"]: one for one in wishes if one["act"] == TAKE_BACK}
    found: dict[str, Out] = {}
    for one in wishes:
        if one["act"] == GIVE:
            said = heard.get(str(one["given"]), {})
            with suppress(WireError, LookupError):
                found[str(one["encounter"])] = _out(one, said, back.get(one["given"]))
    return list(found.values())


def _out(wish: Mapping[str, Any], said: Mapping[str, Any], back: Mapping[str, Any] | None) -> Out:
    state = str(said.get("state", ""))
    stands = Stands.OFFERED
    if state == TAKEN:
        stands = Stands.TAKEN
    elif wish["way"] == VOID:
        stands = Stands.REFUSED
    elif back is not None and back["way"] == WAITING:
        stands = Stands.COMING_BACK
    elif wish["way"] == WAITING:
        stands = Stands.WAITS
    elif state == LATE:
        stands = Stands.LATE
    return Out(
        given=str(wish["given"]),
        wish=str(wish["id"]),
        encounter=str(wish["encounter"]),
        to=str(wish["to"]),
        at=read_instant(wish["at"]),
        stands=stands,
        by=str(said.get("by_name", "")) if state == TAKEN else "",
        why=str(wish["why"]),
        tried=bool(wish["tried"]),
    )


def is_mine_again(out: Out, wishes: Iterable[Mapping[str, Any]]) -> bool:
    """Whether this officer has taken the same one over from a colleague since it was given from here."""
    own = (one for one in wishes if one["encounter"] == out.encounter and one["act"] == TAKE)
    return any(one["way"] == COUNTS and read_instant(one["at"]) > out.at for one in own)


def offers_from(
    wishes: Sequence[Mapping[str, Any]],
    news: Sequence[Mapping[str, Any]],
    *,
    officer: str,
    drafts: Collection[str] = (),
) -> list[Offer]:
    """What colleagues offer and nobody has taken over, the oldest first.

    What this officer took over and a handheld lost is offered once more where it is in nobody's hands since:
    not a draft on this one, which ``drafts`` names, and not taken over here.
    """
    heard = _newest(news)
    lost = _taken_by(news, officer) - _taken_here(wishes)
    asked = {one["given"]: one for one in wishes if one["act"] == TAKE}
    found: dict[str, Offer] = {}
    for one in news:
        said = one["content"] or {}
        draft, given = said.get("content"), str(said.get("given", ""))
        if one["kind"] != GIVEN or said.get("state") != OFFERED or not isinstance(draft, Mapping):
            continue
        is_lost = given in lost and str(said.get("encounter", "")) not in drafts
        over = given in _taken_here(wishes) or (heard[given].get("state") in {TAKEN, BACK} and not is_lost)
        if (said.get("giver") == officer and not said.get("lost")) or over:
            continue
        with suppress(WireError):
            found[given] = _offer(said, draft, asked.get(given))
    return _last_of_each(found.values())


def _last_of_each(offers: Iterable[Offer]) -> list[Offer]:
    """Of what was taken over once and then lost there is a later copy, with what was written since."""
    newest = {one.encounter: one for one in sorted(offers, key=lambda one: one.at)}
    return sorted(newest.values(), key=lambda one: one.at)


def forgettable_offers(
    wishes: Sequence[Mapping[str, Any]],
    news: Sequence[Mapping[str, Any]],
    *,
    officer: str,
    drafts: Collection[str],
) -> frozenset[Place]:
    """The news whose draft is in hands again: with a colleague, with its giver, or among the drafts here.

    It holds the whole draft, and nobody has anything more to do with what lies in it. What this officer took
    over on another handheld stays, for that may be lost.
    """
    heard, here = _newest(news), _taken_here(wishes)
    mine = _taken_by(news, officer)
    over: set[Place] = set()
    for one in news:
        said = one["content"] or {}
        given, state = str(said.get("given", "")), heard.get(str(said.get("given", "")), {}).get("state")
        if one["kind"] != GIVEN or said.get("state") != OFFERED or not said.get("content"):
            continue
        elsewhere = state == BACK or (state == TAKEN and given not in mine)
        if elsewhere or given in here or (state == TAKEN and str(said.get("encounter", "")) in drafts):
            over.add((str(one["stream"]), int(one["seq"])))
    return frozenset(over)


def _offer(said: Mapping[str, Any], draft: Mapping[str, Any], wish: Mapping[str, Any] | None) -> Offer:
    return Offer(
        given=str(said["given"]),
        encounter=str(said.get("encounter", "")),
        giver=str(said.get("by_name", "")),
        at=read_instant(said.get("given_at")),
        draft=draft,
        lost=bool(said.get("lost")),
        asked=wish is not None and wish["way"] == WAITING,
        why=str(wish["why"]) if wish is not None else "",
    )


def _taken_here(wishes: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """What was taken over on this handheld."""
    return frozenset(str(one["given"]) for one in wishes if one["act"] == TAKE and one["way"] == COUNTS)


def _taken_by(news: Iterable[Mapping[str, Any]], officer: str) -> frozenset[str]:
    """What this officer took over and has handed to nobody since."""
    last: dict[str, Mapping[str, Any]] = {}
    for one in news:
        said = one["content"] or {}
        if one["kind"] == GIVEN and (said.get("state") == TAKEN or said.get("giver") == officer):
            last[str(said.get("encounter", ""))] = said
    mine = (said for said in last.values() if said.get("state") == TAKEN and said.get("by") == officer)
    return frozenset(str(said.get("given", "")) for said in mine)


def untaken_from(news: Iterable[Mapping[str, Any]], *, officer: str) -> list[Untaken]:
    """What nobody took over in time, as the unit's supervisors hear it."""
    found: list[Untaken] = []
    for one in _newest(news).values():
        if one.get("state") == LATE and one.get("giver") != officer:
            with suppress(WireError):
                at = read_instant(one.get("given_at"))
                lost = bool(one.get("lost"))
                found.append(Untaken(str(one["given"]), str(one.get("by_name", "")), at, lost))
    return found


def draft_of(news: Iterable[Mapping[str, Any]], given: str) -> Mapping[str, Any] | None:
    """The draft that was offered under this id, as far as it was heard here."""
    for one in news:
        said = one["content"] or {}
        if one["kind"] == GIVEN and said.get("given") == given and isinstance(said.get("content"), Mapping):
            draft: Mapping[str, Any] = said["content"]
            return draft
    return None


def _newest(news: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """What was said last of each draft that was given. Whoever has it, has it: nothing undoes that."""
    found: dict[str, Mapping[str, Any]] = {}
    for one in news:
        said = one["content"] or {}
        given = str(said.get("given", ""))
        if one["kind"] == GIVEN and given and found.get(given, {}).get("state") not in {TAKEN, BACK}:
            found[given] = said
    return found
