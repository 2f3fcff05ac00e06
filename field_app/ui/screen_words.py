"""Every sentence of the screens. What fields, times and lists say is in ``words``.

Short, plain, present tense: what happened, what is safe, what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from field_app.ui.words import APP_NAME as APP_NAME
from field_app.ui.words import BACK as BACK
from field_app.ui.words import CANNOT_SHOW as CANNOT_SHOW
from field_app.ui.words import DONE as DONE
from field_app.ui.words import ME as ME
from field_app.ui.words import MENU as MENU
from field_app.ui.words import UK as UK
from field_app.ui.words import clock as clock
from field_app.ui.words import joined as joined
from field_app.ui.words import short_day as short_day

# -- the handset: setting up, signing in, unlocking --------------------------------------------------
SET_UP: Final = "Set up this phone"
SET_UP_HELP: Final = "Type the enrolment code you were given. It has ten letters and digits and works once."
ENROLMENT_CODE: Final = "Enrolment code"
ENROLLING: Final = "Asking the force…"
SIGN_IN: Final = "Sign in"
SIGN_IN_HELP: Final = "You sign in on the force’s own page, in the browser. Come back here afterwards."
GET_SIGN_IN: Final = "Get a sign-in page"
OPEN_SIGN_IN: Final = "Open the sign-in page"
ASKING_FOR_SIGN_IN: Final = "Asking the force…"
COMPARE_CODE: Final = "The page must show this code"
WAITING_FOR_YOU: Final = "Waiting for you to finish there. This screen goes on by itself."
SIGN_IN_OVER: Final = "That sign-in took too long. Get a new page."
CHOOSE_PIN: Final = "Choose your PIN"
CHOOSE_PIN_HELP: Final = "At least six digits. It opens your work on this phone, with or without signal."
CHOOSE_PASSPHRASE: Final = "Choose your passphrase"
CHOOSE_PASSPHRASE_HELP: Final = "At least twelve characters. It alone protects your work on this computer."
PIN_AGAIN: Final = "The same PIN again"
PIN_AGAIN_FIRST: Final = "Type the same PIN again first, then touch Next."
PASSPHRASE: Final = "Passphrase"
PASSPHRASE_AGAIN: Final = "The same passphrase again"
PINS_DIFFER: Final = "Those two were not the same. Nothing was set. Choose again."
MAKING_VAULT: Final = "Making your vault…"
UNLOCK: Final = "Unlock"
PIN_FIRST: Final = "Type your PIN first, then touch Unlock."
PASSPHRASE_FIRST: Final = "Type your passphrase first, then touch Unlock."
UNLOCKING: Final = "Unlocking…"
WHO_ARE_YOU: Final = "Who are you?"
SOMEBODY_ELSE_HERE: Final = "Someone else"
NEXT_STEP: Final = "Next"
DELETE_DIGIT: Final = "Delete the last digit"
STARTING: Final = "Starting…"
CANNOT_OPEN: Final = "Homeward cannot open here"
LOCKED_MEANWHILE: Final = "Homeward is locked. Everything saved is safe. Unlock it and go on."
NO_WAY_TO_FORCE: Final = "There is no connection to the force just now. Try again when there is."
WEB_NOTE: Final = (
    "In a browser, Homeward runs on the computer that serves it. "
    "This is for demonstrations, tests and desks."
)
TRY_AGAIN: Final = "Try again"
ANOTHER_WINDOW: Final = (
    "Homeward is already open in another window on this phone. Nothing was opened here. "
    "Close the other window: this one then opens by itself."
)

# -- where the data is -------------------------------------------------------------------------------
NOT_SAVED: Final = "Not saved yet. Everything typed is still here; keep this screen open."
APP_TOO_OLD: Final = "This app is too old to send. Everything is kept here. Update it as soon as you can."
DEVICE_STOPPED: Final = (
    "The force does not know this phone any more. Everything is kept here. Ring the desk."
)
SIGN_IN_TO_SEND: Final = "Sign in again to send. Everything is safe on this phone."
SIGN_IN_SHORT: Final = "Sign in to send. Saved on this phone."
ON_THIS_PHONE: Final = "On this phone"

# -- home --------------------------------------------------------------------------------------------
DO_NOW: Final = "Do now"
DRAFTS: Final = "Not finished"
WAITING_TO_SEND: Final = "Waiting to send"
SENT_TODAY: Final = "Sent"
NEEDS_A_LOOK: Final = "Someone must look"
START: Final = "Start"
START_OTHER: Final = "Something else"
START_HELP: Final = (
    "Under what you have sent stands what may come next about that child: what is known goes with it."
)
NOTHING_OPEN: Final = "Nothing is waiting for you."
GO_ON: Final = "Go on"
NO_NAME_YET: Final = "No name yet"
UNREADABLE_DRAFT: Final = (
    "One draft was written by a newer version of the app. It is kept; update to open it."
)
NO_LONGER_READABLE: Final = (
    "That can no longer be opened on this phone. The force has it, or it is on its way."
)

# -- a page ------------------------------------------------------------------------------------------
THE_CHILD: Final = "the child"
THIS_ONE: Final = "this person"
UNNAMED_PERSON: Final = "A person, no name yet"
UNNAMED_PLACE: Final = "A place, no address yet"
UNNAMED_OBJECT: Final = "An object, not described yet"
ALL_PAGES: Final = "All pages"
REVIEW: Final = "Review"
DISCLOSURE: Final = "A crime is being described: stop and get help"
DISCLOSURE_SHORT: Final = "Crime told: stop"
STOPPED: Final = "Stop here. Ask nothing more about it."
STOPPED_HELP: Final = (
    "Write the first words exactly as they were said. Answer only what is asked here. "
    "Everything else is left to a specialist interview. Call your supervisor now."
)
RING_SUPERVISOR: Final = "Call your supervisor"
TAKE_BACK_STOP: Final = "That was a slip: take the stop back"
MORE_QUESTIONS: Final = "More about this"
SEND_DEATH: Final = "Send this now to the force incident manager"
DIED: Final = "Stop here. Tell the control room and the force incident manager now."
DIED_HELP: Final = (
    "Nothing goes to family, school or council by itself, and there is no interview. "
    "Write only when, where and how. Once sent, the duty sergeant and the force incident manager see it."
)
CALL_AFTER_DEATH: Final = "Radio control, and ring the force incident manager now."
SEND_TO_INCIDENT_MANAGER: Final = "Send to the force incident manager"
CONTROL_ROOM: Final = "control room"
INCIDENT_MANAGER: Final = "force incident manager"
DUTY_TEAM: Final = "council’s duty team"
SEND_FOUND: Final = "Tell the council now: send “found”"
SEND_FOUND_LATER: Final = "Send “found”: it tells the council once there is signal"

# -- review and sending ------------------------------------------------------------------------------
BEFORE_YOU_SEND: Final = "Before you send"
NEEDED: Final = "Needed before sending"
SAY_WHY_GROUP: Final = "Say why"
ANOTHER_LOOK: Final = "Worth another look"
TO_KNOW: Final = "Good to know"
READY: Final = "Ready"
LATER_THIS_SHIFT: Final = "Still to come this shift"
SEND: Final = "Send"
CANNOT_WAIT: Final = "Send it unfinished, as an emergency"
EMERGENCY: Final = "Send as an emergency"
EMERGENCY_HELP: Final = "It goes now, with what is missing marked, and jumps the sergeant’s queue."
EMERGENCY_HELP_LATER: Final = (
    "It goes as soon as there is signal, with what is missing marked, and jumps the sergeant’s queue. "
    "Until then nobody has been told: use the radio, or ring."
)
EMERGENCY_WHY: Final = "Why can it not wait?"
SEND_NOW: Final = "Send now"
SAY_WHY_FIRST: Final = "Say why first. One sentence is enough."
SEALING: Final = "Sealing it…"
OR_WHY_NOT: Final = "Answer it, or say why there is no answer."

# -- sent --------------------------------------------------------------------------------------------
NO_SIGNAL: Final = "no signal"
NOT_HEARD_YET: Final = "force not heard yet"
WAITING_FOR_SIGNAL: Final = "Waiting for signal"
SAFE_HERE: Final = "Safe on this phone, waiting for signal. It sends by itself."
RECEIVED: Final = "Received"
NOBODY_TOLD: Final = "Nobody has been told yet"
DANGER_UNTOLD: Final = (
    "The council has no danger notice yet. Ring until somebody there has the danger in hand."
)
DANGER_WAITS: Final = "A notice is no answer. Ring until somebody there has the danger in hand."
SIGNED_BY_YOU: Final = "Signed by you"
COUNCIL_TOLD: Final = "Notice of return with the council"
COUNCIL_HAS_DANGER: Final = "Danger notice with the council"
SERGEANT_OPENS: Final = "Sergeant opens it"
MANAGER_OPENS: Final = "Sergeant and force incident manager open it"
WAITING: Final = "waiting"
NOT_TOLD: Final = "not told"
NOT_YET: Final = "not yet"
WHAT_STARTS: Final = "What starts now"
BACK_TO_WORKLIST: Final = "Back to the worklist"
ADD_MORE: Final = "Add to it"
GO_ON_TALKING: Final = "Go on with the check"
MUST_LOOK: Final = "The force has it, but someone must look at it. Nothing is lost; the desk knows."
SET_ASIDE: Final[Mapping[str, str]] = {
    "author_never_signed_in": "Whoever this is by has never signed in on this phone. Ask the desk.",
    "not_their_unit": "It is for a unit that its author did not belong to. Ask the desk.",
    "handheld_stopped": "It came while this phone was stopped. An administrator decides whether it counts.",
    "not_theirs": "It goes on with a record that is not its author's to go on with. Ask the desk.",
}

READ_SENT: Final = "Read what you sent"
READ_WAITING: Final = "Read what waits to be sent"
AS_SENT: Final = "As you signed it. Nothing can be changed here."
BACK_TO_SENT: Final = "Back to what became of it"
READ_AGAIN: Final = "Read it again"
READING_AGAIN: Final = "Asking the force…"
NOT_HERE_ANY_MORE: Final = (
    "It can no longer be read on this phone. The force has it, and notes each reading."
)


def gone_again(until: datetime) -> str:
    """Until when what was fetched can be read here."""
    return f"As the force has it. It is gone from this phone again at {clock(until)}."


# -- menu --------------------------------------------------------------------------------------------
BACK_TO_MENU: Final = "Back to the menu"
LOCK_NOW: Final = "Lock now"
SIGN_IN_AGAIN: Final = "Sign in again"
END_SHIFT: Final = "End your shift"
END_SHIFT_HELP: Final = "Signs you out and locks. What a sergeant sends back then goes to a colleague."
SIGNING_OUT: Final = "Signing out…"
SEND_AGAIN: Final = "Try to send now"


def today() -> date:
    """Today, as the calendar on a wall in Britain shows it."""
    return datetime.now(UTC).astimezone(UK).date()


def tonight(who: str) -> str:
    """The title of the home screen."""
    return f"Tonight, {who}"


def saved_here(at: datetime | None, reach: str) -> str:
    """Where what is typed is, and whether the force can be reached."""
    return joined(f"Saved on this phone {clock(at)}" if at else ON_THIS_PHONE, reach)


def for_sergeant(where: str) -> str:
    """Who has it now; never a named sergeant, who goes off at seven."""
    return f"For the duty sergeant, {where}"


def for_manager(where: str) -> str:
    """Who has it now that a child has died: whom the button named, and the sergeant who sees it as well."""
    return f"For the force incident manager, and the duty sergeant, {where}"


def no_signal_since(at: datetime) -> str:
    """The force has not been reached for a while."""
    return f"no signal since {clock(at)}"


ONLINE: Final = "online"


def heard_at(at: datetime) -> str:
    """The force answered then, and has not been asked since."""
    return f"signal at {clock(at)}"


def open_pin_of(name: str) -> str:
    """The PIN pad's title."""
    return f"PIN for {name}"


def digits(count: int) -> str:
    """How many digits are typed, read aloud."""
    return f"{count} digits typed" if count != 1 else "1 digit typed"


def go_on_with(page: str) -> str:
    """The button of a draft."""
    return f"Go on: {page}"


def soon(title: str, at: datetime) -> str:
    """A clock that is running."""
    return f"Soon, by {clock(at)}: {within(title)}"


def by_day(title: str, at: datetime) -> str:
    """A clock that leaves time: it says its day."""
    return f"By {clock(at)}, {short_day(at)}: {within(title)}"


def late(title: str, at: datetime) -> str:
    """A clock that has run out."""
    return f"Late since {clock(at)}: {within(title)}"


def counted_from_begun(title: str) -> str:
    """Of a clock whose beginning nobody knows: from what it was counted."""
    return f"{title} (counted from when you began this)"


def within(title: str) -> str:
    """A title inside a sentence: its first letter small, unless it is a short name such as PPN."""
    return title if title[1:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def next_page(title: str) -> str:
    """Where the main action of a page leads."""
    return f"Next: {title}"


def left_on_page(done: int, asked: int) -> str:
    """As in 3 of 9 answered."""
    return f"{done} of {asked} answered" if asked else "nothing to answer"


def group_of(title: str, count: int) -> str:
    """A group of the review."""
    return f"{title} ({count})"


def about_whom(name: str, says: str) -> str:
    """What is wrong about somebody or something that is mentioned: who, then what."""
    return f"{name}: {says}"


def on_page(title: str) -> str:
    """Where a problem stands."""
    return f"Page: {title}"


def answer_needed(needed: int, reasons: int) -> str:
    """What the review's button says while something is needed: what each of its headings counts."""
    why = f"say why for {reasons}" if reasons > 1 else "say why for one" if reasons else ""
    if not needed:
        return why.capitalize()
    answers = f"Answer the {needed} needed" if needed > 1 else "Answer the one needed"
    return f"{answers}, {why}" if why else answers


def send_to(where: str) -> str:
    """Where it goes."""
    return f"Send to duty sergeant, {where}"


def then(what: str) -> str:
    """What comes once it is ready, as in then send to duty sergeant."""
    return f"then {within(what)}"


def received_at(at: datetime) -> str:
    """The force has it."""
    return f"Received {clock(at)}"


def told_at(first: datetime, last: datetime) -> str:
    """When somebody was told, and when again: a later revision does not make the first time untrue."""
    again = f", again {clock(last)}" if clock(last) != clock(first) else ""
    return f"{clock(first)}{again}"


def received_line(at: datetime) -> str:
    """The status of something the force has."""
    return f"received {clock(at)}"


def more_about(name: str) -> str:
    """Everything else that may be asked about the child."""
    return f"More about {name}"


def about_child() -> str:
    """What stands above everything else about the child; ``{name}`` as in the questions."""
    return "What else is known about {name}. None of it has to be asked."


def ring_number(who: str, number: str) -> str:
    """A call to make, with its number."""
    return f"Ring the {who} {number}"


def ring_supervisor(number: str) -> str:
    """The call to make at once when a child begins to tell."""
    return f"{RING_SUPERVISOR} {number}"


def ring_specialists(number: str) -> str:
    """The call to make once a crime is being described."""
    return f"Ring specialist interviews {number}"


def ring(who: str) -> str:
    """A call to make."""
    return f"Ring the {who[:1].lower()}{who[1:]}"


def ring_team(who: str, number: str) -> str:
    """The same with its number, where the button has one line."""
    return f"{ring(who)} {number}"


def sent_record(title: str, at: datetime) -> str:
    """A record in the list of what was sent, once its copy here can no longer be read."""
    return f"{title}, sent {clock(at)}"
