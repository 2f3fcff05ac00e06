"""How a check becomes known to definitions by its own name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar


@dataclass(frozen=True, slots=True)
class Spot:
    """One place a record check points at: its fields, whom it is about, and words to show there."""

    fields: tuple[str, ...] = ()
    entity: str = ""
    words: str = field(default="", repr=False)


Check: TypeAlias = Callable[..., bool]
EntityCheck: TypeAlias = Callable[..., bool]
RecordCheck: TypeAlias = Callable[..., Sequence[Spot]]

CHECKS: dict[str, Check] = {}
ENTITY_CHECKS: dict[str, EntityCheck] = {}
RECORD_CHECKS: dict[str, RecordCheck] = {}

OneCheck = TypeVar("OneCheck", bound=Check)
ManySpots = TypeVar("ManySpots", bound=RecordCheck)


def check(function: OneCheck) -> OneCheck:
    """Register a check on answers: ``True`` when all is well, or when an answer is not there yet."""
    _claim(function.__name__)
    CHECKS[function.__name__] = function
    return function


def entity_check(function: OneCheck) -> OneCheck:
    """Register a check on one person, place or object among the ``Facts``."""
    _claim(function.__name__)
    ENTITY_CHECKS[function.__name__] = function
    return function


def record_check(function: ManySpots) -> ManySpots:
    """Register a check on the whole record: every spot it returns is one thing to show."""
    _claim(function.__name__)
    RECORD_CHECKS[function.__name__] = function
    return function


def _claim(name: str) -> None:
    if any(name in known for known in (CHECKS, ENTITY_CHECKS, RECORD_CHECKS)):
        raise ValueError(f"there are two checks {name!r}")
