"""How a record travels: canonical JSON, one digest over it, compressed and padded.

``pack`` is what goes inside the seal: four bytes of length, the zlib stream, and
zeros up to the next multiple of 256, so that a record's size says little about
it. The stream leans on a dictionary that both sides hold: what every record says
anyway, the ids of questions and the shapes of answers, is not sent. ``unpack``
bounds the work before it does any, and checks the digest, so that whoever holds a
record holds exactly what the officer signed.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from booklets.answers import answers_from_plain, instant, plain_answers, read_instant
from booklets.entities import edit_from_json, edit_to_json, entity_from_json, entity_to_json, read_id
from booklets.errors import UnknownProtocol, WireError
from booklets.forms import Stage
from booklets.records import Attachment, Author, Header, Link, Override, Record, Task
from booklets.stamps import stamp_from_json, stamp_to_json

PROTOCOL = 1
PAD = 256
MOST_BYTES = 1 << 20
MOST_RATIO = 100
STORED = 0  # compression level
FARTHEST = 32_000  # how far back zlib looks: a longer dictionary would not be found
DICTIONARY = "dictionary_1.txt"
"""Written once by ``house.dictionary``, and never again: a stream names it by its checksum."""
MOST_REVISIONS = 2**31 - 1  # what every database counts to


def canonical(value: Any) -> bytes:
    """JSON with one spelling: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(record: Record) -> str:
    """The one fingerprint of a record: SHA-256 over all of it, hex, the same on every device.

    Receipts and approvals cite it. It covers the form's checksum, answers,
    entities, times, attachments and the revision it is based on.
    """
    return hashlib.sha256(canonical(record_to_json(record))).hexdigest()


def pack(record: Record) -> bytes:
    """The record as bytes to be sealed. What ``unpack`` would refuse is refused here, before that."""
    return squeezed({"protocol": PROTOCOL, "digest": digest(record), "record": record_to_json(record)})


def squeezed(message: Mapping[str, Any]) -> bytes:
    """A message as bytes to be sealed: compressed with what every record says anyway, and padded."""
    text = canonical(message)
    if len(text) > MOST_BYTES:
        raise WireError("This is longer than one record can be. Everything is kept; shorten a long answer.")
    zip_ = zlib.compressobj(zdict=_dictionary())
    body = zip_.compress(text) + zip_.flush()
    if len(text) > MOST_RATIO * len(body):
        body = zlib.compress(text, STORED)
    content = len(body).to_bytes(4, "big") + body
    return content + bytes(-len(content) % PAD)


@cache
def _dictionary() -> bytes:
    return files("booklets.definitions").joinpath(DICTIONARY).read_bytes()


def unpack(packed: bytes) -> Record:
    """Read what ``pack`` wrote. Refuses anything longer, deeper compressed or other than that."""
    return unpacked(packed)[0]


def unpacked(packed: bytes) -> tuple[Record, str]:
    """Read what ``pack`` wrote: the record and its digest, which was worked out and compared."""
    text = _text_in(packed)
    message = _message_in(text)
    if message.get("protocol") != PROTOCOL:
        _must_be_in_one_spelling(message, text)
        raise UnknownProtocol(f"this side speaks protocol {PROTOCOL}")
    record = record_from_json(message.get("record"))
    try:
        said = canonical(record_to_json(record))
    except ValueError:
        raise WireError("not a packed record") from None
    own = hashlib.sha256(said).hexdigest()
    # Mostly it is exactly what this record would be packed as: then nothing of it is spelt out again.
    if text != b'{"digest":"%s","protocol":%d,"record":%s}' % (own.encode(), PROTOCOL, said):
        _must_be_in_one_spelling(message, text)
        if message.get("digest") != own:
            raise WireError("the record is not the one its digest was made of")
    return record, own


def unsqueezed(packed: bytes) -> dict[str, Any]:
    """Read what ``squeezed`` wrote. Refuses anything longer or deeper compressed than that can be."""
    text = _text_in(packed)
    message = _message_in(text)
    _must_be_in_one_spelling(message, text)
    return message


def _text_in(packed: bytes) -> bytes:
    length = int.from_bytes(packed[:4], "big")
    body, padding = packed[4 : 4 + length], packed[4 + length :]
    if len(body) != length or len(packed) % PAD or len(padding) >= PAD or any(padding):
        raise WireError("not a packed record")
    unzip = zlib.decompressobj(zdict=_dictionary())  # for a stream that asks for it
    try:
        text = unzip.decompress(body, min(MOST_BYTES, MOST_RATIO * len(body)) + 1)
    except zlib.error:
        raise WireError("not a packed record") from None
    if len(text) > min(MOST_BYTES, MOST_RATIO * len(body)) or not unzip.eof or unzip.unused_data:
        raise WireError("a record larger than any record is")
    return text


def _message_in(text: bytes) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise WireError("not a packed record") from None
    if not isinstance(message, dict):
        raise WireError("not a packed record")
    return message


def _must_be_in_one_spelling(message: dict[str, Any], text: bytes) -> None:
    try:
        one_spelling = canonical(message) == text
    except (ValueError, RecursionError):
        raise WireError("not a packed record") from None
    if not one_spelling:
        raise WireError("not a packed record")


def told(message: Mapping[str, Any]) -> bytes:
    """News for a handheld as bytes to be sealed: squeezed, since it pays for each byte on a bad line.

    What is longer than one record can be goes as it stands: whatever was kept is told.
    """
    try:
        return squeezed(message)
    except WireError:
        return canonical(message)


def heard(news: bytes) -> dict[str, Any]:
    """Read what ``told`` wrote."""
    if not news.startswith(b"{"):  # what is squeezed begins with its length
        return unsqueezed(news)
    try:
        message = json.loads(news)
    except (ValueError, RecursionError):
        raise WireError("not news") from None
    if not isinstance(message, dict):
        raise WireError("not news")
    return message


def record_to_json(record: Record) -> dict[str, Any]:
    """A record as JSON can hold it."""
    return {
        "header": _header_to_json(record.header),
        "stage": record.stage.value,
        "answers": plain_answers(record.answers),
        "entities": [entity_to_json(entity) for entity in record.entities],
        "reasons": dict(record.reasons),
        "overrides": [
            {"rule": one.rule, "reason": one.reason, "by": one.by, "at": instant(one.at)}
            for one in record.overrides
        ],
        "tasks": [task_to_json(task) for task in record.tasks],
        "drafts": [edit_to_json(edit) for edit in record.drafts],
    }


def record_from_json(value: object) -> Record:
    """Read what ``record_to_json`` wrote, or raise ``WireError``: nothing is guessed."""
    message = _object(value, "record")
    try:
        return Record(
            header=_header_from_json(message["header"]),
            stage=Stage(message["stage"]),
            answers=answers_from_plain(message["answers"]),
            entities=tuple(map(entity_from_json, _list(message["entities"]))),
            reasons=_words(message["reasons"]),
            overrides=tuple(map(_override, _list(message["overrides"]))),
            tasks=tuple(map(task_from_json, _list(message["tasks"]))),
            drafts=tuple(map(edit_from_json, _list(message["drafts"]))),
        )
    except (LookupError, TypeError, ValueError) as error:
        raise WireError(f"not a record: {type(error).__name__}") from None


def _header_to_json(header: Header) -> dict[str, Any]:
    same = {name: getattr(header, name) for name in _WORDS + _NUMBERS}
    ids = {name: str(getattr(header, name)) for name in _IDS}
    author = header.author
    return {
        **same,
        **ids,
        "covert": header.covert,
        "subject": str(header.subject) if header.subject else None,
        "author": {
            "id": author.id,
            "name": author.name,
            "rank": author.rank,
            "shoulder_no": author.shoulder_no,
            "station": author.station,
        },
        "started": stamp_to_json(header.started),
        "submitted": stamp_to_json(header.submitted),
        "linked": [_link_to_json(link) for link in header.linked],
        "attachments": [attachment_to_json(one) for one in header.attachments],
        **({"void_reason": header.void_reason} if header.void_reason else {}),
        **({"shift_ends_at": instant(header.shift_ends_at)} if header.shift_ends_at else {}),
    }


def _link_to_json(link: Link) -> dict[str, Any]:
    seen = {"revision": link.revision, "digest": link.digest} if link.revision else {}
    return {"record": str(link.record), "kind": link.kind, **seen}


_IDS = ("record", "incident", "episode", "encounter")
_WORDS = (
    "record_type",
    "form",
    "form_version",
    "form_checksum",
    "force",
    "unit",
    "routing_role",
    "device",
    "app_version",
    "gsc",
    "lawful_basis",
    "retention_class",
)
_NUMBERS = ("revision", "base_revision")


def _header_from_json(value: object) -> Header:
    message = _object(value, "header")
    author = _object(message["author"], "author")
    revision, base = (_whole(message[name]) for name in _NUMBERS)
    if not 1 <= revision <= MOST_REVISIONS or not 0 <= base < revision:
        raise WireError("a revision that cannot be")
    return Header(
        **{name: _word(message[name]) for name in _WORDS},  # type: ignore[arg-type]
        **{name: read_id(message[name]) for name in _IDS},  # type: ignore[arg-type]
        revision=revision,
        base_revision=base,
        covert=_truth(message["covert"]),
        subject=None if message["subject"] is None else read_id(message["subject"]),
        author=Author(
            **{name: _word(author[name]) for name in ("id", "name", "rank", "shoulder_no", "station")}
        ),
        started=stamp_from_json(message["started"]),
        submitted=stamp_from_json(message["submitted"]),
        linked=tuple(map(_link, _list(message["linked"]))),
        attachments=tuple(map(attachment_from_json, _list(message["attachments"]))),
        void_reason=_word(message.get("void_reason", "")),
        shift_ends_at=read_instant(message["shift_ends_at"]) if "shift_ends_at" in message else None,
    )


def _link(value: object) -> Link:
    one = _object(value, "link")
    revision, digest_seen = _whole(one.get("revision", 0)), _word(one.get("digest", ""))
    if not 0 <= revision <= MOST_REVISIONS:
        raise WireError("a revision that cannot be")
    if bool(revision) != bool(digest_seen):
        raise WireError("a link to a revision names its digest")
    return Link(read_id(one["record"]), _word(one["kind"]), revision, digest_seen)


def attachment_to_json(one: Attachment) -> dict[str, Any]:
    """One line of a record's manifest as JSON can hold it."""
    return {"id": str(one.id), "kind": one.kind, "size": one.size, "sha256": one.sha256}


def attachment_from_json(value: object) -> Attachment:
    """Read what ``attachment_to_json`` wrote."""
    one = _object(value, "attachment")
    return Attachment(read_id(one["id"]), _word(one["kind"]), _whole(one["size"]), _word(one["sha256"]))


def _override(value: object) -> Override:
    one = _object(value, "override")
    return Override(_word(one["rule"]), _word(one["reason"]), _word(one["by"]), read_instant(one["at"]))


def task_to_json(task: Task) -> dict[str, Any]:
    """A task as JSON can hold it."""
    return {
        "id": str(task.id),
        "kind": task.kind,
        "rule": task.rule,
        "subject": task.subject,
        "owner_role": task.owner_role,
        "set_at": instant(task.set_at),
        "due_at": _maybe(task.due_at),
        "accepted_at": _maybe(task.accepted_at),
        "status": task.status,
        "outcome": task.outcome,
        "delay_reason": task.delay_reason,
    }


def task_from_json(value: object) -> Task:
    """Read what ``task_to_json`` wrote."""
    one = _object(value, "task")
    words = ("kind", "rule", "subject", "owner_role", "status", "outcome", "delay_reason")
    return Task(
        id=read_id(one["id"]),
        set_at=read_instant(one["set_at"]),
        due_at=None if one["due_at"] is None else read_instant(one["due_at"]),
        accepted_at=None if one["accepted_at"] is None else read_instant(one["accepted_at"]),
        **{name: _word(one[name]) for name in words},
    )


def _maybe(moment: datetime | None) -> str | None:
    return None if moment is None else instant(moment)


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WireError(f"not a {what}")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise WireError("not a list")
    return value


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise WireError("not a word")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise WireError("not a whole number")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise WireError("neither true nor false")
    return value


def _words(value: object) -> Mapping[str, str]:
    return MappingProxyType(
        {_word(key): _word(word) for key, word in _object(value, "set of reasons").items()}
    )
