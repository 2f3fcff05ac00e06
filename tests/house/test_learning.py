"""What was learned comes from the sentences and words that stand beside it, and from no sealed one."""

from __future__ import annotations

from pathlib import Path

import pytest

from house import language


@pytest.mark.thorough
def test_the_same_sentences_give_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever changes a word learns anew, and sees in the file what became of it."""
    again = tmp_path / "again.json"
    monkeypatch.setattr(language, "WRITTEN", again)

    assert language.main() == 0

    kept = language.ROOT / "booklets" / "definitions" / "language_weights.json"
    assert again.read_text(encoding="utf-8") == kept.read_text(encoding="utf-8")


def test_no_sealed_sentence_is_learned_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else nothing would say how good the checks are."""
    asked: list[str] = []

    def parts(part: str) -> list[tuple[str, str, str]]:
        asked.append(part)
        return [("x1", "neutral", "A plain sentence.")]

    monkeypatch.setattr(language, "sentences", parts)
    language.seen()

    assert asked == ["open", "plain"]
