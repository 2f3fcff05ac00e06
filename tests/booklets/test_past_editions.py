"""Every edition that was ever given out can still be asked for, and is the one that was published."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from inspect import signature
from pathlib import Path

import pytest

from booklets import definitions, handbook
from booklets.checks import ENTITY_CHECKS, RECORD_CHECKS
from booklets.definitions import past_editions
from booklets.definitions.checksums import checksum
from booklets.definitions.rules import KNOWN
from booklets.errors import DefinitionError, UnknownEdition, UnknownForm
from booklets.forms import Form
from booklets.handbook import nowhere

PAST = sorted(past_editions.names())
FIRST_RETURN = "ret@2026.1"


def opened(name: str) -> Form:
    """A form by the name under which it was published."""
    id_, _, version = name.partition("@")
    return definitions.form_in(id_, version)


def test_every_published_edition_is_current_or_kept() -> None:
    """Nobody's record is in a form that can no longer be opened."""
    assert definitions.not_kept() == ()
    assert FIRST_RETURN in PAST


@pytest.mark.parametrize("name", PAST)
def test_a_past_edition_is_word_for_word_what_was_published(name: str) -> None:
    """Read, and worked out anew from what was read: the checksum is the published one."""
    form = opened(name)

    assert form.edition == name
    assert checksum(form) == form.checksum == definitions.published()[name]
    assert past_editions.lines_of(form).partition("\n")[0] == past_editions.text_of(name, form.checksum)[0]


@pytest.mark.parametrize("name", PAST)
def test_every_rule_of_a_past_edition_can_still_be_asked(name: str) -> None:
    """A check that an old form names stays, and takes what that form tells it."""
    for rule in opened(name).rules:
        looks_at: tuple[object, ...] = rule.fields
        if rule.check in ENTITY_CHECKS:
            looks_at = ("entity", "facts")
        elif rule.check in RECORD_CHECKS:
            looks_at = ("facts",)
        signature(KNOWN[rule.check]).bind(*looks_at, **rule.args)


def test_whoever_doubts_an_edition_can_hash_its_first_line() -> None:
    """No code of ours is needed to see whether it is the one that was published."""
    file = Path(past_editions.__file__).with_name("past") / f"{FIRST_RETURN}.json"
    first = file.read_text(encoding="utf-8").split("\n")[0]

    assert hashlib.sha256(first.encode()).hexdigest() == definitions.published()[FIRST_RETURN]


@pytest.mark.parametrize("form", definitions.every_form(), ids=lambda form: form.edition)
def test_what_is_current_can_be_kept_and_read_again_as_it_is(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How its records are filed, its signs and its ties are kept too, though no checksum covers them."""
    (tmp_path / f"{form.edition}.json").write_text(definitions.as_kept(form.edition), encoding="utf-8")
    monkeypatch.setattr(past_editions, "_folder", lambda: tmp_path)

    again = past_editions.past_form(form.edition, form.checksum)

    assert again == form
    assert (again.filing, dict(again.shows)) == (form.filing, dict(form.shows))
    assert [one.link for one in again.fields()] == [one.link for one in form.fields()]


GUIDES = sorted(past_editions.kept() - past_editions.names())


@pytest.mark.parametrize("name", GUIDES)
def test_a_kept_guide_proves_what_was_shown_and_is_no_form(name: str) -> None:
    """Whoever names it as the form of a record names a form that nobody knows."""
    id_, _, version = name.partition("@")
    published = definitions.published()[name]

    assert past_editions.text_of(name, published)[0]
    with pytest.raises(UnknownEdition, match="was ever published"):
        definitions.form_in(id_, version)
    with pytest.raises(UnknownForm):
        definitions.form_at(id_, version, published)


def test_a_name_that_no_edition_asked_is_no_question_whatever_is_kept() -> None:
    """What arrives may name anything; guides are kept beside the forms and asked for nothing."""
    assert GUIDES
    assert definitions.once_asked("of.no_form_at_all") is None


@pytest.mark.parametrize("edition", ["person@2026.2", "place@2026.2", "object@2026.2", "person@2026.1"])
def test_what_is_asked_about_somebody_is_not_the_form_of_a_record(edition: str) -> None:
    """It can be opened as what it is, and no record is filed, judged or decided on by it."""
    asked = opened(edition)

    with pytest.raises(UnknownForm, match="is not the form of a record"):
        definitions.form_at(asked.id, asked.version, asked.checksum)


def test_a_guide_can_be_kept_too() -> None:
    """It is never opened again: a draft goes on in the current one. But what was shown can be proven."""
    guide = definitions.guide("return_check")
    name = f"guide_{guide.id}@{guide.version}"

    kept = definitions.as_kept(name).partition("\n")[0]

    assert hashlib.sha256(kept.encode()).hexdigest() == definitions.published()[name]


def test_an_edition_that_was_changed_where_it_lies_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record is never read by other words than its officer saw."""
    form = definitions.form_in("ret", "2026.1")
    (tmp_path / f"{FIRST_RETURN}.json").write_text(
        past_editions.lines_of(form).replace("found", "lost", 1), encoding="utf-8"
    )
    monkeypatch.setattr(past_editions, "_folder", lambda: tmp_path)

    with pytest.raises(DefinitionError, match="not what was published"):
        past_editions.past_form(FIRST_RETURN, form.checksum)


@pytest.mark.parametrize("version", ["2025.1", "", "../2026.1", "2026.1.json"])
def test_an_edition_that_nobody_published_is_refused_in_words(version: str) -> None:
    """Typed, so that whoever asks can tell it from a form that is broken."""
    with pytest.raises(UnknownEdition, match=r"was ever published; the current one is \d{4}\.\d"):
        definitions.form_in("ret", version)


def test_other_words_under_a_known_name_are_another_edition() -> None:
    """The checksum in a record's header decides, and not what it calls itself."""
    with pytest.raises(UnknownEdition, match="with other words"):
        definitions.form_at("ret", "2026.1", "0" * 64)


def test_editions_come_in_the_order_of_their_numbers() -> None:
    """2026.10 is newer than 2026.9, whatever the letters say."""
    assert sorted(["2026.10", "2026.9", "2025.3"], key=definitions.in_order) == [
        "2025.3",
        "2026.9",
        "2026.10",
    ]
    assert [one.edition for one in definitions.past_editions_of("ret")][-1] == FIRST_RETURN


def test_to_open_a_current_form_reads_no_past_one() -> None:
    """A phone that never sees an old record pays nothing for them."""
    code = (
        "from booklets import definitions\n"
        "from booklets.definitions import past_editions\n"
        "def never(*_): raise SystemExit('a past edition was read')\n"
        "past_editions.text_of = past_editions._folder = never\n"
        "definitions.guide('return_check'), definitions.clocks(), definitions.force('north_yorkshire')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_published_edition_that_is_nowhere_stops_make_forms() -> None:
    """It says what to do, and how to say that nobody has it."""
    [told] = nowhere(["ret@2025.9"])

    assert told.startswith("ret@2025.9 was published, and is neither current nor kept")
    assert "never_issued.toml" in told


@pytest.mark.thorough
def test_make_forms_writes_nothing_while_an_edition_is_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run fails, so that nobody commits a form whose earlier records could not be read."""
    monkeypatch.setattr(definitions, "not_kept", lambda: ("ret@2025.9",))

    assert handbook.main(tmp_path / "forms", tmp_path / "published.json") == 1
    assert "ret@2025.9 was published, and is neither" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
