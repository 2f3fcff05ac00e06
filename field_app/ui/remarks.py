"""What is remarked on once, although it is so at several answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeVar

NOT_RECORDED: Final = "Q-10"
"""The check for somebody who is named and not recorded: it speaks at every answer that has the name."""


class Remark(Protocol):
    """What a check says, on a phone while it is written or beside a record on a tablet."""

    @property
    def code(self) -> str:
        """The rule that speaks."""

    @property
    def says(self) -> str:
        """What it says; of a name that nobody recorded it has the name."""


R = TypeVar("R", bound=Remark)


def each_name_once(found: Sequence[R], place: Callable[[R], int]) -> list[R]:
    """Everything as it was found, but each name that nobody recorded only at the first answer that has it.

    ``place`` says how far down a remark stands.
    """
    first: dict[str, R] = {}
    for one in sorted(found, key=place):
        if one.code == NOT_RECORDED:
            first.setdefault(one.says, one)
    return [one for one in found if one.code != NOT_RECORDED or first[one.says] is one]
