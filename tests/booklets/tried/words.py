"""What is pointed out in whatever record it is written: words that blame or doubt, rows without words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from booklets import definitions
from booklets.answers import Answer, Scalar
from booklets.forms import Effect
from tests.booklets.test_words_in_every_form import POINTED_OUT, TELLS
from tests.booklets.tried.nights import BEFORE, FILLED_BY, NIGHTS
from tests.support.missing import a_row
from tests.support.tried import Changed, Said, Tried

REMARK = "Dean said he had kids of his own to get home to."
HARMLESS = "Dean said he had a bus to catch."
WRITTEN: Mapping[str, str] = {
    "ppd": "ppd.strategy_decisions",
    "enc": "enc.circumstances",
    "act": "act.last_witness_words",
    "ev": "ev.device_because",
    "exp": "exp.conduct",
    "hov": "hov.next",
    "mh": "mh.note",
    "mis": "mis.circumstances",
    "hot": "hot.words",
    "ppr": "pp.alternatives_because",
    "ppn": "ppn.summary",
    "pvi": "pi.carer_view",
    "ppe": "ppe.plan_after",
    "ppv": "ppv.review",
    "ret": "ret.clothing_changed_detail",
    "rhi": "rhi.summary",
    "rsk": "ra.rationale",
    "srch": "srch.result",
    "str": "str.shared",
    "sup": "sup.rationale",
    "thr": "thr.threat",
    "trg": "trg.triggers",
}
"""Where somebody writes at length in each record."""
SHOWN_BY: Mapping[str, Changed] = {
    "ret": {"ret.clothing_changed": "yes"},
    "ev": {"ev.changes_risk": "yes"},
}
"""What else is said, so that the question is asked."""
OF_OWN_CHILDREN: Mapping[str, str] = {
    "ev": "ev.changes_risk_what",
    "mis": "mis.intentions",
    "ppn": "ppn.impact",
    "pvi": "pi.demeanour",
    "ppe": "ppe.end_reason_because",
}
"""Where a remark about children of one's own is heard, if not where everything is."""


def written(form: str, question: str, text: str) -> Said:
    """This record, with this text there."""
    return Said(changed={**SHOWN_BY.get(form, {}), question: text})


def of_words() -> Iterator[Tried]:
    """Each of these rules in each record that has it; what happened, said plainly, is no remark."""
    for form in definitions.every_form():
        for rule in form.rules:
            if rule.id in POINTED_OUT and rule.id.startswith("Q-"):
                words, effect = POINTED_OUT[rule.id]
                question = WRITTEN[form.id]
                yield Tried(
                    form=form.id,
                    rule=rule.id,
                    night=NIGHTS[FILLED_BY[form.id]],
                    speaks=written(form.id, question, words),
                    silent=written(form.id, question, TELLS.replace("Leo", "He")),
                    effect=effect,
                )


def of_own_children() -> Iterator[Tried]:
    """R-14: whoever hears it in passing writes it down in passing, and somebody has to look."""
    for form in definitions.every_form():
        if any(rule.check == "no_word_of_own_children" for rule in form.rules):
            question = OF_OWN_CHILDREN.get(form.id, WRITTEN[form.id])
            yield Tried(
                form=form.id,
                rule="R-14",
                night=NIGHTS[FILLED_BY[form.id]],
                speaks=written(form.id, question, REMARK),
                silent=written(form.id, question, HARMLESS),
                effect=Effect.WARN,
            )


RUNG: Mapping[str, Scalar] = {"with": "gp", "at": BEFORE, "outcome": "accepted"}
ONLINE: Changed = {"pi.online": "yes"}
NAMED: Mapping[tuple[str, str], tuple[str, Mapping[str, Scalar], str, str, Changed]] = {
    **{
        (form, rule): (question, {**RUNG, **more}, column, said, beside)
        for form, question, more, beside in (
            ("ev", "ev.dfu_contacted", {}, {}),
            ("hov", "hov.family_contacts", {}, {}),
            ("mis", "mis.la_informed", {}, {}),
            ("ppr", "pp.la_told", {}, {}),
            ("ppn", "ppn.agencies_now", {}, {}),
            ("pvi", "pi.dfu_contacted", {}, ONLINE),
            ("ppe", "ppe.la_told", {}, {}),
            ("ret", "ret.la_informed", {}, {}),
            ("rhi", "rhi.chases", {}, {}),
            ("trg", "trg.agencies", {"phone": "01632 960144"}, {}),
        )
        for rule, column, said in (
            ("W-01", "with=other", "person"),
            ("W-02", "outcome=disagreed", "response"),
        )
    },
    **{
        (form, "W-03"): (question, {"username": "leo.m"}, "platform=other", "platform_other", beside)
        for form, question, beside in (
            ("ev", "ev.identifiers", {}),
            ("mis", "mis.identifiers", {"ra.f21_online": "yes", "mis.device_retained": "yes"}),
            ("ppn", "ppn.identifiers", {"ppn.online_abuse": "yes"}),
            ("pvi", "pi.identifiers", ONLINE),
        )
    },
    ("str", "W-04"): ("str.attendees", {"name": "Mel Ash"}, "agency=other", "agency_other", {}),
    ("ret", "W-04"): (
        "ret.circulations_cancelled",
        {"cancelled": "yes", "at": BEFORE},
        "what=other",
        "what_other",
        {},
    ),
    ("act", "W-04"): (
        "act.lines",
        {"category": "home_search", "what": "Search the shed by torch", "due_at": BEFORE, "status": "to_do"},
        "delay_reason=other",
        "delay_words",
        {},
    ),
}
"""By rule: the question, a line of it, the choice that asks for words, their cell, and what shows it."""


def of_rows() -> Iterator[Tried]:
    """Whoever was "other", and whoever did not agree, is named in the same line; else it is asked."""
    for (form, rule), (question, cells, choice, words, beside) in NAMED.items():
        column, _, code = choice.partition("=")
        lacks: Mapping[str, Scalar] = {**cells, column: code}

        def said(line: Mapping[str, Scalar], question: str = question, beside: Changed = beside) -> Said:
            rows: Answer = a_row(**line)
            return Said(changed={**beside, question: rows})

        yield Tried(
            form=form,
            rule=rule,
            night=NIGHTS[FILLED_BY[form]],
            speaks=said(lacks),
            silent=said({**lacks, words: "The night porter of the hostel"}),
            effect=Effect.ASK,
        )


OF_WORDS = [*chain(of_words(), of_own_children(), of_rows())]
