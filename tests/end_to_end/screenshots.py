"""Takes the pictures of every screen: real programs, invented people, one walk through a night.

Run by ``make screenshots``: all go to ``.run/pictures``, the few that are shown here to the folder given.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from booklets.answers import rows_of
from field_app.ui.words import clock
from sync_server.demo.children import night as told_night
from sync_server.demo.telling import Told
from tests.end_to_end.comfort_pictures import walk_comfort
from tests.end_to_end.staged_pictures import asked_for, walk_stage
from tests.end_to_end.told_pictures import hold_first_screen, text_of, walk_console, walk_lookout
from tests.end_to_end.way_back_pictures import walk_back
from tests.support.browser import PHONE, Phone, chromium, phone
from tests.support.camera import ALL, BOTH, LARGE, Camera
from tests.support.night import THE_PHONE, THE_TABLET, Night, a_night
from tests.support.people import PIN, Officer, Words

EVERYTHING = Path(__file__).parents[2] / ".run" / "pictures"
CHOSEN = (
    "worklist-1-light",
    "review-needed-1-light",
    "page-talk-1-dark",
    "sent-waiting-light",
    "aware-appearance-1-light",
    "aware-overview-light",
    "tablet-asking-light",
    "console-triage-1280",
)
_TOUCHES, _LED_MS = 3, 12_000
NAMES = ("amy", "josh", "noor", "cal")


def main(arguments: list[str]) -> int:
    """Take them all, then copy the chosen ones; or a few screens, as they are asked for."""
    began = time.monotonic()
    asked = asked_for(arguments)
    shutil.rmtree(EVERYTHING, ignore_errors=True)
    EVERYTHING.mkdir(parents=True)
    camera = Camera(EVERYTHING)
    with chromium() as browser:
        if asked.only or asked.widths or asked.looks:
            walk_stage(browser, camera, asked)
            sys.stdout.write(f"{len(camera.taken)} pictures in {time.monotonic() - began:.0f} s\n")
            return 0
        with a_new_night(THE_PHONE) as night:
            walk(night, browser, camera)
        walk_comfort(browser, camera)
        with a_new_night(THE_PHONE) as night:
            walk_lookout(night, browser, camera)
        with a_new_night(THE_PHONE, THE_TABLET) as night:
            walk_back(night, browser, camera, EVERYTHING)
    if asked.folder:
        for name in CHOSEN:
            shutil.copy(EVERYTHING / f"{name}.png", asked.folder)
    sys.stdout.write(f"{len(camera.taken)} pictures in {time.monotonic() - began:.0f} s\n")
    return 0


@contextmanager
def a_new_night(*devices: str) -> Iterator[Night]:
    """Programs that have just been started, and are forgotten afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="homeward-pictures-") as folder,
        a_night(Path(folder), devices=devices) as night,
    ):
        yield night


def walk(night: Night, browser: Browser, camera: Camera) -> None:
    """The console first, while exactly four children have arrived; then the handheld."""
    walk_console(night, browser, camera)
    with phone(browser, night.urls[THE_PHONE]) as screen:
        try:
            Walk(screen, night, camera).whole(browser)
        except BaseException:
            screen.page.screenshot(path=EVERYTHING / "went-wrong.png")
            raise


class Walk:
    """One officer's night on one handheld, with a picture at each step."""

    def __init__(self, screen: Phone, night: Night, camera: Camera) -> None:
        self.screen = screen
        self.night = night
        self.camera = camera
        self.officer = Officer(screen, night)
        self.drafts: dict[str, str] = {}
        self.told: dict[str, Told] = dict(zip(NAMES, told_night(datetime.now(UTC)), strict=True))

    def whole(self, browser: Browser) -> None:
        """From the box to the last record."""
        self.sets_up(browser)
        for step in (
            self.begins_noor,
            self.begins_cal,
            self.tells_that_josh_is_found,
            self.does_amy,
            self.comes_back_to_a_full_list,
            self.sends_cal_at_once,
            self.locks,
        ):
            sys.stdout.write(f"{len(self.camera.taken):4} pictures; {step.__name__}\n")
            sys.stdout.flush()
            step()

    def sets_up(self, browser: Browser) -> None:
        """Starting, refused, enrolled, signed in, PIN chosen."""
        screen, shoot = self.screen, self.camera.shoot
        screen.sees("enrol.code")
        shoot(screen, "enrol", ("light", "dark", "tablet"))
        with phone(browser, self.night.urls[THE_PHONE]) as second:
            second.sees("again")
            shoot(second, "refused")
        screen.fill("enrol.code", "ABCDE 12345")
        self.opens("enrol", "notice")
        shoot(screen, "enrol-refused")
        screen.fill("enrol.code", self.night.enrolment_code())
        self.opens("enrol", "sign_in.begin")
        shoot(screen, "sign-in")
        self.opens("sign_in.begin", "sign_in.open")
        shoot(screen, "sign-in-waiting", ("light", "dark", "text200", "narrow"), turning=True)
        with screen.page.context.expect_page() as opened:
            screen.tap("sign_in.open")
        self.signs_in(opened.value)
        screen.sees("pin.next")
        shoot(screen, "choose-pin", LARGE)
        self.officer.types_pin()
        shoot(screen, "choose-pin-typed")
        screen.tap("pin.next")
        self.officer.reads("pin.typed", "0 digits typed")
        shoot(screen, "choose-pin-again")
        self.officer.types_pin()
        self.opens("pin.next", "start.return_check")
        shoot(screen, "worklist-empty", LARGE)
        self.opens("menu", "this_phone")
        self.camera.shoot(screen, "menu", LARGE)
        self.opens("this_phone", "look.dark")
        self.camera.shoot_all(screen, "this-phone", LARGE)
        self.opens("done", "start.return_check")

    def opens(self, touched: str, seen: str) -> None:
        """Touches until what it leads to is there: after a change of size a touch can be too early."""
        for _ in range(_TOUCHES):
            if self.screen.at(touched).count():
                self.screen.tap(touched)
            with suppress(PlaywrightTimeout):
                self.screen.at(seen).first.wait_for(state="attached", timeout=_LED_MS)
                break
        self.screen.sees(seen)

    def signs_in(self, page: Page) -> None:
        """The force's page, in the browser."""
        user, password = self.night.account("officer")
        self.camera.shoot_page(page, "force-sign-in")
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in on this device").click()
        page.get_by_text("You can go back to the app").wait_for()
        self.camera.shoot_page(page, "force-signed-in")
        page.close()

    # -- a check ---------------------------------------------------------------------------------
    def starts(self, child: str, *, reported: str) -> None:
        """A new check: who it is."""
        officer, facts = self.officer, self.told[child].child
        officer.starts_a_return_check()
        for fact in ("known_as", "given_names", "surname"):
            officer.writes(f"person.{fact}", str(facts[fact]))
        year, month, day = str(facts["dob"]).split("-")
        officer.writes("person.dob", f"{day}/{month}/{year}")
        officer.chooses(f"person.sex.{facts['sex']}", f"ret.returned_before_report.{reported}")

    def goes_home(self, child: str) -> None:
        """Back to the worklist, remembering which card is this child's."""
        self.opens("back", "start.return_check")
        known = set(self.drafts.values())
        self.screen.page.wait_for_timeout(500)
        for card in self.screen.page.locator('[flt-semantics-identifier^="draft."]').all():
            identifier = card.get_attribute("flt-semantics-identifier") or ""
            if identifier not in known:
                self.drafts[child] = identifier

    def resumes(self, child: str) -> None:
        """Opens a child's card."""
        self.opens(self.drafts[child], "pages")

    def found_minutes_ago(self, minutes: int) -> None:
        """Says when the child was found, by the clock."""
        self.screen.tap("ret.found_at.other")
        at = clock(datetime.now(UTC) - timedelta(minutes=minutes))
        self.officer.writes("ret.found_at.other.first", at)
        self.camera.shoot(self.screen, "another-time")
        self.screen.tap("ret.found_at.other.done")

    def writes_told(self, child: str, *questions: str) -> None:
        """Writes what the officer of the demo night wrote."""
        for question in questions:
            self.officer.writes(question, text_of(self.told[child].answers[question]))

    def begins_noor(self) -> None:
        """Found before anyone had reported: more is asked. A draft, due soon."""
        officer, screen = self.officer, self.screen
        officer.starts_a_return_check()
        self.camera.shoot(screen, "page-child-new")
        self.goes_home("nobody")
        self.starts("noor", reported="yes")
        officer.opens_page("back")
        self.camera.shoot(screen, "page-back-new")
        self.found_minutes_ago(35)
        self.opens("ret.found_place.new", "place.street")
        self.camera.shoot(screen, "place-new")
        officer.writes("place.street", "Abbey Walk")
        officer.writes("place.town", "Selby")
        self.camera.shoot_all(screen, "place", LARGE)
        screen.tap("done")
        officer.chooses("ret.found_how.with_family", "ret.condition.awake_talking", "pi.injured.no")
        officer.opens_page("later")
        self.camera.shoot(screen, "page-later")
        screen.scroll(20_000)
        self.camera.shoot(screen, "page-later-end")
        officer.opens_page("talk")
        self.goes_home("noor")

    def begins_cal(self) -> None:
        """Begins to tell of a crime: the stop. Found long ago: the council should have been told."""
        officer, screen, shoot = self.officer, self.screen, self.camera.shoot
        self.starts("cal", reported="no")
        officer.opens_page("back")
        self.found_minutes_ago(75)
        officer.opens_page("talk")
        self.camera.shoot_all(screen, "page-talk-new", LARGE)
        officer.opens_page("talk")
        officer.chooses("pi.face_to_face.yes", "pi.engaged.yes")
        self.opens("disclosure", "stopped")
        self.camera.shoot_all(screen, "stopped", LARGE)
        row = rows_of(self.told["cal"].answers["pi.child_words"])[0]
        officer.chooses("pi.stop_danger.yes")
        self.writes_told("cal", "pi.stop_danger_detail")
        screen.tap_until("pi.offence.add", screen.at("pi.offence.0.said"))
        officer.writes("pi.offence.0.asked", str(row["asked"]))
        officer.writes("pi.offence.0.said", str(row["said"]))
        officer.chooses("pi.offence.0.at.now")
        screen.tap("pi.offence.0.done")
        screen.misses("pi.offence.0.done")
        officer.opens_page("talk")
        shoot(screen, "stopped-words")
        self.goes_home("cal")

    def tells_that_josh_is_found(self) -> None:
        """Asleep, brought home by a patrol: "found" goes on its own, at once."""
        officer, screen = self.officer, self.screen
        self.starts("josh", reported="no")
        officer.opens_page("back")
        officer.chooses("ret.found_at.earlier")
        officer.adds_a_place("ret.found_place", "Hatter’s Lane", "York")
        officer.chooses("ret.found_how.police_patrol", "ret.condition.asleep", "pi.injured.no")
        self.opens("send_found", "needed")
        self.camera.shoot_all(screen, "review-found")
        screen.tap("menu")
        self.opens("open.close", "pages")
        officer.adds_a_person("ret.left_with", "Priya", "Nair")
        officer.says_why_not("ret.la_informed", "pending")
        self.camera.shoot(screen, "gap-pending", LARGE)
        officer.opens_page("back")
        self.opens("send_found", "send")
        self.camera.shoot(screen, "review-found-ready")
        screen.tap("send")
        officer.reads("sent.state", r"Received \d\d:\d\d")
        self.camera.shoot(screen, "sent-found")
        self.opens("go_on", "pages")
        self.goes_home("josh")

    def does_amy(self) -> None:
        """The whole check, without signal: a quieter evening than the one the console tells of her."""
        officer, screen = self.officer, self.screen
        self.night.stop_server()
        self.starts("amy", reported="no")
        officer.chooses("person.ethnicity_sde.W1")
        self.page("child")
        officer.opens_page("back")
        officer.says_how_amy_is_back()
        officer.chooses("pi.face_to_face.yes", "pi.engaged.yes")
        officer.writes_down_the_talk(Words())
        self.page("back")
        self.page("talk")
        officer.opens_page("talk")
        self.opens("pi.child_words.0", "pi.child_words.0.done")
        self.camera.shoot(screen, "exact-words", LARGE)
        screen.tap("pi.child_words.0.done")
        officer.opens_page("eight")
        officer.asks_the_eight_questions()
        self.page("eight")
        officer.opens_page("close")
        self.opens("ret.left_with.new", "person.known_as")
        self.camera.shoot(screen, "person-new")
        screen.tap("more")
        self.camera.shoot(screen, "person-more")
        screen.tap("done")
        self.opens("pages", "open.close")
        self.camera.shoot_all(screen, "pages", LARGE)
        self.opens("review", "needed")
        self.camera.shoot_all(screen, "review-needed", ALL)
        self.opens("back", "pages")
        officer.opens_page("close")
        officer.closes()
        self.page("close")
        officer.opens_page("close")
        officer.reviews()
        self.camera.shoot_all(screen, "review-ready", LARGE)
        officer.sends()
        officer.reads("sent.state", "Waiting for signal")
        self.camera.shoot(screen, "sent-waiting", ALL)
        self.opens("home", "start.return_check")

    def page(self, name: str) -> None:
        """A page with its answers, from top to end."""
        self.officer.opens_page(name)
        self.camera.shoot_all(
            self.screen, f"page-{name}", ALL if name == "talk" else LARGE if name == "back" else BOTH
        )

    def comes_back_to_a_full_list(self) -> None:
        """Late, soon, open, waiting and sent in one list; then the signal comes back."""
        screen = self.screen
        self.camera.shoot_all(screen, "worklist", ALL)
        waiting = screen.page.get_by_role("button", name=re.compile("Amy Brook.*waiting"))
        waiting.scroll_into_view_if_needed()
        self.night.start_server()
        received = screen.page.get_by_role("button", name=re.compile("Amy Brook.*received"))
        received.wait_for(timeout=60_000)
        self.camera.shoot_all(screen, "worklist-online")
        self.opens(received.get_attribute("flt-semantics-identifier") or "", "sent.state")
        self.camera.shoot(screen, "sent-received", LARGE)
        self.opens("home", "start.return_check")

    def sends_cal_at_once(self) -> None:
        """What is missing is marked, and it goes."""
        screen = self.screen
        self.resumes("cal")
        screen.tap("pages")
        self.opens("review", "emergency")
        self.camera.shoot_all(screen, "review-stopped")
        self.opens("emergency", "emergency.reason")
        self.camera.shoot(screen, "emergency", LARGE)
        self.opens("emergency.send", "notice")
        self.camera.shoot(screen, "emergency-why")
        screen.fill("emergency.reason", self.told["cal"].emergency)
        self.opens("emergency.send", "sent.state")
        self.officer.reads("sent.state", "Received")
        self.camera.shoot(screen, "sent-emergency")
        self.opens("home", "start.return_check")

    def locks(self) -> None:
        """The lock, a wrong PIN, and the moment of starting."""
        screen = self.screen
        self.opens("lock", "unlock")
        self.camera.shoot(screen, "lock", ALL)
        for digit in PIN[:4]:
            screen.tap(f"digit.{digit}")
        self.opens("unlock", "notice")
        self.camera.shoot(screen, "lock-wrong")
        screen.page.context.route_web_socket(re.compile("/ws"), hold_first_screen)
        second = screen.page.context.new_page()
        second.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        second.goto(self.night.urls[THE_PHONE])
        other = Phone(second)
        other.switch_on_semantics()
        other.sees("busy")
        self.camera.shoot(other, "starting", turning=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
