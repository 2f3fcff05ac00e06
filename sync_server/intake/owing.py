"""What a record makes owed to systems outside, prepared and written down in its own transaction.

As delivered, at once: the notice that a child is missing, where the force has it told by the system, the
notice of the return, and what says that a child is in danger now (R-61); and
held until somebody has decided, or the force's limit is over: the referral that follows from a PPN, what a
school is told (R-46), and the record for the force's own system. Each force sets this for itself
(``booklets.definitions.leaving``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from booklets.answers import codes_of
from booklets.checks.choices import has_only_rung
from booklets.definitions.leaving import Release
from booklets.form_names import PROTECTION_ENDED, PROTECTION_ENQUIRED, PROTECTION_USED, RETURNED
from booklets.records import Record
from booklets.signs import DANGER_RULE, councils_hear_of, in_danger, telling_warns
from sync_server import audit, corrections, encompass, evidence, missing_notices, notices, referrals
from sync_server.context import Context
from sync_server.corrections import Because, Of, Targets
from sync_server.forwarding import outbox
from sync_server.missing_notices import ASSESSMENT, REPORT
from sync_server.notices import Notice
from sync_server.referrals import DANGER_TARGET, MISSING_TARGET, PARTNER_TARGET, PPN, SCHOOL_TARGET

COVERT_RULE = "R-51"
INTERVIEW = "PVI"
SAYS_WHO_MUST_NOT_KNOW = frozenset({PROTECTION_USED, PROTECTION_ENQUIRED, PROTECTION_ENDED, "HOV", "ACT"})
"""R-51: police protection, a handover and the lines of enquiry: what they say holds for every notice."""
SYSTEM = "server"


@dataclass(frozen=True, slots=True)
class Owing:
    """One record that makes things owed, with the rows of its episode in the register."""

    context: Context
    connection: Connection
    record: Record
    episode: Sequence[Any]
    at: datetime
    waits: bool = True
    """Whether somebody is still to decide on it: of what was decided nothing is held anew."""

    def to_force(self, *, died: bool) -> None:
        """Owe the record to the force: now, or once somebody has decided, as the force has set.

        Of a child who has died nothing leaves by itself, and so by no limit either (R-50).
        """
        if died:
            self._write(outbox.FORCE_RECORDS, held=True, limit_at=None)
        else:
            self._owe(outbox.FORCE_RECORDS)

    def to_councils(self, flags: Mapping[str, Any]) -> None:
        """Owe what councils are told because of this record."""
        policy = self.context.policy(self.record.header.force)
        rules = {rule for one in self.episode for rule in one.flags.get("rules", ())}
        if any(in_danger(one.flags) for one in self.episode):
            rules.add(DANGER_RULE)
        guarded = self._guarded()
        if self.record.header.record_type in {RETURNED, INTERVIEW}:
            self._of_return(rules, guarded)
        if self.record.header.record_type in {REPORT, ASSESSMENT}:
            self._of_missing(rules, guarded)
        self._of_danger(rules, guarded, shows=in_danger(flags))
        if self.record.header.record_type == PPN:
            target = f"{PARTNER_TARGET}{notices.authority_of(self.record, policy)}"
            known = self._again and corrections.is_known(self.connection, self._name, target)
            made = referrals.referral(
                self.record, policy=policy, rules=rules, prepared=self.at, known=known, beside=guarded
            )
            self._prepared(made, target)

    def to_school(self) -> None:
        """Owe what the child's school is told; otherwise whoever has the task reads why nothing is sent.

        A school that a later revision names no longer is told so at once, whoever decides on the rest.
        """
        policy, of = self.context.policy(self.record.header.force), Of.one(self._name, SCHOOL_TARGET)
        covert = any(one.covert or telling_warns(one.flags) for one in self.episode)
        way = encompass.way_of(self.record, policy, self.context.settings, covert=covert)
        if way.by_hand is encompass.ByHand.COVERT:
            corrections.hold_back(self.connection, of, reason=COVERT_RULE)
            encompass.not_by_itself(self.connection, self._name, way.by_hand)
            return
        if self._again:
            self._holds_no_longer(of, Because.OTHER_SCHOOL, but=[way.target])
        if way.school is not None:
            at_once = policy.leaving[outbox.output_of(way.target)].when is Release.SUBMISSION
            known = (
                self._speaks(of, way.target)
                if at_once
                else self._again and corrections.is_known(self.connection, self._name, way.target)
            )
            made = encompass.compose(
                self.record,
                way.school,
                policy=policy,
                prepared=self.at,
                reviewed=not at_once,
                known=known,
            )
            self._prepared(made, way.target)
        encompass.bring_in_line(self.connection, self._name, way.by_hand)

    def school_waits(self) -> None:
        """Somebody near the child must not know, or telling may warn (R-51): no school is told by itself.

        What a school has read already stays there. Who takes it back, and how, is for the specialists.
        """
        for one in self.episode:
            if one.record_type == encompass.ENC:
                encompass.covert_came(self.connection, one.record)
                corrections.hold_back(self.connection, Of.one(one.record, SCHOOL_TARGET), reason=COVERT_RULE)

    def withdrawn(self, targets: Targets) -> None:
        """The record was taken back: whoever has had something of it is told."""
        begins = (outbox.LOCAL_AUTHORITY, MISSING_TARGET)
        councils = {to: ends for to, ends in targets.items() if to.startswith(begins)}
        others = {to: ends for to, ends in targets.items() if to not in councils}
        first = {INTERVIEW: RETURNED, ASSESSMENT: REPORT}.get(self.record.header.record_type)
        added_to = self._neighbour(first) if first else None
        self._take_back(councils, Because.WITHDRAWN, added_to)
        self._take_back(others, Because.WITHDRAWN)

    def _of_return(self, rules: set[str], guarded: Sequence[Record]) -> None:
        """The notice of the return; an interview that comes later adds to it.

        Where the return names another council now, the one that had it is told so. Of a child who has only
        rung nothing goes (R-08b): whoever was told that the child is back hears that they are not.
        """
        returned, interview = self._neighbour(RETURNED), self._neighbour(INTERVIEW)
        if returned is None:
            return
        self._no_longer_missing(returned)
        policy = self.context.policy(self.record.header.force)
        target = f"{outbox.LOCAL_AUTHORITY}{notices.authority_of(returned, policy)}"
        together = [str(one.header.record) for one in (returned, interview) if one is not None]
        of = Of(records=together, told_by=(self._name,), kind=outbox.LOCAL_AUTHORITY)
        if has_only_rung(returned.answers):
            if self._again and returned is self.record:
                self._holds_no_longer(of, Because.NOT_BACK, but=())
            return
        if self._again and returned is self.record:
            self._holds_no_longer(of, Because.OTHER_COUNCIL, but=[target])
        known = self._speaks(of, target)
        made = notices.compose(
            returned,
            interview=interview,
            because_of=self.record,
            policy=policy,
            rules=rules,
            prepared=self.at,
            known=known,
            beside=guarded,
        )
        self._prepared(made, target)

    def _of_missing(self, rules: set[str], guarded: Sequence[Record]) -> None:
        """That a child is missing, as the force has it told; the assessment that comes later adds to it.

        Of a child who is back already councils have had the return, or have it now.
        """
        report, assessment = self._neighbour(REPORT), self._neighbour(ASSESSMENT)
        if report is None or not all(has_only_rung(one.answers) for one in self._returns()):
            return
        policy = self.context.policy(self.record.header.force)
        by_system = councils_hear_of(report.answers, policy.settings)
        councils = missing_notices.councils_of(report, policy) if by_system else ()
        together = [str(one.header.record) for one in (report, assessment) if one is not None]
        of = Of(records=together, told_by=(self._name,), kind=MISSING_TARGET)
        self._missing_no_longer_told(report, of, [f"{MISSING_TARGET}{one}" for one in councils])
        for council in councils:
            target = f"{MISSING_TARGET}{council}"
            known = self._speaks(of, target)
            made = missing_notices.compose(
                report,
                authority=council,
                assessment=assessment,
                because_of=self.record,
                policy=policy,
                rules=rules,
                prepared=self.at,
                known=known,
                beside=guarded,
            )
            self._prepared(made, target)

    def _missing_no_longer_told(self, report: Record, of: Of, now: Collection[str]) -> None:
        """Whoever was told by an earlier revision of the report, and is told no longer, hears why.

        A child who may have been taken is missing all the same: what has left stands.
        """
        if not self._again or report is not self.record:
            return
        if codes_of(report.answers.get("mis.returned_before_report")) not in {(), ("no",)}:
            self._holds_no_longer(of, Because.NOT_MISSING, but=now)
        elif now:
            self._holds_no_longer(of, Because.OTHER_COUNCIL, but=now)
        else:
            corrections.hold_back(self.connection, of, reason=outbox.SUPERSEDED)

    def _no_longer_missing(self, returned: Record) -> None:
        """What was still to say that the child is missing goes nowhere once the child is back."""
        reports = [one.record for one in self.episode if one.record_type in {REPORT, ASSESSMENT}]
        if reports and not has_only_rung(returned.answers):
            outbox.stop(self.connection, records=reports, target=MISSING_TARGET, reason=outbox.SUPERSEDED)

    def _returns(self) -> Iterator[Record]:
        """The returns of this episode that can be read."""
        for one in self.episode:
            if one.record_type == RETURNED:
                found = evidence.readable(self.connection, self.context.keys.safe, one.record, one.rev)
                if found is not None:
                    yield found

    def _of_danger(self, rules: set[str], guarded: Sequence[Record], *, shows: bool) -> None:
        """A child in danger, or in danger no longer: each council that is told hears of both at once."""
        policy, of = self.context.policy(self.record.header.force), Of.one(self._name, DANGER_TARGET)
        councils = referrals.told_of_danger(self.record, policy) if shows else ()
        if self._again:
            now = [f"{DANGER_TARGET}{council}" for council in councils]
            self._holds_no_longer(of, self._of_danger_because(shows=shows), but=now)
        beside = [found for kind in (RETURNED, INTERVIEW) if (found := self._neighbour(kind))]
        for council in councils:
            target = f"{DANGER_TARGET}{council}"
            known = self._speaks(of, target)
            made = referrals.danger(
                self.record,
                authority=council,
                policy=policy,
                rules=rules,
                prepared=self.at,
                known=known,
                beside=[*(one for one in beside if one is not self.record), *guarded],
            )
            self._prepared(made, target)

    def _of_danger_because(self, *, shows: bool) -> Because:
        """Why a council that was told of a danger and is not told this time has to hear of it."""
        if not shows:
            return Because.DANGER_OVER
        used = self.record.header.record_type == PROTECTION_USED
        return Because.NEITHER_COUNCIL if used else Because.OTHER_COUNCIL

    @property
    def _name(self) -> str:
        return str(self.record.header.record)

    @property
    def _again(self) -> bool:
        """Whether an earlier revision may have left."""
        return self.record.header.revision > 1

    def _speaks(self, of: Of, target: str) -> bool:
        """This revision speaks at a target from now on; whether an earlier one may be known there."""
        rev = self.record.header.revision
        return self._again and corrections.give_way(self.connection, of, to=rev, target=target)

    def _holds_no_longer(self, of: Of, because: Because, *, but: Collection[str]) -> None:
        targets = corrections.hold_back(self.connection, of, but=but, reason=outbox.SUPERSEDED)
        self._take_back(targets, because)

    def _take_back(self, targets: Targets, because: Because, added_to: Record | None = None) -> None:
        corrections.take_back(
            self.context,
            self.connection,
            self.record,
            targets,
            because,
            at=self.at,
            added_to=added_to,
        )

    def _neighbour(self, kind: str) -> Record | None:
        """The record of this kind from the same doorstep: this one, or the newest that has arrived."""
        header = self.record.header
        if header.record_type == kind:
            return self.record
        for one in self.episode:
            if (one.record_type, one.encounter) == (kind, str(header.encounter)):
                return evidence.readable(self.connection, self.context.keys.safe, one.record, one.rev)
        return None

    def _guarded(self) -> list[Record]:
        """What else of this child and episode says who must not know: police protection, or a handover."""
        parts = (
            evidence.readable(self.connection, self.context.keys.safe, one.record, one.rev)
            for one in self.episode
            if one.covert and one.record_type in SAYS_WHO_MUST_NOT_KNOW and one.record != self._name
        )
        # An episode may have records of a brother too: who must not know of him may know of her.
        mine = self.record.header.subject
        return [one for one in parts if one is not None and one.header.subject == mine]

    def _prepared(self, made: Notice, target: str) -> None:
        safe = self.context.keys.safe
        if notices.prepare(self.connection, safe, made, record=self.record, at=self.at) is None:
            return
        self._owe(target)
        self._note("notice_prepared", {"kind": made.kind, "authority": made.authority})

    def _owe(self, target: str) -> None:
        """Owe it when the force has set that it leaves; what waits for a decision waits only so long."""
        policy, output = self.context.policy(self.record.header.force), outbox.output_of(target)
        held = policy.leaving[output].when is not Release.SUBMISSION
        if held and not self.waits:
            return
        limit = encompass.limit_of(policy, output, self.at)
        self._write(target, held=held, limit_at=limit if held else None)

    def _write(self, target: str, *, held: bool, limit_at: datetime | None) -> None:
        header = self.record.header
        outbox.owe(
            self.connection,
            force=header.force,
            target=target,
            record=str(header.record),
            rev=header.revision,
            at=self.at,
            held=held,
            limit_at=limit_at,
        )

    def _note(self, what: str, more: Mapping[str, str]) -> None:
        header = self.record.header
        audit.note(
            self.connection,
            force=header.force,
            record=str(header.record),
            who=SYSTEM,
            what=what,
            at=self.at,
            detail={"rev": header.revision, **more},
        )
