"""How an officer writes a PPN that a return check has begun: five pages of what could be seen and heard."""

from __future__ import annotations

import re

from tests.support.people import Officer

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


class Notice(Officer):
    """The same officer, with a PPN in hand."""

    def goes_on_with_the_notice(self) -> None:
        """Opens the PPN that waits among the drafts."""
        self.screen.page.get_by_role("button", name=re.compile("^Go on: ")).first.click()
        self.screen.sees("pages")

    def writes_what_could_be_seen(self) -> None:
        """The five letters, and what came before them."""
        self.opens_page("happened")
        self.chooses("ppn.child_present.yes", "ppn.child_seen.yes")
        self.chooses("ppn.child_spoken_to.yes", "ppn.seen_alone.yes")
        self.opens_page("appearance")
        self.writes("ppn.aware_appearance", APPEARANCE)
        self.chooses("ppn.injured.no")
        self.opens_page("activity")
        self.writes("ppn.aware_activity", ACTIVITY)
        self.opens_page("relationships")
        self.writes("ppn.aware_relationships", RELATIONSHIPS)
        self.opens_page("environment")
        self.writes("ppn.aware_environment", ENVIRONMENT)

    def says_what_worries(self) -> None:
        """Her day, what protects, other children, danger, family, council."""
        self.opens_page("day")
        self.writes("ppn.impact", IMPACT)
        self.writes("ppn.strengths", STRENGTHS)
        self.chooses("ppn.concerns.physical")
        self.writes("ppn.concerns_detail", CONCERN)
        self.says_why_not("ppn.indicators", "not_known")
        self.chooses("ppn.online_abuse.no", "ppn.da.no", "ppn.hbv_fm_fgm_traff.no")
        self.opens_page("others")
        self.chooses("ppn.other_children.no")
        self.writes("ppn.other_children_asked", "Tess and her mother, apart: no other children.")
        self.chooses("ppn.suspect_known.no", "ppn.operation_pending.no")
        self.opens_page("safe")
        self.chooses("ppn.immediate_danger.no")
        self.chooses("ppn.risk_opinion.significant_harm")
        self.writes("ppn.risk_opinion_because", RISK)
        self.chooses("ppn.covert.no", "ppn.family_told.told", "ppn.requested.strategy_now")
        self.says_why_not("ppn.agencies_now", "pending")
        self.chooses("ppn.support_given.childline")
        self.opens_page("close")
        self.chooses("ppn.bwv_reviewed.yes", "ppn.changes_risk.no")
