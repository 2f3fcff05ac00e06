"""A form as a page, for the people who sign it off. Run as ``python -m booklets.handbook docs/forms``.

Every question, condition, choice, rule and its source stands on the page; what
nobody has confirmed is marked "unverified: force to confirm".

The run also publishes: a form or entity whose version is not in
``definitions/published.json`` yet is added there with its checksum. What stands
in that file is never changed by a run, and a form that no longer matches it is
reported. Give it a new version; only a version that no device has been given
may be taken out of the file by hand, to be published anew. Whatever was
published stays at hand: as the current edition, or in ``definitions/past/``,
where ``house.outgoing`` puts it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from booklets import definitions
from booklets.answers import Why
from booklets.checks import CHECKS, ENTITY_CHECKS, RECORD_CHECKS
from booklets.clocks import Clock
from booklets.conditions import ALWAYS, Condition, Expectation
from booklets.errors import DefinitionError
from booklets.forms import Code, Column, Field, Form, Kind, Rule, Stage, TaskPlan, Whom
from booklets.guides import Guide, Page
from booklets.prefill import misfits

WHOM = {
    Whom.EVERYONE: "",
    Whom.CHILD: ", of the child it is about",
    Whom.OTHERS: ", of everybody but the child",
}
UNVERIFIED = "unverified: force to confirm"
LONG_LIST = 12
PUBLISHED = Path(__file__).with_name("definitions") / "published.json"
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
    Kind.PHOTO: "photographs or scanned papers",
    Kind.SIGNATURE: "a signature, or why there is none",
    Kind.POSITION: "where the device is, once, on a tap",
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
        _asked(one, known),
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
    if one.day_alone:
        words += " *The day alone will do.*"
    if one.here:
        words += " *Where the officer stands is one tap.*"
    return words + _starts(one)


def _starts(one: Field) -> str:
    """Where the answer comes from when one encounter follows from another."""
    words = f" *Starts from: {', '.join(one.starts_from)}.*" if one.starts_from else ""
    if one.starts_as:
        words += f" *Starts as: {', '.join(one.label_of(code) for code in one.starts_as)}.*"
    if one.shared_from:
        words += f" *For another child of the incident: {', '.join(one.shared_from)}.*"
    return words


def _answer(one: Field) -> str:
    if one.same_as:
        return f"stored once, in `{one.same_as}`"
    if one.awaits:
        return f"from other systems: empty until {one.awaits}"
    if one.system:
        return "filled in by the app"
    limit = f"; the force may limit them (`{one.limit}`)" if one.limit else ""
    if one.codes:
        several = "any of: " if one.kind in {Kind.MANY_OF, Kind.BODY_MAP} else ""
        return several + _choices(one.codes) + limit
    if one.columns:
        rows = f"{KINDS[one.kind]}; with: " if one.kind in {Kind.POSITION, Kind.SIGNATURE} else "rows of: "
        of = f"{KINDS[one.kind]}, {one.most} at most, each with: " if one.most else rows
        return of + "; ".join(_column(column) for column in one.columns)
    return KINDS[one.kind] + (" (exact words)" if one.verbatim else "")


def _column(one: Column) -> str:
    words = f"{one.label} ({_choices(one.codes)})" if one.codes else one.label
    return f"{words}, needed" if one.required else words


def _choices(codes: tuple[Code, ...]) -> str:
    if len(codes) > LONG_LIST:
        return f"{len(codes)} choices, listed below"
    return ", ".join(_choice(code.label, withdrawn=code.withdrawn) for code in codes)


def _choice(label: str, *, withdrawn: bool) -> str:
    return f"~~{label}~~ (withdrawn)" if withdrawn else label


def _asked(one: Field, known: Mapping[str, Field]) -> str:
    words = _when(one.shown, known, "always")
    return f"{words}; not {_when(one.unless, known, '')}" if one.unless.lines else words


def _needed(one: Field, known: Mapping[str, Field]) -> str:
    if not one.required.lines:
        return "no"
    words = _when(one.required, known, "yes") + WHOM[one.needed_of]
    if one.gaps == frozenset(Why):
        words += "; or why not"
    elif one.gaps:
        words += f"; or: {', '.join(why.replace('_', ' ') for why in Why if why in one.gaps)}"
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
    name = _name(one.field, known)
    if one.but:
        words = " or ".join(field.label_of(code) if field else code for code in one.but)
        return f"{name} is anything but {words}"
    if not one.codes:
        return f"{name} is answered" if one.answered else f"{name} is not answered"
    return f"{name} is {' or '.join(field.label_of(code) if field else code for code in one.codes)}"


def _source(source: str, *, unverified: bool) -> str:
    parts = [part for part in (source, UNVERIFIED if unverified or "[G]" in source else "") if part]
    return "; ".join(parts) or UNVERIFIED


def _long_lists(form: Form) -> Iterator[str]:
    asked = [one for one in form.fields() if not one.same_as and not one.system]
    long = [(one.label, one.codes) for one in asked]
    long += [(f"{one.label}: {part.label}", part.codes) for one in asked for part in one.columns]
    for label, codes in long:
        if len(codes) <= LONG_LIST:
            continue
        yield f"### Choices of “{label}”"
        yield ""
        for code in codes:
            also = "".join(f", {key} {value}" for key, value in code.also.items())
            yield f"- {_choice(code.label, withdrawn=code.withdrawn)} (`{code.code}`{also})"
        yield ""


def _rule(rule: Rule, known: Mapping[str, Field]) -> str:
    when = "" if rule.when == ALWAYS else f" Only {_when(rule.when, known, '')}."
    when += f" Not {_when(rule.unless, known, '')}." if rule.unless.lines else ""
    doc = ({**CHECKS, **ENTITY_CHECKS, **RECORD_CHECKS}[rule.check].__doc__ or "").strip().splitlines()
    because = f" Why: {rule.because}" if rule.because else ""
    args = "; ".join(f"{name} {_argument(value)}" for name, value in rule.args.items())
    looks = f" On {', '.join(_name(name, known) for name in rule.fields)}." if rule.fields else ""
    what = (f" Task: {_task(rule.task)}." if rule.task else "") + (
        f" Sends: {rule.output.replace('_', ' ')}." if rule.output else ""
    )
    return (
        f"- **{rule.id}** ({rule.effect}, {STAGES[rule.stage]}): {rule.says}{looks}{when}{what} "
        f"*Test: {doc[0] if doc else rule.check}{f' ({args})' if args else ''}{because} Source: "
        f"{_source(rule.source, unverified=rule.unverified)}.*"
    )


def _argument(value: object) -> str:
    """What a check is told, in words: lists, and fields with the codes that count."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_argument(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value)


def _task(task: TaskPlan) -> str:
    return f"{task.kind.replace('_', ' ')}, for {task.owner}, {_length(task.within_minutes)}"


def _length(minutes: int | str) -> str:
    if isinstance(minutes, str):
        return f"within the force's `{minutes[1:]}`"
    return f"within {minutes} minutes" if minutes else "at once"


def _name(name: str, known: Mapping[str, Field]) -> str:
    return f"“{known[name].label}”" if name in known else f"`{name}`"


def guide_page(guide: Guide) -> str:
    """A guide as Markdown: what is asked on which page, in which order."""
    lines = [f"# {guide.title}", "", f"Guide `{guide.id}`, version {guide.version}."]
    lines += [f"Fills: {', '.join(form.title for form in guide.forms)}.", ""]
    for number, page in enumerate(guide.pages, 1):
        lines += [f"## Page {number}: {page.title}", "", *_lesson(page)]
        for group in page.groups:
            lines += [f"*{group.title}*", ""] if group.title else []
            lines += [f"1. {guide.field(name).label} (`{name}`)" for name in group.fields] + [""]
    for kind, names in guide.mentions.items():
        lines += [f"## Asked first about a {kind} who is mentioned", ""]
        lines += [f"1. {guide.field(name).label} (`{name}`)" for name in names] + [""]
    return "\n".join(lines)


def _lesson(page: Page) -> Iterator[str]:
    """What a page teaches: what belongs there, what to look and listen for, and examples."""
    if page.belongs:
        yield from (f"**{page.letter}** {page.belongs}".strip(), "")
    if page.prompts:
        yield from (f"To look and listen for: {'; '.join(page.prompts)}.", "")
    if page.weak:
        yield from (f"*Weak:* “{page.weak}”", "")
    for example in page.strong:
        yield from (f"*Strong:* “{example}”", "")


FROM_BEGUN = ("when the record was begun, where nobody knows",)


def clocks_page(clocks: tuple[Clock, ...], known: Mapping[str, Field]) -> str:
    """All timed duties as Markdown."""
    lines = ["# Clocks", "", "| Clock | Starts at | Length | Runs | Done by | Rests on | Owner | Source |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for one in clocks:
        runs = _when(one.when, known, "always")
        cells = (
            one.title,
            " or ".join(
                [*(_name(name, known) for name in one.starts), *(FROM_BEGUN if one.or_begun else ())]
            ),
            f"end of shift, at the latest {_length(one.minutes)}"
            if one.end_of_shift
            else _length(one.minutes),
            f"{runs}; not {_when(one.unless, known, '')}" if one.unless.lines else runs,
            _name(one.stops, known) if one.stops else "the task is closed",
            f"{one.basis.value}, no more than {one.at_most} minutes" if one.at_most else one.basis.value,
            one.owner,
            _source(one.source, unverified=one.unverified),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def pages() -> dict[str, str]:
    """Every page by file name."""
    known = definitions.every_field()
    found = {f"{form.id}.md": page_of(form, known) for form in definitions.every_form()}
    found |= {f"guide_{id_}.md": guide_page(definitions.guide(id_)) for id_ in definitions.guide_ids()}
    found["clocks.md"] = clocks_page(definitions.clocks(), known)
    return found


def changed_after_publication(editions: Mapping[str, str], published: Mapping[str, str]) -> list[str]:
    """Forms and guides that differ from what was published under the same version. Must be empty."""
    return [
        f"{edition} was published with other words, pages or rules: give it a new version "
        "(or, if nobody has that one yet, take its line out of booklets/definitions/published.json)"
        for edition, checksum in editions.items()
        if published.get(edition, checksum) != checksum
    ]


def nowhere(not_kept: Iterable[str]) -> list[str]:
    """Published editions that are neither current nor kept, each with what to do. Must be empty."""
    return [
        f"{edition} was published, and is neither current nor kept in booklets/definitions/past/: commit "
        "the forms as they were with it and run `make forms` again; or, if nobody was ever given it, say so "
        "in booklets/definitions/past/never_issued.toml"
        for edition in not_kept
    ]


def publish(editions: Mapping[str, str], file: Path) -> list[str]:
    """Add the editions that are not in the file yet, and name them. Nothing in it is ever changed."""
    held: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    new = {edition: checksum for edition, checksum in editions.items() if edition not in held}
    if new:
        text = json.dumps({**held, **new}, indent=2, sort_keys=True)
        file.write_text(text + "\n", encoding="utf-8")
    return sorted(new)


def main(folder: Path, published: Path = PUBLISHED) -> int:
    """Check every definition, write the pages, then publish new editions.

    1, and no page written and nothing published, when a definition is wrong or a
    published one has changed: the message says where and what to do.
    """
    try:
        forms, editions = definitions.every_form(), definitions.editions()
        definitions.check_what_rules_ask()
        written = pages()
    except DefinitionError as mistake:
        sys.stdout.write(f"{mistake}\nNo page was written.\n")
        return 1
    held = json.loads(published.read_text(encoding="utf-8")) if published.exists() else {}
    wrong = [*misfits(forms), *changed_after_publication(editions, held), *nowhere(definitions.not_kept())]
    if wrong:
        sys.stdout.write("".join(f"{line}\n" for line in wrong) + "No page was written.\n")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in written.items():
        (folder / name).write_text(page.rstrip() + "\n", encoding="utf-8")
    says = [
        *(f"{edition} is published" for edition in publish(editions, published)),
        f"{len(written)} pages written",
    ]
    sys.stdout.write("".join(f"{line}\n" for line in says))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
