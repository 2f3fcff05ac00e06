"""Operation Encompass (R-46): a school is told by the system, and a person rings only where it was not.

``ways`` says which school a record may go to by itself, or why a person has to tell it; ``letter`` is what
the school reads; ``tasks`` keeps the tasks in line with what has arrived.
"""

from sync_server.encompass.letter import compose
from sync_server.encompass.tasks import (
    CORRECT,
    MINUTES,
    OTHERWISE,
    arrived,
    asked_beside,
    bring_in_line,
    covert_came,
    not_by_itself,
    not_taken_back,
    school_in,
    taken_back,
)
from sync_server.encompass.ways import ENC, ByHand, limit_of, way_of

__all__ = [
    "CORRECT",
    "ENC",
    "MINUTES",
    "OTHERWISE",
    "ByHand",
    "arrived",
    "asked_beside",
    "bring_in_line",
    "compose",
    "covert_came",
    "limit_of",
    "not_by_itself",
    "not_taken_back",
    "school_in",
    "taken_back",
    "way_of",
]
