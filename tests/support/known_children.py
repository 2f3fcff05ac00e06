"""Records about children of whom more is known than a name: whose care they are in, who works with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from booklets.answers import Answer, frozen
from booklets.forms import Stage
from booklets.records import Record
from tests.support.builders import a_header, a_return, an_id, an_interview
from tests.support.meetings import a_report, about, parts


def known_as(record: Record, **facts: Answer | None) -> Record:
    """The same record, with these facts about its child; one that is None is not known at all."""
    [child] = [one for one in record.entities if one.id == record.header.subject]
    said = {**child.facts, **{f"person.{name}": answer for name, answer in facts.items()}}
    known = {name: answer for name, answer in said.items() if answer is not None}
    others = (one for one in record.entities if one is not child)
    return replace(record, entities=(replace(child, facts=frozen(known)), *others))


def interview_of(name: str, **facts: Answer | None) -> Record:
    """What a child said at the door."""
    return known_as(an_interview(**about(name)), **facts)


def report_of(name: str, /, answers: Mapping[str, Answer] | None = None, **facts: Any) -> Record:
    """A missing report of a child."""
    return known_as(a_report(name, answers), **facts)


def return_of(name: str, /, answers: Mapping[str, Answer] | None = None, **facts: Any) -> Record:
    """The same child's return, on the night that the report is of."""
    return known_as(a_return(answers, **{**about(name), "record": an_id(f"return of {name}")}), **facts)


def review_of(name: str, answers: Mapping[str, Answer], **header: Any) -> Record:
    """What the missing and exploitation team makes of it."""
    ids = {**about(name), **parts(f"review of {name}"), **header}
    entities = ids.pop("entities")
    return Record(
        header=a_header("mh", **ids),
        stage=Stage.CAPTURE,
        answers=frozen(dict(answers)),
        entities=entities,
        tasks=(),
        reasons={},
    )


def assessment_of(name: str, level: str, **header: Any) -> Record:
    """How grave the risk to a missing child is, on the night that the report is of."""
    ids = {**about(name), **parts(f"assessment of {name}"), **header}
    ids["episode"] = about(name)["episode"]
    entities = ids.pop("entities")
    return Record(
        header=a_header("rsk", **ids),
        stage=Stage.CAPTURE,
        answers=frozen({"ra.level": level}),
        entities=entities,
        tasks=(),
        reasons={},
    )
