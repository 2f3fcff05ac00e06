"""Photographs are kept sealed, in a bucket too, and opened only as what their record lists."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from sync_server import attachments
from sync_server.attachments import Unshowable
from sync_server.context import Context
from sync_server.db.identity import device
from sync_server.intake import take_in
from sync_server.keeping.in_bucket import KeptInBucket
from tests.support.buckets import a_bucket, lies_in
from tests.support.builders import a_return
from tests.support.photographs import a_photograph, a_picture, brought, listing
from tests.support.server_data import Handheld

PICTURE = a_picture(640, 480)


def test_a_photograph_is_kept_in_the_bucket_sealed_and_shown_from_there(
    context: Context, handheld: Handheld
) -> None:
    """Nothing of it lies on the machine, and nothing unsealed in the bucket."""
    with a_bucket() as bucket:
        server = replace(context, place=KeptInBucket.at(bucket))
        plain = a_return()
        taken = a_photograph(server, handheld, plain, PICTURE)
        record = listing(plain, taken)
        take_in(server, handheld.seal(record), sender=handheld.sender)
        with pytest.raises(Unshowable, match="still on the device"):
            attachments.shown(server, record, taken.listed)

        brought(server, handheld, taken)
        found = lies_in(bucket)
        with server.place.open(handheld.force, taken.listed.sha256) as file:
            assert file.read() == taken.sealed

    assert taken.listed.sha256 in found
    assert taken.name not in found
    assert not (context.settings.data / "attachments").exists()


def test_what_is_shown_is_what_was_taken_and_its_file_is_let_go(
    context: Context, handheld: Handheld
) -> None:
    """Chunk by chunk, once the whole was found to be what the record lists and signed where it was made."""
    plain = a_return()
    taken = a_photograph(context, handheld, plain, PICTURE)
    record = listing(plain, taken)
    take_in(context, handheld.seal(record), sender=handheld.sender)
    brought(context, handheld, taken)
    _knows(context, handheld)

    shown = attachments.shown(context, record, taken.listed)

    assert (shown.media_type, shown.size) == ("image/jpeg", len(PICTURE))
    assert b"".join(shown.chunks) == PICTURE
    assert shown.file.closed


def test_what_another_device_signed_is_not_shown_as_this_ones(context: Context, handheld: Handheld) -> None:
    """The server knows with which key the handheld signs."""
    plain = a_return()
    taken = a_photograph(context, handheld, plain, PICTURE)
    record = listing(plain, taken)
    take_in(context, handheld.seal(record), sender=handheld.sender)
    brought(context, handheld, taken)

    with pytest.raises(Unshowable, match="does not open"):
        attachments.shown(context, record, taken.listed)


def _knows(context: Context, handheld: Handheld) -> None:
    """Enrol the handheld with the key that it signs with: these handhelds are known by name alone."""
    own = device.c.id == handheld.device
    key = update(device).where(own).values(sign_pub=handheld.signing.public)
    context.store.write(lambda db: db.execute(key).rowcount)
