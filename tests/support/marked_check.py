"""A return check with a marker in every place where an officer can write something of their own."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.support.markers import Planted
from tests.support.people import Officer

UNSURE = "pi.why_left"
"""The question in whose answer the app is killed."""


class MarkedCheck:
    """Answers page after page the long way: every question that opens a box to write in is opened."""

    def __init__(self, planted: Planted) -> None:
        self.planted = planted
        self.officer: Officer

    # -- one step --------------------------------------------------------------------------------
    def names(self, *questions: str) -> None:
        """Writes a marker alone, as a name or a reference."""
        for question in questions:
            self.officer.writes(question, self.planted.word(question))

    def tells(self, *questions: str) -> None:
        """Writes a sentence with a marker in it."""
        for question in questions:
            self.officer.writes(question, self.planted.sentence(question))

    def finds(self, question: str, words: str, code: str) -> None:
        """Takes a choice out of a list that is searched, once only what fits is left of it."""
        rows = self.officer.screen.page.locator(f'[flt-semantics-identifier^="{question}."]')
        everything = rows.count()
        self.officer.writes(f"{question}.find", words)
        expect(rows).not_to_have_count(everything)
        self.officer.chooses(f"{question}.{code}")

    def gives_no_answer(self, question: str, why: str) -> None:
        """Takes the way out, with a note."""
        self.officer.says_why_not(question, why)
        self.officer.writes(f"{question}.note", self.planted.sentence(f"{question}, not answered"))

    def mentions(self, question: str, *facts: str) -> None:
        """Adds somebody or something to a question, with a marker in each of these facts."""
        self.officer.screen.tap_until(f"{question}.new", self.officer.screen.at(facts[0]))
        for fact in facts:
            self.officer.writes(fact, self.planted.word(f"{question}: {fact}"))
        self.officer.screen.tap("done")
        self.officer.screen.sees(f"{question}.new")

    def adds_words(self, question: str) -> None:
        """Exact words, with the question before them."""
        self.officer.screen.tap_until(f"{question}.add", self.officer.screen.at(f"{question}.0.said"))
        self.tells(f"{question}.0.asked", f"{question}.0.said")
        self.officer.chooses(f"{question}.0.at.now")
        self.officer.screen.tap(f"{question}.0.done")
        self.officer.screen.misses(f"{question}.0.done")

    # -- page after page -------------------------------------------------------------------------
    def child(self) -> None:
        """Page one, with an ethnicity that could not be asked."""
        self.names("person.known_as", "person.given_names", "person.surname")
        self.officer.chooses("person.sex.F")
        self.officer.chooses("person.ethnicity_sde.NS")
        self.officer.chooses("person.ethnicity_sde_not_stated_reason.N3")
        self.tells("person.ethnicity_sde_not_stated_note")
        self.officer.chooses("ret.returned_before_report.no")
        self.officer.goes_to_the_next_page("ret.found_at.now")

    def back(self) -> None:
        """Page two, with injuries and other clothes."""
        self.officer.chooses("ret.found_at.now")
        self.mentions("ret.found_place", "place.building", "place.street", "place.town", "place.postcode")
        self.finds("ret.found_how", "Other", "other")
        self.tells("ret.found_how_other")
        self.officer.chooses("ret.condition.awake_talking", "pi.injured.yes")
        self.tells("pi.physical")
        self.gives_no_answer("pi.body_map", "refused")
        self.officer.chooses("ret.medical_needed.no", "ret.clothing_changed.yes")
        self.tells("ret.clothing_changed_detail")
        self.officer.goes_to_the_next_page("pi.face_to_face.yes")

    def begins_the_talk(self) -> str:
        """Page three as far as a sentence that is being written when the app dies; gives that sentence."""
        self.officer.chooses("pi.face_to_face.yes", "pi.engaged.partly")
        self.tells("pi.not_engaged_detail")
        sentence = self.planted.sentence(UNSURE)
        self.officer.screen.type(UNSURE, sentence)
        self.officer.screen.page.wait_for_timeout(600)
        return sentence

    def talk(self) -> None:
        """The rest of page three."""
        self.officer.chooses("pi.at.now", "pi.seen_alone.no")
        self.tells("pi.seen_alone_because")
        self.officer.chooses("pi.supporting_adult_wanted.yes")
        self.mentions("pi.supporting_adult", "person.known_as", "person.surname")
        self.officer.chooses("pi.bwv.no")
        self.tells("pi.bwv_because")
        self.adds_words("pi.child_words")
        self.gives_no_answer("pi.where", "refused")
        self.mentions("pi.who", "person.known_as", "person.surname")
        self.tells("pi.worries", "pi.wants", "pi.prevent", "pi.demeanour", "pi.carer_view")
        self.officer.goes_to_the_next_page("pi.harm.no")

    def eight_questions(self) -> None:
        """Page four, with a yes to everything."""
        self.officer.chooses("pi.harm.yes")
        self.finds("pi.harm_types", "Threatened", "threats")
        self.tells("pi.harm_detail")
        self.officer.chooses("pi.offence_told.yes")
        self.adds_words("pi.offence")
        self.officer.chooses("pi.pressured.yes", "pi.pressured_acts.other")
        self.tells("pi.pressured_acts_other", "pi.pressured_detail")
        self.officer.chooses("pi.debt.yes")
        self.tells("pi.debt_detail")
        self.officer.chooses("pi.online.yes")
        self.tells("pi.online_detail")
        self.officer.chooses("pi.evidence_advice.not_given")
        self.tells("pi.evidence_advice_because")
        self.officer.chooses("pi.substances.yes")
        self.tells("pi.substances_detail")
        self.officer.chooses("pi.self_harm_now.yes")
        self.tells("pi.self_harm_detail")
        self.officer.chooses("pi.home_afraid.yes")
        self.tells("pi.home_afraid_detail")
        self.officer.chooses("ret.new_items.yes")
        self.mentions("ret.items", "object.description", "object.identifier")
        self.tells("ret.items_from")
        self.officer.goes_to_the_next_page("pi.danger_now.no")

    def close(self) -> None:
        """Page five: nobody must know, and nothing has been done yet, which takes a reason."""
        self.mentions("ret.left_with", "person.known_as", "person.surname")
        self.officer.chooses("pi.danger_now.yes")
        self.tells("pi.danger_now_detail")
        self.officer.chooses("pi.home_safe.with_plan")
        self.tells("pi.home_safe_because")
        self.finds("pi.immediate_action", "None", "none_because")
        self.tells("pi.immediate_action_detail")
        self.calls_the_council()
        self.officer.chooses("pi.hbv_fm_fgm.no", "ret.covert.yes")
        self.tells("ret.handling")
        self.officer.chooses("ret.parents_informed.not_told")
        self.tells("ret.parents_informed_because")
        self.officer.chooses("pi.other_children.yes")
        self.mentions("pi.other_children_who", "person.known_as", "person.surname")
        self.officer.chooses("pi.ppn_needed.yes")
        self.tells("pi.ppn_needed_because")
        self.officer.chooses("pi.rhi_told.yes")

    def calls_the_council(self) -> None:
        """One row of who was told."""
        row = "ret.la_informed.0"
        self.officer.screen.tap_until("ret.la_informed.add", self.officer.screen.at(f"{row}.with.find"))
        self.finds(f"{row}.with", "Emergency duty team, North", "edt_north_yorkshire")
        self.officer.screen.tap_until(f"{row}.more", self.officer.screen.at(f"{row}.person"))
        self.names(f"{row}.person", f"{row}.phone")
        self.officer.chooses(f"{row}.at.now")
        self.tells(f"{row}.told", f"{row}.response")
        self.officer.chooses(f"{row}.outcome.accepted")
        self.names(f"{row}.reference")
        self.officer.screen.tap(f"{row}.done")
        self.officer.screen.misses(f"{row}.done")

    def later(self) -> None:
        """Some of what can wait, and the reason that a rule asked for."""
        self.officer.opens_page("later")
        self.tells("person.first_language", "pi.appearance", "pi.what_did", "pi.provided_for")
        self.officer.opens_page("eight")
        self.tells("pi.self_harm_now.line.R-12b:pi.self_harm_now.reason")

    def sends_at_once(self) -> None:
        """Leaves out where the child is now, and says why it cannot wait for that."""
        self.officer.opens_page("close")
        self.officer.reviews()
        self.officer.screen.tap("emergency")
        self.tells("emergency.reason")
        self.officer.screen.tap("emergency.send")
        self.officer.screen.sees("sent.state")
