"""What several records show together stands before the exploitation team, with the place it is about."""

from __future__ import annotations

from sync_server.across import look
from tests.support.again import ANA, KIT, a_night
from tests.support.builders import a_place, an_id
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.servers import LiveServer


def test_the_team_reads_which_place_comes_up_again(server: LiveServer, desk: Browser) -> None:
    """And has to say who owns it before the task is over."""
    now = server.context.now()
    officer = a_colleague(server.context, "pc.across")
    for name, child in (("a", KIT), ("b", ANA)):
        place = a_place(
            an_id(f"row {name}"),
            now,
            name="",
            street="14 Invented Row",
            postcode="HG1 9ZZ",
            place_type="other",
        )
        officer.sent(a_night(f"console {name}", now, place=place, child=child))
    look(server.context)

    listed = desk.open("/tasks").text

    assert "A place that comes up again" in listed
    assert "14 Invented Row, Harrogate, North Yorkshire, HG1 9ZZ" in listed
