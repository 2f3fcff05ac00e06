"""The only reader of form definitions: strict, and every complaint says where.

The dialect is explained at the top of ``return.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from booklets.answers import Why
from booklets.conditions import ALWAYS, NEVER, Condition
from booklets.definitions.checksums import checksum
from booklets.definitions.filing import read_filing, read_signs
from booklets.definitions.lists import Lists
from booklets.definitions.rules import offered_by, read_rule
from booklets.definitions.tables import (
    Offered,
    Table,
    check_condition,
    choices_of,
    full,
    nearest,
    refuse_twins,
)
from booklets.forms import IN_ROWS, AfterStop, Column, Field, Form, Kind, Rule, Section, Stage, Whom

NOTHING_ELSE: Offered = MappingProxyType({})
BLOCK_OF = {
    Kind.SPEECH: "speech",
    Kind.CONTACTS: "contact",
    Kind.PHOTO: "photo",
    Kind.POSITION: "position",
    Kind.SIGNATURE: "signature",
}
MOST_PHOTOS = 12


def read_form(table: Table, lists: Lists, *, others: Offered = NOTHING_ELSE) -> Form:
    """One form from its table. ``others`` are the fields it may refer to elsewhere, with their codes."""
    prefix = table.text("prefix", table.text("id"))
    anywhere = others  # a question may fall silent on an answer below: what is silent counts all the same
    others = {name: codes for name, codes in others.items() if name.partition(".")[0] != prefix}
    sections: list[Section] = []
    above: dict[str, Field] = {}
    unless = table.condition("unless", prefix=prefix, default=NEVER)
    for part in table.tables("section"):
        sections.append(_section(part, prefix, lists, above, others, anywhere=anywhere, unless=unless))
    offered = {**others, **{name: offered_by(one) for name, one in above.items()}}
    form = Form(
        id=table.text("id"),
        prefix=prefix,
        version=table.text("version"),
        title=table.text("title"),
        record_type=table.text("record_type", ""),
        about=table.text("about", ""),
        sections=tuple(sections),
        rules=tuple(
            _or_else(read_rule(one, prefix, lists, above, offered), unless) for one in table.tables("rule")
        ),
        filing=read_filing(table, prefix, above),
        shows=read_signs(table, prefix, above),
    )
    table.done()
    refuse_twins(table, (rule.id for rule in form.rules), "rule")
    refuse_twins(table, (section.id for section in form.sections), "section")
    return replace(form, checksum=checksum(form))


Part = TypeVar("Part", Field, Rule)


def _or_else(one: Part, unless: Condition) -> Part:
    """A question or a rule that is silent as well where all of its section, or of its form, is."""
    return replace(one, unless=Condition(one.unless.lines + unless.lines)) if unless.lines else one


def _section(
    table: Table,
    prefix: str,
    lists: Lists,
    above: dict[str, Field],
    others: Offered,
    *,
    anywhere: Offered,
    unless: Condition,
) -> Section:
    fields: list[Field] = []
    parts = table.tables("field")
    unless = Condition(unless.lines + table.condition("unless", prefix=prefix, default=NEVER).lines)
    for part in parts:
        one = _or_else(_field(part, prefix, lists), unless)
        if one.id in above:
            raise part.wrong(f"there are two fields {one.id!r}")
        _check_conditions(part, one, above, others, anywhere)
        _check_starts(part, one, others)
        above[one.id] = one
        fields.append(one)
    if not fields:
        raise table.wrong("a section needs fields")
    for part, one, after in zip(parts, fields, [*fields[1:], None], strict=True):
        _other_has_words(part, one, after)
    section = Section(table.short_name("id"), table.text("title"), tuple(fields), table.text("help", ""))
    table.done()
    return section


def _field(table: Table, prefix: str, lists: Lists) -> Field:
    kind = table.one_of("kind", Kind)
    one = Field(
        id=full(table.short_name("id"), prefix),
        kind=kind,
        label=table.text("label"),
        help=table.text("help", ""),
        why=table.text("why", ""),
        codes=lists.choices(table, kind),
        likely=table.words("likely"),
        limit=table.text("limit", ""),
        columns=_columns(table, kind, lists),
        required=table.condition("required", prefix=prefix, default=NEVER),
        needed_of=table.one_of("needed_of", Whom, Whom.EVERYONE),
        shown=table.condition("shown", prefix=prefix, default=ALWAYS),
        unless=table.condition("unless", prefix=prefix, default=NEVER),
        stage=table.one_of("stage", Stage, Stage.CAPTURE),
        same_as=table.text("same_as", ""),
        gaps=_gaps(table),
        role=table.text("role", ""),
        verbatim=table.flag("verbatim") or kind is Kind.SPEECH,
        sensitive=table.text("sensitive", ""),
        after_stop=table.one_of("after_stop", AfterStop, AfterStop.ASKED),
        system=table.flag("system"),
        awaits=table.text("awaits", ""),
        day_alone=table.flag("day_alone"),
        most=_most(table, kind),
        starts_from=table.words("starts_from"),
        starts_as=_starts_as(table, prefix),
        shared_from=table.words("shared_from"),
        source=table.text("source", ""),
        unverified=table.flag("unverified") or table.raw("codes") in sorted(lists.unverified),
    )
    one = replace(one, link=table.text("link", ""), here=table.flag("here"), series=table.text("series", ""))
    _name_codes(table, one, table.text("other", ""))
    table.done()
    _settings_fit(table, one, lists)
    return one


def _name_codes(table: Table, one: Field, other: str) -> None:
    """Refuse a setting that names a choice which is none of this question."""
    words_of = {"likely": one.likely, "other": (other,) if other else (), "starts_as": tuple(one.starts_as)}
    for key, words in words_of.items():
        _are_codes(table, key, words, one)


def _settings_fit(table: Table, one: Field, lists: Lists) -> None:
    """Refuse a setting that means nothing on this kind of question."""
    if one.awaits and not one.system:
        raise table.wrong("awaits: only what no officer is asked can wait for another system")
    if one.day_alone and one.kind is not Kind.MOMENT:
        raise table.wrong(f"day_alone: a {one.kind} has no time that could be left out")
    if one.link and not one.mentions():
        raise table.wrong(f"link: a {one.kind} mentions nobody and nothing that it could tie to the record")
    if one.here and one.kind is not Kind.PLACE:
        raise table.wrong(f"here: nobody stands at a {one.kind}")
    if one.series and one.kind is not Kind.REFERENCE:
        raise table.wrong(f"series: a {one.kind} is no number of another system")
    if one.limit and not one.codes:
        raise table.wrong(f"limit: a {one.kind} has no choices that a force could limit")
    if one.role:
        _is_role(table, one.role, lists)


def _most(table: Table, kind: Kind) -> int:
    """How many photographs a question takes: one, unless it says so."""
    if kind is not Kind.PHOTO:
        if table.has("most"):
            raise table.wrong(f"most: a {kind} holds no photographs")
        return 0
    value = table.raw("most") if table.has("most") else 1
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_PHOTOS:
        raise table.wrong(f"most must be a number from 1 to {MOST_PHOTOS}")
    return value


def _starts_as(table: Table, prefix: str) -> Mapping[str, Condition]:
    """Which choice a question starts with, and when, each as ``code = condition``."""
    part = table.table("starts_as")
    if part is None:
        return {}
    if "no" in part.content:
        raise part.wrong('nothing starts as "no": silence is not an answer')
    return {code: part.condition(code, prefix=prefix, default=NEVER) for code in part.content}


def _check_starts(table: Table, one: Field, others: Offered) -> None:
    """Refuse a start from a question that does not exist, or that is the officer's own judgement here."""
    for key, names in (("starts_from", one.starts_from), ("shared_from", one.shared_from)):
        for name in names:
            if name not in others and not (key == "shared_from" and name == one.id):
                raise table.wrong(f"{key}: no other form has a field {name!r}{nearest(name, others)}")
    for code, condition in one.starts_as.items():
        check_condition(table, f"starts_as: {code}", condition, {}, others)
    if one.kind is Kind.DECISION and (one.starts_from or one.starts_as or one.shared_from):
        raise table.wrong("a decision is never filled in before somebody has decided")


def _are_codes(table: Table, key: str, words: tuple[str, ...], one: Field) -> None:
    known = {choice.code for choice in one.codes}
    for word in words:
        if word not in known:
            raise table.wrong(f"{key}: {word!r} is not one of its codes ({choices_of(known)})")


def _is_role(table: Table, role: str, lists: Lists) -> None:
    known = {choice.code for choice in lists.by_name.get("person_role", ())}
    if role not in known:
        raise table.wrong(f"there is no role {role!r}{nearest(role, known)}")


def _other_has_words(table: Table, one: Field, after: Field | None) -> None:
    """Refuse ``other = "code"`` unless the field after it asks for the words once that code is chosen."""
    other = table.text("other", "")
    if other and (after is None or not after.required.holds({one.id: other})):
        raise table.wrong(f"other: the field after it must be required where {one.id} is {other!r}")


def _columns(table: Table, kind: Kind, lists: Lists) -> tuple[Column, ...]:
    block = table.text("block", BLOCK_OF.get(kind, ""))
    own = tuple(lists.column(one) for one in table.tables("column"))
    if kind not in IN_ROWS:
        if own or block:
            raise table.wrong(f"only rows have columns, and this is a {kind}")
        return ()
    columns = own or lists.block(block, table)
    if not columns:
        raise table.wrong("rows need a block or columns")
    return columns


def _gaps(table: Table) -> frozenset[Why]:
    if not table.has("gaps"):
        return frozenset(Why)
    names = table.words("gaps")
    for name in names:
        if name not in set(Why):
            raise table.wrong(f"gaps: {name!r} is not a reason ({choices_of(Why)})")
    return frozenset(map(Why, names))


def _check_conditions(
    table: Table, one: Field, above: Mapping[str, Field], others: Offered, anywhere: Offered
) -> None:
    for key, condition, may_be in (
        ("shown", one.shown, others),
        ("required", one.required, others),
        ("unless", one.unless, anywhere),
    ):
        check_condition(table, key, condition, above, may_be)
