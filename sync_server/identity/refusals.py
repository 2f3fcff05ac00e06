"""What identity can refuse. Each has a stable code for the app and plain words for a person.

BookletError
└── IdentityRefused
    ├── CodeUnknown / CodeUsed / CodeExpired    enrolment
    ├── DeviceNotActive                         suspended or revoked
    ├── RequestReplayed                         the same signed request a second time
    ├── SessionOver                             sign in again
    ├── FlowOver / SignInDenied                 signing in on a handheld
    ├── WrongSignIn                             name and password do not fit
    ├── NotYourRole                             signed in, but not for this
    ├── FormExpired                             a page's form was not sent from that page
    └── NoSuchAccount / AccountExists / NotACouncils    the administrator's command line
"""

from __future__ import annotations

from booklets.errors import BookletError


class IdentityRefused(BookletError):
    """Base of what identity refuses."""

    code = "identity_refused"


class CodeUnknown(IdentityRefused):
    """No such enrolment code."""

    code = "code_unknown"


class CodeUsed(IdentityRefused):
    """The enrolment code has already made a device."""

    code = "code_used"


class CodeExpired(IdentityRefused):
    """The enrolment code was not used in time."""

    code = "code_expired"


class DeviceNotActive(IdentityRefused):
    """The device is known, but suspended or revoked. ``order`` is what the force has signed for it."""

    code = "device_not_active"

    def __init__(self, says: str, *, order: bytes = b"") -> None:
        super().__init__(says)
        self.order = order


class RequestReplayed(IdentityRefused):
    """This very request was already received. A retry is signed afresh."""

    code = "replayed"


class SessionOver(IdentityRefused):
    """The officer must sign in again. What is on the handheld stays there."""

    code = "session_over"


class FlowOver(IdentityRefused):
    """The sign-in was not finished in time, or was already collected."""

    code = "flow_over"


class SignInDenied(IdentityRefused):
    """Somebody said in the browser that this sign-in is not theirs, or guessed too often."""

    code = "denied"


class WrongSignIn(IdentityRefused):
    """Name and password do not fit together. Which of the two is not said."""

    code = "wrong_sign_in"


class NotYourRole(IdentityRefused):
    """Signed in, but this is for other roles."""

    code = "not_your_role"


class FormExpired(IdentityRefused):
    """The form was not sent from the page that this browser was given."""

    code = "form_expired"


class NoSuchAccount(IdentityRefused):
    """No account of that name."""

    code = "no_such_account"


class AccountExists(IdentityRefused):
    """An account of that name is already there. It was not changed."""

    code = "account_exists"


class NotACouncils(IdentityRefused):
    """Somebody at a council has that role alone, and one council; nobody else has any."""

    code = "not_a_councils"
