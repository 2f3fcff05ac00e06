"""Every shape of the kit and every widget in each of its states, to be looked at by people.

`python -m tests.support.gallery` serves it; `... shoot FOLDER` takes the pictures.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import flet as ft

from booklets.answers import Answer, Gap, Moment, Precision, Row, Why
from booklets.forms import Kind
from booklets.photos import photo_row
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui.frame import frame, pages_bar, status_line, top_bar
from field_app.ui.hooks import use_draft, use_kept
from field_app.ui.widgets import FieldActs, FieldView, Known, Line, Remark, Tone, draw
from tests.support.kit_shapes import kit_page, nothing
from tests.support.pictures import a_photo
from tests.support.positions import POSITIONS, found
from tests.support.signatures import SIGNATURES, draws

ROOT = Path(__file__).parents[2]


FEW = 3
"""So many photographs are still on this device."""
NOW = datetime(2026, 3, 14, 2, 41, 20, tzinfo=UTC)
"""A night in March, when Britain's clocks show UTC."""
PEOPLE = (
    Known("p1", "Amy Brook", "girl, 15 · the child"),
    Known("p2", "Mum · Karen B.", "07700 900123"),
    Known("p3", "Ella Brook", "girl, 11 · sister"),
)
HOW = (
    ("self", "Came back on her own"),
    ("police", "Found by police"),
    ("family", "Brought by family or a friend"),
    ("public", "Brought by someone else"),
)
ETHNICITY = tuple(
    (f"e{i}", said)
    for i, said in enumerate(
        [
            "White British",
            "White Irish",
            "Gypsy or Irish Traveller",
            "Roma",
            "Any other White",
            "White and Black Caribbean",
            "White and Asian",
            "Indian",
            "Pakistani",
            "Bangladeshi",
            "Chinese",
            "African",
            "Caribbean",
            "Arab",
            "Any other",
        ]
    )
)
NEEDS = tuple(
    (said.lower(), said)
    for said in ["Hearing", "Sight", "Speech", "Autism", "ADHD", "Pregnancy", "None known"]
)
WORDS: tuple[Row, ...] = (
    {
        "who": "Cal",
        "to": "Me",
        "asked": "Tell me about today.",
        "said": "He gets loud so I go out.",
        "at": Moment(NOW - timedelta(minutes=57)),
    },
)
CALLS: tuple[Row, ...] = (
    {
        "with": "Emergency duty team",
        "person": "Sam Reed",
        "method": "phone",
        "at": Moment(NOW),
        "told": "Amy is home and safe.",
        "outcome": "Visit at 09:00",
        "reference": "EDT-4471",
    },
)


def view(kind: Kind, label: str, **more: Any) -> FieldView:
    """A question of the gallery."""
    return FieldView(id=more.pop("id", f"g.{kind.value}"), kind=kind, label=label, **more)


TEXTS: list[tuple[FieldView, Answer | None]] = [
    (
        view(
            Kind.TEXT,
            "What is she called?",
            help="The name she uses.",
            choices=(("Amy", "Amy"), ("Ames", "Ames")),
        ),
        "Amy",
    ),
    (
        view(
            Kind.LONG_TEXT,
            "How he said it",
            prompts=("What you asked before", "What he asked you", "Who else was there"),
            lines=(
                Line(
                    says="“Refused to engage” is an opinion. What did he do?",
                    tone=Tone.LOOK,
                    rule="Q-01",
                    use="did not answer",
                ),
            ),
        ),
        "Quiet voice. When Mum came in Cal refused to engage.",
    ),
    (
        view(
            Kind.LONG_TEXT,
            "Where has she been?",
            id="g.where",
            lines=(Line(says="Where was she? An answer, or why there is none."),),
        ),
        None,
    ),
    (view(Kind.NUMBER, "Height", unit="cm"), "162"),
    (view(Kind.REFERENCE, "Incident", source="From control"), "NYP-14032026-0023"),
]
CHOICES: list[tuple[FieldView, Answer | None]] = [
    (view(Kind.ONE_OF, "How did she come back?", choices=HOW, likely=("family",)), "self"),
    (
        view(
            Kind.ONE_OF, "Ethnicity, in her own words", id="g.ethnicity", choices=ETHNICITY, likely=("e8",)
        ),
        None,
    ),
    (view(Kind.ONE_OF, "Ethnicity, given", id="g.ethnicity2", choices=ETHNICITY), "e3"),
    (view(Kind.YES_NO, "Is she hurt?", help="What you can see, and what she tells you."), "no"),
    (view(Kind.YES_NO, "Has anyone hurt her?", id="g.harm", care="With nobody else listening."), None),
    (view(Kind.YES_NO, "Was she alone?", id="g.alone"), Gap(Why.NOT_KNOWN)),
    (view(Kind.MANY_OF, "What does she need?", choices=NEEDS, alone=("none known",)), ("autism", "speech")),
    (
        view(
            Kind.DECISION,
            "Does Amy need a concern report?",
            because="She said she owes someone money.",
            remark=Remark("Sgt Oyelaran", "Why not before tonight?"),
        ),
        "yes",
    ),
    (
        view(
            Kind.TEXT,
            "Who is she with now?",
            id="g.with",
            lines=(
                Line(says="Seen with her mother only: say why not alone.", tone=Tone.SAY_WHY, rule="R-12"),
            ),
        ),
        "Mum",
    ),
]
TIMES: list[tuple[FieldView, Answer | None]] = [
    (view(Kind.MOMENT, "When was she found?"), None),
    (
        view(Kind.MOMENT, "When was she last seen?", id="g.seen"),
        Moment(NOW - timedelta(hours=5), Precision.ABOUT),
    ),
    (
        view(Kind.MOMENT, "When was she out?", id="g.out"),
        Moment(NOW - timedelta(hours=5), Precision.RANGE, NOW - timedelta(hours=1)),
    ),
    (view(Kind.DATE, "Date of birth"), "2010-08-09"),
    (view(Kind.DATE, "First missing", id="g.first"), None),
    (view(Kind.DATE, "Her brother’s date of birth", id="g.born"), "2011-03"),
    (
        view(Kind.MOMENT, "When did it happen?", id="g.day", day_alone=True),
        Moment(NOW - timedelta(days=12), Precision.DATE_ONLY),
    ),
    (view(Kind.TEXT, "School", id="g.gap"), Gap(Why.NOT_ASKED, "She was falling asleep.")),
    (view(Kind.TEXT, "GP", id="g.later"), Gap(Why.PENDING, "", "2026-03-14T09:00:00Z")),
]
MENTIONS: list[tuple[FieldView, Answer | None]] = [
    (view(Kind.PERSON, "Who brought her back?", known=PEOPLE), "p2"),
    (view(Kind.PEOPLE, "Who else lives here?", known=PEOPLE[1:]), ("p2", "p3")),
    (
        view(Kind.PLACE, "Where?", known=(Known("l1", "14 Saltern Row", "Scarborough · home"),), here=True),
        "l1",
    ),
    (view(Kind.PLACES, "Where did she go?"), None),
    (view(Kind.OBJECT, "Her phone", known=(Known("o1", "Black iPhone, cracked", "07700 900456"),)), None),
    (view(Kind.OBJECTS, "What did she have that is new?"), None),
    (
        view(
            Kind.STAFF, "Sergeant told", known=(Known("s1", "Sgt Oyelaran", "duty sergeant, Scarborough"),)
        ),
        "s1",
    ),
]
COLUMNS = (
    view(Kind.TEXT, "What", id="what", gaps=()),
    view(
        Kind.ONE_OF, "Whose", id="whose", choices=(("own", "Her own"), ("else", "Somebody else’s")), gaps=()
    ),
)
LIVES = (
    view(
        Kind.PLACE,
        "Where",
        id="place",
        known=(Known("l1", "14 Saltern Row", "Scarborough"), Known("l2", "3 Mill Lane", "Filey")),
        gaps=(),
    ),
    view(
        Kind.ONE_OF, "What it is", id="type", choices=(("home", "Home"), ("parent", "A parent’s")), gaps=()
    ),
)
ROWS: list[tuple[FieldView, Answer | None]] = [
    (
        view(
            Kind.SPEECH,
            "Exact words",
            known=(Known("c", "Cal"), Known("m", "Mum")),
            prompts=("What you asked before", "What he left out"),
        ),
        WORDS,
    ),
    (
        view(
            Kind.CONTACTS,
            "Who was told",
            known=(Known("edt", "Emergency duty team"), Known("cr", "Control room")),
        ),
        CALLS,
    ),
    (view(Kind.ROWS, "Things found", columns=COLUMNS), ({"what": "Blue phone", "whose": "else"},)),
    (
        view(Kind.ROWS, "Addresses", id="g.addresses", columns=LIVES, opened=1),
        ({"place": "l1", "type": "home"}, {"place": "l2"}),
    ),
]
BODY: list[tuple[FieldView, Answer | None]] = [
    (view(Kind.BODY_MAP, "Where is she hurt?", gaps=()), ("front.hand_right", "back.upper_back"))
]
PHOTOS: list[tuple[FieldView, Answer | None]] = [
    (
        view(Kind.PHOTO, "Photos of the room", most=3, help="As it was found, before anything is moved."),
        (
            {**photo_row(UUID(int=1), added=NOW), "caption": "The bed, not slept in"},
            photo_row(UUID(int=2), added=NOW, taken=Moment(NOW - timedelta(hours=5), Precision.ABOUT)),
        ),
    ),
    (view(Kind.PHOTO, "A recent photo of Amy", id="g.recent", most=1), None),
    (
        view(Kind.PHOTO, "The note", id="g.note", most=1),
        ({**photo_row(UUID(int=9), added=NOW), "caption": "Sent with the first report"},),
    ),
]
GROUPS = {
    "positions": POSITIONS,
    "signatures": SIGNATURES,
    "photos": PHOTOS,
    "text": TEXTS,
    "choices": CHOICES,
    "times": TIMES,
    "mentions": MENTIONS,
    "rows": ROWS,
    "body": BODY,
}


def with_answer(answers: dict[str, Answer], field_id: str, answer: Answer | None) -> dict[str, Answer]:
    """The answers with one put, or taken away."""
    rest = {key: value for key, value in answers.items() if key != field_id}
    return rest if answer is None else {**rest, field_id: answer}


async def photo(attachment: str, whole: bool) -> bytes | None:
    """One of the few that are still on this device."""
    number = UUID(attachment).int
    return a_photo((900, 700) if whole else (320, 240), seed=number) if number < FEW else None


@ft.component
def answering(name: str) -> ft.Control:
    """A page of questions that keeps what is answered."""
    answers, change = use_draft({field.id: answer for field, answer in GROUPS[name] if answer is not None})

    def put(field_id: str, answer: Answer | None) -> None:
        change(
            lambda old: {
                **{k_: v for k_, v in old.items() if k_ != field_id},
                **({} if answer is None else {field_id: answer}),
            }
        )

    async def here(field_id: str) -> str:
        put(field_id, "l1")
        return ""

    def open_entity(field_id: str, entity: str | None) -> None:
        """A gallery opens nothing."""

    act = use_kept(
        lambda: FieldActs(
            put=put,
            now=lambda: NOW,
            open_entity=open_entity,
            here=here,
            position=partial(found, put),
            sign=partial(draws, put),
            give_reason=open_entity,
            use_wording=open_entity,
            keep_wording=open_entity,
            add_photo=lambda _field, _busy: here("g.none"),
            photo=photo,
        )
    )
    return frame(
        top=top_bar("Amy Brook", "girl, 15 · return check", on_menu=nothing, on_back=nothing),
        status=status_line("Saved on this phone 02:41 · no signal"),
        under_status=pages_bar("pages", name.capitalize(), 0, 4, nothing),
        body=[draw(field, answers.get(field.id), act) for field, _ in GROUPS[name]],
        actions=[k.main_action("next", "Next: Talk", nothing)],
    )


@ft.component
def gallery(name: str) -> ft.View:
    """One page of the gallery."""
    shown = answering(name) if name in GROUPS else kit_page()
    return ft.View(route=f"/{name}", padding=0, spacing=0, controls=[shown])


def main(page: ft.Page) -> None:
    """`/kit`, or `/kit/contrast` for high contrast."""
    name, *flags = page.route.strip("/").split("/")
    t.dress(page, high_contrast="contrast" in flags)
    page.render_views(lambda: [gallery(name)])


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The gallery in a process of its own, on a free local port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "GALLERY_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "tests.support.gallery"], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own loopback address
            return
        time.sleep(0.05)
    raise TimeoutError("the gallery did not start")


if __name__ == "__main__":
    ft.run(
        main,
        view=None,
        host="127.0.0.1",
        port=int(os.environ.get("GALLERY_PORT", "8550")),
        no_cdn=True,
        assets_dir=str(ROOT / "assets"),
    )
