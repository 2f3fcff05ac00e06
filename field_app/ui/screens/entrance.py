"""Before the vault is open: starting, refused, setting up, signing in, choosing a PIN, unlocking."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import flet as ft

from field_app.handset.standing import Standing
from field_app.ui import entering, finger_words, forgetting, frame, locked_words, motion
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.hooks import Now, use_now
from field_app.ui.lettering import code
from field_app.ui.model import Model
from field_app.ui.screens.standing import notices
from field_app.ui.widgets.entry import How, entry

MOST_DIGITS = 12


def nothing() -> None:
    """There is no menu before the vault is open."""


def door(
    model: Model,
    title: str,
    body: list[ft.Control],
    actions: list[ft.Control],
    above: ft.Control | None = None,
) -> ft.Control:
    """The frame of every screen before the vault is open: warnings first, nothing about anybody.

    The other way on stands ``above`` the main action: side by side, large text would break the words.
    """
    shown: list[ft.Control] = [
        ft.Container(k.text(here(title), t.DISPLAY), padding=ft.Padding(t.HALF, t.ONE, t.HALF, 0))
    ]
    shown += notices(model)
    shown += body
    if model.busy:
        shown.append(busy(model.busy))
    if model.standing and model.standing.warning:
        shown.append(k.notice(ft.Icons.SCIENCE_OUTLINED, model.standing.warning, identifier="warning"))
    return frame.frame(
        top=heading(), body=shown, actions=actions, above=above, spacing=t.TWO, name=model.at.value
    )


def heading() -> ft.Control:
    """The name of the app, and nothing else."""
    return ft.Container(
        k.text(words.APP_NAME, t.STRONG, t.QUIET), padding=ft.Padding(t.EDGE + t.HALF, t.TWO, t.EDGE, t.TWO)
    )


def busy(said: str) -> ft.Control:
    """Something takes a moment, and what it is."""
    turning: ft.Control = ft.ProgressRing(width=22, height=22, stroke_width=3)
    if not motion.is_welcome():
        turning = k.icon(ft.Icons.HOURGLASS_BOTTOM_ROUNDED, t.ACTION, 22)
    return ft.Semantics(
        identifier="busy",
        label=said,
        live_region=True,
        exclude_semantics=True,
        content=ft.Row(
            [
                turning,
                k.text(said, t.NOTE, t.QUIET, expand=True),
            ],
            spacing=12,
        ),
    )


def label(said: str) -> ft.Control:
    """What is to be typed into the box below."""
    return ft.Container(
        k.text(said, t.STRONG), padding=ft.Padding(t.HALF, t.ONE, t.HALF, 0), key=f"label.{said}"
    )


def starting(model: Model) -> ft.Control:
    """The app is finding out how the device stands."""
    return frame.frame(top=heading(), body=[busy(model.busy or words.STARTING)], name="starting")


def refused(model: Model) -> ft.Control:
    """This app cannot be opened here, and why."""
    again = k.main_action("again", words.TRY_AGAIN, partial(entering.open_handset, model))
    return door(model, words.CANNOT_OPEN, [k.paragraph(words.WEB_NOTE, t.NOTE)], [again])


@ft.component
def enrol(model: Model) -> ft.Control:
    """Type the enrolment code."""
    typed = use_now("")

    async def set_up() -> None:
        if not model.busy:
            await entering.enrol(model, typed.now)

    body: list[ft.Control] = [
        k.paragraph(here(words.SET_UP_HELP)),
        label(words.ENROLMENT_CODE),
        entry(
            "enrol.code",
            words.ENROLMENT_CODE,
            typed.now,
            typed.put,
            How(on_submit=set_up),
        ),
        k.paragraph(words.WEB_NOTE, t.NOTE),
    ]
    return door(model, words.SET_UP, body, [k.main_action("enrol", here(words.SET_UP), set_up)])


def sign_in(model: Model) -> ft.Control:
    """Sign in on the force's page; this screen goes on by itself."""
    flow = model.signing
    if flow is None:
        begin = k.main_action("sign_in.begin", words.GET_SIGN_IN, partial(entering.begin_sign_in, model))
        return door(model, words.SIGN_IN, [k.paragraph(words.SIGN_IN_HELP)], [begin], way_back(model))
    body: list[ft.Control] = [
        k.paragraph(words.SIGN_IN_HELP),
        k.card(
            [
                k.text(words.COMPARE_CODE, t.NOTE, t.QUIET),
                ft.Semantics(
                    identifier="user_code",
                    label=flow.user_code,
                    exclude_semantics=True,
                    content=code(flow.user_code),
                ),
                k.text(model.handset.name, t.NOTE, t.QUIET),
            ]
        ),
        busy(words.WAITING_FOR_YOU),
    ]

    async def open_page() -> None:
        await ft.UrlLauncher().launch_url(flow.verification_uri)

    act = k.main_action("sign_in.open", words.OPEN_SIGN_IN, open_page)
    return door(model, words.SIGN_IN, body, [act], way_back(model))


def way_back(model: Model) -> ft.Control | None:
    """Back to the worklist or the lock screen, where there is one."""
    if model.handset.shift is None and not (model.standing and model.standing.officers):
        return None
    return k.quiet_action("back", words.BACK, partial(entering.give_up_sign_in, model))


@ft.component
def choose_pin(model: Model) -> ft.Control:
    """The officer's PIN, twice."""
    first, typed = use_now(""), use_now("")
    phrase = bool(model.standing and model.standing.passphrase)
    title, help_ = (
        (words.CHOOSE_PASSPHRASE, words.CHOOSE_PASSPHRASE_HELP)
        if phrase
        else (words.CHOOSE_PIN, words.CHOOSE_PIN_HELP)
    )
    return chosen_twice(
        model, first, typed, Choosing(title, here(help_), partial(entering.choose_pin, model))
    )


@dataclass(frozen=True, slots=True)
class Choosing:
    """A PIN or passphrase that is given twice before it counts; ``act`` is given both."""

    title: str
    help: str
    act: Callable[[str, str], Awaitable[None]]


def chosen_twice(model: Model, first: Now[str], typed: Now[str], what: Choosing) -> ft.Control:
    """The pad, or where there is no key store two boxes."""
    if model.standing and model.standing.passphrase:
        return _phrase_twice(model, first, typed, what)

    async def on() -> None:
        if model.busy:
            return
        if not first.now:
            if entering.takes(model, typed.now):
                first.put(typed.now)
            typed.put("")
            return
        if not typed.now:
            entering.says_what_to_type(model, words.PIN_AGAIN_FIRST)
            return
        chosen = first.now, typed.now
        first.put("")
        typed.put("")
        await what.act(*chosen)

    body: list[ft.Control] = [k.paragraph(what.help), pad(typed)]
    shown = words.PIN_AGAIN if first.now else what.title
    return door(model, shown, body, [k.main_action("pin.next", words.NEXT_STEP, on)])


def _phrase_twice(model: Model, first: Now[str], again: Now[str], what: Choosing) -> ft.Control:
    async def on() -> None:
        if not model.busy:
            await what.act(first.now, again.now)

    secret = How(secret=True)
    body: list[ft.Control] = [
        k.paragraph(what.help),
        label(words.PASSPHRASE),
        entry("passphrase", words.PASSPHRASE, first.now, first.put, secret),
        label(words.PASSPHRASE_AGAIN),
        entry("passphrase.again", words.PASSPHRASE_AGAIN, again.now, again.put, secret),
    ]
    return door(model, what.title, body, [k.main_action("pin.next", words.NEXT_STEP, on)])


@ft.component
def unlock(model: Model) -> ft.Control:
    """Names that officers chose, then the PIN pad. No preview of anything."""
    typed = use_now("")
    standing = model.standing
    officers = standing.officers if standing else ()
    chosen = next((one for one in officers if one.vault == model.vault), None)

    def choose(vault: str) -> None:
        model.vault = vault
        typed.put("")
        model.notice = ""
        model.redraw()

    async def open_() -> None:
        if model.busy:  # a second touch must not count as a wrong try
            return
        if not typed.now:
            entering.says_what_to_type(model, _first(model))
            return
        if not await entering.unlock(model, typed.now):
            typed.put("")

    if chosen is None:
        names = [
            k.row(f"officer.{i}", one.display_name, partial(choose, one.vault))
            for i, one in enumerate(officers)
        ]
        return door(model, words.WHO_ARE_YOU, [k.rows(names)], [_another(model)])
    if standing and standing.passphrase:
        how = How(secret=True, on_submit=open_)
        body: list[ft.Control] = [
            label(words.PASSPHRASE),
            entry("passphrase", words.PASSPHRASE, typed.now, typed.put, how),
        ]
    else:
        body = [pad(typed)]
    body = [*_closing_soon(standing), *_by_finger(model), *body, _forgotten(model)]
    if len(officers) > 1:
        body.append(k.quiet_action("officers", words.WHO_ARE_YOU, partial(choose, "")))
    act = k.main_action("unlock", words.UNLOCK, open_)
    return door(model, words.open_pin_of(chosen.display_name), body, [act], _another(model))


def _first(model: Model) -> str:
    phrase = model.standing is not None and model.standing.passphrase
    return words.PASSPHRASE_FIRST if phrase else words.PIN_FIRST


def _closing_soon(standing: Standing | None) -> list[ft.Control]:
    said = locked_words.closes_soon(standing.closes_in if standing else None)
    return [k.notice(ft.Icons.SIGNAL_WIFI_OFF_ROUNDED, here(said), identifier="closes_soon")] if said else []


def _by_finger(model: Model) -> list[ft.Control]:
    """A finger or face in place of the PIN, where this officer has turned that on; else nothing of it."""
    opens = model.standing.fingers.get(model.vault) if model.standing else None
    if opens is None:
        return []
    if not opens:
        return [k.paragraph(finger_words.PIN_FIRST, t.NOTE)]
    return [k.second_action("unlock.finger", finger_words.OPEN, partial(entering.unlock_by_finger, model))]


def _forgotten(model: Model) -> ft.Control:
    phrase = model.standing is not None and model.standing.passphrase
    said = locked_words.FORGOTTEN_PHRASE if phrase else locked_words.FORGOTTEN
    return k.quiet_action("forgotten", said, partial(forgetting.forgot, model))


def _another(model: Model) -> ft.Control:
    return k.quiet_action("somebody_else", words.SOMEBODY_ELSE_HERE, partial(entering.somebody_else, model))


def pad(typed: Now[str]) -> ft.Control:
    """Large keys for a gloved thumb. Only how many digits are typed is shown or said."""

    def digit(one: str) -> None:
        if len(typed.now) < MOST_DIGITS:
            typed.put(typed.now + one)

    def key(one: str) -> ft.Control:
        return k.tap(
            f"digit.{one}",
            one,
            ft.Row([k.text(one, t.FIGURE)], alignment=ft.MainAxisAlignment.CENTER),
            partial(digit, one),
            fill=t.CARD,
            edge=t.EDGE_LINE,
            pad=ft.Padding(0, 12, 0, 12),
            expand=1,
        )

    back = k.tap(
        "digit.delete",
        words.DELETE_DIGIT,
        ft.Row([k.icon(ft.Icons.BACKSPACE_OUTLINED, t.INK, 26)], alignment=ft.MainAxisAlignment.CENTER),
        lambda: typed.put(typed.now[:-1]),
        pad=ft.Padding(0, 17, 0, 17),
        expand=1,
    )
    lines = [[key(one) for one in line] for line in ("123", "456", "789")]
    lines.append([ft.Container(expand=1), key("0"), back])
    shown = ft.Semantics(
        identifier="pin.typed",
        label=words.digits(len(typed.now)),
        live_region=True,
        exclude_semantics=True,
        content=ft.Row(
            [k.icon(ft.Icons.CIRCLE, t.INK, 14) for _ in typed.now] or [ft.Container(height=14)],
            spacing=10,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
    )
    return k.column([shown, *(ft.Row(line, spacing=t.ONE) for line in lines)], t.ONE)
