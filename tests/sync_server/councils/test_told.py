"""What a council reads when it signs in is what was delivered to it, word for word, while that holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booklets.records import Record
from sync_server.console import scopes
from sync_server.context import Context
from sync_server.councils import told
from sync_server.db.owed import delivery
from sync_server.deciding import undecided
from sync_server.forwarding.claiming import Claimed
from sync_server.forwarding.postman import deliver_due
from sync_server.forwarding.systems import Never, NotNow
from sync_server.identity.accounts import Person, Role
from tests.support.builders import (
    FORCE,
    NIGHT,
    a_person,
    a_ppn,
    a_return,
    an_id,
    an_interview,
    next_revision,
)
from tests.support.colleagues import Colleague, a_colleague
from tests.support.councils import IN_DANGER, SAFE, YORK, referred
from tests.support.known_children import report_of
from tests.support.server_data import Clock, a_server
from tests.sync_server.deciding.test_undecided import GRACE, LIMIT, released_after

OTHER = "E06000014"


@dataclass
class Councils:
    """The systems of all councils, each keeping what it was given; or away."""

    given: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    away: bool = False
    never: str = ""
    target: str = ""

    def __call__(self, claimed: Claimed) -> Councils:
        """The one of this target."""
        return replace(self, target=claimed.target)

    def deliver(self, content: Mapping[str, Any], *, once: str) -> None:
        """Take it, or not now, or never."""
        if self.away:
            raise NotNow("away")
        if content.get("kind") == self.never:
            raise Never("unreadable")
        self.given.setdefault(self.target, []).append(content)

    def of(self, council: str) -> list[Mapping[str, Any]]:
        """Everything that this council was given, in the order of the systems' names."""
        there = (target for target in sorted(self.given) if target.endswith(f":{council}"))
        return [one for target in there for one in self.given[target]]


@pytest.fixture
def vat(context: Context) -> Colleague:
    """Somebody of the vulnerability team, who works at the console."""
    return a_colleague(context, "vat.lind", Role.VAT, unit="vat")


@pytest.fixture
def councils(context: Context) -> Councils:
    """Nothing has been delivered yet."""
    return Councils()


def somebody_at(council: str, *roles: Role, force: str = FORCE) -> Person:
    """Somebody who works for this council, of whom nobody has restricted any child."""
    return Person(
        user="council",
        name="Jonah Ayre",
        rank="Mr",
        shoulder_no="C031",
        station="Council",
        force=force,
        unit="duty_team",
        roles=frozenset(roles or {Role.LOCAL_AUTHORITY}),
        works_with_children=False,
        council=council,
        held_out_of=frozenset(),
    )


def reads(context: Context, somebody: Person) -> list[Mapping[str, Any]]:
    """What this person can read now, as it stands on the page, the oldest first."""
    with context.store.read() as db:
        rows = db.execute(scopes.delivered_to(somebody).order_by(delivery.c.id)).mappings().all()
        return [told.words(db, context.keys.safe, row) for row in rows]


def subjects(context: Context, council: str = YORK) -> list[str]:
    """What the notices are headed, without their references."""
    return [str(one["subject"]).partition(", ref")[0] for one in reads(context, somebody_at(council))]


def test_every_kind_is_read_as_it_was_delivered(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague, councils: Councils
) -> None:
    """A missing child, the child's return, a danger and a referral, word for word."""
    officer.sent(report_of("Ola"))
    officer.sent(a_return(record=an_id("of a return"), encounter=an_id("e1"), episode=an_id("e1")))
    ids: dict[str, Any] = {"record": an_id("danger"), "encounter": an_id("e2"), "episode": an_id("e2")}
    referred(officer.sent(a_ppn(IN_DANGER, **ids)), sergeant, vat)
    deliver_due(context, councils)

    mine = reads(context, somebody_at(YORK))

    assert [one["kind"] for one in mine] == ["missing", "return", "danger", "referral"]
    assert sorted(map(str, mine)) == sorted(map(str, councils.of(YORK)))


def test_what_is_held_or_under_way_is_not_there(
    context: Context, officer: Colleague, councils: Councils
) -> None:
    """A PPN that nobody has decided on, and a return that the council's system has not taken."""
    officer.sent(a_ppn())
    officer.sent(a_return())
    councils.away = True
    deliver_due(context, councils)

    assert reads(context, somebody_at(YORK)) == []


@pytest.mark.parametrize(
    "somebody",
    [
        pytest.param(somebody_at(OTHER), id="another council"),
        pytest.param(somebody_at(YORK, force="another_force"), id="the same council, of another force"),
        pytest.param(somebody_at(""), id="no council at all"),
        pytest.param(somebody_at("%"), id="no code"),
        pytest.param(somebody_at(YORK, Role.MHET), id="a council, and not the role"),
    ],
)
def test_nobody_else_reads_it(
    context: Context, officer: Colleague, councils: Councils, somebody: Person
) -> None:
    """The database is asked for one council's and no other's."""
    officer.sent(a_return())
    deliver_due(context, councils)

    assert len(reads(context, somebody_at(YORK))) == 1
    assert reads(context, somebody) == []


def test_an_interview_that_comes_later_stands_in_the_place_of_the_return(
    context: Context, officer: Colleague, councils: Councils
) -> None:
    """It says all of both, under the same reference."""
    officer.sent(a_return())
    deliver_due(context, councils)
    officer.sent(an_interview())
    deliver_due(context, councils)

    assert subjects(context) == ["Addition: return of a missing child"]
    assert reads(context, somebody_at(YORK)) == councils.of(YORK)[-1:]


def test_an_addition_that_was_all_a_council_had_is_headed_as_it_was_delivered(
    context: Context, officer: Colleague, councils: Councils
) -> None:
    """The return itself was refused by its system: nobody had it before, so nothing is added to."""
    officer.sent(a_return())
    councils.never = "return"
    deliver_due(context, councils)
    councils.never = ""
    officer.sent(an_interview())
    deliver_due(context, councils)

    assert subjects(context) == ["Return of a missing child"]
    assert reads(context, somebody_at(YORK)) == councils.of(YORK)


def test_a_correction_of_the_return_replaces_it(
    context: Context, officer: Colleague, councils: Councils
) -> None:
    """One reference, and what holds now."""
    first = officer.sent(a_return())
    deliver_due(context, councils)
    officer.revises(first, {"ret.found_how": "alone"})
    deliver_due(context, councils)

    assert subjects(context) == ["Correction: return of a missing child"]


def test_of_what_was_withdrawn_the_correction_alone_is_read(
    context: Context, officer: Colleague, councils: Councils
) -> None:
    """From the moment it is withdrawn, before the correction has arrived; and then without a name."""
    first = officer.sent(a_return())
    deliver_due(context, councils)
    officer.withdraws(first)

    assert reads(context, somebody_at(YORK)) == []

    deliver_due(context, councils)
    [mine] = reads(context, somebody_at(YORK))
    assert str(mine["subject"]).startswith("Withdrawn")
    assert "Kit" not in str(mine)


def test_a_return_with_its_interview_is_gone_once_the_return_is_withdrawn(
    context: Context, officer: Colleague, councils: Councils
) -> None:
    """The addition repeats the return, and was sent because of another record: it goes as well."""
    first = officer.sent(a_return())
    deliver_due(context, councils)
    officer.sent(an_interview())
    deliver_due(context, councils)
    officer.withdraws(first)

    assert not any("Kit" in str(one) for one in reads(context, somebody_at(YORK)))

    deliver_due(context, councils)
    assert subjects(context) == ["Withdrawn"]


def test_a_danger_that_is_taken_back_is_read_no_more(
    context: Context, officer: Colleague, councils: Councils
) -> None:
    """Not while its correction waits, and after that only the correction."""
    ppn = officer.sent(a_ppn(IN_DANGER))
    deliver_due(context, councils)
    officer.revises(ppn, SAFE)
    assert subjects(context) == []

    deliver_due(context, councils)
    assert subjects(context) == ["Correction: something you were told no longer holds"]


def test_a_council_that_is_not_named_any_more_reads_only_that(
    context: Context, officer: Colleague, councils: Councils
) -> None:
    """The record names another council now, which reads the notice."""
    first = officer.sent(a_return())
    deliver_due(context, councils)
    second = next_revision(first, {})
    officer.sent(replace(second, entities=(a_person(la_responsible=OTHER), *second.entities[1:])))
    deliver_due(context, councils)

    assert subjects(context) == ["Correction: something you were told no longer holds"]
    assert not any("Kit" in str(one) for one in reads(context, somebody_at(YORK)))
    assert len(reads(context, somebody_at(OTHER))) == 1


def test_siblings_of_one_doorstep_are_two_notices(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague, councils: Councils
) -> None:
    """Two PPNs of one encounter: neither replaces the other."""
    for name in ("sister", "brother"):
        child = an_id(name)
        about = (a_person(child), *a_ppn().entities[1:])
        ppn: Record = officer.sent(a_ppn(entities=about, subject=child, record=an_id(f"of {name}")))
        referred(ppn, sergeant, vat)
    deliver_due(context, councils)

    assert subjects(context) == ["Referral", "Referral"]


@pytest.fixture
def releasing(tmp_path: Path, clock: Clock) -> Iterator[Context]:
    """A force that releases what nobody decides on."""
    with a_server(tmp_path / "releasing", clock=clock, policy=released_after) as opened:
        yield opened


def test_what_left_without_a_decision_says_so_here_as_well(
    releasing: Context, clock: Clock, councils: Councils
) -> None:
    """The council has to know that nobody has read it."""
    a_colleague(releasing, "pc.okoro").sent(a_ppn())
    for after in (LIMIT, LIMIT + GRACE):
        clock.at = NIGHT + after
        undecided.sweep(releasing)
    clock.at += timedelta(minutes=1)
    deliver_due(releasing, councils)

    mine = reads(releasing, somebody_at(YORK))

    assert mine == councils.of(YORK)
    assert "Nobody has decided on this yet" in str(mine)
