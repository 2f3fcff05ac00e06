"""Definitions: the reader answers every mistake with file, place, cause and choices."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from booklets import definitions
from booklets.definitions.checksums import checksum
from booklets.definitions.tables import parsed
from booklets.errors import DefinitionError, UnknownForm
from tests.support.definitions import BLOCKS, CODES, FORM, RULE, a_form, rule, the_lists


def test_the_small_form_is_right_as_it_stands() -> None:
    """Otherwise the mistakes below would prove nothing."""
    form = a_form('required = { risk = "high" }')

    assert [one.id for one in form.fields()] == ["f.risk", "f.why", "f.at"]
    assert form.field("f.why").is_required({"f.risk": "high"})


ROLE = "there is no role 'suspec'; did you mean 'suspect'? (suspect)"
FIELD_MISTAKES: Mapping[str, tuple[str, str]] = {
    "a misspelt setting": ("requierd = true", "'requierd' is not a setting here; did you mean 'required'?"),
    "a code that is none": ('required = { risk = "hihg" }', "required: f.risk is never 'hihg' (high, low)"),
    "one wrong code among right ones": ('shown = { risk = ["low", "hi"] }', "shown: f.risk is never 'hi'"),
    "a code of a field without codes": ('shown = { "f.at" = "now" }', "no field 'f.at' stands above it"),
    "a field below": ("shown = { at = true }", "shown: no field 'f.at' stands above it"),
    "the field itself": ("shown = { why = true }", "shown: no field 'f.why' stands above it"),
    "a misspelt field": (
        "shown = { riks = true }",
        "no field 'f.riks' stands above it; did you mean 'f.risk'?",
    ),
    "a condition that says nothing": ("required = []", "required must be true, false, or a table"),
    "a condition in words": ('required = "yes"', "required must be true, false, or a table"),
    "an expectation that is none": ("shown = { risk = 3 }", "f.risk must be true, false, a code,"),
    "codes on a text": ('codes = "risk"', "a long_text has no codes"),
    "columns on a text": ('block = "call"', "only rows have columns, and this is a long_text"),
    "a stage that is none": (
        'stage = "later"',
        "stage is never 'later' (approve, capture, close, complete, found)",
    ),
    "a gap that is none": ('gaps = ["dunno"]', "gaps: 'dunno' is not a reason (not_applicable, not_asked,"),
    "a role that is none": ('role = "suspec"', ROLE),
    "a flag in words": ('verbatim = "yes"', "verbatim must be true or false, not 'yes'"),
    "words without quotes": ("help = 3", "help must be words in quotes, not 3"),
    "a likely choice that is none": ('likely = ["x"]', "likely: 'x' is not one of its codes"),
    "a list that is no list": ("gaps = 3", "gaps must be a list of words in quotes"),
    "other without a code": ('other = "other"', "other: 'other' is not one of its codes"),
    "silent on a code that is none": ('unless = { risk = "x" }', "unless: f.risk is never 'x' (high, low)"),
    "waiting, and asked all the same": (
        'awaits = "a map is there"',
        "awaits: only what no officer is asked can wait for another system",
    ),
    "a limit without choices": ('limit = "x"', "limit: a long_text has no choices"),
    "what follows a stop": ('after_stop = "no"', "after_stop is never 'no' (asked, needed_now, not_asked)"),
}


@pytest.mark.parametrize("mistake", FIELD_MISTAKES)
def test_a_mistake_in_a_question_is_answered_with_its_place(mistake: str) -> None:
    """The person who reads the answer writes forms and not Python."""
    written, answer = FIELD_MISTAKES[mistake]
    with pytest.raises(DefinitionError) as refused:
        a_form(written)

    assert str(refused.value).startswith("f.toml: section one: field why: ")
    assert answer in str(refused.value)


TASK = rule("warn", "task") + 'task = { kind = "x", owner = "%s", within_minutes = %s }'
RULE_MISTAKES: Mapping[str, tuple[str, str]] = {
    "an unknown check": (
        rule("none_chosen", "none_choosen"),
        "there is no check 'none_choosen'; did you mean 'none_chosen'?",
    ),
    "an unknown field": (
        rule('["risk"]', '["riks"]'),
        "fields: no field 'f.riks' in this form; did you mean 'f.risk'?",
    ),
    "an unknown effect": (
        rule("warn", "shout"),
        "effect is never 'shout' (ask, block, send, show, task, warn)",
    ),
    "a task without one": (rule("warn", "task"), "a rule that makes a task needs task"),
    "a task nobody sets": (
        RULE + 'task = { kind = "x", owner = "author", within_minutes = 1 }',
        "a rule whose effect is warn sets no task",
    ),
    "a task with no time": (TASK % ("fim", '"soon"'), "within_minutes must be a number of minutes"),
    "a task for nobody there is": (
        TASK % ("pc", 1),
        "owner is never 'pc' (author, control_room, fim, mhet, supervisor, vat)",
    ),
    "a task with a misspelt setting": (TASK % ("fim", "1, wen = 3"), "'wen' is not a setting here"),
    "sending nothing": (rule("warn", "send"), "a rule that sends needs output"),
    "an output nobody sends": (RULE + 'output = "notice"', "a rule whose effect is warn sends nothing"),
    "an argument the check does not take": (
        rule("codes =", "cods ="),
        "none_chosen cannot be asked this way",
    ),
    "an argument that is missing": (
        rule('args = { codes = ["high"] }', ""),
        "none_chosen cannot be asked this way",
    ),
    "whom, where nobody is looked at": (RULE + 'of = "person"', "of and role mean nothing to it"),
    "a person check without whom": (
        rule("none_chosen", "children_access_asked").replace('args = { codes = ["high"] }', ""),
        'say of = "person"',
    ),
    "a kind of thing that is none": (
        rule("none_chosen", "children_access_asked").replace('args = { codes = ["high"] }', 'of = "animal"'),
        "of is never 'animal' (object, person, place)",
    ),
    "an unknown role": (
        rule("none_chosen", "children_access_asked").replace(
            'args = { codes = ["high"] }', 'of = "person"\nrole = ["suspec"]'
        ),
        ROLE,
    ),
    "a field in the arguments": (
        rule('["high"]', '["f.riks"]'),
        "args: no form has a field 'f.riks'; did you mean 'f.risk'?",
    ),
    "a code in the arguments": (
        rule('["high"]', '["hihg"]'),
        "f.toml: rule R-1: args: codes is never 'hihg'; did you mean 'high'? (high, low)",
    ),
    "a code of a field that has none": (
        rule('["risk"]', '["why"]'),
        "args: codes is never 'high'",
    ),
    "a code under the name of a field": (
        rule("none_chosen", "few_gaps").replace(
            'codes = ["high"]', 'most = 3, unless = { "f.risk" = ["no"] }'
        ),
        "args: unless: f.risk is never 'no' (high, low)",
    ),
    "a code of a field of another form": (
        rule("none_chosen", "few_gaps").replace(
            'codes = ["high"]', 'most = 3, unless = { "g.harm" = ["ja"] }'
        ),
        "args: unless: g.harm is never 'ja' (no, yes)",
    ),
    "a role in the arguments": (
        rule("none_chosen", "other_child_decided")
        .replace("codes", "roles")
        .replace('effect = "warn"', 'effect = "warn"\nof = "person"'),
        "args: roles is never 'high' (suspect)",
    ),
    "a severity that is none": (
        rule("none_chosen", "no_blaming_words").replace('codes = ["high"]', 'prefix = "f", severity = "hi"'),
        "args: severity is never 'hi'; did you mean 'high'? (high, middle)",
    ),
    "a prefix that no form has": (
        rule("none_chosen", "no_bare_opinion").replace('codes = ["high"]', 'prefix = "ff"'),
        "args: prefix is never 'ff'; did you mean 'f'? (f, g)",
    ),
    "when on a code of another form that is none": (
        RULE + 'when = { "g.harm" = "maybe" }',
        "when: g.harm is never 'maybe' (no, yes)",
    ),
    "when on a code that is none": (RULE + 'when = { risk = "x" }', "when: f.risk is never 'x' (high, low)"),
    "unless on a code that is none": (
        RULE + 'unless = { risk = "x" }',
        "unless: f.risk is never 'x' (high, low)",
    ),
    "a misspelt setting": (
        RULE + 'unles = { risk = "high" }',
        "'unles' is not a setting here; did you mean 'unless'?",
    ),
    "nothing to say": (rule('says = "Say why."', ""), "'says' is missing"),
    "no reason": (
        rule('because = "A level without a reason is copied."', ""),
        "'because' is missing: say why it matters to a child or to whoever reads it",
    ),
    "an empty source": (
        rule('source = "R-06"', 'source = " "'),
        "'source' is missing: say where it is from",
    ),
}


@pytest.mark.parametrize("mistake", RULE_MISTAKES)
def test_a_mistake_in_a_rule_is_answered_with_its_place(mistake: str) -> None:
    """A rule fails here, in front of its author, and never at the door."""
    written, answer = RULE_MISTAKES[mistake]
    with pytest.raises(DefinitionError) as refused:
        a_form(rule=written)

    assert str(refused.value).startswith("f.toml: rule R-1")
    assert answer in str(refused.value)


OTHER = 'other = { label = "Other" }'


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ('kind = "moment"', 'kind = "momnt"', "field at: kind is never 'momnt'"),
        ('id = "at"', 'id = "risk"', "there are two fields 'f.risk'"),
        ('id = "at"', 'id = "g.at"', "id must be a short name such as found_at, not 'g.at'"),
        ('codes = "risk"', 'codes = "riks"', "there is no code list 'riks'; did you mean 'risk'?"),
        ('codes = "risk"', "", "a one_of needs codes"),
        ('codes = "risk"', "codes = 3", "codes must be the name of a list or a table of codes"),
        ('codes = "risk"', "codes = { a = 3 }", "a needs a label"),
        ('codes = "risk"', 'codes = { Bi-cycle = "Bicycle" }', "'Bi-cycle' is stored for ever"),
        ('codes = "risk"', 'codes = { a = { label = "A", withdrawn = "x" } }', "withdrawn is true or false"),
        (
            'codes = "risk"',
            'codes = { other = "O" }\nother = "other"',
            "the field after it must be required",
        ),
        (
            'kind = "moment"',
            'kind = "yes_no"\ncodes = "risk"',
            "a yes-or-no question has no codes of its own",
        ),
        ('kind = "moment"', 'kind = "rows"', "rows need a block or columns"),
        ('kind = "moment"', 'kind = "rows"\nblock = "cal"', "there is no block 'cal'; did you mean 'call'?"),
        ('title = "F"', 'titel = "F"', "'title' is missing"),
        (
            'title = "F"',
            'title = "F"\nabuot = "x"',
            "f.toml: 'abuot' is not a setting here; did you mean 'about'?",
        ),
        ("[[section]]", "[section]", "section must be written as [[section]]"),
        ("{rule}", RULE + RULE, "there are two of rule 'R-1'"),
        ("{rule}", '[[section]]\nid = "two"\ntitle = "Two"', "section two: a section needs fields"),
        (
            "{rule}",
            '[[section]]\nid = "one"\ntitle = "1"\n[[section.field]]\nid = "x"\nkind = "text"\nlabel = "X"',
            "there are two of section 'one'",
        ),
        ("{rule}", rule('args = { codes = ["high"] }', "args = 3"), "args must be a table in braces"),
    ],
)
def test_a_mistake_in_a_form_is_answered_with_its_cause(old: str, new: str, answer: str) -> None:
    """Strict: nothing is passed over, nothing guessed."""
    assert old in FORM
    with pytest.raises(DefinitionError) as refused:
        a_form(rule="", text=FORM.replace(old, new, 1))

    assert answer in str(refused.value)


@pytest.mark.parametrize(
    ("codes", "blocks", "answer"),
    [
        ('risk = "High"', BLOCKS, "codes.toml: risk must be a list of codes under [risk]"),
        (
            "[risk]\nuors = true",
            BLOCKS,
            "codes.toml: risk: 'uors' is not a mark of a list; did you mean 'ours'?",
        ),
        (CODES, BLOCKS + BLOCKS, "blocks.toml: there are two of block 'call'"),
        (CODES, BLOCKS.replace('"text"', '"rows"'), "rows are one level deep"),
        (CODES, BLOCKS.replace('"text"', '"one_of"'), "block call: column who: a one_of needs codes"),
        (CODES, BLOCKS.replace('label = "Who"', 'label = "Who"\nreq = true'), "'req' is not a setting here"),
        (
            CODES,
            BLOCKS + BLOCKS.partition("[[block.column]]")[2].join(["[[block.column]]", ""]),
            "there are two of column 'who'",
        ),
    ],
)
def test_a_mistake_in_the_shared_lists_is_answered_too(codes: str, blocks: str, answer: str) -> None:
    """Many forms rest on them."""
    with pytest.raises(DefinitionError) as refused:
        the_lists(codes, blocks)

    assert answer in str(refused.value)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    """With the line, as far as the language tells it."""
    (tmp_path / "f.toml").write_text("id = ", encoding="utf-8")
    (tmp_path / "g.toml").write_bytes(b'id = "\xff"')

    for name in ("f.toml", "g.toml"):
        with pytest.raises(DefinitionError, match=f"forms/{name}: this is not TOML"):
            parsed(tmp_path / name, f"forms/{name}")


@pytest.mark.parametrize(
    "read", [definitions.form, definitions.entity_form, definitions.guide, definitions.force]
)
def test_what_is_not_there_is_said_not_to_be_there(read: object) -> None:
    """With the names of what is."""
    with pytest.raises(UnknownForm, match="there is no"):
        read("nothing")  # type: ignore[operator]


def test_a_record_is_read_only_with_the_form_it_was_written_with() -> None:
    """Other words or rules under one name would change what was said."""
    form = definitions.form("ret")

    assert definitions.form_at("ret", form.version, form.checksum) is form
    with pytest.raises(UnknownForm):
        definitions.form_at("ret", form.version, "0" * 64)


def test_a_checksum_names_exactly_these_words() -> None:
    """Any word, any rule, any code."""
    plain = a_form()
    others = [
        a_form('help = "x"'),
        a_form(rule=rule("Say", "say")),
        a_form("required = true"),
        a_form(rule=""),
    ]

    assert plain.checksum == checksum(a_form()) == checksum(plain)
    assert len({plain.checksum, *(one.checksum for one in others)}) == 5


def test_saying_what_holds_anyway_changes_no_checksum() -> None:
    """So that a form keeps its checksum when the dialect learns a new setting."""
    same = 'stage = "capture"\nshown = true\nrequired = false\nverbatim = false'

    assert a_form(same).checksum == a_form().checksum
    assert a_form(rule=RULE + "unless = false\noverride = true").checksum == a_form().checksum


@pytest.mark.parametrize("level", ["question", "section", "form"])
def test_a_question_a_section_and_a_form_can_fall_silent(level: str) -> None:
    """Where it holds nobody is asked any more; what was answered before is an answer all the same."""
    unless = 'unless = { "g.harm" = "yes" }'
    text = {
        "question": FORM,
        "section": FORM.replace('title = "One"', f'title = "One"\n{unless}'),
        "form": f"{unless}\n{FORM}",
    }
    form = a_form(unless if level == "question" else "required = true", text=text[level])
    why = form.field("f.why")

    assert why.is_shown({"g.harm": "no"})
    assert not why.is_shown({"g.harm": "yes"})
    assert not why.is_required({"g.harm": "yes"})
    assert why.is_shown({"g.harm": "yes", "f.why": "Said before."})
    assert form.field("f.risk").is_shown({"g.harm": "yes"}) == (level == "question")
    assert form.rules[0].unless.holds({"g.harm": "yes"}) == (level == "form")
    assert form.asked({"g.harm": "yes", "f.why": "Said before."}) == {"f.why": "Said before."}
