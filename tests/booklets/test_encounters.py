"""Encounters: one conversation, two records, nothing asked twice and nothing lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.encounters import Encounter, facts_of, progress, review
from booklets.entities import Edit
from booklets.forms import Effect, Stage
from booklets.received import facts_of_record
from booklets.records import Record, reference_of
from booklets.review import NEEDED
from booklets.sending import records_of, sent_as
from booklets.wire import digest
from tests.support.builders import CARER, CHILD, FOUND_AT, HOME, NIGHT, a_place, an_id
from tests.support.encounters import FORCE_SETTINGS, FOUND, a_sending, an_encounter, the_guide

WORDS = the_guide().field("pi.child_words")
AWAKE: dict[str, Answer] = {
    "ret.condition": ("awake_talking",),
    "pi.face_to_face": "yes",
    "pi.engaged": "yes",
}
WHY = the_guide().field("ret.reporter_concern")


def sent(encounter: Encounter, stage: Stage = Stage.CAPTURE, **changes: Any) -> dict[str, Record]:
    """The records of this encounter by form."""
    return {one.header.form: one for one in records_of(encounter, the_guide(), a_sending(stage, **changes))}


def test_found_is_sent_alone_and_with_nothing_else() -> None:
    """The first minute's record does not wait for the conversation, and gives nothing of it away."""
    records = sent(an_encounter(FOUND), Stage.FOUND)

    assert set(records) == {"ret"}
    assert all(the_guide().field(name).stage is Stage.FOUND for name in records["ret"].answers)
    assert "ret.found_at" in records["ret"].answers
    assert "ret.found_how" not in records["ret"].answers
    assert records["ret"].header.linked == ()


def test_nothing_of_a_later_stage_holds_up_found() -> None:
    """A half-typed number on page four is no reason to keep a found child to oneself."""
    spoilt = FOUND | {"ret.medical_needed": ("not", "one"), "ret.returned_before_report": Gap(Why.REFUSED)}
    problems = review(an_encounter(spoilt), the_guide(), FORCE_SETTINGS, NIGHT, Stage.FOUND)

    assert [one for one in problems if one.effect is Effect.BLOCK and not one.entity] == []


def test_the_second_revision_builds_on_the_first() -> None:
    """The same record, with more known; the interview is a first revision of its own."""
    encounter = an_encounter(FOUND)
    first = sent(encounter, Stage.FOUND)["ret"]
    encounter = sent_as(encounter, [first], [digest(first)])
    later = sent(encounter)

    assert later["ret"].key == (first.header.record, 2)
    assert later["ret"].header.base_revision == 1
    assert later["pvi"].key[1] == 1
    assert encounter.sent["ret"].digest == digest(first)


def test_both_records_link_to_each_other() -> None:
    """Who reads one finds the other."""
    records = sent(an_encounter(FOUND))
    ret, pvi = records["ret"].header, records["pvi"].header

    assert [one.record for one in ret.linked] == [pvi.record]
    assert [one.record for one in pvi.linked] == [ret.record]
    assert (ret.incident, ret.episode, ret.encounter) == (pvi.incident, pvi.episode, pvi.encounter)


@pytest.mark.parametrize("stage", [Stage.FOUND, Stage.CAPTURE, Stage.COMPLETE])
def test_covert_in_one_record_is_covert_in_all_from_the_first_minute(stage: Stage) -> None:
    """Who must not know must not learn it from the neighbour record, nor from the first revision."""
    records = sent(an_encounter({**FOUND, "ret.covert": "yes"}), stage)

    assert all(one.header.covert for one in records.values())
    assert not any(one.header.covert for one in sent(an_encounter(FOUND), stage).values())


def test_no_question_is_asked_or_sent_twice() -> None:
    """What one record holds, the other shows: it is stored once."""
    fields = [one for form in the_guide().forms for one in form.fields()]
    shown_here = {one.id: one.same_as for one in fields if one.same_as}
    records = sent(an_encounter({**FOUND, **AWAKE, "ret.harm_suffered": "yes", "pi.harm": "no"}))

    assert shown_here["ret.harm_suffered"] == "pi.harm"
    assert all(name not in the_guide().asked({**FOUND, name: "x"}) for name in shown_here)
    assert "ret.harm_suffered" not in records["ret"].answers
    assert records["pvi"].answers["pi.harm"] == "no"
    assert set(records["ret"].answers).isdisjoint(records["pvi"].answers)


def test_those_who_are_mentioned_travel_and_nobody_else() -> None:
    """With the place somebody lives at; without the friend who was typed and taken out again."""
    known = an_encounter().entities
    away = a_place(an_id("nowhere"), name="Nowhere")
    carer = known[CARER].changed("person.addresses", ({"place": str(HOME)},), at=NIGHT, by="NYP-2217")
    encounter = an_encounter(FOUND, entities={**known, CARER: carer, away.id: away})
    first = sent(encounter, Stage.FOUND)["ret"]

    assert [one.id for one in first.entities] == [CHILD, FOUND_AT, CARER, HOME]


def test_a_name_that_is_no_id_travels_nowhere_and_breaks_nothing() -> None:
    """A record is kept and looked at; it does not bring the reader down."""
    odd = an_encounter({**FOUND, "ret.left_with": ("Robin",)})
    problems = review(odd, the_guide(), FORCE_SETTINGS, NIGHT, Stage.FOUND)

    assert [one.fields for one in problems if one.code == "wrong_shape"] == [("ret.left_with",)]
    assert CARER not in {one.id for one in sent(odd, Stage.FOUND)["ret"].entities}


def test_a_hidden_answer_counts_for_nothing_and_is_not_sent() -> None:
    """Taking back "other" takes the words with it."""
    said: dict[str, Answer] = {**FOUND, "ret.found_how": "other", "ret.found_how_other": "by boat"}

    assert "ret.found_how_other" in sent(an_encounter(said))["ret"].answers
    assert "ret.found_how_other" not in sent(an_encounter({**said, "ret.found_how": "alone"}))["ret"].answers


def test_what_is_known_of_the_child_decides_what_is_needed() -> None:
    """A child in care has a social worker who must be told."""
    encounter = an_encounter(FOUND)
    child = encounter.entities[CHILD].changed("person.care_status", "co", at=NIGHT, by="NYP-2217")

    def needed(one: Encounter) -> set[str]:
        found = review(one, the_guide(), FORCE_SETTINGS, NIGHT, Stage.COMPLETE)
        return {name for problem in found if problem.code == NEEDED for name in problem.fields}

    assert "ret.sw_informed" not in needed(encounter)
    assert "ret.sw_informed" in needed(encounter.with_entity(child, at=NIGHT))


def test_one_duty_is_one_task_in_one_record_however_often_it_is_sent() -> None:
    """Two tasks for one danger are two people each waiting for the other."""
    encounter = an_encounter({**FOUND, "ret.condition": ("under_control",)})
    first = sent(encounter, Stage.FOUND)
    encounter = sent_as(encounter, first.values(), ["x"])
    later = sent(encounter, at=NIGHT + timedelta(hours=1))
    before = [one.id for one in first["ret"].tasks if one.kind == "crime_in_action"]
    after = [one.id for record in later.values() for one in record.tasks if one.kind == "crime_in_action"]

    assert len(before) == 1
    assert after == before


def test_every_clock_that_runs_is_a_task_with_its_time() -> None:
    """The return home interview is due from the first minute's record on."""
    tasks = {one.kind: one for one in sent(an_encounter(FOUND), Stage.FOUND)["ret"].tasks}

    assert tasks["return_home_interview"].due_at == NIGHT - timedelta(minutes=40) + timedelta(hours=72)
    assert "council_told_of_return" not in tasks


def test_exact_words_keep_every_wording_they_have_had() -> None:
    """R-53: what was written first is evidence too."""
    at = NIGHT
    encounter = an_encounter()
    for text in ("He", "He hurt", "He hurt me", "He held me"):
        encounter = encounter.answer(WHY, text, at=at)

    assert encounter.drafts == (Edit(at, "NYP-2217", WHY.id, "He hurt me", "He held me"),)


def test_letters_rubbed_out_one_by_one_leave_the_longest_wording_behind() -> None:
    """Typed, rubbed out, typed anew: one wording kept, not one per letter."""
    encounter = an_encounter()
    for text in ("He hurt", "He hur", "He hu", "He h", "He he", "He hel", "He held"):
        encounter = encounter.answer(WHY, text, at=NIGHT)

    assert [one.old for one in encounter.drafts] == ["He hurt"]


def test_rows_of_speech_that_only_grow_are_one_wording() -> None:
    """Each letter of each sentence would otherwise be kept with all that stands before it."""
    encounter = an_encounter()
    for said in ("I", "I went", "I went out"):
        encounter = encounter.answer(WORDS, ({"who": "Kit", "said": said},), at=NIGHT)
    grown = encounter.answer(WORDS, ({"who": "Kit", "said": "I went out"}, {"who": "Kit"}), at=NIGHT)
    changed = grown.answer(WORDS, ({"who": "Kit", "said": "I ran"},), at=NIGHT)

    assert grown.drafts == ()
    assert [one.old for one in changed.drafts] == [grown.answers[WORDS.id]]
    assert sent(changed)["pvi"].drafts == changed.drafts
    assert sent(changed)["ret"].drafts == ()


def test_an_answer_can_be_taken_back_and_every_step_is_a_new_encounter() -> None:
    """Whatever was saved last is whole."""
    field = the_guide().field("ret.covert")
    begun = an_encounter()
    said = begun.answer(field, "yes", at=NIGHT)

    assert said.answer(field, "yes", at=NIGHT) is said
    assert begun.answer(field, "", at=NIGHT) is begun
    assert begun.answers == {}
    assert field.id not in said.answer(field, None, at=NIGHT).answers


def test_a_reason_is_kept_for_what_it_was_given_and_for_nothing_else() -> None:
    """Rule Q-01 stands in both forms and may find many spots; each wants its own answer."""
    words = "Putting herself at risk."
    encounter = an_encounter({**FOUND, "pi.demeanour": words, "ret.handling": words, "ret.covert": "yes"})

    def standing(one: Encounter) -> list[str]:
        found = review(one, the_guide(), FORCE_SETTINGS, NIGHT, Stage.CAPTURE)
        return [problem.key for problem in found if problem.code == "Q-01" and problem.stands]

    assert set(standing(encounter)) == {"Q-01:pi.demeanour", "Q-01:ret.handling"}
    kept = encounter.because("Q-01:ret.handling", "her words", at=NIGHT)
    assert standing(kept) == ["Q-01:pi.demeanour"]
    assert sent(kept)["ret"].reasons == {"Q-01:ret.handling": "her words"}
    assert standing(kept.because("Q-01:ret.handling", "", at=NIGHT)) == standing(encounter)


def test_an_encounter_without_a_child_yet_can_be_about_one_later() -> None:
    """Who it is may be the last thing to be known."""
    nobody = an_encounter(FOUND, subject=None)

    assert nobody.child() is None
    assert facts_of(nobody, the_guide(), FORCE_SETTINGS, NIGHT).child() is None
    assert nobody.about(CHILD).child() == nobody.entities[CHILD]


def test_what_the_app_filled_in_is_sent_and_never_asked() -> None:
    """The notice of the return asks the council for an interview; the record says under which name."""
    encounter = an_encounter(FOUND)
    facts = facts_of(encounter, the_guide(), FORCE_SETTINGS, NIGHT)

    reference = reference_of(encounter.sent["ret"].record)
    assert facts.answers["ret.rhi_request"] == reference
    assert "ret.rhi_request" not in facts.asked
    assert sent(encounter)["ret"].answers["ret.rhi_request"] == reference


def test_the_server_sees_in_one_record_what_the_device_saw() -> None:
    """A question that hangs on the other record was asked if it has an answer."""
    said: dict[str, Answer] = {**FOUND, "pi.at": Moment(NIGHT), "pi.engaged": "yes"}
    guide = the_guide()
    device = facts_of(an_encounter(said), guide, FORCE_SETTINGS, NIGHT)

    for record in sent(an_encounter(said)).values():
        form = next(one for one in guide.forms if one.id == record.header.form)
        server = facts_of_record(record, form, FORCE_SETTINGS, NIGHT, guide.subject_role)
        assert server.answers == record.answers
        assert server.asked <= device.asked | {one.id for one in form.fields()}
        assert not any(form.field(name).same_as or form.field(name).system for name in server.asked)


def test_progress_counts_the_questions_that_are_asked() -> None:
    """A page is done when nothing on it waits, hidden questions do not count."""
    guide = the_guide()
    page = next(number for number, one in enumerate(guide.pages) if one.id == "child")
    encounter = an_encounter()
    asked = facts_of(encounter, guide, FORCE_SETTINGS, NIGHT).asked
    done, total = progress(guide, encounter, asked, page)

    assert "person.ethnicity_sde_not_stated_reason" in guide.pages[page].fields()
    assert 0 < done < total < len(guide.pages[page].fields())
