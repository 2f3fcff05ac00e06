"""What the pages about keeping records say, by code."""

from __future__ import annotations

from collections.abc import Mapping

from booklets.definitions.retaining import Group
from sync_server.retention.due import Hinders
from sync_server.retention.reviewing import LONGEST, Kind, Void

GROUPS: Mapping[str, str] = {
    Group.ONE: "1: grave harm, public protection",
    Group.TWO: "2: other serious matters",
    Group.THREE: "3: other offences",
    Group.FOUR: "4: everything else",
}
HINDERS: Mapping[Hinders, str] = {
    Hinders.HELD: "Held",
    Hinders.OPEN_EPISODE: "A missing episode is open",
    Hinders.UNDECIDED: "Nobody has decided on a record",
    Hinders.OPEN_TASK: "Something is still to be done",
    Hinders.OWED: "Something is still owed to another system",
    Hinders.DRAFT_WAITS: "A draft that was handed over waits for somebody",
    Hinders.TWO_VERSIONS: "Two versions of a record wait",
    Hinders.RESTRICTED: "The child is restricted: the missing-from-home team ends that first",
    Hinders.TOO_YOUNG: "Kept until a later age of the child",
    Hinders.NOT_DUE: "Not due yet",
}
WHY: Mapping[str, str] = {
    "child_at_risk": "The child may still be at risk",
    "danger_to_others": "It is about somebody who may be a danger to other children",
    "inquiry": "An inquiry may ask for it",
    "no_purpose": "No policing purpose is served by it any more",
    "kept_elsewhere": "The force keeps it elsewhere",
    "court_says": "A court, or the Information Commissioner, says so",
    "court": "A court case",
    "complaint": "A complaint, or a misconduct matter",
    "data_request": "Somebody asks for their data",
    "other": "Another reason, below",
}
DID: Mapping[str, str] = {
    Kind.KEPT: "Kept",
    Kind.TO_DESTROY: "To be destroyed",
    Kind.TAKEN_BACK: "Not to be destroyed after all",
    Kind.HELD: "Held",
    Kind.HOLD_LIFTED: "Hold lifted",
}
SAID: Mapping[str, str] = {
    Kind.KEPT: "It is kept until the day you gave.",
    Kind.TO_DESTROY: "It is destroyed once the time to take that back is over.",
    Kind.TAKEN_BACK: "It is not destroyed.",
    Kind.HELD: "It is held: nobody can have it destroyed.",
    Kind.HOLD_LIFTED: "The hold is lifted.",
}
VOID: Mapping[Void, str] = {
    Void.NOT_THERE: "There is no such record any more.",
    Void.MOVED_ON: "Something has come to these records since you opened the page. Nothing was changed. "
    "Read what is new, and say it again.",
    Void.HINDERED: "It cannot be destroyed: the page says why",
    Void.NO_WORDS: "Say why, in your own words",
    Void.TOO_LONG: f"Say it in at most {LONGEST} characters. All of it is here still",
    Void.NO_REASON: "Choose a reason",
    Void.NO_DAY: "Give a day to come, until which it is kept",
    Void.TOO_FAR: "That is longer than the force keeps it without another look",
    Void.NOTHING_WAITS: "It is not to be destroyed: nothing was changed.",
    Void.NO_SUCH_HOLD: "That hold was lifted already: nothing was changed.",
}
FIELD: Mapping[Void, str] = {
    Void.NO_WORDS: "words",
    Void.TOO_LONG: "words",
    Void.NO_REASON: "why",
    Void.NO_DAY: "until",
    Void.TOO_FAR: "until",
    Void.HINDERED: "words",
}
"""Under which field of the form it stands; the others are a page of their own."""
NOT_THERE = "There is no such record, or nothing of it is kept."
NO_REFERENCE = "There is no record of this reference."
