"""A mistake in a definition is answered with the folder that its file lies in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from booklets import definitions
from booklets.errors import DefinitionError
from booklets.forms import Form

WRONG_IN_A_FOLDER: Mapping[str, tuple[Callable[[str], object], str]] = {
    "guides": (definitions.guide, "guides/new.toml: 'id' is missing"),
    "entities": (definitions.entity_form, "entities/new.toml: 'id' is missing"),
    "forces": (definitions.force, "forces/new.toml: id must be 'new', as the file is named"),
}


@pytest.mark.parametrize("folder", WRONG_IN_A_FOLDER)
@pytest.mark.parametrize("broken", ["", "id = "])
def test_a_mistake_is_answered_with_the_folder_that_its_file_lies_in(
    folder: str, broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form and its guide have the same file name, and a newcomer looks into the first that turns up."""
    definitions.form("ppn")
    definitions.entity_forms()  # so that everything else is read from where it lies
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "new.toml").write_text(broken, encoding="utf-8")
    monkeypatch.setattr(definitions, "_folder", tmp_path.joinpath)
    read, answer = WRONG_IN_A_FOLDER[folder]

    with pytest.raises(DefinitionError) as refused:
        read("new")

    assert str(refused.value).startswith(f"{folder}/new.toml: this is not TOML" if broken else answer)


def test_a_rule_about_a_person_that_nobody_can_answer_is_named_with_its_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is asked about persons, places and objects lies in a folder of its own."""

    def unanswerable(form: Form, *_: object) -> list[str]:
        return ["rule R-2: nobody is asked"] if form.id == "person" else []

    monkeypatch.setattr(definitions, "unanswerable", unanswerable)

    with pytest.raises(DefinitionError, match=r"^entities/person\.toml: rule R-2: nobody is asked"):
        definitions.check_what_rules_ask()
