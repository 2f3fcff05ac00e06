"""Every page of the console in a real browser, read by everybody.

axe-core looks at each page, on a desk and on a phone. It is run from outside: the pages themselves allow
no script at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from house.assets import AXE
from tests.support.browser import DESK, PHONE
from tests.support.console_desks import USERS, Console, a_console, a_desk_of

pytestmark = pytest.mark.journey
SIZES = {"on a desk": DESK, "on a phone": PHONE}
# From the last phone to the desk: at each change of the layout both sides of it, and some between.
WIDTHS = (320, 800, 801, 820, 1024, 1099, 1100, 1180, 1280)
# Which letters a machine has is not ours to say. No common ones are wider than these.
WIDEST = """() => document.styleSheets[1].insertRule(
  "* { font-family: 'DejaVu Sans', Verdana, sans-serif !important; letter-spacing: .05em !important }",
  document.styleSheets[1].cssRules.length)"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
# What is looked at, and who sees it. A sign-in has nobody yet.
PAGES: Mapping[str, tuple[str, str]] = {
    "sign in": ("", "/sign-in"),
    "sign in on a handheld": ("", "{handheld}"),
    "register": ("mhet", "/register"),
    "register, narrowed": ("mhet", "/register?late=yes&sort=due&unit=harrogate_response"),
    "register, empty": ("mhet", "/register?risk=0&state=closed"),
    "register of a unit": ("sergeant", "/register"),
    "record": ("mhet", "/records/{returned}"),
    "earlier revision": ("mhet", "/records/{returned}/revisions/1"),
    "record with photographs": ("mhet", "{photographed}"),
    "photograph": ("sergeant", "{photograph}"),
    "what changed": ("mhet", "/records/{returned}/revisions/2/changes"),
    "two versions": ("sergeant", "/two-versions"),
    "two versions, side by side": ("mhet", "/two-versions/{beside}"),
    "notice to decide on": ("vat", "/records/{notice}"),
    "decision that approves": ("vat", "/records/{approved}"),
    "decision that sends back": ("mhet", "/records/{sent_back}"),
    "queue": ("vat", "/queue"),
    "tasks": ("mhet", "/tasks"),
    "task": ("mhet", "/tasks/{task}"),
    "missing episodes": ("mhet", "/episodes"),
    "missing episode to close": ("mhet", "/episodes/{episode}"),
    "missing episode that is closed": ("sergeant", "/episodes/{closed}"),
    "missing episode, to read": ("vat", "/episodes/{episode}"),
    "children": ("mhet", "/children"),
    "children, narrowed": ("sergeant", "/children?missing=yes&late=yes"),
    "daily meeting": ("mhet", "/daily-meeting"),
    "daily meeting of a unit": ("sergeant", "/daily-meeting?hours=36"),
    "quality": ("mhet", "/quality"),
    "quality of a unit": ("sergeant", "/quality?unit=harrogate_response"),
    "dip samples": ("sergeant", "/samples"),
    "dip sample": ("mhet", "/samples/{sample}"),
    "lists": ("mhet", "/lists"),
    "police protection": ("vat", "/police-protection"),
    "schools not told": ("vat", "/schools-not-told"),
    "ethnicity": ("vat", "/ethnicity"),
    "looked-after children": ("mhet", "/looked-after"),
    "exploitation meeting": ("mhet", "/exploitation-meeting"),
    "register, by how it was made": ("mhet", "/register?shows=gaps&about=ret.medical_needed"),
    "tasks of the vulnerability team": ("vat", "/tasks"),
    "danger to act on": ("vat", "/records/{danger}"),
    "due for review": ("records", "/retention"),
    "what is kept together": ("records", "/retention/{due}"),
    "what is not due": ("records", "/retention/{returned}"),
    "problem profile": ("analyst", "/problem-profile"),
    "restricted children": ("mhet", "/restricted"),
    "restricted child, to those on the list": ("mhet", "/restricted/{restriction}"),
    "restricted child, to open in need": ("fim", "/restricted/{restriction}"),
    "restricting who may read": ("mhet", "/records/{returned}/restrict"),
    "places": ("community", "/places"),
    "places of the team": ("mhet", "/places"),
    "tasks of community officers": ("community", "/tasks"),
    "task of a community officer": ("community", "/tasks/{passed}"),
    "asking the community officers": ("mhet", "/records/{returned}/community"),
    "register of the control room": ("fim", "/register"),
    "deliveries": ("admin", "/deliveries"),
    "deliveries, to an integrator": ("integrator", "/deliveries"),
    "deliveries, to read": ("mhet", "/deliveries"),
    "handhelds": ("admin", "/devices"),
    "who looked": ("admin", "/looked"),
    "who looked at a child": ("admin", "/looked?record={reference}"),
    "who looked, to an auditor": ("auditor", "/looked"),
    "audit": ("auditor", "/audit"),
    "audit of a record": ("auditor", "/audit?record={reference}&what=viewed"),
    "register of the exploitation team": ("cet", "/register"),
    "record, to the exploitation team": ("cet", "/records/{exploited}"),
    "asking a team to look at a record": ("cet", "/records/{exploited}/refer"),
    "register of an area inspector": ("cii", "/register"),
    "tasks of an area inspector": ("cii", "/tasks"),
    "what a council was told": ("council", "/council"),
    "notice at a council": ("council", "/council/{told}"),
    "referral at a council": ("council", "/council/{asks}"),
    "not yours": ("admin", "/register"),
    "not there": ("vat", "/records/0195952b-2f6a-7c11-8e54-1f0f6d1c0a01"),
}
RUN_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], preload: false});
  return found.violations.map(one => ({id: one.id, on: one.nodes.map(node => node.target)}));
}"""
# Where the focus is: what it is called, whether it is marked, and whether something covers it. (The parts of
# a date field are the browser's own, and it marks them itself.)
FOCUS = """() => {
  const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e);
  const inside = r.width > 0 && r.top >= 0 && r.bottom <= innerHeight + 1;
  const line = e.getClientRects()[0];  // a name may take two lines, and between them is nothing to meet
  const x = line.x + Math.min(line.width / 2, 20), y = line.y + line.height / 2;
  const met = inside ? document.elementFromPoint(x, y) : null;
  const yellow = s.backgroundColor === "rgb(255, 221, 0)";
  return {name: (e.getAttribute("aria-label") || e.innerText || e.name || e.tagName).trim(), tag: e.tagName,
          seen: inside && met !== null && (e === met || e.contains(met)),
          marked: yellow || e.type === "date" || s.outlineStyle !== "none" || s.boxShadow !== "none"};
}"""


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console with a night's work on it."""
    with a_console(tmp_path_factory.mktemp("console")) as made:
        yield made


@pytest.fixture(scope="module")
def desks(console: Console, browser: Browser) -> Iterator[dict[str, Page]]:
    """A window for each role, and one where nobody is signed in."""
    people = ("", *USERS)
    opened = {who: a_desk_of(browser, console, who) for who in people}
    try:
        yield {who: one.__enter__() for who, one in opened.items()}
    finally:
        for one in opened.values():
            one.__exit__(None, None, None)


def seen_by_axe(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds wrong with a page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE)
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wrong(console: Console, desks: dict[str, Page], name: str, size: str) -> None:
    """Names, roles, contrast, order: what a machine can know of how a page is read by everybody."""
    who, path = PAGES[name]
    page = desks[who]
    page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})

    page.goto(f"{console.server.url}{console.path(path)}")

    assert seen_by_axe(page) == []
    assert page.evaluate(SIDEWAYS) <= 0, "it scrolls sideways"


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(console: Console, desks: dict[str, Page], name: str) -> None:
    """Whatever the window's width, and whatever letters the machine has."""
    who, path = PAGES[name]
    page = desks[who]
    page.goto(f"{console.server.url}{console.path(path)}")

    too_wide = {"as they are": _too_wide_at(page)}
    page.evaluate(WIDEST)
    too_wide["in wide letters"] = _too_wide_at(page)

    assert too_wide == {"as they are": [], "in wide letters": []}


def _too_wide_at(page: Page) -> list[int]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": DESK[1]})
        if page.evaluate(SIDEWAYS) > 0:
            found.append(width)
    return found


@pytest.mark.parametrize(
    ("where", "button", "says"),
    [
        (("vat", "/records/{notice}"), "Pass on to partners", "Nothing has been decided yet"),
        (("vat", "/records/{danger}"), "Write it down", "Nothing has been written down yet"),
        (("vat", "/daily-meeting"), "Take it as a file", "Nothing has been taken yet"),
        (("vat", "/police-protection"), "Take it as a file", "Nothing has been taken yet"),
        (("vat", "/children"), "Take it as a file", "Nothing has been taken yet"),
        (("mhet", "/looked-after"), "Take it as a file", "Nothing has been taken yet"),
        (("mhet", "/samples/{sample}"), "Write it down, record 1", "Nothing has been written down yet"),
        (("fim", "/restricted"), "Open it, and tell the team", "Nothing has been opened yet"),
        (("mhet", "/records/{returned}/restrict"), "Restrict it", "Nothing has been restricted yet"),
        (("mhet", "/restricted/{restriction}"), "End the restriction", "Nothing has been changed yet"),
        (("auditor", "/audit"), "Take it as a file", "Nothing has been taken yet"),
        (("cet", "/records/{exploited}/refer"), "Ask the team", "Nobody was asked yet"),
        (("council", "/council/{asks}"), "Send the decision", "Nothing has been sent yet"),
    ],
)
def test_axe_finds_nothing_wrong_with_what_is_asked_for_again(
    console: Console, desks: dict[str, Page], where: tuple[str, str], button: str, says: str
) -> None:
    """A message about what is missing has to reach whoever cannot see that it is red."""
    who, path = where
    page = desks[who]
    page.goto(f"{console.server.url}{console.path(path)}")
    page.get_by_role("button", name=button).click()

    expect(page.get_by_role("alert")).to_contain_text(says)
    assert seen_by_axe(page) == []


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("document.querySelector('label').remove()", "label"),
        ("document.querySelector('h1').style.color = '#bbb'", "color-contrast"),
        ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
        ("document.querySelector('a.hw-name').textContent = ''; "
         "document.querySelector('a.hw-name').removeAttribute('aria-label')", "link-name"),
    ],
)  # fmt: skip
def test_axe_would_find_what_is_wrong(
    console: Console, desks: dict[str, Page], fault: str, found: str
) -> None:
    """The control: a search that finds nothing proves something only if it can find."""
    page = desks["mhet"]
    page.goto(f"{console.server.url}/register")
    page.evaluate(fault)

    assert found in {one["id"] for one in seen_by_axe(page)}


@pytest.mark.parametrize(
    "path", ["/register", "/records/{returned}", "/daily-meeting", "/restricted/{restriction}"]
)
@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("width", [1024, 1280])
def test_the_focus_is_always_seen(
    console: Console, desks: dict[str, Page], path: str, back: bool, width: int
) -> None:
    """Marked, inside the window, and under no heading that stays while the page scrolls: both ways."""
    page = desks["mhet"]
    page.set_viewport_size({"width": width, "height": 420})
    page.goto(f"{console.server.url}{console.path(path)}")
    if back:
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    stops = []
    for _ in range(40):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        stop = page.evaluate(FOCUS)
        if stop["tag"] == "BODY":
            break
        stops.append(stop)

    assert len(stops) > 5
    assert [one["name"] for one in stops if not one["seen"] or not one["marked"]] == []


def test_paper_carries_the_marking_and_no_buttons(console: Console, desks: dict[str, Page]) -> None:
    """At the head and at the foot, and for whom it was printed."""
    page = desks["mhet"]
    page.goto(f"{console.server.url}{console.path('/records/{returned}')}")
    page.emulate_media(media="print")
    try:
        expect(page.get_by_role("banner").get_by_text("OFFICIAL-SENSITIVE")).to_be_visible()
        expect(page.get_by_role("contentinfo")).to_contain_text(
            "OFFICIAL-SENSITIVE · printed for PC Hannah Wells"
        )
        expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
        expect(page.get_by_role("navigation", name="On this page")).to_be_hidden()
    finally:
        page.emulate_media(media="screen")


def test_the_sheet_of_the_meeting_has_room_to_write_in_on_paper_alone(
    console: Console, desks: dict[str, Page]
) -> None:
    """What the meeting decides is written beside each child; what is asked of who takes a file is not."""
    page = desks["mhet"]
    page.goto(f"{console.server.url}/daily-meeting")
    decision = page.get_by_role("columnheader", name="Decision", exact=True)
    expect(decision).to_be_hidden()
    page.emulate_media(media="print")
    try:
        expect(decision).to_be_visible()
        expect(page.get_by_role("button", name="Take it as a file")).to_be_hidden()
        expect(page.get_by_role("button", name="Show")).to_be_hidden()
    finally:
        page.emulate_media(media="screen")


def test_pages_fetch_only_themselves_and_their_style(console: Console, desks: dict[str, Page]) -> None:
    """No letter, picture or script of anybody else's, and none that a site outside gov.uk may not show."""
    page = desks["mhet"]
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.removeprefix(console.server.url)))
    page.goto(f"{console.server.url}/register")

    assert sorted(fetched) == ["/register", "/static/console.css", "/static/govuk-frontend.css"]
    families = page.evaluate("[...document.querySelectorAll('*')].map(e => getComputedStyle(e).fontFamily)")
    assert not any("GDS" in family for family in families)
