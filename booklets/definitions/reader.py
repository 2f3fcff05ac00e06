"""The only reader of form definitions: strict, and every complaint says where.

The dialect is explained at the top of ``return.toml``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from booklets.answers import Why
from booklets.checks import CHECKS, ENTITY_CHECKS, RECORD_CHECKS
from booklets.conditions import ALWAYS, NEVER, Condition
from booklets.definitions.lists import Lists, code
from booklets.definitions.tables import Table, choices_of, full, nearest
from booklets.forms import (
    CHOSEN,
    IN_ROWS,
    AfterStop,
    Code,
    Column,
    Effect,
    Field,
    Form,
    Kind,
    Rule,
    Section,
    Stage,
    TaskPlan,
)

YES_NO = (Code("yes", "Yes"), Code("no", "No"))
BLOCK_OF = {Kind.SPEECH: "speech", Kind.CONTACTS: "contact"}


def read_form(table: Table, lists: Lists, *, others: frozenset[str] = frozenset()) -> Form:
    """One form from its table. ``others`` are full names of fields it may refer to elsewhere."""
    prefix = table.text("prefix", table.text("id"))
    sections: list[Section] = []
    above: dict[str, Field] = {}
    for part in table.tables("section"):
        sections.append(_section(part, prefix, lists, above, others))
    form = Form(
        id=table.text("id"),
        prefix=prefix,
        version=table.text("version"),
        title=table.text("title"),
        record_type=table.text("record_type", ""),
        about=table.text("about", ""),
        sections=tuple(sections),
        rules=tuple(_rule(one, prefix, above, others) for one in table.tables("rule")),
    )
    table.done()
    _refuse_twins(table, [rule.id for rule in form.rules], "rule")
    return replace(form, checksum=checksum(form))


def checksum(form: Form) -> str:
    """A fingerprint of everything the form says and does."""
    return hashlib.sha256(json.dumps(_shape(form), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _shape(value: Any) -> Any:
    """Any part of a form as plain JSON, the same on every machine."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): _shape(inner) for key, inner in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(inner) for inner in value)
    if isinstance(value, (list, tuple)):
        return [_shape(inner) for inner in value]
    return {name: _shape(getattr(value, name)) for name in value.__slots__ if name != "checksum"}


def _section(
    table: Table, prefix: str, lists: Lists, above: dict[str, Field], others: frozenset[str]
) -> Section:
    fields: list[Field] = []
    for part in table.tables("field"):
        one = _field(part, prefix, lists)
        if one.id in above:
            raise part.wrong(f"there are two fields {one.id!r}")
        _check_conditions(part, one, above, others)
        above[one.id] = one
        fields.append(one)
    section = Section(table.text("id"), table.text("title"), tuple(fields), table.text("help", ""))
    table.done()
    return section


def _field(table: Table, prefix: str, lists: Lists) -> Field:
    kind = table.one_of("kind", Kind)
    codes = _codes(table, kind, lists)
    one = Field(
        id=full(table.text("id"), prefix),
        kind=kind,
        label=table.text("label"),
        help=table.text("help", ""),
        why=table.text("why", ""),
        codes=codes,
        likely=table.words("likely"),
        limit=table.text("limit", ""),
        columns=_columns(table, kind, lists),
        required=table.condition("required", prefix=prefix, default=NEVER),
        shown=table.condition("shown", prefix=prefix, default=ALWAYS),
        stage=table.one_of("stage", Stage, Stage.CAPTURE),
        same_as=table.text("same_as", ""),
        gaps=_gaps(table),
        role=table.text("role", ""),
        other=table.text("other", ""),
        verbatim=table.flag("verbatim") or kind is Kind.SPEECH,
        sensitive=table.text("sensitive", ""),
        after_stop=table.one_of("after_stop", AfterStop, AfterStop.ASKED),
        system=table.flag("system"),
        source=table.text("source", ""),
        unverified=table.flag("unverified"),
    )
    table.done()
    for word in one.likely:
        if word not in {choice.code for choice in codes}:
            raise table.wrong(
                f"likely: {word!r} is not one of its codes ({choices_of(c.code for c in codes)})"
            )
    return one


def _codes(table: Table, kind: Kind, lists: Lists) -> tuple[Code, ...]:
    value = table.raw("codes")
    if kind in {Kind.YES_NO, Kind.DECISION}:
        if value is not None:
            raise table.wrong("a yes-or-no question has no codes of its own")
        return YES_NO
    if value is None:
        if kind in CHOSEN or kind is Kind.BODY_MAP:
            raise table.wrong(f"a {kind} needs codes")
        return ()
    if isinstance(value, str):
        return lists.codes(value, table)
    if not isinstance(value, dict):
        raise table.wrong("codes must be the name of a list or a table of codes")
    return tuple(code(slug, words, table) for slug, words in value.items())


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


def _check_conditions(table: Table, one: Field, above: Mapping[str, Field], others: frozenset[str]) -> None:
    for key, condition in (("shown", one.shown), ("required", one.required)):
        check_condition(table, key, condition, above, others)


def check_condition(
    table: Table, key: str, condition: Condition, above: Mapping[str, Field], others: frozenset[str]
) -> None:
    """Refuse a condition on a field that does not stand above, or on a code it can never have."""
    for line in condition.lines:
        for one in line:
            field = above.get(one.field)
            if field is None:
                if one.field in others:
                    continue
                raise table.wrong(
                    f"{key}: no field {one.field!r} stands above it{nearest(one.field, above)}"
                )
            known = {choice.code for choice in field.codes}
            for word in one.codes:
                if known and word not in known:
                    raise table.wrong(f"{key}: {one.field} is never {word!r} ({choices_of(known)})")


def _rule(table: Table, prefix: str, above: Mapping[str, Field], others: frozenset[str]) -> Rule:
    check = table.text("check")
    known = {**CHECKS, **ENTITY_CHECKS, **RECORD_CHECKS}
    if check not in known:
        raise table.wrong(f"there is no check {check!r}{nearest(check, known)}")
    fields = tuple(full(name, prefix) for name in table.words("fields"))
    for name in fields:
        if name not in above and name not in others:
            raise table.wrong(f"fields: no field {name!r} in this form{nearest(name, above)}")
    args = table.table("args")
    when = table.condition("when", prefix=prefix, default=ALWAYS)
    check_condition(table, "when", when, above, others)
    rule = Rule(
        id=table.text("id"),
        check=check,
        fields=fields,
        says=table.text("says"),
        effect=table.one_of("effect", Effect),
        because=table.text("because", ""),
        source=table.text("source", ""),
        unverified=table.flag("unverified"),
        args=dict(args.content) if args else {},
        when=when,
        of=table.text("of", ""),
        roles=table.words("role"),
        task=_task(table),
        output=table.text("output", ""),
        override=table.flag("override", default=True),
        group=table.text("group", ""),
        stage=table.one_of("stage", Stage, Stage.CAPTURE),
    )
    table.done()
    _check_effect(table, rule)
    return rule


def _task(table: Table) -> TaskPlan | None:
    task = table.table("task")
    if task is None:
        return None
    within = task.raw("within_minutes")
    if within is not None and not isinstance(within, (int, str)):
        raise task.wrong("within_minutes must be a number, or a force setting's name after @")
    plan = TaskPlan(kind=task.text("kind"), owner=task.text("owner"), within_minutes=within or 0)
    task.done()
    return plan


def _check_effect(table: Table, rule: Rule) -> None:
    if rule.effect is Effect.TASK and rule.task is None:
        raise table.wrong("a rule that makes a task needs task = { kind, owner, within_minutes }")
    if rule.effect is Effect.SEND and not rule.output:
        raise table.wrong("a rule that sends needs output")
    if rule.check in ENTITY_CHECKS and not rule.of:
        raise table.wrong('this check looks at each person, place or object: say of = "person"')


def _refuse_twins(table: Table, names: list[str], what: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise table.wrong(f"there are two of {what} {name!r}")
