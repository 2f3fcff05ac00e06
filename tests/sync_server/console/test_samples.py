"""Dip samples: drawn by lot and reproducible, read by whoever may, and feedback that its supervisors see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from booklets.records import Record
from sync_server.audit import entries_of, verify_audit
from sync_server.console.samples import MOST_WORDS
from sync_server.console.sampling import in_order
from sync_server.db.samples import dip_feedback, dip_sample
from sync_server.db.tables import record_key
from tests.support.builders import NIGHT, UNIT, a_return
from tests.support.colleagues import a_colleague
from tests.support.devices import Browser
from tests.support.every_desk import every_desk
from tests.support.meetings import ELSEWHERE, about
from tests.support.servers import LiveServer, a_server, no_hurry
from tests.support.web_pages import words_of

HERE = "/samples"
MARCH = "2026-03"
SAYS = "The child’s own words are there, and who asked what. The time of the call is not."
NUMBER = re.compile(r"/samples/(\d+)$")


@dataclass
class Office:
    """The server, its records, and who sits at which desk."""

    server: LiveServer
    records: Mapping[str, Record]
    desks: Mapping[str, Browser]

    def draws(
        self, who: str = "mhet", unit: str = UNIT, month: str = MARCH, size: str = "3"
    ) -> httpx.Response:
        """Draw a sample, and come to its page."""
        desk = self.desks[who]
        hidden = desk.hidden_in(desk.open(HERE).text)
        return desk.http.post(HERE, data={**hidden, "unit": unit, "month": month, "size": size})

    def drawn(self, answer: httpx.Response) -> Mapping[str, Any]:
        """What was kept of the sample whose page this is."""
        found = NUMBER.search(str(answer.url))
        assert found, words_of(answer.text)
        with self.server.context.store.read() as db:
            return dict(
                db.execute(select(dip_sample).where(dip_sample.c.id == int(found[1]))).mappings().one()
            )

    def writes(
        self, sample: Mapping[str, Any], words: str = SAYS, who: str = "mhet", **fields: str
    ) -> httpx.Response:
        """Write feedback on the first record of a sample."""
        desk, path = self.desks[who], f"{HERE}/{sample['id']}"
        hidden = desk.hidden_in(desk.open(path).text)
        return desk.http.post(
            path, data={**hidden, "record": sample["records"][0][0], "words": words, **fields}
        )

    def feedback(self, sample: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The rows of what was written."""
        query = select(dip_feedback).where(dip_feedback.c.sample == sample["id"])
        with self.server.context.store.read() as db:
            return [dict(row) for row in db.execute(query).mappings()]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Six records of a unit: one of a child who has died, one withdrawn; and one of another unit."""
    with a_server(tmp_path_factory.mktemp("samples"), no_hurry()) as server:
        server.clock.at = NIGHT
        officer = a_colleague(server.context, "pc.okoro")
        there = a_colleague(server.context, "pc.there", unit=ELSEWHERE)
        records = {name: officer.sent(a_return(**about(name))) for name in ("Amy", "Noor", "Zed", "Leo")}
        records["Ida"] = officer.sent(a_return({"ret.condition": ("deceased",)}, **about("Ida")))
        records["Una"] = officer.withdraws(officer.sent(a_return(**about("Una"))))
        records["Max"] = there.sent(a_return(unit=ELSEWHERE, **about("Max")))
        with every_desk(server) as desks:
            yield Office(server, records, desks)


def of(record: Record) -> str:
    """The id of a record, as the register has it."""
    return str(record.header.record)


# -- the lot -------------------------------------------------------------------------------------------


@given(st.text(max_size=8), st.sets(st.uuids(), max_size=20))
def test_the_same_seed_gives_the_same_order(seed: str, ids: set[Any]) -> None:
    """In whatever order the records come; and it leaves none out."""
    records = [str(one) for one in ids]

    assert in_order(seed, records) == in_order(seed, reversed(records))
    assert sorted(in_order(seed, records)) == sorted(records)


def test_another_seed_gives_another_order() -> None:
    """Else it would be no lot."""
    records = [str(number) for number in range(20)]

    assert len({tuple(in_order(str(seed), records)) for seed in range(10)}) == 10


def test_what_was_drawn_can_be_drawn_again_from_the_seed_on_the_page(office: Office) -> None:
    """Anybody can work it out from the ids of the unit's records."""
    answer = office.draws(size="3")
    sample = office.drawn(answer)
    eligible = [of(office.records[name]) for name in ("Amy", "Noor", "Zed", "Leo")]

    assert [record for record, _ in sample["records"]] == in_order(sample["seed"], eligible)[:3]
    assert f"Seed {sample['seed']} :" in words_of(answer.text)


def test_neither_a_death_nor_what_was_withdrawn_nor_another_unit_is_drawn(office: Office) -> None:
    """However many are asked for."""
    sample = office.drawn(office.draws(size="10"))

    assert {record for record, _ in sample["records"]} == {
        of(office.records[name]) for name in ("Amy", "Noor", "Zed", "Leo")
    }


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"unit": ""}, "Choose the unit"),
        ({"unit": "nowhere"}, "Choose the unit"),
        ({"month": "2026-01"}, "No record of this unit and month can be drawn"),
    ],
)
def test_where_nothing_can_be_drawn_it_says_what_to_do(
    office: Office, asked: dict[str, str], says: str
) -> None:
    """And nothing is kept."""
    with office.server.context.store.read() as db:
        before = len(db.execute(select(dip_sample.c.id)).all())
    answer = office.draws(**asked)

    with office.server.context.store.read() as db:
        assert len(db.execute(select(dip_sample.c.id)).all()) == before
    assert answer.status_code == 422
    assert says in words_of(answer.text)


# -- who may ---------------------------------------------------------------------------------------------


def test_a_supervisor_draws_and_sees_the_samples_of_the_own_unit_alone(office: Office) -> None:
    """Another unit's is not there."""
    mine = office.drawn(office.draws("sergeant"))

    assert office.desks["sergeant"].open(f"{HERE}/{mine['id']}").status_code == 200
    assert office.draws("sergeant elsewhere").status_code == 422
    for who in ("sergeant elsewhere", "mhet of another force"):
        assert office.desks[who].open(f"{HERE}/{mine['id']}").status_code == 404
        assert f"/samples/{mine['id']}" not in office.desks[who].open(HERE).text


@pytest.mark.parametrize("who", ["vat", "fim", "admin"])
def test_samples_are_for_supervisors_and_the_team(office: Office, who: str) -> None:
    """Others have neither the pages nor the way there."""
    assert office.desks[who].open(HERE).status_code == 403
    assert office.desks[who].http.post(HERE, data={"unit": UNIT}).status_code == 403
    assert office.desks[who].http.post(f"{HERE}/1", data={"words": SAYS}).status_code == 403
    assert HERE not in office.desks[who].open("/quality").text


@pytest.mark.parametrize("number", ["0", "999999", "x", "1.5", "9999999999999999999999"])
def test_a_sample_that_is_not_there_is_not_there(office: Office, number: str) -> None:
    """Whatever is typed into the address."""
    assert office.desks["mhet"].open(f"{HERE}/{number}").status_code == 404


# -- feedback ----------------------------------------------------------------------------------------------


def test_the_supervisor_reads_what_the_team_wrote_and_whose_record_it_is_about(office: Office) -> None:
    """Beside the record; and no officer's name but that of whoever wrote the feedback."""
    sample = office.drawn(office.draws())
    answer = office.writes(sample)
    seen = words_of(office.desks["sergeant"].open(f"{HERE}/{sample['id']}").text)

    assert "Your feedback is kept" in words_of(answer.text)
    assert SAYS in seen
    assert "PC Hannah Wells, Sat 14 Mar, 21:04" in seen
    assert "okoro" not in seen.lower()


def test_what_was_written_lies_sealed_and_is_noted_at_the_record(office: Office) -> None:
    """The words under the record's key; in its history only that somebody wrote."""
    sample = office.drawn(office.draws())
    office.writes(sample)
    [row] = office.feedback(sample)
    with office.server.context.store.read() as db:
        noted = [one for one in entries_of(db, row["record"]) if one["what"] == "dip_feedback"]

    assert SAYS.encode() not in row["words_sealed"]
    assert noted
    assert SAYS not in str([dict(one) for one in noted])
    history = words_of(office.desks["mhet"].open(f"/records/{row['record']}").text)
    assert "Feedback written, in a dip sample" in history
    assert verify_audit(office.server.context).broken == ()


def test_a_button_that_is_pressed_twice_writes_once(office: Office) -> None:
    """The same page sent again."""
    sample = office.drawn(office.draws())
    page = "0195952b-2f6a-7c11-8e54-1f0f6d1c0a77"
    for _ in range(2):
        office.writes(sample, id=page)
    assert len(office.feedback(sample)) == 1

    second = sample["records"][1][0]
    office.writes(sample, id=page, record=second)
    office.writes(sample, "The risk is graded well.", id=page)
    assert len(office.feedback(sample)) == 3, "other words, and another record, are kept as well"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("  \n", "Write what is good or lacking"),
        ("x" * (MOST_WORDS + 1), "Say it in at most 2,000 characters"),
    ],
)
def test_feedback_says_something_and_not_too_much(office: Office, words: str, says: str) -> None:
    """What was typed is still there."""
    sample = office.drawn(office.draws())
    answer = office.writes(sample, words)

    assert answer.status_code == 422
    assert says in words_of(answer.text)
    assert words.strip() in answer.text
    assert office.feedback(sample) == []


def test_nothing_is_written_about_a_record_that_was_not_drawn(office: Office) -> None:
    """Nor about another unit's."""
    sample = office.drawn(office.draws())

    assert office.writes(sample, record=of(office.records["Max"])).status_code == 404
    assert office.writes(sample, id="no id at all").status_code == 200
    assert [row["record"] for row in office.feedback(sample)] == [sample["records"][0][0]]


def test_drawing_and_reading_are_written_down_with_the_records(office: Office) -> None:
    """For whoever watches over looking: which, from what, and by which lot."""
    sample = office.drawn(office.draws())
    drawn = words_of(office.desks["admin"].open("/looked?what=sample+drawn").text)
    read = words_of(office.desks["admin"].open("/looked?what=sample+read").text)

    assert "Drew a dip sample" in drawn
    assert sample["seed"] in drawn
    assert "Read a dip sample" in read


def test_the_list_says_how_many_have_their_feedback(office: Office) -> None:
    """Once a record, however often somebody wrote."""
    sample = office.drawn(office.draws("sergeant", size="3"))
    office.writes(sample, who="sergeant")
    office.writes(sample)
    page = office.desks["mhet"].open(HERE).text
    row = page.split(f'href="/samples/{sample["id"]}"')[1].split("</tr>")[0]

    assert re.findall(r'hw-num"><div>(\d+)', row) == ["3", "1"]


def test_what_was_withdrawn_since_is_no_longer_read(office: Office) -> None:
    """The page says how many are gone, and the others stay."""
    officer = a_colleague(office.server.context, "pc.late")
    sent = officer.sent(a_return(**about("Wes")))
    sample = office.drawn(office.draws(size="10"))
    assert of(sent) in {record for record, _ in sample["records"]}
    officer.withdraws(sent)
    seen = words_of(office.desks["mhet"].open(f"{HERE}/{sample['id']}").text)

    assert "Withdrawn since it was drawn, or not to be read here: 1." in seen
    assert "Wes Brook-Test" not in seen


def test_what_must_be_known_of_a_record_stands_beside_it(office: Office) -> None:
    """That it is covert, and that the child has died since it was drawn."""
    officer = a_colleague(office.server.context, "pc.covert")
    covert = officer.sent(a_return(**about("Bea")), covert=True)
    sample = office.drawn(office.draws(size="10"))
    path = f"{HERE}/{sample['id']}"
    before = words_of(office.desks["mhet"].open(path).text)
    died = officer.revises(covert, {"ret.condition": ("deceased",)})
    after = words_of(office.desks["mhet"].open(path).text)
    officer.withdraws(died)

    assert before.count(" Covert ") == 1
    assert "The child has died: nothing is sent" not in before
    assert "The child has died: nothing is sent" in after


def test_with_a_record_that_was_destroyed_its_feedback_has_gone(office: Office) -> None:
    """The rest of the sample is read as before."""
    sample = office.drawn(office.draws())
    office.writes(sample)
    record = sample["records"][0][0]
    with office.server.context.store.read() as db:
        kept = dict(db.execute(select(record_key).where(record_key.c.record == record)).mappings().one())
    office.server.context.store.write(
        lambda db: db.execute(delete(record_key).where(record_key.c.record == record)).rowcount
    )
    try:
        seen = words_of(office.desks["mhet"].open(f"{HERE}/{sample['id']}").text)
    finally:
        office.server.context.store.write(lambda db: db.execute(insert(record_key).values(kept)).rowcount)

    assert "The record was destroyed, and what was written about it with it." in seen
    assert SAYS not in seen
