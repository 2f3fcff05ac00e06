"""The pack for the monthly meeting: which parts make one use, what is read of it, and what was late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import RowMapping, select

from booklets.answers import Answer, Moment
from booklets.entities import Entity, new_id
from booklets.form_names import PROTECTION_ENDED, PROTECTION_ENQUIRED, PROTECTION_USED
from booklets.records import Record
from sync_server.across import look
from sync_server.audit import entries_of, verify_audit
from sync_server.console.uses import put_together
from sync_server.db.tables import audit
from tests.support.builders import NIGHT, UNIT
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.every_desk import every_desk, read_back, takes
from tests.support.meetings import ELSEWHERE
from tests.support.protection import END, KIT, LATE, OFFICER, POWER, part_of, sent
from tests.support.server_data import Handheld
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

PAGE, FILE = "/police-protection", "/police-protection/file"
WHY = "For the panel of March"
AMYS = ("The council was told late", "The PPN was late", "The designated officer was named late")
LONGEST = timedelta(hours=72)
AUNTS = "Her aunt’s flat, 12 Elm Road, Selby: nobody else lives there."
AMY = replace(
    KIT,
    facts={**KIT.facts, "person.known_as": "Amy", "person.given_names": "Amy", "person.dob": "2012-01-02"},
)
ROB = replace(
    KIT,
    facts={**KIT.facts, "person.known_as": "Rob", "person.given_names": "Rob", "person.dob": "2013-01-02"},
)


@dataclass
class Panel:
    """The server after a month, its records, and who sits at which desk."""

    server: LiveServer
    records: Mapping[str, Record]
    desks: Mapping[str, Browser]

    def reads(self, who: str = "mhet", month: str = "2026-03") -> str:
        """The words of the pack."""
        return words_of(self.desks[who].open(f"{PAGE}?month={month}").text)

    def of(self, child: str, who: str = "mhet") -> str:
        """What stands there about one child, up to the next."""
        return self.reads(who).split(f" {child} Marlowe-Test")[1].split(" Marlowe-Test")[0]

    def takes(self, who: str = "mhet", purpose: str = WHY) -> Any:
        """Ask for the file."""
        return takes(self.desks[who], PAGE, FILE, purpose)


def part(
    officer: Colleague, name: str, child: Entity, at: datetime = NIGHT, unit: str = UNIT, **changed: Answer
) -> Record:
    """Send one part by a handheld that never met the child; ``pp__x`` is the question ``pp.x``."""
    Handheld.signed_in(officer.handheld, officer.handheld.officer, before=True)
    answers: dict[str, Answer | None] = {one.replace("__", ".", 1): said for one, said in changed.items()}
    return officer.sent(sent(part_of(name, answers, child=replace(child, id=new_id())), at=at), unit=unit)


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """Kit's three parts by three handhelds; Amy's council was told late, and nobody ended it."""
    with a_server(tmp_path_factory.mktemp("panel"), no_hurry()) as server:
        officer = a_colleague(server.context, "pc.okoro")
        server.clock.at = NIGHT
        records = {
            "used": part(officer, POWER, KIT, pp__ppn="PPN-0001"),
            "enquired": part(officer, OFFICER, KIT),
            "ended": part(officer, END, KIT, ppe__ended_at=Moment(NIGHT)),
            "late": part(
                officer, POWER, AMY, pp__la_told=(LATE,), pp__covert="yes", pp__handling="Her uncle."
            ),
        }
        long_ago = NIGHT - timedelta(days=40)
        server.clock.at = long_ago
        records["before"] = part(officer, POWER, ROB, long_ago, pp__started_at=Moment(long_ago))
        server.clock.at = NIGHT + timedelta(days=4)
        look(server.context)
        with every_desk(server) as desks:
            yield Panel(server, records, desks)


# -- what is read --------------------------------------------------------------------------------------


def test_the_three_parts_of_one_use_stand_together(panel: Panel) -> None:
    """Grounds, where the child was kept, who was told when, who looked after it, and how it ended."""
    kit = panel.of("Kit")

    assert "2 uses of the power" in panel.reads()
    for said in (
        "Robin was drunk, held the kitchen knife",
        "Where the child was kept Council foster home",
        "When: Sat 14 March 2026, 21:04",
        "Designated officer Insp 88 Farrow",
        "Rank Inspector",
        "How it ended Emergency protection order",
        "The court made its order at ten",
        "Lasted 40 min",
    ):
        assert said in kit
    assert "Late" not in kit


def test_what_was_late_stands_on_top_and_an_end_that_nobody_wrote(panel: Panel) -> None:
    """The call after ninety minutes; and four days later there is still no end."""
    amy = panel.of("Amy")

    assert "The council was told late" in amy
    assert "No end is recorded" in amy
    assert "Covert: somebody must not know where the child is" in amy
    assert "The designated officer’s part is not here" in amy


def test_no_address_stands_in_the_pack(panel: Panel) -> None:
    """The meeting learns from the kind of place; where a child is, it need not know."""
    assert "2 Invented Street" not in panel.reads()


def test_another_month_has_its_own_uses(panel: Panel) -> None:
    """By the time at which the power was used."""
    assert "Rob Marlowe-Test" in panel.reads(month="2026-02")
    assert "Rob Marlowe-Test" not in panel.reads()
    assert "No use of the power that began in January 2026" in panel.reads(month="2026-01")


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("mhet", True),
        ("fim", True),
        ("vat", True),
        ("sergeant", True),
        ("sergeant elsewhere", False),
        ("mhet of another force", False),
    ],
)
def test_everybody_reads_and_takes_the_uses_that_are_theirs(panel: Panel, who: str, sees: bool) -> None:
    """Every use is put before the vulnerability team; another unit's and another force's is not there."""
    assert ("Kit Marlowe-Test" in panel.reads(who)) == sees
    assert len(read_back(panel.takes(who))) == (2 if sees else 0)


def test_an_administrator_has_neither_the_page_nor_the_file(panel: Panel) -> None:
    """Whoever watches over looking learns nothing about a child."""
    assert panel.desks["admin"].open(PAGE).status_code == 403
    assert panel.desks["admin"].http.post(FILE, data={"purpose": WHY}).status_code == 403


# -- what another unit wrote ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """Kit's covert use by one unit, its end by another; Amy's use of February that ended in March."""
    with a_server(tmp_path_factory.mktemp("apart"), no_hurry()) as server:
        officer = a_colleague(server.context, "pc.okoro")
        there = a_colleague(server.context, "pc.there", unit=ELSEWHERE)
        server.clock.at = NIGHT
        covert: dict[str, Any] = {"pp__covert": "yes", "pp__handling": "Her uncle."}
        place: dict[str, Any] = {"pp__accommodation": "other_suitable", "pp__accommodation_other": AUNTS}
        february = datetime(2026, 2, 23, 20, tzinfo=UTC)
        records = {
            "used": part(officer, POWER, KIT, **covert, **place),
            "ended": part(there, END, KIT, unit=ELSEWHERE, ppe__ended_at=Moment(NIGHT)),
            "before": part(officer, POWER, AMY, pp__started_at=Moment(february), **place),
            "late": part(officer, END, AMY, ppe__ended_at=Moment(february + timedelta(days=7))),
        }
        server.clock.at = NIGHT + timedelta(days=4)
        with every_desk(server) as desks:
            yield Panel(server, records, desks)


def test_an_end_that_another_unit_wrote_is_an_end(apart: Panel) -> None:
    """Nobody is told that a child is still kept; what stands in it is theirs to read and not ours."""
    kit = apart.of("Kit", "sergeant")

    assert "No end is recorded" not in kit
    assert "Its end is recorded, and is not yours to read" in kit
    assert "Lasted 40 min" in kit
    assert "The court made its order" not in kit


def test_a_use_began_when_it_began_whoever_reads_its_end(apart: Panel) -> None:
    """And it is covert whichever part says so."""
    kit = apart.of("Kit", "sergeant elsewhere")

    assert "Sat 14 March 2026, 20:24" in kit
    assert "Lasted 40 min" in kit
    assert "Covert: somebody must not know where the child is" in kit
    assert "Robin was drunk" not in kit


def test_a_late_end_is_no_use_of_the_month_it_came_in(apart: Panel) -> None:
    """It belongs to the use of the month before."""
    assert "1 use of the power" in apart.reads()
    assert "Amy Marlowe-Test" in apart.reads(month="2026-02")


def test_of_a_covert_use_no_words_say_where_the_child_is(apart: Panel) -> None:
    """Neither on the page nor in the file; of another the meeting reads what kind of place it was."""
    [kit] = read_back(apart.takes())

    assert AUNTS not in apart.reads()
    assert kit["Which other place"] == "Not read out: covert. It stands in the record"
    assert AUNTS in apart.reads(month="2026-02")


# -- what reading and taking leave behind ------------------------------------------------------------------


def test_reading_it_is_written_into_each_record(panel: Panel) -> None:
    """The words of the records are read here, as on their own pages."""
    panel.reads("fim")
    with panel.server.context.store.read() as db:
        noted = [
            (one["what"], one["who"]) for one in entries_of(db, str(panel.records["used"].header.record))
        ]
        listed = db.execute(
            select(audit.c.detail).where(audit.c.what == "protection read").order_by(audit.c.id.desc())
        ).scalars()
        detail = listed.first()

    assert any(what == "viewed" for what, _ in noted)
    assert detail is not None
    assert str(panel.records["late"].header.record) in detail["records"]
    assert detail["asked"] == ["month=2026-03"]


def test_taking_it_says_what_for_and_names_no_child(panel: Panel) -> None:
    """In a line of whoever took it, and at each record."""
    assert panel.takes(purpose="").status_code == 422
    refused = panel.takes(purpose="About Amy")
    assert refused.status_code == 422
    assert "Say it without the name of a child" in words_of(refused.text)

    answer = panel.takes()
    looks = words_of(panel.desks["admin"].open("/looked?what=protection+file+taken").text)
    of_record = words_of(panel.desks["mhet"].open(f"/records/{panel.records['used'].header.record}").text)

    assert answer.headers["content-disposition"] == 'attachment; filename="police-protection-2026-03.csv"'
    assert f"for “{WHY}”" in looks
    assert f"Taken from the console in a file for “{WHY}”" in of_record
    assert verify_audit(panel.server.context).broken == ()


def test_the_file_says_what_the_page_says(panel: Panel) -> None:
    """A line for each use, with its marking."""
    kit, amy = read_back(panel.takes())

    assert kit["Child"] == "Kit Marlowe-Test"
    assert kit["How it ended"] == "Emergency protection order"
    assert kit["Late"] == ""
    assert amy["Late"].split("; ") == [*AMYS, "No end is recorded"]
    assert amy["Ended"] == ""
    assert kit["Marking"] == "OFFICIAL-SENSITIVE"


# -- which parts make one use -------------------------------------------------------------------------------


def a_row(kind: str, hours: float) -> RowMapping:
    """A part that began, or an end that was, so many hours after the night."""
    at = NIGHT + timedelta(hours=hours)
    row: Any = {"record": f"{kind} {hours}", "record_type": kind, "began_at": at, "received_at": at}
    return row  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("parts", "uses"),
    [
        ([(PROTECTION_USED, 0), (PROTECTION_ENQUIRED, 1), (PROTECTION_ENDED, 9)], [3]),
        ([(PROTECTION_ENQUIRED, 1), (PROTECTION_ENDED, 9), (PROTECTION_USED, 0)], [3]),
        ([(PROTECTION_USED, 0), (PROTECTION_ENDED, 9), (PROTECTION_USED, 20)], [2, 1]),
        ([(PROTECTION_USED, 0), (PROTECTION_USED, 80)], [1, 1]),
        ([(PROTECTION_USED, 0), (PROTECTION_USED, 0.5)], [2]),
        ([(PROTECTION_USED, 0), (PROTECTION_ENDED, 1), (PROTECTION_ENQUIRED, 2)], [3]),
        ([(PROTECTION_USED, 0), (PROTECTION_ENDED, 100)], [2]),
        ([(PROTECTION_USED, 0), (PROTECTION_ENDED, 9), (PROTECTION_ENDED, 10)], [3]),
        ([(PROTECTION_ENDED, 9)], [1]),
    ],
    ids=[
        "the three of one night",
        "in whatever order they came",
        "used again after it had ended",
        "used again when the first could last no longer",
        "two constables of one use",
        "the designated officer began late",
        "it ran out",
        "an end that was written twice",
        "an end alone",
    ],
)
def test_parts_are_put_together_by_their_times(parts: list[tuple[str, float]], uses: list[int]) -> None:
    """A use goes on for as long as the power can last, and ends with its end."""
    found = put_together([a_row(kind, hours) for kind, hours in parts], LONGEST)

    assert [len(one.rows) for one in found] == uses


def test_the_first_end_is_the_end() -> None:
    """One that was written again later does not make the use last longer."""
    parts = [(PROTECTION_USED, 0), (PROTECTION_ENDED, 9), (PROTECTION_ENDED, 10)]
    [use] = put_together([a_row(kind, hours) for kind, hours in parts], LONGEST)

    assert use.ended == NIGHT + timedelta(hours=9)
