"""Signing in with a force account in a real browser, at a real provider (npm's oidc-provider)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from house.assets import AXE
from sync_server.force_accounts.provider import BACK
from sync_server.identity.accounts import Role
from tests.support.browser import DESK
from tests.support.devices import Handheld, a_client
from tests.support.force_provider import RealProvider, a_provider, provider_at
from tests.support.servers import LiveServer, a_server, no_hurry

pytestmark = pytest.mark.journey


def at_the_provider(page: Page, provider: RealProvider, name: str) -> None:
    """Fill in the provider's own forms: who one is, and that it may tell us."""
    expect(page).to_have_url(re.compile(f"^{provider.issuer}/interaction/"))
    page.get_by_placeholder("Enter any login").fill(name)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def nothing_is_wrong(page: Page) -> None:
    """No part of this page keeps anybody out."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []


def test_a_press_at_a_desk_and_on_a_phone_leads_there_and_back(browser: Browser, tmp_path: Path) -> None:
    """A real browser holds forms to our own addresses, and still goes on to the force's page by itself."""
    with (
        a_provider() as provider,
        a_server(tmp_path, no_hurry(), provider=provider_at(provider.issuer)) as server,
    ):
        provider.back_to = (server.url + BACK,)
        provider.start()
        server.clock.at = datetime.now(UTC)
        server.add_account("mhet.hale", Role.MHET)
        server.add_account("pc.wells", Role.OFFICER)
        _at_a_desk(browser, server, provider)
        _on_a_handheld(browser, server, provider)


def _at_a_desk(browser: Browser, server: LiveServer, provider: RealProvider) -> None:
    with browser.new_context(viewport={"width": DESK[0], "height": DESK[1]}, bypass_csp=False) as context:
        page = context.new_page()
        page.goto(f"{server.url}/sign-in")
        page.get_by_label("What you are here for").first.select_option(label="Daily meeting")
        page.get_by_role("button", name="Sign in with your force account").click()
        at_the_provider(page, provider, "hale")
        expect(page).to_have_url(f"{server.url}/register")
        expect(page.get_by_text("PC Hannah Wells", exact=True)).to_be_visible()


def _on_a_handheld(browser: Browser, server: LiveServer, provider: RealProvider) -> None:
    with a_client(server.url) as http, browser.new_context(bypass_csp=False) as context:
        handheld = Handheld(server, http)
        handheld.enrol()
        flow = handheld.begin()
        page = context.new_page()
        page.goto(flow["verification_uri_complete"])
        expect(page.get_by_text(flow["user_code"])).to_be_visible()
        page.get_by_role("button", name="Sign in with your force account").click()
        at_the_provider(page, provider, "wells")
        expect(page.get_by_text("you are signed in on NYP-0412")).to_be_visible()
        assert handheld.poll(flow["flow"]).status_code == 200


def test_its_pages_keep_nobody_out(browser: Browser, tmp_path: Path) -> None:
    """Both sign-in pages with a force account first, the page between, and a refusal."""
    with (
        a_provider() as provider,
        a_server(tmp_path, no_hurry(), provider=provider_at(provider.issuer)) as server,
        a_client(server.url) as http,
        browser.new_context(bypass_csp=True) as context,
    ):
        handheld = Handheld(server, http)
        handheld.enrol()
        page = context.new_page()
        for address in ("/sign-in", handheld.begin()["verification_uri_complete"], BACK):
            page.goto(server.url + address if address.startswith("/") else address)
            for local in page.locator("summary").all():
                local.click()
            nothing_is_wrong(page)
