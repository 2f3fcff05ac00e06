"""How the files in ``vectors`` were made. They are frozen: this adds missing ones and changes none.

    python -m tests.booklets.sealing.freeze

Sealing is random, so a file lost is a promise lost: restore it from the history, do not make it again.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from booklets.sealing import AttachmentRef, KemKey, read_envelope, seal_attachment, seal_envelope
from tests.support.sealing import (
    CHUNK,
    Forge,
    a_header,
    header_fields,
    key_number,
    sign,
    signer_number,
    spelt,
)

VECTORS = Path(__file__).parent / "vectors"
SERVER, RECOVERY, STRANGER = key_number(1), key_number(2), key_number(3)
DEVICE = signer_number(1)
BODY = "She said: „I was at Aoife's.“ — 14 March".encode()

Case = tuple[str, str, bytes, KemKey, str, bytes]


def good() -> Iterator[Case]:
    """Envelopes that open."""
    hybrid = key_number(1, 2), key_number(2, 2)
    large = hashlib.shake_256(b"large").digest(CHUNK + 1)
    attached = a_header(kind="attachment", attachments=(AttachmentRef("att-1", 400_123, "ab" * 32),))
    for name, says, header, body, keys in (
        ("one-recipient", "suite 1, one recipient", a_header(kind="return"), BODY, [SERVER]),
        ("two-recipients", "suite 1, opened by the first of two", a_header(), BODY, [SERVER, RECOVERY]),
        ("recovery", "suite 1, opened by the second of two", a_header(), BODY, [RECOVERY, SERVER]),
        ("empty-body", "one empty chunk", a_header(), b"", [SERVER, RECOVERY]),
        ("two-chunks", "64 KiB and one byte", attached, large, [SERVER]),
        ("hybrid", "suite 2 (experimental), two recipients", a_header(), BODY, [*hybrid]),
    ):
        to = [key.public for key in keys]
        to = to[::-1] if name == "recovery" else to
        yield name, says, seal_envelope(header, body, to=to, signer=DEVICE), keys[0], "opens", body
    photo, target = hashlib.shake_256(b"photo").digest(2 * CHUNK + 9), io.BytesIO()
    to = [SERVER.public, RECOVERY.public]
    seal_attachment(a_header(), io.BytesIO(photo), target, attachment="att-1", to=to, signer=DEVICE)
    yield "attachment", "a photograph in three chunks", target.getvalue(), SERVER, "opens", photo
    forged = Forge(to=[SERVER], signer=DEVICE, body=BODY).written()
    yield "second-writer", "written from the description alone", forged, SERVER, "opens", BODY


def malformed() -> Iterator[Case]:
    """Envelopes that are refused before anything is checked."""
    base = Forge(to=[SERVER], signer=DEVICE, body=BODY)
    proper = spelt({**header_fields(), "digest_keyed": "ab" * 32})
    for name, says, forge in (
        ("magic", "another magic", replace(base, magic=b"HWD2")),
        ("suite", "a suite that does not exist", replace(base, suite=3)),
        ("header-too-long", "4,097 bytes of header", replace(base, header=b"{" * 4097)),
        ("header-spaced", "a space in the header", replace(base, header=proper.replace(b":", b": ", 1))),
        (
            "header-repeated-key",
            "rev twice",
            replace(base, header=proper.replace(b'"rev"', b'"rev":1,"rev"')),
        ),
        ("header-extra-field", "a field too many", replace(base, fields=header_fields(zone="x"))),
        ("header-version-2", "a later version", replace(base, fields=header_fields(v=2))),
        ("header-free-text", "a sentence for an id", replace(base, fields=header_fields(officer="PC A B"))),
        ("no-stanza", "nobody to open it", replace(base, count=0, stanzas=b"\x00")),
        ("five-stanzas", "one recipient too many", replace(base, to=[key_number(n) for n in range(5)])),
        ("stanza-repeated", "one key twice", replace(base, to=[SERVER, SERVER])),
    ):
        yield f"malformed-{name}", says, forge.written(), SERVER, "envelope_malformed", b""
    cut = base.written()[:90]
    yield "malformed-cut", "the first 90 bytes", cut, SERVER, "envelope_malformed", b""


def refused() -> Iterator[Case]:
    """Envelopes in good shape that are refused all the same."""
    to = [SERVER.public, RECOVERY.public]
    whole, other = (seal_envelope(a_header(rev=n), BODY, to=to, signer=DEVICE) for n in (2, 3))
    flipped = whole[:-1] + bytes([whole[-1] ^ 1])
    yield "signature-flipped", "one bit of the signature", flipped, SERVER, "bad_signature", b""
    stranger = seal_envelope(a_header(), BODY, to=to, signer=signer_number(2))
    yield "signature-of-another", "another device signed", stranger, SERVER, "bad_signature", b""
    unnamed = seal_envelope(a_header(), BODY, to=to, signer=DEVICE)
    yield "not-addressed", "a stranger tries", unnamed, STRANGER, "not_for_this_key", b""

    def again(data: bytes) -> bytes:
        return data + sign(DEVICE, b"hwd/env/1", data)

    edited = whole[:-64].replace(b'"rev":2', b'"rev":9')
    yield "header-edited", "rev changed, signed again", again(edited), SERVER, "seal_broken", b""
    renamed = whole[:-64].replace(RECOVERY.public.kid.encode(), STRANGER.public.kid.encode())
    yield "recipient-renamed", "the other stanza renamed", again(renamed), SERVER, "seal_broken", b""
    at = 7 + int.from_bytes(whole[5:7], "big")
    swapped = whole[:at] + other[at:-64]
    yield "spliced", "stanzas and body of another revision", again(swapped), SERVER, "seal_broken", b""
    untrue = Forge(to=[SERVER], signer=DEVICE, body=BODY, digest="ab" * 32).written()
    yield "digest-untrue", "the header's digest is of another body", untrue, SERVER, "seal_broken", b""
    open_end = Forge(to=[SERVER], signer=DEVICE, body=BODY, last_flags=(0,)).written()
    yield "no-last-chunk", "cut at the edge of a chunk", open_end, SERVER, "seal_broken", b""


def frozen(case: Case) -> dict[str, Any]:
    """A case as it is written down."""
    _name, says, data, key, expect, body = case
    known = {
        "says": says,
        "expect": expect,
        "envelope": base64.b64encode(data).decode(),
        "signer": DEVICE.public.hex(),
        "key": {"suite": key.suite, "private": key.private.hex(), "kid": key.public.kid},
    }
    if expect != "opens":
        return known
    envelope = read_envelope(data)
    return {
        **known,
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "header": asdict(envelope.header),
        "sha256": envelope.sha256,
        "stanza_kids": envelope.stanza_kids,
    }


def main() -> None:
    """Write the files that are not there."""
    VECTORS.mkdir(exist_ok=True)
    for case in (*good(), *malformed(), *refused()):
        path = VECTORS / f"hwd1-{case[0]}.json"
        if not path.exists():
            path.write_text(json.dumps(frozen(case), indent=1, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
