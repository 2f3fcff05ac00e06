"""R-51: wherever it is asked whether family or a charity were told, it is asked whether that is safe."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why
from booklets.encounters import review
from booklets.forms import Effect, Stage
from booklets.prefill import following_on
from booklets.review import Problem
from booklets.sending import is_covert
from booklets.stamps import Stamp
from tests.support.beside_the_report import looked_at
from tests.support.missing import HONEST, LEO, NOW, guide, said_of, written
from tests.support.ppns import KIT
from tests.support.ppns import said_of as of_ppn
from tests.support.walks import FORCE, WELLS, found_by, needed
from tests.support.walks import HONEST as RETURNED
from tests.support.walks import looked_at as at_the_return

ASKING: Mapping[str, Mapping[str, Answer]] = {
    "handover": {"hov.hbv_fm_fgm": "no", "hov.covert": "no", "hov.family_told": "told"},
    "enquiries": {"act.hbv_fm_fgm": "no", "act.covert": "no", "act.charity": "done"},
}
LATER = Stage.COMPLETE
PREFIX = {"handover": "hov", "enquiries": "act"}
UASC = LEO.changed("person.care_flags", ("UASC",), at=NOW, by="NYP-1187")


def speaks(problems: list[Problem]) -> set[tuple[str, Effect]]:
    """What is said of telling."""
    return {(one.code, one.effect) for one in problems if one.code in {"R-51", "R-51a"}}


BOTH = {("R-51", Effect.SHOW), ("R-51a", Effect.ASK)}


@pytest.mark.parametrize("record", ASKING)
def test_a_danger_in_telling_is_shown_and_whoever_told_says_who_decided(record: str) -> None:
    """Yes and not known alike; where nothing speaks against it nothing is said."""
    of = PREFIX[record]
    assert speaks(looked_at(record, ASKING[record])) == set()
    for name in ("hbv_fm_fgm", "covert"):
        for answer in ("yes", Gap(Why.NOT_KNOWN)):
            said = {**ASKING[record], f"{of}.{name}": answer}
            assert speaks(looked_at(record, said)) == BOTH, (name, answer)


@pytest.mark.parametrize(
    ("record", "untold"),
    [("handover", {"hov.family_told": "not_told"}), ("enquiries", {"act.charity": "not_started"})],
)
def test_whoever_told_nobody_is_shown_the_danger_and_asked_nothing(
    record: str, untold: Mapping[str, Answer]
) -> None:
    """The default is not to tell."""
    said = {**ASKING[record], f"{PREFIX[record]}.covert": "yes", **untold}
    assert speaks(looked_at(record, said)) == {("R-51", Effect.SHOW)}


@pytest.mark.parametrize("record", ASKING)
def test_whether_it_is_safe_is_needed_and_who_must_not_know_once_somebody_must_not(record: str) -> None:
    """Silence is no "no"; the record is covert like any other that says so."""
    of = PREFIX[record]
    silent = needed(looked_at(record, {}))
    covert: Mapping[str, Answer] = {f"{of}.covert": "yes"}

    assert {f"{of}.hbv_fm_fgm", f"{of}.covert"} <= silent
    assert f"{of}.handling" not in silent
    assert f"{of}.handling" in needed(looked_at(record, covert))
    assert is_covert(covert)


def test_who_must_not_know_is_carried_on_from_the_report() -> None:
    """Nobody types it twice, and no "no" is carried: who may be told is looked at again."""
    said = {
        **HONEST,
        "mis.covert": "yes",
        "mis.handling": "His uncle in Hull.",
        "ra.f22_abduction_fm_fgm": "no",
    }
    for record, of in PREFIX.items():
        begun = following_on(
            written(said), guide(), child=LEO.id, next_guide=guide(record), officer=WELLS, at=Stamp(NOW)
        )
        assert begun.answers[f"{of}.covert"] == "yes"
        assert begun.answers[f"{of}.handling"] == "His uncle in Hull."
        assert f"{of}.hbv_fm_fgm" not in begun.answers


@pytest.mark.parametrize("answer", ["yes", Gap(Why.NOT_KNOWN), "no"])
def test_a_child_who_may_have_been_brought_here_may_not_have_a_family_that_is_safe(answer: Answer) -> None:
    """Trafficking, yes or unknown: said in the report, before anybody has assessed it."""
    said = said_of({"mis.trafficking_uasc": answer, "mis.parents_informed": "told"})
    assert speaks(said) == (set() if answer == "no" else BOTH)


@pytest.mark.parametrize("record", ASKING)
def test_of_a_child_alone_in_the_country_nobody_rings_family_without_thought(record: str) -> None:
    """By what the council knows of the child, in whatever is written while the child is missing."""
    encounter = written(ASKING[record], child=UASC, name=record)
    from_here = written(ASKING[record], child=LEO, name=record)
    force = definitions.force(FORCE)

    assert speaks(review(encounter, guide(record), force, NOW, Stage.CAPTURE)) == BOTH
    assert speaks(review(from_here, guide(record), force, NOW, Stage.CAPTURE)) == set()


def test_what_the_child_says_of_being_moved_around_is_heard_at_the_return() -> None:
    """Also where nobody has called it trafficking yet."""
    moved: Mapping[str, Answer] = {**RETURNED, "pi.harm": "yes", "pi.harm_types": ("trafficking",)}
    hit: Mapping[str, Answer] = {**moved, "pi.harm_types": ("physical_assault",)}

    assert "R-51" in found_by(at_the_return(moved), Effect.SHOW)
    assert "R-51" not in found_by(at_the_return(hit), Effect.SHOW)


# -- the PPN, and police protection ------------------------------------------------------------------
TICKED: list[Mapping[str, Answer]] = [
    {"ppn.concerns": ("trafficking",)},
    {"ppn.concerns": ("neglect", "fm_hba_fgm")},
    *({"ppn.exploitation_types": (kind,)} for kind in ("FM", "FGM", "HBA", "MS")),
]


@pytest.mark.parametrize("ticked", TICKED)
def test_what_is_ticked_as_a_concern_or_a_kind_is_heard_like_the_question_itself(
    ticked: Mapping[str, Answer],
) -> None:
    """The question says no, and a tick above it says otherwise: the tick counts."""
    problems = of_ppn({"ppn.hbv_fm_fgm_traff": "no", "ppn.family_told": "told", **ticked}, stage=LATER)

    assert speaks(problems) == BOTH
    assert {"R-42", "R-40"} <= found_by(problems, Effect.SHOW)
    assert "ppn.nrm" in needed(problems)


@pytest.mark.parametrize("ticked", [{"ppn.concerns": ("neglect",)}, {"ppn.exploitation_types": ("ONL",)}])
def test_any_other_concern_or_kind_says_nothing_of_telling(ticked: Mapping[str, Answer]) -> None:
    """The other side: most families are told."""
    problems = of_ppn({"ppn.hbv_fm_fgm_traff": "no", "ppn.family_told": "told", **ticked}, stage=LATER)

    assert speaks(problems) == set()
    assert not {"R-42", "R-40"} & found_by(problems, Effect.SHOW)
    assert "ppn.nrm" not in needed(problems)


PROTECTION: Mapping[str, tuple[Mapping[str, Answer], set[tuple[str, Effect]]]] = {
    "police_protection": ({"pp.hbv_fm_fgm": "no", "pp.covert": "no", "pp.parents_informed": "told"}, BOTH),
    "designated_officer": ({"ppd.hbv_fm_fgm": "no", "ppd.covert": "no"}, {("R-51", Effect.SHOW)}),
    "protection_end": ({"ppe.hbv_fm_fgm": "no", "ppe.covert": "no", "ppe.parents_informed": "told"}, BOTH),
}


@pytest.mark.parametrize("record", PROTECTION)
def test_in_police_protection_too_a_child_alone_in_the_country_may_have_nobody_safe(record: str) -> None:
    """R-51: whoever says to be an uncle may be who brought the child here."""
    said, spoken = PROTECTION[record]
    force = definitions.force(FORCE)

    for child, expected in ((UASC, spoken), (LEO, set())):
        found = review(written(said, child=child, name=record), guide(record), force, NOW, LATER)
        assert speaks(found) == expected, child.word("care_flags")


def test_in_a_ppn_too_a_child_alone_in_the_country_may_have_nobody_safe() -> None:
    """By what the council knows of the child."""
    alone = KIT.changed("person.care_flags", ("UASC",), at=NOW, by="NYP-1187")

    assert speaks(of_ppn({"ppn.family_told": "told"}, child=alone)) == BOTH
    assert speaks(of_ppn({"ppn.family_told": "told"})) == set()
