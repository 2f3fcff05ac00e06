"""What all walks share: one browser, and what its windows showed when a walk failed."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.support.browser import chromium

# In the order of the screen, what a reader would say, each with its identifier. A field's text is its value.
SAID = """() => [...document.querySelectorAll("[flt-semantics-identifier], h1, h2, [role=alert]")].map(e =>
  `${e.getAttribute("flt-semantics-identifier") || e.tagName}: ` +
  `${e.getAttribute("aria-label") || ""} ${e.value || e.innerText || ""}`.trim()).join("\\n")"""
OPEN: list[Browser] = []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all walks of a process, because a process can drive only one at a time."""
    with chromium() as found:
        OPEN.append(found)
        yield found
        OPEN.remove(found)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beside a failure stands what every open window said, so that it need not happen twice to be understood."""
    report = yield
    if report.when == "call" and report.failed:
        pages = [page for one in OPEN for context in one.contexts for page in context.pages]
        report.sections += [(f"What stood on {page.url}", _said(page)) for page in pages]
    return report


def _said(page: Page) -> str:
    try:
        return str(page.evaluate(SAID))
    except Error as gone:
        return f"nothing: {gone.message}"
