"""Every screen in a real browser, one after the other in one window: no walk leads there.

The app's own server runs in a thread of this process. Only how a screen came to stand there is not real:
its state is put into the model, as ``standing`` and ``seldom`` describe it.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import flet as ft
import uvicorn
from playwright.sync_api import Browser

from field_app.handset.comfort import Comfort
from field_app.ui import broken_lines, late_answers, unspelt_lines, window
from field_app.ui.bridge import UiBridge
from field_app.ui.model import Model
from field_app.ui.shell import Shell
from tests.support.browser import PHONE, Phone, Scheme, phone
from tests.support.every_screen import SCREENS, with_nothing_unfinished
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import Screens
from tests.support.standing import STATES

ASSETS = Path(__file__).parents[2] / "assets"
_WITHIN_S = 60.0
_DRAWN_WITHIN_S = 0.02
# Once what is read aloud has been the same for six pictures: until then it is still being laid out.
STILL = """() => new Promise(done => {
  const said = () => [...document.querySelectorAll("flt-semantics")]
    .map(e => e.getAttribute("style") + e.getAttribute("aria-label")).join("|");
  const last = performance.now() + 5000;
  let still = 0, before = said();
  const look = () => {
    const now = said();
    still = now === before ? still + 1 : 0;
    before = now;
    still < 6 && performance.now() < last ? requestAnimationFrame(look) : done();
  };
  requestAnimationFrame(look);
})"""
_OF_THE_WINDOW = frozenset({"handset", "bridge", "redraw", "comfort", "set_look", "may_open"})
"""What of a model belongs to the window it is in; the rest is where somebody has got to."""


@contextlib.contextmanager
def served(main: Callable[[ft.Page], None]) -> Iterator[str]:
    """A Flet app at a free address of this machine, until the end."""
    broken_lines.end_quietly()
    unspelt_lines.stay_unspelt()
    app = ft.run(main, export_asgi_app=True, no_cdn=True, assets_dir=str(ASSETS))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()  # a browser that is quicker than the app's start waits, and is not refused
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="websockets-sansio"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(_WITHIN_S)
        listener.close()


@dataclass
class Shown:
    """A window in a browser that is told what to show from here, and waited for."""

    pages: list[ft.Page] = field(default_factory=list)
    told: int = 0

    def do(self, work: Callable[[], object]) -> None:
        """Do something on the window's own loop, and wait until it is done."""
        page = self.pages[-1]
        self.told += 1

        async def done() -> None:
            work()
            await asyncio.sleep(_DRAWN_WITHIN_S)  # what it changes is on its way before the next line is
            page.title = self.title
            page.update()

        page.run_task(done).result(_WITHIN_S)

    @property
    def title(self) -> str:
        """What the window is called once it shows what it was told last."""
        return f"told {self.told}"

    def settled(self, screen: Phone) -> None:
        """Wait until the browser shows it, and nothing of it moves any more."""
        screen.page.wait_for_function("title => document.title === title", arg=self.title)
        screen.page.evaluate(STILL)


@dataclass(kw_only=True)
class Stage(Shown):
    """One window of the app, and what stands in it."""

    officer: OnShift
    models: list[Model] = field(default_factory=list)

    def main(self, page: ft.Page) -> None:
        """What Flet runs for the window."""
        model = Model(self.officer.handset, UiBridge(page), set_look=partial(window.look, page))
        self.models.append(model)
        self.pages.append(page)
        page.padding = 0
        window.look(page, Comfort())
        page.render(Shell, model)

    def put(self, name: str) -> None:
        """Have a screen stand in the window, as it does in the state of this name."""
        at, state = SCREENS[name]

        def stand(model: Model) -> None:
            with_nothing_unfinished(self.officer)
            fresh = Model(model.handset, model.bridge)
            for one in dataclasses.fields(Model):
                if one.name not in _OF_THE_WINDOW:
                    setattr(model, one.name, getattr(fresh, one.name))
            (state or STATES[at])(model, self.officer)
            model.at = at
            model.redraw()

        self.tell(stand)

    def wear(self, comfort: Comfort) -> None:
        """As if this had been chosen on "This phone"."""
        self.tell(lambda model: model.suit(comfort))

    def tell(self, do: Callable[[Model], None]) -> None:
        """Do something on the window's own loop, and wait until it is done."""
        self.do(lambda: do(self.models[-1]))

    def drawn(self) -> dict[str, list[tuple[str, float]]]:
        """The words that are drawn on what carries an identifier, each with the size of its letters."""
        found: dict[str, list[tuple[str, float]]] = {}
        for one in Screens.walk(self.pages[-1].views[-1]):
            if isinstance(one, ft.Semantics) and one.identifier:
                texts = [text for text in Screens.walk(one.content) if isinstance(text, ft.Text)]
                found[one.identifier] = [
                    (text.value, float(text.style.size or 0))
                    for text in texts
                    if isinstance(text.style, ft.TextStyle) and text.value
                ]
        return found


@contextlib.contextmanager
def a_stage(
    browser: Browser,
    folder: Path,
    *,
    size: tuple[int, int] = PHONE,
    scheme: Scheme = "light",
    text: float = 1.0,
) -> Iterator[tuple[Stage, Phone]]:
    """The app in a browser, with an officer on shift who has no signal."""
    late_answers.are_let_go()
    with an_offline_shift(folder) as officer:
        stage = Stage(officer=officer)
        with served(stage.main) as url, phone(browser, url, size=size, scheme=scheme, text=text) as screen:
            yield stage, screen
