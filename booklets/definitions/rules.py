"""Reads rules: a named check, what it looks at, and what follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from inspect import Signature, signature

from booklets.checks import CHECKS, ENTITY_CHECKS, RECORD_CHECKS
from booklets.checks.phrase_book import SEVERITIES
from booklets.conditions import ALWAYS, NEVER
from booklets.definitions.lists import Lists
from booklets.definitions.tables import Offered, Table, check_condition, choices_of, full, nearest
from booklets.entities import EntityKind
from booklets.forms import Effect, Field, Rule, Stage, TaskPlan

KNOWN: Mapping[str, Callable[..., object]] = {**CHECKS, **ENTITY_CHECKS, **RECORD_CHECKS}
FIELD_NAME = re.compile(r"[a-z]+\.[a-z][a-z0-9_]*")
ROLES, PREFIX, SEVERITY = "roles", "prefix", "severity"
ALWAYS_OF = {"statuses": "person.care_status"}
"""Arguments whose words are always codes of one question, whatever the rule itself points to."""


def read_rule(table: Table, prefix: str, lists: Lists, above: Mapping[str, Field], offered: Offered) -> Rule:
    """One rule of a form. Nothing that it names may be missing: a rule fails here and never at the door.

    ``above`` are the form's own fields; ``offered`` also has those of other forms, each with its codes.
    """
    check = table.text("check")
    if check not in KNOWN:
        raise table.wrong(f"there is no check {check!r}{nearest(check, KNOWN)}")
    fields = tuple(full(name, prefix) for name in table.words("fields"))
    for name in fields:
        if name not in offered:
            raise table.wrong(f"fields: no field {name!r} in this form{nearest(name, above)}")
    args = table.table("args")
    when = table.condition("when", prefix=prefix, default=ALWAYS)
    unless = table.condition("unless", prefix=prefix, default=NEVER)
    check_condition(table, "when", when, above, offered)
    check_condition(table, "unless", unless, above, offered)
    rule = Rule(
        id=table.text("id"),
        check=check,
        fields=fields,
        says=table.text("says"),
        effect=table.one_of("effect", Effect),
        because=_reason(table, "because", "why it matters to a child or to whoever reads it"),
        source=_reason(table, "source", 'where it is from, or "unverified"'),
        unverified=table.flag("unverified"),
        args=dict(args.content) if args else {},
        when=when,
        unless=unless,
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
    _check_whom(table, rule, lists)
    _check_arguments(table, rule)
    _check_words(table, rule, offered, lists)
    return rule


def offered_by(one: Field) -> frozenset[str]:
    """The codes of a question, or of the columns of its rows."""
    cells = (choice.code for column in one.columns for choice in column.codes)
    return frozenset((*(choice.code for choice in one.codes), *cells))


def _reason(table: Table, key: str, what: str) -> str:
    """Whoever signs a form off reads of each rule what it is for, and what it rests on."""
    if not table.has(key) or not table.text(key).strip():
        raise table.wrong(f"{key!r} is missing: say {what}")
    return table.text(key)


def _task(table: Table) -> TaskPlan | None:
    task = table.table("task")
    if task is None:
        return None
    plan = TaskPlan(
        kind=task.text("kind"), owner=task.owner(), within_minutes=task.minutes("within_minutes")
    )
    task.done()
    return plan


def _check_effect(table: Table, rule: Rule) -> None:
    if rule.effect is Effect.TASK and rule.task is None:
        raise table.wrong("a rule that makes a task needs task = { kind, owner, within_minutes }")
    if rule.effect is Effect.SEND and not rule.output:
        raise table.wrong("a rule that sends needs output")
    if rule.task is not None and rule.effect is not Effect.TASK:
        raise table.wrong(f'a rule whose effect is {rule.effect} sets no task: make it effect = "task"')
    if rule.output and rule.effect is not Effect.SEND:
        raise table.wrong(f'a rule whose effect is {rule.effect} sends nothing: make it effect = "send"')


def _check_whom(table: Table, rule: Rule, lists: Lists) -> None:
    if rule.check in ENTITY_CHECKS and not rule.of:
        raise table.wrong('this check looks at each person, place or object: say of = "person"')
    if (rule.of or rule.roles) and rule.check not in ENTITY_CHECKS:
        raise table.wrong("this check looks at answers, so of and role mean nothing to it")
    if rule.of and rule.of not in set(EntityKind):
        raise table.wrong(f"of is never {rule.of!r} ({choices_of(EntityKind)})")
    known = {choice.code for choice in lists.by_name.get("person_role", ())}
    for role in rule.roles:
        if role not in known:
            raise table.wrong(f"there is no role {role!r}{nearest(role, known)}")


def _check_arguments(table: Table, rule: Rule) -> None:
    """Refuse arguments that the check does not take."""
    looks_at: tuple[object, ...] = rule.fields
    if rule.check in ENTITY_CHECKS:
        looks_at = ("entity", "facts")
    elif rule.check in RECORD_CHECKS:
        looks_at = ("facts",)
    try:
        _signature_of(rule.check).bind(*looks_at, **rule.args)
    except TypeError as error:
        raise table.wrong(f"{rule.check} cannot be asked this way: {error}") from None


@cache
def _signature_of(check: str) -> Signature:
    return signature(KNOWN[check])


def _check_words(table: Table, rule: Rule, offered: Offered, lists: Lists) -> None:
    """Refuse names of fields that do not exist, and codes that no field offers which the rule looks at."""
    roles = frozenset(choice.code for choice in lists.by_name.get("person_role", ()))
    words = list(_words_in(rule.args))
    for word in words:
        if FIELD_NAME.fullmatch(word) and word not in offered:
            raise table.wrong(f"args: no form has a field {word!r}{nearest(word, offered)}")
    looked_at = [name for name in (*rule.fields, *words) if name in offered]
    together = frozenset(code for name in looked_at for code in offered[name])
    for key, value in rule.args.items():
        if isinstance(value, Mapping):
            for name, codes in value.items():
                _are_offered(table, f"{key}: {name}", codes, offered.get(name, frozenset()))
        else:
            own = offered.get(ALWAYS_OF.get(key, ""), together)
            _are_offered(table, key, value, roles if key == ROLES else own)
    if PREFIX in rule.args and rule.args[PREFIX] not in (prefixes := _prefixes_of(tuple(offered))):
        _are_offered(table, PREFIX, [rule.args[PREFIX]], prefixes)
    if SEVERITY in rule.args:
        _are_offered(table, SEVERITY, [rule.args[SEVERITY]], SEVERITIES)


@lru_cache(maxsize=8)
def _prefixes_of(names: tuple[str, ...]) -> frozenset[str]:
    """What the names of questions begin with: the same of every rule of a form."""
    return frozenset(name.partition(".")[0] for name in names)


def _are_offered(table: Table, where: str, codes: object, known: frozenset[str]) -> None:
    """Only a list holds codes: what stands alone is a field, a force's setting or words."""
    for code in codes if isinstance(codes, list) else ():
        if not FIELD_NAME.fullmatch(str(code)) and code not in known:
            raise table.wrong(f"args: {where} is never {code!r}{nearest(str(code), known)}")


def _words_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _words_in(key)
            yield from _words_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _words_in(inner)
