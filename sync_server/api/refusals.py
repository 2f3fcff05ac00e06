"""Which status each refusal has. A test sees to it that none is forgotten."""

from __future__ import annotations

import logging
from base64 import urlsafe_b64encode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from booklets.batch import BatchMalformed
from booklets.errors import (
    BookletError,
    DefinitionError,
    NotAllowedNow,
    UnknownEdition,
    UnknownForm,
    UnknownProtocol,
    WireError,
)
from booklets.sealing import BadSignature, EnvelopeMalformed, NotForThisKey, RequestRefused, SealBroken
from booklets.sealing.errors import (
    DirectoryRefused,
    NotAsListed,
    OrderRefused,
    PolicyRefused,
    ReceiptRefused,
)
from sync_server import attachments, keeping
from sync_server.across.months import NoSuchMonth
from sync_server.api.answers import refusal
from sync_server.backups.contents import NoBackup
from sync_server.backups.lost import NotLost
from sync_server.backups.making import NotBackedUp
from sync_server.backups.restoring import NotRestored
from sync_server.db.copies import NotCopied
from sync_server.db.store import StoreUnavailable
from sync_server.feed import CursorUnreadable
from sync_server.force_accounts import refusals as force_accounts
from sync_server.half_restored import HalfRestored
from sync_server.handhelds import HandheldRefused
from sync_server.identity import refusals as identity
from sync_server.keys.copying import KeysDiffer
from sync_server.keys.files import KeyFileUnsafe
from sync_server.keys.rest import BodyBroken
from sync_server.limits import BodyTooLarge, ServerBusy, TooOften, context_of

log = logging.getLogger(__name__)


class AppTooOld(BookletError):
    """The app is older than this server speaks with. Its drafts stay where they are."""

    code = "app_too_old"


class WrongType(BookletError):
    """The body is not of the type that this address takes."""

    code = "wrong_type"


class NotYourRecord(BookletError):
    """There is no record of this officer under that number. Whether there is another's is not said."""

    code = "not_your_record"


class OtherTus(BookletError):
    """The request does not speak the version of tus that this server does."""

    code = "other_tus"


STATUS: dict[type[BookletError], int] = {
    WireError: 400,
    BatchMalformed: 400,
    UnknownProtocol: 426,
    AppTooOld: 426,
    WrongType: 415,
    UnknownForm: 422,
    UnknownEdition: 422,
    CursorUnreadable: 400,
    NotYourRecord: 403,
    HandheldRefused: 409,
    NotAllowedNow: 409,
    RequestRefused: 401,
    BadSignature: 401,
    EnvelopeMalformed: 422,
    SealBroken: 422,
    NotAsListed: 422,
    NotForThisKey: 422,
    identity.IdentityRefused: 403,
    identity.CodeUnknown: 403,
    identity.CodeUsed: 403,
    identity.CodeExpired: 403,
    identity.DeviceNotActive: 403,
    identity.RequestReplayed: 401,
    identity.SessionOver: 401,
    identity.FlowOver: 410,
    identity.SignInDenied: 403,
    identity.WrongSignIn: 403,
    identity.NotYourRole: 403,
    identity.FormExpired: 403,
    force_accounts.ForceSignInRefused: 403,
    force_accounts.NotBegunHere: 403,
    force_accounts.TurnedBack: 403,
    force_accounts.NotProven: 403,
    force_accounts.KeyUnknown: 403,
    force_accounts.NobodyKnown: 403,
    force_accounts.NoGroup: 403,
    force_accounts.TwoUnits: 403,
    force_accounts.LocalOnly: 403,
    force_accounts.AnotherPerson: 403,
    force_accounts.ProviderAway: 503,
    force_accounts.ProviderOtherwise: 503,
    OtherTus: 412,
    attachments.AttachmentRefused: 409,
    attachments.NoSuchUpload: 404,
    attachments.WrongOffset: 409,
    attachments.WrongChecksum: 460,
    attachments.NotTheFile: 460,
    attachments.ListedOtherwise: 409,
    attachments.NotYourAttachment: 403,
    attachments.AttachmentTooLarge: 413,
    attachments.TooManyUploads: 429,
    attachments.Unshowable: 409,
    keeping.KeepingRefused: 503,
    keeping.KeepingUnavailable: 503,
    keeping.NotKept: 404,
    keeping.OtherBytes: 460,
    BodyTooLarge: 413,
    TooOften: 429,
    ServerBusy: 503,
    StoreUnavailable: 503,
    BodyBroken: 500,
}
# What only this machine's own files or its command line can cause.
NEVER_OVER_HTTP: frozenset[type[BookletError]] = frozenset(
    {
        BookletError,
        DefinitionError,
        DirectoryRefused,
        ReceiptRefused,
        OrderRefused,
        PolicyRefused,
        KeyFileUnsafe,
        identity.NoSuchAccount,
        identity.AccountExists,
        identity.NotACouncils,
        NoSuchMonth,
        NoBackup,
        NotBackedUp,
        NotRestored,
        NotLost,
        HalfRestored,
        NotCopied,
        KeysDiffer,
    }
)
RETRY_SECONDS = 5


def status_of(error: BookletError) -> int:
    """The status of a refusal, that of its nearest kind."""
    return status_of_kind(type(error))


def status_of_kind(kind: type[BookletError]) -> int:
    """The status of a kind of refusal, that of the nearest one that has one."""
    return next((STATUS[one] for one in kind.__mro__ if one in STATUS), 500)


def refused(request: Request, error: Exception) -> Response:
    """Answer a refusal with its code and its words."""
    assert isinstance(error, BookletError)  # noqa: S101 - Starlette promises the type
    status = status_of(error)
    log.info("refused code=%s status=%d", error.code, status)
    if not _for_a_handheld(request):
        return PlainTextResponse(str(error), status)
    retry = getattr(error, "retry_after", RETRY_SECONDS if status == 503 else None)  # noqa: PLR2004
    context = context_of(request)
    if error.code == "clock_skew":
        return refusal(error.code, str(error), status, now=context.now())
    if isinstance(error, identity.DeviceNotActive) and error.order:
        order = urlsafe_b64encode(error.order).rstrip(b"=").decode()
        return refusal(error.code, str(error), status, order=order)
    if isinstance(error, AppTooOld):
        return refusal(error.code, str(error), status, min_app=context.settings.min_app)
    return refusal(error.code, str(error), status, retry_after=retry)


def no_such_page(request: Request, error: Exception) -> Response:
    """Answer an unknown address, or a known one asked in a way it does not answer."""
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette promises the type
    if not _for_a_handheld(request):
        return PlainTextResponse(error.detail, error.status_code, headers=error.headers)
    codes = {404: "no_such_address", 405: "not_that_way"}
    says = "This server has nothing at that address. The app may be newer than the server."
    return refusal(codes.get(error.status_code, "not_possible"), says, error.status_code)


def went_wrong(request: Request, error: Exception) -> Response:
    """Answer a mistake of ours. Its kind is logged, never its text, which may hold what somebody wrote."""
    log.error("mistake kind=%s", type(error).__name__)
    says = "Something is wrong with the server. Nothing was lost; try again later."
    return refusal("mistake", says, 500) if _for_a_handheld(request) else PlainTextResponse(says, 500)


def _for_a_handheld(request: Request) -> bool:
    return request.url.path.startswith("/v1/") or request.url.path == "/v1"
