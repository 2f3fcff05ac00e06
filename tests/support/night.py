"""A night with real programs: the server and the app as processes, started, stopped and killed for real.

Nothing here reaches into a program. Everything is done through what a person
sees, on the handheld's screen, the sign-in page and the console.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from house.run import Program, announced, answers, app_program, free_port, server_program
from tests.support.browser import Phone, phone

PIN = "271828"


@dataclass(slots=True)
class Night:
    """One server and one handheld, each a process of its own."""

    server: Program
    app: Program
    server_url: str
    app_url: str
    said: dict[str, Any]
    folder: Path

    def stop_server(self) -> None:
        """The server is taken away, as a machine is shut down."""
        self.server.stop()

    def start_server(self) -> None:
        """The server comes back, at the same address, with what it had kept."""
        self.server.start()
        self.server.until(lambda: answers(f"{self.server_url}/v1/hello"))

    def kill_app(self) -> None:
        """The app's process is killed between two instructions: SIGKILL, nothing to say goodbye with."""
        self.app.kill()

    def start_app(self) -> None:
        """The app is started again on the same data."""
        self.app.start()
        self.app.until(lambda: answers(self.app_url))

    def until_true(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, as long as the server runs."""
        self.server.until(lambda: True if holds() else None)

    def account(self, role: str) -> tuple[str, str]:
        """User name and password of somebody in this role, as the server printed them."""
        found = next(one for one in self.said["accounts"] if one["role"] == role)
        return found["user"], found["password"]

    def enrolment_code(self) -> str:
        """An enrolment code, as the server printed it."""
        return str(self.said["enrol_code"])

    @property
    def phone_folder(self) -> Path:
        """Where the app keeps everything."""
        return self.folder / "phone"

    @property
    def server_folder(self) -> Path:
        """Where the server keeps everything."""
        return self.folder / "server"


@contextmanager
def a_night(folder: Path) -> Iterator[Night]:
    """A server and an app that have just been started, with nobody enrolled."""
    server_url = f"http://127.0.0.1:{free_port(0)}"
    server = server_program(server_url, folder)
    server.start()
    app: Program | None = None
    try:
        said = server.until(lambda: announced(server.log))
        server.until(lambda: answers(f"{server_url}/v1/hello"))
        app_url = f"http://127.0.0.1:{free_port(0)}"
        app = app_program(app_url, folder, server_url=server_url, root_key=said["root_key"])
        app.start()
        app.until(lambda: answers(app_url))
        yield Night(server, app, server_url, app_url, json.loads(json.dumps(said)), folder)
    finally:
        if app is not None:
            app.stop()
        server.stop()


@contextmanager
def a_phone(browser: Browser, night: Night) -> Iterator[Officer]:
    """The handheld in an officer's hand."""
    with phone(browser, night.app_url) as screen:
        try:
            yield Officer(screen, night)
        except BaseException:  # whatever went wrong, a picture says what the officer saw
            screen.page.screenshot(path=night.folder / "went-wrong.png")
            raise


class Officer:
    """What an officer does, in the officer's words, by what is on the screen."""

    def __init__(self, screen: Phone, night: Night) -> None:
        self.screen = screen
        self._night = night

    # -- the handheld ----------------------------------------------------------------------------
    def sets_up_the_handheld(self) -> None:
        """Types the enrolment code, signs in on the force's page, and chooses a PIN."""
        screen = self.screen
        screen.sees("enrol")
        screen.fill("enrol.code", self._night.enrolment_code())
        screen.tap("enrol")
        screen.tap("sign_in.begin")
        screen.sees("sign_in.open")
        with screen.page.context.expect_page() as opened:
            screen.tap("sign_in.open")
        self._signs_in(opened.value)
        screen.sees("pin.next")
        self.types_pin()
        screen.tap("pin.next")
        expect(screen.at("pin.typed")).to_have_text(re.compile("^0 "))
        self.types_pin()
        screen.tap("pin.next")
        screen.sees("start.return_check")

    def _signs_in(self, page: Page) -> None:
        user, password = self._night.account("officer")
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in on this handheld").click()
        expect(page.get_by_text("You can go back to the app")).to_be_visible()
        page.close()

    def types_pin(self) -> None:
        """Types the PIN on the pad, watching that each digit counts."""
        for count, digit in enumerate(PIN, 1):
            self.screen.tap(f"digit.{digit}")
            expect(self.screen.at("pin.typed")).to_have_text(re.compile(f"^{count} "))

    def unlocks(self) -> None:
        """Opens the vault with the PIN."""
        self.screen.sees("unlock")
        self.types_pin()
        self.screen.tap("unlock")
        self.screen.sees("start.return_check")

    # -- a check ---------------------------------------------------------------------------------
    def starts_a_return_check(self) -> None:
        """Taps "Child is back"."""
        self.screen.tap("start.return_check")
        self.screen.sees("person.known_as")

    def goes_on_with_the_draft(self) -> None:
        """Opens the one draft on the worklist."""
        self.screen.page.get_by_role("button", name=re.compile("^Go on: ")).click()
        self.screen.sees("pages")

    def writes(self, question: str, text: str) -> None:
        """Fills in a text."""
        self.screen.fill(question, text)

    def chooses(self, *answers_: str) -> None:
        """Taps answers, each until the screen shows it as chosen."""
        for answer in answers_:
            self.screen.tap(answer)
            self.screen.page.locator(
                f'[flt-semantics-identifier="{answer}"]:is([aria-current="true"],[aria-checked="true"]),'
                f'[flt-semantics-identifier="{answer.rpartition(".")[0]}.chosen"]'
            ).first.wait_for(state="attached")

    def opens_page(self, page: str) -> None:
        """Goes to a page through the list of pages."""
        self.screen.tap("pages")
        self.screen.tap(f"open.{page}")
        self.screen.sees("pages")

    def goes_to_the_next_page(self, first_question: str) -> None:
        """Taps the main action, and waits for the first question of the page it leads to."""
        self.screen.tap("next")
        self.screen.sees(first_question)

    def adds_a_place(self, question: str, street: str, town: str) -> None:
        """Types a place that is not known here yet."""
        self.screen.tap(f"{question}.new")
        self.writes("place.street", street)
        self.writes("place.town", town)
        self.screen.tap("done")
        self.screen.sees(f"{question}.new")

    def adds_a_person(self, question: str, known_as: str, surname: str) -> None:
        """Types a person who is not known here yet."""
        self.screen.tap(f"{question}.new")
        self.writes("person.known_as", known_as)
        self.writes("person.surname", surname)
        self.screen.tap("done")
        self.screen.sees(f"{question}.new")

    def picks(self, question: str, words: str) -> None:
        """Takes somebody or some place already typed."""
        self.screen.page.get_by_role("button", name=words).or_(
            self.screen.page.get_by_role("checkbox", name=words)
        ).first.click()

    def reviews(self) -> None:
        """Opens the review with the main action of the last page."""
        self.screen.tap("review")
        self.screen.expect_says("Before you send")

    def looks_what_is_missing(self, *questions: str) -> None:
        """Opens the review from the list of pages and reads what is needed."""
        self.screen.tap("pages")
        self.screen.tap("review")
        self.screen.sees("needed")
        for question in questions:
            expect(
                self.screen.page.get_by_role("button", name=re.compile(f"^{re.escape(question)}")).first
            ).to_be_attached()
        self.screen.tap("back")
        self.screen.sees("pages")

    def sends(self) -> None:
        """Sends, and reads where it is."""
        self.screen.tap("send")
        self.screen.sees("sent.state")

    def reads(self, identifier: str, said: str) -> None:
        """Reads something on the screen, aloud or in print, waiting for it to say so."""
        self.screen.page.wait_for_function(
            """([id, said]) => [...document.querySelectorAll(`[flt-semantics-identifier="${id}"]`)]
                .map(e => `${e.getAttribute('aria-label') || ''} ${e.textContent}`)
                .some(words => new RegExp(said, 's').test(words))""",
            arg=[identifier, said],
            timeout=60_000,
        )

    def says_who_it_is(self) -> None:
        """Page one: the child."""
        self.writes("person.known_as", "Amy")
        self.writes("person.given_names", "Amy Louise")
        self.writes("person.surname", "Brook")
        self.writes("person.dob", "12/03/2011")
        self.chooses("person.sex.F", "person.ethnicity_sde.W1", "ret.returned_before_report.no")
        self.goes_to_the_next_page("ret.found_at.now")

    def says_how_amy_is_back(self) -> None:
        """Page two: when, where, how, and how she is."""
        self.chooses("ret.found_at.now")
        self.adds_a_place("ret.found_place", "14 Saltern Row", "Scarborough")
        self.chooses("ret.found_how.alone", "ret.condition.awake_talking", "pi.injured.no")
        self.chooses("ret.medical_needed.no", "ret.clothing_changed.no")
        self.goes_to_the_next_page("pi.face_to_face.yes")

    def begins_to_write(self, question: str, text: str) -> None:
        """Types a sentence key by key, and stops for just longer than the half second that may be lost."""
        self.chooses("pi.face_to_face.yes", "pi.engaged.yes")
        self.screen.type(question, text)
        self.screen.page.wait_for_timeout(600)

    def writes_down_the_talk(self, words: Words) -> None:
        """Page three: what was asked, what was said, how she seemed."""
        self.chooses("pi.at.now", "pi.seen_alone.yes", "pi.supporting_adult_wanted.no", "pi.bwv.yes")
        self.adds_exact_words(asked=words.asked, said=words.said)
        self.writes("pi.why_left", words.why_left)
        self.says_why_not("pi.where", "refused")
        self.says_why_not("pi.who", "refused")
        self.writes("pi.worries", words.worries)
        self.writes("pi.wants", words.wants)
        self.writes("pi.prevent", words.prevent)
        self.writes("pi.demeanour", words.demeanour)
        self.writes("pi.carer_view", words.carer_view)
        self.goes_to_the_next_page("pi.harm.no")

    def adds_exact_words(self, *, asked: str, said: str, question: str = "pi.child_words") -> None:
        """One thing that was said, with the question before it."""
        self.screen.tap(f"{question}.add")
        self.writes(f"{question}.0.asked", asked)
        self.writes(f"{question}.0.said", said)
        self.chooses(f"{question}.0.at.now")
        self.screen.tap(f"{question}.0.done")
        self.screen.misses(f"{question}.0.done")

    def says_why_not(self, question: str, why: str) -> None:
        """Takes the quiet way out of a question, with the reason."""
        self.screen.tap(f"{question}.gap")
        self.screen.tap(f"{question}.why.{why}")
        self.screen.sees(f"{question}.answer")

    def asks_the_eight_questions(self) -> None:
        """Page four: one tap each, none answered for her."""
        eight = ("harm", "pressured", "debt", "online", "substances", "self_harm_now", "home_afraid")
        self.chooses(*(f"pi.{one}.no" for one in eight), "ret.new_items.no")
        self.goes_to_the_next_page("pi.danger_now.no")

    def closes(self) -> None:
        """Page five: where she is now, who is told, what follows."""
        self.picks("ret.return_place", "14 Saltern Row")
        self.adds_a_person("ret.left_with", "Karen", "Brook")
        self.chooses("pi.danger_now.no", "pi.home_safe.yes", "pi.hbv_fm_fgm.no", "ret.covert.no")
        self.says_why_not("ret.la_informed", "pending")
        self.chooses("ret.parents_informed.told", "pi.other_children.no", "pi.ppn_needed.no")
        self.writes(
            "pi.ppn_needed_because",
            "No harm seen or told; a quarrel about homework, settled on the doorstep.",
        )
        self.chooses("pi.rhi_told.yes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written on page three. Invented, of the length that is really written."""

    asked: str = "Tell me about tonight."
    said: str = (
        "I just needed to be out of the house for a bit. I was with Jade. I came home when I got cold."
    )
    why_left: str = (
        "Amy said the house was loud after tea and she wanted to be with a friend. She walked along the sea "
        "front with Jade and sat in the shelter by the bandstand until it got cold."
    )
    worries: str = "That I will be grounded and not see Jade at the weekend."
    wants: str = "For Mum to ask before she shouts."
    prevent: str = "If I could say I am going out and when I am back, and she just says okay."
    demeanour: str = (
        "Amy sat on the stairs with her coat on. Cheeks red, hands cold, shoes wet. She looked at me when "
        "she spoke and laughed once when the dog came in. She asked twice whether Jade was in trouble."
    )
    carer_view: str = (
        "Her mother said they had argued about homework at about seven. She rang Jade's mother at nine and "
        "the police at ten. She said Amy has not done this before."
    )


@contextmanager
def a_desk(browser: Browser, night: Night, role: str) -> Iterator[Desk]:
    """Somebody at the console, signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(night.said["console"])
        user, password = night.account(role)
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name=re.compile("^Sign in")).click()
        expect(page.get_by_role("heading", name="What arrived")).to_be_visible()
        yield Desk(page)
    finally:
        context.close()


class Desk:
    """What somebody at a desk does in the console, by headings, links and words."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def opens_the_record_of(self, child: str, kind: str) -> None:
        """Opens the newest record of this kind about a child from the list of what arrived."""
        self.page.get_by_role(
            "link", name=re.compile(f"^{re.escape(child)}, {re.escape(kind)}", re.IGNORECASE)
        ).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(child)

    def reads(self, *said: str) -> None:
        """Finds these words on the page."""
        for words in said:
            expect(self.page.get_by_text(words).first).to_be_visible()

    def goes_back(self) -> None:
        """Returns to the list."""
        self.page.go_back()
