"""Where the officer is: the screens, and whoever or whatever is open on one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from booklets.answers import Answer


class At(Enum):
    """The screens."""

    STARTING = "starting"
    REFUSED = "refused"
    ENROL = "enrol"
    SIGN_IN = "sign_in"
    CHOOSE_PIN = "choose_pin"
    LOCK = "lock"
    CLOSED = "closed"
    FORGOTTEN = "forgotten"
    NEW_PIN = "new_pin"
    HOME = "home"
    PAGE = "page"
    PAGES = "pages"
    CHANGED = "changed"
    ENTITY = "entity"
    REVIEW = "review"
    EMERGENCY = "emergency"
    SENT = "sent"
    WRITTEN = "written"
    WITHDRAW = "withdraw"
    AWARE = "aware"
    HAND_ON = "hand_on"
    GIVEN = "given"
    MENU = "menu"
    SEARCH = "search"
    THIS_PHONE = "this_phone"
    START = "start"
    QUEUE = "queue"
    CASE = "case"
    DECIDING = "deciding"
    DUTY = "duty"
    LOOKOUT = "lookout"
    KNOWN = "known"
    KNOWN_CHILD = "known_child"


BEFORE_THE_VAULT = frozenset({At.ENROL, At.SIGN_IN, At.CHOOSE_PIN, At.LOCK, At.FORGOTTEN, At.NEW_PIN})
"""Where an officer may be while nothing is open; a handheld that closes shows another screen."""
DESK = frozenset({At.QUEUE, At.CASE})
LISTS = DESK | {At.HOME}
"""Where a list is looked at. A wide window has the queue beside what is read."""
READ = frozenset({At.CASE, At.DECIDING, At.SENT})
"""Where a record is read. Whoever goes on from there looks at none of its photographs any more."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, place or object that is open, the question it answers, and what stood there before.

    The child the encounter is about answers no question. ``row`` says in which row, where the question
    is answered in rows.
    """

    question: str
    entity: UUID
    about: UUID | None = None
    before: Answer | None = field(default=None, repr=False)
    more: bool = False
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Looking:
    """The children known here: whose card is open, whether it is chosen for a record, and the way back."""

    child: UUID | None = None
    choosing: bool = False
    back: At = At.HOME
    typed: str = field(default="", repr=False)
