"""The dictionary of the wire says what every record says, holds no answer, and is written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from booklets.definitions import form
from booklets.wire import FARTHEST
from house import dictionary


def test_every_question_of_the_usual_night_is_in_it() -> None:
    """They stand last, where the compression looks first, and nothing is longer than it can look back."""
    text = dictionary.text()

    assert len(text) <= FARTHEST
    assert all(f'"{one.id}":' in text for id_ in dictionary.NEAREST for one in form(id_).fields())


def test_one_that_is_there_is_never_written_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Records were packed with it."""
    new = tmp_path / "dictionary_2.txt"

    assert dictionary.main([str(new)]) == 0
    new.write_text("what records were packed with")
    assert dictionary.main([str(new)]) == 2

    assert new.read_text() == "what records were packed with"
    assert "Take the next number" in capsys.readouterr().out


def test_without_a_file_it_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    """And writes nothing."""
    assert dictionary.main([]) == 2
    assert "python -m house.dictionary" in capsys.readouterr().out
