"""A record says how many of its photographs are here, waits for none, and late ones are asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from booklets.records import Record
from booklets.signatures import SIGNATURE
from sync_server import attachments, audit
from sync_server.attachments import Standing, watching
from sync_server.attachments.uploads import KEPT_FOR
from sync_server.context import Context
from sync_server.db.attachments import kept
from sync_server.db.owed import delivery, feed_item, task
from sync_server.db.tables import record as register
from sync_server.db.tables import record_key
from sync_server.intake import take_in
from sync_server.keeping import NotKept
from sync_server.keeping.in_bucket import KeptInBucket
from sync_server.retention.destroying import destroy_due
from sync_server.settings import Bucket
from tests.support.builders import NIGHT, a_return, next_revision
from tests.support.photographs import Photograph, a_photograph, a_picture, brought, listing
from tests.support.server_data import Clock, Handheld, rows

FIRST, SECOND = a_picture(shade=10), a_picture(shade=20)


def standing(context: Context, record: Record) -> Standing | None:
    """How it stands with the attachments of a record."""
    name = str(record.header.record)
    with context.store.read() as db:
        return attachments.standing_of(db, [name]).get(name)


def late_tasks(context: Context) -> list[dict[str, Any]]:
    """What somebody was asked because photographs had not come."""
    return [dict(row) for row in rows(context, task) if row["kind"] == "await_attachments"]


@pytest.fixture
def photographs(context: Context, handheld: Handheld) -> list[Photograph]:
    """Two photographs of a return that was received and lists them."""
    plain = a_return()
    taken = [a_photograph(context, handheld, plain, content) for content in (FIRST, SECOND)]
    take_in(context, handheld.seal(listing(plain, *taken)), sender=handheld.sender)
    return taken


def test_a_record_says_how_many_of_its_photographs_are_here(
    context: Context, handheld: Handheld, photographs: list[Photograph]
) -> None:
    """None, one of two, both: as it stands at that moment."""
    record = a_return()
    assert standing(context, record) == Standing(0, 2)

    brought(context, handheld, photographs[0])
    assert standing(context, record) == Standing(1, 2)

    brought(context, handheld, photographs[1])
    assert standing(context, record) == Standing(2, 2)


def test_drawn_signatures_are_counted_apart_among_them(context: Context, handheld: Handheld) -> None:
    """By what the manifest calls them."""
    plain = a_return()
    photo, drawn = (a_photograph(context, handheld, plain, content) for content in (FIRST, SECOND))
    drawn = replace(drawn, listed=replace(drawn.listed, kind=SIGNATURE))
    take_in(context, handheld.seal(listing(plain, photo, drawn)), sender=handheld.sender)
    assert standing(context, plain) == Standing(0, 2, 0, 1)

    brought(context, handheld, drawn)
    assert standing(context, plain) == Standing(1, 2, 1, 1)


def test_the_author_hears_of_each_photograph_and_the_record_stands_where_it_stood(
    context: Context, handheld: Handheld, photographs: list[Photograph]
) -> None:
    """A handheld takes the newest state that it is told for the record's own: this news has none."""
    for one in photographs:
        brought(context, handheld, one)

    told = [row["detail"] for row in rows(context, feed_item) if row["kind"] == "status"]
    assert [one.get("state") for one in told] == ["received", None, None]  # type: ignore[attr-defined]
    assert [one["attachments"]["here"] for one in told] == [0, 1, 2]  # type: ignore[index]


def test_nothing_that_must_leave_at_once_waits_for_a_photograph(
    context: Context, handheld: Handheld
) -> None:
    """The council hears of the return at the same moment, photographs or none."""
    plain = a_return()
    take_in(
        context,
        handheld.seal(listing(plain, a_photograph(context, handheld, plain, FIRST))),
        sender=handheld.sender,
    )

    owed = {row["target"]: row["state"] for row in rows(context, delivery)}
    assert {str(name).partition(":")[0] for name in owed} == {"local_authority", "force_records"}
    assert set(owed.values()) == {"due"}


def test_photographs_that_do_not_come_are_asked_about_once(
    context: Context, clock: Clock, photographs: list[Photograph]
) -> None:
    """After the force's time, which is a day where it has set none: of the unit's supervisors."""
    clock.at = NIGHT + timedelta(hours=23)
    watching.look_once(context)
    assert late_tasks(context) == []

    clock.at = NIGHT + timedelta(hours=25)
    watching.look_once(context)
    watching.look_once(context)

    [asked] = late_tasks(context)
    assert (asked["owner_role"], asked["status"]) == ("supervisor", "open")
    assert asked["unit"] == a_return().header.unit


def test_the_last_photograph_closes_what_was_asked(
    context: Context, handheld: Handheld, clock: Clock, photographs: list[Photograph]
) -> None:
    """One of two does not."""
    clock.at = NIGHT + timedelta(hours=25)
    watching.look_once(context)

    brought(context, handheld, photographs[0])
    assert [one["status"] for one in late_tasks(context)] == ["open"]

    brought(context, handheld, photographs[1])
    assert [(one["status"], one["outcome"]) for one in late_tasks(context)] == [
        ("done", "All photographs came")
    ]


def test_nobody_is_asked_about_what_was_withdrawn(
    context: Context, handheld: Handheld, clock: Clock, photographs: list[Photograph]
) -> None:
    """The author has taken the record back."""
    again = next_revision(a_return(), {})
    taken_back = replace(again, header=replace(again.header, void_reason="the wrong child"))
    take_in(context, handheld.seal(taken_back), sender=handheld.sender)
    clock.at = NIGHT + timedelta(hours=25)

    watching.look_once(context)

    assert late_tasks(context) == []


def test_nobody_is_asked_for_photographs_of_a_child_who_has_died(
    context: Context, handheld: Handheld, clock: Clock, photographs: list[Photograph]
) -> None:
    """R-50: nothing goes on by itself."""
    died = {"ret.condition": ("deceased",)}
    take_in(context, handheld.seal(next_revision(a_return(), died)), sender=handheld.sender)
    with context.store.read() as db:
        assert db.execute(select(register.c.risk)).scalar_one() == 0
    clock.at = NIGHT + timedelta(hours=25)

    watching.look_once(context)

    assert late_tasks(context) == []


def test_a_revision_that_lists_the_same_photographs_asks_for_none_again(
    context: Context, handheld: Handheld, photographs: list[Photograph]
) -> None:
    """They are here: a correction of a word brings them back to nobody's list."""
    for one in photographs:
        brought(context, handheld, one)
    first = listing(a_return(), *photographs)
    take_in(
        context, handheld.seal(next_revision(first, {"ret.medical_needed": "yes"})), sender=handheld.sender
    )

    assert standing(context, a_return()) == Standing(2, 2)


def test_what_arrived_is_a_line_of_the_records_chain(
    context: Context, handheld: Handheld, photographs: list[Photograph]
) -> None:
    """Which, from where, by whom; and the chain holds."""
    brought(context, handheld, photographs[0])

    with context.store.read() as db:
        lines = [
            row
            for row in audit.entries_of(db, str(photographs[0].record))
            if row["what"] == "attachment_arrived"
        ]
    [line] = lines
    assert line["detail"]["attachment"] == photographs[0].name
    assert (line["who"], line["detail"]["device"]) == (handheld.officer, handheld.device)
    assert audit.verify_audit(context).broken == ()


def test_what_no_record_lists_goes_after_a_month_and_what_one_lists_stays(
    context: Context, handheld: Handheld, clock: Clock, photographs: list[Photograph]
) -> None:
    """Its bytes too."""
    brought(context, handheld, photographs[0])
    stray = a_photograph(context, handheld, a_return(), a_picture(shade=30))
    handheld.sender  # noqa: B018 - signs in
    brought(context, handheld, stray)
    clock.at = NIGHT + KEPT_FOR + timedelta(hours=1)

    watching.look_once(context)

    assert {row["attachment"] for row in rows(context, kept)} == {photographs[0].name}
    context.place.open(handheld.force, photographs[0].listed.sha256).close()
    with pytest.raises(NotKept):
        context.place.open(handheld.force, stray.listed.sha256)


def test_nothing_goes_that_belongs_to_what_waits_for_a_person(
    context: Context, handheld: Handheld, clock: Clock
) -> None:
    """A second version of a record may yet be the one that counts, with its photographs."""
    first = a_return()
    take_in(context, handheld.seal(first), sender=handheld.sender)
    take_in(
        context, handheld.seal(next_revision(first, {"ret.medical_needed": "yes"})), sender=handheld.sender
    )
    other = next_revision(first, {"ret.medical_needed": "no"})
    taken = a_photograph(context, handheld, other, FIRST)
    take_in(context, handheld.seal(listing(other, taken)), sender=handheld.sender)
    brought(context, handheld, taken)
    clock.at = NIGHT + KEPT_FOR + timedelta(hours=1)

    watching.look_once(context)

    context.place.open(handheld.force, taken.listed.sha256).close()


def test_photographs_go_with_a_record_that_is_destroyed(
    context: Context, handheld: Handheld, photographs: list[Photograph]
) -> None:
    """Its key is gone, so nobody reads it any more: what was seen in it is not left behind."""
    brought(context, handheld, photographs[0])
    context.store.write(lambda db: db.execute(record_key.delete()))

    watching.look_once(context)

    assert rows(context, kept) == []
    with pytest.raises(NotKept):
        context.place.open(handheld.force, photographs[0].listed.sha256)


def test_what_cannot_be_removed_just_now_is_removed_at_a_later_look(
    context: Context,
    handheld: Handheld,
    photographs: list[Photograph],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The bucket is away: the server goes on, and forgets nothing before the bytes are gone."""
    brought(context, handheld, photographs[0])
    context.store.write(lambda db: db.execute(record_key.delete()))
    nowhere = Bucket(name="nobody-made-this", endpoint="http://127.0.0.1:9", key=("id", "secret"))

    away = replace(context, place=KeptInBucket.at(nowhere))
    assert watching.look_once(away) == 0
    assert len(rows(context, kept)) == 1
    with monkeypatch.context() as at_most_one:
        at_most_one.setattr(watching, "MOST", 1)
        assert destroy_due(away) == 0, "it looks on only as long as something goes"
    assert len(rows(context, kept)) == 1

    assert watching.look_once(context) == 1
    assert rows(context, kept) == []


def test_a_force_sets_how_long_photographs_may_take(
    context: Context, handheld: Handheld, clock: Clock
) -> None:
    """Two hours, say."""
    usual = context.policy
    own = replace(
        context,
        policy=lambda force: replace(
            usual(force), settings={**usual(force).settings, "minutes_to_send_attachments": 120}
        ),
    )
    plain = a_return()
    taken = a_photograph(own, handheld, plain, FIRST)
    take_in(own, handheld.seal(listing(plain, taken)), sender=handheld.sender)
    clock.at = NIGHT + timedelta(hours=3)

    watching.look_once(own)

    assert len(late_tasks(own)) == 1
