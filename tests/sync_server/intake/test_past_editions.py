"""A record in a past edition of its form is judged, filed, shown and delivered as it was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from booklets import definitions
from booklets.answers import Answer
from booklets.margin import About, margin
from booklets.reading import read
from booklets.records import Record
from sync_server.context import Context
from sync_server.db.tables import Kept, submission
from sync_server.db.tables import record as record_table
from sync_server.forwarding.postman import Round, deliver_due
from sync_server.identity.accounts import Role
from sync_server.intake import Result, take_in
from tests.support.builders import NIGHT, a_return, an_interview, next_revision
from tests.support.devices import Browser
from tests.support.server_data import Handheld, count, rows
from tests.support.servers import FORCE, a_server, no_hurry
from tests.support.web_pages import words_of

FIRST = definitions.form_in("ret", "2026.1")
OLD = {"form_version": FIRST.version, "form_checksum": FIRST.checksum}
SAID: Mapping[str, Answer] = {"ret.risk_while_missing": "absent", "ret.returned_before_report": "yes"}
"""A choice that has gone, and an answer that takes away the question today: the child was back before."""


def an_old_return(**header: Any) -> Record:
    """A return as it was written before the form changed."""
    return a_return(SAID, **OLD | header)


def test_it_is_taken_in_like_any_other(context: Context, handheld: Handheld) -> None:
    """A phone that was off for a week has done nothing wrong."""
    outcome = take_in(context, handheld.seal(an_old_return()), sender=handheld.sender)

    [kept], [filed] = rows(context, submission), rows(context, record_table)
    flags: Any = filed["flags"]
    assert (outcome.result, kept["state"]) == (Result.STORED, Kept.STORED.value)
    assert (filed["form"], filed["form_version"]) == ("ret", "2026.1")
    assert flags["unreviewed"] is False


def test_the_next_revision_may_be_in_the_edition_of_today(context: Context, handheld: Handheld) -> None:
    """It came back after the app was brought up to date."""
    first, today = an_old_return(), definitions.form("ret")
    second = next_revision(first, {})
    header = replace(second.header, form_version=today.version, form_checksum=today.checksum)
    second = replace(second, header=header)

    results = [
        take_in(context, handheld.seal(one), sender=handheld.sender).result for one in (first, second)
    ]

    assert results == [Result.STORED, Result.STORED]
    assert [row["form_version"] for row in rows(context, record_table)] == [today.version]


def test_an_edition_that_nobody_published_still_waits_for_somebody(
    context: Context, handheld: Handheld
) -> None:
    """Neither a version that never was, nor other words under the name of one that was."""
    for odd in ({"form_version": "2026.0"}, {"form_checksum": "0" * 64}):
        outcome = take_in(context, handheld.seal(an_old_return(**odd)), sender=handheld.sender)
        assert (outcome.result, outcome.codes) == (Result.INVALID, ("unknown_form_version",))

    assert count(context, record_table) == 0


NO_FORMS = ("guide_return_check@2026.2", "guide_return_check@2026.3", "person@2026.2", "person@2026.1")


@pytest.mark.parametrize("named", NO_FORMS)
def test_a_record_of_what_is_no_form_waits_for_somebody(
    context: Context, handheld: Handheld, named: str
) -> None:
    """A guide, or what is asked about a person: published all the same, and never the form of a record."""
    id_, _, version = named.partition("@")
    published = definitions.published()[named]
    record = a_return(SAID)
    odd = replace(
        record,
        header=replace(
            record.header, form=id_, form_version=version, form_checksum=published, record_type=""
        ),
    )

    outcome = take_in(context, handheld.seal(odd), sender=handheld.sender)

    assert (outcome.result, outcome.codes) == (Result.INVALID, ("unknown_form_version",))
    assert count(context, record_table) == 0


def test_an_answer_that_nobody_ever_asked_for_stands_at_the_console(tmp_path: Path) -> None:
    """Under its bare name, for whoever has to make sense of it."""
    with a_server(tmp_path, no_hurry()) as server:
        server.add_account("mhet.hale", Role.MHET)
        handheld = Handheld(server.context)
        record = a_return({"ret.of_nobodys": "By the harbour wall", "nobody.asked": "yes"})
        take_in(server.context, handheld.seal(record), sender=handheld.sender)
        with Browser(server.url) as browser:
            browser.sign_in("mhet.hale")
            page = browser.open(f"/records/{record.header.record}")

    assert page.status_code == HTTPStatus.OK
    assert "By the harbour wall" in words_of(page.text)


def test_what_was_not_asked_then_is_not_missed_now() -> None:
    """Its own conditions and rules judge it; today's would call answers missing that nobody could give."""
    force = definitions.force(FORCE)
    notes = margin(an_old_return(), force, NIGHT, beside=[an_interview()])
    missed = {note.question for note in notes if note.about in {About.MISSING, About.LATER}}

    assert missed <= FIRST.names | {"person." + name.partition(".")[2] for name in missed}
    assert not {note.question for note in notes if note.code == "not_a_choice"}


def test_it_reads_in_its_own_words() -> None:
    """The question as it was put to the officer, and the choice under the words it had."""
    lines = {line.question: line for line in read(an_old_return()).lines()}

    assert lines["ret.risk_while_missing"].label == "Risk while missing"
    assert lines["ret.risk_while_missing"].words == ("Absent",)
    today = {line.question: line for line in read(a_return(SAID)).lines()}
    assert today["ret.risk_while_missing"].label.startswith("What was the risk while")


def test_an_answer_to_a_question_of_a_past_edition_reads_as_it_was_asked() -> None:
    """A draft that was begun before the change brings answers along that nobody asks for today."""
    gone = definitions.form_in("ppn", "2026.1").field("ppn.destinations")
    record = a_return({"ppn.destinations": (gone.codes[0].code,) if gone.codes else "x"})

    [line] = [line for line in read(record).lines() if line.question == gone.id]

    assert line.label == gone.label
    assert not gone.codes or line.words == (gone.codes[0].said,)


def test_it_is_delivered_with_the_edition_it_was_written_in(
    context: Context, handheld: Handheld, tmp_path: Path
) -> None:
    """The force's own system is told which words the answers belong to."""
    take_in(context, handheld.seal(an_old_return()), sender=handheld.sender)

    assert deliver_due(context) == Round(delivered=2)
    [file] = (tmp_path / "drop" / FORCE).iterdir()
    data = json.loads(file.read_text())["data"]
    assert data["type"] == "x-return"
    assert data["attributes"]["x-form"] == {"id": "ret", "version": "2026.1", "checksum": FIRST.checksum}


def test_it_stands_at_the_console_in_its_own_words(tmp_path: Path) -> None:
    """Whoever reads it sees what the officer saw."""
    with a_server(tmp_path, no_hurry()) as server:
        server.add_account("mhet.hale", Role.MHET)
        handheld = Handheld(server.context)
        record = an_old_return()
        take_in(server.context, handheld.seal(record), sender=handheld.sender)
        with Browser(server.url) as browser:
            browser.sign_in("mhet.hale")
            words = words_of(browser.open(f"/records/{record.header.record}").text)

    assert "Risk while missing Absent" in words
