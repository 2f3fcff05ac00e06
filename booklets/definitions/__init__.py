"""The forms themselves, as TOML, and the only way to read them.

``form``, ``entity_form``, ``guide``, ``clocks`` and ``force`` read a definition
once and keep it; ``form_in`` and ``form_of`` give an edition, also a past one.
Definitions are read with ``importlib.resources``, because on a phone they lie
in an archive and not in a folder.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from booklets.clocks import Clock
from booklets.definitions import demanding
from booklets.definitions.asking import unanswerable
from booklets.definitions.checksums import checksum_of_guide, guide_spelt
from booklets.definitions.guiding import read_guide
from booklets.definitions.leaving import Leaving, Output, read_leaving
from booklets.definitions.lists import YES_NO, Lists, read_lists
from booklets.definitions.looking_out import Plan, read_plan
from booklets.definitions.past_editions import GUIDE, kept, lines_of, never_issued, past_form
from booklets.definitions.past_editions import names as past_names
from booklets.definitions.reader import read_form
from booklets.definitions.retaining import Retaining, read_retaining
from booklets.definitions.tables import (
    Offered,
    Table,
    full,
    nearest,
    parsed,
)
from booklets.definitions.timing import read_clocks
from booklets.entities import EntityKind
from booklets.errors import DefinitionError, UnknownEdition, UnknownForm
from booklets.forms import Field, Form, Kind
from booklets.guides import Guide
from booklets.records import Header
from booklets.schools import SETTING as SCHOOLS
from booklets.schools import School, read_schools

MOST_NAMES = 4096
"""So many names are remembered with the question they were asked as: what arrives may name anything."""
_SHARED = frozenset(
    {"codes", "blocks", "clocks", "wording", "marks", "saying", "short_forms", "language", "lookout"}
)


def _folder(*parts: str) -> Traversable:
    return files("booklets.definitions").joinpath(*parts)


def _toml_in(*parts: str) -> tuple[str, ...]:
    names = (file.name for file in _folder(*parts).iterdir())
    return tuple(name.removesuffix(".toml") for name in sorted(names) if name.endswith(".toml"))


def _table(*parts: str) -> Table:
    """A definition that is not read yet, by its folder in here, if any, and its name without the ending."""
    *folders, name = parts
    file = f"{name}.toml"
    return parsed(_folder(*folders, file), "/".join((*folders, file)))


@cache
def lists() -> Lists:
    """The shared code lists and blocks."""
    return read_lists(_table("codes"), _table("blocks"))


@cache
def short_forms() -> Mapping[str, str]:
    """What police shorten, and what it means (Q-08)."""
    table = _table("short_forms")
    return MappingProxyType({short: table.text(short) for short in table.content})


@cache
def _tables() -> Mapping[str, Table]:
    """Every record form as an unread table, by form id."""
    tables = [_table(name) for name in _toml_in() if name not in _SHARED]
    return {table.text("id"): table for table in tables}


@cache
def _offered() -> Offered:
    """Every field of every form with its codes, so that one form may refer to another's."""
    everything = [*_tables().values(), *(_table("entities", name) for name in _toml_in("entities"))]
    return {
        full(str(field.get("id")), str(table.content.get("prefix", table.content.get("id")))): _codes(field)
        for table in everything
        for section in table.content.get("section", [])
        for field in section.get("field", [])
    }


def _codes(field: Mapping[str, Any]) -> frozenset[str]:
    """The codes of a field that is not read yet. What is wrong with it is said when its own form is read."""
    if field.get("kind") in {Kind.YES_NO, Kind.DECISION}:
        return frozenset(choice.code for choice in YES_NO)
    codes = field.get("codes", {})
    if isinstance(codes, str):
        return frozenset(choice.code for choice in lists().by_name.get(codes, ()))
    return frozenset(codes) if isinstance(codes, dict) else frozenset()


@cache
def form(id_: str) -> Form:
    """The current version of one form."""
    if id_ not in _tables():
        raise UnknownForm(f"there is no form {id_!r}{nearest(id_, _tables())}")
    return read_form(_tables()[id_], lists(), others=_offered())


def form_ids() -> tuple[str, ...]:
    """The id of every record form."""
    return tuple(_tables())


@cache
def form_in(id_: str, version: str) -> Form:
    """A form, or what is asked about a person, place or object, in one edition: the current or a past one.

    ``UnknownEdition`` where neither is that edition, as for a guide, which is no form; a past one is read
    when it is first asked for.
    """
    known = current(id_)
    if known is not None and known.version == version:
        return known
    name = f"{id_}@{version}"
    if name not in published() or name.startswith(GUIDE):
        now = f"; the current one is {known.version}" if known else ""
        raise UnknownEdition(f"no edition {version} of the form {id_} was ever published{now}")
    return past_form(name, published()[name])


def form_at(id_: str, version: str, checksum: str) -> Form:
    """The form a record was filled in with: ``UnknownEdition`` where no edition known has this checksum.

    What is asked about a person, place or object makes no record: ``UnknownForm``.
    """
    known = form_in(id_, version)
    if not known.record_type:
        raise UnknownForm(f"{id_!r} is not the form of a record")
    if known.checksum != checksum:
        raise UnknownEdition(f"form {id_} {version} is known here with other words")
    return known


def form_of(header: Header) -> Form:
    """The form by which a record is judged, shown and delivered: the very edition it was filled in with.

    Where that is not known, as on a tablet older than what it is given to read, it is the current one: an
    answer that this does not ask for is shown all the same.
    """
    try:
        return form_at(header.form, header.form_version, header.form_checksum)
    except UnknownEdition:
        return form(header.form)


def current(id_: str) -> Form | None:
    """The current edition of a form, or of what is asked about a person, place or object, if any."""
    if id_ in _tables():
        return form(id_)
    return entity_form(id_) if id_ in _toml_in("entities") else None


def past_editions_of(id_: str) -> tuple[Form, ...]:
    """Every past edition of a form that is kept, the newest first. Each is read: ask only where you must."""
    versions = [name.partition("@")[2] for name in past_names() if name.partition("@")[0] == id_]
    return tuple(form_in(id_, version) for version in sorted(versions, key=in_order, reverse=True))


@lru_cache(MOST_NAMES)
def once_asked(name: str) -> Field | None:
    """A question by its full name: as it is asked now, else as it was asked last, if it ever was."""
    prefix = name.partition(".")[0]
    for id_ in sorted(
        {*form_ids(), *_toml_in("entities"), *(one.partition("@")[0] for one in past_names())}
    ):
        known = current(id_)
        editions = (known, *past_editions_of(id_)) if known is None or known.prefix == prefix else ()
        for one in editions:
            if one is not None and one.has(name):
                return one.field(name)
    return None


def in_order(version: str) -> tuple[int, ...]:
    """A version as what editions are put in order by: 2026.10 comes after 2026.9."""
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


@cache
def entity_form(id_: str) -> Form:
    """What is asked about a person, a place or an object."""
    found = _toml_in("entities")
    if id_ not in found:
        raise UnknownForm(f"there is no entity {id_!r}{nearest(id_, found)}")
    return read_form(_table("entities", id_), lists(), others=_offered())


@cache
def entity_forms() -> Mapping[str, Form]:
    """All entity forms by kind."""
    return MappingProxyType({kind.value: entity_form(kind.value) for kind in EntityKind})


@cache
def guide(id_: str) -> Guide:
    """One encounter's guide."""
    found = _toml_in("guides")
    if id_ not in found:
        raise UnknownForm(f"there is no guide {id_!r}{nearest(id_, found)}")
    table = _table("guides", id_)
    must_be_guides(table, found)
    return read_guide(table, form, entity_forms())


def must_be_guides(table: Table, found: Collection[str]) -> None:
    """Refuse a guide that goes on from one that there is not."""
    for name in table.words("follows"):
        if name not in found:
            raise table.wrong(f"follows: there is no guide {name!r}{nearest(name, found)}")


@cache
def guide_ids() -> tuple[str, ...]:
    """The id of every guide."""
    return _toml_in("guides")


@cache
def clocks() -> tuple[Clock, ...]:
    """The timed duties."""
    table = _table("clocks")
    return read_clocks(table, every_field())


def every_field() -> dict[str, Field]:
    """Every question of every form, person, place and object, by full name."""
    return {one.id: one for known in every_form() for one in known.fields()}


def every_form() -> tuple[Form, ...]:
    """Every record form, then what is asked about persons, places and objects."""
    return (*(form(id_) for id_ in form_ids()), *entity_forms().values())


def editions() -> Mapping[str, str]:
    """The checksum of every form and guide as it stands, under the name that it is published by."""
    guides = (guide(id_) for id_ in guide_ids())
    return MappingProxyType(
        {form.edition: form.checksum for form in every_form()}
        | {f"{GUIDE}{one.id}@{one.version}": checksum_of_guide(one) for one in guides}
    )


def not_kept() -> tuple[str, ...]:
    """Published editions that nobody can open any more: neither current, nor past, nor never issued."""
    known = {*editions(), *kept(), *never_issued()}
    return tuple(sorted(name for name in published() if name not in known))


def as_kept(name: str) -> str:
    """A current edition in the lines in which it is kept once it is past, or ``UnknownEdition``."""
    for one in every_form():
        if one.edition == name:
            return lines_of(one)
    for known in (guide(id_) for id_ in guide_ids()):
        if name == f"{GUIDE}{known.id}@{known.version}":
            return f"{guide_spelt(known)}\n"
    raise UnknownEdition(f"{name} is not current")


def check_what_rules_ask() -> None:
    """Refuse a rule that asks for an answer where nobody is asked for it. For whoever checks the forms."""
    places = {id_: table.where for id_, table in _tables().items()}
    for name in _toml_in("forces"):
        for known in every_form():
            for told in unanswerable(known, every_field(), force(name)):
                raise DefinitionError(places.get(known.id, f"entities/{known.id}.toml"), told)


def force_ids() -> tuple[str, ...]:
    """The id of every force."""
    return _toml_in("forces")


@cache
def force(id_: str) -> Mapping[str, object]:
    """What one force has decided for itself, by the name of the setting."""
    found = _toml_in("forces")
    if id_ not in found:
        raise UnknownForm(f"there is no force {id_!r}{nearest(id_, found)}")
    table = _table("forces", id_)
    if table.content.get("id") != id_:
        raise table.wrong(f"id must be {id_!r}, as the file is named")
    check_force(table)
    return MappingProxyType(dict(table.content))


def check_force(table: Table) -> None:
    """Refuse a force's file that lacks what a form or a clock names after ``@``, or as a limit."""
    demanding.check_force(table, every_form(), clocks())


@cache
def schools(force_id: str) -> Mapping[str, School]:
    """The schools that a force lists, by their number (URN)."""
    return MappingProxyType(read_schools(force(force_id).get(SCHOOLS)))


def leaving(settings: Mapping[str, object]) -> Mapping[Output, Leaving]:
    """When each output leaves in a force with these settings; none at all: what the product delivers."""
    return read_leaving(Table("the force's settings", settings))


def retaining(settings: Mapping[str, object]) -> Retaining:
    """How long a force with these settings keeps records; none at all: what the product delivers."""
    types = [one.record_type for one in every_form()]
    return read_retaining(Table("the force's settings", settings), types)


@cache
def lookout() -> Plan:
    """What a lookout card says, what it never says, and when there is none."""
    return read_plan(_table("lookout"), every_field(), form_ids())


@cache
def published() -> Mapping[str, str]:
    """The checksum of every published form and guide, as ``id@version``. Once published, never changed."""
    content = json.loads(_folder("published.json").read_text(encoding="utf-8"))
    return MappingProxyType({str(key): str(value) for key, value in content.items()})
