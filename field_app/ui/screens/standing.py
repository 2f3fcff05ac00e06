"""What stands at the top of a screen: the child, and the line that says where the data is."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import flet as ft

from booklets.stamps import Confidence
from field_app.capture.session import CaptureSession
from field_app.capture.worklist import described
from field_app.ui import entering, frame, trouble_words
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.model import Model
from field_app.ui.places import At


def who(session: CaptureSession) -> tuple[str, str]:
    """The title of every screen of an encounter: the child, and what this is."""
    name, about = described(session.encounter.child(), words.today())
    return name or words.NO_NAME_YET, words.joined(about, words.within(session.guide.title))


def top(model: Model, *, on_back: k.Act, back: str) -> ft.Control:
    """The top bar inside an encounter."""
    title, under = who(model.open_session())
    return frame.top_bar(title, under, on_menu=partial(model.go, At.PAGES), on_back=on_back, back=back)


def status(model: Model, marking: str = "") -> ft.Control:
    """One line that is always true; on a tablet with the ``marking`` of what is shown."""
    line = model.line
    said, short = line.trouble or line.stopped, ""
    if not said:
        saved_at = line.saved_at if model.session is not None else None
        said = words.SIGN_IN_TO_SEND if line.sign_in else words.saved_here(saved_at, reach(model))
        short = words.SIGN_IN_SHORT if line.sign_in else ""
    return frame.status_line(
        here(said),
        on_lock=partial(entering.lock, model),
        short=here(short),
        marking=marking,
    )


def notices(model: Model) -> list[ft.Control]:
    """What was refused or done a moment ago, and what the vault says of itself, where there is something."""
    if not model.notice:
        return []
    return [k.notice(ft.Icons.INFO_OUTLINE_ROUNDED, here(model.notice), identifier="notice")]


A_MOMENT = timedelta(seconds=90)
"""So long after the force answered it is taken to be in reach. It is asked seldom while nothing waits."""
CLOCK_OFF = timedelta(minutes=2)
"""A clock that is less wrong than this misleads nobody."""


def warnings(model: Model, *, writing: bool = False) -> list[ft.Control]:
    """What is wrong with this phone or its app, each with what is kept and what to do.

    While somebody is ``writing``, only what may cost them a sentence.
    """
    room = model.line.room
    shown: list[ft.Control] = []
    if room.is_gone:
        shown.append(
            _warning("room", ft.Icons.SD_CARD_ALERT_OUTLINED, trouble_words.full(room.mib), late=True)
        )
    if writing:
        return shown
    if room.is_scarce and not room.is_gone:
        shown.append(_warning("room", ft.Icons.SD_CARD_OUTLINED, trouble_words.nearly_full(room.mib)))
    off = model.handset.clock.offset
    by = -timedelta(milliseconds=off.offset_ms)
    if off.confidence is not Confidence.DEVICE and abs(by) >= CLOCK_OFF:
        shown.append(_warning("clock", ft.Icons.UPDATE_DISABLED_ROUNDED, trouble_words.clock_off(by)))
    if model.line.too_old:
        waiting = sum(one.received_at is None for one in model.home.parcels)
        said = trouble_words.too_old(waiting, len(model.home.drafts))
        shown.append(_warning("too_old", ft.Icons.SYSTEM_UPDATE_ROUNDED, said))
    return shown


def _warning(name: str, sign: ft.IconData, said: str, *, late: bool = False) -> ft.Control:
    colour, fill = (t.LATE, t.LATE_SOFT) if late else (t.SOON, t.SOON_SOFT)
    return k.notice(sign, here(said), colour=colour, fill=fill, identifier=f"warning.{name}")


def reach(model: Model) -> str:
    """Whether the force can be reached, in few words, and always: it decides what an officer does next."""
    line = model.line
    if line.silent_since is not None:
        return words.NO_SIGNAL if model.session is not None else words.no_signal_since(line.silent_since)
    if line.heard_at is None:
        return words.NOT_HEARD_YET
    return words.ONLINE if model.now - line.heard_at <= A_MOMENT else words.heard_at(line.heard_at)


async def ring(number: str) -> None:
    """Hand a number over to the phone."""
    await ft.UrlLauncher().launch_url(f"tel:{number.replace(' ', '')}")
