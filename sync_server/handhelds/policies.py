"""What a force's handhelds do: its decisions and the usual ones, numbered and signed when they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from booklets.sealing import sign_policy
from sync_server import audit
from sync_server.context import Context
from sync_server.db.handhelds import handheld_policy
from sync_server.db.types import insert_if_new
from sync_server.settings import ForcePolicy

USUAL: Mapping[str, int | str] = {
    "keep_readable_minutes": 60,
    "lock_after_seconds": 120,
    "max_offline_days": 14,
    "wipe_after_days": 0,
    "max_vaults": 6,
    "least_pin_digits": 6,
    "support_phone": "",
    "finger_unlock_hours": 0,
}
"""What a handheld does unless its force has decided otherwise. ``wipe_after_days`` 0: never by itself.

``finger_unlock_hours`` 0: no finger or face opens a vault, only its PIN.
"""


@dataclass(frozen=True, slots=True)
class Issued:
    """A policy as it is given to handhelds."""

    number: int
    policy: Mapping[str, int | str]
    statement: bytes = field(repr=False)


def what_a_handheld_does(policy: ForcePolicy) -> dict[str, int | str]:
    """What a force has decided about its handhelds, and the usual where it has said nothing sensible."""
    decided = {**policy.settings}
    decided.setdefault("support_phone", policy.phone)
    return {
        name: value if type(value := decided.get(name)) is type(usual) and _fits(value) else usual
        for name, usual in USUAL.items()
    }


def current(context: Context, force: str, *, now: datetime) -> Issued:
    """The policy of this force as it is now; signed under the next number if it changed since the last."""
    decided = what_a_handheld_does(context.policy(force))
    with context.store.read() as db:
        last = _last(db, force)
    if last is None or dict(last["policy"]) != decided:
        last = context.store.write(lambda db: _issue(context, db, force, decided, now))
    return Issued(last["number"], last["policy"], bytes(last["statement"]))


def _issue(
    context: Context, db: Connection, force: str, decided: Mapping[str, int | str], now: datetime
) -> RowMapping:
    """Two processes may both see the change: the second finds what the first has issued."""
    last = _last(db, force)
    if last is not None and dict(last["policy"]) == decided:
        return last
    number = max(last["number"] if last else 0, audit.never_given_before(db)) + 1
    statement = sign_policy(decided, force=force, number=number, issued=now, root=context.keys.root)
    values = {
        "force": force,
        "number": number,
        "policy": dict(decided),
        "issued_at": now,
        "statement": statement,
    }
    insert_if_new(db, handheld_policy, values, [handheld_policy.c.number])
    issued = _last(db, force)
    if issued is None:
        raise LookupError("the policy that was issued just now is not there")
    return issued


def _last(db: Connection, force: str) -> RowMapping | None:
    query = select(handheld_policy).where(handheld_policy.c.force == force)
    return db.execute(query.order_by(handheld_policy.c.number.desc()).limit(1)).mappings().first()


def _fits(value: object) -> bool:
    return (isinstance(value, int) and value >= 0) or (isinstance(value, str) and len(value) <= 80)  # noqa: PLR2004
