"""From a page's dataclass to its HTML. Everything that is put in is escaped.

The parts of a page that GOV.UK Frontend has (buttons, fields, messages) are drawn by its own macros. Those
lean on what is not there counting as nothing, which our own templates may not: so they are drawn apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined

from sync_server.console.pages import Page

COMPONENTS = (
    "Back-Link",
    "Button",
    "Checkboxes",
    "Error-Summary",
    "Input",
    "Notification-Banner",
    "Radios",
    "Select",
    "Service-Navigation",
    "Skip-Link",
    "Textarea",
)

_theirs = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates = Environment(
    loader=PackageLoader("sync_server.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _macros() -> Iterator[tuple[str, Any]]:
    for name in COMPONENTS:
        macro = "govuk" + name.replace("-", "")
        place = f"govuk_frontend_jinja/components/{name.lower()}/macro.html"
        yield macro, getattr(_theirs.get_template(place).module, macro)


_templates.globals.update(_macros())


def drawn(page: Page) -> str:
    """The HTML of a page. Its template may use the page's fields and nothing else."""
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    return _templates.get_template(page.template).render(values)
