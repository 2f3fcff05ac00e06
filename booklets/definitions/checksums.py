"""A fingerprint of everything that a form or a guide says and does, the same on every machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Any

from booklets.forms import NOT_ASKED, Form
from booklets.guides import Guide

PLAIN = frozenset({str, bool, int, type(None)})


def checksum(form: Form) -> str:
    """The fingerprint of one form.

    A setting left at its default says nothing and is left out, so that a form
    keeps its checksum when the dialect learns a new setting. How a record is filed is left out too: it
    changes nothing that an officer was asked.
    """
    return hashlib.sha256(spelt(form).encode()).hexdigest()


def checksum_of_guide(guide: Guide) -> str:
    """The fingerprint of one guide: its pages and words. Its questions have those of their forms."""
    return hashlib.sha256(guide_spelt(guide).encode()).hexdigest()


def spelt(part: object) -> str:
    """A form, or any part of one, in the one spelling that its fingerprint is of."""
    return json.dumps(_shape(part), sort_keys=True, ensure_ascii=False)


def guide_spelt(guide: Guide) -> str:
    """A guide in the one spelling that its fingerprint is of."""
    own = {name: said for name, said in _settings(guide).items() if name not in {"forms", "entities"}}
    return json.dumps(
        {**own, "forms": [form.id for form in guide.forms]}, sort_keys=True, ensure_ascii=False
    )


def _shape(value: Any) -> Any:
    """Any part of a form as plain JSON. A form has five thousand, most of them words."""
    if type(value) in PLAIN or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, (list, tuple)):
        return [one if type(one) in PLAIN else _shape(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _shape(inner) for key, inner in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(inner) for inner in value)
    return _settings(value)


def _settings(value: Any) -> dict[str, Any]:
    """The settings of a part that its fingerprint is of, without those left at their defaults."""
    found = {}
    for name, default in _spelt_of(type(value)):  # type: ignore[arg-type]  # a class is its own key
        inner = getattr(value, name)
        if inner is not default and inner != default:  # mostly the very default, and quick to see
            found[name] = inner if type(inner) in PLAIN else _shape(inner)
    return found


@cache
def _spelt_of(sort: Any) -> tuple[tuple[str, Any], ...]:
    """The settings of a sort of part that its fingerprint is of, each with its default."""
    asked = (one for one in fields(sort) if one.init and one.metadata != NOT_ASKED)
    return tuple((one.name, _default(one)) for one in asked if one.name != "checksum")


def _default(one: Field[Any]) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default
