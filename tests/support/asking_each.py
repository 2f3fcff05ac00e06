"""Every address that a handheld signs for, asked about something of one officer's, by anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import select

from booklets.answers import instant
from booklets.batch import BATCH_TYPE, bound
from booklets.entities import new_id
from booklets.handing_on import Given, posted_draft
from booklets.records import Record
from sync_server.api.submitting import SEALED_TYPE
from sync_server.db.owed import task
from sync_server.duties import look_once
from sync_server.identity.accounts import Role
from tests.support.builders import FORCE, a_task
from tests.support.devices import Handheld, a_client, b64url
from tests.support.photographs import Camera, Photograph, a_picture
from tests.support.servers import LiveServer, a_server, no_hurry

UNIT, ELSEWHERE, OTHER_FORCE = "scarborough", "selby", "another_force"
PEOPLE: Final[Mapping[str, tuple[Role, str, str]]] = {
    "author": (Role.OFFICER, UNIT, FORCE),
    "colleague": (Role.OFFICER, UNIT, FORCE),
    "sergeant": (Role.SUPERVISOR, UNIT, FORCE),
    "incident manager": (Role.FIM, "control_room", FORCE),
    "missing team": (Role.MHET, "mhet", FORCE),
    "vulnerability team": (Role.VAT, "vat", FORCE),
    "officer elsewhere": (Role.OFFICER, ELSEWHERE, FORCE),
    "sergeant elsewhere": (Role.SUPERVISOR, ELSEWHERE, FORCE),
    "officer of another force": (Role.OFFICER, UNIT, OTHER_FORCE),
    "sergeant of another force": (Role.SUPERVISOR, UNIT, OTHER_FORCE),
}
TUS: Final = {"Tus-Resumable": "1.0.0"}
VAULT: Final = b64url(bytes(16))


@dataclass
class Night:
    """One server, and somebody of every kind on a handheld of their own. Things are the author's."""

    server: LiveServer
    handhelds: dict[str, Handheld] = field(default_factory=dict)

    @property
    def author(self) -> Handheld:
        """Whose things are asked about."""
        return self.handhelds["author"]

    def sent(self, **header: Any) -> Record:
        """A record of the author's that has arrived, with a task for its author."""
        ids = {name: new_id() for name in ("record", "encounter", "episode", "incident")}
        asked = a_task("tell_digital_forensics", owner="author", id=new_id())
        record = self.author.record(**{**ids, "tasks": (asked,), **header})
        assert self.author.submit(self.author.seal(record)).status_code == httpx.codes.CREATED
        return record

    def photographed(self, *, come: bool) -> tuple[Photograph, str]:
        """A photograph of a record of the author's, begun or all here; and where it is brought."""
        camera = Camera(self.author)
        ids = {name: new_id() for name in ("encounter", "episode", "incident")}
        record, [one] = camera.record_with(a_picture(), **ids)
        camera.submit(record)
        where = camera.begin(one).headers["Location"]
        if come:
            assert camera.piece(where, 0, one.sealed).headers["Homeward-Receipt"]
        return one, where

    def given(self) -> str:
        """A draft that the author has given to the unit."""
        id_, sealed = self.draft_of(self.author)
        kind = {"Content-Type": SEALED_TYPE}
        assert self.author.as_officer("POST", "/v1/given", content=sealed, headers=kind).json()["stands"]
        return id_

    def draft_of(self, somebody: Handheld) -> tuple[str, bytes]:
        """A draft of somebody's, sealed; and its id."""
        draft = Given(id=new_id(), to="", at=self.server.clock(), draft={"id": str(new_id())})
        sealed = posted_draft(
            draft,
            force=FORCE,
            device=somebody.id,
            officer=somebody.officer,
            to=self.server.context.keys.directory.recipients(),
            signer=somebody.key,
        )
        return str(draft.id), sealed

    def task_of(self, record: Record) -> int:
        """The number of the author's task of a record."""
        look_once(self.server.context)
        mine = select(task.c.id).where(
            task.c.record == str(record.header.record), task.c.owner_role == "author"
        )
        with self.server.context.store.read() as db:
            return int(db.execute(mine.limit(1)).scalar_one())


@contextmanager
def a_night(folder: Path) -> Iterator[Night]:
    """Everybody is enrolled and signed in."""
    with a_server(folder, no_hurry()) as server, a_client(server.url) as http:
        night = Night(server)
        for who, (role, unit, force) in PEOPLE.items():
            user = who.replace(" ", ".")
            server.add_account(user, role, unit=unit, force=force)
            one = Handheld(server, http, name=who)
            assert one.enrol(server.invite(force=force)).status_code == httpx.codes.CREATED
            assert one.sign_in(user).status_code == httpx.codes.OK
            night.handhelds[who] = one
        yield night


Asks = Callable[[Night, Handheld], httpx.Response]


def _json(method: str, path: str, **said: Any) -> Asks:
    return lambda _night, who: who.as_officer(method, path, json=said)


def _submits(night: Night, who: Handheld) -> httpx.Response:
    ids = {name: new_id() for name in ("record", "encounter", "episode", "incident")}
    return who.submit(who.seal(who.record(**ids)))


def _sends_together(night: Night, who: Handheld) -> httpx.Response:
    ids = {name: new_id() for name in ("record", "encounter", "episode", "incident")}
    batch, kind = bound([who.seal(who.record(**ids))]), {"Content-Type": BATCH_TYPE}
    return who.as_officer("POST", "/v1/batch", content=batch, headers=kind)


def _sealed_before(night: Night, who: Handheld) -> httpx.Response:
    sealed = night.author.seal(night.author.record(record=new_id(), episode=new_id(), encounter=new_id()))
    kind = {"Content-Type": SEALED_TYPE}
    return who.as_officer("POST", "/v1/submissions/sealed-before", content=sealed, headers=kind)


def _pulls(night: Night, who: Handheld) -> httpx.Response:
    """What is new since the author has sent a record."""
    cursor, more = "", True
    while more:
        page = who.as_officer("GET", f"/v1/changes?cursor={cursor}").json()
        cursor, more = page["next"], page["more"]
    night.sent()
    return who.as_officer("GET", f"/v1/changes?cursor={cursor}")


def _says(night: Night, who: Handheld) -> httpx.Response:
    said = {
        "id": str(new_id()),
        "task": night.task_of(night.sent()),
        "act": "close",
        "at": instant(night.server.clock()),
        "outcome": "done",
        "delay_reason": "",
        "words": "Rang them.",
    }
    return who.as_officer("POST", "/v1/tasks", json=said)


def _gives(night: Night, who: Handheld) -> httpx.Response:
    kind = {"Content-Type": SEALED_TYPE}
    return who.as_officer("POST", "/v1/given", content=night.draft_of(night.author)[1], headers=kind)


def _copies_a_draft(night: Night, who: Handheld) -> httpx.Response:
    kind = {"Content-Type": SEALED_TYPE}
    sealed = night.draft_of(night.author)[1]
    return who.as_officer("POST", "/v1/drafts/copies", content=sealed, headers=kind)


def _takes(night: Night, who: Handheld) -> httpx.Response:
    return who.as_officer("POST", f"/v1/given/{night.given()}", json={"act": "take"})


def _reads(night: Night, who: Handheld) -> httpx.Response:
    return who.as_officer("GET", f"/v1/records/{night.sent().header.record}")


def _looks(night: Night, who: Handheld) -> httpx.Response:
    one, _ = night.photographed(come=True)
    return who.as_officer("GET", f"/v1/records/{one.record}/attachments/{one.name}")


def _begins(night: Night, who: Handheld) -> httpx.Response:
    one, _ = night.photographed(come=False)
    return Camera(who).begin(one)


def _of_an_upload(ask: Callable[[Camera, str, Photograph], httpx.Response]) -> Asks:
    def asks(night: Night, who: Handheld) -> httpx.Response:
        one, where = night.photographed(come=False)
        return ask(Camera(who), where, one)

    return asks


def _collects(night: Night, who: Handheld) -> httpx.Response:
    return who.as_officer("POST", "/v1/auth/token", json={"flow": night.author.begin()["flow"]})


def _refreshes(night: Night, who: Handheld) -> httpx.Response:
    author = night.author
    token = author.refresh
    answer = who.send("POST", "/v1/auth/refresh", json={"refresh_token": token})
    author.sign_in("author")  # a token that somebody else has tried is nobody's any more
    return answer


def _copies(night: Night, who: Handheld) -> httpx.Response:
    sealed = night.author.seal(night.author.record(record=new_id(), episode=new_id(), encounter=new_id()))
    night.author.submit(sealed)
    return who.as_officer("POST", "/v1/copies", json={"copies": [sha256(sealed).hexdigest()]})


def _recovers(night: Night, who: Handheld) -> httpx.Response:
    said = {"vault": VAULT, "officer": night.author.officer, "kid": "k", "sealed": b64url(b"sealed")}
    return who.as_officer("POST", "/v1/recovery", json=said)


def _signs_out(night: Night, who: Handheld) -> httpx.Response:
    answer = who.as_officer("DELETE", "/v1/auth/session")
    who.sign_in(who.name.replace(" ", "."))
    return answer


ASKED: Final[Mapping[tuple[str, str], Asks]] = {
    ("POST", "/v1/auth/begin"): _json("POST", "/v1/auth/begin"),
    ("POST", "/v1/auth/token"): _collects,
    ("POST", "/v1/auth/refresh"): _refreshes,
    ("DELETE", "/v1/auth/session"): _signs_out,
    ("POST", "/v1/submissions"): _submits,
    ("POST", "/v1/batch"): _sends_together,
    ("POST", "/v1/submissions/sealed-before"): _sealed_before,
    ("GET", "/v1/changes"): _pulls,
    ("POST", "/v1/changes/ack"): _json("POST", "/v1/changes/ack", cursor="abc.1"),
    ("POST", "/v1/tasks"): _says,
    ("POST", "/v1/given"): _gives,
    ("POST", "/v1/given/{given}"): _takes,
    ("POST", "/v1/log"): _json("POST", "/v1/log", before="0" * 64, entries=[]),
    ("POST", "/v1/drafts"): _json("POST", "/v1/drafts", drafts=[]),
    ("POST", "/v1/drafts/copies"): _copies_a_draft,
    ("GET", "/v1/records/{record}"): _reads,
    ("GET", "/v1/records/{record}/attachments/{attachment}"): _looks,
    ("POST", "/v1/status"): _json("POST", "/v1/status", app_version="1.0"),
    ("POST", "/v1/copies"): _copies,
    ("POST", "/v1/uploads/"): _begins,
    ("HEAD", "/v1/uploads/{upload}"): _of_an_upload(lambda camera, where, _: camera.how_far(where)),
    ("PATCH", "/v1/uploads/{upload}"): _of_an_upload(
        lambda camera, where, one: camera.piece(where, 0, one.sealed)
    ),
    ("DELETE", "/v1/uploads/{upload}"): _of_an_upload(lambda camera, where, _: camera.give_up(where)),
    ("POST", "/v1/orders/heard"): _json("POST", "/v1/orders/heard", number=1),
    ("POST", "/v1/recovery"): _recovers,
    ("POST", "/v1/recovery/used"): _json("POST", "/v1/recovery/used", vault=VAULT),
}
"""How each is asked. What it is about is the author's, wherever it is about anything."""
