"""Missing episodes at the console: what is open, closing one, what is refused, and who sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx
import pytest
from sqlalchemy import select

from booklets.records import Record
from sync_server.audit import entries_of
from sync_server.db.tables import audit
from sync_server.identity.accounts import Role
from tests.support import episodes
from tests.support.builders import UNIT
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.episodes import AGAIN, DESPITE, WHY, Episode, a_back, all_done, missing
from tests.support.meetings import ELSEWHERE
from tests.support.meetings import about as who_is
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

OTHER_FORCE = "another_force"
PEOPLE: Mapping[str, tuple[Role, str, str]] = {
    "mhet": (Role.MHET, "mhet", ""),
    "fim": (Role.FIM, "control_room", ""),
    "vat": (Role.VAT, "vat", ""),
    "sergeant": (Role.SUPERVISOR, UNIT, ""),
    "sergeant elsewhere": (Role.SUPERVISOR, ELSEWHERE, ""),
    "admin": (Role.ADMIN, "digital", ""),
    "mhet of another force": (Role.MHET, "mhet", OTHER_FORCE),
}
FILLERS = ("Reviewed and satisfied.", "All in order, no concerns.", "", "   ")
CLOSED = {"category": "returned_safe", "words": WHY}


@dataclass
class Force:
    """The server, an officer and a sergeant who write, and people at desks."""

    server: LiveServer
    officer: Colleague
    sergeant: Colleague
    desks: dict[str, Browser] = field(default_factory=dict)

    def done(self, name: str) -> Episode:
        """A child's night of which everything is decided and done."""
        return episodes.of(self.server.context, all_done(name, self.officer, self.sergeant))

    def of(self, record: Record) -> Episode:
        """The episode of a record."""
        return episodes.of(self.server.context, record)

    def opens(self, episode: Episode, who: str = "mhet") -> httpx.Response:
        """The episode's page."""
        return self.desks[who].open(f"/episodes/{episode.id}")

    def reads(self, episode: Episode, who: str = "mhet") -> str:
        """Its words."""
        return words_of(self.opens(episode, who).text)

    def closes(
        self, episode: Episode, who: str = "mhet", page: httpx.Response | None = None, **said: str
    ) -> httpx.Response:
        """Fill in the form of the page and press the button."""
        return self.presses(episode, "close", who, page, **{**CLOSED, **said})

    def presses(
        self, episode: Episode, what: str, who: str, page: httpx.Response | None = None, **said: str
    ) -> httpx.Response:
        """Send a form of the episode's page."""
        desk = self.desks[who]
        hidden = desk.hidden_in((page or self.opens(episode, who)).text)
        return desk.http.post(f"/episodes/{episode.id}/{what}", data={**hidden, **said})


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    """The server, with everybody signed in."""
    with a_server(tmp_path_factory.mktemp("episodes"), no_hurry()) as server:
        made = Force(
            server,
            a_colleague(server.context, "pc.okoro"),
            a_colleague(server.context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR),
        )
        for name, (role, unit, force) in PEOPLE.items():
            user = name.replace(" ", ".")
            server.add_account(user, role, unit=unit, **({"force": force} if force else {}))
            made.desks[name] = Browser(server.url)
            made.desks[name].sign_in(user)
        yield made
        for desk in made.desks.values():
            desk.http.close()


@pytest.fixture
def force(there: Force) -> Force:
    """All of it."""
    return there


def test_an_episode_of_which_all_is_done_is_closed_in_somebodys_own_words(force: Force) -> None:
    """As what, why, who and when; the page says so, and the record leads to it."""
    episode = force.done("Amy")
    assert "Nothing: everything is decided and done." in force.reads(episode)

    words = words_of(force.closes(episode).text)

    assert "Closed. A record that still comes opens it again." in words
    assert "Closed: Back, prevention interview done by PC Hannah Wells, Sat 14 Mar, 21:04" in words
    assert WHY in words
    record = f"/records/{who_is('Amy')['record']}"
    shown = force.desks["mhet"].open(record).text
    assert f'href="/episodes/{episode.id}"' in shown
    assert "Closed the missing episode" in words_of(shown)
    assert "Back, prevention interview done" in words_of(shown)


def test_a_filler_closes_nothing(force: Force) -> None:
    """What could stand under any episode is no reason; what was filled in stands there still."""
    episode = force.done("Bea")

    for filler in FILLERS:
        answer = force.closes(episode, words=filler)
        assert answer.status_code == 422, filler
        assert "Say in your own words why it is over" in words_of(answer.text)
        assert 'value="returned_safe" checked' in answer.text
    assert episode.acts == []


def test_a_closing_says_as_what(force: Force) -> None:
    """Neither none of the categories nor one that is none."""
    episode = force.done("Cal")

    for given in ("", "all_good"):
        answer = force.closes(episode, category=given)
        assert answer.status_code == 422
        assert "Say as what it is closed" in words_of(answer.text)
        assert WHY in words_of(answer.text)
    assert episode.acts == []


def test_what_is_open_stands_there_and_is_closed_over_only_with_a_reason(force: Force) -> None:
    """The record that waits, the interview that never came: each with the way to it."""
    back = force.officer.sent(a_back("Dan"))
    episode = force.of(back)
    page = force.reads(episode)
    assert "Management of return: awaiting supervisor" in page
    assert "Back, and no prevention interview is recorded" in page

    pending = "returned_interview_pending"
    refused = force.closes(episode, category=pending)
    assert refused.status_code == 409
    assert "Something is open: say why it is closed all the same. Nothing was closed." in words_of(
        refused.text
    )
    assert WHY in words_of(refused.text)
    assert force.closes(episode, category=pending, despite="As discussed.").status_code == 422
    assert not episode.is_closed

    assert DESPITE in words_of(force.closes(episode, category=pending, despite=DESPITE).text)
    looked_at = words_of(force.desks["mhet"].open("/episodes").text).partition("Closings to look at")[2]
    assert "Closed although something was open: Back, prevention interview still to do" in looked_at
    assert "Dan Brook-Test" in looked_at


def test_a_concern_for_safety_is_refused_with_what_was_kept_and_what_to_do(force: Force) -> None:
    """R-05: there is no reason that helps, and the team reads of it."""
    back = force.officer.sent(a_back("Eli"))
    episode = force.of(back)

    answer = force.closes(episode, "sergeant", category="concern_for_safety", despite=DESPITE)

    words = words_of(answer.text)
    assert answer.status_code == 409
    assert "Not as a concern for safety" in words
    assert "Nothing was closed. What you wrote is kept" in words
    assert "Close it as how the child came back." in words
    assert not episode.is_closed
    looked_at = words_of(force.desks["mhet"].open("/episodes").text).partition("Closings to look at")[2]
    assert "Eli Brook-Test Refused: Concern for safety, no missing report. Not as a concern" in looked_at
    assert "PC Hannah Wells" in looked_at


def test_where_no_return_is_recorded_it_says_how_one_is(force: Force) -> None:
    """The short way for a child who was back before the report (B.14)."""
    episode = force.of(force.officer.sent(missing("Fay")))

    for category in ("concern_for_safety", "returned_safe"):
        words = words_of(force.closes(episode, category=category, despite=DESPITE).text)
        assert "First somebody records the return: “Child is back” on a device" in words


def test_a_record_that_comes_while_somebody_reads_is_read_first(force: Force) -> None:
    """Their words stand in the form still, and the page shows what came."""
    episode = force.done("Gil")
    page = force.opens(episode)
    force.officer.sent(missing("Gil"))

    answer = force.closes(episode, page=page)

    words = words_of(answer.text)
    assert answer.status_code == 409
    assert "A record has come meanwhile" in words
    assert WHY in words
    assert "Reported as missing, and no risk assessment is recorded" in words
    assert episode.acts == []


def test_a_closed_episode_is_opened_again_for_a_reason_and_by_a_record(force: Force) -> None:
    """Both stand on its page, and it stands in the list again."""
    episode = force.done("Hal")
    force.closes(episode)
    assert "Hal Brook-Test" not in the_open(force)

    assert force.presses(episode, "open-again", "mhet", words="Reviewed.").status_code == 422
    words = words_of(force.presses(episode, "open-again", "mhet", words=AGAIN).text)
    assert "It is open again." in words
    assert AGAIN in words
    assert "Opened again" in the_open(force)

    force.closes(episode)
    force.officer.sent(missing("Hal"))
    assert "Open again: a record came after it was closed" in force.reads(episode)
    assert "Open again: a record came after it was closed" in the_open(force)


def test_who_may_not_close_has_no_form_and_no_address(force: Force) -> None:
    """Readers read; what is not theirs is not there; an administrator sees no child."""
    episode = force.done("Ida")

    assert force.opens(episode, "sergeant").status_code == 200
    assert "Close this episode" in force.reads(episode, "sergeant")
    assert "Close this episode" in force.reads(episode, "fim")
    for who in ("vat", "sergeant elsewhere", "mhet of another force"):
        assert force.opens(episode, who).status_code == 404
    assert force.opens(episode, "admin").status_code == 403
    assert "Ida" not in the_open(force, "sergeant elsewhere") + the_open(force, "mhet of another force")
    for who in ("sergeant elsewhere", "mhet of another force"):
        assert (
            force.presses(episode, "close", who, force.desks[who].open("/register"), **CLOSED).status_code
            == 404
        )
    assert force.presses(episode, "close", "vat", force.desks["vat"].open("/register")).status_code == 403
    assert episode.acts == []


def test_who_reads_only_a_part_of_an_episode_is_told_who_closes_it(force: Force) -> None:
    """A unit reads its own records, and closes nothing over another's."""
    colleague = a_colleague(force.server.context, "pc.there", unit=ELSEWHERE)
    episode = force.done("Jan")
    colleague.sent(missing("Jan"), unit=ELSEWHERE)

    words = force.reads(episode, "sergeant")
    assert "Other units wrote of this episode too" in words
    assert "Close this episode" not in words
    assert "risk assessment" not in words  # what is open of the other unit's record
    assert "Close this episode" in force.reads(episode, "mhet")


def test_an_episode_with_a_covert_record_says_so(force: Force) -> None:
    """Whoever shows the page to somebody has to know it first."""
    covert = force.of(force.officer.sent(a_back("Tam", covert=True)))
    plain = force.of(force.officer.sent(a_back("Una")))

    says = "Covert: somebody near the child must not know of a record of this episode."
    assert says in force.reads(covert)
    assert says not in force.reads(plain)


def test_the_form_of_another_episode_closes_nothing(force: Force) -> None:
    """A slip is for what somebody had before them."""
    one, other = force.done("Kay"), force.done("Lea")

    answer = force.closes(one, page=force.opens(other))

    assert answer.status_code == 409
    assert "too old to send" in words_of(answer.text)
    assert one.acts == other.acts == []


def test_somebody_who_comes_second_is_told(force: Force) -> None:
    """Two desks with the same page."""
    episode = force.done("Max")
    page = force.opens(episode, "sergeant")
    force.closes(episode)

    answer = force.closes(episode, "sergeant", page)

    assert answer.status_code == 409
    assert "Nothing was changed. Somebody has closed it already." in words_of(answer.text)


def test_reading_an_episode_is_written_down(force: Force) -> None:
    """Data Protection Act 2018, s62: who, which records; no address and no audit names a child."""
    episode = force.done("Noor")
    force.opens(episode)
    force.desks["mhet"].open("/episodes")

    record = str(who_is("Noor")["record"])
    with force.server.context.store.read() as db:
        made = db.execute(
            select(audit).where(audit.c.what.in_(["episode read", "episodes read"])).order_by(audit.c.id)
        ).mappings()
        noted = {one["what"]: one["detail"] for one in made}
        assert all("Noor" not in str(one["detail"]) for one in entries_of(db, record))
    assert record in noted["episode read"]["records"]
    assert record in noted["episodes read"]["records"]
    looked = words_of(force.desks["admin"].open("/looked").text)
    assert "Read a missing episode" in looked
    assert "Read the list of missing episodes" in looked


def test_the_register_is_narrowed_to_open_or_closed_episodes(force: Force) -> None:
    """What is of no missing episode is neither."""
    answer = force.closes(force.done("Oli"))
    assert answer.status_code == 200, words_of(answer.text)
    force.done("Pia")

    closed = words_of(force.desks["mhet"].open("/register?episode=closed").text)
    open_ = words_of(force.desks["mhet"].open("/register?episode=open").text)

    assert "Oli Brook-Test" in closed
    assert "missing episode closed ×" in closed
    assert "Pia Brook-Test" not in closed
    assert "Pia Brook-Test" in open_
    assert "Oli Brook-Test" not in open_
    assert "narrowed" not in words_of(force.desks["mhet"].open("/register?episode=anything").text)


def test_a_child_of_a_closed_episode_is_missing_no_more(force: Force) -> None:
    """Nobody waits for a return that comes elsewhere: on the sheet, and on the card that is read out."""
    report = force.officer.sent(missing("Quin"))
    force.sergeant.decided(report, answers=episodes.NO_DIRECTIONS)
    episode = force.of(report)
    path, sheet = f"/records/{report.header.record}", "/daily-meeting?hours=1"
    assert "no return is recorded" in about("Quin", words_of(force.desks["mhet"].open(sheet).text))

    force.closes(episode, category="duplicate", despite=DESPITE)

    line = about("Quin", words_of(force.desks["mhet"].open(sheet).text))
    assert (
        "Missing since Fri 13 Mar, 18:00 no return is recorded. Closed: Same episode as another record"
        in line
    )
    assert "This episode has been closed. Ask the control room" in words_of(
        force.desks["mhet"].open(path).text
    )
    force.server.clock.later(hours=3)
    try:
        with Browser(force.server.url) as later:
            later.sign_in("mhet")
            assert "Quin" not in words_of(later.open(sheet).text)
    finally:
        force.server.clock.later(hours=-3)


def the_open(force: Force, who: str = "mhet") -> str:
    """The words of the list of episodes that nobody has closed."""
    return words_of(force.desks[who].open("/episodes").text).partition("Closings to look at")[0]


def about(name: str, sheet: str) -> str:
    """What stands about a child on the sheet."""
    return sheet[sheet.index(f"{name} Brook-Test") :]


def test_an_episode_of_which_everything_was_withdrawn_hides_no_other(force: Force) -> None:
    """It was about the wrong child, perhaps: of it nothing is shown, and the list is read as before."""
    back = force.officer.sent(a_back("Rae"))
    force.closes(force.of(back), category="returned_interview_pending", despite=DESPITE)
    force.officer.withdraws(back)
    other = force.officer.sent(a_back("Sol"))
    decided = force.of(other)
    force.closes(decided, category="concern_for_safety", despite=DESPITE)
    force.sergeant.decided(other)
    force.officer.withdraws(other)

    answer = force.desks["mhet"].open("/episodes")

    assert answer.status_code == 200
    assert "Rae" not in words_of(answer.text)
    assert "Sol" not in words_of(answer.text)
