"""Any story of one shift (F19): two officers, two sergeants, bad lines, handhelds and a server that stop.

Each step is drawn from all that could be next: a check is begun, sent in part or whole, changed, added to,
withdrawn, handed over, taken back; a sergeant approves, sends back, recalls, with signal or hours later;
questions and answers are cut, late, or there twice; revisions overtake each other; handhelds die in the
middle of a round and are opened from their files; the server is started anew; officers go off shift and come
back. A register is kept on paper beside it, by the rules alone. Once all is quiet, server and handhelds are
held against it: each sealed revision stands once, with its digest, one after the other, or is kept apart for
the reason that it should be; each record stands where the decisions that count have put it, and a decision
that had not seen the newest does not count; each piece of news was stored once where it belongs; each
handheld has the receipts it should and shows what is so; no word that was saved is nowhere; the audit holds.

Hypothesis draws the steps, the same ones each time. They are one rule and not many, because it leaves out
some of many rules in each example, and most of few examples would then have no story. The control is a
handheld that forgets a record once it was sent, and not once it has the receipt.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from faults.held_to_paper import Differences
from faults.shift_acts import Does, Story
from faults.shift_of_four import Shift
from faults.station import Station, a_station
from faults.trials import Trial
from sync_server.audit import verify_audit

CONTROL: Final = "a handheld that forgets a record once it was sent"
STEPS: Final = 50
IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - what a disk does to a store is tried elsewhere (F1 to F4)
PICKS: Final = 1 << 16
"""So many ways there are for each step to be drawn."""


class Differs(AssertionError):
    """Something is not as it should be once all is quiet."""


@dataclass
class Tried:
    """What was done in all shifts together."""

    shifts: int = 0
    steps: int = 0
    done: Counter[str] = field(default_factory=Counter)

    def note(self, story: Story) -> None:
        """Count what one shift was."""
        shift, paper = story.shift, story.shift.paper
        self.shifts += 1
        self.steps += len(story.told)
        self.done.update(shift.done)
        self.done["deaths"] += sum(one.lives - 1 for one in shift.people.values())
        self.done["troubles"] += sum(len(one.line.struck) for one in shift.people.values())
        self.done["records"] += len(paper.drawers)
        self.done["revisions"] += sum(len(one.revisions) for one in paper.drawers.values())
        self.done["decisions"] += len({one.decision for one in paper.made})
        self.done["void"] += len({one.decision for one in paper.made if one.void})
        self.done["apart"] += len(paper.apart)

    def __str__(self) -> str:
        did = self.done
        return (
            f"{self.steps} steps: {did['revisions']} revisions of {did['records']} records, "
            f"{did['apart']} kept apart, {did['decisions']} decisions, {did['void']} of them void, "
            f"{did[Does.TAKE]} drafts taken over, {did['troubles']} questions in trouble, "
            f"{did['deaths']} deaths, {did[Does.SERVER_ANEW]} new starts of the server"
        )


class AnyShift(RuleBasedStateMachine):
    """One shift, of which nobody knows what comes next."""

    station: ClassVar[Station]
    tried: ClassVar[Tried]
    forgets: ClassVar[bool]
    found: ClassVar[Differences]

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(Shift(self.station, forgets=self.forgets))

    @rule(number=st.integers(0, PICKS - 1))
    def goes_on(self, number: int) -> None:
        """Something is done, or happens. Small numbers come up more often: by the step they are others."""
        self.story.goes_on(random.Random(number + PICKS * len(self.story.told)))

    def teardown(self) -> None:
        """All becomes quiet, and is held against the paper."""
        try:
            self._hold_against_paper()
        except BaseException:
            if not self.forgets:
                print("\n".join(self.story.told), file=sys.stderr)
            raise
        finally:
            self.story.shift.close()

    def _hold_against_paper(self) -> None:
        found = self.story.shift.differences()
        self.tried.note(self.story)
        if found and not AnyShift.found:
            AnyShift.found = found
        if found:
            raise Differs(found)


def run(full: bool) -> Iterator[dict[str, Any]]:
    """The one trial there is; ``full`` asks for the large amounts."""
    forgotten, _, _ = _any(10, forgets=True)
    found, tried, broken = _any(2000 if full else 20)
    lost, wrong = len(found.lost), len(found.wrong) + broken
    if found:
        print(found, file=sys.stderr)
    yield asdict(
        Trial("F19 shift.any_story", tried.shifts, lost, wrong, CONTROL, len(forgotten.lost), str(tried))
    )


def _any(shifts: int, *, forgets: bool = False) -> tuple[Differences, Tried, int]:
    """So many shifts, or fewer where one ends as it should not: how, what was done, audits broken."""
    folder = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as place, a_station(Path(place)) as station:
        AnyShift.station, AnyShift.tried, AnyShift.forgets = station, Tried(), forgets
        AnyShift.found = Differences()
        try:
            run_state_machine_as_test(AnyShift, settings=_told_alike(shifts))
        except (AssertionError, Flaky):  # told once more it may not differ: what was found first counts
            if not AnyShift.found:
                raise
        return AnyShift.found, AnyShift.tried, len(verify_audit(station.context).broken)


def _told_alike(shifts: int) -> settings:
    """The same stories each time, and no search for a shorter one: each step hangs on those before it."""
    return settings(
        max_examples=shifts,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
