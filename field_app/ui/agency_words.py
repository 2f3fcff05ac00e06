"""By which further words an agency is found, and which of them a question about one means first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

COUNCIL: Final = "council social services social worker local authority children's services"
ALSO_CALLED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "edt": f"EDT out of hours {COUNCIL}",
        "csc": f"CSC MAST front door {COUNCIL}",
        "placing_la": "placing authority social services social worker",
    }
)
"""What officers type who look for an agency whose code begins so."""
DUTY_TEAM: Final = ("edt", "csc", "placing_la")
MEANT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "la_informed": DUTY_TEAM,
        "la_told": DUTY_TEAM,
        "la_address_given": DUTY_TEAM,
        "placing_la_informed": ("placing_la", "edt", "csc"),
    }
)
"""Which agencies a question means, by the last part of its name, by how their codes begin."""


def also_called(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The further words by which any of these agencies is found."""
    return tuple(
        (code, called) for code in codes for begins, called in ALSO_CALLED.items() if code.startswith(begins)
    )


def meant_first(question: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Those of these agencies that a question is about, whoever is rung first before the others."""
    begins = MEANT.get(question.rpartition(".")[2], ())
    there = tuple(codes)
    return tuple(code for one in begins for code in there if code.startswith(one))
