"""What can be looked at over many records, by whoever may open it, each with what it is for."""

from __future__ import annotations

from starlette.responses import Response

from sync_server.console.doors import Seen, page
from sync_server.console.overviews import ListsPage
from sync_server.console.scopes import READERS
from sync_server.identity.accounts import Role

EXPLOITATION = frozenset({Role.MHET})
"""The team that prepares the exploitation meeting, and that councils ask about children in care."""
LISTS = (
    (
        "/police-protection",
        "Police protection in a month",
        "Every use of the power, for the monthly meeting: the grounds, where the child was kept, who was "
        "told when, how it ended, and what was late.",
        READERS,
    ),
    (
        "/schools-not-told",
        "Schools not told",
        "Children whose school was not told before its next day began, and why: for the end of each day.",
        READERS,
    ),
    (
        "/ethnicity",
        "Ethnicity not recorded",
        "Children whose own answer was not recorded, nor why not, so that somebody asks.",
        READERS,
    ),
    (
        "/looked-after",
        "Looked-after children who were missing",
        "By month and council, also as the file for the looked-after-children return.",
        EXPLOITATION,
    ),
    (
        "/exploitation-meeting",
        "Not on the exploitation meeting’s list",
        "Children with a social worker or in care who were missing or marked for exploitation.",
        EXPLOITATION,
    ),
)


def show(seen: Seen) -> Response:
    """The lists that this person may open. No child stands here, so it is not written down."""
    mine = seen.account.person.roles
    lists = tuple((href, name, what) for href, name, what, roles in LISTS if roles & mine)
    return page(ListsPage(**seen.frame("lists"), lists=lists))
