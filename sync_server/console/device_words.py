"""What the console says of handhelds and forgotten PINs."""

from __future__ import annotations

from collections.abc import Mapping

from sync_server.console.pages import Mark
from sync_server.handhelds.orders import Reason, What
from sync_server.handhelds.recovery import Checked, Stage
from sync_server.identity.devices import DeviceState

STATES: Mapping[DeviceState, Mark] = {
    DeviceState.ACTIVE: Mark("In use", "well"),
    DeviceState.SUSPENDED: Mark("Stopped for now", "soon"),
    DeviceState.REVOKED: Mark("Stopped for good", "late"),
}
CHOICES: Mapping[What, tuple[str, str]] = {
    What.SUSPEND: (
        "Stop it for now",
        "When it next reaches us it locks, and opens for nobody until you let it in. Its drafts are kept.",
    ),
    What.REVOKE: (
        "Stop it for good",
        "The same, and it cannot be let in again. Its officers are offered their drafts, as they were at "
        "its last contact, on the next device they sign in on.",
    ),
    What.WIPE: (
        "Wipe it",
        "It destroys its keys when it next reaches us, sends what is sealed, then erases everything. "
        "What was written on it since its last contact, and photographs not sent, are lost for good.",
    ),
    What.LET_IN: ("Let it in again", "It opens for its officers as before, once it reaches us."),
}
DONE: Mapping[What, str] = {
    What.SUSPEND: "Stopped for now",
    What.REVOKE: "Stopped for good",
    What.WIPE: "To be wiped",
    What.LET_IN: "Let in again",
    What.ACCEPT: "An older copy of a vault accepted",
}
OLDER_COPY = (
    "Of vault {}; the copy has seen {} changes. It can be read and not added to, until somebody accepts it"
)
UNREADABLE = "{} of its vaults cannot be read; what is sealed in there cannot be sent"
NOT_ERASED = (
    "{} of its vaults: damaged, or with something sealed that has not reached us. The keys are asked to be "
    "destroyed again each time it is heard"
)
REASONS: Mapping[Reason, str] = {
    Reason.LOST: "It is lost",
    Reason.STOLEN: "It was stolen",
    Reason.LEFT: "Whoever had it has left",
    Reason.RETIRED: "It is taken out of use",
    Reason.CHECKED: "It was found, or all is well with it",
    Reason.OTHER: "Another reason, in the line below",
}
CHECKED: Mapping[Checked, str] = {
    Checked.RANG_BACK: "I rang them back on a number that we already had",
    Checked.IN_PERSON: "They stand before me and I know them",
    Checked.SUPERVISOR: "Their supervisor is with them and I rang that supervisor",
}
STAGES: Mapping[Stage, Mark] = {
    Stage.ASKED: Mark("Nobody has agreed yet", "soon"),
    Stage.APPROVED_ONCE: Mark("One has agreed, one more has to", "soon"),
    Stage.AGREED: Mark("Agreed; waits for the recovery key", "soon"),
    Stage.READY: Mark("Agreed; the device can collect it"),
    Stage.DONE: Mark("Opened again", "well"),
    Stage.REFUSED: Mark("Refused"),
    Stage.OVER: Mark("Not answered in time"),
}
SAY_WHAT = "Say what is to happen to this device"
SAY_WHY = "Say why"
SAY_OTHER = "Say the other reason in one line, without a child’s name"
FINISHED = "It was told to wipe itself. There is nothing more that can be done about it from here."
COUNTED = "All of it counts now."
STILL_APART = "{} of it counts now, {} still stands apart for a reason of its own: see its record."
NOBODY = "Nobody yet"
HOLDER = "sync-server recovery open {}"
