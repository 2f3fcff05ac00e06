"""Signing in on a handheld, staying signed in for a shift, and every way in which that ends."""

from __future__ import annotations

import httpx
import pytest

from booklets.decisions import Outcome
from booklets.records import Record
from sync_server.db.tables import record as register
from sync_server.identity.accounts import Role
from tests.support.colleagues import a_colleague
from tests.support.databases import everything_in
from tests.support.devices import Browser, Handheld
from tests.support.server_data import rows
from tests.support.servers import PASSWORD, LiveServer


def waits_for(server: LiveServer, sent: Record) -> list[str]:
    """Whose answer a record waits for; "" for anybody's of the unit."""
    kept = rows(server.context, register)
    return [str(row["assigned_to"]) for row in kept if row["record"] == str(sent.header.record)]


def test_an_officer_signs_in_by_browser(enrolled: Handheld) -> None:
    """The password is typed in the browser; the handheld gets tokens and who it is."""
    answer = enrolled.sign_in("pc.wells")

    said = answer.json()
    assert answer.status_code == 200
    assert said["officer"]["roles"] == ["officer"]
    assert said["officer"]["unit"] == "scarborough"
    assert said["expires_in"] == 900
    assert said["session_until"] == "2026-03-15T09:04:00Z"
    assert said["offline_until"] == "2026-03-17T21:04:00Z"


def test_while_the_browser_is_not_done_the_handheld_waits(enrolled: Handheld) -> None:
    """202 and nothing in it."""
    flow = enrolled.begin()

    answer = enrolled.poll(flow["flow"])

    assert (answer.status_code, answer.json()) == (202, {"state": "pending"})


def test_the_page_shows_the_handhelds_name_and_code(enrolled: Handheld, server: LiveServer) -> None:
    """So that nobody signs in for somebody else's handheld."""
    flow = enrolled.begin()
    with Browser(server.url) as browser:
        page = browser.open(flow["verification_uri_complete"])

    assert enrolled.name in page.text
    assert flow["user_code"] in page.text
    assert "script" not in page.text.lower()
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_the_page_ends_with_the_way_back(enrolled: Handheld, server: LiveServer) -> None:
    """The officer is not left in a browser."""
    flow = enrolled.begin()
    with Browser(server.url) as browser:
        page = browser.fill_in(
            flow["verification_uri_complete"], user="pc.wells", password=PASSWORD, action="allow"
        )

    assert "You can go back to the app" in page.text


@pytest.mark.parametrize(
    ("user", "password"),
    [
        *(("pc.wells", "wrong"), ("nobody", PASSWORD), ("", "")),
        *((user, PASSWORD) for user in ("analyst.okafor", "pcso.reid", "records.tan", "admin.frost")),
        *(
            (user, PASSWORD)
            for user in ("audit.bell", "systems.lowe", "ds.ferris", "insp.holt", "council.ayre")
        ),
    ],
)
def test_a_sign_in_that_does_not_fit_gives_nothing(
    enrolled: Handheld, server: LiveServer, user: str, password: str
) -> None:
    """Wrong, unknown, empty, or an account that is not for handhelds."""
    flow = enrolled.begin()
    with Browser(server.url) as browser:
        page = browser.fill_in(
            flow["verification_uri_complete"], user=user, password=password, action="allow"
        )

    assert page.status_code == 403
    assert "Not signed in" in page.text
    assert enrolled.poll(flow["flow"]).status_code == 202


def test_a_sign_in_that_is_not_mine_is_stopped(enrolled: Handheld, server: LiveServer) -> None:
    """One press, no password."""
    flow = enrolled.begin()
    with Browser(server.url) as browser:
        browser.fill_in(flow["verification_uri_complete"], action="deny")

    answer = enrolled.poll(flow["flow"])

    assert (answer.status_code, answer.json()["code"]) == (403, "denied")


def test_five_wrong_passwords_end_the_sign_in(enrolled: Handheld, server: LiveServer) -> None:
    """Each flow is worth five guesses."""
    flow = enrolled.begin()
    with Browser(server.url) as browser:
        for _ in range(5):
            browser.fill_in(
                flow["verification_uri_complete"], user="sgt.oyelaran", password="no", action="allow"
            )

    assert enrolled.poll(flow["flow"]).json()["code"] == "denied"


def test_five_wrong_passwords_lock_the_account_for_a_while(enrolled: Handheld, server: LiveServer) -> None:
    """Also for the right password; after five minutes it is open again."""
    server.add_account("pc.locked", Role.OFFICER)
    flow = enrolled.begin()
    with Browser(server.url) as browser:
        for _ in range(5):
            browser.fill_in(
                flow["verification_uri_complete"], user="pc.locked", password="no", action="allow"
            )
    server.limits.sign_in.forget()

    locked = enrolled.sign_in("pc.locked").status_code
    server.clock.later(minutes=5)
    again = enrolled.sign_in("pc.locked").status_code

    assert (locked, again) == (202, 200)


def test_a_form_from_elsewhere_is_refused(enrolled: Handheld, server: LiveServer) -> None:
    """Another site cannot make this browser sign in."""
    flow = enrolled.begin()
    with httpx.Client() as elsewhere:
        answer = elsewhere.post(
            flow["verification_uri_complete"],
            data={"user": "pc.wells", "password": PASSWORD, "action": "allow", "form_token": "x" * 43},
        )

    assert answer.status_code == 403
    assert enrolled.poll(flow["flow"]).status_code == 202


def test_a_flow_is_over_after_five_minutes(enrolled: Handheld, server: LiveServer) -> None:
    """For the handheld and for the browser."""
    flow = enrolled.begin()
    server.clock.later(minutes=5)

    with Browser(server.url) as browser:
        page = browser.open(flow["verification_uri_complete"])
    answer = enrolled.poll(flow["flow"])

    assert page.status_code == 410
    assert (answer.status_code, answer.json()["code"]) == (410, "flow_over")


def test_tokens_are_given_once(enrolled: Handheld, server: LiveServer) -> None:
    """Whoever asks second gets nothing."""
    enrolled.sign_in("pc.wells")
    flow = enrolled.begin()
    with Browser(server.url) as browser:
        browser.fill_in(
            flow["verification_uri_complete"], user="pc.wells", password=PASSWORD, action="allow"
        )
    enrolled.poll(flow["flow"])

    again = enrolled.poll(flow["flow"])

    assert (again.status_code, again.json()["code"]) == (410, "flow_over")


def test_a_flow_belongs_to_the_handheld_that_began_it(enrolled: Handheld, server: LiveServer) -> None:
    """Another enrolled handheld that learns its name cannot collect it."""
    flow = enrolled.begin()
    with Browser(server.url) as browser:
        browser.fill_in(
            flow["verification_uri_complete"], user="pc.wells", password=PASSWORD, action="allow"
        )
    other = Handheld(server, enrolled.http)
    other.enrol()

    theirs, ours = other.poll(flow["flow"]), enrolled.poll(flow["flow"])

    assert (theirs.status_code, theirs.json()["code"]) == (410, "flow_over")
    assert ours.status_code == 200


def test_a_token_without_its_devices_key_is_worth_nothing(signed_in: Handheld, server: LiveServer) -> None:
    """T9: a stolen token, sent by another enrolled handheld."""
    thief = Handheld(server, signed_in.http)
    thief.enrol()
    thief.access = signed_in.access

    answer = thief.as_officer("GET", "/v1/changes")

    assert (answer.status_code, answer.json()["code"]) == (401, "session_over")


@pytest.mark.parametrize("minutes", [15, 60])
def test_an_access_token_lasts_minutes(signed_in: Handheld, server: LiveServer, minutes: int) -> None:
    """Then the handheld refreshes, without the officer."""
    server.clock.later(minutes=minutes)

    before = signed_in.as_officer("GET", "/v1/changes")
    refreshed = signed_in.refreshed()
    after = signed_in.as_officer("GET", "/v1/changes")

    assert before.json()["code"] == "session_over"
    assert (refreshed.status_code, after.status_code) == (200, 200)


def test_a_session_lasts_a_shift(signed_in: Handheld, server: LiveServer) -> None:
    """Twelve hours, however often it was refreshed."""
    server.clock.later(hours=11, minutes=59)
    in_time = signed_in.refreshed().status_code
    server.clock.later(minutes=1)

    assert in_time == 200
    assert signed_in.refreshed().json()["code"] == "session_over"


def test_a_refresh_token_used_after_its_successor_ends_the_session(signed_in: Handheld) -> None:
    """Two hold the same token, so one of them should not: both are signed out."""
    stolen = signed_in.refresh
    signed_in.refreshed()
    assert signed_in.as_officer("GET", "/v1/changes").status_code == 200

    replay = signed_in.refreshed(stolen)
    after = signed_in.as_officer("GET", "/v1/changes")

    assert (replay.status_code, replay.json()["code"]) == (401, "session_over")
    assert (after.status_code, after.json()["code"]) == (401, "session_over")


def test_a_lost_answer_to_a_refresh_costs_nothing(signed_in: Handheld) -> None:
    """The successor never arrived and was never used: the same token may ask once more."""
    token = signed_in.refresh
    signed_in.send("POST", "/v1/auth/refresh", json={"refresh_token": token})

    again = signed_in.refreshed(token)

    assert again.status_code == 200
    assert signed_in.as_officer("GET", "/v1/changes").status_code == 200


def test_the_successor_that_was_given_up_is_not_good_beside_the_new_one(signed_in: Handheld) -> None:
    """Of two answers to one refresh token only the later counts."""
    token = signed_in.refresh
    lost = signed_in.send("POST", "/v1/auth/refresh", json={"refresh_token": token}).json()
    signed_in.refreshed(token)

    answer = signed_in.refreshed(lost["refresh_token"])

    assert answer.json()["code"] == "session_over"


def test_signing_out_ends_the_session(signed_in: Handheld) -> None:
    """Both tokens are worth nothing afterwards."""
    out = signed_in.as_officer("DELETE", "/v1/auth/session")

    assert out.status_code == 200
    assert signed_in.as_officer("GET", "/v1/changes").json()["code"] == "session_over"
    assert signed_in.refreshed().json()["code"] == "session_over"


def test_what_was_sent_back_to_whoever_signs_out_is_offered_to_their_unit(
    enrolled: Handheld, server: LiveServer
) -> None:
    """At once: the next shift need not wait until somebody looks."""
    server.add_account("pc.okoro", Role.OFFICER)
    enrolled.sign_in("pc.okoro")
    sent = enrolled.record()
    assert enrolled.submit(enrolled.seal(sent)).status_code == httpx.codes.CREATED
    sergeant = a_colleague(server.context, "sgt.marsh", Role.SUPERVISOR, unit="scarborough")
    sergeant.decided(sent, outcome=Outcome.RETURN)
    before = waits_for(server, sent)

    enrolled.as_officer("DELETE", "/v1/auth/session")

    assert before == [enrolled.officer]
    assert waits_for(server, sent) == [""]


def test_two_officers_share_a_handheld(signed_in: Handheld) -> None:
    """The second to sign in does not sign out the first."""
    first = signed_in.access
    signed_in.sign_in("sgt.oyelaran")

    signed_in.access, second = first, signed_in.access
    answers = [signed_in.as_officer("GET", "/v1/changes").status_code]
    signed_in.access = second
    answers.append(signed_in.as_officer("GET", "/v1/changes").status_code)

    assert answers == [200, 200]


def test_no_secret_lies_readable_in_the_database(signed_in: Handheld, server: LiveServer) -> None:
    """Tokens, codes and passwords are there as hashes only."""
    code = server.invite()
    server.context.store.write(lambda db: None)
    data = everything_in(server.context)

    secrets = [signed_in.access, signed_in.refresh, code, PASSWORD]
    assert [secret for secret in secrets if secret.encode() in data] == []
    assert signed_in.id.encode() in data
