"""The app in a language that nobody speaks, to see which sentence is in no catalogue.

``python -m house.pseudo`` starts it with the settings of the app; ``make run ARGS=--pseudo`` starts all.

Every sentence of the catalogues and of the forms is put between « and », in accents, and half as long again.
What stands on a screen without them escaped the catalogue; what is cut would be cut in German or Welsh.
It is done once, while the app is being loaded: an app that is started as usual knows nothing of this.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import CodeType, FunctionType, MappingProxyType, ModuleType
from typing import Any

OPEN, CLOSE = "«", "»"
_ACCENTS = str.maketrans(
    {
        **{one: other * 2 for one, other in zip("aeiouAEIOU", "áéíóúÁÉÍÓÚ", strict=True)},
        "c": "ç",
        "n": "ñ",
        "y": "ý",
    }
)
UI = "field_app.ui"
NOT_SAID = frozenset({"CALLED", "MARKING"})
"""What is put in place of other words, and the marking that the law of the land spells."""
CORE = (
    "booklets.in_words",
    "booklets.alike",
    "booklets.duties",
    "booklets.aloud",
    "booklets.lookout",
    "booklets.margin",
    "booklets.reading",
    "booklets.photos",
    "field_app.capture.pictures",
    "field_app.capture.known_phrases",
    "field_app.handset.duties",
    "field_app.handset.reading_again",
    "field_app.handset.viewing",
    "field_app.handset.giving",
    "field_app.handset.leaving",
    "field_app.handset.access",
    "field_app.handset.recovering",
    "field_app.handset.deciding",
    "field_app.handset.returning",
)
"""Where the core and the handset say something to people: all in it that begins with a capital is meant
for them. What takes a sentence from another of these comes after it."""
SAID_IN_FORMS = frozenset(
    {"title", "label", "help", "says", "belongs", "next_words", "prompts", "strong", "weak", "detail_title",
     "risks", "fears", "sensitive", "because"}
)  # fmt: skip
"""The settings of a definition that people read."""
SAID_OF_ALL = frozenset({"about", "start_words"})
"""The same of those that are said of a whole form or guide, and elsewhere are called like an argument."""
CONDITIONS = frozenset({"shown", "required", "when", "unless"})
"""Where the names of questions are keys, and may be called like such a setting."""


def disguised(said: str) -> str:
    """A sentence in the language of nobody. What is in it already, or is put in later, stays."""
    if not any(one.isalpha() for one in said) or _is_whole(said):
        return said
    parts: list[str] = []
    depth = 0
    for one in said:
        depth += one in OPEN + "{"
        parts.append(one if depth else one.translate(_ACCENTS))
        depth -= one in CLOSE + "}"
    return f"{OPEN}{''.join(parts)}{CLOSE}"


def _is_whole(said: str) -> bool:
    """Whether it stands between one pair of marks from its first letter to its last."""
    return said.startswith(OPEN) and said.endswith(CLOSE) and not bare(said)


def bare(said: str) -> str:
    """What of a text stands between no marks."""
    parts: list[str] = []
    depth = 0
    for one in said:
        depth += one == OPEN
        if not depth:
            parts.append(one)
        depth -= one == CLOSE
    return "".join(parts)


# -- the catalogues ----------------------------------------------------------------------------------
def spoken(value: Any) -> Any:
    """A value of a catalogue: sentences, also in lists, beside their codes, and under their names."""
    if type(value) is str:
        return disguised(value)
    if isinstance(value, Mapping):
        return MappingProxyType({key: spoken(one) for key, one in value.items()})
    if isinstance(value, tuple) and len(value) == 2 and all(type(one) is str for one in value):  # noqa: PLR2004
        code, said = value
        return (code if code.islower() or "." in code else spoken(code), spoken(said))
    if isinstance(value, tuple):
        return tuple(map(spoken, value))
    return value


def _says_something(code: CodeType, doc: str | None) -> bool:
    """Whether a function puts in words of its own, and does not only put others together."""
    own = (one for one in code.co_consts if isinstance(one, str) and one != doc)
    return any(letter.isalpha() for one in own for letter in one)


def _speaking(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def said(*args: Any, **kwargs: Any) -> Any:
        return spoken(function(*args, **kwargs))

    return said


def disguise_catalogue(module: ModuleType, *, all_of_it: bool = True) -> None:
    """Every sentence of a module, in place. Not ``all_of_it``: only what begins with a capital letter."""
    for name, value in list(vars(module).items()):
        if name.startswith("__") or name in NOT_SAID:
            continue
        if isinstance(value, FunctionType):
            if value.__module__ == module.__name__ and _says_something(value.__code__, value.__doc__):
                setattr(module, name, _speaking(value))
        elif isinstance(value, str | tuple | Mapping) and (all_of_it or _is_for_people(value)):
            setattr(module, name, spoken(value))


def _is_for_people(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value) and all(_is_for_people(one) for one in value.values())
    return type(value) is str and value[:1].isupper() and not value.isupper()


# -- the forms ---------------------------------------------------------------------------------------
def _in_a_form(key: str, value: Any) -> Any:
    """A setting of a definition, by its name."""
    if key in CONDITIONS:
        return value
    if key in SAID_IN_FORMS:
        return _everything_in(value)
    if key == "codes" and isinstance(value, Mapping):
        return {code: _choice(said) for code, said in value.items()}
    if isinstance(value, Mapping):
        return {name: _in_a_form(name, one) for name, one in value.items()}
    if isinstance(value, list):
        return [_in_a_form("", one) for one in value]
    return value


def _everything_in(value: Any) -> Any:
    if isinstance(value, str):
        return disguised(value)
    if isinstance(value, list):
        return [_everything_in(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _everything_in(one) for key, one in value.items()}
    return value


def _choice(said: Any) -> Any:
    """A choice: its words, or a table with its label. A mark of a list is true or false, and stays."""
    return {**said, "label": disguised(said["label"])} if isinstance(said, Mapping) else _everything_in(said)


def disguise_forms() -> None:
    """Every form, guide and list, as each is read for the first time."""
    lists: Any = importlib.import_module("booklets.definitions.lists")
    lists.YES_NO = tuple(replace(one, label=disguised(one.label)) for one in lists.YES_NO)
    definitions: Any = importlib.import_module("booklets.definitions")
    read = definitions._table

    def table(*parts: str) -> Any:
        one = read(*parts)
        content: Any = one.content
        if parts == ("codes",):
            content = {
                name: {code: _choice(said) for code, said in codes.items()}
                for name, codes in content.items()
            }
        elif parts[0] not in {"forces", "wording", "marks", "saying", "short_forms", "language"}:
            content = {
                key: _everything_in(one) if key in SAID_OF_ALL else _in_a_form(key, one)
                for key, one in content.items()
            }
        return type(one)(one.where, content)

    definitions._table = table


def disguise() -> None:
    """All of it. Before any screen is loaded: a screen keeps some sentences from then on."""
    if f"{UI}.shell" in sys.modules:
        raise RuntimeError("the screens are loaded already, and have kept their sentences")
    disguise_forms()
    for name in CORE:
        disguise_catalogue(importlib.import_module(name), all_of_it=False)
    package = importlib.import_module(UI)
    found = sorted(one.name for one in pkgutil.iter_modules(package.__path__) if one.name.endswith("words"))
    for name in sorted(found, key=lambda one: one != "words"):  # the others take from it
        disguise_catalogue(importlib.import_module(f"{UI}.{name}"))


def main() -> None:
    """The field app, disguised; it takes the same settings."""
    disguise()
    importlib.import_module("field_app.app").main()


if __name__ == "__main__":
    main()
