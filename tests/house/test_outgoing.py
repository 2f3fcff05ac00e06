"""When an edition is raised, the outgoing one is kept by itself, as it was committed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from booklets import definitions
from house.outgoing import ROOT, keep_outgoing

pytestmark = pytest.mark.thorough

FORM = Path("booklets") / "definitions" / "handover.toml"
GUIDE = Path("booklets") / "definitions" / "guides" / "handover.toml"
PAST = Path("booklets") / "definitions" / "past"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The booklets in a history of their own."""
    shutil.copytree(ROOT / "booklets", tmp_path / "booklets", ignore=shutil.ignore_patterns("__pycache__"))
    commit(tmp_path, "as it is")
    return tmp_path


def commit(project: Path, why: str) -> None:
    """Everything as it stands, in one commit."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", why]):
        subprocess.run(["git", *words], cwd=project, check=True)


def reword(project: Path, file: Path, old: str, new: str) -> None:
    """Put other words into a definition. They must have been there."""
    text = (project / file).read_text(encoding="utf-8")
    assert old in text
    (project / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_while_nothing_is_raised_nothing_is_kept(project: Path) -> None:
    """Most runs of `make forms` change no edition."""
    assert keep_outgoing(project) == []


def test_a_raised_form_and_guide_leave_their_outgoing_editions_behind(project: Path) -> None:
    """Also where the raise was committed before anybody ran `make forms`, and once only."""
    form, guide = definitions.form("hov").version, definitions.guide("handover").version
    reword(project, FORM, f'version = "{form}"', 'version = "2099.1"')
    reword(project, FORM, 'title = "', 'title = "Another ')
    reword(project, GUIDE, f'version = "{guide}"', 'version = "2099.1"')
    commit(project, "raised, and the forms were not made")

    assert keep_outgoing(project) == [f"guide_handover@{guide}", f"hov@{form}"]
    kept = (project / PAST / f"hov@{form}.json").read_text(encoding="utf-8")
    assert f'"version": "{form}"' in kept
    assert keep_outgoing(project) == []


def test_what_no_commit_ever_gave_is_left_for_the_handbook_to_miss(project: Path) -> None:
    """Words that were published and never committed cannot be found again."""
    published = Path("booklets") / "definitions" / "published.json"
    reword(project, published, "{\n", '{\n  "hov@2026.2": "ab",\n')

    assert keep_outgoing(project) == []
    assert not (project / PAST / "hov@2026.2.json").exists()
