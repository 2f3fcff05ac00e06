"""Drive the app's screens in-process: no browser, no socket, no Flutter.

A stand-in connection gets exactly the messages the real client would get, encoded with Flet's own encoder
(which also sets the snapshots later differences are taken from), answers calls to device services from a
table, and lets a test send the events the client would send. It leans on Flet's inner modules, so all of
that stays in this file. What it cannot tell: layout, focus, and what a client does between two events.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import flet as ft
import msgpack  # type: ignore[import-untyped]  # Flet's own wire format; it ships no types
from flet.components.public_utils import unwrap_component
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.controls.object_patch import get_control_key
from flet.controls.services.semantics_service import AccessibilityFeatures
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    Message,
    MessageAction,
    RegisterClientResponseBody,
    configure_encode_object_for_msgpack,
    decode_ext_from_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from field_app.ui import quick_pages

C = TypeVar("C", bound=BaseControl)
Where = Callable[[Any], bool]
Replies = Mapping[str, Any]
_EXECUTOR = ThreadPoolExecutor(2)
_QUIET_TURNS = 5
AS_IT_CAME = {one.name: False for one in dataclasses.fields(AccessibilityFeatures)}
"""A phone on which nobody has asked for anything to be easier to see, hear or follow."""
_PARENT = ("_parent",)
_HOLDERS = (BaseControl, list, tuple, dict)
_PLAIN = frozenset({str, int, float, bool, type(None)})
"""What most parts of a control are, and what holds nothing."""


class StandInClient(Connection):
    """Takes the place of the Flutter client and remembers what it was told."""

    def __init__(self, replies: Replies) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.loop = asyncio.get_running_loop()
        self.executor = _EXECUTOR
        self.pubsubhub = PubSubHub(loop=self.loop)
        self.page_url = "http://headless"
        self.sent: list[tuple[MessageAction, Any]] = []
        self.bytes_sent = 0
        self.crashes: list[str] = []
        self.calls: list[tuple[str, Any]] = []
        self.replies = {"get_accessibility_features": AS_IT_CAME, **replies}
        self.session: Session | None = None
        self._encode = configure_encode_object_for_msgpack(BaseControl)  # type: ignore[no-untyped-call]
        self._pending: set[asyncio.Task[None]] = set()

    def send_message(self, message: Message) -> None:
        """What the app says to its client; a crash and a call to a service are picked out."""
        raw = msgpack.packb([message.action, message.body], default=self._encode)
        self.bytes_sent += len(raw)
        number, body = msgpack.unpackb(raw, ext_hook=decode_ext_from_msgpack, strict_map_key=False)
        action = MessageAction(number)
        self.sent.append((action, body))
        if action is MessageAction.SESSION_CRASHED:
            self.crashes.append(str(body["message"]))
        elif action is MessageAction.INVOKE_METHOD:
            self.loop.call_soon(self._answer, body)

    def _answer(self, body: dict[str, Any]) -> None:
        assert self.session is not None
        name = str(body["name"])
        args: Any = body.get("args")
        self.calls.append((name, args))
        reply = self.replies.get(name)
        result = reply(args) if callable(reply) else reply
        if isinstance(result, asyncio.Future):  # a device that takes its time
            result.add_done_callback(lambda done: self._replied(body, done.result()))
        else:
            self._replied(body, result)
        if name == "push_route":
            route = args["route"]
            self.session.apply_page_patch({"route": route})
            task = asyncio.create_task(self.session.dispatch_event(1, "route_change", {"route": route}))
            self._pending.add(task)
            task.add_done_callback(self._pending.discard)

    def _replied(self, body: dict[str, Any], result: Any) -> None:
        assert self.session is not None
        said, refused = (None, str(result)) if isinstance(result, Exception) else (result, None)
        self.session.handle_invoke_method_results(body["control_id"], body["call_id"], said, refused)


@functools.cache
def _parts(kind: type[BaseControl]) -> Mapping[str, int]:
    """Where a control of this kind may hold others, and in which order."""
    fields = dataclasses.fields(kind)
    names = (one.name for one in fields if not one.metadata.get("skip") and one.name not in _PARENT)
    return {name: place for place, name in enumerate(names)}


def _held(control: BaseControl) -> list[Any]:
    """What a control holds that is a control or may hold some, in the order of its parts.

    It has some sixty parts, of which Flet keeps those that are set: to ask for each of them on every
    glance at a screen is most of what a test of one would cost.
    """
    parts = _parts(type(control))  # type: ignore[arg-type]  # a class can be hashed
    found: dict[str, Any] = {}
    for values in (vars(control), control._values):
        for name, value in values.items():
            if type(value) not in _PLAIN and name in parts and isinstance(value, _HOLDERS):
                found[name] = value
    return [found[name] for name in sorted(found, key=parts.__getitem__)]


class Screens:
    """A running app, what is on screen, and what a user can do with it."""

    def __init__(self, client: StandInClient, session: Session) -> None:
        self.client = client
        self.session = session
        self.page = session.page
        self._seen: tuple[int, list[BaseControl]] | None = None

    # -- what is on screen --------------------------------------------------------------------------
    @staticmethod
    def walk(node: Any) -> Iterator[BaseControl]:
        """Every control at or under a node, in the order of the tree."""
        left = [node]
        while left:
            one = unwrap_component(left.pop())
            if isinstance(one, BaseControl):
                yield one
                left.extend(reversed(_held(one)))
            elif isinstance(one, (list, tuple)):
                left.extend(reversed(one))
            elif isinstance(one, dict):
                left.extend(reversed(one.values()))

    @property
    def view(self) -> ft.View:
        """The uppermost view."""
        views = cast("list[Any]", unwrap_component(cast("Any", self.page.views)))
        return cast("ft.View", unwrap_component(views[-1]))

    @property
    def dialogs(self) -> list[ft.DialogControl]:
        """Dialogs, pickers and notices that are open."""
        found = self.walk(self.page._dialogs)
        return [one for one in found if isinstance(one, ft.DialogControl) and one.open]

    def all(self, kind: type[C], where: Where = lambda _: True) -> list[C]:
        """Every control of a kind in the uppermost view and the open dialogs."""
        found = [*self._in_view(), *(one for dialog in self.dialogs for one in self.walk(dialog))]
        return [one for one in found if isinstance(one, kind) and where(one)]

    def _in_view(self) -> list[BaseControl]:
        """Every control of the uppermost view: the same at each glance, until the loop turns."""
        said = len(self.client.sent)
        if self._seen is None or self._seen[0] != said:
            self._seen = said, list(self.walk(self.view))
        return self._seen[1]

    def one(self, kind: type[C], where: Where = lambda _: True) -> C:
        """The only control of a kind that fits."""
        found = self.all(kind, where)
        assert len(found) == 1, f"{len(found)} controls match {kind.__name__}"
        return found[0]

    def at(self, identifier: str) -> ft.Semantics:
        """What carries an identifier: the one thing tests and screen readers find things by."""
        found = self.all(ft.Semantics, lambda one: one.identifier == identifier)
        assert len(found) == 1, f"{len(found)} x {identifier!r} in {self.identifiers()}"
        return found[0]

    def has(self, identifier: str) -> bool:
        """Whether something with this identifier is on screen."""
        return any(one.identifier == identifier for one in self.all(ft.Semantics))

    def identifiers(self) -> list[str]:
        """Every identifier on screen, in order."""
        return [one.identifier for one in self.all(ft.Semantics) if one.identifier]

    def touched(self) -> list[ft.Semantics]:
        """Everything on screen that does something when it is touched."""
        found = self.all(ft.Semantics, lambda one: isinstance(one.content, ft.Container))
        return [one for one in found if isinstance(one.content, ft.Container) and one.content.on_click]

    def box(self, identifier: str) -> ft.TextField:
        """The text field with this identifier."""
        return next(one for one in self.walk(self.at(identifier)) if isinstance(one, ft.TextField))

    def texts(self) -> list[str]:
        """All the words on screen, in order; spans are put together."""
        found = []
        for one in self.all(ft.Text):
            said = one.value or "".join(span.text or "" for span in one.spans or [])
            if said and one.visible:
                found.append(said)
        return found

    def says(self, words: str) -> bool:
        """Whether these words are on screen, perhaps as part of longer ones."""
        shown = (said.replace("\u00a0", " ").replace("\u2060", "") for said in self.texts())
        return any(words in said for said in shown)

    def doubled(self) -> list[str]:
        """Keys that two things in one list have: Flet then draws one for the other, or stops drawing."""
        found: list[str] = []
        for one in self._in_view():
            lists = [held for held in vars(one).values() if isinstance(held, list)]
            for held in (*lists, *(held for held in one._values.values() if isinstance(held, list))):
                keys = [str(key) for part in held if (key := get_control_key(part)) is not None]
                found += [key for key in set(keys) if keys.count(key) > 1]
        return found

    # -- what a user does ---------------------------------------------------------------------------
    async def event(self, control: BaseControl, name: str, data: Any = None, **written: Any) -> None:
        """An event as the client sends it: first it writes back the properties it changed."""
        if written:
            self.session.apply_patch(control._i, written)
        await self.session.dispatch_event(control._i, name, data)
        await self.settle()

    async def tap(self, identifier: str, brings: Callable[[list[str]], bool] | None = None) -> None:
        """Touch what has this identifier. ``brings`` says by what one sees that the screen has turned."""
        content = self.at(identifier).content
        assert isinstance(content, ft.Container), f"{identifier!r} is not touchable"
        await self.event(content, "click")
        if brings is not None:
            self.awaits(brings)

    async def choose(self, identifier: str) -> None:
        """Touch a choice: here it is chosen by then."""
        await self.tap(identifier)

    async def tap_faster_than_drawn(self, *identifiers: str) -> None:
        """Touch one after another what stands on the screen now, before any touch has changed it."""
        for content in [self.at(one).content for one in identifiers]:
            assert isinstance(content, ft.Container)
            await self.session.dispatch_event(content._i, "click", None)
        await self.settle()

    async def type(self, identifier: str, words: str) -> None:
        """Replace the text of a field, as one change."""
        await self.event(self.box(identifier), "change", words, value=words)

    async def keys(self, identifier: str, words: str) -> None:
        """Type at the end of a field, key by key."""
        for letter in words:
            box = self.box(identifier)
            await self.type(identifier, f"{box.value or ''}{letter}")

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what is made off the screen's loop."""
        for _ in range(400):
            await self.settle()
            if holds():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(self.identifiers())

    def awaits(self, holds: Callable[[list[str]], bool]) -> None:
        """A hand's wait for a screen to turn: here it has turned by then, or never will."""
        assert holds(self.identifiers()), self.identifiers()

    async def letters_at_200(self) -> None:
        """The phone's text is twice as large from here on, as the ruler measures it."""
        figures = self.one(ft.Container, lambda one: one.on_size_change is not None and one.opacity == 0)
        await self.event(figures, "size_change", {"w": 230.0, "h": 40.0})

    def scrolls(self, identifier: str) -> bool:
        """Whether this stands in a part that scrolls, and so may be out of sight."""
        parts = self.all(ft.Column, lambda one: one.scroll is not None)
        return any(
            getattr(one, "identifier", None) == identifier for part in parts for one in self.walk(part)
        )

    async def back(self) -> None:
        """The phone's own way back."""
        await self.session.dispatch_event(1, "view_pop", {"route": self.view.route})
        await self.settle()

    async def settle(self, turns: int = 200) -> None:
        """Let the loop turn until nothing has been sent for a few turns; a crash fails the test."""
        quiet, self._seen = 0, None
        for _ in range(turns):
            before = len(self.client.sent)
            await asyncio.sleep(0)
            quiet = 0 if len(self.client.sent) != before else quiet + 1
            if quiet >= _QUIET_TURNS:
                break
        assert not self.client.crashes, self.client.crashes[-1]


@contextlib.asynccontextmanager
async def running(
    main: Callable[[ft.Page], Awaitable[None] | None],
    *,
    width: int = 390,
    height: int = 844,
    platform: str = "android",
    replies: Replies | None = None,
    **page: Any,
) -> AsyncIterator[Screens]:
    """A running app. `replies` answers calls to device services by method name."""
    quick_pages.are_turned_quickly()
    client = StandInClient(replies or {})
    session = Session(client)
    client.session = session
    session.attach_connection(client)
    at_first = {"width": width, "height": height, "platform": platform, "route": "/", "web": False, **page}
    session.apply_page_patch(at_first)
    # Encoding the page is what takes the snapshots that later differences are taken from.
    registered = RegisterClientResponseBody(
        session_id=session.id,
        page_patch=session.get_page_patch(),  # type: ignore[no-untyped-call]
        error="",
    )
    client.send_message(Message(MessageAction.REGISTER_CLIENT, registered))
    _context_page.set(session.page)
    context.reset_auto_update()  # type: ignore[no-untyped-call]
    screens = Screens(client, session)
    started = main(session.page)
    if inspect.isawaitable(started):
        await started
    await session.after_event(session.page)
    await screens.settle()
    try:
        yield screens
    finally:
        session.close()  # type: ignore[no-untyped-call]
        await asyncio.sleep(0)
        _context_page.set(None)


@contextlib.asynccontextmanager
async def showing(draw: Callable[[], ft.Control], **more: Any) -> AsyncIterator[Screens]:
    """One drawing as the whole app; `draw` is rendered inside a component, so hooks may be used."""

    @ft.component
    def only() -> ft.View:
        return ft.View(route="/", padding=0, controls=[draw()])

    def main(page: ft.Page) -> None:
        page.render_views(lambda: [only()])

    async with running(main, **more) as screens:
        yield screens


def fill_of(touched: ft.Semantics) -> object:
    """How something touchable is filled: only the main action is."""
    assert isinstance(touched.content, ft.Container)
    return touched.content.bgcolor


def journey(walk: Callable[[], Awaitable[None]]) -> None:
    """Run an async test to its end on a loop of its own."""

    async def whole() -> None:
        await walk()

    asyncio.run(whole())
