"""Every change is on the disk within half a second, whatever the thumb, the disk or the clock do."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

from field_app.capture.autosave import LONGEST_WAIT_S, Autosave
from field_app.store.errors import StoreFull
from field_app.store.keeper import KeeperGone
from tests.support.handsets import GUIDE, OnShift

PROMISED_S = 0.5
WORDS = "pi.why_left"
LONG = "He said it twice. " * 20_000


def test_typing_without_a_pause_does_not_put_off_saving(officer: OnShift) -> None:
    """Debounced, a save would wait for the thumb to rest, and a long account would be lost whole."""
    session = officer.shift.start(GUIDE)
    durable: list[tuple[float, int]] = []
    typed: list[float] = []
    changed = threading.Event()

    def on_disk(_saved: object) -> None:
        kept = officer.draft_here(session)
        assert kept is not None
        durable.append((time.monotonic(), len(str(kept.answers.get(WORDS, "")))))
        changed.set()

    wait = LONGEST_WAIT_S / 5
    session._autosave = Autosave(
        officer.shift._save, saved=on_disk, failed=officer.heard.failures.append, wait_s=wait
    )
    while len(durable) < 4:
        typed.append(time.monotonic())
        session.put(WORDS, "x" * len(typed))
        changed.wait(0.004)  # the next key
        changed.clear()
    officer.shift._keeper.call(lambda: None).result()

    for number, at in enumerate(typed, start=1):
        if at < durable[-1][0] - PROMISED_S:
            assert any(length >= number and then - at < PROMISED_S for then, length in durable)
    assert all(later > before for (_, before), (_, later) in pairwise(durable))
    assert not officer.heard.failures
    assert LONGEST_WAIT_S <= PROMISED_S / 2


def test_every_key_is_on_the_disk_soon_and_the_screen_hears_of_it(officer: OnShift) -> None:
    """As an officer types: one word, then the battery is pulled."""
    session = officer.shift.start(GUIDE)
    began = time.monotonic()
    session.put(WORDS, "He gets loud")

    officer.heard.wait_until(lambda: bool(officer.heard.saves), within=PROMISED_S * 4)

    kept = officer.draft(session)
    assert kept is not None
    assert kept.answers[WORDS] == "He gets loud"
    assert time.monotonic() - began >= LONGEST_WAIT_S - 0.01, "not one save for each key"


def test_a_save_that_a_full_disk_refused_is_made_good_by_the_next_change(officer: OnShift) -> None:
    """Whole: what could not be saved is in the next save too."""
    session = officer.shift.start(GUIDE)
    with officer.full_disk():
        session.put(WORDS, LONG)
        officer.heard.wait_until(lambda: bool(officer.heard.failures))
    assert isinstance(officer.heard.failures[0], StoreFull)
    assert session.value(WORDS) == LONG

    session.put("pi.worries", "that mum will take the phone")
    officer.heard.wait_until(lambda: bool(officer.heard.saves))

    kept = officer.draft(session)
    assert kept is not None
    assert (kept.answers[WORDS], kept.answers["pi.worries"]) == (LONG, "that mum will take the phone")


def test_leaving_the_page_saves_what_a_full_disk_refused(officer: OnShift) -> None:
    """Nobody has to type another letter for it."""
    session = officer.shift.start(GUIDE)
    with officer.full_disk():
        session.put(WORDS, LONG)
        officer.heard.wait_until(lambda: bool(officer.heard.failures))

    officer.shift.put_down()

    kept = officer.draft(session)
    assert kept is not None
    assert kept.answers[WORDS] == LONG


def test_a_save_that_fails_late_never_comes_back_over_a_newer_one(officer: OnShift) -> None:
    """A slow, full disk: the newer state is being saved already when the older one is refused."""
    session = officer.shift.start(GUIDE)
    busy = threading.Event()
    with officer.full_disk():
        officer.shift._keeper.call(busy.wait)
        session.put(WORDS, LONG)
        session._autosave.flush()
        session.put(WORDS, "shorter")
        session._autosave.flush()
        busy.set()
        officer.heard.wait_until(lambda: bool(officer.heard.saves))
    assert len(officer.heard.failures) == 1

    officer.shift.put_down()

    kept = officer.draft(session)
    assert kept is not None
    assert kept.answers[WORDS] == "shorter"


def test_putting_down_waits_for_a_save_that_is_under_way(officer: OnShift) -> None:
    """The home screen must not say "saved" a moment too early."""
    session = officer.shift.start(GUIDE)
    busy = threading.Event()
    officer.shift._keeper.call(busy.wait)
    session.put(WORDS, "He gets loud")
    session._autosave.flush()
    waiting = threading.Thread(target=officer.shift.put_down)
    waiting.start()
    assert waiting.is_alive()
    busy.set()
    waiting.join(10)

    kept = officer.draft(session)
    assert kept is not None
    assert kept.answers[WORDS] == "He gets loud"


def test_a_change_after_the_end_is_said_to_be_unsaved(officer: OnShift) -> None:
    """The window was closed under the thumb: no thread dies of it, and nobody is told "saved"."""
    session = officer.shift.start(GUIDE)
    officer.handset.close()

    session.put(WORDS, "too late")

    officer.heard.wait_until(lambda: bool(officer.heard.failures))
    assert isinstance(officer.heard.failures[0], KeeperGone)
    assert not officer.heard.saves
