"""How an officer writes a PPN that a return check has begun: five pages of what could be seen and heard.

Around them stands what must not fall through: every other child, whom nobody may tell, what to keep.
"""

from __future__ import annotations

import re

from tests.support.people import Officer, Words

APPEARANCE = (
    "School shirt, no coat, wet left sleeve. Yellow and blue bruise, about 3 cm, above the right elbow. "
    "Shivered, pulled the sleeve down when her stepfather came in."
)
ACTIVITY = (
    "01:40: sat on the stairs with her bag on her knees. Stood up and stopped talking when he came in."
)
RELATIONSHIPS = (
    "Tess looked at her stepfather before each answer. He answered for her twice. With him outside she "
    "talked to me for ten minutes and asked: is he still there?"
)
ENVIRONMENT = "Saw hall, kitchen and her room. Bed made, heating on, food in the fridge. Not the front room."
IMPACT = "Tess says she stays out until he is asleep, about three nights a week, and is tired at school."
STRENGTHS = "Her aunt Rosa lives four streets away; Tess has a key and rang her tonight."
CONCERN = "He holds her arm and shouts when the dishes are not done; the bruise is from Tuesday, she says."
RISK = "A bruise with her own account of how it came about, and he lives in the house."

ONLINE = "An account she knows as dean.x asked her twice for pictures, and where she sleeps tonight."
ADVISED = "Tess, with nobody else in the room"
NO_PPN_FOR_OLLIE = (
    "Ollie, 17, lives with his father in Leeds and was last here in August: his sister says so."
)
COVERT_BECAUSE = "He said she would be sorry if anyone came. Holds until the council has spoken with her."
NOT_TOLD = "Her mother tells him everything, Tess says; a specialist decides who is told what."


class Notice(Officer):
    """The same officer, with a PPN in hand."""

    def would_rather_write_no_ppn(self, because: str) -> None:
        """Says at the door that none is needed."""
        self.chooses("pi.ppn_needed.no")
        self.writes("pi.ppn_needed_because", because)

    def is_held_to(self, *says: str) -> None:
        """The review says what has to be put right before anything goes."""
        self.reviews_from_the_pages()
        self.screen.sees("needed")
        for words in says:
            self.screen.expect_says(words)
        self.screen.tap("back")
        self.screen.sees("pages")

    def begins_the_notice_that_is_asked_for(self, child: str) -> None:
        """Taps the main action of the check that was sent: it says that a PPN is to be written."""
        self.screen.expect_says(re.compile(rf"PPN for {child}.*\d+ of \d+ answers already there", re.S))
        self.reads("ppn.next", f"Write the PPN for {child}")
        self.screen.tap("ppn.next")
        self.screen.sees("pages")

    def goes_on_with_the_notice(self) -> None:
        """Opens the PPN that waits among the drafts."""
        self.screen.touch(self.screen.page.get_by_role("button", name=re.compile("^Go on: ")).first)
        self.screen.sees("pages")

    def finds_what_the_check_knew(self, surname: str) -> None:
        """Nobody types a name twice, and the child's own words are there as they were said."""
        self.opens_page("child")
        self.screen.expect_value("person.surname", surname)
        self.opens_page("words")
        self.screen.expect_says(Words().said)

    def says_what_happened(self) -> None:
        """Whether the child was there, seen, and heard alone."""
        self.opens_page("happened")
        self.chooses("ppn.child_present.yes", "ppn.child_seen.yes")
        self.chooses("ppn.child_spoken_to.yes", "ppn.seen_alone.yes")

    def writes_what_could_be_seen(self) -> None:
        """The five letters, each on a page of its own that says what good looks like, then all five."""
        self.says_what_happened()
        self.goes_to_the_next_page("ppn.aware_appearance")
        self.screen.tap("aware.good")
        self.screen.expect_says("Round red mark, 1 cm, on right wrist")
        self.writes("ppn.aware_appearance", APPEARANCE)
        self.chooses("ppn.injured.yes", "ppn.body_map.right_upper_arm")
        self.goes_to_the_next_page("ppn.aware_words.add")
        self.goes_to_the_next_page("ppn.aware_activity")
        self.writes("ppn.aware_activity", ACTIVITY)
        self.goes_to_the_next_page("ppn.aware_relationships")
        self.writes("ppn.aware_relationships", RELATIONSHIPS)
        self.goes_to_the_next_page("ppn.aware_environment")
        self.writes("ppn.aware_environment", ENVIRONMENT)
        self.goes_to_the_next_page("aware.E.state")
        for letter in ("A", "W", "A2", "R", "E"):
            self.reads(f"aware.{letter}.state", r"\d+ words|Exact words, once")
        self.goes_to_the_next_page("ppn.impact")

    def says_what_worries(self) -> None:
        """Her day and what protects her, how to keep what is online, and what the council is asked."""
        self.tells_of_her_day()
        self.opens_page("others")
        self.names_the_other_children()
        self.chooses("ppn.suspect_known.no", "ppn.operation_pending.no")
        self.opens_page("safe")
        self.chooses("ppn.immediate_danger.no")
        self.chooses("ppn.risk_opinion.significant_harm")
        self.writes("ppn.risk_opinion_because", RISK)
        self.says_who_must_not_know()
        self.chooses("ppn.requested.strategy_now")
        self.says_why_not("ppn.agencies_now", "pending")
        self.chooses("ppn.support_given.childline")
        self.opens_page("close")
        self.chooses("ppn.bwv_reviewed.yes", "ppn.changes_risk.no")

    def tells_of_her_day(self) -> None:
        """What it is like for the child; somebody asks for pictures, and what to keep has been said."""
        self.opens_page("day")
        self.writes("ppn.impact", IMPACT)
        self.writes("ppn.strengths", STRENGTHS)
        self.chooses("ppn.concerns.physical")
        self.writes("ppn.concerns_detail", CONCERN)
        self.says_why_not("ppn.indicators", "not_known")
        self.chooses("ppn.online_abuse.yes")
        self.screen.expect_says("Delete nothing, copy nothing")
        self.writes("ppn.online_detail", ONLINE)
        self.chooses("ppn.evidence_advice.given")
        self.writes("ppn.evidence_advice_to", ADVISED)
        self.chooses("ppn.da.no", "ppn.hbv_fm_fgm_traff.no")

    def names_the_other_children(self) -> None:
        """Two more children: for one it is said why there is no PPN, for the other nothing yet."""
        self.chooses("ppn.other_children.yes")
        self.names_another_child("Ollie", decided="no_ppn")
        self.names_another_child("Mia")

    def names_another_child(self, known_as: str, *, decided: str = "") -> None:
        """Types a child who is not known here yet, and what is decided about that child."""
        self.screen.tap_until("ppn.other_children_who.new", self.screen.at("person.known_as"))
        self.writes("person.known_as", known_as)
        self.writes("person.surname", "Marlow")
        self.chooses("person.ethnicity_sde.W1")
        if decided:
            self.chooses(f"person.ppn_decision.{decided}")
            self.writes("person.ppn_decision_because", NO_PPN_FOR_OLLIE)
        self.comes_back_with("ppn.other_children_who", known_as)

    def decides_on_every_other_child(self) -> None:
        """The review holds the PPN until each child is decided on: Mia gets one too."""
        self.reviews_from_the_pages()
        self.screen.sees("needed")
        self.screen.tap_named(re.compile("^Mia Marlow: PPN for this child"))
        self.chooses("person.ppn_decision.ppn_done")
        self.screen.tap("done")

    def says_who_must_not_know(self) -> None:
        """The covert flag: who, why, and that the family is told nothing yet."""
        self.chooses("ppn.covert.yes")
        self.adds_a_person("ppn.do_not_disclose_who", "Dean", "Hollis")
        self.writes("ppn.do_not_disclose", COVERT_BECAUSE)
        self.screen.expect_says("Tell family nothing yet, and ring no family number")
        self.chooses("ppn.family_told.not_told")
        self.writes("ppn.family_told_because", NOT_TOLD)
