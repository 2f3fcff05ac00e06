"""What goes to a browser is not spelt out on its way, in words that nobody reads.

Flet 1.0.5 writes every message out for a log line, also where nobody logs it: a page of questions took up to
some seconds of computing before it was sent, and every answer on it stood in a string more. Only the web
build has this.
"""

from __future__ import annotations

from flet.messaging.protocol import Message


def stay_unspelt() -> None:
    """From now on a message is called by what it does, wherever this process would log one."""
    setattr(Message, "__str__", lambda message: message.action.name)  # noqa: B010 - there is no other way in
