"""What is said about photographs on the handset."""

from __future__ import annotations

from typing import Final

ADD: Final = "Add a photo"
ADD_ANOTHER: Final = "Add another photo"
PREPARING: Final = "Making it small and taking out where and with what it was taken…"
CAPTION: Final = "What it shows"
SEE: Final = "See all of it"
CLOSE: Final = "Close"
NOT_HERE: Final = "It went with what was sent, and is no longer kept here."
FULL: Final = "No more photos fit here. Remove one to add another."


def photo(number: int, of: int, caption: str) -> str:
    """What a photograph is called aloud: its number among the others, and what it shows."""
    named = f"Photo {number} of {of}" if of > 1 else "Photo"
    return f"{named}: {caption}" if caption else f"{named}, with no caption"


def signature(who: str) -> str:
    """What a drawn signature is called, aloud and beside it: by whoever signed."""
    return f"Signature of {who}" if who else "Signature, with no name"


def taken(when: str) -> str:
    """When the camera says that it was."""
    return f"Taken {when[:1].lower()}{when[1:]}, by the camera’s clock"


def added(when: str) -> str:
    """When it came in."""
    return f"Added {when}"


def caption_of(number: int) -> str:
    """What is asked of each photograph, aloud."""
    return f"What photo {number} shows"


def remove(number: int) -> str:
    """Which one is taken away."""
    return f"Remove photo {number}"


def going(photographed: int, signed: int) -> str:
    """How many go with what is sent, photographs and drawn signatures apart."""
    both = " and ".join(
        [*([photos(photographed)] if photographed else []), *([signatures(signed)] if signed else [])]
    )
    return f"{both} {'goes' if photographed + signed == 1 else 'go'} with it"


def room_taken(size: int) -> str:
    """How much room they take on this device: nobody counts less than a tenth of a megabyte."""
    return f"Photos kept on this phone, sealed: {max(0.1, size / 1_000_000):.1f} MB. They go by themselves."


def sent(photographed: tuple[int, int], signed: tuple[int, int] = (0, 0)) -> str:
    """How far the photographs and the drawn signatures of something sent are: how many of how many."""
    if photographed[1] + signed[1] == 1:
        return f"1 {'signature' if signed[1] else 'photo'} still to be sent"
    parts = [
        f"{here} of {called(of)}"
        for (here, of), called in ((photographed, photos), (signed, signatures))
        if of
    ]
    return f"{' and '.join(parts)} sent"


def all_sent(photographed: int, signed: int) -> str:
    """That the force has all of them."""
    what = "Photos and signatures" if photographed and signed else "Signatures" if signed else "Photos"
    return f"{what}: all with the force"


def one_kept_apart(photographed: int, signed: int) -> str:
    """That one of them was not taken; of which sort it is nobody asks at this point."""
    what = "photo or a signature" if photographed and signed else "signature" if signed else "photo"
    return f"A {what} was not taken by the force. It is kept here; tell the support desk."


GO_BY_THEMSELVES: Final = "They go by themselves, after the record. Nothing else waits for them."

# -- taking one with the app's own camera ------------------------------------------------------------
TAKE: Final = "Take a photo"
CHOOSE: Final = "Choose a photo"
NEVER: Final = (
    "Never of intimate parts of a body, and never of sexual pictures on somebody’s phone. "
    "What a body shows goes onto the body map, in words."
)
PREVIEW: Final = "What the camera sees"
STARTING: Final = "Starting the camera…"
TAKING: Final = "Taking it…"
SHOOT: Final = "Take it"
JUST_TAKEN: Final = "The photo you just took"
KEEP: Final = "Keep it"
AGAIN: Final = "Take it again"
INSTEAD: Final = "Choose a photo instead"
TORCH_ON: Final = "Light on"
TORCH_OFF: Final = "Light off"
NO_TORCH: Final = "This camera has no light."
NOT_ALLOWED: Final = (
    "Homeward may not use the camera. Allow it in the device’s settings, or choose a photo instead. "
    "Nothing was lost."
)
NO_CAMERA: Final = "No camera was found here. Choose a photo instead. Nothing was lost."
CAMERA_BUSY: Final = (
    "Another app is using the camera. Close that one and try again, or choose a photo instead. "
    "Nothing was lost."
)
CAMERA_SILENT: Final = (
    "The camera does not answer. Close this and try again, or choose a photo instead. Nothing was lost."
)

# -- a photograph that the force has, looked at on this device ---------------------------------------
SHOW: Final = "Show it"
GO_ON: Final = "Go on fetching it"
BIGGER: Final = "Bigger"
SMALLER: Final = "Smaller"
WITHDRAWN: Final = "What it belongs to was withdrawn, so it is not shown here any more."
ELSEWHERE: Final = (
    "It went with another record, which is not on this device. It can be looked at at the console."
)


def photos(count: int) -> str:
    """How many an answer has."""
    return "1 photo" if count == 1 else f"{count} photos"


def signatures(count: int) -> str:
    """How many somebody drew."""
    return "1 signature" if count == 1 else f"{count} signatures"


def sent_by(who: str) -> str:
    """Who sent it: the record says that, and not who held the camera."""
    return f"Sent by {who}"


def fetching(percent: int) -> str:
    """How far it is."""
    return f"Fetching it from the force, sealed: {percent} %"
