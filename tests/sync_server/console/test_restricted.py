"""Nothing of a restricted child stands on any page of whoever is not on the list; and how one is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from booklets.decisions import Outcome
from sync_server.console.routes import ADDRESSES
from sync_server.db.owed import task
from sync_server.db.restrictions import restricted_word, restriction, restriction_reader
from sync_server.identity.accounts import Role
from tests.support.builders import UNIT
from tests.support.colleagues import a_colleague
from tests.support.console_desks import USERS, Console, a_console
from tests.support.devices import Browser
from tests.support.known_children import report_of, return_of
from tests.support.restrictions import WHY, restricted
from tests.support.server_data import rows
from tests.support.servers import a_server, no_hurry
from tests.support.web_pages import href_of, words_of

pytestmark = pytest.mark.thorough

NAME = re.compile(r"\bKit\b|Marlowe")
NAMED = ("mhet.named", "vat.named")
IN_NEED = "Front desk rang: the boy stands at the bus station with the man from the white van."
ELSEWHERE = "filey_response"
READ = sorted(
    {one.path for one in ADDRESSES if one.method == "GET" and one.roles and "{device}" not in one.path}
    - {"/recoveries/{request}"}
)


@dataclass
class Night:
    """The console, with everything on it that is about Kit; and desks of those on his list and of others."""

    console: Console
    desks: Mapping[str, Browser] = field(repr=False)
    number: int = 0

    @property
    def record(self) -> str:
        """The address of one of his records, which nobody waits for."""
        return f"/records/{self.console.notice.header.record}"

    def paths(self) -> list[str]:
        """Every address that there is, of everything it can be opened of."""
        them = [*self._every("record"), *self._every("episode")]
        made = [path.replace("{record}", one).replace("{episode}", one) for path in READ for one in them]
        numbers = {"{rev}": "2", "{sample}": self.console.sample, "{restriction}": str(self.number)}
        for name, number in {**numbers, "{mark}": self.console.beside}.items():
            made = [path.replace(name, number) for path in made]
        photograph = self.console.photograph.rpartition("/")[2]
        made = [path.replace("{attachment}", photograph) for path in made]
        last = max(int(str(one["id"])) for one in rows(self.console.server.context, task))
        tasks = [path.replace("{task}", str(one)) for path in made for one in range(1, last + 1)]
        return sorted(set(tasks))

    def _every(self, part: str) -> list[str]:
        c = self.console
        about = (c.returned, c.notice, c.danger, c.sent_back, c.approved, c.to_decide, c.to_act_on)
        photographed = self.console.photograph.split("/")[2]
        return [str(getattr(one.header, part)) for one in about] + [photographed]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """Kit restricted from the page of one of his records, as somebody of the team does it."""
    with a_console(tmp_path_factory.mktemp("restricted")) as console, ExitStack() as stack:
        people = {**{user: (role, UNIT) for user, role in USERS.items()}}
        people |= {"mhet.named": (Role.MHET, "mhet"), "vat.named": (Role.VAT, "vat")}
        people |= {"sgt.elsewhere": (Role.SUPERVISOR, ELSEWHERE), "mhet.asks": (Role.MHET, "mhet")}
        desks = {}
        for user, (role, unit) in people.items():
            if user not in USERS:
                console.server.add_account(user, role, unit=unit)
            desks[user] = stack.enter_context(Browser(console.server.url))
            desks[user].sign_in(user)
        made = Night(console, desks)
        asked = {
            "kind": "keep_in_touch",
            "due": "2026-03-20",
            "words": "Kit is at football on Fridays: go there.",
        }
        desks["mhet"].fill_in(f"/records/{console.returned.header.record}/community", **asked)
        page = desks["mhet.named"].open(made.record).text
        form = href_of(page, "Restrict it to named people")
        answer = desks["mhet.named"].fill_in(form, words=WHY, readers="mhet.named\nvat.named")
        made.number = int(str(answer.url.path).rpartition("/")[2])
        yield made


def _walked(night: Night, who: str) -> dict[str, httpx.Response]:
    return {path: night.desks[who].open(path) for path in night.paths()}


@pytest.mark.parametrize(
    "who",
    [
        *("mhet", "fim", "vat", "sgt.elsewhere", "community", "analyst", "records", "admin", "auditor"),
        *("council", "cet", "cii", "integrator"),
    ],
)
def test_the_name_stands_on_no_page_of_somebody_who_is_not_on_the_list(night: Night, who: str) -> None:
    """Every address, of every record, episode, task and file that there is: each is opened."""
    walked = _walked(night, who)

    named = {
        path: NAME.findall(words_of(one.text))[:3] for path, one in walked.items() if NAME.search(one.text)
    }
    assert named == {}
    assert any(one.status_code == 200 for one in walked.values())


FILES = ("/children/file", "/daily-meeting/file", "/police-protection/file", "/looked-after/file")


@pytest.mark.parametrize("path", FILES)
def test_no_file_has_the_name(night: Night, path: str) -> None:
    """A file leaves the console; those on the list have the child in theirs, where it holds names at all."""
    given = {"purpose": "For the council at nine", "days": "90", "month": "2026-03"}
    given |= {"council": "E06000065"}
    files = {
        who: night.desks[who].http.post(path, data={**_token(night.desks[who]), **given})
        for who in ("mhet", "mhet.named")
    }

    assert {one.headers["Content-Type"].partition(";")[0] for one in files.values()} == {"text/csv"}
    assert not NAME.search(files["mhet"].text)
    if path in FILES[:2]:
        assert NAME.search(files["mhet.named"].text)


def _token(desk: Browser) -> dict[str, str]:
    return desk.hidden_in(desk.open("/register").text)


def test_the_register_finds_nobody_of_that_name(night: Night) -> None:
    """A search that counted one more would tell that there is such a child."""
    found = {
        who: night.desks[who].http.post("/find", data={**_token(night.desks[who]), "name": "Marlowe"})
        for who in ("fim", "vat.named")
    }

    assert "Nothing in the register fits this" in words_of(found["fim"].text)
    assert "Kit Marlowe-Test" in words_of(found["vat.named"].text)


def test_those_on_the_list_read_all_of_it(night: Night) -> None:
    """The control: the names are there to be found."""
    walked = _walked(night, "mhet.named")

    named = {path for path, one in walked.items() if NAME.search(one.text)}
    assert {"/register", "/children", "/daily-meeting", night.record, f"/restricted/{night.number}"} <= named


def test_a_supervisor_keeps_what_waits_for_their_decision(night: Night) -> None:
    """Of their unit's own officers; what was decided on is not there any more."""
    waiting, approved = (
        night.desks["sergeant"].open(f"/records/{one.header.record}")
        for one in (night.console.returned, night.console.approved)
    )

    assert "Marlowe" in waiting.text
    assert "Marlowe" not in approved.text
    assert str(approved.url.path) == f"/restricted/{night.number}"


def test_danger_stands_in_the_queue_without_a_name_and_leads_to_where_it_is_opened(night: Night) -> None:
    """Safety beats secrecy: that a child is in danger is seen by all of the team."""
    queue = night.desks["vat"].open("/queue").text
    danger = night.console.danger.header.record

    assert words_of(queue).count("Restricted child") >= 2
    assert f'href="/records/{danger}"' in queue
    led = night.desks["vat"].open(f"/records/{danger}")
    assert str(led.url.path) == f"/restricted/{night.number}"
    assert "Whom to ask" in words_of(led.text)
    assert "vulnerability team" in words_of(led.text)
    tasks = words_of(night.desks["vat"].open("/tasks").text)
    assert "Restricted child" in tasks


def test_the_list_says_since_when_by_whom_and_whom_to_ask(night: Night) -> None:
    """And to those on it which child it is."""
    asked, told = (words_of(night.desks[who].open("/restricted").text) for who in ("fim", "vat.named"))

    assert f"RC-{night.number} Restricted child" in asked
    assert "missing-from-home team" in asked
    assert "Marlowe-Test" in told


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"who": "", "words": IN_NEED}, "Say which child"),
        ({"who": "Zebedee", "words": IN_NEED}, "No restricted child fits this"),
        ({"who": "Marlowe", "words": ""}, "Say in your own words why"),
        ({"who": "Marlowe", "words": "Safeguarding enquiries."}, "too short"),
        ({"who": "Marlowe", "words": IN_NEED.replace("the boy", "Kit")}, "without the child’s name"),
    ],
)
def test_nothing_is_opened_without_a_child_and_a_reason_of_ones_own(
    night: Night, said: Mapping[str, str], expected: str
) -> None:
    """Two words tell nobody why; and nobody in a hurry is held up by how well it is said."""
    before = len(rows(night.console.server.context, restriction_reader))

    answer = night.desks["fim"].fill_in("/restricted", **said)

    assert answer.status_code == 422
    assert expected in words_of(answer.text)
    assert len(rows(night.console.server.context, restriction_reader)) == before
    assert "Marlowe" not in night.desks["fim"].open("/register").text


@pytest.mark.parametrize("who", ["kit marlowe", "RC-{number}", "{reference}"])
def test_one_is_opened_by_name_or_reference_and_the_team_is_told(
    night: Night, who: str, request: pytest.FixtureRequest
) -> None:
    """The words stand at the team's task and with the administrator; the name stands in no address."""
    desk, user = _somebody_new(night, request)
    asked = who.format(number=night.number, reference=night.console.path("{reference}"))

    answer = desk.fill_in("/restricted", who=asked, words=IN_NEED)

    assert str(answer.url.path) == f"/restricted/{night.number}"
    assert "Open to you until" in words_of(answer.text)
    assert "Marlowe" in desk.open(night.record).text
    assert "Marlowe" in desk.open("/register").text
    for other, path in (("mhet", "/tasks"), ("admin", "/looked?what=restricted+child+opened")):
        page = words_of(night.desks[other].open(path).text)
        assert IN_NEED in page
        assert not NAME.search(page)
    history = words_of(night.desks["mhet.named"].open(night.record).text)
    assert "Opened the restricted child in need" in history
    assert user


def _somebody_new(night: Night, request: pytest.FixtureRequest) -> tuple[Browser, str]:
    """A sergeant of the unit who has opened nothing yet."""
    user = f"sgt.{len(rows(night.console.server.context, restriction_reader))}"
    night.console.server.add_account(user, Role.FIM, unit=UNIT)
    desk = Browser(night.console.server.url)
    request.addfinalizer(desk.http.close)
    desk.sign_in(user)
    return desk, user


def test_a_record_that_is_opened_in_need_is_gone_on_with(
    night: Night, request: pytest.FixtureRequest
) -> None:
    """From its own address to the page that asks why, and on to the record."""
    desk, _ = _somebody_new(night, request)
    held_up = desk.open(night.record)

    answer = desk.http.post(str(held_up.url.path), data={**desk.hidden_in(held_up.text), "words": IN_NEED})

    assert str(answer.url.path) == night.record
    assert "Marlowe" in answer.text


def test_the_alert_is_closed_by_somebody_else_of_the_team(night: Night) -> None:
    """Who opened it does not say themselves that it was all right."""
    night.desks["mhet.asks"].fill_in(f"/restricted/{night.number}", words=IN_NEED)
    number = max(
        int(str(one["id"]))
        for one in rows(night.console.server.context, task)
        if one["kind"] == "restricted_opened"
    )

    own = night.desks["mhet.asks"].fill_in(f"/tasks/{number}", act="close", outcome="done")
    other = night.desks["mhet"].fill_in(f"/tasks/{number}", act="close", outcome="done")

    assert "opened it yourself" in words_of(own.text)
    assert str(other.url.path) == "/tasks"


@pytest.mark.parametrize(
    ("readers", "expected"),
    [
        ("", "Name who may read"),
        ("mhet.named vat.named nobody.here", "“nobody.here” is no user name of this force"),
        ("mhet.named vat.named community", "“community” has no register"),
        ("mhet.named vat.named pc.wells", "“pc.wells” has no register"),
        ("mhet.named", "at least one of the vulnerability team"),
        ("vat.named", "at least one of the missing-from-home team"),
    ],
)
def test_a_list_is_refused_in_words(night: Night, readers: str, expected: str) -> None:
    """A restriction that nobody can open at night would keep a danger from everybody."""
    page = f"/restricted/{night.number}"
    hidden = night.desks["mhet.named"].hidden_in(night.desks["mhet.named"].open(page).text)

    changed = night.desks["mhet.named"].http.post(f"{page}/readers", data={**hidden, "readers": readers})

    assert changed.status_code == 422
    assert expected in words_of(changed.text)


def test_whoever_is_not_on_the_list_changes_and_ends_nothing(night: Night) -> None:
    """Also somebody of the missing team."""
    desk, page = night.desks["mhet"], f"/restricted/{night.number}"
    hidden = desk.hidden_in(desk.open(page).text)

    for what in ("readers", "end"):
        answer = desk.http.post(f"{page}/{what}", data={**hidden, "readers": "mhet vat", "words": WHY})
        assert answer.status_code == 403
    [row] = [one for one in rows(night.console.server.context, restriction) if one["id"] == night.number]
    assert row["ended_at"] is None


def test_a_community_officer_is_asked_nothing_more_about_the_child(night: Night) -> None:
    """They have no register, so they cannot be on a list."""
    record = f"/records/{night.console.returned.header.record}"

    page = night.desks["mhet.named"].open(record).text
    asked = night.desks["mhet.named"].open(f"{record}/community")

    assert "Ask the community officers" not in page
    assert asked.status_code == 409
    assert "no community officer" in words_of(asked.text)


def test_an_episode_is_closed_by_nobody_who_reads_only_a_part_of_it(tmp_path: Path) -> None:
    """The incident manager reads what waits for their decision; the rest is opened first, in need."""
    with a_server(tmp_path, no_hurry()) as server, Browser(server.url) as desk:
        for user, role in (("mhet", Role.MHET), ("vat", Role.VAT), ("fim", Role.FIM)):
            server.add_account(user, role)
        officer = a_colleague(server.context, "pc.okoro")
        sergeant = a_colleague(server.context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
        report, back = officer.sent(report_of("Rue")), officer.sent(return_of("Rue"))
        sergeant.decided(report)
        sergeant.decided(back, outcome=Outcome.ESCALATE)
        number = restricted(server.context, report, "mhet", "vat")
        desk.sign_in("fim")

        waiting, decided, episode = (
            desk.open(path)
            for path in (
                f"/records/{back.header.record}",
                f"/records/{report.header.record}",
                f"/episodes/{back.header.episode}",
            )
        )
        token = desk.hidden_in(waiting.text)
        closed = desk.http.post(f"/episodes/{back.header.episode}/close", data=token)

    assert "Rue Brook-Test" in words_of(waiting.text)
    assert {str(one.url.path) for one in (decided, episode, closed)} == {f"/restricted/{number}"}


def test_whoever_manages_the_list_changes_it_and_ends_it(tmp_path: Path) -> None:
    """With a reason; then everybody whose role it is reads again, and the words for the child are gone."""
    with a_server(tmp_path, no_hurry()) as server, Browser(server.url) as desk, Browser(server.url) as other:
        for user, role in (("mhet", Role.MHET), ("vat", Role.VAT), ("fim", Role.FIM)):
            server.add_account(user, role)
        report = a_colleague(server.context, "pc.okoro").sent(report_of("Rue"))
        page = f"/restricted/{restricted(server.context, report, 'mhet', 'vat')}"
        desk.sign_in("mhet")
        other.sign_in("fim")
        token = desk.hidden_in(desk.open(page).text)

        desk.http.post(f"{page}/readers", data={**token, "readers": "mhet, vat, fim"})
        named = other.open(f"/records/{report.header.record}")
        no_reason = desk.http.post(f"{page}/end", data={**token, "words": "It is safe now."})
        ended = desk.http.post(f"{page}/end", data={**token, "words": "The uncle was dismissed on Friday."})
        words = rows(server.context, restricted_word)
        history = words_of(other.open(f"/records/{report.header.record}").text)

    assert "Rue Brook-Test" in words_of(named.text)
    assert (no_reason.status_code, ended.status_code, words) == (422, 200, [])
    assert "Ended. Whoever has the register reads" in words_of(ended.text)
    for said in ("Restricted the child to named people", "Changed who may read", "Ended the restriction"):
        assert said in history
