"""The lookout card: every line stands there in words, and nothing that is not for the radio does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booklets import definitions, lookout
from booklets.answers import Answer, Gap, Moment, Why, frozen
from booklets.conditions import NEVER
from booklets.encounters import Encounter
from booklets.forms import Code, Field, Section
from booklets.lookout import Standing
from booklets.stamps import Stamp
from tests.support.any_records import answered
from tests.support.lookouts import (
    PLAN,
    READ_OUT,
    SECRET,
    card_of,
    drawn,
    left_open,
    line,
    never_read_out,
    secret,
    sent,
    spoken,
)
from tests.support.missing import HONEST, LEO, LEO_KNOWN, NOW, a_row, guide, somebody, written
from tests.support.walks import FORCE

FIELDS = tuple(guide().fields())
OF_CHILD = tuple(definitions.entity_form("person").fields())
EVERY_LINE = [one.id for one in PLAN.lines]


def test_a_report_that_is_answered_is_read_out_from_top_to_bottom() -> None:
    """Who, in what, where last, where perhaps, what danger, what risk, and what to call it."""
    card = card_of()

    assert [one.spoken() for one in card.lines][:6] == [
        "Name: Leo",
        "Surname begins with: M",
        "Age: 14",
        "Sex: Boy or man",
        "Appearance (IC code): Not known yet",
        "Clothes: black, Hooded coat",
    ]
    assert line(card, "last_seen_at").words == ("Fri 13 March 2026, 21:40",)
    assert line(card, "last_seen_place").words == ("Valley Gardens, Harrogate",)
    assert line(card, "likely_places").words == ("Valley Gardens, Harrogate",)
    assert line(card, "danger_to_child").words[0].startswith("Leo cannot swim")
    assert line(card, "risk").words == ("Medium",)
    assert card.reference in line(card, "reference").spoken()


def test_a_report_that_is_just_begun_says_of_each_line_that_it_is_not_known_yet() -> None:
    """Silence would be taken for “no”."""
    card = drawn(written({}, child=somebody()))

    assert [one.id for one in card.lines] == EVERY_LINE
    assert {one.words for one in card.lines if one.id != "reference"} == {("Not known yet",)}


def test_a_question_left_open_says_why_and_keeps_the_note_to_itself() -> None:
    """The reason is a fixed word; the note was written for whoever reads the record."""
    card = card_of({"mis.phone_status": Gap(Why.NOT_SAFE_TO_ASK, "her uncle answers it")})

    assert line(card, "phone").words == ("Left open: not safe to ask",)
    assert "uncle" not in spoken(card)


@pytest.mark.parametrize(
    ("dob", "estimate", "words"),
    [
        ("2011-06-02", None, "14"),
        ("2011-03-14", None, "15"),
        ("2011", None, "About 14"),
        ("2011-05", None, "About 14"),
        (None, "9", "About 9"),
        ("2031-01-01", None, "Not readable as it is written. Look in the record"),
        (None, None, "Not known yet"),
    ],
)
def test_an_age_is_read_out_and_never_a_date_of_birth(
    dob: str | None, estimate: str | None, words: str
) -> None:
    """Patrols look for a girl of fourteen."""
    given_ = {"dob": dob, "age_estimate": estimate, "known_as": "Leo"}
    card = card_of(child=somebody(**{name: said for name, said in given_.items() if said}))

    assert line(card, "age").words == (words,)


def test_the_newest_level_is_the_risk_now_and_before_it_what_the_control_room_said() -> None:
    """An officer's own assessment counts as soon as there is one."""
    assert line(card_of({"ra.level": None}), "risk").words == ("Medium",)
    assert line(card_of({"ra.level": "high"}), "risk").words == ("High",)
    assert line(card_of({"ra.level": None, "ra.level_before": None}), "risk").standing is (
        Standing.NOT_KNOWN_YET
    )


def test_a_yes_says_what_hangs_on_it_and_a_no_does_not() -> None:
    """Who said so and how to reach them stays in the record."""
    fact = a_row(what="Carries a kitchen knife", who="Carol", contact="07700 900123")
    dangerous: dict[str, Answer | None] = {"ra.f20_weapons": "yes", "ra.f20_evidence": fact}

    assert line(card_of(dangerous), "weapons").words == ("Yes", "Carries a kitchen knife")
    assert line(card_of({**dangerous, "ra.f20_evidence": None}), "weapons").words == (
        "Yes",
        "More about it: not known yet",
    )
    assert line(card_of({**dangerous, "ra.f20_weapons": "no"}), "weapons").words == ("No",)


def test_weapons_are_named_before_every_other_danger_to_officers() -> None:
    """Above weapons that nobody had asked about yet stood "Danger to officers: no"."""
    dangers = [one.title for one in card_of({}).lines if "anger to officers" in one.title]
    assert dangers == ["Weapons: danger to officers", "Other danger to officers and the public"]


def test_a_phone_says_when_it_was_rung() -> None:
    """A phone that was off five hours ago may be on now."""
    rung: dict[str, Answer | None] = {"mis.phone_status_at": Moment(NOW)}

    assert line(card_of(), "phone").words == ("Off", "Rung: not known yet")
    assert line(card_of(rung), "phone").words == ("Off", "Rung: Sat 14 March 2026, 02:40")


def test_marks_are_read_out_but_for_one_on_a_private_part() -> None:
    """It is said that there is another one, and not what."""
    marks = (
        MappingProxyType({"type": "tattoo", "site": "left_hand", "description": "a small anchor"}),
        MappingProxyType({"type": "birthmark", "site": "private_area", "description": SECRET}),
    )
    card = card_of(child=somebody(**LEO_KNOWN, has_marks="yes", marks=marks))

    assert line(card, "marks").words == (
        "Yes",
        "Tattoo, Left hand, a small anchor",
        "One that is not for the radio",
    )


@pytest.mark.parametrize(("back", "says"), [("yes", "is back"), ("dead", "found dead")])
def test_there_is_no_card_of_a_child_who_was_found(back: str, says: str) -> None:
    """Nobody reads out a lookout for them."""
    card = card_of({"mis.returned_before_report": back})

    assert says in card.over
    assert (card.lines, card.cautions) == ((), ())


def test_a_child_who_may_have_been_taken_is_the_control_rooms_to_broadcast() -> None:
    """Whoever took the child may be listening (R-36)."""
    assert len(card_of().cautions) == 1
    assert "Ring the control room" in card_of({"mis.abduction_suspected": "yes"}).cautions[1]


def test_what_is_left_out_is_said_the_same_on_every_card() -> None:
    """A card on which it stood only for some would tell of them by it."""
    assert "Ask the control room about health." in card_of().left_out
    assert card_of().left_out == drawn(written({}, child=somebody())).left_out
    assert card_of().left_out == card_of(never_read_out()).left_out


def test_a_secret_in_every_other_answer_is_on_no_card() -> None:
    """Health, exact words, honour-based abuse, who must not know: the card does not change by them."""
    told = never_read_out()
    assert {
        "ra.f22_abduction_fm_fgm",
        "ra.f10_evidence",
        "mis.handling",
        "mis.reporter_concern",
    } <= told.keys()
    facts = {one.id: secret(one) for one in OF_CHILD if one.id not in READ_OUT}
    child = replace(LEO, facts=frozen({**facts, **LEO.facts}))

    assert spoken(card_of(told, child=child)).splitlines()[:-5] == spoken(card_of()).splitlines()[:-5]
    assert SECRET not in spoken(card_of(told, child=child))


def test_a_secret_in_every_note_on_a_gap_is_on_no_card() -> None:
    """Also where the line itself stands open."""
    open_: dict[str, Answer | None] = {
        name: left_open(name) for name in READ_OUT if not name.startswith("person.")
    }
    card = card_of(open_)

    assert SECRET not in spoken(card)
    assert [one.id for one in card.lines] == EVERY_LINE


@pytest.mark.thorough
@settings(deadline=None, max_examples=150)
@given(report=answered(FIELDS), child=answered(OF_CHILD))
def test_no_line_is_lost_or_invented_whatever_is_answered(
    report: Mapping[str, Answer], child: Mapping[str, Answer]
) -> None:
    """Each line once, in its order, with words; what nobody answered is never said."""
    encounter = written(
        report, child=somebody(**{name.partition(".")[2]: said for name, said in child.items()})
    )
    card = drawn(encounter)
    if card.over:
        assert "mis.returned_before_report" in report
        return

    assert [one.id for one in card.lines] == EVERY_LINE
    for planned, one in zip(PLAN.lines, card.lines, strict=True):
        assert all(words.strip() for words in one.words), one
        assert one.words, one
        asked = [{**report, **child}.get(name) for name in planned.fields]
        if planned.fields and not any(asked):
            assert one.standing is Standing.NOT_KNOWN_YET
    written_down = report.get("mis.dangers")
    if isinstance(written_down, str) and written_down.strip():
        assert line(card, "danger_to_child").words == (written_down,)


@pytest.mark.thorough
@settings(deadline=None, max_examples=150)
@given(report=answered(FIELDS), child=answered(OF_CHILD), data=st.data())
def test_what_no_line_names_changes_nothing_on_the_card(
    report: Mapping[str, Answer], child: Mapping[str, Answer], data: st.DataObject
) -> None:
    """Whatever else is answered, taken back or made up: the same card, word for word."""
    free = never_read_out().keys()
    others = data.draw(answered(tuple(one for one in FIELDS if one.id in free)))
    person = somebody(**{name.partition(".")[2]: said for name, said in child.items() if name in READ_OUT})
    first = written({name: said for name, said in report.items() if name not in free}, child=person)
    second = replace(first, answers=frozen({**first.answers, **others}))

    assert drawn(second) == drawn(first)


def test_what_was_sent_has_the_same_card() -> None:
    """Whoever receives the two records reads what the officer read."""
    encounter = written(card_answers())

    assert lookout.from_records(sent(encounter)) == replace(
        drawn(encounter), known_at=sent(encounter)[0].header.submitted.instant
    )


def card_answers() -> Mapping[str, Answer]:
    """The honest report, with somebody armed."""
    fact = a_row(what="Carries a kitchen knife", who="Carol")
    return {**HONEST, "ra.f20_weapons": "yes", "ra.f20_evidence": fact}


def test_a_report_without_its_assessment_says_that_the_rest_stands_elsewhere() -> None:
    """“Not known yet” would be untrue: somebody has answered it."""
    report = [one for one in sent(written(card_answers())) if one.header.form == "mis"]
    card = lookout.from_records(report)

    assert line(card, "risk").words == ("Not in this record. Ask the control room",)
    assert line(card, "clothing").standing is Standing.SAID


def test_the_newest_assessment_counts() -> None:
    """Risk that was raised an hour later is the risk now."""
    report, first = sent(written(card_answers()))
    _, later = sent(written({**card_answers(), "ra.level": "high"}))
    header = replace(later.header, submitted=Stamp(NOW + timedelta(hours=1)))

    assert line(lookout.from_records([report, first, replace(later, header=header)]), "risk").words == (
        "High",
    )


def test_only_a_missing_report_has_a_card() -> None:
    """Of anything else there is nobody to look out for."""
    assert lookout.has_card([("mis", False), ("rsk", False)])
    assert not lookout.has_card([("ret", False), ("pvi", False)])
    with pytest.raises(ValueError, match="none of these records"):
        lookout.from_records([one for one in sent(written(card_answers())) if one.header.form == "rsk"])


def test_a_report_that_was_withdrawn_has_no_card() -> None:
    """Nor is one drawn from it where its assessment still stands."""
    report, assessed = sent(written(card_answers()))
    withdrawn = replace(report, header=replace(report.header, void_reason="The wrong child."))

    assert not lookout.has_card([("mis", True), ("rsk", False)])
    with pytest.raises(ValueError, match="none of these records"):
        lookout.from_records([withdrawn, assessed])


def test_another_record_that_says_the_child_has_died_takes_every_line_away() -> None:
    """The report itself knows nothing of it yet."""
    card = lookout.from_records(sent(written(card_answers())), died=True)

    assert "Leo was found dead" in card.over
    assert (card.lines, card.cautions) == ((), ())


def test_a_record_is_read_out_in_the_words_it_was_filled_in_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """A choice that is no longer offered, and a question that nobody asks any more as the others stand."""
    now = definitions.form("mis")
    phone = now.field("mis.phone_status")
    then = replace(phone, codes=(Code("dead_line", "The line was dead"), *phone.codes))
    asked = replace(now, version="2025.1", sections=_with(now.sections, then))
    monkeypatch.setattr(definitions, "form_at", lambda id_, *edition: asked if id_ == "mis" else FORMS[id_])
    report, assessed = sent(written({**card_answers(), "mis.phone_status": "dead_line"}))

    assert line(lookout.from_records([report, assessed]), "phone").words[0] == "The line was dead"


def _with(sections: tuple[Section, ...], changed: Field) -> tuple[Section, ...]:
    return tuple(
        replace(one, fields=tuple(changed if known.id == changed.id else known for known in one.fields))
        for one in sections
    )


FORMS = {id_: definitions.form(id_) for id_ in definitions.form_ids()}


def test_an_answer_that_a_draft_keeps_is_not_called_unknown() -> None:
    """Asked in an earlier edition and no more as the others stand: it is sent along, so it is read out."""
    form = definitions.form("mis")
    no_more = replace(form.field("mis.phone_status"), shown=NEVER)
    today = replace(form, sections=_with(form.sections, no_more))
    asks = replace(guide(), forms=tuple(today if one.id == "mis" else one for one in guide().forms))
    begun = written(HONEST)
    carried = replace(begun, kept=("mis.phone_status",))

    def phone(report: Encounter) -> tuple[str, ...]:
        return line(lookout.from_encounter(report, asks, definitions.force(FORCE)), "phone").words

    assert (phone(begun), phone(carried)[0]) == (("Not known yet",), "Off")
