"""An invented force for trying things out: its people, their sign-ins, and codes for handhelds.

Everything here is for demonstration. Passwords and codes are made at random at the first start and kept in
``demo.json`` in the data folder, so that a second start can show them again; a real server shows each once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from sync_server.context import Context
from sync_server.demo import night
from sync_server.identity import accounts, enrolment
from sync_server.identity.accounts import Person, Role
from sync_server.identity.codes import new_code, new_password, shown
from sync_server.keys import passwords
from sync_server.keys.files import read_secret, write_secret

CODES = 10
CODE_LIFETIME = timedelta(hours=12)
FILE = "demo.json"
UNIT = "scarborough_response"
AT_A_DESK = frozenset(
    {Role.ANALYST, Role.RECORDS, Role.ADMIN, Role.AUDITOR, Role.LOCAL_AUTHORITY, Role.INTEGRATOR}
)
"""Who does no work with a child."""

PEOPLE: Mapping[str, tuple[str, str, str, str, str, tuple[Role, ...]]] = {
    "pc.wells": ("Hannah Wells", "PC", "4417", "Scarborough", UNIT, (Role.OFFICER,)),
    "pc.adeyemi": ("Ife Adeyemi", "PC", "4432", "Scarborough", UNIT, (Role.OFFICER,)),
    "sgt.oyelaran": ("Tunde Oyelaran", "Sgt", "2208", "Scarborough", UNIT, (Role.SUPERVISOR,)),
    "sgt.marsh": ("Bola Marsh", "Sgt", "2231", "Scarborough", UNIT, (Role.SUPERVISOR,)),
    "insp.varga": ("Petra Varga", "Insp", "0914", "Control room", "control_room", (Role.FIM,)),
    "vat.lindqvist": ("Sanna Lindqvist", "Ms", "7102", "Newby Wiske", "vat", (Role.VAT,)),
    "mhet.hale": ("Morwenna Hale", "DC", "1153", "Newby Wiske", "mhet", (Role.MHET,)),
    "di.ashdown": ("Greta Ashdown", "DI", "0377", "Newby Wiske", "vat", (Role.VAT, Role.SUPERVISOR)),
    "ds.quill": ("Osian Quill", "DS", "1102", "Newby Wiske", "mhet", (Role.MHET, Role.SUPERVISOR)),
    "pcso.reid": ("Callum Reid", "PCSO", "8310", "Scarborough", "child_exploitation", (Role.COMMUNITY,)),
    "analyst.okafor": ("Ngozi Okafor", "Ms", "7119", "Newby Wiske", "intelligence", (Role.ANALYST,)),
    "records.tan": ("Mei Tan", "Ms", "7240", "Newby Wiske", "information", (Role.RECORDS,)),
    "admin.frost": ("Idris Frost", "Mx", "9001", "Newby Wiske", "digital", (Role.ADMIN,)),
    "admin.reyes": ("Carla Reyes", "Ms", "9002", "Newby Wiske", "digital", (Role.ADMIN,)),
    "audit.bell": ("Rosalind Bell", "Ms", "7305", "Newby Wiske", "standards", (Role.AUDITOR,)),
    "systems.lowe": ("Femi Lowe", "Mx", "9104", "Newby Wiske", "digital", (Role.INTEGRATOR,)),
    "ds.ferris": ("Dana Ferris", "DS", "1127", "Newby Wiske", "child_exploitation", (Role.CET,)),
    "insp.holt": ("Gareth Holt", "Insp", "0522", "Scarborough", "coast_area", (Role.CII,)),
    "council.ayre": ("Jonah Ayre", "Mr", "C031", "Council", "duty_team", (Role.LOCAL_AUTHORITY,)),
}
"""Name, rank, number, station, unit, and what they are, first what they are called by."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What a person needs to try things out."""

    passwords: Mapping[str, str] = field(repr=False)
    codes: tuple[str, ...] = field(repr=False)
    open_codes: tuple[str, ...] = field(repr=False)


def prepare(context: Context, *, force: str) -> Demo:
    """Make the invented force, or find it as it was made before."""
    kept = _kept(context.settings.data / FILE)
    now = context.now()
    council = context.policy(force).local_authority
    people = {user: _person(user, force, council) for user in PEOPLE}
    first: Mapping[str, str] = kept["passwords"]
    with context.store.read() as db:
        missing = [user for user in people if accounts.by_user(db, user) is None]
    hashes = {user: passwords.hash_password(first[user], passwords.DRAWN_COST) for user in missing}

    def make(db: Connection) -> tuple[str, ...]:
        for user, password_hash in hashes.items():
            accounts.add(db, people[user], password_hash=password_hash)
        return tuple(code for code in kept["codes"] if _lay_out(db, code, force=force, now=now))

    open_codes = context.store.write(make)
    if not open_codes:
        _keep(context.settings.data / FILE, {**kept, "codes": [new_code() for _ in range(CODES)]})
        return prepare(context, force=force)
    if not kept.get("night"):
        night.send_the_night(context, force=force)
        _keep(context.settings.data / FILE, {**kept, "night": True})
    return Demo(first, tuple(kept["codes"]), open_codes)


def _lay_out(db: Connection, code: str, *, force: str, now: datetime) -> bool:
    return enrolment.keep_code(db, code, force=force, made_by="demo", now=now, lifetime=CODE_LIFETIME)


def _person(user: str, force: str, council: str) -> Person:
    """One of them; whoever works for a council works for the force's own."""
    name, rank, shoulder_no, station, unit, roles = PEOPLE[user]
    return Person(
        user=user,
        name=name,
        rank=rank,
        shoulder_no=shoulder_no,
        station=station,
        force=force,
        unit=unit,
        roles=frozenset(roles),
        works_with_children=not AT_A_DESK & set(roles),
        council=council if Role.LOCAL_AUTHORITY in roles else "",
    )


def _kept(file: Path) -> dict[str, Any]:
    if file.exists():
        content: dict[str, Any] = json.loads(read_secret(file))
        new = {user: new_password() for user in PEOPLE if user not in content["passwords"]}
        if new:  # somebody joined the invented force since the first start
            content["passwords"] |= new
            _keep(file, content)
        return content
    made = {
        "passwords": {user: new_password() for user in PEOPLE},
        "codes": [new_code() for _ in range(CODES)],
    }
    _keep(file, made)
    return made


def _keep(file: Path, content: Mapping[str, Any]) -> None:
    write_secret(file, json.dumps(content, indent=1).encode())


def as_json(context: Context, made: Demo | None) -> str:
    """One line for programs: where the server is, its root key, and how to sign in."""
    return json.dumps(_facts(context, made))


def as_words(context: Context, made: Demo | None) -> str:
    """The same for people."""
    facts = _facts(context, made)
    lines = [f"Homeward answers at {facts['url']}", f"  console    {facts['console']}"]
    if made is not None:
        lines += [
            "  This is a demonstration: invented people, and passwords that anybody here can read.",
            f"  enrolment  {facts['enrol_code']}   ({len(made.open_codes)} codes left, one handheld each)",
            f"  link       {facts['enrol_link']}",
            *(f"  {one['role']:<10} {one['user']}   {one['password']}" for one in facts["accounts"]),
        ]
    return "\n".join([*lines, f"  root key   {facts['root_key']}"])


def _facts(context: Context, made: Demo | None) -> dict[str, Any]:
    url = context.settings.public_origin
    root_key = sha256(context.keys.root.public).hexdigest()
    facts: dict[str, Any] = {"url": url, "console": f"{url}/", "root_key": root_key}
    if made is None:
        return facts
    code = made.open_codes[0]
    host = url.partition("://")[2]
    return facts | {
        "enrol_code": shown(code),
        "enrol_codes": [shown(one) for one in made.open_codes],
        "enrol_link": f"homeward-enrol://{host}/?c={code}&k={root_key}",
        "accounts": [
            {"user": user, "password": password, "role": PEOPLE[user][5][0].value}
            for user, password in made.passwords.items()
        ],
    }
