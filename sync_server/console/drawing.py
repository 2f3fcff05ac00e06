"""From a page's dataclass to its HTML. Everything that is put in is escaped."""

from __future__ import annotations

from dataclasses import fields

from jinja2 import Environment, PackageLoader, StrictUndefined

from sync_server.console.pages import Page

_templates = Environment(
    loader=PackageLoader("sync_server.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def drawn(page: Page) -> str:
    """The HTML of a page. Its template may use the page's fields and nothing else."""
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    return _templates.get_template(page.template).render(values)
