"""Handhelds at the console: a lost one is stopped or wiped, and a forgotten PIN needs two who agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection

from booklets.entities import new_id
from booklets.sealing import open_on_device, seal_for_holder
from sync_server.cli import main
from sync_server.handhelds import orders, recovery
from sync_server.handhelds.orders import Decision, Older, Reason, What
from sync_server.identity import devices
from sync_server.identity.accounts import Role
from sync_server.identity.devices import DeviceState
from sync_server.keys.holder import holder_keys
from tests.support.devices import Browser, Handheld, a_client, b64url, from_b64url
from tests.support.servers import FORCE, LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

VAULT, VAULT_KEY = bytes(range(16)), b"k" * 32
KIND = {"Content-Type": "application/vnd.homeward.sealed"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with two administrators, and one of another force."""
    with a_server(tmp_path_factory.mktemp("devices"), no_hurry(), in_a_file=True) as running:
        running.add_account("pc.wells", Role.OFFICER)
        running.add_account("sergeant", Role.SUPERVISOR)
        for user in ("admin.one", "admin.two"):
            running.add_account(user, Role.ADMIN)
        running.add_account("admin.elsewhere", Role.ADMIN, force="another_force")
        yield running


@pytest.fixture
def handheld(server: LiveServer) -> Iterator[Handheld]:
    """A handheld on which PC Wells has signed in."""
    with a_client(server.url) as http:
        found = Handheld(server, http)
        found.enrol()
        found.sign_in("pc.wells")
        yield found


def at_a_desk(server: LiveServer, user: str) -> Browser:
    """A browser in which this person is signed in."""
    browser = Browser(server.url)
    browser.sign_in(user)
    return browser


def sends(browser: Browser, page: str, path: str = "", **fields: str) -> httpx.Response:
    """Fill in a page's form and send it."""
    hidden = browser.hidden_in(browser.open(page).text)
    return browser.http.post(path or page, data={"form_token": hidden["form_token"], **fields})


def test_a_lost_handheld_is_wiped_and_what_it_had_sealed_is_let_count(
    server: LiveServer, handheld: Handheld
) -> None:
    """With a reason, which stays on its page; and a record that it had sealed is not lost."""
    with at_a_desk(server, "admin.one") as desk:
        page = f"/devices/{handheld.id}"
        assert "NYP-0412" in desk.open("/devices").text
        bare = sends(desk, page)
        assert bare.status_code == 422
        for said in ("Say what is to happen", "Say why"):
            assert said in words_of(bare.text)
        other = sends(desk, page, what="wipe", reason="other")
        assert "in one line, without a child’s name" in words_of(other.text)

        done = sends(desk, page, what="wipe", reason="lost", words="left on a train")

        said = words_of(done.text)
        for part in (
            "To be wiped",
            "It is lost",
            "left on a train",
            "PC Hannah Wells",
            "Has not said so yet",
        ):
            assert part in said
        sealed = handheld.seal(handheld.record(record=new_id()))
        took = handheld.send("POST", "/v1/submissions/sealed-before", content=sealed, headers=KIND)
        assert took.status_code == 201
        handheld.send("POST", "/v1/orders/heard", json={"number": 1, "done": True})
        assert "1 sealed before it was stopped, and kept apart" in words_of(desk.open(page).text)
        counted = words_of(sends(desk, page, f"{page}/count").text)
        assert "All of it counts now." in counted
        assert "Did it" in counted
        assert "nothing more that can be done" in counted


def test_an_older_copy_that_was_put_back_stands_on_the_handhelds_page(
    server: LiveServer, handheld: Handheld
) -> None:
    """Until somebody accepts it, which stands there with its reason too."""
    vault = "0f" * 16
    said = {"queued": 0, "app_version": "0.1.0", "older_vault": vault, "older_found": 40}
    assert handheld.send("POST", "/v1/status", json=said).is_success
    with at_a_desk(server, "admin.one") as desk:
        page = f"/devices/{handheld.id}"
        assert f"Of vault {vault}; the copy has seen 40 changes" in words_of(desk.open(page).text)
        assert "accept_older" not in desk.open(page).text
        context = server.context
        why = Decision(what=What.ACCEPT, reason=Reason.CHECKED, words="a spoilt card", by="command line")

        def accept(db: Connection) -> None:
            found = devices.find(db, handheld.id)
            assert found is not None
            orders.accept_older(context, db, found, Older(vault, 40), why, now=context.now())

        context.store.write(accept)
        shown = words_of(desk.open(page).text)
        assert "An older copy of a vault accepted" in shown
        assert "a spoilt card" in shown
        assert "the copy has seen" not in shown


def test_what_a_damaged_vault_holds_up_stands_on_the_handhelds_page(
    server: LiveServer, handheld: Handheld
) -> None:
    """Or an administrator would take a wipe for done, or wait for it without knowing why."""
    said = {"queued": 0, "app_version": "0.1.0", "unreadable": 2}
    assert handheld.send("POST", "/v1/status", json=said).is_success
    with at_a_desk(server, "admin.one") as desk:
        page = f"/devices/{handheld.id}"
        assert "2 of its vaults cannot be read" in words_of(desk.open(page).text)
        sends(desk, page, what="wipe", reason="lost", words="left on a train")

        left = {"number": 1, "done": False, "not_erased": 3}
        assert handheld.send("POST", "/v1/orders/heard", json=left).is_success

        shown = words_of(desk.open(page).text)
        assert "3 of its vaults: damaged, or with something sealed" in shown
        assert "Has not said so yet" in shown
        done = {"number": 1, "done": True, "not_erased": 0}
        assert handheld.send("POST", "/v1/orders/heard", json=done).is_success
        assert "Not erased yet" not in words_of(desk.open(page).text)


def test_a_handheld_is_another_forces_business_there_only(server: LiveServer, handheld: Handheld) -> None:
    """Nor a sergeant's."""
    with at_a_desk(server, "admin.elsewhere") as desk:
        assert "NYP-0412" not in desk.open("/devices").text
        assert desk.open(f"/devices/{handheld.id}").status_code == 404
        token = desk.hidden_in(desk.open("/").text)["form_token"]
        wipe = {"form_token": token, "what": "wipe", "reason": "lost"}
        assert desk.http.post(f"/devices/{handheld.id}", data=wipe).status_code == 404
    with at_a_desk(server, "sergeant") as desk:
        assert desk.open(f"/devices/{handheld.id}").status_code == 403
    with server.context.store.read() as db:
        found = devices.find(db, handheld.id)
    assert found is not None
    assert found.state is DeviceState.ACTIVE


def asks(server: LiveServer, handheld: Handheld) -> dict[str, str]:
    """The officer asks from the pad."""
    to = server.context.keys.directory.recipients((1,))[1]
    question = {
        "vault": b64url(VAULT),
        "officer": handheld.officer,
        "kid": to.kid,
        "sealed": b64url(seal_for_holder(to, VAULT_KEY, VAULT, handheld.officer)),
    }
    said: dict[str, str] = handheld.send("POST", "/v1/recovery", json=question).json()
    return {**question, "code": said["code"]}


def way_to(server: LiveServer, handheld: Handheld) -> str:
    """The address of this handheld's request, which the list leads to."""
    with server.context.store.read() as db:
        rows = recovery.open_ones(db, FORCE, now=server.context.now())
    [row] = [one for one in rows if one["device"] == handheld.id]
    return f"/recoveries/{row['id']}"


def test_a_forgotten_pin_needs_two_administrators(server: LiveServer, handheld: Handheld) -> None:
    """The first types the officer's code and says how they know; the second is somebody else."""
    asked = asks(server, handheld)
    with at_a_desk(server, "admin.one") as first, at_a_desk(server, "admin.two") as second:
        page = way_to(server, handheld)
        assert page in first.open("/devices").text
        wrong = sends(first, page, act="agree", code="BBBB-BBBB", checked="rang_back")
        assert (wrong.status_code, "not the code of this request" in wrong.text) == (422, True)
        assert asked["code"] not in first.open(page).text, "it has to be heard, and cannot be copied"
        once = sends(first, page, act="agree", code=asked["code"], checked="rang_back")
        assert "Another administrator has to agree as well" in words_of(once.text)
        assert "already" in sends(first, page, act="agree").text
        assert "I rang them back" in words_of(second.open(page).text)
        assert "the device can collect it" in words_of(sends(second, page, act="agree").text)
    ready = handheld.send("POST", "/v1/recovery", json=asked).json()
    assert open_on_device(handheld.kem, from_b64url(ready["answer"]), VAULT) == VAULT_KEY


def test_where_the_recovery_key_is_elsewhere_its_holder_brings_it(
    server: LiveServer, handheld: Handheld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page says which command is left; without the key it opens nothing."""
    asked, keys = asks(server, handheld), server.context.settings.keys
    safe = tmp_path / "safe"
    safe.mkdir()
    kept = [path.rename(safe / path.name) for path in sorted(keys.glob("recovery-*.key"))]
    assert holder_keys(keys) == {}
    try:
        with at_a_desk(server, "admin.one") as first, at_a_desk(server, "admin.two") as second:
            page = way_to(server, handheld)
            sends(first, page, act="agree", code=asked["code"], checked="in_person")
            said = words_of(sends(second, page, act="agree").text)
        request = page.rpartition("/")[2]
        assert f"sync-server recovery open {request}" in said
        settings = server.context.settings
        environ = {
            "HOMEWARD_DATA": str(settings.data),
            "HOMEWARD_DATABASE_URL": settings.database_url,
            "HOMEWARD_PUBLIC_ORIGIN": settings.public_origin,
        }
        # The command's clock is this machine's, and the server's stands in March: it is over for both.
        assert main(["recovery", "open", request], environ) == 1
        assert main(["recovery", "list"], environ) == 0
        assert main(["device", "list"], environ) == 0
        assert handheld.id in capsys.readouterr().out
        assert main(["device", "decide", handheld.id, "suspend", "--reason", "lost"], environ) == 0
        assert main(["device", "decide", "nobody", "suspend", "--reason", "lost"], environ) == 1
        assert handheld.send("POST", "/v1/recovery", json=asked).json()["code"] == "device_not_active"
    finally:
        for path in kept:
            path.rename(keys / path.name)


def test_an_administrator_refuses(server: LiveServer, handheld: Handheld) -> None:
    """Whoever asks reads it on the handheld, and may ask again."""
    asked = asks(server, handheld)
    with at_a_desk(server, "admin.one") as desk:
        sends(desk, way_to(server, handheld), act="refuse")
    assert handheld.send("POST", "/v1/recovery", json=asked).json()["state"] == "refused"
