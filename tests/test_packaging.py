"""What the phone is given: the app and nothing else, and nothing for which a phone has no build.

`flet build` cannot run here (it fetches its tools from places that are out of reach),
so this is what can be known without it.
"""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PIL import Image

from field_app.ui import finger_words, photo_words
from field_app.ui.position_words import USE
from house.device import BUILT_FOR_PHONES
from tests.support import draw_icon

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FLET: dict[str, Any] = PROJECT["tool"]["flet"]

# What is packed besides: `build` is left out by `flet build` itself.
GIVEN = {"main.py", "assets", "booklets", "field_app"}
LEFT_OUT_BY_FLET = {"build"}

# A phone of ours: Android. (iOS asks for the same packages.)
PHONE = {
    "python_version": "3.14",
    "python_full_version": "3.14.0",
    "sys_platform": "android",
    "platform_system": "Android",
    "os_name": "posix",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "platform_machine": "aarch64",
    "extra": "",
}


def requirements(lines: list[str]) -> Iterator[Requirement]:
    """The requirements among these lines that a phone would install."""
    for line in lines:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(PHONE):
            yield requirement


def on_the_phone() -> dict[str, list[Requirement]]:
    """Everything the app brings along, directly or not, with what is asked of each."""
    asked: dict[str, list[Requirement]] = {}
    waiting = list(requirements(PROJECT["project"]["dependencies"]))
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        known = name in asked
        asked.setdefault(name, []).append(requirement)
        if not known:
            waiting += requirements(distribution(name).requires or [])
    return asked


def compiled(package: Distribution) -> bool:
    """Whether it brings machine code, which a phone needs a build of its own for."""
    return any(str(file).endswith((".so", ".pyd", ".dylib")) for file in package.files or ())


ON_THE_PHONE = on_the_phone()


def test_the_phone_is_given_the_app_and_nothing_else() -> None:
    """`flet build` packs the whole folder, less what is excluded. The server must be."""
    here = {path.name for path in ROOT.iterdir() if not path.name.startswith((".", "__"))}

    assert here - set(FLET["app"]["exclude"]) - LEFT_OUT_BY_FLET == GIVEN


def test_nothing_is_excluded_that_does_not_exist() -> None:
    """A name that is no longer there is a name that was changed, and its folder is packed again."""
    made_by_setup = {"homeward.egg-info"}
    gone = {
        name for name in FLET["app"]["exclude"] if not name.startswith(".") and not (ROOT / name).exists()
    }

    assert gone <= made_by_setup


def test_what_begins_with_a_dot_is_left_out_by_name() -> None:
    """Flet leaves out no hidden folder by itself: an environment of ours would bring the server along."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    environments = {line.strip("/") for line in ignored if line.startswith((".venv", ".run"))}

    assert {".git", ".venv", ".venv-device", ".run"} | environments <= set(FLET["app"]["exclude"])


def test_the_app_has_a_name_an_id_and_pictures_of_its_own() -> None:
    """Square, opaque and large enough for every shop; the ground around the splash is the picture's own."""
    assert (FLET["org"], PROJECT["project"]["name"], FLET["product"]) == (
        "org.example",
        "homeward",
        "Homeward",
    )
    for name in ("icon", "splash", "splash_dark"):
        with Image.open(ROOT / "assets" / f"{name}.png") as picture:
            width, height = picture.size
            drawn = picture.convert("RGBA")
        assert width == height >= 512
        assert drawn.getchannel("A").getextrema() == (255, 255), f"{name} lets something shine through"
        grounds = {"splash": FLET["splash"]["color"], "splash_dark": FLET["splash"]["dark_color"]}
        if name in grounds:
            corner = drawn.crop((0, 0, 1, 1)).tobytes()[:3]
            assert f"#{corner.hex().upper()}" == grounds[name]
    assert FLET["android"]["adaptive_icon_background"] == draw_icon.BLUE


@pytest.mark.parametrize("name", sorted(ON_THE_PHONE))
def test_what_the_app_needs_can_be_had_on_a_phone(name: str) -> None:
    """Pure Python runs anywhere; what is compiled must have a build, and our range must include it.

    That holds for everything the app depends on, however indirectly.
    """
    if not compiled(distribution(name)):
        return
    built = BUILT_FOR_PHONES.get(name)

    assert built is not None, f"{name} is compiled and has no build for phones"
    for requirement in ON_THE_PHONE[name]:
        assert requirement.specifier.contains(built), (
            f"{requirement} leaves out {built}, the build for phones"
        )


def test_nothing_that_only_the_server_needs_is_bundled() -> None:
    """Everything in `dependencies` goes into the phone's bundle."""
    servers = {
        canonicalize_name(Requirement(line).name)
        for extra in ("server", "postgres", "dev")
        for line in PROJECT["project"]["optional-dependencies"][extra]
    }

    assert servers & ON_THE_PHONE.keys() == set()


def test_the_phone_brings_its_own_time_zones() -> None:
    """Android keeps its own where Python does not look: without these no screen with a time opens."""
    asked = ON_THE_PHONE.get("tzdata", [])

    assert [str(requirement) for requirement in asked]
    assert (distribution("tzdata").locate_file("tzdata/zoneinfo/Europe/London")).is_file()  # type: ignore[attr-defined]


def test_all_of_flet_moves_together() -> None:
    """Each of Flet's packages asks for exactly its own version of Flet."""
    versions = {
        str(specifier.specifier)
        for line in PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["web"]
        if (specifier := Requirement(line)).name.startswith("flet")
    }

    assert len(versions) == 1


def test_android_makes_no_copy_of_the_data() -> None:
    """A backup would put the sealed store, and its file sizes, where no officer chose to put them."""
    assert FLET["android"]["manifest_application"]["allowBackup"] == "false"


def test_the_app_asks_for_the_network_and_on_a_tap_for_camera_and_place_and_nothing_more() -> None:
    """A permission is asked for when a screen needs it, and is added here together with that screen."""
    granted = {name for name, given in FLET["android"]["permission"].items() if given}

    assert granted == {
        "android.permission.INTERNET",
        "android.permission.CAMERA",
        "android.permission.ACCESS_FINE_LOCATION",
        "android.permission.ACCESS_COARSE_LOCATION",
    }
    assert FLET["android"]["permission"]["android.permission.ACCESS_BACKGROUND_LOCATION"] is False
    assert "permissions" not in FLET, "Flet's bundles of permissions ask for more than their names say"


def test_an_iphone_says_why_it_asks_where_it_is_and_never_asks_for_always() -> None:
    """What it is for is said in the words of the button; a text for "always" would offer that as well."""
    texts = FLET["ios"]["info"]

    assert {name for name in texts if "Location" in name} == {"NSLocationWhenInUseUsageDescription"}
    assert USE in texts["NSLocationWhenInUseUsageDescription"]


def test_what_the_camera_brings_along_and_nobody_needs_is_taken_out() -> None:
    """Its library records sound and writes to shared storage where it is let; ours never does."""
    said = FLET["android"]["permission"]

    for name in ("RECORD_AUDIO", "WRITE_EXTERNAL_STORAGE", "READ_EXTERNAL_STORAGE"):
        assert said[f"android.permission.{name}"] is False


def test_an_iphone_says_what_the_camera_and_the_photos_are_for_in_the_words_of_the_buttons() -> None:
    """And has no text for the microphone or anything else: with one, it could be asked for."""
    texts = FLET["ios"]["info"]

    assert photo_words.TAKE in texts["NSCameraUsageDescription"]
    assert photo_words.CHOOSE in texts["NSPhotoLibraryUsageDescription"]
    assert finger_words.OPEN in texts["NSFaceIDUsageDescription"]
    assert texts.keys() == {
        "NSCameraUsageDescription",
        "NSFaceIDUsageDescription",
        "NSPhotoLibraryUsageDescription",
        "NSLocationWhenInUseUsageDescription",
    }


def test_where_the_phone_starts_can_be_imported() -> None:
    """Flet runs `main.py`; importing it must start nothing."""
    started = importlib.import_module("main")

    assert callable(started.main)


def test_shipped_files_are_read_as_resources() -> None:
    """On a phone the packages lie in an archive: a path beside `__file__` is not a file there."""
    by_path = [
        path.relative_to(ROOT).as_posix()
        for package in ("booklets", "field_app")
        for path in sorted((ROOT / package).rglob("*.py"))
        if "__file__" in path.read_text(encoding="utf-8")
    ]

    # Where a browser is told where the assets are; and what writes the handbook, which no phone does.
    assert set(by_path) <= {"field_app/app.py", "booklets/handbook.py"}
