"""The way back: somebody else decides, the officer hears of it, and only then it goes to partners.

Two handhelds, a server, and another system behind TLS, each a process or a thread with a socket of its
own. The line goes dead at the moments that hurt: after the server has stored and before the receipt,
during the decision, and while a delivery is answered.
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
from tests.support.noticing import APPEARANCE, Notice
from tests.support.other_system import OtherSystem, a_system
from tests.support.people import Child, Words, a_phone
from tests.support.sergeant import Sergeant, a_tablet

pytestmark = pytest.mark.journey

TESS = Child(known_as="Tess", given_names="Tess Maria", surname="Marlow", born="02/05/2011")
SUBMIT = "POST /v1/submissions"
FIRST_CARER = "Stepfather says she does what she likes."
BETTER_CARER = (
    "Stepfather, in the hall, with Tess outside: they argued about the dishes at six, he went up at ten and "
    "saw the bed empty. Mother at work until two, rung from the car."
)
ASKED = "Which parent said this, and was Tess within hearing?"
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
        it_is_approved_without_signal(sergeant, night, line)
        officer.reads("sent.state", "Approved")
        the_notice_goes_out(officer)
        officer.goes_off_shift()
        a_colleague_answers_for_it(sergeant, Notice(phone.screen, night, number=1))
        the_notice_is_approved(sergeant, line)
    assert line.cuts == 3
    assert_each_arrived_once(kept, before)
    the_team_passes_it_on(night, partner, kept, browser)
    assert_it_can_all_be_read(night, browser)


def the_check_goes_out(officer: Notice, line: Line) -> None:
    """A check that tells of harm; the receipt is lost on the way, and comes with the next try."""
    officer.starts_a_return_check()
    officer.says_who_it_is(TESS)
    officer.says_how_amy_is_back()
    officer.chooses("pi.face_to_face.yes", "pi.engaged.yes")
    officer.writes_down_the_talk(Words(carer_view=FIRST_CARER))
    officer.asks_the_eight_questions(home_afraid="She says he shouts and holds her arm.")
    officer.closes(ppn=True)
    officer.reviews()
    line.lose_the_next_answer(SUBMIT)
    officer.sends()
    officer.reads("sent.state", r"Received \d\d:\d\d")


def it_is_sent_back_and_corrected(sergeant: Sergeant, officer: Notice) -> None:
    """The question stands above the very answer it is about, and what changed is seen beside it."""
    sergeant.sees_arrive("Tess Marlow")
    sergeant.opens_the_case_of("Tess Marlow")
    sergeant.asks_about("pi.carer_view", ASKED)
    sergeant.sends_it_back(
        reason="words_missing", due=0, words="Say which parent spoke, and where Tess was just then."
    )
    officer.goes_home()
    officer.opens_what_was_sent_back()
    officer.reads("pi.carer_view.remark", re.escape(ASKED))
    officer.writes("pi.carer_view", BETTER_CARER)
    officer.reviews_from_the_pages()
    officer.sends()
    officer.reads("sent.state", r"Received \d\d:\d\d")
    sergeant.reads_the_correction("pi.carer_view")


def it_is_approved_without_signal(sergeant: Sergeant, night: Night, line: Line) -> None:
    """A text that says nothing is no reason. With one, it waits here; the answer to it is lost once."""
    sergeant.begins_to_approve()
    sergeant.approves("Noted.", "She is with her aunt.")
    sergeant.is_refused("sup.rationale")
    night.stop_server()
    sergeant.approves(RATIONALE, "The PPN of tonight carries what has to be done for Tess.")
    sergeant.reads("decided.state", "waiting for signal")
    line.lose_the_next_answer(SUBMIT)
    night.start_server()
    sergeant.reads("decided.state", "Approved")


def the_notice_goes_out(officer: Notice) -> None:
    """The PPN that the check began with what it knew."""
    officer.goes_home()
    officer.goes_on_with_the_notice()
    officer.writes_what_could_be_seen()
    officer.says_what_worries()
    officer.reviews_from_the_pages()
    officer.sends()
    officer.reads("sent.state", r"Received \d\d:\d\d")


def a_colleague_answers_for_it(sergeant: Sergeant, colleague: Notice) -> None:
    """Its author is off shift: a second officer, in a vault of their own, signs what comes next."""
    sergeant.goes_back_to_the_queue()
    sergeant.sees_arrive("Tess Marlow", "PPN")
    sergeant.opens_the_case_of("Tess Marlow", "PPN")
    sergeant.asks_about("ppn.aware_environment", ASKED_OF_NOTICE)
    sergeant.sends_it_back(
        reason="section_empty", due=0, words="The front room is not in it: who was there?"
    )
    sergeant.reads("decided.state", "Sent back")
    colleague.is_given_the_handheld()
    colleague.takes_over_what_was_sent_back()
    colleague.reads("ppn.aware_environment.remark", re.escape(ASKED_OF_NOTICE))
    colleague.writes("ppn.aware_environment", BETTER_ENVIRONMENT)
    colleague.reviews_from_the_pages()
    colleague.sends()
    colleague.reads("sent.state", r"Received \d\d:\d\d")
    sergeant.reads_the_correction("ppn.aware_environment")


def the_notice_is_approved(sergeant: Sergeant, line: Line) -> None:
    """The line goes dead in the middle of the decision, and it goes again."""
    sergeant.begins_to_approve()
    line.lose_the_next_request(SUBMIT)
    sergeant.approves(NOTICE_RATIONALE, "The council is asked for a strategy discussion.")
    sergeant.reads("decided.state", "Approved")


def the_team_passes_it_on(night: Night, partner: OtherSystem, kept: Kept, browser: Browser) -> None:
    """Nothing left before. The partner has it and hangs up; the second try carries the same key."""
    assert partner.delivered == {}
    partner.cut = True
    with a_desk(browser, night, "vat") as desk:
        desk.passes_the_notice_on("Tess Marlow", PASSED)
    night.until_true(lambda: bool(partner.asked))
    partner.cut = False
    notice = kept.rows("select record from register_record where form = 'ppn'")[-1]["record"]
    night.until_true(lambda: partners_have_it(kept, notice))
    [referral] = partner.delivered.values()
    assert APPEARANCE in json.dumps(referral, ensure_ascii=False)
    assert len(partner.asked) > 1
    assert len({asked["idempotency-key"] for asked in partner.asked}) == 1


def partners_have_it(kept: Kept, notice: str) -> bool:
    """Whether the delivery of the newest version to the council's system has been answered."""
    newest = "rev = (select max(rev) from outbox_delivery where record = ?)"
    asked = f"select target, state from outbox_delivery where record = ? and {newest}"  # noqa: S608 - ours
    states = kept.rows(asked, notice, notice)
    return {one["state"] for one in states if one["target"].startswith("partner")} == {"delivered"}


def assert_it_can_all_be_read(night: Night, browser: Browser) -> None:
    """The missing-and-exploitation team reads records, revisions, decisions, deliveries."""
    with a_desk(browser, night, "mhet") as desk:
        desk.opens_the_record_of("Tess Marlow", "PPN")
        desk.reads(APPEARANCE, NOTICE_RATIONALE, PASSED, "Delivered")
        desk.goes_back()
        desk.opens_the_record_of("Tess Marlow", "Prevention interview")
        desk.reads(BETTER_CARER, RATIONALE, "Revisions")


def assert_each_arrived_once(kept: Kept, before: int) -> None:
    """Two revisions of each record and four decisions, each stored once, whatever the line lost."""
    came = kept.evidence_after(before)
    assert sorted((one["form"], one["rev"], one["state"]) for one in came) == [
        ("ppn", 1, "stored"),
        ("ppn", 2, "stored"),
        ("pvi", 1, "stored"),
        ("pvi", 2, "stored"),
        ("ret", 1, "stored"),
        ("ret", 2, "stored"),
        *[("sup", 1, "stored")] * 4,
    ]
