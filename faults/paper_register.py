"""The register as somebody would keep it on paper, beside the server: what should stand there.

It is told of every sealed revision as an officer submits it, and of every question as the server hears it,
in that order. By the rules of intake and of deciding, and by nothing that the server says, it knows which
revisions each record has, what is kept apart and why, where each record stands, and which decisions count.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import count
from typing import Final

from booklets.batch import MOST_BYTES, inflated, unbound
from booklets.decisions import Outcome
from booklets.sealing import read_envelope
from faults.line_with_troubles import Question

CONFLICT, EARLY, NOT_THEIRS = "rev_conflict", "too_early", "not_theirs"
PENDING, RETURNED, APPROVED, WITHDRAWN, FILED = (
    "pending_supervisor", "returned", "approved", "withdrawn", "filed",
)  # fmt: skip
WAITING, TAKEN, BACK = "waiting", "taken", "taken_back"
OFF_SHIFT, HEARD = frozenset({200, 204}), frozenset({200, 201, 207, 409, 422})
TO: Final = {
    (PENDING, Outcome.APPROVE): APPROVED,
    (PENDING, Outcome.RETURN): RETURNED,
    (RETURNED, Outcome.RECALL): PENDING,
}
"""Where a decision takes a record, of those that are made here; it cannot be made anywhere else."""
Saw = tuple[str, int, str]
"""A record, a revision and its digest, as a decision names what it is about."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One revision of one record, as an officer sealed it. A decision has its ``outcome``."""

    sha: str
    record: str
    rev: int
    digest: str
    encounter: str
    officer: str
    device: str
    withdraws: bool = False
    outcome: Outcome | None = None
    saw: tuple[Saw, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a decision on one record: ``void`` says why it does not count, "" where it does."""

    decision: str
    saw: Saw
    void: str
    to: str = ""
    assigned: str = ""
    at: int = 0


@dataclass(slots=True)
class Drawer:
    """One record: its revisions in order, when each came, where it stands and who is asked."""

    encounter: str
    revisions: list[Sheet] = field(default_factory=list)
    came: int = 0
    stands: str = ""
    assigned: str = ""
    asked: int = 0
    """When an answer was asked for last, of whoever it is assigned to."""

    @property
    def authors(self) -> set[str]:
        """Everybody who wrote a revision of it."""
        return {one.officer for one in self.revisions}


@dataclass(slots=True)
class GivenDraft:
    """A draft on its way from one officer to another; ``to`` is empty where it is for the unit."""

    encounter: str
    giver: str
    to: str
    stands: str = WAITING
    by: str = ""


@dataclass(slots=True)
class PaperRegister:
    """What one unit should have with the force. ``officers`` may be given what was sent back."""

    officers: frozenset[str] = frozenset()
    submitted: dict[str, Sheet] = field(default_factory=dict)
    drawers: dict[str, Drawer] = field(default_factory=dict)
    apart: dict[str, str] = field(default_factory=dict)
    first_came: dict[str, int] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)
    given: dict[str, GivenDraft] = field(default_factory=dict)
    sealed_drafts: dict[str, GivenDraft] = field(default_factory=dict)
    signed_in: Counter[str] = field(default_factory=Counter)
    """How often each officer is signed in; whoever is not is off shift."""
    _clock: Iterator[int] = field(default_factory=lambda: count(1))

    # -- what the server hears -------------------------------------------------------------------
    def hears(self, officer: str, asked: Question, status: int) -> None:
        """The server has answered a question of this officer's handheld."""
        if asked.method == "DELETE" and asked.path == "/v1/auth/session" and status in OFF_SHIFT:
            self._signs_out(officer)
        if asked.method != "POST" or status not in HEARD:
            return
        if asked.path in {"/v1/submissions", "/v1/batch"}:
            for one in _envelopes(asked):
                self._arrives(sha256(one).hexdigest())
        elif asked.path == "/v1/given":
            given = read_envelope(asked.body).header.record
            self.given.setdefault(given, self.sealed_drafts[given])
        elif asked.path.startswith("/v1/given/"):
            self._ends(asked.path.rpartition("/")[2], officer, json.loads(asked.body)["act"])

    def _arrives(self, sha: str) -> None:
        at = next(self._clock)
        self.first_came.setdefault(sha, at)
        self._keep(self.submitted[sha], at)

    def _ends(self, given: str, officer: str, act: str) -> None:
        """Taken over or taken back, by whoever comes first and may."""
        one = self.given.get(given)
        if one is None or one.stands != WAITING:
            return
        if act == "take" and officer != one.giver and one.to in {"", officer}:
            one.stands, one.by = TAKEN, officer
        if act == "take_back" and officer == one.giver:
            one.stands, one.by = BACK, officer

    def _signs_out(self, officer: str) -> None:
        """What waited for this officer is the unit's from here on, once they are signed in nowhere."""
        self.signed_in[officer] -= 1
        if self.signed_in[officer] > 0:
            return
        for name, drawer in self.drawers.items():
            if (drawer.stands, drawer.assigned) == (RETURNED, officer):
                drawer.assigned, head = "", drawer.revisions[-1].rev
                drawer.asked = next(self._clock)
                self.made = [
                    replace(one, assigned="")
                    if (one.saw[:2], one.to, one.assigned) == ((name, head), RETURNED, officer)
                    else one
                    for one in self.made
                ]

    # -- taking in -------------------------------------------------------------------------------
    def _keep(self, sheet: Sheet, at: int) -> None:
        drawer = self.drawers.get(sheet.record)
        revisions = drawer.revisions if drawer else []
        held = revisions[sheet.rev - 1] if sheet.rev <= len(revisions) else None
        if held is not None and held.digest == sheet.digest:
            return
        if sheet.rev > len(revisions) + 1:
            self.apart.setdefault(sheet.sha, EARLY)
        elif held is not None or self._goes_its_own_way(sheet, at):
            if self.apart.get(sheet.sha) in {None, EARLY}:
                self.apart[sheet.sha] = CONFLICT
        elif drawer is not None and not self._may_go_on(sheet, drawer):
            self.apart.setdefault(sheet.sha, NOT_THEIRS)
        else:
            self._store(sheet, at)

    def _store(self, sheet: Sheet, at: int) -> None:
        drawer = self.drawers.setdefault(sheet.record, Drawer(sheet.encounter))
        drawer.revisions.append(sheet)
        drawer.came, drawer.assigned = at, ""
        self.apart.pop(sheet.sha, None)
        drawer.stands = WITHDRAWN if sheet.withdraws else PENDING
        if sheet.outcome is not None:
            drawer.stands = FILED
            self._decide(sheet, sheet.outcome)
        waited = [
            one
            for one in map(self.submitted.__getitem__, sorted(self.apart, key=self.first_came.__getitem__))
            if (one.record, one.rev) == (sheet.record, sheet.rev + 1) and self.apart[one.sha] == EARLY
        ]
        for one in waited:
            self._keep(one, at)

    def _goes_its_own_way(self, sheet: Sheet, at: int) -> bool:
        """Whether it builds on one that was kept apart, and its author was not given what is there since."""
        own = [
            self.first_came[sha]
            for sha, why in self.apart.items()
            if why == CONFLICT
            and (one := self.submitted[sha]).rev == sheet.rev - 1
            and (one.record, one.officer, one.device) == (sheet.record, sheet.officer, sheet.device)
        ]
        if not own:
            return False
        came = self.first_came.get(sheet.sha, at)
        back = (one.at for one in self._standing(RETURNED) if one.saw[:2] == (sheet.record, sheet.rev - 1))
        return not any(max(own) <= one <= came for one in back)

    def _may_go_on(self, sheet: Sheet, drawer: Drawer) -> bool:
        taken = any(
            (one.encounter, one.stands, one.by) == (drawer.encounter, TAKEN, sheet.officer)
            for one in self.given.values()
        )
        return sheet.officer in drawer.authors or taken or self._is_the_units(sheet.officer, drawer)

    def _is_the_units(self, officer: str, drawer: Drawer) -> bool:
        if officer not in self.officers:
            return False
        if drawer.stands == RETURNED and not drawer.assigned:
            return True
        return any(
            not one.assigned and one.at > drawer.came and self._of(one).encounter == drawer.encounter
            for one in self._standing(RETURNED)
        )

    # -- deciding --------------------------------------------------------------------------------
    def _decide(self, sheet: Sheet, outcome: Outcome) -> None:
        at = next(self._clock)
        why = next(filter(None, (self._objection(outcome, saw) for saw in sheet.saw)), "")
        for saw in sheet.saw:
            if why:
                self.made.append(Made(sheet.record, saw, why, at=at))
                continue
            drawer = self.drawers[saw[0]]
            drawer.stands, drawer.asked = TO[drawer.stands, outcome], at
            author = drawer.revisions[-1].officer
            back = drawer.stands == RETURNED and self.signed_in[author] > 0
            drawer.assigned = author if back else ""
            self.made.append(Made(sheet.record, saw, "", drawer.stands, drawer.assigned, at))

    def _objection(self, outcome: Outcome, saw: Saw) -> str:
        drawer = self.drawers.get(saw[0])
        if drawer is None:
            return "unknown_record"
        head = drawer.revisions[-1]
        if drawer.stands == WITHDRAWN:
            return "withdrawn"
        if (head.rev, head.digest) != saw[1:]:
            return "moved_on"
        return "" if (drawer.stands, outcome) in TO else "already_decided"

    def _standing(self, to: str) -> Iterable[Made]:
        return (one for one in self.made if not one.void and one.to == to)

    def _of(self, one: Made) -> Drawer:
        return self.drawers[one.saw[0]]


def _envelopes(asked: Question) -> tuple[bytes, ...]:
    if asked.path == "/v1/batch":
        return unbound(inflated(asked.body, most=MOST_BYTES))
    return (asked.body,)
