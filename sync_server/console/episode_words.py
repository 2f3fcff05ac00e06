"""What is said of a missing episode: what is open, what became of it, and why it is not closed as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping

from booklets.duties import title_of as task_title_of
from sync_server.console import words
from sync_server.console.marks import brief_title_of, state_mark
from sync_server.console.pages import Mark
from sync_server.console.scopes import DECISION
from sync_server.episodes.categories import Denied, categories
from sync_server.episodes.closing import STILL_OPEN, SYSTEM, NotDone
from sync_server.episodes.standing import Kind
from sync_server.episodes.still_open import Open, What

KEPT = "Nothing was closed. What you wrote is kept, and the missing-from-home team sees that it was refused."
BRIEFLY: Mapping[What, str] = {
    What.NOT_BACK: "No return recorded",
    What.TWO_VERSIONS: "Two versions",
    What.UNDECIDED: "Not decided",
    What.FIRST_PART: "First part only",
    What.DANGER: "Danger: not said what was done",
    What.RISK: "Risk",
    What.NO_INTERVIEW: "No prevention interview",
    What.PPN: "PPN",
    What.OTHER_CHILDREN: "Other children",
    What.OFFENCES: "Offences in police protection",
    What.PROTECTION: "Police protection not ended",
    What.OFFER: "A specialist’s offer",
    What.RETURN_INTERVIEW: "Return home interview",
    What.TASK: "To do",
}
IN_FULL: Mapping[What, str] = {
    What.NOT_BACK: "No return is recorded: as far as anybody wrote, the child is still missing",
    What.TWO_VERSIONS: "Two versions of it, and nobody has said which counts",
    What.FIRST_PART: "The first part of the return only, that the child is back: the rest has not come",
    What.RISK: "Reported as missing, and no risk assessment is recorded",
    What.NO_INTERVIEW: "Back, and no prevention interview is recorded",
    What.PPN: "Signs of harm, and neither a PPN nor the reason for none",
    What.OTHER_CHILDREN: "Another child is named, and nobody has decided on a PPN for them",
    What.OFFENCES: "Police protection ended without its offences: which were considered and recorded (R-26)",
    What.PROTECTION: "Police protection was used, and its end is not recorded",
    What.OFFER: "Nobody has said what came of a specialist’s offer of help (R-57)",
}
NOT_ALL = "The supervisor says that not every other child is accounted for"
RECORD_IT = (
    "First somebody records the return: “Child is back” on a device, with “Back before anyone told police”"
    " where that is so."
)
CLOSE_AS_BACK = "Close it as how the child came back."
REFUSALS: Mapping[str, str] = {
    Denied.WHEREABOUTS: (
        "Not as a concern for safety: nothing says that somebody always knew where the child was, so this"
        " was a missing episode (R-05)"
    ),
    Denied.TWO_VERSIONS: (
        "Not as a concern for safety: there are two versions of a record, and the other one may say that"
        " nobody knew where the child was (R-05). First somebody says under Two versions which counts"
    ),
    Denied.DIED: "A record says that the child has died: close it as found dead, or as what became of it",
    Denied.NOT_DEAD: "No record says that the child has died",
    Denied.NO_RETURN: "No return is recorded",
    Denied.NO_INTERVIEW: "No prevention interview is recorded: close it as one that is still to do",
    STILL_OPEN: "Something is open: say why it is closed all the same",
}
WHY_NOT: Mapping[NotDone, str] = {
    NotDone.NOT_MISSING: "No report and no return of it counts any more, so there is nothing to close.",
    NotDone.NOT_THEIRS: "Closing is for supervisors, the incident manager and the missing-from-home team.",
    NotDone.OTHER_UNITS: (
        "Other units wrote of this episode too: the missing-from-home team or the incident manager"
        " closes it."
    ),
    NotDone.OWN_RECORD: "You wrote its report or its return, so somebody else closes it.",
    NotDone.CLOSED_ALREADY: "Somebody has closed it already.",
    NotDone.OPEN_ALREADY: "It is open already.",
    NotDone.MOVED_ON: "A record has come meanwhile. Read the episode as it stands now, then send this again",
}


def briefly(codes: Sequence[str]) -> tuple[Mark, ...]:
    """What is open, each sort once, with how many there are of it."""
    return tuple(
        Mark(f"{said}: {number}" if number > 1 else said)
        for what, said in BRIEFLY.items()
        if (number := list(codes).count(what.value))
    )


def in_full(one: Open) -> str:
    """One thing that is open. What was directed is read elsewhere, because it lies sealed."""
    if one.task is not None:
        return task_title_of(one.task["kind"])
    if one.what is What.UNDECIDED and one.row is not None:
        return f"{brief_title_of(one.row['form'])}: {state_mark(one.row['state']).words.lower()}"
    if one.what is What.OTHER_CHILDREN and one.row is not None and one.row["record_type"] == DECISION:
        return NOT_ALL
    return IN_FULL[one.what]


def refused(why: str, *, is_back: bool) -> str:
    """Why it is not closed as was asked, what was kept, and what to do."""
    to_do: Mapping[str, str] = {
        Denied.WHEREABOUTS: CLOSE_AS_BACK if is_back else RECORD_IT,
        Denied.NO_RETURN: RECORD_IT,
    }
    return " ".join(filter(None, (f"{REFUSALS[why]}.", KEPT, to_do.get(why, ""))))


def closed_as(act: RowMapping) -> str:
    """As what it was closed, or was to be closed."""
    return categories().get(act["category"], words.plain_code(act["category"]))


def path_of(episode: str) -> str:
    """Where one episode is read."""
    return f"/episodes/{episode}"


def state_of(closing: RowMapping | None, names: Mapping[str, str]) -> Mark:
    """Whether it is closed: as what, by whom and when."""
    if closing is None:
        return Mark("Open")
    by = names.get(closing["by"], closing["by"])
    return Mark(f"Closed: {closed_as(closing)}", "well", f"by {by}, {words.short(closing['at'])}")


def did(act: RowMapping) -> str:
    """What became of an episode, in a few words."""
    match Kind(act["kind"]):
        case Kind.CLOSED if act["still_open"]:
            return f"Closed although something was open: {closed_as(act)}"
        case Kind.CLOSED:
            return f"Closed: {closed_as(act)}"
        case Kind.REFUSED:
            return f"Refused: {closed_as(act)}. {REFUSALS.get(act['why'], words.plain_code(act['why']))}"
        case Kind.REOPENED if act["by"] == SYSTEM:
            return "Open again: a record came after it was closed"
        case Kind.REOPENED:
            return "Opened again"
