"""An encounter as the device keeps it between two keystrokes: JSON, both ways.

This never leaves the device unsealed and is no wire format: only the app that
wrote it reads it, possibly a newer version of the app.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from booklets.answers import answers_from_plain, instant, plain_answers, read_instant
from booklets.encounters import Encounter, Sent
from booklets.entities import by_id, edit_from_json, edit_to_json, entity_from_json, entity_to_json, read_id
from booklets.errors import UnknownProtocol, WireError
from booklets.forms import Stage
from booklets.records import Attached, Author, Link
from booklets.stamps import stamp_from_json, stamp_to_json
from booklets.wire import attachment_from_json, attachment_to_json

LAYOUT = 1
OFFICER = ("id", "name", "rank", "shoulder_no", "station")


def encounter_to_json(encounter: Encounter) -> dict[str, Any]:
    """An encounter as a document to keep; ``id`` is its name in the store."""
    return {
        "layout": LAYOUT,
        "id": str(encounter.id),
        "guide": encounter.guide,
        "guide_version": encounter.guide_version,
        "force": encounter.force,
        "unit": encounter.unit,
        "incident": str(encounter.incident),
        "episode": str(encounter.episode),
        "officer": _author_to_json(encounter.officer),
        "started": stamp_to_json(encounter.started),
        "changed": instant(encounter.changed),
        "sent": {
            form: {"record": str(one.record), "revision": one.revision, "digest": one.digest}
            for form, one in encounter.sent.items()
        },
        "subject": str(encounter.subject) if encounter.subject else None,
        "answers": plain_answers(encounter.answers),
        "entities": [entity_to_json(entity) for entity in encounter.entities.values()],
        "reasons": dict(encounter.reasons),
        "drafts": [edit_to_json(edit) for edit in encounter.drafts],
        "linked": [_linked_to_json(one) for one in encounter.linked],
        "place": encounter.place,
        **({"begun_with": plain_answers(encounter.begun_with)} if encounter.begun_with else {}),
        **({"newer": list(encounter.newer)} if encounter.newer else {}),
        **({"hands": [_author_to_json(one) for one in encounter.hands]} if encounter.hands else {}),
        **_in_hand(encounter),
        "editions": dict(encounter.editions),
        **({"begun_in": dict(encounter.begun_in)} if encounter.begun_in else {}),
        **({"kept": list(encounter.kept)} if encounter.kept else {}),
        **(
            {"attached": [_attached_to_json(one) for one in encounter.attached]}
            if encounter.attached
            else {}
        ),
        **({"shift_ends": instant(encounter.shift_ends)} if encounter.shift_ends else {}),
        "stage": encounter.stage.value,
    }


def _in_hand(encounter: Encounter) -> dict[str, Any]:
    """Where the officer is, and what is typed there and is no answer yet."""
    unread = {key: dict(one) for key, one in encounter.unread.items()}
    return {
        **({"unread": unread} if unread else {}),
        **({"touched": encounter.touched} if encounter.touched else {}),
        **({"touched_of": str(encounter.touched_of)} if encounter.touched_of else {}),
    }


def _attached_to_json(one: Attached) -> dict[str, Any]:
    return {"record": str(one.record), **attachment_to_json(one.attachment)}


def _author_to_json(one: Author) -> dict[str, str]:
    return {name: getattr(one, name) for name in OFFICER}


def _author(value: dict[str, Any]) -> Author:
    return Author(**{name: _word(word) for name, word in value.items()})


def _linked_to_json(one: Link) -> dict[str, Any]:
    return {"record": str(one.record), "kind": one.kind, "revision": one.revision, "digest": one.digest}


def encounter_from_json(value: object) -> Encounter:
    """Read what ``encounter_to_json`` wrote; a newer layout is an ``UnknownProtocol``."""
    if not isinstance(value, dict):
        raise WireError("not a draft")
    if value.get("layout") != LAYOUT:
        raise UnknownProtocol("this draft was written by a newer version of the app")
    try:
        return _encounter(value)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise WireError(f"not a draft: {type(error).__name__}") from None


def _encounter(value: dict[str, Any]) -> Encounter:
    return Encounter(
        **{name: _word(value[name]) for name in ("guide", "guide_version", "force", "unit", "place")},
        id=read_id(value["id"]),
        incident=read_id(value["incident"]),
        episode=read_id(value["episode"]),
        officer=_author(value["officer"]),
        started=stamp_from_json(value["started"]),
        changed=read_instant(value["changed"]),
        sent=MappingProxyType({_word(form): _sent(one) for form, one in value["sent"].items()}),
        subject=None if value["subject"] is None else read_id(value["subject"]),
        answers=answers_from_plain(value["answers"]),
        entities=MappingProxyType(dict(by_id(tuple(map(entity_from_json, value["entities"]))))),
        reasons=MappingProxyType({_word(key): _word(word) for key, word in value["reasons"].items()}),
        drafts=tuple(map(edit_from_json, value["drafts"])),
        linked=tuple(map(_linked, value.get("linked", []))),
        shift_ends=read_instant(value["shift_ends"]) if "shift_ends" in value else None,
        editions=_words(value.get("editions", {})),
        begun_in=_words(value.get("begun_in", {})),
        kept=tuple(map(_word, value.get("kept", []))),
        attached=tuple(map(_attached, value.get("attached", []))),
        begun_with=answers_from_plain(value.get("begun_with", {})),
        newer=tuple(map(_word, value.get("newer", []))),
        hands=tuple(map(_author, value.get("hands", []))),
        unread=MappingProxyType({_word(key): _words(one) for key, one in value.get("unread", {}).items()}),
        touched=_word(value.get("touched", "")),
        touched_of=read_id(value["touched_of"]) if "touched_of" in value else None,
        stage=Stage(value.get("stage", Stage.CAPTURE)),
    )


def _linked(value: dict[str, Any]) -> Link:
    revision = value["revision"]
    if type(revision) is not int:
        raise WireError("a revision is a whole number")
    return Link(read_id(value["record"]), _word(value["kind"]), revision, _word(value["digest"]))


def _attached(value: dict[str, Any]) -> Attached:
    return Attached(read_id(value["record"]), attachment_from_json(value))


def _sent(value: dict[str, Any]) -> Sent:
    revision = value["revision"]
    if type(revision) is not int:
        raise WireError("a revision is a whole number")
    return Sent(read_id(value["record"]), revision, _word(value["digest"]))


def _words(value: dict[str, Any]) -> MappingProxyType[str, str]:
    return MappingProxyType({_word(key): _word(word) for key, word in value.items()})


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise WireError("not a word")
    return value
