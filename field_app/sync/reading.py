"""What an answer means, whoever sent it. No network here: status, headers and bytes in, meaning out.

Anything may answer on a phone's network: a hotel's sign-in page with "200 OK", a proxy's error page, half
an answer. Ours says ``Homeward-Protocol: 1`` and is JSON, or sealed; everything else is not our server,
whatever its status says. That header is a courtesy against accidents; against malice stand TLS, the signed
receipts and the signed key directory.
"""

from __future__ import annotations

import json
import math
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final, NoReturn

from booklets.batch import DEFLATED, BatchMalformed, inflated
from field_app.sync.failures import (
    AppTooOld,
    ClockSkew,
    CursorExpired,
    NotEnrolled,
    NotOurServer,
    Refused,
    Revoked,
    SignInAgain,
    SyncFailed,
    TryLater,
)

PROTOCOL: Final = "1"
SEALED: Final = "application/vnd.homeward.sealed"
LONGEST_ASKED: Final = 3600.0  # the longest that our server may keep us waiting
LONGEST_ASKED_BY_OTHERS: Final = 60.0
LONGEST_WORDS: Final = 300

_YES, _NO, _SERVER_ERROR = 2, 4, 5  # hundreds of a status
_LATER: Final = frozenset({408, 425, 429})
_WHOLE_LINE: Final = frozenset({429, 503})
_NOT_BELIEVED: Final = frozenset({"bad_signature", "missing_component", "body_mismatch", "replayed"})
_OF_UPLOADS: Final = frozenset({"no_such_upload"})
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_STOPPED: Final = frozenset({"device_not_active", "revoked"})
_KNOWN: Final[Mapping[str, Callable[[], SyncFailed]]] = {
    "unknown_device": NotEnrolled,
    "session_over": SignInAgain,
    "cursor_expired": CursorExpired,
    "cursor_unreadable": CursorExpired,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``headers`` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def ours(self) -> bool:
        """Whether it says that it comes from our server, in a form that our server uses."""
        if self.headers.get("homeward-protocol", "").strip() != PROTOCOL:
            return False
        if self.status // 100 == _YES and (not self.body or self.kind == SEALED):
            return True
        return _is_json(self.kind)

    @property
    def kind(self) -> str:
        """What it says that it is."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def json(self) -> dict[str, Any]:
        """The JSON object in it. Raises NotOurServer if there is none."""
        try:
            message = json.loads(self.body)
        except (ValueError, RecursionError):
            raise NotOurServer("unreadable") from None
        if not isinstance(message, dict):
            raise NotOurServer("unreadable")
        return message


def check(answer: Answer, *, now: datetime) -> Answer:
    """The same answer, if it is our server's yes. Else raises what to do next."""
    if answer.status in _LATER or answer.status // 100 == _SERVER_ERROR:
        raise _later(answer, now=now)
    if not answer.ours or answer.status // 100 not in (_YES, _NO):
        raise NotOurServer(f"status_{answer.status}")
    if answer.status // 100 == _NO:
        raise _no(answer)
    return answer


def unpacked(answer: Answer, *, most: int) -> Answer:
    """The same answer in as many bytes as it was written in, at ``most``. Raises NotOurServer otherwise."""
    if answer.headers.get("content-encoding", "") != DEFLATED:
        return answer
    try:
        return replace(answer, body=inflated(answer.body, most=most))
    except BatchMalformed:
        raise NotOurServer("unreadable") from None


def results(answer: Answer, *, of: int, most: int) -> tuple[Answer, ...]:
    """The answers to each of so many in a batch, in order. Raises NotOurServer unless there are as many.

    Nothing is believed of an answer that has one too few: a refusal does not say whose it is.
    """
    try:
        found = tuple(map(_of_one, Fields(unpacked(answer, most=most).json()).several("results")))
    except (NotOurServer, UnicodeEncodeError):  # a text may hold half a character
        found = ()
    if len(found) != of:
        raise NotOurServer("unreadable", whole_line=False)
    return found


def _of_one(result: object) -> Answer:
    said = Fields(result)
    headers = {"homeward-protocol": PROTOCOL, "content-type": "application/json"}
    later = {"retry-after": said.text_or_nothing("retry_after")} if "retry_after" in said else {}
    return Answer(said.whole("status"), headers | later, said.text("answer").encode())


def _later(answer: Answer, *, now: datetime) -> TryLater:
    wait = retry_after(answer.headers.get("retry-after", ""), now=now)
    most = LONGEST_ASKED if answer.ours else LONGEST_ASKED_BY_OTHERS
    wait = None if wait is None else min(wait, most)
    why = f"status_{answer.status}"
    if answer.status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:  # a sign-in page that is honest
        return NotOurServer(why, retry_after=wait)
    return TryLater(
        why,
        "The force's server is busy. What you sent is kept here and goes by itself.",
        retry_after=wait,
        whole_line=answer.status in _WHOLE_LINE,
    )


def _no(answer: Answer) -> SyncFailed:
    if not answer.body:
        return _silent_no(answer.status)
    message = answer.json()
    code, says = message.get("code"), message.get("says")
    if not isinstance(code, str) or not isinstance(says, str):
        return NotOurServer("unreadable")
    return (
        _by_code(code, message)
        or (None if code in _OF_UPLOADS else _by_status(answer.status, message))
        or Refused(
            _word(code),
            says[:LONGEST_WORDS],
            head_rev=_number(message.get("head_rev")),
            rules=_words(message.get("codes")),
        )
    )


def _silent_no(status: int) -> SyncFailed:
    """A no without words: only a HEAD is answered so, and only of an upload is anything asked by HEAD."""
    if status in _GONE:
        return Refused("no_such_upload", "It is to be begun again.")
    return _by_status(status, {}) or TryLater(f"status_{status}", whole_line=False)


def _by_code(code: str, message: Mapping[str, Any]) -> SyncFailed | None:
    if code in _STOPPED:
        return Revoked(_bytes(message.get("order")))
    if code in _KNOWN:
        return _KNOWN[code]()
    if code == "clock_skew":
        return ClockSkew(instant(message.get("time")))
    return TryLater(code, whole_line=False) if code in _NOT_BELIEVED else None


def _by_status(status: int, message: Mapping[str, Any]) -> SyncFailed | None:
    match status:
        case HTTPStatus.UPGRADE_REQUIRED:
            return AppTooOld(_word(message.get("min_app")))
        case HTTPStatus.UNAUTHORIZED:
            return SignInAgain()
        case HTTPStatus.NOT_FOUND | HTTPStatus.METHOD_NOT_ALLOWED:
            return TryLater("older_server")  # it will be updated; nothing is wrong with what waits
        case _:
            return None


def retry_after(value: str, *, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, as a number or as a date; None if it asks nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def instant(value: object) -> datetime | None:
    """The moment that an ISO text with its offset means, or None."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return None if found.tzinfo is None else found.astimezone(UTC)


class Fields:
    """Takes named fields out of a message of our server; whatever is not there is NotOurServer."""

    def __init__(self, message: object) -> None:
        if not isinstance(message, dict):
            self._missing()
        self._message: dict[str, Any] = message

    def __contains__(self, name: str) -> bool:
        """Whether there is such a field."""
        return name in self._message

    def text(self, name: str, *, most: int = 4096) -> str:
        """A text, not empty and not longer than ``most``."""
        value = self._message.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= most:
            self._missing()
        return value

    def text_or_nothing(self, name: str) -> str:
        """A text that may be empty or missing."""
        value = self._message.get(name, "")
        return value if isinstance(value, str) else ""

    def whole(self, name: str) -> int:
        """A whole number, not below zero."""
        value = self._message.get(name)
        if type(value) is not int or value < 0:
            self._missing()
        return value

    def seconds(self, name: str) -> float:
        """A number of seconds above zero."""
        value = self._message.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < math.inf:
            self._missing()
        return float(value)

    def why_void(self) -> str:
        """Why something that was said does not count; nothing where it does."""
        return "" if self.truth("stands") else self.text("why_void", most=64)

    def truth(self, name: str) -> bool:
        """True or false."""
        value = self._message.get(name)
        if not isinstance(value, bool):
            self._missing()
        return value

    def moment(self, name: str) -> datetime:
        """A moment, in UTC."""
        value = instant(self._message.get(name))
        if value is None:
            self._missing()
        return value

    def moment_or_nothing(self, name: str) -> datetime | None:
        """A moment that may be missing."""
        return instant(self._message.get(name))

    def within(self, name: str) -> dict[str, Any]:
        """An object."""
        value = self._message.get(name)
        if not isinstance(value, dict):
            self._missing()
        return value

    def several(self, name: str) -> list[Any]:
        """A list."""
        value = self._message.get(name)
        if not isinstance(value, list):
            self._missing()
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.several(name)
        if not all(isinstance(value, str) for value in values):
            self._missing()
        return tuple(values)

    def _missing(self) -> NoReturn:
        raise NotOurServer("unreadable")


@dataclass(frozen=True, slots=True)
class Told:
    """What the force has for this device: a newer policy, an order for while it is locked."""

    policy: bytes = b""
    order: bytes = b""


def _is_json(kind: str) -> bool:
    return kind == "application/json" or (
        kind.startswith("application/vnd.homeward.") and kind.endswith("+json")
    )


def _word(value: object) -> str:
    """A code: short, and nothing but a code."""
    text = value if isinstance(value, str) else ""
    return text[:64] if text.replace("_", "").replace(".", "").replace("-", "").isalnum() else ""


def _bytes(value: object) -> bytes:
    """What was sent as base64url; nothing where it is none."""
    text = value if isinstance(value, str) and value.isascii() else ""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(_word, value)) if isinstance(value, list) else ()


def _number(value: object) -> int | None:
    return value if type(value) is int else None
