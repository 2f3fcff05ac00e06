"""What the console is dressed with: fetched once, in the versions of the lock file, and nobody else's."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from house import assets
from house.assets import NODE, STYLE, NoAssets, make_ready, outside_gov_uk

THEIRS = (
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
    ".a{font-family:GDS Transport,arial,sans-serif;color:#0b0c0c}"
    ".b{background:url(/assets/images/govuk-crest.svg)}"
)


def test_nothing_is_left_that_only_gov_uk_may_show() -> None:
    """Neither its letters nor its crest; everything else stays as it is."""
    ours = outside_gov_uk(THEIRS)

    assert "GDS" not in ours
    assert "/assets/" not in ours
    assert "color:#0b0c0c" in ours
    assert "system-ui" in ours


def test_the_style_sheet_that_is_served_asks_for_nothing_else() -> None:
    """A browser that shows a page fetches the page and its two style sheets."""
    served = STYLE.read_text(encoding="utf-8")

    assert not re.search(r"url\((?!data:)|@import|GDS", served)
    assert "--govuk-frontend-version" in served


def test_the_lock_file_names_versions_and_fingerprints_and_no_host() -> None:
    """What is fetched is what was tested, from whichever registry a machine may reach."""
    said = (NODE / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: one for name, one in json.loads(said)["packages"].items() if name}

    asked_for = json.loads((NODE / "package.json").read_text(encoding="utf-8"))
    assert asked_for["dependencies"].keys() == {"govuk-frontend"}
    assert asked_for["devDependencies"].keys() == {
        "@hpke/core",
        "@hpke/hybridkem-x-wing",
        "axe-core",
        "oidc-provider",
        "tus-js-client",
    }
    served = {name for name, one in packages.items() if not one.get("dev")}
    assert served == {"node_modules/govuk-frontend"}  # what only tests need is never served
    assert all(one["version"] and one["integrity"] for one in packages.values())
    assert not re.search(r"https?:|resolved", said)


def test_what_is_there_is_not_fetched_again() -> None:
    """Setting up is quick when nothing has changed."""
    assert not make_ready(Path(sys.executable))


def test_without_npm_setting_up_says_what_is_missing_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words, at set-up: not later, as pages without any style."""
    monkeypatch.setattr(assets, "READY", tmp_path / "ready")
    monkeypatch.setattr(assets, "RUN_NPM", "import sys; sys.exit(1)")

    with pytest.raises(NoAssets, match=r"npm could not fetch .* try again with make setup"):
        make_ready(Path(sys.executable))
