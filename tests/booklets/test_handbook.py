"""The handbook: what the experts sign is all that the form does."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from booklets import definitions, handbook
from booklets.forms import Form
from booklets.handbook import UNVERIFIED, changed_after_publication, publish

FORMS = definitions.every_form()


@cache
def pages() -> dict[str, str]:
    """Every page, made once."""
    return handbook.pages()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_every_question_choice_condition_and_source_stands_on_the_page(form: Form) -> None:
    """What is not on the page was signed by nobody."""
    page = pages()[f"{form.id}.md"]
    asked = [one for one in form.fields() if not one.same_as and not one.system]
    known = definitions.every_field()
    words = [
        word for one in form.fields() for word in (one.label, f"`{one.id}`", one.help, one.why, one.source)
    ]
    words += [code.label for one in asked for code in one.codes]
    words += [code.label for one in asked for part in one.columns for code in part.codes]
    words += [part.label for one in asked for part in one.columns]
    words += [known[name].label for one in asked for name in (*one.shown.fields(), *one.required.fields())]

    assert [word for word in words if word.replace("|", "\\|") not in page] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_every_rule_stands_on_the_page_with_its_reason_and_source(form: Form) -> None:
    """Also when it speaks, when it is silent, and what follows."""
    page = pages()[f"{form.id}.md"]
    known = definitions.every_field()
    words = [word for one in form.rules for word in (f"**{one.id}**", one.says, one.because, one.source)]
    words += [f"({one.effect}" for one in form.rules]
    words += [known[name].label for one in form.rules for name in (*one.when.fields(), *one.unless.fields())]
    words += [one.task.kind.replace("_", " ") for one in form.rules if one.task]
    words += [one.output.replace("_", " ") for one in form.rules]

    assert [word for word in words if word not in page] == []


def test_what_nobody_has_confirmed_is_said_to_be_unverified() -> None:
    """[G] is a guess, and is never read as law; no source at all is one too."""
    form = definitions.form("ret")
    section = form.sections[0]
    field = section.fields[0]
    for changes in ({"source": "[G] a guess"}, {"source": ""}, {"source": "B.1", "unverified": True}):
        other = replace(
            form,
            rules=(),
            sections=(replace(section, fields=(replace(field, **changes),)),),
        )
        assert UNVERIFIED in handbook.page_of(other, {})
    sure = replace(form, rules=(), sections=(replace(section, fields=(replace(field, source="B.1"),)),))
    assert UNVERIFIED not in handbook.page_of(sure, {})


def test_the_words_of_unless_stand_on_the_page() -> None:
    """A silent rule or clock is as much a decision as a loud one."""
    form = definitions.form("ret")
    quiet = replace(form.rules[0], unless=form.field("ret.handling").shown)
    page = handbook.page_of(replace(form, rules=(quiet,)), definitions.every_field())

    assert f"Not if “{form.field('ret.covert').label}” is Yes." in page


def test_every_clock_stands_on_its_page() -> None:
    """With what starts it, what ends it and what it rests on."""
    page = pages()["clocks.md"]
    known = definitions.every_field()
    for one in definitions.clocks():
        names = (*one.starts, *one.when.fields(), *one.unless.fields(), *((one.stops,) if one.stops else ()))
        assert [known[name].label for name in names if known[name].label not in page] == []
        assert one.title in page
        assert one.source in page


def test_the_guide_shows_the_order_of_the_door() -> None:
    """Each question once, on its page; and what is asked first about somebody mentioned."""
    guide, page = definitions.guide("return_check"), pages()["guide_return_check.md"]
    places = [page.index(f"(`{name}`)") for one in guide.pages for name in one.fields()]

    assert places == sorted(places)
    assert all(f"about a {kind} who is mentioned" in page for kind in guide.mentions)


def test_the_guide_shows_what_its_pages_teach() -> None:
    """Who signs the form off reads the prompts and the examples that officers read."""
    page = pages()["guide_ppn.md"]
    taught = [one for one in definitions.guide("ppn").pages if one.letter]

    assert len(taught) == 5
    for one in taught:
        assert all(text in page for text in (one.belongs, one.weak, *one.prompts, *one.strong))


def test_a_form_shows_what_a_question_starts_from() -> None:
    """What is taken over from another record, and what of it for another child."""
    page = pages()["ppn.md"]

    assert (
        "*Starts from: ret.found_at.* *For another child of the incident: ppn.incident_at, ret.found_at.*"
        in page
    )
    assert "*Starts as: Child is back.*" in page


@pytest.mark.thorough
def test_a_run_refuses_a_start_that_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found out by `make forms`, and never by an officer whose PPN starts with nonsense."""
    monkeypatch.setattr(handbook, "misfits", lambda _forms: iter(["x starts from y: no"]))

    assert handbook.main(tmp_path / "forms", tmp_path / "published.json") == 1
    assert "x starts from y: no\nNo page was written." in capsys.readouterr().out
    assert not (tmp_path / "published.json").exists()


def test_a_published_edition_that_was_changed_is_told() -> None:
    """Same name, other words: records would say what their officers never saw."""
    form = FORMS[0]
    published = {form.edition: form.checksum}

    assert changed_after_publication(published, published) == []
    assert changed_after_publication({f"{form.id}@2099.1": "x"}, published) == []
    [told] = changed_after_publication({form.edition: "x"}, published)
    assert told.startswith(f"{form.edition} was published with other words")


def test_publishing_adds_what_is_new_and_changes_nothing(tmp_path: Path) -> None:
    """What stands in the file has been given to devices."""
    file, form = tmp_path / "published.json", FORMS[0]

    assert publish({form.edition: form.checksum}, file) == [form.edition]
    assert publish({form.edition: "x"}, file) == []
    assert publish({f"{form.id}@2099.1": "y"}, file) == [f"{form.id}@2099.1"]
    assert json.loads(file.read_text(encoding="utf-8")) == {
        form.edition: form.checksum,
        f"{form.id}@2099.1": "y",
    }


@pytest.mark.thorough
def test_a_run_writes_the_pages_and_fails_on_a_changed_edition(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make forms` says which form needs a new version, and writes the pages all the same."""
    file = tmp_path / "published.json"

    assert handbook.main(tmp_path / "forms", file) == 0
    assert {path.name for path in (tmp_path / "forms").iterdir()} == set(pages())
    file.write_text(json.dumps({FORMS[0].edition: "x"}), encoding="utf-8")
    assert handbook.main(tmp_path / "forms", file) == 1
    assert f"{FORMS[0].edition} was published with other words" in capsys.readouterr().out
    assert json.loads(file.read_text(encoding="utf-8"))[FORMS[0].edition] == "x"
