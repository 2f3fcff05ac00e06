"""What is owed to other systems, for those who look after it, and one more try for what was given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from sync_server.audit import entries_of
from sync_server.console.marks import target_of
from sync_server.db.owed import Owed, delivery
from sync_server.identity.accounts import Role
from tests.support.builders import a_return
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that owes one return to the council and to the force's records."""
    with a_server(tmp_path_factory.mktemp("deliveries"), no_hurry()) as server:
        for user, role in (("admin", Role.ADMIN), ("mhet", Role.MHET), ("sergeant", Role.SUPERVISOR)):
            server.add_account(user, role)
        server.add_account("integrator", Role.INTEGRATOR)
        for user, role in (("admin.elsewhere", Role.ADMIN), ("integrator.elsewhere", Role.INTEGRATOR)):
            server.add_account(user, role, force="another_force")
        a_colleague(server.context, "pc.okoro").sent(a_return())
        yield server


@pytest.fixture
def stuck(running: LiveServer) -> int:
    """The number of a delivery that was given up."""
    first = select(delivery.c.id).order_by(delivery.c.id).limit(1).scalar_subquery()
    dead = {"state": Owed.DEAD.value, "last_error": "connection_refused", "tries": 20}
    give_up = update(delivery).where(delivery.c.id == first).values(**dead).returning(delivery.c.id)
    return running.context.store.write(lambda db: int(db.execute(give_up).scalar_one()))


def opened(server: LiveServer, user: str) -> Browser:
    """A browser in which this person is signed in."""
    browser = Browser(server.url)
    browser.sign_in(user)
    return browser


def tries_again(browser: Browser, number: object) -> httpx.Response:
    """Press the button, or send what it would send."""
    token = browser.hidden_in(browser.open("/").text)["form_token"]
    return browser.http.post(f"/deliveries/{number}/again", data={"form_token": token})


def state_of(server: LiveServer, number: int) -> str:
    """How a delivery stands."""
    with server.context.store.read() as db:
        return str(db.execute(select(delivery.c.state).where(delivery.c.id == number)).scalar_one())


def test_what_was_given_up_says_so_and_why(running: LiveServer, stuck: int) -> None:
    """Whoever looks sees how many wait for a person, since when, and what the other system said last."""
    with opened(running, "mhet") as browser:
        words = words_of(browser.open("/deliveries").text)

    assert "North Yorkshire council duty team" in words
    assert "Connection refused" in words
    assert "An administrator or integrator can try again" in words
    assert "Kit" not in words


def test_what_is_put_off_says_why_and_when_it_is_tried_next(running: LiveServer) -> None:
    """A system that is down is seen, and that nobody has to do anything about it."""
    first = select(delivery.c.id).order_by(delivery.c.id).limit(1).scalar_subquery()
    again_at = running.clock.at + timedelta(minutes=16)
    down = {"state": Owed.DUE.value, "last_error": "it cannot be reached", "tries": 4, "due_at": again_at}
    running.context.store.write(
        lambda db: db.execute(update(delivery).where(delivery.c.id == first).values(**down))
    )
    with opened(running, "mhet") as browser:
        words = words_of(browser.open("/deliveries").text)

    assert "It cannot be reached" in words
    assert f"Next try Sat 14 Mar, {again_at:%H:%M}" in words


def test_what_is_being_tried_this_very_moment_says_so(running: LiveServer) -> None:
    """Whoever looks while a system takes long to refuse is not left to wonder whether anybody tries."""
    first = select(delivery.c.id).order_by(delivery.c.id).limit(1).scalar_subquery()
    trying = {"state": Owed.LEASED.value, "last_error": "it cannot be reached", "tries": 4}
    running.context.store.write(
        lambda db: db.execute(update(delivery).where(delivery.c.id == first).values(**trying))
    )
    with opened(running, "mhet") as browser:
        words = words_of(browser.open("/deliveries").text)

    assert "It cannot be reached Being tried now" in words


@pytest.mark.parametrize("user", ["admin", "integrator"])
def test_whoever_looks_after_the_systems_has_it_tried_again(
    running: LiveServer, stuck: int, user: str
) -> None:
    """From the beginning, and who asked for it stands in the record's history."""
    with opened(running, user) as browser:
        answer = tries_again(browser, stuck)

    assert "It will be tried again." in words_of(answer.text)
    assert state_of(running, stuck) == "due"
    with running.context.store.read() as db:
        record = db.execute(select(delivery.c.record).where(delivery.c.id == stuck)).scalar_one()
        assert entries_of(db, record)[-1]["what"] == "tried_again"


@pytest.mark.parametrize("user", ["mhet", "sergeant", "admin.elsewhere", "integrator.elsewhere"])
def test_nobody_else_has_it_tried_again(running: LiveServer, stuck: int, user: str) -> None:
    """Neither another role nor the administrator or integrator of another force."""
    with opened(running, user) as browser:
        answer = tries_again(browser, stuck)

    assert answer.status_code in {403, 404}
    assert state_of(running, stuck) == "dead"


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x", "٣"])
def test_what_is_no_delivery_is_not_tried_again(running: LiveServer, stuck: int, number: str) -> None:
    """Whatever is typed into the address."""
    with opened(running, "admin") as browser:
        answer = tries_again(browser, number)

    assert (answer.status_code, "Nothing was done" in answer.text) == (404, True)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("school:900001", "Operation Encompass, to Harrowfield Academy"),
        ("school:999999", "Operation Encompass, to school 999999"),
    ],
)
def test_a_school_is_named_where_it_is_listed(target: str, said: str) -> None:
    """Its number alone tells nobody whom to ring; one that is listed no longer keeps its number."""
    assert target_of(target) == said
