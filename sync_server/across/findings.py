"""What a rule across records finds: what somebody has to do, because of which record, and of what it is one.

A finding is set once for each event (an episode, a plan, a stage of a ladder), and not while what it is
about is open already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sync_server.across.seen import Filed


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something for somebody to do.

    ``event`` are the records of what has just come to be so: a task of this kind and rule on one of them,
    open or not, is this finding. ``matter`` are the records of the whole row of events: while a task of
    this kind is open on one of them, nobody is asked again.
    """

    rule: str
    kind: str
    owner: str
    on: Filed
    due: datetime
    event: frozenset[str]
    matter: frozenset[str]
