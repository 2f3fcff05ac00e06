"""A form as a page, for the people who sign it off. Run as ``python -m booklets.handbook docs/forms``.

Every question, condition, choice, rule and its source stands on the page; what
nobody has confirmed is marked "unverified: force to confirm".
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from booklets import definitions
from booklets.checks import CHECKS, ENTITY_CHECKS, RECORD_CHECKS
from booklets.clocks import Clock
from booklets.conditions import Condition, Expectation
from booklets.forms import CHOSEN, Field, Form, Kind, Rule, Stage
from booklets.guides import Guide

UNVERIFIED = "unverified: force to confirm"
LONG_LIST = 12
KINDS: Mapping[Kind, str] = {
    Kind.TEXT: "a few words",
    Kind.LONG_TEXT: "words",
    Kind.SPEECH: "exact words, with who, to whom and what was asked",
    Kind.MOMENT: "a time: exact, about, or between two",
    Kind.DATE: "a date, or as much of it as is known",
    Kind.NUMBER: "a whole number",
    Kind.PERSON: "a person",
    Kind.PEOPLE: "people",
    Kind.PLACE: "a place",
    Kind.PLACES: "places",
    Kind.OBJECT: "a thing",
    Kind.OBJECTS: "things",
    Kind.REFERENCE: "a reference number",
    Kind.STAFF: "a member of staff",
    Kind.BODY_MAP: "places on the body",
}
STAGES: Mapping[Stage, str] = {
    Stage.FOUND: "before “found” is sent",
    Stage.CAPTURE: "before sending",
    Stage.COMPLETE: "later the same shift, or by somebody else",
    Stage.APPROVE: "before approval",
    Stage.CLOSE: "before closing",
}


def page_of(form: Form, known: Mapping[str, Field]) -> str:
    """One form as Markdown. ``known`` has every field by full name, to speak of conditions in words."""
    lines = [
        f"# {form.title}",
        "",
        f"Form `{form.id}`, version {form.version}, checksum `{form.checksum[:16]}`.",
        "",
    ]
    if form.about:
        lines += [form.about, ""]
    for section in form.sections:
        lines += [f"## {section.title}", ""]
        if section.help:
            lines += [section.help, ""]
        lines += ["| Question | Answer | Asked | Needed | Source |", "| --- | --- | --- | --- | --- |"]
        lines += [_row(one, known) for one in section.fields]
        lines.append("")
    lines += list(_long_lists(form))
    if form.rules:
        lines += ["## Rules", "", *(_rule(rule, known) for rule in form.rules), ""]
    return "\n".join(lines)


def _row(one: Field, known: Mapping[str, Field]) -> str:
    cells = (
        _question(one),
        _answer(one),
        _when(one.shown, known, "always"),
        _needed(one, known),
        _source(one.source, unverified=one.unverified),
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _question(one: Field) -> str:
    words = f"**{one.label}** `{one.id}`"
    if one.help:
        words += f" — {one.help}"
    if one.why:
        words += f" *Why: {one.why}*"
    if one.sensitive:
        words += f" *Care: {one.sensitive}*"
    return words


def _answer(one: Field) -> str:
    if one.same_as:
        return f"stored once, in `{one.same_as}`"
    if one.system:
        return "filled in by the app"
    if one.kind in {Kind.YES_NO, Kind.DECISION}:
        return "Yes, No" if one.kind is Kind.DECISION else "Yes, No, Not known"
    if one.codes:
        several = "any of: " if one.kind is Kind.MANY_OF else ""
        shown = ", ".join(_choice(code.label, withdrawn=code.withdrawn) for code in one.codes)
        return several + (
            shown if len(one.codes) <= LONG_LIST else f"{len(one.codes)} choices, listed below"
        )
    if one.columns:
        return "rows of: " + ", ".join(column.label for column in one.columns)
    return KINDS[one.kind]


def _choice(label: str, *, withdrawn: bool) -> str:
    return f"~~{label}~~ (withdrawn)" if withdrawn else label


def _needed(one: Field, known: Mapping[str, Field]) -> str:
    if not one.required.lines:
        return "no"
    words = _when(one.required, known, "yes")
    if one.gaps:
        words += "; or why not"
    return f"{words}; {STAGES[one.stage]}"


def _when(condition: Condition, known: Mapping[str, Field], always: str) -> str:
    if not condition.lines:
        return "never"
    if not all(condition.lines):
        return always
    return "; or ".join(
        "if " + " and ".join(_expectation(one, known) for one in line) for line in condition.lines
    )


def _expectation(one: Expectation, known: Mapping[str, Field]) -> str:
    field = known.get(one.field)
    name = f"“{field.label if field else one.field}”"
    if not one.codes:
        return f"{name} is answered" if one.answered else f"{name} is not answered"
    return f"{name} is {' or '.join(field.label_of(code) if field else code for code in one.codes)}"


def _source(source: str, *, unverified: bool) -> str:
    parts = [part for part in (source, UNVERIFIED if unverified or "[G]" in source else "") if part]
    return "; ".join(parts) or UNVERIFIED


def _long_lists(form: Form) -> Iterator[str]:
    long = [one for one in form.fields() if len(one.codes) > LONG_LIST and one.kind in CHOSEN]
    for one in long:
        yield f"### Choices of “{one.label}”"
        yield ""
        for code in one.codes:
            also = "".join(f", {key} {value}" for key, value in code.also.items())
            yield f"- {_choice(code.label, withdrawn=code.withdrawn)} (`{code.code}`{also})"
        yield ""


def _rule(rule: Rule, known: Mapping[str, Field]) -> str:
    when = "" if all(rule.when.lines) and rule.when.lines else f" Only {_when(rule.when, known, '')}."
    doc = ({**CHECKS, **ENTITY_CHECKS, **RECORD_CHECKS}[rule.check].__doc__ or "").strip().splitlines()
    because = f" Why: {rule.because}" if rule.because else ""
    args = "".join(f", {name} {value}" for name, value in rule.args.items())
    task = f" Task: {rule.task.kind}, for {rule.task.owner}." if rule.task else ""
    return (
        f"- **{rule.id}** ({rule.effect}): {rule.says}{when}{task} "
        f"*Test: {doc[0] if doc else rule.check}{args}{because} Source: "
        f"{_source(rule.source, unverified=rule.unverified)}.*"
    )


def guide_page(guide: Guide) -> str:
    """A guide as Markdown: what is asked on which page, in which order."""
    lines = [f"# {guide.title}", "", f"Guide `{guide.id}`, version {guide.version}."]
    lines += [f"Fills: {', '.join(form.title for form in guide.forms)}.", ""]
    for number, page in enumerate(guide.pages, 1):
        lines += [f"## Page {number}: {page.title}", ""]
        for group in page.groups:
            lines += [f"*{group.title}*", ""] if group.title else []
            lines += [f"1. {guide.field(name).label} (`{name}`)" for name in group.fields] + [""]
    return "\n".join(lines)


def clocks_page(clocks: tuple[Clock, ...], known: Mapping[str, Field]) -> str:
    """All timed duties as Markdown."""
    lines = ["# Clocks", "", "| Clock | Starts at | Length | Rests on | Owner | Source |"]
    lines += ["| --- | --- | --- | --- | --- | --- |"]
    for one in clocks:
        starts = " or ".join(known[name].label if name in known else name for name in one.starts)
        length = (
            f"{one.minutes} minutes"
            if isinstance(one.minutes, int)
            else f"force setting `{one.minutes[1:]}`"
        )
        source = _source(one.source, unverified=one.unverified)
        lines.append(f"| {one.title} | {starts} | {length} | {one.basis} | {one.owner} | {source} |")
    return "\n".join([*lines, ""])


def pages() -> dict[str, str]:
    """Every page by file name."""
    forms = [definitions.form(id_) for id_ in definitions.form_ids()]
    entities = list(definitions.entity_forms().values())
    known = {one.id: one for form in (*forms, *entities) for one in form.fields()}
    found = {f"{form.id}.md": page_of(form, known) for form in (*forms, *entities)}
    found |= {f"guide_{id_}.md": guide_page(definitions.guide(id_)) for id_ in definitions.guide_ids()}
    found["clocks.md"] = clocks_page(definitions.clocks(), known)
    return found


def changed_after_publication() -> list[str]:
    """Forms that differ from what was published under the same version. Must be empty."""
    forms = [definitions.form(id_) for id_ in definitions.form_ids()] + list(
        definitions.entity_forms().values()
    )
    return [
        f"{form.id}@{form.version} was published with other words or rules: give it a new version"
        for form in forms
        if definitions.published().get(f"{form.id}@{form.version}", form.checksum) != form.checksum
    ]


def main(folder: Path) -> int:
    """Check every definition and write the pages. 1 when a published version has changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        (folder / name).write_text(page.rstrip() + "\n", encoding="utf-8")
    wrong = changed_after_publication()
    sys.stdout.write("".join(f"{line}\n" for line in wrong) or f"{len(pages())} pages written\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
