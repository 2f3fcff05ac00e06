"""Whoever watches the server sees by name what is wrong, and figures in which nobody is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from sync_server import checkpoints, health
from sync_server.app import create_app
from sync_server.backups import make
from sync_server.context import Context
from sync_server.health import ready
from sync_server.intake import take_in
from sync_server.listening import Listening
from tests.support.builders import FORCE, a_return
from tests.support.devices import a_client
from tests.support.server_data import Clock, Handheld
from tests.support.servers import serving

WORD = "a-word-that-only-prometheus-has"


@pytest.fixture
def watched(context: Context) -> Iterator[httpx.Client]:
    """A client of a server that has figures for whoever shows the word."""
    settings = replace(context.settings, listening=Listening(metrics_token=WORD))
    with (
        serving(create_app(replace(context, settings=settings), force=FORCE)) as url,
        a_client(url) as client,
    ):
        yield client


def figures(client: httpx.Client, word: str = WORD) -> dict[str, float]:
    """Each figure by its name and labels."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {word}"})
    assert answer.status_code == httpx.codes.OK
    lines = (line for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def says(context: Context) -> dict[str, str]:
    """What is not well, by its name."""
    return {one.name: one.says for one in health.look(context) if not one.is_well}


def test_a_server_that_has_everything_is_ready(watched: httpx.Client) -> None:
    """It lives, and each thing that it needs is well."""
    assert watched.get("/health").json() == {"ok": True}
    answer = watched.get("/ready")
    names = ("database", "migrations", "disk", "keys")
    assert (answer.status_code, answer.json()) == (
        200,
        {"ready": True, "checks": dict.fromkeys(names, "ok")},
    )


def test_what_is_missing_is_said_by_its_name(
    context: Context, clock: Clock, watched: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the answer is one that takes a server out of turn."""
    monkeypatch.setattr(ready, "LEAST_FREE", 1 << 60)
    assert says(context)["disk"].endswith("MiB are free")
    assert watched.get("/ready").status_code == 503
    monkeypatch.undo()

    clock.at += timedelta(days=3 * 365)
    assert says(context) == {"keys": "the key directory is over, or not good yet"}


def test_a_database_of_another_version_is_not_ready(context: Context) -> None:
    """Somebody put an older copy under a running server."""

    def moved(to: str) -> None:
        change = text("UPDATE alembic_version SET version_num = :to")
        context.store.write(lambda db: db.execute(change, {"to": to}).rowcount)

    with context.store.read() as db:
        newest = db.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    moved("0001")
    try:
        assert says(context) == {"migrations": "the database is of another version than this server"}
    finally:
        moved(newest)


def test_figures_are_for_whoever_shows_the_word(context: Context, watched: httpx.Client) -> None:
    """Nobody else; and where none was set there is no such page."""
    assert watched.get("/metrics").status_code == 401
    assert watched.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 401
    with serving(create_app(context, force=FORCE)) as url, a_client(url) as client:
        assert client.get("/metrics").status_code == 404


def test_what_waits_is_counted_by_unit_and_kind_and_nobody_is_named(
    context: Context, clock: Clock, handheld: Handheld, watched: httpx.Client, tmp_path: Path
) -> None:
    """One record that waits, what is owed because of it, and no backup yet."""
    record = a_return()
    take_in(context, handheld.seal(record), sender=handheld.sender)
    clock.at += timedelta(minutes=10)
    found = figures(watched)

    unit = record.header.unit
    assert found[f'homeward_waiting_for_supervisor{{late="no",unit="{unit}"}}'] == 1
    assert found[f'homeward_waiting_oldest_seconds{{late="no",unit="{unit}"}}'] == 600
    assert found['homeward_outbox_oldest_seconds{system="local_authority"}'] == 600
    assert found["homeward_dead_letters"] == 0
    assert found["homeward_backup_age_seconds"] == found["homeward_checkpoint_age_seconds"] == float("inf")
    assert found["homeward_audit_unsigned"] > 0
    assert 720 < found["homeward_keys_left_seconds"] / 86_400 < 731

    make(context, tmp_path / "backups")
    checkpoints.make(context)
    clock.at += timedelta(hours=1)
    found = figures(watched)
    assert found["homeward_backup_age_seconds"] == found["homeward_checkpoint_age_seconds"] == 3600
    assert found["homeward_audit_unsigned"] == 0
    said = str(found)
    for named in (str(record.header.record), handheld.officer, handheld.device, "Okoro"):
        assert named not in said


def test_requests_are_counted_by_route_and_never_by_what_they_are_about(watched: httpx.Client) -> None:
    """The number of a record stands in an address, and in no figure."""
    watched.get("/v1/hello")
    watched.get("/v1/records/018f0000-0000-7000-8000-000000000001")
    watched.get("/console/records/018f0000-0000-7000-8000-000000000001")
    found = figures(watched)

    assert found['homeward_requests_total{route="/v1/hello",status="2xx"}'] == 1
    assert found['homeward_request_seconds_count{route="/v1/records"}'] == 1
    assert found['homeward_requests_total{route="console",status="4xx"}'] == 1
    assert "018f" not in str(found)
