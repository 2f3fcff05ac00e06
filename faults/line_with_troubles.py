"""The line of one handheld, without signal but in its rounds, and with a trouble at a chosen question.

The questions go over a real socket to a real server; what happens to one on its way, or to its answer,
happens here. A line is cut at random bytes elsewhere (F7): here it is known what the server has heard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import httpx

PAGE: Final = b"<html><body>Welcome. Accept the terms of this network to go on.</body></html>"


class Trouble(StrEnum):
    """What happens to one question, or to its answer."""

    NO_SIGNAL = "no line at all"
    CUT_UP = "cut on the way there"
    CUT_DOWN = "cut on the way back"
    LATE = "there later than what was asked after it"
    TWICE = "there twice, and the second answer came"
    PAGE = "answered by the page of a Wi-Fi"
    DIES_ASKING = "the handheld died before it left"
    DIES_HEARING = "the handheld died before it had the answer"


class Died(BaseException):
    """The battery is flat: nothing that the app would do on its way out is done."""


NEVER_THERE: Final[Mapping[Trouble | None, Callable[[], BaseException]]] = {
    Trouble.NO_SIGNAL: lambda: httpx.ConnectError("no signal"),
    Trouble.CUT_UP: lambda: httpx.WriteError("cut"),
    Trouble.LATE: lambda: httpx.ReadError("cut"),
    Trouble.DIES_ASKING: Died,
}
NEVER_BACK: Final[Mapping[Trouble | None, Callable[[], BaseException]]] = {
    Trouble.CUT_DOWN: lambda: httpx.ReadError("cut"),
    Trouble.DIES_HEARING: Died,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it went. It can be carried again."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """What was asked for."""
        return httpx.URL(self.url).path

    def again(self) -> httpx.Request:
        """The same question, to be carried once more."""
        return httpx.Request(self.method, self.url, headers=list(self.headers), content=self.body)


Carried = Callable[[Question, int], None]
"""Told what the server has heard, and by which status it answered."""


@dataclass
class Line:
    """The line of one handheld. ``carried`` is told of each question that the server has answered."""

    carried: Carried
    signal: bool = False
    late: list[Question] = field(default_factory=list)
    struck: list[Trouble] = field(default_factory=list)
    _at: Mapping[int, Trouble] = field(default_factory=dict)
    _asked: int = 0

    @contextmanager
    def up(self, troubles: Mapping[int, Trouble]) -> Iterator[None]:
        """There is signal, with a trouble at each of these questions, the first of which is 1."""
        self.signal, self._at, self._asked = True, troubles, 0
        try:
            yield
        finally:
            self.signal = False

    def trouble(self) -> Trouble | None:
        """What happens to the next question. Raises ConnectError where there is no signal."""
        if not self.signal:
            raise httpx.ConnectError("no signal")
        self._asked += 1
        found = self._at.get(self._asked)
        if found is not None:
            self.struck.append(found)
        return found

    def bring_what_is_late(self) -> int:
        """Carry what was held up on its way, though nobody waits for the answers; how much it was."""
        late, self.late = self.late, []
        with httpx.Client(trust_env=False) as http:
            for one in late:
                self.carried(one, http.send(one.again()).status_code)
        return len(late)


class OnTheLine(httpx.BaseTransport):
    """Carries questions over a real connection, as far as the line does."""

    def __init__(self, real: httpx.BaseTransport, line: Line) -> None:
        self._real = real
        self._line = line

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one question and bring the answer, or do to them what the line does."""
        trouble = self._line.trouble()
        asked = Question(
            request.method, str(request.url), tuple(request.headers.multi_items()), request.read()
        )
        if trouble is Trouble.PAGE:
            return httpx.Response(200, stream=httpx.ByteStream(PAGE))
        if trouble is Trouble.LATE:
            self._line.late.append(asked)
        if trouble in NEVER_THERE:
            raise NEVER_THERE[trouble]()
        if trouble is Trouble.TWICE:
            self._carry(asked)
        answer = self._carry(asked)
        if trouble in NEVER_BACK:
            raise NEVER_BACK[trouble]()
        return answer

    def _carry(self, asked: Question) -> httpx.Response:
        answer = self._real.handle_request(asked.again())
        try:
            body = b"".join(answer.iter_raw())
        finally:
            answer.close()
        self._line.carried(asked, answer.status_code)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(body))

    def close(self) -> None:
        """Let the connection go."""
        self._real.close()
