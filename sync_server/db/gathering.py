"""A connection to PostgreSQL that sends together what may go together.

An answer that is waited for costs a turn of both processes: three to four times what the statement itself
takes. A statement whose answer nobody needs waits here for the next one, or for the commit, and goes before
that, all of them in one message: in the order in which they were asked for, in the same transaction, and
answered before anything else is asked. A question goes in the same message as what waited for it, the
commit goes with what waits for it, and so does the word that begins a transaction.

Only servers on PostgreSQL have this driver, so only the store imports this, and only there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
from psycopg import IsolationLevel
from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.waiting import Ready, Wait

Sent = bytes | None
BINARY = 1
_WELL = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})


@dataclass(frozen=True, slots=True)
class Message:
    """A statement in PostgreSQL's own words: ``$1`` stands for its first value. ``formats``: 1 for bytes."""

    text: bytes
    formats: Sequence[int]


class Gathering(psycopg.Connection[Any]):
    """A connection on which some statements wait for the next."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._waiting: list[tuple[Message, Sequence[Sent]]] = []
        self._prepared_as: dict[bytes, bytes] = {}
        self.turns = 0
        """How often this connection sent something and waited for the answer."""
        self._wrong: Exception | None = None
        self._names = count()  # none is given twice: whether the database forgot one is not always known

    def later(self, statement: Message, values: Sequence[Sent]) -> None:
        """Do this before anything else that is asked of this connection, and no later than the commit."""
        self._waiting.append((statement, values))

    def ask(
        self, statement: Message, values: Sequence[Sent], *, alone: bool = False
    ) -> tuple[list[list[Sent]], Exception | None]:
        """The rows that answer this, as they come, after whatever waits; or else what went wrong.

        That is raised by whatever is asked next, which is to be at once. Asked ``alone`` it begins nothing.
        """
        self._waiting.append((statement, values))
        try:
            answer = self._send(begins=not alone)[-1]
        except psycopg.Error as error:
            self._wrong = error
            return [], error
        width, height = answer.nfields, answer.ntuples
        return [[answer.get_value(row, at) for at in range(width)] for row in range(height)], None

    def cursor(self, *args: Any, **more: Any) -> Any:
        """What something is asked with: what waits goes first."""
        if self._wrong is not None:
            wrong, self._wrong = self._wrong, None
            raise wrong
        if self._waiting:
            self._send()
        return super().cursor(*args, **more)

    def commit(self) -> None:
        """Commit, and what waits before it. Once this returns, all of it is durable."""
        if self._waiting:
            self._send(b"COMMIT")
        else:
            super().commit()

    def rollback(self) -> None:
        """Take everything back. What waits was never sent."""
        self._waiting.clear()
        self._wrong = None
        super().rollback()

    def _deallocate(self, name: bytes | None) -> PQGen[None]:
        """The driver lets go of one prepared statement, or of all, ours among them.

        It does so after whatever may have changed a table or taken something back, a savepoint too, and not
        before it is asked for something again.
        """
        if name is None:
            self._prepared_as.clear()
        return super()._deallocate(name)

    def _send(self, end: bytes = b"", *, begins: bool = True) -> list[PGresult]:
        """Send what waits, and how the transaction ends; return all the answers, or raise."""
        waiting, self._waiting = self._waiting, []
        self.turns += 1
        begins = begins and self.pgconn.transaction_status == TransactionStatus.IDLE and not self.autocommit
        self.pgconn.enter_pipeline_mode()
        try:
            prepared = [*self._plain(self._begin if begins else b"")]
            prepared += [name for one, values in waiting for name in self._sent(one, values)]
            prepared += self._plain(end)
            self.pgconn.pipeline_sync()
            answers: list[PGresult] = self.wait(self._answers(len(prepared)))
        finally:
            if self.pgconn.transaction_status != TransactionStatus.UNKNOWN:
                self.pgconn.exit_pipeline_mode()
        self._must_be_well(answers, prepared)
        return answers

    @property
    def _begin(self) -> bytes:
        """How a transaction of this connection begins, as the driver would say it."""
        level = IsolationLevel(self.isolation_level).name.replace("_", " ") if self.isolation_level else ""
        only = {None: "", True: " READ ONLY", False: " READ WRITE"}[self.read_only]
        return f"BEGIN{' ISOLATION LEVEL ' if level else ''}{level}{only}".encode()

    def _plain(self, words: bytes) -> Iterator[bytes]:
        """Put something that takes no values into the message, if there is anything to say."""
        if words:
            self.pgconn.send_query_params(words, None)
            yield b""

    def _sent(self, one: Message, values: Sequence[Sent]) -> Iterator[bytes]:
        """Put one into the message; what has to be answered, each with what it prepares or nothing."""
        name = self._prepared_as.get(one.text)
        if name is None:
            name = self._prepared_as[one.text] = b"later_%d" % next(self._names)
            self.pgconn.send_prepare(name, one.text)
            yield one.text
        self.pgconn.send_query_prepared(name, values, one.formats, result_format=BINARY)
        yield b""

    def _answers(self, count: int) -> Any:
        """One answer to each, as the driver waits for them."""
        answers: list[PGresult] = []
        while self.pgconn.flush():
            if (yield Wait.RW) & Ready.R:
                self.pgconn.consume_input()
        while True:
            while self.pgconn.is_busy():
                yield Wait.R
                self.pgconn.consume_input()
            answer = self.pgconn.get_result()
            if answer is None:
                continue
            if answer.status == ExecStatus.PIPELINE_SYNC:
                return answers
            answers.append(answer)
            if len(answers) > count:
                raise psycopg.InternalError("more answers than questions")

    def _must_be_well(self, answers: Sequence[PGresult], prepared: Sequence[bytes]) -> None:
        if len(answers) == len(prepared) and all(one.status in _WELL for one in answers):
            return
        self._prepared_as.clear()  # which of them the database knows is not known
        failed = [one for one in answers if one.status == ExecStatus.FATAL_ERROR]
        if failed:
            raise error_from_result(failed[0])
        raise psycopg.OperationalError("the database did not answer everything")
