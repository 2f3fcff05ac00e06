"""Somebody of each role at a desk: of two units, of the teams of the force, of another force."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO

import httpx

from sync_server.identity.accounts import Role
from tests.support.builders import UNIT
from tests.support.devices import Browser
from tests.support.meetings import ELSEWHERE
from tests.support.servers import LiveServer
from tests.support.web_pages import words_of

OTHER_FORCE = "another_force"
DESKS: Mapping[str, tuple[Role, str, str]] = {
    "mhet": (Role.MHET, "mhet", ""),
    "fim": (Role.FIM, "control_room", ""),
    "vat": (Role.VAT, "vat", ""),
    "sergeant": (Role.SUPERVISOR, UNIT, ""),
    "sergeant elsewhere": (Role.SUPERVISOR, ELSEWHERE, ""),
    "admin": (Role.ADMIN, "digital", ""),
    "mhet of another force": (Role.MHET, "mhet", OTHER_FORCE),
}


@contextmanager
def every_desk(server: LiveServer) -> Iterator[Mapping[str, Browser]]:
    """A browser for each of them, signed in."""
    desks = {}
    for name, (role, unit, force) in DESKS.items():
        user = name.replace(" ", ".")
        server.add_account(user, role, unit=unit, **({"force": force} if force else {}))
        desks[name] = Browser(server.url)
        desks[name].sign_in(user)
    try:
        yield desks
    finally:
        for desk in desks.values():
            desk.http.close()


def takes(desk: Browser, page: str, file: str, purpose: str, **fields: str) -> httpx.Response:
    """Ask for a list as a file, from the page that offers it."""
    hidden = desk.hidden_in(desk.open(page).text)
    return desk.http.post(file, data={**hidden, "purpose": purpose, **fields})


def read_back(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows of a file that was taken, by their headings."""
    assert answer.status_code == 200, words_of(answer.text)
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))
