"""Words: what is pointed out, what passes, and what is never read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import MappingProxyType

import pytest

from booklets.answers import Answer
from booklets.checks import wording
from booklets.checks.judging import remark_on, remarks_of_blame
from booklets.checks.learned import KINDS
from booklets.checks.phrase_book import phrases
from booklets.checks.registry import RECORD_CHECKS
from booklets.checks.wording import (
    everyone_is_recorded,
    more_than_habit_or_age,
    more_than_no_concerns,
    no_bare_opinion,
    no_blaming_words,
    no_doubting_words,
    no_referral_waits_for_police_work,
    no_word_of_own_children,
)
from booklets.definitions import entity_forms, form, form_ids
from booklets.entities import Entity, EntityKind, new_id
from booklets.facts import Facts
from booklets.forms import Effect, Kind


def wrote(text: Answer, field: str = "pi.demeanour", verbatim: bool = False) -> Facts:
    """A record in which this stands."""
    return Facts(answers={field: text}, verbatim=frozenset({field} if verbatim else ()))


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("It is not out of character for her to go missing.", "high"),
        ("Engages in risky  behaviours with older males.", "high"),
        ("He is putting himself at risk again.", "high"),
        ("She keeps placing herself at risk.", "high"),
        ("When Mum came in Cal refused to engage.", "middle"),
        ("She is a prolific misper.", "high"),
        ("Absconded from the home at 20:10.", "middle"),
        ("She consented to going with him.", "high"),
        ("Just a runaway.", "high"),
        ("She won’t engage with officers.", "middle"),
        ("He was lying about where he slept.", "middle"),
        ("She was willing.", "high"),
        ("He is an offender and known to us.", "high"),
        ("She is kept as a slave in the flat.", "middle"),
    ],
)
def test_words_that_blame_a_child_are_pointed_out(text: str, severity: str) -> None:
    """Q-01, in sentences of the kind inspectors quoted; both apostrophes, any spacing."""
    assert no_blaming_words(wrote(text), prefix="pi", severity=severity)


@pytest.mark.parametrize(
    "text",
    [
        "Mum consented to a search of the bedroom.",
        "Father consented to share this with school.",
        "A registered sex offender lives at number 9.",
        "She was willing to show me the room upstairs.",
        "Referred as a victim of modern slavery.",
        "The man absconded from lawful custody in May.",
        "Took the regular bus, the 93, to Whitby.",
        "She was lying on the sofa under a coat.",
        "He works as a porter; ended up in hospital after a fall.",
        "The characters on the card are worn.",
        "Stood by the door, arms folded, did not answer. I asked twice.",
    ],
)
def test_lawful_and_plain_uses_pass(text: str) -> None:
    """A rule that cries wolf is a rule nobody reads."""
    for severity in ("high", "middle"):
        assert not no_blaming_words(wrote(text), prefix="pi", severity=severity), text


def test_exact_words_are_never_linted() -> None:
    """Q-09: a child who says "I'm a runaway, I always kick off" is quoted exactly."""
    spoken: Answer = (
        MappingProxyType(
            {"who": "Amy", "asked": "Did she go missing? He claims so.", "said": "I'm a runaway, nearly 18."}
        ),
    )
    for facts in (
        wrote(spoken, "pi.child_words", verbatim=True),
        wrote("nothing disclosed", "pi.worries", True),
    ):
        for severity in ("high", "middle"):
            assert not no_blaming_words(facts, prefix="pi", severity=severity)
        assert not no_doubting_words(facts, prefix="pi")
        assert not no_bare_opinion(facts, prefix="pi")
        assert not more_than_no_concerns(facts, prefix="pi")


def test_each_form_lints_its_own_fields() -> None:
    """One wording is pointed out once, in the record where it stands."""
    facts = wrote("Just a runaway.", "ret.handling")

    assert not no_blaming_words(facts, prefix="pi", severity="high")
    assert no_blaming_words(facts, prefix="ret", severity="high")


def test_what_to_write_instead_comes_with_it() -> None:
    """A complaint without a way out is only a complaint."""
    [spot] = no_blaming_words(wrote("Cal refused to engage."), prefix="pi", severity="middle")

    assert spot.fields == ("pi.demeanour",)
    assert spot.words.startswith("“refused to engage”: what you asked and what the child did")


@pytest.mark.parametrize("said", ["is being raped", "was raped", "was recruited", "was coerced"])
def test_no_alternative_makes_an_officer_assert_what_is_not_known(said: str) -> None:
    """Corrections, section 4: suggestions describe or say "may" and "suspected"."""
    assert not [one.id for one in phrases() if said in one.write]


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("No concerns.", True),
        ("Child safe and well, no issues.", True),
        ("seen safe and well and nothing disclosed", True),
        ("n/a", True),
        ("OK", True),
        ("...", True),
        ("Safe and well: sat up in bed, warm, ate toast, said she slept at Kay's.", False),
        ("Said she was fine and looked at the floor.", False),
    ],
)
def test_no_concerns_alone_is_not_an_account(text: str, empty: bool) -> None:
    """Q-04: written about children who were being harmed."""
    assert bool(more_than_no_concerns(wrote(text), prefix="pi")) is empty


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("Amy alleges that he hit her.", True),
        ("She claims to have slept at a friend's.", True),
        ("Amy told me that he hit her.", False),
        ("The alleged offender has left.", False),
    ],
)
def test_a_childs_account_is_told_not_claimed(text: str, doubts: bool) -> None:
    """Q-06."""
    assert bool(no_doubting_words(wrote(text), prefix="pi")) is doubts


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("House dirty, usual state.", True),
        ("He was aggressive.", True),
        ("Sleeves dirty: brown stains, 10 cm, both cuffs, and mud to the knee.", False),
        ("Shouted at his mother and threw a cup.", False),
    ],
)
def test_an_opinion_needs_what_was_seen(text: str, bare: bool) -> None:
    """Q-07: "dirty" is an opinion; what did you see?"""
    assert bool(no_bare_opinion(wrote(text), prefix="pi")) is bare


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said he had kids of his own in the next room.", "kids of his own"),
        ("I've got my kids this weekend, he says.", "my kids"),
        ("The driver talked about his nephew, 9.", "his nephew"),
        ("Amy sat with her dad and ate toast.", ""),
        ("I have a daughter her age, he told the gaoler.", "have a daughter"),
        ("He said: I've got two little girls myself.", "got two little girls"),
        ("I'm a dad, I would never.", "I'm a dad"),
        ("He sleeps at his sister's, with his sister and her son.", "sister and her son"),
        ("He minds his partner's lad on Sundays.", "partner's lad"),
        ("Two little girls played in the lounge.", ""),
    ],
)
def test_a_remark_about_further_children_is_heard_in_exact_words_too(text: str, found: str) -> None:
    """R-14: written down once, and nobody looked. A detection rule reads what style rules may not."""
    spots = no_word_of_own_children(
        wrote(text, "pi.child_words", verbatim=True), **{"except": ["pi.carer_view"]}
    )

    assert [spot.words for spot in spots] == ([found] if found else [])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("He says he sends the pictures to Jay and Ollie by Friday.", ["Jay", "Ollie"]),
        ("She showed it to Keeley on the bus.", ["Keeley"]),
        ("They went to Leeds and on to York.", []),
        ("He sent her off and drove with her to Leeds.", []),
    ],
)
def test_whoever_something_is_sent_to_is_no_place(text: str, names: list[str]) -> None:
    """Two friends were named in a threat, and nobody went to see them."""
    assert [spot.words for spot in everyone_is_recorded(wrote(text), fields=["pi.demeanour"])] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A man waits by the gate on Fridays with Jay.", ["Jay"]),
        ("At six PC Wells and DS 417 Marsh ring Ollie.", ["Ollie"]),
        ("She was driven by Di Marsh and by a Sergeant Hale.", ["Marsh"]),
        ("Tonight the PC saw Tyrone by the gate.", ["Tyrone"]),
    ],
)
def test_an_officer_and_the_days_of_every_week_are_no_child(text: str, names: list[str]) -> None:
    """Q-10: whoever is asked each time whether PC Wells is a child stops reading what is asked."""
    assert [spot.words for spot in everyone_is_recorded(wrote(text), fields=["pi.demeanour"])] == names


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("PPN to be completed once warrant executed, we risk alerting the household.", True),
        ("Hold the referral until the DFU results are back.", True),
        ("Inform social care after the search on Thursday.", True),
        ("Send the PPN tonight. Warrant on Thursday at six.", False),
        ("Do not wait for the warrant with the PPN.", False),
        ("Arrest Dean after the search of the address.", False),
        ("Look at the PPN again once Kit is awake.", False),
    ],
)
def test_a_referral_that_is_held_back_for_police_work_is_heard(text: str, waits: bool) -> None:
    """R-15 where a supervisor directs it: a referral, a wait and police work in one sentence."""
    assert bool(no_referral_waits_for_police_work(wrote(text, "sup.rationale"), prefix="sup")) is waits


@pytest.mark.parametrize("text", ["N't", "n't.", "’t", "'s"])
def test_what_is_left_of_a_short_form_is_read_like_any_text(text: str) -> None:
    """A thumb slips, and a fragment stays: no check falls over it."""
    assert not remarks_of_blame(text)
    assert not any(remark_on(text, kind) for kind in KINDS)


@pytest.mark.parametrize("text", ["PC Wells", "Jo Wells-Hill", "Dr. Amin"])
def test_a_name_is_no_opinion(text: str) -> None:
    """A cell says who does it; what is listed is found in capitals all the same."""
    assert not any(remark_on(text, kind) for kind in KINDS)
    assert remark_on("No Concerns", "empty")


def test_a_mother_may_speak_of_her_children() -> None:
    """The carer's own account is left out, or every mother would be asked about."""
    facts = wrote("Mum says: my kids are all asleep upstairs.", "pi.carer_view")

    assert not no_word_of_own_children(facts, **{"except": ["pi.carer_view"]})


def test_a_child_named_in_words_but_not_recorded_is_asked_about() -> None:
    """Q-10: friends were named and then forgotten."""
    amy = Entity(
        new_id(), EntityKind.PERSON, MappingProxyType({"person.known_as": "Amy", "person.surname": "Brook"})
    )
    said: Answer = (
        MappingProxyType(
            {
                "who": "Amy",
                "said": "I was with Keeley. We got the train to Leeds and Keeley’s mate Tyrone paid.",
            }
        ),
    )
    facts = Facts(
        answers={"pi.child_words": said, "pi.demeanour": "On Monday Amy showed me Snapchat at Saltern Row."},
        entities={amy.id: amy},
        verbatim=frozenset({"pi.child_words"}),
    )

    spots = everyone_is_recorded(facts, fields=["pi.child_words", "pi.demeanour", "pi.wants"])

    assert [(spot.fields, spot.words) for spot in spots] == [
        (("pi.child_words",), "Keeley"),
        (("pi.child_words",), "Tyrone"),
    ]


@pytest.mark.parametrize(
    ("reason", "enough"),
    [
        ("Medium because of his age", False),
        ("Not out of character, always comes back", False),
        ("Graded medium as per policy, 15 years old, went missing many times before.", False),
        ("Medium because of his age; says he owes money to men in Leeds and fears them", True),
        ("", True),
    ],
)
def test_habit_and_age_are_not_a_reason(reason: str, enough: bool) -> None:
    """R-06, on sentences of the kind the inspectors quoted. An empty reason is the field's own complaint."""
    assert more_than_habit_or_age(reason) is enough


def test_no_choice_of_a_form_is_taken_for_an_officers_text() -> None:
    """The checks see codes as text; no code may set a style rule off."""
    for asked in (*map(form, form_ids()), *entity_forms().values()):
        for one in asked.fields():
            for choice in one.codes:
                facts = wrote((choice.code,) if one.kind in {Kind.MANY_OF, Kind.BODY_MAP} else choice.code)
                assert not more_than_no_concerns(facts, prefix="pi") or one.id.startswith("person."), one.id
                assert not no_bare_opinion(facts, prefix="pi"), one.id
                for severity in ("high", "middle"):
                    assert not no_blaming_words(facts, prefix="pi", severity=severity), one.id


def test_no_wording_rule_ever_blocks() -> None:
    """Style never keeps a child's record on a phone."""
    for id_ in form_ids():
        for rule in form(id_).rules:
            if rule.id.startswith("Q-"):
                assert rule.effect in {Effect.ASK, Effect.WARN}, rule.id


def test_no_text_is_remembered_once_it_is_forgotten() -> None:
    """What was read to be checked must not outlive the lock of the handheld."""
    account = "She was asking for it, as usual. No concerns. I went with Jade."
    answers = wrote(account)
    for name, read in RECORD_CHECKS.items():
        if name in wording.HOW_IT_IS_WRITTEN:
            read(answers, prefix="pi", **({"severity": "high"} if name == "no_blaming_words" else {}))
    everyone_is_recorded(answers, fields=["pi.demeanour"])
    assert {one for one, kept in remembering() if kept()} >= {
        "_blame",
        "_weighed",
        "_of_word",
        "_part",
        "_names_in",
    }

    wording.forget_texts()

    assert {one for one, kept in remembering() if kept()} == set()


def remembering() -> Iterator[tuple[str, Callable[[], int]]]:
    """Everything in the checks that remembers a bounded number of texts or words, and how many it has."""
    for module in [one for name, one in sys.modules.items() if name.startswith("booklets.checks.")]:
        for name, one in vars(module).items():
            bounded = hasattr(one, "cache_parameters") and one.cache_parameters()["maxsize"] is not None
            if bounded and one.__module__ == module.__name__:
                yield name, lambda one=one: one.cache_info().currsize  # type: ignore[misc]


def test_the_checks_that_wait_for_a_reader_are_checks() -> None:
    """One that was renamed would be run again for every record that arrives."""
    assert RECORD_CHECKS.keys() >= wording.HOW_IT_IS_WRITTEN
