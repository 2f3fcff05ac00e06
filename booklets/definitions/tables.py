"""One TOML table being read: it knows where it stands, and complains about what nobody took.

Every mistake is answered with the file and its folder, the place, the cause and, where there
are some, the choices, because the person who reads the answer writes forms and
not Python.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any, TypeAlias, TypeVar

from booklets.conditions import ALWAYS, NEVER, Condition, Expectation
from booklets.errors import DefinitionError
from booklets.forms import Field

Choice = TypeVar("Choice", bound=StrEnum)
Offered: TypeAlias = Mapping[str, frozenset[str]]
"""Fields by their full names, each with the codes that it offers: none where it has no choices."""
MOST_CHOICES = 60
SHORT = re.compile(r"[a-z][a-z0-9_]*")


def parsed(file: Traversable, path: str) -> Table:
    """The whole of one TOML file, which complains by its path: several files have the same name."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(path, f"this is not TOML: {error}") from None
    return Table(path, content)


OWNERS = frozenset({"author", "supervisor", "fim", "vat", "mhet", "control_room"})
"""Who may be asked to do something; "fim" is the force incident manager."""


def choices_of(names: Iterable[str]) -> str:
    """Names as a reader sees them in a complaint."""
    return ", ".join(sorted(names))


@dataclass(slots=True)
class Table:
    """A table and where it stands. Take every setting, then say ``done``."""

    where: str
    content: Mapping[str, Any]
    taken: set[str] = field(default_factory=set)

    def wrong(self, why: str) -> DefinitionError:
        """The complaint that something here is wrong."""
        return DefinitionError(self.where, why)

    def has(self, key: str) -> bool:
        """Whether the setting is given."""
        return key in self.content

    def raw(self, key: str) -> Any:
        """A setting as it stands, or ``None``."""
        self.taken.add(key)
        return self.content.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A setting that is words."""
        value = self.raw(key)
        if value is None:
            if default is None:
                raise self.wrong(f"{key!r} is missing")
            return default
        if not isinstance(value, str):
            raise self.wrong(f"{key} must be words in quotes, not {value!r}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """A setting that is true or false."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(f"{key} must be true or false, not {value!r}")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A setting that is a list of words; nothing is the empty list."""
        value = self.raw(key)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or any(not isinstance(one, str) for one in value):
            raise self.wrong(f"{key} must be a list of words in quotes")
        return tuple(value)

    def one_of(self, key: str, kinds: type[Choice], default: Choice | None = None) -> Choice:
        """A setting that is one of a few words."""
        value = self.text(key, default.value if default is not None else None)
        if value not in _kinds(kinds):
            raise self.wrong(f"{key} is never {value!r} ({choices_of(kinds)})")
        return kinds(value)

    def owner(self) -> str:
        """Who has to do something."""
        value = self.text("owner")
        if value not in OWNERS:
            raise self.wrong(f"owner is never {value!r} ({choices_of(OWNERS)})")
        return value

    def minutes(self, key: str) -> int | str:
        """A setting that is a number of minutes, or the name of the force's own after ``@``."""
        value = self.raw(key)
        named = isinstance(value, str) and value.startswith("@") and len(value) > 1
        if named or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return value  # type: ignore[no-any-return]  # the line above has just looked
        raise self.wrong(f"{key} must be a number of minutes, or a force setting's name after @")

    def whole(self, key: str, default: int) -> int:
        """A setting that is a whole number, nought or more."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(f"{key} must be a whole number, not {value!r}")
        return value

    def short_name(self, key: str) -> str:
        """A setting that names something within this form: lower case, no full stop."""
        value = self.text(key)
        if not SHORT.fullmatch(value):
            raise self.wrong(f"{key} must be a short name such as found_at, not {value!r}")
        return value

    def tables(self, key: str) -> list[Table]:
        """A list of tables, each with its own place."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list) or any(not isinstance(one, dict) for one in value):
            raise self.wrong(f"{key} must be written as [[{key}]]")
        return [
            Table(f"{self.where}: {key} {one.get('id', one.get('title', number))}", one)
            for number, one in enumerate(value, 1)
        ]

    def table(self, key: str) -> Table | None:
        """One table inside this one, if it is there."""
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(f"{key} must be a table in braces")
        return Table(f"{self.where}: {key}", value)

    def condition(self, key: str, *, prefix: str, default: Condition) -> Condition:
        """A condition, as ``conditions`` explains; short field names get the form's prefix."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, bool):
            return ALWAYS if value else NEVER
        lines = value if isinstance(value, list) else [value]
        if not lines or any(not isinstance(line, dict) or not line for line in lines):
            raise self.wrong(f"{key} must be true, false, or a table of fields and what they must be")
        return Condition(tuple(self._line(key, line, prefix) for line in lines))

    def _line(self, key: str, line: Mapping[str, Any], prefix: str) -> tuple[Expectation, ...]:
        return tuple(self._expectation(key, full(name, prefix), wanted) for name, wanted in line.items())

    def _expectation(self, key: str, name: str, wanted: object) -> Expectation:
        match wanted:
            case bool():
                return Expectation(name, answered=wanted)
            case str():
                return Expectation(name, (wanted,))
            case list() if wanted and _are_words(wanted):
                return Expectation(name, tuple(wanted))
            case {"but": [*codes], **more} if codes and not more and _are_words(codes):
                return Expectation(name, but=tuple(codes))
            case _:
                raise self.wrong(
                    f"{key}: {name} must be true, false, a code, a list of codes, or {{ but = [codes] }}"
                )

    def done(self, known: Iterable[str] = ()) -> None:
        """Complain about any setting that nobody asked for: it was probably misspelt."""
        for key in self.content:
            if key not in self.taken:
                raise self.wrong(f"{key!r} is not a setting here{nearest(key, {*self.taken, *known})}")


@cache
def _kinds(kinds: type[StrEnum]) -> frozenset[str]:
    return frozenset(kinds)


def _are_words(values: list[Any]) -> bool:
    return all(isinstance(one, str) for one in values)


def refuse_twins(table: Table, names: Iterable[str], what: str) -> None:
    """Complain when two things of one sort have one name."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise table.wrong(f"there are two of {what} {name!r}")
        seen.add(name)


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at what was probably meant, then the choices, where they are no more than can be read."""
    known = sorted(map(str, known))
    close = get_close_matches(word, known, 1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return f"{hint} ({', '.join(known)})" if 0 < len(known) <= MOST_CHOICES else hint


def full(name: str, prefix: str) -> str:
    """A field's full name: short names belong to the form they stand in."""
    return name if "." in name else f"{prefix}.{name}"


def check_condition(
    table: Table, key: str, condition: Condition, above: Mapping[str, Field], others: Offered
) -> None:
    """Refuse a condition on a field that does not stand above, or on a code it can never have."""
    for line in condition.lines:
        for one in line:
            field = above.get(one.field)
            if field is None and one.field not in others:
                raise table.wrong(
                    f"{key}: no field {one.field!r} stands above it{nearest(one.field, above)}"
                )
            known = {choice.code for choice in field.codes} if field else others[one.field]
            for word in (*one.codes, *one.but):
                if word not in known:
                    raise table.wrong(f"{key}: {one.field} is never {word!r} ({choices_of(known)})")
