"""What an answer can be: words, codes, a moment, rows, or an honest gap. Never a silent blank.

An answer is one of

* ``str``: words, one code, or the id of a person, place or object;
* ``tuple[str, ...]``: several codes or several ids, in the order they were chosen;
* ``Moment``: when something happened, and how sure of it the officer is;
* ``tuple[Row, ...]``: rows of one level, such as the calls made or the words spoken;
* ``Gap``: the officer's word that there is no answer, and why.

"Not known" is a gap and nothing else; there is no code for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeGuard

from booklets.errors import WireError
from booklets.fixed_words import FixedWord


class Why(FixedWord):
    """Why there is no answer."""

    NOT_KNOWN = "not_known"
    NOT_ASKED = "not_asked"
    REFUSED = "refused"
    NOT_APPLICABLE = "not_applicable"
    NOT_SAFE_TO_ASK = "not_safe_to_ask"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Gap:
    """The officer's word that there is no answer, and why. Supervisors see every one.

    ``due`` is an ISO instant and belongs to ``PENDING`` alone: when the answer will be there.
    """

    why: Why
    note: str = field(default="", repr=False)
    due: str = ""


class Precision(FixedWord):
    """How exactly a moment is known."""

    EXACT = "exact"
    ABOUT = "about"
    RANGE = "range"
    DATE_ONLY = "date_only"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: an instant in UTC, and for a range the instant it ended."""

    at: datetime
    precision: Precision = Precision.EXACT
    until: datetime | None = None

    def __post_init__(self) -> None:
        for instant in (self.at, self.until):
            if instant is not None and instant.tzinfo is None:
                raise ValueError("a moment without a time zone")


Scalar: TypeAlias = str | tuple[str, ...] | Moment | Gap
Row: TypeAlias = Mapping[str, Scalar]
Answer: TypeAlias = str | tuple[str, ...] | Moment | Gap | tuple[Row, ...]
Answers: TypeAlias = Mapping[str, Answer]

NOTHING: Answers = MappingProxyType({})
ROWS: Final = frozenset({dict, MappingProxyType})
"""What a row mostly is."""


def said(answer: Answer | None) -> bool:
    """Whether there is an answer in substance: neither a blank nor a gap."""
    return answer is not None and not isinstance(answer, Gap) and answer not in ("", ())


def blank(value: Answer | None) -> bool:
    """Whether setting this value means taking the answer away."""
    return value is None or value in ("", ())


def rows_of(answer: Answer | None) -> tuple[Row, ...]:
    """The rows of an answer, or none when it has no rows."""
    if not isinstance(answer, tuple):
        return ()
    # Asked hundreds of times at each keystroke. Whether something is a mapping takes longest to ask.
    return tuple([row for row in answer if _is_row(row)])


def _is_row(part: object) -> TypeGuard[Row]:
    return type(part) in ROWS or (type(part) is not str and isinstance(part, Mapping))


def codes_of(answer: Answer | None) -> tuple[str, ...]:
    """The codes or ids in an answer, one or several, or none."""
    if isinstance(answer, str):
        return (answer,) if answer else ()
    if isinstance(answer, tuple):
        return tuple([code for code in answer if isinstance(code, str)])
    return ()


def words_in(answer: Answer | None) -> tuple[str, ...]:
    """Every piece of text in an answer, the note of a gap and the cells of rows included."""
    if isinstance(answer, str):
        return (answer,) if answer else ()
    if isinstance(answer, Gap):
        return (answer.note,) if answer.note else ()
    if answer is None or isinstance(answer, Moment):
        return ()
    found: list[str] = []
    for part in answer:
        if isinstance(part, str):
            found.append(part)
            continue
        for cell in part.values():
            if isinstance(cell, str):
                found.append(cell)
            else:
                found.extend(words_in(cell))
    return tuple([word for word in found if word])


def frozen(answers: Mapping[str, Answer]) -> Answers:
    """A copy that nobody can change, with its rows made unchangeable too."""
    return MappingProxyType({key: _frozen(answer) for key, answer in answers.items()})


def _frozen(answer: Answer) -> Answer:
    if isinstance(answer, tuple) and answer and isinstance(answer[0], Mapping):
        return tuple(MappingProxyType(dict(row)) for row in rows_of(answer))
    return answer


def instant(moment: datetime) -> str:
    """An instant as it is written everywhere on the wire: UTC, ISO 8601, microseconds only if any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_instant(text: object) -> datetime:
    """The instant that ``instant`` wrote. Anything else, or a time without a zone, is a ``WireError``."""
    if not isinstance(text, str):
        raise WireError("a time must be text")
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise WireError("a time without a zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise WireError("not a time") from None


def plain(answer: Answer) -> Any:
    """An answer as JSON can hold it; ``from_plain`` reads it back, equal."""
    match answer:
        case str():
            return answer
        case Gap(why, note, due):
            return {"gap": why.value, "note": note, "due": due}
        case Moment(at, precision, until):
            return {
                "at": instant(at),
                "precision": precision.value,
                "until": instant(until) if until else None,
            }
        case tuple():
            return [
                part if isinstance(part, str) else {"row": {key: plain(cell) for key, cell in part.items()}}
                for part in answer
            ]


def from_plain(value: object) -> Answer:
    """Read what ``plain`` wrote. Anything else is a ``WireError``; nothing is guessed."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return _several(value)
    if isinstance(value, dict):
        return _gap_or_moment(value)
    raise WireError("not an answer")


def _gap_or_moment(value: dict[object, object]) -> Gap | Moment:
    if value.keys() == {"gap", "note", "due"}:
        why, note, due = value["gap"], value["note"], value["due"]
        if isinstance(why, str) and isinstance(note, str) and isinstance(due, str):
            return _gap(why, note, due)
    if value.keys() == {"at", "precision", "until"} and isinstance(value["precision"], str):
        return _moment(value["at"], value["precision"], value["until"])
    raise WireError("not an answer")


def _gap(why: str, note: str, due: str) -> Gap:
    known = _WHY.get(why)
    if known is None:
        raise WireError("not a reason for a gap")
    if due:
        read_instant(due)
    return Gap(known, note, due)


def _moment(at: object, precision: str, until: object) -> Moment:
    known = _PRECISION.get(precision)
    if known is None:
        raise WireError("not a precision")
    return Moment(read_instant(at), known, None if until is None else read_instant(until))


_WHY: Final[Mapping[str, Why]] = {one.value: one for one in Why}
_PRECISION: Final[Mapping[str, Precision]] = {one.value: one for one in Precision}
_TEXT: Final = frozenset({str})


def _several(parts: list[object]) -> Answer:
    if _all_text(parts):
        return tuple(parts)
    return tuple([_row(part) for part in parts])


def _all_text(parts: list[object]) -> TypeGuard[list[str]]:
    return _TEXT.issuperset(map(type, parts))


def _row(part: object) -> Row:
    cells = part.get("row") if isinstance(part, dict) and part.keys() == {"row"} else None
    if not isinstance(cells, dict):
        raise WireError("not a row")
    return MappingProxyType({str(key): _cell(cell) for key, cell in cells.items()})


def _cell(value: object) -> Scalar:
    """What stands in one cell; asks no other row, so that no message can be too deep to refuse."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _gap_or_moment(value)
    if isinstance(value, list) and _all_text(value):
        return tuple(value)
    raise WireError("rows are one level deep")


def plain_answers(answers: Answers) -> dict[str, Any]:
    """Answers as JSON can hold them."""
    return {key: plain(answer) for key, answer in answers.items()}


def answers_from_plain(value: object) -> Answers:
    """Read what ``plain_answers`` wrote."""
    if not isinstance(value, dict):
        raise WireError("answers must be an object")
    return MappingProxyType({str(key): from_plain(answer) for key, answer in value.items()})
