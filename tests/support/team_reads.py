"""A record that an officer sent, as the missing-from-home team reads it at the console."""

from __future__ import annotations

from pathlib import Path

from booklets.records import Record
from sync_server.identity.accounts import Role
from tests.support.builders import NIGHT, a_return
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.servers import a_server, no_hurry
from tests.support.web_pages import words_of


def as_the_team_reads(folder: Path, record: Record) -> str:
    """Every word of its page. It was sent after a return of the same night."""
    with a_server(folder, no_hurry()) as server:
        server.clock.at = NIGHT
        officer = a_colleague(server.context, "pc.okoro")
        officer.sent(a_return())
        made = officer.sent(record)
        server.add_account("mhet", Role.MHET)
        desk = Browser(server.url)
        try:
            desk.sign_in("mhet")
            return words_of(desk.open(f"/records/{made.header.record}").text)
        finally:
            desk.http.close()
