"""Who must not know, and why, is read by every council that is told, whichever record says it (R-51)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from booklets.answers import Answer, Gap, Why, frozen
from booklets.forms import Stage
from booklets.records import Record
from sync_server import notices
from sync_server.context import Context
from tests.support.builders import CARER, CHILD, a_header, a_person, a_ppn, a_return, an_id, an_interview
from tests.support.colleagues import Colleague
from tests.support.councils import IN_DANGER, SAFE, Deliver
from tests.support.protection import END, OFFICER, POWER, part_of, sent

SECRET = {
    "pp.covert": "yes",
    "pp.handling": "Robin must not learn where Kit is: Robin has threatened to come.",
}
DO_NOT = "DO NOT CONTACT"
NOT_ESTABLISHED = "has not been established"


def protected(
    who: Colleague, answers: Mapping[str, Answer | None], part: str = POWER, *, child: UUID = CHILD
) -> Record:
    """A part of police protection in the episode of the return and the PPN, once it is stored."""
    record = sent(part_of(part, answers, child=a_person(child, known_as="Kit"), by=who.author))
    return who.sent(replace(record, header=replace(record.header, episode=an_id("episode"))))


def test_a_council_that_places_the_child_reads_who_must_not_know_and_why(
    context: Context, officer: Colleague
) -> None:
    """The foster carer takes the phone tonight: she has to know whose voice it must not be."""
    record = protected(officer, SECRET)

    restricted = _fields(context, record, "danger")["Contact restrictions"]
    assert restricted.startswith(DO_NOT)
    assert restricted.endswith(str(SECRET["pp.handling"]))


@pytest.mark.parametrize("covert", ["no", Gap(Why.NOT_KNOWN)])
def test_that_nobody_must_not_know_makes_no_contact_safe(
    context: Context, officer: Colleague, covert: Answer
) -> None:
    """The other side: nothing forbids it, and nobody has found out that it is safe."""
    record = protected(officer, {"pp.covert": covert})

    assert NOT_ESTABLISHED in _fields(context, record, "danger")["Contact restrictions"]


def test_a_council_reads_who_has_been_told_what(context: Context, officer: Colleague) -> None:
    """s46(3)(c), (4): whoever rings the mother next must not be the first to say where Kit is."""
    said = {"pp.parents_informed": "told_safe_only", "pp.lived_with_informed": "told"}
    told = _fields(context, protected(officer, said), "danger")["Who has been told"]

    assert "Have the parents been told: what you did, why, what comes next? Told: safe, and no more" in told
    assert "Has the duty team of the council here been told?" in told
    assert "Has the person Kit lived with been told? Told" in told


def test_a_council_reads_why_somebody_has_not_been_told(context: Context, officer: Colleague) -> None:
    """Not told is a decision with its reason, and the council goes on with it."""
    said = {"pp.parents_informed": "not_told", "pp.parents_informed_because": "Robin would come at once."}
    told = _fields(context, protected(officer, said), "danger")["Who has been told"]

    assert "Not told" in told
    assert "Robin would come at once." in told


def test_who_has_been_told_of_police_protection_stands_in_no_other_danger(
    context: Context, officer: Colleague
) -> None:
    """A PPN says it in its own words."""
    fields = _fields(context, officer.sent(a_ppn(IN_DANGER)), "danger")

    assert not {"Who has been told", "Sent to", "Local authority where found"} & fields.keys()


@pytest.mark.parametrize("part", [POWER, OFFICER, END])
def test_whichever_part_says_it_restricts_the_other_notices_of_the_same_child(
    context: Context, officer: Colleague, part: str
) -> None:
    """Two notices lie before the duty team: whoever trusts the easier one rings the wrong door."""
    prefix = {POWER: "pp", OFFICER: "ppd", END: "ppe"}[part]
    secret = {f"{prefix}.{name.partition('.')[2]}": said for name, said in SECRET.items()}
    protected(officer, secret, part)

    for record, kind in (
        (officer.sent(a_return({"ret.covert": "no"})), "return"),
        (officer.sent(an_interview({"pi.danger_now": "yes"})), "danger"),
        (officer.sent(a_ppn({"ppn.covert": "no"})), "referral"),
    ):
        restricted = _fields(context, record, kind)["Contact restrictions"]
        assert restricted.startswith(DO_NOT), kind
        assert str(SECRET["pp.handling"]) in restricted, kind


@pytest.mark.parametrize("form", ["hov", "act"])
def test_what_a_handover_or_an_enquiry_says_must_not_be_known_restricts_them_too(
    context: Context, officer: Colleague, form: str
) -> None:
    """It came up while the child was missing, and stands in no report."""
    words = "Nor may the uncle in Hull learn that police look for Kit."
    said: dict[str, Answer] = {f"{form}.covert": "yes", f"{form}.handling": words}
    for answers in ({}, said):
        header = a_header(form, covert=bool(answers), record=an_id(f"{form} {len(answers)}"))
        officer.sent(
            Record(header=header, stage=Stage.CAPTURE, answers=frozen(answers), entities=(a_person(),))
        )
        made = officer.sent(a_return({"ret.covert": "no"}, record=an_id(f"return {form} {len(answers)}")))
        restricted = _fields(context, made, "return")["Contact restrictions"]
        assert restricted.startswith(DO_NOT) is bool(answers)
        assert (words in restricted) is bool(answers)


def test_who_must_not_know_of_one_child_restricts_nothing_about_another(
    context: Context, officer: Colleague
) -> None:
    """A brother of the same night has notices of his own."""
    protected(officer, SECRET, child=an_id("brother"))

    restricted = _fields(context, officer.sent(a_return({"ret.covert": "no"})), "return")
    assert NOT_ESTABLISHED in restricted["Contact restrictions"]
    assert "Robin" not in restricted["Contact restrictions"]


def test_a_part_that_was_withdrawn_restricts_nothing(context: Context, officer: Colleague) -> None:
    """It was written about the wrong child."""
    officer.withdraws(protected(officer, SECRET))

    restricted = _fields(context, officer.sent(a_return({"ret.covert": "no"})), "return")
    assert restricted["Contact restrictions"] == "None recorded"


def test_what_two_records_say_in_the_same_words_is_said_once_and_every_other_word_is_kept(
    context: Context, officer: Colleague
) -> None:
    """A question of the one begins with the answer of the other; whoever knows more has written more."""
    protected(officer, SECRET)
    words: dict[str, Answer] = {"ppn.covert": "yes", "ppn.do_not_disclose_who": (str(CARER),)}
    same = _fields(
        context, officer.sent(a_ppn({**words, "ppn.do_not_disclose": SECRET["pp.handling"]})), "referral"
    )
    more = a_ppn({**words, "ppn.do_not_disclose": "Nor may the uncle."}, record=an_id("another ppn"))
    other = _fields(context, officer.sent(more), "referral")["Contact restrictions"]

    assert same["Contact restrictions"].count(SECRET["pp.handling"]) == 1
    assert other.count("Who must not know? Robin") == 1
    assert "Nor may the uncle." in other
    assert SECRET["pp.handling"] in other


def test_what_takes_a_danger_back_says_that_nobody_is_contacted_and_names_nobody(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """It may go to a council that has no part in it any more: the officer says the rest when it rings."""
    secret: dict[str, Answer] = {"ppn.covert": "yes", "ppn.do_not_disclose": "Not Robin.", **IN_DANGER}
    ppn = officer.sent(a_ppn(secret))
    told()

    second = officer.revises(ppn, SAFE)

    assert "Not Robin." in _fields(context, ppn, "danger")["Contact restrictions"]
    restricted = _fields(context, second, "danger")["Contact restrictions"]
    assert restricted.startswith(DO_NOT)
    assert "Robin" not in restricted


def _fields(context: Context, record: Record, kind: str) -> dict[str, str]:
    of = str(record.header.record), record.header.revision
    with context.store.read() as connection:
        found = notices.content_of(connection, context.keys.safe, *of, kind)
    assert found is not None
    return {one["title"]: one["words"] for one in found["fields"]}
