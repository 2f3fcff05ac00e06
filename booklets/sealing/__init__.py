"""Sealing, signing, and what rests on them: everything two machines must agree on to trust each other.

    canonical   the one spelling of what is signed       directory   which keys a force uses now
    signing     Ed25519, one domain per purpose          receipts    the server's word that it has stored
    hpke        sealing to a public key (RFC 9180)       orders      one handheld is to stop, or be wiped
    header      what an envelope says in the clear       policies    what a force's handhelds do
    envelope    hwd1: sealed to a few, signed by one     requests    signed HTTP requests (RFC 9421)
    streams     an attachment, never in memory whole     recovering  a vault's key, there and back
    returns     an envelope for one device               errors      all that is refused

The only part of ``booklets`` that may import ``cryptography``. Nothing here keeps a key, a nonce or any
other state, reads a clock, or has an option. Formats are written down at the head of each module, and
held still by the frozen files in ``tests/booklets/sealing/vectors``.
"""

from .directory import Directory, KeyEntry, read_directory, sign_directory
from .envelope import Envelope, read_envelope, seal_envelope
from .errors import (
    BadSignature,
    DirectoryRefused,
    EnvelopeMalformed,
    NotAsListed,
    NotForThisKey,
    OrderRefused,
    PolicyRefused,
    ReceiptRefused,
    RequestRefused,
    SealBroken,
)
from .header import AttachmentRef, EnvelopeHeader
from .hpke import KemKey, KemPublic, open_sealed, seal, usable_suites
from .orders import Order, read_order, sign_order
from .policies import read_policy, sign_policy
from .receipts import Receipt, read_receipt, sign_receipt
from .recovering import compare_code, open_as_holder, open_on_device, seal_back, seal_for_holder
from .requests import SignedBy, sign_request, verify_request
from .returns import open_return, seal_return
from .signing import SigningKey, key_id, verify
from .streams import MAX_ATTACHMENT, SealedAttachment, read_attachment, seal_attachment, size_when_sealed
