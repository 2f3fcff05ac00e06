"""Every refusal that has been written has a status, a code of its own, and words."""

from __future__ import annotations

import importlib
import pkgutil

import booklets
import sync_server
from booklets.errors import BookletError
from booklets.sealing import RequestRefused
from sync_server.api.refusals import NEVER_OVER_HTTP, STATUS
from sync_server.console.routes import ADDRESSES as CONSOLE


def all_below(kind: type[BookletError]) -> set[type[BookletError]]:
    """Collect every kind of refusal that the core and the server have, however deep."""
    found = {kind} | {deeper for child in kind.__subclasses__() for deeper in all_below(child)}
    return {one for one in found if one.__module__.startswith(("booklets", "sync_server"))}


def everything() -> set[type[BookletError]]:
    """Import all there is, so that nothing hides in a module that nobody has imported yet."""
    for package in (booklets, sync_server):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    return all_below(BookletError)


def test_no_refusal_has_been_forgotten() -> None:
    """A new refusal must be given a status, or be one that no request can cause."""
    assert everything() - NEVER_OVER_HTTP - STATUS.keys() == set()
    assert set(STATUS) & NEVER_OVER_HTTP == set()


def test_codes_are_distinct() -> None:
    """The app tells refusals apart by their code."""
    kinds = everything() - {RequestRefused}  # has a code for each instance

    assert len({kind.code for kind in kinds}) == len(kinds)


def test_every_page_says_for_whom_it_is() -> None:
    """Only signing in and the style sheet are for anybody."""
    for_anybody = {address.path for address in CONSOLE if not address.roles}

    assert for_anybody == {
        "/static/console.css",
        "/static/govuk-frontend.css",
        "/sign-in",
        "/sign-in/{flow}",
        "/force-account",
        "/force-account/back",
    }
