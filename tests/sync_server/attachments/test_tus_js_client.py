"""A client of tus that is not ours brings photographs through a line that is cut again and again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from faults.fault_proxy import FaultProxy
from faults.tus_peer import Job, bring
from sync_server.identity.accounts import Role
from tests.support.devices import Handheld, a_client
from tests.support.photographs import Camera
from tests.support.servers import FORCE, a_server, no_hurry

pytestmark = pytest.mark.thorough


def test_every_photograph_arrives_whole_and_nothing_else_is_called_complete(tmp_path: Path) -> None:
    """Each request is cut somewhere, up or down; the client asks how far it is, and goes on from there."""
    proxy = FaultProxy(seed=5, up_bytes=60_000)
    with a_server(tmp_path, no_hurry()) as server, a_client(server.url) as http:
        server.add_account("pc.wells", Role.OFFICER)
        handheld = Handheld(server, http)
        handheld.enrol()
        handheld.sign_in("pc.wells")
        camera = Camera(handheld)
        record, photographs = camera.record_with(*(os.urandom(150_000 + n) for n in range(4)))
        camera.submit(record)
        proxy.start(int(server.url.rpartition(":")[2]))
        own = {"device": handheld.id, "access": handheld.access}
        jobs = [Job.of(one, tmp_path, key=handheld.key, **own) for one in photographs]
        try:
            said = bring(
                jobs,
                port=proxy.port,
                origin=server.url,
                piece=20_000,
                now=int(server.clock().timestamp()),
            )
        finally:
            proxy.stop()

        assert said == {one.name: "" for one in photographs}
        assert min(proxy.up, proxy.down) > 0, "nothing was cut"
        for one in photographs:
            with server.context.place.open(FORCE, one.listed.sha256) as file:
                assert file.read() == one.sealed
