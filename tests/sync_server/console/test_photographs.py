"""Photographs at the console: for whoever may read the record, one at a time, each look written down."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from booklets.records import Record
from sync_server.db.tables import audit
from sync_server.identity.accounts import Role
from tests.support.devices import Browser, Handheld, a_client
from tests.support.photographs import Camera, Photograph, a_picture
from tests.support.servers import LiveServer

PICTURE, OTHER = a_picture(320, 240), a_picture(shade=200)


@dataclass
class Night:
    """A return that lists three: a photograph that came, one that has not, and what is no picture."""

    record: Record
    came: Photograph
    awaited: Photograph
    no_picture: Photograph = field(repr=False)

    def path(self, one: Photograph) -> str:
        """Where one of them is looked at."""
        return f"/records/{self.record.header.record}/photographs/{one.name}"


@pytest.fixture(scope="module")
def night(running: LiveServer) -> Night:
    """PC Wells sends a return, and the line ends after two of three."""
    running.add_account("sgt.near", Role.SUPERVISOR)
    running.add_account("sgt.far", Role.SUPERVISOR, unit="york_response")
    with a_client(running.url) as http:
        handheld = Handheld(running, http)
        handheld.enrol()
        handheld.sign_in("pc.wells")
        camera = Camera(handheld)
        record, [came, awaited, no_picture] = camera.record_with(
            PICTURE, OTHER, b"<script>alert(1)</script>"
        )
        assert camera.submit(record).status_code == 201
        for one in (came, no_picture):
            assert camera.bring(one).headers["Homeward-Receipt"]
    return Night(record, came, awaited, no_picture)


def looks(server: LiveServer, record: Record) -> list[dict[str, object]]:
    """Who looked at a photograph of this record."""
    query = select(audit).where(
        audit.c.record == str(record.header.record), audit.c.what == "photograph_viewed"
    )
    with server.context.store.read() as db:
        return [dict(row) for row in db.execute(query).mappings()]


def test_the_record_says_which_photographs_are_here_and_draws_none(desk: Browser, night: Night) -> None:
    """Nobody is shown a photograph who has not asked for that one."""
    text = desk.open(f"/records/{night.record.header.record}").text

    assert "Awaiting photographs: 2 of 3 here" in text
    assert text.count("Still on the device") == 1
    assert night.path(night.came) in text
    assert "<img" not in text


def test_the_register_says_that_photographs_are_awaited(desk: Browser, night: Night) -> None:
    """Beside what else should be seen before the record is opened."""
    assert "Awaiting photographs: 2 of 3 here" in desk.open("/register").text


def test_a_photograph_is_given_as_it_was_taken_and_kept_by_no_browser(desk: Browser, night: Night) -> None:
    """With headers that let nothing in it run, and nothing guess what it is."""
    answer = desk.open(f"{night.path(night.came)}/file")

    assert answer.content == PICTURE
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"].startswith('inline; filename="HW-')


def test_the_page_around_it_names_it_and_leads_on(desk: Browser, night: Night) -> None:
    """For whoever cannot see it too."""
    text = desk.open(night.path(night.came)).text

    assert "Photograph 1 of 3" in text
    assert f'src="{night.path(night.came)}/file"' in text
    assert "The officer wrote nothing beside it" in text
    assert night.path(night.awaited) in text  # the next one


def test_each_look_is_written_down_with_who_and_what_for(
    desk: Browser, night: Night, server: LiveServer
) -> None:
    """Data Protection Act 2018, section 62; the page alone, which shows nothing, is none."""
    before = len(looks(server, night.record))
    desk.open(night.path(night.came))
    assert len(looks(server, night.record)) == before

    desk.open(f"{night.path(night.came)}/file")

    newest = looks(server, night.record)[-1]
    assert newest["detail"] == {"rev": 1, "why": "duty", "attachment": night.came.name}
    assert "Looked at a photograph" in desk.open(f"/records/{night.record.header.record}").text


def test_what_has_not_come_says_where_it_is(desk: Browser, night: Night) -> None:
    """And no look is written down where nothing was seen."""
    page, file = desk.open(night.path(night.awaited)), desk.open(f"{night.path(night.awaited)}/file")

    assert "still on the device" in page.text
    assert (page.status_code, file.status_code) == (200, 404)


def test_what_is_no_picture_is_drawn_by_no_browser(desk: Browser, night: Night) -> None:
    """Whatever a handheld calls it: only its first bytes count."""
    page, file = desk.open(night.path(night.no_picture)), desk.open(f"{night.path(night.no_picture)}/file")

    assert "<img" not in page.text
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(("user", "status"), [("sgt.near", 200), ("sgt.far", 404), ("mhet.elsewhere", 404)])
def test_whoever_may_not_read_the_record_looks_at_none_of_its_photographs(
    server: LiveServer, night: Night, user: str, status: int
) -> None:
    """Another unit, another force: there is no such photograph, for them."""
    with Browser(server.url) as browser:
        browser.sign_in(user)
        answers = [browser.open(path) for path in (night.path(night.came), f"{night.path(night.came)}/file")]

    assert [answer.status_code for answer in answers] == [status, status]


@pytest.mark.parametrize("name", ["0195952b-2f6a-7c11-8e54-1f0f6d1c0a01", "nothing", "..%2f..%2fkeys"])
def test_a_photograph_that_the_record_does_not_list_is_not_there(
    desk: Browser, night: Night, name: str
) -> None:
    """Nor is any other file of the server."""
    for ending in ("", "/file"):
        assert (
            desk.open(f"/records/{night.record.header.record}/photographs/{name}{ending}").status_code == 404
        )


def test_bytes_that_were_changed_where_they_lie_are_not_shown(
    server: LiveServer, desk: Browser, night: Night
) -> None:
    """The bytes lie in a folder or a bucket: whoever can write there shows nothing of theirs here."""
    place = server.context.place
    force, total = night.record.header.force, night.came.listed.sha256
    whole = night.came.sealed
    path = server.context.settings.data / "attachments" / force / total[:2] / total
    path.write_bytes(whole[:-100] + bytes(100))
    try:
        page, file = desk.open(night.path(night.came)), desk.open(f"{night.path(night.came)}/file")
    finally:
        place.keep(force, total, [whole])

    assert "does not open" in page.text
    assert file.status_code == 404
    assert PICTURE[:100] not in file.content
