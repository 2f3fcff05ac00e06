"""Editions of forms that are no longer given out, and are still read, judged and shown by their own words.

Each lies in ``past/`` as ``id@version.json``, in two lines. The first is everything that the edition asked
and told, shared lists and all, in the very spelling that its checksum in ``published.json`` is of: whoever
wants to know whether it is the one that was published hashes that line. The second is how its records are
filed and which answers are signs, which no checksum covers (``NOT_ASKED``).

Nothing here is read before somebody asks for that edition, so a current form costs nothing more.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
import types
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from enum import Enum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from booklets.conditions import Condition
from booklets.definitions.checksums import spelt
from booklets.errors import DefinitionError, UnknownEdition
from booklets.forms import Field, Filing, Form, Sign

SUFFIX = ".json"
GUIDE = "guide_"
"""How the name begins that a guide is published by."""
Part = TypeVar("Part")


def _folder() -> Traversable:
    return files("booklets.definitions").joinpath("past")


def kept() -> frozenset[str]:
    """Every edition that is kept here, under the name that it was published by: forms, and guides."""
    return frozenset(
        file.name.removesuffix(SUFFIX) for file in _folder().iterdir() if file.name.endswith(SUFFIX)
    )


def names() -> frozenset[str]:
    """Every form that is kept here, as ``id@version``.

    A guide is kept as proof of what was shown, and is never read again: it is no form.
    """
    return frozenset(name for name in kept() if not name.startswith(GUIDE))


def never_issued() -> Mapping[str, str]:
    """Editions that were published and given to nobody, so that none is kept: each with the reason."""
    text = _folder().joinpath("never_issued.toml").read_text(encoding="utf-8")
    return types.MappingProxyType({name: str(why) for name, why in tomllib.loads(text).items()})


def text_of(name: str, checksum: str) -> tuple[str, str]:
    """Both lines of a kept edition: what it asked, and how it is filed.

    ``UnknownEdition`` where none is kept, ``DefinitionError`` where it is not what was published.
    """
    try:
        asked, _, filed = _folder().joinpath(name + SUFFIX).read_text(encoding="utf-8").partition("\n")
    except FileNotFoundError:
        raise UnknownEdition(f"no edition {name} is kept here") from None
    if hashlib.sha256(asked.encode()).hexdigest() != checksum:
        raise DefinitionError(f"past/{name}{SUFFIX}", "this is not what was published under that name")
    return asked, filed


def past_form(name: str, checksum: str) -> Form:
    """A form as it was asked in a past edition; its ``checksum`` is the published one, and was compared."""
    asked, filed = text_of(name, checksum)
    form = _part(Form, json.loads(asked))
    how = json.loads(filed or "{}")
    links = how.get("links", {})
    sections = tuple(
        replace(section, fields=tuple(_tied(one, links) for one in section.fields))
        for section in form.sections
    )
    shows = {Sign(sign): _part(Condition, when) for sign, when in how.get("shows", {}).items()}
    filing = _part(Filing, how.get("filing", {}))
    return replace(form, sections=sections, filing=filing, shows=shows, checksum=checksum)


def lines_of(form: Form) -> str:
    """A form as it is kept: what ``past_form`` reads, both lines."""
    how = {
        "filing": json.loads(spelt(form.filing)),
        "links": {one.id: one.link for one in form.fields() if one.link},
        "shows": json.loads(spelt(dict(form.shows))),
    }
    return f"{spelt(form)}\n{json.dumps(how, sort_keys=True, ensure_ascii=False)}\n"


def _tied(one: Field, links: Mapping[str, str]) -> Field:
    return replace(one, link=links[one.id]) if one.id in links else one


def _part(kind: type[Part], shape: Mapping[str, Any]) -> Part:
    """A part of a form from its plain shape. A setting that is not there has its default."""
    known: Any = kind
    hints: Mapping[str, Any] = _hints(known)
    return kind(**{name: _value(hints[name], inner) for name, inner in shape.items()})


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    """How each setting is held, as the dataclass says."""
    return get_type_hints(kind)


def _value(hint: Any, shape: Any) -> Any:
    """One setting, as the dataclass says that it is held."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (tuple, frozenset):
        return origin(_value(inside[0], one) for one in shape)
    if origin is Mapping:
        return {_value(inside[0], key): _value(inside[1], one) for key, one in shape.items()}
    if origin is types.UnionType:
        parts = (one for one in inside if is_dataclass(one) and isinstance(shape, dict))
        return _value(next(parts, object), shape)
    if isinstance(hint, type) and is_dataclass(hint):
        return _part(hint, shape)
    return hint(shape) if isinstance(hint, type) and issubclass(hint, Enum) else shape
