"""Whose account a proven sign-in is for, and which roles and unit their groups give them.

The account has to be here already: an administrator makes it, with the number or user name that the provider
knows. Roles, and the unit where a group names one, are the groups' from then on: they are set anew at each
sign-in, so that whoever was taken out of a group has lost what it gave. An account belongs to the first
force account that used it; a number that is given to somebody else does not open it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce

from sqlalchemy import Connection, delete, insert, select

from sync_server import audit
from sync_server.db.identity import force_person
from sync_server.force_accounts.proofs import Claims
from sync_server.force_accounts.refusals import (
    AnotherPerson,
    ForceSignInRefused,
    LocalOnly,
    NobodyKnown,
    NoGroup,
    NotProven,
    TwoUnits,
)
from sync_server.force_provider import ForceProvider, Group, PersonIs
from sync_server.identity import accounts
from sync_server.identity.accounts import Account, Role
from sync_server.identity.codes import fingerprint

LONGEST = 200
HOW = "force account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the provider has told of somebody. ``subject`` is its own name for them, which never changes."""

    person: str = field(repr=False)
    groups: frozenset[str] = field(repr=False)
    subject: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """Proven and not let in: why, and whose account it would have been, where there is one."""

    because: ForceSignInRefused
    account: Account | None = None


def told(claims: Claims, said: ForceProvider) -> Told:
    """Take from the claims what was set to be read."""
    person = claims.get(said.person_claim)
    if not isinstance(person, str) or not 0 < len(person.strip()) <= LONGEST:
        raise NotProven("it does not say who this is in the claim that was set")
    groups = claims.get(said.groups_claim, [])
    several = groups if isinstance(groups, list) else [groups]
    return Told(
        person=person.strip(),
        groups=frozenset(one for one in several if isinstance(one, str)),
        subject=f"{claims['iss']} {claims['sub']}",
    )


def let_in(
    db: Connection, who: Told, said: ForceProvider, *, force: str, now: datetime
) -> Account | Refused:
    """The account of this person as their groups make it now, or why they do not get in."""
    account = _account_of(db, who, said, force)
    if account is None:
        return Refused(NobodyKnown())
    if said.is_local_only(account.person.user) or account.person.council:
        return Refused(LocalOnly(), account)
    mine = [said.groups[one] for one in sorted(who.groups & said.groups.keys())]
    units = {one.unit for one in mine if one.unit}
    if not mine:
        return Refused(NoGroup(), account)
    if len(units) > 1:
        return Refused(TwoUnits(), account)
    if not _is_theirs(db, account, who, now=now):
        return Refused(AnotherPerson(), account)
    _take_over(db, account, _roles(mine), units.pop() if units else account.person.unit, now=now)
    return accounts.by_id(db, account.id) or Refused(NobodyKnown())


def forget_person(db: Connection, user: str, *, who: str, now: datetime) -> bool:
    """Let another force account use this account from here on. Whether one had used it."""
    account = accounts.by_user(db, user)
    if account is None:
        return False
    gone = delete(force_person).where(force_person.c.account == account.id).returning(force_person.c.account)
    if db.execute(gone).first() is None:
        return False
    _note(db, account, "another force account may use it", who=who, now=now)
    return True


def _account_of(db: Connection, who: Told, said: ForceProvider, force: str) -> Account | None:
    """The one account that this can be. Where two have the number, nobody can tell whose sign-in it is."""
    if said.person_is is PersonIs.USER:
        found = accounts.by_user(db, who.person)
        several = [found] if found is not None and found.person.force == force else []
    else:
        several = accounts.by_shoulder_no(db, force, who.person)
    return several[0] if len(several) == 1 and several[0].active else None


def _roles(groups: list[Group]) -> frozenset[Role]:
    return reduce(frozenset.union, (one.roles for one in groups), frozenset())


def _is_theirs(db: Connection, account: Account, who: Told, *, now: datetime) -> bool:
    """Whether this force account is the one that first used this account; from now on, if none has."""
    subject = fingerprint(who.subject)
    kept = db.scalar(select(force_person.c.subject_hash).where(force_person.c.account == account.id))
    if kept is not None:
        return bool(kept == subject)
    values = {
        "account": account.id,
        "force": account.person.force,
        "subject_hash": subject,
        "first_at": now,
    }
    db.execute(insert(force_person).values(values))
    _note(db, account, "first used with a force account", who=account.id, now=now)
    return True


def _take_over(
    db: Connection, account: Account, roles: frozenset[Role], unit: str, *, now: datetime
) -> None:
    """Make roles and unit what the groups say, and note it where that is a change."""
    if (roles, unit) == (account.person.roles, account.person.unit):
        return
    accounts.set_roles(db, account, roles=roles, unit=unit)
    detail: dict[str, str | int | list[str]] = {
        "by": HOW,
        "roles": sorted(roles),
        "unit": unit,
        "before": [*sorted(account.person.roles), account.person.unit],
    }
    audit.note(
        db,
        force=account.person.force,
        record=f"account:{account.id}",
        who=account.id,
        what="roles and unit set by groups",
        at=now,
        detail=detail,
    )


def _note(db: Connection, account: Account, what: str, *, who: str, now: datetime) -> None:
    chain = f"account:{account.id}"
    audit.note(db, force=account.person.force, record=chain, who=who, what=what, at=now, detail={"by": HOW})
