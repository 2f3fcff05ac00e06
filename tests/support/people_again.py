"""Other records about the child of a night: what a team at a desk writes, with the fewest answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from booklets.answers import Answer, frozen
from booklets.forms import Stage
from booklets.records import Record, Task
from tests.support.builders import a_header, an_id


def a_record(
    form: str, night: Record, answers: Mapping[str, Answer], *, tasks: tuple[Task, ...] = (), **header: Any
) -> Record:
    """A record of this form about the same child; with another ``subject``, the child typed once more."""
    of = night.header
    parts: dict[str, Any] = {name: getattr(of, name) for name in ("episode", "incident", "subject")}
    name = f"{form} {of.record}"
    parts |= {"record": an_id(name), "encounter": an_id(f"encounter {name}")} | header
    child = next(one for one in night.entities if one.id == of.subject)
    return Record(
        header=a_header(form, **parts),
        stage=Stage.COMPLETE,
        answers=frozen(dict(answers)),
        entities=(replace(child, id=parts["subject"]),),
        tasks=tasks,
        reasons={},
    )
