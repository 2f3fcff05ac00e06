"""Every address of the handhelds, for everybody: by role, by unit and force, and by how they are signed in.

What each is answered is written down here and in no other place: an address that is new to the table of
routes fails until somebody has said who may do what there. What is asked about is always the author's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Final

import httpx
import pytest
from sqlalchemy import Connection

from sync_server.api.routes import ADDRESSES, Address
from sync_server.identity import accounts, devices
from sync_server.identity.accounts import Role
from sync_server.identity.devices import DeviceState
from sync_server.identity.sessions import ACCESS_LIFETIME
from tests.support.asking_each import ASKED, PEOPLE, Night, a_night
from tests.support.devices import Handheld

pytestmark = pytest.mark.thorough

EVERYBODY: Final = frozenset(PEOPLE)
OTHERS: Final = EVERYBODY - {"author"}
OF_ANOTHER_FORCE: Final = frozenset({"officer of another force", "sergeant of another force"})
ELSEWHERE: Final = frozenset({"officer elsewhere", "sergeant elsewhere"})
TEAMS: Final = frozenset({"missing team", "vulnerability team"})

FOR_ANYBODY: Final = {
    ("GET", "/v1/hello"),
    ("GET", "/v1/keys"),
    ("OPTIONS", "/v1/uploads/"),
    ("POST", "/v1/enrol"),
}
"""What a handheld asks before it is one of ours: what it proves, test_enrolling.py says."""

ANSWERED: Final[Mapping[tuple[str, str], Mapping[str, frozenset[str]]]] = {
    ("POST", "/v1/auth/begin"): {"200": EVERYBODY},
    ("POST", "/v1/auth/token"): {"202": frozenset({"author"}), "410 flow_over": OTHERS},
    ("POST", "/v1/auth/refresh"): {"200": frozenset({"author"}), "401 session_over": OTHERS},
    ("DELETE", "/v1/auth/session"): {"200": EVERYBODY},
    ("POST", "/v1/submissions"): {
        "201": frozenset({"author", "colleague", "sergeant"}),
        "422 invalid not_their_unit": ELSEWHERE | TEAMS | {"incident manager"},
        "422 invalid wrong_device": OF_ANOTHER_FORCE,
    },
    ("POST", "/v1/batch"): {
        "207 201": frozenset({"author", "colleague", "sergeant"}),
        "207 422 invalid not_their_unit": ELSEWHERE | TEAMS | {"incident manager"},
        "207 422 invalid wrong_device": OF_ANOTHER_FORCE,
    },
    ("POST", "/v1/submissions/sealed-before"): {
        "201": frozenset({"author"}),
        "422 invalid bad_signature": OTHERS,
    },
    ("GET", "/v1/changes"): {
        "200 shift_pack status": frozenset({"author"}),
        "200 review shift_pack": frozenset({"sergeant"}),
        "200 shift_pack": frozenset({"colleague", "missing team"}),
        "200": EVERYBODY - {"author", "sergeant", "colleague", "missing team"},
    },
    ("POST", "/v1/changes/ack"): {"200": EVERYBODY},
    ("POST", "/v1/tasks"): {
        "200 stands": frozenset({"author", "sergeant", "incident manager"}),
        "200 not_theirs": ELSEWHERE | TEAMS | {"colleague"},
        "200 unknown_task": OF_ANOTHER_FORCE,
    },
    ("POST", "/v1/given"): {"200 stands": frozenset({"author"}), "400 unreadable_message": OTHERS},
    ("POST", "/v1/given/{given}"): {
        "200 stands": frozenset({"colleague"}),
        "200 not_trained": frozenset({"sergeant"}),
        "200 not_theirs": EVERYBODY - {"colleague", "sergeant"},
    },
    ("POST", "/v1/drafts"): {"200": EVERYBODY},
    ("POST", "/v1/log"): {"200": EVERYBODY},
    ("POST", "/v1/drafts/copies"): {"200": frozenset({"author"}), "400 unreadable_message": OTHERS},
    ("GET", "/v1/records/{record}"): {"200": frozenset({"author"}), "403 not_your_record": OTHERS},
    ("GET", "/v1/records/{record}/attachments/{attachment}"): {
        "200": frozenset({"author", "sergeant"}),
        "403 not_your_record": OTHERS - {"sergeant"},
    },
    ("POST", "/v1/status"): {"200": EVERYBODY},
    ("POST", "/v1/copies"): {"200 here": frozenset({"author"}), "200 missing": OTHERS},
    ("POST", "/v1/uploads/"): {"201": frozenset({"author"}), "403 not_your_attachment": OTHERS},
    ("HEAD", "/v1/uploads/{upload}"): {"200": frozenset({"author"}), "404 no_such_upload": OTHERS},
    ("PATCH", "/v1/uploads/{upload}"): {"204": frozenset({"author"}), "404 no_such_upload": OTHERS},
    ("DELETE", "/v1/uploads/{upload}"): {"204": frozenset({"author"}), "404 no_such_upload": OTHERS},
    ("POST", "/v1/orders/heard"): {"200": EVERYBODY},
    ("POST", "/v1/recovery"): {"200": frozenset({"author"}), "409 handheld_refused": OTHERS},
    ("POST", "/v1/recovery/used"): {"200": EVERYBODY},
}
STILL_HEARD: Final = {("POST", "/v1/submissions/sealed-before"), ("POST", "/v1/orders/heard")}
SESSION_OVER, UNKNOWN = (401, "session_over"), (401, "unknown_device")
NOT_ACTIVE = (403, "device_not_active")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """A server, and somebody of every kind on a handheld of their own."""
    with a_night(tmp_path_factory.mktemp("matrix")) as night:
        yield night


def said(answer: httpx.Response) -> str:
    """The answer in the words of the table: its status, its code, and what else tells people apart."""
    content = answer.json() if answer.content.startswith(b"{") else {}
    words = [str(answer.status_code), answer.headers.get("Homeward-Refused", ""), *content.get("codes", ())]
    if "stands" in content:
        words.append("stands" if content["stands"] else content["why_void"])
    if "missing" in content:
        words.append("missing" if content["missing"] else "here")
    for one in content.get("results", ()):
        alone = json.loads(one["answer"])
        words += [str(one["status"]), alone.get("code", ""), *alone.get("codes", ())]
    words += sorted({one["kind"] for one in content.get("items", ())})
    return " ".join(word for word in words if word)


def test_somebody_has_said_of_every_address_who_may_do_what() -> None:
    """An address without its row here is nobody's yet."""
    there = {(one.method, one.path) for one in ADDRESSES}

    assert ANSWERED.keys() | FOR_ANYBODY == there
    assert ASKED.keys() == ANSWERED.keys()
    for row in ANSWERED.values():
        assert sorted(who for people in row.values() for who in people) == sorted(EVERYBODY)
    assert {(one.method, one.path) for one in ADDRESSES if not one.enrolled} == FOR_ANYBODY


@pytest.mark.parametrize("address", ANSWERED, ids=" ".join)
def test_everybody_is_answered_as_the_table_says(night: Night, address: tuple[str, str]) -> None:
    """About what is the author's: to them, to others of their unit, of another unit, of another force."""
    answered: dict[str, set[str]] = {}
    for who, handheld in night.handhelds.items():
        answered.setdefault(said(ASKED[address](night, handheld)), set()).add(who)

    assert answered == ANSWERED[address]


@contextmanager
def _with_token(night: Night, token: str) -> Iterator[Handheld]:
    """The author, holding up this."""
    kept, night.author.access = night.author.access, token
    try:
        yield night.author
    finally:
        night.author.access = kept


@contextmanager
def _too_late(night: Night) -> Iterator[Handheld]:
    night.server.clock.at += ACCESS_LIFETIME + timedelta(seconds=1)
    try:
        yield night.author
    finally:
        night.server.clock.at -= ACCESS_LIFETIME + timedelta(seconds=1)


@contextmanager
def _signed_out(night: Night) -> Iterator[Handheld]:
    over = night.author.access
    night.author.as_officer("DELETE", "/v1/auth/session")
    night.author.sign_in("author")
    with _with_token(night, over) as author:
        yield author


@contextmanager
def _no_officer_any_more(night: Night) -> Iterator[Handheld]:
    def become(*roles: Role) -> None:
        def work(db: Connection) -> None:
            found = accounts.by_id(db, night.author.officer)
            assert found is not None
            accounts.set_roles(db, found, roles=frozenset(roles), unit=found.person.unit)

        night.server.context.store.write(work)

    become(Role.ANALYST)
    try:
        yield night.author
    finally:
        become(Role.OFFICER)
        night.author.sign_in("author")


@contextmanager
def _in_state(night: Night, state: DeviceState) -> Iterator[Handheld]:
    id_ = night.author.id
    night.server.context.store.write(lambda db: devices.set_state(db, id_, state))
    try:
        yield night.author
    finally:
        night.server.context.store.write(lambda db: devices.set_state(db, id_, DeviceState.ACTIVE))


@contextmanager
def _unknown(night: Night) -> Iterator[Handheld]:
    kept, night.author.id = night.author.id, "nobody"
    try:
        yield night.author
    finally:
        night.author.id = kept


States = Mapping[str, Callable[[Night], AbstractContextManager[Handheld]]]
NOT_SIGNED_IN: Final[States] = {
    "nobody": lambda night: _with_token(night, ""),
    "a made-up token": lambda night: _with_token(night, "made-up"),
    "a token of a colleague": lambda night: _with_token(night, night.handhelds["colleague"].access),
    "a token that is too old": _too_late,
    "somebody who has signed out": _signed_out,
    "no officer any more": _no_officer_any_more,
}
NOT_ONE_OF_OURS: Final[States] = {
    "a handheld that was stopped": lambda night: _in_state(night, DeviceState.SUSPENDED),
    "a handheld that is lost": lambda night: _in_state(night, DeviceState.REVOKED),
    "a handheld that nobody knows": _unknown,
}
SIGNED: Final = [one for one in ADDRESSES if (one.method, one.path) in ANSWERED]


def _refusals(night: Night, states: States, address: Address) -> dict[str, tuple[int, str]]:
    """How each of these is refused at this address; "" where not."""
    found = {}
    for name, state in states.items():
        with state(night) as handheld:
            ask = handheld.as_officer if handheld.access else handheld.send
            answer = ask(address.method, re.sub(r"{\w+}", "0", address.path))
        found[name] = (answer.status_code, answer.headers.get("Homeward-Refused", ""))
    return found


@pytest.mark.parametrize("address", SIGNED, ids=lambda one: f"{one.method} {one.path}")
def test_a_session_counts_where_an_officer_is_needed(night: Night, address: Address) -> None:
    """None, made up, somebody else's, too old, ended, of somebody who is no officer any more: all alike."""
    refused = _refusals(night, NOT_SIGNED_IN, address)

    if address.session:
        assert refused == dict.fromkeys(NOT_SIGNED_IN, SESSION_OVER)
    else:
        assert SESSION_OVER not in refused.values()


@pytest.mark.parametrize("address", SIGNED, ids=lambda one: f"{one.method} {one.path}")
def test_a_handheld_that_is_not_ours_gets_nowhere(night: Night, address: Address) -> None:
    """One that was stopped may only bring what it had sealed, and say that it follows its order."""
    refused = _refusals(night, NOT_ONE_OF_OURS, address)

    stopped_too = (address.method, address.path) in STILL_HEARD
    assert refused.pop("a handheld that nobody knows") == UNKNOWN
    assert [one == NOT_ACTIVE for one in refused.values()] == [not stopped_too] * 2
