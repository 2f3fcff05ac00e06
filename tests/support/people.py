"""What people on handhelds do, in their own words, by what is on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import Phone, phone
from tests.support.night import THE_PHONE, Night

PIN = "271828"


@contextmanager
def a_phone(browser: Browser, night: Night, device: str = THE_PHONE) -> Iterator[Officer]:
    """The handheld in an officer's hand."""
    with phone(browser, night.urls[device]) as screen, pictured(screen, night, device):
        yield Officer(screen, night, device)


@contextmanager
def pictured(screen: Phone, night: Night, device: str) -> Iterator[None]:
    """Whatever goes wrong, a picture says what the person saw."""
    try:
        yield
    except BaseException:
        screen.page.screenshot(path=night.folder / f"went-wrong-on-the-{device}.png")
        raise


class Person:
    """Somebody with a handheld: sets it up, unlocks it, taps, types and reads."""

    role = "officer"
    home = "start.return_check"

    def __init__(self, screen: Phone, night: Night, device: str = THE_PHONE, number: int = 0) -> None:
        self.screen = screen
        self._night = night
        self._device = device
        self._number = number

    # -- the handheld ----------------------------------------------------------------------------
    def sets_up_the_handheld(self) -> None:
        """Types the enrolment code, signs in on the force's page, and chooses a PIN."""
        screen = self.screen
        screen.sees("enrol")
        screen.fill("enrol.code", self._night.enrolment_code(self._device))
        screen.tap("enrol")
        self.signs_in_and_chooses_a_pin()

    def signs_in_and_chooses_a_pin(self) -> None:
        """Signs in on the force's page, and makes a vault of their own."""
        screen = self.screen
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
        screen.sees(self.home)

    def _signs_in(self, page: Page) -> None:
        user, password = self._night.account(self.role, self._number)
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in on this device").click()
        expect(page.get_by_text("You can go back to the app")).to_be_visible()
        page.close()

    def types_pin(self, pin: str = PIN) -> None:
        """Types the PIN on the pad, watching that each digit counts."""
        for count, digit in enumerate(pin, 1):
            self.screen.tap(f"digit.{digit}")
            expect(self.screen.at("pin.typed")).to_have_text(re.compile(f"^{count} "))

    def goes_off_shift(self) -> None:
        """Signs out, which locks the handheld."""
        self.screen.tap("menu")
        self.screen.tap("sign_out")
        self.screen.sees("unlock")

    def is_given_the_handheld(self) -> None:
        """Signs in on a handheld that somebody else has used."""
        self.screen.tap("somebody_else")
        self.signs_in_and_chooses_a_pin()

    def unlocks(self) -> None:
        """Opens the vault with the PIN."""
        self.screen.sees("unlock")
        self.types_pin()
        self.screen.tap("unlock")
        self.screen.sees(self.home)

    def writes(self, question: str, text: str) -> None:
        """Fills in a text."""
        self.screen.fill(question, text)

    def chooses(self, *answers_: str) -> None:
        """Taps answers, each until the screen shows it as chosen. What is chosen already is left alone.

        A long list folds into the one that was chosen: that it is the one that was meant is read from it.
        """
        for answer in answers_:
            meant = self.screen.at(answer)
            folded = self.screen.at(f"{answer.rpartition('.')[0]}.chosen")
            chosen = self.screen.page.locator(
                f'[flt-semantics-identifier="{answer}"]:is([aria-current="true"],[aria-checked="true"])'
            )
            meant.or_(folded).first.wait_for(state="attached")
            if chosen.or_(folded).count():
                continue
            words = meant.get_attribute("aria-label") or meant.inner_text()
            self.screen.tap_until(answer, chosen.or_(folded).first)
            if folded.count():
                assert words, f"{answer} says nothing"
                expect(folded).to_contain_text(words)

    def picks(self, question: str, words: str) -> None:
        """Takes somebody or some place already typed."""
        page = self.screen.page
        self.screen.touch(
            page.get_by_role("button", name=words).or_(page.get_by_role("checkbox", name=words)).first
        )

    def sends(self) -> None:
        """Sends, and reads where it is."""
        self.screen.tap("send")
        self.screen.sees("sent.state")

    def reads(self, identifier: str, said: str) -> None:
        """Reads something on the screen, aloud or in print, waiting for it to say so."""
        self.screen.expect_reads(identifier, said)

    def waits_for(self, wanted: Locator) -> None:
        """Until it stands on the list: what comes while the list is looked at is shown at one touch."""
        new = self.screen.at("show_new").first
        while True:
            wanted.or_(new).first.wait_for(state="attached", timeout=60_000)
            if wanted.count():
                return
            self.screen.tap("show_new")
            new.wait_for(state="detached")


class Officer(Person):
    """A constable at the door, or back in the car."""

    def goes_home(self) -> None:
        """Back to the worklist from what was sent."""
        self.screen.tap("home")
        self.screen.sees(self.home)

    def opens_what_was_sent(self, said: str) -> None:
        """Opens something on the worklist that was sent, by what its row says."""
        row = self.screen.page.get_by_role("button", name=re.compile(said)).first
        row.wait_for(state="attached")
        self.screen.tap(row.get_attribute("flt-semantics-identifier") or "")
        self.screen.sees("sent.state")

    def opens_what_was_sent_back(self) -> None:
        """Waits until a card says that a sergeant asks, and opens it."""
        card = self.screen.page.locator('[flt-semantics-identifier^="returned."]').first
        self.waits_for(card)
        self.screen.tap(card.get_attribute("flt-semantics-identifier") or "")
        self.screen.sees("asked.here")

    def sees_what_was_sent_back(self, *said: str) -> None:
        """Waits until a card says that a sergeant asks, and by when the answer is wanted."""
        self.waits_for(self.screen.page.locator('[flt-semantics-identifier^="returned."]').first)
        for words in said:
            self.screen.expect_says(re.compile(words))

    def takes_over_what_was_sent_back(self, author: str) -> None:
        """Waits until a card says that a colleague is off shift, reads by when, and takes it over."""
        self.waits_for(self.screen.at("take_over").first)
        self.screen.expect_says(f"{author} is off shift. Whoever takes this over signs what comes next.")
        self.screen.expect_says(re.compile(r"Answer by \d\d:\d\d"))
        self.screen.tap("take_over")
        self.screen.sees("asked.here")

    def adds_to_what_was_sent(self, *answers_: str) -> None:
        """Opens what was sent from the worklist, answers what is known by now, and sends it again."""
        way = self.screen.page.locator('[flt-semantics-identifier^="add."]').first
        way.wait_for(state="attached")
        self.screen.tap(way.get_attribute("flt-semantics-identifier") or "")
        self.screen.sees("adding")
        self.chooses(*answers_)
        self.reviews()
        self.reads("send", "still wanted, and can follow")
        self.sends()

    def reviews_from_the_pages(self) -> None:
        """Opens the review from the list of pages."""
        self.lists_the_pages()
        self.reviews()

    def lists_the_pages(self) -> None:
        """Opens the list, and waits for it: the last page has a way to the review of its own."""
        self.screen.tap_until("pages", self.screen.page.locator('[flt-semantics-identifier^="open."]').first)

    def starts_a_return_check(self) -> None:
        """Taps "Child is back"."""
        self.screen.tap("start.return_check")
        self.screen.sees("person.known_as")

    def goes_on_with_the_draft(self) -> None:
        """Opens the one draft on the worklist."""
        self.screen.tap_named(re.compile("^Go on: "))
        self.screen.sees("pages")

    def opens_page(self, page: str) -> None:
        """Goes to a page through the list of pages."""
        self.lists_the_pages()
        self.screen.tap(f"open.{page}")
        self.screen.sees("pages")

    def goes_to_the_next_page(self, first_question: str) -> None:
        """Taps the main action, and waits for the first question of the page it leads to."""
        self.screen.tap("next")
        self.screen.sees(first_question)

    def adds_a_place(self, question: str, street: str, town: str) -> None:
        """Types a place that is not known here yet."""
        self.screen.tap_until(f"{question}.new", self.screen.at("place.street"))
        self.writes("place.street", street)
        self.writes("place.town", town)
        self.screen.tap("done")
        self.screen.sees(f"{question}.new")

    def adds_a_person(self, question: str, known_as: str, surname: str) -> None:
        """Types a person who is not known here yet."""
        self.screen.tap_until(f"{question}.new", self.screen.at("person.known_as"))
        self.writes("person.known_as", known_as)
        self.writes("person.surname", surname)
        self.comes_back_with(question, known_as)

    def comes_back_with(self, question: str, name: str) -> None:
        """Closes somebody who was typed, and waits until the page is back with that name on it.

        Until then the page grows under the hand, and a touch would meet something else.
        """
        self.screen.tap("done")
        self.screen.misses("done")
        self.screen.sees(f"{question}.new")
        row = self.screen.page.get_by_role("checkbox", name=name)
        row.or_(self.screen.page.get_by_role("button", name=name)).first.wait_for(state="attached")

    def reviews(self) -> None:
        """Opens the review, and waits for what it ends with: to send, or to answer what is needed first."""
        self.screen.tap_until("review", self.screen.at("send").or_(self.screen.at("needed")).first)

    def looks_what_is_missing(self, *questions: str) -> None:
        """Opens the review from the list of pages and reads what is needed."""
        self.lists_the_pages()
        self.reviews()
        self.screen.sees("needed")
        for question in questions:
            expect(
                self.screen.page.get_by_role("button", name=re.compile(f"^{re.escape(question)}")).first
            ).to_be_attached()
        self.screen.tap("back")
        self.screen.sees("pages")

    def says_who_it_is(self, child: Child | None = None, *, ethnicity: str = "W1") -> None:
        """Page one: the child."""
        who = child or AMY
        self.writes("person.known_as", who.known_as)
        self.writes("person.given_names", who.given_names)
        self.writes("person.surname", who.surname)
        self.writes("person.dob", who.born)
        self.chooses("person.sex.F", f"person.ethnicity_sde.{ethnicity}", "ret.returned_before_report.no")
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
        self.screen.tap_until(f"{question}.add", self.screen.at(f"{question}.0.said"))
        self.writes(f"{question}.0.asked", asked)
        self.writes(f"{question}.0.said", said)
        self.chooses(f"{question}.0.at.now")
        self.screen.tap(f"{question}.0.done")
        self.screen.misses(f"{question}.0.done")

    def says_why_not(self, question: str, why: str) -> None:
        """Takes the quiet way out of a question, with the reason."""
        self.screen.tap_until(f"{question}.gap", self.screen.at(f"{question}.why.{why}"))
        self.screen.tap_until(f"{question}.why.{why}", self.screen.at(f"{question}.answer"))

    def asks_the_eight_questions(self, *, home_afraid: str = "") -> None:
        """Page four: one tap each, none answered for her. ``home_afraid`` is what she says of home."""
        seven = ("harm", "pressured", "debt", "online", "substances", "self_harm_now")
        self.chooses(*(f"pi.{one}.no" for one in seven))
        self.chooses(f"pi.home_afraid.{'yes' if home_afraid else 'no'}")
        if home_afraid:
            self.writes("pi.home_afraid_detail", home_afraid)
            self.chooses("pi.offence_told.no")
        self.chooses("ret.new_items.no")
        self.goes_to_the_next_page("pi.danger_now.no")

    def closes(self, *, ppn: bool = False) -> None:
        """Page five: where she is now, who is told, what follows."""
        self.picks("ret.return_place", "14 Saltern Row")
        self.adds_a_person("ret.left_with", "Karen", "Brook")
        self.chooses("pi.danger_now.no", "pi.home_safe.yes", "pi.hbv_fm_fgm.no", "ret.covert.no")
        self.says_why_not("ret.la_informed", "pending")
        self.chooses(f"ret.parents_informed.{'not_told' if ppn else 'told'}", "pi.other_children.no")
        if ppn:
            self.writes(
                "pi.home_safe_because", "He is out until Thursday, and she sleeps at her aunt's till then."
            )
            self.writes("ret.parents_informed_because", "She is afraid of him; the duty team decides first.")
            self.chooses("pi.immediate_action.safety_plan")
            self.writes("pi.immediate_action_detail", "Her aunt Rosa collects her at 22:15.")
        self.chooses(f"pi.ppn_needed.{'yes' if ppn else 'no'}")
        if not ppn:
            self.writes(
                "pi.ppn_needed_because",
                "Asked alone about harm, debt, people and home: no to each. Unhurt; a row over homework.",
            )
        self.chooses("pi.rhi_told.yes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """Who the check is about. ``born`` is typed as officers type it."""

    known_as: str
    given_names: str
    surname: str
    born: str


AMY = Child(known_as="Amy", given_names="Amy Louise", surname="Brook", born="12/03/2011")


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

    def about(self, name: str, other: str) -> Words:
        """The same night, told of another child."""
        return Words(**{one: words.replace(name, other) for one, words in asdict(self).items()})
