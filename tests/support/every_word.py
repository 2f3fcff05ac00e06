"""Every screen in the language of nobody, in a process of its own: prints what no catalogue knows.

Run as ``python -m tests.support.every_word``: the screens keep some sentences when they are loaded, so
they must not be loaded before the catalogue is disguised.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flet as ft

from house import pseudo

SAID = ("value", "label", "hint", "tooltip", "hint_text", "helper", "error", "semantics_label", "text")
"""Where a control keeps what is read on it or said of it."""
OWN = (
    # what the force has of invented children, as somebody wrote it
    r"Noor Haddad|Nan June|Dex|Coney arcade|Cornelian Drive",
    r"Goes to Dex's van when things are loud at home\. Was hurt there in January\.",
    r"\(May 2025, both arms\)|Cannot swim; goes to the sea wall\.",
    r"Ring Nan June, then the arcade|First officer",
    r"Trusts Nan June\. Do not say “in trouble”\.",
    # who and where: invented children, families, officers, places
    r"Amy( Brook)?|Karen|Jo|Kit( Marlowe-Test)?|Marlowe-Test|Robin( Carer-Test)?|Carer-Test",
    r"PC (Sample|Other|Wells)|PS Marsh|\b4417\b",
    r"14 Saltern Row|[12] Invented Street|Scarborough|Harrogate|North Yorkshire|HG1 1ZZ|Bus station",
    "Home",  # the name of a place, as an officer wrote it
    # what officers and sergeants wrote
    r"I went because it was loud\.|He sat on the stairs in his coat\.|Tell me about tonight\.",
    r"Did anybody see her come in\?|Who else was in the room\?",
    r"The words are thin\. Please say what was asked just before, and who was there\.",
    r"The man with the van is named in two records this week; the FIM has to know\.",
    # the honest return check, read again as it was sent
    r"Asked alone about harm, debt, people, home: no to each; slept at her aunt's\.",
    r"Sat on the stairs, warm drink, answered in full sentences, yawned twice\.|Brook",
    r"A row about the phone at tea, about six\.|says there was a row about the phone and",
    r"ran out at six\.|“I went to my auntie's, nobody rang me\.”|“if mum asked first”",
    r"“that mum will take the phone”|“to sleep, and to talk tomorrow; trusts auntie Jo”",
    "Only for tests",  # stands for what a refusal says
    # what is no language: references, codes, a device's name, the letters of AWARE
    r"HW-[0-9A-F-]+|WDJB-MJHT|K7QP-3M9X|Device [0-9A-F]{4}|^[AWRE]\b",
)
"""What may stand on a screen outside the catalogue: what officers wrote, and what is in no language."""
_OWN = re.compile("|".join(OWN))


def escaped(said: str) -> str:
    """What of a text is in no catalogue, and nobody's own."""
    left = _OWN.sub("", pseudo.bare(said.replace("\u2060", ""))).strip()  # which holds a code together
    return left if any(one.isalpha() for one in left) else ""


def said_by(control: Any) -> Iterator[str]:
    """All that is read on a control or said of it. What stands in a box is its writer's own."""
    for name in SAID:
        said = getattr(control, name, None)
        if isinstance(said, str) and not (name == "value" and isinstance(control, ft.TextField)):
            yield said
    yield from (span.text or "" for span in getattr(control, "spans", None) or [])


def main() -> None:
    """Look at every screen in every state, and print what escaped."""
    pseudo.disguise()
    handsets = importlib.import_module("tests.support.handsets")
    every_screen = importlib.import_module("tests.support.every_screen")
    found: dict[str, str] = {}
    seen: list[str] = []

    def look(name: str, app: Any) -> None:
        seen.append(name)
        for said in (one for control in app.walk(app.view) for one in said_by(control)):
            if left := escaped(said):
                found.setdefault(left, f"{name}: {left!r} in {said!r}")

    with (
        tempfile.TemporaryDirectory(prefix="homeward-words-") as folder,
        handsets.an_offline_shift(Path(folder)) as officer,
    ):
        every_screen.look_at_each(officer, look)
    sys.stdout.write(json.dumps({"screens": len(seen), "escaped": sorted(found.values())}))


if __name__ == "__main__":
    main()
