"""What police shorten is explained to whoever reads a notice, and nobody's words are changed (Q-08)."""

from __future__ import annotations

import pytest

from booklets import definitions
from booklets.answers import Answer
from sync_server import notices
from sync_server.context import Context
from sync_server.db.owed import notice
from sync_server.wording import SHORT_FORMS, explained
from tests.support.builders import a_ppn, a_return, an_interview
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import rows

RECEIPT = ("Receipt", "Please confirm that this was read.")


@pytest.fixture
def officer(context: Context) -> Colleague:
    """The officer who writes."""
    return a_colleague(context, "pc.okoro")


def below(words: str) -> str:
    """What stands below a notice with these words in it."""
    *_, (title, said), last = (("", ""), *explained([("Seen", words), RECEIPT]))
    assert last == RECEIPT
    return said if title == SHORT_FORMS else ""


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("She is LAC.", "LAC: looked-after child: a child in the council’s care"),
        ("Two EPOs were made.", "EPO: emergency protection order"),
        ("A Misper since six.", "misper: missing person"),
        ("The EDT and the DSL know.", "DSL: designated safeguarding lead of a school"),
    ],
)
def test_a_short_form_is_explained(words: str, meant: str) -> None:
    """In capitals as it is written, small ones however they are."""
    assert meant in below(words).splitlines()


@pytest.mark.parametrize("words", ["La la land", "SW1A 1AA", "a vat", "PLACE", "superpersuaders"])
def test_other_words_are_not(words: str) -> None:
    """A postcode is no social worker."""
    assert below(words) == ""


def test_what_was_written_stays_as_it_was() -> None:
    """Also what only looks like a mistake."""
    fields = explained([("Words", "“They said I am LAC, innit”"), RECEIPT])

    assert fields[0] == ("Words", "“They said I am LAC, innit”")
    assert [title for title, _ in fields] == ["Words", SHORT_FORMS, "Receipt"]


def test_a_notice_without_any_has_no_such_field() -> None:
    """Nothing to explain, nothing to read."""
    assert explained([("Seen", "At home."), RECEIPT]) == (("Seen", "At home."), RECEIPT)


@pytest.mark.parametrize("of", ["return", "referral", "danger"])
def test_every_notice_to_a_council_explains_itself(context: Context, officer: Colleague, of: str) -> None:
    """The return, the referral, and what says that a child is in danger."""
    said: dict[str, Answer] = {
        **dict.fromkeys(("ppn.summary", "ppn.immediate_danger_detail"), "LAC, placed by York. EDT told."),
        "ppn.immediate_danger": "yes",
    }
    if of == "return":
        officer.sent(a_return())
        record = officer.sent(an_interview({"pi.carer_view": "Robin says the DSL and EDT know."}))
    else:
        record = officer.sent(a_ppn(said))
    found = [row for row in rows(context, notice) if str(row["kind"]).startswith(of)]
    assert found, f"no {of} about {record.header.form}"

    with context.store.read() as connection:
        content = notices.words_of(connection, context.keys.safe, int(str(found[-1]["id"])))

    meant = {one["title"]: one["words"] for one in content["fields"]}[SHORT_FORMS]
    assert "EDT: " in meant
    assert meant in content["text"]


def test_the_list_is_in_plain_words() -> None:
    """A meaning explains nothing that needs explaining itself."""
    meanings = " ".join(definitions.short_forms().values())

    assert below(meanings) == ""
