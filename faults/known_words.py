"""What a random request needs to get further than its first check: ids, codes and tokens that are real.

The document says what shape they have; only the server and those who asked before know which ones there are.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from schemathesis import Case
from schemathesis.core import NOT_SET
from schemathesis.core.transport import Response

from booklets.batch import DEFLATED, bound, deflated
from booklets.entities import new_id
from booklets.sealing import SigningKey
from faults.callers import Callers
from faults.sealed_at_random import Sealed
from sync_server.api.enrolling import KEM_BYTES
from sync_server.api.routes import Address
from sync_server.api.uploading import as_metadata
from sync_server.identity import accounts, flows
from sync_server.identity.refusals import FlowOver
from tests.support.devices import Handheld, b64url

MOST_TASKS: Final = 400
MOST_HANDHELDS: Final = 32
AnyCase = Case[Any]


@dataclass
class Upload:
    """An attachment on its way: whose it is, what it is of, and how much came."""

    handheld: Handheld
    content: bytes = field(repr=False)
    record: str = ""
    came: int = 0


@dataclass
class Known:
    """What was heard so far. ``put`` puts it into a request, ``hear`` takes it from an answer."""

    callers: Callers
    sealed: Sealed
    chance: random.Random
    cursors: dict[str, str] = field(default_factory=dict)
    flows: dict[str, list[str]] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    begun: Upload | None = None
    odd: bool = False
    """Whether what was put in last is nothing that has to be taken."""

    def put(self, address: Address, case: AnyCase, handheld: Handheld) -> Handheld:
        """Put what is known into the request, and say which handheld has to send it."""
        self.odd = False
        if "Homeward-App" in address.promise.more_headers and self.chance.random() < 0.9:
            case.headers["Homeward-App"] = "9.9.9"
        help_ = HELPS.get((address.method, address.path))
        return (help_(self, case, handheld) if help_ else None) or handheld

    def hear(self, address: Address, handheld: Handheld, answer: Response) -> None:
        """Remember what was answered."""
        said = answer.json() if answer.status_code < 300 and answer.content[:1] == b"{" else {}
        match address.method, address.path:
            case "POST", "/v1/enrol" if "device_id" in said:
                self._welcome(handheld, said["device_id"])
            case "POST", "/v1/auth/begin" if "flow" in said:
                self.flows.setdefault(handheld.id, []).append(said["flow"])
            case "GET", "/v1/changes" if "next" in said:
                self.cursors[handheld.id] = said["next"]
            case "POST", ("/v1/auth/token" | "/v1/auth/refresh") if "access_token" in said:
                handheld.access, handheld.refresh = said["access_token"], said["refresh_token"]
            case "POST", "/v1/uploads/" if answer.status_code == 201 and self.begun:
                self.uploads[answer.headers["location"][0].rpartition("/")[2]] = self.begun
            case "DELETE", "/v1/auth/session" if answer.status_code == 200:
                self.callers.sign_in(handheld)
            case _ if _over(answer):
                self.callers.sign_in(handheld)
            case _:
                pass

    def _welcome(self, handheld: Handheld, id_: str) -> None:
        """Some of those that enrolled with made-up keys go on asking, with an officer signed in."""
        handheld.id, handheld.officer = id_, self.callers.handhelds[0].officer
        if len(self.callers.handhelds) < MOST_HANDHELDS and self.chance.random() < 0.2:
            self.callers.sign_in(handheld)
            self.callers.handhelds.append(handheld)


def _over(answer: Response) -> bool:
    """Whether its session is over, as that of whoever used a token twice."""
    return answer.headers.get("homeward-refused") == ["session_over"]


def _enrol(known: Known, case: AnyCase, handheld: Handheld) -> Handheld:
    """A handheld of its own for each: with a code of ours, and with the key that signs."""
    one = Handheld(known.callers.server, handheld.http, key=SigningKey.generate())
    if isinstance(case.body, dict):
        if "sign_pub" in case.body:
            case.body["sign_pub"] = b64url(one.key.public)
        if "code" in case.body and known.chance.random() < 0.8:
            case.body["code"] = known.callers.server.invite()
        kem = case.body.get("kem_pubs")
        if isinstance(kem, dict) and known.chance.random() < 0.3:
            suite = known.chance.choice([1, 2])
            kem[str(suite)] = b64url(known.chance.choice([bytes, known.chance.randbytes])(KEM_BYTES[suite]))
            known.odd = True
    return one


def _token(known: Known, case: AnyCase, handheld: Handheld) -> None:
    waiting = known.flows.get(handheld.id)
    if not isinstance(case.body, dict) or not waiting:
        return
    flow = waiting.pop() if known.chance.random() < 0.7 else waiting[-1]
    if known.chance.random() < 0.6:
        _allow(known, flow, handheld)
    case.body["flow"] = flow


def _allow(known: Known, flow: str, handheld: Handheld) -> None:
    context = known.callers.server.context

    def work(db: Any) -> None:
        found = flows.open_flow(db, flow, now=context.now())
        account = accounts.by_id(db, handheld.officer)
        if found.state is flows.FlowState.PENDING and account is not None:
            if known.chance.random() < 0.2:
                flows.deny(db, found)
            else:
                flows.allow(db, found, account=account.id, now=context.now())

    with suppress(FlowOver):  # too old, or asked for twice
        context.store.write(work)


def _refresh(known: Known, case: AnyCase, handheld: Handheld) -> None:
    if isinstance(case.body, dict):
        case.body["refresh_token"] = handheld.refresh


def _cursor(known: Known, case: AnyCase, handheld: Handheld) -> None:
    cursor = known.cursors.get(handheld.id)
    if cursor and known.chance.random() < 0.7:
        if isinstance(case.body, dict):
            case.body["cursor"] = cursor
        elif case.body is NOT_SET:
            case.query["cursor"] = cursor


def _task(known: Known, case: AnyCase, handheld: Handheld) -> None:
    if isinstance(case.body, dict) and known.chance.random() < 0.8:
        case.body["task"] = known.chance.randint(1, MOST_TASKS)


def _submission(known: Known, case: AnyCase, handheld: Handheld) -> None:
    if known.chance.random() < 0.95:
        case.body = known.sealed.submission(handheld)


def _batch(known: Known, case: AnyCase, handheld: Handheld) -> None:
    """A few records, one of them perhaps no record; packed where the headers say so."""
    some = [known.sealed.submission(handheld) for _ in range(known.chance.choice([1, 2, 5]))]
    if known.chance.random() < 0.3:
        some.append(known.chance.randbytes(40))
    if known.chance.random() < 0.95:
        packed = case.headers.get("Content-Encoding") == DEFLATED
        case.body = deflated(bound(some)) if packed else bound(some)


def _give(known: Known, case: AnyCase, handheld: Handheld) -> None:
    if known.chance.random() < 0.95:
        case.body, id_ = known.sealed.draft(handheld)
        known.given.append(id_)


def _take(known: Known, case: AnyCase, handheld: Handheld) -> None:
    if known.given and known.chance.random() < 0.8:
        case.path_parameters["given"] = known.chance.choice(known.given[-20:])


def _record(known: Known, case: AnyCase, handheld: Handheld) -> None:
    sent = known.sealed.records.get(handheld.id)
    if sent and known.chance.random() < 0.7:
        case.path_parameters["record"] = str(known.chance.choice(sent)[0].header.record)


def _recovery(known: Known, case: AnyCase, handheld: Handheld) -> None:
    if isinstance(case.body, dict) and "officer" in case.body and known.chance.random() < 0.8:
        case.body["officer"] = handheld.officer


def _begin(known: Known, case: AnyCase, handheld: Handheld) -> None:
    """Of something that nobody lists yet, or of a record that this handheld has sent."""
    known.begun = None
    if known.chance.random() > 0.8:
        return
    content = known.chance.randbytes(known.chance.choice([1, 70, 3000]))
    known.begun = Upload(handheld, content, str(new_id()))
    said = {"att": str(new_id()), "record": known.begun.record, "sha256": sha256(content).hexdigest()}
    case.headers["Upload-Metadata"] = as_metadata(said)
    if known.chance.random() < 0.9:
        case.headers["Upload-Length"] = str(len(content))


def _upload(known: Known, case: AnyCase, handheld: Handheld) -> Handheld | None:
    """One that was begun, mostly by the handheld whose it is; a piece of it that goes on where it stands."""
    if not known.uploads or known.chance.random() > 0.8:
        return None
    name = known.chance.choice(list(known.uploads)[-12:])
    one = known.uploads[name]
    case.path_parameters["upload"] = name
    if case.method == "PATCH" and known.chance.random() < 0.8:
        piece = one.content[one.came :][: known.chance.choice([1, 50, 4000])]
        case.headers["Upload-Offset"] = str(one.came)
        case.headers.pop("Upload-Checksum", None)
        case.body = piece
        one.came += len(piece)
    return one.handheld if known.chance.random() < 0.9 else None


HELPS: Final[Mapping[tuple[str, str], Callable[[Known, AnyCase, Handheld], Handheld | None]]] = {
    ("POST", "/v1/enrol"): _enrol,
    ("POST", "/v1/auth/token"): _token,
    ("POST", "/v1/auth/refresh"): _refresh,
    ("POST", "/v1/submissions"): _submission,
    ("POST", "/v1/batch"): _batch,
    ("POST", "/v1/submissions/sealed-before"): _submission,
    ("GET", "/v1/changes"): _cursor,
    ("POST", "/v1/changes/ack"): _cursor,
    ("POST", "/v1/tasks"): _task,
    ("POST", "/v1/given"): _give,
    ("POST", "/v1/given/{given}"): _take,
    ("POST", "/v1/drafts/copies"): _give,
    ("GET", "/v1/records/{record}"): _record,
    ("GET", "/v1/records/{record}/attachments/{attachment}"): _record,
    ("POST", "/v1/recovery"): _recovery,
    ("POST", "/v1/uploads/"): _begin,
    ("HEAD", "/v1/uploads/{upload}"): _upload,
    ("PATCH", "/v1/uploads/{upload}"): _upload,
    ("DELETE", "/v1/uploads/{upload}"): _upload,
}
