"""What a record makes owed to systems outside, prepared and written down in its own transaction.

At once: the notice of the return, and what says that a child is in danger now (R-61). Held until somebody
has decided: the referral that follows from a PPN, and the record for the force's own system where the
force wants a supervisor to look first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from booklets.records import Record
from sync_server import audit, evidence, notices, referrals
from sync_server.context import Context
from sync_server.flags import in_danger
from sync_server.forwarding import outbox
from sync_server.notices import Notice
from sync_server.referrals import DANGER_TARGET, PARTNER_TARGET, PPN
from sync_server.settings import Release

RETURN, INTERVIEW = "RET", "PVI"
SYSTEM = "server"


@dataclass(frozen=True, slots=True)
class Owing:
    """One record that makes things owed, with the rows of its episode in the register."""

    context: Context
    connection: Connection
    record: Record
    episode: Sequence[Any]
    at: datetime

    def to_force(self, *, held: bool) -> None:
        """Owe the record to the force: now, or once a supervisor has looked, as the force has set."""
        policy = self.context.policy(self.record.header.force)
        self._owe(outbox.FORCE_RECORDS, held=held or policy.force_records is Release.SUPERVISOR)

    def to_councils(self, flags: Mapping[str, Any]) -> None:
        """Owe what councils are told because of this record."""
        policy = self.context.policy(self.record.header.force)
        rules = {rule for one in self.episode for rule in one.flags.get("rules", ())}
        if self.record.header.record_type in {RETURN, INTERVIEW}:
            self._of_return(rules)
        if in_danger(flags):
            made = referrals.danger(self.record, policy=policy, rules=rules, prepared=self.at)
            self._prepared(made, f"{DANGER_TARGET}{made.authority}")
        if self.record.header.record_type == PPN:
            made = referrals.referral(self.record, policy=policy, rules=rules, prepared=self.at)
            self._prepared(made, f"{PARTNER_TARGET}{made.authority}", held=True)

    def corrections(self, targets: Iterable[str]) -> None:
        """The record was taken back: whoever has had something of it is told."""
        policy = self.context.policy(self.record.header.force)
        for target in targets:
            if target != outbox.FORCE_RECORDS:
                made = notices.withdrawal(
                    self.record,
                    kind=referrals.kind_for(target),
                    authority=target.partition(":")[2],
                    policy=policy,
                    prepared=self.at,
                )
                notices.prepare(
                    self.connection, self.context.keys.safe, made, record=self.record, at=self.at
                )
            self._owe(target)
            self._note("correction_owed", {"target": target})

    def _of_return(self, rules: set[str]) -> None:
        """The notice of the return; an interview that comes later adds to it."""
        returned, interview = self._neighbour(RETURN), self._neighbour(INTERVIEW)
        if returned is None:
            return
        made = notices.compose(
            returned,
            interview=interview,
            because_of=self.record,
            policy=self.context.policy(self.record.header.force),
            rules=rules,
            prepared=self.at,
        )
        self._prepared(made, f"{outbox.LOCAL_AUTHORITY}{made.authority}")

    def _neighbour(self, kind: str) -> Record | None:
        """The record of this kind from the same doorstep: this one, or the newest that has arrived."""
        header = self.record.header
        if header.record_type == kind:
            return self.record
        for one in self.episode:
            if (one.record_type, one.encounter) == (kind, str(header.encounter)):
                return evidence.record_of(self.connection, self.context.keys.safe, one.record, one.rev)
        return None

    def _prepared(self, made: Notice, target: str, *, held: bool = False) -> None:
        safe = self.context.keys.safe
        if notices.prepare(self.connection, safe, made, record=self.record, at=self.at) is None:
            return
        self._owe(target, held=held)
        self._note("notice_prepared", {"kind": made.kind, "authority": made.authority})

    def _owe(self, target: str, *, held: bool = False) -> None:
        header = self.record.header
        outbox.owe(
            self.connection,
            force=header.force,
            target=target,
            record=str(header.record),
            rev=header.revision,
            at=self.at,
            held=held,
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
