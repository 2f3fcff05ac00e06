"""The lists of the teams: who stands on each, who may open it, and what opening leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from booklets.answers import Answer, Gap, Moment, Why
from booklets.entities import new_id
from booklets.records import Record
from sync_server.console.gathering import DAYS, days_in
from sync_server.db.tables import audit
from sync_server.identity.accounts import Role
from tests.support.builders import NIGHT, a_person, an_id
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.episodes import DESPITE, of
from tests.support.every_desk import every_desk, read_back, takes
from tests.support.known_children import interview_of, known_as, report_of, return_of, review_of
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

ETHNICITY, LOOKED_AFTER, MEETING = "/ethnicity", "/looked-after", "/exploitation-meeting"
FILE = "/looked-after/file"
WHY = "For the return of the council"
DEAD: Mapping[str, Answer] = {"ret.condition": ("deceased",)}
IN_CARE: dict[str, Any] = {
    "care_status": "co",
    "la_responsible": "E06000014",
    "la_child_id": "CH-77",
    "dob": "2011-05-02",
}
ON_LIST: dict[str, Answer] = {"mh.mace": "on_list", "mh.exploitation_level": "moderate"}
DECLINED: dict[str, Answer] = {
    "mh.mace": "declined",
    "mh.mace_because": "Her own team has it.",
    "mh.exploitation_level": "significant",
    "mh.exploitation_types": ("CCE",),
}
NAMES = ("Amy", "Noor", "Zed", "Leo", "Ida", "Ola", "Una", "Max", "Rae", "Wes", "Bea")


@dataclass
class Teams:
    """The server, what arrived, and who sits at which desk."""

    server: LiveServer
    records: Mapping[str, Record]
    desks: Mapping[str, Browser]

    def reads(self, page: str, who: str = "mhet") -> str:
        """The words of a list."""
        return words_of(self.desks[who].open(page).text)

    def children(self, page: str, who: str = "mhet") -> set[str]:
        """The children on a list."""
        words = self.reads(page, who)
        return {name for name in NAMES if f" {name} Brook-Test" in words}

    def noted(self, what: str) -> dict[str, Any]:
        """What was written down last about reading this list."""
        query = select(audit.c.detail).where(audit.c.what == what).order_by(audit.c.id.desc())
        with self.server.context.store.read() as db:
            return dict(db.execute(query).scalars().first() or {})


def everything() -> dict[str, Record]:
    """Records of children of whom more or less is known."""
    return {
        # Ethnicity: none, a gap, not stated without a reason, not stated with one, and a child who has died.
        "Amy": interview_of("Amy", ethnicity_sde=None),
        "Noor": interview_of("Noor", ethnicity_sde=Gap(Why.NOT_ASKED, "asleep on the sofa")),
        "Zed": interview_of("Zed", ethnicity_sde="NS"),
        "Leo": interview_of("Leo", ethnicity_sde="NS", ethnicity_sde_not_stated_reason="N1"),
        "Ida": interview_of("Ida", ethnicity_sde=None),
        "Ida died": return_of("Ida", DEAD, ethnicity_sde=None, **IN_CARE),
        # In care and missing, with a return; in care and away; looked after by nobody but the family.
        "Ola": report_of("Ola", **IN_CARE),
        "Ola back": return_of("Ola", **IN_CARE),
        "Una": report_of(
            "Una", {"mis.away_without_authorisation": "yes"}, care_status="s20", la_child_id=None
        ),
        "Max": report_of("Max", care_status="none"),
        # Has a social worker: on the meeting's list, declined, and never reviewed.
        "Rae": report_of("Rae", social_worker="Jo Lin"),
        "Rae reviewed": known_as(review_of("Rae", ON_LIST), social_worker="Jo Lin"),
        "Wes": report_of("Wes", social_worker="Jo Lin"),
        "Wes reviewed": known_as(review_of("Wes", DECLINED), social_worker="Jo Lin"),
        "Bea": known_as(interview_of("Bea"), plan_status=("CIN",)),
    }


@pytest.fixture(scope="module")
def teams(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teams]:
    """The server with all of it, and everybody signed in."""
    with a_server(tmp_path_factory.mktemp("lists"), no_hurry()) as server:
        server.clock.at = NIGHT
        officer = a_colleague(server.context, "pc.okoro")
        records = {name: officer.sent(one) for name, one in everything().items()}
        with every_desk(server) as desks:
            yield Teams(server, records, desks)


# -- whose ethnicity is not recorded (R-10) ------------------------------------------------------


def test_who_has_neither_an_answer_nor_its_reason_stands_there(teams: Teams) -> None:
    """A reason is an answer; a gap is none; and nobody is asked about a child who has died."""
    assert teams.children(ETHNICITY) == {"Amy", "Noor", "Zed"}
    words = teams.reads(ETHNICITY)
    assert "Not asked: asleep on the sofa" in words
    assert "Not stated, and not why" in words


def test_another_child_in_the_record_counts_as_well(tmp_path: Path) -> None:
    """The friend of whom nobody asked it; it leads to the record in which they stand."""
    friend = a_person(an_id("friend"), given_names="Friend", ethnicity_sde=Gap(Why.NOT_KNOWN, ""))
    record = interview_of("Max")
    with_friend: Any = {
        "answers": {
            **record.answers,
            "pi.other_children": "yes",
            "pi.other_children_who": (str(friend.id),),
        },
        "entities": (*record.entities, friend),
    }
    with a_server(tmp_path, no_hurry()) as server, every_desk(server) as desks:
        officer = a_colleague(server.context, "pc.okoro")
        officer.sent(replace(record, **with_friend))
        words = words_of(desks["mhet"].open(ETHNICITY).text)

    assert "Max Brook-Test" in words
    assert "Of another child, or of a suspect, in it" in words


@pytest.mark.parametrize(
    ("who", "sees"), [("fim", 3), ("sergeant", 3), ("vat", 0), ("sergeant elsewhere", 0)]
)
def test_everybody_has_the_gaps_of_what_they_may_read(teams: Teams, who: str, sees: int) -> None:
    """The vulnerability team those of its notices, a sergeant those of the unit."""
    assert len(teams.children(ETHNICITY, who)) == sees


def test_that_somebody_read_it_is_written_down_with_its_records(teams: Teams) -> None:
    """As of every list with children on it."""
    teams.reads(f"{ETHNICITY}?days=30")
    noted = teams.noted("ethnicity read")

    assert noted["asked"] == ["days=30"]
    assert set(noted["records"]) == {
        str(teams.records[name].header.record) for name in ("Amy", "Noor", "Zed")
    }


# -- looked-after children who were missing (R-38) -----------------------------------------------


def test_who_was_in_care_and_missing_this_month_stands_there(teams: Teams) -> None:
    """Not who lives with the family, and not who has died."""
    assert teams.children(LOOKED_AFTER) == {"Ola", "Una"}
    words = teams.reads(LOOKED_AFTER)
    assert "2 children in March 2026" in words
    assert "Their number: CH-77" in words
    assert "Away without leave: it was known where" in words
    assert teams.children(f"{LOOKED_AFTER}?month=2026-02") == set()


def test_the_file_is_what_the_return_of_the_council_asks_for(teams: Teams) -> None:
    """One council, no name, days as they are here, and an end that is empty while it goes on."""
    mine = takes(teams.desks["mhet"], f"{LOOKED_AFTER}?council=E06000014", FILE, WHY)
    other = takes(teams.desks["mhet"], f"{LOOKED_AFTER}?council=E06000065", FILE, WHY)

    assert mine.headers["content-disposition"] == 'attachment; filename="looked-after-missing-2026-03.csv"'
    assert read_back(mine) == [
        {
            "CHILD": "CH-77",
            "DOB": "02/05/2011",
            "MISSING": "M",
            "MIS_START": "13/03/2026",
            "MIS_END": "14/03/2026",
        }
    ]
    assert read_back(other) == [
        {
            "CHILD": "",
            "DOB": "02/05/2011",
            "MISSING": "A",
            "MIS_START": "13/03/2026",
            "MIS_END": "",
        }
    ]


def test_no_file_holds_the_children_of_several_councils(teams: Teams) -> None:
    """A council is chosen first; what was typed is kept."""
    refused = takes(teams.desks["mhet"], LOOKED_AFTER, FILE, WHY)

    assert refused.status_code == 422
    assert "Choose a council and press Show first" in words_of(refused.text)
    assert WHY in refused.text


@pytest.mark.parametrize("council", ["not_recorded", "other", "no such council"])
def test_no_file_is_for_what_is_not_one_council(teams: Teams, council: str) -> None:
    """Nobody knows which councils those children are of."""
    refused = takes(teams.desks["mhet"], LOOKED_AFTER, FILE, WHY, council=council)

    assert refused.status_code == 422
    assert "Choose a council and press Show first" in words_of(refused.text)


def test_what_is_no_council_is_kept_nowhere(teams: Teams) -> None:
    """An address can hold anything, a child's name too; the audit is never deleted from."""
    shown = teams.desks["mhet"].open(f"{LOOKED_AFTER}?council=Amy+Brook,+12+Elm+Road").text

    assert "Elm Road" not in shown
    assert teams.noted("looked-after read")["asked"] == ["month=2026-03"]


def test_twins_without_a_number_are_two_lines(tmp_path: Path) -> None:
    """Born on one day and away on one night; what is written down says as many as the file has."""
    care = {**IN_CARE, "la_child_id": None}
    with a_server(tmp_path, no_hurry()) as server, every_desk(server) as desks:
        officer = a_colleague(server.context, "pc.okoro")
        sent = {name: officer.sent(report_of(name, **care)) for name in ("Ola", "Una")}
        taken = takes(desks["mhet"], f"{LOOKED_AFTER}?council=E06000014", FILE, WHY)
        noted = Teams(server, sent, desks).noted("looked-after file taken")

    assert len(read_back(taken)) == noted["rows"] == 2


def test_a_covert_record_says_so_on_every_list(tmp_path: Path) -> None:
    """Whoever goes and asks must know that somebody near the child must not."""
    with a_server(tmp_path, no_hurry()) as server, every_desk(server) as desks:
        officer = a_colleague(server.context, "pc.okoro")
        officer.sent(report_of("Ola", ethnicity_sde=None, **IN_CARE), covert=True)
        officer.sent(interview_of("Amy", ethnicity_sde=None))
        seen = {
            page: words_of(desks["mhet"].open(page).text).count("Covert: somebody near the child")
            for page in (ETHNICITY, LOOKED_AFTER, MEETING)
        }

    assert seen == {ETHNICITY: 1, LOOKED_AFTER: 1, MEETING: 1}


def test_taking_it_is_written_down_and_names_no_child(teams: Teams) -> None:
    """What for, which council, and at the records."""
    page = f"{LOOKED_AFTER}?council=E06000014"
    assert takes(teams.desks["mhet"], page, FILE, "About Ola").status_code == 422
    assert takes(teams.desks["mhet"], page, FILE, "").status_code == 422

    takes(teams.desks["mhet"], page, FILE, WHY)
    noted = teams.noted("looked-after file taken")

    assert noted["asked"] == ["month=2026-03", "council=E06000014"]
    assert noted["purpose"] == WHY
    assert str(teams.records["Ola"].header.record) in noted["records"]
    assert str(teams.records["Una"].header.record) not in noted["records"]


def test_a_child_typed_anew_is_one_child(tmp_path: Path) -> None:
    """Two nights on two handhelds: twice away, one child."""
    second = known_as(
        report_of("Second", {"mis.last_seen_at": Moment(NIGHT - timedelta(days=6))}), **IN_CARE
    )
    same = known_as(second, given_names="Ola")
    with a_server(tmp_path, no_hurry()) as server, every_desk(server) as desks:
        officer = a_colleague(server.context, "pc.okoro")
        officer.sent(report_of("Ola", **IN_CARE))
        officer.sent(same)
        words = words_of(desks["mhet"].open(LOOKED_AFTER).text)
        taken = takes(desks["mhet"], f"{LOOKED_AFTER}?council=E06000014", FILE, WHY)

    assert "1 child in March 2026" in words
    assert [row["MIS_START"] for row in read_back(taken)] == ["13/03/2026", "08/03/2026"]


def test_what_was_closed_ends_when_somebody_recorded_it_and_a_duplicate_is_none(tmp_path: Path) -> None:
    """Closed without a return, nobody knows when it ended; the same night twice is one night."""
    with a_server(tmp_path, no_hurry()) as server, every_desk(server) as desks:
        officer = a_colleague(server.context, "pc.okoro")
        team = a_colleague(server.context, "mhet.closes", Role.MHET, unit="mhet")
        for name, category in (("Ola", "located_other_force"), ("Una", "duplicate")):
            night = of(server.context, officer.sent(report_of(name, **IN_CARE)))
            assert night.closes(team, category, despite=DESPITE).stands
        words = words_of(desks["mhet"].open(LOOKED_AFTER).text)
        [ola] = read_back(takes(desks["mhet"], f"{LOOKED_AFTER}?council=E06000014", FILE, WHY))

    assert "1 child in March 2026" in words
    assert (ola["MIS_START"], ola["MIS_END"]) == ("13/03/2026", "")


# -- whom the exploitation meeting leaves out ----------------------------------------------------


def test_who_should_be_looked_at_and_is_not_on_the_list_stands_there(teams: Teams) -> None:
    """In care or with a social worker, missing or marked; declined and never reviewed alike."""
    assert teams.children(MEETING) == {"Ola", "Una", "Wes"}
    wes = teams.reads(MEETING).split(" Wes Brook-Test")[1]
    assert "Has a social worker" in wes
    assert "1 time" in wes
    assert "Criminal exploitation" in wes
    assert "Significant" in wes
    assert "Declined Sat 14 Mar, 21:04" in wes
    assert "There is no review" in teams.reads(MEETING)


def test_the_newest_review_counts(tmp_path: Path) -> None:
    """Once the child is on the list, the child stands here no more; off it again, here again."""
    with a_server(tmp_path, no_hurry()) as server, every_desk(server) as desks:
        officer = a_colleague(server.context, "pc.okoro")
        officer.sent(report_of("Wes", social_worker="Jo Lin"))
        seen = []
        for number, said in enumerate((ON_LIST, DECLINED)):
            server.clock.later(minutes=5)
            again = review_of("Wes", said, record=new_id(), encounter=an_id(f"again {number}"))
            officer.sent(known_as(again, social_worker="Jo Lin"))
            seen.append("Wes Brook-Test" in words_of(desks["mhet"].open(MEETING).text))

    assert seen == [False, True]


@pytest.mark.parametrize("page", [LOOKED_AFTER, MEETING])
@pytest.mark.parametrize("who", ["vat", "fim", "sergeant", "admin"])
def test_the_lists_of_one_team_are_for_that_team(teams: Teams, page: str, who: str) -> None:
    """Others neither open them nor find the way there."""
    assert teams.desks[who].open(page).status_code == 403
    assert page not in teams.desks[who].open("/lists").text


@pytest.mark.parametrize("page", [ETHNICITY, LOOKED_AFTER, MEETING])
def test_another_force_has_its_own(teams: Teams, page: str) -> None:
    """Its team sees none of our children."""
    assert teams.children(page, "mhet of another force") == set()


def test_the_page_of_the_lists_leads_to_each(teams: Teams) -> None:
    """For whoever may open them."""
    page = teams.desks["mhet"].open("/lists").text

    for href in ("/police-protection", ETHNICITY, LOOKED_AFTER, MEETING):
        assert f'href="{href}"' in page
        assert teams.desks["mhet"].open(href).status_code == 200


@pytest.mark.parametrize("given", ["", "0", "31", "-30", "x", "٣٠", "9999"])
def test_days_that_make_no_sense_are_three_months(given: str) -> None:
    """Whatever is typed into the address."""
    assert days_in(given) == DAYS
