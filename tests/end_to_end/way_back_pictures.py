"""The second half of the walk for the pictures: a PPN, a sergeant on a tablet, and what comes back.

A phone and a tablet, each a process of its own, and the console behind them. Everybody is invented.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.support.browser import DESK, TABLET, phone
from tests.support.camera import BOTH, DESK_LOOKS, LARGE, NARROW_TOO, Camera
from tests.support.night import THE_PHONE, THE_TABLET, Night
from tests.support.noticing import ACTIVITY, APPEARANCE, ENVIRONMENT, Notice
from tests.support.people import Child, Words
from tests.support.sergeant import Sergeant

TESS = Child(known_as="Tess", given_names="Tess Maria", surname="Marlow", born="02/05/2011")
HOME = "She says he shouts and holds her arm."
FIRST_CARER = "Stepfather says she does what she likes."
BETTER_CARER = (
    "Stepfather, in the hall, with Tess outside: they argued about the dishes at six, he went up at ten and "
    "saw the bed empty. Mother at work until two, rung from the car."
)
ASKED = "Which parent said this, and was Tess within hearing?"
PUT_RIGHT = "Say which parent spoke, and where Tess was just then."
RATIONALE = (
    "Tess was seen alone on the stairs; the bruise above her elbow and her own words about Tuesday are in. "
    "PPN follows tonight, her aunt Rosa is the safe place."
)
DIRECTIONS = "The PPN of tonight carries what has to be done for Tess."
NOTICE_RATIONALE = (
    "Bruise above the right elbow and Tess's own account of Tuesday; her stepfather lives there. Aunt Rosa "
    "has her tonight."
)
WHY_WITHDRAWN = "Written about the wrong child: the PPN belongs to her sister."
CARER = "pi.carer_view"


def walk_back(night: Night, browser: Browser, camera: Camera, kept: Path) -> None:
    """From the check that tells of harm to the console; ``kept`` takes a picture of what went wrong."""
    with ExitStack() as both:
        officer = Notice(both.enter_context(phone(browser, night.urls[THE_PHONE])), night)
        screen = both.enter_context(phone(browser, night.urls[THE_TABLET], size=TABLET))
        walk = WayBack(officer, Sergeant(screen, night, THE_TABLET), night, camera)
        try:
            walk.whole()
        except BaseException:  # whatever went wrong, pictures say what was on the screens
            officer.screen.page.screenshot(path=kept / "went-wrong-phone.png")
            screen.page.screenshot(path=kept / "went-wrong-tablet.png")
            raise
    at_the_console(night, browser, camera)


class WayBack:
    """An officer's check and PPN, and what a sergeant makes of them, with a picture at each step."""

    def __init__(self, officer: Notice, sergeant: Sergeant, night: Night, camera: Camera) -> None:
        self.officer = officer
        self.sergeant = sergeant
        self.night = night
        self.camera = camera

    def whole(self) -> None:
        """One step after the other."""
        self.officer.sets_up_the_handheld()
        self.sergeant.sets_up_the_handheld()
        for step in (
            self.sends_the_check,
            self.is_asked,
            self.answers,
            self.is_approved,
            self.begins_the_notice,
            self.writes_what_was_said,
            self.looks_at_the_letters,
            self.sends_the_notice,
            self.notice_is_approved,
            self.withdraws,
        ):
            sys.stdout.write(f"{len(self.camera.taken):4} pictures; {step.__name__}\n")
            sys.stdout.flush()
            step()

    # -- the check -------------------------------------------------------------------------------
    def sends_the_check(self) -> None:
        """A check that tells of harm; a PPN starts from it."""
        officer = self.officer
        self.camera.shoot(self.sergeant.screen, "tablet-queue-before")
        officer.starts_a_return_check()
        officer.says_who_it_is(TESS)
        officer.says_how_amy_is_back()
        officer.chooses("pi.face_to_face.yes", "pi.engaged.yes")
        officer.writes_down_the_talk(Words(carer_view=FIRST_CARER).about("Amy", "Tess"))
        officer.asks_the_eight_questions(home_afraid=HOME)
        officer.closes(ppn=True)
        officer.reviews()
        officer.sends()
        officer.reads("sent.state", r"Received \d\d:\d\d")
        self.camera.shoot_all(officer.screen, "sent-ppn-starts", LARGE)

    def is_asked(self) -> None:
        """The sergeant reads, asks, and sends it back."""
        sergeant, screen, camera = self.sergeant, self.sergeant.screen, self.camera
        sergeant.sees_arrive("Tess Marlow")
        camera.shoot(screen, "tablet-queue", DESK_LOOKS)
        sergeant.opens_the_case_of("Tess Marlow")
        camera.shoot_all(screen, "tablet-case", DESK_LOOKS)
        screen.tap(f"ask.{CARER}")
        screen.fill("ask.words", ASKED)
        camera.shoot(screen, "tablet-asking", DESK_LOOKS)
        screen.tap("ask.keep")
        screen.misses("ask.keep")
        camera.shoot(screen, "tablet-asked")
        screen.tap("send_back")
        screen.sees("decide")
        screen.tap("decide")
        screen.sees("notice")
        camera.shoot_all(screen, "tablet-sending-back-refused", BOTH)
        sergeant.chooses("sup.return_reasons.words_missing")
        sergeant.writes("sup.return_words", PUT_RIGHT)
        screen.tap("due.0")
        camera.shoot_all(screen, "tablet-sending-back", DESK_LOOKS)
        screen.tap("decide")
        sergeant.reads("decided.state", "back")
        camera.shoot(screen, "tablet-sent-back")

    def answers(self) -> None:
        """What came back, the remark above the very answer, and the next revision."""
        officer, screen, camera = self.officer, self.officer.screen, self.camera
        officer.goes_home()
        screen.tap("menu")  # by now the phone looks for news every five minutes only
        screen.tap("send_now")
        screen.sees("start.return_check")
        officer.sees_what_was_sent_back()
        camera.shoot(screen, "returned-worklist", NARROW_TOO)
        officer.opens_what_was_sent_back()
        officer.reads(f"{CARER}.remark", re.escape(ASKED))
        camera.shoot(screen, "returned-remark")
        officer.reviews_from_the_pages()
        camera.shoot(screen, "returned-still-asked")
        screen.tap("back")
        officer.opens_page("talk")
        officer.writes(CARER, BETTER_CARER)
        camera.shoot(screen, "returned-answered")
        officer.reviews_from_the_pages()
        camera.shoot(screen, "returned-review")
        officer.sends()
        officer.reads("sent.state", r"Received \d\d:\d\d")
        camera.shoot(screen, "sent-again")

    def is_approved(self) -> None:
        """The correction beside what stood there; "Noted." is no reason; then one that is."""
        sergeant, screen, camera = self.sergeant, self.sergeant.screen, self.camera
        screen.sees("read_newer")
        camera.shoot(screen, "tablet-newer")
        sergeant.reads_the_correction(CARER)
        camera.shoot(screen, "tablet-comparing", DESK_LOOKS)
        screen.in_sight(f"changed.{CARER}")
        camera.shoot(screen, "tablet-changed")
        screen.tap("approve")
        camera.shoot(screen, "tablet-approving-new", DESK_LOOKS)
        sergeant.says_what_was_looked_at()
        sergeant.approves("Noted.", "She is with her aunt.")
        sergeant.is_refused("sup.rationale")
        screen.in_sight("rationale")
        camera.shoot(screen, "tablet-noted-refused", DESK_LOOKS)
        self.night.stop_server()
        sergeant.approves(RATIONALE, DIRECTIONS)
        sergeant.reads("decided.state", "waiting for signal")
        camera.shoot(screen, "tablet-decided-waiting")
        self.night.start_server()
        sergeant.reads("decided.state", "Approved")
        camera.shoot(screen, "tablet-decided", DESK_LOOKS)
        self.officer.reads("sent.state", "Approved")
        camera.shoot_all(self.officer.screen, "sent-approved", LARGE)

    # -- the PPN ---------------------------------------------------------------------------------
    def begins_the_notice(self) -> None:
        """What happened, and the first letter with what good looks like."""
        officer, screen, camera = self.officer, self.officer.screen, self.camera
        officer.goes_home()
        officer.goes_on_with_the_notice()
        officer.opens_page("happened")
        camera.shoot(screen, "ppn-happened", BOTH)
        officer.chooses("ppn.child_present.yes", "ppn.child_seen.yes")
        officer.chooses("ppn.child_spoken_to.yes", "ppn.seen_alone.yes")
        officer.opens_page("appearance")
        camera.shoot(screen, "aware-appearance-new", NARROW_TOO)
        screen.tap("aware.good")
        camera.shoot(screen, "aware-appearance-good", LARGE)
        screen.tap("aware.good")
        officer.writes("ppn.aware_appearance", APPEARANCE)
        officer.chooses("ppn.injured.yes", "ppn.body_map.right_upper_arm")
        officer.opens_page("appearance")
        camera.shoot_all(screen, "aware-appearance", LARGE)

    def writes_what_was_said(self) -> None:
        """The words of the check are there already; more are added."""
        officer, screen, camera = self.officer, self.officer.screen, self.camera
        officer.opens_page("words")
        camera.shoot_all(screen, "aware-words", NARROW_TOO)
        officer.opens_page("activity")
        officer.writes("ppn.aware_activity", ACTIVITY)
        officer.opens_page("relationships")
        screen.tap("ppn.relationships_not_observed.open")
        camera.shoot(screen, "aware-why-not", BOTH)
        officer.chooses("ppn.relationships_not_observed.not_safe")
        officer.opens_page("relationships")
        camera.shoot_all(screen, "aware-not-observed", NARROW_TOO)

    def looks_at_the_letters(self) -> None:
        """All five together: one empty, then none."""
        officer, screen, camera = self.officer, self.officer.screen, self.camera
        officer.opens_page("environment")
        screen.tap("next")
        screen.sees("aware.E.state")
        camera.shoot(screen, "aware-overview-open", BOTH)
        screen.tap("aware.E.state")
        officer.writes("ppn.aware_environment", ENVIRONMENT)
        screen.tap("next")
        screen.sees("aware.E.state")
        camera.shoot(screen, "aware-overview", NARROW_TOO)

    def sends_the_notice(self) -> None:
        """Its last pages, the review before and after, and where it is then."""
        officer, screen, camera = self.officer, self.officer.screen, self.camera
        screen.tap("next")
        screen.sees("ppn.impact")
        officer.lists_the_pages()
        officer.reviews()
        screen.sees("needed")
        camera.shoot(screen, "ppn-review-needed", LARGE)
        screen.tap("back")
        screen.sees("pages")
        officer.says_what_worries()
        officer.opens_page("others")
        camera.shoot_all(screen, "ppn-others")
        officer.opens_page("safe")
        camera.shoot_all(screen, "ppn-safe", BOTH)
        officer.decides_on_every_other_child()
        officer.reviews_from_the_pages()
        camera.shoot_all(screen, "ppn-review", NARROW_TOO)
        officer.sends()
        officer.reads("sent.state", r"Received \d\d:\d\d")
        camera.shoot_all(screen, "ppn-sent", NARROW_TOO)

    def notice_is_approved(self) -> None:
        """The PPN on the tablet: five letters at a glance."""
        sergeant, screen, camera = self.sergeant, self.sergeant.screen, self.camera
        sergeant.goes_back_to_the_queue()
        sergeant.sees_arrive("Tess Marlow", "PPN")
        camera.shoot(screen, "tablet-queue-ppn", DESK_LOOKS)
        sergeant.opens_the_case_of("Tess Marlow", "PPN")
        camera.shoot(screen, "tablet-ppn", DESK_LOOKS)
        sergeant.begins_to_approve(other_children="all")
        sergeant.writes("sup.rationale", NOTICE_RATIONALE)
        sergeant.writes("sup.no_directions_because", "The council is asked for a strategy discussion.")
        camera.shoot(screen, "tablet-ppn-approving")
        screen.tap("decide")
        sergeant.reads("decided.state", "Approved")
        camera.shoot(screen, "tablet-ppn-decided")
        sergeant.goes_back_to_the_queue()
        camera.shoot(screen, "tablet-queue-done", DESK_LOOKS)
        self.officer.reads("sent.state", "Approved")
        camera.shoot(self.officer.screen, "ppn-approved")

    def withdraws(self) -> None:
        """Why a record is withdrawn, and how that looks."""
        screen, camera = self.officer.screen, self.camera
        screen.tap("withdraw")
        screen.sees("withdraw.send")
        screen.tap("withdraw.send")
        camera.shoot(screen, "withdraw-refused")
        screen.fill("withdraw.reason", WHY_WITHDRAWN)
        camera.shoot(screen, "withdraw", NARROW_TOO)


# -- the console -------------------------------------------------------------------------------------
def at_the_console(night: Night, browser: Browser, camera: Camera) -> None:
    """The vulnerability team decides; the missing-from-home team reads; an administrator sees who looked."""
    with signed_in(night, browser, "vat") as page:
        page.get_by_role("heading", name="Vulnerability queue").wait_for()
        camera.shoot_page(page, "console-queue")
        page.get_by_role("link", name=re.compile("^Tess Marlow.*read and decide")).first.click()
        decide = page.get_by_role("heading", name="Decide on this notice")
        decide.wait_for()
        camera.shoot_page(page, "console-notice")
        shoot_from(page, camera, "console-triage", "Decide on this notice")
        page.get_by_role("button", name="Pass on to partners").click()
        page.get_by_role("alert").wait_for()
        camera.shoot_page(page, "console-triage-refused")
        shoot_from(page, camera, "console-triage-missing", "Decide on this notice")
        page.get_by_label("Why, in your own words").fill(
            "Bruise and her own words about Tuesday, stepfather in the house: strategy discussion today."
        )
        page.get_by_label("To the council today").check()
        page.get_by_label("Clear, and the child is heard").check()
        page.get_by_role("button", name="Pass on to partners").click()
        page.get_by_role("status").wait_for()
        camera.shoot_page(page, "console-queue-done")
    with signed_in(night, browser, "mhet") as page:
        page.get_by_role("link", name=re.compile("^Tess Marlow, Prevention", re.IGNORECASE)).first.click()
        page.locator("nav.hw-jump").wait_for()
        camera.shoot_page(page, "console-decided")
        page.get_by_role("link", name=re.compile("^Compare with")).first.click()
        page.wait_for_url(re.compile("/changes"))
        camera.shoot_page(page, "console-changes")
    with signed_in(night, browser, "admin") as page:
        for name, link in (("console-all-deliveries", "Deliveries"), ("console-looked", "Who looked")):
            page.get_by_role("navigation").get_by_role("link", name=link).first.click()
            page.get_by_role("heading", level=1, name=link).wait_for()
            camera.shoot_page(page, name)


@contextmanager
def signed_in(night: Night, browser: Browser, role: str) -> Iterator[Page]:
    """A window of the console, signed in."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    try:
        page = context.new_page()
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        page.goto(night.said["console"])
        user, password = night.account(role)
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()
        yield page
    finally:
        context.close()


def shoot_from(page: Page, camera: Camera, name: str, heading: str) -> None:
    """What is in the window when it has been scrolled to a heading."""
    page.get_by_role("heading", name=heading).first.evaluate("e => e.scrollIntoView()")
    camera.keep(f"{name}-1280", page.screenshot())
