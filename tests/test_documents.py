"""The documents say what is true: a command that is named exists, and a link leads somewhere."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PACKAGES = ("booklets", "field_app", "sync_server")
WRITTEN = sorted(
    [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs/decisions").glob("*.md"),
    ]
)
THREATS = ROOT / "docs/threat-model.md"
CONTROLS = ROOT / "docs/masvs.md"
PARTS_OF_A_THREAT = ("Threatened", "Done", "Where", "Shown by", "Left")
GROUPS_OF_CONTROLS = {
    "STORAGE": 2,
    "CRYPTO": 2,
    "AUTH": 3,
    "NETWORK": 2,
    "PLATFORM": 3,
    "CODE": 4,
    "RESILIENCE": 4,
    "PRIVACY": 4,
}
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
PARTS_OF_A_DECISION = ("**Context.**", "**Decision.**", "**Consequences.**", "**We would think again if**")
KINDS_OF_CHANGE = {"Security", "Forms", "Added", "Changed", "Deprecated", "Removed", "Fixed"}

# Addresses that may stand in a committed file: this machine, names that lead nowhere, public references.
PUBLIC = re.compile(
    r"^([\w-]+|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|[\w.-]*\.?example(\.(com|org|net|police\.uk))?|[\w.-]+\.(test|invalid)|"
    r"keepachangelog\.com|semver\.org|(www\.)?w3\.org|(www\.)?legislation\.gov\.uk|(www\.)?gov\.uk|"
    r"(www\.)?rfc-editor\.org|json-schema\.org|(www\.)?google\.com|openfontlicense\.org|scripts\.sil\.org|"
    r"github\.com|(www\.)?college\.police\.uk)$"
)
ADDRESS = re.compile(r"https?://(?:[\w.-]+@)?(\[[0-9a-f:]+\]|[\w-][\w.-]*)")
MACHINE = re.compile(r"(?<![\w.~-])/(?:work|root|home|Users|opt)/[\w.-]+")


def tracked() -> list[Path]:
    """Every text file that is committed."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    files = [ROOT / name for name in listed.decode().split("\0") if name]
    return [path for path in files if path.is_file() and b"\0" not in path.read_bytes()[:4096]]


def prose(path: Path) -> list[str]:
    """A document's sentences as they stand on their lines, without tables, headings and code."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line for line in text.splitlines() if line and not line.startswith(("|", "#", "    ", "<"))]


def words_of_make() -> set[str]:
    """What `make` can be asked for."""
    return set(
        re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )


def test_every_command_that_is_named_exists() -> None:
    """A newcomer types what the page says."""
    named = {
        word
        for path in [*WRITTEN, ROOT / ".ci/run"]
        for word in re.findall(
            r"(?:`|^\s*|directory )make ([a-z][a-z-]*)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }

    assert named <= words_of_make()


def test_every_word_of_make_is_explained() -> None:
    """`make` alone lists them, and the README says what each is for."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert {word for word in words_of_make() if f"make {word}" not in readme} == set()


def test_the_map_names_every_package() -> None:
    """Who adds a folder says in the map what it is for."""
    the_map = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    folders = {
        path.parent.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("__init__.py")
        if "migrations" not in path.as_posix()
    }

    assert {folder for folder in folders if f"`{folder}/`" not in the_map} == set()


def test_every_module_that_the_documents_name_exists() -> None:
    """A path in the documents is a promise that the file is there."""
    named = {
        name
        for path in WRITTEN
        for name in re.findall(
            r"`((?:booklets|field_app|sync_server|tests|house|bench|faults|docs)/[\w./-]*)`",
            path.read_text(encoding="utf-8"),
        )
    }

    assert {name for name in named if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    """A picture or a page that was moved is found here and not by a reader."""
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
    inside = [link for link in links if not link.startswith(("http://", "https://"))]

    assert [link for link in inside if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_one_sentence_stands_on_one_line(path: Path) -> None:
    """So that a change of a sentence is a change of a line, and a review shows exactly it."""
    two = [
        line
        for line in prose(path)
        if re.search(r"[a-z)`][.?!] [A-Z]", re.sub(r"\*\*.*?\*\*|“.*?”|\".*?\"", "", line))
    ]

    assert two == []


def test_decisions_are_numbered_without_a_gap() -> None:
    """A page is never taken away: it is superseded by a later one."""
    assert [path.name[:4] for path in DECISIONS] == [
        f"{number:04}" for number in range(1, len(DECISIONS) + 1)
    ]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_what_and_why_and_until_when(path: Path) -> None:
    """Context, decision, consequences, and what would change our mind, in this order."""
    text = path.read_text(encoding="utf-8")
    places = [text.find(part) for part in PARTS_OF_A_DECISION]

    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert -1 not in places
    assert places == sorted(places)


def test_every_threat_says_what_is_done_and_what_is_left() -> None:
    """T1 to T19, each with all five parts: one without a rest is one that nobody has thought through."""
    threats, _, matrix = THREATS.read_text(encoding="utf-8").partition("## The fault matrix")
    parts = re.split(r"^## ", threats, flags=re.MULTILINE)[1:]

    assert [part.split(".")[0] for part in parts] == [f"T{number}" for number in range(1, 20)]
    assert [re.findall(r"^- \*\*(.*):\*\*", part, re.MULTILINE) for part in parts] == [
        list(PARTS_OF_A_THREAT)
    ] * 19
    rows = " ".join(re.findall(r"^\| (F\d.*?) \|", matrix, re.MULTILINE))
    assert [int(number) for number in re.findall(r"\bF(\d+)\b", rows)] == list(range(1, 31))


def test_every_control_of_the_standard_has_its_row() -> None:
    """All twenty-four, in its order. One without a test says that it is not met."""
    rows = re.findall(r"^\| MASVS-(.*) \|$", CONTROLS.read_text(encoding="utf-8"), re.MULTILINE)
    cells = [[cell.strip() for cell in row.split("|")] for row in rows]

    assert [name for name, *_ in cells] == [
        f"{group}-{number}" for group, most in GROUPS_OF_CONTROLS.items() for number in range(1, most + 1)
    ]
    assert {how.split(":")[0].split(" ")[0] for _, how, _, _ in cells} == {"met", "in", "not"}
    assert all(shown != "–" or how == "not met" for _, how, shown, _ in cells)
    assert all(gap != "–" or how.startswith("met") for _, how, _, gap in cells)


@pytest.mark.parametrize("path", [THREATS, CONTROLS], ids=lambda path: path.name)
def test_every_test_and_fault_that_is_named_as_proof_exists(path: Path) -> None:
    """A test that was renamed, or taken away, shows nothing any more."""
    text = path.read_text(encoding="utf-8")
    tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    faults = re.findall(r"`(F\d+ [^`]+)`", text)
    said = "".join(one.read_text(encoding="utf-8") for one in (ROOT / "faults").glob("*.py"))
    places = re.findall(r"`((?:booklets|field_app|sync_server)/[\w./]+)`", text)

    assert tests
    assert [
        f"{file}::{name}"
        for file, name in tests
        if not re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    ] == []
    assert [name for name in faults if f'"{name}"' not in said and "::" not in name] == []
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_no_web_view_is_built_in() -> None:
    """A page inside the app would run under the app's rights and could not be told from it."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").casefold()
    asked_for = [
        path
        for path in (ROOT / "field_app").rglob("*.py")
        if "webview" in path.read_text("utf-8").casefold()
    ]

    assert "webview" not in project
    assert asked_for == []


def test_the_changelog_keeps_its_form() -> None:
    """Keep a Changelog, with a heading of its own for forms, because officers read that one."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (.*)$", text, re.MULTILINE)

    assert versions[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", version) for version in versions[1:])
    assert set(re.findall(r"^### (.*)$", text, re.MULTILINE)) <= KINDS_OF_CHANGE


def test_no_tracked_file_names_a_machine() -> None:
    """A path or an address of somebody's machine works for nobody else, and tells strangers about it."""
    own = Path(__file__).resolve()
    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in tracked()
        if path != own
        for text in [path.read_text(encoding="utf-8", errors="replace")]
        for what in [
            *MACHINE.findall(text),
            *(host for host in ADDRESS.findall(text) if not PUBLIC.match(host.rstrip("."))),
        ]
    ]

    assert found == []


def test_versions_are_names_and_numbers_only() -> None:
    """No index, no address, no path: where packages come from is each machine's own matter."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    strange = [
        line for line in lines if not line.startswith("#") and not re.fullmatch(r"[\w.-]+==[\w.]+", line)
    ]

    assert strange == []


def test_everything_asked_for_has_a_tested_version() -> None:
    """Without one, a clone made tomorrow is built from something nobody has tried."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [line for lines in project["optional-dependencies"].values() for line in lines] + project[
        "dependencies"
    ]
    pinned = {
        canonicalize_name(line.partition("==")[0])
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    }

    assert {canonicalize_name(Requirement(line).name) for line in asked} - pinned == set()
