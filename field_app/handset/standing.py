"""How a handset stands before anybody unlocks it: all that the first screens are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from booklets.errors import BookletError
from field_app.handset.access import Closed, Wiped
from field_app.vault.header import Listed


@dataclass(frozen=True, slots=True)
class Standing:
    """How this handset stands before anybody unlocks it.

    ``closed`` says why it opens for nobody, ``closes_in`` how soon it will for want of contact, ``left`` how
    much lies sealed and unsent, and ``phone`` whom to ring about it. ``fingers``: each vault whose officer
    wants to open it with a finger or face, and whether that opens it now.
    """

    enrolled: bool
    officers: tuple[Listed, ...]
    warning: str
    passphrase: bool
    closed: Closed = Closed.NOT
    left: int = 0
    phone: str = ""
    wiped: Wiped | None = None
    closes_in: timedelta | None = None
    fingers: Mapping[str, bool] = field(default_factory=dict)


class EnrolmentUnreadable(BookletError):
    """What this device kept of its enrolment is damaged. Officers' vaults are not touched by that."""

    code = "enrolment_unreadable"

    def __init__(self) -> None:
        super().__init__(
            "What this device knows of its force cannot be read. Everything officers saved is kept. "
            "Nothing was changed; tell the force's support desk."
        )
