"""The way back: somebody else decides, the officer hears of it, and only then it goes to partners.

Two handhelds, a server, and another system behind TLS, each a process or a thread with a socket of its
own. The line goes dead at the moments that hurt: after the server has stored and before the receipt,
during the decision, and while a delivery is answered; the tablet dies with a decision on it.

The council's system is really gone, is seen to be, and comes back; everybody waits as long as the server
waits by itself, for no setting moves its clock. That an hour of it heals as well is shown where a clock can
be moved: ``test_an_hours_outage_shows_and_heals_by_itself`` in ``tests/sync_server/forwarding``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser
from sqlalchemy import NullPool, create_engine, text

from house.postgres import a_postgresql
from tests.support.cutting import Line, a_line
from tests.support.desk import a_desk
from tests.support.kept import Kept
from tests.support.night import THE_PHONE, THE_TABLET, Night, a_night
from tests.support.noticing import ADVISED, APPEARANCE, COVERT_BECAUSE, NO_PPN_FOR_OLLIE, NOT_TOLD, Notice
from tests.support.other_system import OtherSystem, a_system
from tests.support.people import Child, Words, a_phone
from tests.support.sergeant import Sergeant, a_tablet

pytestmark = pytest.mark.journey

TESS = Child(known_as="Tess", given_names="Tess Maria", surname="Marlow", born="02/05/2011")
SUBMIT = "POST /v1/submissions", "POST /v1/batch"
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
ASKED_OF_NOTICE = "Who was in the front room, and did Tess go in there?"
BETTER_ENVIRONMENT = (
    "Hall, kitchen and her room as PC Wells saw them. I rang her mother at 22:40: only the stepfather was "
    "in the front room, and Tess does not go in when he is there."
)
NOTICE_RATIONALE = (
    "Bruise above the right elbow and Tess's own account of Tuesday; her stepfather lives there. Aunt Rosa "
    "has her tonight."
)
TOO_EARLY = (
    "Tess was seen alone and her words are in; the aunt is the safe place, and the PPN follows tonight."
)
COUNCIL = "Referral to North Yorkshire council"
PASSED = "Bruise and her own words about Tuesday, stepfather in the house: strategy discussion today."


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty PostgreSQL database, or nothing for a file in the server's folder."""
    if request.param == "sqlite":
        yield ""
        return
    with a_postgresql(durable=True) as url:
        name = f"night_{uuid4().hex}"
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield engine.url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def line() -> Iterator[Line]:
    """What lies between the handhelds and the server."""
    with a_line() as found:
        yield found


@pytest.fixture
def partner(tmp_path: Path) -> Iterator[OtherSystem]:
    """The council's system, behind TLS with an authority of its own."""
    with a_system(tmp_path / "partner") as found:
        yield found


@pytest.fixture
def night(tmp_path: Path, line: Line, partner: OtherSystem, database: str) -> Iterator[Night]:
    """A phone, a tablet, and a server that delivers to partners over HTTPS."""
    targets = tmp_path / "targets.toml"
    targets.write_text(
        f'[north_yorkshire.partner]\nurl = "{partner.url}"\n'
        f'ca_file = "{os.path.relpath(partner.authority, tmp_path)}"\n',
        encoding="utf-8",
    )
    more = {"HOMEWARD_TARGETS": str(targets), "HOMEWARD_DATABASE_URL": database}
    with a_night(tmp_path, devices=(THE_PHONE, THE_TABLET), server=more, line=line) as found:
        yield found


@pytest.mark.timeout(600)
def test_what_a_sergeant_asks_is_put_right_and_only_then_it_goes_to_partners(
    night: Night, line: Line, partner: OtherSystem, database: str, browser: Browser
) -> None:
    """Sent back, corrected, approved without signal; the PPN by way of the team that assesses it."""
    kept = Kept(night.server_folder, database)
    with a_tablet(browser, night) as sergeant, a_phone(browser, night) as phone:
        officer = Notice(phone.screen, night)
        officer.sets_up_the_handheld()
        sergeant.sets_up_the_handheld()
        before = kept.last_seq()
        the_check_goes_out(officer, line)
        it_is_sent_back_and_corrected(sergeant, officer)
        an_approval_is_void_once_the_record_has_moved_on(sergeant, officer, night)
        it_is_approved_without_signal(sergeant, night, line)
        officer.reads("sent.state", "Approved")
        the_notice_goes_out(officer)
        its_author_goes_off_shift_with_a_question_open(sergeant, officer)
        a_colleague_answers_for_it(sergeant, Notice(phone.screen, night, number=1))
        the_notice_is_approved(sergeant, line)
    assert line.cuts == 3
    assert_each_arrived_once(kept, before)
    the_team_passes_it_on(night, partner, kept, browser)
    assert_it_can_all_be_read(night, browser)


def the_check_goes_out(officer: Notice, line: Line) -> None:
    """A check that tells of harm, so a PPN is asked for; its receipt comes with the second try."""
    officer.starts_a_return_check()
    officer.says_who_it_is(TESS, ethnicity="NS")
    officer.says_how_amy_is_back()
    officer.chooses("pi.face_to_face.yes", "pi.engaged.yes")
    officer.writes_down_the_talk(Words(carer_view=FIRST_CARER).about("Amy", "Tess"))
    officer.asks_the_eight_questions(home_afraid="She says he shouts and holds her arm.")
    officer.closes(ppn=True)
    officer.would_rather_write_no_ppn("Nothing more.")
    officer.is_held_to("Why not stated?", "What you wrote points to harm. Without a PPN, say in full why")
    officer.opens_page("child")
    officer.chooses("person.ethnicity_sde_not_stated_reason.N1")
    officer.opens_page("close")
    officer.chooses("pi.ppn_needed.yes")
    officer.writes("pi.ppn_needed_because", "Her own words about Tuesday, and he lives there.")
    officer.reviews_from_the_pages()
    line.lose_the_next_answer(*SUBMIT)
    officer.sends()
    officer.reads("sent.state", r"Received \d\d:\d\d")


def it_is_sent_back_and_corrected(sergeant: Sergeant, officer: Notice) -> None:
    """The question stands above the very answer it is about, and what changed is seen beside it."""
    sergeant.sees_arrive("Tess Marlow")
    # Danger, the sooner due first; harm; exploitation; nothing seen, although that is due before it.
    sergeant.sees_in_order("Amy Brook", "Cal Dunn", "Tess Marlow", "Noor Haddad", "Josh Ames")
    sergeant.opens_the_case_of("Tess Marlow")
    sergeant.reads_on_the_page("things to look at", "Jade is named here but not recorded as a person.")
    sergeant.asks_about("pi.carer_view", ASKED)
    sergeant.sends_it_back(reason="words_missing", due=0, words=PUT_RIGHT)
    officer.goes_home()
    officer.sees_what_was_sent_back(r"Answer by \d\d:\d\d", re.escape(PUT_RIGHT))
    officer.opens_what_was_sent_back()
    officer.reads("pi.carer_view.remark", re.escape(ASKED))
    officer.writes("pi.carer_view", BETTER_CARER)
    officer.reviews_from_the_pages()
    officer.sends()
    officer.reads("sent.state", r"Received \d\d:\d\d · Revision 2")
    sergeant.reads_the_correction("pi.carer_view")
    sergeant.reads("changed.pi.carer_view", re.escape(FIRST_CARER))


def an_approval_is_void_once_the_record_has_moved_on(
    sergeant: Sergeant, officer: Notice, night: Night
) -> None:
    """Approved without signal; the tablet dies, and before it is back the officer has sent revision 3."""
    sergeant.begins_to_approve()
    sergeant.approves("Noted.", "She is with her aunt.")
    sergeant.is_refused("sup.rationale", "could stand under any record")
    night.stop_server()
    sergeant.approves(TOO_EARLY, "The PPN of tonight carries what has to be done for Tess.")
    sergeant.reads("decided.state", "waiting for signal")
    sergeant.loses_the_tablet()
    night.start_server()
    officer.goes_home()
    officer.adds_to_what_was_sent("person.interpreter_needed.no")
    officer.reads("sent.state", r"Received \d\d:\d\d · Revision 3")
    sergeant.finds_the_tablet_again("Tess Marlow")
    sergeant.opens_the_case_of("Tess Marlow")
    sergeant.reads("undone", "Not counted: PC Wells had sent a newer version at")


def it_is_approved_without_signal(sergeant: Sergeant, night: Night, line: Line) -> None:
    """What was read anew is approved: it waits on the tablet, and the answer to it is lost once."""
    sergeant.begins_to_approve()
    night.stop_server()
    sergeant.approves(RATIONALE, "The PPN of tonight carries what has to be done for Tess.")
    sergeant.reads("decided.state", "waiting for signal")
    line.lose_the_next_answer(*SUBMIT)
    night.start_server()
    sergeant.reads("decided.state", "Approved")


def the_notice_goes_out(officer: Notice) -> None:
    """The PPN that was asked for, begun with what the check knew; no other child falls through."""
    officer.begins_the_notice_that_is_asked_for("Tess")
    officer.finds_what_the_check_knew("Marlow")
    officer.writes_what_could_be_seen()
    officer.says_what_worries()
    officer.decides_on_every_other_child()
    officer.reviews_from_the_pages()
    officer.sends()
    officer.reads("sent.state", r"Received \d\d:\d\d")
    officer.screen.expect_says(re.compile(r"PPN for Mia"))
    officer.reads("ring", "duty team")  # the danger comes first, until somebody there has it in hand


def its_author_goes_off_shift_with_a_question_open(sergeant: Sergeant, officer: Notice) -> None:
    """The question has reached its author's phone, with its clock, when the shift ends."""
    sergeant.goes_back_to_the_queue()
    sergeant.sees_arrive("Tess Marlow", "PPN")
    sergeant.opens_the_case_of("Tess Marlow", "PPN")
    sergeant.reads("covert", "Covert")
    sergeant.reads_on_the_page(NO_PPN_FOR_OLLIE, COVERT_BECAUSE, ADVISED, "told about?: Childline")
    sergeant.asks_about("ppn.aware_environment", ASKED_OF_NOTICE)
    sergeant.sends_it_back(
        reason="section_empty", due=0, words="The front room is not in it: who was there?"
    )
    sergeant.reads("decided.state", "Sent back")
    officer.goes_home()
    officer.sees_what_was_sent_back(r"Answer by \d\d:\d\d")
    officer.goes_off_shift()


def a_colleague_answers_for_it(sergeant: Sergeant, colleague: Notice) -> None:
    """It is offered to the unit: a second officer, in a vault of their own, signs what comes next."""
    colleague.is_given_the_handheld()
    colleague.takes_over_what_was_sent_back("PC Wells")
    colleague.reads("ppn.aware_environment.remark", re.escape(ASKED_OF_NOTICE))
    colleague.writes("ppn.aware_environment", BETTER_ENVIRONMENT)
    colleague.reviews_from_the_pages()
    colleague.sends()
    colleague.reads("sent.state", r"Received \d\d:\d\d · Revision 2")
    sergeant.reads_the_correction("ppn.aware_environment")


def the_notice_is_approved(sergeant: Sergeant, line: Line) -> None:
    """The line goes dead in the middle of the decision, and it goes again."""
    sergeant.begins_to_approve(other_children="all")
    line.lose_the_next_request(*SUBMIT)
    sergeant.approves(NOTICE_RATIONALE, "The council is asked for a strategy discussion.")
    sergeant.reads("decided.state", "Approved")


def the_team_passes_it_on(night: Night, partner: OtherSystem, kept: Kept, browser: Browser) -> None:
    """Nothing left before. The partner has it, hangs up and is gone: seen by all, until it is back."""
    assert partner.delivered == {}
    partner.cut = True
    with a_desk(browser, night, "vat") as desk:
        desk.passes_the_notice_on("Tess Marlow", PASSED)
    night.until_true(lambda: bool(partner.asked))
    partner.down()
    partner.cut = False
    notice = kept.rows("select record from register_record where form = 'ppn'")[-1]["record"]
    night.until_true(lambda: "reached" in last_said_of_partner(kept, notice))
    with a_desk(browser, night, "mhet") as desk:
        desk.sees_of_the_system(COUNCIL, "It cannot be reached", re.compile(r"Next try \w+ \d+"), "ago")
        partner.up()
        night.until_true(lambda: partners_have_it(kept, notice))
        desk.sees_of_the_system(COUNCIL, re.compile(r"–\s*$"))
    assert_it_has_one_referral(partner)


def assert_it_has_one_referral(partner: OtherSystem) -> None:
    """However often it was tried, and with all that has to be known there."""
    [referral] = partner.delivered.values()
    said = json.dumps(referral, ensure_ascii=False)
    for words in (APPEARANCE, NOT_TOLD, "Ollie Marlow", "Mia Marlow", "Childline"):
        assert words in said
    assert referral["data"]["covert"]
    assert len(partner.asked) > 1
    assert len({asked["idempotency-key"] for asked in partner.asked}) == 1


def last_said_of_partner(kept: Kept, notice: str) -> str:
    """Why the newest version has not been delivered to the council's system yet."""
    owed = "select last_error from outbox_delivery where record = ? and target like 'partner:%' order by rev"
    rows = kept.rows(owed, notice)
    return str(rows[-1]["last_error"])


def partners_have_it(kept: Kept, notice: str) -> bool:
    """Whether the delivery of the newest version to the council's system has been answered."""
    newest = "rev = (select max(rev) from outbox_delivery where record = ?)"
    asked = f"select target, state from outbox_delivery where record = ? and {newest}"  # noqa: S608 - ours
    states = kept.rows(asked, notice, notice)
    return {one["state"] for one in states if one["target"].startswith("partner")} == {"delivered"}


def assert_it_can_all_be_read(night: Night, browser: Browser) -> None:
    """The missing-and-exploitation team reads the list, records, revisions, decisions, audit, deliveries."""
    with a_desk(browser, night, "mhet") as desk:
        desk.finds_in_the_list("Tess Marlow", "PPN", "Prevention interview", "Management of return")
        desk.opens_the_record_of("Tess Marlow", "PPN")
        desk.reads("Covert: somebody near the child must not know of this record.")
        desk.reads(APPEARANCE, NOTICE_RATIONALE, PASSED, COVERT_BECAUSE, NO_PPN_FOR_OLLIE, ADVISED)
        desk.reads_at("Revisions", "Revision 2, shown here", "Compare with revision 1")
        desk.reads_at("Deliveries", "Delivered", "Revision 2")
        desk.reads_at(
            "Who read it",
            "Offered to the officers of the unit: its officer is off shift",
            "Passed on to partners, and closed",
            "Read at the console",
        )
        desk.goes_back()
        desk.opens_the_record_of("Tess Marlow", "Prevention interview")
        desk.reads(BETTER_CARER, RATIONALE)
        desk.reads_at("Revisions", "Revision 3, shown here", "Compare with revision 2")
        desk.reads_at("Decisions", "does not count", TOO_EARLY, ASKED)


def assert_each_arrived_once(kept: Kept, before: int) -> None:
    """Every revision of each record and five decisions, each stored once, whatever the line lost.

    Each decision names the digest of what was read; the one about what had moved on is void.
    """
    came = kept.evidence_after(before)
    assert sorted((one["form"], one["rev"], one["state"]) for one in came) == [
        *[("ppn", rev, "stored") for rev in (1, 2)],
        *[("pvi", rev, "stored") for rev in (1, 2, 3)],
        *[("ret", rev, "stored") for rev in (1, 2, 3)],
        *[("sup", 1, "stored")] * 5,
    ]
    digests = {(one["record"], one["rev"]): (one["form"], one["digest"]) for one in came}
    made = [one for one in kept.rows("select * from decision order by id") if one["decision_record"]]
    assert [(digests[one["record"], one["rev"]], one["rev"]) for one in made] == [
        ((digests[one["record"], one["rev"]][0], one["digest"]), one["rev"]) for one in made
    ]
    on_the_check = [
        (one["rev"], one["outcome"], one["why_void"])
        for one in made
        if digests[one["record"], one["rev"]][0] == "pvi"
    ]
    assert on_the_check == [(1, "return", ""), (2, "approve", "moved_on"), (3, "approve", "")]
