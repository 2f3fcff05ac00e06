"""What can go wrong between the device and the force, named by what to do next.

    SyncFailed
    ├── TryLater         nobody's fault: try again, after ``retry_after`` seconds if it says so
    │   ├── LineCut      the line broke in the middle: it may have been heard
    │   ├── NotOurServer something else answered: a Wi-Fi sign-in page, a proxy, a wrong receipt
    │   └── ClockSkew    the two clocks disagree even after learning the server's time
    ├── SignInAgain      the officer's session is over; what waits stays sealed and waits
    ├── AppTooOld        the server wants a newer app; what waits stays
    ├── NotEnrolled      the server does not know this device
    │   └── Revoked      it does, and the force has stopped it
    ├── CursorExpired    the server no longer keeps news that old: ask again from the start
    └── Refused          never, as it stands: a person must look

No message holds anything that was typed by an officer or came from a network we do not know.
"""

from __future__ import annotations

from datetime import datetime

from booklets.errors import BookletError


class SyncFailed(BookletError):
    """It did not get through. Subclasses say what to do about it."""

    code = "sync_failed"


class TryLater(SyncFailed):
    """No signal, a busy server, a broken connection: nobody's fault, try again.

    ``why`` is a word for logs. ``whole_line`` says that nothing else would get through either; without
    it, the trouble may lie in this one item, and the next may be tried at once.
    """

    code = "try_later"

    def __init__(
        self,
        why: str,
        says: str = "There is no connection to the force. What you sent is kept here and goes by itself.",
        *,
        retry_after: float | None = None,
        whole_line: bool = True,
    ) -> None:
        super().__init__(says)
        self.why = why
        self.retry_after = retry_after
        self.whole_line = whole_line


class LineCut(TryLater):
    """The line broke while something was asked: it may have been heard, and no answer came."""

    def __init__(self, why: str) -> None:
        super().__init__(why, whole_line=False)


CERTIFICATE = "certificate"
"""Why something is not our server: it cannot prove its name, so nothing was asked of it."""


class NotOurServer(TryLater):
    """Something else answered, or something that cannot prove what it says."""

    code = "not_our_server"

    def __init__(self, why: str, *, retry_after: float | None = None, whole_line: bool = True) -> None:
        super().__init__(
            why,
            "The network answers, but not with the force's server. If this Wi-Fi has a sign-in page, "
            "open a web browser once. What you sent is kept here and goes by itself.",
            retry_after=retry_after,
            whole_line=whole_line,
        )


class ClockSkew(TryLater):
    """The clocks are too far apart. ``server_time`` is what the server's said, if it said so."""

    code = "clock_skew"

    def __init__(self, server_time: datetime | None) -> None:
        super().__init__(
            "clock_skew",
            "This device's clock and the server's are too far apart. What you sent is kept here. "
            "Set the device to take its time from the network.",
        )
        self.server_time = server_time


class SignInAgain(SyncFailed):
    """The server does not know this session any more. Everything stays where it is."""

    code = "sign_in_again"

    def __init__(self) -> None:
        super().__init__("Sign in again to send what waits. Everything is kept on this device.")


class AppTooOld(SyncFailed):
    """The server wants a newer app. ``minimum`` names it, if it said so."""

    code = "app_too_old"

    def __init__(self, minimum: str = "") -> None:
        which = f" to {minimum} or newer" if minimum else ""
        super().__init__(f"Homeward has to be updated{which} before it can send. Everything is kept here.")
        self.minimum = minimum


class NotEnrolled(SyncFailed):
    """The server does not know this device."""

    code = "not_enrolled"

    def __init__(
        self, says: str = "The force does not know this device. Everything is kept here. Ask for a new code."
    ) -> None:
        super().__init__(says)


class Revoked(NotEnrolled):
    """The force has stopped this device. ``order`` is what it has signed for it, to be checked first."""

    code = "revoked"

    def __init__(self, order: bytes = b"") -> None:
        super().__init__(
            "The force has stopped this device. What is sealed on it still goes; nothing else does. "
            "Speak to whoever looks after this device."
        )
        self.order = order


class CursorExpired(SyncFailed):
    """The server no longer keeps news that old. Asking again from the start loses nothing."""

    code = "cursor_expired"

    def __init__(self) -> None:
        super().__init__("The news has to be fetched again from the start.")


class Refused(SyncFailed):
    """The server will not take this as it stands, now or later. A person must look."""

    def __init__(
        self, code: str, says: str, *, head_rev: int | None = None, rules: tuple[str, ...] = ()
    ) -> None:
        super().__init__(says)
        self.code = code
        self.says = says
        self.head_rev = head_rev
        self.rules = rules


class NotEnrolledHere(BookletError):
    """This device has not been enrolled, so there is nothing to sign with (a mistake of ours)."""

    code = "not_enrolled_here"

    def __init__(self) -> None:
        super().__init__("This device is not enrolled yet. Scan an enrolment code first.")
