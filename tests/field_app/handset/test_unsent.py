"""What is unsent has a sealed copy at the force: a handheld that is lost loses none of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from booklets.forms import Stage
from field_app.sync.failures import Refused
from field_app.sync.reading import Fields
from field_app.sync.tally import Memory
from field_app.sync.unsent import copy_unsent
from sync_server import given
from sync_server.db.giving import draft_copy
from sync_server.handhelds import orders
from sync_server.handhelds.orders import Decision, Reason, What
from sync_server.identity import devices
from tests.support.handsets import GUIDE, files_under, found_child
from tests.support.pictures import a_photo
from tests.support.server_data import rows
from tests.support.servers import LiveServer
from tests.support.someone import WORDS, Someone, comes_true, with_a_handheld

pytestmark = pytest.mark.thorough
MORE = "He waits at the bus station."


def writes(somebody: Someone, words: str = WORDS) -> str:
    """A check that is begun, and put down before anything of it was sent."""
    session = somebody.shift.start(GUIDE)
    found_child(session, {"pi.why_left": words})
    somebody.shift.put_down()
    return str(session.encounter.id)


def is_copied(somebody: Someone, draft: str) -> None:
    """Until the handheld says that the force has a copy of it as it stands."""
    somebody.until(lambda home: draft in home.copied)


def decided(server: LiveServer, somebody: Someone, what: What) -> None:
    """Somebody at the force decides about the handheld."""
    handheld = somebody.handset.enrolled
    assert handheld is not None
    context = server.context
    with context.store.read() as db:
        device = devices.find(db, handheld.device_id)
    assert device is not None
    said = Decision(what=what, reason=Reason.LOST, words="", by="admin")
    context.store.write(lambda db: orders.decide(context, db, device, said, now=context.now()))


def test_what_was_on_a_lost_handheld_is_gone_on_with_on_the_next(
    server: LiveServer, somebody: Someone, tmp_path: Path
) -> None:
    """Every word that was there at the last contact, under the same officer's name, and sent from there."""
    draft = writes(somebody)
    is_copied(somebody, draft)
    decided(server, somebody, What.REVOKE)

    with ExitStack() as stack:
        again = with_a_handheld(stack, server, tmp_path / "two", "amin")
        again.until(lambda home: home.offers)
        (offer,) = again.shift.home().offers
        assert (offer.lost, offer.encounter) == (True, draft)
        again.shift.passing.take(offer)
        again.until(lambda home: home.drafts)
        mine = again.shift.resume(draft)

        assert mine is not None
        assert mine.value("pi.why_left") == WORDS
        assert mine.encounter.hands == ()
        assert again.shift.home().offers == ()
        again.shift.send(mine, stage=Stage.CAPTURE, emergency="Home is not safe tonight.")
        again.until(lambda home: home.parcels and home.parcels[0].received_at)


def test_nothing_of_it_can_be_read_where_it_lies(
    server: LiveServer, somebody: Someone, tmp_path: Path
) -> None:
    """Neither in the force's database nor in the handheld's folder."""
    is_copied(somebody, writes(somebody))

    lying = [*files_under(tmp_path / "server").values(), *files_under(somebody.folder).values()]
    assert lying
    assert not any(WORDS.encode() in content for content in lying)


def test_what_was_sent_has_no_copy_any_more(server: LiveServer, somebody: Someone) -> None:
    """It is a record then, and nobody is offered it again."""
    session = somebody.shift.start(GUIDE)
    found_child(session, {"pi.why_left": WORDS})
    somebody.shift.put_down()
    is_copied(somebody, str(session.encounter.id))
    somebody.shift.send(session, stage=Stage.CAPTURE, emergency="Home is not safe tonight.")

    def there_is_none() -> bool:
        somebody.shift.look()
        return rows(server.context, draft_copy) == []

    comes_true(there_is_none)


def test_the_handheld_says_so_only_of_what_stands_there_now(somebody: Someone) -> None:
    """What was written since the last contact is on this phone alone until the next."""
    draft = writes(somebody)
    is_copied(somebody, draft)
    somebody.shift._courier.stop()
    session = somebody.shift.resume(draft)
    assert session is not None
    session.put("pi.why_left", f"{WORDS} {MORE}")
    somebody.shift.put_down()

    assert somebody.shift.home().copied == {}


def test_at_the_next_contact_the_force_has_what_was_written_since(
    server: LiveServer, somebody: Someone
) -> None:
    """One copy of each draft, in place of the one before."""
    draft = writes(somebody)
    is_copied(somebody, draft)
    session = somebody.shift.resume(draft)
    assert session is not None
    session.put("pi.why_left", f"{WORDS} {MORE}")
    somebody.shift.put_down()
    is_copied(somebody, draft)

    [envelope] = [one["envelope"] for one in rows(server.context, draft_copy)]
    assert isinstance(envelope, bytes)
    with server.context.store.read() as db:
        said = given.opened(server.context, db, envelope)
    assert said.draft["answers"]["pi.why_left"] == f"{WORDS} {MORE}"


def test_a_handheld_that_is_only_stopped_keeps_its_drafts_to_itself(
    server: LiveServer, somebody: Someone, tmp_path: Path
) -> None:
    """It can be let in again, and would have the same draft in a second place."""
    is_copied(somebody, writes(somebody))
    decided(server, somebody, What.SUSPEND)

    with ExitStack() as stack:
        again = with_a_handheld(stack, server, tmp_path / "two", "amin")
        again.shift._courier.round()
        assert again.shift.home().offers == ()
        decided(server, somebody, What.WIPE)
        again.until(lambda home: home.offers)


def test_photographs_stay_on_the_handheld_that_took_them(
    server: LiveServer, somebody: Someone, tmp_path: Path
) -> None:
    """The record goes on without them, and says among its earlier wordings that there was one."""
    session = somebody.shift.start("search")
    row = somebody.shift.photos.add(session.encounter.id, a_photo((900, 700)))
    session.put("srch.room_photos", (row,))
    somebody.shift.put_down()
    draft = str(session.encounter.id)
    is_copied(somebody, draft)
    decided(server, somebody, What.REVOKE)

    with ExitStack() as stack:
        again = with_a_handheld(stack, server, tmp_path / "two", "amin")
        again.until(lambda home: home.offers)
        again.shift.passing.take(again.shift.home().offers[0])
        again.until(lambda home: home.drafts)
        mine = again.shift.resume(draft)

    assert mine is not None
    assert mine.value("srch.room_photos") is None
    assert [(one.field, one.new) for one in mine.encounter.drafts] == [("srch.room_photos", None)]


@dataclass
class Line:
    """A force that lacks every draft, and refuses one of them."""

    drafts: frozenset[str]
    refuses: int = -1
    tried: int = 0

    def post(self, *_: object, **__: object) -> Fields:
        """It has none of them."""
        return Fields({"lacking": sorted(self.drafts)})

    def copy_draft(self, *_: object, **__: object) -> None:
        """Take one, or not."""
        self.tried += 1
        if self.tried - 1 == self.refuses:
            raise Refused("too_large", "Too large.")


def copies(somebody: Someone, line: Line, *, hurried: bool = False) -> int:
    """One step of a round over this line; how many were brought."""

    class Officer:
        def asks(self, question: Callable[[object], object]) -> object:
            return question(None)

    desk = replace(somebody.shift._courier._desk, hurried=lambda: hurried and bool(line.tried))
    return copy_unsent(line, desk, Officer(), Memory(), again=True)  # type: ignore[arg-type]


def test_a_record_that_comes_up_goes_before_the_rest_of_the_copies(somebody: Someone) -> None:
    """On a thin line each of them takes seconds, and somebody waits for the receipt."""
    line = Line(frozenset({writes(somebody), writes(somebody)}))

    assert (copies(somebody, line, hurried=True), line.tried) == (1, 1)


def test_a_draft_that_is_refused_keeps_no_other_from_being_copied(somebody: Someone) -> None:
    """Its card says nothing of a copy; those of the others do."""
    drafts = frozenset({writes(somebody), writes(somebody), writes(somebody)})
    somebody.shift._courier.stop()

    assert copies(somebody, Line(drafts, refuses=0)) == 2
    assert set(somebody.shift.home().copied) == drafts - {min(drafts)}
