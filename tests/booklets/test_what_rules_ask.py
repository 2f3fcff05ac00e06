"""What a rule asks for can be answered where it asks, and a changed guide has another version."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from booklets import definitions, handbook
from booklets.definitions.asking import unanswerable
from booklets.definitions.checksums import checksum_of_guide
from booklets.definitions.reader import read_form
from tests.support.definitions import table, the_lists

ASKS = """
[[rule]]
id = "R-2"
check = "not_closed_as_concern"
fields = ["closed", "seen"]
says = "Did anybody know where?"
effect = "block"
because = "b"
source = "s"
{when}
"""
CLOSING = """
id = "f"
version = "1"
title = "F"
[[section]]
id = "one"
title = "One"
[[section.field]]
id = "where"
kind = "yes_no"
label = "Somewhere?"
[[section.field]]
id = "closed"
kind = "one_of"
label = "Closed as?"
codes = {{ concern_for_safety = "A concern", missing = "A missing episode" }}
[[section.field]]
id = "seen"
kind = "yes_no"
label = "Was there a time when nobody knew where?"
{shown}
{rule}
"""


def what_is_unanswerable(shown: str, when: str = "") -> list[str]:
    """What is said of the rule, where the question that it asks for is shown like this."""
    written = CLOSING.format(shown=shown, rule=ASKS.format(when=when))
    form = read_form(table(written), the_lists())
    return list(unanswerable(form, {one.id: one for one in form.fields()}, {}))


@pytest.mark.parametrize(
    ("shown", "when"),
    [
        ("", ""),
        ('shown = { closed = "concern_for_safety" }', ""),
        ('shown = { where = "yes" }', 'when = { where = "yes" }'),
        ('unless = { where = "no" }', 'unless = { where = "no" }'),
    ],
)
def test_a_rule_asks_only_where_its_question_is_asked(shown: str, when: str) -> None:
    """Shown by the answer that makes the rule speak, or by what the rule itself looks at."""
    assert what_is_unanswerable(shown, when) == []


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ('shown = { where = "yes" }', "It is asked where f.where is yes, at stage capture"),
        ('unless = { where = "no" }', "It is asked always, unless f.where is no, at stage capture"),
        ('stage = "close"', "It is asked always, at stage close"),
        ("system = true", "It is asked always, at stage capture"),
    ],
)
def test_a_rule_that_asks_where_nobody_is_asked_is_refused_with_its_cause(shown: str, told: str) -> None:
    """An officer would read what is missing, and find no place to say it."""
    [complaint] = what_is_unanswerable(shown)

    assert complaint.startswith("rule R-2: it asks for 'f.seen' where that is not asked: ")
    assert "f.closed is concern_for_safety" in complaint
    assert told in complaint
    assert "say so in when or unless of the rule" in complaint


def test_an_answer_that_no_condition_names_is_tried_as_well() -> None:
    """Of "no" nothing is said, and it is there that an officer would look for the question in vain."""
    once = """
        [[rule]]
        id = "R-2"
        check = "answered_once"
        fields = ["seen"]
        args = { once = "f.where", field = "f.seen" }
        says = "Did anybody know where?"
        effect = "ask"
        because = "b"
        source = "s"
        """
    written = CLOSING.format(shown='shown = { where = "yes" }', rule=once)
    form = read_form(table(written), the_lists())

    [complaint] = unanswerable(form, {one.id: one for one in form.fields()}, {})

    assert "f.where is no" in complaint


@pytest.mark.thorough
def test_every_rule_asks_only_where_its_question_is_asked() -> None:
    """Of all forms, with the settings of every force; `make forms` refuses what does not."""
    definitions.check_what_rules_ask()


def test_a_guide_that_was_changed_is_another_edition() -> None:
    """Each record says which version of the guide asked: a page that was changed is another one."""
    guide = definitions.guide("ppn")
    longer = replace(guide, pages=(replace(guide.pages[0], title="Another"), *guide.pages[1:]))

    assert definitions.editions()[f"guide_ppn@{guide.version}"] == checksum_of_guide(guide)
    assert checksum_of_guide(longer) != checksum_of_guide(guide)


@pytest.mark.thorough
def test_make_forms_notices_a_guide_whose_version_was_forgotten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once published, its pages are what its version says."""
    file, guide = tmp_path / "published.json", definitions.guide("ppn")
    file.write_text(json.dumps({f"guide_ppn@{guide.version}": "x"}), encoding="utf-8")

    assert handbook.main(tmp_path / "forms", file) == 1
    assert f"guide_ppn@{guide.version} was published with other words, pages" in capsys.readouterr().out


def test_every_form_and_guide_is_published_as_it_stands() -> None:
    """Changed words, pages or rules need a new version: a record names the edition it was written with."""
    as_it_stands, published = definitions.editions(), definitions.published()

    assert {name: published.get(name) for name in as_it_stands} == as_it_stands
    assert all(len(value) == 64 for value in json.loads(json.dumps(dict(published))).values())
