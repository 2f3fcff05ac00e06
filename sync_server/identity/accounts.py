"""People who may sign in, and what they are: their force, unit and roles.

Passwords are the default of a small or first installation. A force's own sign-in (``force_accounts``) stands
in the same place: whatever proves who somebody is, the rest of the server sees an ``Account``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from booklets.entities import new_id
from sync_server.db.identity import account
from sync_server.identity.refusals import AccountExists, NotACouncils
from sync_server.keys import passwords
from sync_server.roles import Role as Role  # noqa: PLC0414 - passed on: an account is what has roles

WRONG_TRIES = 5
LOCKED_FOR = timedelta(minutes=5)


HANDHELD_ROLES = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.FIM, Role.VAT, Role.MHET})
"""Whoever writes records, on a handheld or on the enrolled computer of a team's desk."""
CONSOLE_ROLES = frozenset(Role) - {Role.OFFICER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who somebody is, as records and screens name them."""

    user: str
    name: str
    rank: str
    shoulder_no: str
    station: str
    force: str
    unit: str
    roles: frozenset[Role]
    works_with_children: bool
    """R-58: trained for work with children, as the force says."""
    council: str = ""
    """Of somebody who works for a council: which one, by its code. They see what was delivered there."""
    held_out_of: frozenset[int] | None = None
    """Of which restricted children they may not read now; None where nobody has asked: of none."""

    @property
    def asked_as(self) -> frozenset[Role]:
        """The roles whose news is theirs: what the officers of a unit are offered is work with a child."""
        return self.roles if self.works_with_children else self.roles - {Role.OFFICER}


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can sign in."""

    id: str
    person: Person
    password_hash: str = field(repr=False)
    active: bool
    failures: int
    locked_until: datetime | None

    def may(self, roles: frozenset[Role]) -> bool:
        """Whether this person has any of these roles and is still here."""
        return self.active and bool(self.person.roles & roles)


def add(db: Connection, person: Person, *, password_hash: str) -> str:
    """Make an account and give its id."""
    if by_user(db, person.user) is not None:
        raise AccountExists(f"There is already an account {person.user}. It was not changed.")
    of_council = Role.LOCAL_AUTHORITY in person.roles
    if of_council != bool(person.council) or (of_council and len(person.roles) > 1):
        raise NotACouncils(
            f"Somebody at a council has the role {Role.LOCAL_AUTHORITY} alone and a council; nobody else "
            "has one. Nothing was made."
        )
    id_ = str(new_id())
    values = {
        "id": id_,
        "force": person.force,
        "username": person.user.lower(),
        "password_hash": password_hash,
        "name": person.name,
        "rank": person.rank,
        "shoulder_no": person.shoulder_no,
        "station": person.station,
        "unit": person.unit,
        "roles": sorted(person.roles),
        "works_with_children": person.works_with_children,
        "council": person.council,
        "state": "active",
        "failures": 0,
    }
    db.execute(insert(account).values(values))
    return id_


def by_user(db: Connection, user: str) -> Account | None:
    """The account of this user name, or None."""
    return _account(db.execute(select(account).where(account.c.username == user.lower())).mappings().first())


def by_id(db: Connection, id_: str) -> Account | None:
    """The account of this id, or None."""
    return _account(db.execute(_BY_ID, {"of": id_}).mappings().first())


_BY_ID = select(account).where(account.c.id == bindparam("of"))


def by_shoulder_no(db: Connection, force: str, shoulder_no: str) -> list[Account]:
    """The accounts of a force with this number. Two people can have been given one number."""
    query = select(account).where(account.c.force == force, account.c.shoulder_no == shoulder_no)
    return [of_row(row) for row in db.execute(query).mappings()]


def set_roles(db: Connection, found: Account, *, roles: frozenset[Role], unit: str) -> None:
    """Give an account the roles and the unit that it has from here on, in every session it has open."""
    changed = {"roles": sorted(roles), "unit": unit}
    db.execute(update(account).where(account.c.id == found.id).values(changed))


def ids_of(db: Connection, force: str, role: Role) -> frozenset[str]:
    """Everybody of a force who has this role and is still here."""
    query = select(account.c.id, account.c.roles).where(
        account.c.force == force, account.c.state == "active"
    )
    return frozenset(row.id for row in db.execute(query) if role.value in row.roles)


def any_for_children(db: Connection, force: str, unit: str) -> bool:
    """R-58: whether an officer of this unit who is still here is trained for work with children."""
    query = select(account.c.roles).where(
        account.c.force == force,
        account.c.unit == unit,
        account.c.state == "active",
        account.c.works_with_children,
    )
    return any(Role.OFFICER.value in roles for roles in db.execute(query).scalars())


def any_trained(db: Connection, force: str, role: Role) -> bool:
    """R-58: whether somebody of a force who has this role and is still here is trained for it."""
    query = select(account.c.roles).where(
        account.c.force == force, account.c.state == "active", account.c.works_with_children
    )
    return any(role.value in roles for roles in db.execute(query).scalars())


def say_trained(db: Connection, user: str, *, works_with_children: bool) -> bool:
    """Say whether somebody is trained for work with children; whether there is such an account."""
    changed = update(account).where(account.c.username == user.lower()).returning(account.c.id)
    return db.execute(changed.values(works_with_children=works_with_children)).first() is not None


def password_fits(found: Account | None, password: str, *, now: datetime) -> bool:
    """Whether the password is right. Somebody unknown or locked out waits just as long for the same no."""
    kept = found.password_hash if found is not None else _nobodys_hash()
    fits = passwords.fits(password, kept)
    locked = found is not None and found.locked_until is not None and now < found.locked_until
    return fits and found is not None and found.active and not locked


def note_try(db: Connection, found: Account, *, fitted: bool, now: datetime) -> None:
    """Count a wrong password, and lock the account for a while after five; a right one starts anew."""
    failures = 0 if fitted else found.failures + 1
    locked = found.locked_until if found.locked_until and now < found.locked_until else None
    if failures >= WRONG_TRIES:
        failures, locked = 0, now + LOCKED_FOR
    db.execute(
        update(account).where(account.c.id == found.id).values(failures=failures, locked_until=locked)
    )


def set_password(db: Connection, user: str, *, password_hash: str) -> None:
    """Replace somebody's password and lift any lock."""
    changed = {"password_hash": password_hash, "failures": 0, "locked_until": None}
    db.execute(update(account).where(account.c.username == user.lower()).values(changed))


@cache
def _nobodys_hash() -> str:
    return passwords.hash_password("nobody has this password", passwords.FULL_COST)


def _account(row: RowMapping | None) -> Account | None:
    return None if row is None else of_row(row)


def of_row(row: RowMapping | Mapping[str, Any]) -> Account:
    """The account in a row that has all of its columns."""
    person = Person(
        user=row["username"],
        name=row["name"],
        rank=row["rank"],
        shoulder_no=row["shoulder_no"],
        station=row["station"],
        force=row["force"],
        unit=row["unit"],
        roles=frozenset(Role(role) for role in row["roles"]),
        works_with_children=row["works_with_children"],
        council=row["council"],
    )
    return Account(
        row["id"],
        person,
        row["password_hash"],
        row["state"] == "active",
        row["failures"],
        row["locked_until"],
    )
